"""What files declare, after joins and arithmetic: what rules, reports and fixes see."""

from __future__ import annotations

from lintscale._record import record
from lintscale.model.declared import (
    AdjustablePool,
    Alarm,
    Application,
    Autoscaler,
    BuildSource,
    CodeNumber,
    CodePool,
    CompetingAutoscaler,
    Consumer,
    Container,
    Database,
    Dependency,
    Deprecation,
    DisruptionBudget,
    DocumentNote,
    EnvironmentGroup,
    EnvironmentVariable,
    Evidence,
    Fragments,
    IgnoredSetting,
    ImageOverride,
    InstanceCap,
    InstanceSize,
    KustomizeBuild,
    Metric,
    MountedFile,
    ObjectSuppression,
    Placement,
    Pool,
    Port,
    Probe,
    Reference,
    ReplicaOverride,
    Requirement,
    Resource,
    ResourceDefaults,
    Rollout,
    Route,
    ScalingBehavior,
    ScalingPolicy,
    Selector,
    Shutdown,
    StepLimit,
    UnreadParameters,
    VerticalAutoscaler,
    WorkerCount,
    Workload,
)
from lintscale.model.location import Location, Rendering, Span
from lintscale.model.sourced import Source, Sourced

__all__ = [
    "AdjustablePool",
    "Alarm",
    "Application",
    "Autoscaler",
    "BuildSource",
    "CodeNumber",
    "CodePool",
    "CompetingAutoscaler",
    "Consumer",
    "Container",
    "Credential",
    "Database",
    "Dependency",
    "Deprecation",
    "DisruptionBudget",
    "DocumentNote",
    "Drift",
    "DriftSide",
    "EnvironmentGroup",
    "EnvironmentVariable",
    "Evidence",
    "Fragments",
    "IgnoredSetting",
    "ImageOverride",
    "InstanceCap",
    "InstanceSize",
    "KustomizeBuild",
    "Location",
    "Metric",
    "MountedFile",
    "ObjectSuppression",
    "Placement",
    "Pool",
    "Port",
    "Probe",
    "Project",
    "Reference",
    "Rendering",
    "ReplicaOverride",
    "Requirement",
    "Resource",
    "ResourceDefaults",
    "Rollout",
    "Route",
    "ScalingBehavior",
    "ScalingPolicy",
    "Selector",
    "Service",
    "Shutdown",
    "Source",
    "Sourced",
    "Span",
    "StepLimit",
    "UnreadParameters",
    "VerticalAutoscaler",
    "WorkerCount",
    "Workload",
]


@record
class Credential:
    """A secret in plain sight. Its value is nowhere in the model; ``masked`` is safe to print."""

    platform: str
    name: str
    kind: str
    masked: str
    location: Location
    workload: str = ""


@record
class DriftSide:
    """What one platform, or one environment, says; ``value`` as it is printed."""

    platform: str
    workload: str
    value: str
    location: Location
    environment: str = ""


@record
class Drift:
    """One field in which a service's platforms disagree (``kind`` "platform"), or in which its
    production is smaller than its staging on one platform (``kind`` "environment": production's
    side comes first)."""

    service: str
    environment: str
    field: str
    sides: tuple[DriftSide, ...]
    location: Location
    platform: str
    workload: str
    kind: str = "platform"


@record
class Service:
    """A logical name with its workloads' ids (expressions see the workloads themselves).
    ``platforms`` and ``environments`` are those of its workloads, sorted; ``platform`` and
    ``location`` are the first workload's."""

    name: str
    workloads: tuple[str, ...]
    platforms: tuple[str, ...]
    environments: tuple[str, ...]
    platform: str
    location: Location


@record
class Project:
    """Everything understood, joined. ``outside`` are reasons why some objects may exist that
    were not read (templates that were left out, a single document on standard input)."""

    workloads: tuple[Workload, ...]
    autoscalers: tuple[Autoscaler, ...]
    disruption_budgets: tuple[DisruptionBudget, ...]
    databases: tuple[Database, ...]
    ignored_settings: tuple[IgnoredSetting, ...]
    notes: tuple[DocumentNote, ...]
    services: tuple[Service, ...] = ()
    credentials: tuple[Credential, ...] = ()
    drifts: tuple[Drift, ...] = ()
    deprecations: tuple[Deprecation, ...] = ()
    outside: tuple[str, ...] = ()
    suppressions: tuple[ObjectSuppression, ...] = ()
