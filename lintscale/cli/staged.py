"""What the pre-commit hook reports on: the files of the commit in the making, and whole projects
where it takes a file away that others may have needed, or says otherwise how files are judged."""

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
"""How long git may take to answer."""

_MOST_LOOKED_AT = 100
"""Deleted files whose content is looked at; of more, one is taken to have been needed."""


class _Projects:
    """The projects that files belong to, by their settings."""

    def __init__(self, config: Path | None, *, isolated: bool) -> None:
        self.config = config
        self.isolated = isolated
        self._by_folder: dict[Path, Settings] = {}

    def of(self, path: Path) -> Settings:
        """The settings for a file, which need not be there. Raises ConfigError."""
        from lintscale.project.config import load_settings

        folder = next((each for each in path.parents if each.is_dir()), Path())
        if folder not in self._by_folder:
            self._by_folder[folder] = load_settings(
                folder, config=self.config, isolated=self.isolated
            )
        return self._by_folder[folder]


def reported(paths: Sequence[str], config: Path | None, *, isolated: bool) -> list[tuple[str, ...]]:
    """The paths to report on, for each project by themselves: in a repository of several, each
    has a configuration of its own. Raises ConfigError."""
    projects = _Projects(config, isolated=isolated)
    found: dict[Path, list[str]] = {}
    whole: set[Path] = set()
    for path in paths:
        settings = projects.of(Path(path))
        found.setdefault(settings.root, []).append(path)
        if _governs(Path(path), settings):
            whole.add(settings.root)
    for gone in _taken_away():
        # With a configuration of its own a hook is for that project alone.
        if config is None or gone.absolute().is_relative_to(config.absolute().parent):
            whole.add(projects.of(gone).root)
    for root in whole:
        found[root] = [os.path.relpath(root)]
    return [tuple(found[root]) for root in sorted(found)]


def _governs(path: Path, settings: Settings) -> bool:
    """Whether the file says how others are judged: the configuration, the baseline, a policy."""
    here = path.absolute()
    if settings.config_file is not None and here == settings.config_file.absolute():
        return here.name != "pyproject.toml" or _changes_our_table(path)
    baseline = settings.root / settings.baseline if settings.baseline else None
    return here == baseline or here.parent in [each.absolute() for each in settings.policies]


def _changes_our_table(pyproject: Path) -> bool:
    """Whether a commit changes the table ``[tool.lintscale]``; most change other tools' tables."""
    import tomllib

    tables = []
    for text in (_git("show", f"{_before()}:./{pyproject.as_posix()}"), pyproject.read_bytes()):
        try:
            plain = tomllib.loads((text or b"").decode("utf-8", "replace"))
        except tomllib.TOMLDecodeError:
            return True
        tables.append(plain.get("tool", {}).get("lintscale"))
    return bool(tables[0] != tables[1])


def _taken_away() -> Iterator[Path]:
    """Files that the commit deletes and that lintscale may have read: pre-commit names only files
    that are there, and what referred to a deleted one stands in others. A renamed file is not
    deleted, unless its new name is none that is read. None where git does not answer."""
    new = os.environ.get("PRE_COMMIT_TO_REF")
    what = (f"{_before()}...{new}",) if new else ("--cached",)
    listed = _git("diff", "--relative", "-M", "--name-status", "--diff-filter=DR", "-z", *what)
    parts = iter([os.fsdecode(part) for part in (listed or b"").split(b"\0") if part])
    names = []
    for status in parts:
        name = next(parts)
        # Under a name that nobody reads it is as good as deleted.
        is_there = status != "D" and next(parts).lower().endswith(EXTENSIONS)
        if name.lower().endswith(EXTENSIONS) and not is_there:
            names.append(name)
    for number, name in enumerate(names):
        if number >= _MOST_LOOKED_AT or _was_ours(name):
            yield Path(name)


def _was_ours(name: str) -> bool:
    """Whether a file that is gone was one that lintscale reads."""
    from lintscale import platforms
    from lintscale.project.config.loader import FILE_NAME
    from lintscale.syntax.text import decode

    if Path(name).name == FILE_NAME or any(
        (folder / "Chart.yaml").is_file() for folder in Path(name).parents
    ):
        return True
    data = _git("show", f"{_before()}:./{name}")
    return data is None or bool(platforms.candidates(name, decode(data)[0]))


def _before() -> str:
    """What the commit, or what pre-commit is asked to look at, begins from."""
    return os.environ.get("PRE_COMMIT_FROM_REF") or "HEAD"


def _git(*arguments: str) -> bytes | None:
    """What git prints; None where it does not answer."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and names of files stand behind a mark
            ["git", *arguments],  # noqa: S607 - the git that runs the hook
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
