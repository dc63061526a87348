"""Logical service names: what a team calls a service on whatever platform it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePosixPath

from lintscale.model import declared
from lintscale.model.resolved import Service, Workload
from lintscale.project.config import Settings
from lintscale.resolve.environment import AMBIGUOUS_WORDS, CLEAR_WORDS, path_matcher
from lintscale.resolve.matching import grouped
from lintscale.resolve.words import matches_glob

ROOT_FOLDER = "."
"""The name of a workload that its platform calls after the folder of the repository."""

_KIND_SUFFIXES = frozenset(
    {"deployment", "deploy", "svc", "service", "statefulset", "rollout", "task", "taskdef"}
)
"""What people append to say which kind of object this is. "-backend", "-api", "-web", "-worker"
and "-server" are parts of the name: a "shop-api" and a "shop-web" are two services."""

_ENVIRONMENT_SUFFIXES = frozenset(CLEAR_WORDS) | {
    word for word in AMBIGUOUS_WORDS if word in ("live", "stage", "test", "preview", "local")
}

_EXTENSIONS = frozenset({".yaml", ".yml", ".json", ".jsonc", ".toml"})


class ServiceNamer:
    """Answers for all workloads of a project; the configuration's globs are compiled once."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.root
        self.mapped = []
        for service, patterns in settings.services.items():
            paths = [pattern for pattern in patterns if _is_path(pattern)]
            names = [pattern for pattern in patterns if not _is_path(pattern)]
            self.mapped.append((service, names, path_matcher(paths) if paths else None))

    def service(self, workload: declared.Workload) -> str:
        """The configured service whose patterns match first, else the workload's name without
        what says no more than kind or environment."""
        own = self.name(own_name(workload))
        known_as = [
            own,
            f"{workload.platform}:{own}",
            f"{workload.platform}:{workload.display_name}",
            f"{workload.platform}:{workload.name}",
        ]
        for service, patterns, in_file in self.mapped:
            if matches_glob(patterns, known_as):
                return service
            files = {workload.location.file, workload.location.rendered_by} - {""}
            if in_file is not None and any(in_file(file) for file in files):
                return service
        return stripped(own)

    def name(self, name: str) -> str:
        """The name of a workload or a container; the project folder's for one that is called
        after it."""
        if name != ROOT_FOLDER:
            return name
        name = self.root.name or self.root.absolute().name or ROOT_FOLDER
        # A folder's name may have bytes that are no UTF-8, which expressions refuse.
        return os.fsencode(name).decode("utf-8", "backslashreplace")


def own_name(workload: declared.Workload) -> str:
    """What people call it: as its manifest does, without what an overlay puts around it."""
    rendering = workload.location.rendering
    return (rendering.name if rendering is not None else "") or workload.name


def stripped(name: str) -> str:
    """ "Shop-API-deployment-prod" becomes "shop-api". Never empty: a name that consists of such
    words alone keeps one."""
    parts = name.lower().split("-")
    while len(parts) > 1:
        surplus = _surplus(parts)
        if not 0 < surplus < len(parts):
            break
        parts = parts[:-surplus]
    if len(parts) > 1 and parts[0] in CLEAR_WORDS:
        parts = parts[1:]
    return "-".join(parts)


def _surplus(parts: list[str]) -> int:
    """How many words at the end are no part of the name."""
    if parts[-1] in _KIND_SUFFIXES | _ENVIRONMENT_SUFFIXES:
        return 1
    if parts[-2:] == ["task", "definition"]:
        return 2
    if parts[-1].isdigit() and parts[-2] in ("pr", "preview"):
        return 2
    return 0


def services_of(workloads: Iterable[Workload]) -> tuple[Service, ...]:
    """Every service with its workloads, sorted."""
    members = grouped(workloads, lambda workload: workload.service)
    return tuple(_service(name, members[name]) for name in sorted(members))


def _service(name: str, members: list[Workload]) -> Service:
    found = sorted(members, key=lambda workload: workload.id)
    first = min(found, key=lambda w: (w.location.file, w.location.document, w.location.span))
    return Service(
        name=name,
        workloads=tuple(workload.id for workload in found),
        platforms=tuple(sorted({workload.platform for workload in found})),
        environments=tuple(sorted({workload.environment.value or "" for workload in found})),
        platform=first.platform,
        location=first.location,
    )


def _is_path(pattern: str) -> bool:
    if ":" in pattern:
        return False
    return "/" in pattern or PurePosixPath(pattern).suffix in _EXTENSIONS
