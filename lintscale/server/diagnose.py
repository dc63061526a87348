"""The library, run on what is in the editor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lsprotocol import types

from lintscale import __version__, api
from lintscale.config import ConfigError, Settings, load_settings
from lintscale.discovery import relative_name
from lintscale.engine import baseline
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rule_errors import RuleError
from lintscale.record import record
from lintscale.server.positions import span_range

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
SOURCE = "lintscale"
_PAGES = f"https://github.com/lintscale/lintscale/blob/v{__version__}/docs/rules"


@record
class Checked:
    """What the documents of one project came to: findings and text lines by the documents' paths.
    ``trouble`` is why nothing could be judged, or not by all rules; "" otherwise."""

    root: Path
    findings: dict[Path, list[Finding]]
    trouble: str = ""


def root_of(path: Path) -> Path:
    """The root of the project that a document belongs to."""
    try:
        return load_settings(path).root
    except ConfigError:
        return load_settings(path, isolated=True).root


def check(path: Path, texts: Mapping[Path, str]) -> Checked:
    """The findings in all open documents (``texts``) of the project of ``path``, each taken as it
    is in the editor. Never raises for what files hold."""
    from lintscale.cli.options import known_rules

    try:
        settings = load_settings(path, known_rules=known_rules)
        return _checked(settings, texts)
    except (ConfigError, RuleError) as error:
        return Checked(root_of(path), {}, str(error))


def _checked(settings: Settings, texts: Mapping[Path, str]) -> Checked:
    root = settings.root
    names = {relative_name(path, root): path for path in texts if path.is_relative_to(root)}
    contents = {name: texts[path].encode("utf-8", "surrogatepass") for name, path in names.items()}
    findings: dict[Path, list[Finding]] = {path: [] for path in names.values()}
    trouble = ""
    on_disk = [str(path) for path in names.values() if path.exists()]
    if on_disk:
        known = _baseline(settings)
        result = api.check(on_disk, settings=settings, contents=contents, known=known)
        for finding in result.findings:
            path = names.get(finding.location.file)
            if path is not None:
                findings[path].append(finding)
            elif finding.internal:
                trouble = trouble or _told(finding)
    return Checked(root, findings, trouble)


def _told(finding: Finding) -> str:
    span = finding.location.span
    return f"{finding.location.file}:{span.line}:{span.column}: {finding.message}"


def _baseline(settings: Settings) -> list[baseline.Entry] | None:
    if not settings.baseline:
        return None
    return baseline.read(settings.root / settings.baseline)


def diagnostic(
    finding: Finding, texts: Mapping[Path, str], root: Path, path: Path
) -> types.Diagnostic:
    lines = texts[path].split("\n")
    message = finding.message if not finding.help else f"{finding.message}\n{finding.help}"
    return types.Diagnostic(
        range=span_range(lines, finding.location.span),
        message=message,
        severity=SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(f"{_PAGES}/{finding.rule}.md"),
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(
                    (root / related.location.file).as_uri(),
                    span_range(_lines(root / related.location.file, texts), related.location.span),
                ),
                related.message,
            )
            for related in finding.related
        ]
        or None,
    )


def _lines(path: Path, texts: Mapping[Path, str]) -> list[str]:
    if path in texts:
        return texts[path].split("\n")
    try:
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []
