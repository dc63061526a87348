"""What holds of reports whatever the text is."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lintscale.model.location import Span
from lintscale.reports.code_frame import Annotation, SourceLines, frame_rows, gutter_width
from lintscale.reports.styled import to_text
from lintscale.reports.text import as_json, cells, printable, wrap

TEXT = st.text(st.characters(), max_size=200) | st.text("ab :\t日é\n\r\x1b\u202e", max_size=300)
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, Span]:
    """A text and a span whose lines and columns may or may not exist."""
    line, column = draw(st.integers(1, 8)), draw(st.integers(1, 400))
    size, more = draw(st.integers(0, 300)), draw(st.integers(0, 2))
    return draw(TEXT), Span(line, column, line + more, column + size)


@given(marked(), st.integers(40, 120), TEXT)
def test_frames_are_safe_and_no_wider_than_the_terminal(
    case: tuple[str, Span], width: int, label: str
) -> None:
    text, span = case
    source, annotation = SourceLines(text), Annotation(span, "error", label)
    gutter = gutter_width(source, [annotation])
    report = to_text(frame_rows(source, [annotation], width, gutter), color=False)
    assert not UNSAFE.search(report)
    code = [line for line in report.split("\n") if re.match(r" *\d+ \|", line)]
    # Measured character by character: a terminal may join some of them into one.
    assert all(sum(map(cell_len, line)) <= width for line in code)
    assert bool(code) is bool(text)


@given(st.text("ab日 ", max_size=120), st.integers(0, 119), st.integers(1, 40))
def test_the_mark_stands_under_what_it_marks(text: str, start: int, size: int) -> None:
    start = min(start, len(text))
    line = f"{text[:start]}<{'m' * size}>{text[start:]}"
    span = Span(1, start + 2, 1, start + 2 + size)
    rows = to_text(
        frame_rows(SourceLines(line), [Annotation(span, "error")], 60, 1), color=False
    ).split("\n")
    code, under = rows[1], rows[2]
    first = under.index("^")
    end = under.rindex("^") + 1
    covered, at = "", 0
    for character in code:
        if first <= at < end:
            covered += character
        at += cell_len(character)
    assert set(covered) <= {"m", "…"}
    assert "m" in covered


@given(TEXT)
def test_printable_text_is_safe_and_measured_alike(text: str) -> None:
    shown = printable(text)
    assert not UNSAFE.search(shown)
    assert "\n" not in shown
    assert cells(shown) == cell_len(shown)
    assert printable(shown) == shown


@given(TEXT)
def test_json_gives_every_text_back(text: str) -> None:
    written = as_json([text])
    assert not UNSAFE.search(written)
    assert json.loads(written) == [re.sub("[\ud800-\udfff]", "\ufffd", text)]


@given(TEXT, st.integers(10, 80))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert " ".join(lines).split() == text.split()
    for line in lines[1:]:
        assert not line.startswith("::")
    for line in lines:
        assert cells(line) <= width or " " not in line or " ::" in line
