"""In which API versions Kubernetes has the kinds that are read, and when it dropped one.

Removals: kubernetes.io/docs/reference/using-api/deprecation-guide (read November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import record, replace
from lintscale.model.declared import DocumentNote
from lintscale.model.versions import numbers
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.syntax.nodes import Mapping


@record
class ApiVersion:
    """``definition`` is the schema of the kind in this version, below ``schemas/kubernetes``, ""
    where there is none.

    ``removed`` is the Kubernetes version that no longer has it, "" as long as all have it;
    ``successor`` is what takes its place. ``same_shape``: an object is valid in the successor as
    it stands, and means the same, as long as its spec has the keys of ``needs`` (those that the
    successor requires, or to which it gives another default). ``otherwise`` says what has to
    change where that is not so.
    """

    name: str
    definition: str = ""
    removed: str = ""
    successor: str = ""
    same_shape: bool = False
    needs: tuple[str, ...] = ()
    otherwise: str = ""


def _core(definition: str) -> str:
    return f"core#/$defs/{definition}"


def _removed(name: str, removed: str, new: ApiVersion, *needs: str, otherwise: str) -> ApiVersion:
    return ApiVersion(name, new.definition, removed, new.name, True, needs, otherwise)


def _v1(kind: str) -> tuple[ApiVersion, ...]:
    return (ApiVersion("v1", _core(f"core.v1.{kind}")),)


_SELECTOR = "which requires a selector"
_SELECTOR_AND_STRATEGY = (
    "which requires a selector, and updates pods by itself unless updateStrategy says OnDelete"
)
_DEPLOYMENT, _STATEFUL_SET, _REPLICA_SET, _DAEMON_SET = (
    ApiVersion("apps/v1", _core(f"apps.v1.{kind}"))
    for kind in ("Deployment", "StatefulSet", "ReplicaSet", "DaemonSet")
)
_CRON_JOB = ApiVersion("batch/v1", _core("batch.v1.CronJob"))
_HPA_V2, _HPA_V1 = (
    ApiVersion(f"autoscaling/{version}", _core(f"autoscaling.{version}.HorizontalPodAutoscaler"))
    for version in ("v2", "v1")
)
_BUDGET = ApiVersion("policy/v1", _core("policy.v1.PodDisruptionBudget"))
_PRIORITY = ApiVersion("scheduling.k8s.io/v1", _core("scheduling.v1.PriorityClass"))

API_VERSIONS: dict[str, tuple[ApiVersion, ...]] = {
    "Deployment": (
        _DEPLOYMENT,
        *(
            _removed(name, "1.16", _DEPLOYMENT, "selector", otherwise=_SELECTOR)
            for name in ("apps/v1beta2", "apps/v1beta1", "extensions/v1beta1")
        ),
    ),
    "StatefulSet": (
        _STATEFUL_SET,
        _removed("apps/v1beta2", "1.16", _STATEFUL_SET, "selector", otherwise=_SELECTOR),
        _removed(
            "apps/v1beta1",
            "1.16",
            _STATEFUL_SET,
            "selector",
            "updateStrategy",
            otherwise=_SELECTOR_AND_STRATEGY,
        ),
    ),
    "ReplicaSet": (
        _REPLICA_SET,
        *(
            _removed(name, "1.16", _REPLICA_SET, "selector", otherwise=_SELECTOR)
            for name in ("apps/v1beta2", "extensions/v1beta1")
        ),
    ),
    "DaemonSet": (
        _DAEMON_SET,
        _removed("apps/v1beta2", "1.16", _DAEMON_SET, "selector", otherwise=_SELECTOR),
        _removed(
            "extensions/v1beta1",
            "1.16",
            _DAEMON_SET,
            "selector",
            "updateStrategy",
            otherwise=_SELECTOR_AND_STRATEGY,
        ),
    ),
    "ReplicationController": _v1("ReplicationController"),
    "Pod": _v1("Pod"),
    "Service": _v1("Service"),
    "ConfigMap": _v1("ConfigMap"),
    "Secret": (ApiVersion("v1", ""),),
    "LimitRange": _v1("LimitRange"),
    "ResourceQuota": _v1("ResourceQuota"),
    "PriorityClass": (
        _PRIORITY,
        *(
            _removed(f"scheduling.k8s.io/{version}", "1.22", _PRIORITY, otherwise="")
            for version in ("v1beta1", "v1alpha1")
        ),
    ),
    "Job": (ApiVersion("batch/v1", _core("batch.v1.Job")),),
    "CronJob": (
        _CRON_JOB,
        _removed("batch/v1beta1", "1.25", _CRON_JOB, otherwise=""),
        _removed("batch/v2alpha1", "1.21", _CRON_JOB, otherwise=""),
    ),
    "HorizontalPodAutoscaler": (
        _HPA_V2,
        _HPA_V1,
        ApiVersion(
            "autoscaling/v2beta2",
            _core("autoscaling.v2beta2.HorizontalPodAutoscaler"),
            "1.26",
            "autoscaling/v2",
            True,
        ),
        ApiVersion(
            "autoscaling/v2beta1",
            "",
            "1.25",
            "autoscaling/v2",
            otherwise="which has a metric's target under “target”, with a “type”",
        ),
    ),
    "PodDisruptionBudget": (
        _BUDGET,
        _removed(
            "policy/v1beta1",
            "1.25",
            _BUDGET,
            "selector",
            otherwise="where an empty selector selects every pod of the namespace",
        ),
    ),
}
"""By kind, the version to write first."""


@record
class Custom:
    """A kind that ``project`` adds to a cluster. Its schema is of ``date`` and may be older than
    what is installed. ``loose``: defaults are filled in that its schema requires."""

    project: str
    date: str
    versions: tuple[ApiVersion, ...]
    loose: bool = False


CUSTOM: dict[tuple[str, str], Custom] = {
    ("keda.sh", "ScaledObject"): Custom(
        "KEDA",
        "September 2026",
        (ApiVersion("keda.sh/v1alpha1", "keda#/$defs/keda.sh.v1alpha1.ScaledObject"),),
    ),
    ("argoproj.io", "Rollout"): Custom(
        "Argo Rollouts",
        "September 2026",
        (ApiVersion("argoproj.io/v1alpha1", "argo-rollouts#/$defs/argoproj.io.v1alpha1.Rollout"),),
    ),
    ("serving.knative.dev", "Service"): Custom(
        "Knative",
        "September 2026",
        (ApiVersion("serving.knative.dev/v1", "knative#/$defs/serving.knative.dev.v1.Service"),),
        loose=True,
    ),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): Custom(
        "the vertical pod autoscaler",
        "September 2026",
        tuple(
            ApiVersion(
                f"autoscaling.k8s.io/{version}",
                f"autoscaler#/$defs/autoscaling.k8s.io.{version}.VerticalPodAutoscaler",
            )
            for version in ("v1", "v1beta2")
        ),
    ),
}
"""By API group and kind. Knative fills in ports and names: knative.dev/serving, pkg/apis/serving/
v1/revision_defaults.go (read November 2026)."""


def api_version(kind: str, name: str) -> ApiVersion | None:
    """None where the kind is not in the table, or not in this version."""
    return next((each for each in API_VERSIONS.get(kind, ()) if each.name == name), None)


def served(kind: str, version: str) -> list[ApiVersion]:
    """What a cluster of a Kubernetes version has the kind in."""
    return [each for each in API_VERSIONS.get(kind, ()) if not is_removed(each, version)]


def is_removed(each: ApiVersion, version: str) -> bool:
    """In a cluster of this version. Versions are as in "1.31"."""
    return bool(each.removed) and numbers(version) >= numbers(each.removed)


# -- removed versions --------------------------------------------------------------------------

KIND = "removed API version"


def removal(manifest: Manifest) -> Iterator[DocumentNote]:
    """A note on an object whose API version some Kubernetes version no longer has. ``successor``
    is set where nothing but the apiVersion has to change."""
    written = api_version(manifest.kind, manifest.api_version)
    if written is None or not written.removed:
        return
    as_it_stands = _as_it_stands(manifest, written)
    detail = written.successor
    if written.otherwise and not as_it_stands:
        detail = f"{detail}, {written.otherwise}"
    yield DocumentNote(
        platform="kubernetes",
        kind=KIND,
        location=manifest.root.get("apiVersion").location,
        detail=detail,
        from_version=written.removed,
        subject=f"{manifest.kind} {manifest.name}".rstrip(),
        value=manifest.api_version,
        successor=written.successor if as_it_stands else None,
    )


def with_patches(notes: Iterable[DocumentNote], texts: Sequence[str]) -> list[DocumentNote]:
    """The notes, limited to those objects whose version one of ``texts`` names: kustomizations, and
    what they say are patches. A patch that finds no object of its version stops the build, and a
    target that selects none is passed over in silence (kubernetes-sigs/kustomize:
    kyaml/resid/gvk.go and api/internal/builtins/PatchTransformer.go, read November 2026)."""
    return [
        replace(note, patched=True)
        if note.kind == KIND and any(map(_naming(note.value).search, texts))
        else note
        for note in notes
    ]


def _naming(api_version: str) -> re.Pattern[str]:
    """As a whole, or as the version of a target."""
    version = re.escape(api_version.rpartition("/")[2])
    target = rf"(?<![A-Za-z])version[\"']?: *[\"']?{version}"
    return re.compile(rf"(?:{re.escape(api_version)}|{target})(?![A-Za-z0-9])")


def _as_it_stands(manifest: Manifest, written: ApiVersion) -> bool:
    """Is the object valid, and the same, in the successor?"""
    if not written.same_shape:
        return False
    needed = [manifest.spec.get(key).node for key in written.needs]
    return all(isinstance(node, Mapping) and node.entries for node in needed)
