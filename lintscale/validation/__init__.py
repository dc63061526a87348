"""Documents against the JSON Schemas of ``schemas/``.

A checker of our own, for four reasons. It takes three milliseconds at start, schemas included,
where the libraries take 25 (jsonschema-rs) and 90 (jsonschema) to be imported, and most runs look
at one small file. It works on located nodes, so that every problem has its line and column. It
knows what is not known: a placeholder is of any type. And it gives one answer for one mistake,
where a library gives one for each branch that does not fit. The tests hold it against jsonschema,
keyword by keyword.
"""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.platforms.base import SchemaChoice
from lintscale.syntax.document import Document, Problem
from lintscale.validation.checker import problems
from lintscale.validation.paths import corrected

__all__ = ["SchemaChoice", "check", "corrected", "problems"]


def check(document: Document, choices: Iterable[SchemaChoice]) -> tuple[list[Problem], Document]:
    """The problems of a document under its schemas, and the document to read: the same, or a copy
    that has misspelt and misplaced keys at their intended paths."""
    found: dict[tuple[object, ...], Problem] = {}
    for choice in choices:
        own = problems(document, choice)
        document = corrected(document, own)
        for each in own:
            # Two schemas may report the same of one value.
            found.setdefault((each.kind, each.span, each.path[-1:]), each)
    return list(found.values()), document
