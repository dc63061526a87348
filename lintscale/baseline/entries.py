"""A baseline: the findings that a repository starts with, so that only new ones are reported.

An entry is a fingerprint (rule, file, key path, workload) and how often it may occur, so that line
shifts and reordering revive nothing. It is JSON that people can read and git can merge: sorted, one
entry a line, with the rule, the file and the message as they were, for whoever cleans up.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from lintscale import __version__
from lintscale._record import field, record, replace
from lintscale.engine.finding import Finding
from lintscale.project.config import ConfigError
from lintscale.syntax.regex import regex

VERSION = 1

_CONFLICT = regex(r"^(<<<<<<<|=======|>>>>>>>)", re.MULTILINE)
"""What git leaves in a file that it could not merge."""


@record
class Entry:
    """``count`` findings of one fingerprint. ``subject`` is what the fingerprint is made of but
    for the file, by which a finding is known again in another one; the rest is for people."""

    fingerprint: str
    rule: str
    file: str
    message: str
    subject: str = ""
    count: int = 1


@record
class Comparison:
    """``new`` are reported, ``known`` are in the baseline. Of the entries without a finding (the
    ``count`` of each that has none), ``gone`` are fixed and may be removed; of ``untold`` the run
    could not say."""

    new: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    gone: list[Entry] = field(default_factory=list)
    untold: list[Entry] = field(default_factory=list)


def read(path: Path) -> list[Entry]:
    """The entries of a baseline. Raises ConfigError with file, line and column where known."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        advice = f"lintscale check --write-baseline {path} makes it"
        raise ConfigError(f"{path}: there is no such baseline; {advice}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the baseline cannot be read: {error}") from error
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        raise ConfigError(
            f"{path}:{line}:1: the baseline holds a merge conflict: keep the entries of both sides"
            " (each is one line, with a comma after all but the last)"
        )
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise ConfigError(f"{where}: the baseline is no JSON: {error.msg}{_anew(path)}") from error
    except RecursionError as error:
        told = f"{path}:1:1: the baseline is no JSON: nested too deeply{_anew(path)}"
        raise ConfigError(told) from error
    return _entries(plain, path)


def _anew(path: Path) -> str:
    return (
        "; if this is the right file, delete it, and lintscale check --write-baseline"
        f" {path} writes it anew"
    )


def _entries(plain: Any, path: Path) -> list[Entry]:
    version = plain.get("version") if isinstance(plain, dict) else None
    if type(version) is not int or not isinstance(plain.get("findings"), list) or version < VERSION:
        raise ConfigError(f"{path}:1:1: this is no baseline of version {VERSION}{_anew(path)}")
    if version > VERSION:
        raise ConfigError(
            f"{path}:1:1: the baseline has version {version}, and lintscale {__version__} reads "
            f"version {VERSION}: use the lintscale that wrote it, or a newer one"
        )
    found: dict[str, Entry] = {}
    for number, plain_entry in enumerate(plain["findings"], start=1):
        entry = _entry_of(plain_entry)
        if entry is None:
            raise ConfigError(
                f"{path}: entry {number} has no fingerprint, or a count below 1{_anew(path)}"
            )
        # Twice after a merge that kept both sides, which knew of the same findings.
        twin = found.get(entry.fingerprint, entry)
        found[entry.fingerprint] = replace(entry, count=max(entry.count, twin.count))
    return list(found.values())


def _entry_of(plain: Any) -> Entry | None:
    if not isinstance(plain, dict):
        return None
    fingerprint, count = plain.get("fingerprint"), plain.get("count", 1)
    if not isinstance(fingerprint, str) or type(count) is not int or count < 1:
        return None
    rule, file, message, subject = (
        str(plain.get(name, "")) for name in ("rule", "file", "message", "subject")
    )
    return Entry(fingerprint, rule, file, message, subject, count)


def compare(
    findings: Sequence[Finding],
    entries: Iterable[Entry],
    *,
    is_told: Callable[[Entry], bool] = lambda entry: True,
    has_moved: Callable[[Finding, Entry], bool] = lambda finding, entry: False,
) -> Comparison:
    """Which findings the baseline knows: of each fingerprint as many as it has, the first in the
    report's order; then those whose subject it knows in another file, from which they moved. What
    is wrong with lintscale's own rules is never known.

    ``is_told``: whether the run would have a finding of this entry if there still were one.
    ``has_moved``: whether what a finding is about stood in the entry's file, and no longer does.
    """
    by_print = {entry.fingerprint: entry for entry in entries}
    left = Counter({entry.fingerprint: entry.count for entry in by_print.values()})
    result = Comparison()
    unknown = []
    for finding in findings:
        if left[finding.fingerprint] > 0 and not finding.internal:
            left[finding.fingerprint] -= 1
            result.known.append(finding)
        else:
            unknown.append(finding)
    by_subject: dict[str, list[Entry]] = {}
    for entry in sorted(by_print.values(), key=_order):
        if entry.subject and left[entry.fingerprint] > 0 and is_told(entry):
            by_subject.setdefault(entry.subject, []).append(entry)
    for finding in unknown:
        before = () if finding.internal else by_subject.get(finding.subject, ())
        for entry in before:
            if left[entry.fingerprint] > 0 and has_moved(finding, entry):
                left[entry.fingerprint] -= 1
                result.known.append(finding)
                break
        else:
            result.new.append(finding)
    for entry in sorted(by_print.values(), key=_order):
        count = left[entry.fingerprint]
        if count > 0:
            (result.gone if is_told(entry) else result.untold).append(replace(entry, count=count))
    return result


def of(findings: Iterable[Finding], entries: Iterable[Entry] = ()) -> list[Entry]:
    """The baseline in which all these findings are, and ``entries`` that are to stay."""
    found: dict[str, Entry] = {}
    every = [*entries, *(_entry(finding) for finding in findings if not finding.internal)]
    for entry in every:
        known = found.get(entry.fingerprint)
        count = entry.count + (known.count if known else 0)
        found[entry.fingerprint] = replace(known or entry, count=count)
    return sorted(found.values(), key=_order)


def _entry(finding: Finding) -> Entry:
    file, message = finding.location.file, finding.message
    return Entry(finding.fingerprint, finding.rule, file, message, finding.subject)


def _order(entry: Entry) -> tuple[str, str, str]:
    return (entry.file, entry.rule, entry.fingerprint)


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write the baseline in one step. Raises ConfigError when it cannot be written."""
    lines = [_line(entry) for entry in entries]
    inner = ",\n".join(f"    {line}" for line in lines)
    text = f'{{\n  "version": {VERSION},\n  "findings": [\n{inner}\n  ]\n}}\n'
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise ConfigError(f"{path}: the baseline cannot be written: {reason}") from error


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
