"""What a commit in the making takes away, as git's index says."""

from __future__ import annotations

import subprocess

from lintscale.discovery import EXTENSIONS

_SECONDS = 20
"""How long git may take to answer."""


def deletes_config() -> bool:
    """Whether the commit deletes a file that lintscale may have read: pre-commit names only files
    that are there, and what referred to a deleted one stands in others. A renamed file is not
    deleted. False where git does not answer."""
    command = ["git", "diff", "--cached", "--name-only", "--diff-filter=D", "-z"]
    try:
        done = subprocess.run(  # noqa: S603 - no part of it comes from a file
            command, capture_output=True, check=True, timeout=_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return False
    names = done.stdout.decode("utf-8", "replace").split("\0")
    return any(name.lower().endswith(EXTENSIONS) for name in names)
