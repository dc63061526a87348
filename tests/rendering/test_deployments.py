"""The values that a chart is deployed with: by helmfile, Argo CD and Flux."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale.api import CheckResult
from tests.manifests import as_yaml, budget, deployment, service
from tests.rendering.projects import check, project, skipped
from tests.rendering.tools import Tools

CHART = "charts/shop"
FILES = {
    f"{CHART}/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    f"{CHART}/values.yaml": "replicas: 1\nimage: {tag: latest}\n",
    f"{CHART}/templates/shop.yaml": "apiVersion: apps/v1\nkind: Deployment\nspec:\n"
    "  replicas: {{ .Values.replicas }}\n",
}

HELM = """
import json, sys, os
here = {here!r}
from lintscale.syntax import Field, parse
words = sys.argv[1:]
values = {{"replicas": 1}}
for at, word in enumerate(words):
    if word == "--values":
        text = open(words[at + 1]).read()
        for document in parse(text, "v", "yaml").documents:
            values |= Field.root(document).plain() or {{}}
    if word.startswith("--set"):
        key, _, value = words[at + 1].partition("=")
        values[key] = value
with open(os.path.join(here, "helm.said"), "a") as said:
    said.write(json.dumps([words[1], words[words.index("--namespace") + 1]
        if "--namespace" in words else "", values]) + "\\n")
print({output!r}.replace("replicas: 1", "replicas: " + str(values["replicas"])))
"""


class Helm:
    """Stands in for Helm: one Deployment with the count that the values say."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        objects = as_yaml(deployment(replicas=1), service(), budget()).split("---\n")
        output = "".join(f"---\n# Source: shop/templates/shop.yaml\n{each}" for each in objects)
        body = HELM.format(here=str(tools.folder), output=output)
        root = Path(__file__).parents[2]
        tools.script("helm", f"import sys\nsys.path[:0] = {[str(root), *_site()]!r}\n{body}")

    def said(self) -> list[Any]:
        """Release, namespace and values of each run, sorted."""
        file = self.tools.folder / "helm.said"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return sorted((json.loads(line) for line in lines), key=str)


def _site() -> list[str]:
    import ruamel.yaml

    return [str(Path(ruamel.yaml.__file__).parents[2])]


@pytest.fixture
def helm(tools: Tools) -> Helm:
    return Helm(tools)


def shown(result: CheckResult) -> list[tuple[str, str]]:
    """Severity and message of what is said of the count."""
    return [(f.severity.value, f.message) for f in result.findings if f.rule == "min-instances"]


def released(helm: Helm, root: Path) -> CheckResult:
    result = check(root)
    assert not [each for each in result.summary.skipped if "helm cannot" in each.reason]
    return result


# -- helmfile -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chart", ["../charts/shop", "stable/shop", "oci://registry.example/c/shop"]
)
def test_a_helmfile_release(tmp_path: Path, helm: Helm, chart: str) -> None:
    """A chart by its path or by its name; files and values in place, later ones over earlier."""
    release = {
        "name": "web",
        "namespace": "bookshop",
        "chart": chart,
        "values": ["values.yaml", {"replicas": 8}],
        "set": [{"name": "image.tag", "value": "1.2"}],
    }
    files = {
        "deploy/helmfile.yaml": json.dumps({"releases": [release]}),
        "deploy/values.yaml": "replicas: 2\nimage: {tag: x}\n",
    }
    result = released(helm, project(tmp_path, {**FILES, **files}))
    values = {"replicas": 8, "image": {"tag": "x"}, "image.tag": "1.2"}
    assert helm.said() == [["web", "bookshop", values]]
    assert shown(result) == []


HELMFILE = """\
environments:
  staging:
  production: {values: [x.yaml]}
---
{{- if eq .Environment.Name "x" }}
{{- end }}
templates:
  default: &default
    chart: ../{{ .Release.Name }}
    missingFileHandler: Warn
    values:
      - values-{{ .Environment.Name }}.yaml
      - "{{`{{ .Release.Name }}`}}.yaml"
      - none.yaml
releases:
  - name: shop
    <<: *default
    chart: ../charts/shop
  - name: off
    installed: false
    chart: ../charts/shop
"""


def test_environments_of_a_helmfile(tmp_path: Path, helm: Helm) -> None:
    files = {
        "deploy/helmfile.yaml": HELMFILE,
        "deploy/values-staging.yaml": "replicas: 1\n",
        "deploy/values-production.yaml": "replicas: 3\n",
        "deploy/shop.yaml": "image: {}\n",
    }
    result = released(helm, project(tmp_path, {**FILES, **files}))
    assert [values["replicas"] for _, _, values in helm.said()] == [1, 3]
    assert all(values["image"] == {} for _, _, values in helm.said())
    counts = {each.environment.value: each.replicas.value for each in result.project.workloads}
    assert counts == {"staging": 1, "production": 3}
    assert shown(result) == []


def test_an_environment_with_values_in_place(tmp_path: Path, helm: Helm) -> None:
    helmfile = (
        "environments: {production: {}, staging: {}}\n---\nreleases:\n- name: shop\n"
        "  chart: ./charts/shop\n  values: [{replicas: 1, level: {{ .Environment.Name }}}]\n"
    )
    result = released(helm, project(tmp_path, {**FILES, "helmfile.yaml": helmfile}))
    environments = {each.environment.value for each in result.project.workloads}
    assert environments == {"production", "staging"}
    assert [severity for severity, _ in shown(result)] == ["error"]


@pytest.mark.parametrize(
    "values",
    ['["/etc/private.yaml"]', '["missing.yaml"]', '["{{ .Values.file }}"]', "[more.yaml.gotmpl]"],
)
def test_values_that_are_not_all_known(tmp_path: Path, helm: Helm, values: str) -> None:
    """The count may stand in those that nobody sees."""
    helmfile = f"releases:\n- name: shop\n  chart: ./charts/shop\n  values: {values}\n"
    more = {"more.yaml.gotmpl": "replicas: {{ .Values.count }}\n"}
    root = project(tmp_path, {**FILES, **more, "helmfile.yaml": helmfile})
    ((severity, message),) = shown(released(helm, root))
    assert severity == "info"
    assert message.endswith("(with the chart's default values)")


def test_some_values_are_known(tmp_path: Path, helm: Helm) -> None:
    helmfile = "releases: [{name: shop, chart: ./charts/shop, values: [a.yaml, /etc/x.yaml]}]\n"
    root = project(tmp_path, {**FILES, "helmfile.yaml": helmfile, "a.yaml": "image: {}\n"})
    ((severity, message),) = shown(released(helm, root))
    assert severity == "info"
    assert message.endswith("(with those of the chart's values that are in the project)")


# -- Argo CD --------------------------------------------------------------------------------------


def application(**source: Any) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "web", "namespace": "argocd"},
        "spec": {
            "destination": {"namespace": "bookshop"},
            "source": {"repoURL": "https://git.example/shop", "path": CHART, **source},
        },
    }


@pytest.mark.parametrize(
    ("settings", "replicas"),
    [
        ({"valueFiles": ["values.yaml", "../../env/eu.yaml"]}, 4),
        ({"valueFiles": ["/env/eu.yaml"]}, 4),
        ({"valueFiles": ["../../env/eu.yaml"], "values": "replicas: 5\n"}, 5),
        ({"values": "replicas: 5\n", "valuesObject": {"replicas": 6}}, 6),
        (
            {"valuesObject": {"replicas": 6}, "parameters": [{"name": "replicas", "value": "7"}]},
            "7",
        ),
    ],
)
def test_an_application(
    tmp_path: Path, helm: Helm, settings: dict[str, Any], replicas: int
) -> None:
    files = {"apps/web.yaml": as_yaml(application(helm=settings)), "env/eu.yaml": "replicas: 4\n"}
    result = released(helm, project(tmp_path, {**FILES, **files}))
    ((name, namespace, values),) = helm.said()
    assert (name, namespace, values["replicas"]) == ("web", "bookshop", replicas)
    assert shown(result) == []


def test_values_of_another_source(tmp_path: Path, helm: Helm) -> None:
    app = application()
    del app["spec"]["source"]
    app["spec"]["sources"] = [
        {"repoURL": "https://charts.example", "chart": "shop", "targetRevision": "1.0.0",
         "helm": {"valueFiles": ["$here/env/production.yaml"]}},
        {"repoURL": "https://git.example/shop", "ref": "here"},
    ]  # fmt: skip
    files = {"apps/web.yaml": as_yaml(app), "env/production.yaml": "replicas: 1\n"}
    result = released(helm, project(tmp_path, {**FILES, **files}))
    assert [values["replicas"] for _, _, values in helm.said()] == [1]
    assert [severity for severity, _ in shown(result)] == ["error"]


def test_the_elements_of_an_application_set(tmp_path: Path, helm: Helm) -> None:
    template = application(helm={"valueFiles": ["/env/{{env}}.yaml"]})
    template["metadata"]["name"] = "web-{{ .env }}"
    elements = [{"env": "production"}, {"env": "staging"}]
    apps = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "web"},
        "spec": {"generators": [{"list": {"elements": elements}}], "template": template},
    }
    files = {
        "apps/web.yaml": as_yaml(apps),
        "env/production.yaml": "replicas: 3\n",
        "env/staging.yaml": "replicas: 1\n",
    }
    result = released(helm, project(tmp_path, {**FILES, **files}))
    assert [(name, values["replicas"]) for name, _, values in helm.said()] == [
        ("web-production", 3),
        ("web-staging", 1),
    ]
    assert shown(result) == []


# -- Flux -----------------------------------------------------------------------------------------


def helm_release(name: str = "web", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": name, "namespace": "bookshop"},
        "spec": spec,
    }


def chart(name: str = "./charts/shop", kind: str = "GitRepository", **more: Any) -> dict[str, Any]:
    return {"spec": {"chart": name, "sourceRef": {"kind": kind, "name": "bookshop"}, **more}}


@pytest.mark.parametrize(
    ("spec", "replicas"),
    [
        ({"chart": chart(), "values": {"replicas": 8}}, 8),
        ({"chart": chart(valuesFiles=["charts/shop/values.yaml", "eu.yaml"])}, 4),
        ({"chart": chart("shop", "HelmRepository"), "values": {"replicas": 8}}, 8),
    ],
)
def test_a_helm_release(tmp_path: Path, helm: Helm, spec: dict[str, Any], replicas: int) -> None:
    files = {"apps/web.yaml": as_yaml(helm_release(**spec)), "eu.yaml": "replicas: 4\n"}
    result = released(helm, project(tmp_path, {**FILES, **files}))
    ((name, namespace, values),) = helm.said()
    assert (name, namespace, values["replicas"]) == ("web", "bookshop", replicas)
    assert shown(result) == []


def test_a_helm_release_that_an_overlay_patches(tmp_path: Path, helm: Helm) -> None:
    files = {
        "apps/base/web.yaml": as_yaml(helm_release(chart=chart(), values={"image": {}})),
        "apps/production/web.yaml": as_yaml(helm_release(values={"replicas": 3})),
        "apps/staging/web.yaml": as_yaml(helm_release(values={"replicas": 1})),
    }
    result = released(helm, project(tmp_path, {**FILES, **files}))
    assert [values["replicas"] for _, _, values in helm.said()] == [1, 3]
    assert all(values["image"] == {} for _, _, values in helm.said())
    counts = {each.environment.value: each.replicas.value for each in result.project.workloads}
    assert counts == {"staging": 1, "production": 3}


@pytest.mark.parametrize(("target", "severity"), [("web", "info"), ("other", "error")])
def test_a_kustomization_that_patches_in_place(
    tmp_path: Path, helm: Helm, target: str, severity: str
) -> None:
    patch = f"- target: {{kind: HelmRelease, name: {target}}}\n  patch: '[]'\n"
    files = {
        "apps/web.yaml": as_yaml(helm_release(chart=chart(), values={"replicas": 1})),
        "apps/kustomization.yaml": f"resources: [web.yaml]\npatches:\n{patch}",
    }
    result = released(helm, project(tmp_path, {**FILES, **files}))
    assert severity in {found for found, _ in shown(result)}


def test_values_from_a_secret_are_not_known(tmp_path: Path, helm: Helm) -> None:
    release = helm_release(chart=chart(), valuesFrom=[{"kind": "Secret", "name": "x"}])
    root = project(tmp_path, {**FILES, "apps/web.yaml": as_yaml(release)})
    assert [severity for severity, _ in shown(released(helm, root))] == ["info"]


# -- charts that are not in the project -----------------------------------------------------------


def test_releases_of_charts_elsewhere(tmp_path: Path, tools: Tools) -> None:
    """Named in the summary, each with the command that checks it, with Helm or without it."""
    repository = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "HelmRepository",
        "metadata": {"name": "bookshop"},
        "spec": {"url": "https://charts.example"},
    }
    redis = helm_release(
        "cache", chart=chart("redis", "HelmRepository", version="17.0.0"), values={"a": 1}
    )
    tempo = application(chart="tempo", repoURL="registry.example/charts", targetRevision="1.2.3")
    helmfile = "releases: [{name: logs, chart: grafana/loki}]\n"
    files = {
        "apps/cache.yaml": as_yaml(redis),
        "apps/tempo.yaml": as_yaml(tempo),
        "sources/bookshop.yaml": as_yaml(repository),
        "helmfile.yaml": helmfile,
    }
    root = project(tmp_path, files)
    assert skipped(check(root)) == {
        "apps/cache.yaml": (
            "not rendered: a Flux HelmRelease of a chart that is not in the project",
            "yq .spec.values apps/cache.yaml | helm template cache redis --repo "
            "https://charts.example --version 17.0.0 --namespace bookshop --values - "
            "| lintscale check -",
        ),
        "apps/tempo.yaml": (
            "not rendered: an Argo CD Application of a chart that is not in the project",
            "helm template web oci://registry.example/charts/tempo --version 1.2.3 "
            "--namespace bookshop | lintscale check -",
        ),
        "helmfile.yaml": (
            "not rendered: a helmfile release of a chart that is not in the project",
            "helmfile --file helmfile.yaml template | lintscale check -",
        ),
    }


def test_the_same_name_is_not_the_same_chart(tmp_path: Path, helm: Helm) -> None:
    """Values of which this chart reads nothing are for another chart."""
    release = helm_release(chart=chart("shop", "HelmRepository"), values={"server": {}})
    root = project(tmp_path, {**FILES, "apps/web.yaml": as_yaml(release)})
    result = released(helm, root)
    assert "apps/web.yaml" in skipped(result)
    assert helm.said() == [["shop", "", {"replicas": 1}]]


def test_settings_are_not_printed(tmp_path: Path, tools: Tools) -> None:
    parameters = [{"name": "password", "value": "hunter2"}]
    app = application(helm={"parameters": parameters})
    result = check(project(tmp_path, {**FILES, "apps/web.yaml": as_yaml(app)}))
    reason, command = skipped(result)["apps/web.yaml"]
    assert reason == "not rendered: helm is not on PATH"
    assert "hunter2" not in command


@pytest.mark.parametrize(
    "document",
    [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"},
        {**application(), "spec": {"sources": [1, None, {"helm": []}], "source": "x"}},
        application(path=7, helm={"valueFiles": [None, {"a": 1}], "values": "a: ["}),
        application(helm={"valueFiles": ["../../../../etc/passwd"], "parameters": [1, {}]}),
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "spec": {"generators": 1}},
        helm_release(chart={"spec": {"chart": 1, "valuesFiles": [None]}}, values=[1]),
        helm_release("--post-renderer=x", chart=chart(), values={"a": {"b": None}}),
    ],
)
def test_files_of_any_shape(tmp_path: Path, helm: Helm, document: dict[str, Any]) -> None:
    check(project(tmp_path, {**FILES, "apps/web.yaml": as_yaml(document)}))
    assert all(not name.startswith("-") for name, _, _ in helm.said())


@pytest.mark.parametrize(
    "text",
    ["", "a", "releases: 1", "releases: [1, {}, {name: 1, chart: [x]}]", "{{", "a: [", "- 1"],
)
def test_helmfiles_of_any_shape(tmp_path: Path, helm: Helm, text: str) -> None:
    check(project(tmp_path, {**FILES, "helmfile.yaml": text}))


# -- the entry that sets a value ------------------------------------------------------------------


def test_the_entry_that_sets_a_count_is_named(tmp_path: Path, helm: Helm) -> None:
    """A change of the values is reported where the values change, too."""
    release = "releases: [{name: shop, chart: ./charts/shop, values: [values.yaml]}]\n"
    files = {**FILES, "helmfile.yaml": release, "values.yaml": "image: {}\nreplicas: 1\n"}
    root = project(tmp_path, files)
    (finding,) = check(root, select=("min-instances",)).findings
    assert finding.location.file == f"{CHART}/templates/shop.yaml"
    places = [(each.location.file, each.location.line) for each in finding.related]
    assert places == [("values.yaml", 2)]
    (reported,) = check(root, root / "values.yaml", select=("min-instances",)).findings
    assert (reported.location.file, reported.location.line) == ("values.yaml", 2)


@pytest.mark.parametrize(
    ("helm_settings", "line"),
    [
        ({"valuesObject": {"replicas": 1}}, "{replicas: 1}"),
        ({"values": "replicas: 1"}, "values: 'replicas: 1'"),
        ({"parameters": [{"name": "replicas", "value": "1"}]}, ""),
    ],
)
def test_the_entry_of_values_in_place(
    tmp_path: Path, helm: Helm, helm_settings: dict[str, Any], line: str
) -> None:
    text = as_yaml(application(helm=helm_settings))
    root = project(tmp_path, {**FILES, "apps/web.yaml": text})
    (finding,) = check(root, select=("min-instances",)).findings
    lines = [text.splitlines()[each.location.line - 1] for each in finding.related]
    assert len(lines) == bool(line)
    assert all(line in each for each in lines)
