"""JUnit XML, in the form that Jenkins, GitLab and Azure read: a test suite per file, a failed test
case per finding; findings at info do not fail. A file without findings is a passed case."""

from __future__ import annotations

from itertools import groupby

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.text import place
from lintscale.reports.xml import clean, document, element


def render(result: CheckResult, style: Style = PLAIN) -> str:
    by_file = {
        file: list(found)
        for file, found in groupby(result.findings, key=lambda finding: finding.location.file)
    }
    files = sorted({*by_file, *result.files})
    failures = sum(1 for finding in result.findings if _fails(finding))
    cases = sum(len(by_file.get(file, [])) or 1 for file in files)
    root = element(
        None, "testsuites", name="lintscale", tests=str(cases), failures=str(failures), errors="0"
    )
    for file in files:
        findings = by_file.get(file, [])
        name = style.path_prefix + file
        suite = element(
            root,
            "testsuite",
            name=name,
            tests=str(len(findings) or 1),
            failures=str(sum(1 for finding in findings if _fails(finding))),
            errors="0",
            skipped="0",
        )
        if not findings:
            element(suite, "testcase", name="lintscale", classname=name)
        for finding in findings:
            _case(suite, name, finding)
    return document(root)


def _fails(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO


def _case(suite: object, name: str, finding: Finding) -> None:
    span = finding.location.span
    case = element(
        suite,  # type: ignore[arg-type]
        "testcase",
        name=f"{finding.rule} ({span.line}:{span.column})",
        classname=name,
        file=name,
        line=str(span.line),
    )
    text = f"{place(finding.location)}: {finding.message}"
    if finding.help:
        text += f"\n{finding.help}"
    if _fails(finding):
        failure = element(case, "failure", message=finding.message, type_=finding.severity.value)
        failure.text = clean(text)
    else:
        element(case, "system-out").text = clean(text)
