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
    below: str
    because: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """``at`` is what stands in the finding's line, the first of its kind (``below`` another text
    where that is needed), in the changed file unless ``where`` names another. ``beside`` are the other files of the project; ``given`` is done to the project
    before and after. ``renamed``: the change is that the file is called this."""

    rule: str
    platform: str
    severity: str
    file: str
    old: str
    new: str
    at: str
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
CRON = Edit(RAILWAY, '"deploy": {\n', '"deploy": {\n    "cronSchedule": "0 4 * * *",\n')
RAILWAY_POOL = Edit(
    RAILWAY,
    '"deploy": {\n',
    '"deploy": {\n    "envVars": {"DATABASE_URL": "${{Postgres.DATABASE_URL}}", '
    '"DB_POOL_SIZE": "5"},\n',
)
ECS_POOL = (
    Edit(
        TASK,
        '      "environment": [\n',
        '      "environment": [\n'
        '        {"name": "DB_POOL_SIZE", "value": "2"},\n'
        '        {"name": "DB_MAX_OVERFLOW", "value": "0"},\n',
    ),
)
PINNED = Edit(K8S, "bookshop/api:latest", "bookshop/api:2.4.1")
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
        RENDER, "    healthCheckPath:", "  healthCheckPath:",
        at="  healthCheckPath:",
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
            Also("no-autoscaling", "ecs", "info", SERVICE, '"desiredCount"', "",
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
        at="spec:", below="bookshop-api-hpa", about="by default",
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
        RENDER, RENDER_SCALING, "    numInstances: 4\n",
        at="numInstances: 4",
    ),
    Mutation(
        "no-autoscaling", "railway", "info",
        RAILWAY, '    "cronSchedule": "0 4 * * *",\n', "",
        at='"numReplicas": 2', given=(CRON, TWO_REPLICAS),
    ),
    Mutation(
        "no-autoscaling", "ecs", "info",
        POLICY, "ecs:service:DesiredCount", "dynamodb:table:ReadCapacityUnits",
        at='"desiredCount"', where=SERVICE, beside=(TASK, SERVICE),
    ),
    Mutation(
        "no-autoscaling", "kubernetes", "info",
        K8S, HPA, "",
        at="  replicas: 2",
    ),
    Mutation(
        "min-exceeds-max", "render", "error",
        RENDER, "maxInstances: 10", "maxInstances: 1",
        at="minInstances: 2",
    ),
    Mutation(
        "min-exceeds-max", "railway", "error",
        RAILWAY, '"maxInstances": 10', '"maxInstances": 1',
        at='"minInstances": 2',
    ),
    Mutation(
        "min-exceeds-max", "ecs", "error",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 1',
        at='"MinCapacity": 2', beside=(TASK,),
    ),
    Mutation(
        "min-exceeds-max", "kubernetes", "error",
        K8S, "maxReplicas: 10", "maxReplicas: 1",
        at="minReplicas: 2",
    ),
    Mutation(
        "min-equals-max", "render", "warning",
        RENDER, "maxInstances: 10", "maxInstances: 2",
        at="maxInstances: 2",
    ),
    Mutation(
        "min-equals-max", "railway", "warning",
        RAILWAY, '"maxInstances": 10', '"maxInstances": 2',
        at='"maxInstances": 2',
    ),
    Mutation(
        "min-equals-max", "ecs", "warning",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 2',
        at='"MaxCapacity": 2', beside=(TASK,),
    ),
    Mutation(
        "min-equals-max", "kubernetes", "warning",
        K8S, "maxReplicas: 10", "maxReplicas: 2",
        at="maxReplicas: 2",
    ),
    Mutation(
        "missing-scaling-target", "render", "error",
        RENDER, "      targetCPUPercent: 70\n      targetMemoryPercent: 80\n", "",
        at="    scaling:",
    ),
    Mutation(
        "missing-scaling-target", "ecs", "error",
        POLICY, POLICIES, ',\n  "TargetTrackingScalingPolicies": []',
        at='"ServiceName"', beside=(TASK,),
    ),
    Mutation(
        "missing-scaling-target", "kubernetes", "warning",
        K8S, METRICS, "",
        at="spec:", below="bookshop-api-hpa", about="the default stands in",
    ),
    Mutation(
        "utilization-without-request", "kubernetes", "error",
        K8S, RESOURCES,
        "        resources:\n"
        "          requests: {memory: 512Mi}\n"
        "          limits: {memory: 2Gi}\n",
        at="- type: Resource", about="of CPU",
    ),
    Mutation(
        "utilization-without-request", "kubernetes", "error",
        K8S, RESOURCES,
        "        resources:\n"
        "          requests: {cpu: 500m}\n"
        "          limits: {cpu: 2000m}\n",
        at="- type: Resource", below="averageUtilization: 70", about="of memory",
    ),
    Mutation(
        "replicas-beside-autoscaler", "render", "warning",
        RENDER, "    healthCheckPath: /health/ready\n",
        "    healthCheckPath: /health/ready\n    numInstances: 4\n",
        at="numInstances: 4",
    ),
    Mutation(
        "replicas-beside-autoscaler", "ecs", "warning",
        POLICY, '"MinCapacity": 2', '"MinCapacity": 4',
        at='"desiredCount": 2', where=SERVICE, beside=(TASK, SERVICE),
    ),
    Mutation(
        "replicas-beside-autoscaler", "kubernetes", "warning",
        K8S, "spec:\n  selector:\n", "spec:\n  replicas: 2\n  selector:\n",
        at="  replicas: 2", given=(WITHOUT_REPLICAS,),
    ),
    Mutation(
        "unscalable-workload", "render", "error",
        RENDER, "    env: python\n", "    env: python\n    plan: free\n",
        at="    scaling:", about="a free plan",
    ),
    Mutation(
        "unscalable-workload", "render", "error",
        RENDER, "    env: python\n",
        "    env: python\n    disk: {name: covers, mountPath: /var/covers, sizeGB: 10}\n",
        at="    scaling:", about="a disk",
    ),
    Mutation(
        "unscalable-workload", "railway", "error",
        RAILWAY, '"numReplicas": 2',
        '"numReplicas": 2,\n    "requiredMountPath": "/var/covers"',
        at='"numReplicas": 2', given=(TWO_REPLICAS,),
    ),
    Mutation(
        "unscalable-workload", "kubernetes", "error",
        K8S, "kind: Deployment", "kind: DaemonSet",
        at="name: bookshop-api-hpa", all_places=True, given=(PINNED,),
    ),
    # -- stability
    Mutation(
        "missing-scale-in-cooldown", "ecs", "warning",
        POLICY, FIRST_COOLDOWNS, '"TargetValue": 70.0,\n      "ScaleOutCooldown": 60',
        at='"PredefinedMetricSpecification"', about="left out", beside=(TASK,),
    ),
    Mutation(
        "missing-scale-in-cooldown", "ecs", "error",
        POLICY, FIRST_COOLDOWNS, FIRST_COOLDOWNS.replace("300", "0"),
        at='"ScaleInCooldown": 0', about="zero", beside=(TASK,),
    ),
    Mutation(
        "missing-scale-in-cooldown", "kubernetes", "error",
        K8S, "stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: 0",
        at="stabilizationWindowSeconds: 0", about="zero",
    ),
    Mutation(
        "scale-in-faster-than-out", "ecs", "warning",
        POLICY, FIRST_COOLDOWNS, FIRST_COOLDOWNS.replace("60", "600"),
        at='"ScaleInCooldown": 300', beside=(TASK,),
    ),
    Mutation(
        "scale-in-faster-than-out", "kubernetes", "warning",
        K8S, "    scaleUp:\n      stabilizationWindowSeconds: 0",
        "    scaleUp:\n      stabilizationWindowSeconds: 600",
        at="      stabilizationWindowSeconds: 300",
    ),
    # -- connections: 10 instances (Railway: 2) of one process, against 97
    Mutation(
        "pool-exceeds-limit", "render", "error",
        RENDER, "    healthCheckPath:",
        '      - {key: DB_POOL_SIZE, value: "10"}\n    healthCheckPath:',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "railway", "error",
        RAILWAY, '"DB_POOL_SIZE": "5"', '"DB_POOL_SIZE": "60"',
        at="DB_POOL_SIZE", given=(TWO_REPLICAS, RAILWAY_POOL), config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "ecs", "error",
        TASK, '"DB_POOL_SIZE", "value": "2"', '"DB_POOL_SIZE", "value": "10"',
        at="DB_POOL_SIZE", beside=(POLICY,), given=ECS_POOL, config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "kubernetes", "error",
        K8S, "        env:\n",
        '        env:\n        - {name: DB_POOL_SIZE, value: "10"}\n',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "render", "warning",
        RENDER, "    healthCheckPath:",
        '      - {key: DB_POOL_SIZE, value: "6"}\n    healthCheckPath:',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "railway", "warning",
        RAILWAY, '"DB_POOL_SIZE": "5"', '"DB_POOL_SIZE": "30"',
        at="DB_POOL_SIZE", given=(TWO_REPLICAS, RAILWAY_POOL), config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "ecs", "warning",
        TASK, '"DB_POOL_SIZE", "value": "2"', '"DB_POOL_SIZE", "value": "8"',
        at="DB_POOL_SIZE", beside=(POLICY,), given=ECS_POOL, config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "kubernetes", "warning",
        K8S, "        env:\n",
        '        env:\n        - {name: DB_POOL_SIZE, value: "8"}\n',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    # -- rollout
    Mutation(
        "rollout-stops-service", "ecs", "error",
        SERVICE, '"minimumHealthyPercent": 100', '"minimumHealthyPercent": 0',
        at='"minimumHealthyPercent": 0', beside=(TASK, POLICY),
    ),
    Mutation(
        "rollout-stops-service", "kubernetes", "error",
        K8S, "  replicas: 2\n", "  replicas: 2\n  strategy:\n    type: Recreate\n",
        at="    type: Recreate", about="Recreate",
    ),
    Mutation(
        "rollout-stops-service", "kubernetes", "error",
        K8S, "  replicas: 2\n",
        "  replicas: 2\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 100%\n",
        at="maxUnavailable: 100%", about="all unavailable",
    ),
    Mutation(
        "unpinned-image", "ecs", "warning",
        TASK, "bookshop/api:2.4.1", "bookshop/api:latest",
        at='"image"', about="latest", beside=(POLICY,),
        given=(Edit(TASK, "bookshop/api:latest", "bookshop/api:2.4.1"),),
    ),
    Mutation(
        "unpinned-image", "kubernetes", "warning",
        K8S, "bookshop/api:2.4.1", "bookshop/api:latest",
        at="image:", about="latest",
        given=(PINNED,),
    ),
    Mutation(
        "unpinned-image", "kubernetes", "warning",
        K8S, "bookshop/api:2.4.1", "bookshop/api",
        at="image:", about="no tag",
        given=(PINNED,),
    ),
    # -- resources
    # Where the autoscaler does not measure against the request: there it would be an error.
    Mutation(
        "missing-requests", "kubernetes", "warning",
        K8S, RESOURCES,
        "        resources:\n"
        "          requests: {cpu: 500m}\n"
        "          limits: {cpu: 2000m}\n",
        at="- name: api", given=(Edit(K8S, MEMORY_METRIC, ""),),
    ),
    Mutation(
        "invalid-fargate-size", "ecs", "error",
        TASK, '"memory": "1024"', '"memory": "512"',
        at='"memory": "512"', beside=(POLICY,),
    ),
    Mutation(
        "plaintext-credential", "render", "warning",
        RENDER, "DATABASE_URL\n        sync: false",
        "DATABASE_URL\n        value: postgresql://api:9vQ2xLk7Rm@orders.internal/bookshop",
        at="orders.internal",
    ),
    Mutation(
        "plaintext-credential", "railway", "warning",
        RAILWAY, '"deploy": {\n',
        '"deploy": {\n    "envVars": {"CARRIER_API_KEY": "ck-93mfk2ls8dk3jd"},\n',
        at="CARRIER_API_KEY",
    ),
    Mutation(
        "plaintext-credential", "ecs", "warning",
        TASK, "postgresql+asyncpg://...",
        "postgresql+asyncpg://api:9vQ2xLk7Rm@orders.internal/bookshop",
        at="orders.internal", beside=(POLICY,),
    ),
    Mutation(
        "plaintext-credential", "kubernetes", "warning",
        K8S, SECRET_REFERENCE,
        "          value: postgresql://api:9vQ2xLk7Rm@orders.internal/bookshop\n",
        at="orders.internal",
    ),
    # -- consistency: the one platform that differs from two others is where it stands
    Mutation(
        "platform-drift", "render", "warning",
        RENDER, "maxInstances: 10", "maxInstances: 8",
        at="maxInstances: 8", about="max", beside=(K8S, TASK, POLICY),
    ),
    Mutation(
        "platform-drift", "railway", "warning",
        RAILWAY, '"healthcheckPath": "/health/ready"', '"healthcheckPath": "/healthz"',
        at="healthcheckPath", about="health path", beside=(K8S, RENDER),
    ),
    Mutation(
        "platform-drift", "ecs", "warning",
        POLICY, '"TargetValue": 70.0', '"TargetValue": 50.0',
        at='"TargetValue": 50.0', about="CPU target", beside=(TASK, K8S, RENDER),
    ),
    Mutation(
        "platform-drift", "kubernetes", "warning",
        K8S, "minReplicas: 2", "minReplicas: 3",
        at="minReplicas: 3", about="min", beside=(RENDER, TASK, POLICY),
    ),
)  # fmt: skip


class Place(NamedTuple):
    rule: str
    platform: str | None
    severity: str
    file: str
    line: int


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_one_change_adds_one_finding(
    mutation: Mutation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    before = project_of(mutation)
    after = changed(mutation, before)
    # Railway calls the service after its folder, which is called as it is called elsewhere.
    baseline = findings_in(tmp_path / "before" / "bookshop-api", before, mutation.config)
    mutated = findings_in(tmp_path / "after" / "bookshop-api", after, mutation.config)
    name = mutation.renamed or mutation.file
    own = Also(
        mutation.rule,
        mutation.platform,
        mutation.severity,
        mutation.where or name,
        mutation.at,
        mutation.below,
        "it is what the change is about",
    )
    expected = [expected_place(entry, after) for entry in (own, *mutation.also)]
    assert sorted(added(baseline, mutated)) == sorted(expected)


def project_of(mutation: Mutation) -> dict[str, str]:
    """The files before the change."""
    names = {RENAMED.get(mutation.file, mutation.file), *mutation.beside}
    files = {name: ALL[name] for name in sorted(names)}
    for edit in mutation.given:
        files[edit.file] = replaced(files[edit.file], edit.old, edit.new)
    if mutation.renamed:
        files[mutation.file] = files.pop(RENAMED[mutation.file])
    return files


RENAMED = {"render.yaml": RENDER, "railway.example.json": RAILWAY}
"""What files are called here before a change of their name, and which of ours they are."""


def changed(mutation: Mutation, files: dict[str, str]) -> dict[str, str]:
    result = dict(files)
    if mutation.renamed:
        result[mutation.renamed] = result.pop(mutation.file)
    else:
        text = files[mutation.file]
        many = mutation.all_places
        result[mutation.file] = replaced(text, mutation.old, mutation.new, many=many)
    assert result != files
    return result


def replaced(text: str, old: str, new: str, *, many: bool = False) -> str:
    assert text.count(old) > 1 if many else text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def findings_in(folder: Path, files: dict[str, str], config: str) -> list[Finding]:
    return checked(write(folder, files, config)).findings


def added(before: list[Finding], after: list[Finding]) -> list[Place]:
    """The findings that are new, or there more often than before, wherever their lines moved."""
    surplus = Counter(map(identity, after))
    surplus.subtract(Counter(map(identity, before)))
    found = []
    for finding in after:
        if surplus[identity(finding)] > 0:
            surplus[identity(finding)] -= 1
            where = finding.location
            severity = finding.severity.value
            found.append(Place(finding.rule, finding.platform, severity, where.file, where.line))
    return found


def identity(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.location.file, finding.location.path, finding.workload)


def expected_place(entry: Also, files: dict[str, str]) -> Place:
    text = files[entry.file]
    assert not entry.below or text.count(entry.below) == 1
    start = text.index(entry.below)
    line = text.count("\n", 0, text.index(entry.at, start)) + 1
    return Place(entry.rule, entry.platform, entry.severity, entry.file, line)


def test_every_rule_has_a_change_on_each_of_its_platforms() -> None:
    covered = {(mutation.rule, mutation.platform) for mutation in MUTATIONS}
    listed = {
        (rule.id, platform)
        for rule in api.rules()
        for platform in rule.platforms
        if rule.id in {mutation.rule for mutation in MUTATIONS}
    }
    assert covered == listed
