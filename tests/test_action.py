"""The GitHub Action: its shell steps are run as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lintscale.reports import starter_config as starting

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = YAML(typ="safe").load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: python -m shop
    healthCheckPath: /livez
    scaling: {minInstances: 1, maxInstances: 4, targetCPUPercent: 70}
"""


def environment(step: dict[str, Any], given: dict[str, str], **more: str) -> dict[str, str]:
    """The step's own, with what the expressions in it come to."""
    inputs = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
    inputs |= given
    own = {}
    for name, value in step["env"].items():
        assert value.startswith("${{ inputs.")
        own[name] = inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
    base = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return {**base, **own, **more}


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """RUNNER_TEMP with a stand-in for what the first step installs, and a project beside it."""
    bin_ = tmp_path / "temp" / "lintscale-venv" / "bin"
    bin_.mkdir(parents=True)
    for name, command in (("lintscale", "-P -m lintscale "), ("python", "")):
        script = bin_ / name
        script.write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {command}"$@"\n', "utf-8"
        )
        script.chmod(0o755)
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (project / "render.yaml").write_text(BLUEPRINT, encoding="utf-8")
    return tmp_path


def check(runner: Path, **given: str) -> tuple[int, str, str, str]:
    """Exit code, log, summary and outputs of the second step."""
    summary, outputs = runner / "summary.md", runner / "outputs"
    summary.write_text("", encoding="utf-8")
    outputs.write_text("", encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", CHECK["run"]],
        cwd=runner / "project",
        env=environment(
            CHECK,
            {name.replace("_", "-"): value for name, value in given.items()},
            RUNNER_TEMP=str(runner / "temp"),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_OUTPUT=str(outputs),
            GITHUB_ACTIONS="true",
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, summary.read_text(), outputs.read_text()


def test_findings_are_annotations_and_a_summary(runner: Path) -> None:
    code, log, summary, outputs = check(runner)
    assert code == 1
    assert "::error file=render.yaml,line=7" in log
    assert "min-instances" in summary
    assert outputs == "exit-code=1\n"


def test_fail_on_and_sarif(runner: Path) -> None:
    code, _, _, outputs = check(runner, fail_on="never", sarif_file="out.sarif")
    assert (code, outputs) == (0, "exit-code=0\n")
    sarif = json.loads((runner / "project" / "out.sarif").read_text(encoding="utf-8"))
    assert sarif["runs"][0]["results"]


def test_inputs_are_arguments_and_nothing_else(runner: Path) -> None:
    code, log, _, _ = check(runner, paths="$(touch pwned) `touch pwned` *", args="")
    assert code == 2
    assert not (runner / "project" / "pwned").exists()
    assert "does not exist" in log
    code, _, summary, _ = check(runner, args="--select no-autoscaling --min-severity info")
    assert (code, "min-instances" in summary) == (0, False)


@pytest.mark.parametrize("paths", ['"a b"', "'a b' .", 'a" "b', "\n'a b'\n"])
def test_paths_with_spaces_stand_in_quotes(runner: Path, paths: str) -> None:
    folder = runner / "project" / "a b"
    folder.mkdir()
    (runner / "project" / "render.yaml").rename(folder / "render.yaml")
    code, log, _, _ = check(runner, paths=paths, args='--select "min-instances"')
    assert (code, "file=a b/render.yaml,line=7" in log) == (1, True)


@pytest.mark.parametrize("given", [{"paths": '"x'}, {"args": "--select 'min"}])
def test_a_quote_that_is_not_closed(runner: Path, given: dict[str, str]) -> None:
    code, log, _, outputs = check(runner, **given)
    assert (code, outputs) == (2, "exit-code=2\n")
    assert log.startswith("::error title=lintscale::A quote")


def test_a_backslash_is_part_of_a_path(runner: Path) -> None:
    (runner / "project" / "a\\b").mkdir()
    (runner / "project" / "render.yaml").rename(runner / "project" / "a\\b" / "render.yaml")
    assert check(runner, paths="a\\b")[0] == 1


def test_the_configuration_says_what_fails_unless_the_input_does(runner: Path) -> None:
    (runner / "project" / "lintscale.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    assert check(runner)[0] == 0
    assert check(runner, fail_on="error")[0] == 1


def test_no_module_of_the_project_is_imported(runner: Path) -> None:
    for name in ("shlex", "os", "types", "lintscale"):
        (runner / "project" / f"{name}.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    assert check(runner)[0] == 1


def test_what_is_suppressed_opens_no_alert(runner: Path) -> None:
    ignored = BLUEPRINT.replace("70}", "70}  # lintscale: ignore[min-instances] one writer")
    (runner / "project" / "render.yaml").write_text(ignored, encoding="utf-8")
    code, _, _, _ = check(runner, sarif_file="out.sarif")
    sarif = json.loads((runner / "project" / "out.sarif").read_text(encoding="utf-8"))
    assert (code, sarif["runs"][0]["results"]) == (0, [])


def install(folder: Path, project: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The first step, run in ``project``."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", INSTALL["run"]],
        cwd=project,
        env=environment(INSTALL, {}, RUNNER_TEMP=str(folder), GITHUB_ACTION_PATH=str(ROOT), **more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("python", ["", "#!/bin/sh\nexit 1\n"], ids=["none", "too old"])
def test_without_a_python_the_first_step_says_so(tmp_path: Path, python: str) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "bash").symlink_to(shutil.which("bash") or "bash")
    if python:
        (bin_ / "python3").write_text(python, encoding="utf-8")
        (bin_ / "python3").chmod(0o755)
    done = install(tmp_path, tmp_path, PATH=str(bin_))
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=lintscale::Python 3.11 or later is required")


def test_actions_of_others_are_pinned_and_the_same_everywhere() -> None:
    """As zizmor's unpinned-uses wants it; ours has no commit before it is released."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("docs/ci.md", "README.md")]
    texts.append(starting.WORKFLOW)
    texts += [path.read_text(encoding="utf-8") for path in ROOT.glob(".github/workflows/*.yml")]
    pins: dict[str, set[str]] = {}
    for text in texts:
        for name, pin in re.findall(r"uses: ([\w./-]+)@([^\n]+)", text):
            if not name.startswith("lintscale/"):
                pins.setdefault(name, set()).add(pin)
    assert pins
    for name, found in pins.items():
        (pin,) = found
        assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", pin), name


def test_several_paths(runner: Path) -> None:
    (runner / "project" / "other").mkdir()
    code, log, _, _ = check(runner, paths="render.yaml\nother")
    assert code == 1, log


def test_no_expression_stands_in_a_script() -> None:
    for step in (INSTALL, CHECK):
        assert "${{" not in step["run"]


@pytest.mark.slow
def test_the_first_step_installs_what_the_second_runs(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("venv", "pip", "types"):
        (project / f"{name}.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    done = install(tmp_path, project)
    assert done.returncode == 0, done.stderr
    version = subprocess.run(
        [tmp_path / "lintscale-venv" / "bin" / "lintscale", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "lintscale" in version.stdout
