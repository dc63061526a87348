"""The text of suppressions.

In a comment: ``lintscale: ignore[rule, other] reason``, with ``until 2027-03-01`` anywhere in the
reason. In an annotation: ``rule, other until 2027-03-01: reason; third: reason``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lintscale._record import record, replace
from lintscale.syntax.regex import regex
from lintscale.syntax.tables import is_date

KEYWORD = "lintscale"
"""Every suppression in a file contains it."""

IGNORE = "ignore"
IGNORE_FILE = "ignore-file"

_ALIASES = {
    IGNORE_FILE: "file-ignore|ignore-all|disable-file|file-disable|skip-file",
    IGNORE: "ignore-line|ignore-next-line|disable|disable-line|disable-next-line|suppress|noqa"
    "|nolint|nosec|skip|allow|off",
}
"""The words of other linters. Any other word after the colon is a sentence about lintscale."""

_VERBS = {word: verb for verb, words in _ALIASES.items() for word in words.split("|")}

_DIRECTIVE = regex(
    rf"(?<!\S)(?:\#++|/{{2,}}+|/?\*++)[ \t]*+(?P<whole>{KEYWORD}"
    rf"[ \t]*+(?P<colon>:?)[ \t]*+(?P<verb>(?i:{IGNORE_FILE}|{IGNORE}|{'|'.join(_VERBS)}))"
    r"(?![\w-])[ \t]*+(?P<open>[\[(]?))"
)
# Each alternative starts where blanks start: a try at every blank would take quadratic time.
_END = regex(r"(?<![ \t])(?:[ \t]++(?:\#[ \t]|//[ \t])|[ \t]*+\*/|[ \t]*+(?:[\r\n]|\Z))")
_NAME = regex(r"[^\s,;]+")
_UNTIL = regex(
    r"\buntil[ \t]++(?P<date>\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4})"
    r"(?![\w/-])",
    re.IGNORECASE,
)
"""A date, or an attempt at one; "until 1.33" and "until the move" belong to the reason."""

_CLAUSE = regex(
    r"\s*+(?P<names>[\w-]++(?:\s*+,\s*+[\w-]++)*+)\s*+(?P<until>\buntil\s++[\w./-]++)?\s*+(?::|\Z)",
    re.IGNORECASE,
)
_WORD = regex(r"\w")


@record
class Name:
    """The name of a rule or category, with its offsets in the text."""

    text: str
    start: int
    end: int


@record
class Clause:
    """Names with a common reason and last day. ``start`` and ``end`` are the offsets of the clause,
    ``names_start`` and ``names_end`` those of its names. ``mistake`` is why it suppresses nothing;
    ``malformed``: its form is wrong."""

    names: tuple[Name, ...]
    start: int
    end: int
    names_start: int
    names_end: int
    reason: str = ""
    until: str = ""
    mistake: str = ""
    malformed: bool = False


@record
class Directive:
    """One suppression in a comment. ``verb`` is IGNORE or IGNORE_FILE."""

    verb: str
    clause: Clause


def directives(comment: str) -> Iterator[Directive]:
    """The suppressions in a comment, each after its own comment mark."""
    for match in _DIRECTIVE.finditer(comment):
        bracket = match["open"]
        if not match["colon"] and not bracket:
            continue  # a sentence that starts with “lintscale ignore…”
        yield _directive(match, comment)


def _directive(match: re.Match[str], comment: str) -> Directive:
    verb = match["verb"].lower()
    meant = _VERBS.get(verb, verb)
    start, at = match.start("whole"), match.end()
    end = _end(comment, at)
    names: tuple[Name, ...] = ()
    names_start = names_end = at
    closed = False
    if match["open"]:
        closing = comment.find("]" if match["open"] == "[" else ")", at, end)
        closed = closing >= 0
        names_end = closing if closed else end
        names = tuple(_names(comment, at, names_end))
        at = min(names_end + 1, end)
    clause = Clause(names, start, end, names_start, names_end)
    clause = _with_text(clause, comment[at:end])
    if verb != meant:
        mistake = f"lintscale has no directive “{match['verb']}”"
    elif not match["colon"]:
        mistake = f"the colon after “{KEYWORD}” is missing"
    elif match["open"] == "(":
        mistake = "its rules must be in square brackets"
    elif match["open"] and not closed:
        mistake = "its bracket is not closed"
    elif not names:
        mistake = "it names no rule"
    else:
        return Directive(meant, clause)
    return Directive(meant, replace(clause, mistake=mistake, malformed=True))


def _end(comment: str, at: int) -> int:
    """The end of a directive: the end of the line, or the start of another tool's comment."""
    match = _END.search(comment, at)
    return match.start() if match is not None else len(comment)


def clauses(annotation: str) -> list[Clause]:
    """The clauses of an annotation, separated by semicolons or lines. A part that is no clause
    belongs to the reason before it."""
    found: list[Clause] = []
    own_ends: list[int] = []  # without the parts that continue a reason
    for part in re.finditer(r"[^;\r\n]+", annotation):
        words = part[0].strip()
        if not words:
            continue
        start = part.start() + len(part[0]) - len(part[0].lstrip())
        end = start + len(words)
        match = _CLAUSE.match(annotation, start, end)
        if match is None and found and found[-1].reason:
            found[-1] = replace(found[-1], end=end)
            continue
        own_ends.append(end)
        if match is not None:
            found.append(_clause(match, annotation, start, end))
        else:
            mistake = f"“{_short(words)}” is not of the form “rule: reason”"
            found.append(Clause((), start, end, start, start, mistake=mistake, malformed=True))
    if found:
        return [
            clause if clause.end == end else _with_rest(clause, annotation[end : clause.end])
            for clause, end in zip(found, own_ends, strict=True)
        ]
    return [Clause((), 0, len(annotation), 0, 0, mistake="it names no rule", malformed=True)]


def _with_rest(clause: Clause, rest: str) -> Clause:
    parts = [part.strip() for part in re.split(r"[;\r\n]+", rest)]
    return replace(clause, reason="; ".join([clause.reason, *filter(None, parts)]))


def _clause(match: re.Match[str], annotation: str, start: int, end: int) -> Clause:
    names = tuple(_names(annotation, *match.span("names")))
    clause = Clause(names, start, end, match.start("names"), match.end("names"))
    until = match["until"] or ""
    clause = _with_text(clause, f"{until} {annotation[match.end() : end]}")
    if until and not clause.until and not clause.mistake:
        date = until.split(None, 1)[1]
        return replace(clause, mistake=_not_a_date(date))
    return clause


def _names(text: str, start: int, end: int) -> Iterator[Name]:
    for match in _NAME.finditer(text, start, end):
        yield Name(match[0].strip("\"'`"), match.start(), match.end())


def _with_text(clause: Clause, text: str) -> Clause:
    """The clause with the reason and the last day in ``text``."""
    match = _UNTIL.search(text)
    until = mistake = ""
    if match is not None:
        text = f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip(' :,;-–—')}"  # noqa: RUF001
        until = match["date"]
        if not is_date(until):
            until, mistake = "", _not_a_date(until)
    reason = text.strip().strip(":;,-–— \t").strip()  # noqa: RUF001
    if _WORD.search(reason) is None:
        reason = ""
    return replace(clause, reason=reason, until=until, mistake=mistake)


def _not_a_date(date: str) -> str:
    return f"“{_short(date)}” is not a date of the form 2027-03-01"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
