"""Stored outputs: compared with a file, which UPDATE_SNAPSHOTS=1 writes anew."""

from __future__ import annotations

import os
from pathlib import Path


def matches_stored(text: str, path: Path) -> None:
    """Fails when ``text`` is not what ``path`` holds. Escape characters are stored as ␛, so that
    the files can be read and compared by people."""
    readable = text.replace("\x1b", "␛")
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(readable, encoding="utf-8")
    assert path.exists(), f"no stored output {path.name}; UPDATE_SNAPSHOTS=1 writes it"
    assert readable == path.read_text(encoding="utf-8")
