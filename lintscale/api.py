"""The library's face: what the command line, the hook and editors call."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from lintscale import facts, linking, suppressing
from lintscale.config import Settings
from lintscale.discovery import Candidate, discover, relative_name
from lintscale.engine import baseline
from lintscale.engine.compiled import built_in_rules, with_policies
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.problems import of_problems
from lintscale.engine.renderings import once_for_all_renderings
from lintscale.engine.rules import Rule, read_rule, read_rules
from lintscale.engine.run import run_rules
from lintscale.facts.capacity import capacities
from lintscale.facts.environment import EnvironmentFinder
from lintscale.facts.secrets import without_passwords
from lintscale.facts.what_if import Change, ChangeError, parse_change, unmatched
from lintscale.model import Fragments, Project, Workload
from lintscale.reading import TEMPLATES_LEFT_OUT, FileReading, read_file, read_text
from lintscale.record import field, record, replace
from lintscale.rendering import Rendered, render
from lintscale.source import Problem, SourceFile
from lintscale.source.document import SCHEMA_KINDS

if TYPE_CHECKING:
    from lintscale.engine.suppressions import Suppressed

__all__ = [
    "Change",
    "ChangeError",
    "CheckResult",
    "capacities",
    "check",
    "load",
    "parse_change",
    "rule",
    "rules",
    "unmatched_changes",
]

Progress = Callable[[int, int], None]
"""Called with (files done, files in all)."""

STDIN = "-"
SINGLE_DOCUMENT = "a single document on standard input"


@record
class Skipped:
    """A file, or one document of it, that looked like lintscale's business and was left out.
    ``command`` is what people may run to have it checked all the same."""

    file: str
    reason: str
    command: str = ""

    @property
    def text(self) -> str:
        return f"{self.reason}; to check it: {self.command}" if self.command else self.reason


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
    (``baselined``); ``fixed`` are the baseline's entries that nothing in a reported file matches
    any more. ``files`` holds the text of every recognised
    file, for code frames, and ``reported`` are the names of those that are reported on.
    ``renders``: some files are judged by what overlays and charts make of them.
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
        from lintscale import resources

        return read_rules(resources.folder("rules"))
    return with_policies(built_in_rules(), policies)


def rule(name: str) -> Rule | None:
    """One rule with its examples; None where there is none of that id. Raises RuleError."""
    from lintscale import resources

    if name not in {each.id for each in built_in_rules()}:
        return None
    path = resources.folder("rules") / f"{name}.yaml"
    # What ships has passed the suite.
    return read_rule(path.read_text(encoding="utf-8"), path, validate=False)


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
) -> CheckResult:
    """Judge the project; report on ``paths`` (``-`` is ``stdin``, then the only input).

    ``environment`` is taken for every workload's; ``today`` is an ISO date by which deadlines are
    judged, in place of the real one; ``known`` is the baseline; ``contents`` are taken for what
    the files of these names hold. Raises RuleError when a rule file is broken, never on account
    of the files that are checked.
    """
    started = time.perf_counter()
    if environment:
        settings = replace(settings, environment=environment)
    result, readings = _load(
        paths,
        settings,
        stdin,
        stdin_filename,
        progress,
        contents=contents,
        use_cache=use_cache,
    )
    today = today or _today()
    rules_ = with_policies(built_in_rules(use_cache=use_cache), settings.policies)
    chosen = [rule for rule in rules_ if is_selected(rule, settings)]
    found = run_rules(chosen, result.project, settings, result.files, today)
    findings = once_for_all_renderings(found, result.project)
    findings.extend(of_problems(readings, chosen, settings, result.project, result.files))
    reported = set(result.reported)
    outcome = suppressing.judge(
        findings,
        paths=paths,
        settings=settings,
        readings=readings,
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
        hidden = [each for each in outcome.suppressed if _wanted(each.finding, reported, settings)]
        result.suppressed = sorted(hidden, key=lambda each: _order(each.finding))
    result.findings = sorted(
        (
            _without_unwanted_fix(finding, settings)
            for finding in findings
            if _wanted(finding, reported, settings)
        ),
        key=_order,
    )
    if known is not None:
        _leave_out_known(result, known, reported, chosen)
    _add_config(result, settings)
    result.failed_rules = any(finding.internal for finding in result.findings)
    result.summary = _counted(result)
    result.seconds = time.perf_counter() - started
    return result


def _leave_out_known(
    result: CheckResult,
    known: Sequence[baseline.Entry],
    reported: AbstractSet[str],
    chosen: Sequence[Rule],
) -> None:
    """Only what the baseline does not know stays a finding. An entry about a file that was not
    reported on, or a rule that did not judge, says nothing about being fixed."""
    compared = baseline.compare(result.findings, known)
    result.has_baseline = True
    result.findings, result.baselined = compared.new, compared.known
    judging = {rule.id for rule in chosen}
    result.fixed = [
        entry
        for entry in compared.gone
        if entry.rule in judging and (entry.file in reported or entry.file not in result.files)
    ]


def _wanted(finding: Finding, reported: AbstractSet[str], settings: Settings) -> bool:
    """Whether it is severe enough, and in a file that is reported on."""
    if finding.severity.rank > Severity(settings.min_severity).rank:
        return False
    return finding.internal or finding.location.file in reported


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
    use_cache: bool,
) -> tuple[CheckResult, list[FileReading]]:
    rendered = Rendered()
    beside: list[str] = []
    if STDIN in paths:
        readings, left_out = _read_stdin(stdin or b"", stdin_filename, settings), []
        looked_at = 1
    else:
        found = discover(
            settings.root,
            [Path(path) for path in paths],
            settings.exclude,
            whole_project=settings.whole_project,
        )
        left_out, beside = found.left_out, found.beside
        looked_at = len(found.candidates)
        readings = _read_all(found.candidates, settings, progress, contents or {})
        if settings.rendering.enabled:
            rendered = _render(readings, settings, progress, use_cache=use_cache)
    project, skipped = _understand(readings, rendered, settings, beside)
    skipped.extend(Skipped(name, reason) for name, reason in left_out)
    files = {
        **rendered.sources,
        **{reading.name: reading.source for reading in readings if reading.source},
    }
    checked = sum(1 for reading in readings if reading.name in files and reading.reported)
    summary = Summary(
        files_checked=checked,
        workloads=sum(1 for workload in project.workloads if workload.scanned),
        skipped=tuple(sorted(set(skipped), key=lambda skip: (skip.file, skip.reason))),
        files_looked_at=looked_at,
    )
    reported = {reading.name for reading in readings if reading.reported}
    result = CheckResult([], project, summary, files, reported, renders=bool(rendered.covered))
    return result, readings


def _read_stdin(stdin: str | bytes, filename: str, settings: Settings) -> list[FileReading]:
    data = stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin
    name = relative_name(Path(filename).absolute(), settings.root) if filename else "stdin.yaml"
    if not filename and data.lstrip()[:1] in (b"{", b"["):
        name = "stdin.json"
    candidate = Candidate(Path(name), name, explicit=True)
    reading = read_text(candidate, data, settings.versions)
    if reading.documents == 1:
        reading.outside.append(SINGLE_DOCUMENT)
    return [reading]


def _read_all(
    candidates: Sequence[Candidate],
    settings: Settings,
    progress: Progress | None,
    contents: Mapping[str, bytes],
) -> list[FileReading]:
    readings = []
    versions = settings.versions
    for number, candidate in enumerate(candidates, start=1):
        reading = read_file(candidate, versions, contents.get(candidate.name))
        reading.reported = candidate.reported
        readings.append(reading)
        if progress is not None:
            progress(number, len(candidates))
    return readings


def _render(
    readings: Sequence[FileReading],
    settings: Settings,
    progress: Progress | None,
    *,
    use_cache: bool,
) -> Rendered:
    names = EnvironmentFinder(Settings(settings.root))
    return render(
        readings,
        settings,
        environment_of=lambda name: names.of_file(PurePosixPath(name).name),
        use_cache=use_cache,
        progress=progress,
    )


def _understand(
    readings: Sequence[FileReading],
    rendered: Rendered,
    settings: Settings,
    beside: Sequence[str],
) -> tuple[Project, list[Skipped]]:
    """The joined project, and what was left out of it. Partial objects (kustomize patches) are
    never judged alone, and objects that were rendered only as they are rendered. ``beside`` are
    the files of the applications that the configs are for."""
    patches = {name: reading.name for reading in readings for name in reading.patches}
    _leave_to_kustomize(readings)
    _take_over(readings, rendered, patches)
    skipped = [Skipped(name, reason) for name, reason in rendered.left_out]
    skipped.extend(
        Skipped(each.file, without_passwords(each.reason), without_passwords(each.command))
        for each in rendered.not_rendered
    )
    outside: list[str] = []
    fragments = list(rendered.fragments)
    for reading in readings:
        if reading.name in rendered.covered:
            outside.extend(reason for reason in reading.outside if reason != TEMPLATES_LEFT_OUT)
            continue
        outside.extend(reading.outside)
        if reading.name in patches:
            reason = f"a kustomize patch, which is part of an object ({patches[reading.name]})"
            skipped.append(Skipped(reading.name, reason))
            if reading.source is not None:
                problems = _without_schemas(reading.source)
                reading.source = replace(reading.source, documents=[], problems=problems)
            fragments.append(Fragments(patches=reading.fragments.workloads))
            continue
        fragments.append(reading.fragments)
        skipped.extend(Skipped(reading.name, reason) for reason in reading.left_out)
    broken = [
        reading.source.text
        for reading in readings
        if reading.source and any(each.kind == "syntax-error" for each in reading.source.problems)
    ]
    project = linking.link(fragments, outside, broken)
    if beside and any(_may_have_source(workload) for workload in project.workloads):
        from lintscale.application import with_applications

        project = with_applications(project, settings.root, beside)
    files = {reading.name: reading.source for reading in readings if reading.source}
    return facts.derive(project, settings, files), skipped


def _take_over(
    readings: Iterable[FileReading], rendered: Rendered, patches: Mapping[str, str]
) -> None:
    """Into the readings what rendering found out about their files: templates and JSON patches
    are ours after all, and what is wrong with a patch shows where it is applied."""
    for reading in readings:
        if reading.name not in rendered.covered:
            continue
        if reading.source is None and reading.name in rendered.sources:
            reading.source = rendered.sources[reading.name]
            reading.platform = "kubernetes"
        if reading.source is not None:
            problems = reading.source.problems
            if reading.name in patches:
                problems = _without_schemas(reading.source)
            found = rendered.problems.get(reading.name, ())
            reading.source = replace(reading.source, problems=[*problems, *found])


def _leave_to_kustomize(readings: Iterable[FileReading]) -> None:
    """What an object lacks in the file, the kustomization that takes it may add."""
    completed = {name for reading in readings for name in reading.completed}
    for reading in readings:
        if reading.name in completed and reading.source is not None:
            problems = [each for each in reading.source.problems if not each.missing]
            reading.source = replace(reading.source, problems=problems)


def _without_schemas(source: SourceFile) -> list[Problem]:
    """A part of an object has not all that a whole one must have."""
    return [each for each in source.problems if each.kind not in SCHEMA_KINDS]


def _may_have_source(workload: Workload) -> bool:
    """Whether it is worth a look (which costs more than the rest of a small run) if an
    application stands beside the config: it is built from here, or told something."""
    if workload.role == "static" or not workload.scanned:
        return False
    return workload.build is not None or any(
        container.environment or container.env_from or not container.env_complete
        for container in workload.containers
    )


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
