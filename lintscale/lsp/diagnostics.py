"""Checks of open projects, and findings as diagnostics and hover texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from lsprotocol import types

from lintscale import api
from lintscale._record import field, record
from lintscale.baseline import file as baseline_file
from lintscale.engine.finding import Finding, Severity, anchored
from lintscale.engine.rules import Rule, RuleError
from lintscale.model.location import Span
from lintscale.project.config import FILE_NAME, ConfigError, Settings, load_settings, located
from lintscale.project.discovery import EXTENSIONS, relative_name
from lintscale.project.loading import Progress, ReadingCache
from lintscale.reports.markdown_text import escaped, link
from lintscale.reports.rule_text import paragraphs, rule_url
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

Encoding = types.PositionEncodingKind | str

_CODECS = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16-le",
    types.PositionEncodingKind.Utf32: "utf-32-le",
}

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

_LOCATED = regex(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)")
"""A line of a ConfigError or RuleError."""


@record
class OpenDocument:
    """A document that is open in the editor."""

    uri: str
    version: int | None = None
    text: str = ""


@record
class CheckedProject:
    """The result of a check. ``findings`` are by path, with an entry for each open document of the
    project, and none for files of a project within it; ``error`` is why nothing could be judged,
    "" otherwise."""

    root: Path
    findings: dict[Path, list[Finding]] = field(default_factory=dict)
    settings: Settings | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    error: str = ""

    def located_errors(self) -> Iterator[tuple[Path, int, int, str]]:
        """Path, line, column and message of each line of ``error`` that has them."""
        for line in self.error.splitlines():
            match = _LOCATED.fullmatch(line)
            if match is not None:
                path = Path.cwd() / match["file"]
                yield path, int(match["line"]), int(match["column"]), match["text"]


def root_of(path: Path, folders: Sequence[Path]) -> Path:
    """The root of the project that a document belongs to. Without a configuration or a repository
    it is the one of the editor's ``folders`` that contains the document."""
    location = located(path)
    if location.whole_project:
        return location.root
    containing = [each for each in _project_folders(folders) if path.is_relative_to(each)]
    return max(containing, key=lambda each: len(each.parts), default=location.root)


def _project_folders(folders: Sequence[Path]) -> list[Path]:
    """The folders that may be read as a whole: not a home folder, nor a parent of one."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - without one, Path.home() raises
    return [each for each in folders if not home.is_relative_to(each)]


class OutdatedError(Exception):
    """The result of a check is no longer needed."""


def check(
    root: Path,
    texts: Mapping[Path, str],
    folders: Sequence[Path],
    cache: ReadingCache | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> CheckedProject:
    """The findings in the project at ``root``, with ``texts`` in place of its open documents.
    ``cache`` goes from one check of it to the next. Never raises on account of what files hold;
    raises OutdatedError soon after the result ``is_wanted`` no longer."""

    def progress(*_: int) -> None:
        if not is_wanted():
            raise OutdatedError

    try:
        # A file in the folder, as the folder itself may have been deleted.
        settings = load_settings(root / FILE_NAME, known_rules=api.known_rules, texts=texts)
        return _checked(settings, texts, folders, cache, progress)
    except (ConfigError, RuleError) as error:
        return CheckedProject(root, error=str(error))


def _checked(
    settings: Settings,
    texts: Mapping[Path, str],
    folders: Sequence[Path],
    cache: ReadingCache | None,
    progress: Progress,
) -> CheckedProject:
    root = settings.root
    whole = settings.whole_project or root in _project_folders(folders)
    inside = [path for path in texts if path.is_relative_to(root)]
    contents = {
        relative_name(path, root): texts[path].encode("utf-8", "surrogatepass") for path in inside
    }
    own = [path for path in inside if root_of(path, folders) == root]
    # Discovery finds no file that is not saved yet.
    paths = [
        str(path)
        for path in own
        if path.suffix.lower() in EXTENSIONS and not (whole and path.exists())
    ]
    if whole and root.is_dir():
        paths.append(str(root))
    names = {relative_name(path, root): path for path in own}
    findings: dict[Path, list[Finding]] = {path: [] for path in own}
    rules: Sequence[Rule] = ()
    if paths:
        baseline = root / settings.baseline if settings.baseline else None
        result = api.check(
            paths,
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
            if path not in own and not finding.internal:
                # Its cause may be in a file that is open.
                related = anchored(finding.origin or finding, names)
                if related is not None:
                    findings[names[related.location.file]].append(related)
    return CheckedProject(root, findings, settings, {rule.id: rule for rule in rules})


def _page(rule: str, checked: CheckedProject) -> str:
    """The URL of the rule's page, or of the file of a policy; "" for a policy that cannot be
    used."""
    own = checked.rules.get(rule)
    return rule_url(rule) or (Path(own.file).as_uri() if own is not None else "")


def diagnostic(
    finding: Finding, texts: Mapping[Path, str], checked: CheckedProject, encoding: Encoding
) -> types.Diagnostic:
    root = checked.root
    documented = _page(finding.rule, checked)
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


def hover_text(findings: Sequence[Finding], checked: CheckedProject) -> str:
    """The findings at a position and their rules, as Markdown."""
    rules = dict.fromkeys(finding.rule for finding in findings)
    parts = (
        "\n\n".join(_paragraphs([each for each in findings if each.rule == rule], checked))
        for rule in rules
    )
    return "\n\n---\n\n".join(parts)


def _paragraphs(findings: Sequence[Finding], checked: CheckedProject) -> Iterator[str]:
    """The paragraphs of one rule."""
    first = findings[0]
    rule = checked.rules.get(first.rule)
    summary = f": {escaped(rule.summary)}" if rule is not None else ""
    yield f"**{escaped(first.rule)}** ({first.severity.value}){summary}"
    for message in dict.fromkeys(each.message for each in findings):
        yield escaped(message)
    yield from map(escaped, paragraphs(rule.why if rule is not None else first.why))
    for help_ in dict.fromkeys(each.help for each in findings if each.help):
        yield f"**What to do:** {escaped(help_)}"
    if rule is not None and rule.references:
        yield "\n".join(f"- {link(reference)}" for reference in rule.references)
    documented = _page(first.rule, checked)
    if documented:
        yield f"[The rule's page]({documented})"


def lines_of(path: Path, texts: Mapping[Path, str], encoding: Encoding) -> Lines:
    return Lines(text_of(path, texts) or "", encoding)


def text_of(path: Path, texts: Mapping[Path, str]) -> str | None:
    """The text in the editor, else on disk; None where there is none."""
    if path in texts:
        return texts[path]
    try:
        # Not read as text, which would translate line ends.
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None


# -- positions and URIs of the protocol ------------------------------------------------------------


class Lines:
    """The lines and columns of a text as protocol positions, in the agreed encoding. Lines end in
    the protocol as they do in lintscale."""

    def __init__(self, text: str, encoding: Encoding = types.PositionEncodingKind.Utf16) -> None:
        self.positions = Positions(text)
        self.codec = _CODECS[types.PositionEncodingKind(encoding)]

    def position(self, line: int, column: int) -> types.Position:
        """The position of a line and column, both from 1, the column in Unicode characters."""
        return types.Position(max(line - 1, 0), self.positions.units(line, column, self.codec))

    def at(self, offset: int) -> types.Position:
        return self.position(*self.positions.at(offset))

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(*span[:2]), self.position(*span[2:]))


def covers(outer: types.Range, inner: types.Range) -> bool:
    """Whether the two ranges have a position in common."""
    start, end = (outer.start.line, outer.start.character), (outer.end.line, outer.end.character)
    first = (inner.start.line, inner.start.character)
    last = (inner.end.line, inner.end.character)
    return first <= end and start <= last


def to_file(uri: str) -> Path | None:
    """The file of a URI, whether it exists or not; None for a folder or no file."""
    path = to_path(uri)
    try:
        return None if path is None or path.is_dir() else path
    except OSError:  # its name is too long
        return None


def to_path(uri: str) -> Path | None:
    """The path of a file URI; None for another scheme (untitled:, git:) or an invalid URI."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or "%00" in parts.path:
        return None
    if os.name == "nt":
        host = f"//{parts.netloc}" if parts.netloc else ""
        name = url2pathname(host + parts.path)
    else:
        name = os.fsdecode(unquote_to_bytes(parts.path))
    return Path(os.path.abspath(name)) if name else None  # noqa: PTH100 - links stay as they are
