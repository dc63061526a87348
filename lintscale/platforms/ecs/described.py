"""Keys that AWS's describe calls print and that no call which writes takes.

From the models of botocore 1.44.8 (ecs 2014-11-13, application-autoscaling 2016-02-06): what the
described object has and neither the call that makes it nor the one that changes it; a test keeps
the tables so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lintscale.model.declared import DocumentNote
from lintscale.platforms.ecs.recognise import Piece, Shape
from lintscale.syntax.field import Field

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
