"""Whose source a container runs, where its config names none.

A config that builds from a folder says it. Kubernetes and ECS name an image, which nothing ties to
a folder for certain: only what speaks for it clearly counts, since the pools of one application
must not be laid at the door of a proxy, an exporter or a database tool that runs beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lintscale.code.files import parent_of
from lintscale.model.declared import Container, Workload
from lintscale.model.images import parse_image
from lintscale.syntax.regex import regex

_PUBLISHERS = regex(
    r"(?:docker\.io/)?library/|quay\.io/|registry\.k8s\.io/|k8s\.gcr\.io/|mcr\.microsoft\.com/"
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


class Owned(NamedTuple):
    """The folder of a container's source, and why it is taken for that ("": its config says so)."""

    folder: str
    assumed: str = ""


class Owners:
    """Answers for the containers of one project. ``folders`` are those that may hold an
    application; ``applications`` the ones that install something that connects to databases, each
    with the words that it is called by; ``starts`` tells whether a command starts with a file in a
    folder."""

    def __init__(
        self,
        workloads: Iterable[Workload],
        folders: Iterable[str],
        applications: Mapping[str, frozenset[str]],
        starts: Callable[[str, str], bool],
    ) -> None:
        self.folders = sorted(set(folders))
        self.applications = {folder: words - _NOT_TELLING for folder, words in applications.items()}
        self.starts = starts
        self.own = self._own_images(workloads)

    def of(self, workload: Workload, container: Container) -> Owned | None:
        """None: nothing tells."""
        if workload.build is not None:
            return Owned(workload.build.folder)
        command = container.command.value or ""
        started = [folder for folder in self.folders if command and self.starts(command, folder)]
        if len(started) > 1:
            # The same command means the innermost of folders within one another.
            started = [f for f in started if not any(o != f and _within(o, f) for o in started)]
        if len(started) == 1:
            return Owned(started[0], f"its command starts with a file of {_where(started[0])}")
        image = repository(container)
        for name in (image.rpartition("/")[2], container.name.lower(), workload.name.lower()):
            same = [f for f in self.folders if name and f.rpartition("/")[2].lower() == name]
            if len(same) == 1 and not _PUBLISHERS.match(image):
                return Owned(same[0], f"the folder {same[0]} bears its name")
        named = self._named_like(image)
        if named is not None:
            return Owned(named, f"its image is called like the application in {_where(named)}")
        if len(self.applications) == 1 and image in self.own:
            only = next(iter(self.applications))
            return Owned(only, f"{_where(only)} holds the only application")
        return None

    def _named_like(self, image: str) -> str | None:
        """The application whose name has most in common with the image's, if one stands out."""
        if not image or _PUBLISHERS.match(image):
            return None
        words = words_of(image)
        shared = {folder: len(words & own) for folder, own in self.applications.items()}
        most = max(shared.values(), default=0)
        best = [folder for folder, count in shared.items() if count == most]
        return best[0] if most and len(best) == 1 else None

    def _own_images(self, workloads: Iterable[Workload]) -> frozenset[str]:
        """The image that is built from the project's only application: the only one that comes
        from where a team keeps what it builds."""
        images = {
            repository(container)
            for workload in workloads
            if workload.scanned and workload.build is None
            for container in workload.containers
            if not container.init
        }
        # A name without any folder is an official image, or never left the machine it was built on.
        images = {i for i in images if _is_unknown(i) or ("/" in i and not _PUBLISHERS.match(i))}
        private = {image for image in images if _is_unknown(image) or _is_private(image)}
        candidates = private or images
        return frozenset(candidates) if len(candidates) == 1 else frozenset()


def repository(container: Container) -> str:
    """The container's image without tag and digest; "" where it is not known."""
    return parse_image((container.image.value or "").lower()).repository


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
