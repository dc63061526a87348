"""The fix that rewrites one entry: what a file looks like after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.engine.finding import Finding
from tests.one_service import checked, write


def fixed(folder: Path, name: str, text: str) -> tuple[str, list[Finding]]:
    """The text with all fixes of deprecated keys applied, and the findings."""
    result = checked(write(folder, {name: text}))
    found = [each for each in result.findings if each.rule == "deprecated-key"]
    edits = {edit for each in found if each.fix for edit in each.fix.edits}
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        assert edit.file == name
        assert edit.start[0] == edit.end[0]
        line = lines[edit.start[0] - 1]
        lines[edit.start[0] - 1] = line[: edit.start[1] - 1] + edit.text + line[edit.end[1] - 1 :]
    return "\n".join(lines), found


BLUEPRINT = """\
services:
  - type: redis   # the basket
    name: basket
    plan: standard
    ipAllowList: []
  - &mailer
    type: worker
    name: mailer
    'env': python # as ever
    startCommand: python mailer.py
    autoDeploy: no
    envVars:
      - key: BASKET_URL
        fromService: {type: "redis", name: basket, property: connectionString}
  - {type: worker, name: reports, env: node, startCommand: node reports.js, autoDeploy: true}
"""

TODAY = """\
services:
  - type: keyvalue   # the basket
    name: basket
    plan: standard
    ipAllowList: []
  - &mailer
    type: worker
    name: mailer
    'runtime': python # as ever
    startCommand: python mailer.py
    autoDeployTrigger: "off"
    envVars:
      - key: BASKET_URL
        fromService: {type: "keyvalue", name: basket, property: connectionString}
  - {type: worker, name: reports, runtime: node, startCommand: node reports.js, \
autoDeployTrigger: commit}
"""


def test_a_blueprint_in_todays_words(tmp_path: Path) -> None:
    text, found = fixed(tmp_path, "render.yaml", BLUEPRINT)
    assert text == TODAY
    assert len(found) == 6
    assert {each.fix.safety for each in found if each.fix} == {"safe"}
    again, found = fixed(tmp_path, "render.yaml", text)
    assert (again, found) == (text, [])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "railway.json",
            '{"build": {"builder": "NIXPACKS"}}',
            '{"build": {"builder": "RAILPACK"}}',
        ),
        (
            "railway.toml",
            "[build]\nbuilder = 'NIXPACKS' # for now\n",
            "[build]\nbuilder = 'RAILPACK' # for now\n",
        ),
        ("railway.toml", 'build.builder="nixpacks"\n', 'build.builder="RAILPACK"\n'),
    ],
)
def test_another_builder_is_for_people_to_decide(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    text, found = fixed(tmp_path, name, old)
    assert text == new
    assert [each.fix.safety for each in found if each.fix] == ["unsafe"]


@pytest.mark.parametrize(
    "lines",
    [
        # The new key is there already, and says something else.
        "env: python\n    runtime: node",
        "autoDeploy: true\n    autoDeployTrigger: checksPass",
        "pullRequestPreviewsEnabled: false\n    previews: {generation: manual}",
        "previewPlan: starter\n    previews: {plan: pro}",
        # What it says cannot be known, or needs more than an entry.
        "autoDeploy: ${AUTO_DEPLOY}\n    runtime: python",
        "pullRequestPreviewsEnabled: ${PREVIEWS}\n    runtime: python",
        "previewPlan:\n      starter\n    runtime: python",
        # It stands somewhere else.
        "runtime: python\n    autoDeploy: *automatic",
    ],
)
def test_no_fix_that_is_not_certain(lines: str, tmp_path: Path) -> None:
    text = (
        "services:\n  - type: worker\n    name: mailer\n    startCommand: python mailer.py\n"
        f"    maintenanceMode: {{enabled: &automatic false}}\n    {lines}\n"
    )
    after, found = fixed(tmp_path, "render.yaml", text)
    assert after == text
    assert len(found) == 1


def test_previews_of_a_static_site(tmp_path: Path) -> None:
    text = (
        "services:\n  - type: web\n    runtime: static\n    name: leaflet\n"
        "    staticPublishPath: ./public\n    pullRequestPreviewsEnabled: true\n"
    )
    result = checked(write(tmp_path, {"render.yaml": text}))
    [finding] = [each for each in result.findings if each.rule == "deprecated-key"]
    assert finding.fix is not None
    assert finding.fix.description == "Write “previews.generation: automatic”"


@pytest.mark.parametrize(
    "kind", ["cron\n    schedule: 0 4 * * *", "web\n    runtime: static", "redis"]
)
def test_no_previews_where_the_documentation_is_not_clear(kind: str, tmp_path: Path) -> None:
    lines = "" if kind == "redis" else "    startCommand: python mailer.py\n"
    text = f"services:\n  - type: {kind}\n    name: mailer\n{lines}    previewPlan: starter\n"
    result = checked(write(tmp_path, {"render.yaml": text}))
    fixes = [each.fix.description for each in result.findings if each.fix]
    assert not any("previews" in description for description in fixes)


def test_what_only_the_old_builder_reads_is_named(tmp_path: Path) -> None:
    text = '[build]\nbuilder = "NIXPACKS"\nnixpacksConfigPath = "nixpacks.toml"\n'
    after, [finding] = fixed(tmp_path, "railway.toml", text)
    assert after == text
    assert "nixpacksConfigPath" in finding.help


def test_what_an_anchor_shares_is_told_once(tmp_path: Path) -> None:
    text = (
        "services:\n"
        "  - &base {type: worker, name: mailer, env: python, startCommand: python mailer.py}\n"
        "  - {<<: *base, name: reports}\n"
    )
    after, found = fixed(tmp_path, "render.yaml", text)
    assert after == text.replace("env:", "runtime:")
    assert len(found) == 1
