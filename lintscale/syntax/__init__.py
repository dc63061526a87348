"""Text to located documents: every key, value and list item has its span."""

from lintscale.syntax.document import Document, Format, ParseResult, Problem, SourceFile
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Node, Scalar, Sequence

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


def parse(text: str, file: str, format: Format) -> ParseResult:  # noqa: A002 - the field's word
    """Read ``text``. Never raises on bad input: what cannot be read is in ``problems``, everything
    else in ``documents``."""
    if format == "json":
        from lintscale.syntax.json import parse_json

        return parse_json(text, file)
    if format == "toml":
        from lintscale.syntax.toml import parse_toml

        return parse_toml(text, file)
    if format == "hcl":
        from lintscale.syntax.hcl import parse_hcl

        return parse_hcl(text, file)
    from lintscale.syntax.yaml import parse_yaml

    return parse_yaml(text, file)
