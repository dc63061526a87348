"""What an application's own files say, joined to the containers that run it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lintscale._record import replace
from lintscale.model.declared import Application, Container, Workload
from lintscale.model.images import parse_image
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms import registries
from lintscale.project.discovery import may_fill_in

Applications = Mapping[str, tuple[Application | None, ...]]
"""The applications of a workload's containers, by its id."""


def with_code(
    workloads: Sequence[Workload], root: Path, names: Sequence[str]
) -> tuple[Sequence[Workload], Applications]:
    """The workloads with the commands and variables of their images, and the images unknown that a
    deploy fills in; and the applications of their containers. ``names`` are the files of interest
    below ``root``."""
    applications: Applications = {}
    # Rails knows its database without any variable.
    is_rails = any(name.rpartition("/")[2] == "Gemfile" for name in names)
    if names and (is_rails or any(_may_have_source(workload) for workload in workloads)):
        workloads, applications = _with_applications(workloads, root, names)
    if any(map(may_fill_in, names)):
        workloads = _without_deployed_images(workloads, root, names)
    return workloads, applications


def _may_have_source(workload: Workload) -> bool:
    """Whether it is worth looking for an application, which costs more than the rest of a small
    run: the workload is built from the project, or has an environment."""
    return workload.role != "static" and (
        workload.build is not None
        or any(
            container.environment or container.env_from or not container.env_complete
            for container in workload.containers
        )
    )


def _with_applications(
    workloads: Sequence[Workload], root: Path, names: Iterable[str]
) -> tuple[Sequence[Workload], Applications]:
    from lintscale.code.applications import sources_of
    from lintscale.code.owners import Program

    programs = {
        (workload.id, number): Program(
            container=container.name,
            workload=workload.name,
            image=parse_image((container.image.value or "").lower()).repository,
            command=container.command,
            is_arguments=container.command_is_arguments,
            environment=container.environment,
            is_environment_complete=container.env_complete,
            build=workload.build,
            is_service=workload.role == "service",
        )
        for workload in workloads
        if workload.role != "static" and not workload.superseded_by
        for number, container in enumerate(workload.containers)
        if not container.init
    }
    sources = sources_of(programs, root, names, registries())
    if not sources:
        return workloads, {}
    completed = []
    applications = {}
    for workload in workloads:
        own = [sources.get((workload.id, number)) for number in range(len(workload.containers))]
        containers = tuple(
            container
            if source is None
            else replace(
                container,
                command=source.command,
                environment=source.environment,
                runs=source.runs,
            )
            for container, source in zip(workload.containers, own, strict=True)
        )
        completed.append(replace(workload, containers=containers))
        applications[workload.id] = tuple(source and source.application for source in own)
    return completed, applications


def _without_deployed_images(
    workloads: Sequence[Workload], root: Path, names: Iterable[str]
) -> Sequence[Workload]:
    from lintscale.project.deploys import WrittenImage, deploys_in

    deploys = deploys_in(root, names)
    if not deploys.images:
        return workloads

    def deployed(workload: Workload, container: Container) -> Container:
        if not container.image.value:
            return container
        written = WrittenImage(
            platform=workload.platform,
            file=container.location.file,
            workload=(workload.kind, workload.name),
            container=container.name,
            image=container.image.value,
        )
        for deploy in deploys.images:
            if deploy.fills_in(written):
                reason = f"{deploy.workflow} fills it in"
                image: Sourced[str] = Sourced(None, Source.FILE, container.image.location, reason)
                return replace(container, image=image)
        return container

    def left_alone(workload: Workload) -> bool:
        where = (workload.kind, workload.name), workload.location.file
        return workload.count_left_alone or deploys.leave_alone(workload.platform, *where)

    return [
        replace(
            workload,
            containers=tuple(deployed(workload, c) for c in workload.containers),
            count_left_alone=left_alone(workload),
        )
        for workload in workloads
    ]
