"""Rendered text into fragments of the model, at the places of its sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from lintscale.model import Location, PathKey, Span
from lintscale.platforms.kubernetes import normalise
from lintscale.platforms.kubernetes.manifest import manifests
from lintscale.rendering.charts import Chart, Release
from lintscale.rendering.library import Library
from lintscale.rendering.origins import Origins
from lintscale.rendering.outcome import Rendered
from lintscale.rendering.overlays import Overlay
from lintscale.rendering.relocate import relocate
from lintscale.rendering.templates import Template, TemplatePlaces
from lintscale.source import Document, Field
from lintscale.source.yaml import parse_yaml

_SOURCE = "# Source: "
_HOOK = "helm.sh/hook"


class _Places(Protocol):
    """Where the values of one rendered object come from."""

    prefix: tuple[PathKey, ...]

    def of(self, location: Location) -> Location: ...


def add(subject: Overlay | Release, text: str, library: Library, result: Rendered) -> None:
    """Put what was rendered into the result."""
    documents = parse_yaml(text, subject.file).documents
    if isinstance(subject, Overlay):
        origins = Origins(subject, library)
        for document in documents:
            _add(document, list(origins.places(document)), result)
        result.covered |= subject.covered
        return
    sources = _sources(text)
    templates: dict[str, Template] = {}
    for document in documents:
        if document.root is None or _is_test(document):
            continue
        name = subject.chart.source(_source_of(sources, document.root.span))
        if name not in templates:
            templates[name] = Template(name, library.text(name))
        _add(document, _template_places(document, templates[name], subject), result)
    covered = _templates_of(subject.chart, library)
    for name in covered:
        library.keep_unparsed(name)
    result.covered |= covered
    result.places |= covered


def _add(document: Document, places: Sequence[_Places], result: Rendered) -> None:
    if not places or not normalise.recognise(document, document.file):
        return

    def place(location: Location) -> Location:
        longest = max(
            (each for each in places if location.path[: len(each.prefix)] == each.prefix),
            key=lambda each: len(each.prefix),
            default=places[0],
        )
        found = longest.of(location)
        result.places.add(found.file)
        return found

    fragments = normalise.normalise(document, document.file)
    relocate(fragments, place)
    result.fragments.append(fragments)
    file = place(Field.root(document).location).file
    result.left_out |= {(file, reason) for reason in normalise.left_out(document, document.file)}


# -- charts ---------------------------------------------------------------------------------------


def _template_places(
    document: Document, template: Template, release: Release
) -> list[TemplatePlaces]:
    return [
        TemplatePlaces(manifest, template, release.file, release.label)
        for manifest in manifests(Field.root(document))
    ]


def _sources(text: str) -> list[tuple[int, str]]:
    """The lines that tell of a template, with their numbers."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
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
