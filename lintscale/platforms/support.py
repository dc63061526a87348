"""What the platforms can do of what a profile asks for, compared in words."""

from __future__ import annotations

SUPPORT = {
    "min_instances, max_instances": "Render, ECS and Kubernetes have both bounds; Railway runs the "
    "number of replicas that is set, and has no autoscaler.",
    "cpu_percent, memory_percent": "Render, ECS and Kubernetes take one target for each and keep "
    "the average near it. Kubernetes measures against the request.",
    "queue_length": "Kubernetes (an external metric, a KEDA trigger) and ECS (a custom metric) can "
    "scale on it; Render and Railway cannot.",
    "p95_seconds": "No platform has a latency target. On Kubernetes an adapter can provide it as a "
    "metric, on ECS a step policy can follow an alarm; Render and Railway cannot.",
    "scale_in_cpu_percent, scale_in_memory_percent": "Render, ECS target tracking and the "
    "Kubernetes HPA have no second, lower threshold: they remove instances when the remaining ones "
    "stay near the one target. Only ECS step scaling has an alarm for each direction.",
    "scale_in_seconds, scale_out_seconds": "Kubernetes has stabilization windows, ECS cooldowns; "
    "Render's waits are fixed.",
    "error rate": "A reason to alert somebody, but not a metric to scale on: more instances of a "
    "failing service fail as well. No profile sets it, and no platform scales on it.",
}
"""The figures of a profile and the platforms that support them. docs/profiles.md says the same."""
