"""What a platform is to the rest of lintscale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from lintscale._record import record
from lintscale.model.declared import Fragments
from lintscale.model.location import PathKey
from lintscale.syntax.document import Document

Versions = Mapping[str, str]
"""Which version of a platform the files are for, by the platform's name; "1.31"."""


@record
class SchemaChoice:
    """Which JSON Schema speaks of a document, or of one object in it.

    ``name`` is the file's path below ``schemas/`` without ".json", with a pointer where one of
    its definitions is meant: "kubernetes/core#/$defs/apps.v1.Deployment". ``path`` is where the
    object stands in the document. ``reader`` is whoever reads it, as messages call it.
    ``inline`` is a schema that is in no file.

    ``unknown_key_severity`` and ``unknown_key_effect`` say how bad a key is that the schema does
    not have, and what the reader does with it: a clause that follows a semicolon ("Render rejects
    the whole file"); a schema's own ``x-unknown-key`` goes before them. ``violation_effect`` is the
    same clause for what breaks the schema otherwise. ``newest`` is set where the schema may be
    older than what is in use ("KEDA 2.17"): a key of which nobody knows what it should be is then
    a warning. ``others`` are other schemas for the same thing, by the label under which a message
    names them: their keys are recognised ("a key of autoscaling/v2").

    ``version`` is what the schema's ``x-since`` and ``x-until`` are compared with; "" takes all.
    It is a version of ``versioned``, and ``version_key`` is the config's key for it. ``partial``
    objects are part of something: nothing is required of them. ``part_marks``: with what keys
    begin that say that the object is an instruction for another one; nothing is then said of it.
    ``null_is_absent``: the reader takes a null for an absent key. ``scalar_is_text``: where it
    wants text, it takes any scalar for its text, as Go's YAML does. ``read_as_meant``: where a
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
    read_as_meant: bool = True
    workload: str = ""
    workloads: tuple[tuple[tuple[PathKey, ...], str], ...] = ()


class Platform(Protocol):
    """The functions that ``lintscale/platforms/<name>/normalise.py`` offers.

    All are pure: the same document gives the same answer, whatever else is scanned.
    """

    def recognise(self, document: Document, file_name: str) -> bool:
        """Does this parsed document belong to this platform? By its content; by its name only
        where the platform itself goes by the name."""
        ...

    def schemas(
        self, document: Document, file_name: str, versions: Versions
    ) -> Iterable[SchemaChoice]:
        """The schemas that the document, or the objects in it, must keep to; none where there is
        no schema for it, or where it is not for lintscale to judge."""
        ...

    def normalise(self, document: Document, file_name: str) -> Fragments:
        """What the document says, in the common model, platform defaults filled in. Never
        raises, whatever the document holds: a value of the wrong type is unknown."""
        ...
