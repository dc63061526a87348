"""The tree-sitter grammars: each is imported when the first text of its language is met.

Where a grammar cannot be imported (no wheel for the machine), ``parse`` returns None, and what the
text says is not known.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_MODULES = {
    "bash": ("tree_sitter_bash", "language"),
    "c-sharp": ("tree_sitter_c_sharp", "language"),
    "elixir": ("tree_sitter_elixir", "language"),
    "go": ("tree_sitter_go", "language"),
    "hcl": ("tree_sitter_hcl", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "make": ("tree_sitter_make", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
}

MAX_BYTES = 256 * 1024
"""Longer texts are generated; they are not parsed."""


def parse(language: str, data: bytes) -> Node | None:
    """The root of the syntax tree of UTF-8 ``data``: parts that do not parse are ERROR nodes.
    None where the grammar cannot be imported, or the text is longer than MAX_BYTES."""
    parser = _parser(language) if len(data) <= MAX_BYTES else None
    return parser.parse(data).root_node if parser is not None else None


@cache
def _parser(language: str) -> Parser | None:
    module, function = _MODULES[language]
    try:
        from tree_sitter import Language, Parser

        grammar = getattr(import_module(module), function)()
    except (ImportError, OSError):
        return None
    with warnings.catch_warnings():
        # Some packages still hand over an address, which newer bindings warn of.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Parser(Language(grammar))
