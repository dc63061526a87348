"""File globs of the configuration, in .gitignore's language like its ``exclude``."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def path_matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """A test whether a path relative to the project root matches one of ``patterns``. A pattern
    that names a folder matches everything below it."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file
