"""What is typed in an editor and not saved is rendered, although tools read the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import RunOptions, load_settings
from tests.rendering.projects import BASE, overlay, project
from tests.rendering.tools import Tools

FILES = {**BASE, **overlay("eu", "namePrefix: eu-\n")}
READS_THE_BASE = """\
import os, sys
base = os.path.join(sys.argv[2], "../../base/shop.yaml")
print(open(base).read().replace("name: shop", "name: eu-shop"))
"""


def lines(root: Path, contents: dict[str, bytes]) -> list[tuple[str, int]]:
    settings = load_settings(root, RunOptions(select=("min-instances",)))
    result = api.check([str(root)], settings=settings, contents=contents)
    assert result.renders
    return [(each.location.file, each.location.line) for each in result.findings]


def typed(root: Path) -> dict[str, bytes]:
    text = (root / "base/shop.yaml").read_text("utf-8")
    return {"base/shop.yaml": text.replace("replicas: 1", "replicas: 2").encode()}


def test_a_base_that_is_not_saved(tmp_path: Path, tools: Tools) -> None:
    tools.script("kustomize", READS_THE_BASE)
    root = project(tmp_path, FILES)
    told = [("base/shop.yaml", 5)]
    assert lines(root, {}) == told
    assert lines(root, typed(root)) == []
    # Neither is what was rendered from one of them kept for the other.
    assert lines(root, {}) == told
    (root / "base/shop.yaml").write_bytes(typed(root)["base/shop.yaml"])
    assert lines(root, {}) == []
    assert not list(tmp_path.glob("lintscale-*"))


@pytest.mark.usefixtures("real_kustomize")
def test_with_the_real_tools(tmp_path: Path) -> None:
    root = project(tmp_path, FILES)
    assert lines(root, {}) == [("base/shop.yaml", 5)]
    assert lines(root, typed(root)) == []


def test_lines_of_a_template_are_those_that_are_typed(tmp_path: Path, tools: Tools) -> None:
    tools.script(
        "helm",
        "import os, sys\n"
        "chart = sys.argv[3]\n"
        "print('---\\n# Source: shop/templates/shop.yaml')\n"
        "print(open(os.path.join(chart, 'templates/shop.yaml')).read().replace('{{ 1 }}', '1'))\n",
    )
    template = BASE["base/shop.yaml"].replace("replicas: 1", "replicas: {{ 1 }}")
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "chart/templates/shop.yaml": template,
    }
    root = project(tmp_path, files)
    [(file, line)] = lines(root, {})
    assert file == "chart/templates/shop.yaml"
    later = {file: f"# a\n# b\n{template}".encode()}
    assert lines(root, later) == [(file, line + 2)]
