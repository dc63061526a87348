"""How the schema files are laid out: a property a line, so that a diff shows what changed."""

from __future__ import annotations

import json
from typing import Any


def dump(schema: dict[str, Any]) -> str:
    """The file's text: ``x-origin`` and ``$defs`` spread out, a property in one line."""
    lines = ["{"]
    for key, value in schema.items():
        if key == "$defs":
            lines.append('  "$defs": {')
            for name, definition in value.items():
                lines.extend(_definition(name, definition))
            lines[-1] = lines[-1].removesuffix(",")
            lines.append("  },")
        else:
            lines.append(f"  {json.dumps(key)}: {_line(value)},")
    lines[-1] = lines[-1].removesuffix(",")
    return "\n".join([*lines, "}", ""])


def _definition(name: str, definition: dict[str, Any]) -> list[str]:
    properties = definition.get("properties")
    if not properties:
        return [f"    {json.dumps(name)}: {_line(definition)},"]
    lines = [f"    {json.dumps(name)}: {{"]
    for key, value in definition.items():
        if key == "properties":
            lines.append('      "properties": {')
            lines.extend(
                f"        {json.dumps(each)}: {_line(properties[each])}," for each in value
            )
            lines[-1] = lines[-1].removesuffix(",")
            lines.append("      },")
        else:
            lines.append(f"      {json.dumps(key)}: {_line(value)},")
    lines[-1] = lines[-1].removesuffix(",")
    lines.append("    },")
    return lines


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
