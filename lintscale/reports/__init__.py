"""Output formats: one module each, which offers ``render(result, style) -> str``.

A new format is a module and a line in FORMATS.
"""

from __future__ import annotations

import posixpath
from importlib import import_module
from typing import TYPE_CHECKING, cast

from lintscale._record import record, replace

if TYPE_CHECKING:
    from lintscale.api import CheckResult

FORMATS = {
    "full": "code frames and a summary, for people",
    "concise": "one line per finding",
    "json": "for other tools (version 1)",
    "github": "annotations of a GitHub Actions run",
    "sarif": "SARIF 2.1.0, for code scanning",
    "gitlab": "GitLab's code quality report",
    "junit": "JUnit XML, for test reports",
    "checkstyle": "Checkstyle XML, for review tools",
    "rdjson": "reviewdog's diagnostics",
    "markdown": "a table, for a job's summary",
    "html": "a page to look through, for reviews",
}

FOR_PEOPLE = frozenset({"full", "concise"})
"""Formats printed in the terminal's encoding; the others are always UTF-8."""


@record
class Style:
    """Presentation options. ``width`` is in terminal cells. ``path_prefix`` leads from the
    repository's root to the project's, ``cwd_prefix`` from the working folder to it ("" or a path
    that ends with a slash). ``unsafe_fixes``: --fix applies unsafe fixes too.
    ``include_suppressed``: formats that can mark findings as suppressed or baselined include
    them."""

    width: int = 100
    color: bool = False
    path_prefix: str = ""
    cwd_prefix: str = ""
    unsafe_fixes: bool = False
    include_suppressed: bool = True

    def narrowed(self, width: int) -> Style:
        """The style with at most this width."""
        return replace(self, width=min(self.width, width))

    def in_repository(self, file: str) -> str:
        """A file's path relative to the repository's root, as code hosts expect it."""
        return _below(self.path_prefix, file)

    def relative_to_cwd(self, file: str) -> str:
        """A file's path relative to the working folder."""
        return _below(self.cwd_prefix, file)


PLAIN = Style()


def _below(prefix: str, file: str) -> str:
    """The joined path, normalised: a file outside the project begins with ".."."""
    return posixpath.normpath(prefix + file) if prefix else file


def render(format: str, result: CheckResult, style: Style = PLAIN) -> str:  # noqa: A002
    """The report in one of FORMATS, with a final line break."""
    module = import_module(f"lintscale.reports.{format}")
    return cast(str, module.render(result, style))
