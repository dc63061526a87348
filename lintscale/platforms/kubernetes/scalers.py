"""HorizontalPodAutoscaler, VerticalPodAutoscaler and KEDA's ScaledObject.

A ScaledObject is an HPA between one pod and many, and KEDA itself between none and one. Its
defaults: kedacore/keda, apis/keda/v1alpha1/scaledobject_types.go (read Aug 2026).
``cooldownPeriod`` and ``pollingInterval`` have no place in the model: they govern only the step to
and from zero; what damps scale-in is the window of the HPA that KEDA makes.
"""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import (
    Autoscaler,
    Metric,
    Reference,
    ScalingBehavior,
    ScalingPolicy,
    VerticalAutoscaler,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.kubernetes.hpa_spec import (
    AVERAGE,
    UTILIZATION,
    VALUE,
    amount_reader,
    default_metric,
    listed_metrics,
    scaling_behavior,
    written_metrics,
)
from lintscale.platforms.kubernetes.manifest import Manifest, reference, unknown
from lintscale.syntax import parse
from lintscale.syntax.document import derived
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.nodes import Scalar

_METRICS_ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics"
_BEHAVIOR_ANNOTATION = "autoscaling.alpha.kubernetes.io/behavior"
"""Where autoscaling/v1 keeps what it has no fields for (pkg/apis/autoscaling/annotations.go and
v1/conversion.go, read Aug 2026), as in files that were exported from a cluster."""


def horizontal(manifest: Manifest) -> Autoscaler:
    """An HPA of any API version. It scales in by a window over its recommendations, and knows
    no cooldown. It does nothing where the count is 0 and it has not set that itself
    (pkg/controller/podautoscaler/horizontal.go, ``reconcileAutoscaler``, read Aug 2026)."""
    spec = manifest.spec
    behavior = spec.get("behavior")
    if not behavior.present:
        behavior = _annotated(manifest, _BEHAVIOR_ANNOTATION) or behavior
    scale_out, scale_in = scaling_behavior(behavior)
    found = written_metrics(spec)
    annotated = _annotated(manifest, _METRICS_ANNOTATION)
    if annotated is not None:
        found = (*found, *listed_metrics(annotated))
    policy = ScalingPolicy(
        kind="target tracking",
        name=manifest.name,
        metrics=found or (default_metric(spec),),
        scale_out=scale_out,
        scale_in=scale_in,
        location=manifest.location,
    )
    return Autoscaler(
        platform="kubernetes",
        kind=manifest.kind,
        name=manifest.name,
        target=reference(spec.get("scaleTargetRef"), manifest.namespace),
        min=spec.get("minReplicas").integer(1, "the default minimum of an HPA is 1"),
        max=spec.get("maxReplicas").integer(),
        policies=(policy,),
        location=manifest.location,
        labels=manifest.labels,
        stops_at_zero=True,
    )


def vertical(manifest: Manifest) -> VerticalAutoscaler:
    """A VPA. Default mode: ``PodUpdatePolicy`` in kubernetes/autoscaler, vertical-pod-autoscaler/
    pkg/apis/autoscaling.k8s.io/v1/types.go (read Aug 2026); it was called Auto before, and did
    the same."""
    spec = manifest.spec
    return VerticalAutoscaler(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        target=reference(spec.get("targetRef"), manifest.namespace),
        mode=spec.get("updatePolicy", "updateMode").text(
            "Recreate", "the default update mode of a VPA"
        ),
        location=manifest.location,
        resources=_controlled(spec.get("resourcePolicy", "containerPolicies")),
    )


def _controlled(policies: Field) -> tuple[str, ...]:
    """The resources that a VPA sets for at least one container. A container without a policy of
    its own, or of everyone's ("*"), has both set."""
    controlled: set[str] = set()
    default_off = False
    any_on = False
    for policy in policies.items():
        if policy.get("mode").string() == "Off":
            default_off = default_off or policy.get("containerName").string() == "*"
            continue
        any_on = True
        listed = policy.get("controlledResources")
        if listed.is_sequence:
            controlled |= {item.string() or "" for item in listed.items()}
        else:
            controlled |= {"cpu", "memory"}
    if not any_on and not default_off:
        controlled = {"cpu", "memory"}
    return tuple(sorted(controlled & {"cpu", "memory"}))


def _annotated(manifest: Manifest, key: str) -> Field | None:
    """The JSON in an annotation as a field whose every part stands where the annotation does."""
    annotation = manifest.annotations.get(key)
    text = annotation.string()
    if not text:
        return None
    documents = parse(text, annotation.document.file, "yaml").documents
    span = annotation.location.span
    node = annotation.node
    if documents and documents[0].root is not None:
        node = derived(documents[0], span=lambda _: span, key=_in_lower_case).root
    return Field(annotation.document, annotation.path, node, span, span)


def _in_lower_case(key: Scalar) -> Scalar:
    """The key with a small first letter: the API server writes the names of its own structures
    (``ScaleUp``), and reads both."""
    value = key.value
    if isinstance(value, str):
        value = value[:1].lower() + value[1:]
    return Scalar(value, key.text[:1].lower() + key.text[1:], key.span, key.quoted)


# -- KEDA --------------------------------------------------------------------------------------

_QUEUES = frozenset(
    {
        "activemq", "apache-kafka", "artemis-queue", "aws-sqs-queue", "azure-eventhub",
        "azure-queue", "azure-servicebus", "beanstalkd", "gcp-cloudtasks", "gcp-pubsub", "ibmmq",
        "kafka", "liiklus", "nats-jetstream", "nsq", "pulsar", "rabbitmq", "redis",
        "redis-cluster", "redis-cluster-streams", "redis-sentinel", "redis-sentinel-streams",
        "redis-streams", "solace-direct-messaging", "solace-event-queue", "stan", "temporal",
    }
)  # fmt: skip
"""Scalers that look at how much work waits (pkg/scaling/scalers_builder.go, read Aug 2026)."""

_TARGET_KEYS = (
    "value", "threshold", "thresholdValue", "targetValue", "targetMetricValue",
    "targetQueryValue", "queryValue", "queueLength", "targetQueueSize", "queueDepth",
    "depthThreshold", "messageCount", "messageCountTarget", "lagThreshold", "lagCount",
    "listLength", "streamLength", "pendingEntriesCount", "msgBacklogThreshold",
    "subscriptionSize", "unprocessedEventThreshold", "shardCount", "blobCount", "objectCount",
    "changeFeedLagThreshold", "messageReceiveRateTarget", "messageSpoolUsageTarget",
    "queuedMessagesFactor", "targetObjectCount", "targetPipelinesQueueLength",
    "targetWorkflowQueueLength", "desiredReplicas",
)  # fmt: skip
"""What scalers call the number they aim at (pkg/scalers, read Aug 2026); each knows one or two."""

_UNITS = {"Utilization": UTILIZATION, "AverageValue": AVERAGE, "Value": VALUE}


def scaled_object(manifest: Manifest) -> Autoscaler:
    """A ScaledObject; its floor is ``idleReplicaCount`` where that is written."""
    spec = manifest.spec
    scale_out, scale_in = scaling_behavior(
        spec.get("advanced", "horizontalPodAutoscalerConfig", "behavior")
    )
    scale_out = _paused_direction(scale_out, manifest, "paused-scale-out")
    scale_in = _paused_direction(scale_in, manifest, "paused-scale-in", "paused-scale-down")
    triggers = spec.get("triggers")
    if triggers.present and not triggers.is_sequence:
        found: tuple[Metric, ...] = (_hidden(triggers),)
    else:
        found = tuple(_metric(item) for item in triggers.items())
    policy = ScalingPolicy(
        kind="target tracking",
        name=manifest.name,
        metrics=found,
        scale_out=scale_out,
        scale_in=scale_in,
        location=manifest.location,
    )
    paused, paused_at = _pause(manifest)
    idle, least = spec.get("idleReplicaCount"), spec.get("minReplicaCount")
    # CPU and memory are always in use, so that on these alone nothing ever goes idle.
    may_idle = not found or any(metric.measured_on != "containers" for metric in found)
    floor = idle if idle.present and may_idle else least
    return Autoscaler(
        platform="kubernetes",
        kind=manifest.kind,
        name=manifest.name,
        target=_target(manifest),
        min=floor.integer(0, "the default minReplicaCount of KEDA is 0"),
        max=spec.get("maxReplicaCount").integer(
            100, "KEDA goes up to 100 pods unless maxReplicaCount says otherwise"
        ),
        policies=(policy,),
        location=manifest.location,
        effective=not paused,
        ineffective_reason=paused,
        labels=manifest.labels,
        replaces=_replaced(manifest),
        makes=_made(manifest),
        paused_at=paused_at,
        idle=idle.integer(),
        min_active=_at_work(least) if idle.present else ABSENT,
    )


def _at_work(least: Field) -> Sourced[int]:
    """The minimum that an idle count has to stay below (apis/keda/v1alpha1/scaledobject_types.go,
    ``CheckReplicaCountBoundsAreValid``, read Dec 2026): a 0 that is written counts as 1."""
    count = least.integer(0, "the default minReplicaCount of KEDA is 0")
    return replace(count, value=1) if count.written and count.value == 0 else count


def _made(manifest: Manifest) -> str:
    """The name of the HPA that KEDA makes (kedacore/keda, controllers/keda/hpa.go, ``getHPAName``,
    read Dec 2026); "" where a placeholder hides it."""
    written = manifest.spec.get("advanced", "horizontalPodAutoscalerConfig", "name")
    name = written.string() if written.present else f"keda-hpa-{manifest.name}"
    return "" if not name or has_placeholder(name) else name


def _replaced(manifest: Manifest) -> str:
    """The HPA that KEDA takes over, by its name (apis/keda/v1alpha1/
    scaledobject_webhook.go, ``verifyHpas``, read Aug 2026)."""
    wanted = manifest.annotations.get("scaledobject.keda.sh/transfer-hpa-ownership").string()
    if wanted != "true":
        return ""
    return manifest.spec.get("advanced", "horizontalPodAutoscalerConfig", "name").string() or ""


def _target(manifest: Manifest) -> Reference:
    """``deploymentName`` is what keda.k8s.io/v1alpha1, KEDA 1, had."""
    target = manifest.spec.get("scaleTargetRef")
    old = target.get("deploymentName")
    found = reference(target, manifest.namespace, default_kind="Deployment")
    if target.get("name").present or not old.present:
        return found
    return replace(found, name=old.text().value, location=old.location, text="")


_ANNOTATION = "autoscaling.keda.sh/"
_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})
"""Go's ``strconv.ParseBool``; KEDA takes any other text for true (apis/keda/v1alpha1/
scaledobject_types.go, ``getBoolAnnotation``, read Dec 2026)."""


def _pause(manifest: Manifest) -> tuple[str, Sourced[int]]:
    """Why it is paused, "" where it is not, and at which count: ``paused-replicas`` sets one and
    wins over ``paused``, which leaves the count as it is."""
    count = manifest.annotations.get(f"{_ANNOTATION}paused-replicas")
    if count.present:
        return f"the annotation {_ANNOTATION}paused-replicas pauses it", count.integer()
    paused = _switched_on(manifest, "paused")
    if paused is None:
        return "", ABSENT
    number: Sourced[int] = unknown(paused, "the count that it has when it is paused")
    return f"the annotation {_ANNOTATION}paused pauses it", number


def _switched_on(manifest: Manifest, name: str) -> Field | None:
    """KEDA's annotation of that name, where it is set and not false."""
    field = manifest.annotations.get(f"{_ANNOTATION}{name}")
    text = field.string()
    return field if text is not None and text not in _FALSE and not has_placeholder(text) else None


def _paused_direction(
    behavior: ScalingBehavior, manifest: Manifest, *names: str
) -> ScalingBehavior:
    """The HPA that KEDA makes has selectPolicy Disabled in a direction that is paused
    (keda.sh/docs, "Scaling Deployments", read Dec 2026)."""
    for name in names:
        paused = _switched_on(manifest, name)
        if paused is not None:
            reason = f"the annotation {_ANNOTATION}{name}"
            return replace(behavior, disabled=Sourced(True, Source.FILE, paused.location, reason))
    return behavior


def _metric(trigger: Field) -> Metric:
    if not trigger.is_mapping:
        return _hidden(trigger)
    name = trigger.get("type").string() or ""
    settings = trigger.get("metadata")
    of_resource = name in ("cpu", "memory")
    place = settings.get("value") if of_resource else settings.first(*_TARGET_KEYS)
    written = trigger.get("metricType").string() or (
        settings.get("type").string() if of_resource else None
    )
    unit = _UNITS.get(written or "", UTILIZATION if of_resource else AVERAGE)
    target: Sourced[float]
    if place.present:
        target = amount_reader(unit, name if of_resource else "")(place)
    else:
        target = Sourced(None, None, place.location)
    return Metric(
        kind="queue" if name in _QUEUES else name.lower() or "unknown",
        name=trigger.get("name").string() or name,
        target=target,
        unit=unit,
        location=place.location if place.present else trigger.location,
        container=(settings.get("containerName").string() or "") if of_resource else "",
        measured_on="containers" if of_resource else "elsewhere" if name else "",
    )


def _hidden(field: Field) -> Metric:
    return Metric("unknown", "", unknown(field, "not a trigger"), "", field.location)
