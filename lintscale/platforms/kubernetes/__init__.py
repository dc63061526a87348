"""Kubernetes manifests, in YAML or JSON, whoever wrote them.

This module only looks at text; reading is done by the modules beside it.
"""

from __future__ import annotations

import re

from lintscale.platforms.base import Platform
from lintscale.syntax.regex import regex

NAME = "kubernetes"

VERSIONS = tuple(f"1.{minor}" for minor in range(25, 38))
"""Those whose schemas lintscale has, the oldest first; a test compares them with the schemas."""

CHART = "Chart.yaml"
"""The file that makes a folder a Helm chart."""

KUSTOMIZATION_NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
"""Files that kustomize reads by their name, whether or not they say apiVersion and kind."""

_KINDS = (
    "Deployment|StatefulSet|ReplicaSet|ReplicationController|DaemonSet|Rollout|Job|CronJob|Pod"
    "|Service|HorizontalPodAutoscaler|PodDisruptionBudget|VerticalPodAutoscaler|ScaledObject|ScaledJob"
    "|ConfigMap|PersistentVolumeClaim|LimitRange|ResourceQuota|PriorityClass|Kustomization|Component"
)
_BEFORE_VALUE = r"(?:[&!][^\s,{}\[\]]{0,99}\s+|[|>][-+0-9]{0,2}\s+|#[^\n]{0,99}\n\s*){0,3}"
_KIND = regex(rf"\bkind[\"']?\s*:\s*{_BEFORE_VALUE}[\"']?(?:(?:{_KINDS})(?:List)?|List)\b")
"""A ``kind`` key with a kind that we read: quoted or not, in block or flow style, after a tag,
an anchor or a comment, on the same line or the next."""


_SECRET = regex(rf"\bkind[\"']?\s*:\s*{_BEFORE_VALUE}[\"']?Secret(?:List)?\b")


_OPERATION = regex(r"\bop[\"']?\s*:\s*[\"']?(?:add|replace)\b")


def may_hold(file_name: str, text: str) -> bool:
    """Does this text look as if it held a manifest or a kustomization that we read, or a JSON patch
    of a spec?"""
    if "/spec/" in text and "apiVersion" not in text and _OPERATION.search(text):
        return True
    if may_be_kept(text) or ("apiVersion" in text and _SECRET.search(text) is not None):
        return True
    return is_kustomization_name(file_name) and bool(text.strip())


def may_be_kept(text: str) -> bool:
    """Does it look like a manifest that is more than a Secret?"""
    return "apiVersion" in text and (
        "postgresql.cnpg.io/" in text or _KIND.search(text) is not None
    )


def is_kustomization_name(file_name: str) -> bool:
    return file_name.rsplit("/", 1)[-1] in KUSTOMIZATION_NAMES


# -- templates ------------------------------------------------------------------------------------

_BLOCK_SCALAR = regex(r"(?:^|[:\-?]\s+)(?:[&!]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?$")
_DASHES = regex(r"\s*(?:-\s+)*")
_QUOTED = regex(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_TEMPLATE_LINE = regex(r"\s*(?:-\s+)*(?:\{%|(?:[\w./\"'-]+\s*:\s+)?\{\{)")
_TEMPLATE_IN_FLOW = regex(r"\[\s*\{\{|\"\"\s*:\s*\{\{|[\[{][^#\[{]*[,:]\s*\{\{")
_HELM_ACTION = regex(
    r"\{\{-|-\}\}"
    r"|\{\{[^{}]*?(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b"
    r"|\b(?:include|template|define|tpl|toYaml|lookup|required)\s)"
)
_HELM_OBJECT = regex(r"\{\{[^{}]*?\.(?:Values|Release|Chart|Capabilities)\b")
"""What only Helm has, in quotes too: other tools' Go templates (Vault's agent, External Secrets,
Argo CD) trim spaces and call functions as Helm's do."""
_LONGEST_HEADER = 200
"""Characters of a line's end in which a block scalar's header is looked for."""


def is_helm_template(text: str, file_name: str = "") -> bool:
    """Is this a template (Helm's, or anyone's with ``{{ }}`` or ``{% %}``) rather than YAML?

    True when an action stands where YAML cannot have one, when an action is of Helm's kind, and
    for any action in a file under a chart's ``templates`` folder. Actions inside block scalars
    (a ConfigMap that carries somebody else's template) and in quotes leave a file what it is,
    unless they name one of Helm's own objects.
    """
    if "{{" not in text and "{%" not in text:
        return False
    in_chart = "templates" in file_name.split("/")[:-1]
    for line in _outside_block_scalars(text):
        if ("{{" not in line and "{%" not in line) or line.lstrip().startswith("#"):
            continue
        if in_chart or _HELM_OBJECT.search(line):
            return True
        unquoted = _QUOTED.sub('""', line)
        if _TEMPLATE_LINE.match(unquoted) or any(
            pattern.search(unquoted) for pattern in (_HELM_ACTION, _TEMPLATE_IN_FLOW)
        ):
            return True
    return in_chart and _HELM_ACTION.search(text) is not None


def template(file_name: str, text: str, candidate: bool) -> str:
    """Why the file cannot be read as it stands: it is a Helm template."""
    in_chart = "templates" in file_name.split("/")
    if (candidate or in_chart) and is_helm_template(text, file_name):
        return "a Helm template; check what it renders: helm template … | lintscale check -"
    return ""


def _outside_block_scalars(text: str) -> list[str]:
    lines = []
    block_indent = -1
    for line in text.splitlines():
        bare = line.lstrip(" ")
        if block_indent >= 0 and (not bare or len(line) - len(bare) > block_indent):
            continue
        block_indent = -1
        lines.append(line)
        if ("|" in line or ">" in line) and _BLOCK_SCALAR.search(line[-_LONGEST_HEADER:]):
            block_indent = _parent_indent(line)
    return lines


def _parent_indent(line: str) -> int:
    """The indentation that a block scalar's content is deeper than: its key's, or its dash's."""
    dashes = _DASHES.match(line)
    start = dashes.end() if dashes else 0
    return line.rfind("-", 0, start) if line[start : start + 1] in ("|", ">") else start


# -- objects that other tools render --------------------------------------------------------------

_RENDERERS = (
    ("HelmRelease", "helm.toolkit.fluxcd.io", "a HelmRelease"),
    ("HelmChart", "helm.cattle.io", "a HelmChart"),
    ("Kustomization", "kustomize.toolkit.fluxcd.io", "a Flux Kustomization"),
    ("Application", "argoproj.io", "an Argo CD Application"),
    ("ApplicationSet", "argoproj.io", "an Argo CD ApplicationSet"),
)
_GROUPS = ("fluxcd.io", "argoproj.io")
"""What a text names that is none of Kubernetes' own objects and renders some."""

_HELM_CHARTS = regex(r"^(?:helmCharts|helmChartInflationGenerator)\s*:", re.MULTILINE)
_REMOTE_RESOURCE = regex(
    r"^(?:resources|bases|components)[ \t]*:[^\n]*\n(?:[ \t]*(?:[-#][^\n]*)?\n)*?"
    r"[ \t]*-[ \t]+[\"']?(?:https?://|ssh://|git::|git@|github\.com/)",
    re.MULTILINE,
)


def objects_elsewhere(file_name: str, text: str, candidate: bool) -> str:
    """Why objects may exist that no scanned file shows: the text holds a document from which a
    controller, or kustomize itself, renders others. "" when there is none."""
    if not candidate and not any(group in text for group in _GROUPS):
        return ""
    for kind, group, name in _RENDERERS:
        if group in text and _written_kind(kind, text):
            return f"{name} renders objects that are not among the scanned files"
    if "helmChart" in text and _HELM_CHARTS.search(text):
        return "a kustomization inflates a Helm chart whose objects are not among the scanned files"
    if _REMOTE_RESOURCE.search(text):
        return "a kustomization uses remote resources"
    return ""


def _written_kind(kind: str, text: str) -> bool:
    pattern = rf"^(?:[^#\n]*[{{,\s])?[\"']?kind[\"']?\s*:\s*[\"']?{kind}\b"
    return re.search(pattern, text, re.MULTILINE) is not None


def may_render(file_name: str) -> bool:
    """Whether this is a kustomization, a chart or a helmfile."""
    return (
        is_kustomization_name(file_name)
        or file_name.rpartition("/")[2] == CHART
        or is_helmfile(file_name)
    )


def is_helmfile(file_name: str) -> bool:
    """By its name (helmfile.readthedocs.io, "Configuration", read Dec 2026)."""
    folder, _, base = file_name.rpartition("/")
    if not base.endswith((".yaml", ".yml", ".yaml.gotmpl", ".yml.gotmpl")):
        return False
    return base.partition(".")[0] == "helmfile" or folder.rpartition("/")[2] == "helmfile.d"


PLATFORM = Platform(
    name=NAME,
    title="Kubernetes",
    letter="K",
    package=__name__,
    may_hold=may_hold,
    example_file="manifests.yaml",
    starter=(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n"
        "  replicas: {count}\n  selector: {{matchLabels: {{app: shop}}}}\n  template:\n"
        "    metadata: {{labels: {{app: shop}}}}\n    spec:\n      containers:\n"
        "        - {{name: shop, image: registry.example/shop:1.4.2}}\n",
        6,
    ),
    extensionless_names=frozenset(
        {
            "Kustomization",
            "helmfile.yaml.gotmpl",
            "helmfile.d/*.yaml.gotmpl",
            "helmfile.d/*.yml.gotmpl",
        }
    ),
    annotated_object="Kubernetes object",
    versions=VERSIONS,
    version_key="kubernetes-version",
    setting_keys=("helm",),
    # sigs.k8s.io/yaml (goyaml.v2, decode.go) applies both; kyaml says "duplicate merge key".
    two_merges="“kubectl apply” merges both mappings, and kustomize rejects the file",
    template=template,
    templates_left_out="Helm templates were left out",
    objects_elsewhere=objects_elsewhere,
    may_render=may_render,
    render_tools=("kustomize", "kubectl", "helm"),
    render_marks=(CHART,),
    deploy_tools=("kubectl", "kustomize"),
    deploy_hints=("set image",),
    deploy_files=("skaffold.yaml", "skaffold.yml"),
    registries=("registry.k8s.io", "k8s.gcr.io"),
    secret_objects=("kubernetes", "kube", "k8s"),
    publishers=("kubernetes",),
    exporters=("kube state metrics",),
    image_editions=("k8s",),
)
