"""The schema files, read when a document needs them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from lintscale.validation import shipped as resources

Schema = dict[str, Any]

KEYWORDS = frozenset(
    {
        "$ref", "type", "enum", "const", "properties", "required", "additionalProperties",
        "patternProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "pattern",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "minProperties", "maxProperties",
        "dependentRequired",
    }
)  # fmt: skip
"""What the checker judges by. ``oneOf`` is taken for ``anyOf``: what fits two branches is no
mistake that a person makes."""

ANNOTATIONS = frozenset(
    {
        "$schema", "$id", "$defs", "$comment", "title", "description", "default",
        "x-origin",  # of a file: where it comes from, its version, date and licence
        "x-since", "x-until",  # of a property: the first and the last version that has it
        "x-expected",  # of a pattern: what is wanted, as it follows "must be"
        "x-keys",  # of a map: keys that it usually has, to recognise them elsewhere
        "x-says",  # of "not": the whole of what is wrong, as it follows the key
        # By an unknown key, or what is not in "enum" (a value, "a mapping", "a list"): what is
        # meant. Of a key its right name, the dotted path to where it is now, or words.
        "x-instead",
        "x-belongs",  # of a property that is none here: where it belongs
        "x-unknown-key",  # of an object: severity and effect of a key that it does not have
        "x-any-case",  # of "enum": how bad it is when nothing but the case differs
    }
)  # fmt: skip
"""What a schema may hold beside them."""


class Placed:
    """A schema and the file it stands in, by which its references are resolved."""

    __slots__ = ("file", "schema")

    def __init__(self, schema: Schema, file: SchemaFile) -> None:
        self.schema = schema
        self.file = file


class SchemaFile:
    """One file. References are resolved once each."""

    __slots__ = ("_resolved", "name", "root")

    def __init__(self, name: str, root: Schema) -> None:
        self.name = name
        self.root = root
        self._resolved: dict[str, Placed] = {}

    def resolve(self, reference: str) -> Placed:
        """What ``$ref`` says: "#/$defs/name" of this file, or "other.json#/$defs/name" of one in
        the same folder. Raises KeyError when there is no such thing."""
        placed = self._resolved.get(reference)
        if placed is None:
            name, _, pointer = reference.partition("#")
            file = self
            if name:
                folder = self.name.rpartition("/")[0]
                file = schema_file(f"{folder}/{name.removesuffix('.json')}".removeprefix("/"))
            here: Any = file.root
            for part in pointer.strip("/").split("/") if pointer.strip("/") else ():
                here = here[part.replace("~1", "/").replace("~0", "~")]
            placed = self._resolved[reference] = Placed(here, file)
        return placed

    def plain(self, schema: Schema) -> Placed:
        """The schema itself, or what it refers to."""
        placed = Placed(schema, self)
        while "$ref" in placed.schema:
            placed = placed.file.resolve(placed.schema["$ref"])
        return placed


@cache
def schema_file(name: str) -> SchemaFile:
    """The file ``schemas/<name>.json``. Raises OSError or ValueError: what ships is broken."""
    text = (resources.folder("schemas") / f"{name}.json").read_text(encoding="utf-8")
    return SchemaFile(name, json.loads(text))


def find(name: str) -> Placed:
    """The schema that :attr:`SchemaChoice.name` means."""
    file, _, pointer = name.partition("#")
    return schema_file(file).resolve(f"#{pointer}")


def inline(schema: Mapping[str, Any]) -> Placed:
    """A schema that is in no file."""
    return Placed(dict(schema), SchemaFile("", dict(schema)))
