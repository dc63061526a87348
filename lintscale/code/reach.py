"""Which files of a project a program loads that starts with one of them."""

from __future__ import annotations

from lintscale.code.files import Files
from lintscale.code.languages import language_of


def reached(files: Files, start: str) -> frozenset[str]:
    """The file and what it loads, as far as its language is followed."""
    return files.derived(f"reached from {start}", lambda files: _reached(files, start))


def is_followed(name: str) -> bool:
    """Whether it is known which files a file of this language loads."""
    language = language_of(name)
    return language is not None and language.follows


def _reached(files: Files, start: str) -> frozenset[str]:
    found = {start}
    stack = [start]
    while stack:
        name = stack.pop()
        language = language_of(name)
        for other in language.loaded(files, name) if language is not None else ():
            if other not in found:
                found.add(other)
                stack.append(other)
    return frozenset(found)
