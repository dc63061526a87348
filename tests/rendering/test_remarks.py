"""Suppressions in what overlays and charts are rendered from, and schemas of what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifests import Manifest, as_list, as_yaml, budget, deployment, service
from tests.rendering.projects import BASE, TOP, check, found, overlay, project
from tests.rendering.tools import Tools

BASE_FILE = "base/shop.yaml"
FILES = {**BASE, **overlay("eu", "namePrefix: eu-\n"), **overlay("us", "namePrefix: us-\n")}
NOT_THIS = "lintscale.dev/ignore"


def rendered(name: str, **metadata: object) -> str:
    """What kustomize makes of the base; ``metadata`` is the Deployment's."""
    whole = {**deployment(replicas=1), "metadata": {"name": name, **metadata}}
    others = ({**each, "metadata": {"name": name}} for each in (service(), budget()))
    return as_yaml(whole, *others)


def says(tools: Tools, **metadata: object) -> None:
    tools.says(
        "kustomize",
        {f"/overlays/{name}": rendered(f"{name}-shop", **metadata) for name in ("eu", "us")},
    )


# -- suppressions ---------------------------------------------------------------------------------


def test_a_comment_in_the_base(tmp_path: Path, tools: Tools) -> None:
    says(tools)
    text = BASE[BASE_FILE].replace(
        "replicas: 1", "replicas: 1  # lintscale: ignore[min-instances, no-autoscaling] a toy"
    )
    result = check(project(tmp_path, {**FILES, BASE_FILE: text}))
    assert found(result) == []
    assert {each.finding.rule for each in result.suppressed} == {"min-instances", "no-autoscaling"}


@pytest.mark.parametrize("as_a_list", [False, True])
def test_an_annotation_in_the_base(tmp_path: Path, tools: Tools, as_a_list: bool) -> None:
    """It speaks of the object wherever it is deployed, and is told of once if it is of no use."""
    text = "availability, scaling: a toy; unpinned-image: not so"
    says(tools, annotations={NOT_THIS: text})
    annotated: Manifest = deployment(replicas=1)
    annotated["metadata"]["annotations"] = {NOT_THIS: text}
    objects = (annotated, service(), budget())
    base = as_yaml(as_list(*objects)) if as_a_list else as_yaml(*objects)
    result = check(
        project(tmp_path, {**FILES, BASE_FILE: base}),
        select=("min-instances", "no-autoscaling", "unpinned-image", "unused-suppression"),
    )
    (unused,) = result.findings
    assert (unused.rule, unused.location.file) == ("unused-suppression", BASE_FILE)
    assert "unpinned-image" in unused.message
    assert {each.finding.rule for each in result.suppressed} == {"min-instances", "no-autoscaling"}


def test_an_annotation_in_a_patch(tmp_path: Path, tools: Tools) -> None:
    """Of one overlay, and so of what that one alone gives."""
    text = "availability, scaling: a toy"
    tools.says(
        "kustomize",
        {
            "/overlays/eu": rendered("shop", annotations={NOT_THIS: text}),
            "/overlays/us": rendered("shop"),
        },
    )
    files = {**BASE, **overlay("eu", "patches: [{path: patch.yaml}]\n")}
    patch = deployment()
    patch["metadata"]["annotations"] = {NOT_THIS: text}
    del patch["spec"]
    files["overlays/eu/patch.yaml"] = as_yaml(patch)
    alone = check(project(tmp_path / "alone", files))
    assert [finding.location.file for finding in alone.findings] == [BASE_FILE, BASE_FILE]


def test_a_comment_at_an_entry_of_the_kustomization(tmp_path: Path, tools: Tools) -> None:
    tools.says("kustomize", {"/overlays/eu": rendered("shop")})
    entry = "replicas:\n  - name: shop\n    count: 1  # lintscale: ignore[min-instances] a toy\n"
    files = {**BASE, "overlays/eu/kustomization.yaml": f"{TOP}resources: [../../base]\n{entry}"}
    result = check(project(tmp_path, files))
    assert [rule for rule, _, _ in found(result)] == ["no-autoscaling"]
    assert [each.finding.rule for each in result.suppressed] == ["min-instances"]


def test_an_annotation_in_a_template(tmp_path: Path, tools: Tools) -> None:
    text = as_yaml({**deployment(replicas=1), "metadata": {"name": "shop", "annotations": {
        NOT_THIS: "availability, scaling: a toy"}}})  # fmt: skip
    template = (
        f"kind: Deployment\nmetadata:\n  annotations:\n    {NOT_THIS}: x\nspec: {{{{ x }}}}\n"
    )
    files = {"shop/Chart.yaml": "name: shop\n", "shop/templates/shop.yaml": template}
    tools.says("helm", {"/shop": f"---\n# Source: shop/templates/shop.yaml\n{text}"})
    assert found(check(project(tmp_path, files))) == []


# -- schemas --------------------------------------------------------------------------------------


def test_an_unknown_key_in_a_patch(tmp_path: Path, tools: Tools) -> None:
    """A patch alone is no object to be checked; what comes of it is. Once, for both overlays."""
    text = rendered("shop").replace("replicas: 1", "replicas: 1\n  minReadySecond: 5")
    tools.says("kustomize", {"/overlays/eu": text, "/overlays/us": text})
    files = dict(BASE)
    for name in ("eu", "us"):
        files |= overlay(name, "components: [../../slow]\n")
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    files["slow/kustomization.yaml"] = f"{component}patches: [{{path: slow.yaml}}]\n"
    files["slow/slow.yaml"] = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
        "spec:\n  minReadySecond: 5\n"
    )
    result = check(project(tmp_path, files), select=("unknown-key",))
    assert found(result) == [("unknown-key", "slow/slow.yaml", 5)]
    assert result.findings[0].fix is None


def test_an_unknown_key_of_the_base_is_told_as_it_stands_there(
    tmp_path: Path, tools: Tools
) -> None:
    wrong = ("replicas: 1", "replicas: 1\n  minReadySecond: 5")
    tools.says("kustomize", {"/overlays/": rendered("eu-shop").replace(*wrong)})
    files = {**BASE, **overlay("eu", "namePrefix: eu-\n")}
    files[BASE_FILE] = files[BASE_FILE].replace(*wrong)
    result = check(project(tmp_path, files), select=("unknown-key",))
    assert found(result) == [("unknown-key", BASE_FILE, 6)]
    assert result.findings[0].fix is not None


def test_a_misspelt_key_is_read_as_it_is_meant(tmp_path: Path, tools: Tools) -> None:
    wrong = ("replicas: 1", "replcas: 3")
    tools.says("kustomize", {"/overlays/": rendered("shop").replace(*wrong)})
    files = {**BASE, **overlay("eu", "commonLabels: {}\n")}
    files[BASE_FILE] = files[BASE_FILE].replace(*wrong)
    result = check(project(tmp_path, files))
    assert "min-instances" not in {rule for rule, _, _ in found(result)}


def test_what_a_template_gets_wrong(tmp_path: Path, tools: Tools) -> None:
    template = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: {{ .Values.count }}\n"
    files = {"shop/Chart.yaml": "name: shop\n", "shop/templates/shop.yaml": template}
    text = rendered("shop").replace("replicas: 1", "replicas: three")
    tools.says("helm", {"/shop": f"---\n# Source: shop/templates/shop.yaml\n{text}"})
    result = check(project(tmp_path, files), select=("schema-violation",))
    assert found(result) == [("schema-violation", "shop/templates/shop.yaml", 4)]
    assert result.findings[0].platform == "kubernetes"
