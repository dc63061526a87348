"""The page for reviews, read by a parser that takes no mistake, and held to what it promises."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale import api, reports
from lintscale._record import replace
from lintscale.api import CheckResult
from lintscale.baseline.file import Entry, entries_of
from lintscale.engine.finding import Edit, Finding, Fix, Severity
from lintscale.fixes.files import applied
from lintscale.model.location import Location, Span
from lintscale.model.resolved import Credential
from lintscale.project.config import load_settings
from lintscale.reports import Style, diff
from lintscale.reports.text import printable
from lintscale.syntax import SourceFile
from tests.reports.sample import at, hostile, result, sample, source
from tests.reports.test_exchange_formats import EVERY, spoken
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"
FIXTURES = Path(__file__).parents[2] / "fixtures"


def parsed(text: str) -> ET.Element:
    """The page's tree. Whatever HTML calls a parse error fails."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: ET.Element = parser.parse(text)
    return root


def page(of: CheckResult, style: Style = reports.PLAIN) -> ET.Element:
    return parsed(reports.render("html", of, style))


def having(root: ET.Element, kind: str) -> Iterator[ET.Element]:
    return (each for each in root.iter() if kind in each.get("class", "").split())


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def words_of(root: ET.Element) -> str:
    (body,) = root.findall("body")
    return " ".join(text_of(body).split())


@pytest.mark.parametrize("of", [sample, hostile], ids=lambda of: of.__name__)
def test_stored_output(of: Callable[[], CheckResult]) -> None:
    reported = of()
    # The rules' own texts may change without the page.
    same = {"why": "For this.", "how_to_fix": "Do that.", "references": ("https://docs.example/",)}
    reported.rules = [replace(rule, **same) for rule in api.rules()]
    text = reports.render("html", reported)
    text = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1…\3", text, flags=re.DOTALL)
    text = re.sub(r"'sha256-[^']*'", "'sha256-…'", text)
    matches_stored(text, STORED / f"html-{of.__name__}.txt")


@EVERY
def test_it_lets_nothing_in_but_its_own_style_and_script(of: Callable[[], CheckResult]) -> None:
    text = reports.render("html", of())
    root = parsed(text)
    (policy,) = (meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv"))
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives["default-src"] == directives["base-uri"] == "'none'"
    for name in ("style", "script"):
        hashes = []
        for inside in re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            hashes.append(f"'sha256-{digest}'")
            assert "://" not in inside
            assert "url(" not in inside
        assert directives.get(f"{name}-src", "") == " ".join(hashes)
    for element in root.iter():
        assert element.tag not in {"link", "img", "iframe", "object", "base"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "action"}
            assert name != "href" or value.startswith(("#", "https://"))


@EVERY
def test_every_link_within_the_page_leads_somewhere(of: Callable[[], CheckResult]) -> None:
    root = page(of())
    names = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(names)) == len(names)
    for link in root.iter("a"):
        target = link.get("href", "")
        assert not target.startswith("#") or target[1:] in names


def test_every_finding_is_there_with_all_that_it_says() -> None:
    of = sample()
    articles = list(page(of).iter("article"))
    assert len(articles) == len(of.findings)
    for article, finding in zip(articles, of.findings, strict=True):
        told = " ".join(text_of(article).split())
        span = finding.location.span
        for each in (
            finding.severity.value,
            finding.rule,
            finding.message,
            finding.why,
            finding.help,
            f"line {span.line}, column {span.column}",
            *(related.message for related in finding.related),
        ):
            assert each in told
        assert article.get("data-rule") == finding.rule
        (marked,) = having(article, "m")
        assert text_of(marked) in of.files[finding.location.file].text or "***" in text_of(marked)


def test_rules_are_told_of_once_with_what_there_is_to_read() -> None:
    root = page(sample())
    rules = list(having(root, "rule"))
    assert [text_of(next(having(each, "id"))) for each in rules][:2] == [
        "min-instances",
        "missing-readiness-probe",
    ]
    links = [link.get("href", "") for link in rules[0].iter("a")]
    assert links[0].endswith("/docs/rules/min-instances.md")
    assert len([each for each in links if each.startswith("https://")]) > 1
    assert "at least 2 instances" in text_of(rules[0])


def test_paths_are_the_repository_s() -> None:
    text = words_of(page(sample(), Style(path_prefix="shop/")))
    assert "shop/k8s/checkout/deployment.yaml:8:3" in text
    assert text.count("k8s/checkout") == text.count("shop/k8s/checkout")


# -- hostile text ---------------------------------------------------------------------------------

MARKUP = """</script></style></title></textarea><script>a()</script><img src=x onerror=a()>\
" onclick='a()' javascript:a() <!-- ]]> &amp; &#60; {{x}}"""


def tags(root: ET.Element) -> set[Any]:
    return {(each.tag, *each.attrib) for each in root.iter()}


@pytest.mark.parametrize("text", [MARKUP, "##[group]x", "\x1b[31m\u202e\x00\ud800"])
def test_no_text_of_a_file_is_markup(text: str) -> None:
    root = page(spoken(text))
    assert tags(root) <= tags(page(spoken("harmless"))) | tags(page(spoken("harmless " * 20)))
    assert words_of(root).count(printable(" ".join(text.split()))) >= 8


@given(st.text(st.characters(), max_size=40) | st.text("<>&\"'/!-=\n\r\t ax", max_size=40))
def test_whatever_the_text_is(text: str) -> None:
    root = page(spoken(text))
    assert [each.tag for each in root.iter() if each.tag == "script"] == ["script"]
    assert len(list(root.iter("article"))) == 1


def test_a_policy_s_reference_that_is_no_address_is_no_link() -> None:
    rules = [
        replace(rule, references=("javascript:alert(1)", "https://docs.example/x?a=1&b=2"))
        for rule in api.rules()
        if rule.id == "min-instances"
    ]
    of = sample()
    of.rules = rules
    root = page(of)
    links = [link.get("href", "") for link in root.iter("a")]
    assert "https://docs.example/x?a=1&b=2" in links
    assert "javascript:alert(1)" in words_of(root)
    assert not [each for each in links if each.startswith("javascript")]


# -- nothing, and much ----------------------------------------------------------------------------


def test_no_findings() -> None:
    root = page(result([source("render.yaml", "services: []\n")], []))
    assert "✓ No findings in 1 file with 1 workload." in words_of(root)
    assert not list(root.iter("form"))
    assert not list(root.iter("script"))


def test_nothing_to_check_is_no_success() -> None:
    assert "Nothing to check." in words_of(page(result([], [])))


def many(count: int) -> CheckResult:
    """So many findings in files of 30, each with a fix."""
    files, findings = [], []
    for number in range(count // 30):
        name = f"svc-{number:03}/app.yaml"
        files.append(source(name, "".join(f"key{line}: {line}\n" for line in range(1, 31))))
        for line in range(1, 31):
            place = Location(name, Span(line, 1, line, 6), (f"key{line}",))
            fix = Fix("safe", "Take it out", (Edit(name, (line, 1), (line + 1, 1), ""),))
            findings.append(
                Finding(
                    f"rule-{line % 7}",
                    "config",
                    Severity.WARNING,
                    f"key{line} is not wanted here, as nothing reads it",
                    place,
                    why="What nothing reads misleads whoever does.",
                    help="Take it out, or move it to where it is read.",
                    fix=fix,
                    fingerprint=f"{number:04x}{line:04x}",
                )
            )
    return result(files, findings)


def test_three_thousand_findings_stay_usable() -> None:
    of = many(3000)
    started = time.process_time()
    text = reports.render("html", of)
    # Two seconds; thirty, when the diffs of fixes looked for lines far behind a file's end.
    assert time.process_time() - started < 15
    assert len(text) < 2500 * 3000
    assert text.count("<article ") == 3000
    assert '<main class="many">' in text


# -- fixes ----------------------------------------------------------------------------------------


def fix_lines(article: ET.Element) -> list[str]:
    """The lines of a finding's diff that are taken away or come in."""
    return [text_of(each) for pre in article.findall(".//dd//pre") for each in pre
            if each.get("class") in {"a", "d"}]  # fmt: skip


@pytest.mark.parametrize("platform", ["ecs", "kubernetes", "railway", "render"])
def test_a_fix_is_shown_as_diff_shows_it(platform: str) -> None:
    folder = FIXTURES / platform / "unhealthy"
    of = api.check([str(folder)], settings=load_settings(folder), use_cache=False)
    shown = 0
    for article, finding in zip(page(of).iter("article"), of.findings, strict=True):
        if finding.fix is None:
            assert not fix_lines(article)
            continue
        expected = []
        for file in sorted({edit.file for edit in finding.fix.edits}):
            before = (folder / file).read_bytes()
            after = applied(before, [edit for edit in finding.fix.edits if edit.file == file])
            expected += diff.render([(file, before, after)]).splitlines()[2:]
        assert fix_lines(article) == [line for line in expected if line[0] in "+-"]
        shown += 1
    assert shown


PLACE = Location("app.yaml", Span(1, 1, 1, 2))


def fixed(text: str, *edits: Edit, secret: tuple[str | int, ...] = ()) -> str:
    """The report's words on one finding with such a fix in app.yaml."""
    file = source("app.yaml", text)
    credentials = [Credential("render", "X", "key", "***", at(file, *secret))] if secret else []
    finding = Finding(
        "a-rule", "config", Severity.ERROR, "m", PLACE, fix=Fix("safe", "Fix it", edits)
    )
    return reports.render("html", result([file], [finding], credentials=credentials))


def test_secrets_stay_masked_in_the_diff_of_a_fix() -> None:
    text = "env: {name: SIGNING, value: swordfish}\nurl: redis://:hunter2@cache.example/0\n"
    edits = (
        Edit("app.yaml", (1, 1), (1, 4), "environment"),
        Edit("app.yaml", (2, 1), (2, 4), "redis"),
    )
    report = fixed(text, *edits, secret=("env", "value"))
    assert "swordfish" not in report
    assert "hunter2" not in report
    assert '<span class="a">+environment: {name: SIGNING, value: ***}</span>' in report
    assert '<span class="a">+redis: redis://:***@cache.example/0</span>' in report


def test_a_fix_of_places_far_apart_shows_both_with_their_lines() -> None:
    text = "".join(f"key{line}: 1\n" for line in range(1, 200))
    edits = (
        Edit("app.yaml", (5, 1), (6, 1), ""),
        Edit("app.yaml", (150, 1), (150, 4), "name"),
    )
    report = fixed(text, *edits)
    assert "@@ -2,7 +2,6 @@" in report
    assert "@@ -147,7 +146,7 @@" in report
    assert '<span class="d">-key5: 1</span>' in report
    assert '<span class="a">+name150: 1</span>' in report
    assert "key100" not in report


def test_of_a_long_line_the_diff_shows_what_changes() -> None:
    text = "list: [" + ", ".join(f"item{number}" for number in range(900)) + "]\n"
    at_ = text.index("item700")
    report = fixed(text, Edit("app.yaml", (1, at_ + 1), (1, at_ + 5), "thing"))
    (after,) = re.findall(r'<span class="a">(.*?)</span>', report)
    assert "thing700" in after
    assert len(after) < 120


def test_of_a_machine_s_line_no_diff_is_made() -> None:
    file = SourceFile("app.yaml", "list: [" + "secret: x, " * 400_000 + "]\n", "yaml")
    finding = Finding("a-rule", "config", Severity.ERROR, "m", PLACE)
    findings = [
        replace(finding, fix=Fix("safe", "Fix it", (Edit("app.yaml", (1, at_), (1, at_), "y"),)))
        for at_ in range(8, 308)
    ]
    started = time.process_time()
    text = reports.render("html", result([file], findings))
    assert time.process_time() - started < 5  # a tenth of a second; minutes, were they made
    assert text.count("Fix it (safe; --fix applies it)") == 300
    assert "@@" not in text


@given(
    st.text("ab:\n\r\t 日\x1b<", max_size=80),
    st.integers(1, 8),
    st.integers(1, 20),
    st.integers(0, 3),
    st.text("xy\n ", max_size=8),
)
def test_whatever_the_fix_is(text: str, line: int, column: int, more: int, new: str) -> None:
    parsed(fixed(text, Edit("app.yaml", (line, column), (line + more, column), new)))


# -- what is not reported -------------------------------------------------------------------------


BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: python -m shop
    healthCheckPath: /livez
    scaling: {minInstances: 1, maxInstances: 4, targetCPUPercent: 70}
"""


def apart(folder: Path, name: str, known: Sequence[Entry] | None = None) -> str:
    """The words of a section on what is not reported, of a project that has nothing else. They
    are there in GitHub Actions too, where SARIF does not have them."""
    of = api.check([str(folder)], settings=load_settings(folder), use_cache=False, baseline=known)
    root = page(of, Style(include_suppressed=False))
    assert not list(root.iter("article"))
    assert f"1 {'in the baseline' if known else 'suppressed'}" in words_of(root)
    (section,) = (each for each in root.iter("section") if each.get("id") == name)
    return " ".join(text_of(section).split())


def test_what_is_suppressed_stands_apart_with_its_reason(tmp_path: Path) -> None:
    comment = "# lintscale: ignore[min-instances] postgres://a:b@c/d <one> until 2100-01-31"
    file = tmp_path / "render.yaml"
    file.write_text(BLUEPRINT.replace("70}", f"70}}  {comment}"), encoding="utf-8")
    told = apart(tmp_path, "suppressed")
    assert "error min-instances render.yaml:7:15 shop" in told
    assert "postgres://a:***@c/d <one> (by the comment on line 7, until 2100-01-31)" in told
    file.write_text(BLUEPRINT, encoding="utf-8")
    table = '[[ignore]]\nrule = "min-instances"\nreason = "one writer"\n'
    (tmp_path / "lintscale.toml").write_text(table, encoding="utf-8")
    assert "one writer (by lintscale.toml:2)" in apart(tmp_path, "suppressed")


def test_what_the_baseline_knows_stands_apart(tmp_path: Path) -> None:
    (tmp_path / "render.yaml").write_text(BLUEPRINT, encoding="utf-8")
    settings = load_settings(tmp_path)
    findings = api.check([str(tmp_path)], settings=settings, use_cache=False).findings
    told = apart(tmp_path, "baseline", entries_of(findings))
    assert "error min-instances render.yaml:7:15 shop" in told
