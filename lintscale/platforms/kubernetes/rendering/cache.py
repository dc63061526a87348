"""A cache of rendered documents, by the content of all their inputs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from lintscale import __version__
from lintscale.platforms import kubernetes
from lintscale.platforms.kubernetes.rendering.tools import Outcome
from lintscale.syntax.yaml_stream import chunks

FORMAT = 1
"""Raised whenever the meaning of an entry changes."""

_KEPT_SECONDS = 30 * 24 * 3600
_FAILURE_KEPT_SECONDS = 3600
"""For so long the same files are not tried again, in case something else was the reason."""

_FAILED = ".failed"


def key(parts: Iterable[str], inputs: Iterable[tuple[str, bytes | None]]) -> str:
    """``inputs`` are names with content; None where there is no such file, as that it appears
    changes what is rendered."""
    digest = hashlib.sha256()
    for part in (str(FORMAT), __version__, *parts):
        digest.update(f"{part}\0".encode("utf-8", "surrogateescape"))
    for name, content in sorted(inputs, key=lambda pair: pair[0]):
        state = "absent" if content is None else hashlib.sha256(content).hexdigest()
        digest.update(f"{name}\0{state}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:40]


def what_counts(text: str) -> str:
    """The documents of kinds that are read, but for Secrets: those are neither parsed nor cached,
    nor are the others."""
    return "".join(
        text[start:end] for start, end, _ in chunks(text) if kubernetes.may_be_kept(text[start:end])
    )


class Cache:
    """What rendering came to, by :func:`key`. A cache that cannot be written is no error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def outcome(self, name: str) -> Outcome | None:
        """What the same files came to before; None when that is not known, or too old."""
        text = self._read(name, _KEPT_SECONDS)
        if text is not None:
            return Outcome(text)
        reason = self._read(f"{name}{_FAILED}", _FAILURE_KEPT_SECONDS)
        return Outcome(None, reason) if reason is not None else None

    def store(self, name: str, outcome: Outcome) -> None:
        """Keep what was rendered, or why the same files will fail again."""
        if outcome.text is not None:
            self._write(name, outcome.text)
        elif outcome.lasting:
            self._write(f"{name}{_FAILED}", outcome.reason)

    def drop_old(self) -> None:
        """Forget what was rendered a month ago or earlier."""
        with contextlib.suppress(OSError), os.scandir(self.folder) as scan:
            for entry in scan:
                if time.time() - entry.stat().st_mtime > _KEPT_SECONDS:
                    Path(entry.path).unlink(missing_ok=True)

    def _read(self, name: str, seconds: float) -> str | None:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            place = self.folder / name
            if time.time() - place.stat().st_mtime <= seconds:
                return place.read_text(encoding="utf-8")
        return None

    def _write(self, name: str, text: str) -> None:
        """In one step, and for nobody else to read."""
        place = self.folder / name
        temporary = place.with_name(f"{name}.{os.getpid()}")
        with contextlib.suppress(OSError, UnicodeEncodeError):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            temporary.replace(place)
