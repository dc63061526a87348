"""A check that goes on from the one before says what a fresh one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.lsp import diagnostics
from lintscale.project.config import load_settings
from lintscale.project.loading import ReadingCache

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("name", ["everything", "overlays", "kubernetes/unhealthy", "suppressions"])
def test_nothing_of_a_check_is_left_over(name: str) -> None:
    root = FIXTURES / name
    settings = load_settings(root)
    cache: ReadingCache = {}

    def checked(contents: dict[str, bytes] | None = None) -> list[object]:
        result = api.check([str(root)], settings=settings, contents=contents, cache=cache)
        return [*result.findings, result.summary]

    fresh = api.check([str(root)], settings=settings)
    expected = [*fresh.findings, fresh.summary]
    assert checked() == expected
    assert checked() == expected
    file = fresh.findings[0].location.file
    assert checked({file: b""}) != expected
    assert checked() == expected


def test_what_has_not_changed_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    root = FIXTURES / "everything"
    settings = load_settings(root)
    cache: ReadingCache = {}
    api.check([str(root)], settings=settings, cache=cache)

    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("lintscale.project.loading.read_text", read)
    assert api.check([str(root)], settings=settings, cache=cache).findings


def test_a_check_that_nobody_waits_for_ends_early_and_keeps_what_it_read() -> None:
    root = FIXTURES / "everything"
    cache: ReadingCache = {}
    with pytest.raises(diagnostics.OutdatedError):
        diagnostics.check(root, {}, [root], cache, lambda: len(cache) < 3)
    assert len(cache) == 3
    assert diagnostics.check(root, {}, [root], cache).findings
    assert len(cache) > 3
