"""Whole projects, fixed by the real loop: once is enough, and nothing else in the files changes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from lintscale.engine.finding import Finding
from lintscale.fixes.files import ChangedFile
from lintscale.syntax import parse
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Format
from lintscale.syntax.nodes import to_plain
from tests.fixes import generated
from tests.fixes.projects import fixed, project

PLATFORMS = ("kubernetes", "render", "railway", "ecs")
SEEDS = st.integers(0, 2**32)
FORMATS: dict[str, Format] = {".yaml": "yaml", ".json": "json", ".toml": "toml"}


@pytest.mark.parametrize("platform", PLATFORMS)
@given(seed=SEEDS)
@settings(max_examples=12)
def test_fixing(platform: str, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _check(platform, seed, tmp_path_factory.mktemp("project"))


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
@given(seed=SEEDS)
@settings(max_examples=200)
def test_fixing_many(platform: str, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    _check(platform, seed, tmp_path_factory.mktemp("project"))


def _check(platform: str, seed: int, folder: Path) -> None:
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    files = generated.project(random, platform)
    unsafe = random.random() < 0.5
    project(folder, files)
    outcome = fixed(folder, unsafe=unsafe)
    event(f"fixed: {bool(outcome.fixed)}, refused: {bool(outcome.refused)}")
    for each in outcome.changed:
        assert each.path is not None
        assert each.before == each.path.read_bytes()
        each.path.write_bytes(each.after)
        _nothing_else_changes(
            each, [finding for finding in outcome.fixed if finding.location.file == each.name]
        )
    assert outcome.settled
    again = fixed(folder, unsafe=unsafe)
    assert not again.changed
    assert not again.fixed


def _nothing_else_changes(changed: ChangedFile, findings: list[Finding]) -> None:
    old, new = changed.before.decode(), changed.after.decode()
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    assert len(fixes) == len(findings) > 0
    # What a fix is about is a key, on whose lines, and on no others, something goes or comes.
    keys = {str(path[-1]) for fix in fixes for _, _, path in fix.touched}
    keys |= {str(path[-2]) for fix in fixes for _, _, path in fix.touched if len(path) > 1}
    edits = [edit.text for fix in fixes for edit in fix.edits]
    keys |= {line.strip() for text in edits for line in text.splitlines() if line.strip()}
    takes_comments = any("comment" in fix.description for fix in fixes)
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    # An item's second key may have become its first.
    moved = [line[2:].strip().removeprefix("-").strip() for line in lines if line[0] == "+"]
    for line in lines:
        mark, content = line[0], line[2:].strip()
        if not content or any(bracket in content for bracket in "{}[]"):
            continue  # nothing, or several entries
        is_about_it = any(key in content for key in keys) or "ignore[" in content
        if mark == "-":
            # A line before the last may lose its comma.
            is_there = content in moved or content.removesuffix(",") in moved
            is_comment = content.startswith(("#", "//"))
            assert is_about_it or (takes_comments and is_comment) or is_there, line
        elif mark == "+":
            is_moved = content.startswith("- ") and content[2:].strip() in old
            is_moved = is_moved or f"{content}," in old
            assert is_about_it or is_moved, line
    # No comment goes but with a fix that says so.
    form = FORMATS[changed.name[-5:]]
    before, after = (Counter(each.text for each in comments(text, form)) for text in (old, new))
    assert after <= before
    if not takes_comments:
        lost = before - after
        assert set(lost) <= {generated.UNUSED}
    # Line ends, and the end of the file.
    ends, after_ends = (set(re.findall("\r?\n", text)) for text in (old, new))
    assert after_ends <= (ends or {"\n"})
    assert old.endswith("\n") == new.endswith("\n")
    # What it says differs at the places of the fixes only.
    touched = {(document, path) for fix in fixes for _, document, path in fix.touched}
    for was, now in zip(_roots(old, form), _roots(new, form), strict=True):
        paths = {path for document, path in touched if document == was[0]}
        _same(was[1], now[1], (), paths)


def _roots(text: str, form: Format) -> list[tuple[int, Any]]:
    result = parse(text, "file", form)
    return [(each.index, to_plain(each.root)) for each in result.documents]


def _same(was: Any, now: Any, path: tuple[Any, ...], touched: set[tuple[Any, ...]]) -> None:
    if path in touched:
        return
    assert type(was) is type(now), path
    if isinstance(was, dict):
        for key in {**was, **now}:
            below = (*path, key)
            if below not in touched:
                assert key in was, below
                assert key in now, below
                _same(was[key], now[key], below, touched)
    elif isinstance(was, list):
        assert len(was) == len(now), path
        for index, (one, other) in enumerate(zip(was, now, strict=True)):
            _same(one, other, (*path, index), touched)
    else:
        assert was == now, path
