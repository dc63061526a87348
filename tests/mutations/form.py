"""The form of a row, and pieces of the files that rows share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tests.one_service import K8S, RAILWAY, RENDER, TASK


class Edit(NamedTuple):
    """Replace the one place in ``file`` where ``old`` stands."""

    file: str
    old: str
    new: str


class Also(NamedTuple):
    """A finding that cannot but come with the change. ``because`` is for the reader."""

    rule: str
    platform: str
    severity: str
    file: str
    at: str
    because: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change, and the finding that it adds.

    ``file``: replace ``old`` by ``new`` in it (everywhere where ``all_places`` says so), or call it
    ``renamed``. ``at`` is what stands in the finding's line, the first of its kind (``below``
    another text where that is needed), in the changed file unless ``where`` names another.
    ``beside`` are the other files of the project. ``given`` is done to the project before and
    after; ``config`` is its lintscale.toml. ``about`` tells rows for one rule apart.
    """

    rule: str
    platform: str
    severity: str
    file: str
    old: str = ""
    new: str = ""
    at: str = ""
    about: str = ""
    below: str = ""
    where: str = ""
    beside: tuple[str, ...] = ()
    given: tuple[Edit, ...] = ()
    config: str = ""
    also: tuple[Also, ...] = ()
    renamed: str = ""
    all_places: bool = False

    @property
    def id(self) -> str:
        return "-".join((self.rule, self.platform, *self.about.split()))


def cut(text: str, start: str, end: str) -> str:
    """The stretch of a text from ``start`` up to and without ``end``."""
    first = text.index(start)
    return text[first : text.index(end, first)]


def block(text: str, start: str) -> str:
    """The YAML key whose line begins with ``start``, with all that stands under it."""
    lines = text[text.index(f"\n{start}") + 1 :].splitlines(keepends=True)
    indent = len(start) - len(start.lstrip())
    under = 1
    while under < len(lines):
        line = lines[under]
        own = len(line) - len(line.lstrip())
        if own < indent or (own == indent and not line.lstrip().startswith("- ")):
            break
        under += 1
    return "".join(lines[:under])


TWO_REPLICAS = Edit(
    RAILWAY, '"restartPolicyMaxRetries": 5', '"restartPolicyMaxRetries": 5,\n    "numReplicas": 2'
)
DRAINED = Edit(
    RAILWAY, '"healthcheckTimeout": 120,', '"healthcheckTimeout": 120,\n    "drainingSeconds": 30,'
)
RENDER_POOL = Edit(
    RENDER,
    "    healthCheckPath:",
    '      - {key: DB_POOL_SIZE, value: "5"}\n'
    '      - {key: DB_MAX_OVERFLOW, value: "0"}\n    healthCheckPath:',
)
K8S_POOL = Edit(
    K8S,
    "        env:\n",
    '        env:\n        - {name: DB_POOL_SIZE, value: "5"}\n'
    '        - {name: DB_MAX_OVERFLOW, value: "0"}\n',
)
"""The pools of the service, sized where its other variables stand."""

NO_MEMORY_LIMIT = Edit(K8S, "            memory: 2Gi\n", "")
CRON = Edit(RAILWAY, '"deploy": {\n', '"deploy": {\n    "cronSchedule": "0 4 * * *",\n')
PINNED_TASK = Edit(TASK, "bookshop/api:latest", "bookshop/api:2.4.1")
MILD_RENDER = Edit(RENDER, "healthCheckPath: /health/ready\n", "healthCheckPath: /health\n")
MILD_TASK = Edit(TASK, ":8000/health/ready ", ":8000/health ")
PATIENT_TASK = Edit(TASK, '"retries": 3', '"retries": 3,\n        "startPeriod": 60')
"""Health checks that ask for no dependency, and one that waits for the start."""
PINNED_POD = Edit(K8S, "bookshop/api:latest", "bookshop/api:2.4.1")
NEW_RENDER = Edit(RENDER, "    env: python\n", "    runtime: python\n")
NEW_RAILWAY = Edit(RAILWAY, '"builder": "NIXPACKS"', '"builder": "RAILPACK"')
"""The two files without what is deprecated in them."""
