"""Which fields of the model an expression may mention: checked before anything is evaluated, so
that a misspelt one is told with its place and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lintscale._record import annotation
from lintscale.engine.expressions import VARIABLES
from lintscale.engine.view import names_in
from lintscale.model import resolved as model
from lintscale.project.config.settings import Profile
from lintscale.syntax.regex import regex

_TYPES: dict[str, Any] = {
    "workload": model.Workload,
    "autoscaler": model.Autoscaler,
    "policy": model.ScalingPolicy,
    "metric": model.Metric,
    "container": model.Container,
    "resource": model.Resource,
    "probe": model.Probe,
    "pool": model.Pool,
    "database": model.Database,
    "budget": model.DisruptionBudget,
    "ignored": model.IgnoredSetting,
    "note": model.DocumentNote,
    "credential": model.Credential,
    "drift": model.Drift,
    "deprecation": model.Deprecation,
    "service": model.Service,
    "profile": Profile,
}
_WORKLOADS = ("project.workloads", "service.workloads")
"""Lists that hold more for expressions than they do in the model."""

PROJECT = ("outside", "workloads", "files")
"""What expressions know of the project."""

_CHAIN = regex(
    rf"(?<![\w.\"'])({'|'.join([*_TYPES, 'project', 'param'])})((?:\.[A-Za-z_]\w*)+)(\s*\()?"
)
_EVERYWHERE = ("profile", "project", "param", "today", "it")
_KNOWN_IN = {
    "project": (),
    "workload": ("workload",),
    "container": ("container", "workload"),
    "pool": ("pool", "workload"),
    "probe": ("probe", "container", "workload"),
    "resource": ("resource", "container", "workload"),
    "autoscaler": ("autoscaler", "workload"),
    "policy": ("policy", "autoscaler", "workload"),
    "metric": ("metric", "policy", "autoscaler", "workload"),
}
"""The variables of a scope, where it knows more than the thing that it is named after."""

_TEXT = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|//[^\r\n]*")
"""What names no variable: texts and comments."""

_BOUND = regex(
    r"(?P<list>\b[A-Za-z_]\w*(?:\.\w+)*)?\.(?:all|exists|exists_one|filter|map)\(\s*(?P<item>\w+)\s*,"
)
"""A name that stands for each item of a list, whatever else it means."""

_OF_ITEM = regex(r"(?<![\w.])([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)+)(\s*\()?")

_MENTION = regex(rf"(?<![\w.])({'|'.join(VARIABLES)})\b(?!\s*\()")

Told = tuple[str, int]
"""A sentence about an expression, and the offset in it of what it is about."""


def unknown_variables(text: str, scope: str) -> Iterator[Told]:
    """Variables that expressions of a scope do not know: evaluating one fails."""
    bare = _without_texts(text)
    known = {*_KNOWN_IN.get(scope, (scope,)), *_EVERYWHERE, *_items(bare)}
    for match in _MENTION.finditer(bare):
        if match[1] not in known:
            names = ", ".join(sorted(known & {*_TYPES}))
            yield f"scope {scope} knows no “{match[1]}”, but {names}", match.start()


def unknown_fields(text: str, params: Iterable[str] = ()) -> Iterator[Told]:
    """One sentence for each field in a CEL expression that does not exist."""
    bare = _without_texts(text)
    bound = _items(bare)
    for match in _CHAIN.finditer(bare):
        if match[1] not in bound:
            for told in _in_chain(match[1], _names(match), params):
                yield told, match.start()
    for match in _OF_ITEM.finditer(bare):
        record = bound.get(match[1])
        if record is not None:
            for told in _in_record(record, match[1], _names(match)):
                yield told, match.start()


def _names(match: re.Match[str]) -> list[str]:
    names = match[2].split(".")[1:]
    return names[:-1] if match[3] else names  # the last may be a function: size(), startsWith(…)


def _items(bare: str) -> dict[str, Any]:
    """The names that stand for the items of lists, with the record that these are; None where
    that is not known, or not the same everywhere."""
    found: dict[str, Any] = {}
    for match in _BOUND.finditer(bare):
        record = _item_of(match["list"] or "", found)
        item = match["item"]
        found[item] = record if item not in found or found[item] is record else None
    return found


def _item_of(chain: str, bound: dict[str, Any]) -> Any:
    """The record that each item of a list is; None for anything else."""
    first, *names = chain.split(".")
    if chain in _WORKLOADS and first not in bound:
        return model.Workload
    here = bound[first] if first in bound else _TYPES.get(first)
    for name in names[:-1]:
        here = _type_of(here, name) if here is not None else None
    if here is None or not names:
        return None
    listed = re.fullmatch(r"tuple\[(\w+), \.\.\.\]", annotation(here, names[-1]))
    return _record(listed[1]) if listed else None


_DEPTH = 3
"""Names after a variable in a path that is proposed."""


def known_paths() -> Iterator[str]:
    """What expressions may mention, variable by variable: ``workload.rollout.max_surge``."""
    for variable, record in _TYPES.items():
        yield from _below(record, variable, _DEPTH)
    yield from (f"project.{name}" for name in PROJECT)


def _below(record: Any, path: str, depth: int) -> Iterator[str]:
    for name in names_in(record, places=False):
        here = f"{path}.{name}"
        if name != "written":
            yield here
        inner = _type_of(record, name)
        if inner is not None and depth > 1:
            yield from _below(inner, here, depth - 1)


def _without_texts(text: str) -> str:
    return _TEXT.sub(lambda match: " " * len(match[0]), text)


def unknown_in_path(path: str, scope: str) -> Iterator[str]:
    """Likewise for a model path ("workload.scaling.min", or relative to the rule's scope)."""
    first, *rest = path.split(".")
    known = {*(_KNOWN_IN.get(scope) or (scope,))}
    if first in _TYPES and first not in known and not hasattr(_TYPES.get(scope), first):
        yield f"scope {scope} knows no “{first}”, but {', '.join(sorted(known))}"
    elif first in _TYPES and first in known:
        yield from _in_chain(first, rest, (), places=True)
    elif scope in _TYPES:
        yield from _in_chain(scope, [first, *rest], (), places=True)


def _in_chain(
    variable: str, names: list[str], params: Iterable[str], *, places: bool = False
) -> Iterator[str]:
    if not names:
        return
    if variable in ("project", "param"):
        known = PROJECT if variable == "project" else tuple(params)
        if names[0] not in known:
            yield _no_such(variable, names[0], known)
        return
    yield from _in_record(_TYPES[variable], variable, names, places=places)


def _in_record(here: Any, said: str, names: list[str], *, places: bool = False) -> Iterator[str]:
    for name in names:
        if here is None:
            return
        known = names_in(here, places=True)
        if name not in known and not (places and hasattr(here, name)):
            yield _no_such(said, name, names_in(here, places=places))
            return
        said += f".{name}"
        if not places and name != names[-1] and _is_list(here, name):
            yield f"{said} is a list: ask with {said}.exists(item, …) or {said}.all(item, …)"
            return
        here = _type_of(here, name)


def _type_of(record: Any, name: str) -> Any:
    """The record that a field holds; None for anything else, into which nobody can look."""
    if name == "scaling":
        return model.Autoscaler
    return _record(annotation(record, name).removesuffix(" | None"))


def _record(name: str) -> Any:
    found = getattr(model, name, None)
    return found if isinstance(found, type) and hasattr(found, "__setters__") else None


def _is_list(record: Any, name: str) -> bool:
    return annotation(record, name).startswith("tuple[")


def _no_such(owner: str, name: str, known: Iterable[str]) -> str:
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean “{close[0]}”?" if close else "docs/model.md has them all"
    if owner == "param" and not close:
        hint = f"“params” has {', '.join(names) or 'none'}"
    return f"{owner} has no field “{name}”; {hint}"
