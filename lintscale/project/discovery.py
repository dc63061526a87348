"""Which files: a walk that respects .gitignore and stays out of vendored trees."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from lintscale._record import field, record, replace
from lintscale.platforms import deploy_files, is_extensionless, program_of
from lintscale.syntax.document import Format, format_of
from lintscale.syntax.regex import regex

STDIN = "-"
"""The path that means standard input."""

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files are left out, with the reason: at 3 MB/s one of them takes as long as a person
is ready to wait."""

EXTENSIONS = (".yaml", ".yml", ".json", ".jsonc", ".toml", ".tf", ".tfvars")

WORKFLOWS = ".github/workflows/"
"""Where GitHub reads workflows from (docs.github.com, workflow syntax, Nov 2026): they show what a
deploy fills in."""

PIPELINES = frozenset(
    {".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml",
     "bitbucket-pipelines.yml", "taskfile.yml", "taskfile.yaml", ".drone.yml", ".travis.yml"}
)  # fmt: skip
MAKEFILES = frozenset({"makefile", "gnumakefile"})

_MOST_STARS = 3
"""In one part of a .gitignore's pattern, and as many "**" in all of it; people write two."""

_OF_APPLICATIONS = regex(
    r"(?:.*\.(?:py|[cm]?[jt]s|[jt]sx|go|rs|java|kts?|rb|php|cs|exs?|properties)|Procfile|(?:.*\.)?(?:Docker|Container)file(?:\..*)?|requirements[\w.-]*\.(?:txt|in)"
    r"|application[\w.-]*\.ya?ml|appsettings(?:\.[\w-]+)?\.json|pyproject\.toml|Pipfile|setup\.cfg|package\.json|(?:ts|js)config(?:\.[\w-]+)?\.json|Gemfile|go\.mod|schema\.prisma|Cargo\.toml|mix\.exs"
    r"|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.(?:csproj|fsproj))",
    re.DOTALL,
)
"""Source, images, start commands and libraries of the applications that stand beside configs."""

SKIPPED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".jj",
        "node_modules", "bower_components", "vendor", "third_party", "site-packages",
        "__pycache__", ".venv", "venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", ".hypothesis", ".cache", ".terraform", ".terragrunt-cache", ".next",
        ".nuxt", ".gradle", ".idea", ".eggs", ".pnpm-store", ".yarn", ".direnv",
    }
)  # fmt: skip
"""What other people wrote or tools made; nobody deploys from there."""

TEST_DATA = "testdata"
"""The folder of a package's test inputs, which Go's own tools leave out as well (go help test):
manifests in it are broken on purpose, or show what a live object looks like. A person who names
one means it."""


class _Spec(Protocol):
    def check_file(self, file: str) -> object: ...


_Specs = list[tuple[str, _Spec]]
"""Each .gitignore with the prefix of the folder it stands in, outermost first."""


@record
class Candidate:
    """A file that may be worth a look. ``name`` is its path relative to the project root, with
    forward slashes; ``explicit``: a person named it; ``reported``: findings in it are wanted."""

    path: Path
    name: str
    explicit: bool = False
    reported: bool = True

    @property
    def format(self) -> Format:
        return format_of(self.name)


@record(frozen=False)
class Discovered:
    """``left_out`` are (name, reason) of what was seen and cannot be read. ``code_files`` are
    the names of the applications' own files, which are no configs; ``named_code`` those of them
    that a person named, ``reported_code`` those with wanted findings."""

    candidates: list[Candidate] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    code_files: list[str] = field(default_factory=list)
    named_code: set[str] = field(default_factory=set)
    reported_code: set[str] = field(default_factory=set)


def discover(
    root: Path, paths: Iterable[Path], exclude: tuple[str, ...] = (), *, whole_project: bool = True
) -> Discovered:
    """All candidates of the project, marked by whether ``paths`` ask for them.

    ``whole_project`` False (``root`` is no project, only the folder that was named): nothing but
    the paths is read. A path outside of ``root``, or one that .gitignore leaves out, is read
    because a person named it; ``exclude`` holds even then. Sorted by name, so that nothing
    depends on the order in which the file system answers.
    """
    found = Discovered()
    walker = _Walker(root=Path(os.path.abspath(root)), found=found, exclude=exclude)
    wanted = [Path(os.path.abspath(path)) for path in paths]
    if whole_project:
        walker.walk(walker.root)
    for path in wanted:
        if path.is_dir():
            walker.walk(path)
        else:
            walker.add_named(path)
    wants = {path.as_posix() for path in wanted}
    for candidate in walker.candidates.values():
        reported = _is_wanted(candidate.path.as_posix(), wants)
        found.candidates.append(replace(candidate, reported=reported))
    root_name = walker.root.as_posix().rstrip("/")
    found.reported_code = {
        name for name in found.code_files if _is_wanted(f"{root_name}/{name}", wants)
    }
    found.candidates.sort(key=lambda candidate: candidate.name)
    found.left_out = sorted(set(found.left_out))
    return found


def _is_wanted(path: str, wanted: set[str]) -> bool:
    """Whether these paths include one or a folder that it is in."""
    while path and path not in wanted:
        folder = path.rpartition("/")[0]
        path = folder or ("/" if path != "/" else "")
    return bool(path)


def is_config(name: str) -> bool:
    """Whether a platform may read a file of this name."""
    return name.lower().endswith(EXTENSIONS) or is_extensionless(name)


def is_of_application(name: str) -> bool:
    """Whether a file of this name, relative to the root, may say how an application starts, what
    pools it has, what it installs or what a deploy fills in."""
    if program_of(name) is not None:
        return False
    if may_fill_in(name):
        return name.endswith((".yml", ".yaml")) or not name.startswith(WORKFLOWS)
    in_list = name.endswith((".txt", ".in")) and "/requirements/" in f"/{name}"
    return in_list or _OF_APPLICATIONS.fullmatch(name.rpartition("/")[2]) is not None


def may_fill_in(name: str) -> bool:
    """Whether the file may say which images a deploy fills in."""
    return (
        name.startswith(WORKFLOWS) or name.rpartition("/")[2] in deploy_files() or is_pipeline(name)
    )


def is_pipeline(name: str) -> bool:
    """Whether a file of this name, relative to the root, holds scripts that may deploy."""
    last = name.rpartition("/")[2].lower()
    return (
        last in PIPELINES
        or last in MAKEFILES
        or last.startswith("jenkinsfile")
        or last.endswith(".jenkinsfile")
        or name.lower() in (".circleci/config.yml", ".circleci/config.yaml")
    )


def relative_name(path: Path, root: Path) -> str:
    """The path as reports show it: relative to the root, with forward slashes."""
    try:
        return _text(path.relative_to(root).as_posix())
    except ValueError:
        return _text(Path(os.path.relpath(path, root)).as_posix())


def _text(name: str) -> str:
    """A name with the bytes that are no UTF-8 written out (\\xff), so that it can be printed."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises OSError when it cannot be read, or is no regular file, or is
    too large (with a message for people)."""
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise OSError("not a regular file")
    if info.st_size > MAX_FILE_BYTES:
        megabytes = info.st_size / 1024 / 1024
        limit = MAX_FILE_BYTES // 1024 // 1024
        raise OSError(f"{megabytes:.0f} MB is more than the {limit} MB that are read")
    return path.read_bytes()


class _Walker:
    """Collects candidates; a folder is visited once, whoever asks for it."""

    def __init__(self, root: Path, found: Discovered, exclude: tuple[str, ...]) -> None:
        self.root = root
        self.found = found
        self.excluded = _spec(exclude) if exclude else None
        self.visited: set[str] = set()
        self.candidates: dict[str, Candidate] = {}

    def add(self, path: Path, name: str, *, explicit: bool = False) -> None:
        if self._is_excluded(name):
            if explicit:
                self.found.left_out.append((name, "excluded by the configuration"))
            return
        known = self.candidates.get(name)
        if known is None or (explicit and not known.explicit):
            self.candidates[name] = Candidate(path, name, explicit)

    def add_named(self, path: Path) -> None:
        """Add a file that a person named."""
        name = relative_name(path, self.root)
        of_application = is_of_application(name) and path.is_relative_to(self.root)
        if of_application and path.is_file() and not self._is_excluded(name):
            self.found.named_code.add(name)
            if name not in self.found.code_files:
                self.found.code_files.append(name)
        if is_config(name) or not of_application:
            self.add(path, name, explicit=not of_application)

    def walk(self, top: Path) -> None:
        """Add all files with an extension of ours below ``top``. The .gitignore files above it
        hold only where ``top`` is reached from the root: a person who names an ignored folder
        means it."""
        stack: list[tuple[str, str, _Specs]] = [(str(top), _prefix(top, self.root), [])]
        while stack:
            folder, prefix, specs = stack.pop()
            if folder in self.visited:
                continue
            self.visited.add(folder)
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                self.found.left_out.append((prefix.rstrip("/") or ".", _os_reason(error)))
                continue
            names = {entry.name for entry in entries}
            if "pyvenv.cfg" in names and folder != str(top):
                continue
            if ".gitignore" in names:
                spec = _read_ignore_file(os.path.join(folder, ".gitignore"))
                if spec is not None:
                    specs = [*specs, (prefix, spec)]
            stack.extend(
                (entry.path, _text(f"{prefix}{entry.name}/"), specs)
                for entry in entries
                if self._visit(entry, prefix + entry.name, specs)
            )

    def _visit(self, entry: os.DirEntry[str], name: str, specs: _Specs) -> bool:
        """Look at one entry; True for a folder to go into."""
        name = _text(name)
        ours = is_config(name)
        if entry.is_dir(follow_symlinks=False):
            if entry.name in SKIPPED_FOLDERS or _is_ignored(specs, name + "/"):
                return False
            if entry.name == TEST_DATA and not self._is_excluded(name + "/"):
                self.found.left_out.append((name, "test data; name the folder to check it"))
                return False
            if ours:
                self.found.left_out.append((name, "a folder, not a file"))
            return not self._is_excluded(name + "/")
        # What a line of .gitignore says of single files is not looked up for them: thousands of
        # them would take longer than everything else.
        if is_of_application(name) and not self._is_excluded(name) and not entry.is_symlink():
            self.found.code_files.append(name)
        if not ours or _is_ignored(specs, name):
            return False
        if entry.is_symlink():
            reason = _link_reason(entry.path, self.root)
            if reason:
                self.found.left_out.append((name, reason))
            return False
        self.add(Path(entry.path), name)
        return False

    def _is_excluded(self, name: str) -> bool:
        return self.excluded is not None and _verdict(self.excluded, name) is True


def _prefix(top: Path, root: Path) -> str:
    name = relative_name(top, root)
    return "" if name == "." else name + "/"


def _link_reason(path: str, root: Path) -> str:
    """Why a symbolic link is worth a word; "" when its target is read under its own name."""
    target = Path(os.path.realpath(path))
    if not target.exists():
        return "a broken symbolic link"
    if not target.is_relative_to(os.path.realpath(root)):
        return "a symbolic link that leads out of the project"
    return ""


def _os_reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"


def _spec(patterns: Iterable[str]) -> _Spec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _read_ignore_file(path: str) -> _Spec | None:
    try:
        if not os.path.isfile(path):  # opening a pipe would wait for ever
            return None
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = [line for line in file.read().splitlines() if line.strip()]
    except OSError:
        return None
    lines = [line for line in lines if not line.startswith("#") and _is_quick(line)]
    try:
        return _spec(lines) if lines else None
    except ValueError:
        lines = [line for line in lines if _is_pattern(line)]
        return _spec(lines) if lines else None


def _is_quick(pattern: str) -> bool:
    """Whether names are matched in no time: each further star multiplies what pathspec's regular
    expression tries by the length of the name. A line of a .gitignore that is not ignores nothing.
    """
    most = max(part.count("*") for part in pattern.split("/"))
    return most <= _MOST_STARS and pattern.count("**") <= _MOST_STARS


def _is_pattern(line: str) -> bool:
    """Whether git would take it for a pattern at all."""
    try:
        _spec([line])
    except ValueError:
        return False
    return True


def _is_ignored(specs: _Specs, name: str) -> bool:
    """Git's rule: the deepest .gitignore that says anything about the path decides."""
    for prefix, spec in reversed(specs):
        verdict = _verdict(spec, name[len(prefix) :])
        if verdict is not None:
            return verdict
    return False


def _verdict(spec: _Spec, name: str) -> bool | None:
    return getattr(spec.check_file(name), "include", None)
