"""What the profiles ask for, and how far each platform can follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale.project.config import Profile
from lintscale.reports import PLAIN, Style, rule_text
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import cells, printable, wrap

FOLLOWED = {
    "min_instances, max_instances": "Render, ECS and Kubernetes have both bounds; Railway runs the "
    "number of replicas that is set, and has no autoscaler.",
    "cpu_percent, memory_percent": "Render, ECS and Kubernetes take one target for each and keep "
    "the average near it. Kubernetes measures against the request.",
    "queue_length": "Kubernetes (an external metric, a KEDA trigger) and ECS (a metric of your "
    "own) can scale on it; Render and Railway know no queue.",
    "p95_seconds": "No platform has a target for latency as such. On Kubernetes an adapter can "
    "offer it as a metric, on ECS a step policy can follow an alarm; Render and Railway cannot.",
    "scale_in_cpu_percent, scale_in_memory_percent": "Render, ECS target tracking and the "
    "Kubernetes HPA have no second, lower threshold: they remove instances when those that are "
    "left would stay near the one target. Only ECS step scaling has an alarm for each direction.",
    "scale_in_seconds, scale_out_seconds": "Kubernetes has stabilization windows, ECS cooldowns; "
    "Render's waits are its own and cannot be set.",
    "error rate": "A reason to wake somebody, and no metric to scale on: more instances of what "
    "fails fail as well. No profile has it, and no platform scales on it.",
}
"""Figures of a profile, or of a team's own rules, and who can act on them. docs/profiles.md says
the same."""

_WIDEST = 100


def render(profiles: Mapping[str, Profile], style: Style = PLAIN) -> str:
    return to_text(_rows(profiles, min(style.width, _WIDEST)), color=style.color)


def _rows(profiles: Mapping[str, Profile], width: int) -> Iterator[Row]:
    names = [printable(name) for name in profiles]
    widths = [max(cells(name), 6) for name in names]
    rows = rule_text.profile_rows(rule_text.ALL_FIELDS, profiles)
    label = max(len(meaning) for meaning, _ in rows) + 2
    header = "  ".join(
        f"{' ' * (size - cells(name))}{name}" for name, size in zip(names, widths, strict=True)
    )
    yield [(f"{'Profiles':<{label}}", "heading"), (header, "dim")]
    for meaning, figures in rows:
        values = "  ".join(f"{text:>{size}}" for text, size in zip(figures, widths, strict=True))
        yield [(f"{meaning:<{label}}", ""), (values, "")]
    yield []
    told = (
        "Production and staging are judged by balanced, development and previews by conservative, "
        "unless “profile” in lintscale.toml, or --profile, names one for all."
    )
    yield from ([(line, "")] for line in wrap(told, width))
    yield []
    yield [("What a platform can follow", "heading")]
    for fields, text in FOLLOWED.items():
        yield [(f"  {fields.replace('_', '-')}", "place")]
        yield from ([(f"    {line}", "")] for line in wrap(text, width - 4))
