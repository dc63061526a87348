"""Tables of all rules and of the profiles for people, and the rules as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from lintscale.engine.rules import Rule
from lintscale.platforms import TABLE
from lintscale.platforms.support import SUPPORT
from lintscale.project.config import Profile
from lintscale.reports import PLAIN, Style, rule_text
from lintscale.reports.styled import grid, render_rich, styled
from lintscale.reports.text import as_json, plural

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

VERSION = 1

_FIXES = {"safe": "fix", "unsafe": "fix!", "": ""}

_MIN_WIDTH_OF_SUMMARY = 50
"""In a narrower column of its own a summary would take too many lines: it goes below its rule."""

_MAX_PROSE_WIDTH = 100


# -- rules ----------------------------------------------------------------------------------------


def render_rules(rules: Sequence[Rule], style: Style = PLAIN) -> str:
    return render_rich(_rules(rules, style.width), style)


def rules_json(rules: Sequence[Rule]) -> str:
    """``{"version": 1, "rules": […]}``; "fixable" is "safe", "unsafe" or null."""
    plain = [
        {
            "id": rule.id,
            "category": rule.category,
            "severity": rule.severity.value,
            "summary": rule.summary,
            "platforms": list(rule.platforms),
            "fixable": rule.fixable or None,
            "params": rule.params,
        }
        for rule in rules
    ]
    return as_json({"version": VERSION, "rules": plain})


def _rules(rules: Sequence[Rule], width: int) -> Iterator[RenderableType]:
    from rich.console import Group
    from rich.padding import Padding

    ordered = sorted(rules, key=lambda rule: (rule.category, rule.severity.rank, rule.id))
    widest = max((len(rule.id) for rule in rules), default=0)
    in_column = width - widest - 38 >= _MIN_WIDTH_OF_SUMMARY
    table = grid(5 if in_column else 4)
    table.columns[0].no_wrap = in_column
    for column in table.columns[1:4]:
        column.no_wrap = True
    for number, (category, group) in enumerate(groupby(ordered, key=lambda rule: rule.category)):
        if number:
            table.add_row()
        table.add_row(styled(category, "heading"))
        for rule in group:
            severity = rule.severity.value
            name = styled(f"  {rule.id}")
            below = Padding(styled(rule.summary, "dim"), (0, 0, 0, 4))
            cells = [
                name if in_column else Group(name, below),
                styled(severity, severity),
                styled(_letters(rule), "dim"),
                styled(_FIXES[rule.fixable], "dim"),
            ]
            table.add_row(*cells, *([styled(rule.summary)] if in_column else []))
    yield table
    legend = ", ".join(f"{each.letter} {name}" for name, each in TABLE.items())
    yield ""
    yield styled(
        f"{plural(len(rules), 'rule')}. Platforms: {legend}. “fix!”: an unsafe fix. "
        "Details: lintscale explain RULE",
        "dim",
    )


def _letters(rule: Rule) -> str:
    return "".join(each.letter if name in rule.platforms else "·" for name, each in TABLE.items())


# -- profiles -------------------------------------------------------------------------------------


def render_profiles(profiles: Mapping[str, Profile], style: Style = PLAIN) -> str:
    return render_rich(_profiles(profiles), style.narrowed(_MAX_PROSE_WIDTH))


def _profiles(profiles: Mapping[str, Profile]) -> Iterator[RenderableType]:
    yield profile_table(rule_text.ALL_FIELDS, profiles, "Profiles")
    yield ""
    yield styled(
        "Production and staging use balanced, development and preview environments conservative. "
        "“profile” in lintscale.toml or --profile sets one profile for all."
    )
    yield ""
    yield styled("What the platforms support", "heading")
    table = grid(2)
    table.columns[0].max_width = 24
    for fields, text in SUPPORT.items():
        table.add_row(styled(f"{fields.replace('_', '-')}", "place"), styled(text))
    yield table


def profile_table(fields: list[str], profiles: Mapping[str, Profile], title: str = "") -> Table:
    """What each profile says of the fields."""
    table = grid(1)
    table.show_header = True
    table.columns[0].header = styled(title, "heading")
    for name in profiles:
        table.add_column(styled(name, "dim"), justify="right", min_width=6)
    for meaning, figures in rule_text.profile_rows(fields, profiles):
        table.add_row(styled(meaning), *figures)
    return table
