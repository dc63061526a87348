"""Documents against the JSON Schemas of ``schemas/``: what they break becomes problems.

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
from lintscale.validation.places import read_as_meant

__all__ = ["SchemaChoice", "check", "problems", "read_as_meant"]


def check(document: Document, choices: Iterable[SchemaChoice]) -> list[Problem]:
    """What the document breaks of its schemas. A key whose right name or place is plain stands
    there in the tree afterwards (never in the text), for whoever reads the document next."""
    found: list[Problem] = []
    told: set[tuple[object, ...]] = set()
    for choice in choices:
        own = problems(document, choice)
        read_as_meant(document, own)
        for each in own:
            # Two schemas may say the same of one value.
            key = (each.kind, each.span, each.path[-1:])
            if key not in told:
                told.add(key)
                found.append(each)
    return found
