"""Writes docs/model.md from lintscale/model/resolved.py: python -m tools.model_page

What stands above the first ``## `` heading is written by hand and kept.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import sys
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from lintscale._record import annotation, fields
from lintscale.engine.expressions.data import PROPERTIES, is_place
from lintscale.model import resolved as model

PAGE = Path(__file__).parent.parent / "docs" / "model.md"
OUTSIDE = frozenset({"Span", "Location", "Sourced", "Fragments", "Project", "ObjectSuppression"})
"""Records of the machinery, which no expression sees."""

SEEN = {("Service", "workloads"): "tuple[Workload, ...]"}
"""What expressions see in the place of a field's own type."""


def render(current: str) -> str:
    """The page, with the introduction of ``current``."""
    introduction = current.split("\n## ", 1)[0].rstrip()
    return "\n\n".join([introduction, *(_section(name) for name in _reachable())]) + "\n"


def _reachable() -> list[str]:
    """Records that expressions can get at, in the order in which one meets them."""
    seen: list[str] = []
    roots = [
        "Workload", "Database", "DisruptionBudget", "IgnoredSetting", "DocumentNote",
        "Credential", "Drift", "Deprecation", "Service",
    ]  # fmt: skip
    roots += [name for name, thing in vars(model).items() if _is_record(thing)]
    listed = set(_named_in(model.Project)) | {"Workload"}
    for root in roots:
        if root in listed:
            _visit(root, seen)
    return seen


def _visit(name: str, seen: list[str]) -> None:
    if name in seen or name in OUTSIDE:
        return
    seen.append(name)
    for inner in _named_in(getattr(model, name)):
        _visit(inner, seen)


def _named_in(thing: Any) -> list[str]:
    text = " ".join(_annotation(thing, name) for name in fields(thing) if not is_place(name))
    return [
        word for word in re.findall(r"[A-Z]\w+", text) if _is_record(getattr(model, word, None))
    ]


def _is_record(thing: Any) -> bool:
    return isinstance(thing, type) and hasattr(thing, "__setters__")


def _annotation(thing: Any, name: str) -> str:
    return annotation(thing, name).replace(" | None", " or None")


def _section(name: str) -> str:
    thing = getattr(model, name)
    types = {
        field: f"`{SEEN.get((name, field)) or _annotation(thing, field)}`"
        for field in fields(thing)
        if not is_place(field)
    }
    types |= dict.fromkeys(PROPERTIES.get(thing, ()), "derived")
    rows = [f"| `{field}` | {type_} | {_meaning(field, thing)} |" for field, type_ in types.items()]
    table = "\n".join(["| Field | Type | Meaning |", "|---|---|---|", *rows])
    return f"## {name}\n\n{_text(inspect.getdoc(thing) or '')}\n\n{table}"


def _meaning(name: str, thing: type) -> str:
    return " ".join(_plain(meanings(thing).get(name, "")).split()).replace("|", "\\|")


def meanings(thing: type) -> dict[str, str]:
    """What each field and property of a record is, by the text below it in the source."""
    found: dict[str, str] = {}
    for base in thing.__mro__[::-1]:
        if not _is_record(base):
            continue
        (body,) = (
            node.body
            for node in _tree(base.__module__).body
            if isinstance(node, ast.ClassDef) and node.name == base.__name__
        )
        for node, after in itertools.pairwise([*body, ast.Pass()]):
            if isinstance(node, ast.FunctionDef):
                found[node.name] = ast.get_docstring(node) or found.get(node.name, "")
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                own = after.value if isinstance(after, ast.Expr) else None
                if isinstance(own, ast.Constant):
                    found[node.target.id] = inspect.cleandoc(str(own.value))
    return found


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[module]))


def _text(docstring: str) -> str:
    paragraphs = _plain(docstring).split("\n\n")
    return "\n\n".join(textwrap.fill(" ".join(part.split()), 100) for part in paragraphs)


def _plain(docstring: str) -> str:
    text = re.sub(r":\w+:`~?(?:lintscale\.)?(?:model\.)?([^`]+)`", r"`\1`", docstring)
    text = text.replace("``", "`")
    text = re.sub(r"\bNone\b", "null", text)
    return re.sub(r"\b(True|False)\b", lambda match: match[1].lower(), text)


def main() -> None:
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
