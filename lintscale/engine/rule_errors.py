"""Mistakes in rule files."""

from __future__ import annotations

from pathlib import Path

from lintscale._record import record
from lintscale.syntax import Field


@record
class Mistake:
    """One mistake in a rule file, with its place from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class RuleError(Exception):
    """Rule files that cannot be used. The text has a mistake a line, with file, line, column."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = tuple(dict.fromkeys(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def mistake(where: Field, path: Path, message: str) -> Mistake:
    span = where.location.span
    return Mistake(str(path), span.line, span.column, message)
