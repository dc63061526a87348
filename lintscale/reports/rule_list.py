"""All rules: as a list for people, as JSON for other tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lintscale.engine.rules import Rule
from lintscale.reports import PLAIN, Style
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import as_json, plural, wrap

VERSION = 1

_LETTERS = {"render": "R", "railway": "Y", "ecs": "E", "kubernetes": "K"}
_NARROWEST_SUMMARY = 50
"""With fewer cells for it, the summary goes under its rule."""

_FIXES = {"safe": "fix", "unsafe": "fix!", "": ""}


def render(rules: Sequence[Rule], style: Style = PLAIN) -> str:
    return to_text(_rows(rules, style.width), color=style.color)


def render_json(rules: Sequence[Rule]) -> str:
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


def _rows(rules: Sequence[Rule], width: int) -> Iterator[Row]:
    widest = max((len(rule.id) for rule in rules), default=0)
    before = 2 + widest + 2 + 7 + 2 + 4 + 2 + 4 + 2
    for category, group in groupby(sorted(rules, key=_order), key=lambda rule: rule.category):
        yield [(category, "heading")]
        for rule in group:
            severity = rule.severity.value
            row: Row = [
                (f"  {rule.id:<{widest}}  ", ""),
                (f"{severity:<7}  ", severity),
                (f"{_platforms(rule)}  {_FIXES[rule.fixable]:<4}  ", "dim"),
            ]
            if width - before < _NARROWEST_SUMMARY:
                yield row
                yield from ([(f"    {line}", "dim")] for line in wrap(rule.summary, width - 4))
            else:
                first, *others = wrap(rule.summary, width - before)
                yield [*row, (first, "")]
                yield from ([(" " * before + line, "")] for line in others)
        yield []
    legend = ", ".join(f"{letter} {name}" for name, letter in _LETTERS.items())
    closing = (
        f"{plural(len(rules), 'rule')}. {legend}; “fix!”: its fix may change what a service does. "
        "“lintscale explain RULE” tells all about one."
    )
    yield from ([(line, "dim")] for line in wrap(closing, width))


def _order(rule: Rule) -> tuple[str, int, str]:
    return (rule.category, rule.severity.rank, rule.id)


def _platforms(rule: Rule) -> str:
    return "".join(letter if name in rule.platforms else "·" for name, letter in _LETTERS.items())
