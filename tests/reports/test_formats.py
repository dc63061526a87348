"""The formats that other programs read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lintscale import reports
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.model.location import Location, Span
from lintscale.reports import Style
from lintscale.reports.text import key_path
from lintscale.validation.schemas import shipped_folder
from tests.reports.sample import hostile, result, sample, source
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"
SCHEMA = json.loads((shipped_folder("schemas") / "lintscale/report.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(reports.FORMATS))
@pytest.mark.parametrize("of", [sample, hostile])
def test_stored_output(name: str, of: Callable[[], CheckResult]) -> None:
    text = reports.render(name, of())
    assert text.endswith("\n")
    assert text.encode("utf-8")
    if name not in {"full", "html"}:  # which test_full and test_html keep
        matches_stored(text, STORED / f"{name}-{of.__name__}.txt")


@pytest.mark.parametrize("of", [sample, hostile, lambda: result([], [])])
def test_json_keeps_its_schema(of: Callable[[], CheckResult]) -> None:
    report = json.loads(reports.render("json", of()))
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(report)


def test_schema_refuses_what_the_format_does_not_have() -> None:
    report = json.loads(reports.render("json", sample()))
    report["findings"][0]["extra"] = 1
    del report["findings"][1]["fix"]
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(report)]
    assert len(errors) == 2


def test_json_gives_hostile_text_back_as_it_is() -> None:
    expected = hostile()
    text = reports.render("json", expected)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800-\udfff]", text)
    report = json.loads(text)
    assert report["findings"][0]["message"] == whole(expected.findings[0].message)
    assert report["findings"][0]["file"] == whole(expected.findings[0].location.file)


def whole(text: str) -> str:
    """What UTF-8 can hold of a text: halves of characters are replaced."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "rdjson"])
def test_no_parser_stumbles_over_half_a_character(name: str) -> None:
    text = reports.render(name, hostile())
    assert not re.search(r"\\u[dD][89a-fA-F]", text)
    assert json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        ((0, "name"), "[0].name"),
        (("metadata", "annotations", "a.b/c"), 'metadata.annotations["a.b/c"]'),
        (("a-b",), '["a-b"]'),
        (("", 'q"'), '[""]["q\\""]'),
        (("1",), '["1"]'),
    ],
)
def test_key_path(path: tuple[str | int, ...], text: str) -> None:
    assert key_path(path) == text


def _many(errors: int, warnings: int, infos: int) -> str:
    file = source("app.yaml", "a: 1\n")
    counts = {Severity.ERROR: errors, Severity.WARNING: warnings, Severity.INFO: infos}
    findings = [
        Finding(
            "a-rule", "config", severity, f"{severity} {n}", Location("app.yaml", Span(1, 1, 1, 5))
        )
        for severity, count in counts.items()
        for n in range(count)
    ]
    return reports.render("github", result([file], findings))


def _levels(report: str) -> list[str]:
    return re.findall(r"^::(\w+)", report, re.MULTILINE)


def test_github_shows_all_when_there_are_ten_of_each() -> None:
    report = _many(10, 10, 10)
    assert _levels(report) == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert "more:" not in report


def test_github_counts_what_is_left_off_in_a_notice_that_is_itself_shown() -> None:
    report = _many(13, 2, 10)
    assert _levels(report) == ["error"] * 10 + ["warning"] * 2 + ["notice"] * 10
    last = [line for line in report.splitlines() if line.startswith("::")][-1]
    assert last.startswith("::notice title=lintscale::3 errors, 1 info more: ")


def test_github_left_off_of_one_level_only() -> None:
    report = _many(0, 11, 0)
    assert _levels(report) == ["warning"] * 10 + ["notice"]
    assert "::1 warning more: " in report


def test_github_lists_by_severity_then_by_order() -> None:
    messages = re.findall(r"^::\w+ [^:]*::(.*)$", _many(2, 1, 1), re.MULTILINE)
    assert messages == ["error 0", "error 1", "warning 0", "info 0"]


def test_github_has_columns_only_on_one_line() -> None:
    file = source("app.yaml", "a:\n  b: 1\n")
    finding = Finding(
        "a-rule", "config", Severity.ERROR, "m", Location("app.yaml", Span(1, 1, 2, 4))
    )
    report = reports.render("github", result([file], [finding]))
    assert "file=app.yaml,line=1,endLine=2,title" in report


def test_github_paths_are_the_repository_s() -> None:
    report = reports.render("github", sample(), Style(path_prefix="services/shop/"))
    assert "file=services/shop/render.yaml," in report


def test_github_hostile_text_begins_no_command() -> None:
    report = reports.render("github", hostile())
    command, summary = report.splitlines()
    assert command.startswith("::error file=%3A%3Aset-output name=a%3A%3Ax")
    properties = command.removeprefix("::error ").split("::")[0]
    assert sorted(each.split("=")[0] for each in properties.split(",")) == [
        "col", "endColumn", "endLine", "file", "line", "title",
    ]  # fmt: skip
    assert "%0D%0A::error::pwned%250A" in command
    assert summary == "1 error in 2 files (1 workload), 1 skipped"


def test_concise_is_one_line_per_finding() -> None:
    lines = reports.render("concise", hostile()).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("./::set-output")


def test_concise_in_colour_says_the_same() -> None:
    colored = reports.render("concise", sample(), Style(color=True))
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == reports.render("concise", sample())
