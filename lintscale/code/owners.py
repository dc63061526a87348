"""Which folder holds the source of a program.

A config that builds from a folder names it. Nothing ties an image to a folder for certain: only
clear evidence counts, since the pools of an application are not those of the proxy, exporter or
database tool beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lintscale.code.files import parent_of
from lintscale.code.written_in import may_run
from lintscale.model.declared import BuildSource, EnvironmentVariable
from lintscale.model.images import parse_image
from lintscale.model.sourced import Sourced
from lintscale.syntax.regex import regex

_PUBLISHERS = regex(
    r"(?:docker\.io/)?library/|quay\.io/|mcr\.microsoft\.com/"
    r"|public\.ecr\.aws/|docker\.elastic\.co/|docker\.redpanda\.com/|cr\.l5d\.io/|cr\.fluentbit\.io/"
    r"|gcr\.io/(?:cloudsql-docker|cloud-sql-connectors|google-containers|google_containers|kaniko-project|datadoghq)/"
    r"|(?:docker\.io/)?(?:bitnami|bitnamilegacy|grafana|prom|amazon|hashicorp|datadog|otel|envoyproxy"
    r"|istio|apache|confluentinc|elastic|edoburu|dpage|newrelic|getsentry|hasura|minio|traefik)/"
)
"""Registries and accounts from which finished programs of others come."""

_OPEN_HOSTS = ("docker.io", "ghcr.io", "index.docker.io")
"""Registries that hold both what others publish and what a team builds for itself."""

_PLACEHOLDER = regex(r"[<>${}%]")
_NOT_TELLING = frozenset(
    {"app", "web", "api", "backend", "server", "service", "main", "image", "prod", "production",
     "staging", "docker", "repo", "container", "project", "python", "django", "flask", "fastapi"}
)  # fmt: skip
_WORD = regex(r"[a-z0-9]+")


class Program(NamedTuple):
    """What a config says of a program: the names of its container and workload, ``image`` without
    tag and digest ("" where it is not known), and how it is started and built; ``is_arguments``:
    the command is only what the image's entry point is given."""

    container: str
    workload: str
    image: str
    command: Sourced[str]
    environment: tuple[EnvironmentVariable, ...]
    is_environment_complete: bool
    build: BuildSource | None
    is_service: bool
    is_arguments: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The values of its environment that are known and not empty."""
        return {v.name: v.value.value for v in self.environment if v.value.value}


class SourceFolder(NamedTuple):
    """The folder of a program's source; ``assumed`` is the evidence for it, "" where a config
    names it."""

    folder: str
    assumed: str = ""


class Owners:
    """The source folders of a project's programs. ``folders`` are those that may hold an
    application; ``applications`` the ones with libraries that connect to databases, each with the
    words of its names; ``starts``: whether a command starts a file of a folder; ``registries``:
    where the makers of platforms publish images; ``names_of``: what the files of a folder call the
    application there; ``manifests_of``: those that declare its libraries."""

    def __init__(
        self,
        programs: Iterable[Program],
        folders: Iterable[str],
        applications: Mapping[str, frozenset[str]],
        starts: Callable[[str, str], bool],
        *,
        registries: Iterable[str] = (),
        names_of: Callable[[str], Iterable[str]] = lambda folder: (),
        manifests_of: Callable[[str], Iterable[str]] = lambda folder: (),
    ) -> None:
        self.registries = tuple(f"{each}/" for each in registries)
        self.folders = sorted(set(folders))
        self.applications = {folder: words - _NOT_TELLING for folder, words in applications.items()}
        self.starts = starts
        self.names_of = names_of
        self.manifests_of = manifests_of
        self.own = self._own_images(programs)

    def folder_of(self, program: Program) -> SourceFolder | None:
        """None where there is no evidence."""
        if program.build is not None:
            return SourceFolder(program.build.folder)
        command = program.command.value or ""
        started = [folder for folder in self.folders if command and self.starts(command, folder)]
        if len(started) > 1:
            # The same command means the innermost of folders within one another.
            started = [f for f in started if not any(o != f and _within(o, f) for o in started)]
        if len(started) == 1:
            return SourceFolder(
                started[0], f"its command starts with a file of {_where(started[0])}"
            )
        image = program.image
        folders = [f for f in self.folders if may_run(command, self.manifests_of(f), image)]
        for name in (parse_image(image).name, program.container.lower(), program.workload.lower()):
            same = [f for f in folders if name and f.rpartition("/")[2].lower() == name]
            if len(same) == 1 and not self._is_published(image):
                return SourceFolder(same[0], f"the folder {same[0]} bears its name")
        named = self._named_like(image, folders)
        if named is not None:
            return SourceFolder(
                named, f"its image is called like the application in {_where(named)}"
            )
        called = parse_image(image).name
        same = [f for f in folders if called and called in self.names_of(f)]
        if len(same) == 1 and not _PUBLISHERS.match(image):
            return SourceFolder(same[0], f"the application in {_where(same[0])} bears its name")
        if len(self.applications) == 1 and image in self.own:
            only = next(iter(self.applications))
            if only in folders:
                return SourceFolder(only, f"{_where(only)} holds the only application")
        return None

    def _is_published(self, image: str) -> bool:
        return image.startswith(self.registries) or _PUBLISHERS.match(image) is not None

    def _named_like(self, image: str, folders: Iterable[str]) -> str | None:
        """The application of these whose name has most in common with the image's, if one stands
        out."""
        if not image or self._is_published(image):
            return None
        words = words_of(image)
        own = {f: self.applications[f] for f in folders if f in self.applications}
        shared = {folder: len(words & called) for folder, called in own.items()}
        most = max(shared.values(), default=0)
        best = [folder for folder, count in shared.items() if count == most]
        return best[0] if most and len(best) == 1 else None

    def _own_images(self, programs: Iterable[Program]) -> frozenset[str]:
        """The image that is built from the project's only application: the only one from a
        registry where a team keeps what it builds."""
        images = {program.image for program in programs if program.build is None}
        # A name without any folder is an official image, or never left the machine it was built on.
        images = {i for i in images if _is_unknown(i) or ("/" in i and not self._is_published(i))}
        private = {image for image in images if _is_unknown(image) or _is_private(image)}
        candidates = private or images
        return frozenset(candidates) if len(candidates) == 1 else frozenset()


def words_of(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in _WORD.findall(name.lower()))


def _is_unknown(image: str) -> bool:
    return not image or _PLACEHOLDER.search(image) is not None


def _is_private(image: str) -> bool:
    """Whether it comes from a registry that only its owner writes to."""
    domain = parse_image(image).domain
    return domain != "" and domain not in _OPEN_HOSTS


def _within(inner: str, outer: str) -> bool:
    while inner:
        inner = parent_of(inner)
        if inner == outer:
            return True
    return False


def _where(folder: str) -> str:
    return folder or "the project's root"
