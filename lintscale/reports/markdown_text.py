"""Text made fit for Markdown, as GitHub and CommonMark read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lintscale.reports.text import printable
from lintscale.syntax.regex import regex

_SPECIAL = regex(r"[\\`*_{}\[\]<>#|&~$]|(?<!\w)@(?=\w)|(?<=\w):(?=//)|(?<=www)\.")
"""What starts emphasis, links, code, HTML, references, formulas; mentions and bare URLs, which
GitHub would link, are broken as well."""

_ENTITIES = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "@": "&#64;",
    ":": "&#58;",
    ".": "&#46;",
    "|": "&#124;",
}
"""What a backslash does not stop: HTML, mentions, links, the end of a table's cell."""

_NONE = range(0)

_LINE_START = regex(r"^(?:(?P<bullet>[-+=])|(?P<number>\d+)(?P<stop>[.)]))")
"""What begins a list, a rule or a heading's underline."""


def escaped(text: str) -> str:
    """``text`` on one line, shown as itself; what stands in backticks stays code."""
    parts = re.split(r"`([^`|]+)`", printable(" ".join(text.split())))
    result = "".join(
        code(part) if number % 2 else _plain(part) for number, part in enumerate(parts)
    )
    return _LINE_START.sub(_escaped_start, result)


def _escaped_start(match: re.Match[str]) -> str:
    return f"\\{match['bullet']}" if match["bullet"] else f"{match['number']}\\{match['stop']}"


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda match: _entity(match[0]), text)


def _entity(character: str) -> str:
    """A backslash is enough for punctuation, and easier to read."""
    return _ENTITIES.get(character, f"\\{character}")


def code(text: str, *, in_table: bool = False) -> str:
    """A code span; in a table's cell a pipe would end it, wherever it stands."""
    text = printable(" ".join(text.split()))
    if not text:
        return ""
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    if in_table:
        text = text.replace("|", "\\|")
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, language: str = "") -> str:
    """A code block. Control characters are made visible, line breaks and tabs stay."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = text.rstrip("\n").split("\n")
    shown = ["\t".join(printable(part) for part in line.split("\t")) for line in lines]
    return "\n".join([f"{fence}{language}", *shown, fence])


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: range = _NONE) -> str:
    """A table of cells that are Markdown; the columns of ``numbers`` are aligned to the right."""
    rules = ["---:" if column in numbers else "---" for column in range(len(header))]
    lines = [f"|{'|'.join(rules)}|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join([re.sub(" +", " ", f"| {' | '.join(header)} |"), *lines])


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def link(url: str) -> str:
    """A URL as a link to itself."""
    safe = re.sub(r"[^\w./:?#@!$&'+,;=%~-]", _percent, printable(url))
    return f"<{safe}>"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
