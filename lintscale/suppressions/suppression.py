"""One suppression, wherever it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lintscale._record import record
from lintscale.engine.finding import Finding
from lintscale.model.location import Location, PathKey, Span
from lintscale.suppressions.syntax import Clause
from lintscale.syntax import SourceFile
from lintscale.syntax.document import Comment

COMMENT, ANNOTATION, CONFIG = "comment", "annotation", "config"

Path = tuple[PathKey, ...]
Key = tuple[str | int | Path, ...]
"""Something that a suppression covers: a file, a line or a block of one, a workload."""


@record
class Block:
    """All at ``path`` and below it, in the document with this index; ``last_line`` is its end."""

    document: int
    path: Path
    last_line: int


@record
class Cover:
    """What a suppression speaks of: one line of ``file`` and the blocks that begin there, all of
    the file, or what ``workloads`` (ids) there are findings about; ``matches`` instead decides by
    itself. ``where`` says it in words, after “no finding …”. ``misplaced`` is why it is nothing."""

    file: str = ""
    line: int | None = None
    blocks: tuple[Block, ...] = ()
    whole_file: bool = False
    workloads: frozenset[str] = frozenset()
    matches: Callable[[Finding], bool] | None = None
    where: str = ""
    misplaced: str = ""

    def covered(self) -> Iterator[Key]:
        if self.whole_file:
            yield ("file", self.file)
        if self.line is not None:
            yield ("line", self.file, self.line)
        for block in self.blocks:
            yield ("block", self.file, block.document, block.path)
        for workload in self.workloads:
            yield ("workload", workload)


def keys_of(finding: Finding) -> Iterator[Key]:
    """The keys of a cover by which it covers the finding."""
    location = finding.location
    file, span, path = location.file, location.span, location.path
    yield ("file", file)
    for line in range(span.line, span.end_line + 1):
        yield ("line", file, line)
    for length in range(len(path) + 1):
        yield ("block", file, location.document, path[:length])
    if finding.workload_id:
        yield ("workload", finding.workload_id)


@record
class Suppression:
    """``kind`` is COMMENT, ANNOTATION or CONFIG; ``location`` is the whole of it. ``name_spans``
    are the places of all names of all clauses, where they are known. ``comment`` is what it
    stands in, or a part of."""

    kind: str
    clauses: tuple[Clause, ...]
    location: Location
    cover: Cover
    name_spans: tuple[Span, ...] = ()
    comment: Comment | None = None
    source: SourceFile | None = None
