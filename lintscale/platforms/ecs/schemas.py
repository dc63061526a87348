"""Which schema speaks of an object: that of the AWS call which takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.platforms.base import SchemaChoice
from lintscale.platforms.ecs.recognise import Piece, Shape

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
    scaling settings as well: that it is no call's shape is told as a whole."""
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
