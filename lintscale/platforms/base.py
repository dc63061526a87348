"""The protocol of a platform: all that the rest of lintscale asks of it.

A package of ``platforms/`` describes its platform with one :class:`Platform` (``PLATFORM`` in its
``__init__``). What that says is needed at every start and costs nothing to import; these modules
of the package are imported when they are asked for:

``normalise``   ``READER``, a :class:`Reader`
``rendering``   ``render(request: RenderingRequest) -> Rendered``, where ``may_render`` is set
``settings``    ``read_setting(key, value, mistakes)``, where ``setting_keys`` are set
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from lintscale._record import field, record
from lintscale.model.declared import CountLeftAlone, DocumentNote, Fragments
from lintscale.model.location import PathKey, Span
from lintscale.syntax.document import Document, ParseResult, Problem, SourceFile
from lintscale.syntax.field import Field

Versions = Mapping[str, str]
"""Which version of a platform the files are for, by the platform's name; "1.31"."""


@record
class SchemaChoice:
    """Which JSON Schema speaks of a document, or of one object in it.

    ``name`` is the file's path below ``schemas/`` without ".json", with a pointer where one of
    its definitions is meant: "kubernetes/core#/$defs/apps.v1.Deployment". ``path`` is the
    object's in the document. ``reader`` is the program that reads it, as messages call it.
    ``inline`` is a schema that is in no file.

    ``unknown_key_severity`` and ``unknown_key_effect`` say how bad a key is that the schema does
    not have, and what the reader does with it: a clause that follows a semicolon ("Render rejects
    the whole file"); a schema's own ``x-unknown-key`` goes before them. ``violation_effect`` is the
    same clause for what breaks the schema otherwise. ``newest`` is set where the schema may be
    older than what is in use ("KEDA 2.17"): a key without a known correction is then
    a warning. ``others`` are other schemas for the same thing, by the label under which a message
    names them: their keys are recognised ("a key of autoscaling/v2").

    ``version`` is what the schema's ``x-since`` and ``x-until`` are compared with; "" takes all.
    It is a version of ``versioned``, and ``version_key`` is the config's key for it. ``partial``
    objects are part of something: nothing is required of them. ``part_marks``: with what keys
    begin that say that the object is an instruction for another one; nothing is then said of it.
    ``null_is_absent``: the reader takes a null for an absent key. ``scalar_is_text``: where it
    wants text, it takes any scalar for its text, as Go's YAML does. ``corrects_keys``: where a
    misspelt or misplaced key can only mean one thing, the model is made as if it stood there, so
    that one mistake gives one finding. ``workload`` is the object's display name; ``workloads``
    are those of the objects at paths in it, where it holds several.
    """

    name: str
    reader: str
    inline: Mapping[str, Any] | None = None
    path: tuple[PathKey, ...] = ()
    unknown_key_severity: str = "error"
    unknown_key_effect: str = ""
    violation_effect: str = ""
    newest: str = ""
    others: tuple[tuple[str, str], ...] = ()
    version: str = ""
    versioned: str = ""
    version_key: str = ""
    partial: bool = False
    null_is_absent: bool = True
    scalar_is_text: bool = False
    part_marks: tuple[str, ...] = ()
    corrects_keys: bool = True
    workload: str = ""
    workloads: tuple[tuple[tuple[PathKey, ...], str], ...] = ()


def _never(file_name: str) -> bool:
    return False


def _nothing(file_name: str, text: str, candidate: bool) -> str:
    return ""


@record
class Platform:
    """A platform, as it is known before any of its documents is read.

    ``may_hold(file_name, text)``: whether a file, or one YAML document of it, is worth parsing.
    ``well_known_names`` are files that belong to the platform whatever they hold: one that cannot
    be read is an error. ``extensionless_names`` are files that are read although their name has
    no extension, or another one; a name with a folder is a shell pattern.

    ``example_file`` is the name that a rule's example goes by, ``starter`` a document for a new
    policy's examples (``{count}`` is its number of instances) and the line of that count.
    ``takes_comments``: its files can hold suppression comments; ``annotated_object`` is what can
    carry a suppression as an annotation.

    ``versions`` are those whose schemas there are, the oldest first, and ``version_key`` the
    configuration's key for the one in use; ``setting_keys`` are further keys of its own.

    ``two_merges``: what it does with two YAML merge keys (``<<``) in one mapping.

    ``template(file_name, text, candidate)`` is why a template cannot be read unrendered, and
    ``objects_elsewhere`` why objects may exist that no scanned file shows; "" where that is not
    so. ``candidate``: the text may hold one of the platform's documents. ``templates_left_out``
    says that there are objects which only templates show.

    ``is_program(file_name)``: whether a file of that name is a program that describes resources of
    the platform; it is then none of an application's.

    ``may_render(file_name)``: whether a file of that name says how other files are rendered;
    ``render_tools`` are the programs that do it, and a folder that holds one of ``render_marks``
    is rendered with all that is below it.

    ``deploy_tools`` are the programs, and ``deploy_action`` the GitHub action, by which a workflow
    puts images into documents; one of ``deploy_hints`` is in the text of a workflow that does.
    ``deploy_files`` are the names of files that say which images a tool builds and puts in.

    ``registries`` are where its makers publish images. ``secret_objects`` are words that, before
    "secret" in the name of a variable, mean one of the platform's objects and no secret itself.
    ``publishers`` are its makers where they publish images of stores,
    ``exporters`` are images of exporters that are not called so, and ``image_editions`` words in
    an image's name that leave a server what it is, both in lower case.
    """

    name: str
    title: str
    letter: str
    may_hold: Callable[[str, str], bool]
    example_file: str
    starter: tuple[str, int]
    package: str = ""
    well_known_names: frozenset[str] = frozenset()
    extensionless_names: frozenset[str] = frozenset()
    takes_comments: bool = True
    annotated_object: str = ""
    versions: tuple[str, ...] = ()
    version_key: str = ""
    setting_keys: tuple[str, ...] = ()
    two_merges: str = ""
    template: Callable[[str, str, bool], str] = _nothing
    templates_left_out: str = ""
    objects_elsewhere: Callable[[str, str, bool], str] = _nothing
    is_program: Callable[[str], bool] = _never
    may_render: Callable[[str], bool] = _never
    render_tools: tuple[str, ...] = ()
    render_marks: tuple[str, ...] = ()
    deploy_tools: tuple[str, ...] = ()
    deploy_action: str = ""
    deploy_hints: tuple[str, ...] = ()
    deploy_files: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    secret_objects: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    exporters: tuple[str, ...] = ()
    image_editions: tuple[str, ...] = ()


# -- reading --------------------------------------------------------------------------------------


@record
class FileNotes:
    """What a document says of its own file and of others. ``patches`` are files with partial
    objects, ``completed`` files to whose objects this document may add what they lack;
    ``left_out`` is why objects of the document are not judged."""

    patches: frozenset[str] = frozenset()
    completed: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()


NO_NOTES = FileNotes()


@record
class DeployedImage:
    """An image that a workflow puts into a document. Empty fields fit anything: the ``workload`` as
    kind and name, ``file``, ``container``, and ``name``, the image's own."""

    image: str
    file: str = ""
    workload: tuple[str, str] = ("", "")
    container: str = ""
    name: str = ""


def _no_schemas(document: Document, file_name: str, versions: Versions) -> Iterable[SchemaChoice]:
    return ()


def _no_notes(document: Document, file_name: str) -> FileNotes:
    return NO_NOTES


def _as_they_are(notes: Sequence[DocumentNote], texts: Sequence[str]) -> Sequence[DocumentNote]:
    return notes


def _no_counts(text: str, file_name: str) -> Iterable[CountLeftAlone]:
    return ()


def _no_files(program: str, words: Sequence[str]) -> Iterable[str]:
    return ()


def _no_documents(text: str, file_name: str) -> ParseResult:
    return ParseResult()


def _no_images(*_: object) -> Iterable[DeployedImage]:
    return ()


@record
class Reader:
    """How a platform reads its documents. All functions are pure: the same document gives the
    same result, whatever else is scanned.

    ``recognise(document, file_name)``: whether a parsed document belongs to the platform, by its
    content; by its name only where the platform itself goes by the name.
    ``normalise(document, file_name)`` is what it declares, with the platform's defaults; it never
    raises: a value of the wrong type is unknown. ``schemas(document, file_name, versions)`` are
    those that it must keep to. ``with_patches(notes, texts)`` are the notes, completed with what
    the texts of patches say of them. ``deployed_by_command(program, arguments)`` and
    ``deployed_by_action(input)``, which gives an input by its name, are the images that a step of
    a workflow puts in, ``deployed_by_file(root)`` those that a tool does, by its file;
    ``applied_by_command(program, arguments)`` are the files and folders that it applies as a whole,
    "" for whatever they may be; ``applied_by_action(name)`` is whether an action may do the same.
    ``counts_left_alone(text, file_name)`` are the counts that a controller's file says are no
    deploy's matter; it is asked where ``objects_elsewhere`` has something to say.
    ``read_program(text, file_name)`` is what a program describes, where ``is_program`` says that it
    is one, as documents whose values stand where the program has them; it is never run.
    """

    recognise: Callable[[Document, str], bool]
    normalise: Callable[[Document, str], Fragments]
    schemas: Callable[[Document, str, Versions], Iterable[SchemaChoice]] = _no_schemas
    file_notes: Callable[[Document, str], FileNotes] = _no_notes
    with_patches: Callable[[Sequence[DocumentNote], Sequence[str]], Sequence[DocumentNote]] = (
        _as_they_are
    )
    deployed_by_command: Callable[[str, Sequence[str]], Iterable[DeployedImage]] = _no_images
    applied_by_command: Callable[[str, Sequence[str]], Iterable[str]] = _no_files
    applied_by_action: Callable[[str], bool] = _never
    deployed_by_file: Callable[[Field], Iterable[DeployedImage]] = _no_images
    counts_left_alone: Callable[[str, str], Iterable[CountLeftAlone]] = _no_counts
    deployed_by_action: Callable[[Callable[[str], str]], Iterable[DeployedImage]] = _no_images
    read_program: Callable[[str, str], ParseResult] = _no_documents


# -- carriers -------------------------------------------------------------------------------------


@record
class Carrier:
    """A format that holds other platforms' documents (Terraform, CloudFormation), as it is known
    before any of its files is read. Its package has a module ``carry`` with
    ``carry(request: CarrierRequest) -> Cargo``.

    ``may_carry(file_name, text)``: whether a file belongs to it. ``marks``: nothing is carried by
    files of which none holds one of these.
    """

    name: str
    package: str
    may_carry: Callable[[str, str], bool]
    marks: tuple[str, ...] = ()


@record
class CarrierRequest:
    """``texts`` are the carrier's files by name. ``read(name)`` is the text of another file of the
    project, None where there is none. ``normalise(platform, document)`` is what a document declares
    on its platform. ``environment_of`` tells which environment a file's name says."""

    texts: Mapping[str, str]
    read: Callable[[str], str | None]
    normalise: Callable[[str, Document], Fragments]
    environment_of: Callable[[str], str | None]


@record
class Cargo:
    """What a carrier's files come to: ``fragments`` at the places of these files, ``sources`` by
    name, and (file, reason) of what was ``left_out``."""

    fragments: Fragments
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    left_out: Sequence[tuple[str, str]] = ()


# -- rendering ------------------------------------------------------------------------------------


class FileRead(Protocol):
    """A scanned file, as rendering sees it (:class:`lintscale.project.reading.FileReading`)."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> SourceFile | None: ...
    @property
    def patches(self) -> set[str]: ...
    @property
    def left_out(self) -> list[str]: ...
    @property
    def outside(self) -> list[str]: ...


@record
class RenderingRequest:
    """What to render and how. ``settings`` are the values of the platform's own keys.

    ``environment_of`` tells which environment a values file's name says; ``read_bytes`` gives a
    file's content or raises OSError; ``check`` gives what a document breaks of its schemas and the
    document to read in its place. ``contents`` stand in for what the disk has under these names.
    ``cache_folder`` None: nothing is cached.
    """

    root: Path
    files: Sequence[FileRead]
    settings: Mapping[str, Any]
    enabled: bool
    time_limit_seconds: int
    environment_of: Callable[[str], str | None]
    read_bytes: Callable[[Path], bytes]
    check: Callable[[Document], tuple[list[Problem], Document]]
    cache_folder: Path | None = None
    contents: Mapping[str, bytes] = field(default_factory=dict)
    progress: Callable[[int, int], None] | None = None


@record
class NotRendered:
    """``file`` represents what was not rendered; ``command`` would render and check it."""

    file: str
    reason: str
    command: str


@record(frozen=False)
class Rendered:
    """What rendering comes to. ``fragments`` are what the rendered objects say, at the places of
    their sources.

    ``covered`` are the files that are judged through them and no longer alone; ``sources`` are
    those of them that no platform recognises by themselves and that values stand in all the same
    (templates, JSON patches). ``problems`` are what rendered
    objects break of their schemas, by file, where that file is not checked by itself. ``left_out``
    is why objects were not judged, by file. ``unrendered`` are files that are judged as they are
    written, or not at all, although an overlay or a chart makes something else of them, which was
    not rendered.

    ``places`` are all files that values stand in; ``suppressions`` tell those apart that objects
    carry, by file, place and text.
    """

    fragments: list[Fragments] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    not_rendered: list[NotRendered] = field(default_factory=list)
    unrendered: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    suppressions: set[tuple[str, Span, str]] = field(default_factory=set)

    def extend(self, other: Rendered) -> None:
        """Add what another platform's rendering came to."""
        self.fragments += other.fragments
        self.covered |= other.covered
        self.sources |= other.sources
        self.problems |= other.problems
        self.left_out |= other.left_out
        self.not_rendered += other.not_rendered
        self.unrendered |= other.unrendered
