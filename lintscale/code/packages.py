"""What package.json says."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.code.files import Files
from lintscale.model.sourced import Sourced
from lintscale.syntax.field import Field
from lintscale.syntax.json import parse_json


def package_in(name: str, text: str) -> Field | None:
    """None where the file is broken."""
    documents = parse_json(text, name).documents
    return Field.root(documents[0]) if documents else None


def start_script(name: str, files: Files) -> Sourced[str] | None:
    """The command that builders start a Node program with where nothing else says one
    (railpack.com/languages/node, nixpacks.com/docs/providers/node: its start script)."""
    package = package_in(name, files.text(name)) if files.exists(name) else None
    if package is None or package.get("scripts", "start").string() is None:
        return None
    script = package.get("scripts", "start").raw_text()
    return replace(script, value="npm start", reason="the start script")
