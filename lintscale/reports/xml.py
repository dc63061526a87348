"""What XML reports share: a tree of elements into text that every parser takes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from lintscale.reports.text import printable


def clean(text: str) -> str:
    """``text`` without what XML 1.0 cannot hold: such characters are shown, line breaks kept."""
    return "\n".join(printable(line) for line in text.split("\n"))


def document(root: ET.Element) -> str:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def element(parent: ET.Element | None, name: str, /, **attributes: str) -> ET.Element:
    """A new element below ``parent``; a trailing underscore of an attribute's name is dropped."""
    plain = {key.rstrip("_"): clean(value) for key, value in attributes.items()}
    return ET.Element(name, plain) if parent is None else ET.SubElement(parent, name, plain)
