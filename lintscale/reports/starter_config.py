"""A first configuration: what was found in the repository, as a commented lintscale.toml."""

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
from lintscale.project.config.settings import BALANCED
from lintscale.reports.text import plural
from lintscale.resolve.secrets import without_passwords

_MOST = 20
"""Names listed of one kind."""

_NOT_DEPLOYED = frozenset(
    {"example", "examples", "sample", "samples", "test", "tests", "testing", "e2e", "fixtures"}
    | {"third-party", "_archived", "archive", "archived"}
)
"""Folders, by their names, of what most repositories do not deploy. They are read all the same
unless a person says so: in some, "examples" is what there is."""

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
    """The text of a lintscale.toml that changes nothing yet: what was found stands in it as
    comments, ready to be made use of."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: CheckResult) -> Iterator[str]:
    workloads = [workload for workload in result.project.workloads if workload.scanned]
    yield "# What lintscale is told of this repository; all keys: its docs/configuration.md."
    yield f"# Found: {_counts(result, workloads)}."
    yield ""
    yield "# What is expected of a production service. balanced: at least"
    yield (
        f"# {BALANCED.min_instances} instances, at most {BALANCED.max_instances},"
        f" CPU {BALANCED.cpu_percent} %, memory {BALANCED.memory_percent} %."
    )
    yield "# Development and previews are judged by conservative. To judge all by one of these,"
    yield "# by aggressive or by one of your own:"
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
    """Folders of what nobody deploys, as far as their names tell."""
    found: Counter[str] = Counter()
    for workload in workloads:
        parents = PurePosixPath(workload.location.file).parent.parts
        number = next((n for n, part in enumerate(parents) if part.lower() in _NOT_DEPLOYED), None)
        if number is not None:
            found[_glob("/".join(parents[: number + 1]), "/")] += 1
    if found:
        count = plural(sum(found.values()), "workload")
        names = [f"/{name}" for name in sorted(found)]
        yield f"# {count} in folders that are called as if nobody deployed them. Not to read them:"
        yield f"# exclude = {_texts(names[:_MOST])}"
    else:
        yield '# exclude = ["/examples/"]         # files that nobody deploys'


def _environments(workloads: list[Workload]) -> Iterator[str]:
    """Which environments the files tell apart, and by which globs that could be written."""
    told: Counter[str] = Counter()
    under: dict[str, set[str]] = {}
    assumed = 0
    for workload in workloads:
        environment = workload.environment.value or ""
        file = PurePosixPath(workload.location.file)
        for place in (file, *file.parents):
            under.setdefault(str(place), set()).add(environment)
        if workload.environment.source is Source.FILE:
            told[environment] += 1
        else:
            assumed += 1
    if workloads:
        yield "# Environments, as labels, namespaces, paths and names tell them:"
        for name, count in sorted(told.items()):
            yield f"#   {_plain(name)}: {plural(count, 'workload')}"
        if assumed:
            what = "nothing tells" if told else "nothing tells any"
            yield f"#   {what} of {plural(assumed, 'workload')}: taken for production"
        yield "# Where that is wrong, globs decide instead, the first that fits:"
    else:
        yield "# Which files belong to which environment, by globs, the first that fits:"
    yield "# [environments]"
    globs: dict[str, set[str]] = {}
    for workload in workloads:
        if workload.environment.source is Source.FILE:
            environment = workload.environment.value or ""
            found = _only_of(environment, PurePosixPath(workload.location.file), under)
            if found:
                globs.setdefault(environment, set()).add(found)
    for name in sorted(globs):
        yield f"# {_key(name)} = {_texts(sorted(globs[name])[:_MOST])}"
    if not globs:
        yield '# staging = ["k8s/overlays/staging/**"]'
    yield ""


def _only_of(environment: str, file: PurePosixPath, under: dict[str, set[str]]) -> str:
    """The glob of the largest folder with ``file`` in which all is of that environment, else of
    the file; "" where one file holds several."""
    for folder in [*reversed(file.parents)][1:]:
        if under[str(folder)] == {environment}:
            return _glob(str(folder), "/**")
    return _glob(str(file), "") if under[str(file)] == {environment} else ""


def _glob(name: str, ending: str) -> str:
    """A name as a glob that means it alone."""
    return re.sub(r"([\\*?\[\]!#])", r"\\\1", name) + ending


def _services(workloads: list[Workload]) -> Iterator[str]:
    """Services, with those that stand on several platforms first: one name may be two."""
    by_name: dict[str, set[str]] = {}
    for workload in workloads:
        if workload.role in ("service", "worker"):
            by_name.setdefault(workload.service or workload.name, set()).add(workload.platform)
    if not by_name:
        return
    yield "# Services, as they were told apart. Where one service goes by two names, say so:"
    for name in sorted(by_name, key=lambda name: (-len(by_name[name]), name))[:_MOST]:
        yield f"#   {_plain(name)}: {', '.join(sorted(by_name[name]))}"
    if len(by_name) > _MOST:
        yield f"#   and {len(by_name) - _MOST} more"
    yield "# [services]"
    yield '# shop = ["render:shop-web", "kubernetes:Deployment/shop"]'
    yield ""


def _databases(databases: tuple[Database, ...]) -> Iterator[str]:
    """Databases in use whose limit no file says: only a person knows it."""
    unknown = {d.name: d for d in databases if d.consumers and d.limit.value is None}
    names: set[str] = set()
    for number, database in enumerate([*unknown.values()][:_MOST]):
        if number == 0:
            yield "# Databases of which no file says how many connections they take (100 is no more"
            yield "# than an example):"
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
    """A TOML basic string: JSON's escapes are TOML's."""
    return json.dumps(without_passwords(text), ensure_ascii=True).replace("\x7f", "\\u007f")


def _texts(texts: list[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"


def _plain(text: str) -> str:
    """Within a comment: one line, nothing that ends it."""
    return _text(text)[1:-1]
