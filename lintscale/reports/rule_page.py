"""A rule's page on a terminal.

For each platform it shows one failing example, with the reported line annotated, and the lines that
differ in one that passes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lintscale._record import record
from lintscale.engine.finding import Finding
from lintscale.engine.rules import Example, Rule
from lintscale.platforms import TABLE
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
from lintscale.reports.rule_tables import profile_table
from lintscale.reports.styled import Row, grid, render_rich, row_texts, styled
from lintscale.reports.text import plural, printable, shown_name

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

_MAX_PROSE_WIDTH = 100

_MIN_SIDE_BY_SIDE = 120
"""From this width on, the failing and the passing example stand side by side."""

_LABEL_WIDTH = 12

_MAX_ITEMS = 6
"""Items shown of a list that is an option's default; the rest are counted."""


def render(
    rule: Rule,
    profiles: Mapping[str, Profile],
    examples: Sequence[CheckedExample],
    style: Style = PLAIN,
    *,
    profile: str = "balanced",
    everything: bool = False,
) -> str:
    """The page. With ``everything`` the examples are shown in full, else only the lines that
    matter. Texts have the figures of ``profile``."""
    page = _RulePage(rule, profiles, examples, style.width, profile, everything)
    return render_rich(page.parts(), style)


@record
class _RulePage:
    rule: Rule
    profiles: Mapping[str, Profile]
    examples: Sequence[CheckedExample]
    width: int
    profile: str
    everything: bool

    def parts(self) -> Iterator[RenderableType]:
        from rich.constrain import Constrain
        from rich.text import Text

        prose = min(self.width, _MAX_PROSE_WIDTH)
        yield Constrain(self._title(), prose)
        yield ""
        yield Constrain(_labelled(self._sections()), prose)
        if self.everything:
            for shown in self.examples:
                yield ""
                yield from _in_full(shown)
        else:
            for platform in self.rule.platforms:
                yield from self._in_short(platform)
            for part in self._near_misses():
                yield Constrain(part, prose)
        if self.rule.references:
            yield ""
            yield styled("References", "heading")
            for reference in self.rule.references:
                # Wider than the terminal if need be, so that it can be opened and copied.
                yield Text(printable(reference), "place", no_wrap=True, overflow="ignore")

    # -- head and prose ---------------------------------------------------------------------------

    def _title(self) -> Text:
        from rich.text import Text

        rule = self.rule
        own, *others = rule_text.severities(rule)
        severities = Text.assemble((own.value, own.value))
        for number, severity in enumerate(others):
            severities.append(" or " if number else ", in some cases ", "dim")
            severities.append(severity.value, severity.value)
        facts = [rule.category, rule_text.platforms(rule)]
        if rule.fixable:
            facts.append(rule_text.fix_name(rule))
        severities.append(printable("".join(f" · {fact}" for fact in facts)), "dim")
        lines = [styled(rule.id, "file"), styled(rule.summary, "heading"), severities]
        return Text("\n", overflow="fold").join(lines)

    def _sections(self) -> Iterator[tuple[str, RenderableType]]:
        from rich.console import Group

        help_text = rule_text.what_to_do(self.rule, self.profiles[self.profile])
        for label, text in (("Why", self.rule.why), ("What to do", help_text)):
            yield label, _text("\n".join(map(printable, rule_text.paragraphs(text))))
        fields = rule_text.profile_fields(self.rule)
        if fields:
            hint = styled("What the platforms support: lintscale explain profiles", "dim")
            yield "By profile", Group(profile_table(fields, self.profiles), hint)
        options = rule_text.options(self.rule)
        if options:
            yield "Options", Group(*self._options(options))
        yield "Suppress", self._suppressions()

    def _options(self, options: Sequence[rule_text.RuleOption]) -> Iterator[RenderableType]:
        from rich.padding import Padding
        from rich.text import Text

        table = f"[rules.{printable(self.rule.id)}]"
        yield Text.assemble((table, "place"), (" in lintscale.toml; the defaults:", "dim"))
        for option in options:
            value = option.value
            omitted = len(option.items) - _MAX_ITEMS
            if omitted > 0 and not self.everything:
                value = f"[{', '.join(option.items[:_MAX_ITEMS])}, … {omitted} more]"
            yield styled(f"{option.key} = {value}", "place")
            yield Padding(styled(option.meaning), (0, 0, 0, 2))

    def _suppressions(self) -> Table:
        table = grid(2)
        previous = ""
        for form in rule_text.suppressions(self.rule):
            if form.usual or self.everything:
                place = form.place if form.place != previous else ""
                lines = "\n".join(printable(line) for line in form.text.split("\n"))
                table.add_row(styled(place), _text(lines, "place"))
                if self.everything:
                    table.add_row("", styled(form.meaning, "dim"))
                previous = form.place
        return table

    def _near_misses(self) -> Iterator[RenderableType]:
        by_platform: dict[str, list[str]] = {}
        for example in self.rule.examples:
            if example.kind == "near-miss":
                by_platform.setdefault(example.platform, []).append(printable(example.name))
        if not by_platform:
            return
        labels = (
            (TABLE[platform].title, _text("\n".join(by_platform[platform])))
            for platform in self.rule.platforms
            if platform in by_platform
        )
        yield ""
        yield styled("Similar, but not reported", "heading")
        yield _labelled(labels, "place", gap=False)
        more = len(self.rule.examples) - len(self.examples)
        if more > 0:
            yield styled(f"{plural(more, 'more example')}; all in full: --all", "dim")

    # -- examples ---------------------------------------------------------------------------------

    def _in_short(self, platform: str) -> Iterator[RenderableType]:
        """A failing and a passing example, side by side where there is room."""
        from rich import box
        from rich.rule import Rule as Line
        from rich.table import Table

        of_platform = [shown for shown in self.examples if shown.example.platform == platform]
        fails = next((shown for shown in of_platform if shown.example.kind == "fails"), None)
        passes = next((shown for shown in of_platform if shown.example.kind == "passes"), None)
        if fails is None and passes is None:
            return
        yield ""
        title = _text(TABLE[platform].title, "place")
        yield Line(title, align="left", style="rule")
        side_by_side = fails and passes and self.width >= _MIN_SIDE_BY_SIDE
        room = (self.width - 3) // 2 if side_by_side else self.width
        parts = []
        if fails is not None:
            parts.append(_failing(fails, room))
        if passes is not None:
            parts.append(_passing(passes, fails.example if fails else None, room))
        if not side_by_side:
            yield from parts
            return
        table = Table(
            box=box.MINIMAL,
            show_header=False,
            show_edge=False,
            pad_edge=False,
            border_style="gutter",
        )
        table.add_column(width=room)
        table.add_column(width=room)
        table.add_row(*parts)
        yield table


def _text(text: str, style: str = "") -> Text:
    """Printable text, which may have line breaks."""
    from rich.text import Text

    return Text(text, style, overflow="fold")


def _labelled(
    parts: Iterable[tuple[str, RenderableType]], style: str = "heading", *, gap: bool = True
) -> Table:
    """Labels in bold, and beside each its part."""
    table = grid(2, gap=0)
    table.columns[0].width = _LABEL_WIDTH
    for number, (label, part) in enumerate(parts):
        if number and gap:
            table.add_row()
        table.add_row(styled(label, style), part)
    return table


def _failing(shown: CheckedExample, width: int) -> RenderableType:
    from rich.console import Group

    example = shown.example
    if shown.result is None or not shown.findings:
        return _example_title("Reported", example, next(iter(example.files)), "error")
    finding = shown.findings[0]
    sources = Sources(shown.result)
    severity = finding.severity.value
    file = finding.location.file
    parts: list[RenderableType] = [
        _example_title("Reported", example, f"{file}:{finding.location.line}", severity),
        _message(finding),
    ]
    source = sources.lines(file)
    if source is not None:
        label = sources.missing_key(finding)
        annotations = [Annotation(finding.location.span, severity, label)]
        gutter = gutter_width(source, annotations)
        rows = list(frame_rows(source, annotations, width, gutter, before=1))
        # Without the empty first and last row of the frame.
        parts += row_texts(rows[1:-1])
    return Group(*parts)


def _message(finding: Finding) -> Table:
    severity = finding.severity.value
    table = grid(2, gap=1)
    table.add_row(styled(f"{severity}:", severity), styled(finding.message, "message"))
    return table


def _passing(shown: CheckedExample, fails: Example | None, width: int) -> RenderableType:
    from rich.console import Group

    files = rule_text.example_files(shown.example)
    part = excerpt(files, rule_text.example_files(fails) if fails else {})
    return Group(
        _example_title("Passes", shown.example, part.file, "good"),
        *row_texts(_excerpt_rows(part, files[part.file], width)),
    )


def _in_full(shown: CheckedExample) -> Iterator[RenderableType]:
    from rich.padding import Padding

    example = shown.example
    kind = rule_text.KINDS[example.kind]
    platform = TABLE[example.platform].title
    title = styled(kind, "error" if example.kind == "fails" else "good")
    title.append_text(styled(f" on {platform}", "heading"))
    if example.name:
        title.append_text(styled(f": {example.name}", "heading"))
    yield title
    reported = {(each.location.file, each.location.line) for each in shown.findings}
    for file, text in rule_text.example_files(example).items():
        yield styled(f"  {shown_name(file)}", "dim")
        for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
            is_reported = (file, number) in reported
            code = styled("  > " if is_reported else "    ", "error")
            indented = line.replace("\t", "    ")
            code.append_text(styled(indented, "" if is_reported else "context"))
            # In one piece, so that it can be copied.
            code.no_wrap, code.overflow = True, "ignore"
            yield code
    for finding in shown.findings:
        yield Padding(_message(finding), (0, 0, 0, 2))


def _example_title(kind: str, example: Example, place: str, style: str) -> Text:
    title = styled(f"{kind:<8}  ", style).append_text(styled(shown_name(place), "place"))
    return title.append_text(styled(f"  {example.name}", "dim")) if example.name else title


def _excerpt_rows(part: Excerpt, text: str, width: int) -> Iterator[Row]:
    """Numbered lines; those that differ from the failing example stand out."""
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


# -- excerpts

_CONTEXT = 1
"""Lines before and after those that differ."""

_MAX_LINES = 8

_SIMILAR = 0.5
"""A file whose lines are at least this similar to another's is a version of it."""


@record
class Excerpt:
    """Lines of ``file`` as (number from 1, text, whether it differs). ``more``: other lines differ
    too."""

    file: str
    lines: tuple[tuple[int, str, bool], ...] = ()
    more: bool = False


def excerpt(files: Mapping[str, str], other: Mapping[str, str]) -> Excerpt:
    """Where ``files`` differ from ``other``: the beginning of a file without a counterpart in
    ``other``, else the differing lines of the first file that differs."""
    pairs = {name: _counterpart(name, text, other) for name, text in files.items()}
    new = [name for name, (_, similarity) in pairs.items() if similarity < _SIMILAR]
    changed = [name for name, (text, _) in pairs.items() if text != files[name]]
    file = next(iter([*new, *changed, *files]))
    lines = _split(files[file])
    before = [] if file in new else _split(pairs[file][0])
    differing, near = _difference(before, lines)
    wanted = sorted(
        {
            number
            for line in near
            for number in range(line - _CONTEXT, line + _CONTEXT + 1)
            if 0 <= number < len(lines)
        }
    )
    shown = wanted[:_MAX_LINES]
    rows = tuple((number + 1, lines[number], number in differing) for number in shown)
    return Excerpt(file, rows, more=len(wanted) > len(shown))


def _counterpart(name: str, text: str, other: Mapping[str, str]) -> tuple[str, float]:
    """The text of the same name, else the most similar one; and its similarity, 0 to 1."""
    if name in other:
        return other[name], 1.0
    similarity = {each: _similarity(_split(each), _split(text)) for each in other.values()}
    best = max(similarity, key=lambda each: similarity[each], default="")
    return best, similarity.get(best, 0.0)


def _similarity(before: Sequence[str], after: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def _split(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


def _difference(before: Sequence[str], after: Sequence[str]) -> tuple[set[int], set[int]]:
    """Lines of ``after`` (from 0) that are not in ``before``, and those to show: the same, and the
    neighbours of removed lines."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    differing: set[int] = set()
    near: set[int] = set()
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        differing.update(range(start, end))
        near.update(range(start, end) if end > start else (start - 1, start))
    return differing, {line for line in near if 0 <= line < len(after)}
