"""A baseline: the findings that a repository starts with, so that only new ones are reported.

An entry is a fingerprint (rule, file, key path, workload) and how often it may occur, so that line
shifts and reordering revive nothing. It is JSON that people can read and merge: sorted, one entry
an object, with the rule, the file and the message as they were, for whoever cleans up.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lintscale.config import ConfigError
from lintscale.engine.finding import Finding
from lintscale.record import field, record

VERSION = 1


@record
class Entry:
    """``count`` findings of one fingerprint; the rest is for people."""

    fingerprint: str
    rule: str
    file: str
    message: str
    count: int = 1


@record
class Comparison:
    """``new`` are reported, ``known`` are in the baseline; ``gone`` entries are fixed and may be
    removed (``count`` of each)."""

    new: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    gone: list[Entry] = field(default_factory=list)


def read(path: Path) -> list[Entry]:
    """The entries of a baseline. Raises ConfigError with file, line and column where known."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        advice = f"lintscale check --write-baseline {path} makes it"
        raise ConfigError(f"{path}: there is no such baseline; {advice}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the baseline cannot be read: {error}") from error
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise ConfigError(f"{where}: the baseline is no JSON: {error.msg}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}:1:1: the baseline is no JSON: nested too deeply") from error
    return _entries(plain, path)


def _entries(plain: Any, path: Path) -> list[Entry]:
    version = plain.get("version") if isinstance(plain, dict) else None
    if version != VERSION or not isinstance(plain.get("findings"), list):
        raise ConfigError(
            f"{path}:1:1: this is no baseline of version {VERSION}; write it anew with "
            f"lintscale check --write-baseline {path}"
        )
    found = []
    for number, entry in enumerate(plain["findings"], start=1):
        fingerprint = entry.get("fingerprint") if isinstance(entry, dict) else None
        count = entry.get("count", 1) if isinstance(entry, dict) else None
        right = isinstance(fingerprint, str) and type(count) is int and count > 0
        if not right:
            raise ConfigError(f"{path}: entry {number} has no fingerprint, or a count below 1")
        rule, file, message = (str(entry.get(name, "")) for name in ("rule", "file", "message"))
        found.append(Entry(str(fingerprint), rule, file, message, count or 1))
    return found


def compare(findings: Sequence[Finding], entries: Iterable[Entry]) -> Comparison:
    """Which findings the baseline knows: of each fingerprint as many as it has, the first in the
    report's order. What is wrong with lintscale's own rules is never known."""
    left: Counter[str] = Counter()
    by_print: dict[str, Entry] = {}
    for entry in entries:
        left[entry.fingerprint] += entry.count
        by_print.setdefault(entry.fingerprint, entry)
    result = Comparison()
    for finding in findings:
        if left[finding.fingerprint] > 0 and not finding.internal:
            left[finding.fingerprint] -= 1
            result.known.append(finding)
        else:
            result.new.append(finding)
    for fingerprint in sorted(by_print, key=lambda key: _order(by_print[key])):
        entry, count = by_print[fingerprint], left[fingerprint]
        if count > 0:
            result.gone.append(Entry(fingerprint, entry.rule, entry.file, entry.message, count))
    return result


def of(findings: Iterable[Finding]) -> list[Entry]:
    """The baseline in which all these findings are."""
    found: dict[str, Entry] = {}
    for finding in findings:
        if finding.internal:
            continue
        known = found.get(finding.fingerprint)
        found[finding.fingerprint] = Entry(
            finding.fingerprint,
            finding.rule,
            finding.location.file,
            known.message if known else finding.message,
            (known.count if known else 0) + 1,
        )
    return sorted(found.values(), key=_order)


def _order(entry: Entry) -> tuple[str, str, str]:
    return (entry.file, entry.rule, entry.fingerprint)


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write the baseline in one step. Raises ConfigError when it cannot be written."""
    plain = {
        "version": VERSION,
        "findings": [
            {
                "rule": entry.rule,
                "file": entry.file,
                "message": entry.message,
                "fingerprint": entry.fingerprint,
                **({"count": entry.count} if entry.count > 1 else {}),
            }
            for entry in entries
        ],
    }
    text = json.dumps(plain, ensure_ascii=True, indent=2) + "\n"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise ConfigError(f"{path}: the baseline cannot be written: {reason}") from error
