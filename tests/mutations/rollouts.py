"""How a deploy goes, and how an instance ends."""

from __future__ import annotations

from tests.mutations.form import DRAINED, PATIENT_TASK, TWO_REPLICAS, Edit, Mutation
from tests.one_service import K8S, RAILWAY, SERVICE, TASK

BALANCED = Edit(
    SERVICE,
    '"launchType"',
    '"healthCheckGracePeriodSeconds": 60,\n'
    '  "loadBalancers": [{"targetGroupArn": "arn:aws:elasticloadbalancing:::targetgroup/bookshop",'
    ' "containerName": "bookshop-api", "containerPort": 8000}],\n'
    '  "launchType"',
)
GUNICORN = Edit(
    TASK,
    '"portMappings"',
    '"command": ["gunicorn", "bookshop.wsgi", "--graceful-timeout", "20"],\n      "portMappings"',
)
PRE_STOP = Edit(
    K8S,
    "        livenessProbe:",
    "        lifecycle: {preStop: {sleep: {seconds: 15}}}\n        livenessProbe:",
)

ROLLOUTS = (
    Mutation(
        "no-room-to-deploy", "ecs", "error",
        SERVICE, '"maximumPercent": 200', '"maximumPercent": 100',
        at='"maximumPercent": 100', beside=(TASK,),
    ),
    Mutation(
        "no-room-to-deploy", "ecs", "error",
        SERVICE, '"desiredCount": 2', '"desiredCount": 1',
        at='"maximumPercent": 150', about="rounding", beside=(TASK,),
        given=(Edit(SERVICE, '"maximumPercent": 200', '"maximumPercent": 150'),),
        config='default-environment = "staging"',
    ),
    Mutation(
        "no-room-to-deploy", "kubernetes", "error",
        K8S, "maxUnavailable: 1", "maxUnavailable: 0",
        at="maxUnavailable: 0",
        given=(
            Edit(
                K8S,
                "  replicas: 2\n",
                "  replicas: 2\n  strategy:\n    rollingUpdate:\n"
                "      maxSurge: 0\n      maxUnavailable: 1\n",
            ),
        ),
    ),
    Mutation(
        "no-deployment-circuit-breaker", "ecs", "warning",
        SERVICE, '"rollback": true', '"rollback": false',
        at='"deploymentCircuitBreaker"', about="without rollback", beside=(TASK,),
    ),
    Mutation(
        "no-deployment-circuit-breaker", "ecs", "warning",
        SERVICE,
        ',\n    "deploymentCircuitBreaker": {"enable": true, "rollback": true}', "",
        at='"deploymentConfiguration"', beside=(TASK,),
    ),
    Mutation(
        "missing-health-check-grace", "ecs", "warning",
        SERVICE, '"healthCheckGracePeriodSeconds": 60', '"healthCheckGracePeriodSeconds": 0',
        at='"healthCheckGracePeriodSeconds"', beside=(TASK,), given=(BALANCED, PATIENT_TASK),
    ),
    Mutation(
        "grace-period-too-short", "ecs", "warning",
        TASK, '"--graceful-timeout", "20"', '"--graceful-timeout", "90"',
        at='"name": "bookshop-api"', given=(GUNICORN,),
    ),
    Mutation(
        "grace-period-too-short", "kubernetes", "warning",
        K8S, "seconds: 15", "seconds: 30",
        at="    spec:", given=(PRE_STOP,),
    ),
    Mutation(
        "no-drain", "railway", "warning",
        RAILWAY, '"drainingSeconds": 30', '"drainingSeconds": 0',
        at='"drainingSeconds": 0', given=(DRAINED, TWO_REPLICAS),
    ),
)  # fmt: skip
