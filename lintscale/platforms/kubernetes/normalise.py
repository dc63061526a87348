"""Kubernetes documents into the common model."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lintscale.model.declared import Fragments
from lintscale.platforms.base import FileNotes, Reader, SchemaChoice, Versions
from lintscale.platforms.kubernetes import kustomization, postgres, surroundings, workloads
from lintscale.platforms.kubernetes.api_versions import removal, with_patches
from lintscale.platforms.kubernetes.argo import counts_left_alone
from lintscale.platforms.kubernetes.deploys import (
    applied_by_action,
    applied_by_command,
    deployed_by_command,
    deployed_by_file,
)
from lintscale.platforms.kubernetes.manifest import Manifest, manifests, objects
from lintscale.platforms.kubernetes.scalers import horizontal, scaled_object, vertical
from lintscale.platforms.kubernetes.schemas import choices, has_schema, is_expectation
from lintscale.platforms.kubernetes.surroundings import secret_group
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Sequence


def recognise(document: Document, file_name: str) -> bool:
    """Is this one of the objects that are read, or a ``List`` with one in it?"""
    if isinstance(document.root, Sequence):
        return _is_json_patch(document)
    if not isinstance(document.root, Mapping):
        return False
    if kustomization.is_kustomization(document, file_name):
        return True
    root = Field.root(document)
    if any(True for _ in manifests(root)):
        return True
    return any(has_schema(each) or _is_unread(each) for each in objects(root))


def _is_json_patch(document: Document) -> bool:
    if not isinstance(document.root, Sequence):
        return False
    from lintscale.platforms.kubernetes.inline_patches import is_operations

    return is_operations(Field.root(document))


def schemas(document: Document, file_name: str, versions: Versions) -> Iterator[SchemaChoice]:
    """One for each object whose kind there is a schema for, on the cluster that is meant."""
    if kustomization.is_kustomization(document, file_name) or is_expectation(file_name):
        return
    for manifest in objects(Field.root(document)):
        # What a controller made nobody applies, and what sops has encrypted not as it stands.
        foreign = manifest.made_by_controller or manifest.root.get("sops").is_mapping
        if not foreign and not _why_left_out(manifest):
            partial = manifest.kind in workloads.KINDS and workloads.is_partial(manifest)
            yield from choices(manifest, versions["kubernetes"], partial=partial)


def normalise(document: Document, file_name: str) -> Fragments:
    """What the document's objects say, defaults filled in."""
    fragments = Fragments()
    if kustomization.is_kustomization(document, file_name):
        root = Field.root(document)
        fragments.replica_overrides.extend(kustomization.replica_overrides(root))
        fragments.image_overrides.extend(kustomization.image_overrides(root))
        fragments.kustomize_builds.append(kustomization.kustomize_build(root, file_name))
        fragments.added_labels.extend(kustomization.added_labels(root))
        if not document.keys().isdisjoint(kustomization.PATCH_KEYS):
            from lintscale.platforms.kubernetes.inline_patches import inline_patches

            fragments.patches.extend(inline_patches(root, posixpath.dirname(file_name)))
        return fragments
    if _is_json_patch(document):
        from lintscale.platforms.kubernetes.inline_patches import operations_in_file

        fragments.patches.extend(operations_in_file(Field.root(document)))
        return fragments
    for manifest in manifests(Field.root(document)):
        if not _why_left_out(manifest):
            _add(manifest, fragments)
            fragments.suppressions.extend(manifest.suppressions())
    return fragments


def left_out(document: Document, file_name: str) -> list[str]:
    """Why objects of this document are in no fragment, one reason for each."""
    if kustomization.is_kustomization(document, file_name):
        return []
    if _is_json_patch(document):
        return ["a JSON patch that no file names"]
    root = Field.root(document)
    found = [_why_left_out(manifest) for manifest in manifests(root)]
    unread = [
        f"ScaledJob {each.name} makes Jobs, which end by themselves: how many run is not judged"
        for each in objects(root)
        if _is_unread(each)
    ]
    return [reason for reason in found if reason] + unread


def _is_unread(manifest: Manifest) -> bool:
    """Is it one that scales, and nothing of it is read?"""
    return (manifest.group, manifest.kind) == ("keda.sh", "ScaledJob")


def _why_left_out(manifest: Manifest) -> str:
    kind = manifest.kind
    scales = kind in ("HorizontalPodAutoscaler", "ScaledObject")
    if (scales or kind in workloads.KINDS) and manifest.made_by_controller:
        return f"{kind} {manifest.name} is created by another object, which is the one to edit"
    if scales and not manifest.spec.get("scaleTargetRef").present:
        return f"{kind} {manifest.name} is partial (a patch?): it has no scaleTargetRef"
    return ""


def _add(manifest: Manifest, fragments: Fragments) -> None:
    kind = manifest.kind
    fragments.notes.extend(removal(manifest))
    if kind in workloads.KINDS:
        fragments.workloads.append(workloads.workload(manifest))
    elif kind == "HorizontalPodAutoscaler":
        fragments.autoscalers.append(horizontal(manifest))
    elif kind == "ScaledObject":
        fragments.autoscalers.append(scaled_object(manifest))
    elif kind == "VerticalPodAutoscaler":
        fragments.vertical_autoscalers.append(vertical(manifest))
    elif kind == "PodDisruptionBudget":
        fragments.disruption_budgets.append(surroundings.disruption_budget(manifest))
    elif kind == "Service":
        fragments.routes.append(surroundings.route(manifest))
    elif kind == "ConfigMap":
        fragments.environment_groups.append(surroundings.environment_group(manifest))
    elif kind == "Secret":
        fragments.environment_groups.append(secret_group(manifest))
    elif manifest.group == postgres.GROUP:
        if manifest.name:
            make = postgres.pooler if kind == "Pooler" else postgres.cluster
            fragments.databases.append(make(manifest))
    elif kind == "PersistentVolumeClaim":
        fragments.disks.append(surroundings.disk(manifest))
    elif kind == "LimitRange":
        fragments.resource_defaults.append(surroundings.resource_defaults(manifest))


def file_notes(document: Document, file_name: str) -> FileNotes:
    return FileNotes(
        patches=frozenset(kustomization.patch_files(document, file_name)),
        completed=frozenset(kustomization.resource_files(document, file_name)),
        left_out=tuple(left_out(document, file_name)),
    )


READER = Reader(
    recognise,
    normalise,
    schemas,
    file_notes,
    with_patches,
    deployed_by_command,
    applied_by_command,
    applied_by_action,
    deployed_by_file,
    counts_left_alone,
)
