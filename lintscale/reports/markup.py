"""HTML in which nothing but what this code writes is markup."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import groupby

from lintscale.reports.frame import MARKED
from lintscale.reports.ink import Row
from lintscale.reports.text import printable


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: str) -> Markup:
    """An element. Content that is no Markup is escaped, and so are the attributes; a trailing
    underscore of an attribute's name is dropped, others are dashes, and an empty value is none."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' if value else f" {key}"
        for key, value in attributes.items()
    )
    inside = "".join([escaped(part) for part in content])
    return Markup(f"<{name}{written}>{inside}</{name}>")


def escaped(text: str) -> Markup:
    """``text`` as it is to be read, with what would not show as itself made visible."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(printable(text)))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """The parts, with white space ``between``."""
    return Markup(between.join([escaped(part) for part in parts]))


def link(url: str, text: str = "") -> Markup:
    """A link to the web; of an address that is none, its text."""
    text = text or url
    return tag("a", text, href=url) if url.startswith(("https://", "http://")) else escaped(text)


_CLASSES = {
    "gutter": "g",
    "number": "g",
    "number-marked": "g",
    "code": "c",
    "error": "k",
    "warning": "k",
    "info": "k",
    "related": "kr",
    f"{MARKED}error": "m",
    f"{MARKED}warning": "m",
    f"{MARKED}info": "m",
    f"{MARKED}related": "mr",
    "added": "a",
    "removed": "d",
}
"""Of what is not styled like the rest of the block. Short, as there are many."""


def block(rows: Iterable[Row]) -> Markup:
    """Rows of styled pieces, which are fit to be shown, as preformatted text; the keyboard can
    scroll it."""
    return tag("pre", joined((_line(row) for row in rows), "\n"), tabindex="0")


def _line(row: Row) -> Markup:
    line = ""
    for name, pieces in groupby(row, key=lambda piece: _CLASSES.get(piece[1], "")):
        shown = html.escape("".join(text for text, _ in pieces), quote=False)
        line += f'<span class="{name}">{shown}</span>' if name and shown else shown
    return Markup(line)
