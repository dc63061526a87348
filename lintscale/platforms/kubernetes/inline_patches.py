"""Patches that stand in a kustomization itself, and JSON patches in files of their own, as the
parts of workloads that they hold.

Their values are at the place of the whole patch. Of a JSON patch (RFC 6902) what it adds or
replaces by name is read, and for a container at a position, which is its name here: "[0]". Any
other position in a list says nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale._record import replace
from lintscale.model.declared import Fragments, Workload
from lintscale.model.location import Location, Rendering
from lintscale.model.relocation import relocate
from lintscale.platforms.kubernetes.kustomization import (
    MAX_PATCH,
    Named,
    Patch,
    patches,
    target_name,
)
from lintscale.platforms.kubernetes.manifest import Manifest, manifests
from lintscale.platforms.kubernetes.workloads import KINDS, workload
from lintscale.syntax import parse
from lintscale.syntax.document import derived
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence


def inline_patches(root: Field, folder: str) -> list[Workload]:
    """``folder`` is the kustomization's. A name of "" stands for every workload of the kind."""
    found = [part for patch in patches(root) for part in _parts(patch)]
    return _placed(found, Rendering(root.document.file, folder or ".", "", exact=False))


_OPERATION = frozenset({"op", "path", "value", "from"})


def is_operations(root: Field) -> bool:
    """Is it a JSON patch (RFC 6902)?"""
    operations = list(root.items())
    return bool(operations) and all(
        isinstance(each.node, Mapping)
        and each.get("op").is_scalar
        and (each.get("path").string() or "").startswith("/")
        and _OPERATION.issuperset(map(str, each.node.entries))
        for each in operations
    )


def operations_in_file(root: Field) -> list[Workload]:
    """The part of a workload that a JSON patch holds; only a kustomization that names the file says
    what it is for."""
    part = next(_manifests(root, Patch(Named("", root), targeted=True, kind="Deployment")), None)
    if part is None:
        return []
    found = [replace(workload(part), kind="", name="")]
    return _placed(found, Rendering(root.document.file, ".", "", exact=False))


def _placed(parts: list[Workload], rendering: Rendering) -> list[Workload]:
    """The parts, at places that no fix may change."""
    if not parts:
        return []

    def place(location: Location) -> Location:
        return replace(location, rendering=rendering)

    found = Fragments(workloads=parts)
    relocate(found, place)
    return found.workloads


def _parts(patch: Patch) -> Iterator[Workload]:
    text, place = patch.content.text, patch.content.place
    if patch.content.is_path or len(text) > MAX_PATCH:
        return
    target = target_name(patch)
    if target is None:
        return
    span = place.location.span
    for document in parse(text, place.document.file, "yaml").documents:
        node = derived(document, span=lambda _: span).root
        field = Field(place.document, place.path, node, span, span)
        for manifest in _manifests(field, patch):
            named = replace(manifest, name=target, kind=patch.kind or manifest.kind)
            manifest = named if patch.targeted else manifest  # noqa: PLW2901
            if manifest.kind in KINDS and not manifest.root.get("$patch").present:
                yield workload(manifest)


def _manifests(field: Field, patch: Patch) -> Iterator[Manifest]:
    if not field.is_sequence:
        yield from manifests(field)
        return
    root = _as_merge_patch(field)
    if patch.kind and root.entries:
        merged = Field(field.document, field.path, root, root.span, root.span)
        yield Manifest(merged, patch.kind, "", "", "", "", field.location)


def _as_merge_patch(operations: Field) -> Mapping:
    """What the operations set, as the mapping that sets the same."""
    span = operations.location.span
    root = Mapping({}, span)
    at_positions: dict[tuple[str, ...], Mapping] = {}
    for operation in operations.items():
        value = operation.get("value").node
        steps = (operation.get("path").string() or "").split("/")[1:]
        if operation.get("op").string() not in ("add", "replace") or value is None:
            continue
        target = root
        if "containers" in steps and len(steps) > (end := steps.index("containers") + 2):
            path, steps = tuple(steps[:end]), steps[end:]
            if not (path[-1].isascii() and path[-1].isdigit()):
                continue
            target = at_positions.setdefault(path, Mapping({}, span))
        if len(steps) > 1 and steps[-1] == "-":
            if not _has_position(steps[:-1]):
                _append(target, steps[:-1], value)
        elif steps and not _has_position(steps):
            _set(target, steps, value)
    for (*listed, position), container in at_positions.items():
        name = f"[{position}]"
        _set(container, ["name"], Scalar(name, name, span))
        _append(root, listed, container)
    return root


def _has_position(steps: list[str]) -> bool:
    return any(step.isdigit() or step == "-" for step in steps)


def _set(root: Mapping, steps: list[str], value: Node) -> None:
    *path, last = (step.replace("~1", "/").replace("~0", "~") for step in steps)
    node = root
    for name in path:
        inner = node.get(name)
        if not isinstance(inner, Mapping):
            inner = Mapping({}, root.span)
            node.entries[name] = Entry(Scalar(name, name, root.span), inner)
        node = inner
    node.entries[last] = Entry(Scalar(last, last, root.span), value)


def _append(root: Mapping, steps: list[str], value: Node) -> None:
    node: Node | None = root
    for step in steps:
        node = node.get(step) if isinstance(node, Mapping) else None
    items = node.items if isinstance(node, Sequence) else []
    _set(root, steps, Sequence([*items, value], root.span))
