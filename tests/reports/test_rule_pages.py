"""What ``explain`` and ``rules`` print, and the pages in docs/rules."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from lintscale._record import replace
from lintscale.engine.expressions import Expression, Template
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rules import Case, Example, FixSpec, Rule
from lintscale.model.location import Location, Span
from lintscale.policies.examples import CheckedExample, first_examples
from lintscale.project.config import BUILT_IN_PROFILES
from lintscale.reports import Style, rule_markdown, rule_page, rule_tables, rule_text
from lintscale.reports.rule_page import excerpt
from tests.reports.sample import HOSTILE, result, source
from tests.rules.built_in import RULES
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"

CASE = Case(
    ("render", "kubernetes"),
    Severity.WARNING,
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
    '{workload.scaling != null ? "(raise the minimum)" : "(raise the count)"} of {workload.name}.',
    cases=(CASE,),
    file="rules/few-instances.yaml",
    fix=FixSpec("unsafe"),
    params={"factor": 1.5, "kinds": ["web", "pserv", "worker", "cron", "a", "b", "c", "d"]},
    param_descriptions={"factor": "How many times the profile's minimum.", "kinds": "Which kinds."},
    references=("https://docs.example/scaling",),
    examples=(
        Example(
            "render",
            "fails",
            {"render.yaml": "services:\n  - name: shop\n    numInstances: 1\n    runtime: node\n"},
            line=3,
        ),
        Example("render", "passes", {"render.yaml": "services: []\n"}, name="nothing runs"),
        Example(
            "render",
            "near-miss",
            {"render.yaml": "services:\n  - name: shop\n    numInstances: ${COUNT}\n"},
            name="a count that a deploy script fills in is not known",
        ),
        Example("kubernetes", "fails", {"a.yaml": "kind: A\n", "b.yaml": "kind: B\n"}, line=1),
        Example("kubernetes", "passes", {"a.yaml": "kind: C\n"}, config='profile = "balanced"\n'),
        Example("kubernetes", "passes", {"a.yaml": "kind: D\n"}, name="`code`, and | a pipe"),
    ),
)


def shown(rule: Rule, examples: Sequence[Example]) -> list[CheckedExample]:
    """As lintscale.policies.examples has them, but with findings made by hand."""
    return [_shown(rule, example) for example in examples]


def _shown(rule: Rule, example: Example) -> CheckedExample:
    if example.kind != "fails":
        return CheckedExample(example)
    file = next(iter(example.files))
    line = example.line or 1
    finding = Finding(
        rule.id,
        rule.category,
        rule.severity,
        "shop runs 1 instance, which is fewer than two; every crash takes the whole of it down",
        Location(file, Span(line, 5, line, 20)),
    )
    files = [source(name, text) for name, text in example.files.items()]
    return CheckedExample(example, result(files, [finding]), (finding,))


def page(rule: Rule, width: int, *, color: bool = False) -> str:
    return rule_page.render(
        rule, BUILT_IN_PROFILES, shown(rule, first_examples(rule)), Style(width=width, color=color)
    )


def test_a_reference_is_in_one_piece() -> None:
    """A URL that is broken over two lines cannot be opened."""
    url = f"https://docs.example/{'a-long-name-' * 10}"
    page = rule_page.render(
        replace(RULE, references=(url,)), BUILT_IN_PROFILES, (), Style(width=80)
    )
    assert url in page.splitlines()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_page(width: int) -> None:
    text = page(RULE, width)
    assert max(len(line) for line in text.splitlines()) <= width
    matches_stored(text, STORED / f"explain-{width}.txt")


def test_page_in_colour_says_the_same() -> None:
    colored = page(RULE, 100, color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored).split() == page(RULE, 100).split()


def test_page_with_all_examples_in_full() -> None:
    examples = shown(RULE, RULE.examples)
    text = rule_page.render(RULE, BUILT_IN_PROFILES, examples, everything=True)
    matches_stored(text, STORED / "explain-all.txt")


def test_page_of_examples_that_nothing_is_found_in() -> None:
    text = rule_page.render(
        RULE, BUILT_IN_PROFILES, [CheckedExample(each) for each in RULE.examples]
    )
    assert "Reported  render.yaml" in text


@pytest.mark.parametrize("width", [40, 200])
def test_page_of_any_width(width: int) -> None:
    assert "shop runs 1 instance" in " ".join(page(RULE, width).split())


def test_profile_fields_are_found_in_conditions_and_texts() -> None:
    assert rule_text.profile_fields(RULE) == ["min_instances"]


def test_templates_read_as_prose() -> None:
    assert rule_text.what_to_do(RULE, BUILT_IN_PROFILES["aggressive"]) == (
        "Let it run at least 3 instances (raise the minimum) or (raise the count) of "
        "<workload.name>."
    )


@pytest.mark.parametrize(
    ("choice", "prose"),
    [
        ('metric.kind == "cpu" ? profile.cpu_percent : profile.memory_percent', "60 or 80"),
        ("metric.kind == 'a?b:c' ? profile.cpu_percent : 60", "60"),
        ('pool.fits != null ? ", " + string(pool.fits) + " here" : ""', ""),
        ('a ? "b" : c ? "d" : "e"', '<a ? "b" : c ? "d" : "e">'),
    ],
)
def test_a_choice_reads_as_what_may_come_of_it(choice: str, prose: str) -> None:
    rule = replace(RULE, how_to_fix=f"To {{{choice}}}.")
    assert rule_text.what_to_do(rule, BUILT_IN_PROFILES["aggressive"]) == f"To {prose}."


def test_excerpt_shows_what_differs() -> None:
    before = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n"
    part = excerpt(
        {"a": "same\n", "b": before.replace("c: 3", "c: 9")}, {"a": "same\n", "b": before}
    )
    assert part.file == "b"
    assert part.lines == ((2, "b: 2", False), (3, "c: 9", True), (4, "d: 4", False))
    assert not part.more


def test_excerpt_where_something_is_gone() -> None:
    part = excerpt({"a": "a: 1\nc: 3\nd: 4\n"}, {"a": "a: 1\nb: 2\nc: 3\nd: 4\n"})
    assert [number for number, _, _ in part.lines] == [1, 2, 3]
    assert not any(differs for _, _, differs in part.lines)


def test_excerpt_of_another_file_is_its_beginning() -> None:
    part = excerpt({"b": "x: 1\n" * 30}, {"a": "a: 1\n"})
    assert len(part.lines) == 8
    assert part.more


def test_profiles() -> None:
    text = rule_tables.render_profiles(BUILT_IN_PROFILES, Style(width=80))
    assert max(len(line) for line in text.splitlines()) <= 80
    matches_stored(text, STORED / "explain-profiles.txt")


# -- the list -------------------------------------------------------------------------------------


def test_list_wide_and_narrow() -> None:
    rules = [RULE, _other()]
    for width in (72, 120):
        text = rule_tables.render_rules(rules, Style(width=width))
        assert max(len(line) for line in text.splitlines()) <= width
        matches_stored(text, STORED / f"rules-{width}.txt")


def test_list_as_json() -> None:
    report = json.loads(rule_tables.rules_json([RULE, _other()]))
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


# -- Markdown -------------------------------------------------------------------------------------


def test_markdown() -> None:
    rules = [RULE, _other()]
    examples = {rule.id: shown(rule, rule.examples) for rule in rules}
    files = rule_markdown.files(rules, examples, BUILT_IN_PROFILES)
    assert files.keys() == {"index.md", "few-instances.md", "odd-name.md"}
    matches_stored(files["index.md"], STORED / "rules-index.md")
    matches_stored(files["few-instances.md"], STORED / "rules-few-instances.md")


OUR_HTML = (rule_markdown.MADE, "</details>")

ATTACK = "<script>x</script> [a](javascript:b) ![c](http://d) `e` | f\n# g\n```\n@h https://i *j*"


@pytest.mark.parametrize("text", [HOSTILE, ATTACK], ids=["hostile", "attack"])
def test_text_of_a_rule_stays_text(text: str) -> None:
    """Rules may come from anywhere, once users have their own."""
    example = Example("render", "fails", {"a.yaml": text, text[:20]: "a: 1\n"}, name=text, line=1)
    rule = replace(
        RULE,
        summary=text,
        why=text,
        how_to_fix=text.replace("{", "").replace("}", ""),
        param_descriptions={"factor": text},
        params={"factor": text},
        examples=(example, replace(example, kind="near-miss"), replace(example, kind="passes")),
        references=(f"https://a/{text}",),
    )
    finding = replace(_shown(RULE, RULE.examples[0]).findings[0], message=text)
    examples = [CheckedExample(each, None, (finding,)) for each in rule.examples]
    pages = rule_markdown.files([rule], {rule.id: examples}, BUILT_IN_PROFILES)
    parser = MarkdownIt("commonmark").enable("table")
    for content in pages.values():
        tokens = [
            each for block in parser.parse(content) for each in (block, *(block.children or ()))
        ]
        html = {each.content.strip() for each in tokens if each.type.startswith("html")}
        inner = {re.sub("^<details><summary>|</summary>$", "", each) for each in html}
        assert not [each for each in inner if "<" in each and each not in OUR_HTML]
        links = [str(each.attrs["href"]) for each in tokens if each.type == "link_open"]
        assert all(
            re.match(r"\.\./\w+\.md$|[\w-]+\.md(#\w+)?$|#\w+$|https://a/", each) for each in links
        )
        assert not {each.type for each in tokens} & {"image", "em_open", "strong_em", "s_open"}
    for whole in (*pages.values(), page(rule, 80)):
        assert not set("\x1b\x07\x00\u202e\u2028\x9b") & set(whole)


def test_a_page_says_where_a_fix_is_unsafe_in_some_cases_only() -> None:
    rules = {rule.id: rule for rule in RULES}
    names = {name: rule_text.fix_name(rule) for name, rule in rules.items()}
    assert names["deprecated-key"] == "safe fix, in some cases unsafe"  # by its unsafe-when
    assert names["removed-api-version"] == "safe fix, in some cases unsafe"  # by a case
    assert names["unused-suppression"] == "safe fix"
    assert names["min-instances"] == "unsafe fix"
    assert not names["probe-timeout"]
    about = rule_text.about_fixes(rules["replicas-beside-autoscaler"])
    assert "; in some cases it is unsafe, as it may change what a service does. If " in about
