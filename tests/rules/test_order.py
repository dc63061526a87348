"""Order means nothing: of keys, of list entries, of documents, of files."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from lintscale.engine.finding import Finding
from lintscale.engine.rules import Rule
from lintscale.policies.examples import check_files
from tests.rules.built_in import RULES
from tests.shuffle import shuffled_files

MORE_PERMUTATIONS = 4
"""Of each example, beside the one that every run tries."""


def verdicts(findings: list[Finding], rule: Rule) -> Counter[tuple[str, str | None, str]]:
    return Counter(
        (finding.severity.value, finding.workload, finding.message)
        for finding in findings
        if finding.rule == rule.id
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_order_changes_no_verdict(rule: Rule) -> None:
    _try_orders(rule, range(1))


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_other_order_does_either(rule: Rule) -> None:
    _try_orders(rule, range(1, 1 + MORE_PERMUTATIONS))


def _try_orders(rule: Rule, attempts: range) -> None:
    for number, example in enumerate(rule.examples):
        expected = verdicts(check_files(example.files, example.config).findings, rule)
        for attempt in attempts:
            random = Random(f"{rule.id} {number} {attempt}")  # noqa: S311 - an order, not a secret
            files = shuffled_files(example.files, random)
            found = verdicts(check_files(files, example.config).findings, rule)
            assert found == expected, (example.platform, example.kind, example.name, files)
