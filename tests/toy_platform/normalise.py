"""Documents of the toy platform."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.declared import Container, Fragments, Workload
from lintscale.model.sourced import ABSENT
from lintscale.platforms.base import Reader, SchemaChoice, Versions
from lintscale.syntax import Document, Field

SCHEMA = {
    "type": "object",
    "properties": {
        "toys": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "count": {"type": "integer"},
                    "image": {"type": "string"},
                },
                "required": ["name"],
                "additionalProperties": False,
            },
        }
    },
}


def recognise(document: Document, file_name: str) -> bool:
    return Field.root(document).get("toys").is_sequence


def schemas(document: Document, file_name: str, versions: Versions) -> Iterable[SchemaChoice]:
    yield SchemaChoice("", "Toy Box", inline=SCHEMA, unknown_key_effect="it is not played with")


def normalise(document: Document, file_name: str) -> Fragments:
    return Fragments(workloads=[_workload(toy) for toy in Field.root(document).get("toys").items()])


def _workload(toy: Field) -> Workload:
    name = toy.get("name").string() or ""
    return Workload(
        platform="toy",
        kind="toy",
        name=name,
        location=toy.location,
        replicas=toy.get("count").integer(1, "one toy runs where no count is written"),
        containers=(Container(name=name, image=ABSENT, location=toy.location),),
    )


READER = Reader(recognise, normalise, schemas)
