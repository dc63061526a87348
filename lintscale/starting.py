"""A first configuration: what was found in the repository, as a commented lintscale.toml."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from lintscale import __version__
from lintscale.api import CheckResult
from lintscale.config.settings import BALANCED
from lintscale.facts.secrets import without_passwords
from lintscale.model import Database, Source, Workload

_MOST = 20
"""Names listed of one kind."""

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
    yield "# There are conservative and aggressive too, or one of your own."
    yield 'profile = "balanced"'
    yield ""
    yield '# exclude = ["examples/"]          # files that nobody deploys'
    yield '# ignore = ["no-autoscaling"]      # rules or categories'
    yield '# baseline = "lintscale-baseline.json"'
    yield ""
    yield from _environments(workloads)
    yield from _services(workloads)
    yield from _databases(result.project.databases)


def _counts(result: CheckResult, workloads: list[Workload]) -> str:
    platforms = Counter(workload.platform for workload in workloads)
    each = ", ".join(f"{platform} {count}" for platform, count in sorted(platforms.items()))
    files, count = result.summary.files_checked, len(workloads)
    return f"{files} file(s), {count} workload(s){f': {each}' if each else ''}"


def _environments(workloads: list[Workload]) -> Iterator[str]:
    """Which environments the files tell apart, and by which folders they may be told."""
    folders: dict[str, set[str]] = {}
    assumed = 0
    for workload in workloads:
        environment = workload.environment
        if environment.source is Source.FILE:
            parent = str(PurePosixPath(workload.location.file).parent)
            folders.setdefault(environment.value or "", set()).add(parent)
        else:
            assumed += 1
    yield "# Environments: the first glob that fits decides, else labels, namespaces and paths."
    if assumed:
        yield f"# Of {assumed} workload(s) nothing tells it: they are taken for production."
    yield "# [environments]"
    for name in sorted(folders)[:_MOST]:
        globs = [f"{folder}/**" for folder in sorted(folders[name])[:3] if folder != "."]
        if globs:
            yield f"# {_key(name)} = {_texts(globs)}"
    if not folders:
        yield '# staging = ["k8s/overlays/staging/**"]'
    yield ""


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
    unknown = [d for d in databases if d.consumers and d.limit.value is None]
    names: set[str] = set()
    for number, database in enumerate(unknown[:_MOST]):
        if number == 0:
            yield "# Databases of which no file says how many connections they take:"
        name = _table_name(database, names)
        names.add(name)
        yield f"# [databases.{_key(name)}]"
        yield f"# match = {_texts([database.name])}"
        yield "# max-connections = 100"
        yield ""


def _table_name(database: Database, taken: set[str]) -> str:
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in database.name.lower())
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
