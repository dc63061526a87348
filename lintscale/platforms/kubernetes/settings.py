"""The configuration's ``[[helm]]``: what a Helm chart is rendered with."""

from __future__ import annotations

from lintscale._record import record
from lintscale.syntax import Field, tables
from lintscale.syntax.regex import regex
from lintscale.syntax.tables import Mistakes

_NAME = regex(r"[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?")
"""A release or a namespace (Helm: pkg/chartutil/validate_name.go)."""


@record
class ChartSettings:
    """``chart`` is a pattern of folders; ``values`` are files in the order in which they override
    one another, from the chart's folder or the root."""

    chart: str
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""


def read_setting(key: str, entries: Field, mistakes: Mistakes) -> tuple[ChartSettings, ...]:
    if not entries.is_sequence:
        mistakes.add(entries, f"“{key}” must be a list of tables; write [[{key}]]")
    return tuple(_chart(table, mistakes) for table in entries.items())


def _chart(table: Field, mistakes: Mistakes) -> ChartSettings:
    known = ("chart", "values", "release", "namespace")
    found = dict(tables.known_entries(table, known, mistakes))
    if table.is_mapping and "chart" not in found:
        mistakes.add(table, "“chart” is missing; name the folder of the chart")
    return ChartSettings(
        chart=_pattern(found["chart"], mistakes) if "chart" in found else "",
        values=tables.texts(found["values"], mistakes) if "values" in found else (),
        release=_name(found["release"], mistakes) if "release" in found else "",
        namespace=_name(found["namespace"], mistakes) if "namespace" in found else "",
    )


def _pattern(value: Field, mistakes: Mistakes) -> str:
    from pathspec import GitIgnoreSpec

    pattern = tables.text(value, mistakes)
    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        mistakes.add(value, f"“{pattern}” is no pattern as .gitignore has them")
    return pattern


def _name(value: Field, mistakes: Mistakes) -> str:
    name = tables.text(value, mistakes)
    if name and _NAME.fullmatch(name) is None:
        mistakes.add(value, f"“{name}” is no name; use small letters, digits and “-”, at most 53")
    return name
