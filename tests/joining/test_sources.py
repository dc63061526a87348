"""Where manifests come from: overlays, charts, standard input, a part of the project."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from lintscale import api
from lintscale.cli.app import run
from lintscale.project.config import load_settings
from tests.manifests import (
    FLAWED,
    FLAWS,
    HEALTHY,
    Manifest,
    as_json,
    as_yaml,
    autoscaler,
    budget,
    container,
    deployment,
    service,
)
from tests.one_service import checked, write
from tests.verdicts import places, rules, verdicts, workload


def skipped(result: api.CheckResult) -> dict[str, str]:
    return {skip.file: skip.reason for skip in result.summary.skipped}


# -- kustomize and Helm ---------------------------------------------------------------------------

KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
"""


@pytest.mark.parametrize(
    "named", ["patches:\n  - path: smaller.yaml\n", "patchesStrategicMerge:\n  - smaller.yaml\n"]
)
def test_a_patch_is_left_out_and_the_summary_says_why(shop: Path, named: str) -> None:
    patch = deployment(replicas=1)
    patch["spec"] = {"replicas": 1, "template": {"spec": {"containers": [{"name": "shop"}]}}}
    files = {
        "base/shop.yaml": as_yaml(*HEALTHY),
        "overlays/small/kustomization.yaml": KUSTOMIZATION + named,
        "overlays/small/smaller.yaml": as_yaml(patch),
    }
    result = checked(write(shop, files))
    assert rules(result) == []
    assert skipped(result) == {
        "overlays/small/smaller.yaml": "a patch, which is part of an object"
        " (overlays/small/kustomization.yaml)",
        "overlays/small/kustomization.yaml": "not rendered: neither kustomize nor kubectl"
        " is on PATH",
    }
    assert result.summary.workloads == 1


def test_a_kustomization_sets_counts(shop: Path) -> None:
    files = {
        "base/shop.yaml": as_yaml(deployment(replicas=1), service(), budget()),
        "deploy/kustomization.yaml": KUSTOMIZATION + "replicas:\n  - name: shop\n    count: 3\n",
    }
    result = checked(write(shop, files))
    assert places(result) == [("no-autoscaling", "info", "deploy/kustomization.yaml")]
    assert workload(result).min_instances.value == 3


def test_a_kustomization_s_count_is_judged_where_it_stands(shop: Path) -> None:
    files = {
        "base/shop.yaml": as_yaml(deployment(replicas=2), service(), budget()),
        "deploy/kustomization.yaml": KUSTOMIZATION + "replicas:\n  - name: shop\n    count: 1\n",
    }
    result = checked(write(shop, files))
    place = {finding.rule: finding.location for finding in result.findings}["min-instances"]
    assert (place.file, place.line) == ("deploy/kustomization.yaml", 7)


@pytest.mark.parametrize(("tag", "expected"), [("1.5.0", []), ("latest", ["unpinned-image"])])
def test_a_kustomization_sets_images(shop: Path, tag: str, expected: list[str]) -> None:
    other = "latest" if tag != "latest" else "1.4.2"
    objects = [deployment(), *HEALTHY[1:]]
    pod = objects[0]["spec"]["template"]["spec"]
    pod["containers"] = [{**container(), "image": f"registry.example/shop:{other}"}]
    images = f"images:\n  - name: registry.example/shop\n    newTag: {tag}\n"
    files = {
        "base/shop.yaml": as_yaml(*objects),
        "deploy/kustomization.yaml": KUSTOMIZATION + images,
    }
    assert rules(checked(write(shop, files))) == expected


TEMPLATE = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "shop.fullname" . }}
  minReplicas: {{ .Values.autoscaling.minReplicas }}
  maxReplicas: 1
"""


def test_a_helm_template_is_left_out_and_the_summary_says_why(shop: Path) -> None:
    files = {
        "shop.yaml": as_yaml(*HEALTHY),
        "charts/shop/templates/hpa.yaml": TEMPLATE,
        "scaling/other.yaml": as_yaml(autoscaler("ledger")),
    }
    result = checked(write(shop, files))
    # The ledger's Deployment may well be a template too.
    assert places(result) == [("dangling-autoscaler", "info", "scaling/other.yaml")]
    assert list(skipped(result)) == ["charts/shop/templates/hpa.yaml"]
    assert "helm template" in skipped(result)["charts/shop/templates/hpa.yaml"]


# -- standard input -------------------------------------------------------------------------------


def of_stdin(folder: Path, text: str) -> api.CheckResult:
    folder.mkdir(exist_ok=True)
    return api.check(["-"], settings=load_settings(folder), stdin=text)


def rendered(*objects: Manifest) -> str:
    """As ``helm template`` writes it."""
    return "".join(
        f"---\n# Source: shop/templates/{each['kind'].lower()}.yaml\n{as_yaml(each)}"
        for each in objects
    )


def test_what_helm_renders_is_judged_on_standard_input(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(shop, {}))

    def check(text: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        code = run(["check", "-", "--output-format", "concise"])
        return code, capfd.readouterr().out

    code, out = check(rendered(*HEALTHY))
    assert code == 0
    flawed = rendered(*FLAWED)
    code, out = check(flawed)
    assert code == 1
    replicas = flawed[: flawed.index("replicas: 5")].count("\n") + 1
    assert f"stdin.yaml:{replicas}:3: " in out
    assert all(f"[{rule}] " in out for rule, _ in FLAWS)


def test_what_helm_renders_is_the_same_in_a_file(shop: Path) -> None:
    text = rendered(*FLAWED)
    in_a_file = checked(write(shop, {"rendered.yaml": text}))
    assert verdicts(of_stdin(shop, text)) == verdicts(in_a_file)


def test_a_single_autoscaler_on_standard_input_does_not_dangle(shop: Path) -> None:
    assert rules(of_stdin(shop, as_yaml(autoscaler()))) == []
    assert rules(of_stdin(shop, as_json(autoscaler()))) == []
    both = ["dangling-autoscaler", "dangling-disruption-budget"]
    assert rules(of_stdin(shop, as_yaml(autoscaler(), budget()))) == both


@pytest.mark.parametrize("name", ["scaling/shop.yaml", "scaling/new.yaml"])
def test_standard_input_takes_the_place_of_a_file(shop: Path, name: str) -> None:
    """As editors give it: a text that is not saved yet, in its project."""
    saved = {
        "apps/shop.yaml": as_yaml(deployment(), service(), budget()),
        "apps/ledger.yaml": as_yaml(deployment("ledger"), service("ledger"), budget("ledger")),
        "scaling/shop.yaml": "kind: [",
    }
    write(shop, saved)
    text = as_yaml(autoscaler(low=3, high=3), autoscaler("ledger"))
    settings = load_settings(shop)
    found = api.check(["-"], settings=settings, stdin=text, stdin_filename=str(shop / name))
    assert places(found) == [("min-equals-max", "warning", name)]
    assert found.summary.files_checked == 1


def test_only_standard_input_is_fixed_in_its_place(shop: Path) -> None:
    saved = {"apps/shop.yaml": as_yaml(deployment(replicas=3), service(), budget())}
    write(shop, {**saved, "scaling/shop.yaml": as_yaml(autoscaler())})
    first = api.check(
        ["-"],
        settings=load_settings(shop),
        stdin=as_yaml(autoscaler()),
        stdin_filename=str(shop / "scaling/shop.yaml"),
    )
    assert "replicas-beside-autoscaler" in rules(first)
    assert api.fix(first).changed == ()


# -- a part of the project ------------------------------------------------------------------------


def test_a_changed_file_is_judged_with_the_whole_project(shop: Path) -> None:
    """What a hook does: all is read; shown is what the changed file holds or relates to."""
    files = {
        "apps/shop.yaml": as_yaml(deployment(replicas=5), service()),
        "scaling/shop.yaml": as_yaml(autoscaler(low=2, high=2)),
        "policies/shop.yaml": as_yaml(budget(minAvailable=2)),
    }
    write(shop, files)
    everything = checked(shop)
    assert sorted({place[2] for place in places(everything)}) == sorted(files)
    for name in files:
        alone = checked(shop, [shop / name])
        own = [place for place in places(everything) if place[2] == name]
        assert set(own) <= set(places(alone))
        assert {place[2] for place in places(alone)} == {name}
        assert alone.summary.files_checked == 1


def test_a_changed_autoscaler_does_not_dangle(shop: Path) -> None:
    files = {
        "apps/shop.yaml": as_yaml(deployment(), service(), budget()),
        "scaling/shop.yaml": as_yaml(autoscaler()),
    }
    write(shop, files)
    assert rules(checked(shop, [shop / "scaling/shop.yaml"])) == []
    # Without a project around it, the folder that is named is all there is.
    (shop / "lintscale.toml").unlink()
    assert rules(checked(shop / "scaling")) == ["dangling-autoscaler"]
