"""The commented lintscale.toml that ``init`` writes, and the files that run lintscale."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from lintscale import __version__
from lintscale.api import CheckResult
from lintscale.model.resolved import Database, Workload
from lintscale.model.sourced import Source
from lintscale.platforms import TABLE
from lintscale.project.config import BALANCED
from lintscale.reports.text import plural
from lintscale.secrets import mask

_MAX_NAMES = 20
"""Names listed per kind."""

_NOT_DEPLOYED = frozenset(
    {"example", "examples", "sample", "samples", "test", "tests", "testing", "e2e", "fixtures"}
    | {"third-party", "_archived", "archive", "archived"}
)
"""Names of folders that most repositories do not deploy. They are read unless the configuration
excludes them, as some repositories deploy their examples."""

PRE_COMMIT = f"""\
repos:
  - repo: https://github.com/lintscale/lintscale
    rev: v{__version__}
    hooks:
      - id: lintscale
"""

WORKFLOW = f"""\
name: lintscale
on: [push, pull_request]
permissions: {{}}
jobs:
  lintscale:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: lintscale/lintscale@v{__version__}
"""


def configuration(result: CheckResult) -> str:
    """The text of a lintscale.toml that changes nothing: every setting is a comment."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: CheckResult) -> Iterator[str]:
    workloads = [workload for workload in result.project.workloads if workload.scanned]
    yield "# Configuration of lintscale. All keys are in its docs/configuration.md."
    yield f"# Found: {_counts(result, workloads)}."
    yield ""
    yield "# What a production service needs. The profile balanced asks for at least"
    yield (
        f"# {BALANCED.min_instances} instances, at most {BALANCED.max_instances},"
        f" CPU {BALANCED.cpu_percent} %, memory {BALANCED.memory_percent} %."
    )
    yield "# Development and preview environments use conservative. To use one profile for all"
    yield "# (balanced, conservative, aggressive or your own):"
    yield '# profile = "balanced"'
    yield ""
    yield from _exclude(workloads)
    yield '# ignore = ["no-autoscaling"]      # rules or categories'
    yield '# baseline = "lintscale-baseline.json"'
    yield ""
    yield from _environments(workloads)
    yield from _services(workloads)
    yield from _databases(result.project.databases)


def _counts(result: CheckResult, workloads: list[Workload]) -> str:
    platforms = Counter(workload.platform for workload in workloads)
    each = ", ".join(f"{platform} {count}" for platform, count in sorted(platforms.items()))
    files = plural(result.summary.files_checked, "file")
    return f"{files}, {plural(len(workloads), 'workload')}{f': {each}' if each else ''}"


def _exclude(workloads: list[Workload]) -> Iterator[str]:
    """Folders whose names suggest that they are not deployed."""
    found: Counter[str] = Counter()
    for workload in workloads:
        parents = PurePosixPath(workload.location.file).parent.parts
        number = next((n for n, part in enumerate(parents) if part.lower() in _NOT_DEPLOYED), None)
        if number is not None:
            found[_glob("/".join(parents[: number + 1]), "/")] += 1
    if found:
        count = plural(sum(found.values()), "workload")
        names = [f"/{name}" for name in sorted(found)]
        yield f"# {count} in folders whose names suggest that they are not deployed. To skip them:"
        yield f"# exclude = {_texts(names[:_MAX_NAMES])}"
    else:
        yield '# exclude = ["/examples/"]         # files that are not deployed'


def _environments(workloads: list[Workload]) -> Iterator[str]:
    """The environments found, and globs that set them."""
    found: Counter[str] = Counter()
    under: dict[str, set[str]] = {}
    assumed = 0
    for workload in workloads:
        environment = workload.environment.value or ""
        file = PurePosixPath(workload.location.file)
        for place in (file, *file.parents):
            under.setdefault(str(place), set()).add(environment)
        if workload.environment.source is Source.FILE:
            found[environment] += 1
        else:
            assumed += 1
    if workloads:
        yield "# Environments, from labels, namespaces, paths and names:"
        for name, count in sorted(found.items()):
            yield f"#   {_plain(name)}: {plural(count, 'workload')}"
        if assumed:
            yield f"#   production is assumed for {plural(assumed, 'workload')}"
        yield "# If that is wrong, set them by globs; the first match counts:"
    else:
        yield "# The environment of files, by globs; the first match counts:"
    yield "# [environments]"
    globs: dict[str, set[str]] = {}
    for workload in workloads:
        if workload.environment.source is Source.FILE:
            environment = workload.environment.value or ""
            glob = _only_of(environment, PurePosixPath(workload.location.file), under)
            if glob:
                globs.setdefault(environment, set()).add(glob)
    for name in sorted(globs):
        yield f"# {_key(name)} = {_texts(sorted(globs[name])[:_MAX_NAMES])}"
    if not globs:
        yield '# staging = ["deploy/staging/**"]'
    yield ""


def _only_of(environment: str, file: PurePosixPath, under: dict[str, set[str]]) -> str:
    """The glob of the largest folder around ``file`` that has only this environment, else of the
    file; "" if the file has several."""
    for folder in [*reversed(file.parents)][1:]:
        if under[str(folder)] == {environment}:
            return _glob(str(folder), "/**")
    return _glob(str(file), "") if under[str(file)] == {environment} else ""


def _glob(name: str, ending: str) -> str:
    """A name as a glob that matches only it."""
    return re.sub(r"([\\*?\[\]!#])", r"\\\1", name) + ending


def _services(workloads: list[Workload]) -> Iterator[str]:
    """The services found, those on several platforms first."""
    by_name: dict[str, set[str]] = {}
    for workload in workloads:
        if workload.role in ("service", "worker"):
            by_name.setdefault(workload.service or workload.name, set()).add(workload.platform)
    if not by_name:
        return
    yield "# Services found. If one service has several names, map them:"
    for name in sorted(by_name, key=lambda name: (-len(by_name[name]), name))[:_MAX_NAMES]:
        yield f"#   {_plain(name)}: {', '.join(sorted(by_name[name]))}"
    if len(by_name) > _MAX_NAMES:
        yield f"#   and {len(by_name) - _MAX_NAMES} more"
    yield "# [services]"
    first, second, *_ = TABLE
    yield f'# shop = ["{first}:shop-web", "{second}:shop"]'
    yield ""


def _databases(databases: tuple[Database, ...]) -> Iterator[str]:
    """Databases in use whose connection limit no file sets."""
    unknown = {d.name: d for d in databases if d.consumers and d.limit.value is None}
    names: set[str] = set()
    for number, database in enumerate([*unknown.values()][:_MAX_NAMES]):
        if number == 0:
            yield "# Databases whose connection limit no file sets (100 is an example):"
        name = _table_name(database, names)
        names.add(name)
        yield f"# [databases.{_key(name)}]"
        yield f"# match = {_texts([database.name])}"
        yield "# max-connections = 100"
        yield ""


def _table_name(database: Database, taken: set[str]) -> str:
    own = database.name
    if own.startswith("arn:"):
        own = re.split(r"[:/]", own)[-1]
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in own.lower())
    name = "-".join(part for part in words.split("-") if part)[:40] or "main"
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}-{number}", number + 1
    return unique


def _key(name: str) -> str:
    bare = name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name)
    return name if bare else _text(name)


def _text(text: str) -> str:
    """A TOML basic string; JSON's escapes are valid in TOML."""
    return json.dumps(mask(text), ensure_ascii=True).replace("\x7f", "\\u007f")


def _texts(texts: list[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"


def _plain(text: str) -> str:
    """Text for a comment, on one line."""
    return _text(text)[1:-1]
