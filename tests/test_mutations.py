"""One change to one file, one finding more.

Every row takes files of fixtures/one-service as a project of their own, changes one text in one of
them, and says what lintscale then finds that it did not find before: this rule, once, at this line,
and nothing else. Findings that a change takes away are not looked at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from lintscale import api
from lintscale.engine.finding import Finding
from tests.one_service import (
    ALL,
    BUDGET,
    FILES,
    K8S,
    POLICY,
    RAILWAY,
    RENDER,
    SERVICE,
    TARGET,
    TASK,
    checked,
    write,
)


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
    """``at`` is what stands in the finding's line, in the changed file unless ``where`` names
    another. ``beside`` are the other files of the project; ``given`` is done to the project
    before and after. ``renamed``: the change is that the file is called this."""

    rule: str
    platform: str
    severity: str
    file: str
    old: str
    new: str
    at: str
    about: str = ""
    where: str = ""
    beside: tuple[str, ...] = ()
    given: tuple[Edit, ...] = ()
    config: str = ""
    also: tuple[Also, ...] = ()
    renamed: str = ""
    all_places: bool = False

    @property
    def id(self) -> str:
        words = (self.rule, self.platform, *self.about.split())
        return "-".join(words)


def part(text: str, start: str, end: str) -> str:
    """The stretch of a file from ``start`` up to and without ``end``."""
    first = text.index(start)
    return text[first : text.index(end, first)]


HPA = FILES[K8S][FILES[K8S].index("---") :]
RESOURCES = part(FILES[K8S], "        resources:\n", "        livenessProbe:")
READINESS = part(FILES[K8S], "        readinessProbe:\n", "---")
MEMORY_METRIC = part(
    FILES[K8S], "  - type: Resource\n    resource:\n      name: memory", "  behavior:"
)
METRICS = part(FILES[K8S], "  metrics:\n", "  behavior:")
SECRET_REFERENCE = part(FILES[K8S], "          valueFrom:\n", "        resources:")
RENDER_SCALING = FILES[RENDER][FILES[RENDER].index("    scaling:\n") :]
RAILWAY_SCALING = part(FILES[RAILWAY], ',\n  "scaling"', "\n}\n")
HEALTH_CHECK = part(FILES[TASK], ',\n      "healthCheck"', "\n    }\n  ]")
POLICIES = part(FILES[POLICY], ',\n  "TargetTrackingScalingPolicies"', "\n}\n")
FIRST_COOLDOWNS = part(FILES[POLICY], '"TargetValue": 70.0', "\n    },\n    {")

TWO_REPLICAS = Edit(
    RAILWAY,
    '"restartPolicyMaxRetries": 5',
    '"restartPolicyMaxRetries": 5,\n    "numReplicas": 2',
)
WITHOUT_SCALING = Edit(RAILWAY, RAILWAY_SCALING, "")
CRON = Edit(
    RAILWAY, '"deploy": {\n', '"deploy": {\n    "cronSchedule": "0 4 * * *",\n'
)
WITHOUT_REPLICAS = Edit(K8S, "  replicas: 2\n", "")
SPREAD = """\
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector:
          matchLabels:
            app: bookshop-api
"""

DATABASE = """\
[databases.orders]
match = ["DATABASE_URL", "bookshop-secrets*"]
engine = "postgresql"
max-connections = 100
"""
"""100 connections, 3 of which a PostgreSQL keeps for superusers."""


MUTATIONS = (
    # -- is the file what the platform reads?
    Mutation(
        "syntax-error", "render", "error",
        RENDER, "name: bookshop-api", 'name: "bookshop-api',
        at='name: "bookshop-api',
    ),
    Mutation(
        "syntax-error", "railway", "error",
        RAILWAY, '"healthcheckTimeout": 120,', '"healthcheckTimeout": 120',
        at='"restartPolicyType"',
    ),
    Mutation(
        "syntax-error", "ecs", "error",
        TASK, '"cpu": "512",', '"cpu": "512"',
        at='"memory": "1024"', beside=(POLICY,),
    ),
    Mutation(
        "syntax-error", "kubernetes", "error",
        K8S, "  replicas: 2", "\treplicas: 2",
        at="\treplicas: 2",
    ),
    Mutation(
        "duplicate-key", "render", "error",
        RENDER, "    env: python\n", "    env: python\n    env: docker\n",
        at="env: docker",
    ),
    Mutation(
        "duplicate-key", "railway", "error",
        RAILWAY, '"healthcheckTimeout": 120', '"healthcheckTimeout": 120,\n    "healthcheckTimeout": 60',
        at='"healthcheckTimeout": 60',
    ),
    Mutation(
        "duplicate-key", "ecs", "error",
        TASK, '"networkMode": "awsvpc",', '"networkMode": "awsvpc",\n  "networkMode": "bridge",',
        at='"networkMode": "bridge"',
    ),
    Mutation(
        "duplicate-key", "kubernetes", "error",
        K8S, "  replicas: 2\n", "  replicas: 2\n  replicas: 3\n",
        at="replicas: 3",
    ),
    Mutation(
        "ignored-scaling", "render", "error",
        RENDER, "type: web", 'type: cron\n    schedule: "0 4 * * *"',
        at="    scaling:",
    ),
    Mutation(
        "ignored-scaling", "railway", "error",
        RAILWAY, '"restartPolicyMaxRetries": 5',
        '"restartPolicyMaxRetries": 5,\n    "autoscaling": {"minReplicas": 2, "maxReplicas": 6}',
        at='"autoscaling"',
    ),
    Mutation(
        "ignored-scaling", "ecs", "error",
        POLICY, '"MaxCapacity": 10,',
        '"MaxCapacity": 10,\n  "SuspendedState": {"DynamicScalingOutSuspended": true},',
        at='"SuspendedState"', about="one direction", beside=(TASK,),
    ),
    Mutation(
        "ignored-scaling", "ecs", "error",
        TARGET, '"MaxCapacity": 10',
        '"MaxCapacity": 10,\n  "SuspendedState": {\n    "DynamicScalingInSuspended": true,\n'
        '    "DynamicScalingOutSuspended": true\n  }',
        at='"SuspendedState"', about="both directions", beside=(SERVICE, TASK),
        also=(
            Also("no-autoscaling", "ecs", "info", SERVICE, '"desiredCount"',
                 "with both directions suspended the count stays as it is"),
        ),
    ),
    Mutation(
        "unread-file-name", "render", "warning",
        "render.yaml", "", "", renamed=".render.yaml",
        at="services:", about="hidden",
    ),
    Mutation(
        "unread-file-name", "render", "warning",
        "render.yaml", "", "", renamed="render.yml",
        at="services:", about="short extension",
    ),
    # A cron job without scaling: of anything else under this name Railway wants more.
    Mutation(
        "retired-format", "railway", "warning",
        "railway.example.json", "", "", renamed=RAILWAY,
        at='{\n', given=(CRON, WITHOUT_SCALING),
    ),
    Mutation(
        "not-an-api-shape", "ecs", "error",
        POLICY, '"MaxCapacity": 10', f'"MaxCapacity": 10{POLICIES}',
        at="{\n", beside=(TASK,),
        given=(
            Edit(POLICY, POLICIES, ""),
            Edit(POLICY, '"ServiceName": "bookshop-api"',
                 '"ServiceNamespace": "ecs",\n  "ResourceId": "service/shops/bookshop-api"'),
        ),
    ),
    Mutation(
        "dangling-autoscaler", "ecs", "warning",
        POLICY, '"ServiceName": "bookshop-api"', '"ServiceName": "bookshop-app"',
        at='"ServiceName"', beside=(TASK,),
    ),
    Mutation(
        "dangling-autoscaler", "kubernetes", "warning",
        K8S, "    name: bookshop-api\n", "    name: bookshop-app\n",
        at="    name: bookshop-app",
    ),
    # -- availability
    Mutation(
        "min-instances", "render", "error",
        RENDER, "minInstances: 2", "minInstances: 1",
        at="minInstances: 1",
    ),
    Mutation(
        "min-instances", "railway", "error",
        RAILWAY, '"numReplicas": 2', '"numReplicas": 1',
        at='"numReplicas": 1', given=(TWO_REPLICAS,),
    ),
    Mutation(
        "min-instances", "ecs", "error",
        POLICY, '"MinCapacity": 2', '"MinCapacity": 1',
        at='"MinCapacity": 1', beside=(TASK,),
    ),
    Mutation(
        "min-instances", "kubernetes", "error",
        K8S, "minReplicas: 2", "minReplicas: 1",
        at="minReplicas: 1",
    ),
    Mutation(
        "min-instances", "kubernetes", "error",
        K8S, "  minReplicas: 2\n", "",
        at="kind: HorizontalPodAutoscaler", about="by default",
    ),
    Mutation(
        "missing-readiness-probe", "render", "error",
        RENDER, "    healthCheckPath: /health/ready\n", "",
        at="- type: web",
    ),
    Mutation(
        "missing-readiness-probe", "railway", "error",
        RAILWAY, '    "healthcheckPath": "/health/ready",\n', "",
        at='"deploy"',
    ),
    Mutation(
        "missing-readiness-probe", "ecs", "error",
        TASK, HEALTH_CHECK, "",
        at='"name": "bookshop-api"', beside=(SERVICE,),
    ),
    Mutation(
        "missing-readiness-probe", "ecs", "info",
        TASK, HEALTH_CHECK, "",
        at='"name": "bookshop-api"', about="without the service",
    ),
    Mutation(
        "missing-readiness-probe", "kubernetes", "error",
        K8S, READINESS, "",
        at="- name: api",
    ),
    Mutation(
        "identical-probes", "kubernetes", "warning",
        K8S,
        "path: /health\n            port: 8000\n"
        "          initialDelaySeconds: 30\n          periodSeconds: 10",
        "path: /health/ready\n            port: 8000\n"
        "          initialDelaySeconds: 10\n          periodSeconds: 5",
        at="livenessProbe",
    ),
    Mutation(
        "missing-disruption-budget", "kubernetes", "warning",
        K8S, "app: bookshop-api", "app: bookshop",
        at="name: bookshop-api", beside=(BUDGET,), all_places=True,
    ),
    Mutation(
        "blocking-disruption-budget", "kubernetes", "error",
        BUDGET, "maxUnavailable: 1", "maxUnavailable: 0",
        at="maxUnavailable: 0", beside=(K8S,), about="none ever",
    ),
    Mutation(
        "blocking-disruption-budget", "kubernetes", "error",
        K8S, "minReplicas: 3", "minReplicas: 2",
        at="minAvailable: 2", where=BUDGET, about="none at the smallest size", beside=(BUDGET,),
        given=(
            Edit(K8S, "minReplicas: 2", "minReplicas: 3"),
            Edit(BUDGET, "maxUnavailable: 1", "minAvailable: 2"),
        ),
    ),
    Mutation(
        "missing-spread", "kubernetes", "warning",
        K8S, SPREAD, "",
        at="    spec:",
        given=(Edit(K8S, "      containers:\n", f"{SPREAD}      containers:\n"),),
    ),
    # -- scaling
    Mutation(
        "no-autoscaling", "render", "info",
        RENDER, RENDER_SCALING, "",
        at="- type: web",
    ),
    Mutation(
        "no-autoscaling", "railway", "info",
        RAILWAY, '    "cronSchedule": "0 4 * * *",\n', "",
        at='"numReplicas": 2', given=(CRON, TWO_REPLICAS),
    ),
    Mutation(
        "no-autoscaling", "ecs", "info",
        TARGET, "service/shops/bookshop-api", "service/shops/bookshop-web",
        at='"desiredCount"', where=SERVICE, beside=(TASK, SERVICE),
    ),
    Mutation(
        "no-autoscaling", "kubernetes", "info",
        K8S, HPA, "",
        at="  replicas: 2",
    ),
)
