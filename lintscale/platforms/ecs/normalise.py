"""ECS documents in the common model."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lintscale.model.declared import Fragments
from lintscale.platforms.base import DeployedImage, Reader, SchemaChoice, Versions
from lintscale.platforms.ecs import scaling
from lintscale.platforms.ecs.policies import alarms
from lintscale.platforms.ecs.policy_document import note, policy_document
from lintscale.platforms.ecs.recognise import Piece, Shape, pieces
from lintscale.platforms.ecs.schemas import choices, described_note
from lintscale.platforms.ecs.service import service
from lintscale.platforms.ecs.task_definition import task_definition
from lintscale.syntax.document import Document


def recognise(document: Document, file_name: str) -> bool:
    """Whether the document is, or holds, a request to ECS or its autoscaling."""
    return next(pieces(document, file_name), None) is not None


def schemas(document: Document, file_name: str, versions: Versions) -> Iterable[SchemaChoice]:
    """One for each object that is written in the case of the call that takes it."""
    return choices(list(pieces(document, file_name)))


def normalise(document: Document, file_name: str) -> Fragments:
    """All ECS objects of the document; empty when it holds none."""
    fragments = Fragments()
    found = list(pieces(document, file_name))
    for piece in found:
        _add(fragments, piece, document, file_name)
    described = described_note(found)
    if described is not None:
        fragments.notes.append(described)
    return fragments


def _add(fragments: Fragments, piece: Piece, document: Document, file_name: str) -> None:
    shape, field = piece.shape, piece.field
    if shape is Shape.TASK_DEFINITION:
        fragments.templates.append(task_definition(field, file_name))
    elif shape is Shape.SERVICE:
        fragments.workloads.append(service(field, file_name))
    elif shape is Shape.SCALING_POLICY:
        fragments.autoscalers.append(scaling.scaling_policy(field))
    elif shape is Shape.SCHEDULED_ACTION:
        fragments.autoscalers.append(scaling.scheduled_action(field))
    elif shape is Shape.ALARM:
        fragments.alarms.extend(alarms(field))
    elif shape is Shape.BARE_CONFIGURATION:
        fragments.autoscalers.append(scaling.bare_configuration(field, file_name))
    else:
        _add_bounds(fragments, piece, document, file_name)


def _add_bounds(fragments: Fragments, piece: Piece, document: Document, file_name: str) -> None:
    """A scalable target, or the policy document that no call takes."""
    field = piece.field
    if piece.shape is Shape.POLICY_DOCUMENT:
        scaler = policy_document(field, piece.owner, file_name)
        place = field.location if field.path else document.start()
        fragments.notes.append(note(piece.owner or field, scaler, place))
    else:
        scaler = scaling.scalable_target(field, file_name)
    fragments.autoscalers.append(scaler)
    suspension = scaling.suspension(field, scaler.target.name)
    if suspension is not None:
        fragments.ignored_settings.append(suspension)


def deployed_by_action(said: Callable[[str], str]) -> Iterable[DeployedImage]:
    """What amazon-ecs-render-task-definition puts in, by its inputs: task-definition (a path from
    the root), container-name, image (its action.yml)."""
    file, container, image = said("task-definition"), said("container-name"), said("image")
    if not image or not container or "$" in container:
        return ()
    # A definition that a step before this one rendered is some file's all the same.
    return (DeployedImage(image, file="" if "$" in file else file, container=container),)


READER = Reader(recognise, normalise, schemas, deployed_by_action=deployed_by_action)
