from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import replace
from lintscale.model.declared import Rollout, ScalingBehavior, ScalingPolicy
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.amounts import resolved
from lintscale.resolve.instances import Instances, peak_while_deploying
from lintscale.resolve.instances import instances_of as bounded_instances
from lintscale.resolve.joined import JoinedWorkload
from tests.resolve.build import (
    QUARTER,
    SIDE_BY_SIDE,
    at,
    autoscaler,
    default,
    deployment,
    said,
    workload,
)


def instances_of(owner: JoinedWorkload) -> Instances:
    return bounded_instances(owner, [each for each in owner.autoscalers if each.effective])


def ecs(smallest: int | None, largest: int | None) -> Rollout:
    return Rollout(min_healthy_percent=said(smallest), max_healthy_percent=said(largest))


def kubernetes(unavailable: str | None, surge: str | None) -> Rollout:
    return Rollout(
        strategy=default("RollingUpdate"),
        max_unavailable=said(unavailable),
        max_surge=said(surge),
    )


def test_bounds_come_from_the_autoscaler_with_their_place() -> None:
    found = instances_of(workload(replicas=said(4), autoscalers=(autoscaler(2, 10, line=5),)))
    assert (found.min.value, found.max.value) == (2, 10)
    assert found.min.location is not None
    assert found.min.location.line == 6
    assert found.max.source is Source.FILE


def test_without_an_autoscaler_the_count_is_fixed() -> None:
    found = instances_of(workload(replicas=default(1), rollout=SIDE_BY_SIDE))
    assert (found.min.value, found.max.value, found.deploy.value) == (1, 1, 2)
    assert found.min.source is Source.PLATFORM_DEFAULT


@pytest.mark.parametrize(
    ("scheduled", "bounds"),
    [
        ([(1, 12)], (1, 12)),
        ([(4, None), (None, 6)], (2, 10)),
        ([(0, 0), (3, 5)], (2, 10)),  # off at night, on purpose
    ],
)
def test_scheduled_policies_widen_the_bounds(
    scheduled: list[tuple[int | None, int | None]], bounds: tuple[int, int]
) -> None:
    policies = tuple(at_a_time(low, high) for low, high in scheduled)
    scaler = replace(autoscaler(2, 10), policies=policies)
    found = instances_of(workload(replicas=default(1), autoscalers=(scaler,)))
    assert (found.min.value, found.max.value) == bounds
    suspended = replace(scaler, ignores_schedules=True)
    found = instances_of(workload(replicas=default(1), autoscalers=(suspended,)))
    assert (found.min.value, found.max.value) == (2, 10)


def test_scheduled_bounds_hold_where_the_autoscaler_was_not_scanned() -> None:
    scaler = replace(autoscaler(2, 10), min=ABSENT, max=ABSENT, policies=(at_a_time(1, 5),))
    found = instances_of(workload(replicas=default(1), autoscalers=(scaler,)))
    assert (found.min.value, found.max.value) == (1, 5)


def at_a_time(low: int | None, high: int | None) -> ScalingPolicy:
    bounds = [ABSENT if bound is None else said(bound) for bound in (low, high)]
    return ScalingPolicy(
        "scheduled",
        "night",
        (),
        ScalingBehavior(),
        ScalingBehavior(),
        at(),
        min=bounds[0],
        max=bounds[1],
    )


@pytest.mark.parametrize(
    ("paused_at", "replicas", "count"),
    [
        (said(5), default(1), 5),
        (said(5), said(3), 5),
        (said(None), default(1), None),
        (said(None), said(3), 3),  # each deploy sets it
    ],
)
def test_a_paused_autoscaler_keeps_a_count(
    paused_at: Sourced[int], replicas: Sourced[int], count: int | None
) -> None:
    paused = replace(autoscaler(2, 10, effective=False), paused_at=paused_at)
    owner = workload(replicas=replicas, autoscalers=(paused,))
    found = bounded_instances(owner, owner.autoscalers)
    assert (found.min.value, found.max.value) == (count, count)


def test_an_autoscaler_that_the_platform_ignores_bounds_nothing() -> None:
    ignored = autoscaler(2, 10, effective=False)
    found = instances_of(workload(replicas=default(1), autoscalers=(ignored,)))
    assert (found.min.value, found.max.value) == (1, 1)


def test_several_autoscalers_give_the_widest_bounds() -> None:
    scalers = (autoscaler(3, 8, line=5), autoscaler(2, 6, line=15))
    for order in (scalers, scalers[::-1]):
        found = instances_of(workload(autoscalers=order))
        assert (found.min.value, found.max.value) == (2, 8)
        assert found.min.location is not None
        assert found.min.location.line == 16


def test_an_unknown_bound_stays_unknown() -> None:
    found = instances_of(workload(replicas=said(3), autoscalers=(autoscaler(None, 10),)))
    assert found.min.unknown
    assert found.max.value == 10
    assert found.unavailable_at_min.value is None


def test_an_autoscaler_may_scale_to_nothing() -> None:
    found = instances_of(deployment(autoscalers=(autoscaler(0, 5),)))
    assert (found.min.value, found.max.value, found.unavailable_at_min.value) == (0, 5, 0)


def test_a_count_that_is_set_elsewhere_is_absent() -> None:
    found = instances_of(workload(platform="ecs", count_known=False))
    assert (found.min.value, found.min.source) == (None, None)
    assert (found.deploy.value, found.deploy.source) == (None, None)
    outside = instances_of(workload(replicas=default(1), count_known=False))
    assert outside.min.value is None
    written = instances_of(workload(replicas=said(3), count_known=False))
    assert written.min.value == 3


@pytest.mark.parametrize("count", [-1, 10**18])
def test_what_is_no_count_is_unknown(count: int) -> None:
    found = instances_of(workload(replicas=said(count)))
    assert found.max.unknown
    assert found.deploy.value is None


@pytest.mark.parametrize(
    ("rollout", "count", "expected"),
    [
        (QUARTER, 10, 13),  # ceil(2.5)
        (QUARTER, 1, 2),
        (QUARTER, 0, 0),
        (kubernetes("1", "0"), 10, 10),
        (kubernetes("0", "3"), 10, 13),
        (kubernetes("25%", "100%"), 10, 20),
        (kubernetes("25%", "250%"), 4, 14),
        (kubernetes("25%", None), 10, None),
        (kubernetes("25%", "a few"), 10, None),
        (kubernetes("25%", "-1"), 10, None),
        (replace(QUARTER, strategy=said("Recreate")), 10, 10),
        (ecs(100, 200), 10, 20),
        (ecs(50, 150), 3, 4),  # floor(4.5)
        (ecs(50, 100), 3, 3),
        (ecs(0, 50), 4, 4),  # the four run before the deploy as well
        (ecs(100, None), 4, None),
        (replace(ecs(100, 100), strategy=said("BLUE_GREEN")), 4, 8),
        (SIDE_BY_SIDE, 10, 20),
        (Rollout(surge_percent=default(0)), 10, 10),
        (Rollout(surge_percent=default(50)), 3, 5),
        # A StatefulSet replaces one after the other.
        (Rollout(strategy=default("RollingUpdate"), max_unavailable=default("1")), 5, 5),
        (Rollout(), 5, None),
    ],
)
def test_peak_while_a_deploy_rolls(rollout: Rollout, count: int, expected: int | None) -> None:
    assert peak_while_deploying(rollout, count) == expected


@pytest.mark.parametrize(
    ("rollout", "count", "expected"),
    [
        (QUARTER, 2, 0),  # floor(0.5), and the surge of one makes up for it
        (QUARTER, 10, 2),
        (kubernetes("25%", "0"), 2, 1),  # both come to nothing: Kubernetes takes one
        (kubernetes("100%", "25%"), 3, 3),
        (kubernetes("99%", "1"), 3, 2),
        (kubernetes("5", "1"), 3, 3),
        (kubernetes("1", "1"), 1, 1),
        (kubernetes("x", "1"), 3, None),
        (kubernetes("0", None), 3, None),
        (replace(QUARTER, strategy=said("Recreate")), 4, 4),
        (ecs(100, 200), 3, 0),
        (ecs(50, 200), 3, 1),  # ceil(1.5) stay
        (ecs(0, 100), 3, 3),
        (ecs(34, 200), 3, 1),
        (SIDE_BY_SIDE, 3, 0),
        (Rollout(), 3, None),
    ],
)
def test_what_a_rollout_takes_away(rollout: Rollout, count: int, expected: int | None) -> None:
    found = instances_of(workload(replicas=said(count), rollout=rollout))
    assert found.unavailable_at_min.value == expected


@pytest.mark.parametrize(
    ("amount", "of", "up", "down"),
    [
        ("25%", 10, 3, 2),
        ("50%", 3, 2, 1),
        ("0%", 9, 0, 0),
        ("100%", 7, 7, 7),
        ("3", 2, 3, 3),
        (" 3 ", 2, 3, 3),
        ("1.5", 2, None, None),
        ("", 2, None, None),
        ("%", 2, None, None),
        ("9999999999", 2, None, None),
    ],
)
def test_amounts(amount: str, of: int, up: int | None, down: int | None) -> None:
    assert resolved(amount, of, round_up=True) == up
    assert resolved(amount, of, round_up=False) == down


rollouts = st.one_of(
    st.builds(
        kubernetes,
        st.sampled_from(["0", "1", "25%", "100%", "x", None]),
        st.sampled_from(["0", "1", "25%", "130%", "x", None]),
    ),
    st.builds(ecs, st.integers(-5, 300), st.integers(-5, 300)),
    st.builds(lambda percent: Rollout(surge_percent=said(percent)), st.integers(-100, 300)),
    st.just(ABSENT).map(lambda _: Rollout()),
)


@given(rollouts, st.integers(0, 10_000), st.integers(0, 100))
def test_the_peak_never_falls_as_the_count_grows(rollout: Rollout, count: int, more: int) -> None:
    before, after = (
        peak_while_deploying(rollout, count),
        peak_while_deploying(rollout, count + more),
    )
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert count <= before <= after


@given(rollouts, st.integers(0, 10_000))
def test_no_more_is_taken_away_than_there_is(rollout: Rollout, count: int) -> None:
    taken = instances_of(workload(replicas=said(count), rollout=rollout)).unavailable_at_min.value
    assert taken is None or 0 <= taken <= count
