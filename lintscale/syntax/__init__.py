"""Text to located documents: every key, value and list item has its span."""

from lintscale.syntax.document import Document, ParseResult, Problem, SourceFile
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Node, Scalar, Sequence
from lintscale.syntax.readers import parse

__all__ = [
    "Document",
    "Field",
    "Mapping",
    "Node",
    "ParseResult",
    "Problem",
    "Scalar",
    "Sequence",
    "SourceFile",
    "parse",
]
