"""Files into fragments of the model: read, look, parse, recognise, normalise.

Each file is read by itself, so that the outcome does not depend on any other; joining is
linking's business.
"""

from __future__ import annotations

from lintscale import platforms
from lintscale._record import field, record, replace
from lintscale.model.declared import Fragments
from lintscale.model.location import Span
from lintscale.platforms.base import Reader, Versions
from lintscale.project.discovery import Candidate, read_bytes
from lintscale.syntax import Document, ParseResult, Problem, Scalar, SourceFile, parse
from lintscale.syntax.readers import TWO_MERGES
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions, decode

UNFILLED_LEFT_OUT = "a template that a script fills in was left out"

NEWEST: Versions = platforms.newest_versions()


@record(frozen=False)
class FileReading:
    """What one file came to. ``source`` is None when no platform has anything to do with it.

    ``patches`` are files that this one says are partial objects, ``completed`` those to whose
    objects it may add what they lack; ``outside`` are reasons why objects may exist that no scanned
    file shows; ``left_out`` is why the file, or a document of it, was not judged. ``template``:
    only what is rendered from the file can be read.
    ``carrier`` is the format that holds other platforms' documents in ``text``, which are read
    together with those of other files; ``explicit``: a person named the file.
    ``unfilled`` is the text where a part of it is no YAML before a script has filled it in.
    ``reported``: findings in it are wanted.
    """

    name: str
    source: SourceFile | None = None
    fragments: Fragments = field(default_factory=Fragments)
    patches: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    outside: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    template: bool = False
    documents: int = 0
    unfilled: str = ""
    carrier: str = ""
    text: str = ""
    explicit: bool = False
    reported: bool = True

    @property
    def platform(self) -> str:
        """The platform of its first document; "" where none is known."""
        return self.source.platform if self.source is not None else ""


def read_file(
    candidate: Candidate, versions: Versions = NEWEST, data: bytes | None = None
) -> FileReading:
    """Read, check and normalise one file, which is for these ``versions`` of platforms; ``data``
    is taken for what it holds. Never raises: what goes wrong becomes a problem of ``source`` or a
    reason in ``left_out``."""
    if data is not None:
        return read_text(candidate, data, versions)
    try:
        data = read_bytes(candidate.path)
    except OSError as error:
        return _unreadable(candidate, f"cannot be read: {error.strerror or error}")
    return read_text(candidate, data, versions)


def read_text(candidate: Candidate, data: bytes, versions: Versions = NEWEST) -> FileReading:
    """Like :func:`read_file`, for content that has been read."""
    reading = FileReading(candidate.name)
    text, problem = decode(data)
    carrier = platforms.carrier_of(candidate.name, text)
    if carrier and problem is None:
        reading.carrier, reading.text = carrier, text
        reading.explicit = candidate.explicit
        return reading
    # UTF-16 without its mark reads as a NUL beside every letter: still ours, and so an error.
    names = platforms.candidates(candidate.name, text.replace("\0", ""))
    if not names:
        if problem is not None and (candidate.explicit or _well_known(candidate)):
            reading.source = _source(candidate, text, [problem])
            return reading
        _note_objects_elsewhere(reading, text, names)
        if candidate.explicit:
            reading.left_out.append(nothing_to_read())
        return reading
    if problem is not None:
        reading.source = _source(candidate, text, [problem])
        return reading
    for platform in platforms.TABLE.values():
        reason = platform.template(candidate.name, text, platform.name in names)
        if reason:
            reading.left_out.append(reason)
            reading.outside.append(platform.templates_left_out)
            reading.template = True
            return reading
    _note_objects_elsewhere(reading, text, names)
    _normalise(reading, candidate, text, names, versions)
    return reading


def _normalise(
    reading: FileReading,
    candidate: Candidate,
    text: str,
    names: tuple[str, ...],
    versions: Versions,
) -> None:
    result = _parse(candidate, text)
    documents: list[Document] = []
    platform = ""
    violations: list[Problem] = []
    for document in result.documents:
        owner = _owner(document, candidate.name, names)
        if owner is None or isinstance(document.root, Scalar):
            # A single value says nothing, even in a file that is ours by its name.
            continue
        platform = platform or owner
        reader = platforms.load(owner)
        notes = reader.file_notes(document, candidate.name)
        reading.patches |= notes.patches
        reading.completed |= notes.completed
        reading.left_out.extend(notes.left_out)
        broken, read = check_schemas(reader, document, versions)
        violations.extend(broken)
        documents.append(read)
        reading.fragments.extend(reader.normalise(read, candidate.name))
    reading.documents = len(documents)
    problems = [each for each in result.problems if not _awaits_values(candidate, text, each)]
    if len(problems) < len(result.problems):
        reading.left_out.append(
            "a template, which is no YAML before its placeholders are filled in"
        )
        reading.outside.append(UNFILLED_LEFT_OUT)
        reading.unfilled = text
    if not documents and not _well_known(candidate):
        # Nobody's file: whether its keys repeat is no business of ours, and whether it is
        # broken only if nothing of it could be read.
        problems = [] if result.documents else [p for p in problems if p.kind == "syntax-error"]
    if not documents and not problems:
        if _well_known(candidate) and not any(each.root for each in result.documents):
            reading.left_out.append("it is empty")
        elif candidate.explicit or _well_known(candidate):
            reading.left_out.append(nothing_to_read())
        return
    platform = platform or names[0]
    two_merges = platforms.TABLE[platform].two_merges or TWO_MERGES
    problems = [replace(p, message=p.message.replace(TWO_MERGES, two_merges)) for p in problems]
    reading.source = _source(candidate, text, [*problems, *violations], documents, platform)


_BARE_PLACEHOLDER = regex(
    r":\$\{[A-Za-z_]\w{0,80}\}|^\s*\$\{[A-Za-z_]\w{0,80}\}\s*$"
    r"|\s\{[A-Z][A-Z0-9_]{2,80}\}[^\s,\]}]"
)
"""What a script fills in, where YAML cannot have it: ``env:${ENV}``, a line of its own,
``clusterIP: {PREFIX}.16``."""


def _awaits_values(candidate: Candidate, text: str, problem: Problem) -> bool:
    """Whether the file breaks where something is yet to be filled in: on that line, or after it."""
    if problem.kind != "syntax-error" or candidate.format != "yaml":
        return False
    positions, line = Positions(text), problem.span.line
    return any(_BARE_PLACEHOLDER.search(positions.line(each)) for each in (line - 1, line))


def check_schemas(
    reader: Reader, document: Document, versions: Versions
) -> tuple[list[Problem], Document]:
    """What the document breaks of its schemas, and the document to read in its place."""
    choices = list(reader.schemas(document, document.file, versions))
    if not choices:
        return [], document
    # Imported late: many a file has no schema.
    from lintscale import validation

    return validation.check(document, choices)


def _parse(candidate: Candidate, text: str) -> ParseResult:
    program = platforms.program_of(candidate.name)
    if program is not None:
        return platforms.load(program).read_program(text, candidate.name)
    if candidate.format != "yaml":
        return parse(text, candidate.name, candidate.format)
    from lintscale.syntax.yaml import parse_yaml

    name = candidate.name
    return parse_yaml(text, name, lambda chunk: bool(platforms.candidates(name, chunk)))


def _owner(document: Document, file_name: str, names: tuple[str, ...]) -> str | None:
    return next(
        (name for name in names if platforms.load(name).recognise(document, file_name)), None
    )


def _well_known(candidate: Candidate) -> bool:
    return platforms.is_well_known(candidate.name)


def nothing_to_read() -> str:
    return f"nothing in it that {platforms.titles('or')} reads"


def _note_objects_elsewhere(reading: FileReading, text: str, names: tuple[str, ...]) -> None:
    for platform in platforms.TABLE.values():
        reason = platform.objects_elsewhere(reading.name, text, bool(names))
        if reason:
            reading.outside.append(reason)
            left_alone = platforms.load(platform.name).counts_left_alone(text, reading.name)
            reading.fragments.counts_left_alone.extend(left_alone)


def _unreadable(candidate: Candidate, reason: str) -> FileReading:
    reading = FileReading(candidate.name)
    if candidate.explicit or _well_known(candidate):
        problem = Problem("syntax-error", f"the file {reason}", Span(1, 1, 1, 1))
        reading.source = _source(candidate, "", [problem])
    else:
        reading.left_out.append(reason)
    return reading


def _source(
    candidate: Candidate,
    text: str,
    problems: list[Problem],
    documents: list[Document] | None = None,
    platform: str = "",
) -> SourceFile:
    return SourceFile(candidate.name, text, candidate.format, documents or [], problems, platform)
