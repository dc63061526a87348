"""The files of an application that stand beside its configs: their names, and their bytes as they
are asked for."""

from __future__ import annotations

import codecs
import os
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

MAX_FILE_BYTES = 256 * 1024
"""Longer sources are generated; they are not read."""

MOST_BYTES = 48 * 1024 * 1024
"""What is read of one project; a larger one is read as far as this, in the order of names."""

_MOST_ENTRIES = 2_000

Derived = TypeVar("Derived")


class Files:
    """``names`` are relative to ``root``, with forward slashes. Nothing is read before it is asked
    for, nothing twice, and nothing outside of ``root``, wherever a name or a link leads."""

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        self.root = root
        self.sorted = sorted(set(names))
        self._names = frozenset(self.sorted)
        self._data: dict[str, bytes] = {}
        self._left = MOST_BYTES
        self._derived: dict[str, Any] = {}

    def derived(self, key: str, make: Callable[[Files], Derived]) -> Derived:
        """What ``make`` finds out from the files, once for each ``key``."""
        if key not in self._derived:
            self._derived[key] = make(self)
        return cast(Derived, self._derived[key])

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def below(self, folder: str) -> list[str]:
        """The names in a folder and all folders in it; "" is the root."""
        prefix = prefix_of(folder)
        if not prefix:
            return self.sorted
        start = bisect_left(self.sorted, prefix)
        end = bisect_left(self.sorted, prefix + "\U0010ffff", start)
        return self.sorted[start:end]

    def data(self, name: str) -> bytes:
        """The file's content; empty where it cannot be read or is too long."""
        if name not in self._data:
            data = self._read(name)
            self._left -= len(data)
            self._data[name] = data
        return self._data[name]

    def text(self, name: str) -> str:
        """As pip and editors on Windows read it: UTF-16 where its mark says so."""
        data = self.data(name)
        utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if utf_16 else "utf-8", "replace")

    def long_text(self, name: str, most: int) -> str:
        """A file of up to ``most`` bytes, "" for any other. It is not kept."""
        return self._read(name, most).decode("utf-8", "replace")

    def is_long(self, name: str) -> bool:
        """Whether the file is there and longer than what is read."""
        try:
            return name in self._names and (self.root / name).stat().st_size > MAX_FILE_BYTES
        except (OSError, ValueError):
            return False

    def exists(self, name: str) -> bool:
        """Whether it is listed, or can be read all the same (a config names it)."""
        return name in self._names or bool(self.data(name))

    def in_folder(self, folder: str) -> list[str]:
        """The names of what is in a folder, listed or not; the first of many."""
        path = self.root / folder
        try:
            if not path.resolve().is_relative_to(self._real_root):
                return []
            with os.scandir(path) as entries:
                return sorted(entry.name for entry in islice(entries, _MOST_ENTRIES))
        except (OSError, ValueError, RuntimeError):
            return []

    def _read(self, name: str, most: int = MAX_FILE_BYTES) -> bytes:
        path = self.root / name
        try:
            if name not in self._names and not path.resolve().is_relative_to(self._real_root):
                return b""
            info = path.stat()
            if not stat.S_ISREG(info.st_mode) or info.st_size > min(most, self._left):
                return b""
            with path.open("rb") as file:
                return file.read(most)
        except (OSError, ValueError, RuntimeError):
            return b""

    @cached_property
    def _real_root(self) -> Path:
        return self.root.resolve()


def prefix_of(folder: str) -> str:
    return f"{folder}/" if folder and folder != "." else ""


def parent_of(name: str) -> str:
    """The folder of a file or of a folder; "" is the root."""
    return name.rpartition("/")[0]


def joined(folder: str, name: str) -> str:
    """``name`` as seen from ``folder``; "" for the root. Never leads out of the project."""
    parts: list[str] = [] if not folder or folder == "." else folder.split("/")
    for part in name.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
