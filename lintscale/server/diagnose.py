"""The library, run on what is in the editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from lintscale import api
from lintscale.config import ConfigError, Settings, load_settings
from lintscale.discovery import EXTENSIONS, relative_name
from lintscale.engine import baseline
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rule_errors import RuleError
from lintscale.engine.rules import Rule
from lintscale.loading import Kept
from lintscale.record import field, record
from lintscale.regex import regex
from lintscale.server.positions import Encoding, Lines

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
SOURCE = "lintscale"
_PAGES = "https://github.com/lintscale/lintscale/blob/main/docs/rules"

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
class Checked:
    """What a project came to. ``findings`` are by path, with an entry for each of its open
    documents; ``trouble`` is why nothing could be judged, "" otherwise."""

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
    try:
        settings = load_settings(path)
    except ConfigError:
        settings = load_settings(path, isolated=True)
        tops = [each for each in path.parents if each.is_relative_to(settings.root)]
        nearest = next((each for each in tops if (each / "lintscale.toml").is_file()), None)
        return nearest or settings.root
    if not settings.whole_project:
        holding = [each for each in folders if path.is_relative_to(each) and each != Path.home()]
        return max(holding, key=lambda each: len(each.parts), default=settings.root)
    return settings.root


def check(
    root: Path, texts: Mapping[Path, str], folders: Sequence[Path], kept: Kept | None = None
) -> Checked:
    """The findings in all of the project at ``root``, its open documents (``texts``) taken as they
    are in the editor. ``kept`` goes from one check of it to the next. Never raises for what files
    hold."""
    try:
        settings = load_settings(root, known_rules=api.known_rules)
        return _checked(settings, texts, kept, whole=settings.whole_project or root in folders)
    except (ConfigError, RuleError) as error:
        return Checked(root, trouble=str(error))


def _checked(
    settings: Settings, texts: Mapping[Path, str], kept: Kept | None, *, whole: bool
) -> Checked:
    root = settings.root
    names = {relative_name(path, root): path for path in texts if path.is_relative_to(root)}
    contents = {name: texts[path].encode("utf-8", "surrogatepass") for name, path in names.items()}
    # A file that is not saved yet is found by nobody unless it is named.
    wanted = [
        str(path)
        for path in names.values()
        if path.suffix.lower() in EXTENSIONS and not (whole and path.exists())
    ]
    if whole:
        wanted.append(str(root))
    findings: dict[Path, list[Finding]] = {path: [] for path in names.values()}
    rules: Sequence[Rule] = ()
    if wanted:
        known = baseline.read(root / settings.baseline) if settings.baseline else None
        result = api.check(wanted, settings=settings, contents=contents, known=known, kept=kept)
        rules = result.rules
        for finding in result.findings:
            path = root / finding.location.file
            findings.setdefault(path, []).append(finding)
    return Checked(root, findings, settings, {rule.id: rule for rule in rules})


def page(rule: str, checked: Checked) -> str:
    """Where the rule is documented: its page, or the file of a team's own."""
    own = checked.rules.get(rule)
    folders = checked.settings.policies if checked.settings is not None else ()
    if own is not None and any(Path(own.file).is_relative_to(folder) for folder in folders):
        return (checked.root / own.file).as_uri()
    return f"{_PAGES}/{rule}.md"


def diagnostic(
    finding: Finding, texts: Mapping[Path, str], checked: Checked, encoding: Encoding
) -> types.Diagnostic:
    root = checked.root
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
        code_description=types.CodeDescription(page(finding.rule, checked)),
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
