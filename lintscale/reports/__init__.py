"""One module per output format, each a pure function from a result to text.

A module of this table offers ``render(result, style) -> str``; a new format is a module and a
line here.
"""

from __future__ import annotations

import posixpath
from importlib import import_module
from typing import TYPE_CHECKING, cast

from lintscale._record import record

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
"""Formats whose text may be in another encoding than UTF-8, where the terminal wants it."""


@record
class Style:
    """How a report may look where its format leaves that open. ``width`` is in terminal cells.
    ``path_prefix`` is the project's root as seen from the repository's, ``here_prefix`` from the
    working folder ("" or a path with its slash at the end). ``unsafe_fixes``: they are among
    those that may be applied. ``settled``: what is suppressed or in the baseline is told of by
    formats that can say so."""

    width: int = 100
    color: bool = False
    path_prefix: str = ""
    here_prefix: str = ""
    unsafe_fixes: bool = False
    settled: bool = True

    def in_repository(self, file: str) -> str:
        """A file's path relative to the repository's root, as servers that show the repository
        want it."""
        return _below(self.path_prefix, file)

    def from_here(self, file: str) -> str:
        """A file's path relative to the working folder."""
        return _below(self.here_prefix, file)


PLAIN = Style()


def _below(prefix: str, file: str) -> str:
    """Without the ".." that a file outside the project begins with, where that can be."""
    return posixpath.normpath(prefix + file) if prefix else file


def render(format: str, result: CheckResult, style: Style = PLAIN) -> str:  # noqa: A002
    """The report in one of FORMATS; it ends with a line break."""
    module = import_module(f"lintscale.reports.{format}")
    return cast(str, module.render(result, style))
