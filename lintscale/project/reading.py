"""Files into fragments of the model: read, look, parse, recognise, normalise.

Each file is read by itself, so that the outcome does not depend on any other; joining is
linking's business.
"""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import cast

from lintscale import platforms
from lintscale._record import field, record
from lintscale.model.declared import Fragments
from lintscale.model.location import Span
from lintscale.platforms import kubernetes
from lintscale.platforms.base import Platform, Versions
from lintscale.project.config.settings import KUBERNETES_VERSIONS
from lintscale.project.discovery import Candidate, read_bytes
from lintscale.syntax import Document, ParseResult, Problem, Scalar, SourceFile, parse
from lintscale.syntax.document import Format
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions, decode

TEMPLATES_LEFT_OUT = "Helm templates were left out"
UNFILLED_LEFT_OUT = "a template that a script fills in was left out"

WELL_KNOWN_NAMES = frozenset(
    {"render.yaml", "render.yml", ".render.yaml", "railway.json", "railway.toml"}
)
"""Files that are ours whatever they hold: one that cannot be read is worth an error."""

NEWEST: Versions = {kubernetes.NAME: KUBERNETES_VERSIONS[-1]}


@record(frozen=False)
class FileReading:
    """What one file came to. ``source`` is None when no platform has anything to do with it.

    ``patches`` are files that this one (a kustomization) says are partial objects, ``completed``
    those to whose objects it may add what they lack; ``outside`` are reasons why objects may exist
    that no scanned file shows; ``left_out`` is why the file, or a document of it, was not judged.
    ``unfilled`` is the text where a part of it is no YAML before a script has filled it in.
    ``reported``: findings in it are wanted.
    """

    name: str
    source: SourceFile | None = None
    platform: str = ""
    fragments: Fragments = field(default_factory=Fragments)
    patches: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    outside: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    documents: int = 0
    unfilled: str = ""
    reported: bool = True


def read_file(
    candidate: Candidate, versions: Versions = NEWEST, data: bytes | None = None
) -> FileReading:
    """Read, check and normalise one file, which is for these ``versions`` of platforms; ``data``
    is taken for what it holds. Never raises: what goes wrong becomes a problem of ``source`` or a
    reason in ``left_out``."""
    if data is not None:
        return read_text(candidate, data, versions)
    try:
        data = read_bytes(candidate)
    except OSError as error:
        return _unreadable(candidate, f"cannot be read: {error.strerror or error}")
    return read_text(candidate, data, versions)


def read_text(candidate: Candidate, data: bytes, versions: Versions = NEWEST) -> FileReading:
    """Like :func:`read_file`, for content that is already here."""
    reading = FileReading(candidate.name)
    text, problem = decode(data)
    # UTF-16 without its mark reads as a NUL beside every letter: still ours, and so an error.
    names = platforms.candidates(candidate.name, text.replace("\0", ""))
    if not names:
        if problem is not None and (candidate.explicit or _well_known(candidate.name)):
            reading.source = _source(candidate, text, [problem])
            return reading
        if "fluxcd.io" in text or "argoproj.io" in text:
            _note_other_renderers(reading, text)
        if candidate.explicit:
            reading.left_out.append("nothing in it that Render, Railway, ECS or Kubernetes reads")
        return reading
    if problem is not None:
        reading.source = _source(candidate, text, [problem])
        return reading
    in_chart = "templates" in PurePosixPath(candidate.name).parts
    may_be_helm = kubernetes.NAME in names or in_chart
    if may_be_helm and kubernetes.is_helm_template(text, candidate.name):
        reading.left_out.append(
            "a Helm template; check what it renders: helm template … | lintscale check -"
        )
        reading.outside.append(TEMPLATES_LEFT_OUT)
        return reading
    _note_other_renderers(reading, text)
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
    documents = []
    violations: list[Problem] = []
    for document in result.documents:
        owner = _owner(document, candidate.name, names)
        if owner is None or isinstance(document.root, Scalar):
            # A single value says nothing, even in a file that is ours by its name.
            continue
        reading.platform = reading.platform or owner
        if owner == kubernetes.NAME:
            _note_kubernetes(reading, document)
        broken, read = check_schemas(_platform(owner), document, candidate.name, versions)
        violations.extend(broken)
        documents.append(read)
        reading.fragments.extend(_platform(owner).normalise(read, candidate.name))
    reading.documents = len(documents)
    reading.platform = reading.platform or names[0]
    problems = [each for each in result.problems if not _awaits_values(candidate, text, each)]
    if len(problems) < len(result.problems):
        reading.left_out.append(
            "a template, which is no YAML before its placeholders are filled in"
        )
        reading.outside.append(UNFILLED_LEFT_OUT)
        reading.unfilled = text
    if not documents and not _well_known(candidate.name):
        # Nobody's file: whether its keys repeat is no business of ours, and whether it is
        # broken only if nothing of it could be read.
        problems = [] if result.documents else [p for p in problems if p.kind == "syntax-error"]
    if not documents and not problems:
        if _well_known(candidate.name) and not any(each.root for each in result.documents):
            reading.left_out.append("it is empty")
        elif candidate.explicit or _well_known(candidate.name):
            reading.left_out.append("nothing in it that Render, Railway, ECS or Kubernetes reads")
        return
    reading.source = _source(candidate, text, [*problems, *violations], documents)


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
    platform: Platform, document: Document, file_name: str, versions: Versions
) -> tuple[list[Problem], Document]:
    """What the document breaks of its schemas, and the document to read in its place."""
    choices = list(platform.schemas(document, file_name, versions))
    if not choices:
        return [], document
    # Imported here: many a file has no schema.
    from lintscale import validation

    return validation.check(document, choices)


def _parse(candidate: Candidate, text: str) -> ParseResult:
    if candidate.format != "yaml":
        return parse(text, candidate.name, cast(Format, candidate.format))
    from lintscale.syntax.yaml import parse_yaml

    name = candidate.name
    return parse_yaml(text, name, lambda chunk: bool(platforms.candidates(name, chunk)))


def _owner(document: Document, file_name: str, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if _platform(name).recognise(document, file_name)), None)


@cache
def _platform(name: str) -> Platform:
    return platforms.load(name)


def _well_known(name: str) -> bool:
    return PurePosixPath(name).name in WELL_KNOWN_NAMES


def _note_kubernetes(reading: FileReading, document: Document) -> None:
    """What a Kubernetes document says beside its fragments: which files are patches of it, and
    which of its objects nobody is to judge."""
    from lintscale.platforms.kubernetes import kustomize, normalise

    reading.patches |= kustomize.patch_files(document, reading.name)
    reading.completed |= kustomize.resource_files(document, reading.name)
    reading.left_out.extend(normalise.left_out(document, reading.name))


def _note_other_renderers(reading: FileReading, text: str) -> None:
    reason = kubernetes.renders_elsewhere(text)
    if reason:
        reading.outside.append(reason)


def _unreadable(candidate: Candidate, reason: str) -> FileReading:
    reading = FileReading(candidate.name)
    if candidate.explicit or _well_known(candidate.name):
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
) -> SourceFile:
    return SourceFile(
        candidate.name, text, cast(Format, candidate.format), documents or [], problems
    )
