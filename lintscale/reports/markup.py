"""HTML and XML built from escaped text."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from lintscale.reports.code_frame import MARKED
from lintscale.reports.styled import Row
from lintscale.reports.text import printable


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: str) -> Markup:
    """An HTML element. Content that is not Markup is escaped, and so are attribute values. In an
    attribute's name a trailing underscore is dropped and others become dashes; an attribute with
    an empty value is written without one."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' if value else f" {key}"
        for key, value in attributes.items()
    )
    inside = "".join([escaped(part) for part in content])
    return Markup(f"<{name}{written}>{inside}</{name}>")


def escaped(text: str) -> Markup:
    """``text`` as HTML, invisible characters made visible."""
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(printable(text)))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """The parts, escaped and joined by ``between``."""
    return Markup(between.join([escaped(part) for part in parts]))


def link(url: str, text: str = "") -> Markup:
    """A link to an http(s) URL; the plain text for any other URL."""
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
"""CSS classes by style, short because a page has many; other styles need none."""


def block(rows: Iterable[Row]) -> Markup:
    """Rows of styled printable pieces as preformatted text that the keyboard can scroll."""
    return tag("pre", joined((_line(row) for row in rows), "\n"), tabindex="0")


def _line(row: Row) -> Markup:
    line = ""
    for name, pieces in groupby(row, key=lambda piece: _CLASSES.get(piece[1], "")):
        shown = html.escape("".join(text for text, _ in pieces), quote=False)
        line += f'<span class="{name}">{shown}</span>' if name and shown else shown
    return Markup(line)


def document(root: ET.Element) -> str:
    """An XML document, indented."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def element(parent: ET.Element | None, name: str, /, **attributes: str) -> ET.Element:
    """A new XML element below ``parent``; a trailing underscore of an attribute's name is dropped.
    Characters that XML 1.0 does not allow are made visible (see :func:`printable`)."""
    plain = {key.rstrip("_"): printable(value) for key, value in attributes.items()}
    return ET.Element(name, plain) if parent is None else ET.SubElement(parent, name, plain)
