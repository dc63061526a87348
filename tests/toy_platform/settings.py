"""The configuration's ``toy-prefix``."""

from __future__ import annotations

from lintscale.syntax import Field, tables
from lintscale.syntax.tables import Mistakes


def read_setting(key: str, value: Field, mistakes: Mistakes) -> str:
    return tables.text(value, mistakes)
