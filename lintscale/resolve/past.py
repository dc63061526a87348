"""Scheduled actions that are over."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, Fragments, ScalingPolicy


def without_past(everything: Fragments, today: str) -> tuple[Fragments, list[tuple[str, str]]]:
    """``everything`` without the scheduled policies whose last action was before ``today``, an ISO
    date, and for each of them its file and what to say of it."""
    over = [
        (scaler, policy)
        for scaler in everything.autoscalers
        for policy in scaler.policies
        if _is_over(policy, today)
    ]
    if not over:
        return everything, []
    rest = Fragments()
    rest.extend(everything)
    rest.autoscalers = [
        each
        for scaler in everything.autoscalers
        if (each := _without(scaler, today)).policies or not scaler.partial
    ]
    said = [
        (policy.location.file, f"the scheduled action {policy.name} is over since {policy.until}")
        for _, policy in over
    ]
    return rest, said


def _without(scaler: Autoscaler, today: str) -> Autoscaler:
    kept = tuple(each for each in scaler.policies if not _is_over(each, today))
    return scaler if len(kept) == len(scaler.policies) else replace(scaler, policies=kept)


def _is_over(policy: ScalingPolicy, today: str) -> bool:
    return bool(policy.until) and policy.until < today
