"""Other locations for all that a document declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lintscale._record import fields, is_record
from lintscale.model.declared import Fragments
from lintscale.model.location import Location


def relocate(fragments: Fragments, place: Callable[[Location], Location]) -> None:
    """Every location in the fragments becomes what ``place`` says."""
    known: dict[Location, Location] = {}

    def moved(location: Location) -> Location:
        if location not in known:
            known[location] = place(location)
        return known[location]

    for name in fields(fragments):
        setattr(fragments, name, [_moved(thing, moved) for thing in getattr(fragments, name)])


def _moved(thing: Any, place: Callable[[Location], Location]) -> Any:
    if isinstance(thing, Location):
        return place(thing)
    if isinstance(thing, tuple) and type(thing) is tuple:
        return tuple([_moved(item, place) for item in thing])
    if not is_record(thing):
        return thing
    values = {name: getattr(thing, name) for name in fields(thing)}
    new = {name: _moved(value, place) for name, value in values.items()}
    if all(new[name] is value for name, value in values.items()):
        return thing
    return type(thing)(**new)
