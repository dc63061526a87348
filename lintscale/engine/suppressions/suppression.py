"""One suppression, wherever it is written."""

from __future__ import annotations

from collections.abc import Callable

from lintscale.engine.finding import Finding
from lintscale.engine.suppressions.syntax import Clause
from lintscale.model import Location, Span
from lintscale.record import record
from lintscale.source import SourceFile
from lintscale.source.document import Comment

COMMENT, ANNOTATION, CONFIG = "comment", "annotation", "config"


@record
class Suppression:
    """``kind`` is COMMENT, ANNOTATION or CONFIG; ``location`` is the whole of it. ``covers``
    tells which findings it speaks of, whatever their rules; ``where`` says that in words, after
    “no finding …”. ``name_spans`` are the places of all names of all clauses, where they are
    known. ``comment`` is what it stands in, or a part of."""

    kind: str
    clauses: tuple[Clause, ...]
    location: Location
    covers: Callable[[Finding], bool]
    where: str
    name_spans: tuple[Span, ...] = ()
    comment: Comment | None = None
    source: SourceFile | None = None
