"""The library's face: what the command line, the hook and editors call."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

from lintscale._record import field, record, replace
from lintscale.baseline import entries as baseline
from lintscale.engine.compiled import built_in_rules, usable_with_policies, with_policies
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.problems import of_problems, of_rule_files
from lintscale.engine.renderings import once_for_all_renderings
from lintscale.engine.rule_errors import Mistake
from lintscale.engine.rules import Rule, read_rule_file, read_rules, rule_files
from lintscale.engine.run import run_rules
from lintscale.model.resolved import Project
from lintscale.project.config import BALANCED, KnownRule, Profile, Settings
from lintscale.resolve.capacity import capacities
from lintscale.resolve.loading import Loaded, Progress, ReadingCache, Skipped, load_files
from lintscale.resolve.what_if import Change, ChangeError, parse_change, unmatched
from lintscale.suppressions import run as suppressing
from lintscale.syntax import SourceFile

if TYPE_CHECKING:
    from lintscale.suppressions.judge import Suppressed

__all__ = [
    "Change",
    "ChangeError",
    "CheckResult",
    "capacities",
    "check",
    "known_rules",
    "load",
    "parse_change",
    "rule",
    "rules",
    "unmatched_changes",
    "usable_rules",
]


@record
class Summary:
    """Counts of a run. ``files_looked_at`` includes those that no platform recognised."""

    files_checked: int = 0
    workloads: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    suppressed: int = 0
    baselined: int = 0
    skipped: tuple[Skipped, ...] = ()
    files_looked_at: int = 0


@record(frozen=False)
class CheckResult:
    """``findings`` are sorted by file, line, column, rule, and so are those that are
    ``suppressed``, each with what suppresses it, and those that the baseline knows
    (``baselined``); ``fixed`` are the baseline's entries that nothing in the project matches
    any more, and of ``untold`` ones this run cannot say. ``files`` holds the text of every
    recognised file, for code frames, and ``reported`` are the names of those that are reported on.
    ``renders``: some files are judged by what overlays and charts make of them. ``rules`` are
    those that there are, own policies among them, whether they were asked for or not; ``profile``
    is the one that production is judged by.
    ``failed_rules`` is true when a rule itself crashed."""

    findings: list[Finding]
    project: Project
    summary: Summary
    files: dict[str, SourceFile] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)
    renders: bool = False
    suppressed: list[Suppressed] = field(default_factory=list)
    baselined: list[Finding] = field(default_factory=list)
    fixed: list[baseline.Entry] = field(default_factory=list)
    untold: list[baseline.Entry] = field(default_factory=list)
    rules: Sequence[Rule] = ()
    profile: Profile = BALANCED
    has_baseline: bool = False
    failed_rules: bool = False
    seconds: float = 0.0


def unmatched_changes(
    result: CheckResult, changes: Sequence[Change]
) -> list[tuple[Change, list[str]]]:
    """What-if changes whose target is nothing in the project, with the names there are."""
    return unmatched(changes, result.project)


def rules(policies: Sequence[Path] = (), *, examples: bool = False) -> Sequence[Rule]:
    """All rules, sorted by id: those that ship and those in these folders; with their
    ``examples`` (which are not kept compiled) when asked for. Raises RuleError when a rule file
    is broken."""
    if examples:
        from lintscale.validation import shipped as resources

        return read_rules(resources.folder("rules"))
    return with_policies(built_in_rules(), policies)


def usable_rules(policies: Sequence[Path] = ()) -> tuple[Sequence[Rule], Sequence[Mistake]]:
    """Like :func:`rules`, with what is wrong with policies that cannot be used."""
    return usable_with_policies(built_in_rules(), policies)


def known_rules(policies: Sequence[Path] = ()) -> Mapping[str, KnownRule]:
    """What a configuration may say of rules, by their ids; of those that cannot be used too."""
    rules_, mistakes = usable_rules(policies)
    broken = {Path(mistake.file).stem: KnownRule("policy", None) for mistake in mistakes}
    return broken | {rule.id: KnownRule(rule.category, rule.params) for rule in rules_}


def rule(name: str, policies: Sequence[Path] = ()) -> Rule | None:
    """One rule with its examples, shipped or of these folders; None where there is none of that
    id. Raises RuleError."""
    from lintscale.validation import shipped as resources

    if name in {each.id for each in built_in_rules()}:
        path = resources.folder("rules") / f"{name}.yaml"
        # What ships has passed the suite.
        return read_rule_file(path, validate=False)
    files = [file for folder in policies for file in rule_files(folder) if file.stem == name]
    return read_rule_file(files[0]) if files else None


def load(
    paths: Sequence[str],
    *,
    settings: Settings,
    stdin: str | bytes | None = None,
    stdin_filename: str = "",
    environment: str | None = None,
    progress: Progress | None = None,
    use_cache: bool = True,
) -> CheckResult:
    """Read and understand the project, judge nothing. See :func:`check`."""
    started = time.perf_counter()
    if environment:
        settings = replace(settings, environment=environment)
    result, _ = _load(paths, settings, stdin, stdin_filename, progress, use_cache=use_cache)
    result.seconds = time.perf_counter() - started
    return result


def check(
    paths: Sequence[str],
    *,
    settings: Settings,
    stdin: str | bytes | None = None,
    stdin_filename: str = "",
    environment: str | None = None,
    progress: Progress | None = None,
    use_cache: bool = True,
    today: str = "",
    known: Sequence[baseline.Entry] | None = None,
    contents: Mapping[str, bytes] | None = None,
    kept: ReadingCache | None = None,
) -> CheckResult:
    """Judge the project; report on ``paths`` (``-`` is ``stdin``, then the only input).

    ``environment`` is taken for every workload's; ``today`` is an ISO date by which deadlines are
    judged, in place of the real one; ``known`` is the baseline; ``contents`` are taken for what
    the files of these names hold; ``kept`` goes from one check to the next, which then reads only
    what has changed. What is wrong with a policy is a finding. Raises RuleError when
    a rule that ships is broken.
    """
    started = time.perf_counter()
    if environment:
        settings = replace(settings, environment=environment)
    result, loaded = _load(
        paths,
        settings,
        stdin,
        stdin_filename,
        progress,
        contents=contents,
        kept=kept,
        use_cache=use_cache,
    )
    today = today or _today()
    built_in = built_in_rules(use_cache=use_cache)
    rules_, mistakes = usable_with_policies(built_in, settings.policies)
    chosen = [rule for rule in rules_ if is_selected(rule, settings)]
    found = run_rules(chosen, result.project, settings, result.files, today)
    findings = once_for_all_renderings(found, result.project)
    findings.extend(of_problems(loaded.readings, chosen, settings, result.project, result.files))
    result.rules, result.profile = rules_, settings.profile_for("production")
    findings.extend(of_rule_files(mistakes, settings))
    reported = set(result.reported)
    outcome = suppressing.judge(
        findings,
        paths=paths,
        settings=settings,
        readings=loaded.readings,
        unrendered=loaded.unrendered,
        unusable=bool(mistakes),
        project=result.project,
        files=result.files,
        rules=rules_,
        chosen=chosen,
        today=today,
    )
    if outcome is not None:
        findings = outcome.findings
        # What is wrong with a suppression in the config stands in the config.
        reported.add(suppressing.config_name(settings))
        hidden = [each for each in outcome.suppressed if _is_in(each.finding, reported)]
        result.suppressed = sorted(
            (each for each in hidden if _is_severe(each.finding, settings)),
            key=lambda each: _order(each.finding),
        )
    findings = sorted((each for each in findings if _is_in(each, reported)), key=_order)
    if known is not None:
        from lintscale.baseline import compare as comparing

        compared = comparing.compare(
            findings,
            known,
            paths=paths,
            settings=settings,
            loaded=loaded,
            reported=reported,
            chosen=chosen,
        )
        findings, result.has_baseline = compared.new, True
        result.fixed, result.untold = compared.gone, compared.untold
        result.baselined = [each for each in compared.known if _is_severe(each, settings)]
    result.findings = [
        _without_unwanted_fix(each, settings) for each in findings if _is_severe(each, settings)
    ]
    _add_config(result, settings)
    result.failed_rules = any(finding.internal for finding in result.findings)
    result.summary = _counted(result)
    result.seconds = time.perf_counter() - started
    return result


def _is_in(finding: Finding, reported: AbstractSet[str]) -> bool:
    """Whether it stands in a file that is reported on."""
    return finding.internal or finding.location.file in reported


def _is_severe(finding: Finding, settings: Settings) -> bool:
    """Whether it is severe enough to be reported."""
    return finding.severity.rank <= Severity(settings.min_severity).rank


def _add_config(result: CheckResult, settings: Settings) -> None:
    """Where findings stand in the config, reports quote it."""
    name = suppressing.config_name(settings)
    if name not in result.files and any(f.location.file == name for f in result.findings):
        source = suppressing.config_source(settings)
        if source is not None:
            result.files[name] = source


def _load(
    paths: Sequence[str],
    settings: Settings,
    stdin: str | bytes | None,
    stdin_filename: str,
    progress: Progress | None,
    *,
    contents: Mapping[str, bytes] | None = None,
    kept: ReadingCache | None = None,
    use_cache: bool,
) -> tuple[CheckResult, Loaded]:
    """A result without findings yet, and what was read for it."""
    loaded = load_files(
        paths,
        settings,
        stdin,
        stdin_filename,
        progress,
        contents=contents,
        kept=kept,
        use_cache=use_cache,
    )
    reported = {reading.name for reading in loaded.readings if reading.reported}
    summary = Summary(
        files_checked=len(reported & loaded.files.keys()),
        workloads=sum(1 for workload in loaded.project.workloads if workload.scanned),
        skipped=loaded.skipped,
        files_looked_at=loaded.looked_at,
    )
    result = CheckResult(
        [], loaded.project, summary, loaded.files, reported, renders=loaded.renders
    )
    return result, loaded


def is_selected(rule: Rule, settings: Settings) -> bool:
    """``ignore`` beats ``select``, except that a rule named by id beats its category."""
    return _is_among(rule, settings.select, settings.ignore)


def _is_among(rule: Rule | Finding, only: Sequence[str], without: Sequence[str]) -> bool:
    """Whether a rule is one of ``only`` (those of ids and categories, or of all where there are
    none) and none of ``without``. A rule named by id beats its category."""
    name = rule.id if isinstance(rule, Rule) else rule.rule
    if name in without:
        return False
    if name not in only and {rule.category, "all"} & set(without):
        return False
    return not only or bool({name, rule.category, "all"} & set(only))


def _without_unwanted_fix(finding: Finding, settings: Settings) -> Finding:
    """Without its fix where the settings say that the rule's are not to be made."""
    if finding.fix is None or _is_among(finding, settings.fixable, settings.unfixable):
        return finding
    return replace(finding, fix=None)


def _order(finding: Finding) -> tuple[object, ...]:
    span = finding.location.span
    return (finding.location.file, span.line, span.column, finding.rule, finding.message)


def _counted(result: CheckResult) -> Summary:
    counts = dict.fromkeys(Severity, 0)
    for finding in result.findings:
        counts[finding.severity] += 1
    return replace(
        result.summary,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
        suppressed=len(result.suppressed),
        baselined=len(result.baselined),
    )


def _today() -> str:
    """The date by which deadlines are judged; SOURCE_DATE_EPOCH makes a run reproducible."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    return datetime.datetime.now(datetime.UTC).date().isoformat()
