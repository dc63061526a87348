"""Whatever stands in kustomizations, patches and templates: no traceback, and no place is none."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale import api
from lintscale.model.location import Location
from lintscale.platforms.kubernetes.manifest import manifests
from lintscale.platforms.kubernetes.rendering.charts import Chart
from lintscale.platforms.kubernetes.rendering.releases import Release
from lintscale.platforms.kubernetes.rendering.templates import Template, TemplatePlaces
from lintscale.platforms.kubernetes.rendering.tools import Outcome, Tool
from lintscale.project.config import load_settings
from lintscale.syntax import Field, parse
from lintscale.syntax.text import Positions
from tests.rendering.projects import BASE, project

RENDERED = BASE["base/shop.yaml"]

KEYS = (
    "resources", "components", "patches", "patchesStrategicMerge", "patchesJson6902", "images",
    "replicas", "namePrefix", "namespace", "configMapGenerator", "transformers", "openapi",
    "path", "patch", "target", "kind", "name", "count", "newTag", "newName", "literals", "op",
    "value", "spec", "template", "containers", "metadata",
)  # fmt: skip
TEXTS = (
    "../base", "shop.yaml", "patch.yaml", "shop", "Deployment", "/spec/replicas", "add", "", ".",
    "/spec/template/spec/containers/-", "https://example.com/x", "a=b", "[{op: add}]", "{a: b}\\n",
)  # fmt: skip

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 5), st.sampled_from(TEXTS), st.text(max_size=5)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
kustomizations = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)


@given(top=kustomizations, patch=values)
def test_no_kustomization_is_too_strange(top: dict[str, object], patch: object) -> None:
    with pytest.MonkeyPatch.context() as patched, TemporaryDirectory() as folder:
        patched.setattr(
            "lintscale.platforms.kubernetes.rendering.plan.find",
            lambda names, root: Tool("kustomize", "", ""),
        )
        patched.setattr(
            "lintscale.platforms.kubernetes.rendering.tools.Runner.run",
            lambda *arguments: Outcome(RENDERED),
        )
        files = {
            **BASE,
            "overlay/kustomization.yaml": json.dumps({"namePrefix": "", **top}),
            "overlay/patch.yaml": json.dumps(patch),
        }
        root = project(Path(folder), files)
        result = api.check([str(root)], settings=load_settings(root), use_cache=False)
        assert not result.failed_rules
        for finding in result.findings:
            assert_exists(root, finding.location)


def assert_exists(root: Path, location: Location) -> None:
    lines = (root / location.file).read_text("utf-8").split("\n")
    span = location.span
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1


LINES = (
    "kind: Deployment", "spec:", "  replicas: 1", "  replicas: {{ .Values.x }}", "  template:",
    "    spec:", "      containers:", "      - name: shop", "        - name: {{ .Chart.Name }}",
    "          image: x", "{{- if .Values.y }}", "{{- end }}", "---", "# replicas: 3", "",
    "- - - a: 1",
    "  strategy: {{ toYaml . }}", '{{ include "all" . }}', "metadata: {name: shop}", "\t- x: y",
)  # fmt: skip


RELEASE = Release(
    chart=Chart("chart", "chart/Chart.yaml", "shop", False),
    name="shop",
    namespace="",
    values=(),
    inputs=(),
    file="chart/Chart.yaml",
    by="chart/Chart.yaml",
    label="chart",
)


@given(lines=st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=30))
def test_every_place_in_a_template_exists(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = parse(RENDERED, "rendered", "yaml").documents[0]
    (manifest,) = manifests(Field.root(document))
    places = TemplatePlaces(manifest, Template("templates/x.yaml", text), RELEASE)
    pending = [manifest.root]
    while pending:
        here = pending.pop()
        pending += [*here.items(), *(value for _, value in here.entries())]
        for location in (here.location, here.get("absent").location):
            found = places.of(location)
            assert found.file == "templates/x.yaml"
            span = found.span
            written = Positions(text).lines()
            assert 1 <= span.line == span.end_line <= len(written)
            assert 1 <= span.column < span.end_column <= len(written[span.line - 1]) + 2
