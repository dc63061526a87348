"""Rows of styled pieces, and such rows as text, with or without colour."""

from __future__ import annotations

from collections.abc import Iterable

Piece = tuple[str, str]
"""A text, and the name of its style."""

Row = list[Piece]

_INKS = {
    "error": "bold bright_red",
    "warning": "bold yellow",
    "info": "bold bright_cyan",
    "message": "bold",
    "heading": "bold",
    "file": "bold underline",
    "place": "bright_blue",
    "gutter": "bright_blue",
    "number": "bright_black",
    "number-marked": "bright_blue",
    "context": "bright_black",
    "related": "bright_blue",
    "why": "bold bright_blue",
    "help": "bold green",
    "fix": "bold green",
    "added": "green",
    "removed": "red",
    "good": "bold green",
    "dim": "bright_black",
    "rule": "bright_black",
}
"""In the terminal's own sixteen colours, so that they suit its theme."""


def to_text(rows: Iterable[Row], *, color: bool) -> str:
    """One line of text per row; ends with a line break when there is any row."""
    if not color:
        lines = ["".join([text for text, _ in row]).rstrip() for row in rows]
        return "\n".join([*lines, ""])
    return _painted(rows)


def _painted(rows: Iterable[Row]) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(ink) for name, ink in _INKS.items()}
    none = Style.null()
    lines = []
    for row in rows:
        pieces = [
            styles.get(style, none).render(text, color_system=ColorSystem.STANDARD)
            for text, style in row
            if text
        ]
        lines.append("".join(pieces))
    return "\n".join([*lines, ""])
