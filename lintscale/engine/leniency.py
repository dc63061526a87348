"""Whose errors are warnings: what shows or tests something instead of running it, and operators,
of whose instances only the elected one works."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.engine.finding import Finding, Severity
from lintscale.model.resolved import Workload
from lintscale.project.config import Settings
from lintscale.resolve.environment import path_matcher
from lintscale.resolve.words import words

_TRIAL_WORDS = frozenset(
    {"example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "test",
     "tests", "testing", "e2e", "testdata", "fixture", "fixtures", "quickstart", "quickstarts",
     "walkthrough", "workshop", "workshops", "playground", "mock", "mocks", "benchmark",
     "benchmarks", "experiment", "experiments", "conformance"}
)  # fmt: skip
"""In the name of a folder."""

_TRIAL_FOLDERS = frozenset({"hack", "contrib", "docs", "doc", "documentation", "site", "website"})
"""As the whole name of a folder."""

_ALWAYS = frozenset({"syntax-error"})
"""Rules of what nobody can read, wherever it is."""


def in_trial_folder(file: str) -> bool:
    """By the names of the folders above the file."""
    return any(
        folder.lower() in _TRIAL_FOLDERS or _TRIAL_WORDS & set(words(folder))
        for folder in file.split("/")[:-1]
    )


def without_lenient_errors(
    findings: Sequence[Finding], workloads: Sequence[Workload], settings: Settings
) -> list[Finding]:
    """The findings, with warnings for the errors of operators and trial folders. A severity that
    the settings give a rule holds, and an environment that they give a file says that it runs."""
    operators = {workload.id for workload in workloads if workload.operator}
    running = [path_matcher(globs) for _, globs in settings.environments]

    def is_lenient(finding: Finding) -> bool:
        if finding.severity is not Severity.ERROR or finding.internal:
            return False
        if finding.rule in _ALWAYS or finding.rule in settings.severity:
            return False
        if finding.workload_id in operators:
            return True
        file = finding.location.file
        asked_for = bool(settings.environment) or any(matches(file) for matches in running)
        return not asked_for and in_trial_folder(file)

    return [
        replace(finding, severity=Severity.WARNING) if is_lenient(finding) else finding
        for finding in findings
    ]
