"""Who deploys a chart with which values: helmfiles, Argo CD's Applications and Flux's HelmReleases.

Only what a file says plainly is taken. A value that a program fills in when it deploys makes the
values incomplete, and so does a file of values that is not in the project.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from lintscale._record import replace
from lintscale.platforms.kubernetes import is_helmfile, is_kustomization_name
from lintscale.platforms.kubernetes.rendering.deployments import (
    Deployment,
    Inline,
    Plain,
    as_json,
    at,
    text,
)
from lintscale.platforms.kubernetes.rendering.helmfiles import read_helmfile
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

_OPEN = ("{{", "${", "$(")
"""What begins a part of a text that a program fills in."""


def find_deployments(library: Library) -> list[Deployment]:
    """Those of all scanned files, by their files' names."""
    found: list[Deployment] = []
    releases: list[tuple[str, Plain]] = []
    for name in sorted(library.readings):
        if is_helmfile(name):
            found += read_helmfile(name, library)
        if not library.readings[name].outside:
            continue
        for document in library.documents(name):
            plain = Field.root(document).plain()
            kind, group = text(plain, "kind"), text(plain, "apiVersion").partition("/")[0]
            if (kind, group) == ("Application", "argoproj.io"):
                found += _application(name, plain, library)
            elif (kind, group) == ("ApplicationSet", "argoproj.io"):
                found += _application_set(name, plain, library)
            elif (kind, group) == ("HelmRelease", "helm.toolkit.fluxcd.io"):
                releases.append((name, plain))
    return [*found, *_helm_releases(releases, library)]


# -- Argo CD --------------------------------------------------------------------------------------


def _application(file: str, plain: Plain, library: Library) -> Iterator[Deployment]:
    """By argo-cd's v1alpha1 ApplicationSourceHelm: parameters over valuesObject over values over
    valueFiles (argo-cd.readthedocs.io, user-guide/helm, Dec 2026)."""
    spec = at(plain, "spec")
    several = at(spec, "sources")
    for number, source in enumerate(several if isinstance(several, list) else [at(spec, "source")]):
        helm = at(source, "helm")
        folder, chart = text(source, "path"), text(source, "chart")
        folder = joined(".", folder) if folder and not chart else ""
        if not chart and not library.is_chart(folder):
            continue
        one = f"sources[{number}]" if isinstance(several, list) else "source"
        values, complete = _value_files(helm, folder, library)
        inline, known = _argo_values(helm, f".spec.{one}.helm")
        settings = tuple(_parameters(at(helm, "parameters")))
        repository = text(source, "repoURL")
        is_open = _is_open([text(source, "targetRevision"), settings, inline and inline.text])
        yield Deployment(
            file=file,
            by="an Argo CD Application",
            chart=chart or folder,
            folder=folder,
            name=text(helm, "releaseName") or text(plain, "metadata", "name"),
            namespace=text(spec, "destination", "namespace"),
            values=(*values, *([inline] if inline is not None else ())),
            settings=settings,
            complete=complete and known and not is_open and not at(helm, "fileParameters"),
            source=_repository(chart, repository, text(source, "targetRevision")),
        )


def _argo_values(helm: Plain, query: str) -> tuple[Inline | None, bool]:
    """The values written in place, and whether they could be read."""
    written = at(helm, "valuesObject")
    if isinstance(written, dict):
        return Inline(as_json(written), f"{query}.valuesObject"), True
    words = text(helm, "values")
    if not words.strip():
        return None, True
    from lintscale.syntax.yaml import parse_yaml

    documents = parse_yaml(words, "values").documents
    found = Field.root(documents[0]).plain() if documents else None
    if isinstance(found, dict):
        return Inline(as_json(found), f"{query}.values"), True
    return None, False


def _value_files(helm: Plain, folder: str, library: Library) -> tuple[list[str], bool]:
    """Of a source; those of a repository that is called by a name ("$values/…") from the root."""
    files = at(helm, "valueFiles")
    found, complete = [], True
    for file in files if isinstance(files, list) else ():
        name = str(file)
        if name.startswith(("$", "/")) and not name.startswith("${"):
            name = joined(".", name.partition("/")[2])
        else:
            name = joined(folder or ".", name)
        if not _is_open(name) and library.exists(name) and library.is_inside(name):
            found.append(name)
        elif at(helm, "ignoreMissingValueFiles") is not True or _is_open(name):
            complete = False
    return found, complete


def _parameters(parameters: Plain) -> Iterator[str]:
    for each in parameters if isinstance(parameters, list) else ():
        name, value = text(each, "name"), at(each, "value")
        if name:
            yield "--set-string" if at(each, "forceString") is True else "--set"
            yield f"{name}={value}"


def _application_set(file: str, plain: Plain, library: Library) -> Iterator[Deployment]:
    """Its Applications by the generators that say everything in the file or the project: lists,
    and folders of charts. With others what they fill in stays open."""
    template = at(plain, "spec", "template")
    generators = at(plain, "spec", "generators")
    elements: list[Mapping[str, str]] = []
    for generator in generators if isinstance(generators, list) else ():
        listed = at(generator, "list", "elements")
        elements += [
            {str(key): str(value) for key, value in each.items()}
            for each in (listed if isinstance(listed, list) else ())
            if isinstance(each, dict)
        ]
        folders = at(generator, "git", "directories")
        for each in folders if isinstance(folders, list) else ():
            if at(each, "exclude") is not True:
                elements += _folders(text(each, "path"), library)
    named = {"metadata": at(plain, "metadata"), **(template if isinstance(template, dict) else {})}
    for element in elements or [{}]:
        for found in _application(file, _filled(named, element), library):
            name = "" if _is_open(found.name) else found.name
            environment = " ".join(element.values())
            by = "an Argo CD ApplicationSet"
            yield replace(found, by=by, name=name, environment=environment)


def _folders(pattern: str, library: Library) -> Iterator[Mapping[str, str]]:
    from fnmatch import fnmatchcase

    for folder in library.chart_folders():
        if folder.count("/") == pattern.count("/") and fnmatchcase(folder, pattern):
            base = posixpath.basename(folder)
            yield {"path": folder, "path.path": folder, "path.basename": base}


_PARAMETER = regex(r"\{\{-?\s*\.?([A-Za-z][\w.]*)\s*-?\}\}")


def _filled(plain: Plain, element: Mapping[str, str]) -> Plain:
    if isinstance(plain, dict):
        return {key: _filled(value, element) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_filled(item, element) for item in plain]
    if isinstance(plain, str):
        return _PARAMETER.sub(lambda match: element.get(match[1], match[0]), plain)
    return plain


# -- Flux -----------------------------------------------------------------------------------------


def _helm_releases(found: list[tuple[str, Plain]], library: Library) -> Iterator[Deployment]:
    """One that names no chart is a patch for the one of its name, which is deployed with it."""
    patches: dict[str, list[tuple[str, Plain]]] = {}
    for file, plain in found:
        if not _flux_chart(plain) and not at(plain, "spec", "chartRef"):
            patches.setdefault(text(plain, "metadata", "name"), []).append((file, plain))
    repositories: Callable[[], Mapping[str, str]] | None = None
    patching = _patching_kustomizations(library) if found else []
    for file, plain in found:
        if not _flux_chart(plain):
            continue
        if repositories is None:
            repositories = _Repositories(library).found
        whole = _helm_release(file, plain, library, repositories)
        name = text(plain, "metadata", "name")
        meant = rf"{_ANY_RELEASE}|name: *[\"']?{re.escape(name)}(?![\w.-])"
        if any(re.search(meant, each) for each in patching):
            whole = replace(whole, complete=False)
        mine = patches.get(text(plain, "metadata", "name"), ())
        for patch_file, patch in mine:
            part = _helm_release(patch_file, patch, library, repositories)
            yield replace(
                whole,
                file=patch_file,
                namespace=part.namespace or whole.namespace,
                values=(*whole.values, *part.values),
                complete=whole.complete and part.complete,
            )
        if not mine:
            yield whole


_ANY_RELEASE = r"kind: *HelmRelease *\n(?! *name:)"
"""A patch's target without a name."""


def _patching_kustomizations(library: Library) -> list[str]:
    """The texts of kustomizations that patch HelmReleases in place: who does so sets values too."""
    names = [name for name in library.readings if is_kustomization_name(name)]
    return [each for each in map(library.text, names) if "HelmRelease" in each]


def _flux_chart(plain: Plain) -> str:
    return text(plain, "spec", "chart", "spec", "chart")


def _helm_release(
    file: str, plain: Plain, library: Library, repositories: Callable[[], Mapping[str, str]]
) -> Deployment:
    """By Flux's helm.toolkit.fluxcd.io/v2: values over valuesFrom over the chart's valuesFiles
    (fluxcd.io/flux/components/helm/helmreleases, Dec 2026)."""
    spec = at(plain, "spec")
    chart, template = _flux_chart(plain), at(spec, "chart", "spec")
    in_git = text(template, "sourceRef", "kind") in ("GitRepository", "Bucket")
    folder = joined(".", chart.lstrip("/")) if in_git or chart.startswith((".", "/")) else ""
    files = at(template, "valuesFiles")
    names = [joined(".", str(each)) for each in files] if isinstance(files, list) else []
    values: list[str | Inline] = [name for name in names if library.exists(name)]
    written = at(spec, "values")
    if isinstance(written, dict):
        values.append(Inline(as_json(written), ".spec.values"))
    url = "" if folder else repositories().get(text(template, "sourceRef", "name"), "")
    return Deployment(
        file=file,
        by="a Flux HelmRelease",
        chart=chart,
        folder=folder,
        name=text(spec, "releaseName") or text(plain, "metadata", "name"),
        namespace=text(spec, "targetNamespace") or text(plain, "metadata", "namespace"),
        values=tuple(values),
        complete=not at(spec, "valuesFrom")
        and not _is_open(written)
        and len(names) == len([each for each in values if isinstance(each, str)]),
        source=_repository("" if folder else chart, url, text(template, "version")),
    )


class _Repositories:
    """The addresses of Flux's HelmRepositories by name, looked for when one is asked for."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.known: dict[str, str] | None = None

    def found(self) -> Mapping[str, str]:
        if self.known is None:
            self.known = {}
            for name in sorted(self.library.readings):
                if name.endswith((".yaml", ".yml")) and b"HelmRepository" in (
                    self.library.bytes(name) or b""
                ):
                    self._read(name, self.known)
        return self.known

    def _read(self, name: str, known: dict[str, str]) -> None:
        for document in self.library.documents(name):
            plain = Field.root(document).plain()
            if text(plain, "kind") == "HelmRepository":
                known.setdefault(text(plain, "metadata", "name"), text(plain, "spec", "url"))


def _repository(chart: str, address: str, version: str) -> tuple[str, ...]:
    """Where Helm gets a chart that is not in the project: the last words of its command."""
    if not chart:
        return ()
    more = ("--version", version) if version and version != "*" else ()
    if "://" not in address and address:  # an OCI registry, as Argo CD writes it
        address = f"oci://{address}"
    if address.startswith("oci://"):
        return (f"{address.rstrip('/')}/{chart}", *more)
    return (chart, *(("--repo", address) if address else ()), *more)


def _is_open(plain: Plain) -> bool:
    """Whether a part of it is filled in when it is deployed."""
    return any(mark in each for each in _texts(plain) for mark in _OPEN)


def _texts(plain: Plain) -> Iterable[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for value in plain.values():
            yield from _texts(value)
    elif isinstance(plain, list | tuple):
        for item in plain:
            yield from _texts(item)
