"""Which kustomizations are rendered, and what each of them is built from."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from lintscale._record import field, record
from lintscale.platforms.kubernetes import is_kustomization_name
from lintscale.platforms.kubernetes.kustomization import Kustomization, Named, is_remote
from lintscale.platforms.kubernetes.rendering.library import Library, joined

MAX_LAYERS = 500
"""Kustomizations that one is built from, each as often as it is used. Real ones use some twenty;
each that includes two others which include the same two grows without end."""

_NEEDS = {
    "external plugins disabled": "--enable-alpha-plugins --enable-exec",
    "is not in or below": "--load-restrictor LoadRestrictionsNone",
}
"""What kustomize says where it does not run a program, or read a file outside of a kustomization's
folder without an option."""


@record(frozen=False)
class Layer:
    """A kustomization with what it includes. ``files`` are its manifests."""

    kustomization: Kustomization
    folder: str
    files: list[str] = field(default_factory=list)
    included: list[Layer] = field(default_factory=list)
    components: list[Layer] = field(default_factory=list)

    def steps(self) -> Iterator[Layer]:
        """What changes the objects that this layer gathers, in the order of application."""
        for component in self.components:
            yield from component.steps()
        yield self

    def everything(self) -> Iterator[Layer]:
        yield self
        for layer in (*self.included, *self.components):
            yield from layer.everything()


@record(frozen=False)
class Overlay:
    """A kustomization that no other one includes: what people deploy. ``inputs`` are the files
    that it is rendered from; ``complete`` False: it may read others. ``refusal`` is why it is not
    rendered, ``option`` what the command that would do it needs for that."""

    top: Layer
    inputs: set[str] = field(default_factory=set)
    complete: bool = True
    refusal: str = ""
    option: str = ""

    @property
    def file(self) -> str:
        return self.top.kustomization.file

    @property
    def folder(self) -> str:
        return self.top.folder

    @property
    def changes_nothing(self) -> bool:
        """It lists manifests that stand as they are deployed: to be read without a tool."""
        layer = self.top
        plain = layer.kustomization.lists_only and not layer.kustomization.components
        return plain and not layer.included and not self.refusal

    @property
    def covered(self) -> set[str]:
        """The files whose objects are judged as this overlay renders them, and no longer alone."""
        found = set()
        for layer in self.top.everything():
            named = (
                *(patch.content for patch in layer.kustomization.patches),
                *layer.kustomization.inputs,
            )
            found |= {layer.kustomization.file, *layer.files}
            found |= {joined(layer.folder, each.text) for each in named if each.is_path}
        return found

    def explained(self, reason: str, tool: str) -> tuple[str, str]:
        """Why it was not rendered, and the command that renders and checks it, for people to run
        in the project's root."""
        option = self.option
        for said, needed in _NEEDS.items():
            option = option or (needed if said in reason else "")
        verb = "kustomize build" if option or tool == "kustomize" else "kubectl kustomize"
        words = (verb, option, shlex.quote(self.folder))
        return reason, f"{' '.join(word for word in words if word)} | lintscale check -"


def find_overlays(library: Library) -> list[Overlay]:
    """All kustomizations among the scanned files that no other one includes, by name."""
    folders = set()
    for name, reading in library.readings.items():
        if reading.source is None or not is_kustomization_name(name):
            continue
        folder = joined(posixpath.dirname(name), ".")
        found = library.kustomization(folder)
        if found is not None and found.file == name:
            folders.add(folder)
    included: set[str] = set()
    for folder in folders:
        kustomization = library.kustomization(folder)
        if kustomization is not None:
            named = (*kustomization.resources, *kustomization.components)
            included |= {joined(folder, each.text) for each in named} - {folder}
    found_overlays = []
    for folder in sorted(folders - included):
        kustomization = library.kustomization(folder)
        if kustomization is not None and not kustomization.component:
            found_overlays.append(_Builder(library).overlay(kustomization, folder))
    return found_overlays


class _Builder:
    """Follows one kustomization to all that it is built from."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.layers = 0
        self.inputs: set[str] = set()
        self.complete = True
        self.refusal = ""
        self.option = ""

    def overlay(self, kustomization: Kustomization, folder: str) -> Overlay:
        top = self.layer(kustomization, folder, ())
        return Overlay(top, self.inputs, self.complete, self.refusal, self.option)

    def layer(self, kustomization: Kustomization, folder: str, above: tuple[str, ...]) -> Layer:
        layer = Layer(kustomization, folder)
        self.layers += 1
        self.inputs.add(kustomization.file)
        if self.layers > MAX_LAYERS:
            self.refuse(f"it includes more than {MAX_LAYERS} kustomizations")
        if self.refusal:
            return layer
        if kustomization.inflates_charts:
            reason = "it inflates a Helm chart, for which kustomize would run Helm"
            self.refuse(reason, "--enable-helm")
        self.complete = self.complete and not kustomization.plugins
        within = (*above, folder)
        for named in kustomization.resources:
            self.resource(layer, named, within)
        for named in kustomization.components:
            included = self.include(named, folder, within)
            if included is not None:
                layer.components.append(included)
        for patch in kustomization.patches:
            if patch.content.is_path:
                self.input(patch.content, folder)
        for named in kustomization.inputs:
            self.input(named, folder)
        return layer

    def resource(self, layer: Layer, named: Named, within: tuple[str, ...]) -> None:
        name = joined(layer.folder, named.text)
        if self.library.is_folder(name):
            included = self.include(named, layer.folder, within)
            if included is not None:
                layer.included.append(included)
        elif self.input(named, layer.folder):
            layer.files.append(name)

    def include(self, named: Named, folder: str, within: tuple[str, ...]) -> Layer | None:
        """The kustomization in a folder; None where there is none, or it would include itself:
        the tool says so better."""
        name = joined(folder, named.text)
        if not self.library.is_folder(name):
            self.input(named, folder)
            return None
        if not self.library.is_inside(name):
            self.refuse(f"it takes resources from outside of the project ({named.text})")
            return None
        kustomization = self.library.kustomization(name)
        if kustomization is None or name in within:
            self.complete = False
            return None
        return self.layer(kustomization, name, within)

    def input(self, named: Named, folder: str) -> bool:
        """Note a file that is read; False where it is none."""
        name = joined(folder, named.text)
        self.inputs.add(name)
        if self.library.exists(name):
            if not self.library.is_inside(name):
                self.refuse(f"it reads files from outside of the project ({named.text})")
                return False
            if not self.library.is_inside(name, folder):
                self.refuse(
                    f"it reads files from outside of their kustomization's folder ({named.text})",
                    "--load-restrictor LoadRestrictionsNone",
                )
            return True
        if is_remote(named.text):
            self.refuse(f"it takes resources from a remote place ({named.text})")
        return False

    def refuse(self, reason: str, option: str = "") -> None:
        """The first reason is the one that is reported; ``option`` is what would overcome it."""
        if not self.refusal:
            self.refusal, self.option = reason, option
