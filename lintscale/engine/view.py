"""The model as expressions see it: plain dicts, lists and scalars.

A :class:`~lintscale.model.sourced.Sourced` appears as its bare value; each object has ``written``,
the names of its fields that stand in a file, so that a rule can tell an absent value from a default
and from one that cannot be known (written, but null). CEL takes no tuples, no subclasses of str
and no integers over 64 bits: nothing of that kind leaves here.
"""

from __future__ import annotations

import enum
from typing import Any

from lintscale._record import fields, is_record
from lintscale.model import resolved as model
from lintscale.model.declared import Probe, Selector
from lintscale.model.location import Location
from lintscale.model.resolved import Autoscaler, Container, ScalingBehavior, Workload
from lintscale.model.sourced import Source, Sourced

View = dict[str, Any]

PROPERTIES: dict[type, tuple[str, ...]] = {
    Workload: (
        "id",
        "display_name",
        "health_check_asks_after",
        "instance_memory_bytes",
        "listens_to",
        "scaling",
    ),
    Container: ("liveness_repeats_readiness", "ports_text", "probes_share_port"),
    Autoscaler: ("metrics", "stuck_at_zero"),
    Probe: ("asks_after", "patience_seconds", "gives_up_seconds"),
    ScalingBehavior: ("governing_share",),
    Selector: ("text",),
}
"""Properties that expressions see beside the fields."""

_PLANS: dict[type, tuple[str, ...]] = {}


def view(thing: Any) -> Any:
    """``thing`` (a model object, a tuple of them, a scalar) as plain data."""
    kind = type(thing)
    if kind is str or kind is int or kind is bool or kind is float or thing is None:
        return thing
    if kind is Sourced:
        return view(thing.value)
    if kind is tuple or kind is list:
        return [view(item) for item in thing]
    if kind is dict:
        return {str(key): view(value) for key, value in thing.items()}
    if isinstance(thing, enum.Enum):
        return str(thing.value)
    if is_record(kind):
        return _object(thing, kind)
    return str(thing)


def _object(thing: Any, kind: type) -> View:
    result: View = {}
    written: list[str] = []
    for name in _plan(kind):
        value = getattr(thing, name)
        if type(value) is Sourced:
            if value.source is Source.FILE:
                written.append(name)
            value = value.value
        result[name] = view(value)
    result["written"] = written
    return result


def _plan(kind: type) -> tuple[str, ...]:
    plan = _PLANS.get(kind)
    if plan is None:
        plan = tuple(name for name in fields(kind) if not is_place(name))
        plan += PROPERTIES.get(kind, ())
        _PLANS[kind] = plan
    return plan


def is_place(name: str) -> bool:
    """Is a field of this name there to find places by? Such fields tell a condition nothing."""
    return name == "location" or name.endswith("_location")


def resolve(path: str, bases: dict[str, Any], item: Any) -> Any:
    """The model object at a dotted path. The path starts with one of ``bases`` ("workload",
    "autoscaler", …) or is relative to ``item``. None when something on the way is absent.
    Raises AttributeError for a name that the model does not have."""
    first, *rest = path.split(".")
    if first in bases:
        here = bases[first]
    else:
        here = item
        rest = [first, *rest]
    for name in rest:
        if isinstance(here, Sourced):
            here = here.value
        if here is None:
            return None
        here = getattr(here, name)
    return here


def location_of(thing: Any) -> Location | None:
    """Where a model object stands; of several, the first."""
    if isinstance(thing, tuple):
        return location_of(thing[0]) if thing else None
    if isinstance(thing, Location):
        return thing
    found = getattr(thing, "location", None)
    return found if isinstance(found, Location) else None


def names_in(record: type, *, places: bool) -> tuple[str, ...]:
    """What expressions may ask an object for; ``places`` too, which only paths may name."""
    own = [name for name in fields(record) if places or not is_place(name)]
    return (*own, *PROPERTIES.get(record, ()), "written")


def all_names() -> set[str]:
    """The same of all objects together."""
    records = {here for here in vars(model).values() if hasattr(here, "__setters__")}
    return {name for here in records for name in names_in(here, places=False)}
