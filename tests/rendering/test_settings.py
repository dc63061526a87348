"""``[rendering]``, ``[[helm]]`` and ``--no-render``."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.platforms.kubernetes.settings import ChartSettings
from lintscale.project.config import ConfigError, RenderingSettings, RunOptions, load_settings
from tests.cli.conftest import Lintscale, lintscale  # noqa: F401 - a fixture
from tests.rendering.projects import BASE, overlay, project
from tests.rendering.tools import Tools

EVERYTHING = """\
[rendering]
enabled = false
time-limit = 30

[[helm]]
chart = "charts/*"
values = ["values.yaml", "eu.yaml"]
release = "shop"
namespace = "bookshop"

[[helm]]
chart = "charts/ledger"
values = "ledger.yaml"
"""


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.rendering == RenderingSettings(enabled=True, time_limit_seconds=10)
    assert settings.platform_settings == {}


def test_everything_is_read(tmp_path: Path) -> None:
    (tmp_path / "lintscale.toml").write_text(EVERYTHING, "utf-8")
    settings = load_settings(tmp_path)
    assert settings.rendering == RenderingSettings(enabled=False, time_limit_seconds=30)
    assert settings.platform_settings["helm"] == (
        ChartSettings("charts/*", ("values.yaml", "eu.yaml"), "shop", "bookshop"),
        ChartSettings("charts/ledger", ("ledger.yaml",)),
    )


@pytest.mark.parametrize("text", ["", "[rendering]\nenabled = true\n"])
def test_the_command_line_turns_it_off(tmp_path: Path, text: str) -> None:
    (tmp_path / "lintscale.toml").write_text(text, "utf-8")
    assert not load_settings(tmp_path, RunOptions(render=False)).rendering.enabled


MISTAKES = [
    ("rendering = true\n", "1:1: “rendering” must be a table, not true"),
    ("[rendering]\nenabled = 'no'\n", "2:1: “enabled” must be true or false, not the text “no”"),
    ("[rendering]\ntime-limit = 0\n", "2:1: “time-limit” must be between 1 and 600, not 0"),
    (
        "[rendering]\ntimeout = 3\n",
        "2:1: unknown key “timeout”; known here are enabled, time-limit",
    ),
    ("[helm]\nchart = 'a'\n", "1:2: “helm” must be a list of tables; write [[helm]]"),
    ("[[helm]]\nvalues = []\n", "2:1: “chart” is missing; name the folder of the chart"),
    ("[[helm]]\nchart = '!'\n", "2:1: “!” is no pattern as .gitignore has them"),
    (
        "[[helm]]\nchart = 'a'\nrelease = '--post-renderer=x'\n",
        "3:1: “--post-renderer=x” is no name; use small letters, digits and “-”, at most 53",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistakes(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "lintscale.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as error:
        load_settings(tmp_path)
    lines = str(error.value).replace(f"{tmp_path}/lintscale.toml:", "").splitlines()
    assert lines == [expected]


def test_no_render(tmp_path: Path, tools: Tools, lintscale: Lintscale) -> None:  # noqa: F811
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = str(project(tmp_path, {**BASE, **overlay("eu", "commonLabels: {}\n")}))
    for command in ("check", "show"):
        assert lintscale(command, root, "--no-render").code in (0, 1)
    assert tools.runs("kustomize") == []
    lintscale("check", root, "--no-cache")
    lintscale("check", root, "--no-cache")
    assert len(tools.runs("kustomize")) == 2
