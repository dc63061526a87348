"""The baseline file: read, written, and its entries.

An entry is a fingerprint (rule, file, key path, workload) and how often it may occur, so that moved
lines and reordered entries change nothing. The file is JSON that people can read and git can merge:
sorted, one entry a line, with the rule, the file and the message for those who clean up.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lintscale import __version__
from lintscale._record import record, replace
from lintscale.engine.finding import Finding
from lintscale.project.config import ConfigError
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

VERSION = 1

_CONFLICT = regex(r"^(<<<<<<<|=======|>>>>>>>)", re.MULTILINE)
"""Conflict markers of git."""


@record
class Entry:
    """``count`` findings of one fingerprint. ``subject`` is the fingerprint without the file: it
    identifies a finding that moved to another file. ``rule``, ``file`` and ``message`` are for
    people."""

    fingerprint: str
    rule: str
    file: str
    message: str
    subject: str = ""
    count: int = 1


def read(path: Path) -> list[Entry]:
    """The entries of a baseline. Raises ConfigError with file, line and column where known."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        advice = f"lintscale check --write-baseline {path} creates it"
        raise ConfigError(f"{path}: the baseline does not exist; {advice}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot read the baseline: {error}") from error
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        line, _ = Positions(text).at(conflict.start())
        raise ConfigError(
            f"{path}:{line}:1: the baseline contains a merge conflict: keep the entries of both"
            " sides (one a line, with a comma after all but the last)"
        )
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise _unusable(
            f"{path}:{error.lineno}:{error.colno}: the baseline is not valid JSON: {error.msg}",
            path,
        ) from error
    except RecursionError as error:
        message = f"{path}:1:1: the baseline is not valid JSON: nested too deeply"
        raise _unusable(message, path) from error
    return _entries(plain, path)


def _unusable(message: str, path: Path) -> ConfigError:
    return ConfigError(
        f"{message}; if this is the right file, delete it and run lintscale check"
        f" --write-baseline {path}"
    )


def _entries(plain: Any, path: Path) -> list[Entry]:
    version = plain.get("version") if isinstance(plain, dict) else None
    if type(version) is not int or not isinstance(plain.get("findings"), list) or version < VERSION:
        raise _unusable(f"{path}:1:1: not a baseline of version {VERSION}", path)
    if version > VERSION:
        raise ConfigError(
            f"{path}:1:1: the baseline has version {version}, but lintscale {__version__} reads "
            f"version {VERSION}: use the lintscale that wrote it, or a newer one"
        )
    found: dict[str, Entry] = {}
    for number, plain_entry in enumerate(plain["findings"], start=1):
        entry = _entry(plain_entry)
        if entry is None:
            raise _unusable(f"{path}: entry {number} has no fingerprint, or a count below 1", path)
        # A merge that kept both sides repeats the entries that both had.
        twin = found.get(entry.fingerprint, entry)
        found[entry.fingerprint] = replace(entry, count=max(entry.count, twin.count))
    return list(found.values())


def _entry(plain: Any) -> Entry | None:
    if not isinstance(plain, dict):
        return None
    fingerprint, count = plain.get("fingerprint"), plain.get("count", 1)
    if not isinstance(fingerprint, str) or type(count) is not int or count < 1:
        return None
    rule, file, message, subject = (
        str(plain.get(name, "")) for name in ("rule", "file", "message", "subject")
    )
    return Entry(fingerprint, rule, file, message, subject, count)


def entries_of(findings: Iterable[Finding], others: Iterable[Entry] = ()) -> list[Entry]:
    """The baseline of these findings and of ``others``, sorted."""
    found: dict[str, Entry] = {}
    own = [
        Entry(each.fingerprint, each.rule, each.location.file, each.message, each.subject)
        for each in (finding.origin or finding for finding in findings)
        if not each.internal
    ]
    for entry in (*others, *own):
        known = found.get(entry.fingerprint)
        count = entry.count + (known.count if known else 0)
        found[entry.fingerprint] = replace(known or entry, count=count)
    return sorted(found.values(), key=entry_order)


def entry_order(entry: Entry) -> tuple[str, str, str]:
    return (entry.file, entry.rule, entry.fingerprint)


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write the baseline atomically. Raises ConfigError when it cannot be written."""
    inner = ",\n".join(f"    {_line(entry)}" for entry in entries)
    text = f'{{\n  "version": {VERSION},\n  "findings": [\n{inner}\n  ]\n}}\n'
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise ConfigError(f"{path}: cannot write the baseline: {reason}") from error


def _line(entry: Entry) -> str:
    plain: dict[str, str | int] = {
        "rule": entry.rule,
        "file": entry.file,
        "message": entry.message,
        "fingerprint": entry.fingerprint,
        "subject": entry.subject,
    }
    if entry.count > 1:
        plain["count"] = entry.count
    line = json.dumps(plain, ensure_ascii=False)
    return line if line.isprintable() else json.dumps(plain)
