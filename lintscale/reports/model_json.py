"""The resolved model as JSON, version 1: its fields under their own names."""

from __future__ import annotations

import enum
from typing import Any

from lintscale._record import fields
from lintscale.api import CheckResult
from lintscale.model.declared import EnvironmentVariable
from lintscale.model.location import Location
from lintscale.model.resolved import Workload
from lintscale.model.sourced import Sourced
from lintscale.reports import PLAIN, Style
from lintscale.reports.text import as_json
from lintscale.secrets import mask

VERSION = 1

_PROPERTIES = {Workload: ("id", "display_name")}
"""Properties shown in addition to the fields."""


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return as_json(report(result))


def report(result: CheckResult) -> dict[str, Any]:
    """The model as plain data. A value that may be written in a file is ``{"value", "source",
    "file", "line"}``; an absent one has the place where it would be written, or None. The
    values of environment variables are left out, as they may be secrets."""
    project = result.project
    return {
        "version": VERSION,
        "workloads": [_plain(workload) for workload in project.workloads],
        "databases": [_plain(database) for database in project.databases],
    }


def _plain(thing: Any) -> Any:
    if thing is None or isinstance(thing, (bool, int, float)):
        return thing
    if isinstance(thing, enum.Enum):
        return str(thing.value)
    if isinstance(thing, str):
        return mask(thing)
    if isinstance(thing, Sourced):
        return {
            "value": _plain(thing.value),
            "source": _plain(thing.source),
            **_where(thing.location),
        }
    if isinstance(thing, (tuple, list)):
        return [_plain(item) for item in thing]
    if isinstance(thing, dict):
        return {str(key): _plain(value) for key, value in thing.items()}
    return _object(thing)


def _object(thing: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field)
        if field == "location":
            result |= _where(value)
        elif not isinstance(value, Location) and not field.endswith("_location"):
            result[field] = _plain(value)
    if isinstance(thing, EnvironmentVariable):
        del result["value"]
    for name in _PROPERTIES.get(type(thing), ()):
        result[name] = _plain(getattr(thing, name))
    return result


def _where(location: Location | None) -> dict[str, Any]:
    if location is None:
        return {"file": None, "line": None}
    return {"file": location.file, "line": location.span.line}
