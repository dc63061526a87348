"""What a kustomization names: the files and folders it builds on, and how it changes them.

What kustomize reads: api/types/kustomization.go in kubernetes-sigs/kustomize (read Aug 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale._record import record
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex

_ONLY_LISTS = frozenset(
    {"apiVersion", "kind", "metadata", "resources", "bases", "sortOptions", "buildMetadata"}
)
"""Keys that change nothing about the objects that the kustomization lists."""

_MANIFESTS = (".yaml", ".yml", ".json")
_PLUGINS = ("generators", "transformers", "validators")

_SIMPLE_PATTERN = regex(r"\^?\(?(?:[A-Za-z0-9_|/-]|\.\*|\.)*\)?\$?")

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
        return "\n" not in self.text and not self.text.lstrip().startswith(("{", "["))


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
