"""Joins across documents and files: what belongs together, wherever it is written.

Objects are matched as the platforms match them: by kind, name and namespace, or by labels. A
namespace that is not written (it is often set by kustomize or kubectl) fits any. Where one
object is defined more than once (overlays, copies for examples), each reference means the
definitions nearest to it in the folder tree. Nothing depends on the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable

from lintscale._record import replace
from lintscale.model.declared import Fragments
from lintscale.model.resolved import Project
from lintscale.resolve.alarms import with_alarms
from lintscale.resolve.autoscalers import (
    merged_autoscalers,
    with_autoscalers,
    with_vertical_autoscalers,
)
from lintscale.resolve.containers import (
    with_environment,
    with_images,
    with_overrides,
    with_patches,
    with_resource_defaults,
    with_templates,
)
from lintscale.resolve.gatherings import with_gatherings
from lintscale.resolve.matching import order
from lintscale.resolve.surroundings import LabelDoubts, with_budgets, with_traffic
from lintscale.syntax.regex import regex

_WORD = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def link(
    fragments: Iterable[Fragments], outside: Iterable[str] = (), broken: Iterable[str] = ()
) -> Project:
    """One project out of what the documents contribute. ``broken`` are the texts of files that
    could not be read: what they mention by name is in doubt."""
    everything = Fragments()
    for part in fragments:
        everything.extend(part)
    workloads = with_templates(
        sorted(everything.workloads, key=order), sorted(everything.templates, key=order)
    )
    workloads = with_overrides(workloads, everything.replica_overrides)
    workloads = with_patches(workloads, everything.patches)
    workloads = [with_images(workload, everything.image_overrides) for workload in workloads]
    groups = sorted(everything.environment_groups, key=order)
    workloads = [with_environment(workload, groups) for workload in workloads]
    workloads = [with_resource_defaults(w, everything.resource_defaults) for w in workloads]
    workloads = with_gatherings(workloads, everything.gatherings)
    workloads = with_traffic(workloads, everything.routes)
    workloads = with_vertical_autoscalers(workloads, everything)
    autoscalers, workloads = with_autoscalers(
        with_gatherings(
            with_alarms(
                merged_autoscalers(sorted(everything.autoscalers, key=order)),
                sorted(everything.alarms, key=order),
            ),
            everything.gatherings,
        ),
        workloads,
    )
    mentioned = {word for text in broken for word in _WORD.findall(text)}
    budgets, workloads = with_budgets(
        sorted(everything.disruption_budgets, key=order),
        workloads,
        LabelDoubts(
            frozenset(everything.added_labels), tuple(everything.patches), frozenset(mentioned)
        ),
    )
    workloads = [
        replace(workload, in_doubt=True) if workload.name in mentioned else workload
        for workload in workloads
    ]
    return Project(
        workloads=tuple(sorted(workloads, key=order)),
        autoscalers=tuple(autoscalers),
        disruption_budgets=tuple(budgets),
        databases=tuple(sorted(everything.databases, key=order)),
        ignored_settings=tuple(sorted(everything.ignored_settings, key=order)),
        notes=tuple(sorted(everything.notes, key=order)),
        deprecations=tuple(sorted(everything.deprecations, key=order)),
        outside=tuple(sorted(set(outside))),
        suppressions=tuple(sorted(everything.suppressions, key=order)),
    )
