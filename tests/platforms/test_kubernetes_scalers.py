"""HorizontalPodAutoscaler in all its versions, ScaledObject and VerticalPodAutoscaler."""

from __future__ import annotations

import json
from textwrap import dedent, indent

import pytest

from lintscale.model.declared import Autoscaler, Metric, StepLimit, VerticalAutoscaler
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.normalise import normalise
from lintscale.syntax import parse


def hpa(spec: str, version: str = "v2", target: str = "kind: Deployment, name: shop") -> Autoscaler:
    text = (
        f"apiVersion: autoscaling/{version}\nkind: HorizontalPodAutoscaler\n"
        "metadata:\n  name: shop\n  namespace: web\n  labels: {env: prod}\n"
        f"spec:\n  scaleTargetRef: {{{target}}}\n{indent(dedent(spec), '  ')}\n"
    )
    return autoscaler(text)


def autoscaler(text: str) -> Autoscaler:
    result = parse(text, "k8s/hpa.yaml", "yaml")
    assert not result.problems
    (document,) = result.documents
    (found,) = normalise(document, document.file).autoscalers
    return found


def metric(spec: str, version: str = "v2") -> Metric:
    (found,) = hpa(spec, version).metrics
    return found


def limits(found: tuple[StepLimit, ...]) -> list[tuple[str, int | None, int | None]]:
    return [(limit.kind, limit.value.value, limit.period_seconds.value) for limit in found]


def line(value: Sourced[object]) -> int:
    assert value.location is not None
    return value.location.line


BOTH = """\
minReplicas: 2
maxReplicas: 10
metrics:
- type: Resource
  resource:
    name: cpu
    target: {type: Utilization, averageUtilization: 70}
- type: Resource
  resource:
    name: memory
    target: {type: Utilization, averageUtilization: 80}
"""


def test_an_hpa_as_a_whole() -> None:
    found = hpa(BOTH)
    assert (found.platform, found.kind, found.name) == (
        "kubernetes",
        "HorizontalPodAutoscaler",
        "shop",
    )
    assert found.labels == {"env": "prod"}
    assert tuple(found.location.span) == (4, 3, 4, 13)
    target = found.target
    assert (target.kind, target.name, target.namespace) == ("Deployment", "shop", "web")
    assert (found.min.value, line(found.min)) == (2, 9)
    assert (found.max.value, line(found.max)) == (10, 10)
    assert found.effective
    (policy,) = found.policies
    assert policy.kind == "target tracking"
    assert [(m.kind, m.name, m.target.value, m.unit) for m in found.metrics] == [
        ("cpu", "cpu", 70.0, "utilization percent"),
        ("memory", "memory", 80.0, "utilization percent"),
    ]


def test_a_metric_stands_where_its_number_does() -> None:
    cpu = hpa(BOTH).metrics[0]
    assert tuple(cpu.location.span) == (15, 35, 15, 57)
    assert cpu.location.path[-2:] == ("target", "averageUtilization")
    assert cpu.target.source is Source.FILE


def test_bounds_that_nobody_wrote() -> None:
    found = hpa("metrics: []")
    assert (found.min.value, found.min.source) == (1, Source.PLATFORM_DEFAULT)
    assert found.min.location is not None
    assert found.min.location.path == ("spec", "minReplicas")
    assert (found.max.value, found.max.source) == (None, None)


@pytest.mark.parametrize("version", ["v1", "v2", "v2beta1", "v2beta2"])
def test_without_metrics_the_api_server_fills_in_80_percent_cpu(version: str) -> None:
    found = metric("maxReplicas: 5", version)
    assert (found.kind, found.unit) == ("cpu", "utilization percent")
    assert (found.target.value, found.target.source) == (80.0, Source.PLATFORM_DEFAULT)
    assert not found.location.present
    assert found.location.path == ("spec", "metrics")


def test_v1() -> None:
    found = metric("maxReplicas: 5\ntargetCPUUtilizationPercentage: 60", "v1")
    assert (found.kind, found.target.value, found.unit) == ("cpu", 60.0, "utilization percent")
    assert tuple(found.location.span) == (10, 3, 10, 37)


def test_v1_keeps_the_rest_in_annotations() -> None:
    kept = [{"type": "Resource", "resource": {"name": "memory", "targetAverageUtilization": 75}}]
    down = {"StabilizationWindowSeconds": 60, "SelectPolicy": "Min", "Tolerance": None}
    behavior = {"ScaleUp": None, "ScaleDown": down}
    prefix = "autoscaling.alpha.kubernetes.io"
    found = autoscaler(
        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: shop\n"
        f"  annotations:\n    {prefix}/metrics: '{json.dumps(kept)}'\n"
        f"    {prefix}/behavior: '{json.dumps(behavior)}'\n"
        "spec:\n  scaleTargetRef: {kind: Deployment, name: shop}\n  maxReplicas: 4\n"
        "  targetCPUUtilizationPercentage: 60\n"
    )
    assert [(m.kind, m.target.value) for m in found.metrics] == [("cpu", 60.0), ("memory", 75.0)]
    assert found.metrics[1].location.line == 6
    window = found.policies[0].scale_in.cooldown_seconds
    assert (window.value, line(window)) == (60, 7)
    assert found.policies[0].scale_in.select.value == "Min"


def test_an_annotation_that_is_no_json_hides_metrics() -> None:
    found = autoscaler(
        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: shop\n"
        "  annotations: {autoscaling.alpha.kubernetes.io/metrics: '[{\"type'}\n"
        "spec: {scaleTargetRef: {kind: Deployment, name: shop}, maxReplicas: 4}\n"
    )
    assert [(m.kind, m.target.unknown) for m in found.metrics] == [("unknown", True)]


@pytest.mark.parametrize(
    ("item", "kind", "name", "value", "unit"),
    [
        (
            "{type: Resource, resource: {name: cpu, target: {type: AverageValue, "
            "averageValue: 250m}}}",
            "cpu",
            "cpu",
            0.25,
            "average value",
        ),
        (
            "{type: Resource, resource: {name: memory, target: {type: AverageValue, "
            "averageValue: 1Gi}}}",
            "memory",
            "memory",
            float(1024**3),
            "average value",
        ),
        (
            "{type: Pods, pods: {metric: {name: http_requests}, target: {type: AverageValue, "
            "averageValue: 1k}}}",
            "pods",
            "http_requests",
            1000.0,
            "average value",
        ),
        (
            "{type: Object, object: {metric: {name: hits}, describedObject: {kind: Ingress, "
            "name: shop}, target: {type: Value, value: '2500m'}}}",
            "object",
            "hits",
            2.5,
            "value",
        ),
        (
            "{type: External, external: {metric: {name: queue_length}, target: {type: "
            "AverageValue, averageValue: 30}}}",
            "external",
            "queue_length",
            30.0,
            "average value",
        ),
        (
            "{type: External, external: {metric: {name: lag}, target: {type: Value, value: 9, "
            "averageValue: 30}}}",
            "external",
            "lag",
            9.0,
            "value",
        ),
        # v2beta1
        (
            "{type: Resource, resource: {name: cpu, targetAverageUtilization: 65}}",
            "cpu",
            "cpu",
            65.0,
            "utilization percent",
        ),
        (
            "{type: Resource, resource: {name: memory, targetAverageValue: 200Mi}}",
            "memory",
            "memory",
            200.0 * 1024**2,
            "average value",
        ),
        (
            "{type: Pods, pods: {metricName: packets, targetAverageValue: 1k}}",
            "pods",
            "packets",
            1000.0,
            "average value",
        ),
        (
            "{type: Object, object: {metricName: hits, target: {kind: Service, name: shop}, "
            "targetValue: 100}}",
            "object",
            "hits",
            100.0,
            "value",
        ),
        (
            "{type: External, external: {metricName: lag, targetAverageValue: 7}}",
            "external",
            "lag",
            7.0,
            "average value",
        ),
        # what is written decides where the type is left out
        (
            "{resource: {name: cpu, target: {averageUtilization: 65}}}",
            "cpu",
            "cpu",
            65.0,
            "utilization percent",
        ),
    ],
)
def test_every_metric_shape(item: str, kind: str, name: str, value: float, unit: str) -> None:
    found = metric(f"maxReplicas: 5\nmetrics:\n- {item}")
    assert (found.kind, found.name, found.target.value, found.unit) == (kind, name, value, unit)
    assert found.target.written
    assert found.location == found.target.location


def test_container_resource() -> None:
    found = metric(
        "metrics:\n- type: ContainerResource\n  containerResource:\n    name: cpu\n"
        "    container: backend\n    target: {type: Utilization, averageUtilization: 60}"
    )
    assert (found.kind, found.container, found.target.value) == ("cpu", "backend", 60.0)


@pytest.mark.parametrize(
    "item",
    ["cpu", "{type: Resource}", "{type: Resource, resource: cpu}", "[]", "{}", "{type: [a]}"],
)
def test_a_metric_that_cannot_be_read_is_unknown(item: str) -> None:
    found = metric(f"metrics:\n- {item}")
    assert (found.kind, found.target.unknown) == ("unknown", True)


def test_metrics_behind_a_placeholder_are_unknown_not_the_default() -> None:
    found = metric("metrics: ${METRICS}")
    assert found.target.unknown


def test_a_metric_without_its_number() -> None:
    found = metric(
        "metrics:\n- type: Resource\n  resource: {name: cpu, target: {type: Utilization}}"
    )
    assert (found.target.value, found.target.source) == (None, None)
    assert found.unit == "utilization percent"
    assert found.location.line == 10
    placeholder = metric(
        "metrics:\n- type: Resource\n  resource:\n    name: cpu\n"
        "    target: {type: Utilization, averageUtilization: '${CPU}'}"
    )
    assert placeholder.target.unknown


# -- targets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "kind", "name", "written"),
    [
        ("apiVersion: apps/v1, kind: Deployment, name: shop", "Deployment", "shop", ""),
        ("kind: Deployment, name: shop", "Deployment", "shop", ""),
        ("apiVersion: v1, kind: Deployment, name: shop", "Deployment", "shop", ""),
        ("apiVersion: extensions/v1beta1, kind: Deployment, name: shop", "Deployment", "shop", ""),
        ("apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop", "Rollout", "shop", ""),
        ("apiVersion: x.io/v1, kind: Deployment, name: shop", "Deployment.x.io", "shop", ""),
        ("apiVersion: x.io/v1, kind: Broker, name: shop", "Broker", "shop", ""),
        ("kind: Deployment, name: '${APP}'", "Deployment", None, "${APP}"),
        ("kind: '${KIND}', name: shop", "", "shop", ""),
        ("kind: Deployment", "Deployment", None, ""),
    ],
)
def test_what_an_autoscaler_points_at(
    target: str, kind: str, name: str | None, written: str
) -> None:
    found = hpa("maxReplicas: 3", target=target).target
    assert (found.kind, found.name, found.text) == (kind, name, written)
    assert found.location is not None
    assert found.location.line == 8


# -- behavior -------------------------------------------------------------------------------------


def test_without_behavior() -> None:
    (policy,) = hpa("maxReplicas: 5").policies
    out, scale_in = policy.scale_out, policy.scale_in
    for direction, window in ((out, 0), (scale_in, 300)):
        assert direction.cooldown_kind == "stabilization window"
        assert (direction.cooldown_seconds.value, direction.cooldown_seconds.source) == (
            window,
            Source.PLATFORM_DEFAULT,
        )
        assert (direction.select.value, direction.disabled.value) == ("Max", False)
    assert limits(out.limits) == [("percent", 100, 15)]
    assert limits(scale_in.limits) == []
    location = scale_in.cooldown_seconds.location
    assert location is not None
    assert location.path == ("spec", "behavior", "scaleDown", "stabilizationWindowSeconds")
    assert (location.line, location.present) == (7, False)


@pytest.mark.parametrize("behavior", ["{}", "{scaleUp: {selectPolicy: Min}}"])
def test_any_behavior_brings_the_other_defaults(behavior: str) -> None:
    (policy,) = hpa(f"maxReplicas: 5\nbehavior: {behavior}").policies
    assert limits(policy.scale_out.limits) == [("instances", 4, 15), ("percent", 100, 15)]
    assert limits(policy.scale_in.limits) == [("percent", 100, 15)]
    assert policy.scale_in.cooldown_seconds.value == 300
    assert all(limit.value.source is Source.PLATFORM_DEFAULT for limit in policy.scale_in.limits)


def test_written_behavior() -> None:
    (policy,) = hpa(
        """\
        behavior:
          scaleDown:
            stabilizationWindowSeconds: 600
            policies:
            - {type: Percent, value: 50, periodSeconds: 60}
            - {type: Pods, value: 2, periodSeconds: 30}
            selectPolicy: Min
          scaleUp:
            stabilizationWindowSeconds: 0
            selectPolicy: Disabled
        """
    ).policies
    scale_in = policy.scale_in
    assert (scale_in.cooldown_seconds.value, line(scale_in.cooldown_seconds)) == (600, 11)
    assert limits(scale_in.limits) == [("percent", 50, 60), ("instances", 2, 30)]
    assert (scale_in.select.value, scale_in.disabled.value) == ("Min", False)
    assert scale_in.location is not None
    assert scale_in.location.line == 10
    out = policy.scale_out
    assert (out.cooldown_seconds.value, out.cooldown_seconds.source) == (0, Source.FILE)
    assert (out.disabled.value, out.disabled.source) == (True, Source.FILE)


@pytest.mark.parametrize(
    "behavior",
    ["${BEHAVIOR}", "{scaleDown: '${DOWN}'}", "{scaleDown: {stabilizationWindowSeconds: '${W}'}}"],
)
def test_behavior_behind_a_placeholder_is_unknown(behavior: str) -> None:
    (policy,) = hpa(f"behavior: {behavior}").policies
    assert policy.scale_in.cooldown_seconds.unknown


# -- KEDA -----------------------------------------------------------------------------------------


def scaled_object(spec: str, head: str = "") -> Autoscaler:
    return autoscaler(
        "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: shop\n"
        f"{head}spec:\n{indent(dedent(spec), '  ')}\n"
    )


def test_scaled_object_defaults() -> None:
    found = scaled_object("scaleTargetRef: {name: shop}\ntriggers: []")
    assert (found.kind, found.target.kind, found.target.name) == (
        "ScaledObject",
        "Deployment",
        "shop",
    )
    assert (found.min.value, found.min.source) == (0, Source.PLATFORM_DEFAULT)
    assert (found.max.value, found.max.source) == (100, Source.PLATFORM_DEFAULT)
    assert found.metrics == ()


def test_scaled_object_in_full() -> None:
    found = scaled_object(
        """\
        scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: ledger}
        minReplicaCount: 2
        maxReplicaCount: 20
        cooldownPeriod: 30
        pollingInterval: 15
        advanced:
          horizontalPodAutoscalerConfig:
            behavior:
              scaleDown: {stabilizationWindowSeconds: 120}
        triggers:
        - type: cpu
          metricType: Utilization
          metadata: {value: "70"}
        - type: memory
          metadata: {type: AverageValue, value: 512Mi, containerName: app}
        - type: rabbitmq
          metadata: {queueName: orders, mode: QueueLength, value: "25"}
        - type: prometheus
          metricType: Value
          metadata: {query: up, threshold: "12.5"}
        - type: kafka
          metadata: {topic: orders, lagThreshold: '${LAG}'}
        - type: cron
          metadata: {start: 0 8 * * *, desiredReplicas: "5"}
        - type: external
          metadata: {scalerAddress: "scaler:80"}
        """
    )
    assert (found.min.value, found.max.value) == (2, 20)
    assert found.target.kind == "StatefulSet"
    assert [(m.kind, m.name, m.target.value, m.unit) for m in found.metrics] == [
        ("cpu", "cpu", 70.0, "utilization percent"),
        ("memory", "memory", 512.0 * 1024**2, "average value"),
        ("queue", "rabbitmq", 25.0, "average value"),
        ("prometheus", "prometheus", 12.5, "value"),
        ("queue", "kafka", None, "average value"),
        ("cron", "cron", 5.0, "average value"),
        ("external", "external", None, "average value"),
    ]
    assert found.metrics[1].container == "app"
    assert found.metrics[4].target.unknown
    assert found.metrics[6].target.source is None
    assert found.metrics[0].location.line == 18
    (policy,) = found.policies
    # cooldownPeriod is for the step to zero; scale-in is damped by the HPA's window.
    assert (policy.scale_in.cooldown_seconds.value, policy.scale_in.cooldown_kind) == (
        120,
        "stabilization window",
    )
    assert policy.scale_out.cooldown_seconds.value == 0


def test_the_idle_count_is_the_floor() -> None:
    found = scaled_object("scaleTargetRef: {name: a}\nidleReplicaCount: 0\nminReplicaCount: 3")
    assert (found.min.value, found.min.source) == (0, Source.FILE)


KEDA = "autoscaling.keda.sh"


@pytest.mark.parametrize(
    ("annotation", "effective", "count", "source"),
    [
        (f"{KEDA}/paused: 'true'", False, None, Source.FILE),
        (f"{KEDA}/paused: 'yes'", False, None, Source.FILE),  # as KEDA reads it
        (f"{KEDA}/paused: 'F'", True, None, None),
        (f"{KEDA}/paused: '${{PAUSED}}'", True, None, None),
        (f"{KEDA}/paused-replicas: '2'", False, 2, Source.FILE),
        (f"{KEDA}/paused-replicas: '0', {KEDA}/paused: 'true'", False, 0, Source.FILE),
        (f"{KEDA}/paused-replicas: '${{COUNT}}'", False, None, Source.FILE),
        ("team: storefront", True, None, None),
    ],
)
def test_paused(annotation: str, effective: bool, count: int | None, source: Source | None) -> None:
    found = scaled_object("scaleTargetRef: {name: a}", f"  annotations: {{{annotation}}}\n")
    assert found.effective is effective
    assert (found.ineffective_reason == "") is effective
    assert (found.paused_at.value, found.paused_at.source) == (count, source)


@pytest.mark.parametrize(
    ("annotation", "disabled"),
    [
        ("paused-scale-in: 'true'", (False, True)),
        ("paused-scale-down: 'true'", (False, True)),
        ("paused-scale-out: 'true'", (True, False)),
        ("paused-scale-out: 'false'", (False, False)),
    ],
)
def test_paused_in_one_direction(annotation: str, disabled: tuple[bool, bool]) -> None:
    found = scaled_object("scaleTargetRef: {name: a}", f"  annotations: {{{KEDA}/{annotation}}}\n")
    assert found.effective
    (policy,) = found.policies
    assert (policy.scale_out.disabled.value, policy.scale_in.disabled.value) == disabled


@pytest.mark.parametrize(
    ("least", "at_work"), [("", 0), ("minReplicaCount: 0", 1), ("minReplicaCount: 3", 3)]
)
def test_what_an_idle_count_has_to_stay_below(least: str, at_work: int) -> None:
    found = scaled_object(f"scaleTargetRef: {{name: a}}\nidleReplicaCount: 0\n{least}")
    assert (found.idle.value, found.min_active.value) == (0, at_work)


def test_keda_1() -> None:
    found = autoscaler(
        "apiVersion: keda.k8s.io/v1alpha1\nkind: ScaledObject\nmetadata: {name: shop}\n"
        "spec: {scaleTargetRef: {deploymentName: shop}}\n"
    )
    assert (found.target.kind, found.target.name) == ("Deployment", "shop")


@pytest.mark.parametrize("triggers", ["${TRIGGERS}", "[cpu]"])
def test_triggers_that_cannot_be_read(triggers: str) -> None:
    found = scaled_object(f"scaleTargetRef: {{name: a}}\ntriggers: {triggers}")
    assert [m.target.unknown for m in found.metrics] == [True]


# -- VPA ------------------------------------------------------------------------------------------


def vpa(spec: str) -> VerticalAutoscaler:
    text = (
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\n"
        "metadata: {name: shop, namespace: web}\n"
        f"spec:\n  targetRef: {{apiVersion: apps/v1, kind: Deployment, name: shop}}\n"
        f"{indent(dedent(spec), '  ')}\n"
    )
    (document,) = parse(text, "k8s/vpa.yaml", "yaml").documents
    (found,) = normalise(document, document.file).vertical_autoscalers
    return found


def test_vpa() -> None:
    found = vpa("updatePolicy: {updateMode: 'Off'}")
    assert (found.name, found.namespace, found.target.name) == ("shop", "web", "shop")
    assert (found.mode.value, found.mode.source) == ("Off", Source.FILE)
    assert found.resources == ("cpu", "memory")
    default = vpa("").mode
    assert (default.value, default.source) == ("Recreate", Source.PLATFORM_DEFAULT)


@pytest.mark.parametrize(
    ("policies", "resources"),
    [
        ("[{containerName: '*', controlledResources: [memory]}]", ("memory",)),
        ("[{containerName: proxy, mode: 'Off'}]", ("cpu", "memory")),
        ("[{containerName: '*', mode: 'Off'}]", ()),
        (
            "[{containerName: '*', mode: 'Off'}, {containerName: a, controlledResources: [cpu]}]",
            ("cpu",),
        ),
        ("[{containerName: a}]", ("cpu", "memory")),
        ("<POLICIES>", ("cpu", "memory")),
    ],
)
def test_what_a_vpa_sets(policies: str, resources: tuple[str, ...]) -> None:
    assert vpa(f"resourcePolicy: {{containerPolicies: {policies}}}").resources == resources


# -- what a metric is measured on, and how far it may be off --------------------------------------


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("{type: Resource, resource: {name: cpu}}", "containers"),
        ("{type: ContainerResource, containerResource: {name: cpu, container: app}}", "containers"),
        ("{type: Pods, pods: {metric: {name: rps}}}", "instances"),
        ("{type: Object, object: {metric: {name: rps}}}", "elsewhere"),
        ("{type: External, external: {metric: {name: letters}}}", "elsewhere"),
        ("${METRIC}", ""),
    ],
)
def test_where_a_metric_is_measured(item: str, expected: str) -> None:
    assert metric(f"maxReplicas: 4\nmetrics:\n- {item}\n").measured_on == expected


@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        ("", 10),
        ("behavior: {scaleUp: {stabilizationWindowSeconds: 30}}\n", 10),
        ('behavior: {scaleUp: {tolerance: "0.05"}}\n', 5),
        ("behavior: {scaleUp: {tolerance: 0.2}}\n", 20),
        ("behavior: {scaleUp: {tolerance: 50m}}\n", 5),
        ("behavior: {scaleUp: {tolerance: much}}\n", None),
    ],
)
def test_tolerance(behavior: str, expected: float | None) -> None:
    (policy,) = hpa(f"maxReplicas: 4\n{behavior}").policies
    assert policy.scale_out.tolerance_percent.value == (
        None if expected is None else pytest.approx(expected)
    )


def keda(spec: str, annotations: str = "{}") -> Autoscaler:
    return autoscaler(
        "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n"
        f"metadata: {{name: shop, annotations: {annotations}}}\n"
        f"spec:\n  scaleTargetRef: {{name: shop}}\n{indent(dedent(spec), '  ')}\n"
    )


CPU_TRIGGER = '{type: cpu, metricType: Utilization, metadata: {value: "70"}}'
QUEUE_TRIGGER = '{type: rabbitmq, metadata: {queueName: letters, value: "50"}}'


@pytest.mark.parametrize(
    ("triggers", "floor"),
    [(CPU_TRIGGER, 2), (QUEUE_TRIGGER, 0), (f"{CPU_TRIGGER}, {QUEUE_TRIGGER}", 0)],
)
def test_what_is_always_in_use_never_goes_idle(triggers: str, floor: int) -> None:
    scaler = keda(f"minReplicaCount: 2\nidleReplicaCount: 0\ntriggers: [{triggers}]")
    assert scaler.min.value == floor


def test_keda_may_take_an_autoscaler_over() -> None:
    spec = "advanced: {horizontalPodAutoscalerConfig: {name: shop-hpa}}\ntriggers: []"
    transfer = '{scaledobject.keda.sh/transfer-hpa-ownership: "true"}'
    assert keda(spec, transfer).replaces == "shop-hpa"
    assert keda(spec).replaces == ""
    assert keda("triggers: []", transfer).replaces == ""


@pytest.mark.parametrize(
    ("triggers", "low", "expected"),
    [
        (CPU_TRIGGER, 0, True),
        (CPU_TRIGGER, 1, False),
        (QUEUE_TRIGGER, 0, False),
        (f"{CPU_TRIGGER}, {QUEUE_TRIGGER}", 0, False),
        ("", 0, False),
        ('"${TRIGGER}"', 0, False),
    ],
)
def test_stuck_at_zero(triggers: str, low: int, expected: bool) -> None:
    assert keda(f"minReplicaCount: {low}\ntriggers: [{triggers}]").stuck_at_zero is expected


def test_the_share_that_governs() -> None:
    def governing(behavior: str) -> tuple[int | None, int | None] | None:
        (policy,) = hpa(f"maxReplicas: 4\nbehavior: {{scaleDown: {behavior}}}\n").policies
        share = policy.scale_in.governing_share
        return None if share is None else (share.value.value, share.period_seconds.value)

    slow, fast = (
        "{type: Percent, value: 200, periodSeconds: 600}",
        ("{type: Percent, value: 100, periodSeconds: 15}"),
    )
    pods = "{type: Pods, value: 1, periodSeconds: 60}"
    assert governing(f"{{policies: [{slow}, {fast}, {pods}]}}") == (100, 15)
    assert governing(f"{{policies: [{slow}, {fast}], selectPolicy: Min}}") == (200, 600)
    assert governing(f"{{policies: [{fast}, {pods}], selectPolicy: Min}}") is None
    assert governing(f"{{policies: [{fast}], selectPolicy: Disabled}}") is None
    assert governing(f"{{policies: [{pods}]}}") is None
    # The default of a behavior that names no policies.
    assert governing("{stabilizationWindowSeconds: 60}") == (100, 15)
