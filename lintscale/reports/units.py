"""Values of the model as people write them."""

from __future__ import annotations

from lintscale.model.declared import StepLimit
from lintscale.model.resolved import Metric, ScalingBehavior
from lintscale.model.sourced import Source, Sourced
from lintscale.reports.text import line_of, plural

UNKNOWN = "unknown"

_BYTE_UNITS = ((1024**4, "TiB"), (1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


def number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e15 else str(value)


def bytes_text(value: float) -> str:
    """In the largest binary unit that gives a whole number or one decimal: 512 MiB, 1.5 GiB."""
    for size, unit in _BYTE_UNITS:
        if value >= size and (value * 10) % size == 0:
            return f"{number(value / size)} {unit}"
    return f"{number(value)} B"


def shown(value: Sourced[float] | Sourced[int] | Sourced[str] | Sourced[bool]) -> str:
    """The bare value; "unknown" where it is written and cannot be known here, "not set" where
    it is absent."""
    found = value.value
    if found is None:
        return UNKNOWN if value.written else "not set"
    if isinstance(found, bool):
        return "yes" if found else "no"
    return found if isinstance(found, str) else number(found)


def origin(value: Sourced[float] | Sourced[int] | Sourced[str] | Sourced[bool]) -> str:
    """Where the value comes from: ``file:line``, or why it holds unwritten."""
    if value.source is Source.FILE:
        where = line_of(value.location) if value.location else "file"
        return f"{where} ({value.reason})" if value.reason else where
    if value.source is None:
        return value.reason
    return f"{value.source.value}: {value.reason}" if value.reason else value.source.value


def is_assumed(value: Sourced[float] | Sourced[int] | Sourced[str] | Sourced[bool]) -> bool:
    return value.source is not Source.FILE


def target(metric: Metric) -> str:
    """ "70 % utilization", "average 100 per instance", "at 30"."""
    if metric.target.value is None:
        return shown(metric.target)
    amount = metric.target.value
    if metric.unit == "utilization percent":
        return f"{number(amount)} % utilization"
    text = bytes_text(amount) if metric.kind == "memory" else number(amount)
    return f"{text} per instance" if metric.unit == "average value" else text


def behaviour(behavior: ScalingBehavior) -> str:
    """The wait and the step limits of one direction; "" when nothing is known of it."""
    if behavior.disabled.value:
        return "never (disabled)"
    parts = []
    wait = behavior.cooldown_seconds
    if wait.value is not None:
        kind = "window" if behavior.cooldown_kind == "stabilization window" else "cooldown"
        parts.append(f"{kind} {wait.value} s")
    elif wait.written:
        parts.append(f"{behavior.cooldown_kind} {UNKNOWN}")
    limits = [_limit(limit) for limit in behavior.limits]
    if limits:
        most = "least" if behavior.select.value == "Min" else "most"
        joined = ", ".join(limits)
        parts.append(f"at {most} {joined}" if len(limits) == 1 else f"the {most} of {joined}")
    return "; ".join(parts)


def _limit(limit: StepLimit) -> str:
    if limit.value.value is None:
        return UNKNOWN
    count = limit.value.value
    amount = f"{count} %" if limit.kind == "percent" else plural(count, "instance")
    period = limit.period_seconds.value
    return f"{amount} in {period} s" if period is not None else amount
