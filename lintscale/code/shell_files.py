"""What a script writes into files and hands to programs: redirections and here-documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lintscale.code.shell_marks import is_known
from lintscale.code.shell_words import Expander, Pieces
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = regex(r"\\(n|t|\\|r|0?[0-7]{1,3})")
_LETTERS = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r"}


def stdin_of(node: Node, words: Expander) -> tuple[list[str], list[Node]]:
    """The text that a ``redirected_statement`` hands over (at most one), and what stands behind the
    here-document's mark on its line."""
    found: list[str] = []
    more: list[Node] = []
    for redirect in node.named_children:
        if redirect.type == "herestring_redirect":
            found = [words.text(redirect.named_children[-1])[0]]
        if redirect.type != "heredoc_redirect":
            continue
        start = body = None
        for index, child in enumerate(redirect.children):
            if child.type == "heredoc_start":
                start = child
            elif child.type == "heredoc_body":
                body = child
            elif redirect.field_name_for_child(index) == "right":
                more.append(child)
        if start is None or body is None:
            continue
        quoted = re.search(rb"['\"\\]", start.text or b"") is not None
        texts = [(body.text or b"").decode("utf-8", "replace")] if quoted else words.text(body)
        if len(texts) > 1 or not is_known(texts[0]):
            # What is written is shown, so that what depends on it is not known.
            texts = [(body.text or b"").decode("utf-8", "replace")]
        text = texts[0]
        if redirect.children[0].type == "<<-":
            text = re.sub(r"(?m)^\t+", "", text)
        found = [text]
    return found, more


def targets_of(node: Node, words: Expander) -> tuple[str, bool] | None:
    """The file that the output goes to, and whether it is added to that."""
    pending = list(node.named_children)
    for redirect in node.named_children:
        if redirect.type == "heredoc_redirect":
            pending.extend(redirect.named_children)
    for redirect in pending:
        signs = [child.type for child in redirect.children if child.type in (">", ">>", ">|")]
        destination = redirect.child_by_field_name("destination")
        descriptor = redirect.child_by_field_name("descriptor")
        if redirect.type != "file_redirect" or not signs or destination is None:
            continue
        text = words.text(destination)[0]
        if (descriptor is None or descriptor.text == b"1") and is_known(text):
            return text, signs[0] == ">>"
    return None


def printed(argv: Pieces, stdin: Sequence[str]) -> str | None:
    """What ``echo``, ``printf`` or ``cat`` prints; None for another program. The shell that runs
    echo decides whether ``\\n`` is a line's end; in a script that is written so it has to be."""
    if not argv or not all(map(is_known, argv)):
        return None
    program, arguments = argv[0].rpartition("/")[2], list(argv[1:])
    if program == "cat" and arguments in ([], ["-"]):
        return stdin[0] if stdin else None
    if program == "echo":
        while arguments and re.fullmatch(r"-[neE]+", arguments[0]):
            arguments.pop(0)
        return _unescaped(" ".join(arguments)) + "\n"
    if program == "printf" and arguments:
        if arguments[0] in ("%s\\n", "%s"):
            end = "\n" if arguments[0].endswith("n") else ""
            return "".join(argument + end for argument in arguments[1:])
        if "%" not in arguments[0]:
            return _unescaped(arguments[0])
    return None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(
        lambda m: _LETTERS.get(m[1]) or chr(int(m[1].lstrip("0") or "0", 8) % 256), text
    )
