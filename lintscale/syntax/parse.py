"""One entry for all formats."""

from __future__ import annotations

from lintscale.syntax.document import Format, ParseResult


def parse(text: str, file: str, format: Format) -> ParseResult:  # noqa: A002 - the field's word
    """Read ``text``. Never raises on bad input: what cannot be read is in ``problems``, and what
    could be read beside it is in ``documents``."""
    if format == "json":
        from lintscale.syntax.json import parse_json

        return parse_json(text, file)
    if format == "toml":
        from lintscale.syntax.toml import parse_toml

        return parse_toml(text, file)
    from lintscale.syntax.yaml import parse_yaml

    return parse_yaml(text, file)
