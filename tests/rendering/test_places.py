"""From a value in a rendered object to the line that wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.model.location import Location
from lintscale.model.resolved import Workload
from lintscale.platforms.kubernetes.kustomization import selects
from lintscale.project.config import load_settings
from tests.rendering.projects import TOP, project
from tests.rendering.tools import Tools

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - image: registry.example/shop:1.0
          name: shop
          args: [serve]
          env:
            - {name: LEVEL, value: info}
            - {name: REGION, value: eu}
        - name: proxy
          image: registry.example/proxy:2.0
"""

RENDERED = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - image: {image}
        name: proxy
      - args:
        - serve
        env:
        - name: REGION
          value: {region}
        - name: LEVEL
          value: info
        image: registry.example/shop:1.0
        name: shop
"""

KUSTOMIZATION = "overlays/eu/kustomization.yaml"
PATCH = "overlays/eu/patch.yaml"


def rendered(
    replicas: int = 3, image: str = "registry.example/proxy:2.0", region: str = "eu"
) -> str:
    return RENDERED.format(replicas=replicas, image=image, region=region)


def workload(
    folder: Path, tools: Tools, text: str, more: str = "", **files: str
) -> tuple[Path, Workload]:
    """The one that the overlay renders to ``text``."""
    tools.says("kustomize", {"/overlays/eu": text})
    root = project(
        folder,
        {
            "base/kustomization.yaml": f"{TOP}resources: [shop.yaml]\n",
            "base/shop.yaml": BASE,
            KUSTOMIZATION: f"{TOP}resources: [../../base]\ncommonLabels: {{}}\n{more}",
            **{f"overlays/eu/{name}.yaml": content for name, content in files.items()},
        },
    )
    result = api.load([str(root)], settings=load_settings(root))
    (found,) = result.project.workloads
    return root, found


def shown(root: Path, location: Location | None) -> tuple[str, str]:
    """The file, and what is underlined there."""
    assert location is not None
    span = location.span
    line = (root / location.file).read_text("utf-8").splitlines()[span.line - 1]
    return location.file, line[span.column - 1 : span.end_column - 1]


def test_the_manifest_s_own_values(tmp_path: Path, tools: Tools) -> None:
    """Entries of a list are found by their names, in whatever order they come out."""
    root, found = workload(tmp_path, tools, rendered())
    assert shown(root, found.location) == ("base/shop.yaml", "name: shop")
    assert shown(root, found.replicas.location) == ("base/shop.yaml", "replicas: 3")
    proxy, shop = found.containers
    assert shown(root, proxy.location) == ("base/shop.yaml", "name: proxy")
    assert shown(root, shop.location) == ("base/shop.yaml", "name: shop")
    assert shown(root, shop.image.location)[1] == "image: registry.example/shop:1.0"
    assert shown(root, shop.command.location)[1] == "args"
    assert [shown(root, each.location)[1] for each in shop.environment] == [
        "value: eu",
        "value: info",
    ]


def test_what_is_missing_would_stand_in_the_manifest(tmp_path: Path, tools: Tools) -> None:
    root, found = workload(tmp_path, tools, rendered())
    spread = found.placement.location
    assert shown(root, spread) == ("base/shop.yaml", "spec")
    assert spread is not None
    assert not spread.present
    assert spread.path == ("spec", "template", "spec", "topologySpreadConstraints")
    request = found.containers[0].memory_request_bytes.location
    assert request is not None
    assert request.path == (
        "spec", "template", "spec", "containers", 1, "resources", "requests", "memory",
    )  # fmt: skip


MERGE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  {}
"""
IN_POD = MERGE.format("template:\n    spec:\n      containers:\n        - name: {}\n          {}")

SETS_COUNT = {
    "a patch": (
        "patches: [{path: patch.yaml}]\n",
        MERGE.format("replicas: 1"),
        PATCH,
        "replicas: 1",
    ),
    "an old patch": (
        "patchesStrategicMerge: [patch.yaml]\n",
        MERGE.format("replicas: 1"),
        PATCH,
        "replicas: 1",
    ),
    "an inline patch": (
        "patches:\n  - patch: |-\n"
        + "".join(f"      {line}\n" for line in MERGE.format("replicas: 1").splitlines()),
        "",
        KUSTOMIZATION,
        "replicas: 1",
    ),
    "an inline patch with an indentation of its own": (
        "patches:\n- patch: |2\n"
        + "".join(f"    {line}\n" for line in MERGE.format("replicas: 1").splitlines()),
        "",
        KUSTOMIZATION,
        "replicas: 1",
    ),
    "a quoted patch": (
        'patches: [{patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop},'
        ' spec: {replicas: 1}}"}]\n',
        "",
        KUSTOMIZATION,
        None,
    ),
    "operations": (
        "patches: [{path: patch.yaml, target: {kind: Deployment}}]\n",
        "- op: replace\n  path: /spec/replicas\n  value: 1\n",
        PATCH,
        "value: 1",
    ),
    "old operations": (
        "patchesJson6902: [{path: patch.yaml, target: {kind: Deployment, name: shop}}]\n",
        '[{"op": "replace", "path": "/spec/replicas", "value": 1}]\n',
        PATCH,
        '"value": 1',
    ),
    "inline operations": (
        "patches:\n  - target: {kind: Deployment, name: sh.*|other}\n    patch: |\n"
        "      # fewer\n\n      - op: add\n        path: /spec\n        value: {replicas: 1}\n",
        "",
        KUSTOMIZATION,
        "replicas: 1",
    ),
    "an entry": ("replicas:\n  - {name: shop, count: 1}\n", "", KUSTOMIZATION, "count: 1"),
    "a patch and an entry": (
        "patches: [{path: patch.yaml}]\nreplicas:\n  - {name: shop, count: 1}\n",
        MERGE.format("replicas: 1"),
        KUSTOMIZATION,
        "count: 1",
    ),
}


@pytest.mark.parametrize("how", SETS_COUNT)
def test_a_count_that_the_overlay_sets(tmp_path: Path, tools: Tools, how: str) -> None:
    more, patch, file, text = SETS_COUNT[how]
    root, found = workload(
        tmp_path, tools, rendered(1), more, **({"patch": patch} if patch else {})
    )
    where = found.replicas.location
    assert where is not None
    assert where.file == file
    assert text is None or shown(root, where)[1] == text
    assert where.rendering is not None
    assert not where.rendering.exact


OTHERS = {
    "of another object": (
        "patches: [{path: patch.yaml}]\n",
        MERGE.replace("name: shop", "name: other"),
    ),
    "of another kind": (
        "patches: [{path: patch.yaml, target: {kind: StatefulSet}}]\n",
        MERGE,
    ),
    "of another name": (
        "patches: [{path: patch.yaml, target: {name: shopping}}]\n",
        MERGE,
    ),
}


@pytest.mark.parametrize("which", OTHERS)
def test_a_patch_that_is_not_meant(tmp_path: Path, tools: Tools, which: str) -> None:
    more, patch = OTHERS[which]
    root, found = workload(tmp_path, tools, rendered(3), more, patch=patch.format("replicas: 3"))
    assert shown(root, found.replicas.location)[0] == "base/shop.yaml"


SETS_IMAGE = {
    "a tag": (
        "{name: registry.example/proxy, newTag: '3'}",
        "registry.example/proxy:3",
        "newTag: '3'",
    ),
    "a digest": (
        "{name: registry.example/proxy, digest: sha256:abc}",
        "registry.example/proxy@sha256:abc",
        "digest: sha256:abc",
    ),
    "a name": (
        "{name: registry.example/proxy, newName: mirror.example/proxy}",
        "mirror.example/proxy:2.0",
        "newName: mirror.example/proxy",
    ),
    "both": (
        "{name: registry.example/proxy, newName: mirror.example/proxy, newTag: v4}",
        "mirror.example/proxy:v4",
        "newTag: v4",
    ),
}


@pytest.mark.parametrize("how", SETS_IMAGE)
def test_an_image_that_the_overlay_sets(tmp_path: Path, tools: Tools, how: str) -> None:
    entry, image, text = SETS_IMAGE[how]
    more = f"images:\n  - {{name: registry.example/shop, newTag: '9'}}\n  - {entry}\n"
    root, found = workload(tmp_path, tools, rendered(image=image), more)
    assert shown(root, found.containers[0].image.location) == (KUSTOMIZATION, text)


def test_a_variable_that_a_patch_sets(tmp_path: Path, tools: Tools) -> None:
    patch = IN_POD.format("shop", "env: [{name: REGION, value: us}]")
    more = "patches: [{path: patch.yaml}]\n"
    root, found = workload(tmp_path, tools, rendered(region="us"), more, patch=patch)
    shop = found.containers[1]
    assert [shown(root, each.location) for each in shop.environment] == [
        (PATCH, "value: us"),
        ("base/shop.yaml", "value: info"),
    ]
    # That the patch says which container it means does not make it the container's place.
    assert shown(root, shop.location) == ("base/shop.yaml", "name: shop")
    assert shown(root, found.location) == ("base/shop.yaml", "name: shop")


def test_a_container_that_a_patch_adds(tmp_path: Path, tools: Tools) -> None:
    patch = IN_POD.format("metrics", "image: registry.example/metrics:1.1")
    text = rendered() + "      - image: registry.example/metrics:1.1\n        name: metrics\n"
    more = "patches: [{path: patch.yaml}]\n"
    root, found = workload(tmp_path, tools, text, more, patch=patch)
    metrics = found.containers[2]
    assert shown(root, metrics.location) == (PATCH, "name: metrics")
    request = metrics.memory_request_bytes.location
    assert request is not None
    assert (request.file, request.present) == (PATCH, False)


def test_a_value_that_nobody_wrote_in_that_form(tmp_path: Path, tools: Tools) -> None:
    """A replacement made it: it stands where what was replaced is written."""
    root, found = workload(tmp_path, tools, rendered(region="from-elsewhere"))
    assert shown(root, found.containers[1].environment[0].location) == (
        "base/shop.yaml",
        "value: eu",
    )


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "shop", True),
        ("shop", "shop", True),
        ("shop", "shop-web", False),
        ("^shop$", "shop", True),
        ("(shop|mailer)", "mailer", True),
        ("shop|mailer", "ledger", False),
        ("sh.*b", "shop-web", True),
        ("sh.*web.*b", "shop-web", False),
        (".*", "anything", True),
        ("a.*a", "a", False),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", True),
    ],
)
def test_patterns_of_targets(pattern: str, text: str, expected: bool) -> None:
    """One that is more than alternatives with gaps may mean anything, and is not run."""
    assert selects(pattern, text) is expected
