"""One change to one file, one finding more: this rule, once, at this line, and nothing else.

The rows are in tests/mutations. Findings that a change takes away are not looked at.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from lintscale import api
from lintscale.engine.finding import Finding
from tests.mutations.availability import AVAILABILITY
from tests.mutations.config import CONFIG
from tests.mutations.connections import CONNECTIONS
from tests.mutations.form import Mutation
from tests.mutations.pools import POOLS
from tests.mutations.rest import REST
from tests.mutations.rollouts import ROLLOUTS
from tests.mutations.scaling import SCALING_ROWS
from tests.mutations.schema import SCHEMA
from tests.mutations.sizes import SIZES
from tests.mutations.stability import STABILITY
from tests.mutations.suppressions import SUPPRESSIONS
from tests.mutations.targets import TARGETS
from tests.one_service import ALL, RAILWAY, RENDER, checked, write

MUTATIONS = (
    *CONFIG,
    *SCHEMA,
    *AVAILABILITY,
    *SCALING_ROWS,
    *TARGETS,
    *STABILITY,
    *CONNECTIONS,
    *POOLS,
    *ROLLOUTS,
    *SIZES,
    *REST,
    *SUPPRESSIONS,
)

RENAMED = {"render.yaml": RENDER, "railway.example.json": RAILWAY}
"""What files are called here before a change of their name, and which of ours they are."""


class Place(NamedTuple):
    rule: str
    platform: str | None
    severity: str
    file: str
    line: int


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_one_change_adds_one_finding(
    mutation: Mutation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    before = project_of(mutation)
    after = changed(mutation, before)
    # Railway calls the service after its folder, which is called as it is called elsewhere.
    baseline = findings_in(tmp_path / "before" / "bookshop-api", before, mutation.config)
    mutated = findings_in(tmp_path / "after" / "bookshop-api", after, mutation.config)
    assert sorted(added(baseline, mutated)) == sorted(expected(mutation, after))


def project_of(mutation: Mutation) -> dict[str, str]:
    """The files before the change."""
    own = RENAMED.get(mutation.file, mutation.file)
    files = {name: ALL[name] for name in (own, *mutation.beside)}
    for edit in mutation.given:
        files[edit.file] = replaced(files[edit.file], edit.old, edit.new)
    files[mutation.file] = files.pop(own)
    return files


def changed(mutation: Mutation, files: dict[str, str]) -> dict[str, str]:
    result = dict(files)
    if mutation.renamed:
        result[mutation.renamed] = result.pop(mutation.file)
    else:
        text = files[mutation.file]
        many = mutation.all_places
        result[mutation.file] = replaced(text, mutation.old, mutation.new, many=many)
    return result


def replaced(text: str, old: str, new: str, *, many: bool = False) -> str:
    count = text.count(old)
    assert count > 1 if many else count == 1, f"{count} times: {old}"
    return text.replace(old, new)


def expected(mutation: Mutation, files: dict[str, str]) -> list[Place]:
    """Where the finding stands, and those that come with it, in the files after the change."""
    name = mutation.where or mutation.renamed or mutation.file
    line = line_of(files[name], mutation.at, mutation.below)
    places = [Place(mutation.rule, mutation.platform, mutation.severity, name, line)]
    for other in mutation.also:
        line = line_of(files[other.file], other.at)
        places.append(Place(other.rule, other.platform, other.severity, other.file, line))
    return places


def line_of(text: str, wanted: str, below: str = "") -> int:
    return text.count("\n", 0, text.index(wanted, text.index(below))) + 1


def findings_in(folder: Path, files: dict[str, str], config: str) -> list[Finding]:
    return checked(write(folder, files, config)).findings


def added(before: list[Finding], after: list[Finding]) -> list[Place]:
    """The findings that are new, or there more often than before, wherever their lines moved."""
    surplus = Counter(map(identity, after))
    surplus.subtract(Counter(map(identity, before)))
    found = []
    for finding in after:
        if surplus[identity(finding)] > 0:
            surplus[identity(finding)] -= 1
            where = finding.location
            severity = finding.severity.value
            found.append(Place(finding.rule, finding.platform, severity, where.file, where.line))
    return found


def identity(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.location.file, finding.location.path, finding.workload)


def test_every_rule_has_a_change_on_each_of_its_platforms() -> None:
    covered = {(mutation.rule, mutation.platform) for mutation in MUTATIONS}
    listed = {
        (rule.id, platform)
        for rule in api.rules()
        for platform in rule.platforms
        if rule.id in {mutation.rule for mutation in MUTATIONS}
    }
    assert covered == listed
