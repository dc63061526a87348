"""One check: the request, the project that its files describe, and the rules."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from typing import Protocol

from lintscale._record import record, replace
from lintscale.engine.expressions import Bindings
from lintscale.engine.finding import Finding, Fix
from lintscale.engine.rule_cache import load_rules
from lintscale.engine.rules import FixSpec, Rule, RuleProblem
from lintscale.engine.subjects import Subject
from lintscale.model.resolved import Project
from lintscale.project.config import Settings
from lintscale.project.discovery import STDIN, relative_name
from lintscale.project.loading import Request, Skipped, read_project
from lintscale.project.reading import FileReading
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.past import without_past
from lintscale.resolve.project import resolve
from lintscale.secrets import mask
from lintscale.syntax import Problem, SourceFile

SYNTAX_ERROR = "syntax-error"


class FixMaker(Protocol):
    """Makes the fixes of findings; implemented above the engine, in ``lintscale.fixes.edits``."""

    def fix(self, spec: FixSpec, subject: Subject, bindings: Bindings) -> Fix | None:
        """The fix by a rule's ``fix``."""

    def renaming(self, problem: Problem, file: str, safety: str) -> Fix | None:
        """The fix of a misspelt key."""


@record
class Loaded:
    """The resolved project and the files that declare it; the fields are those of
    :class:`lintscale.project.loading.Declared`. ``skipped`` are sorted."""

    project: Project
    readings: list[FileReading]
    skipped: tuple[Skipped, ...]
    files: dict[str, SourceFile]
    looked_at: int
    renders: bool
    unrendered: AbstractSet[str]
    reported_code: AbstractSet[str]
    named_code: AbstractSet[str]

    @property
    def reported(self) -> set[str]:
        """The names of the files that are reported on."""
        configs = {reading.name for reading in self.readings if reading.reported}
        return configs | self.reported_code

    @property
    def checked(self) -> set[str]:
        """Those of them that a platform reads; of applications' files, where there are others to
        judge them with, those that a person named."""
        configs = self.reported & self.files.keys()
        return configs | self.named_code if self.files else configs


@record
class CheckRun:
    """The input of a check. ``rules`` are all rules, ``chosen`` those that the settings select;
    ``policy_problems`` make some policies unusable; ``today`` is an ISO date."""

    request: Request
    loaded: Loaded
    rules: Sequence[Rule]
    chosen: Sequence[Rule]
    policy_problems: Sequence[RuleProblem]
    today: str

    @property
    def settings(self) -> Settings:
        return self.request.settings

    @property
    def project(self) -> Project:
        return self.loaded.project

    @property
    def files(self) -> dict[str, SourceFile]:
        return self.loaded.files

    @property
    def config_name(self) -> str:
        """The config file's name in reports; "" without one."""
        file, root = self.settings.config_file, self.settings.root
        return relative_name(file.absolute(), root.absolute()) if file is not None else ""

    def judging(self, findings: Sequence[Finding]) -> set[str]:
        """The ids of the chosen rules that did not fail."""
        return {rule.id for rule in self.chosen} - {each.rule for each in findings if each.internal}

    def is_complete(self, known_unreadable: AbstractSet[str] = frozenset()) -> bool:
        """Whether a finding that is absent is absent from the project: all of it was read, in no
        assumed environment or profile, and without syntax errors but in ``known_unreadable``."""
        if self.settings.supposes or not self._reads_everything():
            return False
        unreadable = {
            name
            for name, source in self.files.items()
            if any(problem.kind == SYNTAX_ERROR for problem in source.problems)
        }
        return unreadable <= known_unreadable

    def _reads_everything(self) -> bool:
        if STDIN in self.request.paths:
            return False
        root = self.settings.root
        return self.settings.whole_project or any(
            Path(path).absolute() == root for path in self.request.paths
        )


def load_files(request: Request) -> Loaded:
    """Read what is asked for and the project around it. Never raises on account of what files
    hold."""
    settings = request.settings
    names = EnvironmentFinder(Settings(settings.root))
    declared = read_project(request, lambda name: names.of_file(PurePosixPath(name).name))
    fragments, over = without_past(declared.fragments, request.today or _today())
    project = resolve(
        fragments,
        settings,
        outside=declared.outside,
        broken=declared.broken,
        code_files=declared.code_files,
        documents={each.name: each.source for each in declared.readings if each.source},
    )
    skipped = {
        Skipped(each.file, mask(each.reason), mask(each.command)) for each in declared.skipped
    }
    skipped |= {Skipped(file, reason) for file, reason in over}
    return Loaded(
        project=project,
        readings=declared.readings,
        skipped=tuple(sorted(skipped, key=lambda skip: (skip.file, skip.reason))),
        files=declared.files,
        looked_at=declared.looked_at,
        renders=declared.renders,
        unrendered=declared.unrendered,
        reported_code=declared.reported_code,
        named_code=declared.named_code,
    )


def prepared(request: Request, loaded: Loaded) -> CheckRun:
    """The run over what was loaded. Raises RuleError when a built-in rule is broken."""
    settings = request.settings
    rules, problems = load_rules(settings.policies, use_cache=request.use_cache)
    chosen = [rule for rule in rules if is_selected(rule, settings)]
    return CheckRun(request, loaded, rules, chosen, problems, request.today or _today())


def _today() -> str:
    """The date of the system; SOURCE_DATE_EPOCH overrides it, which makes a run reproducible."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def is_selected(rule: Rule, settings: Settings) -> bool:
    return _is_named(rule.id, rule.category, settings.select, settings.ignore)


def without_excluded_fix(finding: Finding, settings: Settings) -> Finding:
    """The finding, without its fix where the settings exclude the fixes of its rule."""
    if finding.fix is None or _is_named(
        finding.rule, finding.category, settings.fixable, settings.unfixable
    ):
        return finding
    return replace(finding, fix=None)


def _is_named(rule: str, category: str, names: Sequence[str], excluded: Sequence[str]) -> bool:
    """Whether ``names`` (of rules, categories or "all"; empty for all) include a rule and
    ``excluded`` do not. A rule named by its id takes precedence over its category."""
    if rule in excluded or (rule not in names and {category, "all"} & set(excluded)):
        return False
    return not names or bool({rule, category, "all"} & set(names))
