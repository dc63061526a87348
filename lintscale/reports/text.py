"""Text from files for people: safe to print, measured, wrapped, counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lintscale.model.location import Location, PathKey
from lintscale.syntax.regex import regex

_UNPRINTABLE = regex(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: they move the cursor, or start escapes
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows
    "\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\u2028\u2029"  # line breaks to some
    "\ud800-\udfff"  # halves of characters, which no encoding can write
    "\ufffe\uffff"  # no characters, and illegal in XML
    "]"
)

_COMMAND = regex(r"(?<=#)#(?=\w*\[)")
"""The middle of "##[…]" and "##vso[…]", which runners of GitHub (ActionCommand.cs) and Azure
(Command.cs) take for commands wherever they stand in a line of a job's log."""

_SINGLE_CELL = regex(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20c0\u2190-\u2199\u2212\u2400-\u2426\u2500-\u257f]*"
)
"""Characters known to fill one cell, so that most texts are measured without the table."""


def printable(text: str) -> str:
    """``text`` with invisible characters made visible: control characters as their pictures (␛),
    others as their code point (<U+202E>). It contains no command of a CI runner, except at its
    very beginning (see :func:`shown_name`)."""
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTABLE.sub(_visible, text)
    return without_commands(text)


def without_commands(text: str) -> str:
    """``text`` with a space inside anything that a CI runner takes for a command."""
    return _COMMAND.sub(" #", text) if "##" in text else text


def commands(text: str) -> Iterator[re.Match[str]]:
    """Where :func:`without_commands` inserts a space: each match is the "#" after it."""
    return _COMMAND.finditer(text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def as_json(plain: Any) -> str:
    """A report in JSON. Invisible characters and the commands of CI runners are JSON escapes; lone
    surrogates, which many parsers refuse, are replaced."""
    import json

    text = json.dumps(plain, ensure_ascii=False, indent=2)
    if not text.isascii() or "\x7f" in text:
        text = _UNPRINTABLE.sub(_escaped, text)
    return (_COMMAND.sub(r"\\u0023", text) if "##" in text else text) + "\n"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:  # those in texts are escaped already; this is the layout's
        return match.group()
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def cells(text: str) -> int:
    """The width of ``text`` in terminal cells: two for each wide character."""
    if text.isascii() or _SINGLE_CELL.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces; a longer word has a line of
    its own. At least one line. No line after the first begins with "::", which a CI runner takes
    for a command."""
    lines: list[str] = []
    line = ""
    used = 0
    for word in text.split():
        size = cells(word)
        if line and used + 1 + size > width and not word.startswith("::"):
            lines.append(line)
            line, used = word, size
        else:
            line = f"{line} {word}" if line else word
            used += size + (1 if used else 0)
    return [*lines, line] if line or not lines else lines


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def place(location: Location) -> str:
    """``file:line:column``, safe to print."""
    return f"{shown_name(location.file)}:{location.span.line}:{location.span.column}"


def line_of(location: Location) -> str:
    """``file:line``, safe to print."""
    return f"{shown_name(location.file)}:{location.span.line}"


def shown_name(file: str) -> str:
    """A file's name, safe to print at the beginning of a line: see :func:`wrap`."""
    name = printable(file)
    return f"./{name}" if name.lstrip().startswith("::") else name


def key_path(path: tuple[PathKey, ...]) -> str:
    """``spec.containers[0].image``; a key that is not an identifier is quoted in brackets."""
    import json

    parts: list[str] = []
    for key in path:
        if isinstance(key, int) and not isinstance(key, bool):
            parts.append(f"[{key}]")
        elif re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", str(key)):
            parts.append(f".{key}")
        else:
            parts.append(f"[{json.dumps(str(key), ensure_ascii=False)}]")
    return "".join(parts).removeprefix(".")
