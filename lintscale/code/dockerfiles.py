"""The instructions of a Dockerfile as BuildKit reads them.

Dockerfiles have no grammar but BuildKit's parser, frontend/dockerfile/parser (73ed682, 2026-08):
it joins lines first, and each instruction has a syntax of its own. This follows it step by step and
is held against its test files (tests/data/dockerfiles).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from lintscale._record import record
from lintscale.syntax.regex import regex

_DIRECTIVE = regex(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*\Z")
_BLANKS = regex(r"[\t\v\f\r ]+")
_HEREDOC = regex(r"(\d*)<<(-?)\s*([^<]*)\Z")
_WITH_HEREDOCS = frozenset({"ADD", "COPY", "RUN", "ONBUILD"})
_EXEC_FORMS = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL"})
_LISTS = frozenset({"ADD", "COPY", "VOLUME"})
_PAIRS = frozenset({"ENV", "LABEL"})

MOST_INSTRUCTIONS = 2_000


@record
class Heredoc:
    """A here-document; ``line`` is that of its first line."""

    name: str
    text: str
    expands: bool
    line: int


@record
class Instruction:
    """``words`` are its arguments: one text in the shell form, the names and values of ENV one
    after another, quotes and variables as they are written; ``in_exec_form`` as they are meant."""

    name: str
    words: tuple[str, ...]
    flags: tuple[str, ...]
    in_exec_form: bool
    line: int
    heredocs: tuple[Heredoc, ...] = ()


def instructions_in(text: str) -> tuple[list[Instruction], str]:
    """The instructions with the escape character. Reading ends at what BuildKit refuses."""
    reader = _Reader(text.removeprefix("\ufeff"))
    found = []
    try:
        for instruction in reader.instructions():
            found.append(instruction)
            if len(found) >= MOST_INSTRUCTIONS:
                break
    except ValueError:
        pass
    return found, reader.escape


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.escape = "\\"
        self.at = 0

    def instructions(self) -> Iterator[Instruction]:
        self._directives()
        while self.at < len(self.lines):
            start = self.at + 1
            line = self._logical_line()
            if not line.strip():
                continue
            name, flags, rest = split_command(line, self.escape)
            words, in_exec_form = _arguments(name, rest, self.escape)
            heredocs: tuple[Heredoc, ...] = ()
            if name in _WITH_HEREDOCS and "<<" in line and not in_exec_form:
                heredocs = tuple(self._heredocs(line))
            yield Instruction(name, words, flags, in_exec_form, start, heredocs)

    def _directives(self) -> None:
        seen = set()
        for line in self.lines:
            match = _DIRECTIVE.match(line.strip())
            name = match[1].lower() if match else ""
            if match is None or name not in ("syntax", "escape", "check") or name in seen:
                break
            seen.add(name)
            if name == "escape" and match[2] in ("`", "\\"):
                self.escape = match[2]

    def _logical_line(self) -> str:
        """Lines up to one that is not continued; comments and empty ones between them drop out."""
        parts: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip("\r")
            self.at += 1
            if line.lstrip().startswith("#"):
                if parts:
                    continue
                return ""
            if not parts:
                line = line.lstrip()
            elif not line.strip():
                continue
            stripped = line.rstrip(" \t")
            escaped = stripped.endswith(self.escape) and not stripped.endswith(self.escape * 2)
            if not escaped:
                parts.append(line)
                break
            parts.append(stripped[:-1])
        return "".join(parts)

    def _heredocs(self, line: str) -> Iterator[Heredoc]:
        for word in split_words(line, "\\"):
            match = _HEREDOC.match(word)
            if match is None or not match[3]:
                continue
            name = "".join(c for c in match[3] if c not in "'\"\\")
            chomps, start, text = match[2] == "-", self.at + 1, []
            while True:
                if self.at >= len(self.lines):
                    raise ValueError(name)
                content = self.lines[self.at]
                self.at += 1
                end = content.rstrip("\r")
                if (end.lstrip("\t") if chomps else end) == name:
                    break
                text.append(content.lstrip("\t") if chomps else content)
            joined = "".join(f"{each}\n" for each in text)
            yield Heredoc(name, joined, name == match[3], start)


def split_command(line: str, escape: str) -> tuple[str, tuple[str, ...], str]:
    """splitCommand: the name, the flags and what is left."""
    parts = _BLANKS.split(line.strip(), maxsplit=1)
    if len(parts) < 2:
        return parts[0].upper(), (), ""
    rest, flags = parts[1], []
    while rest.startswith("--"):
        word, after = _first_word(rest, escape)
        rest = after.lstrip()
        if word == "--":
            break
        flags.append(word)
    return parts[0].upper(), tuple(flags), rest.strip()


def _first_word(text: str, escape: str) -> tuple[str, str]:
    """The first word, quotes taken off, and what stands behind it."""
    word, quote, at = "", "", 0
    while at < len(text):
        character = text[at]
        if character == escape and at + 1 < len(text):
            at += 1
            word += text[at]
        elif quote:
            quote = "" if character == quote else quote
            word += "" if not quote else character
        elif character in "'\"":
            quote = character
        elif character.isspace():
            break
        else:
            word += character
        at += 1
    return word, text[at:]


def split_words(text: str, escape: str) -> list[str]:
    """parseWords: words at blanks outside of quotes, the quotes kept."""
    words: list[str] = []
    word: list[str] = []
    quote, at = "", 0
    while at < len(text):
        character = text[at]
        if character == escape and quote != "'":
            if at + 1 < len(text):
                word.append(text[at : at + 2])
            at += 2
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character.isspace():
            if word:
                words.append("".join(word))
            word = []
            at += 1
            continue
        word.append(character)
        at += 1
    if word:
        words.append("".join(word))
    return words


def _arguments(name: str, rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    if not rest:
        return (), False
    if name in _EXEC_FORMS or name in _LISTS:
        words = exec_form(rest)
        if words is not None:
            return tuple(words), True
        if name in _LISTS:
            return tuple(each for each in _BLANKS.split(rest) if each), False
        return (rest,), False
    if name in _PAIRS:
        return tuple(_pairs(rest, escape)), False
    if name == "ARG":
        return tuple(split_words(rest, escape)), False
    if name in ("FROM", "EXPOSE"):
        return tuple(each for each in _BLANKS.split(rest) if each), False
    return (rest,), False


def _pairs(rest: str, escape: str) -> Iterator[str]:
    words = split_words(rest, escape)
    if words and "=" not in words[0]:
        key, *value = _BLANKS.split(rest, maxsplit=1)
        if not value:
            raise ValueError(rest)
        yield from (key, value[0])
        return
    for word in words:
        key, sign, text = word.partition("=")
        if not sign:
            raise ValueError(word)
        yield from (key, text)


def exec_form(text: str) -> list[str] | None:
    """The words of a JSON array; None where it is none, so that it is a line for the shell."""
    if not text.lstrip().startswith("["):
        return None
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return words


# -- variables ------------------------------------------------------------------------------------

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = regex(r"\{([A-Za-z_][A-Za-z0-9_]*)(:?[-+?])?")
_DEEPEST = 8
_MOST_CHARACTERS = 20_000
"""Of the variables in one word: values that double from line to line are not known."""


def filled_in(
    word: str, variables: Mapping[str, str | None], escape: str = "\\", depth: int = 0
) -> str | None:
    """frontend/dockerfile/shell/lex.go, ProcessWord: quotes taken off, variables filled in; None:
    it depends on a variable that is not in ``variables`` (a base image may set it), on one whose
    value is not known, or on a way to change one that is not followed."""
    found: list[str] = []
    quote, at, length = "", 0, 0
    while at < len(word):
        character = word[at]
        if character == escape and quote != "'" and at + 1 < len(word):
            after = word[at + 1]
            # Within double quotes only a few characters can be escaped.
            if quote and after not in ('"', "$", escape):
                found.append(character)
            found.append(after)
            at += 2
            continue
        if character in "'\"" and quote in ("", character):
            quote = "" if quote else character
            at += 1
            continue
        if character == "$" and quote != "'" and at + 1 < len(word):
            value, at = _variable(word, at + 1, variables, escape, depth)
            length += len(value or "")
            if value is None or length > _MOST_CHARACTERS:
                return None
            found.append(value)
            continue
        found.append(character)
        at += 1
    return "".join(found)


def _variable(
    word: str, at: int, variables: Mapping[str, str | None], escape: str, depth: int
) -> tuple[str | None, int]:
    match = _NAME.match(word, at)
    if match:
        return variables.get(match[0]), match.end()
    match = _BRACED.match(word, at)
    if match is None:
        return ("$", at) if word[at] != "{" else (None, at)
    end = _closing(word, match.end(), escape)
    if end < 0 or depth > _DEEPEST:
        return None, at
    rest, how = word[match.end() : end], match[2]
    if how is None:
        return (None if rest else variables.get(match[1])), end + 1
    value = variables.get(match[1], "") if match[1] in variables else None
    if match[1] in variables and value is None:
        return None, at
    is_set = match[1] in variables and (value != "" or not how.startswith(":"))
    if how.endswith("+"):
        return (filled_in(rest, variables, escape, depth + 1) if is_set else ""), end + 1
    if is_set:
        return value, end + 1
    if how.endswith("?"):
        return None, at
    return filled_in(rest, variables, escape, depth + 1), end + 1


def _closing(word: str, at: int, escape: str) -> int:
    depth = 1
    while at < len(word):
        if word[at] == escape:
            at += 1
        elif word.startswith("${", at):
            depth += 1
        elif word[at] == "}":
            depth -= 1
            if not depth:
                return at
        at += 1
    return -1
