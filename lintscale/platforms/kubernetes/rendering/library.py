"""The project's files as rendering sees them: those that were scanned, and those beside them."""

from __future__ import annotations

import contextlib
import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from lintscale.model.location import Span
from lintscale.platforms.base import RenderingRequest
from lintscale.platforms.kubernetes import CHART, KUSTOMIZATION_NAMES, NAME
from lintscale.platforms.kubernetes.kustomization import (
    Kustomization,
    is_kustomization,
    read_kustomization,
)
from lintscale.platforms.kubernetes.manifest import Manifest, manifests
from lintscale.syntax import Document, Field, SourceFile, parse
from lintscale.syntax.document import format_of
from lintscale.syntax.text import decode


class Library:
    """Answers by name: a path relative to the project's root, with forward slashes.

    A file that was not scanned (.gitignore leaves it out, or it looks like nobody's business) is
    read when something that is rendered names it, so that its values have places. ``extra`` are
    those that were read. ``contents`` stand in the place of what the disk has.
    """

    def __init__(self, request: RenderingRequest) -> None:
        self.root = root = request.root
        self.contents = request.contents
        self.read_bytes = request.read_bytes
        self.readings = {reading.name: reading for reading in request.files}
        self.patches = {name for reading in request.files for name in reading.patches}
        self.extra: dict[str, SourceFile] = {}
        self.inline: dict[tuple[str, Span], list[Document]] = {}
        """Patches that stand inside kustomizations, once they are read."""
        self._charts = {
            joined(posixpath.dirname(name), ".")
            for name in self.readings
            if posixpath.basename(name) == CHART
        }
        self._real_root = os.path.realpath(root)
        self._manifests: dict[str, list[Manifest]] = {}
        self._kustomizations: dict[str, Kustomization | None] = {}

    def path(self, name: str) -> Path:
        return self.root / name

    def exists(self, name: str) -> bool:
        # Names come from files: os.path takes too long ones, and NUL, for such as do not exist.
        return os.path.exists(self.path(name))  # noqa: PTH110

    def size(self, name: str) -> int:
        """In bytes; 0 for what does not exist."""
        try:
            return self.path(name).stat().st_size
        except OSError:
            return 0

    def is_folder(self, name: str) -> bool:
        return os.path.isdir(self.path(name))  # noqa: PTH112

    def is_inside(self, name: str, folder: str = ".") -> bool:
        """Whether the path, symbolic links followed, stays in the project, or in a folder."""
        real = os.path.realpath(self.path(name))
        top = self._real_root if folder == "." else os.path.realpath(self.path(folder))
        return real == top or real.startswith(top.rstrip(os.sep) + os.sep)

    def _on_disk(self, name: str) -> bytes | None:
        try:
            return self.read_bytes(self.path(name))
        except OSError:
            return None

    def bytes(self, name: str) -> bytes | None:
        """The file's content; None where there is none that can be read."""
        if not self.exists(name) or not self.is_inside(name):
            return None
        return self.contents[name] if name in self.contents else self._on_disk(name)

    def is_changed(self, name: str) -> bool:
        """Whether a tool that reads the disk would read something else."""
        return name in self.contents and self.contents[name] != self._on_disk(name)

    def copy(self, names: Iterable[str], folder: Path) -> None:
        """Write the files into a folder by their names in the project."""
        for name in names:
            place = folder / name
            data = self.bytes(name)
            if data is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            elif self.is_folder(name) and self.is_inside(name):  # a chart has a link to it
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(os.path.realpath(self.path(name)))

    def entries(self, folder: str) -> list[str]:
        """The names in a folder of the project; none for one that does not exist."""
        if not self.is_inside(folder):
            return []
        with contextlib.suppress(OSError), os.scandir(self.path(folder)) as scan:
            return sorted(entry.name for entry in scan)
        return []

    def chart_folders(self) -> list[str]:
        """The folders with a chart, by name."""
        return sorted(self._charts)

    def is_chart(self, folder: str) -> bool:
        return folder in self._charts

    def source(self, name: str) -> SourceFile | None:
        """The file with its text and its documents."""
        reading = self.readings.get(name)
        if reading is not None and reading.source is not None and reading.source.documents:
            return reading.source
        if name not in self.extra:
            data = self.bytes(name)
            if data is None:
                return None
            text, problem = decode(data)
            form = format_of(name)
            documents = [] if problem else parse(text, name, form).documents
            self.extra[name] = SourceFile(name, text, form, documents, platform=NAME)
        return self.extra[name]

    def text(self, name: str) -> str:
        """ "" for a file that cannot be read."""
        data = self.bytes(name)
        return decode(data)[0] if data is not None else ""

    def keep_unparsed(self, name: str) -> None:
        """Note a template, which has a text and no documents."""
        self.extra[name] = SourceFile(name, self.text(name), "yaml", platform=NAME)

    def documents(self, name: str) -> list[Document]:
        source = self.source(name)
        return source.documents if source is not None else []

    def manifests(self, name: str) -> list[Manifest]:
        """The objects in a file, of the kinds that are read."""
        if name not in self._manifests:
            self._manifests[name] = [
                manifest
                for document in self.documents(name)
                for manifest in manifests(Field.root(document))
            ]
        return self._manifests[name]

    def kustomization(self, folder: str) -> Kustomization | None:
        """The one in a folder. Of several, which kustomize refuses, the first by name."""
        if folder not in self._kustomizations:
            self._kustomizations[folder] = self._read_kustomization(folder)
        return self._kustomizations[folder]

    def _read_kustomization(self, folder: str) -> Kustomization | None:
        for base in sorted(KUSTOMIZATION_NAMES):
            name = joined(folder, base)
            for document in self.documents(name):
                if is_kustomization(document, name):
                    return read_kustomization(document)
        return None


def joined(folder: str, path: str) -> str:
    """A path that is written in a file of ``folder``, as a name; "." is the root."""
    return posixpath.normpath(posixpath.join(folder, path))
