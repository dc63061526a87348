"""Findings about suppressions, and when there are none."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lintscale import api
from lintscale.cli.app import run
from lintscale.project.config import Settings
from tests.suppressions.run import audited, check, hidden, said, the
from tests.suppressions.test_comments import K8S, with_comment

UNUSED = with_comment(K8S, 6, "# lintscale: ignore[min-equals-max] a demo")


def checked(folder: Path, text: str, **settings: object) -> api.CheckResult:
    (folder / "shop.yaml").write_text(text, encoding="utf-8")
    chosen = Settings(root=folder, **settings)  # type: ignore[arg-type]
    return api.check([str(folder)], settings=chosen, today="2026-09-21")


# -- unused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[min-equals-max] x", "there is no min-equals-max finding on line 6"),
        (
            "ignore[min-equals-max, min-exceeds-max, stability] x",
            "there is no min-equals-max, min-exceeds-max or stability finding on line 6",
        ),
        (
            "ignore[min-instanses] x",
            "there is no rule or category “min-instanses”; did you mean “min-instances”?",
        ),
        ("ignore[all] x", "“all” is not allowed here; name rules or a category"),
        (
            "ignore",
            "it names no rule; write “lintscale: ignore[min-instances, no-autoscaling] reason”",
        ),
        (
            "disable[min-instances] x",
            "lintscale has no directive “disable”; "
            "write “lintscale: ignore[min-instances, no-autoscaling] reason”",
        ),
        (
            "ignore[min-instances] until 2027-13-01: x",
            "“2027-13-01” is not a date of the form 2027-03-01",
        ),
        (
            "ignore-file[min-instances] x",
            "ignore-file must be at the top of the file, before the first key",
        ),
    ],
)
def test_why_it_is_of_no_use(comment: str, message: str) -> None:
    config = (
        'select = ["min-instances", "no-autoscaling", "min-equals-max", "min-exceeds-max", '
        '"stability", "suppressions"]\n'
    )
    result = check(with_comment(K8S, 6, f"# lintscale: {comment}"), config=config)
    assert said(result) == f"this suppresses nothing: {message}"
    assert hidden(result) == set()


@pytest.mark.parametrize(
    ("line", "comment", "where"),
    [
        (11, "ignore[min-equals-max] x", "in the block that begins on line 11"),
        (1, "ignore[min-equals-max] x", "in this document"),
        (13, "ignore[min-equals-max] x", "on line 13"),
    ],
)
def test_where_there_is_nothing(line: int, comment: str, where: str) -> None:
    result = check(with_comment(K8S, line, f"# lintscale: {comment}"))
    assert said(result) == f"this suppresses nothing: there is no min-equals-max finding {where}"


def test_the_whole_comment_or_the_names_are_underlined() -> None:
    whole = the(check(UNUSED)).location.span
    line = UNUSED.split("\n")[5]
    assert line[whole.column - 1 : whole.end_column - 1] == (
        "lintscale: ignore[min-equals-max] a demo"
    )
    text = UNUSED.replace("[min-equals-max]", "[min-equals-max, min-instances, stability]")
    part = the(check(text)).location.span
    line = text.split("\n")[5]
    assert line[part.column - 1 : part.end_column - 1] == "min-equals-max, min-instances, stability"


def test_two_that_cover_one_finding_are_both_used() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] x")
    text = f"# lintscale: ignore-file[availability] x\n{text}"
    result = check(text)
    assert hidden(result) == {("min-instances", 7)}
    assert audited(result) == []


def test_a_finding_below_the_least_severity_counts(tmp_path: Path) -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[no-autoscaling] fixed")
    result = checked(tmp_path, text, min_severity="warning")
    assert audited(result) == []
    assert result.summary.suppressed == 0


# -- not to be known ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"select": ("availability", "suppressions")},
        {"ignore": ("min-equals-max",)},
        {"ignore": ("unused-suppression",)},
        {"environment": "staging"},
        {"profile": "conservative", "profile_of_run": True},
    ],
)
def test_nothing_is_unused_that_was_not_judged(tmp_path: Path, settings: dict[str, object]) -> None:
    assert audited(checked(tmp_path, UNUSED)) != []
    assert audited(checked(tmp_path, UNUSED, **settings)) == []


def test_a_category_is_judged_when_all_of_it_is(tmp_path: Path) -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[stability] x")
    assert audited(checked(tmp_path, text)) != []
    assert (
        audited(checked(tmp_path, text, ignore=("slow-scale-out", "scale-in-faster-than-out")))
        == []
    )


def test_of_a_single_file_without_its_project_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(UNUSED)
    settings = Settings(root=tmp_path, whole_project=False)
    assert audited(api.check([str(tmp_path)], settings=settings)) != []
    assert audited(api.check([str(tmp_path / "shop.yaml")], settings=settings)) == []


def test_of_standard_input_nobody_knows(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    assert audited(api.check(["-"], settings=settings, stdin=UNUSED)) == []
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances, scaling]")
    result = api.check(["-"], settings=settings, stdin=text)
    assert len(hidden(result)) == 2
    assert audited(result) == [("suppression-without-reason", "stdin.yaml", 6)]


def test_a_file_that_is_not_reported_on(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(UNUSED)
    (tmp_path / "till.yaml").write_text(K8S.replace("shop", "till"))
    settings = Settings(root=tmp_path)
    assert audited(api.check([str(tmp_path / "till.yaml")], settings=settings)) == []


def test_a_rule_that_failed_has_judged_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lintscale.engine.expressions import Expression, ExpressionError

    real = Expression.holds

    def holds(self: Expression, data: object) -> bool:
        if "autoscaler.min == autoscaler.max" in self.text:
            raise ExpressionError("broken")
        return real(self, data)

    monkeypatch.setattr(Expression, "holds", holds)
    scaler = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 1
  maxReplicas: 8
"""
    result = checked(tmp_path, UNUSED + scaler)
    assert result.failed_rules
    assert audited(result) == []


# -- past its date, without a reason --------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2026-09-20", [("expired-suppression", "k8s/shop.yaml", 6)]),
        ("2026-09-21", []),
        ("2026-09-22", []),
    ],
)
def test_it_holds_through_its_last_day(until: str, found: list[object]) -> None:
    comment = f"# lintscale: ignore[min-instances] until {until}: a demo"
    result = check(with_comment(K8S, 6, comment))
    assert audited(result) == found
    assert hidden(result) == (set() if found else {("min-instances", 6)})


def test_an_expired_one_that_hides_nothing_is_not_unused_as_well() -> None:
    comment = "# lintscale: ignore[min-equals-max] until 2026-01-01"
    result = check(with_comment(K8S, 6, comment))
    assert said(result, "expired-suppression") == (
        "the suppression of min-equals-max expired on 2026-01-01; it would suppress nothing now"
    )
    assert len(audited(result)) == 1


def test_what_another_one_hides_is_not_reported_again() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] until 2026-01-01")
    config = '[[ignore]]\nrule = "min-instances"\nreason = "a demo"\n'
    for result in (
        check(text, config=config),
        check(with_comment(text, 1, "# lintscale: ignore[min-instances] a demo")),
    ):
        assert said(result, "expired-suppression").endswith("it would suppress nothing now")
        assert "min-instances" in {rule for rule, _ in hidden(result)}


def test_several_of_one_annotation() -> None:
    annotation = "min-instances until 2026-01-01: x; rollout until 2026-02-01: y; scaling: z"
    text = K8S.replace(
        "name: shop\nspec",
        f"name: shop\n  annotations: {{lintscale.dev/ignore: '{annotation}'}}\nspec",
    )
    result = check(text)
    assert said(result, "expired-suppression") == (
        "the suppression of min-instances expired on 2026-01-01, that of rollout expired on "
        "2026-02-01; what it suppressed is reported again"
    )
    assert {rule for rule, _ in hidden(result)} == {"no-autoscaling"}


def test_without_a_reason() -> None:
    result = check(with_comment(K8S, 6, "# lintscale: ignore[min-instances, no-autoscaling]"))
    finding = the(result, "suppression-without-reason")
    assert finding.message == ("min-instances and no-autoscaling are suppressed without a reason")
    assert finding.severity.value == "info"


def test_severities_are_the_projects_choice() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances]")
    result = check(text, config='severity = {suppression-without-reason = "error"}\n')
    assert the(result, "suppression-without-reason").severity.value == "error"


# -- the command ----------------------------------------------------------------------------------

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Runs ``lintscale check`` on the given text of shop.yaml; exit code and output."""
    folder = tmp_path / "shop"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21

    def call(text: str, *arguments: str) -> tuple[int, str]:
        (folder / "shop.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capfd.readouterr()
        return run(["check", *arguments]), capfd.readouterr().out

    return call


def test_the_report_counts_what_is_suppressed(command: Command) -> None:
    text = f"# lintscale: ignore-file[min-instances, unpinned-image] a demo\n{K8S}"
    select = ("--select", "min-instances,unpinned-image,suppressions")
    code, out = command(text, *select, "--output-format", "json")
    report = json.loads(out)
    assert (code, report["findings"]) == (0, [])
    assert report["summary"]["suppressed"] == 3
    assert report["summary"]["errors"] == 0
    code, out = command(text, *select)
    assert (code, out) == (0, "✓ No findings in 1 file with 1 workload, 3 suppressed.\n")
    code, out = command(text, *select, "--output-format", "concise")
    assert out == "No findings in 1 file (1 workload), 3 suppressed\n"


def test_a_fix_in_the_report(command: Command) -> None:
    code, out = command(UNUSED, "--output-format", "json", "--select", "suppressions,scaling")
    (finding,) = [f for f in json.loads(out)["findings"] if f["rule"] == "unused-suppression"]
    assert code == 1
    assert finding["fix"] == {
        "safety": "safe",
        "description": "Remove the suppression",
        "edits": [{"file": "shop.yaml", "start": [6, 14], "end": [6, 58], "text": ""}],
    }
    assert finding["platform"] == "kubernetes"


def test_the_calendar_is_source_date_epoch(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] until 2026-09-21: x")
    assert "expired-suppression" not in command(text)[1]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790035200")  # 2026-09-22
    assert "expired-suppression" in command(text)[1]


def test_a_password_in_a_comment_is_not_repeated() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[postgres://a:s3cr3tXy@db.example.com/x] y")
    assert "s3cr3tXy" not in said(check(text))
