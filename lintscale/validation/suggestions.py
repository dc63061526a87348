"""What to suggest for an unknown key: the right spelling, or where the key belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lintscale.model.location import PathKey
from lintscale.syntax.nodes import Mapping, Node
from lintscale.syntax.text import closest as most_similar
from lintscale.validation.schemas import Ancestor, LocatedSchema, is_placeholder, takes
from lintscale.validation.wording import key_path, listed, named

_CLOSE = 0.74
"""The least likeness (difflib's ratio) of a key that is suggested."""

CLEAR = 0.8
_AHEAD = 0.06
"""The least likeness, and the least lead over the next key, of the intended key."""

_LONG_START = 5
"""Letters of a common beginning that make keys close: "cooldown" and "cooldownPeriod"."""

_COMMON = frozenset({"name", "type", "value", "values", "key", "kind"})
"""Keys of many schemas: they are looked for only directly below keys that are written."""

_DEEPEST = 3
"""Levels below a mapping that are searched for a key."""

_WIDEST = 400
"""Schemas of one level that are searched; a pod has fewer."""


class Suggestion(NamedTuple):
    """``hint`` is a part of the message, ``help`` says what to do. ``path`` is the intended path of
    the key where that is certain; ``rename`` its right spelling if nothing else is wrong."""

    hint: str
    help: str
    path: tuple[PathKey, ...] = ()
    rename: str = ""


def suggest(name: str, value: Node, levels: Sequence[Ancestor]) -> Suggestion | None:
    """The suggestion for a key of the last of ``levels``, which lead to it from the object."""
    parent = levels[-1]
    own = parent.schema.get("properties", {})
    same = [each for each in own if _bare(each) == _bare(name)]
    if same:
        return _renamed(same[0], value, parent, clear=True)
    misplaced = _misplaced(name, value, levels)
    if misplaced is not None and misplaced.path:
        return misplaced
    ranked = sorted(((_likeness(name, each), each) for each in own), reverse=True)
    if ranked and ranked[0][0] >= _CLOSE:
        best = ranked[0]
        ahead = len(ranked) == 1 or best[0] - ranked[1][0] >= _AHEAD
        close = _renamed(best[1], value, parent, clear=best[0] >= CLEAR and ahead)
        if close.path or misplaced is None:
            return close
    return misplaced


def from_schema(name: str, parent: Ancestor) -> Suggestion | None:
    """The suggestion that the schema itself has for a key: the right key, the path to it, or what
    to do in words."""
    properties = parent.schema.get("properties", {})
    own = properties.get(name)
    belongs = own.get("x-belongs") if isinstance(own, dict) else None
    advice = str(belongs or _advice(name, parent.schema.get("x-instead", {})))
    if advice in properties:
        free = parent.node.entry(advice) is None
        hint = f"did you mean “{advice}”?"
        return Suggestion(hint, f"Rename it to “{advice}”.", (), advice if free else "")
    steps = advice.split(".")
    if steps[0] in properties and " " not in advice:
        return Suggestion(
            f"it is “{advice}” here", f"Write it as {advice}.", (*parent.path, *steps)
        )
    return Suggestion(advice, sentence(advice)) if advice else None


def _advice(name: str, instead: dict[str, str]) -> str:
    """What is said of the name, or of a pattern ("/^[A-Z]+$/") that it matches."""
    if name in instead:
        return instead[name]
    patterns = ((key[1:-1], said) for key, said in instead.items() if key.startswith("/"))
    return next((said for pattern, said in patterns if re.search(pattern, name[:200])), "")


def sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _renamed(right: str, value: Node, parent: Ancestor, *, clear: bool) -> Suggestion:
    located = parent.file.plain(parent.schema["properties"][right])
    free = parent.node.entry(right) is None
    certain = clear and free and _could_be(value, located)
    return Suggestion(
        f"did you mean “{right}”?",
        f"Rename it to “{right}”.",
        (*parent.path, right) if certain else (),
        right if certain else "",
    )


def _misplaced(name: str, value: Node, levels: Sequence[Ancestor]) -> Suggestion | None:
    parent = levels[-1]
    below = _below(name, value, parent)
    if len(below) == 1 and len(below[0]) == 1:
        return _under(below, name, parent)
    above = _above(name, value, levels)
    if above is not None:
        return above
    return _under(below, name, parent) if below else None


def _under(below: list[tuple[str, ...]], name: str, parent: Ancestor) -> Suggestion:
    present = _of_present(below, parent)
    if len(present) == 1:
        below = present
    names = [f"“{'.'.join(keys).replace('[]', '')}”" for keys in below[:4]]
    where = listed(names)
    keys = below[0]
    certain = len(below) == 1 and not any(key.endswith("[]") for key in keys)
    path = (*parent.path, *keys, name) if certain else ()
    return Suggestion(f"it belongs under {where}", f"Move it under {where}.", path)


def _of_present(below: list[tuple[str, ...]], parent: Ancestor) -> list[tuple[str, ...]]:
    """The paths whose first key is written."""
    written = {entry.key.text for entry in parent.node.entries.values()}
    return [keys for keys in below if keys[0].removesuffix("[]") in written]


def _above(name: str, value: Node, levels: Sequence[Ancestor]) -> Suggestion | None:
    """The suggestion for a key of a mapping around it, or of a sibling of one."""
    for upper in reversed(levels[:-1]):
        part = upper.schema.get("properties", {}).get(name)
        if part is None or not _could_be(value, upper.file.plain(part)):
            continue
        where = key_path(named(upper.document, upper.path)) or "the top level"
        where = f"at {where}" if where == "the top level" else f"in {where}"
        free = upper.node.entry(name) is None
        path = (*upper.path, name) if free else ()
        return Suggestion(f"it belongs {where}", f"Move it up: it belongs {where}.", path)
    for upper in reversed(levels[:-1]):
        beside = [] if name in _COMMON else _below(name, value, upper, 1)
        if len(beside) == 1 and not beside[0][0].endswith("[]"):
            below = upper.node.get(beside[0][0])
            free = isinstance(below, Mapping) and below.get(name) is None
            path = (*upper.path, *beside[0], name) if free else ()
            where = key_path((*named(upper.document, upper.path), *beside[0]))
            return Suggestion(f"it belongs in {where}", f"Move it: it belongs in {where}.", path)
    return None


def _below(
    name: str, value: Node, parent: Ancestor, deepest: int = _DEEPEST
) -> list[tuple[str, ...]]:
    """The key paths to the nearest schemas below with such a key, with "[]" after those of
    lists."""
    reached: list[tuple[tuple[str, ...], LocatedSchema]] = [
        ((), LocatedSchema(parent.schema, parent.file))
    ]
    for _ in range(deepest):
        reached = [each for keys, located in reached for each in _children(keys, located)][:_WIDEST]
        hits = []
        for keys, located in reached:
            part = located.schema.get("properties", {}).get(name)
            fits = part is not None and _could_be(value, located.file.plain(part))
            if fits or name in located.schema.get("x-keys", ()):
                hits.append(keys)
        if hits:
            return hits if name not in _COMMON else _of_present(hits, parent)
        if name in _COMMON:
            break
    return []


def _children(
    keys: tuple[str, ...], located: LocatedSchema
) -> Iterator[tuple[tuple[str, ...], LocatedSchema]]:
    for key, part in located.schema.get("properties", {}).items():
        if not isinstance(part, dict):
            continue
        child = located.file.plain(part)
        if "items" in child.schema:
            yield (*keys, f"{key}[]"), child.file.plain(child.schema["items"])
        else:
            yield (*keys, key), child


def _could_be(value: Node, located: LocatedSchema) -> bool:
    """Does the schema take the value's type? A null or a placeholder is of any type."""
    wanted = located.schema.get("type")
    if "x-belongs" in located.schema:
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
    """The choice most like the text, with at least this likeness; "" for none."""
    by_lower = {choice.lower(): choice for choice in choices}
    return by_lower.get(most_similar(text.lower(), by_lower, alike), "")


def is_key_of(name: str, path: Sequence[PathKey], located: LocatedSchema) -> bool:
    """Does the schema have this key at a path from its root?"""
    for key in path:
        located = located.file.plain(located.schema)
        schema = located.schema
        part = (
            schema.get("items") if isinstance(key, int) else schema.get("properties", {}).get(key)
        )
        if not isinstance(part, dict):
            return False
        located = LocatedSchema(part, located.file)
    return name in located.file.plain(located.schema).schema.get("properties", {})
