"""Which key an unknown key is meant to be: a misspelt one, or one that belongs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lintscale.model.location import PathKey
from lintscale.syntax.nodes import Mapping, Node
from lintscale.validation.levels import Level
from lintscale.validation.library import Placed
from lintscale.validation.places import named
from lintscale.validation.types import is_placeholder, takes
from lintscale.validation.wording import key_path, listed

_CLOSE = 0.74
"""How alike (difflib's ratio) a key must be to be worth a suggestion."""

CLEAR = 0.8
_AHEAD = 0.06
"""How alike, and how far ahead of the next one, to be taken for the one that is meant."""

_LONG_START = 5
"""Letters with which a key may begin to be close to it, as "cooldown" is to "cooldownPeriod"."""

_COMMON = frozenset({"name", "type", "value", "values", "key", "kind"})
"""Keys that are nearly everywhere: they are looked for only right below what is written."""

_DEEPEST = 3
"""Levels below a mapping that are searched for the key."""

_WIDEST = 400
"""Schemas of one level that are searched: enough for a pod, and a bound."""


class Meant(NamedTuple):
    """``hint`` says it in brackets, ``help`` what to do. ``path`` is where the key belongs when
    that is certain enough to read it there; ``rename`` its right spelling when that is all."""

    hint: str
    help: str
    path: tuple[PathKey, ...] = ()
    rename: str = ""


def meant(name: str, value: Node, levels: Sequence[Level]) -> Meant | None:
    """``levels`` lead from the object to the mapping that holds the key."""
    here = levels[-1]
    own = here.schema.get("properties", {})
    same = [each for each in own if _bare(each) == _bare(name)]
    if same:
        return _renamed(same[0], value, here, clear=True)
    misplaced = _misplaced(name, value, levels)
    if misplaced is not None and misplaced.path:
        return misplaced
    ranked = sorted(((_likeness(name, each), each) for each in own), reverse=True)
    if ranked and ranked[0][0] >= _CLOSE:
        best = ranked[0]
        ahead = len(ranked) == 1 or best[0] - ranked[1][0] >= _AHEAD
        close = _renamed(best[1], value, here, clear=best[0] >= CLEAR and ahead)
        if close.path or misplaced is None:
            return close
    return misplaced


def instead(name: str, here: Level) -> Meant | None:
    """What the schema itself says of a key that is none of its own: the name of the key that is
    meant, the path to it, or what to do in words."""
    properties = here.schema.get("properties", {})
    own = properties.get(name)
    belongs = own.get("x-belongs") if isinstance(own, dict) else None
    said = str(belongs or here.schema.get("x-instead", {}).get(name, ""))
    if said in properties:
        free = not any(entry.key.text == said for entry in here.node.entries.values())
        hint = f"did you mean “{said}”?"
        return Meant(hint, f"Rename it to “{said}”.", (), said if free else "")
    steps = said.split(".")
    if steps[0] in properties and " " not in said:
        return Meant(f"it is “{said}” here", f"Write it as {said}.", (*here.path, *steps))
    return Meant(said, sentence(said)) if said else None


def sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _renamed(right: str, value: Node, here: Level, *, clear: bool) -> Meant:
    placed = here.file.plain(here.schema["properties"][right])
    free = not any(entry.key.text == right for entry in here.node.entries.values())
    certain = clear and free and _could_be(value, placed)
    return Meant(
        f"did you mean “{right}”?",
        f"Rename it to “{right}”.",
        (*here.path, right) if certain else (),
        right if certain else "",
    )


def _misplaced(name: str, value: Node, levels: Sequence[Level]) -> Meant | None:
    here = levels[-1]
    below = _below(name, value, here)
    if len(below) == 1 and len(below[0]) == 1:
        return _under(below, name, here)
    above = _above(name, value, levels)
    if above is not None:
        return above
    return _under(below, name, here) if below else None


def _under(below: list[tuple[str, ...]], name: str, here: Level) -> Meant:
    present = _of_present(below, here)
    if len(present) == 1:
        below = present
    names = [f"“{'.'.join(keys).replace('[]', '')}”" for keys in below[:4]]
    where = listed(names)
    keys = below[0]
    certain = len(below) == 1 and not any(key.endswith("[]") for key in keys)
    path = (*here.path, *keys, name) if certain else ()
    return Meant(f"it belongs under {where}", f"Move it under {where}.", path)


def _of_present(below: list[tuple[str, ...]], here: Level) -> list[tuple[str, ...]]:
    """Those ways down that begin with a key that is written."""
    written = {entry.key.text for entry in here.node.entries.values()}
    return [keys for keys in below if keys[0].removesuffix("[]") in written]


def _above(name: str, value: Node, levels: Sequence[Level]) -> Meant | None:
    """A mapping that the key is in, or one beside those, has such a key."""
    for upper in reversed(levels[:-1]):
        part = upper.schema.get("properties", {}).get(name)
        if part is None or not _could_be(value, upper.file.plain(part)):
            continue
        where = key_path(named(upper.document, upper.path)) or "the top level"
        where = f"at {where}" if where == "the top level" else f"in {where}"
        free = not any(entry.key.text == name for entry in upper.node.entries.values())
        path = (*upper.path, name) if free else ()
        return Meant(f"it belongs {where}", f"Move it up: it belongs {where}.", path)
    for upper in reversed(levels[:-1]):
        beside = [] if name in _COMMON else _below(name, value, upper, 1)
        if len(beside) == 1 and not beside[0][0].endswith("[]"):
            below = upper.node.get(beside[0][0])
            free = isinstance(below, Mapping) and below.get(name) is None
            path = (*upper.path, *beside[0], name) if free else ()
            where = key_path((*named(upper.document, upper.path), *beside[0]))
            return Meant(f"it belongs in {where}", f"Move it: it belongs in {where}.", path)
    return None


def _below(name: str, value: Node, here: Level, deepest: int = _DEEPEST) -> list[tuple[str, ...]]:
    """The keys that lead to the nearest places below which have such a key, "[]" after those
    that hold lists."""
    reached: list[tuple[tuple[str, ...], Placed]] = [((), Placed(here.schema, here.file))]
    for _ in range(deepest):
        reached = [each for keys, placed in reached for each in _children(keys, placed)][:_WIDEST]
        hits = []
        for keys, placed in reached:
            part = placed.schema.get("properties", {}).get(name)
            fits = part is not None and _could_be(value, placed.file.plain(part))
            if fits or name in placed.schema.get("x-keys", ()):
                hits.append(keys)
        if hits:
            return hits if name not in _COMMON else _of_present(hits, here)
        if name in _COMMON:
            break
    return []


def _children(keys: tuple[str, ...], placed: Placed) -> Iterator[tuple[tuple[str, ...], Placed]]:
    for key, part in placed.schema.get("properties", {}).items():
        if not isinstance(part, dict):
            continue
        child = placed.file.plain(part)
        if "items" in child.schema:
            yield (*keys, f"{key}[]"), child.file.plain(child.schema["items"])
        else:
            yield (*keys, key), child


def _could_be(value: Node, placed: Placed) -> bool:
    """Is the value of a type that the schema takes? A null or a placeholder may be anything."""
    wanted = placed.schema.get("type")
    if "x-belongs" in placed.schema:
        return False
    return takes(value, wanted) or is_placeholder(value)


def _bare(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    one, other = one.lower(), other.lower()
    starts = len(one) >= _LONG_START and other.startswith(one)
    matcher = SequenceMatcher(None, one, other)
    if matcher.real_quick_ratio() < _CLOSE or matcher.quick_ratio() < _CLOSE:
        return _CLOSE if starts else 0.0
    return max(matcher.ratio(), _CLOSE if starts else 0.0)


def closest(text: str, choices: Sequence[str], alike: float = 0.6) -> str:
    """The choice that was probably meant, at least so ``alike``; "" when none is."""
    from difflib import get_close_matches

    by_lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(text.lower(), by_lower, n=1, cutoff=alike)
    return by_lower[close[0]] if close else ""


def is_key_of(name: str, path: Sequence[PathKey], placed: Placed) -> bool:
    """Does the schema have such a key at a path from its root?"""
    for key in path:
        placed = placed.file.plain(placed.schema)
        schema = placed.schema
        part = (
            schema.get("items") if isinstance(key, int) else schema.get("properties", {}).get(key)
        )
        if not isinstance(part, dict):
            return False
        placed = Placed(part, placed.file)
    return name in placed.file.plain(placed.schema).schema.get("properties", {})
