"""What a config file says of rendering: ``[rendering]`` and ``[[helm]]``."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.project.config import tables
from lintscale.project.config.settings import ChartSettings, RenderingSettings
from lintscale.project.config.tables import Mistakes
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

MOST_SECONDS = 600

_NAME = regex(r"[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?")
"""A release or a namespace (Helm: pkg/chartutil/validate_name.go)."""


def read_rendering(table: Field, mistakes: Mistakes) -> RenderingSettings:
    settings = RenderingSettings()
    for key, value in tables.known_entries(table, ("enabled", "time-limit"), mistakes):
        if key == "enabled":
            enabled = bool(tables.like(value, settings.enabled, mistakes))
            settings = replace(settings, enabled=enabled)
        else:
            seconds = tables.whole_number(value, mistakes, least=1, most=MOST_SECONDS)
            settings = replace(settings, time_limit_seconds=seconds)
    return settings


def read_charts(entries: Field, mistakes: Mistakes) -> tuple[ChartSettings, ...]:
    if not entries.is_sequence:
        mistakes.add(entries, "“helm” must be a list of tables; write [[helm]]")
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
