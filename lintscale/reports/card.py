"""A finding on a page: what it says, its code, what to do, and the fix as a diff."""

from __future__ import annotations

from lintscale.engine.finding import Finding, Fix
from lintscale.model.location import Location
from lintscale.reports import Style
from lintscale.reports.ink import Row
from lintscale.reports.listings import Listings
from lintscale.reports.markup import Markup, block, escaped, joined, tag
from lintscale.reports.places import places
from lintscale.reports.proposal import proposal
from lintscale.reports.text import plural

_WIDTH = 110
"""Cells of a code frame; a narrower window scrolls it."""


def card(anchor: str, finding: Finding, listings: Listings, style: Style) -> Markup:
    """The finding, which links of the page lead to by ``anchor``."""
    severity, span = finding.severity.value, finding.location.span
    about = (
        tag("span", severity, class_="badge"),
        tag("a", finding.rule, href=f"#{rule_anchor(finding.rule)}", class_="id"),
        tag("a", f"line {span.line}, column {span.column}", href=f"#{anchor}"),
        *(
            tag("span", each, class_="soft")
            for each in (finding.workload, finding.environment)
            if each
        ),
    )
    return tag(
        "article",
        tag("p", *about, class_="about"),
        tag("h4", finding.message),
        _code(finding, listings, style),
        _advice(finding, listings, style),
        class_=f"finding {severity}",
        id=anchor,
        data_severity=severity,
        data_rule=finding.rule,
    )


def rule_anchor(rule: str) -> str:
    """By which links of the page lead to what it says of a rule."""
    return f"rule-{rule}"


def place_of(location: Location, style: Style) -> str:
    span = location.span
    return f"{style.in_repository(location.file)}:{span.line}:{span.column}"


def _code(finding: Finding, listings: Listings, style: Style) -> Markup:
    parts: list[Markup] = []
    shown = places(finding, listings, _WIDTH)
    for number, (location, rows, message) in enumerate(shown.frames):
        if number:
            parts.append(tag("p", place_of(location, style), class_="place"))
        if rows:
            parts.append(block(_without_edges(rows)))
        elif message:
            parts.append(tag("p", message))
    if shown.left_off:
        parts.append(tag("p", f"and {plural(shown.left_off, 'more place')}", class_="soft"))
    return joined(parts)


def _without_edges(rows: list[Row]) -> list[Row]:
    """Without the empty rows above and below, which a box has no need of."""
    empty = [not "".join(text for text, _ in row).strip(" |") for row in rows]
    return rows[empty[0] : len(rows) - empty[-1]]


def _advice(finding: Finding, listings: Listings, style: Style) -> Markup:
    told = [("Why", escaped(finding.why)), ("What to do", escaped(finding.help))]
    if finding.fix is not None:
        told.append(("Fix", _fix(finding.fix, listings, style)))
    rows = joined(joined((tag("dt", label), tag("dd", text))) for label, text in told if text)
    return tag("dl", rows) if rows else rows


def _fix(fix: Fix, listings: Listings, style: Style) -> Markup:
    how = "--fix applies it"
    if fix.safety != "safe":
        how = "it may change what the service does: --fix --unsafe-fixes applies it"
    told = f"{fix.description} ({fix.safety}; {how})"
    parts = [tag("p", fix.note)] if fix.note else []
    names_files = len({edit.file for edit in fix.edits}) > 1
    for file, rows in proposal(fix, listings, _WIDTH):
        if names_files:
            parts.append(tag("p", style.in_repository(file), class_="place"))
        parts.append(block(rows))
    return tag("details", tag("summary", told), *parts, open="") if parts else escaped(told)
