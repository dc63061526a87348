"""Render: Blueprints (``render.yaml``)."""

from __future__ import annotations

from lintscale.platforms.base import Platform
from lintscale.syntax.regex import regex

NAME = "render"

_NAMES = frozenset({"render.yaml", ".render.yaml", "render.yml"})
_NOT_YAML = (".json", ".jsonc", ".toml")

# Possessive, so that no text of spaces makes the look slow.
_RESOURCES = regex(r"""\b(?:services|databases|projects)["']?[ \t]*+:""")
_TYPE = regex(
    r"""\btype["']?[ \t]*+:[ \t]*+["']?(?:web|pserv|worker|cron|keyvalue|redis|workflow)\b"""
)


def may_hold(file_name: str, text: str) -> bool:
    """Whether a file of this name, or a YAML chunk of it, is worth parsing as a Blueprint."""
    if file_name.rpartition("/")[2] in _NAMES:
        return True
    if file_name.endswith(_NOT_YAML):
        return False
    return _TYPE.search(text) is not None and _RESOURCES.search(text) is not None


PLATFORM = Platform(
    name=NAME,
    title="Render",
    letter="R",
    package=__name__,
    may_hold=may_hold,
    example_file="render.yaml",
    starter=(
        "services:\n  - type: web\n    name: shop\n    runtime: node\n"
        "    startCommand: node server.js\n    numInstances: {count}\n",
        6,
    ),
    well_known_names=_NAMES,
)
