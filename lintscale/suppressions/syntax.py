"""What a suppression says, in a comment and in an annotation.

In a comment: ``lintscale: ignore[rule, other] reason``, with ``until 2027-03-01`` anywhere in the
reason. In an annotation: ``rule, other until 2027-03-01: reason; third: reason``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lintscale._record import record, replace
from lintscale.model.dates import is_date
from lintscale.syntax.regex import regex

KEYWORD = "lintscale"
"""No text without it holds a suppression."""

IGNORE = "ignore"
IGNORE_FILE = "ignore-file"

_MEANT_SO = {
    IGNORE_FILE: "file-ignore|ignore-all|disable-file|file-disable|skip-file",
    IGNORE: "ignore-line|ignore-next-line|disable|disable-line|disable-next-line|suppress|noqa"
    "|nolint|nosec|skip|allow|off",
}
"""What other linters call it. Any other word after the colon is a sentence about lintscale."""

_WORDS = {word: verb for verb, words in _MEANT_SO.items() for word in words.split("|")}

_DIRECTIVE = regex(
    rf"(?<!\S)(?:\#++|/{{2,}}+|/?\*++)[ \t]*+(?P<whole>{KEYWORD}"
    rf"[ \t]*+(?P<colon>:?)[ \t]*+(?P<verb>(?i:{IGNORE_FILE}|{IGNORE}|{'|'.join(_WORDS)}))"
    r"(?![\w-])[ \t]*+(?P<open>[\[(]?))"
)
# That blanks begin there is part of each: trying it at every blank of many would take for ever.
_END = regex(r"(?<![ \t])(?:[ \t]++(?:\#[ \t]|//[ \t])|[ \t]*+\*/|[ \t]*+(?:[\r\n]|\Z))")
_NAME = regex(r"[^\s,;]+")
_UNTIL = regex(
    r"\buntil[ \t]++(?P<date>\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4})"
    r"(?![\w/-])",
    re.IGNORECASE,
)
"""A date, or what was meant for one; "until 1.33" and "until the move" are a reason's words."""

_CLAUSE = regex(
    r"\s*+(?P<names>[\w-]++(?:\s*+,\s*+[\w-]++)*+)\s*+(?P<until>\buntil\s++[\w./-]++)?\s*+(?::|\Z)",
    re.IGNORECASE,
)
_SAYS_SOMETHING = regex(r"\w")


@record
class Name:
    """A rule or a category that is named, and where: offsets within the text."""

    text: str
    start: int
    end: int


@record
class Clause:
    """Names that share a reason and a last day. ``start`` and ``end`` bound all of it,
    ``names_start`` and ``names_end`` the list of names. ``mistake``: why it suppresses nothing;
    ``malformed`` where it is to be written in another form."""

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
    """The suppressions in the text of a comment, its mark included. Several may stand in one,
    each after a mark of its own."""
    for match in _DIRECTIVE.finditer(comment):
        bracket = match["open"]
        if not match["colon"] and not bracket:
            continue  # a sentence that begins with “lintscale ignore…”
        yield _directive(match, comment)


def _directive(match: re.Match[str], comment: str) -> Directive:
    verb = match["verb"].lower()
    meant = _WORDS.get(verb, verb)
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
        mistake = f"“{match['verb']}” is no word of lintscale's"
    elif not match["colon"]:
        mistake = f"the colon after “{KEYWORD}” is missing"
    elif match["open"] == "(":
        mistake = "its rules stand in the wrong brackets"
    elif match["open"] and not closed:
        mistake = "its bracket is not closed"
    elif not names:
        mistake = "it names no rule"
    else:
        return Directive(meant, clause)
    return Directive(meant, replace(clause, mistake=mistake, malformed=True))


def _end(comment: str, at: int) -> int:
    """Where what follows ends: with the line, or where another tool's comment begins."""
    match = _END.search(comment, at)
    return match.start() if match is not None else len(comment)


def clauses(annotation: str) -> list[Clause]:
    """The clauses of an annotation's text: parted by semicolons or lines. A part that does not
    look like one belongs to the reason before it."""
    found: list[Clause] = []
    own_ends: list[int] = []  # without the parts that only go on with a reason
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
        return replace(clause, mistake=_no_day(date))
    return clause


def _names(text: str, start: int, end: int) -> Iterator[Name]:
    for match in _NAME.finditer(text, start, end):
        yield Name(match[0].strip("\"'`"), match.start(), match.end())


def _with_text(clause: Clause, text: str) -> Clause:
    """The clause with the reason and the last day that ``text`` gives."""
    match = _UNTIL.search(text)
    until = mistake = ""
    if match is not None:
        text = f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip(' :,;-–—')}"  # noqa: RUF001
        until = match["date"]
        if not is_date(until):
            until, mistake = "", _no_day(until)
    reason = text.strip().strip(":;,-–— \t").strip()  # noqa: RUF001
    if _SAYS_SOMETHING.search(reason) is None:
        reason = ""
    return replace(clause, reason=reason, until=until, mistake=mistake)


def _no_day(date: str) -> str:
    return f"“{_short(date)}” is no day written as in 2027-03-01"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
