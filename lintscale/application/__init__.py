"""What the application itself says beside its config: the pools that its source makes, the
libraries it installs, and the command that its image starts.

Everything is read as text or as a syntax tree; nothing is run. What cannot be known is left out
and said to be assumed elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from lintscale.application.dependencies import FILE_NAMES, dependencies_in
from lintscale.application.images import Image, read_dockerfile, read_procfile
from lintscale.application.modules import MAX_FILE_BYTES, Module, Modules
from lintscale.application.pools import WORTH_PARSING, pools_in
from lintscale.discovery import SKIPPED_FOLDERS
from lintscale.model import (
    Application,
    BuildSource,
    CodePool,
    Container,
    Dependency,
    EnvironmentVariable,
    Project,
    Workload,
)
from lintscale.record import replace

MOST_FILES = 20_000
"""Files that are looked at in a project; a larger one is read as far as this."""

_ASIDE = frozenset(
    {"test", "tests", "testing", "migrations", "alembic", "docs", "doc", "examples", "example",
     "benchmarks", "notebooks", "scripts", "fixtures", "node_modules", "e2e"}
)  # fmt: skip
"""Folders whose code does not run in the service."""

_DOCKERFILE = re.compile(r"(?:Dockerfile|Containerfile)\Z")
_MODULE = re.compile(r"(?P<module>[A-Za-z_][\w.]*)(?::[\w.()'\"=, ]+)?\Z")
_CHANGE = re.compile(r"\Acd\s+(?P<folder>[A-Za-z0-9_./-]+)\s*(?:&&|;)")
_SERVERS = frozenset(
    {"uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve", "celery"}
)


class Applications:
    """The applications of one project. Files are listed once and read when they are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: frozenset[str] | None = None
        self._modules: Modules | None = None
        self._texts: dict[str, str | None] = {}
        self._pools: dict[str, list[CodePool]] = {}

    # -- files ------------------------------------------------------------------------------------

    @property
    def files(self) -> frozenset[str]:
        """Names of the files of interest below the root, with forward slashes."""
        if self._files is None:
            self._files = frozenset(_listed(self.root))
        return self._files

    def text(self, name: str) -> str | None:
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, name: str) -> str | None:
        path = self.root / name
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                return None
            return path.read_bytes().decode("utf-8", "replace")
        except OSError:
            return None

    @property
    def modules(self) -> Modules:
        if self._modules is None:
            names = frozenset(name for name in self.files if name.endswith(".py"))
            self._modules = Modules(names, self.text)
        return self._modules

    # -- one container ----------------------------------------------------------------------------

    def complete(self, workload: Workload, container: Container) -> Container:
        """The container with what its application says: command and variables of the image where
        the config says none, and the application."""
        folder, assumed = self._folder(workload, container)
        if folder is None:
            return container
        before = container
        container = self._with_image(workload, container, folder)
        line = container.command.value or ""
        change = _CHANGE.match(line.strip())
        inner = _joined(folder, change["folder"]) if change else folder
        if not any(name.startswith(_prefix(inner)) for name in self.files):
            inner = folder
        pools = self._pools_of(inner, line)
        if assumed and not _is_likely(before, pools):
            return before
        application = Application(
            folder=inner or ".",
            pools=tuple(pools),
            dependencies=tuple(self._dependencies_of(inner, folder)),
            assumed=assumed,
        )
        return replace(container, application=application)

    def _folder(self, workload: Workload, container: Container) -> tuple[str | None, str]:
        """The folder of a container's source, and why it is taken for that where no config says
        so. None: nothing tells."""
        build = workload.build
        if build is not None:
            return build.folder, ""
        candidates = sorted(
            {
                _parent(name)
                for name in self.files
                if _DOCKERFILE.search(name) or FILE_NAMES.search(name.rpartition("/")[2])
            }
        )
        image = (container.image.value or "").split("@")[0].rsplit("/", 1)[-1].split(":")[0]
        named = {image.lower(), container.name.lower(), workload.name.lower()} - {""}
        same = [c for c in candidates if PurePosixPath(c).name.lower() in named]
        if len(same) == 1:
            return same[0], f"the folder {same[0]} bears its name"
        roots = [c for c in candidates if not _is_aside(c)]
        if len(roots) == 1 and _is_own_image(container):
            where = roots[0] or "the project's root"
            return roots[0], f"{where} holds the project's only application"
        return None, ""

    def _with_image(self, workload: Workload, container: Container, folder: str) -> Container:
        build = workload.build or BuildSource(folder)
        name = build.dockerfile or _joined(folder, "Dockerfile")
        there = build.runs_dockerfile and (name in self.files or bool(build.dockerfile))
        text = self.text(name) if there else None
        image = read_dockerfile(name, text) if text is not None else Image()
        command = container.command
        if command.value is None and not command.written:
            procfile = _joined(folder, "Procfile")
            if build.runs_procfile:
                told = read_procfile(procfile, self.text(procfile) or "")
                command = told.get("web" if workload.role == "service" else "worker", command)
            if command.value is None and image.command is not None:
                command = image.command
        known = {variable.name for variable in container.environment}
        added: tuple[EnvironmentVariable, ...] = tuple(
            variable for variable in image.environment if variable.name not in known
        )
        environment = (*container.environment, *added) if added else container.environment
        return replace(container, command=command, environment=environment)

    # -- its source -------------------------------------------------------------------------------

    def _pools_of(self, folder: str, command: str) -> list[CodePool]:
        """The pools in the modules that the start command reaches, or in all of the folder's
        where it does not tell which it starts with."""
        prefix = _prefix(folder)
        inside = sorted(
            name
            for name in self.files
            if name.endswith(".py") and name.startswith(prefix) and not _is_aside(name)
        )
        if not inside:
            return []
        reached = self._reached(folder, command)
        wanted = [name for name in inside if reached is None or name in reached]
        return [pool for name in wanted for pool in self._pools_in(name)]

    def _pools_in(self, name: str) -> list[CodePool]:
        if name not in self._pools:
            text = self.text(name) or ""
            module = self.modules.module(name) if _worth_parsing(text) else None
            self._pools[name] = pools_in(module) if module is not None else []
        return self._pools[name]

    def _reached(self, folder: str, command: str) -> frozenset[str] | None:
        start = self._entry(folder, command)
        if start is None:
            return None
        found: dict[str, Module] = {}
        stack = [start]
        while stack:
            module = stack.pop()
            if module.name not in found:
                found[module.name] = module
                stack.extend(module.reaches())
        return frozenset(found)

    def _entry(self, folder: str, command: str) -> Module | None:
        """The module with which the command starts: ``uvicorn app.main:api``, ``python main.py``,
        ``celery -A app worker``."""
        words = command.replace('"', " ").replace("'", " ").split()
        here = _joined(folder, "_.py")
        for index, word in enumerate(words):
            program = word.rsplit("/", 1)[-1]
            rest = words[index + 1 :]
            if program in _SERVERS:
                for candidate in rest:
                    match = _MODULE.match(candidate)
                    if match is None or (":" not in candidate and program != "celery"):
                        match = match if candidate.endswith("wsgi") else None
                    if match is not None:
                        module = self.modules.imported(match["module"], 0, here)
                        if module is not None:
                            return module
            if re.match(r"(?:python|pypy)[0-9.]*\Z", program):
                module = self._of_python(rest, folder, here)
                if module is not None:
                    return module
        return None

    def _of_python(self, rest: Sequence[str], folder: str, here: str) -> Module | None:
        for index, word in enumerate(rest):
            if word == "-m" and index + 1 < len(rest):
                return self.modules.imported(f"{rest[index + 1]}.__main__", 0, here) or (
                    self.modules.imported(rest[index + 1], 0, here)
                )
            if word.endswith(".py"):
                return self.modules.module(_joined(folder, word))
            if not word.startswith("-"):
                return None
        return None

    def _dependencies_of(self, *folders: str) -> list[Dependency]:
        """Those that the nearest folder declares, from the source's own upwards to the root."""
        seen: list[str] = []
        for folder in folders:
            path = PurePosixPath(folder or ".")
            seen += [str(place) for place in (path, *path.parents)]
        for place in dict.fromkeys("" if place == "." else place for place in seen):
            prefix = _prefix(place)
            names = sorted(
                name
                for name in self.files
                if name.startswith(prefix)
                and FILE_NAMES.search(name.rpartition("/")[2])
                and name[len(prefix) :].count("/") <= (1 if name.endswith((".prisma",)) else 0)
                and "dev" not in name.rpartition("/")[2]
                and "test" not in name.rpartition("/")[2]
            )
            found = [d for name in names for d in dependencies_in(name, self.text(name) or "")]
            if names:
                return found
        return []


def with_applications(project: Project, root: Path) -> Project:
    """The project with what stands beside its configs; see the module's docstring."""
    applications = Applications(root)
    return replace(
        project,
        workloads=tuple(
            replace(
                workload,
                containers=tuple(
                    container if container.init else applications.complete(workload, container)
                    for container in workload.containers
                ),
            )
            if workload.scanned and workload.role != "static" and workload.containers
            else workload
            for workload in project.workloads
        ),
    )


def _worth_parsing(text: str) -> bool:
    return WORTH_PARSING.search(text.encode("utf-8", "replace")) is not None


def _listed(root: Path) -> Iterable[str]:
    """Python files, Dockerfiles, process files and dependency files, without following links."""
    stack = [(str(root), "")]
    count = 0
    while stack:
        folder, prefix = stack.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS:
                    stack.append((entry.path, f"{prefix}{entry.name}/"))
                continue
            name = entry.name
            ours = name.endswith(".py") or name == "Procfile" or name.startswith("Dockerfile")
            if ours or _DOCKERFILE.search(name) or FILE_NAMES.search(name):
                count += 1
                if count > MOST_FILES:
                    return
                yield prefix + name


def _is_aside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if any(part.lower() in _ASIDE for part in parts):
        return True
    last = parts[-1] if parts else ""
    return last.startswith("test_") or last.endswith("_test.py") or last == "conftest.py"


def _is_own_image(container: Container) -> bool:
    """Not one that others publish: an image of a well-known server is not built from here."""
    image = (container.image.value or "").split("@")[0]
    return not image or "/" in image or bool(container.command.value)


def _is_likely(container: Container, pools: Sequence[CodePool]) -> bool:
    """Whether a source that no config names can be the container's: it reads a variable that the
    container is given, or neither says anything of databases."""
    given = {variable.name.upper() for variable in container.environment}
    read = {name.upper() for pool in pools for name in pool.variables}
    return not read or bool(read & given) or not container.env_complete


def _parent(name: str) -> str:
    parent = str(PurePosixPath(name).parent)
    return "" if parent == "." else parent


def _prefix(folder: str) -> str:
    return f"{folder}/" if folder and folder != "." else ""


def _joined(folder: str, name: str) -> str:
    """``name`` as seen from ``folder``; "" for the root. Never leads out of the project."""
    parts: list[str] = [] if not folder or folder == "." else folder.split("/")
    for part in name.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
