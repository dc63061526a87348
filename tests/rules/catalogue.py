"""Every rule that lintscale has, with what users and other tools rely on.

Ids are part of suppressions, of configurations and of other tools' keys, so that a rename or
another category is a change of the interface. Severities are those that stand at the top of a
rule's file; single cases may have others.
"""

from __future__ import annotations

from typing import NamedTuple

_LETTERS = {"R": "render", "Y": "railway", "E": "ecs", "K": "kubernetes"}
_SEVERITIES = {"E": "error", "W": "warning", "I": "info"}
_FIXES = {"": "", "fix": "safe", "fix!": "unsafe"}


class Entry(NamedTuple):
    category: str
    severity: str
    platforms: tuple[str, ...]
    fixable: str


_ROWS = """
config
    syntax-error                        E  RYEK
    duplicate-key                       E  RYEK
    schema-violation                    E  RYEK
    unknown-key                         E  RYEK  fix!
    ignored-scaling                     E  RYE
    unread-file-name                    W  R
    retired-format                      W  Y
    deprecated-key                      W  RY    fix
    removed-api-version                 E  K     fix
    not-an-api-shape                    E  E
    describe-only-key                   I  E
    dangling-autoscaler                 W  EK
    dangling-disruption-budget          W  K
availability
    min-instances                       E  RYEK  fix!
    missing-readiness-probe             E  RYEK
    missing-liveness-probe              I  K
    identical-probes                    W  K
    impatient-liveness                  W  K
    liveness-on-dependencies            W  REK
    slow-start-without-startup-probe    W  EK
    probe-port-mismatch                 W  K
    probe-timeout                       W  EK
    missing-disruption-budget           W  K
    blocking-disruption-budget          E  K
    conflicting-disruption-budgets      E  K
    missing-spread                      W  K
    single-zone                         W  EK
    spot-only                           W  EK
    sleeping-service                    W  RY
scaling
    no-autoscaling                      I  RYEK
    min-exceeds-max                     E  RYEK
    min-equals-max                      W  RYEK
    max-instances-ceiling               W  RYEK
    missing-scaling-target              E  REK
    target-out-of-range                 E  REK
    target-too-high                     W  REK
    target-too-low                      I  REK
    unreachable-target                  W  K
    utilization-without-request         E  K
    replicas-beside-autoscaler          W  REK   fix
    competing-autoscalers               E  EK
    disabled-autoscaler                 E  EK
    unscalable-workload                 E  RYK
    memory-scaling-gap                  I  K
stability
    missing-scale-in-cooldown           W  EK    fix
    short-scale-in-cooldown             W  EK
    scale-in-faster-than-out            W  EK
    slow-scale-out                      W  EK
    scale-in-disabled                   W  EK
    narrow-threshold-band               W  E
    abrupt-scale-in                     W  K
    tracking-and-step                   W  E
connections
    pool-exceeds-limit                  E  RYEK  fix!
    pool-headroom                       W  RYEK  fix!
    undeclared-pool-size                I  RYEK
    unbounded-pool                      W  RYEK
    ineffective-pool-parameter          E  RYEK
    worker-count-conflict               W  RYEK
rollout
    rollout-stops-service               E  EK
    no-room-to-deploy                   E  EK
    no-deployment-circuit-breaker       W  E
    missing-health-check-grace          W  E
    grace-period-too-short              W  EK
    no-drain                            W  Y     fix!
    unpinned-image                      W  EK
resources
    missing-requests                    W  K
    missing-memory-limit                W  K
    invalid-fargate-size                E  E
    container-exceeds-task              E  E
    requests-exceed-limits              E  K     fix!
    plaintext-credential                W  RYEK
    expensive-floor                     I  RYEK
consistency
    platform-drift                      W  RYEK
    environment-drift                   I  RYEK
suppressions
    unused-suppression                  W  RYEK  fix
    expired-suppression                 W  RYEK
    suppression-without-reason          I  RYEK
"""


def _entries() -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    category = ""
    for line in _ROWS.strip().split("\n"):
        if not line.startswith(" "):
            category = line
            continue
        rule, severity, letters, *fix = line.split()
        assert rule not in entries, rule
        platforms = tuple(_LETTERS[letter] for letter in letters)
        fixable = _FIXES[fix[0] if fix else ""]
        entries[rule] = Entry(category, _SEVERITIES[severity], platforms, fixable)
    return entries


CATALOGUE = _entries()
