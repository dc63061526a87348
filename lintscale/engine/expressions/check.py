"""Errors in expressions, templates and model paths that show before anything is evaluated: syntax,
by the compiler; names, by the model and the rule's scope."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from lintscale._record import annotation, is_record
from lintscale.engine.expressions import VARIABLES, ExpressionError, Template, compile_expression
from lintscale.engine.expressions.data import names_in
from lintscale.model import resolved as model
from lintscale.project.config import Profile
from lintscale.syntax.regex import regex
from lintscale.syntax.text import closest

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
"""Lists of records in expressions, of something else in the model."""

PROJECT = ("outside", "workloads", "files", "chose_profile", "versions")
"""The fields of ``project``."""

_UNSCOPED = ("profile", "project", "param", "today", "it")
_VARIABLES_OF_SCOPE = {
    "project": (),
    "container": ("container", "workload"),
    "pool": ("pool", "workload"),
    "probe": ("probe", "container", "workload"),
    "resource": ("resource", "container", "workload"),
    "autoscaler": ("autoscaler", "workload"),
    "policy": ("policy", "autoscaler", "workload"),
    "metric": ("metric", "policy", "autoscaler", "workload"),
}
"""For every other scope the variable of its own name."""

_TEXT = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|//[^\r\n]*")
"""Strings and comments."""

_MACRO = regex(
    r"(?P<list>\b[A-Za-z_]\w*(?:\.\w+)*)?\.(?:all|exists|exists_one|filter|map)\(\s*(?P<item>\w+)\s*,"
)
"""A macro, which binds a name to each item of a list."""

_CHAIN = regex(r"(?<![\w.\"'])([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)+)(\s*\()?")
_MENTION = regex(rf"(?<![\w.])({'|'.join(VARIABLES)})\b(?!\s*\()")

_DEPTH = 3
"""The most fields in a proposed path."""


def expression_errors(
    text: str, scope: str, params: Collection[str] = (), *, condition: bool = False
) -> Iterator[ExpressionError]:
    """All unknown names, or else the compiler's error. A ``condition`` must be a boolean."""
    names = [*unknown_variables(text, scope), *unknown_fields(text, params)]
    yield from names
    if names:
        return
    try:
        compile_expression(text)
    except ExpressionError as error:
        yield ExpressionError(f"not a CEL expression: {error}", error.offset)
        return
    if condition:
        try:
            # A comment may end the text.
            compile_expression(f"({text}\n) && true")
        except ExpressionError:
            yield ExpressionError("the condition is not a boolean", 0)


def template_errors(text: str, scope: str, params: Collection[str]) -> Iterator[ExpressionError]:
    """The errors of each expression in a template."""
    try:
        template = Template.parse(text)
    except ExpressionError as unbalanced:
        yield unbalanced
        return
    start = 0
    for expression in template.expressions():
        start = max(text.find(expression.text, start), 0)
        for error in expression_errors(expression.text, scope, params):
            yield ExpressionError(str(error), start + (error.offset or 0))


def path_errors(path: str, scope: str) -> Iterator[ExpressionError]:
    """The unknown name in a model path ("workload.scaling.min", or relative to the scope)."""
    first, *rest = path.split(".")
    known = _VARIABLES_OF_SCOPE.get(scope) or (scope,)
    if first in known and first in _TYPES:
        yield from _in_chain(first, rest, (), 0, places=True)
    elif first in _TYPES and not hasattr(_TYPES.get(scope), first):
        yield _out_of_scope(first, scope, known)
    elif scope in _TYPES:
        yield from _in_chain(scope, [first, *rest], (), 0, places=True)


def known_paths() -> Iterator[str]:
    """Every path that expressions may mention, variable by variable:
    ``workload.rollout.max_surge``."""
    for variable, record in _TYPES.items():
        yield from _paths_below(record, variable, _DEPTH)
    yield from (f"project.{name}" for name in PROJECT)


def _paths_below(record: Any, path: str, depth: int) -> Iterator[str]:
    for name in names_in(record, places=False):
        if name != "written":
            yield f"{path}.{name}"
        inner = _type_of(record, name)
        if inner is not None and depth > 1:
            yield from _paths_below(inner, f"{path}.{name}", depth - 1)


# -- variables and fields -------------------------------------------------------------------------


def unknown_variables(text: str, scope: str) -> Iterator[ExpressionError]:
    """Variables that the scope does not have."""
    code = _without_texts(text)
    known = {*_VARIABLES_OF_SCOPE.get(scope, (scope,)), *_UNSCOPED, *_bound_items(code)}
    for match in _MENTION.finditer(code):
        if match[1] not in known:
            yield _out_of_scope(match[1], scope, known & {*_TYPES}, match.start())


def unknown_fields(text: str, params: Collection[str] = ()) -> Iterator[ExpressionError]:
    """Fields that the record in question does not have."""
    code = _without_texts(text)
    bound = _bound_items(code)
    for match in _CHAIN.finditer(code):
        variable, names = match[1], match[2].split(".")[1:]
        if match[3]:
            names.pop()  # a function: size(), startsWith(…)
        if variable in bound:
            yield from _in_record(bound[variable], variable, names, match.start())
        else:
            yield from _in_chain(variable, names, params, match.start())


def _without_texts(text: str) -> str:
    return _TEXT.sub(lambda match: " " * len(match[0]), text)


def _bound_items(code: str) -> dict[str, Any]:
    """The names that macros bind, each with the type of record it is; None where that is unknown
    or differs."""
    found: dict[str, Any] = {}
    for match in _MACRO.finditer(code):
        record = _item_type(match["list"] or "", found)
        item = match["item"]
        found[item] = record if item not in found or found[item] is record else None
    return found


def _item_type(chain: str, bound: dict[str, Any]) -> Any:
    """The record that each item of a list is; None for anything else."""
    first, *names = chain.split(".")
    if chain in _WORKLOADS and first not in bound:
        return model.Workload
    record = bound[first] if first in bound else _TYPES.get(first)
    for name in names[:-1]:
        record = _type_of(record, name) if record is not None else None
    if record is None or not names:
        return None
    items = re.fullmatch(r"tuple\[(\w+), \.\.\.\]", annotation(record, names[-1]))
    return _record(items[1]) if items else None


def _in_chain(
    variable: str, names: list[str], params: Collection[str], offset: int, *, places: bool = False
) -> Iterator[ExpressionError]:
    if variable in ("project", "param"):
        known = PROJECT if variable == "project" else params
        if names and names[0] not in known:
            yield _unknown_field(names[0], variable, known, offset)
    elif variable in _TYPES:
        yield from _in_record(_TYPES[variable], variable, names, offset, places=places)


def _in_record(
    record: Any, path: str, names: list[str], offset: int, *, places: bool = False
) -> Iterator[ExpressionError]:
    """The first unknown field on the way; ``places`` are known to model paths only."""
    for name in names:
        if record is None:
            return
        if name not in names_in(record, places=True) and not (places and hasattr(record, name)):
            yield _unknown_field(name, path, names_in(record, places=places), offset)
            return
        path += f".{name}"
        is_list = annotation(record, name).startswith("tuple[")
        if not places and name != names[-1] and is_list:
            use = f"{path}.exists(item, …) or {path}.all(item, …)"
            yield ExpressionError(f"{path} is a list; use {use}", offset)
            return
        record = _type_of(record, name)


def _type_of(record: Any, name: str) -> Any:
    """The record in a field; None for anything else."""
    if name == "scaling":
        return model.Autoscaler
    return _record(annotation(record, name).removesuffix(" | None"))


def _record(name: str) -> Any:
    found = getattr(model, name, None)
    return found if isinstance(found, type) and is_record(found) else None


def _out_of_scope(name: str, scope: str, known: Iterable[str], offset: int = 0) -> ExpressionError:
    names = ", ".join(sorted(known))
    return ExpressionError(f"scope {scope} has no “{name}”; it has {names}", offset)


def _unknown_field(name: str, path: str, known: Iterable[str], offset: int) -> ExpressionError:
    names = sorted(known)
    close = closest(name, names)
    hint = f"did you mean “{close}”?" if close else "docs/model.md lists all fields"
    if path == "param" and not close:
        hint = f"“params” has {', '.join(names) or 'none'}"
    return ExpressionError(f"unknown field “{name}” in {path}; {hint}", offset)
