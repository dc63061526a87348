"""The paths that the pre-commit hook reports on: the files of the commit, or a whole project if the
commit deletes a file that others may need, or changes how files are judged."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lintscale.project.discovery import EXTENSIONS

if TYPE_CHECKING:
    from lintscale.project.config import Settings

_SECONDS = 20
"""The time limit for git."""

_MOST_INSPECTED = 100
"""Deleted files whose content is inspected; more are assumed to be needed."""


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
        found.setdefault(settings.root, []).append(path)
        if _governs(Path(path), settings):
            whole.add(settings.root)
    for deleted in _deleted_inputs():
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


def _deleted_inputs() -> Iterator[Path]:
    """Files that the commit deletes and that lintscale may have read; pre-commit passes only
    existing files. A renamed file is deleted if its new name is not read. Empty where git fails."""
    new = os.environ.get("PRE_COMMIT_TO_REF")
    what = (f"{_before()}...{new}",) if new else ("--cached",)
    listed = _git("diff", "--relative", "-M", "--name-status", "--diff-filter=DR", "-z", *what)
    parts = iter([os.fsdecode(part) for part in (listed or b"").split(b"\0") if part])
    names = []
    for status in parts:
        name = next(parts)
        # Under a name that is not read it is as good as deleted.
        is_read = status != "D" and next(parts).lower().endswith(EXTENSIONS)
        if name.lower().endswith(EXTENSIONS) and not is_read:
            names.append(name)
    for number, name in enumerate(names):
        if number >= _MOST_INSPECTED or _was_input(name):
            yield Path(name)


def _was_input(name: str) -> bool:
    """Whether a deleted file was one that lintscale reads."""
    from lintscale import platforms
    from lintscale.project.config.loader import FILE_NAME
    from lintscale.syntax.text import decode

    marks = [mark for platform in platforms.TABLE.values() for mark in platform.render_marks]
    if Path(name).name == FILE_NAME or any(
        (folder / mark).is_file() for folder in Path(name).parents for mark in marks
    ):
        return True
    data = _git("show", f"{_before()}:./{name}")
    return data is None or bool(platforms.candidates(name, decode(data)[0]))


def _before() -> str:
    """The revision before the commit, or before the range that pre-commit checks."""
    return os.environ.get("PRE_COMMIT_FROM_REF") or "HEAD"


def _git(*arguments: str) -> bytes | None:
    """The output of git; None where it fails."""
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
