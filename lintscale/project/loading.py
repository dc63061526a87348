"""The files of a run: found, read and rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from lintscale import platforms
from lintscale._record import field, fields, record, replace
from lintscale.model.declared import DocumentNote, Fragments
from lintscale.platforms.base import Cargo, CarrierRequest, Rendered, RenderingRequest
from lintscale.project.cache import cache_folder
from lintscale.project.config import Settings
from lintscale.project.discovery import (
    STDIN,
    Candidate,
    Discovered,
    discover,
    read_bytes,
    relative_name,
)
from lintscale.project.reading import (
    FileReading,
    check_schemas,
    nothing_to_read,
    read_file,
    read_text,
)
from lintscale.syntax import Document, Problem, SourceFile
from lintscale.syntax.document import SCHEMA_KINDS
from lintscale.syntax.text import decode

Progress = Callable[[int, int], None]
"""Called with (files done, files in all). What it raises ends the run."""

ReadingCache = dict[tuple[str, bool], tuple[bytes, Mapping[str, str], FileReading]]
"""What files came to in the check before, by name and whether a person named them: with their
contents, and the versions of platforms that they were read for. Reading is most of a check."""

SINGLE_DOCUMENT = "a single document on standard input"


@record
class Request:
    """What a check is asked for. ``paths`` are reported on (``-`` is ``stdin``, then the only one
    of them). ``contents`` are used in place of what the files of these names hold. ``cache`` goes
    from one check to the next, which then reads only what has changed. ``today`` is an ISO date by
    which deadlines are judged; "" is the system's."""

    paths: Sequence[str]
    settings: Settings
    stdin: bytes | None = None
    stdin_filename: str = ""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    cache: ReadingCache | None = None
    progress: Progress | None = None
    use_cache: bool = True
    today: str = ""

    @property
    def replaced(self) -> str:
        """The name of the project's file in whose place standard input is checked; "" where it is
        the only input."""
        if STDIN not in self.paths or not self.stdin_filename or not self.settings.whole_project:
            return ""
        return relative_name(Path(self.stdin_filename).absolute(), self.settings.root)


@record
class Skipped:
    """A file, or one document of it, that looked like lintscale's business and was left out.
    ``command`` is what people may run to have it checked all the same."""

    file: str
    reason: str
    command: str = ""

    @property
    def text(self) -> str:
        return f"{self.reason}; to check it: {self.command}" if self.command else self.reason


@record
class Declared:
    """What the files of a run declare, before anything is joined. ``outside`` are reasons why
    objects may exist that were not read, ``broken`` the texts of files that could not be read, and
    ``code_files`` the names of an application's own files. ``files`` are those that were recognised
    or rendered, by name; ``looked_at`` counts those too that no platform recognised. ``renders``:
    some files are judged by what overlays and charts make of them; ``unrendered`` are those that
    would be if these had been rendered. Of the code files ``reported_code`` are reported on,
    and a person named ``named_code``."""

    fragments: Fragments
    outside: list[str]
    broken: list[str]
    code_files: Sequence[str]
    readings: list[FileReading]
    skipped: list[Skipped]
    files: dict[str, SourceFile]
    looked_at: int
    renders: bool
    unrendered: AbstractSet[str]
    reported_code: AbstractSet[str]
    named_code: AbstractSet[str]


def read_project(request: Request, environment_of: Callable[[str], str | None]) -> Declared:
    """Read what is asked for and the project around it. ``environment_of`` says what the name of a
    file tells of its environment. Never raises on account of what files hold."""
    settings = request.settings
    rendered = Rendered()
    found = Discovered()
    if request.replaced:
        request = _in_place(request)
    if STDIN in request.paths:
        readings = _read_stdin(request)
        looked_at = 1
    else:
        found = discover(
            settings.root,
            [Path(path) for path in request.paths],
            settings.exclude,
            whole_project=settings.whole_project,
        )
        looked_at = len(found.candidates)
        readings = _read_all(found.candidates, request)
        rendered = _render(readings, request, environment_of)
    patches = {name: reading.name for reading in readings for name in reading.patches}
    completed = {name for reading in readings for name in reading.completed}
    _without_missing_keys(readings, completed)
    _take_over(readings, rendered, patches)
    skipped = [Skipped(name, reason) for name, reason in (*found.left_out, *rendered.left_out)]
    skipped += [Skipped(each.file, each.reason, each.command) for each in rendered.not_rendered]
    outside: list[str] = []
    fragments = Fragments()
    for part in rendered.fragments:
        fragments.extend(part)
    for reading in readings:
        if reading.name not in rendered.covered:
            outside += reading.outside
            fragments.extend(_contribution(reading, patches, completed, skipped))
        elif not reading.template:
            outside += reading.outside
    for cargo in _carry(readings, request, environment_of):
        fragments.extend(cargo.fragments)
        rendered.sources |= _unread(cargo.sources, readings)
        skipped += [Skipped(name, reason) for name, reason in cargo.left_out]
    skipped += [
        Skipped(reading.name, nothing_to_read())
        for reading in readings
        if reading.carrier and reading.explicit and reading.source is None
    ]
    _supersede(fragments, readings)
    fragments.notes = _checked_notes(fragments.notes, readings, patches)
    broken = [
        reading.source.text
        for reading in readings
        if reading.source and any(each.kind == "syntax-error" for each in reading.source.problems)
    ]
    return Declared(
        fragments=fragments,
        outside=outside,
        broken=[*broken, *(reading.unfilled for reading in readings if reading.unfilled)],
        code_files=found.code_files,
        readings=readings,
        skipped=skipped,
        files={
            **rendered.sources,
            **{reading.name: reading.source for reading in readings if reading.source},
        },
        looked_at=looked_at,
        renders=bool(rendered.covered),
        unrendered=rendered.unrendered,
        reported_code=found.reported_code,
        named_code=found.named_code,
    )


def _in_place(request: Request) -> Request:
    """The request with standard input as the content of the file whose place it takes."""
    return replace(
        request,
        paths=[request.stdin_filename if path == STDIN else path for path in request.paths],
        contents={**request.contents, request.replaced: request.stdin or b""},
    )


def _read_stdin(request: Request) -> list[FileReading]:
    data, filename, settings = request.stdin or b"", request.stdin_filename, request.settings
    name = relative_name(Path(filename).absolute(), settings.root) if filename else "stdin.yaml"
    if not filename and data.lstrip()[:1] in (b"{", b"["):
        name = "stdin.json"
    candidate = Candidate(Path(name), name, explicit=True)
    reading = read_text(candidate, data, settings.versions)
    if reading.documents == 1:
        reading.outside.append(SINGLE_DOCUMENT)
    return [reading]


def _read_all(candidates: Sequence[Candidate], request: Request) -> list[FileReading]:
    readings = []
    versions, cache = request.settings.versions, request.cache
    for number, candidate in enumerate(candidates, start=1):
        data = request.contents.get(candidate.name)
        if cache is None:
            reading = read_file(candidate, versions, data)
        else:
            reading = _read_changed(candidate, versions, data, cache)
        reading.reported = candidate.reported
        readings.append(reading)
        if request.progress is not None:
            request.progress(number, len(candidates))
    if cache is not None:
        for gone in cache.keys() - {_key(candidate) for candidate in candidates}:
            del cache[gone]
    return readings


def _key(candidate: Candidate) -> tuple[str, bool]:
    return candidate.name, candidate.explicit


def _read_changed(
    candidate: Candidate, versions: Mapping[str, str], data: bytes | None, cache: ReadingCache
) -> FileReading:
    """Like ``read_file``, which has nothing to do where the file is as it was."""
    if data is None:
        try:
            data = read_bytes(candidate.path)
        except OSError:
            return read_file(candidate, versions)
    key = _key(candidate)
    known = cache.get(key)
    if known is not None and known[:2] == (data, versions):
        reading = known[2]
    else:
        reading = read_text(candidate, data, versions)
    cache[key] = (data, versions, reading)
    # What joining notes in a reading is for one check.
    return replace(
        reading,
        patches=set(reading.patches),
        completed=set(reading.completed),
        outside=list(reading.outside),
        left_out=list(reading.left_out),
    )


def _render(
    readings: Sequence[FileReading],
    request: Request,
    environment_of: Callable[[str], str | None],
) -> Rendered:
    """What platforms render of the files, in place of which it is judged."""
    rendered = Rendered()
    settings = request.settings
    for platform in platforms.TABLE.values():
        renders = bool(platform.render_tools) and any(
            platform.may_render(each.name) or each.outside for each in readings
        )
        if not renders:
            continue
        rendering = RenderingRequest(
            root=settings.root,
            files=readings,
            settings=settings.platform_settings,
            enabled=settings.rendering.enabled,
            time_limit_seconds=settings.rendering.time_limit_seconds,
            environment_of=environment_of,
            read_bytes=read_bytes,
            check=partial(check_schemas, platforms.load(platform.name), versions=settings.versions),
            cache_folder=cache_folder() / "rendered" if request.use_cache else None,
            contents=request.contents,
            progress=request.progress,
        )
        rendered.extend(platforms.renderer(platform.name)(rendering))
    return rendered


def _carry(
    readings: Sequence[FileReading],
    request: Request,
    environment_of: Callable[[str], str | None],
) -> list[Cargo]:
    """What the files of carriers come to, each carrier's together."""
    found = []
    for carrier in platforms.CARRIERS.values():
        texts = {each.name: each.text for each in readings if each.carrier == carrier.name}
        if not any(mark in text for text in texts.values() for mark in carrier.marks):
            continue
        cargo = CarrierRequest(
            texts=texts,
            read=partial(_text_of, request, {each.name: each for each in readings}),
            normalise=_normalised,
            environment_of=environment_of,
        )
        found.append(platforms.carry(carrier.name, cargo))
    return found


def _normalised(platform: str, document: Document) -> Fragments:
    return platforms.load(platform).normalise(document, document.file)


def _text_of(request: Request, readings: Mapping[str, FileReading], name: str) -> str | None:
    """The text of a file of the project; None where it cannot be read."""
    reading = readings.get(name)
    if reading is not None and (reading.text or reading.source is not None):
        return reading.text or (reading.source.text if reading.source is not None else None)
    data = request.contents.get(name)
    if data is None:
        root = request.settings.root
        path = root / name
        try:
            if not path.resolve().is_relative_to(root.resolve()):
                return None
            data = read_bytes(path)
        except (OSError, ValueError):
            return None
    text, problem = decode(data)
    return None if problem is not None else text


def _unread(
    sources: Mapping[str, SourceFile], readings: Sequence[FileReading]
) -> dict[str, SourceFile]:
    """The sources that are no files of their own among the readings; the others are put there."""
    by_name = {reading.name: reading for reading in readings}
    for name, source in sources.items():
        reading = by_name.get(name)
        if reading is not None and reading.source is None:
            reading.source = source
            reading.documents = len(source.documents)
    return {name: source for name, source in sources.items() if name not in by_name}


def _contribution(
    reading: FileReading,
    patches: Mapping[str, str],
    completed: AbstractSet[str],
    skipped: list[Skipped],
) -> Fragments:
    """What a file that is not rendered contributes. Partial objects (patches) are never judged
    alone; ``skipped`` gets what is left out."""
    if reading.name not in patches:
        fragments, reasons = reading.fragments, reading.left_out
        if reading.name not in completed and any(each.partial for each in fragments.workloads):
            fragments, parts = _without_parts(fragments)
            reasons = [*reasons, *parts]
        skipped += [Skipped(reading.name, reason) for reason in reasons]
        if _holds_only_patches(reading):
            reading.source = None
        return fragments
    reason = f"a patch, which is part of an object ({patches[reading.name]})"
    skipped.append(Skipped(reading.name, reason))
    if reading.source is not None:
        problems = _without_schemas(reading.source)
        reading.source = replace(reading.source, documents=[], problems=problems)
    return Fragments(patches=[*reading.fragments.workloads, *reading.fragments.patches])


def _holds_only_patches(reading: FileReading) -> bool:
    """Whether each of its documents was left out, so that nothing of the file is checked."""
    said = reading.fragments
    left = len(reading.left_out) >= reading.documents > 0
    judged = (getattr(said, name) for name in fields(said) if name != "patches")
    broken = reading.source is not None and reading.source.problems
    return left and not broken and not any(judged)


def _supersede(fragments: Fragments, readings: Sequence[FileReading]) -> None:
    """Tell what a program beside a file, or above it, describes in its place: the nearest one."""
    programs = {
        reading.name: platforms.program_of(reading.name)
        for reading in readings
        if reading.documents and platforms.program_of(reading.name) is not None
    }
    if not programs:
        return

    def successor(platform: str, file: str) -> str:
        folders: dict[str, str] = {}
        for name, owner in sorted(programs.items()):
            folder = name.rpartition("/")[0].rpartition("/")[0]
            if owner == platform and (not folder or file.startswith(f"{folder}/")):
                folders.setdefault(folder, name)
        return folders[max(folders, key=len)] if folders else ""

    fragments.workloads = [
        replace(each, superseded_by=successor(each.platform, each.location.file))
        if each.read_until
        else each
        for each in fragments.workloads
    ]
    fragments.notes = [
        replace(each, superseded_by=successor(each.platform, each.location.file))
        if each.kind == "retired format"
        else each
        for each in fragments.notes
    ]


def _checked_notes(
    notes: Sequence[DocumentNote], readings: Sequence[FileReading], patches: Mapping[str, str]
) -> list[DocumentNote]:
    """The notes, each platform's with what patches have to do with them."""
    patching = [
        reading.source.text
        for reading in readings
        if reading.source and (reading.name in patches or reading.fragments.kustomize_builds)
    ]
    for name in sorted({note.platform for note in notes}):
        notes = platforms.load(name).with_patches(notes, patching)
    return list(notes)


def _take_over(
    readings: Iterable[FileReading], rendered: Rendered, patches: Mapping[str, str]
) -> None:
    """Into the readings what rendering found out about their files: templates and JSON patches
    are ours after all, and what is wrong with a patch shows where it is applied."""
    for reading in readings:
        if reading.name not in rendered.covered:
            continue
        if reading.source is None and reading.name in rendered.sources:
            reading.source = rendered.sources[reading.name]
        if reading.source is not None:
            problems = reading.source.problems
            if reading.name in patches:
                problems = _without_schemas(reading.source)
            found = rendered.problems.get(reading.name, ())
            reading.source = replace(reading.source, problems=[*problems, *found])


def _without_parts(fragments: Fragments) -> tuple[Fragments, list[str]]:
    """The fragments with partial workloads only as something to point at, and why each of those is
    not judged: no file names it as a patch, or completes it."""
    parts = [workload for workload in fragments.workloads if workload.partial]
    documents = {part.location.document for part in parts}
    others = Fragments()
    others.extend(fragments)
    others.workloads = [
        replace(each, scanned=False, count_known=False, containers=()) if each.partial else each
        for each in fragments.workloads
    ]
    others.notes = [each for each in fragments.notes if each.location.document not in documents]
    others.suppressions = [
        each for each in fragments.suppressions if each.location.document not in documents
    ]
    return others, [f"{each.display_name} is partial: a patch that no file names" for each in parts]


def _without_missing_keys(readings: Iterable[FileReading], completed: AbstractSet[str]) -> None:
    """What an object lacks in its file may be added by a file that names it (``completed``)."""
    for reading in readings:
        if reading.name in completed and reading.source is not None:
            problems = [each for each in reading.source.problems if not each.missing]
            reading.source = replace(reading.source, problems=problems)


def _without_schemas(source: SourceFile) -> list[Problem]:
    """A part of an object has not all that a whole one must have."""
    return [each for each in source.problems if each.kind not in SCHEMA_KINDS]
