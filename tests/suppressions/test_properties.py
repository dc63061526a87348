"""A suppression means the same however the file around it is written."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale import api
from lintscale.policies.examples import check_files
from tests.suppressions.run import OWN, audited, check, fixed
from tests.suppressions.test_comments import JSON, K8S, TOML

RULES = ("min-instances", "no-autoscaling", "unpinned-image", "min-equals-max", "rollout", "x-y")

Kept = tuple[Counter[tuple[str, str | None]], Counter[tuple[str, str | None]], Counter[str]]


def verdicts(result: api.CheckResult) -> Kept:
    """What is reported, what is suppressed, and what is said of suppressions; without places."""
    return (
        Counter((each.rule, each.workload) for each in result.findings if each.rule not in OWN),
        Counter((each.finding.rule, each.finding.workload) for each in result.suppressed),
        Counter(each.rule for each in result.findings if each.rule in OWN),
    )


@st.composite
def suppressed(draw: st.DrawFn, text: str = K8S, mark: str = "#", places: int = 3) -> str:
    """The text with suppressions at the ends of lines and on lines of their own."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, places))):
        number = draw(st.integers(0, len(lines) - 2))
        names = ", ".join(draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=3)))
        until = draw(st.sampled_from(["", " until 2026-01-01:", " until 2027-01-01:"]))
        comment = f"{mark} lintscale: ignore[{names}]{until} grüße"
        if draw(st.booleans()):
            if mark not in lines[number]:
                lines[number] += f"  {comment}"
        else:
            indent = len(lines[number]) - len(lines[number].lstrip())
            lines.insert(number, f"{' ' * indent}{comment}")
    return "\n".join(lines)


def with_more_lines(text: str, random: Random) -> str:
    """The same with empty lines, comments and line ends of other kinds where they mean nothing:
    not below a comment, which would no longer be directly above anything."""
    result: list[str] = []
    for line in text.split("\n"):
        below_comment = bool(result) and result[-1].lstrip().startswith("#")
        if random.random() < 0.3:
            result.append("  # another remark")
        elif random.random() < 0.3 and not below_comment:
            result.append("")
        result.append(line + (" " if random.random() < 0.2 else ""))
    return random.choice(["\n", "\r\n"]).join(result)


@given(text=suppressed(), seed=st.integers(0, 2**32))
def test_lines_that_say_nothing_change_nothing(text: str, seed: int) -> None:
    changed = with_more_lines(text, Random(seed))  # noqa: S311 - an order, not a secret
    assert verdicts(check(changed)) == verdicts(check(text)), changed


@given(
    first=suppressed(), second=suppressed(K8S.replace("shop", "till")), third=suppressed("a: 1\n")
)
def test_the_order_of_documents_changes_nothing(first: str, second: str, third: str) -> None:
    # At the end of a document a comment would be above the next one's marker.
    documents = [first, second, f"# a document of nobody's\n{third}"]
    orders = ([0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0])
    texts = ["".join(f"---\n{documents[number]}" for number in order) for order in orders]
    expected = verdicts(check(texts[0]))
    for text in texts[1:]:
        assert verdicts(check(text)) == expected, text
    both = verdicts(check(f"---\n{first}---\n{second}"))
    assert verdicts(check_files({"a.yaml": second, "b.yaml": first})) == both


def reindented(text: str) -> str:
    """Lists indented no deeper than their keys, as other tools write them; one key more first."""
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        lines.append(line if indent < 8 else line[2:])
    return "\n".join(lines)


@given(text=suppressed())
def test_indentation_changes_nothing(text: str) -> None:
    assert verdicts(check(reindented(text))) == verdicts(check(text))


@given(text=suppressed())
def test_a_fix_changes_nothing_but_the_suppression(text: str) -> None:
    """Each fix alone leaves all verdicts, takes one remark away and brings none."""
    before = check(text)
    findings, hidden, own = verdicts(before)
    for finding in before.findings:
        if finding.rule != "unused-suppression" or finding.fix is None:
            continue
        after = check(fixed({"k8s/shop.yaml": text}, finding)["k8s/shop.yaml"])
        assert verdicts(after)[:2] == (findings, hidden)
        left = own["unused-suppression"] - verdicts(after)[2]["unused-suppression"]
        # What is misspelt beside it stays, and goes on being told.
        assert left == (0 if "no rule or category" in finding.message else 1)


@given(text=suppressed())
def test_all_fixes_together_leave_nothing_to_fix(text: str) -> None:
    for _ in range(10):
        result = check(text)
        fixable = [each for each in result.findings if each.rule in OWN and each.fix]
        if not fixable:
            break
        # From the end, so that no edit moves another's place.
        for finding in reversed(fixable):
            text = fixed({"k8s/shop.yaml": text}, finding)["k8s/shop.yaml"]
    assert not [each for each in check(text).findings if each.rule in OWN and each.fix]


@pytest.mark.parametrize(
    ("text", "mark", "name"), [(JSON, "//", "service.json"), (TOML, "#", "railway.toml")]
)
@given(data=st.data())
def test_other_formats(text: str, mark: str, name: str, data: st.DataObject) -> None:
    written = data.draw(suppressed(text, mark))
    before = check(written, name)
    again = check(written.replace("\n", "\r\n"), name)
    assert verdicts(again) == verdicts(before)
    assert audited(again) == audited(before)
    for finding in before.findings:
        if finding.rule == "unused-suppression" and finding.fix is not None:
            after = check(fixed({name: written}, finding)[name], name)
            assert verdicts(after)[:2] == verdicts(before)[:2]
