"""Plans and states as ``terraform show -json`` prints them (format 1), read as the HCL that says
the same.

What a plan does not know yet (``after_unknown``) is taken from the configuration that it holds,
where that refers to another resource of the same module (hashicorp/terraform,
internals/json-format, read Dec 2026).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from lintscale.model.location import PathKey, Span
from lintscale.syntax import parse
from lintscale.syntax.hcl import Source
from lintscale.syntax.nodes import node_at
from lintscale.syntax.regex import regex

_OTHER = regex(r"[^A-Za-z0-9_-]+")
_INDEX = regex(r"\[[^\]]*\]")
_MAX_RESOURCES = 5_000
_MAX_DEPTH = 12

_Path = tuple[PathKey, ...]


class PlanSource(Source):
    """The HCL that a plan is read as, each of whose lines stands for a place in the plan."""

    def __init__(self, file: str, original: str, lines: list[tuple[str, _Path]]) -> None:
        super().__init__(file, "".join(f"{line}\n" for line, _ in lines))
        self.original = original
        self._paths = [path for _, path in lines]
        documents = parse(original, file, "json").documents
        self._root = documents[0].root if documents else None

    def place(self, byte: int) -> tuple[Span, _Path]:
        """The place in the plan of a byte."""
        line = bisect_right(self._starts, byte)
        path = self._paths[min(line, len(self._paths)) - 1] if self._paths else ()
        node = node_at(self._root, path)
        span = node.span if node is not None else Span(1, 1, 1, 2)
        if span.line != span.end_line:
            span = Span(span.line, span.column, span.line, span.column + 1)
        return span, path


def read_plan(file: str, text: str) -> PlanSource | None:
    """A plan or a state as HCL; None for what is neither."""
    try:
        plan = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(plan, dict):
        return None
    return PlanSource(file, text, list(_Hcl(plan).lines()))


class _Hcl:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.base = "planned_values" if "planned_values" in plan else "values"
        self.values = _mapping(plan.get(self.base))
        self.unknown: dict[str, Any] = {}
        for change in _items(plan.get("resource_changes")):
            if isinstance(change, dict) and isinstance(change.get("change"), dict):
                unknown = change["change"].get("after_unknown")
                self.unknown[str(change.get("address"))] = _mapping(unknown)
        self.expressions: dict[str, dict[str, Any]] = {}
        configuration = _mapping(_mapping(plan.get("configuration")).get("root_module"))
        self._configured(configuration, "", 0)
        self.labels: dict[str, str] = {}

    def _configured(self, module: dict[str, Any], prefix: str, depth: int) -> None:
        """The expressions of each resource, by its address without indices."""
        for resource in _items(module.get("resources")):
            if isinstance(resource, dict):
                address = f"{prefix}{resource.get('type')}.{resource.get('name')}"
                self.expressions[address] = _mapping(resource.get("expressions"))
        if depth < _MAX_DEPTH:
            for name, call in _mapping(module.get("module_calls")).items():
                inner = _mapping(_mapping(call).get("module"))
                self._configured(inner, f"{prefix}module.{name}.", depth + 1)

    def lines(self) -> Iterator[tuple[str, _Path]]:
        found = list(self._resources(_mapping(self.values.get("root_module")), (), 0))
        for resource, _ in found:
            address = str(resource.get("address"))
            label = _OTHER.sub("-", address).strip("-")
            self.labels.setdefault(_without_indices(address), f"{resource['type']}.{label}")
        for resource, path in found[:_MAX_RESOURCES]:
            yield from self._resource(resource, (self.base, "root_module", *path))

    def _resources(
        self, module: dict[str, Any], path: _Path, depth: int
    ) -> Iterator[tuple[dict[str, Any], _Path]]:
        for number, resource in enumerate(_items(module.get("resources"))):
            is_managed = isinstance(resource, dict) and resource.get("mode") == "managed"
            if is_managed and isinstance(resource.get("type"), str):
                yield resource, (*path, "resources", number)
        if depth < _MAX_DEPTH:
            for number, child in enumerate(_items(module.get("child_modules"))):
                below = (*path, "child_modules", number)
                yield from self._resources(_mapping(child), below, depth + 1)

    def _resource(self, resource: dict[str, Any], path: _Path) -> Iterator[tuple[str, _Path]]:
        address = str(resource.get("address"))
        label = _OTHER.sub("-", address).strip("-")
        yield f'resource "{resource["type"]}" "{label}" {{', path
        values = _mapping(resource.get("values"))
        yield from self._body(values, (*path, "values"), 0)
        bare = _without_indices(address)
        for name in _mapping(self.unknown.get(address)):
            if values.get(name) is None and self.unknown[address][name]:
                found = self._reference(bare, name)
                if found is not None:
                    yield f"  {name} = {found}", path
        yield "}", path

    def _reference(self, address: str, name: str) -> str | None:
        """The expression of an attribute that is not known yet."""
        expression = self.expressions.get(address, {}).get(name)
        if not isinstance(expression, dict):
            return None
        module = address.rpartition(".")[0].rpartition(".")[0]
        found = []
        for reference in _items(expression.get("references")):
            parts = str(reference).split(".")
            target = ".".join(part for part in (module, *parts[:2]) if part)
            label = self.labels.get(_without_indices(target))
            if label is not None and len(parts) > 2:
                found.append(f"{label}.{parts[2]}")
        if not found:
            return "var.unknown"
        return f"[{', '.join(found)}]" if name.endswith("s") else found[0]

    def _body(self, values: dict[str, Any], path: _Path, depth: int) -> Iterator[tuple[str, _Path]]:
        """Attributes and blocks: a list of objects is a block repeated."""
        for name, value in values.items():
            here = (*path, name)
            if value is None or not str(name).isidentifier() or depth > _MAX_DEPTH:
                continue
            if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
                for number, item in enumerate(value):
                    yield f"{name} {{", (*here, number)
                    yield from self._body(item, (*here, number), depth + 1)
                    yield "}", (*here, number)
            elif value not in ([], {}):
                yield f"{name} = {_literal(value)}", here


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _without_indices(address: str) -> str:
    return _INDEX.sub("", address)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
