"""The way down a document to what is checked."""

from __future__ import annotations

from lintscale.model.location import PathKey
from lintscale.syntax.document import Document
from lintscale.syntax.nodes import Mapping
from lintscale.validation.library import Schema, SchemaFile

Path = tuple[PathKey, ...]


class Level:
    """A mapping on the way to the node that is checked, with its schema."""

    __slots__ = ("document", "file", "node", "path", "schema")

    def __init__(
        self, node: Mapping, schema: Schema, file: SchemaFile, path: Path, document: Document
    ) -> None:
        self.node = node
        self.schema = schema
        self.file = file
        self.path = path
        self.document = document
