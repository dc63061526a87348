"""In which API versions Kubernetes has the kinds that are read, and when it dropped one.

Removals: kubernetes.io/docs/reference/using-api/deprecation-guide (read November 2026).
"""

from __future__ import annotations

from lintscale.record import record


@record
class ApiVersion:
    """``definition`` is the schema of the kind in this version, below ``schemas/kubernetes``, ""
    where there is none. ``removed`` is the Kubernetes version that no longer has it, "" as long
    as all have it; ``successor`` what takes its place, and ``same_shape`` whether an object that
    is valid in one is valid in the other."""

    name: str
    definition: str = ""
    removed: str = ""
    successor: str = ""
    same_shape: bool = False


def _core(definition: str) -> str:
    return f"core#/$defs/{definition}"


def _apps(kind: str, *old: str, same_shape: bool = True) -> tuple[ApiVersion, ...]:
    definition = _core(f"apps.v1.{kind}")
    return (
        ApiVersion("apps/v1", definition),
        *(ApiVersion(name, definition, "1.16", "apps/v1", same_shape) for name in old),
    )


def _v1(kind: str) -> tuple[ApiVersion, ...]:
    return (ApiVersion("v1", _core(f"core.v1.{kind}")),)


_HPA = "HorizontalPodAutoscaler"

API_VERSIONS: dict[str, tuple[ApiVersion, ...]] = {
    "Deployment": _apps("Deployment", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1"),
    "StatefulSet": _apps("StatefulSet", "apps/v1beta2", "apps/v1beta1"),
    "ReplicaSet": _apps("ReplicaSet", "apps/v1beta2", "extensions/v1beta1"),
    "DaemonSet": _apps("DaemonSet", "apps/v1beta2", "extensions/v1beta1"),
    "ReplicationController": _v1("ReplicationController"),
    "Pod": _v1("Pod"),
    "Service": _v1("Service"),
    "ConfigMap": _v1("ConfigMap"),
    "LimitRange": _v1("LimitRange"),
    "Job": (ApiVersion("batch/v1", _core("batch.v1.Job")),),
    "CronJob": (
        ApiVersion("batch/v1", _core("batch.v1.CronJob")),
        ApiVersion("batch/v1beta1", _core("batch.v1.CronJob"), "1.25", "batch/v1", True),
    ),
    _HPA: (
        ApiVersion("autoscaling/v2", _core(f"autoscaling.v2.{_HPA}")),
        ApiVersion("autoscaling/v1", _core(f"autoscaling.v1.{_HPA}")),
        ApiVersion(
            "autoscaling/v2beta2",
            _core(f"autoscaling.v2beta2.{_HPA}"),
            "1.26",
            "autoscaling/v2",
            True,
        ),
        ApiVersion("autoscaling/v2beta1", "", "1.25", "autoscaling/v2"),
    ),
    "PodDisruptionBudget": (
        ApiVersion("policy/v1", _core("policy.v1.PodDisruptionBudget")),
        ApiVersion(
            "policy/v1beta1", _core("policy.v1.PodDisruptionBudget"), "1.25", "policy/v1", True
        ),
    ),
}
"""By kind, the version to write first."""


def api_version(kind: str, name: str) -> ApiVersion | None:
    """None where the kind is not in the table, or not in this version."""
    return next((each for each in API_VERSIONS.get(kind, ()) if each.name == name), None)


def served(kind: str, version: str) -> list[ApiVersion]:
    """What a cluster of a Kubernetes version has the kind in."""
    return [each for each in API_VERSIONS.get(kind, ()) if not is_removed(each, version)]


def is_removed(each: ApiVersion, version: str) -> bool:
    return bool(each.removed) and _numbers(version) >= _numbers(each.removed)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
