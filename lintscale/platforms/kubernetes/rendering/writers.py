"""What may have written a value of a rendered object: its manifest, patches, a kustomization.

Each writer answers for one source. The first that an object has is its manifest; after it come
those that changed it, in the order of their doing so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from lintscale._record import replace
from lintscale.model.location import Span
from lintscale.platforms.kubernetes.kustomization import (
    Generator,
    Kustomization,
    Patch,
    selects,
)
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.platforms.kubernetes.rendering.walk import Lists, Path, counterpart, node_at, same
from lintscale.syntax import Document, Field, Node, Scalar, parse
from lintscale.syntax.document import derived
from lintscale.syntax.text import Positions

MAX_PATCH = 100_000
"""Characters of a patch inside a kustomization that are searched for the places of its values."""


class Writer(Protocol):
    """``exact``: what it writes is a plain manifest's value, to be edited where it stands.
    ``verbatim``: it writes the value as it is rendered, and another value where it does not."""

    exact: bool
    verbatim: bool

    def at(self, path: Path, rendered: Node) -> Field | None:
        """Where it writes what stands at ``path`` in the rendered object."""
        ...


class Part:
    """A whole manifest, or a patch that has the shape of one."""

    verbatim = True

    def __init__(self, root: Field, *, exact: bool) -> None:
        self.root = root
        self.exact = exact
        self.lists = Lists()

    def at(self, path: Path, rendered: Node) -> Field | None:
        return counterpart(self.root, rendered, path, self.lists)


class Operations:
    """A JSON patch (RFC 6902). An index in its pointers counts as it does when rendered."""

    exact = False
    verbatim = True

    def __init__(self, operations: Sequence[Field]) -> None:
        self.lists = Lists()
        self.written = [
            (_steps(operation.get("path").string() or ""), operation.get("value"))
            for operation in operations
            if operation.get("op").string() in ("add", "replace")
        ]

    def at(self, path: Path, rendered: Node) -> Field | None:
        for steps, value in reversed(self.written):
            if len(steps) > len(path) or not value.present:
                continue
            if not all(_meets(step, key) for step, key in zip(steps, path, strict=False)):
                continue
            target = node_at(rendered, path[: len(steps)])
            if "-" in steps and not same(value.node, target):
                continue
            found = counterpart(value, target, path[len(steps) :], self.lists)
            if found is not None:
                return found
        return None


def _steps(pointer: str) -> tuple[str, ...]:
    parts = pointer.split("/")[1:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def _meets(step: str, key: object) -> bool:
    return step == str(key) or (step == "-" and isinstance(key, int))


class Counts:
    """A kustomization's ``replicas`` entries for one object."""

    exact = False
    verbatim = True

    def __init__(self, entries: Sequence[Field]) -> None:
        self.entries = entries

    def at(self, path: Path, rendered: Node) -> Field | None:
        if path != ("spec", "replicas"):
            return None
        return next((entry for entry in self.entries if entry.present), None)


class Images:
    """A kustomization's ``images`` entries."""

    exact = False
    verbatim = False

    def __init__(self, entries: Sequence[Field]) -> None:
        self.entries = entries

    def at(self, path: Path, rendered: Node) -> Field | None:
        value = node_at(rendered, path)
        if path[-1:] != ("image",) or not isinstance(value, Scalar):
            return None
        for entry in self.entries:
            name = entry.first("newName", "name")
            pinned = entry.first("digest", "newTag")
            separator = "@" if entry.get("digest").present else ":"
            if pinned.present and value.text == f"{name.string()}{separator}{pinned.string()}":
                return pinned
            if not pinned.present and value.text.startswith(f"{name.string()}"):
                return entry.get("newName") if entry.get("newName").present else None
        return None


class Setting:
    """One key of a kustomization that sets one value of every object."""

    exact = False
    verbatim = True

    def __init__(self, place: Field, path: Path) -> None:
        self.place = place
        self.path = path

    def at(self, path: Path, rendered: Node) -> Field | None:
        return self.place if self.place.present and path == self.path else None


class Literals:
    """The ``KEY=value`` items of a generator."""

    exact = False
    verbatim = False

    def __init__(self, generator: Generator) -> None:
        self.items = {named.text.partition("=")[0]: named.place for named in generator.literals}

    def at(self, path: Path, rendered: Node) -> Field | None:
        return self.items.get(str(path[1])) if len(path) == 2 and path[0] == "data" else None


class Changes:
    """All that one kustomization writes into the objects that it gathers, read once."""

    def __init__(self, kustomization: Kustomization, folder: str, library: Library) -> None:
        root = kustomization.root
        self.patches: list[tuple[Patch, Part | Operations]] = []
        for patch in kustomization.patches:
            for document in _documents(patch, kustomization, folder, library):
                content = Field.root(document)
                if content.is_sequence:
                    self.patches.append((patch, Operations(list(content.items()))))
                elif content.is_mapping:
                    self.patches.append((patch, Part(content, exact=False)))
        self.namespace = root.get("namespace")
        self.counts = list(root.get("replicas").items())
        self.images = list(root.get("images").items())

    def of(self, manifest: Manifest, names: Sequence[str]) -> Iterator[Writer]:
        """Those for an object that has gone by ``names`` so far, in the order of application."""
        for patch, writer in self.patches:
            if _is_for(patch, writer, manifest.kind, names):
                yield writer
        if self.namespace.present:
            yield Setting(self.namespace, ("metadata", "namespace"))
        entries = [each for each in self.counts if each.get("name").string() in names]
        if entries:
            yield Counts([each.get("count") for each in entries])
        if self.images:
            yield Images(self.images)


def _is_for(patch: Patch, writer: Part | Operations, kind: str, names: Sequence[str]) -> bool:
    if patch.targeted:
        return selects(patch.kind, kind) and any(selects(patch.name, name) for name in names)
    if isinstance(writer, Operations):
        return True
    root = writer.root
    return root.get("kind").string() == kind and root.get("metadata", "name").string() in names


def _documents(
    patch: Patch, kustomization: Kustomization, folder: str, library: Library
) -> list[Document]:
    content = patch.content
    if content.is_path:
        return library.documents(joined(folder, content.text))
    key = (kustomization.file, content.place.location.span)
    if key not in library.inline:
        text = content.text if len(content.text) <= MAX_PATCH else ""
        shift = _shift(content.place, library)
        library.inline[key] = [
            replace(derived(each, span=shift), index=content.place.document.index)
            for each in parse(text, kustomization.file, "yaml").documents
        ]
    return library.inline[key]


def _shift(place: Field, library: Library) -> Callable[[Span], Span]:
    """From spans in a patch that stands inside a kustomization to those in the kustomization."""
    source = library.source(place.document.file)
    offset = _block_offset(place, source.text if source else "")
    return partial(_moved, offset, place.location.span)


def _moved(offset: tuple[int, int] | None, whole: Span, span: Span) -> Span:
    if offset is None:
        return whole
    lines, columns = offset
    return Span(
        span.line + lines, span.column + columns, span.end_line + lines, span.end_column + columns
    )


def _block_offset(place: Field, text: str) -> tuple[int, int] | None:
    """Lines and columns between a literal block's content and the file; None for a scalar of
    another style, whose lines are not the file's."""
    node = place.node
    lines = Positions(text).lines()
    if not isinstance(node, Scalar) or node.span.line > len(lines):
        return None
    header = node.span.line
    if lines[header - 1][node.span.column - 1 : node.span.column] != "|":
        return None
    for number, line in enumerate(node.text.split("\n"), start=header):
        if line.strip() and number < len(lines):
            return header, _indent(lines[number]) - _indent(line)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
