"""Text to located documents: every key, value and list item knows where it stands."""

from lintscale.source.document import Document, ParseResult, Problem, SourceFile
from lintscale.source.field import Field
from lintscale.source.nodes import Mapping, Node, Scalar, Sequence
from lintscale.source.parse import parse

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
