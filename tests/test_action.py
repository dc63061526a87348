"""The GitHub Action: its shell steps are run as a runner runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

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
    script = bin_ / "lintscale"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lintscale "$@"\n', "utf-8"
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


def test_several_paths(runner: Path) -> None:
    (runner / "project" / "other").mkdir()
    code, log, _, _ = check(runner, paths="render.yaml\nother")
    assert code == 1, log


def test_no_expression_stands_in_a_script() -> None:
    for step in (INSTALL, CHECK):
        assert "${{" not in step["run"]


@pytest.mark.slow
def test_the_first_step_installs_what_the_second_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", INSTALL["run"]],
        env=environment(INSTALL, {}, RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(ROOT)),
        check=False,
    )
    assert done.returncode == 0
    version = subprocess.run(
        [tmp_path / "lintscale-venv" / "bin" / "lintscale", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "lintscale" in version.stdout
