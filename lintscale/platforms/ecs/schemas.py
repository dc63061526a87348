"""The schema of an object: that of the AWS call which takes it; and keys that no call takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lintscale.model.declared import DocumentNote
from lintscale.platforms.base import SchemaChoice
from lintscale.platforms.ecs.recognise import Piece, Shape
from lintscale.syntax.field import Field

_CALLS: dict[Shape, tuple[tuple[str, str], ...]] = {
    Shape.TASK_DEFINITION: (("containerDefinitions", "register-task-definition"),),
    Shape.SERVICE: (("serviceName", "create-service"), ("service", "update-service")),
    Shape.SCALABLE_TARGET: (
        ("ResourceId", "register-scalable-target"),
        ("ScalableDimension", "register-scalable-target"),
        ("ServiceNamespace", "register-scalable-target"),
    ),
    Shape.SCALING_POLICY: (
        ("PolicyName", "put-scaling-policy"),
        ("PolicyType", "put-scaling-policy"),
    ),
    Shape.SCHEDULED_ACTION: (("ScheduledActionName", "put-scheduled-action"),),
    Shape.BARE_CONFIGURATION: (
        ("TargetValue", "put-scaling-policy#/$defs/TargetTrackingScalingPolicyConfiguration"),
        ("StepAdjustments", "put-scaling-policy#/$defs/StepScalingPolicyConfiguration"),
    ),
}
"""By shape: the key, in the case in which the call has it, that tells which call is meant. In the
other case the object is CloudFormation's or some tool's, and no call's to judge."""

_NAMES = {Shape.TASK_DEFINITION: "family", Shape.SERVICE: "serviceName"}


def choices(pieces: Sequence[Piece]) -> Iterator[SchemaChoice]:
    """A schema for each of a document's objects that a call takes. None for a service that holds
    scaling settings as well: that it has no call's shape is one finding."""
    owners = {piece.owner.path for piece in pieces if piece.owner is not None}
    for piece in pieces:
        field = piece.field
        calls = (call for key, call in _CALLS.get(piece.shape, ()) if field.get(key).present)
        call = next(calls, None)
        if call is None or (piece.shape is Shape.SERVICE and field.path in owners):
            continue
        yield SchemaChoice(
            name=f"ecs/{call}",
            reader="AWS",
            path=field.path,
            unknown_key_severity="warning",
            unknown_key_effect="the AWS CLI rejects the call (Unknown parameter in input)",
            violation_effect="AWS rejects the call",
            workload=field.get(_NAMES.get(piece.shape, "PolicyName")).string() or "",
        )


# -- keys that only describe calls print -------------------------------------------------------

# From the models of botocore 1.44.8 (ecs 2014-11-13, application-autoscaling 2016-02-06): what the
# described object has and neither the call that makes it nor the one that changes it; a test keeps
# the tables so.
DESCRIBED: dict[Shape, frozenset[str]] = {
    Shape.TASK_DEFINITION: frozenset(
        {
            "compatibilities", "deleteRequestedAt", "deregisteredAt", "registeredAt",
            "registeredBy", "requiresAttributes", "revision", "status", "taskDefinitionArn",
        }
    ),
    Shape.SERVICE: frozenset(
        {
            "clusterArn", "createdAt", "createdBy", "currentServiceDeployment",
            "currentServiceRevisions", "deployments", "events", "pendingCount", "platformFamily",
            "resourceManagementType", "roleArn", "runningCount", "serviceArn", "status",
            "taskSets",
        }
    ),
    Shape.SCALABLE_TARGET: frozenset({"CreationTime", "PredictedCapacity", "ScalableTargetARN"}),
    Shape.SCALING_POLICY: frozenset({"Alarms", "CreationTime", "PolicyARN"}),
    Shape.SCHEDULED_ACTION: frozenset({"CreationTime", "ScheduledActionARN"}),
}  # fmt: skip


def described_note(pieces: Iterable[Piece]) -> DocumentNote | None:
    """One remark on all such keys of a document, at the first of them; None without any."""
    keys = [found for piece in pieces for found in _keys(piece)]
    if not keys:
        return None
    first = min(keys, key=lambda found: found[1].location.span)[1]
    names = sorted({name for name, _ in keys})
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return DocumentNote("ecs", "described", first.location, listed)


def _keys(piece: Piece) -> Iterator[tuple[str, Field]]:
    known = DESCRIBED.get(piece.shape, frozenset())
    for name, _ in piece.field.entries():
        field = piece.field.get(name)
        if name in known and field.present:
            yield name, field
