"""The examples in docs/ci.md, held to the schemas that the CIs publish of their own files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lintscale import __version__
from lintscale.reports import starter_config as starting

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")

SCHEMAS = {
    "GitHub Actions": "github-workflows",
    "GitLab": "gitlab-ci",
    "Azure Pipelines": "azure-pipelines",
    "CircleCI": "circle-ci",
}
"""Of the sections whose example is all of a file, by the names that check-jsonschema has."""


def example(section: str) -> str:
    """The one YAML example of a section."""
    (body,) = re.findall(rf"^## {section}\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    (text,) = re.findall(r"^```yaml\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
    return str(text)


def hold_to(schema: str, text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    options = ["--builtin-schema", f"vendor.{schema}"]
    if schema in {"gitlab-ci", "azure-pipelines"}:
        options += ["--data-transform", schema]
    command = [sys.executable, "-m", "check_jsonschema", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("section", sorted(SCHEMAS))
def test_examples_keep_their_schemas(section: str, tmp_path: Path) -> None:
    hold_to(SCHEMAS[section], example(section), tmp_path / "example.yml")


def test_the_step_that_keeps_the_page_fits_into_the_job(tmp_path: Path) -> None:
    step = example("A page for reviews")
    steps = "".join(f"      {line}\n" for line in step.splitlines())
    hold_to("github-workflows", example("GitHub Actions") + steps, tmp_path / "example.yml")


def test_the_action_and_what_init_writes(tmp_path: Path) -> None:
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    hold_to("github-actions", action, tmp_path / "action.yml")
    hold_to("github-workflows", starting.WORKFLOW, tmp_path / "workflow.yml")


def test_examples_install_this_release_and_no_other() -> None:
    assert set(re.findall(r"pip install [^\n]*lintscale(\S*)", PAGE)) == {f"=={__version__}"}
    tags = re.findall(r"(?:lintscale@|rev: )(\S+)", PAGE)
    assert set(tags) == {f"v{__version__}"}
