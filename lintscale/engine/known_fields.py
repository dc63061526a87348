"""Which fields of the model an expression may mention: checked before anything is evaluated, so
that a misspelt one is told with its place and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lintscale import model
from lintscale.config.settings import Profile
from lintscale.engine.view import PROPERTIES, is_place
from lintscale.record import fields

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

_CHAIN = re.compile(
    rf"(?<![\w.\"'])({'|'.join([*_TYPES, 'project', 'param'])})((?:\.[A-Za-z_]\w*)+)(\s*\()?"
)
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


def unknown_fields(text: str, params: Iterable[str] = ()) -> Iterator[str]:
    """One sentence for each field in a CEL expression that does not exist."""
    bare = _TEXT.sub(lambda match: " " * len(match[0]), text)
    for match in _CHAIN.finditer(bare):
        names = match[2].split(".")[1:]
        if match[3]:
            names = names[:-1]  # the last is a function: size(), startsWith(…)
        yield from _in_chain(match[1], names, params)


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


def _no_such(owner: str, name: str, known: Iterable[str]) -> str:
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean “{close[0]}”?" if close else "docs/model.md has them all"
    return f"{owner} has no field “{name}”; {hint}"
