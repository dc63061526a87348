"""``lintscale check``: what it prints where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lintscale import api
from lintscale.api import CheckResult
from tests.cli.conftest import HEALTHY, RENDER, Lintscale

CONCISE = ("check", "--output-format", "concise")
ERROR = "render.yaml:8:7: error[min-instances] "


# -- exit codes -----------------------------------------------------------------------------------


def test_findings_exit_with_1(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE)
    assert ran.code == 1
    assert ran.out.startswith(ERROR)
    assert ran.out.splitlines()[-1].startswith("1 error")
    assert not ran.err


def test_a_healthy_project_exits_with_0(project: Path, lintscale: Lintscale) -> None:
    (project / "render.yaml").write_text(HEALTHY, encoding="utf-8")
    ran = lintscale("check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "✓ No findings in 1 file with 1 workload.\n"


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_fail_on(project: Path, lintscale: Lintscale, fail_on: str, code: int) -> None:
    assert lintscale(*CONCISE, "--fail-on", fail_on).code == code


def test_findings_below_fail_on_are_printed_and_exit_with_0(
    project: Path, lintscale: Lintscale
) -> None:
    (project / "lintscale.toml").write_text('severity = {min-instances = "warning"}\n')
    ran = lintscale(*CONCISE, "--fail-on", "error")
    assert ran.code == 0
    assert "warning[min-instances]" in ran.out


def test_fail_on_of_the_configuration(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('fail-on = "never"\n')
    assert lintscale("check").code == 0
    assert lintscale("check", "--fail-on", "error").code == 1


def test_nothing_recognised_exits_with_3_and_says_what_was_looked_at(
    project: Path, lintscale: Lintscale
) -> None:
    (project / "render.yaml").rename(project / "notes.txt")
    (project / "values.yaml").write_text("a: 1\n")
    ran = lintscale("check")
    assert ran.code == 3
    assert "warning: nothing to check in .: 1 YAML, JSON or TOML file looked at" in ran.err
    assert ran.out == "Nothing to check.\n"


def test_allow_empty(project: Path, lintscale: Lintscale) -> None:
    (project / "render.yaml").unlink()
    ran = lintscale("check", "--allow-empty")
    assert (ran.code, ran.err) == (0, "")


def test_a_path_that_does_not_exist_exits_with_2(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "k8s")
    assert ran.code == 2
    assert "Path 'k8s' does not exist" in ran.err
    assert not ran.out


def test_a_broken_configuration_exits_with_2(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('profle = "balanced"\nselect = ["nope"]\n')
    ran = lintscale("check")
    assert (ran.code, ran.out) == (2, "")
    first, second = ran.err.splitlines()
    assert first == "lintscale.toml:1:1: unknown key “profle”; did you mean “profile”?"
    assert second.startswith("lintscale.toml:2:11: there is no rule or category “nope”; ")


def test_hostile_configuration_sends_no_escapes(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('"a\\u001b[31m\\u009b" = 1\n')
    ran = lintscale("check")
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert "␛[31m" in ran.err


def test_a_failed_rule_exits_with_2(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = api.check_request

    def check(*arguments: object, **named: object) -> CheckResult:
        result = real(*arguments, **named)  # type: ignore[arg-type]
        result.failed_rules = True
        return result

    monkeypatch.setattr(api, "check_request", check)
    assert lintscale("check", "--fail-on", "never").code == 2


def _broken(*_: object, **__: object) -> CheckResult:
    raise RuntimeError("the moon is in the wrong house\x1b[31m")


def test_an_internal_error_is_told_briefly(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "check_request", _broken)
    ran = lintscale("check")
    assert ran.code == 2
    assert "internal error: RuntimeError: the moon is in the wrong house␛[31m" in ran.err
    assert "report it" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("way", ["--verbose", "LINTSCALE_DEBUG"])
def test_an_internal_error_with_its_traceback(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(api, "check_request", _broken)
    if way == "LINTSCALE_DEBUG":
        monkeypatch.setenv(way, "1")
    ran = lintscale("check", *([way] if way == "--verbose" else []))
    assert ran.code == 2
    assert "Traceback" in ran.err


def test_interruption_exits_with_130(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(*_: object, **__: object) -> CheckResult:
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "check_request", check)
    ran = lintscale("check")
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "")


# -- formats --------------------------------------------------------------------------------------


def test_full_is_the_default(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check")
    assert "error[min-instances]: " in ran.out
    assert "8 |       minInstances: 1\n  |       ^^^^^^^^^^^^^^^\n" in ran.out


def test_github_is_the_default_in_github_actions(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert lintscale("check").out.startswith("::error file=render.yaml,line=8,col=7,")
    assert lintscale(*CONCISE).out.startswith(ERROR)


def test_github_paths_are_relative_to_the_repository(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.parent))
    assert lintscale("check").out.startswith("::error file=shop/render.yaml,")


def test_json(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "--output-format", "json")
    report = json.loads(ran.out)
    (finding,) = [each for each in report["findings"] if each["rule"] == "min-instances"]
    assert (finding["file"], finding["line"], finding["column"]) == ("render.yaml", 8, 7)
    assert finding["path"] == "services[0].scaling.minInstances"


def test_several_formats_at_once(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "--output-format", "json=report.json", "--output-format=full=f.txt")
    assert ran.code == 1
    assert ran.out.startswith(ERROR)
    assert json.loads((project / "report.json").read_text("utf-8"))["version"] == 1
    assert "-->" in (project / "f.txt").read_text("utf-8")


def test_a_format_for_a_file_leaves_standard_output_empty(
    project: Path, lintscale: Lintscale
) -> None:
    assert not lintscale("check", "--output-format", "json=report.json").out


def test_two_formats_on_standard_output_are_one_too_many(
    project: Path, lintscale: Lintscale
) -> None:
    ran = lintscale(*CONCISE, "--output-format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "Only one format can go to standard output" in ran.err


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("jsn", "Did you mean “json”?"),
        ("xyz", "There is full, concise, json, github"),
        ("json=", "names no file"),
    ],
)
def test_a_wrong_format(project: Path, lintscale: Lintscale, value: str, message: str) -> None:
    ran = lintscale("check", "--output-format", value)
    assert ran.code == 2
    assert message in ran.err


def test_a_report_that_cannot_be_written(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "--output-format", "json=none/report.json")
    assert ran.code == 2
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(
    project: Path,
    lintscale: Lintscale,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in lintscale("check").out) is colored


def test_width_of_columns(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert max(len(line) for line in lintscale("check").out.splitlines()) <= 60


# -- choosing -------------------------------------------------------------------------------------


def test_select_and_ignore(project: Path, lintscale: Lintscale) -> None:
    assert "min-instances" in lintscale(*CONCISE, "--select", "availability").out
    assert "min-instances" not in lintscale(*CONCISE, "--select", "config, scaling").out
    assert "min-instances" not in lintscale(*CONCISE, "--ignore=min-instances,unpinned-image").out
    assert "min-instances" not in lintscale(
        *CONCISE, "--select", "availability", "--ignore", "min-instances"
    ).out  # fmt: skip


def test_select_beats_the_configuration_s_ignore(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('ignore = ["min-instances"]\n')
    assert "min-instances" not in lintscale(*CONCISE).out
    assert "min-instances" in lintscale(*CONCISE, "--select", "min-instances").out


def test_an_unknown_rule_to_select(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "--select", "min-instance")
    assert ran.code == 2
    assert "did you mean “min-instances”?" in ran.err


def test_min_severity(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('severity = {min-instances = "info"}\n')
    assert "info[min-instances]" in lintscale(*CONCISE).out
    assert "min-instances" not in lintscale(*CONCISE, "--min-severity", "warning").out


def test_profile(project: Path, lintscale: Lintscale) -> None:
    assert "min-instances" not in lintscale(*CONCISE, "--profile", "conservative").out
    ran = lintscale("check", "--profile", "balancd")
    assert (ran.code, ran.err) == (
        2,
        "--profile: there is no profile “balancd”; did you mean “balanced”?\n",
    )


def test_environment(project: Path, lintscale: Lintscale) -> None:
    assert "min-instances" not in lintscale(*CONCISE, "--environment", "staging").out


def test_isolated_and_config(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text('ignore = ["min-instances"]\n')
    (project / "other.toml").write_text('severity = {min-instances = "info"}\n')
    assert "error[min-instances]" in lintscale(*CONCISE, "--isolated").out
    assert "info[min-instances]" in lintscale(*CONCISE, "--config", "other.toml").out
    assert lintscale(*CONCISE, "--config", "other.toml", "--isolated").code == 2
    assert lintscale(*CONCISE, "--config", "none.toml").code == 2


# -- what is read ---------------------------------------------------------------------------------


def test_findings_are_of_the_named_files_only(project: Path, lintscale: Lintscale) -> None:
    (project / "other").mkdir()
    (project / "other" / "render.yaml").write_text(RENDER.replace("shop", "ledger"))
    out = lintscale(*CONCISE, "other/render.yaml").out
    assert "other/render.yaml:8:7" in out
    assert "\nrender.yaml" not in f"\n{out}"


def test_standard_input(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "-", stdin=RENDER.encode())
    assert ran.code == 1
    assert "error[min-instances]" in ran.out


def test_standard_input_with_a_name(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "-", "--stdin-filename", "deploy/render.yaml", stdin=RENDER.encode())
    assert ran.out.startswith("deploy/render.yaml:8:7: error[min-instances]")


def test_standard_input_beside_paths_is_wrong(project: Path, lintscale: Lintscale) -> None:
    assert lintscale("check", "-", "render.yaml").code == 2
    assert lintscale("check", "render.yaml", "--stdin-filename", "x.yaml").code == 2


def test_verbose_says_what_was_read_on_standard_error(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text("")
    ran = lintscale(*CONCISE, "--verbose")
    assert f"root: {project}" in ran.err
    assert f"configuration: {project / 'lintscale.toml'}" in ran.err
    assert ran.out.startswith(ERROR)


def test_the_same_without_cache(project: Path, lintscale: Lintscale) -> None:
    plain = lintscale(*CONCISE)
    assert lintscale(*CONCISE, "--no-cache") == plain
