"""The formats by which other programs take findings, each held against its own definition."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from lintscale import reports
from lintscale.api import CheckResult
from lintscale.reports import Style
from tests.reports.sample import hostile, result, sample

DATA = Path(__file__).parent.parent / "data"
SARIF = json.loads((DATA / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def nothing() -> CheckResult:
    return result([], [])


EVERY = pytest.mark.parametrize("of", [sample, hostile, nothing], ids=lambda of: of.__name__)

# docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 8},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": r"^\.?/"}},
                    "lines": {
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}

# github.com/reviewdog/reviewdog, proto/rdf/jsonschema/DiagnosticResult.json, as far as it is used.
_POSITION = {
    "type": "object",
    "required": ["line", "column"],
    "additionalProperties": False,
    "properties": {key: {"type": "integer", "minimum": 1} for key in ("line", "column")},
}
_RANGE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"start": _POSITION, "end": _POSITION},
}
_PLACE = {
    "type": "object",
    "required": ["path"],
    "additionalProperties": False,
    "properties": {"path": {"type": "string"}, "range": _RANGE},
}
RDJSON = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "source": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
        },
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location"],
                "additionalProperties": False,
                "properties": {
                    "message": {"type": "string"},
                    "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
                    },
                    "location": _PLACE,
                    "relatedLocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"message": {"type": "string"}, "location": _PLACE},
                        },
                    },
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["range", "text"],
                            "properties": {"range": _RANGE, "text": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
}


def sarif(of: Callable[[], CheckResult]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(reports.render("sarif", of()))
    return plain


@EVERY
def test_sarif_keeps_the_official_schema(of: Callable[[], CheckResult]) -> None:
    report = sarif(of)
    assert [error.message for error in Draft7Validator(SARIF).iter_errors(report)] == []
    (run,) = report["runs"]
    assert len(run["results"]) == len(of().findings)


def test_the_sarif_schema_refuses_what_is_none() -> None:
    report = sarif(sample)
    report["runs"][0]["results"][0]["level"] = "fatal"
    assert list(Draft7Validator(SARIF).iter_errors(report))


def test_sarif_says_all_that_a_finding_says() -> None:
    (run,) = sarif(sample)["runs"]
    rules = run["tool"]["driver"]["rules"]
    for plain, finding in zip(run["results"], sample().findings, strict=True):
        region = plain["locations"][0]["physicalLocation"]["region"]
        span = finding.location.span
        assert (region["startLine"], region["startColumn"]) == (span.line, span.column)
        assert rules[plain["ruleIndex"]]["id"] == plain["ruleId"] == finding.rule
        assert plain["partialFingerprints"] == {"lintscale/v1": finding.fingerprint}
        assert len(plain.get("relatedLocations", [])) == len(finding.related)
        assert ("fixes" in plain) == (finding.fix is not None)


def test_sarif_paths_are_uris() -> None:
    report = json.loads(reports.render("sarif", hostile(), Style(path_prefix="a b/")))
    for plain in report["runs"][0]["results"]:
        uri = plain["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.startswith("a%20b/")
        assert uri.isascii()
        assert " " not in uri


@EVERY
def test_gitlab(of: Callable[[], CheckResult]) -> None:
    report = json.loads(reports.render("gitlab", of()))
    Draft202012Validator(GITLAB).validate(report)
    prints = [entry["fingerprint"] for entry in report]
    assert len(set(prints)) == len(prints) == len(of().findings)


@EVERY
def test_rdjson(of: Callable[[], CheckResult]) -> None:
    report = json.loads(reports.render("rdjson", of()))
    Draft202012Validator(RDJSON).validate(report)
    assert len(report["diagnostics"]) == len(of().findings)


@EVERY
def test_junit(of: Callable[[], CheckResult]) -> None:
    root = ET.fromstring(reports.render("junit", of()))  # noqa: S314 - our own
    assert root.tag == "testsuites"
    cases, failures = root.findall("./testsuite/testcase"), root.findall(".//failure")
    assert root.get("tests") == str(len(cases))
    assert root.get("failures") == str(len(failures))
    serious = [f for f in of().findings if f.severity.value != "info"]
    assert len(failures) == len(serious)
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))


@EVERY
def test_checkstyle(of: Callable[[], CheckResult]) -> None:
    root = ET.fromstring(reports.render("checkstyle", of()))  # noqa: S314 - our own
    assert root.tag == "checkstyle"
    errors = root.findall("./file/error")
    assert len(errors) == len(of().findings)
    assert {error.get("severity") for error in errors} <= {"error", "warning", "info"}


@EVERY
def test_markdown_holds_no_markup_of_the_files(of: Callable[[], CheckResult]) -> None:
    text = reports.render("markdown", of())
    rows = [line for line in text.split("\n") if line.startswith("| ") and "Rule" not in line]
    assert len([row for row in rows if row.startswith(("| 🔴", "| 🟡", "| 🔵"))]) == len(
        of().findings
    )
    for row in rows:
        inner = row.replace("\\|", "")
        assert inner.count("|") == 5, row
        assert "<script" not in row
        assert "](" not in row.replace("\\]\\(", "")
        assert "@" not in row
