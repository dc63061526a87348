"""Which fields of the model an expression may mention: checked before anything is evaluated, so
that a misspelt one is told with its place and what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lintscale import model
from lintscale.config.settings import Profile
from lintscale.engine.expressions import VARIABLES
from lintscale.engine.view import PROPERTIES, is_place
from lintscale.record import fields
from lintscale.regex import regex

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

_TEXT = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


_BOUND = regex(r"\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")
"""A name that stands for each item of a list, whatever else it means."""

_MENTION = regex(rf"(?<![\w.])({'|'.join(VARIABLES)})\b(?!\s*\()")

Told = tuple[str, int]
"""A sentence about an expression, and the offset in it of what it is about."""


def unknown_variables(text: str, scope: str) -> Iterator[Told]:
    """Variables that expressions of a scope do not know: evaluating one fails."""
    bare = _without_texts(text)
    known = {*_KNOWN_IN.get(scope, (scope,)), *_EVERYWHERE, *_BOUND.findall(bare)}
    for match in _MENTION.finditer(bare):
        if match[1] not in known:
            names = ", ".join(sorted(known & {*_TYPES}))
            yield f"scope {scope} knows no “{match[1]}”, but {names}", match.start()


def unknown_fields(text: str, params: Iterable[str] = ()) -> Iterator[Told]:
    """One sentence for each field in a CEL expression that does not exist."""
    bare = _without_texts(text)
    bound = {*_BOUND.findall(bare)}
    for match in _CHAIN.finditer(bare):
        if match[1] in bound:
            continue
        names = match[2].split(".")[1:]
        if match[3]:
            names = names[:-1]  # the last is a function: size(), startsWith(…)
        for told in _in_chain(match[1], names, params):
            yield told, match.start()


_DEPTH = 3
"""Names after a variable in a path that is proposed."""


def known_paths() -> Iterator[str]:
    """What expressions may mention, variable by variable: ``workload.rollout.max_surge``."""
    for variable, record in _TYPES.items():
        yield from _below(record, variable, _DEPTH)
    yield from (f"project.{name}" for name in PROJECT)


def _below(record: Any, path: str, depth: int) -> Iterator[str]:
    for name in _known(record, places=False):
        here = f"{path}.{name}"
        if name != "written":
            yield here
        inner = _type_of(record, name)
        if inner is not None and depth > 1:
            yield from _below(inner, here, depth - 1)


def all_names() -> set[str]:
    """The names of all fields of all records of the model."""
    records = {here for here in vars(model).values() if hasattr(here, "__setters__")}
    return {name for here in records for name in _known(here, places=False)}


def _without_texts(text: str) -> str:
    return _TEXT.sub(lambda match: " " * len(match[0]), text)


def unknown_in_path(path: str, scope: str) -> Iterator[str]:
    """Likewise for a model path ("workload.scaling.min", or relative to the rule's scope)."""
    first, *rest = path.split(".")
    if first in _TYPES:
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
    here: Any = _TYPES[variable]
    said = variable
    for name in names:
        if here is None:
            return
        known = _known(here, places=True)
        if name not in known and not (places and hasattr(here, name)):
            yield _no_such(said, name, _known(here, places=places))
            return
        said += f".{name}"
        if not places and name != names[-1] and _is_list(here, name):
            yield f"{said} is a list: ask with {said}.exists(item, …) or {said}.all(item, …)"
            return
        here = _type_of(here, name)


def _known(record: Any, *, places: bool) -> tuple[str, ...]:
    own = [name for name in fields(record) if places or not is_place(name)]
    return (*own, *PROPERTIES.get(record, ()), "written")


def _type_of(record: Any, name: str) -> Any:
    """The record that a field holds; None for anything else, into which nobody can look."""
    if name == "scaling":
        return model.Autoscaler
    annotation = str(record.__annotations__.get(name, "")).removesuffix(" | None")
    found = getattr(model, annotation, None)
    return found if isinstance(found, type) and hasattr(found, "__setters__") else None


def _is_list(record: Any, name: str) -> bool:
    return str(getattr(record, "__annotations__", {}).get(name, "")).startswith("tuple[")


def _no_such(owner: str, name: str, known: Iterable[str]) -> str:
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean “{close[0]}”?" if close else "docs/model.md has them all"
    return f"{owner} has no field “{name}”; {hint}"
