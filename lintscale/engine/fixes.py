"""A finding's fix as text edits.

Edits touch the bytes that change and nothing else: comments, quotes, indentation and key order
stay. Where an edit cannot be made with certainty (an alias, a flow mapping over several lines, a
value that stands in another file than the finding) there is no fix rather than a risky one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lintscale.engine.expressions import Expression, show
from lintscale.engine.finding import Edit, Fix
from lintscale.engine.rules import Rule
from lintscale.engine.view import location_of, resolve
from lintscale.model import Location, Sourced
from lintscale.source import Mapping as MappingNode
from lintscale.source import Scalar, SourceFile
from lintscale.source.edits import in_place_of
from lintscale.source.nodes import Entry, Node


def make_fix(  # noqa: PLR0917 - one call, and each is a different thing
    rule: Rule,
    things: dict[str, Any],
    item: Any,
    data: Any,
    platform: str,
    files: Mapping[str, SourceFile],
) -> Fix | None:
    """The rule's fix for one finding; None where the rule has none that is certain here."""
    spec = rule.fix
    if spec is None or (spec.platforms and platform not in spec.platforms):
        return None
    value = resolve(spec.remove or spec.set_path or spec.rewrite, things, item)
    if isinstance(value, Sourced) and value.written and value.reason:
        # It stands for something else than the value as it is written there.
        return None
    location = location_of(value)
    source = files.get(location.file) if location else None
    if location is None or source is None:
        return None
    if location.rendering is not None and not location.rendering.exact:
        # What is asked for in a patch or a template may come out as something else.
        return None
    safety = spec.safety
    if spec.unsafe_when is not None and spec.unsafe_when.holds(data):
        safety = "unsafe"
    if spec.rewrite:
        new_key, new_value = _evaluated(spec.new_key, data), _evaluated(spec.new_value, data)
        edits = _rewriting(location, source, new_key, new_value)
        return Fix(safety, _rewritten(location, new_key, new_value), edits) if edits else None
    if spec.remove:
        edit = _removal(location, source)
        description = f"Remove “{location.path[-1]}”" if location.path else ""
    else:
        assert spec.set_value is not None  # noqa: S101 - the schema of rules says so
        wanted = spec.set_value.evaluate(data)
        if wanted is None:
            return None
        edit = _assignment(location, source, wanted)
        description = f"Set “{location.path[-1]}” to {show(wanted)}" if location.path else ""
    return Fix(safety, description, (edit,)) if edit else None


def _evaluated(expression: Expression | None, data: Any) -> str:
    """The text that an expression gives; "" for none and for null."""
    value = expression.evaluate(data) if expression is not None else None
    return "" if value is None else show(value)


def entry_at(location: Location, source: SourceFile) -> tuple[MappingNode, Entry | None] | None:
    """The mapping that holds, or would hold, the last key of the path; and that key's entry."""
    root = next((d.root for d in source.documents if d.index == location.document), None)
    here: Node | None = root
    for key in location.path[:-1]:
        if isinstance(key, int):
            items = getattr(here, "items", [])
            here = items[key] if key < len(items) else None
        else:
            here = here.get(key) if isinstance(here, MappingNode) else None
    if not isinstance(here, MappingNode) or not location.path:
        return None
    return here, here.entries.get(location.path[-1])


def _removal(location: Location, source: SourceFile) -> Edit | None:
    """Removes a one-line ``key: scalar`` entry of a YAML block mapping with its line."""
    found = entry_at(location, source)
    if found is None or source.format != "yaml":
        return None
    mapping, entry = found
    if entry is None or mapping.flow:
        return None
    key, value = entry.key.span, entry.value
    if len(mapping.entries) < 2 or not isinstance(value, Scalar):
        return None
    one_line = key.line == value.span.line == value.span.end_line
    before = source.text.split("\n")[key.line - 1][: key.column - 1]
    if not one_line or before.strip():
        return None
    return Edit(source.path, (key.line, 1), (key.line + 1, 1), "")


def _assignment(location: Location, source: SourceFile, value: Any) -> Edit | None:
    """Replaces a scalar, or adds ``key: value`` as a YAML block mapping's last entry."""
    found = entry_at(location, source)
    if found is None:
        return None
    mapping, entry = found
    text = show(value)
    if entry is not None:
        node = entry.value
        if not isinstance(node, Scalar) or node.span.line != entry.key.span.line:
            return None
        span = node.span
        return Edit(source.path, (span.line, span.column), (span.end_line, span.end_column), text)
    if source.format != "yaml" or mapping.flow or not mapping.entries:
        return None
    first = next(iter(mapping.entries.values())).key.span
    line = mapping.span.end_line + (1 if mapping.span.end_column > 1 else 0)
    indent = " " * (first.column - 1)
    total = source.text.count("\n") + 1
    if line > total or (line == total and source.text and not source.text.endswith("\n")):
        return None
    return Edit(source.path, (line, 1), (line, 1), f"{indent}{location.path[-1]}: {text}\n")


def _rewriting(
    location: Location, source: SourceFile, new_key: str, new_value: str
) -> tuple[Edit, ...]:
    """Another key, another value or both for a ``key: scalar`` entry that stands on one line in
    its own mapping; nothing where the mapping has the new key already."""
    found = entry_at(location, source)
    mapping, entry = found or (None, None)
    if mapping is None or entry is None:
        return ()
    key, value = entry
    inside = mapping.span.line <= key.span.line <= mapping.span.end_line
    one_line = key.span.line == value.span.line == value.span.end_line
    if not (inside and one_line and isinstance(value, Scalar)) or new_key in mapping.entries:
        return ()
    wanted = [(node, text) for node, text in ((key, new_key), (value, new_value)) if text]
    edits = []
    for node, text in wanted:
        written = in_place_of(node, text, source.text, source.format)
        if written is None:
            return ()
        span = node.span
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        edits.append(Edit(source.path, start, end, written))
    return tuple(edits)


def _rewritten(location: Location, new_key: str, new_value: str) -> str:
    key = str(location.path[-1]) if location.path else ""
    if not new_value:
        return f"Rename “{key}” to “{new_key}”"
    return f"Write “{new_key}: {new_value}”" if new_key else f"Set “{key}” to {new_value}"
