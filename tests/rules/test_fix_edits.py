"""What the fixes of these rules would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.engine.finding import Finding
from tests.manifests import as_yaml, deployment
from tests.one_service import checked, write


def only(rule: str, folder: Path, files: dict[str, str]) -> Finding:
    findings = checked(write(folder / "bookshop", files)).findings
    (found,) = (finding for finding in findings if finding.rule == rule)
    return found


def test_a_request_is_lowered_to_its_limit_as_that_is_written(tmp_path: Path) -> None:
    base = deployment()
    resources = {"requests": {"cpu": 2, "memory": "256Mi"}, "limits": {"cpu": "1500m"}}
    base["spec"]["template"]["spec"]["containers"][0]["resources"] = resources
    found = only("requests-exceed-limits", tmp_path, {"shop.yaml": as_yaml(base)})
    assert found.fix is not None
    assert (found.fix.safety, found.fix.description) == ("unsafe", "Set “cpu” to 1500m")
    assert [edit.text for edit in found.fix.edits] == ["1500m"]


@pytest.mark.parametrize(
    ("name", "text", "edits"),
    [
        ("railway.json", '{"deploy": {"numReplicas": 3, "drainingSeconds": 0}}\n', ["30"]),
        ("railway.toml", "[deploy]\nnumReplicas = 3\ndrainingSeconds = 0\n", ["30"]),
        ("railway.json", '{"deploy": {"numReplicas": 3}}\n', [', "drainingSeconds": 30']),
    ],
)
def test_time_to_drain(tmp_path: Path, name: str, text: str, edits: list[str]) -> None:
    found = only("no-drain", tmp_path, {name: text})
    assert found.fix is not None
    assert [edit.text for edit in found.fix.edits] == edits


def test_time_to_drain_as_the_configuration_has_it(tmp_path: Path) -> None:
    files = {
        "railway.json": '{"deploy": {"numReplicas": 3, "drainingSeconds": 0}}\n',
        "lintscale.toml": "[rules.no-drain]\ndrain_seconds = 90\n",
    }
    found = only("no-drain", tmp_path, files)
    assert found.fix is not None
    assert [edit.text for edit in found.fix.edits] == ["90"]
