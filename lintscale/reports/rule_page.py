"""A rule's page on a terminal: what a person wants first comes first.

Prose stands beside its labels. Of each platform there is one example that fails, with the offending
line marked, and what one that passes has in its place.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lintscale._record import record
from lintscale.engine.rules import Example, Rule
from lintscale.policies.examples import CheckedExample
from lintscale.project.config import Profile
from lintscale.reports import PLAIN, Style, rule_text
from lintscale.reports.code_frame import (
    Annotation,
    SourceLines,
    Sources,
    display_line,
    frame_rows,
    gutter_width,
)
from lintscale.reports.rule_text import PLATFORMS
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import cells, plural, printable, shown_name, wrap

_WIDEST_PROSE = 100
_SIDE_BY_SIDE = 120
"""From so many cells on, what fails and what passes stand beside each other."""

_LABEL = 12
_MOST_ITEMS = 6
"""Of a list that is a parameter's default; the others are counted."""


def render(
    rule: Rule,
    profiles: Mapping[str, Profile],
    examples: Sequence[CheckedExample],
    style: Style = PLAIN,
    *,
    profile: str = "balanced",
    everything: bool = False,
) -> str:
    """The page. ``examples`` are what it shows; with ``everything`` in full, else only the lines
    that matter. ``profile`` is whose figures stand in texts."""
    page = _Page(rule, profiles, examples, style.width, profile, everything)
    return to_text(page.rows(), color=style.color)


@record
class _Page:
    rule: Rule
    profiles: Mapping[str, Profile]
    examples: Sequence[CheckedExample]
    width: int
    profile: str
    everything: bool

    @property
    def prose(self) -> int:
        return min(self.width, _WIDEST_PROSE)

    def rows(self) -> Iterator[Row]:
        yield from self._head()
        yield from self._labelled("Why", rule_text.paragraphs(self.rule.why))
        help_text = rule_text.what_to_do(self.rule, self.profiles[self.profile])
        yield from self._labelled("What to do", rule_text.paragraphs(help_text), gap=True)
        yield from self._profiles()
        yield from self._options()
        yield from self._silencing()
        if self.everything:
            for shown in self.examples:
                yield from self._in_full(shown)
        else:
            for platform in self.rule.platforms:
                yield from self._in_short(platform)
            yield from self._near_misses()
        yield from self._references()

    # -- the head ---------------------------------------------------------------------------------

    def _head(self) -> Iterator[Row]:
        rule = self.rule
        yield [(printable(rule.id), "file")]
        yield from ([(line, "heading")] for line in wrap(printable(rule.summary), self.prose))
        row: Row = [(rule.severity.value, rule.severity.value)]
        facts = [rule.category, rule_text.platforms(rule)]
        if rule.fixable:
            facts.append(rule_text.fix_name(rule))
        others = rule_text.severities(rule)[1:]
        if others:
            row.append((", in some cases ", "dim"))
            for number, severity in enumerate(others):
                row += [(" or " if number else "", "dim"), (severity.value, severity.value)]
        used = sum(cells(text) for text, _ in row)
        rest = printable(" · ".join(["", *facts]))
        if used + cells(rest) <= self.width:
            yield [*row, (rest, "dim")]
        else:
            yield row
            yield from ([(line, "dim")] for line in wrap(rest.removeprefix(" · "), self.prose))
        yield []

    # -- prose ------------------------------------------------------------------------------------

    def _labelled(self, label: str, texts: Sequence[str], *, gap: bool = False) -> Iterator[Row]:
        if gap:
            yield []
        for text in texts:
            for line in wrap(printable(text), self.prose - _LABEL):
                yield [(f"{label:<{_LABEL}}", "heading"), (line, "")]
                label = ""

    def _profiles(self) -> Iterator[Row]:
        """What each profile says of the fields that the rule asks for."""
        fields = rule_text.profile_fields(self.rule)
        if not fields:
            return
        rows = rule_text.profile_rows(fields, self.profiles)
        names = [printable(name) for name in self.profiles]
        widths = [max(cells(name), 6) for name in names]
        label = max(_LABEL, *(len(meaning) + 2 for meaning, _ in rows))
        yield []
        header = _columns(names, widths)
        yield [(f"{'By profile':<{label}}", "heading"), (header, "dim")]
        for meaning, figures in rows:
            yield [(f"{meaning:<{label}}", ""), (_columns(figures, widths), "")]
        hint = "“lintscale explain profiles” says what a platform can follow of them."
        yield from ([(line, "dim")] for line in wrap(hint, self.prose))

    def _options(self) -> Iterator[Row]:
        found = rule_text.options(self.rule)
        if not found:
            return
        yield []
        label = "Options"
        table = f"[rules.{printable(self.rule.id)}]"
        yield [
            (f"{label:<{_LABEL}}", "heading"),
            (table, "place"),
            (" in lintscale.toml; the defaults are", "dim"),
        ]
        for option in found:
            value = option.value
            left_out = len(option.items) - _MOST_ITEMS
            if left_out > 0 and not self.everything:
                value = f"[{', '.join(option.items[:_MOST_ITEMS])}, … {left_out} more]"
            for line in wrap(printable(f"{option.key} = {value}"), self.prose - _LABEL):
                yield [(" " * _LABEL, ""), (line, "place")]
            for line in wrap(printable(option.meaning), self.prose - _LABEL - 2):
                yield [(" " * (_LABEL + 2), ""), (line, "")]

    def _silencing(self) -> Iterator[Row]:
        forms = rule_text.suppressions(self.rule)
        forms = [form for form in forms if form.usual or self.everything]
        widest = max(len(form.place) for form in forms)
        label, before = "To silence", ""
        yield []
        for form in forms:
            place = form.place if form.place != before else ""
            lines = form.text.split("\n")
            if _LABEL + widest + 2 + max(map(cells, lines)) > self.width:
                yield [(f"{label:<{_LABEL}}", "heading"), (place, "")]
                yield from ([(" " * _LABEL, ""), (printable(line), "place")] for line in lines)
                label, lines = "", []
            for line in lines:
                row: Row = [(f"{label:<{_LABEL}}", "heading"), (f"{place:<{widest}}  ", "")]
                yield [*row, (printable(line), "place")]
                label = place = ""
            before = form.place
            if self.everything:
                for line in wrap(form.meaning, self.prose - _LABEL - widest - 4):
                    yield [(" " * (_LABEL + widest + 4), ""), (line, "dim")]

    def _near_misses(self) -> Iterator[Row]:
        names = [
            (PLATFORMS[example.platform], example.name)
            for platform in self.rule.platforms
            for example in self.rule.examples
            if example.platform == platform and example.kind == "near-miss"
        ]
        if not names:
            return
        yield []
        yield [("Looks like it, and is not reported", "heading")]
        before = ""
        for platform, name in names:
            label = "" if platform == before else platform
            for line in wrap(printable(name), self.prose - _LABEL):
                yield [(f"{label:<{_LABEL}}", "place"), (line, "")]
                label = ""
            before = platform
        shown = len(self.examples)
        more = len(self.rule.examples) - shown
        if more > 0:
            yield [
                ("", ""),
                (f"{plural(more, 'more example')}, and all in full, with --all.", "dim"),
            ]

    def _references(self) -> Iterator[Row]:
        label = "References"
        if self.rule.references:
            yield []
        for reference in self.rule.references:
            yield [(f"{label:<{_LABEL}}", "heading"), (printable(reference), "place")]
            label = ""

    # -- examples ---------------------------------------------------------------------------------

    def _in_short(self, platform: str) -> Iterator[Row]:
        """What fails, and what passes in its place: beside each other where there is room."""
        mine = [shown for shown in self.examples if shown.example.platform == platform]
        fails = next((shown for shown in mine if shown.example.kind == "fails"), None)
        passes = next((shown for shown in mine if shown.example.kind == "passes"), None)
        if fails is None and passes is None:
            return
        yield []
        name = PLATFORMS.get(platform, platform)
        yield [(f"{name} ", "place"), ("─" * (self.width - cells(name) - 1), "rule")]
        if fails is None or passes is None:
            yield from self._failing(fails, self.width) if fails else ()
            yield from self._passing(passes, None, self.width) if passes else ()
        elif self.width < _SIDE_BY_SIDE:
            yield from self._failing(fails, self.width)
            yield from self._passing(passes, fails.example, self.width)
        else:
            room = (self.width - 3) // 2
            left = list(self._failing(fails, room))
            right = list(self._passing(passes, fails.example, room))
            yield from _beside(left, right, room)

    def _failing(self, shown: CheckedExample, width: int) -> Iterator[Row]:
        example = shown.example
        if shown.result is None or not shown.findings:
            yield _title("Reported", example, next(iter(example.files)), "error")
            return
        finding = shown.findings[0]
        sources = Sources(shown.result)
        severity = finding.severity.value
        file = finding.location.file
        place = f"{shown_name(file)}:{finding.location.line}"
        yield [("Reported  ", severity), (place, "place"), *_named(example)]
        lines = wrap(printable(finding.message), width - len(severity) - 2)
        yield [(f"{severity}: ", severity), (lines[0], "message")]
        yield from ([(" " * (len(severity) + 2) + line, "message")] for line in lines[1:])
        source = sources.lines(file)
        if source is not None:
            annotations = [
                Annotation(finding.location.span, severity, sources.missing_key(finding))
            ]
            rows = list(
                frame_rows(source, annotations, width, gutter_width(source, annotations), before=1)
            )
            # A bare margin begins and ends it, which a page has no room for.
            yield from rows[1:-1]

    def _passing(self, shown: CheckedExample, fails: Example | None, width: int) -> Iterator[Row]:
        example = shown.example
        files = _with_config(example)
        part = excerpt(files, _with_config(fails) if fails else {})
        yield _title("Passes", example, part.file, "good")
        yield from _lines(part, files[part.file], width)

    def _in_full(self, shown: CheckedExample) -> Iterator[Row]:
        example = shown.example
        kind = rule_text.KINDS[example.kind]
        platform = PLATFORMS.get(example.platform, example.platform)
        name = f": {printable(example.name)}" if example.name else ""
        yield []
        color = "error" if example.kind == "fails" else "good"
        yield [(kind, color), (f" on {platform}", "heading"), (name, "heading")]
        marked = {(each.location.file, each.location.line) for each in shown.findings}
        for file, text in _with_config(example).items():
            yield [(f"  {shown_name(file)}", "dim")]
            for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
                hit = (file, number) in marked
                annotation = "  > " if hit else "    "
                code = printable(line.replace("\t", "    "))
                yield [(annotation, "error"), (code, "" if hit else "context")]
        for finding in shown.findings:
            severity = finding.severity.value
            lines = wrap(printable(finding.message), self.prose - len(severity) - 4)
            yield [("  ", ""), (f"{severity}: ", severity), (lines[0], "message")]
            yield from ([(" " * (len(severity) + 4) + line, "message")] for line in lines[1:])


def _with_config(example: Example) -> dict[str, str]:
    return example.files | ({"lintscale.toml": example.config} if example.config else {})


def _named(example: Example) -> Row:
    return [(f"  {printable(example.name)}", "dim")] if example.name else []


def _title(kind: str, example: Example, file: str, style: str) -> Row:
    return [(f"{kind:<8}  ", style), (shown_name(file), "place"), *_named(example)]


def _lines(part: Excerpt, text: str, width: int) -> Iterator[Row]:
    """Lines with their numbers; those that differ from what fails stand out."""
    source = SourceLines(text)
    gutter = len(str(part.lines[-1][0])) if part.lines else 1
    before = 0
    for number, _, differs in part.lines:
        if before and number > before + 1:
            yield [("...", "gutter")]
        before = number
        yield [
            (f"{number:>{gutter}}", "number-marked" if differs else "number"),
            (" | ", "gutter"),
            (display_line(source, number, width - gutter - 3), "good" if differs else "context"),
        ]
    if part.more:
        yield [("...", "gutter")]


def _columns(texts: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(
        " " * (width - cells(text)) + text for text, width in zip(texts, widths, strict=True)
    )


def _beside(left: Sequence[Row], right: Sequence[Row], room: int) -> Iterator[Row]:
    for number in range(max(len(left), len(right))):
        row = list(left[number]) if number < len(left) else []
        other = list(right[number]) if number < len(right) else []
        used = sum(cells(text) for text, _ in row)
        yield [*row, (" " * max(room - used, 0) + " │ ", "gutter"), *other]


# -- excerpts

_AROUND = 1
"""Lines before and after those that differ."""

_MOST = 8
"""Lines that are shown."""

_ALIKE = 0.5
"""Of two files' lines so many are the same where one is a version of the other."""


@record
class Excerpt:
    """Lines of ``file`` as (number from 1, text, whether it differs). ``more``: there are others
    to look at."""

    file: str
    lines: tuple[tuple[int, str, bool], ...] = ()
    more: bool = False


def excerpt(files: Mapping[str, str], other: Mapping[str, str]) -> Excerpt:
    """Where ``files`` differ from ``other``: the beginning of a file that ``other`` has nothing
    like, else the lines that differ in the first file that does."""
    pairs = {name: _counterpart(name, text, other) for name, text in files.items()}
    new = [name for name, (_, likeness) in pairs.items() if likeness < _ALIKE]
    changed = [name for name, (text, _) in pairs.items() if text != files[name]]
    file = next(iter([*new, *changed, *files]))
    lines = _split(files[file])
    before = [] if file in new else _split(pairs[file][0])
    differing, near = _difference(before, lines)
    wanted = sorted(
        {
            number
            for line in near
            for number in range(line - _AROUND, line + _AROUND + 1)
            if 0 <= number < len(lines)
        }
    )
    shown = wanted[:_MOST]
    rows = tuple((number + 1, lines[number], number in differing) for number in shown)
    return Excerpt(file, rows, more=len(wanted) > len(shown))


def _counterpart(name: str, text: str, other: Mapping[str, str]) -> tuple[str, float]:
    """The text of the same name, else the one most like ``text``; and how like it is, 0 to 1."""
    if name in other:
        return other[name], 1.0
    likeness = {each: _likeness(_split(each), _split(text)) for each in other.values()}
    best = max(likeness, key=lambda each: likeness[each], default="")
    return best, likeness.get(best, 0.0)


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def _split(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


def _difference(before: Sequence[str], after: Sequence[str]) -> tuple[set[int], set[int]]:
    """Lines of ``after`` (from 0) that ``before`` does not have, and those to look at: the same,
    and where lines were taken away."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    differing: set[int] = set()
    near: set[int] = set()
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        differing.update(range(start, end))
        near.update(range(start, end) if end > start else (start - 1, start))
    return differing, {line for line in near if 0 <= line < len(after)}
