"""What to know of a fix that is applied: told once, after what was done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Lintscale
from tests.fixes.test_instances import COUNTED

NOTE = (
    "lintscale: note on replicas-beside-autoscaler: If kubectl apply created the object "
    "(client-side, the default), the next apply removes the count and leaves one pod until the "
    "autoscaler acts. First remove it from the last applied configuration: kubectl apply "
    "edit-last-applied.\n"
)


@pytest.fixture
def counted(project: Path) -> Path:
    for name in ("shop", "till"):
        text = COUNTED.replace("name: shop", f"name: {name}").replace("app: shop", f"app: {name}")
        (project / f"{name}.yaml").write_text(text, encoding="utf-8")
    return project


@pytest.mark.parametrize("option", ["--diff", "--fix"])
def test_it_is_told_once(option: str, counted: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", option, "--select", "replicas-beside-autoscaler")
    done = "2 fixed" if option == "--fix" else "would fix 2"
    assert ran.err == (
        f"lintscale: {done} in 2 files\n"
        "  shop.yaml: replicas-beside-autoscaler\n"
        "  till.yaml: replicas-beside-autoscaler\n" + NOTE
    )
    if option == "--fix":
        assert lintscale("check", option).err.count("edit-last-applied") == 0


def test_reports_have_it(counted: Path, lintscale: Lintscale) -> None:
    select = ("check", "--select", "replicas-beside-autoscaler", "--output-format")
    first, _ = json.loads(lintscale(*select, "json").out)["findings"]
    assert first["fix"]["description"] == "Remove “replicas”"
    assert first["fix"]["note"].startswith("If kubectl apply created the object")
    result, _ = json.loads(lintscale(*select, "sarif").out)["runs"][0]["results"]
    text = result["fixes"][0]["description"]["text"]
    assert text.startswith("Remove “replicas” (safe). If kubectl apply created the object")
