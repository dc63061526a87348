"""Services: create-service's and update-service's input, describe-services' output."""

from __future__ import annotations

import re

from lintscale.model.declared import Placement, Rollout, Workload
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.ecs.names import (
    child,
    cluster,
    family_reference,
    file_stem,
    first_child,
    key_set,
    known_text,
    tags,
    without_arn,
)
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

KIND = "service"

DEFAULT_MAXIMUM_PERCENT = 200
DEFAULT_MINIMUM_HEALTHY_PERCENT = 100
DAEMON_MAXIMUM_PERCENT = 100
DAEMON_MINIMUM_HEALTHY_PERCENT = 0
"""ECS API reference, DeploymentConfiguration, read Aug 2026: what the API and the CLI take when
a service says nothing; the console writes other values of its own."""

_SPOT_PROVIDER = regex(r"(?<![A-Za-z])(?:spot|SPOT)(?![A-Za-z])|(?<![A-Z])Spot(?![a-z])")
_OTHER_PROVIDER = regex(r"on[-_]?demand|mix|(?<![a-z])(?:no|non|not)[-_]?spot", re.IGNORECASE)
"""Names of capacity providers: FARGATE_SPOT is AWS's own; those of Auto Scaling groups are the
user's, and where a group is all spot instances the name usually has the word."""


def service(field: Field, file_name: str) -> Workload:
    """A service; its containers stand in the task definition that it names."""
    name = first_child(field, "serviceName", "service")
    is_update = "service" in key_set(field.node) and "serviceName" not in key_set(field.node)
    is_daemon = known_text(child(field, "schedulingStrategy")).upper() == "DAEMON"
    desired = child(field, "desiredCount").integer()
    load_balanced = _load_balanced(field, is_update)
    in_service_connect = _in_service_connect(field)
    its_cluster = cluster(field)
    return Workload(
        platform="ecs",
        kind=KIND,
        name=without_arn(name.string() or "") or file_stem(file_name),
        location=name.location if name.present else field.location,
        role="daemon" if is_daemon else "service",
        labels=tags(child(field, "tags")),
        namespace=its_cluster,
        object_labels={"cluster": its_cluster} if its_cluster else {},
        replicas=desired,
        count_known=desired.source is not None,
        health_check_grace_seconds=_grace(field, is_update),
        serves_traffic=True if load_balanced or in_service_connect else None,
        load_balanced=load_balanced,
        addressed=in_service_connect
        or any(True for _ in child(field, "serviceRegistries").items()),
        detailed_metrics=_detailed_metrics(field, is_update),
        rollout=_rollout(field, is_update=is_update, is_daemon=is_daemon),
        placement=Placement(zones=_subnets(field), spot_only=_spot_only(field)),
        template=family_reference(child(field, "taskDefinition")),
    )


# -- traffic --------------------------------------------------------------------------------------


def _load_balanced(field: Field, is_update: bool) -> bool | None:
    """Whether target groups ask the tasks for their health. An update that does not name them
    leaves them as they are."""
    lists = [child(field, "loadBalancers"), child(field, "vpcLatticeConfigurations")]
    if any(any(True for _ in entry.items()) for entry in lists):
        return True
    if any(entry.present and not entry.is_sequence for entry in lists):
        return None
    return None if is_update and not lists[0].present else False


def _grace(field: Field, is_update: bool) -> Sourced[int]:
    """An update that does not name it leaves it as it is."""
    grace = child(field, "healthCheckGracePeriodSeconds")
    if is_update:
        return grace.integer()
    return grace.integer(0, "without a grace period ECS counts failed health checks from the start")


def _in_service_connect(field: Field) -> bool:
    """A service that only calls others through Service Connect lists no services of its own."""
    connect = child(field, "serviceConnectConfiguration")
    is_enabled = child(connect, "enabled").boolean().value
    return is_enabled is True and any(True for _ in child(connect, "services").items())


_METRIC_KINDS = {"CPUUtilization": "cpu", "MemoryUtilization": "memory"}
_DETAILED_SECONDS = 20
"""``monitoring.metricConfigurations`` of CreateService and UpdateService: metrics are published
every 60 seconds, or every 20 (botocore 1.44.8)."""


def _detailed_metrics(field: Field, is_update: bool) -> tuple[str, ...] | None:
    """An update that does not name them leaves them as they are."""
    listed = child(field, "monitoring", "metricConfigurations")
    if not listed.present:
        return None if is_update else ()
    found: list[str] = []
    for each in listed.items():
        seconds = child(each, "resolutionSeconds").integer().value
        names = [name.string() for name in child(each, "metricNames").items()]
        if seconds is None or None in names or not listed.is_sequence:
            return None
        if seconds == _DETAILED_SECONDS:
            found.extend(_METRIC_KINDS[name] for name in names if name in _METRIC_KINDS)
    return tuple(found) if listed.is_sequence else None


# -- deployments ----------------------------------------------------------------------------------


def _rollout(field: Field, *, is_update: bool, is_daemon: bool) -> Rollout:
    configuration = child(field, "deploymentConfiguration")
    strategy = _strategy(field, configuration)
    minimum = child(configuration, "minimumHealthyPercent")
    maximum = child(configuration, "maximumPercent")
    if strategy.value == "EXTERNAL" or (configuration.present and not configuration.is_mapping):
        return Rollout(strategy=strategy)
    if strategy.value not in ("ROLLING", None):
        # Blue/green deployments start the whole new set before the old one goes.
        reason = "a blue/green deployment runs old and new tasks at the same time"
        return Rollout(
            strategy=strategy,
            min_healthy_percent=_default(100, minimum.location, reason),
            max_healthy_percent=_default(200, maximum.location, reason),
        )
    low, high = DEFAULT_MINIMUM_HEALTHY_PERCENT, DEFAULT_MAXIMUM_PERCENT
    if is_daemon:
        low, high = DAEMON_MINIMUM_HEALTHY_PERCENT, DAEMON_MAXIMUM_PERCENT
    kind = "a daemon service" if is_daemon else "a service"
    return Rollout(
        strategy=strategy,
        min_healthy_percent=minimum.integer(
            low, f"ECS keeps {low} % of {kind} running when minimumHealthyPercent is absent"
        ),
        max_healthy_percent=maximum.integer(
            high, f"ECS lets {kind} grow to {high} % when maximumPercent is absent"
        ),
        circuit_breaker=_circuit_breaker(configuration, is_update),
        alarms_roll_back=_switched_on(child(configuration, "alarms")),
    )


def _default(percent: int, location: Location, reason: str) -> Sourced[int]:
    return Sourced(percent, Source.PLATFORM_DEFAULT, location, reason)


def _strategy(field: Field, configuration: Field) -> Sourced[str]:
    controller = child(field, "deploymentController", "type")
    if known_text(controller).upper() not in ("", "ECS"):
        return _upper(controller.text())
    return _upper(
        child(configuration, "strategy").text("ROLLING", "the default strategy of ECS is ROLLING")
    )


def _upper(value: Sourced[str]) -> Sourced[str]:
    text = value.value.upper() if value.value is not None else None
    return Sourced(text, value.source, value.location, value.reason)


def _circuit_breaker(configuration: Field, is_update: bool) -> Sourced[bool]:
    """Whether a deploy that does not come up is both stopped and rolled back."""
    breaker = child(configuration, "deploymentCircuitBreaker")
    if not breaker.present:
        if is_update:
            return breaker.boolean()
        return breaker.boolean(False, "the circuit breaker of ECS is off by default")
    return _switched_on(breaker)


def _switched_on(block: Field) -> Sourced[bool]:
    """Whether a block that watches deploys is enabled and rolls back."""
    if not block.present:
        return block.boolean()
    if not block.is_mapping:
        return Sourced(None, Source.FILE, block.location, "not a mapping")
    parts = [
        child(block, key).boolean(False, f"{key} is off unless it is written")
        for key in ("enable", "rollback")
    ]
    off = [part for part in parts if part.value is False]
    value = False if off else (None if any(part.value is None for part in parts) else True)
    return Sourced(value, Source.FILE, block.location)


# -- placement ------------------------------------------------------------------------------------


def _subnets(field: Field) -> Sourced[int]:
    """How many subnets the tasks may run in: at most that many zones. A lone placeholder may
    stand for a whole list."""
    subnets = child(field, "networkConfiguration", "awsvpcConfiguration", "subnets")
    if not subnets.is_sequence:
        return subnets.integer() if not subnets.present else _hidden(subnets)
    names = {item.string() for item in subnets.items()}
    if None in names or (len(names) == 1 and has_placeholder((next(iter(names)) or "")[:100])):
        return _hidden(subnets)
    return Sourced(len(names), Source.FILE, subnets.location)


def _hidden(field: Field) -> Sourced[int]:
    return Sourced(None, Source.FILE, field.location, "not a list of subnets")


def _spot_only(field: Field) -> Sourced[bool]:
    """Whether all capacity that the strategy uses is spot, as far as the providers' names say;
    without a strategy the launch type, or the cluster's own default, decides."""
    strategy = child(field, "capacityProviderStrategy")
    if not strategy.present:
        launch_type = child(field, "launchType")
        if launch_type.is_scalar:
            return Sourced(False, Source.FILE, launch_type.location)
        return Sourced(
            None,
            None,
            strategy.location,
            "the cluster's default capacity provider strategy applies",
        )
    if not strategy.is_sequence:
        return Sourced(None, Source.FILE, strategy.location, "not a strategy")
    used = []
    for item in strategy.items():
        weight = child(item, "weight").integer(0, "0 unless written").value
        base = child(item, "base").integer(0, "0 unless written").value
        if weight != 0 or base != 0:
            used.append(child(item, "capacityProvider").text().value)
    if not used:
        # With one provider and no weights the weight is taken as 1.
        used = [child(item, "capacityProvider").text().value for item in strategy.items()]
    if not used or None in used:
        return Sourced(None, Source.FILE, strategy.location, "unknown")
    spot_only = all(name is not None and _is_spot(name) for name in used)
    return Sourced(spot_only, Source.FILE, strategy.location)


def _is_spot(provider: str) -> bool:
    return bool(_SPOT_PROVIDER.search(provider)) and not _OTHER_PROVIDER.search(provider)
