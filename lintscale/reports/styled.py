"""Styled text: rows of styled pieces, and rich renderables, as terminal text.

``check`` prints rows, as rich takes longer to import than a short run; other commands print rich
tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lintscale.reports.text import printable

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from lintscale.reports import Style

Piece = tuple[str, str]
"""A printable text and the name of its style."""

Row = list[Piece]

_STYLES = {
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
    """One line of text per row, each with a line break."""
    if not color:
        lines = ["".join([text for text, _ in row]).rstrip() for row in rows]
        return "\n".join([*lines, ""])
    return _colored(rows)


def _colored(rows: Iterable[Row]) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(definition) for name, definition in _STYLES.items()}
    null = Style.null()
    lines = []
    for row in rows:
        pieces = [
            styles.get(style, null).render(text, color_system=ColorSystem.STANDARD)
            for text, style in row
            if text
        ]
        lines.append("".join(pieces))
    return "\n".join([*lines, ""])


# -- rich -----------------------------------------------------------------------------------------


def render_rich(renderables: Iterable[RenderableType], style: Style) -> str:
    """The renderables one below the other, at most ``style.width`` cells wide but for texts whose
    overflow is to be ignored. Nothing in them is markup, and no environment variable changes the
    output."""
    from io import StringIO

    from rich.console import Console
    from rich.theme import Theme

    console = Console(
        file=StringIO(),
        width=style.width,
        height=100,
        color_system="standard" if style.color else None,
        force_terminal=style.color,
        force_jupyter=False,
        legacy_windows=False,
        no_color=not style.color,
        markup=False,
        emoji=False,
        highlight=False,
        theme=Theme({**_STYLES, "code": "none"}),
        _environ={},
    )
    with console.capture() as capture:
        for renderable in renderables:
            in_one_piece = getattr(renderable, "overflow", None) == "ignore"
            console.print(renderable, soft_wrap=in_one_piece)
    # A CI runner takes a line that begins with "::" for a command.
    lines = (re.sub(r"^(\s*?)\s?(?=::)", r"\1·", line) for line in capture.get().split("\n"))
    return "\n".join(line.rstrip() for line in lines)


def styled(text: str, style: str = "") -> Text:
    """Untrusted text as a rich text: printable, without markup, broken anywhere if it must be."""
    from rich.text import Text

    return Text(printable(text), style, overflow="fold")


def row_texts(rows: Iterable[Row]) -> Iterator[Text]:
    """Rows that fit the terminal as rich texts."""
    from rich.text import Text

    for row in rows:
        yield Text.assemble(*row, no_wrap=True, overflow="crop")


def grid(columns: int, *, gap: int = 2) -> Table:
    """A table without borders."""
    from rich.table import Table

    table = Table.grid(padding=(0, gap, 0, 0))
    for _ in range(columns):
        table.add_column(overflow="fold")
    return table


def heading(name: str, about: str) -> Table:
    """A heading: the name, a line, and at its right end what it is."""
    from rich.rule import Rule
    from rich.table import Table

    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(ratio=1, min_width=2)
    table.add_column(overflow="fold", justify="right")
    table.add_row(styled(name, "file"), Rule(style="rule"), styled(about, "dim"))
    return table
