"""Task definitions: register-task-definition's input, describe-task-definition's output."""

from __future__ import annotations

from lintscale.model.declared import Container, Rollout, Shutdown, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.ecs.containers import containers, stop_timeout
from lintscale.platforms.ecs.names import TASK_DEFINITION, child, file_stem, tags
from lintscale.platforms.ecs.sizes import task_size
from lintscale.syntax.field import Field


def task_definition(definition: Field, file_name: str) -> Workload:
    """What every task of the family is made of. How many run is a service's business."""
    family = child(definition, "family")
    contained = containers(definition)
    return Workload(
        platform="ecs",
        kind=TASK_DEFINITION,
        name=family.string() or file_stem(file_name),
        location=family.location if family.present else definition.location,
        labels=tags(child(definition, "tags")),
        count_known=False,
        containers=contained,
        serves_traffic=_serves_traffic(definition, contained),
        # The service that says so is another document; this is what ECS does unless it does.
        rollout=Rollout(
            max_healthy_percent=Sourced(
                200,
                Source.ASSUMED,
                definition.location,
                "ECS may start as many again in a deploy unless the service says otherwise",
            )
        ),
        shutdown=Shutdown(grace_seconds=_grace(definition)),
        instance_size=task_size(definition, contained),
    )


def _serves_traffic(definition: Field, contained: tuple[Container, ...]) -> bool | None:
    """By its port mappings; None where a placeholder stands for them."""
    if any(container.ports for container in contained):
        return True
    items = list(child(definition, "containerDefinitions").items())
    hidden = len(items) > len(contained) or any(
        mappings.present and not mappings.is_sequence
        for mappings in (child(item, "portMappings") for item in items)
    )
    return None if hidden else False


def _grace(definition: Field) -> Sourced[int]:
    """The shortest time to stop among the containers that serve traffic, else among all
    essential ones."""
    items = [item for item in child(definition, "containerDefinitions").items() if item.is_mapping]
    essential = [item for item in items if child(item, "essential").boolean().value is not False]
    serving = [item for item in essential if any(child(item, "portMappings").items())]
    timeouts = [stop_timeout(item) for item in serving or essential or items]
    known = [timeout for timeout in timeouts if timeout.value is not None]
    if not known:
        return timeouts[0] if timeouts else Sourced(None)
    return min(known, key=_shortest_first)


def _shortest_first(timeout: Sourced[int]) -> tuple[int, bool]:
    return (timeout.value or 0, not timeout.written)
