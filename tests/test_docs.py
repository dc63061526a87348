"""What the documentation says of the code holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lintscale import api
from lintscale._record import fields
from lintscale.platforms.support import SUPPORT
from lintscale.project.config import BUILT_IN_PROFILES, Profile, load_settings
from lintscale.project.config.reader import ConfigReader
from lintscale.syntax.tables import Mistakes
from tools import model_page

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_model_page_is_current() -> None:
    text = model_page.PAGE.read_text(encoding="utf-8")
    assert model_page.render(text) == text, "python -m tools.model_page writes it anew"


def test_the_model_page_says_what_each_field_is() -> None:
    text = model_page.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|[^|]*\|\s*\|$", text, re.MULTILINE) == []


def test_the_configuration_page_has_every_key() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for key in ConfigReader(Mistakes("lintscale.toml"), None, ROOT).readers:
        assert re.search(rf"`\[{{0,2}}{key}[\]`.]", text), key


def test_the_profiles_page_has_every_figure() -> None:
    text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    names = re.search(r"^\| \| (.+) \|$", text, re.MULTILINE)
    assert names is not None
    columns = names[1].split(" | ")
    for name in fields(Profile)[1:]:
        row = re.search(rf"^\| `{name}`[^|]*\| (.+) \|$", text, re.MULTILINE)
        assert row is not None, name
        for column, figure in zip(columns, row[1].split(" | "), strict=True):
            value = getattr(BUILT_IN_PROFILES[column], name)
            assert figure == ("–" if value is None else f"{value:g}"), (name, column)  # noqa: RUF001


def test_the_profiles_page_says_what_platforms_can_follow() -> None:
    text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.split("\n") if line.startswith("| ")]
    told = {row[0].replace("`", ""): row[1] for row in rows}
    assert SUPPORT.items() <= told.items()


def test_the_readmes_finding_is_what_the_sample_project_gives() -> None:
    from lintscale import reports
    from lintscale.project.config import RunOptions, load_settings

    root = ROOT / "fixtures" / "everything"
    result = api.check(
        [str(root)], settings=load_settings(root, RunOptions(select=("pool-exceeds-limit",)))
    )
    shown = reports.render("full", result, reports.Style(width=96, color=False))
    block = re.search(r"```\n(error\[.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert block is not None
    assert block[1].strip() in shown


def test_the_page_of_connections_shows_what_capacity_says() -> None:
    from lintscale.project.config import load_settings
    from lintscale.reports import Style, capacity

    root = ROOT / "fixtures" / "everything"
    result = api.load([str(root)], settings=load_settings(root))
    lines = capacity.render(result, Style(width=100, color=False)).splitlines()
    page = (ROOT / "docs" / "connections.md").read_text("utf-8")
    block = re.search(r"```\n(main-db .*?)```", page, re.DOTALL)
    assert block is not None
    shown = block[1].splitlines()
    start = lines.index(shown[0])
    assert lines[start : start + len(shown)] == shown


def test_the_suppressions_on_their_page_can_be_read(tmp_path: Path) -> None:
    from lintscale.project.config import load_settings
    from lintscale.suppressions.syntax import clauses, directives

    text = (ROOT / "docs" / "suppressions.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    tables = [block for language, block in blocks if language == "toml"]
    assert len(tables) == 2
    (tmp_path / "lintscale.toml").write_text("\n".join(tables), encoding="utf-8")
    settings = load_settings(tmp_path)
    assert settings.suppressions
    assert settings.strict
    written = [
        line for language, block in blocks if language == "yaml" for line in block.split("\n")
    ]
    found = [each.clause for line in written for each in directives(line[line.find("#") :])]
    for line in written:
        if "lintscale.dev/ignore: " in line:
            found += clauses(line.split(": ", 1)[1].strip('"'))
    assert len(found) == 4
    assert not any(clause.mistake for clause in found)


def test_the_comparison_s_figures_of_lintscale_are_what_it_says() -> None:
    text = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    folder = ROOT / "fixtures" / "everything"
    result = api.check([str(folder)], settings=load_settings(folder), today="2026-11-25")
    said = re.search(r"^\| \*\*All findings\*\* \| \*\*(\d+)\*\*", text, re.MULTILINE)
    read = re.search(r"^\| Files read, of (\d+) \| (\d+) ", text, re.MULTILINE)
    assert said is not None
    assert read is not None
    files = sum(1 for path in folder.rglob("*") if path.is_file() and path.name != "lintscale.toml")
    assert int(said[1]) == len(result.findings)
    assert [int(read[1]), int(read[2])] == [files, result.summary.files_checked]
