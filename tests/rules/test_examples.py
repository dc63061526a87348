"""Every example in every rule file runs through the whole of lintscale."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.config import load_settings
from lintscale.engine.finding import Finding
from lintscale.engine.rules import Example, Rule

RULES = api.rules(examples=True)
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


def _label(value: object) -> str:
    if isinstance(value, Rule):
        return value.id
    assert isinstance(value, Example)
    return f"{value.platform}-{value.kind}-{value.name}".rstrip("-").replace(" ", "_")


def findings_of(example: Example, folder: Path) -> list[Finding]:
    """What lintscale says of the example's files, written out into a folder of their own."""
    for name, text in example.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "lintscale.toml").write_text(example.config, encoding="utf-8")
    settings = load_settings(folder)
    return api.check([str(folder)], settings=settings).findings


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=_label)
def test_example(
    rule: Rule, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    # The folder's name must say nothing about an environment.
    folder = tmp_path / "shop"
    folder.mkdir()
    findings = findings_of(example, folder)
    crashed = [finding.message for finding in findings if finding.internal]
    assert not crashed
    mine = [finding for finding in findings if finding.rule == rule.id]
    if example.kind != "fails":
        assert not mine, [finding.message for finding in mine]
        return
    assert mine, [(finding.rule, finding.message) for finding in findings]
    assert {finding.platform for finding in mine} <= {example.platform, None}
    if example.line is not None:
        assert [finding.location.line for finding in mine] == [example.line]
    if example.severity:
        assert {finding.severity.value for finding in mine} == {example.severity}


@pytest.mark.parametrize("rule", RULES, ids=_label)
def test_rule_has_both_kinds_of_example_on_every_platform(rule: Rule) -> None:
    for platform in rule.platforms:
        kinds = {example.kind for example in rule.examples if example.platform == platform}
        assert kinds >= {"fails", "passes"}, f"{rule.id} on {platform} has {kinds or 'none'}"
