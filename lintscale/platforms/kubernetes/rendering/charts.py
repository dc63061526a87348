"""Which Helm charts are rendered, with which values."""

from __future__ import annotations

import os
import posixpath
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from lintscale._record import record
from lintscale.platforms.kubernetes import CHART
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.platforms.kubernetes.settings import ChartSettings
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

MAX_FILES = 2000
MAX_BYTES = 64 * 1024 * 1024
"""Files of a chart whose content tells whether what was rendered before still holds; a larger chart
is rendered anew each time."""

_NAME = regex(r"[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?")
"""A name for a release (Helm: pkg/chartutil/validate_name.go), and so none that is an option."""

_MISSING = regex(r"but missing in charts/ directory: (.+)")


@record
class Chart:
    """``folder`` and ``file`` (its Chart.yaml) are names in the project."""

    folder: str
    file: str
    name: str
    library: bool

    def source(self, template: str) -> str:
        """The file that a ``# Source:`` line means, which begins with the chart's name."""
        return joined(self.folder, template.partition("/")[2])


@record
class Release:
    """A chart with values for it. ``inputs`` are the files that it is rendered from; None when
    they are too many to compare."""

    chart: Chart
    name: str
    namespace: str
    values: tuple[str, ...]
    inputs: tuple[str, ...] | None
    refusal: str = ""

    @property
    def file(self) -> str:
        """What it is known by: the values that make it what it is, else the chart."""
        return self.values[-1] if self.values else self.chart.file

    @property
    def label(self) -> str:
        return self.values[-1] if self.values else self.chart.folder

    def arguments(self, root: Path | None = None) -> list[str]:
        """For Helm; with ``root`` as absolute paths, which no name of a file makes an option."""
        words = ["template", self.name, _placed(self.chart.folder, root)]
        if self.namespace:
            words += ["--namespace", self.namespace]
        for values in self.values:
            words += ["--values", _placed(values, root)]
        return words

    def explained(self, reason: str) -> tuple[str, str]:
        """Why it was not rendered, in short, and the command that renders and checks it, for
        people to run in the project's root."""
        command = f"helm {shlex.join(self.arguments())} | lintscale check -"
        missing = _MISSING.search(reason)
        if missing is None:
            return reason, command
        fetch = shlex.join(["helm", "dependency", "build", _placed(self.chart.folder, None)])
        return f"not rendered: it needs charts that are not there ({missing[1]})", (
            f"{fetch} && {command}"
        )


def _placed(name: str, root: Path | None) -> str:
    if root is not None:
        return str(root / name)
    # Without a slash Helm takes it for the name of a chart in a repository.
    return name if name == "." else f"./{name}"


def find_charts(library: Library) -> list[Chart]:
    """The charts among the scanned files that stand by themselves, by name: one under another's
    ``charts`` folder is rendered as its part."""
    folders = sorted(
        joined(posixpath.dirname(name), ".")
        for name in library.readings
        if posixpath.basename(name) == CHART
    )
    found = []
    for folder in folders:
        if any(folder.startswith(f"{other}/charts/") for other in folders if other != "."):
            continue
        if "." in folders and folder.startswith("charts/"):
            continue
        file = joined(folder, CHART)
        root = next((Field.root(document) for document in library.documents(file)), None)
        name = root.get("name").string() if root is not None else None
        if root is not None and name and _NAME.fullmatch(name):
            found.append(Chart(folder, file, name, root.get("type").string() == "library"))
    return found


def releases(
    chart: Chart,
    library: Library,
    settings: tuple[ChartSettings, ...],
    environment_of: Callable[[str], str | None],
) -> list[Release]:
    """One for each entry of the configuration that names the chart. Without any, one for each of
    its own values files that is called after an environment, and one with its defaults unless
    one of those is production's."""
    inputs, refusal = _inputs(chart, library)
    entries = [entry for entry in settings if _is_meant(chart, entry.chart)]
    if not entries:
        files = {file: environment_of(file) for file in _values_files(chart, library)}
        own = [file for file, environment in files.items() if environment is not None]
        entries = [ChartSettings(chart.folder, values=(f"/{file}",)) for file in own]
        if "production" not in files.values():
            entries.append(ChartSettings(chart.folder))
    found = []
    for entry in entries:
        values = tuple(_values_file(chart, name, library) for name in entry.values)
        outside = next((name for name in values if not library.is_inside(name)), None)
        found.append(
            Release(
                chart=chart,
                name=entry.release or chart.name,
                namespace=entry.namespace,
                values=values,
                inputs=None if inputs is None else (*inputs, *values),
                refusal=refusal or (f"{outside} lies outside of the project" if outside else ""),
            )
        )
    return found


def _is_meant(chart: Chart, pattern: str) -> bool:
    """Patterns of charts are those of .gitignore, like all of the configuration's."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([pattern]).match_file(chart.file)


def _values_file(chart: Chart, name: str, library: Library) -> str:
    """In the chart's folder, else from the project's root; with a slash before it from there."""
    own = joined(chart.folder, name)
    from_root = name.startswith("/") or not library.exists(own)
    return joined(".", name.lstrip("/")) if from_root else own


def _inputs(chart: Chart, library: Library) -> tuple[tuple[str, ...] | None, str]:
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


def _values_files(chart: Chart, library: Library) -> list[str]:
    """The chart's values files beside its defaults: ``values-staging.yaml``,
    ``staging-values.yaml``, ``values/staging.yaml``."""
    found = []
    prefix = "" if chart.folder == "." else f"{chart.folder}/"
    for name in library.readings:
        if not name.startswith(prefix) or not name.endswith((".yaml", ".yml")):
            continue
        folder, _, base = name.removeprefix(prefix).rpartition("/")
        stem = base.rpartition(".")[0]
        beside = not folder and "values" in stem and stem != "values"
        if beside or folder == "values":
            found.append(name)
    return sorted(found)
