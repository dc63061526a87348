"""What a kustomization names: the files and folders it builds on, and how it changes them.

What kustomize reads: api/types/kustomization.go in kubernetes-sigs/kustomize (read Aug 2026).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lintscale._record import record, replace
from lintscale.model.declared import ImageOverride, KustomizeBuild, Reference, ReplicaOverride
from lintscale.model.location import Rendering
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes import is_kustomization_name
from lintscale.platforms.kubernetes.manifest import namespace
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping
from lintscale.syntax.regex import regex

_ONLY_LISTS = frozenset(
    {"apiVersion", "kind", "metadata", "resources", "bases", "sortOptions", "buildMetadata"}
)
"""Keys that change nothing about the objects that the kustomization lists."""

PATCH_KEYS = ("patchesStrategicMerge", "patches", "patchesJson6902")

_MANIFESTS = (".yaml", ".yml", ".json")
_PLUGINS = ("generators", "transformers", "validators")

_SIMPLE_PATTERN = regex(r"\^?\(?(?:[A-Za-z0-9_|/-]|\.\*|\.)*\)?\$?")

_ONE_NAME = regex(r"\^?([A-Za-z0-9.-]+)\$?")

_REMOTE = regex(
    r"[a-z][a-z0-9+.-]*://|git::|git@|gh:|[^/]+@[^/]+:|[?&]ref=|\.git(?:[/?]|\Z)"
    r"|(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)[/:]"
)
"""What kustomize takes for a repository or a URL where no such path exists
(api/internal/git/repospec.go and api/internal/target/kusttarget.go)."""


_LONGEST_ADDRESS = 2000


@record
class Named:
    """A path, or a whole patch, with the place where the kustomization names it."""

    text: str
    place: Field

    @property
    def is_path(self) -> bool:
        """What is no path is a block of YAML or JSON."""
        return "\n" not in self.text and not self.text.lstrip().startswith(("{", "[", "- "))


@record
class Patch:
    """``kind`` and ``name`` are the patterns of its ``target``, "" for any; one that is not
    ``targeted`` is a merge patch that names its object itself."""

    content: Named
    targeted: bool = False
    kind: str = ""
    name: str = ""


@record
class Generator:
    """A ConfigMap that the kustomization makes; ``literals`` are its ``KEY=value`` items."""

    name: str
    place: Field
    literals: tuple[Named, ...] = ()


@record
class Kustomization:
    """One kustomization, or component, read as far as rendering it needs.

    ``inputs`` are the paths of the other files that it reads. ``plugins``: it configures
    transformers or generators whose own files may name others. ``lists_only``: it changes
    nothing about what it lists.
    """

    document: Document
    component: bool
    resources: tuple[Named, ...]
    components: tuple[Named, ...]
    patches: tuple[Patch, ...]
    generators: tuple[Generator, ...]
    inputs: tuple[Named, ...]
    prefix: str = ""
    suffix: str = ""
    namespace: str = ""
    inflates_charts: bool = False
    plugins: bool = False
    lists_only: bool = False

    @property
    def root(self) -> Field:
        return Field.root(self.document)

    @property
    def file(self) -> str:
        return self.document.file


def read_kustomization(document: Document) -> Kustomization:
    """Never raises: what is of the wrong type is left out (kustomize itself rejects it)."""
    root = Field.root(document)
    return Kustomization(
        document=document,
        component=root.get("kind").string() == "Component",
        resources=(*texts(root.get("resources")), *texts(root.get("bases"))),
        components=tuple(texts(root.get("components"))),
        patches=tuple(patches(root)),
        generators=tuple(_generators(root)),
        inputs=tuple(_inputs(root)),
        prefix=root.get("namePrefix").string() or "",
        suffix=root.get("nameSuffix").string() or "",
        namespace=root.get("namespace").string() or "",
        inflates_charts=any(
            root.get(key).present for key in ("helmCharts", "helmChartInflationGenerator")
        ),
        plugins=any(root.get(key).present for key in _PLUGINS),
        lists_only=document.keys() <= _ONLY_LISTS,
    )


def is_remote(path: str) -> bool:
    """Whether a path that does not exist is one to fetch."""
    return _REMOTE.search(path[:_LONGEST_ADDRESS]) is not None


def patches(root: Field) -> Iterator[Patch]:
    """In the order in which kustomize applies them (kusttarget_configplugin.go)."""
    for named in texts(root.get("patchesStrategicMerge")):
        yield Patch(named)
    for key in ("patches", "patchesJson6902"):
        for item in root.get(key).items():
            content, target = item.first("path", "patch"), item.get("target")
            if not item.is_mapping and (item.string() or "").endswith(_MANIFESTS):
                # A bare path is none that kustomize takes; the file is a patch all the same.
                content = item
            for named in _text(content):
                yield Patch(
                    named,
                    target.present,
                    target.get("kind").string() or "",
                    target.get("name").string() or "",
                )


def target_name(patch: Patch) -> str | None:
    """The one name that its target's pattern fits: "" where any does, None where several do."""
    found = _ONE_NAME.fullmatch(patch.name)
    return found[1] if found else None if patch.name else ""


def selects(pattern: str, text: str) -> bool:
    """Whether a target's pattern, an anchored regular expression, matches. Only alternatives of
    literal text and ``.*`` are followed; any other pattern may match, as it is not run: it
    comes from a file."""
    if not pattern or _SIMPLE_PATTERN.fullmatch(pattern) is None:
        return True
    return any(_fits(alternative, text) for alternative in pattern.strip("^$()").split("|"))


def _fits(pattern: str, text: str) -> bool:
    """Literal pieces in their order, with anything between them."""
    first, *others = pattern.split(".*")
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in others[:-1]:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(others[-1]) and len(text) - len(others[-1]) >= at


def _generators(root: Field) -> Iterator[Generator]:
    for item in root.get("configMapGenerator").items():
        name = item.get("name")
        if name.present:
            yield Generator(name.string() or "", name, tuple(texts(item.get("literals"))))


def _inputs(root: Field) -> Iterator[Named]:
    for key in ("crds", "configurations", *_PLUGINS):
        yield from (named for named in texts(root.get(key)) if named.is_path)
    for key in ("openapi", "replacements"):
        entry = root.get(key)
        for item in (entry, *entry.items()):
            path = item.get("path")
            if path.string():
                yield Named(path.string() or "", path)
    for key in ("configMapGenerator", "secretGenerator"):
        for item in root.get(key).items():
            for named in texts(item.get("files")):
                yield Named(named.text.rpartition("=")[2], named.place)
            yield from texts(item.get("envs"))
            if item.get("env").string():
                yield Named(item.get("env").string() or "", item.get("env"))


def texts(items: Field) -> Iterator[Named]:
    """The texts of a list that are not empty."""
    for item in items.items():
        yield from _text(item)


def _text(place: Field) -> Iterator[Named]:
    text = place.string()
    if text and text.strip():
        yield Named(text if "\n" in text else text.strip(), place)


# -- what it declares --------------------------------------------------------------------------

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


def kustomize_build(root: Field, file_name: str) -> KustomizeBuild:
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
        patches=tuple(
            posixpath.normpath(posixpath.join(folder, patch.content.text))
            for patch in patches(root)
            if patch.content.is_path
        ),
        targets=tuple(
            (
                posixpath.normpath(posixpath.join(folder, patch.content.text)),
                Reference(patch.kind, name),
            )
            for patch in patches(root)
            if patch.content.is_path and patch.targeted and (name := target_name(patch)) is not None
        ),
        namespace=namespace(root.get("namespace")) if root.get("namespace").present else None,
        component=root.get("kind").string() == "Component",
    )


def replica_overrides(root: Field) -> list[ReplicaOverride]:
    """The counts that the kustomization sets, by the workloads' names; those that patches in
    the kustomization itself set are unknown."""
    found = [
        ReplicaOverride(name, _entry(item.get("count").integer(), root))
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


def _entry(value: Sourced[int], root: Field) -> Sourced[int]:
    """A value of the kustomization's own, which is not to be edited like one of a manifest."""
    file = root.document.file
    rendering = Rendering(file, posixpath.dirname(file) or ".", "", exact=False)
    place = value.location
    return replace(value, location=replace(place, rendering=rendering)) if place else value


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
