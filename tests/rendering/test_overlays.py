"""Several overlays of one base: what is joined, what is judged, what is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import load_settings
from tests.manifests import Manifest, as_yaml, autoscaler, budget, deployment, in_namespace, service
from tests.rendering.projects import BASE, TOP, check, found, overlay, project
from tests.rendering.tools import Tools

BASE_FILE = "base/shop.yaml"


def named(manifest: Manifest, prefix: str) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "name": f"{prefix}shop"}}


def rendered(prefix: str = "", replicas: int = 1, *more: Manifest) -> str:
    """What kustomize makes of the base with a prefix and a count."""
    base = (deployment(replicas=replicas), service(), budget())
    return as_yaml(*(named(each, prefix) for each in base), *more)


def overlays(*names: str, more: str = "namePrefix: {}-\n") -> dict[str, str]:
    files = dict(BASE)
    for name in names:
        files |= overlay(name, more.format(name))
    return files


def says(tools: Tools, **by_overlay: str) -> None:
    tools.says("kustomize", {f"/overlays/{name}": text for name, text in by_overlay.items()})


def min_instances(result: api.CheckResult) -> api.Finding:
    (finding,) = [each for each in result.findings if each.rule == "min-instances"]
    return finding


def test_three_overlays_and_one_finding(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered("eu-"), us=rendered("us-"), asia=rendered("asia-"))
    result = check(project(tmp_path, overlays("eu", "us", "asia")))
    assert found(result) == [
        ("min-instances", BASE_FILE, 5),
        ("no-autoscaling", BASE_FILE, 5),
    ]
    finding = min_instances(result)
    assert finding.workload == "Deployment/shop"
    assert "(in " not in finding.message


def test_overlays_are_named_where_not_all_of_them_are_meant(tmp_path: Path, tools: Tools) -> None:
    says(tools, production=rendered("production-"), staging=rendered("staging-"))
    finding = min_instances(check(project(tmp_path, overlays("production", "staging"))))
    assert finding.environment == "production"
    assert finding.message.endswith("(in overlays/production)")


def test_many_overlays_are_counted(tmp_path: Path, tools: Tools) -> None:
    regions = ("asia", "eu", "us", "west", "east")
    texts = {region: rendered(f"{region}-") for region in regions}
    says(tools, **texts, staging=rendered("staging-"))
    finding = min_instances(check(project(tmp_path, overlays(*regions, "staging"))))
    assert finding.message.endswith("(in overlays/asia, overlays/east, overlays/eu and 2 more)")


def test_the_fingerprint_is_that_of_the_base(tmp_path: Path, tools: Tools) -> None:
    """However many overlays there are, and with or without a tool."""
    says(tools, eu=rendered("eu-"), us=rendered("us-"))
    prints = set()
    for number, names in enumerate(((), ("eu",), ("eu", "us"))):
        for render in (True, False):
            root = project(tmp_path / f"{number}{render}", overlays(*names))
            result = check(root, render=render)
            prints.add(tuple(sorted(each.fingerprint for each in result.findings)))
    assert len(prints) == 1


def test_a_fix_is_the_one_that_the_base_alone_would_get(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered("eu-"))
    root = project(tmp_path, overlays("eu"))
    with_tool, without = (min_instances(check(root, render=render)) for render in (True, False))
    assert with_tool.fix is not None
    assert with_tool.fix == without.fix


def test_an_overlay_that_mends_the_base(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered("", 3))
    files = overlays("eu", more="replicas: [{{name: shop, count: 3}}]\n")
    result = check(project(tmp_path, files))
    assert found(result) == [("no-autoscaling", "overlays/eu/kustomization.yaml", 4)]


def test_an_autoscaler_belongs_to_the_overlay_it_is_rendered_in(
    tmp_path: Path, tools: Tools
) -> None:
    """The other overlay has none, and no prefix tells the two apart."""
    says(tools, eu=rendered("", 1, autoscaler(low=3)), us=rendered())
    result = check(project(tmp_path, overlays("eu", "us", more="commonLabels: {{at: {}}}\n")))
    by_overlay = {
        workload.location.rendered_by: [scaler.min.value for scaler in workload.autoscalers]
        for workload in result.project.workloads
    }
    assert by_overlay == {
        "overlays/eu/kustomization.yaml": [3],
        "overlays/us/kustomization.yaml": [],
    }
    assert min_instances(result).message.endswith("(in overlays/us)")


def test_a_budget_belongs_to_the_overlay_it_is_rendered_in(tmp_path: Path, tools: Tools) -> None:
    with_budget = rendered("eu-", 3)
    without = as_yaml(named(deployment(replicas=3), "us-"), named(service(), "us-"))
    says(tools, eu=with_budget, us=without)
    result = check(project(tmp_path, overlays("eu", "us")))
    (finding,) = [each for each in result.findings if each.rule == "missing-disruption-budget"]
    assert (finding.location.file, finding.location.line) == (BASE_FILE, 3)
    assert finding.message.endswith("(in overlays/us)")


def test_an_autoscaler_outside_of_all_overlays_finds_its_target(
    tmp_path: Path, tools: Tools
) -> None:
    says(tools, eu=rendered("eu-"))
    files = overlays("eu") | {"scaling/hpa.yaml": as_yaml(autoscaler("eu-shop", low=2))}
    assert found(check(project(tmp_path, files))) == [("replicas-beside-autoscaler", BASE_FILE, 5)]


def test_the_namespace_tells_the_environment(tmp_path: Path, tools: Tools) -> None:
    base = (deployment(replicas=1), service(), budget())
    says(tools, eu=as_yaml(*(in_namespace(each, "bookshop-staging") for each in base)))
    result = check(project(tmp_path, overlays("eu", more="namespace: bookshop-staging\n")))
    assert [each.environment.value for each in result.project.workloads] == ["staging"]
    assert found(result) == []


def test_an_overlay_within_a_list_of_overlays_tells_the_environment(
    tmp_path: Path, tools: Tools
) -> None:
    tools.says("kustomize", {"/overlays": rendered("staging-") + "---\n" + rendered("prod-")})
    files = {**BASE, **overlay("staging", "namePrefix: staging-\n")}
    files |= overlay("production", "namePrefix: prod-\n")
    files["overlays/kustomization.yaml"] = f"{TOP}resources: [staging, production]\n"
    result = check(project(tmp_path, files))
    environments = sorted(str(each.environment.value) for each in result.project.workloads)
    assert environments == ["production", "staging"]
    assert min_instances(result).environment == "production"


@pytest.mark.parametrize("glob", ["overlays/eu/**", "base/**"])
def test_the_configuration_tells_the_environment(tmp_path: Path, tools: Tools, glob: str) -> None:
    says(tools, eu=rendered("eu-"))
    root = project(tmp_path, overlays("eu"), f"[environments]\nqa-lab = [{glob!r}]\n")
    result = api.load([str(root)], settings=load_settings(root))
    assert [each.environment.value for each in result.project.workloads] == ["qa-lab"]


def test_what_a_patch_says_of_files_that_are_not_rendered(tmp_path: Path, tools: Tools) -> None:
    """A plain manifest of the same name is not what the overlay is about."""
    says(tools, eu=rendered("", 3))
    files = overlays("eu", more="replicas: [{{name: shop, count: 3}}]\n")
    files["other/shop.yaml"] = BASE[BASE_FILE]
    result = check(project(tmp_path, files))
    assert ("min-instances", "other/shop.yaml", 5) in found(result)


def test_a_component_changes_what_includes_it(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered("", 1).replace("replicas: 1", "replicas: 0x1"))
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    files = dict(BASE)
    files |= overlay("eu", "components: [../../small]\n")
    files["small/kustomization.yaml"] = f"{component}patches:\n  - path: one.yaml\n"
    files["small/one.yaml"] = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  replicas: 0x1\n"
    )
    result = check(project(tmp_path, files))
    assert found(result)[-1][1:] == ("small/one.yaml", 5)
    assert result.summary.skipped == ()


def test_files_that_git_ignores_are_rendered_and_not_reported(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered())
    root = project(tmp_path, {**overlays("eu", more="commonLabels: {{at: {}}}\n")})
    (root / ".gitignore").write_text("base/shop.yaml\n", "utf-8")
    result = check(root)
    assert found(result) == []
    assert [each.display_name for each in result.project.workloads] == ["Deployment/shop"]


def test_an_object_that_nothing_names_stands_at_the_kustomization(
    tmp_path: Path, tools: Tools
) -> None:
    """Made by a generator, or renamed by a patch."""
    says(tools, eu=rendered("surprise-"))
    result = check(project(tmp_path, overlays("eu", more="commonLabels: {{at: {}}}\n")))
    assert found(result)[0] == ("min-instances", "overlays/eu/kustomization.yaml", 1)


def test_an_object_that_becomes_another_kind(tmp_path: Path, tools: Tools) -> None:
    """Its manifest is still where it comes from."""
    says(tools, eu=rendered().replace("kind: Deployment", "kind: StatefulSet"))
    more = "patches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /kind}]'}]\n"
    files = {**BASE, **overlay("eu", more)}
    assert found(check(project(tmp_path, files)))[0] == ("min-instances", BASE_FILE, 5)


def test_a_list_in_the_base(tmp_path: Path, tools: Tools) -> None:
    """kustomize takes a List apart; places lead into it."""
    from tests.manifests import as_list

    says(tools, eu=rendered("eu-"))
    files = overlays("eu")
    files[BASE_FILE] = as_yaml(as_list(deployment(replicas=1), service(), budget()))
    finding = min_instances(check(project(tmp_path, files)))
    assert finding.location.path == ("items", 0, "spec", "replicas")
    line = files[BASE_FILE].splitlines()[finding.location.line - 1]
    assert line.strip() == "replicas: 1"


def test_the_base_s_own_troubles_are_told_as_ever(tmp_path: Path, tools: Tools) -> None:
    says(tools, eu=rendered("eu-"))
    files = overlays("eu")
    files[BASE_FILE] = files[BASE_FILE].replace("  replicas: 1\n", "  replicas: 1\n  replicas: 1\n")
    assert ("duplicate-key", BASE_FILE, 6) in found(check(project(tmp_path, files)))


TWO_COPIES = f"{TOP}resources: [../../base]\nnamePrefix: {{}}-\n"


def test_one_overlay_that_includes_the_base_twice(tmp_path: Path, tools: Tools) -> None:
    says(tools, both=rendered("blue-") + "---\n" + rendered("green-", 3))
    files = dict(BASE)
    for colour in ("blue", "green"):
        files[f"parts/{colour}/kustomization.yaml"] = TWO_COPIES.format(colour)
    files["overlays/both/kustomization.yaml"] = (
        f"{TOP}resources: [../../parts/blue, ../../parts/green]\n"
    )
    result = check(project(tmp_path, files))
    assert [workload.name for workload in result.project.workloads] == ["shop", "shop"]
    assert min_instances(result).location.line == 5
