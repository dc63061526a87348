"""Where the objects of a rendered overlay come from, and their values with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale._record import record, replace
from lintscale.model.location import Location, Rendering
from lintscale.platforms.kubernetes import workloads
from lintscale.platforms.kubernetes.kustomization import Generator
from lintscale.platforms.kubernetes.manifest import Manifest, manifests
from lintscale.platforms.kubernetes.rendering.library import Library
from lintscale.platforms.kubernetes.rendering.overlays import Layer, Overlay
from lintscale.platforms.kubernetes.rendering.walk import Path, existing, node_at, same
from lintscale.platforms.kubernetes.rendering.writers import Changes, Literals, Part, Writer
from lintscale.syntax import Document, Field, Node, Scalar
from lintscale.syntax.regex import regex

_HASH = regex(r"-[a-z0-9]{10}\Z")
"""What kustomize appends to the name of an object that it makes."""

MAX_LINES = 50_000
"""Of a longer object, which no API server takes, only the place of its name is known."""

_WITHOUT_PREFIX = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})


@record
class Origin:
    """The manifest that a rendered object began as, or the generator that made it, and what
    changed it."""

    manifest: Manifest | None
    writers: tuple[Writer, ...]
    generator: Generator | None = None
    namespace: str = ""
    through: tuple[str, ...] = ()

    @property
    def start(self) -> Location | None:
        if self.manifest is not None:
            return self.manifest.location
        return self.generator.place.location if self.generator is not None else None


class Origins:
    """All objects that an overlay is built from, by the kind and name that they are rendered
    under."""

    def __init__(self, overlay: Overlay, library: Library) -> None:
        self.overlay = overlay
        self.library = library
        self.known: dict[tuple[str, str], list[Origin]] = {}
        self.changes: dict[str, Changes] = {}
        for layer, steps, through in _layers_in_order(overlay.top):
            self._add(layer, steps, through)

    def _add(self, layer: Layer, steps: Sequence[Layer], through: tuple[str, ...]) -> None:
        for name in layer.files:
            for manifest in self.library.manifests(name):
                self._note(manifest, steps, through)
        for generator in layer.kustomization.generators:
            name = _final_name(generator.name, "ConfigMap", steps)
            found = self.known.setdefault(("ConfigMap", name), [])
            namespace = _namespace("", steps)
            found.append(Origin(None, (Literals(generator),), generator, namespace, through))

    def _note(self, manifest: Manifest, steps: Sequence[Layer], through: tuple[str, ...]) -> None:
        names = [manifest.name]
        writers: list[Writer] = [Part(manifest.root, exact=True)]
        for step in steps:
            writers += self._changes(step).of(manifest, names)
            names.append(_final_name(names[-1], manifest.kind, (step,)))
        namespace = _namespace(manifest.namespace, steps)
        origin = Origin(manifest, tuple(writers), None, namespace, through)
        self.known.setdefault((manifest.kind, names[-1]), []).append(origin)

    def _changes(self, step: Layer) -> Changes:
        if step.folder not in self.changes:
            self.changes[step.folder] = Changes(step.kustomization, step.folder, self.library)
        return self.changes[step.folder]

    def of(self, manifest: Manifest) -> Origin:
        """The origin of a rendered object; one that knows nothing where none is found."""
        found = self.known.get((manifest.kind, manifest.name))
        if found is None and manifest.kind == "ConfigMap":
            found = self.known.get((manifest.kind, _HASH.sub("", manifest.name)))
        if found is None and manifest.kind in workloads.KINDS:
            # A patch may make a Deployment of a StatefulSet.
            kinds = [kind for kind in workloads.KINDS if (kind, manifest.name) in self.known]
            found = self.known[kinds[0], manifest.name] if len(kinds) == 1 else None
        if not found:
            return Origin(None, ())
        candidates = [each for each in found if each.namespace == manifest.namespace] or found
        written = [each for each in candidates if each.manifest is not None]
        # An overlay's generator may merge its items into what lies below it.
        generators = [each for each in reversed(candidates) if each.manifest is None]
        first = min(written, key=_order, default=None) or generators[0]
        others = [each for each in generators if each is not first]
        writers = (*first.writers, *(writer for each in others for writer in each.writers))
        return replace(first, writers=writers)

    def places(self, document: Document) -> Iterator[Places]:
        """Where each object of a rendered document has its values from."""
        for manifest in manifests(Field.root(document)):
            yield Places(manifest, self.of(manifest), self.overlay)


def _order(origin: Origin) -> tuple[object, ...]:
    start = origin.start
    return (start.file, start.document, start.span) if start is not None else ()


def _layers_in_order(
    layer: Layer, later: tuple[Layer, ...] = (), above: tuple[str, ...] = ()
) -> Iterator[tuple[Layer, tuple[Layer, ...], tuple[str, ...]]]:
    """Each layer with all that changes the objects it gathers, in the order of application, and
    with the kustomizations that lead to it from the outermost, which is left out."""
    own = (*layer.steps(), *later)
    yield layer, own, above
    for included in layer.included:
        yield from _layers_in_order(included, own, (*above, included.kustomization.file))
    for number, component in enumerate(layer.components, start=1):
        following = [step for other in layer.components[number:] for step in other.steps()]
        through = (*above, component.kustomization.file)
        yield from _layers_in_order(component, (*following, layer, *later), through)


def _final_name(name: str, kind: str, steps: Sequence[Layer]) -> str:
    if kind in _WITHOUT_PREFIX:
        return name
    for step in steps:
        name = f"{step.kustomization.prefix}{name}{step.kustomization.suffix}"
    return name


def _namespace(own: str, steps: Sequence[Layer]) -> str:
    for step in steps:
        own = step.kustomization.namespace or own
    return "" if own == "default" else own


class Places:
    """The places of one rendered object's values."""

    def __init__(self, manifest: Manifest, origin: Origin, overlay: Overlay) -> None:
        self.prefix = manifest.root.path
        self.path = origin.manifest.root.path if origin.manifest is not None else ()
        self.manifest = manifest
        self.origin = origin
        self.root: Node | None = manifest.root.node
        self.known: dict[Path, tuple[Writer, Field] | None] = {}
        span = manifest.root.document.span
        if span.end_line - span.line > MAX_LINES:
            self.root = None
        own = origin.manifest
        self.rendering = Rendering(
            by=overlay.file,
            label=overlay.folder,
            object=f"{manifest.kind}/{manifest.namespace}/{manifest.name}",
            name=own.name if own is not None else "",
            through=origin.through,
        )
        start = origin.start or overlay.top.kustomization.document.start()
        self.start = replace(start, rendering=replace(self.rendering, exact=False))

    def of(self, location: Location) -> Location:
        """The place in the sources of what stands at ``location`` in the rendered object."""
        path = location.path[len(self.prefix) :]
        written = path[: existing(self.root, path)]
        found = self._find(written)
        if found is None:
            return self.start
        writer, field, depth = found
        whole = depth == len(written)
        shown = field
        exact = writer.exact and whole
        if location.present and whole:
            node = node_at(self.root, path)
            exact = exact and (not isinstance(node, Scalar) or same(field.node, node))
            shown = self._shown(location, field, written)
        return Location(
            file=field.document.file,
            span=shown.location.span if location.present else field.anchor(),
            path=(*field.path, *path[depth:]),
            document=field.document.index,
            present=location.present,
            rendering=replace(self.rendering, exact=exact),
        )

    def _shown(self, location: Location, field: Field, path: Path) -> Field:
        """What to underline: an entry in a list is often shown by its name."""
        if not path or not isinstance(path[-1], int):
            return field
        whole = self.manifest.root.at(path)
        if whole.location.span == location.span:
            return field
        for key, value in whole.entries():
            if value.location.span == location.span:
                found = self._find((*path, key))
                if found is not None and found[2] > len(path):
                    return found[1] if found[1].document is field.document else field
        return field

    def _find(self, path: Path) -> tuple[Writer, Field, int] | None:
        """What wrote the value at a path of the rendered object, and how many steps of the path
        lead there; of a block, or a name that patches repeat to say what they mean, the source
        that began it. What nobody wrote in that form (a name with a prefix) stands where it was
        changed from, and what nobody wrote at all at the nearest block around it."""
        if self.root is None:
            return None
        for depth in range(len(path), -1, -1):
            part = path[:depth]
            if part not in self.known:
                self.known[part] = self._writer(part)
            pair = self.known[part]
            if pair is not None:
                return (*pair, depth)
        return None

    def _writer(self, path: Path) -> tuple[Writer, Field] | None:
        root = self.root
        assert root is not None  # noqa: S101 - callers looked
        node = node_at(root, path)
        written = [
            (writer, field)
            for writer in self.origin.writers
            if (field := writer.at(path, root)) is not None
        ]
        if isinstance(node, Scalar) and not _identifies(path):
            equal = [
                (writer, field)
                for writer, field in written
                if not writer.verbatim or same(field.node, node)
            ]
            written = equal or written
            return written[-1] if written else None
        blocks = [pair for pair in written if type(pair[1].node) is type(node)]
        return blocks[0] if blocks else None


def _identifies(path: Path) -> bool:
    return path[-1:] == ("name",) and (len(path) == 2 or isinstance(path[-2], int))
