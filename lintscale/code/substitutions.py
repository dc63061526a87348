"""What sed's ``s`` command makes of a line, as far as that can be told without its regular
expressions: literal text with gaps of any length between."""

from __future__ import annotations

from lintscale.syntax.regex import regex

_GAP = "\0"
"""Stands for any text; no line holds it."""

_GAPS = regex(
    r"\[\^[^\]]{1,20}\](?:\*|\\?\+|\{[\d,]+\})?|\[\[:[a-z]+:\]\](?:\*|\\?\+)?|\[[^\]]{1,40}\](?:\*|\\?\+)?"
    r"|\\[sSwW](?:\*|\\?\+)?|\.(?:\*|\\?\+)| \*"
)
_ESCAPED = regex(r"\\([^\w\s])")
_MOST = 500
"""Characters of a script that is read; longer ones do more than fill in an image."""


def substituted(line: str, script: str) -> str | None:
    """The line after ``s/pattern/replacement/``; None where the pattern is not in it."""
    parts = _parts(script)
    if parts is None:
        return None
    pattern, replacement = parts
    pattern = pattern.removeprefix("^").removesuffix("$")
    pattern = pattern.replace("\\(", "").replace("\\)", "").replace('"', "").replace("'", "")
    pieces = _ESCAPED.sub(r"\1", _GAPS.sub(_GAP, pattern)).split(_GAP)
    if not any(pieces):
        return None
    begin = end = -1
    for piece in pieces:
        at = line.find(piece, max(end, 0)) if piece else max(end, 0)
        if at < 0:
            return None
        begin = at if begin < 0 else begin
        end = at + len(piece)
    if pieces[-1] == "":
        end = len(line)
    return line[:begin] + replacement + line[end:]


def _parts(script: str) -> tuple[str, str] | None:
    script = script.strip()
    if len(script) > _MOST or len(script) < 2 or script[0] != "s":
        return None
    mark = script[1]
    parts = script[2:].replace("\\" + mark, "\1").split(mark)
    if mark.isalnum() or mark.isspace() or len(parts) < 2:
        return None
    return parts[0].replace("\1", mark), parts[1].replace("\1", mark)
