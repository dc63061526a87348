"""Writes what schemas say of the resolved model: python -m tools.model_schema

schemas/lintscale/model.schema.json is the schema of what ``lintscale show --output-format json``
prints, and so of what expressions see. In schemas/rule.schema.json stand the fields by their paths,
which editors propose in a rule's conditions.
"""

from __future__ import annotations

import inspect
import itertools
import json
import re
from pathlib import Path
from typing import Any

from lintscale._record import annotation, fields
from lintscale.engine.expressions.check import known_paths
from lintscale.engine.expressions.data import PROPERTIES, is_place
from lintscale.model import resolved as model
from tools.model_page import _is_record, meanings

PATH = Path(__file__).parent.parent / "schemas" / "lintscale" / "model.schema.json"
RULE = Path(__file__).parent.parent / "schemas" / "rule.schema.json"
_LISTED = re.compile(r"(\"mentions\": \{[^\[]*\"examples\": \[\n)(.*?)( {6}\])", re.DOTALL)
_PLAIN: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "float": {"type": "number"},
    "PathKey": {"type": ["string", "integer"]},
}


def schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    roots = {name: _of(name, definitions) for name in ("Workload", "Database")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lintscale show --output-format json, version 1",
        "description": "Seconds, cores, bytes, percent 0-100. See docs/model.md.",
        "type": "object",
        "required": ["version", "workloads", "databases"],
        "properties": {
            "version": {"const": 1},
            "workloads": {"type": "array", "items": roots["Workload"]},
            "databases": {"type": "array", "items": roots["Database"]},
        },
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _of(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """A reference to a record's definition, which is added where it is not there yet."""
    if name not in definitions:
        definitions[name] = {}
        thing = getattr(model, name)
        said = meanings(thing)
        properties = {
            field: {
                "description": _text(said.get(field, "")),
                **_type(annotation(thing, field), definitions),
            }
            for field in fields(thing)
            if not is_place(field)
        }
        for derived in PROPERTIES.get(thing, ()):
            properties.setdefault(derived, {"description": _text(said.get(derived, ""))})
        text = _text(inspect.getdoc(thing) or "")
        definitions[name] = {"type": "object", "description": text, "properties": properties}
    return {"$ref": f"#/$defs/{name}"}


def _text(docstring: str) -> str:
    return " ".join(docstring.replace("``", "`").split())


def _type(annotation: str, definitions: dict[str, Any]) -> dict[str, Any]:
    if annotation.endswith(" | None"):
        inner = _type(annotation.removesuffix(" | None"), definitions)
        return {"anyOf": [inner, {"type": "null"}]}
    sourced = re.fullmatch(r"Sourced\[(.+)\]", annotation)
    if sourced is not None:
        inner = _type(sourced[1], definitions)
        return {
            "type": "object",
            "required": ["value", "source", "file", "line"],
            "properties": {
                "value": {"anyOf": [inner, {"type": "null"}]},
                "source": {"enum": ["file", "platform default", "config", "assumed", None]},
                "file": {"type": ["string", "null"]},
                "line": {"type": ["integer", "null"]},
            },
        }
    items = re.fullmatch(r"tuple\[(.+), \.\.\.\]", annotation)
    if items is not None:
        return {"type": "array", "items": _type(items[1], definitions)}
    if annotation.startswith("dict["):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if _is_record(getattr(model, annotation, None)):
        return _of(annotation, definitions)
    return dict(_PLAIN.get(annotation, {}))


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def rule_text() -> str:
    """The rules' schema with the paths of the model as it is now, those of a variable a line."""
    lines = [
        ", ".join(json.dumps(path) for path in paths)
        for _, paths in itertools.groupby(known_paths(), key=lambda path: path.split(".")[0])
    ]
    inner = ",\n".join(f"        {line}" for line in lines) + "\n"
    before = RULE.read_text(encoding="utf-8")
    return _LISTED.sub(lambda found: found[1] + inner + found[3], before)


def main() -> None:
    PATH.write_text(text(), encoding="utf-8")
    RULE.write_text(rule_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
