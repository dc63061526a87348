"""What the files of an application say: the pools that its source creates, the libraries that it
installs, and the command that its image starts.

Files are read as text or as a syntax tree; nothing is run. What cannot be known is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from lintscale._record import replace
from lintscale.code.commands import (
    Invocation,
    as_line,
    environment_of,
    followed,
    invocations,
)
from lintscale.code.dependencies import (
    RUBY,
    VERSIONED,
    dependencies_in,
    is_dependency_file,
    names_in,
)
from lintscale.code.dotnet_settings import with_settings
from lintscale.code.files import Files, joined, parent_of, prefix_of
from lintscale.code.images import Image, read_dockerfile, read_procfile
from lintscale.code.jvm_settings import jvm_pools_in, with_beans
from lintscale.code.languages import language_of, pack_of
from lintscale.code.languages.go_packages import programs_of
from lintscale.code.languages.javascript_modules import workspace_folders
from lintscale.code.languages.python_modules import find_in
from lintscale.code.lasting import lasting, with_programs
from lintscale.code.listeners import SUFFIXES, listens_to, may_listen
from lintscale.code.locks import LOCK_FILES, MAX_LOCK_BYTES, locked_versions
from lintscale.code.owners import Owners, Program, SourceFolder, words_of
from lintscale.code.packages import start_script
from lintscale.code.pool_calls import ELSEWHERE, unread
from lintscale.code.prisma import with_schema
from lintscale.code.rails import DATABASE_YML, rails_pools_in
from lintscale.code.reach import is_followed, reached
from lintscale.code.schedules import schedules_alone
from lintscale.code.started import StartedFiles
from lintscale.code.starts import folder_of, starts_of
from lintscale.code.units import Sources
from lintscale.code.written_in import may_run
from lintscale.model.declared import (
    Application,
    BuildSource,
    CodePool,
    Dependency,
    EnvironmentVariable,
)
from lintscale.model.sourced import Sourced
from lintscale.syntax.regex import regex

_ASIDE = frozenset(
    {"test", "tests", "testing", "migrations", "alembic", "docs", "doc", "examples", "example",
     "benchmarks", "benchmark", "notebooks", "scripts", "fixtures", "e2e", "samples", "tutorials",
     "__tests__", "__mocks__", "spec", "seeds", "seeders"}
)  # fmt: skip
"""Folders whose code does not run in the service."""

_LONGEST = 4 * 1024 * 1024
"""Bytes of a file that is started, and too long to be parsed."""

_OF_SETTINGS = frozenset({"DATABASES", "SQLALCHEMY_ENGINE_OPTIONS"})
"""Choices of pools that settings configure: they exclude one another in any file."""

_RUNS_ONCE = regex(r"(?:seed|migrat)", re.IGNORECASE)
"""In the name of a file: it fills or changes a database, and is no part of the service."""

_SCRIPT = regex(r"\.sh\b|(?:^|[\s'\"])\.?/?bin/")
"""In a command that may run a script of the project."""

_HEALTH_CUT = regex(
    r"management\.(?:health\.[\w.-]+\.enabled|endpoint\.health\.(?:group|status))"
    r"|^management:[^\n]*\n(?:[ \t#][^\n]*\n|\n){0,40}?[ \t]+health:[^\n]*\n"
    r"(?:[ \t#][^\n]*\n|\n){0,12}?[ \t]+(?:enabled:[ \t]*false|include:|exclude:|order:)",
    re.MULTILINE,
)
"""In the settings of Spring: an indicator that is switched off, or groups of them."""

_SETTINGS_MODULE = regex(rb"DJANGO_SETTINGS_MODULE[\"']\s*,\s*[\"']([\w.]{1,200})[\"']")


Key = TypeVar("Key")


class ProgramSource(NamedTuple):
    """What its files say of a program: its command and environment with those of its image,
    the programs that these run, and its application; None where no source is known to be its own.
    """

    command: Sourced[str]
    environment: tuple[EnvironmentVariable, ...]
    runs: tuple[Invocation, ...] = ()
    application: Application | None = None


def sources_of(
    programs: Mapping[Key, Program], root: Path, names: Iterable[str], registries: Iterable[str]
) -> dict[Key, ProgramSource]:
    """By the keys of ``programs``, those that have files. ``names`` are the files of interest below
    ``root``, relative to it; the makers of platforms publish images in ``registries``."""
    applications = Applications(root, names, programs, registries)
    if not applications.files.sorted:
        return {}
    found = {key: applications.source_of(program) for key, program in programs.items()}
    return {key: source for key, source in found.items() if source is not None}


class Applications(Generic[Key]):
    """The applications of one project. A file is read when it is asked for."""

    def __init__(
        self,
        root: Path,
        names: Iterable[str],
        programs: Mapping[Key, Program],
        registries: Iterable[str] = (),
    ) -> None:
        self.root = root
        self.registries = tuple(registries)
        self.files = Files(root, names)
        self.sources = Sources(self.files, language_of)
        self.programs = programs
        self._pools: dict[tuple[str, str], list[CodePool]] = {}
        self._own: dict[str, list[str]] = {}
        self._pools_below: dict[str, list[CodePool]] = {}
        self._dependencies: dict[str, list[Dependency]] = {}
        self._images: dict[str, Image] = {}

    def source_of(self, program: Program) -> ProgramSource | None:
        """None where the project does not hold the program's source."""
        source = self.owners.folder_of(program)
        if source is None:
            return None
        build = program.build or BuildSource(source.folder)
        image = self._image(build, source.folder)
        run = self._with_image(program, build, image)
        if program.build is not None and image is None:
            only = self._only_module(build.folder, run.command.value or "")
            if only:
                source = SourceFolder(only, f"{only} holds all that can be built")
                build = replace(build, folder=only)
                image = self._image(build, only)
                run = self._with_image(program, build, image)
        runs = self._runs_of(run, source.folder, image)
        line = as_line(runs) if runs else run.command.value or ""
        settings = run.settings
        start = self._start_folder(line, source.folder, image, settings)
        inside = folder_of(line, start)
        folder = inside if self.files.below(inside) else start
        begun = starts_of(self.files, line, start, settings)
        line = as_line(lasting(runs)) if runs else line
        given = {variable.name: variable.value.value or "" for variable in run.environment}
        pools = [
            *self._pools_of(folder, line, settings, start=start, begun=begun),
            *self._pools_of_others(folder),
            *self._pools_of_go(folder, line, self._dockerfile(build, source.folder)),
        ]
        pools = with_beans(self.files, pools, jvm_pools_in(self.files, folder, given, line))
        pools = with_settings(self.files, folder, pools, given)
        pools = with_schema(self.sources, folder, pools)
        pools = with_programs(self.files, runs, source.folder, settings, pools)
        if image is not None:
            pools = [pool for pool in pools if image.holds(pool.location.file, source.folder)]
        is_named = not source.assumed or program.build is not None
        if not is_named and not _is_likely(program, pools):
            return None
        if image is not None and not image.holds_anything:
            return ProgramSource(run.command, run.environment, runs)
        application = Application(
            folder=folder or ".",
            pools=tuple(pools),
            dependencies=tuple(self._dependencies_of(folder)),
            assumed=source.assumed,
            listens_to=self._listens_to(folder, line, settings, start),
            health_is_cut=self._health_is_cut(folder),
            schedules_alone=schedules_alone(
                self.files, (name for name in self.files.below(folder) if not _is_aside(name))
            ),
        )
        return ProgramSource(run.command, run.environment, runs, application)

    @cached_property
    def owners(self) -> Owners:
        folders = {folder for folder in self._dependency_files if not _is_aside(folder)}
        applications = {
            folder: self._words_of(folder) for folder in sorted(folders) if self._declared(folder)
        }
        for name in self.files.sorted:
            if name.rpartition("/")[2] == "Dockerfile" and not _is_aside(name):
                folders.add(parent_of(name))
        return Owners(
            self.programs.values(),
            {"", *folders},
            applications,
            self._starts_in,
            registries=self.registries,
            names_of=self._names_of,
            manifests_of=lambda folder: self._dependency_files.get(folder, ()),
        )

    def _words_of(self, folder: str) -> frozenset[str]:
        """What the application in a folder is called by."""
        own = folder.rpartition("/")[2] or self.root.absolute().name
        return words_of(own, *self._names_of(folder))

    def _names_of(self, folder: str) -> list[str]:
        """What its files call it."""
        files = self._dependency_files.get(folder, ())
        return [each for name in files for each in names_in(name, self.files.text(name))]

    def _starts_in(self, command: str, folder: str) -> bool:
        found = starts_of(self.files, command, folder, {})
        if not found and _SCRIPT.search(command):
            project = StartedFiles(self.files, folder, None, {})
            places = [run.location for run in followed(command, {}, project, folder)]
            found = frozenset(place.file for place in places if place is not None)
        return bool(found) and all(name.startswith(prefix_of(folder)) for name in found)

    # -- its image --------------------------------------------------------------------------------

    def _image(self, build: BuildSource, folder: str) -> Image | None:
        """What its Dockerfile says; None where there is none, or the platform does not use it."""
        name = self._dockerfile(build, folder)
        if not name:
            return None
        if name not in self._images:
            self._images[name] = read_dockerfile(name, self.files.text(name))
        return self._images[name]

    def _dockerfile(self, build: BuildSource, folder: str) -> str:
        """The name of the Dockerfile that is built; "" for none."""
        name = joined("", build.dockerfile) or joined(folder, "Dockerfile")
        return name if build.runs_dockerfile and self.files.exists(name) else ""

    def _with_image(self, program: Program, build: BuildSource, image: Image | None) -> Program:
        """The program with the command and variables of its image where the config has none."""
        command = program.command
        if command.value is None and not command.written:
            if build.runs_procfile:
                procfile = joined(build.folder, "Procfile")
                commands = read_procfile(procfile, self.files.text(procfile))
                command = commands.get("web" if program.is_service else "worker", command)
            if command.value is None and image is not None and image.command is not None:
                command = image.command
            elif command.value is None and image is None and build.runs_procfile:
                command = start_script(joined(build.folder, "package.json"), self.files) or command
        elif (
            image is not None
            and image.entry_point
            and command.value
            and (program.is_arguments or command.value.startswith("-"))
        ):
            # Options alone are for the program that the image starts.
            command = replace(command, value=f"{image.entry_point} {command.value}")
        known = {variable.name for variable in program.environment}
        variables = image.environment if image is not None else ()
        added = (variable for variable in variables if variable.name not in known)
        return program._replace(command=command, environment=(*program.environment, *added))

    def _runs_of(
        self, program: Program, folder: str, image: Image | None
    ) -> tuple[Invocation, ...]:
        """The programs that its command runs, scripts of the project followed."""
        if not program.command.value:
            return ()
        environment = dict(environment_of(program.environment))
        project = StartedFiles(self.files, folder, image, environment)
        return followed(program.command.value, environment, project, project.start)

    # -- its source -------------------------------------------------------------------------------

    def _only_module(self, folder: str, command: str) -> str:
        """The folder below that holds all that can be built there, where the folder itself holds
        nothing of the kind; "" for none, or where the command says where it runs."""
        if folder in self._dependency_files or any(map(pack_of, self.files.in_folder(folder))):
            return ""
        prefix = prefix_of(folder)
        below = [f for f in self._dependency_files if f.startswith(prefix) and not _is_aside(f)]
        tops = [f for f in below if not any(f.startswith(f"{other}/") for other in below)]
        others = self._built_folders - {folder}
        if len(tops) != 1 or any(f.startswith(prefix) for f in others):
            return ""
        runs = invocations(command)
        named = {n.removeprefix("./") for run in runs for n in (run.program, *run.arguments)}
        if all(run.program == "java" for run in runs):
            # The archive that is built there knows no folder.
            named = {n for n in named if not n.startswith(f"{tops[0]}/")}
        heads = {name.split("/")[0] for name in named} - {"", "."}
        is_from_here = any(self.files.below(joined(folder, head)) for head in heads)
        if folder_of(command, folder) != folder or is_from_here:
            return ""
        return tops[0] if may_run(command, self._dependency_files[tops[0]]) else ""

    def _start_folder(
        self, command: str, folder: str, image: Image | None, settings: Mapping[str, str]
    ) -> str:
        """Where the command starts a file: in the source's folder, or in the Dockerfile's."""
        other = parent_of(image.name) if image is not None else folder
        if other == folder or starts_of(self.files, command, folder, settings):
            return folder
        return other if starts_of(self.files, command, other, settings) else folder

    def _pools_of(
        self,
        folder: str,
        command: str,
        settings: Mapping[str, str],
        *,
        start: str,
        begun: frozenset[str],
    ) -> list[CodePool]:
        """The pools in the files that the command, seen from the folder ``start``, loads. Where it
        does not tell which these are, pools in different files are taken for ways to start that
        exclude each other. ``begun`` are the files with which it starts, those of programs that end
        among them."""
        inside = [name for name in self._own_files(folder) if not name.endswith(".go")]
        inside = [name for name in inside if _may_make_pools(name, self.files)]
        starts = starts_of(self.files, command, start, settings)
        inside = [name for name in inside if name in starts or name not in begun]
        loaded = {name for each in starts for name in reached(self.files, each)}
        more = [
            name
            for name in sorted(loaded.difference(inside))
            if not _is_aside(name)
            and (_may_make_pools(name, self.files) or self.files.is_long(name))
        ]
        pools: list[CodePool] = []
        for suffixes in sorted({_suffixes(name) for name in (*inside, *more)}):
            own = [name for name in (*inside, *more) if name.endswith(suffixes)]
            if any(each.endswith(suffixes) for each in starts) and is_followed(own[0]):
                found = [p for name in own if name in loaded for p in self._pools_in(name, folder)]
                if found or own[0].endswith(".py"):
                    pools += found
                    continue
            pools += [
                pool if pool.choice in _OF_SETTINGS else _of_start(pool)
                for name in own
                if name not in more
                for pool in self._pools_in(name, folder)
            ]
        pools = _without_used_options(pools)
        return self._of_settings(pools, starts | begun, settings, folder)

    def _own_files(self, folder: str) -> list[str]:
        """The source files in a folder, and in those of workspace packages that it depends on,
        without what belongs to another program: folders with a config of their own."""
        if folder not in self._own:
            others = [
                f for f in self._built_folders if f != folder and f.startswith(prefix_of(folder))
            ]
            names = dict.fromkeys(self.files.below(folder))
            for package in workspace_folders(self.files, folder):
                names.update(dict.fromkeys(self.files.below(package)))
            self._own[folder] = [
                name
                for name in names
                if pack_of(name) is not None
                and not _is_aside(name)
                and (name.endswith(".py") or not _RUNS_ONCE.match(name.rpartition("/")[2]))
                and not name.startswith(tuple(prefix_of(each) for each in others))
            ]
        return self._own[folder]

    @cached_property
    def _built_folders(self) -> frozenset[str]:
        builds = (program.build for program in self.programs.values())
        return frozenset(joined("", build.folder) for build in builds if build is not None)

    def _pools_in(self, name: str, folder: str) -> list[CodePool]:
        key = (folder, name)
        if key not in self._pools:
            self.sources.look_at(tuple(self._own_files(folder)))
            pack, unit = pack_of(name), self.sources.unit(name)
            if pack is None or unit is None:
                data = self.files.data(name) or self.files.long_text(name, _LONGEST).encode()
                self._pools[key] = [*unread(name, data, pack.calls)] if pack is not None else []
            else:
                self._pools[key] = pack.pools_in(unit)
        return self._pools[key]

    def _pools_of_others(self, folder: str) -> list[CodePool]:
        """The pools of an application in another language that installs something with pools.
        Which files its start command loads is not known, so that those of different files are
        taken for ways to start."""
        if folder not in self._pools_below:
            self._pools_below[folder] = [*map(_of_start, self._in_other_languages(folder))]
        return self._pools_below[folder]

    def _in_other_languages(self, folder: str) -> Iterator[CodePool]:
        packages = {dependency.package for dependency in self._dependencies_of(folder)}
        if packages & RUBY:
            name = joined(folder, DATABASE_YML)
            yield from rails_pools_in(self.sources, name)

    def _is_left_out(self, name: str) -> bool:
        return _is_aside(name) or _RUNS_ONCE.match(name.rpartition("/")[2]) is not None

    def _pools_of_go(self, folder: str, command: str, dockerfile: str) -> Iterator[CodePool]:
        """The pools of the Go program that is started; where several may be, they are ways to
        start."""
        if not any(name.endswith(".go") for name in self.files.below(folder)):
            return
        programs = programs_of(self.files, folder, command, dockerfile, _is_aside)
        for program in programs:
            names = [name for name in program.files if not self._is_left_out(name)]
            self.sources.look_at(tuple(names))
            units = []
            for name in names:
                pack = pack_of(name)
                if pack is not None and pack.may_make_pools(self.files.data(name)):
                    unit = self.sources.unit(name)
                    units += [unit] if unit is not None else []
            pack = pack_of("main.go")
            for pool in pack.pools_of_program(units) if pack is not None else ():
                if len(programs) > 1:
                    side = " ".join(filter(None, (program.folder or ".", pool.choice, pool.side)))
                    pool = replace(pool, choice="start", side=side)  # noqa: PLW2901
                yield pool

    def _of_settings(
        self,
        pools: list[CodePool],
        starts: Iterable[str],
        settings: Mapping[str, str],
        folder: str,
    ) -> list[CodePool]:
        """Without the DATABASES of other settings than those that Django is started with."""
        chosen = settings.get("DJANGO_SETTINGS_MODULE", "")
        if not chosen:
            modules = {m for s in starts for m in _SETTINGS_MODULE.findall(self.files.data(s))}
            chosen = modules.pop().decode() if len(modules) == 1 else ""
        name = find_in(self.files, folder, chosen) if chosen else ""
        if not any(pool.choice == "DATABASES" and pool.location.file == name for pool in pools):
            return pools
        return [pool for pool in pools if pool.choice != "DATABASES" or pool.location.file == name]

    def _health_is_cut(self, folder: str) -> bool:
        return any(
            _HEALTH_CUT.search(self.files.text(name))
            for name in self.files.below(folder)
            if name.rpartition("/")[2].startswith("application") and not _is_aside(name)
        )

    def _listens_to(
        self, folder: str, command: str, settings: Mapping[str, str], start: str
    ) -> str:
        """Of Python only the files count that the start command runs: what a server loads may as
        well only send messages."""
        if not any(may_listen(self.files.text(name)) for name in self._declaring(folder)):
            return ""
        starts = starts_of(self.files, command, start, settings, loaded=False)
        loaded = {name for each in starts for name in reached(self.files, each)}
        found = (
            listens_to(self.files.data(name))
            for name in self.files.below(folder)
            if name.endswith(SUFFIXES)
            and not _is_aside(name)
            and (name in loaded or not name.endswith(".py"))
        )
        return next((service for service in found if service), "")

    # -- its libraries ----------------------------------------------------------------------------

    def _dependencies_of(self, folder: str) -> list[Dependency]:
        """Those that the nearest folder declares, from the source's own upwards to the root."""
        while True:
            found = self._declared(folder)
            if found is not None or not folder:
                return found or []
            folder = parent_of(folder)

    def _declaring(self, folder: str) -> list[str]:
        """The dependency files of that folder."""
        while folder and folder not in self._dependency_files:
            folder = parent_of(folder)
        return self._dependency_files.get(folder, [])

    def _declared(self, folder: str) -> list[Dependency] | None:
        """What a folder's own files declare; None where it has none."""
        names = self._dependency_files.get(folder)
        if names is None:
            return None
        if folder not in self._dependencies:
            found = [d for name in names for d in dependencies_in(name, self.files.text(name))]
            self._dependencies[folder] = self._with_locked_versions(folder, found)
        return self._dependencies[folder]

    def _with_locked_versions(self, folder: str, found: list[Dependency]) -> list[Dependency]:
        """With what the nearest lock file holds, from the folder upwards, where it matters."""
        wanted = {dependency.package for dependency in found} & VERSIONED
        while wanted:
            for name in LOCK_FILES:
                text = self.files.long_text(joined(folder, name), MAX_LOCK_BYTES)
                versions = locked_versions(name, text, wanted) if text else {}
                if versions:
                    return [_at_version(each, versions.get(each.package)) for each in found]
            if not folder:
                break
            folder = parent_of(folder)
        return found

    @cached_property
    def _dependency_files(self) -> dict[str, list[str]]:
        """By the folder of the application that each belongs to."""
        found: dict[str, list[str]] = {}
        for name in self.files.sorted:
            if is_dependency_file(name):
                folder = parent_of(name)
                if folder.rpartition("/")[2] in ("requirements", "prisma"):
                    folder = parent_of(folder)
                found.setdefault(folder, []).append(name)
        return found


def _suffixes(name: str) -> tuple[str, ...]:
    language = language_of(name)
    return language.suffixes if language is not None else ()


def _may_make_pools(name: str, files: Files) -> bool:
    pack = pack_of(name)
    return pack is not None and pack.may_make_pools(files.data(name))


def may_be_cause(name: str, data: bytes) -> bool:
    """Whether findings may be about what stands in a file of an application: its image, its
    command, its libraries or its pools."""
    if _is_aside(name):
        return False
    pack = pack_of(name)
    if pack is not None:
        return pack.may_make_pools(data)
    return True


def _is_aside(name: str) -> bool:
    *folders, last = name.lower().split("/")
    return (
        not _ASIDE.isdisjoint(folders)
        or last.startswith("test_")
        or last.endswith(("_test.py", "_test.go"))
        or last == "conftest.py"
        or not {"test", "spec", "d", "stories"}.isdisjoint(last.split(".")[1:-1])
    )


def _without_used_options(pools: list[CodePool]) -> list[CodePool]:
    """Without files of options beside calls that make pools: these are given them, or others do
    without. A call that takes its options from where nobody sees is given those that are there."""
    options = {pool.library for pool in pools if pool.only_options}
    made = [
        pool
        for pool in pools
        if not pool.only_options
        and not (pool.library in options and pool.size and pool.size.reason == ELSEWHERE)
    ]
    families = {pool.family for pool in made}
    if not families:
        return [pool for pool in pools if pool.only_options] or pools
    return made + [p for p in pools if p.only_options and p.family not in families]


def _of_start(pool: CodePool) -> CodePool:
    """A pool of a file that may be one of several ways to start. What its file chooses stays."""
    return replace(
        pool,
        choice="start",
        side=pool.location.file,
        inner_choice=pool.choice,
        inner_side=pool.side,
    )


def _at_version(dependency: Dependency, version: tuple[int, ...] | None) -> Dependency:
    if version is None:
        return dependency
    return replace(dependency, major=version[0], minor=version[1] if version[1:] else None)


def _is_likely(program: Program, pools: Iterable[CodePool]) -> bool:
    """Whether a source that no config names can be the program's: its pools read a variable that
    the program is given, or none at all."""
    given = {variable.name.upper() for variable in program.environment}
    read = {name.upper() for pool in pools for name in pool.variables}
    hidden = any(pool.elsewhere for pool in pools)
    return not read or bool(read & given) or hidden or not program.is_environment_complete
