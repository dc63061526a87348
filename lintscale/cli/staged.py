"""The paths that the pre-commit hook reports on: the files of a commit that findings may be about,
or a whole project if the commit deletes what others may need, or changes how files are judged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lintscale.project.discovery import is_config, is_of_application, relative_name

if TYPE_CHECKING:
    from lintscale.project.config import Settings

_SECONDS = 20
"""The time limit for git."""

_MOST_INSPECTED = 100
"""Files whose content before the commit is inspected; of more, deleted ones are assumed to be
needed, and changed ones to have all their objects."""

_OBJECTS = frozenset(
    {"workloads", "autoscalers", "alarms", "vertical_autoscalers", "disruption_budgets", "routes",
     "databases", "environment_groups", "resource_defaults"}
)  # fmt: skip
"""The fields of :class:`lintscale.model.declared.Fragments` with what other files may need."""


class _Projects:
    """The settings of the projects that files belong to."""

    def __init__(self, config: Path | None, *, isolated: bool) -> None:
        self.config = config
        self.isolated = isolated
        self._by_folder: dict[Path, Settings] = {}

    def settings(self, path: Path) -> Settings:
        """The settings for a file, whether it exists or not. Raises ConfigError."""
        from lintscale.project.config import load_settings

        folder = next((each for each in path.parents if each.is_dir()), Path())
        if folder not in self._by_folder:
            self._by_folder[folder] = load_settings(
                folder, config=self.config, isolated=self.isolated
            )
        return self._by_folder[folder]


def reported(paths: Sequence[str], config: Path | None, *, isolated: bool) -> list[tuple[str, ...]]:
    """The paths to report on, by project, as each project of a repository has its own
    configuration. Raises ConfigError."""
    projects = _Projects(config, isolated=isolated)
    found: dict[Path, list[str]] = {}
    whole: set[Path] = set()
    for path in paths:
        settings = projects.settings(Path(path))
        if _may_be_cause(Path(path), settings.root):
            found.setdefault(settings.root, []).append(path)
        if _governs(Path(path), settings):
            whole.add(settings.root)
    for deleted in _files_with_deletions():
        # A hook with its own configuration is for that project alone.
        if config is None or deleted.absolute().is_relative_to(config.absolute().parent):
            whole.add(projects.settings(deleted).root)
    for root in whole:
        found[root] = [os.path.relpath(root)]
    return [tuple(found[root]) for root in sorted(found)]


def _governs(path: Path, settings: Settings) -> bool:
    """Whether a file is the configuration, the baseline or a policy of its project."""
    own = path.absolute()
    if settings.config_file is not None and own == settings.config_file.absolute():
        return own.name != "pyproject.toml" or _changes_table(path)
    baseline = settings.root / settings.baseline if settings.baseline else None
    return own == baseline or own.parent in [each.absolute() for each in settings.policies]


def _changes_table(pyproject: Path) -> bool:
    """Whether a commit changes the table ``[tool.lintscale]``."""
    import tomllib

    tables = []
    for text in (_git("show", f"{_before()}:./{pyproject.as_posix()}"), pyproject.read_bytes()):
        try:
            plain = tomllib.loads((text or b"").decode("utf-8", "replace"))
        except tomllib.TOMLDecodeError:
            return True
        tables.append(plain.get("tool", {}).get("lintscale"))
    return bool(tables[0] != tables[1])


def _may_be_cause(path: Path, root: Path) -> bool:
    """Whether findings may be about what stands in a file. The hook is given all files."""
    name = relative_name(path.absolute(), root.absolute())
    if is_config(name):
        return True
    if not is_of_application(name):
        return False
    from lintscale.code.applications import may_be_cause
    from lintscale.code.files import Files

    return may_be_cause(name, Files(root, ()).data(name))


def _files_with_deletions() -> Iterator[Path]:
    """Files that lintscale may have read and that the commit deletes, renames to what is not read,
    or removes objects from: others may have needed them. Empty where git fails."""
    new = os.environ.get("PRE_COMMIT_TO_REF")
    what = (f"{_before()}...{new}",) if new else ("--cached",)
    listed = _git("diff", "--relative", "-M", "--name-status", "--diff-filter=DMR", "-z", *what)
    parts = iter([os.fsdecode(part) for part in (listed or b"").split(b"\0") if part])
    names = []
    for status in parts:
        before = next(parts)
        after = next(parts) if status.startswith("R") else before if status == "M" else ""
        if _is_read(before) and (status != "M" or is_config(before)):
            names.append((before, after if _is_read(after) else ""))
    for number, (before, after) in enumerate(names):
        if number >= _MOST_INSPECTED:
            if not after:
                yield Path(before)
        elif _loses_objects(before, after) if after else _was_input(before):
            yield Path(before)


def _is_read(name: str) -> bool:
    return is_config(name) or is_of_application(name)


def _was_input(name: str) -> bool:
    """Whether a deleted file was one that lintscale reads."""
    from lintscale import platforms
    from lintscale.code.applications import may_be_cause
    from lintscale.project.config import FILE_NAME
    from lintscale.syntax.text import decode

    marks = [mark for platform in platforms.TABLE.values() for mark in platform.render_marks]
    if Path(name).name == FILE_NAME or any(
        (folder / mark).is_file() for folder in Path(name).parents for mark in marks
    ):
        return True
    data = _git("show", f"{_before()}:./{name}")
    if data is None or (is_config(name) and platforms.candidates(name, decode(data)[0])):
        return True
    return is_of_application(name) and may_be_cause(name, data)


def _loses_objects(before: str, after: str) -> bool:
    """Whether a file had objects that it no longer has."""
    data = _git("show", f"{_before()}:./{before}")
    try:
        # An object may be named after its file.
        return not _objects(after, data or b"") <= _objects(after, Path(after).read_bytes())
    except OSError:
        return False


def _objects(name: str, data: bytes) -> set[tuple[object, ...]]:
    """The objects of a file, by field of the model, kind, namespace and name."""
    from lintscale.project.discovery import Candidate
    from lintscale.project.reading import read_text

    fragments = read_text(Candidate(Path(name), name), data).fragments
    return {
        (field, *(getattr(thing, part, "") for part in ("kind", "namespace", "name")))
        for field in _OBJECTS
        for thing in getattr(fragments, field)
    }


def _before() -> str:
    """The revision before the commit, or before the range that pre-commit checks."""
    return os.environ.get("PRE_COMMIT_FROM_REF") or "HEAD"


def _git(*arguments: str) -> bytes | None:
    """The output of git; None where it fails."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - no shell, and file names are prefixed with "./"
            ["git", *arguments],  # noqa: S607 - the git that runs the hook
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
