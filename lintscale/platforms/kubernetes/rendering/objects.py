"""Rendered text into fragments of the model, at the places of its sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from lintscale._record import replace
from lintscale.model.declared import ObjectSuppression
from lintscale.model.location import Location, PathKey, Span
from lintscale.model.relocation import relocate
from lintscale.platforms import kubernetes
from lintscale.platforms.base import Rendered
from lintscale.platforms.kubernetes import normalise
from lintscale.platforms.kubernetes.manifest import manifests
from lintscale.platforms.kubernetes.rendering.charts import Chart
from lintscale.platforms.kubernetes.rendering.library import Library
from lintscale.platforms.kubernetes.rendering.origins import Origins
from lintscale.platforms.kubernetes.rendering.overlays import Overlay
from lintscale.platforms.kubernetes.rendering.releases import Release, Values
from lintscale.platforms.kubernetes.rendering.templates import Template, TemplatePlaces
from lintscale.syntax import Document, Field, Problem
from lintscale.syntax.text import Positions
from lintscale.syntax.yaml import parse_yaml

_Check = Callable[[Document], tuple[list[Problem], Document]]

_SOURCE = "# Source: "
_HOOK = "helm.sh/hook"


class _Places(Protocol):
    """Where the values of one rendered object come from. ``prefix`` is its path in the rendered
    document, ``path`` that of its source in the file that it stands in."""

    prefix: tuple[PathKey, ...]
    path: tuple[PathKey, ...]

    def of(self, location: Location) -> Location: ...


def add(
    subject: Overlay | Release, text: str, library: Library, check: _Check, result: Rendered
) -> None:
    """Put what was rendered into the result."""
    documents = parse_yaml(text, subject.file).documents
    adder = _Adder(library, check, result)
    if isinstance(subject, Overlay):
        origins = Origins(subject, library)
        for document in documents:
            adder.add(document, origins.places)
        result.covered |= covered(subject, library)
        return
    sources = _sources(text)
    templates: dict[str, Template] = {}
    values = Values(subject, library)
    for document in documents:
        if document.root is None or _is_test(document):
            continue
        name = subject.chart.source(_source_of(sources, document.root.span))
        if name not in templates:
            templates[name] = Template(name, library.text(name))
        adder.add(document, partial(_template_places, templates[name], subject, values.at))
    templates_of_it = covered(subject, library)
    for name in templates_of_it:
        library.keep_unparsed(name)
    result.covered |= templates_of_it
    result.places |= templates_of_it


def covered(subject: Overlay | Release, library: Library) -> set[str]:
    """The files that are judged as this renders them, and no longer alone."""
    if isinstance(subject, Overlay):
        return subject.covered
    return _templates_of(subject.chart, library)


class _Adder:
    """Puts rendered documents into the result."""

    def __init__(self, library: Library, check: _Check, result: Rendered) -> None:
        self.library = library
        self.check = check
        self.result = result

    def add(self, document: Document, places_in: Callable[[Document], Iterable[_Places]]) -> None:
        if not normalise.recognise(document, document.file):
            return
        problems, document = self.check(document)
        places = list(places_in(document))
        if not places:
            return

        def owner(path: tuple[PathKey, ...]) -> _Places:
            owners = (each for each in places if path[: len(each.prefix)] == each.prefix)
            return max(owners, key=lambda each: len(each.prefix), default=places[0])

        def place(location: Location) -> Location:
            found = owner(location.path).of(location)
            self.result.places.add(found.file)
            return found

        for problem in problems:
            self._add_problem(problem, place)
        fragments = normalise.normalise(document, document.file)
        said = [(each, owner(each.path).path) for each in fragments.suppressions]
        relocate(fragments, place)
        fragments.suppressions = [
            replace(each, path=path)
            for each, (_, path) in zip(fragments.suppressions, said, strict=True)
            if self._is_first(each)
        ]
        self.result.fragments.append(fragments)
        file = place(Field.root(document).location).file
        reasons = normalise.left_out(document, document.file)
        self.result.left_out |= {(file, reason) for reason in reasons}

    def _is_first(self, suppression: ObjectSuppression) -> bool:
        """Each overlay of a manifest repeats what that says of itself."""
        where = (suppression.location.file, suppression.location.span, suppression.text)
        known = where in self.result.suppressions
        self.result.suppressions.add(where)
        return not known

    def _add_problem(self, problem: Problem, place: Callable[[Location], Location]) -> None:
        location = place(Location("", problem.span, problem.intended or problem.path))
        if self._is_checked(location.file):
            return
        rendering = location.rendering
        of_values = not problem.rename and not problem.intended and self._is_made(location)
        assumed = rendering.assumed if rendering and of_values else ""
        moved = replace(
            problem,
            assumed=assumed,
            span=location.span,
            path=location.path,
            document=location.document,
            related=None,
            rename="",
            intended=(),
        )
        known = self.result.problems.setdefault(location.file, [])
        if any(replace(each, assumed=assumed) == moved for each in known if not each.assumed):
            return
        known[:] = [each for each in known if replace(each, assumed=assumed) != moved]
        known.append(moved)

    def _is_made(self, location: Location) -> bool:
        """Whether an action of the template writes what is there, on its line or below its key."""
        lines = Positions(self.library.text(location.file)).lines()[location.line - 1 :]
        first, below = lines[0] if lines else "", next(filter(str.strip, lines[1:]), "")
        key_only = first.split(" #")[0].rstrip().endswith(":")
        return "{{" in first or (key_only and below.lstrip().startswith("{{"))

    def _is_checked(self, name: str) -> bool:
        """Whether the file is a manifest, which is checked as it is written."""
        reading = self.library.readings.get(name)
        if reading is None or reading.source is None or name in self.library.patches:
            return False
        return bool(reading.source.documents) and not kubernetes.is_kustomization_name(name)


# -- charts ---------------------------------------------------------------------------------------


def _template_places(
    template: Template,
    release: Release,
    value_at: Callable[[tuple[str, ...]], Location | None],
    document: Document,
) -> list[TemplatePlaces]:
    return [
        TemplatePlaces(manifest, template, release, value_at)
        for manifest in manifests(Field.root(document))
    ]


def _sources(text: str) -> list[tuple[int, str]]:
    """The lines that tell of a template, with their numbers."""
    found = []
    for number, line in enumerate(Positions(text).lines(), start=1):
        if line.startswith(_SOURCE):
            found.append((number, line.removeprefix(_SOURCE).strip()))
    return found


def _source_of(sources: Sequence[tuple[int, str]], span: Span) -> str:
    """The last before the document. Helm writes one above each."""
    at = bisect_right(sources, (span.line, ""))
    return sources[at - 1][1] if at else ""


def _is_test(document: Document) -> bool:
    """A pod that \"helm test\" runs and nothing else does."""
    hook = Field.root(document).get("metadata", "annotations", _HOOK).string() or ""
    return any(word.strip().startswith("test") for word in hook.split(","))


def _templates_of(chart: Chart, library: Library) -> set[str]:
    prefix = "" if chart.folder == "." else f"{chart.folder}/"
    return {
        name
        for name, reading in library.readings.items()
        if name.startswith(prefix)
        and "templates" in name.removeprefix(prefix).split("/")[:-1]
        and (reading.source is not None or reading.left_out)
    }
