"""Text edits that change one value of a file.

Comments, quotes, indentation, the order of keys and line ends stay. There is no edit where
it is uncertain or would change another place (an alias).
"""

from __future__ import annotations

from typing import Protocol

from lintscale.model.location import PathKey
from lintscale.syntax.editing import block, flow, values
from lintscale.syntax.editing.place import Place, find, is_in_place
from lintscale.syntax.editing.source_text import (
    Change,
    Replacement,
    Replacements,
    SourceText,
    Touched,
    paths_of,
)
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.nodes import Mapping, Node, Scalar, ScalarValue

__all__ = [
    "Change",
    "Replacement",
    "SourceText",
    "Touched",
    "assign",
    "nest",
    "remove",
    "rewrite",
    "value_at",
]


def assign(
    source: SourceText, document: int, path: tuple[PathKey, ...], value: ScalarValue
) -> Change | None:
    """Set the key at ``path`` to a value; the key is added if it is missing. None where that is
    uncertain."""
    place = find(source, document, path)
    if place is None or place.shared or (place.missing and source.format == "hcl"):
        return None
    if place.missing:
        made = _writer(source, place.mapping).insert(source, place, value)
        first = len(path) - len(place.missing) + 1
        return Change(made, ((document, path[:first]),)) if made else None
    replacement = None if place.aliased else _in_place_of(source, place, value)
    return Change((replacement,), ((document, path),)) if replacement else None


def remove(source: SourceText, document: int, path: tuple[PathKey, ...]) -> Change | None:
    """Remove the entry at ``path``. None where that is uncertain, and for the only entry of a
    mapping."""
    place = find(source, document, path)
    if place is None or place.shared or place.entry is None or source.format == "hcl":
        return None
    made = _writer(source, place.mapping).remove(source, place)
    if made is None:
        return None
    replacements, loses_comment = made
    if any(source.holds_shared(place.document, each.start, each.end) for each in replacements):
        return None
    return Change(replacements, ((document, path),), loses_comment)


def rewrite(
    source: SourceText,
    document: int,
    path: tuple[PathKey, ...],
    new_key: str = "",
    new_value: ScalarValue = None,
) -> Change | None:
    """Change the key, the value or both of the entry at ``path``, also where an alias repeats it.
    None where that is uncertain, and where the mapping has the new key already."""
    place = find(source, document, path)
    if place is None or place.entry is None or not isinstance(place.holder, Mapping):
        return None
    if new_key and source.format == "hcl":
        return None
    if new_key in place.holder.entries or not is_in_place(place.entry):
        return None
    if new_key and place.hides_another(source):
        return None
    if new_value is not None and place.aliased:
        return None
    replacements = []
    like = _between_braces(source, place)
    for node, new in ((place.entry.key, new_key or None), (place.entry.value, new_value)):
        if new is None:
            continue
        text = values.in_place_of(source, node, new, like) if isinstance(node, Scalar) else None
        if text is None:
            return None
        replacements.append(Replacement(*source.range(node.span), text))
    if not replacements:
        return None
    paths = list(paths_of(place.document, place.entry, path))
    touched = [(document, each) for each in paths]
    if new_key:
        touched += [(document, (*each[:-1], new_key)) for each in paths]
    return Change(tuple(replacements), tuple(touched))


def nest(
    source: SourceText,
    document: int,
    path: tuple[PathKey, ...],
    new: tuple[str, str],
    value: ScalarValue = None,
) -> Change | None:
    """Move the entry at ``path`` into a sibling mapping, which is added if it is missing. ``new``
    are the keys of that mapping and of the entry in it; ``value`` is a new value unless None. None
    where that is uncertain, and where the mapping has the key already."""
    outer, key = new
    place = find(source, document, path)
    if place is None or place.entry is None or not isinstance(place.holder, Mapping):
        return None
    if (
        place.shared
        or place.aliased
        or source.format in ("toml", "hcl")
        or place.hides_another(source)
    ):
        return None
    old = place.entry.value
    if not (isinstance(old, Scalar) and is_in_place(place.entry)):
        return None
    if old.span.end_line != place.entry.key.span.line:
        return None
    touched = ((document, path), (document, (*path[:-1], outer)))
    sibling = place.holder.entries.get(outer)
    if sibling is None:
        nest_entry = flow.nest if place.mapping.flow else block.nest
        made = nest_entry(source, place, outer, key)
        like = _between_braces(source, place)
        text = "" if value is None else values.in_place_of(source, old, value, like)
        if made is None or text is None:
            return None
        if text:
            made = (made[0], Replacement(*source.range(old.span), text), *made[1:])
        return Change(made, touched)
    if not isinstance(sibling.value, Mapping) or key in sibling.value.entries:
        return None
    added = assign(source, document, touched[1][1] + (key,), old.value if value is None else value)
    gone = remove(source, document, path)
    if added is None or gone is None:
        return None
    made = (*gone.replacements, *added.replacements)
    (start, end), [line] = (made[0].start, made[0].end), added.replacements
    if start <= line.start < end and source.line_start(end) != end:
        # A last line goes with the newline before it, and the other comes in its place.
        text = source.text[start : line.start] + line.text.rstrip("\r\n")
        made = (Replacement(start, end, text),)
    return Change(made, touched, gone.loses_comment)


def value_at(source: SourceText, document: int, path: tuple[PathKey, ...]) -> Node | None:
    """The node at ``path`` if it is written there and shared with no other place."""
    place = find(source, document, path)
    return None if place is None or place.shared or place.aliased else place.value


def _in_place_of(source: SourceText, place: Place, value: ScalarValue) -> Replacement | None:
    node = place.value
    if not isinstance(node, Scalar) or has_placeholder(node.text):
        return None
    entry = place.entry
    if entry is not None and not (is_in_place(entry) and node.span.line == entry.key.span.line):
        return None
    text = values.in_place_of(source, node, value, _between_braces(source, place))
    return None if text is None else Replacement(*source.range(node.span), text)


def _between_braces(source: SourceText, place: Place) -> str:
    """The raw key of an entry in a flow mapping; "" for others."""
    is_flow = isinstance(place.holder, Mapping) and place.holder.flow and place.entry is not None
    return source.raw(place.entry.key) if is_flow and place.entry is not None else ""


class _Writer(Protocol):
    def insert(
        self, source: SourceText, place: Place, value: ScalarValue
    ) -> Replacements | None: ...

    def remove(self, source: SourceText, place: Place) -> tuple[Replacements, bool] | None: ...


def _writer(source: SourceText, holder: Mapping) -> _Writer:
    """The module that writes entries of such a mapping."""
    if holder.flow:
        return flow
    if source.format != "toml":
        return block
    # Imported here: tomllib compiles expressions that a run without a TOML file never needs.
    from lintscale.syntax.editing import toml

    return toml
