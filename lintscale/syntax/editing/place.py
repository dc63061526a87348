"""The place that a key path names, in a file as it is written."""

from __future__ import annotations

import re

from lintscale._record import record
from lintscale.model.location import PathKey
from lintscale.syntax.document import Document
from lintscale.syntax.editing.source_text import SourceText, Stretch
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence
from lintscale.syntax.regex import regex

_ALIAS = regex(r"[ \t]*:[ \t]+\*[^\s,\[\]{}]+")


@record
class Place:
    """``holder`` is the innermost collection on the way that is written; ``value`` what stands at
    the path, and ``entry`` its entry where the holder is a mapping. Where nothing stands there,
    ``value`` is None and ``missing`` are the keys that would have to be written into the holder.
    ``shared``: what is written into the holder is meant in other places as well; ``aliased``: so
    is the value."""

    document: Document
    holder: Mapping | Sequence
    path: tuple[PathKey, ...]
    entry: Entry | None = None
    value: Node | None = None
    missing: tuple[str, ...] = ()
    shared: bool = False
    aliased: bool = False

    def hides_another(self, sheet: SourceText) -> bool:
        """May another value show when the entry goes: one of a mapping that is merged in?"""
        if sheet.form != "yaml":
            return False
        start, end = sheet.stretch(self.holder.span)
        before = r"[{,\s]" if self.holder.flow else rf"^[ -]{{{self.holder.span.column - 1}}}"
        merge = re.compile(rf"{before}<<[ \t]*:\s*(.)", re.MULTILINE)
        found = merge.search(sheet.text, sheet.line_start(start), end)
        if found is None:
            return False
        if found[1] not in "*[":
            return True
        key = self.path[-1]
        return any(
            isinstance(node, Mapping) and key in node.entries for node in self.document.aliased
        )


def find(sheet: SourceText, index: int, path: tuple[PathKey, ...]) -> Place | None:
    """The place at ``path`` in the document of that index. None where the file does not plainly
    hold the way to it: an alias, a merged key, one that is read in another place than it stands
    in."""
    document = sheet.document(index)
    here = document.root if document is not None else None
    if document is None or here is None or not path:
        return None
    on_the_way: list[Node] = [here]
    for depth, key in enumerate(path):
        entry: Entry | None = None
        if isinstance(here, Sequence) and isinstance(key, int) and key < len(here.items):
            below = here.items[key]
            if not _within(sheet, below, here):
                return None
        elif isinstance(here, Mapping):
            entry = here.entries.get(key)
            if entry is None:
                missing = tuple(str(each) for each in path[depth:])
                nameable = not any(isinstance(each, int) for each in path[depth:])
                shared = sheet.is_shared(document, on_the_way)
                return (
                    Place(document, here, path, None, None, missing, shared) if nameable else None
                )
            if not is_own(sheet, here, entry):
                return None
            below = entry.value
        else:
            return None
        if depth == len(path) - 1:
            shared = sheet.is_shared(document, on_the_way)
            aliased = sheet.is_shared(document, [below])
            return Place(document, here, path, entry, below, shared=shared, aliased=aliased)
        on_the_way.append(below)
        here = below
    return None


def is_own(sheet: SourceText, holder: Mapping, entry: Entry) -> bool:
    """Is the entry written in the mapping itself, under the key that it has? One that is merged
    from elsewhere is not, nor one that stands elsewhere by mistake and is read here."""
    if sheet.form != "toml" and not _within(sheet, entry.key, holder):
        return False
    return is_plainly(sheet.raw(entry.key), entry.key)


def is_plainly(raw: str, scalar: Scalar) -> bool:
    """Is this text what the scalar says, in quotes or without them, without escapes?"""
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    return raw == f"{quote}{scalar.text}{quote}"


def is_in_place(entry: Entry) -> bool:
    """Does the value stand where its key does? An alias has it somewhere before."""
    return entry.value.span[:2] >= entry.key.span[2:]


def value_end(sheet: SourceText, entry: Entry) -> int | None:
    """The offset after the value of an entry that is written where it stands, be it an alias."""
    if is_in_place(entry):
        return sheet.stretch(entry.value.span)[1]
    alias = _ALIAS.match(sheet.text, sheet.stretch(entry.key.span)[1])
    return alias.end() if alias is not None else None


def own_entries(sheet: SourceText, mapping: Mapping) -> list[Entry]:
    """The entries that are written in the mapping itself, in their order."""
    own = [entry for entry in mapping.entries.values() if is_own(sheet, mapping, entry)]
    return sorted(own, key=lambda entry: entry.key.span)


def entry_stretch(sheet: SourceText, entry: Entry) -> Stretch | None:
    """From the first character of the key to after the value."""
    end = value_end(sheet, entry)
    return None if end is None else (sheet.stretch(entry.key.span)[0], end)


def _within(sheet: SourceText, node: Node, holder: Node) -> bool:
    return sheet.form == "toml" or (
        holder.span[:2] <= node.span[:2] and node.span[2:] <= holder.span[2:]
    )
