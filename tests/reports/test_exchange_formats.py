"""The formats by which other programs take findings, each held against its own definition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from lintscale import reports
from lintscale._record import replace
from lintscale.api import CheckResult
from lintscale.engine.finding import Edit, Finding, Fix, Related, Severity
from lintscale.model.location import Location, Span
from lintscale.project.loading import Skipped
from lintscale.reports import Style
from lintscale.syntax import SourceFile
from tests.reports.sample import hostile, result, sample, source

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


# What junit-10.xsd of github.com/jenkinsci/xunit-plugin (8c515de, November 2025) allows, as far as
# it is used: the attributes, those that are required, and the children.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "file"},
        {"name", "tests", "failures", "errors"},
        {"testcase"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}, {"failure", "system-out"}),
    "failure": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}


@EVERY
def test_junit_keeps_the_schema_of_jenkins(of: Callable[[], CheckResult]) -> None:
    for each in ET.fromstring(reports.render("junit", of())).iter():  # noqa: S314 - our own
        allowed, required, children = JUNIT[each.tag]
        assert required <= set(each.attrib) <= allowed, each.tag
        assert {child.tag for child in each} <= children


def test_junit_cases_keep_their_names_when_lines_move_and_none_occurs_twice() -> None:
    (finding, *_) = sample().findings
    moved = replace(finding, location=replace(finding.location, span=Span(40, 1, 40, 2)))
    names = [
        case.get("name")
        for case in ET.fromstring(  # noqa: S314 - our own
            reports.render("junit", result([], [finding, moved]))
        ).iter("testcase")
    ]
    assert names[1] == f"{names[0]} (2)"


def test_junit_passes_no_file_that_was_not_reported_on() -> None:
    of = sample()
    of.findings, of.reported = of.findings[:1], {of.findings[0].location.file}
    suites = ET.fromstring(reports.render("junit", of)).findall("testsuite")  # noqa: S314
    assert [suite.get("name") for suite in suites] == [of.findings[0].location.file]


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


def spoken(text: str) -> CheckResult:
    """One finding, all of whose words are ``text``."""
    finding = Finding(
        "a-rule",
        "config",
        Severity.ERROR,
        text,
        Location(f"{text}.yaml", Span(1, 1, 1, 2), (text,)),
        workload=text,
        service=text,
        help=text,
        why=text,
        related=(Related(Location(f"{text}.yaml", Span(1, 1, 1, 2)), text),),
        fix=Fix("safe", text, (Edit(f"{text}.yaml", (1, 1), (1, 2), text),)),
        fingerprint="0123456789abcdef",
    )
    file = SourceFile(f"{text}.yaml", f"{text}\n", "yaml")
    return result([file], [finding], skipped=[Skipped(text, text)])


@given(st.text(st.characters(), max_size=60) | st.text("\ufffe\uffff\ud800\r\n]>&<x", max_size=20))
def test_whatever_the_text_is_its_reports_can_be_read(text: str) -> None:
    of = spoken(text)
    for name in ("junit", "checkstyle"):
        ET.fromstring(reports.render(name, of).encode("utf-8"))  # noqa: S314 - our own
    for name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(reports.render(name, of).encode("utf-8"))


# A runner of GitHub (ActionCommand.cs) takes "::" at the beginning of a line for a command, and
# "##[" anywhere in it; one of Azure (Command.cs) "##vso[" anywhere.
COMMAND = re.compile(r"^\s*::|##(?:vso)?\[", re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        "##[set-output name=exit-code]0",
        "####[add-mask]x",
        "a ##vso[task.setvariable variable=PATH]/tmp",
        "x\n::stop-commands::y",
        "::add-mask::x",
    ],
)
@pytest.mark.parametrize("name", sorted(reports.FORMATS.keys() - {"github"}))
def test_no_text_of_a_file_is_a_command_in_a_job_s_log(name: str, text: str) -> None:
    assert not COMMAND.search(reports.render(name, spoken(text)))


@pytest.mark.parametrize("text", ["##[group]x", "##vso[task.complete]", "a ##[b] ##[c]"])
def test_json_gives_commands_back_as_they_were(text: str) -> None:
    assert json.loads(reports.render("json", spoken(text)))["findings"][0]["message"] == text


def many(count: int, message: str = "m") -> CheckResult:
    place = Location("app.yaml", Span(1, 1, 1, 2))
    severities = [Severity.INFO] * (count - 2) + [Severity.WARNING, Severity.ERROR]
    findings = [
        Finding("a-rule", "config", severity, message, place, fingerprint=f"{number:016}")
        for number, severity in enumerate(severities)
    ]
    return result([], findings)


def test_markdown_of_many_findings_shows_the_worst_and_counts_the_others() -> None:
    text = reports.render("markdown", many(400))
    rows = [line for line in text.split("\n") if line.startswith(("| 🔴", "| 🟡", "| 🔵"))]
    assert [row[2] for row in rows[:3]] == ["🔴", "🟡", "🔵"]
    assert (len(rows), "100 more" in text) == (300, True)


def test_markdown_stays_below_what_github_takes() -> None:
    text = reports.render("markdown", many(300, "<" * 100_000))
    assert len(text.encode("utf-8")) < 1024 * 1024
    assert "| 🔴 error |" in text


def test_sarif_has_no_more_results_than_github_takes() -> None:
    of = many(26_000)
    (run,) = json.loads(reports.render("sarif", of))["runs"]
    assert len(run["results"]) == 25_000
    assert [each["level"] for each in run["results"][:3]] == ["error", "warning", "note"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "1000 results" in note["message"]["text"]


@pytest.mark.parametrize("text", ["https://evil.example", "www.evil.example", "@someone"])
def test_markdown_links_nowhere_that_a_file_says(text: str) -> None:
    assert text not in reports.render("markdown", spoken(text))


def test_sarif_links_nowhere_that_a_file_says() -> None:
    of = spoken("a[0] [click](https://evil.example) b(c)")
    (plain,) = json.loads(reports.render("sarif", of))["runs"][0]["results"]
    expected = r"a[0] \[click\](https://evil.example) b(c)"
    assert plain["message"]["text"] == f"{expected}\n{expected}"
    assert plain["relatedLocations"][0]["message"]["text"] == expected


def test_paths_are_relative_to_the_repository_and_rdjson_s_to_the_working_folder() -> None:
    of = sample()
    of.findings = of.findings[:1]
    place = of.findings[0].location
    style = Style(path_prefix="services/shop/", cwd_prefix="../shop/")
    inside, here = f"services/shop/{place.file}", f"../shop/{place.file}"
    assert inside in reports.render("sarif", of, style)
    assert inside in reports.render("gitlab", of, style)
    assert inside in reports.render("checkstyle", of, style)
    assert inside in reports.render("junit", of, style)
    assert f'"path": "{here}"' in reports.render("rdjson", of, style)
    outside = replace(of.findings[0], location=replace(place, file="../../other/x.yaml"))
    assert '"path": "other/x.yaml"' in reports.render("gitlab", result([], [outside]), style)


def test_code_scanning_tells_two_projects_of_a_repository_apart() -> None:
    def run(prefix: str) -> dict[str, Any]:
        report = json.loads(reports.render("sarif", sample(), Style(path_prefix=prefix)))
        assert [error.message for error in Draft7Validator(SARIF).iter_errors(report)] == []
        (only,) = report["runs"]
        plain: dict[str, Any] = only
        return plain

    assert run("services/a/")["automationDetails"] == {"id": "lintscale/services/a/"}
    assert "automationDetails" not in run("")


def test_gitlab_tells_two_projects_of_a_repository_apart() -> None:
    one = json.loads(reports.render("gitlab", sample(), Style(path_prefix="a/")))
    two = json.loads(reports.render("gitlab", sample(), Style(path_prefix="b/")))
    assert not {each["fingerprint"] for each in one} & {each["fingerprint"] for each in two}


def test_rdjson_counts_columns_behind_every_kind_of_line_end() -> None:
    file = source("app.yaml", "a: 1\rb: 日 c\r\nd: 1\n")
    finding = Finding(
        "a-rule", "config", Severity.ERROR, "m", Location("app.yaml", Span(2, 4, 2, 7))
    )
    report = json.loads(reports.render("rdjson", result([file], [finding])))
    assert report["diagnostics"][0]["location"]["range"] == {
        "start": {"line": 2, "column": 4},
        "end": {"line": 2, "column": 9},
    }


def test_rdjson_proposes_no_part_of_a_fix() -> None:
    (finding,) = (each for each in sample().findings if each.fix)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    two = replace(finding, fix=replace(finding.fix, edits=(edit, replace(edit, start=(1, 1)))))
    (plain,) = json.loads(reports.render("rdjson", result([], [two])))["diagnostics"]
    assert "suggestions" not in plain


@EVERY
def test_markdown_holds_no_markup_of_the_files(of: Callable[[], CheckResult]) -> None:
    text = reports.render("markdown", of())
    rows = [line for line in text.split("\n") if line.startswith("| ") and "Rule" not in line]
    assert len([row for row in rows if row.startswith(("| 🔴", "| 🟡", "| 🔵"))]) == len(
        of().findings
    )
    pages = re.compile(
        r"(\| [🔴🟡🔵] \w+ \| )\[([a-z-]+)\]\(https://github\.com/lintscale/[\w./-]+/\2\.md\)"
    )
    for row in rows:
        inner = pages.sub(r"\1", row).replace("\\|", "")
        assert inner.count("|") == 5, row
        assert "<script" not in row
        assert "](" not in inner.replace("\\]\\(", "")
        assert "@" not in row


def test_a_rule_of_one_s_own_has_no_page_to_lead_to() -> None:
    assert "| a-rule |" in reports.render("markdown", spoken("x"))
    assert "/docs/rules/min-instances.md)" in reports.render("markdown", sample())
