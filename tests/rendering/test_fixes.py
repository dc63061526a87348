"""Fixes of manifests that overlays are built from: only where all of them agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.fixes.loop import FixResult
from tests.rendering.projects import BASE, check, overlay, project

pytestmark = pytest.mark.usefixtures("real_kustomize")


def fixed(root: Path) -> FixResult:
    first = check(root, select=("min-instances",))
    assert first.renders
    return api.fix(first, unsafe=True)


def test_a_manifest_that_all_render_alike(tmp_path: Path) -> None:
    root = project(tmp_path, {**BASE, **overlay("production"), **overlay("west")})
    text = (root / "base/shop.yaml").read_text("utf-8")
    outcome = fixed(root)
    assert [(each.name, each.after.decode()) for each in outcome.changed] == [
        ("base/shop.yaml", text.replace("replicas: 1", "replicas: 2"))
    ]
    # With the files written, the rendered objects are in order.
    for each in outcome.changed:
        (root / each.name).write_bytes(each.after)
    assert check(root, select=("min-instances",)).findings == []


def test_not_where_only_some_give_the_finding(tmp_path: Path) -> None:
    root = project(tmp_path, {**BASE, **overlay("production"), **overlay("staging")})
    [finding] = check(root, select=("min-instances",)).findings
    assert finding.message.endswith("(in overlays/production)")
    assert finding.fix is None
    assert not fixed(root).changed


def test_not_in_what_an_overlay_says(tmp_path: Path) -> None:
    count = "replicas: [{name: shop, count: 1}]\n"
    files = {**BASE, **overlay("production", count)}
    files["base/shop.yaml"] = files["base/shop.yaml"].replace("replicas: 1", "replicas: 3")
    root = project(tmp_path, files)
    assert len(check(root, select=("min-instances",)).findings) == 1
    assert not fixed(root).changed
