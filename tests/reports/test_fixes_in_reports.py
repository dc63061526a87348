"""The fixes that reports carry, applied as their consumers apply them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from lintscale import api, reports
from lintscale.api import CheckResult
from lintscale.engine.finding import Fix
from lintscale.fixes.files import applied
from lintscale.project.config import load_settings

FIXTURES = Path(__file__).parents[2] / "fixtures"

AWKWARD = (
    "# 日本\r\nservices:\r\n"
    '  - {type: web, name: "😀é", runtime: python, startCommand: "python -m shop 😀",'
    " healthCheckPath: /livez,"
    " scaling: {minInstances: 1, maxInstances: 4, targetCPUPercent: 70}}\r\n"
)
"""A fix behind wide characters, in a file with CRLF."""


def checked(folder: Path) -> CheckResult:
    return api.check([str(folder)], settings=load_settings(folder), use_cache=False)


def by_regions(text: str, replacements: list[dict[str, Any]]) -> str:
    """SARIF 3.57: regions in code points, lines that end with LF, CRLF or CR."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]
    for each in reversed(replacements):
        region = each["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + each.get("insertedContent", {"text": ""})["text"] + text[end:]
    return text


def by_bytes(data: bytes, suggestion: dict[str, Any]) -> bytes:
    """reviewdog's ranges: columns in bytes of UTF-8."""
    starts = [0, *(match.end() for match in re.finditer(rb"\r\n?|\n", data))]
    start, end = (
        starts[place["line"] - 1] + place["column"] - 1
        for place in (suggestion["range"]["start"], suggestion["range"]["end"])
    )
    return data[:start] + suggestion["text"].encode() + data[end:]


def hold_to_the_fixes(folder: Path) -> int:
    """How many fixes there were."""
    result = checked(folder)
    results = json.loads(reports.render("sarif", result))["runs"][0]["results"]
    diagnostics = json.loads(reports.render("rdjson", result))["diagnostics"]
    found = [
        (finding.fix, plain, diagnostic)
        for finding, plain, diagnostic in zip(
            result.findings, results[: len(diagnostics)], diagnostics, strict=True
        )
        if finding.fix is not None
    ]
    for fix, plain, diagnostic in found:
        (proposed,) = plain["fixes"]
        changes = {
            unquote(change["artifactLocation"]["uri"]): change["replacements"]
            for change in proposed["artifactChanges"]
        }
        assert changes.keys() == {edit.file for edit in fix.edits}
        for file, replacements in changes.items():
            data = (folder / file).read_bytes()
            after = _after(data, fix, file)
            assert by_regions(data.decode(), replacements).encode() == after
            for suggestion in diagnostic.get("suggestions", []):
                assert by_bytes(data, suggestion) == after
    return len(found)


def _after(data: bytes, fix: Fix, file: str) -> bytes:
    return applied(data, [edit for edit in fix.edits if edit.file == file])


@pytest.mark.parametrize("platform", ["ecs", "kubernetes", "railway", "render"])
def test_reports_propose_what_fix_does(platform: str) -> None:
    assert hold_to_the_fixes(FIXTURES / platform / "unhealthy")


def test_behind_wide_characters_too(tmp_path: Path) -> None:
    (tmp_path / "render.yaml").write_bytes(AWKWARD.encode())
    assert hold_to_the_fixes(tmp_path) == 1
