"""Application Auto Scaling documents: scalable targets, scaling policies, scheduled actions."""

from __future__ import annotations

from lintscale.model.declared import (
    Autoscaler,
    IgnoredSetting,
    InstanceCap,
    Reference,
    ScalingPolicy,
)
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT
from lintscale.platforms.ecs import policies
from lintscale.platforms.ecs.names import child, cluster, file_stem, scaled_service, tags
from lintscale.syntax.field import Field

SCALABLE_TARGET = "scalable target"
SCALING_POLICY = "scaling policy"

CAP = InstanceCap(5000, "ECS runs at most 5000 tasks of a service (a quota that AWS can raise)")
"""Amazon Web Services General Reference, "Amazon ECS endpoints and quotas": Tasks per service, an
adjustable default, read Aug 2026."""

SUSPENDED = "Application Auto Scaling is suspended for this service in both directions"


def scalable_target(field: Field, file_name: str) -> Autoscaler:
    """register-scalable-target's input. One without bounds only changes a target that was
    registered elsewhere. Policies always stand in documents of their own."""
    low, high = child(field, "MinCapacity"), child(field, "MaxCapacity")
    target = scaled_service(field)
    resource = child(field, "ResourceId")
    suspended = suspended_entirely(field)
    return Autoscaler(
        platform="ecs",
        kind=SCALABLE_TARGET,
        name=target.name or resource.string() or file_stem(file_name),
        target=target,
        min=low.integer(),
        max=high.integer(),
        policies=(),
        location=resource.location if resource.present else field.location,
        effective=not suspended,
        ineffective_reason=SUSPENDED if suspended else "",
        policies_complete=False,
        partial=not (low.present or high.present),
        labels=labels(field),
        cap=CAP,
        ignores_schedules=child(field, "SuspendedState", "ScheduledScalingSuspended")
        .boolean()
        .value
        is True,
    )


def labels(field: Field) -> dict[str, str]:
    """What tells the environment of the service that a scaling document is about."""
    found = tags(child(field, "Tags"))
    its_cluster = cluster(field)
    return {**found, "cluster": its_cluster} if its_cluster else found


def scaling_policy(field: Field) -> Autoscaler:
    """put-scaling-policy's input."""
    name = child(field, "PolicyName")
    place = name.location if name.present else field.location
    return _partial(field, scaled_service(field), policy_of(field, name), place)


def policy_of(field: Field, name: Field, fallback: str = "") -> ScalingPolicy:
    """The policy in a mapping that has one of the three configurations under its own key."""
    for key, read in _CONFIGURATIONS:
        configuration = child(field, key)
        if configuration.present:
            return read(configuration, name, fallback)
    return policies.without_configuration(field, name)


_CONFIGURATIONS = (
    ("TargetTrackingScalingPolicyConfiguration", policies.target_tracking),
    ("StepScalingPolicyConfiguration", policies.step),
    ("PredictiveScalingPolicyConfiguration", policies.predictive),
)


def scheduled_action(field: Field) -> Autoscaler:
    """put-scheduled-action's input."""
    policy = policies.scheduled(field)
    return _partial(field, scaled_service(field), policy, policy.location)


def bare_configuration(field: Field, file_name: str) -> Autoscaler:
    """What ``--target-tracking-scaling-policy-configuration`` or
    ``--step-scaling-policy-configuration`` is given as a file: the service's name stands on the
    command line, so the file's own must do."""
    stem = file_stem(file_name)
    read = policies.step if child(field, "StepAdjustments").present else policies.target_tracking
    policy = read(field, None, stem)
    reference = Reference("", None, "", field.location)
    return _partial(field, reference, policy, policy.location)


def _partial(
    field: Field, target: Reference, policy: ScalingPolicy, location: Location
) -> Autoscaler:
    return Autoscaler(
        platform="ecs",
        kind=SCALING_POLICY,
        name=policy.name,
        target=target,
        min=ABSENT,
        max=ABSENT,
        policies=(policy,),
        location=location,
        policies_complete=False,
        partial=True,
        labels=labels(field),
        cap=CAP,
    )


# -- suspension -----------------------------------------------------------------------------------


def suspension(field: Field, service: str | None) -> IgnoredSetting | None:
    """What the target's policies do not do while it is suspended; None when they do it all."""
    directions = _suspended_directions(field)
    if not directions:
        return None
    if len(directions) == 2:
        effect = (
            "neither adds nor removes tasks, whatever its policies say: the service stays at its"
            " desired count"
        )
    elif directions == ("out",):
        effect = "adds no tasks, whatever its policies say: the service does not grow under load"
    else:
        effect = "removes no tasks: the service keeps its size after a peak"
    state = child(field, "SuspendedState")
    if child(state, "ScheduledScalingSuspended").boolean().value is True:
        effect += "; scheduled actions are suspended too"
    return IgnoredSetting(
        platform="ecs",
        topic="scaling",
        key=str(state.path[-1]),
        effect=f"while suspended, Application Auto Scaling {effect}",
        location=state.location,
        workload=service or "",
    )


def suspended_entirely(field: Field) -> bool:
    """Whether no policy of the target does anything at all."""
    return len(_suspended_directions(field)) == 2


def _suspended_directions(field: Field) -> tuple[str, ...]:
    """In which of ("in", "out") dynamic scaling is suspended."""
    state = child(field, "SuspendedState")
    return tuple(
        direction
        for direction, key in (
            ("in", "DynamicScalingInSuspended"),
            ("out", "DynamicScalingOutSuspended"),
        )
        if child(state, key).boolean().value is True
    )
