"""Every example in every rule file runs through the whole of lintscale."""

from __future__ import annotations

import pytest

from lintscale.engine.rules import Example, Rule
from lintscale.policies.examples import check_files, fix_files
from tests.rules.built_in import RULES

EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


def _label(value: object) -> str:
    if isinstance(value, Rule):
        return value.id
    assert isinstance(value, Example)
    return f"{value.platform}-{value.kind}-{value.name}".rstrip("-").replace(" ", "_")


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=_label)
def test_example(rule: Rule, example: Example) -> None:
    findings = check_files(example.files, example.config).findings
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


FIXED = [(rule, example) for rule, example in EXAMPLES if example.fixed]


@pytest.mark.parametrize(("rule", "example"), FIXED, ids=_label)
def test_fix(rule: Rule, example: Example) -> None:
    made = fix_files(rule, example.files, example.config)
    assert made == example.fixed
    after = check_files({**example.files, **made}, example.config)
    assert rule.id not in {finding.rule for finding in after.findings}
