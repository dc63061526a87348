"""Whatever a file looks like: an edit changes what it is to change, and nothing else."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from lintscale.fixes.files import unintended
from lintscale.model.location import PathKey
from lintscale.syntax import editing, parse
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Format
from lintscale.syntax.editing import Change
from lintscale.syntax.nodes import to_plain
from tests.syntax import written
from tests.syntax.edited import applied, sheet
from tests.syntax.written import NEW_KEYS, VALUES

Path = tuple[PathKey, ...]

FORMATS: tuple[Format, ...] = ("yaml", "json", "toml")
MANY = settings(max_examples=4 * settings().max_examples)
SEEDS = st.integers(0, 2**32)


def roots(text: str, form: Format) -> list[Any]:
    result = parse(text, "file", form)
    assert result.problems == [], text
    return [to_plain(document.root) for document in result.documents]


def paths(data: Any, above: Path = ()) -> Iterator[Path]:
    if above:
        yield above
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from paths(value, (*above, key))
        else:
            yield (*above, key)


def at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def put(data: Any, path: Path, value: Any) -> None:
    for key in path[:-1]:
        data = data.setdefault(key, {}) if isinstance(data, dict) else data[key]
    data[path[-1]] = value


def drawn(random: Random, form: Format) -> tuple[str, list[Any], int, Path]:
    """A text, what it says, and a place in one of its documents."""
    text = written.text(random, form)
    result = parse(text, "file", form)
    assume(not result.problems and all(document.root for document in result.documents))
    before = roots(text, form)
    document = random.randrange(len(before))
    known = [path for path in paths(before[document]) if isinstance(path[-1], str)]
    return text, before, document, random.choice(known)


def check(text: str, form: Format, change: Change, *wanted: list[Any]) -> str:
    """What holds of every change; the text after it. ``wanted`` is what that may say."""
    after = applied(text, change)
    assert after is not None
    assert unintended(text.encode(), after.encode(), form, change.touched) is None
    assert roots(after, form) in wanted
    if not change.loses_comment:
        old, new = (Counter(each.text for each in comments(each, form)) for each in (text, after))
        assert old == new
    # Line ends are those that the file has.
    if "\r" in text:
        assert after.count("\n") == after.count("\r\n")
    else:
        assert "\r" not in after
    return after


@pytest.mark.parametrize("form", FORMATS)
@given(seed=SEEDS)
@MANY
def test_assign(form: Format, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    text, before, document, path = drawn(random, form)
    if random.random() < 0.5:
        path = (*path[:-1], random.choice(NEW_KEYS))
        if random.random() < 0.3:
            path = (*path, random.choice(NEW_KEYS))
    value = random.choice(VALUES)
    change = editing.assign(sheet(text, form), document, path, value)
    event(f"made: {change is not None}")
    if change is None:
        return
    wanted = copy.deepcopy(before)
    put(wanted[document], path, value)
    in_quotes = copy.deepcopy(wanted)
    old = _at_or_none(before[document], path)
    if value == "2" and not isinstance(old, str):
        put(in_quotes[document], path, 2)
    elif isinstance(old, str):
        put(in_quotes[document], path, str(value) if isinstance(value, str) else json.dumps(value))
    after = check(text, form, change, wanted, in_quotes)
    assert after.endswith("\n") == text.endswith("\n")
    again = editing.assign(sheet(after, form), document, path, value)
    assert applied(after, again) == after


def _at_or_none(data: Any, path: Path) -> Any:
    try:
        return at(data, path)
    except (KeyError, TypeError, IndexError):
        return None


@pytest.mark.parametrize("form", FORMATS)
@given(seed=SEEDS)
@MANY
def test_remove(form: Format, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    text, before, document, path = drawn(random, form)
    change = editing.remove(sheet(text, form), document, path)
    event(f"made: {change is not None}")
    if change is None:
        return
    wanted = copy.deepcopy(before)
    del at(wanted[document], path[:-1])[path[-1]]
    check(text, form, change, wanted)
    assert not any(each.text for each in change.replacements)


@pytest.mark.parametrize("form", FORMATS)
@given(seed=SEEDS)
@MANY
def test_rewrite(form: Format, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    text, before, document, path = drawn(random, form)
    new_key = random.choice(["runtime", "previews"])
    change = editing.rewrite(sheet(text, form), document, path, new_key)
    event(f"made: {change is not None}")
    if change is None or "<<" in text:
        # What is merged elsewhere may meet a key of its new name there; the whole is looked at
        # before anything is written.
        return
    wanted = copy.deepcopy(before)
    # An entry that is merged elsewhere is renamed there as well.
    for place, old in change.touched:
        holder = at(wanted[place], old[:-1])
        if old[-1] != new_key and path[-1] == old[-1] and old[-1] in holder:
            holder[new_key] = holder.pop(old[-1])
    check(text, form, change, wanted)
