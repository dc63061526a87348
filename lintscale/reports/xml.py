"""What XML reports share: a tree of elements into text that every parser takes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from lintscale.reports.text import printable


def document(root: ET.Element) -> str:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def element(parent: ET.Element | None, name: str, /, **attributes: str) -> ET.Element:
    """A new element below ``parent``; a trailing underscore of an attribute's name is dropped.
    What XML 1.0 cannot hold is shown (see :func:`printable`)."""
    plain = {key.rstrip("_"): printable(value) for key, value in attributes.items()}
    return ET.Element(name, plain) if parent is None else ET.SubElement(parent, name, plain)
