"""What ``explain`` and ``rules`` print, on a rule made by hand."""

from __future__ import annotations

import json
from pathlib import Path

from lintscale.config import BUILT_IN_PROFILES
from lintscale.engine.expressions import Expression, Template
from lintscale.engine.finding import Severity
from lintscale.engine.rules import Case, Example, FixSpec, Rule
from lintscale.reports import Style, rule_list, rule_page
from lintscale.reports.rule_page import profile_fields, readable_template
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"

CASE = Case(
    ("render", "kubernetes"),
    Severity.ERROR,
    "workload",
    Expression("workload.min_instances < profile.min_instances * param.factor"),
    ("workload.min_instances",),
    Template.parse("{workload.name} runs too few"),
    Template.parse("Run at least {profile.min_instances}."),
    (),
    12,
)

RULE = Rule(
    id="few-instances",
    category="availability",
    severity=Severity.ERROR,
    summary="A production service can run on fewer instances than its profile asks for",
    platforms=("render", "kubernetes"),
    scope="workload",
    why="With one instance, every crash is an outage. A second instance keeps the service up "
    "while the first is replaced.\n\nA third makes sense where a zone may fail.",
    how_to_fix="Let it run at least {profile.min_instances} instances "
    '{workload.scaling != null ? "(raise the minimum)" : "(raise the count)"}.',
    cases=(CASE,),
    file="rules/few-instances.yaml",
    fix=FixSpec("unsafe"),
    params={"factor": 1.5, "kinds": ["web", "pserv"]},
    param_descriptions={"factor": "How many times the profile's minimum.", "kinds": "Which kinds."},
    references=("https://docs.example/scaling",),
    examples=(
        Example("render", "fails", {"render.yaml": "services:\n  - name: shop\n"}, line=2),
        Example("render", "passes", {"render.yaml": "services: []\n"}, name="nothing runs"),
        Example("render", "passes", {"render.yaml": "databases: []\n"}),
        Example("kubernetes", "fails", {"a.yaml": "kind: A\n", "b.yaml": "kind: B\n"}, line=1),
        Example("kubernetes", "passes", {"a.yaml": "kind: C\n"}, config='profile = "balanced"\n'),
    ),
)


def test_page() -> None:
    page = rule_page.render(RULE, BUILT_IN_PROFILES, Style(width=72))
    assert max(len(line) for line in page.splitlines()) <= 72
    matches_stored(page, STORED / "explain.txt")


def test_page_with_all_examples() -> None:
    page = rule_page.render(RULE, BUILT_IN_PROFILES, all_examples=True)
    assert "databases: []" in page
    assert "more example" not in page


def test_profile_fields_are_found_in_conditions_and_texts() -> None:
    assert profile_fields(RULE) == ["min_instances"]


def test_templates_read_as_prose() -> None:
    assert readable_template(RULE.how_to_fix) == (
        "Let it run at least <profile.min_instances> instances (raise the minimum) or (raise the "
        "count)."
    )


def test_list_wide_and_narrow() -> None:
    rules = [RULE, _other()]
    for width in (72, 120):
        text = rule_list.render(rules, Style(width=width))
        assert max(len(line) for line in text.splitlines()) <= width
        matches_stored(text, STORED / f"rules-{width}.txt")


def test_list_as_json() -> None:
    report = json.loads(rule_list.render_json([RULE, _other()]))
    assert report["version"] == 1
    assert [rule["id"] for rule in report["rules"]] == ["few-instances", "odd-name"]
    assert report["rules"][0]["fixable"] == "unsafe"
    assert report["rules"][1] == {
        "id": "odd-name", "category": "config", "severity": "info", "summary": "An odd name",
        "platforms": ["ecs"], "fixable": None, "params": {},
    }  # fmt: skip


def _other() -> Rule:
    return Rule(
        "odd-name", "config", Severity.INFO, "An odd name", ("ecs",), "workload", "It is odd.",
        "Rename it.", (), "rules/odd-name.yaml",
    )  # fmt: skip
