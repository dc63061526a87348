"""The model as plain data for expressions: dicts, lists and scalars.

A :class:`~lintscale.model.sourced.Sourced` is its bare value; each record has ``written``, the
names of its fields that are set in a file, so that a rule can tell an absent value from a default
and from an unknown one (written, but null). CEL takes no tuples, no subclasses of str and no
integers over 64 bits: the data has none.
"""

from __future__ import annotations

import enum
from functools import cache
from typing import Any

from lintscale._record import fields, is_record
from lintscale.model import resolved as model
from lintscale.model.declared import Probe, Selector
from lintscale.model.resolved import Autoscaler, Container, ScalingBehavior, Workload
from lintscale.model.sourced import Source, Sourced

Data = dict[str, Any]

PROPERTIES: dict[type, tuple[str, ...]] = {
    Workload: (
        "id",
        "display_name",
        "health_check_asks_after",
        "health_check_part",
        "instance_memory_bytes",
        "listens_to",
        "parked",
        "scaling",
        "schedules_alone",
    ),
    Container: (
        "image_repository",
        "image_tag",
        "liveness_repeats_readiness",
        "ports_text",
        "probes_share_port",
    ),
    Autoscaler: ("metrics", "scheduled", "stuck_at_zero"),
    Probe: ("asks_after", "checked_part", "patience_seconds", "gives_up_seconds"),
    ScalingBehavior: ("governing_share",),
    Selector: ("text",),
}
"""Properties that expressions see as fields."""


def as_data(thing: Any) -> Any:
    """A record of the model, a tuple of them or a scalar as plain data."""
    kind = type(thing)
    if kind is str or kind is int or kind is bool or kind is float or thing is None:
        return thing
    if kind is Sourced:
        return as_data(thing.value)
    if kind is tuple or kind is list:
        return [as_data(item) for item in thing]
    if kind is dict:
        return {str(key): as_data(value) for key, value in thing.items()}
    if isinstance(thing, enum.Enum):
        return str(thing.value)
    if is_record(kind):
        return _record_as_data(thing, kind)
    return str(thing)


def _record_as_data(thing: Any, kind: type) -> Data:
    result: Data = {}
    written: list[str] = []
    for name in _names(kind):
        value = getattr(thing, name)
        if type(value) is Sourced:
            if value.source is Source.FILE:
                written.append(name)
            value = value.value
        result[name] = as_data(value)
    result["written"] = written
    return result


@cache
def _names(kind: type) -> tuple[str, ...]:
    names = tuple(name for name in fields(kind) if not is_place(name))
    return names + PROPERTIES.get(kind, ())


def is_place(name: str) -> bool:
    """Whether a field of this name holds locations, or how a command is taken apart: expressions
    see neither."""
    return name in ("location", "runs", "command_is_arguments") or name.endswith("_location")


def names_in(record: type, *, places: bool) -> tuple[str, ...]:
    """The names that a record has in expressions; with ``places`` those in model paths as well."""
    own = [name for name in fields(record) if places or not is_place(name)]
    return (*own, *PROPERTIES.get(record, ()), "written")


def all_names() -> set[str]:
    """The names in expressions of all records."""
    records = {each for each in vars(model).values() if is_record(each)}
    return {name for each in records for name in names_in(each, places=False)}
