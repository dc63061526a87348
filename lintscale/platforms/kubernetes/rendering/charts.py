"""The Helm charts of a project, and the values files that are their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from lintscale._record import record
from lintscale.platforms.kubernetes import CHART
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

MAX_FILES = 2000
MAX_BYTES = 64 * 1024 * 1024
"""Files of a chart whose content tells whether what was rendered before still holds; a larger chart
is rendered anew each time."""

RELEASE_NAME = regex(r"[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?")
"""A name for a release (Helm: pkg/chartutil/validate_name.go), and so none that is an option."""

_CHART_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")
"""A name for a chart (Helm: chartutil/create.go), and none that is an option."""

_NOT_IN_RELEASE = regex(r"[^a-z0-9]+")
_WORD = regex(r"[a-z0-9]+")
_VALUE = regex(r"\.Values\b(?:\.([A-Za-z0-9_]+))?")
_PACKED = regex(r"(.+?)-v?[0-9][^/]*\.tgz")
_RELEASE = "release"
"""In the name of a values file: it is what is deployed, in the default environment."""

_COMMON_KEYS = ("global", "tags")
"""Keys of values that every chart has: for its dependencies."""


@record
class Chart:
    """``folder`` and ``file`` (its Chart.yaml) are names in the project."""

    folder: str
    file: str
    name: str
    library: bool

    @property
    def release(self) -> str:
        """The name of its release where nobody gives one: its own, as far as a release may have it
        ("star_map" is rendered as "star-map")."""
        if RELEASE_NAME.fullmatch(self.name):
            return self.name
        return _NOT_IN_RELEASE.sub("-", self.name.lower())[:53].strip("-")

    def source(self, template: str) -> str:
        """The file that a ``# Source:`` line means, which begins with the chart's name."""
        return joined(self.folder, template.partition("/")[2])


def find_charts(library: Library) -> list[Chart]:
    """The charts among the scanned files that stand by themselves, by name: one under another's
    ``charts`` folder is rendered as its part."""
    folders = library.chart_folders()
    found = []
    for folder in folders:
        if any(folder.startswith(f"{other}/charts/") for other in folders if other != "."):
            continue
        if "." in folders and folder.startswith("charts/"):
            continue
        file = joined(folder, CHART)
        root = next((Field.root(document) for document in library.documents(file)), None)
        name = root.get("name").string() if root is not None else None
        if root is not None and name and _CHART_NAME.fullmatch(name):
            found.append(Chart(folder, file, name, root.get("type").string() == "library"))
    return found


def inputs_of(chart: Chart, library: Library) -> tuple[tuple[str, ...] | None, str]:
    """All files of a chart, and why it is not to be rendered: Helm follows symbolic links."""
    found, size = [], 0
    for name, is_link in _files(chart.folder, library):
        if is_link and not library.is_inside(name):
            return None, f"it has a symbolic link that leads out of the project ({name})"
        found.append(name)
        size += library.size(name)
        if len(found) > MAX_FILES or size > MAX_BYTES:
            return None, ""
    return tuple(sorted(found)), ""


def _files(folder: str, library: Library) -> Iterator[tuple[str, bool]]:
    for where, folders, files in os.walk(library.path(folder)):
        at = os.path.relpath(where, library.root).replace(os.sep, "/")
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        for name in (*files, *links):
            yield joined(at, name), (Path(where) / name).is_symlink()


class OwnValues:
    """Tells a chart's values files from those of other charts that lie beside them."""

    def __init__(
        self, chart: Chart, library: Library, environment_of: Callable[[str], str | None]
    ) -> None:
        self.chart = chart
        self.library = library
        self.environment_of = environment_of
        self.declared = {*_COMMON_KEYS, *_keys(library, joined(chart.folder, "values.yaml"))}
        self.declared |= {each for names in dependencies(chart, library) for each in names if each}
        self._read: set[str] | None = None

    def files(self) -> list[str]:
        """Those beside the defaults that are called after an environment or whatever else:
        ``values-staging.yaml``, ``staging.values.yaml``, ``values/staging.yaml``."""
        prefix = "" if self.chart.folder == "." else f"{self.chart.folder}/"
        found = []
        for name in self.library.readings:
            if not name.startswith(prefix) or not name.endswith((".yaml", ".yml")):
                continue
            folder, _, base = name.removeprefix(prefix).rpartition("/")
            stem = base.rpartition(".")[0]
            beside = not folder and "values" in stem and stem != "values"
            if (beside or folder == "values") and self._is_own(name, stem.lower()):
                found.append(name)
        return sorted(found)

    def _is_own(self, name: str, stem: str) -> bool:
        """By its name: a word before "values" that is neither the chart's nor an environment names
        another chart ("tempo-values-production"). By its keys: a file with such a word after it
        ("values-eu-production") has none that the chart does not read, any other has some."""
        known = {_RELEASE, *_WORD.findall(self.chart.name.lower())}

        def strange(text: str) -> bool:
            left = {word for word in _WORD.findall(text) if not word.isdigit()} - known
            return any(self.environment_of(f"{word}.yaml") is None for word in left)

        before, _, after = stem.rpartition("values")
        if before and strange(before):
            return False
        keys = _keys(self.library, name)
        return self.fit(keys, whole=strange(after))

    def keys_of(self, name: str) -> set[str]:
        return _keys(self.library, name)

    def fit(self, keys: set[str], *, whole: bool = False) -> bool:
        """Whether the chart reads one of these top-level keys of values, or the ``whole``."""
        enough = all if whole else any
        return (
            not keys
            or enough(key in self.declared for key in keys)
            or enough(key in self.declared or self._reads(key) for key in keys)
        )

    def _reads(self, key: str) -> bool:
        """Whether a template uses the key, or all values as they come."""
        if self._read is None:
            files, _ = inputs_of(self.chart, self.library)
            texts = (self.library.text(name) for name in files or () if "/templates/" in f"/{name}")
            self._read = {name for text in texts for name in _VALUE.findall(text)}
        return key in self._read or "" in self._read


def is_release(name: str) -> bool:
    """Whether a values file is called after a release: ``release.values.yaml``."""
    return _RELEASE in _WORD.findall(name.rpartition("/")[2].lower())


def _keys(library: Library, name: str) -> set[str]:
    """The top-level keys of a YAML file."""
    return {key for each in library.documents(name) for key, _ in Field.root(each).entries()}


def dependencies(chart: Chart, library: Library) -> list[tuple[str, str]]:
    """Name and alias ("" without one) of each chart that it includes."""
    found = []
    for file in (chart.file, joined(chart.folder, "requirements.yaml")):
        for document in library.documents(file):
            for each in Field.root(document).get("dependencies").items():
                name, alias = each.get("name").string(), each.get("alias").string()
                if name:
                    found.append((name, alias or ""))
    return found


def missing_dependencies(chart: Chart, library: Library) -> list[str]:
    """The charts that it includes and that are not in its ``charts`` folder, neither as a folder
    nor packed (Helm: action.CheckDependencies)."""
    needed = {name for name, _ in dependencies(chart, library)}
    if not needed:
        return []
    folder = joined(chart.folder, "charts")
    entries = library.entries(folder)
    present = set()
    for entry in entries:
        for document in library.documents(joined(folder, f"{entry}/{CHART}")):
            present.add(Field.root(document).get("name").string())
    packed = {found[1] for entry in entries if (found := _PACKED.fullmatch(entry))}
    return sorted(needed - present - packed)
