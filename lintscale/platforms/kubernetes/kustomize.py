"""Kustomizations: the counts they set, and the files they merge into others as patches.

What kustomize reads: api/types/kustomization.go in kubernetes-sigs/kustomize (read Aug 2026).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lintscale.model.declared import ImageOverride, KustomizeBuild, ReplicaOverride
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes import is_kustomization_name
from lintscale.platforms.kubernetes.kustomization import patches, texts
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping
from lintscale.syntax.regex import regex

_GROUP = "kustomize.config.k8s.io"
_KINDS = ("Kustomization", "Component")

MAX_PATCH = 20_000
"""Of longer inline patches only the beginning is looked at."""

_SETS_REPLICAS = regex(r"/spec/replicas\b|^ {1,8}replicas:", re.MULTILINE)
_NAME = regex(r"^metadata: *\n +name: *[\"']?(?P<name>[^\s\"']+)", re.MULTILINE)
"""The name of the object that an inline merge patch is part of."""


def is_kustomization(document: Document, file_name: str) -> bool:
    """A kustomization, or component, by what it says; by its file's name when it says nothing,
    as kustomize then fills in both fields. Flux's Kustomization is another thing."""
    if not isinstance(document.root, Mapping):
        return False
    root = Field.root(document)
    kind, version = root.get("kind").string(), root.get("apiVersion").string()
    if kind is None and version is None:
        return is_kustomization_name(file_name)
    if kind is not None and kind not in _KINDS:
        return False
    if version is None:
        return is_kustomization_name(file_name)
    return version.partition("/")[0] == _GROUP


def patch_files(document: Document, file_name: str) -> set[str]:
    """The files that this kustomization names as patches or transformers: partial objects, and
    settings of kustomize's own. Normalised, relative to the project root like ``file_name``;
    nothing for any other document."""
    if not is_kustomization(document, file_name):
        return set()
    folder = posixpath.dirname(file_name)
    return {
        posixpath.normpath(posixpath.join(folder, path))
        for path in _named_files(Field.root(document))
        if "://" not in path and not path.startswith("/")
    }


def resource_files(document: Document, file_name: str) -> set[str]:
    """The files whose objects this kustomization takes, and may complete: with labels, which
    become selectors, and with patches. Normalised like :func:`patch_files`."""
    if not is_kustomization(document, file_name):
        return set()
    folder = posixpath.dirname(file_name)
    named = (item.string() or "" for item in Field.root(document).get("resources").items())
    return {
        posixpath.normpath(posixpath.join(folder, path))
        for path in named
        if path.endswith((".yaml", ".yml", ".json")) and "://" not in path
    }


def _named_files(root: Field) -> Iterator[str]:
    """What is no path is a patch that stands in the kustomization itself."""
    named = [patch.content for patch in patches(root)]
    named += texts(root.get("transformers"))
    return (each.text for each in named if each.is_path)


def gathering(root: Field, file_name: str) -> KustomizeBuild:
    """The kustomization with the files and folders of this project that it builds on."""
    folder = posixpath.dirname(file_name)
    paths = [
        path
        for key in ("resources", "bases", "components")
        for item in root.get(key).items()
        if (path := item.string()) and "://" not in path
    ]
    return KustomizeBuild(
        platform="kubernetes",
        file=file_name,
        folder=folder,
        includes=tuple(posixpath.normpath(posixpath.join(folder, path)) for path in paths),
    )


def replica_overrides(root: Field) -> list[ReplicaOverride]:
    """The counts that the kustomization sets, by the workloads' names; those that patches in
    the kustomization itself set are unknown."""
    found = [
        ReplicaOverride(name, item.get("count").integer())
        for item in root.get("replicas").items()
        if (name := item.get("name").string())
    ]
    for key in ("patches", "patchesJson6902"):
        for item in root.get(key).items():
            inline = item.get("patch")
            text = (inline.string() or "")[:MAX_PATCH]
            if not _SETS_REPLICAS.search(text):
                continue
            named = _NAME.search(text)
            name = item.get("target", "name").string() or (named["name"] if named else None)
            if name:
                found.append(ReplicaOverride(name, Sourced(None, Source.FILE, inline.location)))
    return found


def image_overrides(root: Field) -> list[ImageOverride]:
    """The images that the kustomization sets, by the names that containers ask for. An entry
    that only renames leaves the tag to the container and is none."""
    found = []
    for item in root.get("images").items():
        name = item.get("name").string()
        pinned = item.first("digest", "newTag")
        if not name or not pinned.present:
            continue
        tag, new_name = pinned.text(), item.get("newName").text(name)
        image = None
        if tag.value is not None and new_name.value is not None:
            separator = "@" if item.get("digest").present else ":"
            image = f"{new_name.value}{separator}{tag.value}"
        found.append(ImageOverride(name, Sourced(image, Source.FILE, pinned.location)))
    return found


def added_labels(root: Field) -> list[str]:
    """Keys of the labels that the kustomization gives to every object and its pods."""
    blocks = [root.get("commonLabels"), *(item.get("pairs") for item in root.get("labels").items())]
    return [key for block in blocks for key, _ in block.entries()]
