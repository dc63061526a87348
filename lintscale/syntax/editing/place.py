"""The place of a key path in a file as it is written, and where a new key goes."""

from __future__ import annotations

import re

from lintscale._record import record
from lintscale.model.location import PathKey
from lintscale.syntax.document import Document
from lintscale.syntax.editing.source_text import SourceText
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence, walk
from lintscale.syntax.regex import regex
from lintscale.syntax.text import TextRange

_WORD = regex(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LOW, _HIGH = ("min", "Min"), ("max", "Max")
_ALIAS = regex(r"[ \t]*:[ \t]+\*[^\s,\[\]{}]+")


@record
class Place:
    """``holder`` is the innermost written collection of the path; ``value`` the node at the path,
    and ``entry`` its entry if the holder is a mapping. For an absent value, ``missing`` are the
    keys to write into the holder. ``shared``: the holder is part of an alias or merge;
    ``aliased``: the value is."""

    document: Document
    holder: Mapping | Sequence
    path: tuple[PathKey, ...]
    entry: Entry | None = None
    value: Node | None = None
    missing: tuple[str, ...] = ()
    shared: bool = False
    aliased: bool = False

    @property
    def mapping(self) -> Mapping:
        """The holder, of a place in a mapping."""
        assert isinstance(self.holder, Mapping)  # noqa: S101 - a list has neither keys nor entries
        return self.holder

    def hides_another(self, source: SourceText) -> bool:
        """May a merged mapping give the key another value once the entry is removed?"""
        if source.format != "yaml":
            return False
        start, end = source.range(self.holder.span)
        before = r"[{,\s]" if self.holder.flow else rf"^[ -]{{{self.holder.span.column - 1}}}"
        merge = re.compile(rf"{before}<<[ \t]*:\s*(.)", re.MULTILINE)
        found = merge.search(source.text, source.line_start(start), end)
        if found is None:
            return False
        if found[1] not in "*[":
            return True
        key = self.path[-1]
        return any(
            isinstance(node, Mapping) and key in node.entries for node in self.document.aliased
        )


def find(source: SourceText, index: int, path: tuple[PathKey, ...]) -> Place | None:
    """The place at ``path`` in the document of that index. None where a part of the path is not
    written there: an alias, a merged key, a misplaced key."""
    document = source.file.document(index)
    if document is None:
        return None
    parents: list[Node] = []
    for holder, _, entry, node in walk(document.root, path):
        if holder is None or isinstance(holder, Scalar):
            return None
        missing = path[len(parents) :]
        parents.append(holder)
        if node is None:
            if isinstance(holder, Sequence) or any(isinstance(key, int) for key in missing):
                return None
            keys = tuple(map(str, missing))
            shared = source.is_shared(document, parents)
            return Place(document, holder, path, missing=keys, shared=shared)
        if isinstance(holder, Sequence):
            is_written = _within(source, node, holder)
        else:
            is_written = entry is not None and is_own(source, holder, entry)
        if not is_written:
            return None
        if len(parents) == len(path):
            shared = source.is_shared(document, parents)
            aliased = source.is_shared(document, [node])
            return Place(document, holder, path, entry, node, shared=shared, aliased=aliased)
    return None


def is_own(source: SourceText, holder: Mapping, entry: Entry) -> bool:
    """Is the entry written in the mapping itself under this key, not merged or misplaced?"""
    if source.format != "toml" and not _within(source, entry.key, holder):
        return False
    if source.format == "hcl" and not entry.value.span[:2] > entry.key.span[:2]:
        return True  # a block, which is called by its type and labels together
    return is_plainly(source.raw(entry.key), entry.key)


def is_plainly(raw: str, scalar: Scalar) -> bool:
    """Is the raw text the scalar's content, with or without quotes, without escapes?"""
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    return raw == f"{quote}{scalar.text}{quote}"


def is_in_place(entry: Entry) -> bool:
    """Is the value after its key? An aliased value is before it."""
    return entry.value.span[:2] >= entry.key.span[2:]


def value_end(source: SourceText, entry: Entry) -> int | None:
    """The offset after the value of an entry, or after its alias."""
    if is_in_place(entry):
        return source.range(entry.value.span)[1]
    alias = _ALIAS.match(source.text, source.range(entry.key.span)[1])
    return alias.end() if alias is not None else None


def own_entries(source: SourceText, mapping: Mapping) -> list[Entry]:
    """The entries that are written in the mapping itself, in file order."""
    own = [entry for entry in mapping.entries.values() if is_own(source, mapping, entry)]
    return sorted(own, key=lambda entry: entry.key.span)


def entry_range(source: SourceText, entry: Entry) -> TextRange | None:
    """From the first character of the key to after the value."""
    end = value_end(source, entry)
    return None if end is None else (source.range(entry.key.span)[0], end)


def _within(source: SourceText, node: Node, holder: Node) -> bool:
    return source.format == "toml" or (
        holder.span[:2] <= node.span[:2] and node.span[2:] <= holder.span[2:]
    )


@record
class InsertionPoint:
    """After an entry, or before it."""

    entry: Entry
    before: bool = False


def insertion_point(own: list[Entry], key: str) -> InsertionPoint | None:
    """Next to the entry with the most similar key (``minReplicas`` before ``maxReplicas``), else
    after the first entries of one line, else before all. ``own`` are the mapping's entries in file
    order. None where there is no entry."""
    alike = [(_common_ending(key, entry.key.text), number) for number, entry in enumerate(own)]
    most, number = max(alike, default=(0, 0))
    if most:
        entry = own[number]
        return InsertionPoint(entry, key.startswith(_LOW) and entry.key.text.startswith(_HIGH))
    short = []
    for entry in own:
        if is_in_place(entry) and entry.value.span.end_line != entry.key.span.line:
            break
        short.append(entry)
    if short:
        return InsertionPoint(short[-1])
    return InsertionPoint(own[0], before=True) if own else None


def first_of_its_kind(own: list[Entry], entry: Entry) -> Entry:
    """The first of the adjacent entries whose keys begin with the same word (restartPolicyType,
    restartPolicyMaxRetries), which a new entry must not separate."""
    number = next(index for index, each in enumerate(own) if each is entry)
    word = _WORD.findall(entry.key.text)[:1]
    while number and word and _WORD.findall(own[number - 1].key.text)[:1] == word:
        number -= 1
    return own[number]


def _common_ending(one: str, other: str) -> int:
    """How many of their last words two keys have in common: 1 of minReplicas and maxReplicas."""
    count = 0
    for first, second in zip(
        reversed(_WORD.findall(one)), reversed(_WORD.findall(other)), strict=False
    ):
        if first.lower() != second.lower():
            break
        count += 1
    return count
