"""With which values each chart is rendered."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lintscale._record import record, replace
from lintscale.model.location import Location, Span
from lintscale.platforms.base import NotRendered
from lintscale.platforms.kubernetes.rendering.charts import (
    RELEASE_NAME,
    Chart,
    OwnValues,
    inputs_of,
    is_release,
    missing_dependencies,
)
from lintscale.platforms.kubernetes.rendering.deployments import (
    Deployment,
    Inline,
    unread_command,
    with_values,
)
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.platforms.kubernetes.settings import ChartSettings
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

_MISSING = regex(r"(?:but missing in charts/ directory: (.+)|charts that are not there \((.+)\))")

Environments = Callable[[str], str | None]


@record
class Release:
    """A chart with values for it. ``inputs`` are the files that it is rendered from; None when
    they are too many to compare. ``file`` stands for it: the values that make it what it is, what
    deploys it, or the chart; ``by`` tells it apart where several have one file. ``deployed_in`` is
    the file with the values written in place. ``assumed`` as in
    :class:`lintscale.model.location.Rendering`."""

    chart: Chart
    name: str
    namespace: str
    values: tuple[str | Inline, ...]
    inputs: tuple[str, ...] | None
    file: str
    by: str
    label: str
    settings: tuple[str, ...] = ()
    assumed: str = ""
    refusal: str = ""
    command: str = ""
    deployed_in: str = ""

    @property
    def inline(self) -> list[str]:
        """The texts of the values that no file of values holds."""
        return [each.text for each in self.values if isinstance(each, Inline)]

    def arguments(self, root: Path | None = None, folder: Path | None = None) -> list[str]:
        """For Helm; with ``root`` as absolute paths, which no name of a file makes an option. The
        values that are no files have become some in ``folder``."""
        words = self._beginning(root)
        count = 0
        for values in self.values:
            if isinstance(values, Inline):
                name = inline_name(count)
                words += ["--values", str(folder / name) if folder is not None else name]
                count += 1
            else:
                words += ["--values", _placed(values, root)]
        return [*words, *self.settings]

    def _beginning(self, root: Path | None) -> list[str]:
        words = ["template", self.name, _placed(self.chart.folder, root)]
        return [*words, "--namespace", self.namespace] if self.namespace else words

    def explained(self, reason: str) -> tuple[str, str]:
        """Why it was not rendered, in short, and the command that renders and checks it, for
        people to run in the project's root. Settings may be secrets: they are not in it."""
        command = with_values(["helm", *self._beginning(None)], self.values, self.deployed_in)
        if self.command and (self.inline or self.settings):
            command = f"{self.command} | lintscale check -"
        missing = _MISSING.search(reason)
        if missing is None:
            return reason, command
        fetch = shlex.join(["helm", "dependency", "build", _placed(self.chart.folder, None)])
        return f"not rendered: it needs charts that are not there ({missing[1] or missing[2]})", (
            f"{fetch} && {command}"
        )


class Values:
    """Where the values of a release are set."""

    def __init__(self, release: Release, library: Library) -> None:
        self.release = release
        self.library = library
        self.known: dict[tuple[str, ...], Location | None] = {}

    def at(self, keys: tuple[str, ...]) -> Location | None:
        """The entry that holds: of the last values that have one. None where an option sets it, and
        where nobody does."""
        if keys not in self.known:
            name = f"{'.'.join(keys)}="
            by_option = any(each.startswith(name) for each in self.release.settings)
            self.known[keys] = None if by_option else self._entry(keys)
        return self.known[keys]

    def _entry(self, keys: tuple[str, ...]) -> Location | None:
        defaults = joined(self.release.chart.folder, "values.yaml")
        for values in reversed((defaults, *self.release.values)):
            if isinstance(values, Inline):
                if values.has(keys):
                    return self._in_place(values, keys)
                continue
            for document in self.library.documents(values):
                found = Field.root(document).get(*keys)
                if found.present:
                    return found.location
        return None

    def _in_place(self, values: Inline, keys: tuple[str, ...]) -> Location:
        """The entry in the file that deploys, or as near to it as its path is known."""
        above = values.query.removeprefix(".").split(".")
        for document in self.library.documents(self.release.deployed_in):
            for path in ((*above, *keys), above):
                found = Field.root(document).get(*path)
                if found.present:
                    return found.location
        return Location(self.release.deployed_in, Span(1, 1, 1, 1))


def inline_name(number: int) -> str:
    return f"values-{number}.json"


def _placed(name: str, root: Path | None) -> str:
    if root is not None:
        return str(root / name)
    # Without a slash Helm takes it for the name of a chart in a repository.
    return name if name == "." else f"./{name}"


def releases(
    charts: Sequence[Chart],
    library: Library,
    settings: tuple[ChartSettings, ...],
    environment_of: Environments,
    deployments: Sequence[Deployment],
) -> tuple[list[Release], list[Deployment]]:
    """What is rendered of each chart, and the deployments of charts that are not in the project.

    The configuration's entries for a chart are all that counts for it. Else it is rendered as it is
    deployed and with each of its own values files that is called after an environment or a release;
    with its defaults where nobody deploys it, unless one of those files is production's."""
    own = {chart.folder: OwnValues(chart, library, environment_of) for chart in charts}
    deployed: dict[str, list[Deployment]] = {chart.folder: [] for chart in charts}
    unread = []
    for each in deployments:
        folder = each.folder or _by_name(each, own)
        if folder in deployed:
            deployed[folder].append(each)
        elif not library.is_chart(folder):
            unread.append(each)
    taken = {name for each in deployments for name in each.values_files}
    found = []
    for chart in charts:
        if chart.library:
            continue
        maker = _Maker(chart, library, environment_of)
        mine = [entry for entry in settings if _is_meant(chart, entry.chart)]
        if mine:
            found += [maker.configured(entry) for entry in mine]
            continue
        made = [maker.deployed(each) for each in deployed[chart.folder]]
        files = [name for name in own[chart.folder].files() if name not in taken]
        environments = {name: environment_of(name) for name in files}
        released = [name for name in files if environments[name] is None and is_release(name)]
        named = [name for name in files if environments[name] is not None or name in released]
        made += [maker.with_values(name) for name in named]
        runs = bool(deployed[chart.folder] or released) or "production" in environments.values()
        if not runs:
            made.append(maker.with_defaults())
        found += dict.fromkeys(made)
    return found, unread


def _by_name(deployment: Deployment, own: dict[str, OwnValues]) -> str:
    """The folder of the only chart in the project that has the name of one in a repository, and
    reads the values."""
    name = deployment.chart.rstrip("/").rpartition("/")[2]
    folders = [folder for folder, each in own.items() if each.chart.name == name]
    if len(folders) != 1:
        return ""
    mine = own[folders[0]]
    keys = deployment.keys.union(*map(mine.keys_of, deployment.values_files))
    return folders[0] if mine.fit(keys) else ""


class _Maker:
    """Makes the releases of one chart."""

    def __init__(self, chart: Chart, library: Library, environment_of: Environments) -> None:
        self.chart = chart
        self.library = library
        self.environment_of = environment_of
        self.inputs, self.refusal = inputs_of(chart, library)
        missing = missing_dependencies(chart, library)
        if missing and not self.refusal:
            self.refusal = f"it needs charts that are not there ({', '.join(missing)})"

    def configured(self, entry: ChartSettings) -> Release:
        values = tuple(_values_file(self.chart, name, self.library) for name in entry.values)
        file = values[-1] if values else self.chart.file
        made = self._with_files(file, values)
        return replace(made, name=entry.release or self.chart.release, namespace=entry.namespace)

    def with_values(self, file: str) -> Release:
        return self._with_files(file, (file,))

    def with_defaults(self) -> Release:
        return replace(self._with_files(self.chart.file, ()), assumed="defaults")

    def deployed(self, deployment: Deployment) -> Release:
        names = [name for name in deployment.values_files if self.environment_of(name)]
        file = names[-1] if names else deployment.file
        environment = None
        if not names and deployment.environment:
            environment = self.environment_of(deployment.environment)
        # As if it were a file in it, so that patterns of the configuration for the file match.
        by = f"{file}/{environment}" if environment else file
        nothing = not deployment.values and not deployment.settings
        made = self._with_files(file, deployment.values)
        return replace(
            made,
            name=deployment.name if RELEASE_NAME.fullmatch(deployment.name) else made.name,
            namespace=deployment.namespace if RELEASE_NAME.fullmatch(deployment.namespace) else "",
            by=by,
            label=f"{file} ({environment})" if environment else file,
            settings=deployment.settings,
            assumed="" if deployment.complete else "defaults" if nothing else "part",
            command=deployment.command,
            deployed_in=deployment.file,
        )

    def _with_files(self, file: str, values: tuple[str | Inline, ...]) -> Release:
        files = [each for each in values if isinstance(each, str)]
        outside = next((each for each in files if not self.library.is_inside(each)), None)
        refusal = f"{outside} lies outside of the project" if outside else ""
        return Release(
            chart=self.chart,
            name=self.chart.release,
            namespace="",
            values=values,
            inputs=None if self.inputs is None else (*self.inputs, *files),
            file=file,
            by=file,
            label=self.chart.folder if file == self.chart.file else file,
            refusal=self.refusal or refusal,
        )


def unread(deployments: Iterable[Deployment]) -> Iterator[NotRendered]:
    """The charts that are not in the project, each with the command that renders it."""
    for each in deployments:
        reason = f"not rendered: {each.by} of a chart that is not in the project"
        yield NotRendered(each.file, reason, unread_command(each))


def _is_meant(chart: Chart, pattern: str) -> bool:
    """Patterns of charts are those of .gitignore, like all of the configuration's."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([pattern]).match_file(chart.file)


def _values_file(chart: Chart, name: str, library: Library) -> str:
    """In the chart's folder, else from the project's root; with a slash before it from there."""
    own = joined(chart.folder, name)
    from_root = name.startswith("/") or not library.exists(own)
    return joined(".", name.lstrip("/")) if from_root else own
