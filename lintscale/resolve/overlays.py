"""What kustomizations make of manifests that were not rendered, as far as no tool is needed for it:
which are applied together, their namespaces, and what counts, patches and images they set.

Which overlay is deployed where is not written in a manifest. An overlay that the configuration or
the files give to another environment says nothing of a workload; those of its own are judged
together: what one of them adds is not missing, and of several counts the smallest and the largest
hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from lintscale._record import replace
from lintscale.model.declared import (
    Container,
    Fragments,
    ImageOverride,
    KustomizeBuild,
    Placement,
    Rollout,
    Workload,
)
from lintscale.model.images import parse_image
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.matching import grouped, order, place_of


class _Placed(Protocol):
    @property
    def platform(self) -> str: ...
    @property
    def location(self) -> Location: ...


Layers = tuple[KustomizeBuild, ...]
"""What changes an object on its way into an overlay, the overlay itself first."""


# -- builds ---------------------------------------------------------------------------------------


class Builds:
    """What is applied together with what."""

    def __init__(self, builds: Sequence[KustomizeBuild]) -> None:
        self._including: dict[tuple[str, str], list[KustomizeBuild]] = {}
        self._named: dict[tuple[str, str], list[KustomizeBuild]] = {}
        self._overlays: dict[tuple[str, str], dict[str, Layers]] = {}
        for build in sorted(builds, key=lambda build: build.file):
            for path in build.includes:
                self._including.setdefault((build.platform, path), []).append(build)
            for name in {build.file, build.folder}:
                self._named.setdefault((build.platform, name), []).append(build)

    def of(self, thing: _Placed) -> tuple[str, ...]:
        """The outermost files that lead to it: what a person applies. What was rendered belongs to
        its overlay alone."""
        return tuple(sorted(self.overlays(thing)))

    def overlays(self, thing: _Placed) -> Mapping[str, Layers]:
        """The layers of each of these files."""
        if not self._including or thing.location.rendering is not None:
            return {}
        key = (thing.platform, thing.location.file)
        if key not in self._overlays:
            self._overlays[key] = self._found(*key)
        return self._overlays[key]

    def _found(self, platform: str, file: str) -> dict[str, Layers]:
        leading: dict[str, KustomizeBuild] = {}
        outermost = []
        folder = file[: file.rfind("/")] if "/" in file else "."
        pending = list(self._including.get((platform, file), ()))
        if (platform, folder) not in self._named:
            # A folder without a kustomization, which kustomize itself would reject.
            pending += self._including.get((platform, folder), ())
        while pending:
            build = pending.pop()
            if build.file in leading:
                continue
            leading[build.file] = build
            outer = [
                each
                for path in (build.folder, build.file)
                for each in self._including.get((platform, path), ())
            ]
            if not outer:
                outermost.append(build)
            pending.extend(outer)
        return {top.file: self._layers(top, leading) for top in outermost}

    def _layers(self, top: KustomizeBuild, leading: Mapping[str, KustomizeBuild]) -> Layers:
        found: dict[str, KustomizeBuild] = {}
        pending = [top]
        while pending:
            build = pending.pop(0)
            if build.file in found or not (build.file in leading or build.component):
                continue
            found[build.file] = build
            for path in build.includes:
                pending.extend(self._named.get((build.platform, path), ()))
        return tuple(found.values())


# -- namespaces -----------------------------------------------------------------------------------


def in_overlay_namespaces(everything: Fragments, builds: Builds) -> Fragments:
    """Everything in the namespaces that its overlays give it, "" where these differ: an overlay's
    namespace replaces one that a manifest has."""
    placed = Fragments()
    placed.extend(everything)

    def given(thing: _Placed, own: str) -> str:
        overlays = builds.overlays(thing).values()
        found = {
            next((each.namespace for each in layers if each.namespace is not None), own)
            for layers in overlays
        }
        return found.pop() if len(found) == 1 else "" if found else own

    def moved(thing: Any) -> Any:
        namespace = given(thing, thing.namespace)
        if namespace == thing.namespace:
            return thing
        changes: dict[str, object] = {"namespace": namespace}
        if isinstance(thing, Workload):
            changes["containers"] = tuple(
                _with_groups(each, thing.namespace) for each in thing.containers
            )
            if thing.template is not None:
                changes["template"] = replace(thing.template, namespace=namespace)
        return replace(thing, **changes)

    def aimed(thing: Any) -> Any:
        namespace = given(thing, thing.target.namespace)
        if namespace == thing.target.namespace:
            return thing
        return replace(thing, target=replace(thing.target, namespace=namespace))

    placed.workloads = [moved(each) for each in everything.workloads]
    placed.templates = [moved(each) for each in everything.templates]
    placed.disruption_budgets = [moved(each) for each in everything.disruption_budgets]
    placed.routes = [moved(each) for each in everything.routes]
    placed.resource_defaults = [moved(each) for each in everything.resource_defaults]
    placed.autoscalers = [aimed(each) for each in everything.autoscalers]
    placed.vertical_autoscalers = [aimed(moved(each)) for each in everything.vertical_autoscalers]
    return placed


def _with_groups(container: Container, own: str) -> Container:
    """The container with its groups of variables looked for in any namespace: theirs are as they
    are written."""

    def moved(identity: str) -> str:
        return identity.replace(f":{own}/", ":/", 1)

    return replace(
        container,
        env_from=tuple(map(moved, container.env_from)),
        environment=tuple(
            replace(each, reference=moved(each.reference)) if each.reference else each
            for each in container.environment
        ),
        files=tuple(replace(each, group=moved(each.group)) for each in container.files),
    )


# -- counts, patches and images -------------------------------------------------------------------


class Overlays:
    """What overlays set, and for which workloads."""

    def __init__(self, everything: Fragments, builds: Builds, finder: EnvironmentFinder) -> None:
        self.builds = builds
        self.finder = finder
        self.overrides = grouped(everything.replica_overrides, lambda override: override.name)
        self.patches = grouped(sorted(_targeted(everything), key=order), _described)
        self.images = everything.image_overrides
        self.added_labels = frozenset(everything.added_labels)

    def applied(self, workload: Workload) -> Workload:
        """The workload as the overlays of its environment make it."""
        overlays = self._own(workload)
        platform, kind, name = _described(workload)
        patches: Sequence[Workload] = [
            patch for of in (name, "") for patch in self.patches.get((platform, kind, of), ())
        ]
        images: Sequence[ImageOverride] = self.images
        if overlays is not None:
            files = {file for layers in overlays.values() for each in layers for file in _of(each)}
            patches = [each for each in patches if each.location.file in files]
            images = [each for each in images if _file(each.image) in files]
        if workload.role in ("service", "worker"):
            workload = self._counted(workload, overlays, patches)
        for patch in patches:
            workload = _patched(workload, patch, self.added_labels)
        if images:
            containers = tuple(_with_image(each, images) for each in workload.containers)
            workload = replace(workload, containers=containers)
        return workload

    def _own(self, workload: Workload) -> Mapping[str, Layers] | None:
        """The overlays with it that may be of its environment; None where nothing shows which
        overlays it is in."""
        overlays = self.builds.overlays(workload)
        if not overlays:
            return None
        environment = self.finder.environment(workload, tuple(overlays)).value
        return {
            file: layers
            for file, layers in overlays.items()
            if self.finder.of_overlay(file, layers[0].namespace) in (None, environment)
        }

    def _counted(
        self,
        workload: Workload,
        overlays: Mapping[str, Layers] | None,
        patches: Sequence[Workload],
    ) -> Workload:
        own = workload.replicas
        overrides = [each.count for each in self.overrides.get(workload.name, ())]
        patched = [each.replicas for each in patches if each.replicas.written]
        if overlays is None:
            counts = overrides or [*patched, *([own] if patched else ())]
        else:
            counts = [
                next(_set_by(layers, overrides, patched), own) for layers in overlays.values()
            ]
        counts = [own if count.value == own.value else count for count in counts]
        known = sorted(
            (count for count in counts if count.value is not None),
            key=lambda count: (count.value, place_of(count.location)),
        )
        if not counts or counts == [own] * len(counts):
            return workload
        if not known:
            return replace(workload, replicas=_hidden(own, "another count in an overlay"))
        smallest, largest = known[0], known[-1]
        if smallest is not own:
            smallest = replace(smallest, reason="set by an overlay")
        if largest.value == smallest.value:
            return replace(workload, replicas=smallest)
        return replace(workload, replicas=smallest, most_replicas=largest)


def _targeted(everything: Fragments) -> Iterator[Workload]:
    """The patches by the names of what they are for."""
    targets = grouped(
        (
            ((build.platform, file), target)
            for build in everything.kustomize_builds
            for file, target in build.targets
        ),
        lambda entry: entry[0],
    )
    for patch in everything.patches:
        meant = targets.get((patch.platform, patch.location.file), ())
        for _, target in meant:
            yield replace(patch, kind=target.kind or patch.kind, name=target.name or "")
        if not meant:
            yield patch


def _set_by(
    layers: Layers, overrides: Sequence[Sourced[int]], patched: Sequence[Sourced[int]]
) -> Iterator[Sourced[int]]:
    """The counts that the layers set, the one that holds first: an outer layer's before an inner
    one's, its own entry before its patches (kustomize applies them in this order: api/internal/
    target/kusttarget_configplugin.go, read Dec 2026)."""
    for layer in layers:
        own = [count for count in overrides if _file(count) == layer.file]
        yield from (count for count in own if count.value is not None)
        yield from (count for count in patched if _file(count) in _of(layer))
        yield from own


def _of(layer: KustomizeBuild) -> tuple[str, ...]:
    """The files whose values it sets."""
    return (layer.file, *layer.patches)


def _file(value: Sourced[Any]) -> str:
    return value.location.file if value.location else ""


def _described(workload: Workload) -> tuple[str, str, str]:
    """What a patch and the workload that it is for have in common."""
    return workload.platform, workload.kind, workload.name


def _hidden(value: Sourced[Any], reason: str) -> Sourced[Any]:
    return Sourced(None, Source.FILE, value.location, reason)


def _patched(workload: Workload, patch: Workload, added_labels: frozenset[str]) -> Workload:
    """What an overlay adds to a manifest is not missing from it."""
    shutdown = workload.shutdown
    grace, patched_grace = shutdown.grace_seconds, patch.shutdown.grace_seconds
    if patched_grace.written and patched_grace.value != grace.value:
        grace = _hidden(grace, "another time in an overlay")
    labels = {**workload.labels, **patch.labels}
    own = {container.name for container in workload.containers}
    started = [each for each in workload.containers if not (each.init or each.sidecar)]
    positions = {f"[{number}]": each.name for number, each in enumerate(started)}
    added = {positions.get(each.name, each.name): each for each in patch.containers}
    return replace(
        workload,
        labels=labels,
        shutdown=replace(shutdown, grace_seconds=grace),
        placement=_patched_placement(workload.placement, patch.placement, labels, added_labels),
        rollout=_patched_rollout(workload.rollout, patch.rollout),
        disk=workload.disk if workload.disk.written else patch.disk,
        shared_disks=workload.shared_disks or patch.shared_disks,
        acts_on_cluster=workload.acts_on_cluster or patch.acts_on_cluster,
        containers=(
            *(
                _with_additions(each, added[each.name]) if each.name in added else each
                for each in workload.containers
            ),
            *(
                each
                for name, each in added.items()
                if name not in own and each.image.written and not name.startswith("[")
            ),
        ),
    )


def _patched_placement(
    own: Placement, added: Placement, labels: dict[str, str], added_labels: frozenset[str]
) -> Placement:
    """A patch that bounds zones or capacity may do so in one overlay only: then neither is known
    of all of them."""
    over = set(added.spread_over)
    for each in added.separating:
        requirements = tuple(r for r in each.selector.requirements if r.key not in added_labels)
        selector = replace(each.selector, requirements=requirements)
        if selector.matches(labels) or (each.selector.requirements and not requirements):
            over.add(each.over)
    spreads = True if over else own.spreads
    over |= set(own.spread_over)
    reason = "set by an overlay"
    zones = _hidden(own.zones, reason) if added.zones.written else own.zones
    spot_only = _hidden(own.spot_only, reason) if added.spot_only.written else own.spot_only
    return Placement(spreads, tuple(sorted(over)), own.location, zones, spot_only)


def _patched_rollout(own: Rollout, added: Rollout) -> Rollout:
    """What an overlay sets otherwise is not known of all of them."""
    reason = "set by an overlay"
    differing = {
        name: _hidden(value, reason)
        for name in ("strategy", "max_unavailable", "max_surge")
        if getattr(added, name).written
        and getattr(added, name).value != (value := getattr(own, name)).value
    }
    if "strategy" in differing:
        # Each strategy has settings of its own.
        differing |= {
            name: _hidden(getattr(own, name), reason) for name in ("max_unavailable", "max_surge")
        }
    return replace(own, **differing) if differing else own


def _with_additions(container: Container, added: Container) -> Container:
    """The container with what it lacks itself."""
    cpu, memory = container.cpu_request_cores, container.memory_request_bytes
    limit = container.memory_limit_bytes
    amounts = (added.cpu_request_cores, added.cpu_limit_cores)
    sizes = (added.memory_request_bytes, added.memory_limit_bytes)
    sets_resources = added.resources or any(each.written for each in (*amounts, *sizes))
    return replace(
        container,
        liveness=container.liveness or added.liveness,
        readiness=container.readiness or added.readiness,
        startup=container.startup or added.startup,
        ports=tuple(dict.fromkeys((*container.ports, *added.ports))),
        cpu_request_cores=cpu if cpu.written else added.cpu_request_cores,
        memory_request_bytes=memory if memory.written else added.memory_request_bytes,
        memory_limit_bytes=limit if limit.written else added.memory_limit_bytes,
        # Which of the two holds where is not written in the manifest.
        resources=() if sets_resources else container.resources,
    )


def _with_image(container: Container, overrides: Iterable[ImageOverride]) -> Container:
    """An overlay's image replaces the manifest's; of several overlays, the first that leaves the
    build open, if any does, since that is the one worth a word."""
    own = parse_image(container.image.value or "").repository
    images = [override.image for override in overrides if override.name == own]
    if not images:
        return container
    first = min(images, key=lambda image: (image.value is not None, place_of(image.location)))
    return replace(container, image=first)
