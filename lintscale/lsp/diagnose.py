"""The library, run on what is in the editor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from lintscale import api
from lintscale._record import field, record
from lintscale.baseline import file as baseline_file
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rules import Rule, RuleError
from lintscale.lsp.positions import Encoding, Lines
from lintscale.project.config import ConfigError, Settings, load_settings, located
from lintscale.project.config.loader import FILE_NAME
from lintscale.project.discovery import EXTENSIONS, relative_name
from lintscale.reports import links
from lintscale.resolve.loading import Progress, ReadingCache
from lintscale.syntax.regex import regex

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
SOURCE = "lintscale"

_TAGS = {
    "deprecated-key": types.DiagnosticTag.Deprecated,
    "removed-api-version": types.DiagnosticTag.Deprecated,
    "retired-format": types.DiagnosticTag.Deprecated,
    "describe-only-key": types.DiagnosticTag.Unnecessary,
    "unused-suppression": types.DiagnosticTag.Unnecessary,
}
"""Editors strike out what is deprecated and fade what is unnecessary."""

_MISTAKE = regex(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)")
"""A line of a ConfigError or RuleError."""


@record
class Document:
    """What is open in the editor, under the address and the version that it has there."""

    uri: str
    version: int | None = None
    text: str = ""


@record
class Checked:
    """What a project came to. ``findings`` are by path, with an entry for each of its open
    documents, and none for files that belong to a project further down; ``trouble`` is why nothing
    could be judged, "" otherwise."""

    root: Path
    findings: dict[Path, list[Finding]] = field(default_factory=dict)
    settings: Settings | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    trouble: str = ""

    def mistakes(self) -> Iterator[tuple[Path, int, int, str]]:
        """Where the trouble lies, as far as that is told: path, line, column, what is wrong."""
        for line in self.trouble.splitlines():
            match = _MISTAKE.fullmatch(line)
            if match is not None:
                path = Path.cwd() / match["file"]
                yield path, int(match["line"]), int(match["column"]), match["text"]


def root_of(path: Path, folders: Sequence[Path]) -> Path:
    """The root of the project that a document belongs to. ``folders`` are the editor's; the one
    that holds the document is its project where neither a configuration nor a repository is."""
    place = located(path)
    if place.whole_project:
        return place.root
    holding = [each for each in _projects(folders) if path.is_relative_to(each)]
    return max(holding, key=lambda each: len(each.parts), default=place.root)


def _projects(folders: Sequence[Path]) -> list[Path]:
    """Those that are read as a whole: neither somebody's home, nor what homes are in."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - without one, Path.home() raises
    return [each for each in folders if not home.is_relative_to(each)]


class OutdatedError(Exception):
    """Nobody waits for the outcome any more."""


def check(
    root: Path,
    texts: Mapping[Path, str],
    folders: Sequence[Path],
    cache: ReadingCache | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Checked:
    """The findings in all of the project at ``root``, its open documents (``texts``) taken as they
    are in the editor. ``cache`` goes from one check of it to the next. Never raises for what files
    hold; raises OutdatedError some time after the outcome ``is_wanted`` no more."""

    def progress(*_: int) -> None:
        if not is_wanted():
            raise OutdatedError

    try:
        # By a file in it, which need not be there, as the folder itself may be gone.
        settings = load_settings(root / FILE_NAME, known_rules=api.known_rules, texts=texts)
        return _checked(settings, texts, folders, cache, progress)
    except (ConfigError, RuleError) as error:
        return Checked(root, trouble=str(error))


def _checked(
    settings: Settings,
    texts: Mapping[Path, str],
    folders: Sequence[Path],
    cache: ReadingCache | None,
    progress: Progress,
) -> Checked:
    root = settings.root
    whole = settings.whole_project or root in _projects(folders)
    inside = [path for path in texts if path.is_relative_to(root)]
    contents = {
        relative_name(path, root): texts[path].encode("utf-8", "surrogatepass") for path in inside
    }
    own = [path for path in inside if root_of(path, folders) == root]
    # A file that is not saved yet is found by nobody unless it is named.
    wanted = [
        str(path)
        for path in own
        if path.suffix.lower() in EXTENSIONS and not (whole and path.exists())
    ]
    if whole and root.is_dir():
        wanted.append(str(root))
    findings: dict[Path, list[Finding]] = {path: [] for path in own}
    rules: Sequence[Rule] = ()
    if wanted:
        baseline = root / settings.baseline if settings.baseline else None
        result = api.check(
            wanted,
            settings=settings,
            contents=contents,
            baseline=baseline_file.read(baseline) if baseline is not None else None,
            cache=cache,
            progress=progress,
        )
        rules = result.rules
        for finding in result.findings:
            # A policy may lie outside of the root.
            path = Path(os.path.abspath(root / finding.location.file))  # noqa: PTH100
            if path in findings or finding.internal or root_of(path, folders) == root:
                findings.setdefault(path, []).append(finding)
    return Checked(root, findings, settings, {rule.id: rule for rule in rules})


def page(rule: str, checked: Checked) -> str:
    """Where the rule is documented: its page, or the file of a team's own; "" for a policy that
    cannot be used."""
    own = checked.rules.get(rule)
    return links.rule_url(rule) or (Path(own.file).as_uri() if own is not None else "")


def diagnostic(
    finding: Finding, texts: Mapping[Path, str], checked: Checked, encoding: Encoding
) -> types.Diagnostic:
    root = checked.root
    documented = page(finding.rule, checked)
    message = finding.message if not finding.help else f"{finding.message}\n{finding.help}"
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(
                (root / each.location.file).as_uri(),
                lines_of(root / each.location.file, texts, encoding).range(each.location.span),
            ),
            each.message,
        )
        for each in finding.related
    ]
    return types.Diagnostic(
        range=lines_of(root / finding.location.file, texts, encoding).range(finding.location.span),
        message=message,
        severity=SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(documented) if documented else None,
        source=SOURCE,
        tags=[_TAGS[finding.rule]] if finding.rule in _TAGS else None,
        related_information=related or None,
    )


def lines_of(path: Path, texts: Mapping[Path, str], encoding: Encoding) -> Lines:
    return Lines(text_of(path, texts) or "", encoding)


def text_of(path: Path, texts: Mapping[Path, str]) -> str | None:
    """What the editor has, else the disk; None where neither has anything."""
    if path in texts:
        return texts[path]
    try:
        # Line ends count as they stand: no translation.
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None
