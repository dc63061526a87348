"""Railway: config as code (``railway.json``, ``railway.toml``)."""

from __future__ import annotations

import re

from lintscale.platforms.base import Platform
from lintscale.syntax.regex import regex

NAME = "railway"

_NAME = regex(r"(?:.+\.)?railway(?:\..+)?\.(?:jsonc?|toml)\Z", re.IGNORECASE)
_SCHEMA = "railway.schema.json"
_SECTION = regex(r"""\b(?:build|deploy|environments)\b""")


def may_hold(file_name: str, text: str) -> bool:
    """Whether a file of this name, or with this text, is worth parsing as Railway's."""
    if _NAME.match(file_name.rpartition("/")[2]) is not None:
        return True
    return _SCHEMA in text and _SECTION.search(text) is not None


PLATFORM = Platform(
    name=NAME,
    title="Railway",
    letter="Y",
    package=__name__,
    may_hold=may_hold,
    example_file="railway.json",
    starter=('{{\n  "deploy": {{\n    "numReplicas": {count}\n  }}\n}}\n', 3),
    well_known_names=frozenset({"railway.json", "railway.toml"}),
)
