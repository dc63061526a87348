"""The library's public functions: what the command line, the hook and editors call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lintscale import suppressions
from lintscale._record import field, record, replace
from lintscale.code.files import Files
from lintscale.engine.check_run import Loaded, load_files, prepared, without_excluded_fix
from lintscale.engine.finding import Finding, Severity, anchored
from lintscale.engine.leniency import without_lenient_errors
from lintscale.engine.renderings import merge_objects, merge_renderings
from lintscale.engine.rule_cache import built_in_rules, load_rules
from lintscale.engine.rules import Rule, RuleError
from lintscale.engine.run import policy_findings, problem_findings, run_rules
from lintscale.model.resolved import Project
from lintscale.project.config import BALANCED, KnownRule, Profile, Settings
from lintscale.project.loading import Progress, ReadingCache, Request, Skipped
from lintscale.syntax import SourceFile

if TYPE_CHECKING:
    from lintscale.baseline.file import Entry
    from lintscale.engine.check_run import CheckRun, FixMaker
    from lintscale.fixes.loop import FixResult
    from lintscale.suppressions.judge import Suppressed


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
    """What a check found. ``findings``, ``suppressed`` and ``baselined`` are sorted by file, line,
    column, rule. ``fixed`` are the baseline's entries without a finding; of ``unknown`` ones this
    run cannot tell. ``files`` holds the text of every recognised file, for code frames, and
    ``texts`` those of other files that findings are located in: the configuration, sources.
    ``reported`` are the names of those that are reported on. ``renders``: some files are judged by
    what overlays and charts make of them. ``rules`` are all rules, selected or not; ``profile``
    is production's. ``failed_rules``: a rule itself failed."""

    findings: list[Finding]
    project: Project
    summary: Summary
    files: dict[str, SourceFile] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)
    renders: bool = False
    texts: dict[str, SourceFile] = field(default_factory=dict)
    suppressed: list[Suppressed] = field(default_factory=list)
    baseline: Sequence[Entry] | None = None
    baselined: list[Finding] = field(default_factory=list)
    fixed: list[Entry] = field(default_factory=list)
    unknown: list[Entry] = field(default_factory=list)
    rules: Sequence[Rule] = ()
    profile: Profile = BALANCED
    failed_rules: bool = False
    seconds: float = 0.0
    request: Request = field(default_factory=lambda: Request((), Settings(Path())))


def rules(policies: Sequence[Path] = (), *, examples: bool = False) -> Sequence[Rule]:
    """All rules, sorted by id: the built-in ones and those in these folders; or the built-in ones
    with their ``examples``. Raises RuleError when a rule file is broken."""
    if examples:
        from lintscale.engine.rule_files import read_rules
        from lintscale.validation.schemas import shipped_folder

        return read_rules(shipped_folder("rules"))
    rules_, problems = load_rules(policies)
    if problems:
        raise RuleError(*problems)
    return rules_


def known_rules(policies: Sequence[Path] = ()) -> Mapping[str, KnownRule]:
    """What a configuration may say of rules, by their ids; also of policies that cannot be used."""
    rules_, problems = load_rules(policies)
    broken = {Path(problem.file).stem: KnownRule("policy", None) for problem in problems}
    return broken | {rule.id: KnownRule(rule.category, rule.params) for rule in rules_}


def rule(name: str, policies: Sequence[Path] = ()) -> Rule | None:
    """The rule of this id with its examples, built-in or of these folders; None where there is
    none. Raises RuleError."""
    from lintscale.engine.rule_files import read_rule_file, rule_files
    from lintscale.validation.schemas import shipped_folder

    if name in {each.id for each in built_in_rules()}:
        path = shipped_folder("rules") / f"{name}.yaml"
        return read_rule_file(path, validate=False)
    files = [file for folder in policies for file in rule_files(folder) if file.stem == name]
    return read_rule_file(files[0]) if files else None


def load(
    paths: Sequence[str],
    *,
    settings: Settings,
    stdin: str | bytes | None = None,
    stdin_filename: str = "",
    progress: Progress | None = None,
) -> CheckResult:
    """Read and understand the project; judge nothing. See :func:`check`."""
    request = Request(
        paths, settings, stdin=_bytes(stdin), stdin_filename=stdin_filename, progress=progress
    )
    started = time.perf_counter()
    result = _without_findings(request, load_files(request))
    result.seconds = time.perf_counter() - started
    return result


def check(
    paths: Sequence[str],
    *,
    settings: Settings,
    stdin: str | bytes | None = None,
    stdin_filename: str = "",
    contents: Mapping[str, bytes] | None = None,
    cache: ReadingCache | None = None,
    progress: Progress | None = None,
    use_cache: bool = True,
    today: str = "",
    baseline: Sequence[Entry] | None = None,
) -> CheckResult:
    """Judge the project and report on ``paths``: :class:`Request` describes the parameters.

    ``baseline`` holds the findings that are not reported. A policy that cannot be used is a
    finding. Raises RuleError when a built-in rule is broken.
    """
    request = Request(
        paths,
        settings,
        stdin=_bytes(stdin),
        stdin_filename=stdin_filename,
        contents=contents or {},
        cache=cache,
        progress=progress,
        use_cache=use_cache,
        today=today,
    )
    return check_request(request, baseline)


def check_request(request: Request, baseline: Sequence[Entry] | None = None) -> CheckResult:
    """Like :func:`check`."""
    started = time.perf_counter()
    loaded = load_files(request)
    run = prepared(request, loaded)
    result = _without_findings(request, loaded)
    result.rules, result.profile = run.rules, run.settings.profile_for("production")
    fixer = _fixer(run.files)
    findings = merge_renderings(run_rules(run, fixer), run.project)
    findings += problem_findings(run, fixer)
    findings = without_lenient_errors(findings, run.project.workloads, run.settings)
    findings += policy_findings(run)
    if findings:
        from lintscale.engine.concealed import concealed

        findings = concealed(findings, run.files)
    findings = merge_objects(_without_suppressed(findings, run, result))
    if baseline is not None:
        findings = _without_baselined(findings, baseline, run, result)
    result.findings = [
        without_excluded_fix(each, run.settings) for each in _severe(findings, run.settings)
    ]
    _add_texts(result, run)
    result.failed_rules = any(finding.internal for finding in result.findings)
    result.summary = _counted(result)
    result.seconds = time.perf_counter() - started
    return result


def fix(result: CheckResult, *, unsafe: bool = False) -> FixResult:
    """Apply the fixes of a result's findings, and of those that appear then, in memory; unsafe ones
    only if ``unsafe``. :func:`lintscale.fixes.files.write_all` writes the changed files."""
    from lintscale.fixes.loop import apply_fixes

    def check_again(request: Request) -> CheckResult:
        return check_request(request, result.baseline)

    return apply_fixes(result, check_again, unsafe=unsafe)


def _fixer(files: Mapping[str, SourceFile]) -> Callable[[], FixMaker]:
    """What makes the fixes of findings; imported for the first finding that may have one."""

    @cache
    def fixer() -> FixMaker:
        from lintscale.fixes.edits import Fixer

        return Fixer(files)

    return fixer


def _bytes(stdin: str | bytes | None) -> bytes | None:
    return stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin


def _without_findings(request: Request, loaded: Loaded) -> CheckResult:
    reported = loaded.reported
    summary = Summary(
        files_checked=len(loaded.checked),
        workloads=sum(1 for workload in loaded.project.workloads if workload.scanned),
        skipped=loaded.skipped,
        files_looked_at=loaded.looked_at,
    )
    return CheckResult(
        [],
        loaded.project,
        summary,
        loaded.files,
        reported,
        renders=loaded.renders,
        request=request,
    )


def _without_suppressed(
    findings: list[Finding], run: CheckRun, result: CheckResult
) -> list[Finding]:
    """The findings to report, sorted."""
    outcome = suppressions.apply(findings, run)
    if outcome is None:
        return _reported(findings, result.reported)
    # Findings about the config's suppressions are located in the config.
    files = {*result.reported, run.config_name}
    by_finding = {id(each.finding): each for each in outcome.suppressed}
    hidden = _severe(_reported([each.finding for each in outcome.suppressed], files), run.settings)
    result.suppressed = [
        replace(by_finding[id(finding.origin or finding)], finding=finding) for finding in hidden
    ]
    return _reported(outcome.findings, files)


def _without_baselined(
    findings: list[Finding], baseline: Sequence[Entry], run: CheckRun, result: CheckResult
) -> list[Finding]:
    from lintscale.baseline.compare import compare

    compared = compare(findings, baseline, run)
    result.baseline, result.baselined = baseline, _severe(compared.known, run.settings)
    result.fixed, result.unknown = compared.fixed, compared.unknown
    return compared.new


def _reported(findings: Sequence[Finding], files: AbstractSet[str]) -> list[Finding]:
    """Those whose own or related places are in ``files``, and those about rules that failed,
    sorted."""
    found = (anchored(each, files) for each in findings)
    return sorted((each for each in found if each is not None), key=_order)


def _severe(findings: Sequence[Finding], settings: Settings) -> list[Finding]:
    """Those of the least severity that is reported, or of a higher one."""
    least = Severity(settings.min_severity).rank
    return [each for each in findings if each.severity.rank <= least]


def _order(finding: Finding) -> tuple[object, ...]:
    span = finding.location.span
    return (finding.location.file, span.line, span.column, finding.rule, finding.message)


def _add_texts(result: CheckResult, run: CheckRun) -> None:
    places = [each.location for each in result.findings]
    places += [related.location for each in result.findings for related in each.related]
    others = Files(run.settings.root, ())
    for name in sorted({place.file for place in places} - result.files.keys()):
        file = run.settings.config_file
        if name == run.config_name and file is not None:
            text = file.read_text(encoding="utf-8-sig", errors="replace")
        else:
            text = others.text(name)
        result.texts[name] = SourceFile(name, text, "toml")


def _counted(result: CheckResult) -> Summary:
    severities = [finding.severity for finding in result.findings]
    return replace(
        result.summary,
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        infos=severities.count(Severity.INFO),
        suppressed=len(result.suppressed),
        baselined=len(result.baselined),
    )
