"""What tests compare of a run."""

from __future__ import annotations

from collections import Counter

from lintscale import api
from lintscale.model.resolved import Workload

Verdict = tuple[str, str | None, str]


def verdicts(result: api.CheckResult) -> Counter[Verdict]:
    return Counter((finding.rule, finding.workload, finding.message) for finding in result.findings)


def rules(result: api.CheckResult) -> list[str]:
    return sorted(finding.rule for finding in result.findings)


def places(result: api.CheckResult) -> list[tuple[str, str, str]]:
    """Rule, severity and file of every finding."""
    return sorted((f.rule, f.severity.value, f.location.file) for f in result.findings)


def workload(result: api.CheckResult, name: str = "shop", file: str = "") -> Workload:
    """The only workload of this name, in this file where that is given."""
    found = [
        each
        for each in result.project.workloads
        if each.name == name and file in ("", each.location.file)
    ]
    assert len(found) == 1
    return found[0]
