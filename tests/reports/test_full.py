"""The report for people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lintscale.engine.finding import Finding, Related, Severity
from lintscale.model.location import Location, Span
from lintscale.model.resolved import Credential
from lintscale.reports import Style
from lintscale.reports.full import render
from tests.reports.sample import at, hostile, result, sample, source
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"


def one(file: str, text: str, span: Span, related: tuple[Related, ...] = ()) -> str:
    """The report on one finding that spans ``span`` of ``text``."""
    finding = Finding(
        "a-rule", "config", Severity.ERROR, "m", Location(file, span), related=related
    )
    return render(result([source(file, text)], [finding]), Style(width=60))


@pytest.mark.parametrize("width", [60, 100, 160])
def test_sample_at_width(width: int) -> None:
    report = render(sample(), Style(width=width))
    assert max(len(line) for line in report.splitlines()) <= width
    matches_stored(report, STORED / f"full-{width}.txt")


def test_sample_in_colour() -> None:
    matches_stored(render(sample(), Style(color=True)), STORED / "full-color.txt")


def test_colour_changes_nothing_but_colour() -> None:
    colored = re.sub(r"\x1b\[[0-9;]*m", "", render(sample(), Style(color=True)))
    assert [line.rstrip() for line in colored.splitlines()] == render(sample()).splitlines()


def test_plain_text_has_no_escape() -> None:
    assert "\x1b" not in render(sample())


def test_hostile_text_reaches_no_terminal() -> None:
    report = render(hostile(), Style(width=80))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\ud800-\udfff]", report)
    assert "[bold]red[/bold]" in report
    assert not [line for line in report.splitlines() if re.match(r"\s*::(?!:)", line)]
    matches_stored(report, STORED / "full-hostile.txt")


def test_hostile_text_in_colour_has_only_colour() -> None:
    report = render(hostile(), Style(color=True))
    assert not re.search("[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f]", report)
    assert len(re.findall("\x1b", report)) == len(re.findall(r"\x1b\[[0-9;]*m", report))


def test_no_finding_is_one_friendly_line() -> None:
    report = render(result([source("render.yaml", "services: []\n")], []))
    assert report == "✓ No findings in 1 file with 1 workload.\n"


def test_nothing_to_check_is_no_success() -> None:
    assert render(result([], [])) == "Nothing to check.\n"


def test_secrets_are_masked_in_marked_and_in_neighbouring_lines() -> None:
    report = render(sample())
    assert "hunter2" not in report
    assert "swordfish" not in report
    assert "postgres://ledger:***@db.example/ledger" in report
    assert "value: ***" in report


def test_a_secret_over_several_lines_is_masked_whole() -> None:
    text = (
        "env:\n  - name: SIGNING\n    value: |\n      first-half\n      second-half\nreplicas: 1\n"
    )
    file = source("k8s/app.yaml", text)
    where = at(file, "env", 0, "value")
    credential = Credential("kubernetes", "SIGNING", "key", "***", where)
    finding = Finding("a-rule", "config", Severity.ERROR, "m", at(file, "replicas"))
    report = render(result([file], [finding], credentials=[credential]))
    assert "replicas: 1" in report
    assert "half" not in report


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("url: redis://:hunter2@cache.example:6379/0", "url: redis://:***@cache.example:6379/0"),
        ("url: postgres://shop:p@ss@db.example/shop", "url: postgres://shop:***@db.example/shop"),
        ("api_key: 0123456789", "api_key: ***"),
        ('"DB_PASSWORD": "hunter2"', '"DB_PASSWORD": "***"'),
        ("command: serve --db-password hunter2", "command: serve --db-password ***"),
        ("automountServiceAccountToken: false", "automountServiceAccountToken: false"),
        ("password: ${DB_PASSWORD}", "password: ${DB_PASSWORD}"),
        ("image: registry.example:5000/shop:1.2", "image: registry.example:5000/shop:1.2"),
        ("secretKeyRef: {name: shop, key: url}", "secretKeyRef: {name: shop, key: url}"),
    ],
)
def test_what_looks_like_a_secret_is_masked(line: str, shown: str) -> None:
    report = one("k8s/app.yaml", f"{line}\nreplicas: 1\n", Span(2, 1, 2, 12))
    assert f"1 | {shown}\n" in report


def test_mark_stands_under_its_text_after_tabs() -> None:
    report = one("task.json", '{\n\t"cpu":\t"256"\n}\n', Span(2, 2, 2, 14))
    assert '2 |     "cpu":    "256"\n  |     ^^^^^^^^^^^^^^^\n' in report


def test_mark_stands_under_its_text_after_wide_characters() -> None:
    report = one("app.yaml", "名前: サービス # あ\n", Span(1, 5, 1, 9))
    assert "1 | 名前: サービス # あ\n  |       ^^^^^^^^\n" in report


def test_long_line_is_cut_around_the_mark() -> None:
    text = '{"a": "' + "x" * 5000 + '", "desiredCount": 1, "b": "' + "y" * 5000 + '"}\n'
    start = text.index('"desiredCount"') + 1
    report = one("service.json", text, Span(1, start, 1, start + 17))
    code, mark = re.findall(r"^[ 1] \| (.*)$", report, re.MULTILINE)[:2]
    assert code.startswith("…")
    assert code.endswith("…")
    assert len(code) <= 60 - 4
    marked = code[mark.index("^") : mark.rindex("^") + 1]
    assert marked == '"desiredCount": 1'


def test_a_cut_through_a_wide_character_keeps_the_mark_in_place() -> None:
    for padding in range(2):
        text = "x" * padding + "日" * 200 + " replicas: 1 " + "本" * 200 + "\n"
        start = text.index("replicas") + 1
        report = one("app.yaml", text, Span(1, start, 1, start + 11))
        code, mark = re.findall(r"^[ 1] \| (.*)$", report, re.MULTILINE)[:2]
        before = code[: code.index("replicas")]
        width = sum(2 if character in "日本" else 1 for character in before)
        assert width == mark.index("^")


def test_mark_over_several_lines_ends_with_the_first() -> None:
    report = one("app.yaml", "a: |\n  b\n  c\nd: 1\n", Span(1, 1, 3, 4))
    assert "1 | a: |\n  | ^^^^\n" in report


def test_mark_at_the_end_of_the_file() -> None:
    report = one("app.yaml", "a: {\n", Span(2, 1, 2, 1))
    assert "1 | a: {\n  |     ^\n" in report


def test_an_empty_file_has_no_frame() -> None:
    report = one("render.yaml", "", Span(1, 1, 1, 1))
    assert "--> render.yaml:1:1\n\n" in report


def test_places_in_one_file_share_a_frame_and_far_ones_are_apart() -> None:
    text = "".join(f"k{number}: {number}\n" for number in range(1, 31))
    first = Location("app.yaml", Span(3, 1, 3, 6))
    report = one("app.yaml", text, Span(25, 1, 25, 8), (Related(first, "first defined here"),))
    assert report.count("-->") == 1
    assert " 3 | k3: 3\n   | ----- first defined here\n" in report
    assert "\n...\n" in report


def test_many_related_places_are_counted() -> None:
    text = "".join(f"k{number}: {number}\n" for number in range(1, 31))
    related = tuple(
        Related(Location("app.yaml", Span(line, 1, line, 3)), "here") for line in range(1, 13)
    )
    assert "and 4 more places" in one("app.yaml", text, Span(30, 1, 30, 8), related)


def test_related_place_without_text_still_says_its_message() -> None:
    other = Related(Location("elsewhere.yaml", Span(4, 1, 4, 2)), "the other side")
    report = one("app.yaml", "a: 1\n", Span(1, 1, 1, 5), (other,))
    assert "::: elsewhere.yaml:4:1\n" in report
    assert "| the other side\n" in report
