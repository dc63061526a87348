"""One page for those who review how a project scales: by rule, by file, what is not reported.

It needs nothing from elsewhere, and its policy lets nothing in: neither a style nor a script but
the two that stand in it, whose hashes it names. Without the script it lacks only the filter.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path

from lintscale import __version__
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Fix, Severity
from lintscale.engine.rules import Rule
from lintscale.model.location import Location
from lintscale.reports import PLAIN, Style, rule_text
from lintscale.reports.code_frame import Sources, finding_frames
from lintscale.reports.concise import counts
from lintscale.reports.diff import fix_diff
from lintscale.reports.links import HOMEPAGE, rule_url, rules_by_id
from lintscale.reports.markup import Markup, block, escaped, joined, link, tag
from lintscale.reports.styled import Row
from lintscale.reports.summary import checked, fixable, nothing, reasons
from lintscale.reports.text import plural
from lintscale.resolve.secrets import without_passwords
from lintscale.suppressions.judge import Suppressed
from lintscale.suppressions.suppression import CONFIG

_FEW_FILES = 3
"""So many are found without an index."""

_FEW_FINDINGS = 300
"""So many a browser lays out at once; of more it does what is on the screen."""

_SEVERITIES = ("error", "warning", "info")


def render(result: CheckResult, style: Style = PLAIN) -> str:
    parts = _Page(result, style)
    css, script = _beside("page.css"), _beside("page.js") if result.findings else ""
    policy = f"default-src 'none'; style-src {_hash(css)}; "
    if script:
        policy += f"script-src {_hash(script)}; "
    head = (
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy"'
        f""" content="{policy}base-uri 'none'; form-action 'none'">""",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        tag("title", f"lintscale: {counts(result) or 'no findings'}"),
        f"<style>{css}</style>",
    )
    body = (
        tag("a", "Skip to the findings", href="#findings", class_="skip")
        if result.findings
        else "",
        parts.head(),
        tag("main", joined(parts.sections(), "\n"), class_=parts.size),
        tag("footer", tag("p", "Made by ", link(HOMEPAGE, "lintscale"), f" {__version__}.")),
        f"<script>{script}</script>" if script else "",
    )
    start = ("<!doctype html>", '<html lang="en">', "<head>", *head, "</head>", "<body>")
    return "\n".join((*start, *filter(None, body), "</body>", "</html>")) + "\n"


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


class _Page:
    def __init__(self, result: CheckResult, style: Style) -> None:
        self.result = result
        self.style = style
        self.sources = Sources(result)
        self.rules = rules_by_id(result)
        self.findings = _named(result.findings)
        self.size = "many" if len(result.findings) > _FEW_FINDINGS else "few"

    @cached_property
    def by_rule(self) -> list[tuple[str, list[tuple[str, Finding]]]]:
        """The findings of each rule, the most severe and most frequent first."""
        found: dict[str, list[tuple[str, Finding]]] = {}
        for name, finding in self.findings:
            found.setdefault(finding.rule, []).append((name, finding))
        return sorted(
            found.items(),
            key=lambda item: (min(f.severity.rank for _, f in item[1]), -len(item[1]), item[0]),
        )

    # -- the head ---------------------------------------------------------------------------------

    def head(self) -> Markup:
        result = self.result
        told = _words(nothing(result))
        if self.findings:
            told = escaped(f"{plural(len(self.findings), 'finding')} in {checked(result)}")
        can_fix, _ = fixable(result, unsafe=self.style.unsafe_fixes)
        tally = joined(self._tally(), "\n")
        return tag(
            "header",
            tag("p", "lintscale", class_="soft"),
            tag("h1", told),
            *([tag("p", f"{can_fix}.", class_="soft")] if can_fix else []),
            *([tag("ul", tally, class_="tally")] if tally else []),
        )

    def _tally(self) -> Iterator[Markup]:
        summary = self.result.summary
        numbers = (summary.errors, summary.warnings, summary.infos)
        for count, severity in zip(numbers, _SEVERITIES, strict=True):
            if self.findings:
                noun = severity if count == 1 else f"{severity}s"
                yield tag("li", tag("b", str(count)), noun, class_=severity if count else "zero")
        for count, noun, where in (
            (summary.suppressed, "suppressed", "suppressed"),
            (summary.baselined, "in the baseline", "baseline"),
            (len(summary.skipped), "left out", "left-out"),
        ):
            if count:
                yield tag("li", tag("b", str(count)), tag("a", noun, href=f"#{where}"))

    # -- the parts --------------------------------------------------------------------------------

    def sections(self) -> Iterator[Markup]:
        yield from self._rules()
        yield from self._files()
        yield from self._apart(
            "suppressed",
            "Suppressed",
            [(each.finding, self._suppression(each)) for each in self.result.suppressed],
        )
        known = [(finding, Markup("")) for finding in self.result.baselined]
        yield from self._apart("baseline", "In the baseline", known)
        yield from self._left_out()

    def _rules(self) -> Iterator[Markup]:
        if self.findings:
            rows = (self._rule(rule, found) for rule, found in self.by_rule)
            yield tag("section", tag("h2", "By rule"), Markup("\n"), joined(rows, "\n"), id="rules")

    def _rule(self, name: str, found: Sequence[tuple[str, Finding]]) -> Markup:
        tally = Counter(finding.severity.value for _, finding in found)
        badges = (
            tag("span", plural(tally[severity], severity), class_=f"badge {severity}")
            for severity in _SEVERITIES
            if tally[severity]
        )
        rule = self.rules.get(name)
        summary = tag(
            "summary",
            tag("span", name, class_="id"),
            *([tag("span", rule.summary, class_="soft")] if rule else []),
            tag("span", joined(badges, " "), class_="badges"),
        )
        parts = list(self._about(rule)) if rule else []
        where = (
            tag(
                "li",
                tag("a", place_text(each.location, self.style), href=f"#{anchor}", class_="place"),
                f" {each.message}",
            )
            for anchor, each in found
        )
        parts += [tag("h3", "Where"), _list(where)]
        return tag("details", summary, tag("div", *parts), class_="rule", id=rule_anchor(name))

    def _about(self, rule: Rule) -> Iterator[Markup]:
        yield tag("h3", "Why")
        yield from (tag("p", part) for part in rule_text.paragraphs(rule.why))
        yield tag("h3", "What to do")
        help_text = rule_text.what_to_do(rule, self.result.profile)
        yield from (tag("p", part) for part in rule_text.paragraphs(help_text))
        links = [link(reference) for reference in rule.references]
        about = rule_url(rule.id)
        if about:
            links.insert(0, link(about, "The rule's page"))
        if links:
            yield tag("h3", "To read")
            yield _list((tag("li", each) for each in links), "links")

    def _files(self) -> Iterator[Markup]:
        if not self.findings:
            return
        groups = [
            (file, list(found))
            for file, found in groupby(self.findings, key=lambda each: each[1].location.file)
        ]
        parts = [tag("h2", "By file"), self._filter()]
        if len(groups) > _FEW_FILES:
            rows = (
                tag(
                    "li",
                    tag("a", self.style.in_repository(file), href=f"#file-{number}"),
                    f" ({len(found)})",
                )
                for number, (file, found) in enumerate(groups, start=1)
            )
            summary = tag("summary", plural(len(groups), "file"))
            parts.append(tag("details", summary, _list(rows, "files"), class_="index"))
        parts += [
            self._file(number, file, found) for number, (file, found) in enumerate(groups, start=1)
        ]
        yield tag("section", joined(parts, "\n"), id="findings")

    def _filter(self) -> Markup:
        boxes = (
            tag(
                "label",
                Markup(f'<input type="checkbox" name="severity" value="{severity}" checked>'),
                tag("span", severity, class_=f"badge {severity}"),
            )
            for severity in _SEVERITIES
        )
        options = (tag("option", rule, value=rule) for rule in sorted(r for r, _ in self.by_rule))
        chooser = tag(
            "select", Markup('<option value="">all rules</option>'), *options, name="rule"
        )
        return tag(
            "form",
            joined(boxes),
            tag("label", "Rule ", chooser),
            Markup('<output name="shown"></output>'),
            name="filter",
            class_="filter",
            aria_label="Which findings are shown",
            hidden="",
        )

    def _file(self, number: int, file: str, found: Sequence[tuple[str, Finding]]) -> Markup:
        tally = Counter(finding.severity for _, finding in found)
        told = ", ".join(plural(tally[each], each.value) for each in Severity if tally[each])
        name = tag("span", self.style.in_repository(file), class_="place")
        cards = (card(*each, self.sources, self.style) for each in found)
        return tag(
            "section",
            tag("h3", name, tag("span", told, class_="soft")),
            Markup("\n"),
            joined(cards, "\n"),
            class_="file",
            id=f"file-{number}",
        )

    # -- what is not reported ---------------------------------------------------------------------

    def _suppression(self, each: Suppressed) -> Markup:
        where = each.suppression.location
        if each.suppression.kind == CONFIG:
            by = f"by {self.style.in_repository(where.file)}:{where.span.line}"
        else:
            by = f"by the {each.suppression.kind} in line {where.span.line}"
        until = f", until {each.clause.until}" if each.clause.until else ""
        reason = without_passwords(each.clause.reason) or "no reason given"
        return joined((Markup("<br>"), tag("span", f"{reason} ({by}{until})", class_="soft")))

    def _apart(
        self, anchor: str, title: str, found: Sequence[tuple[Finding, Markup]]
    ) -> Iterator[Markup]:
        if not found:
            return
        rows = (
            tag(
                "li",
                tag("span", finding.severity.value, class_=f"badge {finding.severity.value}"),
                " ",
                tag("span", finding.rule, class_="id"),
                " ",
                tag("span", place_text(finding.location, self.style), class_="place"),
                f" {finding.message}",
                more,
            )
            for finding, more in found
        )
        yield _folded(anchor, title, plural(len(found), "finding"), rows)

    def _left_out(self) -> Iterator[Markup]:
        skipped = self.result.summary.skipped
        if not skipped:
            return
        rows = []
        for reason in reasons(self.result):
            names = ", ".join(self.style.in_repository(file) for file in reason.files)
            command = [Markup("<br>"), tag("code", reason.command)] if reason.command else []
            files = tag("span", names, class_="soft")
            rows.append(tag("li", f"{reason.text}: ", files, *command))
        yield _folded("left-out", "Left out", plural(len(skipped), "file"), rows)


def _folded(anchor: str, title: str, count: str, rows: Iterable[Markup]) -> Markup:
    details = tag("details", tag("summary", count), tag("div", _list(rows)), class_="apart")
    return tag("section", tag("h2", title), details, id=anchor)


def _list(rows: Iterable[Markup], kind: str = "list") -> Markup:
    return tag("ul", joined(rows, "\n"), class_=kind)


def _named(findings: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Each with an anchor that stays while its fingerprint does."""
    seen: Counter[str] = Counter()
    named = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        more = f"-{number}" if number > 1 else ""
        named.append((f"finding-{finding.fingerprint}{more}", finding))
    return named


def _words(row: Row) -> Markup:
    return joined(tag("span", text, class_=style) if style else text for text, style in row if text)


# -- a finding

_WIDTH = 110
"""Cells of a code frame; a narrower window scrolls it."""


def card(anchor: str, finding: Finding, sources: Sources, style: Style) -> Markup:
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
        _code(finding, sources, style),
        _advice(finding, sources, style),
        class_=f"finding {severity}",
        id=anchor,
        data_severity=severity,
        data_rule=finding.rule,
    )


def rule_anchor(rule: str) -> str:
    """By which links of the page lead to what it says of a rule."""
    return f"rule-{rule}"


def place_text(location: Location, style: Style) -> str:
    span = location.span
    return f"{style.in_repository(location.file)}:{span.line}:{span.column}"


def _code(finding: Finding, sources: Sources, style: Style) -> Markup:
    parts: list[Markup] = []
    shown = finding_frames(finding, sources, _WIDTH)
    for number, (location, rows, message) in enumerate(shown.frames):
        if number:
            parts.append(tag("p", place_text(location, style), class_="place"))
        if rows:
            parts.append(block(_without_edges(rows)))
        elif message:
            parts.append(tag("p", message))
    if shown.omitted:
        parts.append(tag("p", f"and {plural(shown.omitted, 'more place')}", class_="soft"))
    return joined(parts)


def _without_edges(rows: list[Row]) -> list[Row]:
    """Without the empty rows above and below, which a box has no need of."""
    empty = [not "".join(text for text, _ in row).strip(" |") for row in rows]
    return rows[empty[0] : len(rows) - empty[-1]]


def _advice(finding: Finding, sources: Sources, style: Style) -> Markup:
    told = [("Why", escaped(finding.why)), ("What to do", escaped(finding.help))]
    if finding.fix is not None:
        told.append(("Fix", _fix(finding.fix, sources, style)))
    rows = joined(joined((tag("dt", label), tag("dd", text))) for label, text in told if text)
    return tag("dl", rows) if rows else rows


def _fix(fix: Fix, sources: Sources, style: Style) -> Markup:
    how = "--fix applies it"
    if fix.safety != "safe":
        how = "it may change what the service does: --fix --unsafe-fixes applies it"
    told = f"{fix.description} ({fix.safety}; {how})"
    parts = [tag("p", fix.note)] if fix.note else []
    names_files = len({edit.file for edit in fix.edits}) > 1
    for file, rows in fix_diff(fix, sources, _WIDTH):
        if names_files:
            parts.append(tag("p", style.in_repository(file), class_="place"))
        parts.append(block(rows))
    return tag("details", tag("summary", told), *parts, open="") if parts else escaped(told)
