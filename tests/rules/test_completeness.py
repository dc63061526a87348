"""A rule file says everything that a person needs to know of the rule, and proves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lintscale.engine.rules import Case, Rule
from tests.rules.built_in import RULES

KINDS = ("fails", "passes", "near-miss")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_nothing_is_missing(rule: Rule) -> None:
    assert list(missing(rule)) == []


def fixed_on(rule: Rule) -> set[str]:
    """The platforms on which the rule has a fix."""
    if rule.reported_by:
        return set(rule.platforms) if rule.fix else set()
    return {
        platform
        for case in rule.cases
        for platform in (case.fix.platforms or case.platforms if case.fix else ())
        if platform in case.platforms
    }


def missing(rule: Rule) -> Iterator[str]:
    """What the rule's file lacks, in words."""
    for platform in rule.platforms:
        kinds = {example.kind for example in rule.examples if example.platform == platform}
        yield from (f"a “{kind}” example for {platform}" for kind in KINDS if kind not in kinds)
    for example in rule.examples:
        called = f"{example.kind} example for {example.platform}, “{example.name}”"
        if example.platform not in rule.platforms:
            yield f"{example.platform} among its platforms (there is the {called})"
        if example.kind == "fails" and example.line is None:
            yield f"the line of the {called}"
        if example.kind == "near-miss" and not example.name:
            yield f"the name of the {called}: what makes it look like the mistake?"
    proven = {example.platform for example in rule.examples if example.fixed}
    yield from (f"what its fix makes of an example for {each}" for each in fixed_on(rule) - proven)
    for what, text in (("a why", rule.why), ("a help for its fix", rule.how_to_fix)):
        if not text:
            yield what
    if not rule.references:
        yield "a reference"


def shown(case: Case) -> set[str]:
    """The places that a finding of the case shows."""
    return {*case.at, *(spec.at for spec in case.related)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("field", ["min_instances", "max_instances", "replicas"])
def test_a_count_that_decides_is_shown(rule: Rule, field: str) -> None:
    """It may be in another file, and whoever changes it there sees what that causes."""
    for case in rule.cases:
        read = ("workload", field) in case.violated.fields
        if read and {"ecs", "kubernetes"} & set(case.platforms):
            # Without an autoscaler the minimum is the fixed count.
            counts = {f"workload.{field}", "workload.replicas"}
            assert counts & shown(case), f"line {case.line}: relate workload.{field}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_containers_request_is_shown_by_what_autoscalers_are_judged_by(rule: Rule) -> None:
    for case in rule.cases:
        read = {field[:2] for field in case.violated.fields}
        if case.scope == "metric" and {("metric", "request"), ("workload", "containers")} & read:
            assert "workload.containers" in shown(case), case.line
