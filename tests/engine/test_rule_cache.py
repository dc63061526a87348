"""The cache of the rules that ship: the same rules, of which a run reads only what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale._record import fields, is_record
from lintscale.engine.expressions import Expression
from lintscale.engine.rule_cache import built_in_rules
from lintscale.engine.rule_files import read_rules
from lintscale.engine.rules import Case, Rule
from lintscale.project.config import Settings
from lintscale.validation.schemas import shipped_folder
from tests.files import write_files

SERVICE = """\
services:
- type: web
  name: shop
  runtime: image
  image: {url: docker.io/example/shop:1}
  numInstances: 1
databases:
- {name: shop-db, plan: basic-256mb}
"""


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Rule, ...]]:
    """Restored anew, so that nothing of them is unpacked. In a folder of its own, as other runs
    write the cache too."""
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(tmp_path / "cache"))
    built_in_rules.cache_clear()
    built_in_rules(use_cache=True)
    built_in_rules.cache_clear()
    yield built_in_rules(use_cache=True)
    built_in_rules.cache_clear()


def test_they_are_the_rules_of_the_files(cached: tuple[Rule, ...]) -> None:
    read = read_rules(shipped_folder("rules"), validate=False)
    assert any(rule.examples for rule in read)
    for from_cache, from_file in zip(cached, read, strict=True):
        assert _plain(from_cache) == {**_plain(from_file), "examples": []}, from_file.id
        assert from_cache.reason == from_file.reason


def test_a_check_unpacks_only_the_cases_of_its_findings(
    cached: tuple[Rule, ...], tmp_path: Path
) -> None:
    write_files(tmp_path, {"render.yaml": SERVICE})
    result = api.check([str(tmp_path)], settings=Settings(tmp_path))
    found = {finding.rule for finding in result.findings}
    unpacked = {rule.id for rule in cached if any(map(_is_unpacked, rule.cases))}
    assert found
    assert unpacked == found
    assert sum(map(_is_unpacked, (case for rule in cached for case in rule.cases))) == len(found)


def _is_unpacked(case: Case) -> bool:
    try:
        object.__getattribute__(case, "message")
    except AttributeError:
        return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, Expression):
        return [value.text, value.fields]
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_record(value):
        return {name: _plain(getattr(value, name)) for name in fields(value)}
    return value
