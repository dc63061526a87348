"""The cheap look at text, templates, kustomizations, and which objects are ours at all."""

from __future__ import annotations

import json
import time

import pytest

from lintscale.platforms import kubernetes
from lintscale.platforms.kubernetes import kustomization, normalise
from lintscale.platforms.kubernetes.manifest import GROUPS
from lintscale.syntax import Document, parse


def only(text: str, name: str = "k8s/shop.yaml") -> Document:
    result = parse(text, name, "json" if name.endswith(".json") else "yaml")
    assert not result.problems
    (document,) = result.documents
    return document


KINDS = (*GROUPS, "List", "DeploymentList")


@pytest.mark.parametrize("kind", KINDS)
def test_looks_at_every_kind_that_is_read(kind: str) -> None:
    assert kubernetes.may_hold("a.yaml", f"apiVersion: v1\nkind: {kind}\n")
    assert kubernetes.may_hold("a.json", json.dumps({"apiVersion": "v1", "kind": kind}))


@pytest.mark.parametrize(
    "text",
    [
        'apiVersion: "apps/v1"\nkind: "Deployment"\n',
        "apiVersion: 'apps/v1'\nkind: 'Deployment'\n",
        "apiVersion: apps/v1\n'kind':    Deployment   # the web shop\n",
        "{apiVersion: apps/v1, kind: Deployment}",
        '{"kind":"Deployment","apiVersion":"apps/v1"}',
        '{\n  "kind" : "Deployment",\n  "apiVersion" : "apps/v1"\n}',
        "apiVersion: apps/v1\nkind:\n  Deployment\n",
        "apiVersion: apps/v1\nkind: !!str Deployment\n",
        "apiVersion: apps/v1\nkind: &kind Deployment\n",
        "apiVersion: apps/v1\nkind: # what it is\n  Deployment\n",
        "apiVersion: apps/v1\nkind: >-\n  Deployment\n",
        "? apiVersion\n: apps/v1\n? kind\n: Deployment\n",
        "apiVersion: apps/v1\r\nkind: Deployment\r\n",
    ],
)
def test_no_way_of_writing_a_kind_escapes_the_look(text: str) -> None:
    assert kubernetes.may_hold("a.yaml", text)
    assert only(text).root is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services:\n- type: web\n  name: shop\n",
        "apiVersion: v1\nkind: ServiceAccount\n",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "spec:\n  names:\n    listKind: DeploymentList\n    plural: jobs\n",
        "kind: Deployment\n",
        "apiVersion: apps/v1\nkind: DeploymentConfig\n",
    ],
)
def test_passes_over_what_nobody_reads(text: str) -> None:
    assert not kubernetes.may_hold("a.yaml", text)


def test_a_kustomization_is_known_by_its_file_name_alone() -> None:
    text = "resources:\n- shop.yaml\n"
    for name in ("kustomization.yaml", "overlays/prod/kustomization.yml", "base/Kustomization"):
        assert kubernetes.may_hold(name, text)
        assert normalise.recognise(only(text), name)
    assert not kubernetes.may_hold("base/resources.yaml", text)
    assert not normalise.recognise(only(text), "base/resources.yaml")


# -- which objects are ours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("apps/v1beta2", "Deployment"),
        ("extensions/v1beta1", "Deployment"),
        ("v1", "Pod"),
        ("argoproj.io/v1alpha1", "Rollout"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
        ("policy/v1beta1", "PodDisruptionBudget"),
        ("keda.sh/v1alpha1", "ScaledObject"),
        ("autoscaling.k8s.io/v1beta2", "VerticalPodAutoscaler"),
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ("kustomize.config.k8s.io/v1alpha1", "Component"),
    ],
)
def test_any_version_of_the_right_group_is_read(api_version: str, kind: str) -> None:
    assert normalise.recognise(only(f"apiVersion: {api_version}\nkind: {kind}\n"), "a.yaml")


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("serving.example.com/v1", "Service"),
        ("apps.example.com/v1", "Deployment"),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
        ("autoscaling.k8s.io/v1", "HorizontalPodAutoscaler"),
        ("${API}/v1", "Deployment"),
        ("apps/v1", "deployment"),
    ],
)
def test_a_kind_in_another_group_is_another_thing(api_version: str, kind: str) -> None:
    document = only(f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: shop}}\n")
    assert not normalise.recognise(document, "kustomization.yaml")
    assert normalise.normalise(document, "a.yaml").workloads == []


@pytest.mark.parametrize(
    ("api_version", "kind"), [("v1", "Deployment"), ("apps/v1", "Service"), ("v1", "CronJob")]
)
def test_a_kind_that_kubernetes_does_not_have_there_is_read_as_it_is_meant(
    api_version: str, kind: str
) -> None:
    document = only(f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: shop}}\n")
    assert normalise.recognise(document, "a.yaml")
    fragments = normalise.normalise(document, "a.yaml")
    assert len(fragments.workloads) + len(fragments.routes) == 1
    assert normalise.left_out(document, "a.yaml") == []


@pytest.mark.parametrize("text", ["shop\n", "- a\n- b\n", "{}\n", "kind: [Pod]\napiVersion: v1\n"])
def test_other_documents_are_nobodys(text: str) -> None:
    assert not normalise.recognise(only(text), "a.yaml")


LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: shop}
  spec: {selector: {app: shop}}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: shop
  spec:
    template:
      spec:
        containers:
        - {name: web, image: "shop:1.4"}
- kind: ServiceAccount
  apiVersion: v1
"""


def test_items_of_a_list_are_documents_of_their_own() -> None:
    document = only(LIST)
    assert normalise.recognise(document, "a.yaml")
    fragments = normalise.normalise(document, "a.yaml")
    assert [route.name for route in fragments.routes] == ["shop"]
    (workload,) = fragments.workloads
    assert (workload.location.line, workload.location.span.column) == (11, 5)
    assert workload.location.path == ("items", 1, "metadata", "name")
    assert workload.replicas.location is not None
    assert workload.replicas.location.path == ("items", 1, "spec", "replicas")
    assert workload.replicas.location.line == 12  # under this spec it would be written


def test_a_list_without_anything_of_ours_is_not_ours() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ServiceAccount}\n"
    assert not normalise.recognise(only(text), "a.yaml")


def test_json_is_read_like_yaml() -> None:
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {
            "replicas": 3,
            "template": {"spec": {"containers": [{"name": "web", "image": "shop:1"}]}},
        },
    }
    document = only(json.dumps(manifest, indent=2), "k8s/shop.json")
    (workload,) = normalise.normalise(document, "k8s/shop.json").workloads
    assert (workload.name, workload.replicas.value) == ("shop", 3)
    assert workload.replicas.location is not None
    assert (workload.replicas.location.line, workload.replicas.location.span.column) == (8, 5)


# -- templates ------------------------------------------------------------------------------------

CHART_TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  replicas: {{ .Values.replicas }}
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CHART_TEMPLATE, "charts/shop/templates/deployment.yaml"),
        (CHART_TEMPLATE, "deployment.yaml"),
        ("{{- if .Values.hpa }}\nkind: Deployment\n{{- end }}\n", "a.yaml"),
        ('metadata:\n  name: "{{ .Release.Name }}-shop"\n', "a.yaml"),
        ("metadata:\n  labels:\n    {{- toYaml .Values.labels | nindent 4 }}\n", "a.yaml"),
        ("spec:\n  replicas: {{ replicas }}\n", "a.yaml"),
        ("spec:\n  containers:\n  - {{ container }}\n", "a.yaml"),
        ("{% if web %}\nkind: Deployment\n{% endif %}\n", "a.yaml"),
        ("args: [{{ one }}, two]\n", "a.yaml"),
        ('{"kind": "Deployment", "spec": {"replicas": {{ n }}}}', "a.json"),
        ('metadata:\n  name: "{{ name }}"\n', "charts/shop/templates/a.yaml"),
        ("data:\n- name: |\n    text\n  image: {{ image }}\n", "a.yaml"),
    ],
)
def test_templates_are_recognised(text: str, name: str) -> None:
    assert kubernetes.is_helm_template(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n",
        'spec:\n  image: "{{ image }}"\n',
        "spec:\n  image: registry.example/{{ image }}\n",
        'args: ["--say", "a, {{ name }}"]\n',
        'a: "{{- with secret \\"db/creds\\" -}}{{ .Data.username }}{{- end -}}"\n',
        "HOSTS: '{{- range .hosts }}{{ . }},{{- end }}'\n",
        'TLS: "{{ .pfx | filterPEM | toYaml }}"\n',
        "metadata: {name: '{{ .path.basename }}-{{ template \"x\" . }}'}\n",
        'data:\n  slack.tmpl: |\n    {{ define "title" }}\n    {{- .Status }}\n    {{ end }}\n',
        "data:\n  alert: |-\n    {{ $labels.instance }} is down\n\n    for {{ $value }}\n  x: y\n",
        "# {{ .Values.replicas }}\nkind: Deployment\n",
        '{"a":{"b":{"c":1}}}',
    ],
)
def test_yaml_that_carries_a_template_is_yaml(text: str) -> None:
    assert not kubernetes.is_helm_template(text, "k8s/shop.yaml")


def test_a_plain_manifest_in_a_chart_is_no_template() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n"
    assert not kubernetes.is_helm_template(text, "charts/shop/templates/config.yaml")


@pytest.mark.parametrize(
    "line",
    [
        "- &a " * 50_000 + "|",
        "{{ " * 100_000,
        ": " * 100_000 + ">",
        "[{{" * 50_000,
        "-   " * 99_999,
        "{{include" * 50_000,
        "{{" + "a" * 300_000,
        "'" * 300_000,
        '"\\' * 99_999,
        "resources:\n" * 50_000,
        "resources:\n" + "- x\n" * 99_999,
        "kind:" * 50_000,
        "kind: # #" * 50_000,
        "kind: &a &a " * 30_000,
        "kind:" + " " * 300_000,
    ],
)
def test_a_hostile_line_does_not_hang_the_look(line: str) -> None:
    text = f"apiVersion: v1\nx: '{{{{ a }}}}'\n{line}\nkind: Deployment\n"
    started = time.process_time()
    kubernetes.is_helm_template(text)
    kubernetes.objects_elsewhere("k8s.yaml", text, candidate=True)
    assert kubernetes.may_hold("a.yaml", text)
    assert time.process_time() - started < 15  # milliseconds, with a wide margin


# -- rendered elsewhere ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n", "HelmRelease"),
        ("apiVersion: helm.cattle.io/v1\nkind: HelmChart\n", "HelmChart"),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", "Flux"),
        ('{"kind": "Application", "apiVersion": "argoproj.io/v1alpha1"}', "Argo CD Application"),
        ("kind: 'ApplicationSet'\napiVersion: argoproj.io/v1alpha1\n", "ApplicationSet"),
        ("helmCharts:\n- name: ledger\n  repo: https://charts.example.com\n", "Helm chart"),
        ("resources:\n- a.yaml\n# shared\n- https://example.com/base?ref=v1\n", "remote"),
    ],
)
def test_says_when_objects_are_rendered_elsewhere(text: str, who: str) -> None:
    assert who in kubernetes.objects_elsewhere("k8s.yaml", text, candidate=True)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- a.yaml\n",
        "# kind: HelmRelease of helm.toolkit.fluxcd.io\napiVersion: v1\nkind: Pod\n",
        "spec:\n  containers:\n  - resources:\n      limits: {cpu: 1}\n",
        "resources:\n- a.yaml\nhome: x\n- https://example.com\n",
    ],
)
def test_says_nothing_otherwise(text: str) -> None:
    assert kubernetes.objects_elsewhere("k8s.yaml", text, candidate=True) == ""


# -- kustomize ------------------------------------------------------------------------------------

OVERLAY = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- ../../base
patches:
- path: replicas.yaml
- path: ../common/resources.yaml
  target: {kind: Deployment}
- patch: |-
    - op: replace
      path: /spec/replicas
      value: 3
  target: {kind: Deployment, name: shop}
- 7
patchesStrategicMerge:
- probes.yaml
- |-
  apiVersion: apps/v1
  kind: Deployment
patchesJson6902:
- path: json/patch.yaml
  target: {kind: Deployment}
transformers:
- transformers/labels.yaml
- https://example.com/transformer.yaml
replicas:
- name: shop
  count: 4
- name: ledger
  count: ${COUNT}
- count: 2
images:
- name: shop
  newTag: v1.4.2
- name: ledger
  newName: registry.example/ledger
  digest: sha256:0123
- name: proxy
  newName: registry.example/proxy
- name: mailer
  newTag: ${TAG}
"""


def test_files_that_a_kustomization_merges_are_patches() -> None:
    document = only(OVERLAY)
    assert kustomization.patch_files(document, "overlays/prod/kustomization.yaml") == {
        "overlays/prod/replicas.yaml",
        "overlays/common/resources.yaml",
        "overlays/prod/probes.yaml",
        "overlays/prod/json/patch.yaml",
        "overlays/prod/transformers/labels.yaml",
    }
    assert kustomization.patch_files(document, "kustomization.yaml") == {
        "replicas.yaml",
        "../common/resources.yaml",
        "probes.yaml",
        "json/patch.yaml",
        "transformers/labels.yaml",
    }


def test_other_documents_name_no_patches() -> None:
    flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\npatches: [{path: a}]\n"
    assert kustomization.patch_files(only(flux), "kustomization.yaml") == set()
    assert kustomization.patch_files(only("patches: [{path: a}]\n"), "notes.yaml") == set()


def test_counts_of_a_kustomization() -> None:
    fragments = normalise.normalise(only(OVERLAY), "overlays/prod/kustomization.yaml")
    shop, ledger, *inline = fragments.replica_overrides
    assert (shop.name, shop.count.value) == ("shop", 4)
    assert shop.count.location is not None
    assert (shop.count.location.line, shop.count.location.span.column) == (28, 3)
    assert ledger.count.unknown
    assert [(each.name, each.count.unknown) for each in inline] == [("shop", True)]


def test_images_of_a_kustomization() -> None:
    fragments = normalise.normalise(only(OVERLAY), "overlays/prod/kustomization.yaml")
    images = {override.name: override.image for override in fragments.image_overrides}
    assert images["shop"].value == "shop:v1.4.2"
    assert images["ledger"].value == "registry.example/ledger@sha256:0123"
    assert images["mailer"].unknown
    assert "proxy" not in images  # renamed only: the container's own tag stands


# -- left out -------------------------------------------------------------------------------------


def test_a_stray_patch_of_a_count_is_there_to_be_pointed_at_only() -> None:
    head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
    (patch,) = normalise.normalise(only(head + "spec:\n  replicas: 5\n"), "a.yaml").workloads
    assert (patch.name, patch.scanned, patch.count_known) == ("shop", False, False)
    for spec in (
        "{selector: {matchLabels: {app: shop}}}",
        "{template: {spec: {containers: [{name: web}]}}}",
        "{template: {spec: {containers: <CONTAINERS>}}}",
    ):
        (whole,) = normalise.normalise(only(f"{head}spec: {spec}\n"), "a.yaml").workloads
        assert whole.scanned
        assert whole.count_known


def test_an_autoscaler_without_a_target_is_a_patch() -> None:
    document = only(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\n"
        "spec: {minReplicas: 4}\n"
    )
    assert normalise.normalise(document, "a.yaml").autoscalers == []
    assert len(normalise.left_out(document, "a.yaml")) == 1


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [("apps/v1", "ReplicaSet"), ("v1", "Pod"), ("batch/v1", "Job")],
)
def test_what_a_controller_made_is_left_out(api_version: str, kind: str) -> None:
    text = (
        f"apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: shop-7d4b9\n"
        "  ownerReferences:\n  - {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
        "spec:\n  selector: {matchLabels: {app: shop}}\n"
        "  containers: [{name: web, image: shop}]\n"
    )
    document = only(text)
    assert normalise.normalise(document, "a.yaml").workloads == []
    assert "created by" in normalise.left_out(document, "a.yaml")[0]


def test_whole_objects_are_not_left_out() -> None:
    assert normalise.left_out(only(LIST), "a.yaml") == []
    assert normalise.left_out(only(OVERLAY), "kustomization.yaml") == []
