"""JUnit XML, in the form that Jenkins, GitLab and Azure read: a test suite per file, a failed test
case per finding; findings at info do not fail. A file that was reported on without findings is a
passed case.

Elements and attributes are those that junit-10.xsd of Jenkins' xUnit plugin allows
(github.com/jenkinsci/xunit-plugin, November 2025); it refuses a whole report for any other.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from itertools import groupby
from xml.etree import ElementTree as ET

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.markup import document, element
from lintscale.reports.text import key_path, place, printable


def render(result: CheckResult, style: Style = PLAIN) -> str:
    by_file = {
        file: list(found)
        for file, found in groupby(result.findings, key=lambda finding: finding.location.file)
    }
    files = sorted({*by_file, *(result.files.keys() & result.reported)})
    failures = sum(1 for finding in result.findings if _fails(finding))
    cases = sum(len(by_file.get(file, [])) or 1 for file in files)
    root = element(
        None, "testsuites", name="lintscale", tests=str(cases), failures=str(failures), errors="0"
    )
    for file in files:
        _suite(root, style.in_repository(file), by_file.get(file, []))
    return document(root)


def _suite(root: ET.Element, name: str, findings: list[Finding]) -> None:
    suite = element(
        root,
        "testsuite",
        name=name,
        file=name,
        tests=str(len(findings) or 1),
        failures=str(sum(1 for finding in findings if _fails(finding))),
        errors="0",
        skipped="0",
    )
    if not findings:
        element(suite, "testcase", name="lintscale", classname=_class(name))
    seen: Counter[str] = Counter()
    for finding in findings:
        case = element(suite, "testcase", name=_name(finding, seen), classname=_class(name))
        _add_outcome(case, finding)


def _class(file: str) -> str:
    """Without the extension, as Jenkins takes what follows the last dot for the class."""
    return posixpath.splitext(file)[0]


def _name(finding: Finding, seen: Counter[str]) -> str:
    """Stable between runs, so without a line number, and unique in its suite, as GitLab keeps only
    one of equal names."""
    parts = (finding.workload, key_path(finding.location.path))
    name = " ".join((f"{finding.rule}:", *(part for part in parts if part)))
    seen[name] += 1
    return name.rstrip(":") if seen[name] == 1 else f"{name} ({seen[name]})"


def _fails(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO


def _add_outcome(case: ET.Element, finding: Finding) -> None:
    text = printable(f"{place(finding.location)}: {finding.message}")
    if finding.help:
        text += f"\n{printable(f'Help: {finding.help}')}"
    if _fails(finding):
        failure = element(case, "failure", message=finding.message, type_=finding.severity.value)
        failure.text = text
    else:
        element(case, "system-out").text = text
