"""Disruption budgets: which workloads they select, how many pods they let go at the smallest size,
and which of them clash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from lintscale._record import record
from lintscale.model.declared import DisruptionBudget, Workload
from lintscale.model.location import Location
from lintscale.model.resolved import DisruptionBudget as ResolvedBudget
from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.amounts import is_all_of, is_none_of, resolved, total
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.joined import JoinedBudget
from lintscale.resolve.matching import (
    ByLabels,
    compatible,
    nearest,
    of_same_overlay,
    shared_length,
    workload_identity,
)
from lintscale.syntax.field import has_placeholder

# -- joins ----------------------------------------------------------------------------------------


@record
class LabelDoubts:
    """Why instances may have labels that their own file does not show: overlays add keys to all
    of them (``added``) or to some (``patches``), and files that cannot be read ``mentioned``
    words."""

    added: frozenset[str]
    patches: tuple[Workload, ...]
    mentioned: frozenset[str]


def join_budgets(
    budgets: Sequence[DisruptionBudget],
    workloads: Sequence[Workload],
    doubts: LabelDoubts,
    finder: EnvironmentFinder,
) -> tuple[tuple[JoinedBudget, ...], dict[str, list[JoinedBudget]]]:
    """The budgets, and those of each workload by its id."""
    joined = []
    of_workload: dict[str, list[JoinedBudget]] = {}
    labelled = ByLabels(workloads)
    whole = {each.name for each in budgets if _selects(each)}
    for budget in budgets:
        near = [workload for workload in workloads if _same_cluster(budget, workload)]
        numbers = labelled.selected(budget.selector)
        selected = [w for w in map(workloads.__getitem__, numbers) if _same_cluster(budget, w)]
        found = [
            workload
            for workload in selected
            if workload.scanned
            and workload.role in ("service", "worker", "pod")
            and not finder.told_apart(budget, workload)
        ]
        found = nearest(budget.location, of_same_overlay(budget.location, found), workload_identity)
        nothing: bool | None = False
        if not selected:
            # One without a selector beside one of its name that has it is a part of that, a patch.
            part = not _selects(budget) and budget.name in whole
            nothing = None if part else _selects_nothing(budget, near, doubts)
        joined.append(
            JoinedBudget(
                budget,
                workloads=tuple(sorted(workload.id for workload in found)),
                selects_nothing=nothing,
            )
        )
        # One whose selector is not known may select any of them, so none of them lacks a budget.
        for workload in near if budget.selector.unknown else found:
            of_workload.setdefault(workload.id, []).append(joined[-1])
    return tuple(joined), of_workload


def _selects(budget: DisruptionBudget) -> bool:
    selector = budget.selector
    return bool(selector.requirements) or selector.everything or selector.unknown


def _same_cluster(budget: DisruptionBudget, workload: Workload) -> bool:
    return workload.platform == budget.platform and compatible(workload.namespace, budget.namespace)


def _selects_nothing(
    budget: DisruptionBudget, workloads: Sequence[Workload], doubts: LabelDoubts
) -> bool | None:
    """Of a budget that selects none of its cluster's workloads: not instances of any kind, Jobs and
    DaemonSets too. A budget of everything in its namespace says nothing about what there should
    be, so that is not to be known."""
    selector = budget.selector
    if selector.unknown or selector.everything:
        return None
    keys = {requirement.key for requirement in selector.requirements}
    values = {value for requirement in selector.requirements for value in requirement.values}
    in_doubt = (
        keys & doubts.added
        or values & doubts.mentioned
        or any(keys & patch.labels.keys() for patch in doubts.patches)
        or any(has_placeholder(each.labels.get(key, "")) for each in workloads for key in keys)
    )
    return None if in_doubt else True


# -- amounts --------------------------------------------------------------------------------------


def resolved_budget(
    budget: JoinedBudget, workloads: Mapping[str, RunningWorkload]
) -> ResolvedBudget:
    """The budget with its smallest size and the evictions it allows then. Unknown where a
    workload's size is, and where all its workloads are switched off: nothing is there to evict. A
    budget that never allows any says so whatever the size.

    Source: Kubernetes pkg/controller/disruption/disruption.go, getExpectedPodCount and
    updatePdbStatus (2025): percentages of both kinds round up, maxUnavailable is looked at first.
    """
    running = [each for each in budget.workloads if not _is_switched_off(workloads.get(each))]
    if budget.workloads and not running:
        size: Sourced[int] = Sourced(None, None, budget.location, "everything selected is off")
        allowed = size
    else:
        size = _smallest_size(budget, running, workloads)
        allowed = _allowed(budget, size.value)
    return ResolvedBudget(
        budget,
        workloads=budget.workloads,
        selects_nothing=budget.selects_nothing,
        smallest_size=size,
        allowed_disruptions=allowed,
    )


def _is_switched_off(workload: RunningWorkload | None) -> bool:
    return workload is not None and workload.max_instances.value == 0


def _smallest_size(
    budget: JoinedBudget, running: Sequence[str], workloads: Mapping[str, RunningWorkload]
) -> Sourced[int]:
    """The sum of the smallest sizes of its workloads that are ``running``. One that may be scaled
    to nothing counts with 1: without pods there is nothing to evict."""
    if not running:
        return ABSENT
    sizes = []
    sources = set()
    for identity in running:
        workload = workloads.get(identity)
        if workload is None or workload.min_instances.value is None:
            return Sourced(None, None, budget.location, "size of a workload not known")
        sizes.append(max(1, workload.min_instances.value))
        sources.add(workload.min_instances.source)
    written = Source.FILE if sources == {Source.FILE} else Source.PLATFORM_DEFAULT
    location: Location = budget.location
    if len(sizes) == 1:
        location = workloads[running[0]].min_instances.location or location
    return Sourced(total(sizes), written, location, "the smallest size of what it selects")


def _allowed(budget: DisruptionBudget, size: int | None) -> Sourced[int]:
    for amount, keeps in ((budget.max_unavailable, False), (budget.min_available, True)):
        if amount.source is None:
            continue
        if amount.value is None:
            return Sourced(None, Source.FILE, amount.location, amount.reason)
        never = is_all_of(amount.value) if keeps else is_none_of(amount.value)
        if never:
            return Sourced(0, amount.source, amount.location, "none, whatever the size")
        if size is None:
            return Sourced(None, None, amount.location, "size of a workload not known")
        number = resolved(amount.value, size, round_up=True)
        if number is None:
            return Sourced(None, Source.FILE, amount.location, "not an amount")
        allowed = max(0, size - number) if keeps else min(size, number)
        return Sourced(allowed, amount.source, amount.location, f"of {size}")
    return ABSENT


# -- conflicts ------------------------------------------------------------------------------------


def conflicting(
    workload: Workload,
    budgets: Sequence[ResolvedBudget],
    workloads: Mapping[str, RunningWorkload],
    environment_of: Callable[[str], str | None],
) -> tuple[ResolvedBudget, ...]:
    """The workload's ``budgets`` of which a pod has more than one, which the eviction API refuses
    (Kubernetes pkg/registry/core/pod/storage/eviction.go, read Aug 2026). ``environment_of`` tells
    what the path of a file says: budgets of two environments are never in one cluster together.
    """
    own = [
        budget
        for budget in budgets
        if workload.id in budget.workloads and _is_meant(budget, workload, workloads)
    ]
    clashing = [
        budget
        for budget in own
        if any(_clash(budget, other, environment_of) for other in own if other is not budget)
    ]
    # One of each: the copies of one object are one budget.
    by_name = {budget.name: budget for budget in reversed(clashing)}
    return tuple(by_name[name] for name in sorted(by_name))


def _clash(
    one: DisruptionBudget, other: DisruptionBudget, environment_of: Callable[[str], str | None]
) -> bool:
    """Whether both are there at once. The same name twice is one object written twice, as
    overlays and copies of manifests have it."""
    if one.name == other.name or not compatible(one.namespace, other.namespace):
        return False
    files = [each.location.rendered_by or each.location.file for each in (one, other)]
    environments = {environment_of(file) for file in files} - {None}
    return len(environments) < 2


def _is_meant(
    budget: ResolvedBudget, workload: Workload, workloads: Mapping[str, RunningWorkload]
) -> bool:
    """Where namespaces are not written, labels alone may pick another application's pods. A
    budget that stands nearer to another workload that it selects is that one's."""
    if budget.namespace and workload.namespace:
        return True
    selected = [workloads[identity] for identity in budget.workloads if identity in workloads]
    nearest = min((_steps(budget, each) for each in selected), default=0)
    return _steps(budget, workload) <= nearest


def _steps(budget: DisruptionBudget, workload: Workload) -> int:
    """How many steps up and down the folder tree lie between their files."""
    one = PurePosixPath(budget.location.file).parent.parts
    other = PurePosixPath(workload.location.file).parent.parts
    return len(one) + len(other) - 2 * shared_length(one, other)
