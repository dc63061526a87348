"""What CEL says of an expression that is wrong, in words that say what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

from lintscale.syntax.regex import regex


class Fault(NamedTuple):
    """What is wrong with an expression's text, and at which offset in it (None: not known)."""

    message: str
    offset: int | None = None


_AT = regex(r"ERROR: <input>:(\d+):(\d+): ")
_UNDECLARED = regex(r"undeclared reference to '([^']*)'")
_WRITE = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "AND": "&&",
    "OR": "||",
    "NOT": "!",
    "True": "true",
    "False": "false",
    "None": "null",
    "params": "param",
    "len": "x.size()",
    "any": "x.exists(item, …)",
    "startswith": "startsWith",
    "endswith": "endsWith",
    "lower": "lowerAscii",
    "upper": "upperAscii",
    "has": "x != null",
}
"""What people write, and CEL's word for it."""

_FUNCTIONS = (
    "all",
    "contains",
    "double",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "int",
    "join",
    "lowerAscii",
    "map",
    "matches",
    "replace",
    "size",
    "split",
    "startsWith",
    "string",
    "substring",
    "sum",
    "trim",
    "upperAscii",
)
"""Those that a policy may want; what a misspelt one is compared with."""

_MACROS = ("all", "exists", "exists_one", "filter", "map")

_TYPES = {
    "int": "a whole number",
    "int64": "a whole number",
    "uint": "a whole number",
    "double": "a number with a fraction",
    "string": "a text",
    "bool": "true or false",
    "null_type": "null",
    "null": "null",
    "list": "a list",
    "map": "a map",
    "google.protobuf.Timestamp": "a time",
    "google.protobuf.Duration": "a duration",
}


def fault(told: str, text: str, variables: Iterable[str]) -> Fault:
    """The compiler's messages ``told`` about the expression ``text``: of several the first, unless
    that follows from another."""
    every = [
        Fault(_bare(told[match.end() :].split("\n", 1)[0]), _offset(match, text))
        for match in _AT.finditer(told)
    ]
    if not every:
        return Fault(_bare(told))
    # An item's name is unknown where the function around it is, which was to give it a meaning.
    first = every[0]
    if _UNDECLARED.match(first.message):
        first = next((each for each in every if _is_function(each, text)), first)
    offset = first.offset or 0
    named = _UNDECLARED.match(first.message)
    name = named[1].split(".")[0] if named is not None else ""
    if text[:offset].endswith(name):
        offset -= len(name)  # the compiler's place is that of the bracket or dot behind it
    message = _of_compiler(first.message, text, variables)
    return Fault(message, max(min(offset, len(text) - 1), 0))


def _offset(match: re.Match[str], text: str) -> int:
    lines = text.split("\n")
    row = min(int(match[1]), len(lines)) - 1
    return sum(len(line) + 1 for line in lines[:row]) + int(match[2]) - 1


def _is_function(each: Fault, text: str) -> bool:
    return _UNDECLARED.match(each.message) is not None and text.startswith("(", each.offset)


def _bare(text: str) -> str:
    text = re.sub(r"^[A-Z_]+: ", "", text)
    text = text.replace(" (in container '')", "").removeprefix("Syntax error: ")
    return re.sub(r" \[[A-Z_]+\]$", "", text).strip()


def _of_compiler(message: str, text: str, variables: Iterable[str]) -> str:
    if found := _UNDECLARED.match(message):
        name = found[1].split(".")[0]
        if name in _MACROS:
            return f"“{name}” takes two things, a name for each item and what is asked of it"
        return f"there is no variable or function “{name}”{_meant(name, [*variables, *_FUNCTIONS])}"
    if found := re.match(r"token recognition error at: '(.*)'$", message, re.DOTALL):
        return _of_token(found[1], text)
    if found := re.match(r"(?:mismatched|extraneous) input '(.*?)' expecting", message):
        token = found[1]
        if token == "<EOF>":  # noqa: S105 - ANTLR's name of the end
            return "it ends before it is complete"
        if token in _WRITE:
            return f"“{token}” is no CEL; write “{_WRITE[token]}”"
        return f"“{token}” does not belong here"
    return _of_overload(message)


def _of_token(token: str, text: str) -> str:
    if token.startswith("="):
        return "“=” compares nothing; write “==”"
    if token[:1] in ("'", '"'):
        if "\\" in text:
            return (
                "a text with a backslash that CEL does not know; write it twice, or the text as"
                " r'…', in which it stands for itself"
            )
        return "a text without its closing quote"
    if token[:1] in ("&", "|"):
        return f"write “{token[:1] * 2}”"
    return f"“{token}” is no CEL"


def _meant(name: str, known: Iterable[str]) -> str:
    if name in _WRITE:
        return f"; write “{_WRITE[name]}”"
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""


_OVERLOAD = regex(
    r"no matching overload(?:s found)?(?: for)? ?:? ?'?(?:<jump_condition>"
    r"|(?:\((?P<of>\w+)\)\.)?(?P<name>[^\s'(]+?)(?:'? applied to )?'?\((?P<types>.*?)\)'?)$",
    re.IGNORECASE,
)


def _of_overload(message: str) -> str:
    """That an operator does not take what it is given."""
    found = _OVERLOAD.search(message)
    if found is None:
        return message
    if found["name"] is None:
        return "what stands before “?” is neither true nor false"
    operator = found["name"].strip("_@").replace("_", "") or found["name"]
    types = [found["of"] or "", *found["types"].split(",")]
    # What is not known before it is evaluated is not what is wrong.
    types = [each.strip() for each in types if each.strip() not in ("", "dyn")]
    given = " and ".join(_TYPES.get(each, each) for each in types)
    advice = ""
    if any(each.startswith("null") for each in types):
        advice = "; guard it with “… != null &&”"
    elif {"double"} < set(types) and set(types) <= {"int", "int64", "uint", "double"}:
        advice = "; make both one with double(…)"
    elif len(types) == 2 and "string" in types and operator == "+":
        advice = "; make both text with string(…)"
    return f"“{operator}” does not take {given}{advice}"


def at_runtime(told: str, fields: Iterable[str] = ()) -> str:
    """What went wrong when an expression was evaluated. ``fields`` are names of the model."""
    message = _bare(told)
    if re.search(r"overloads? found\s*:\s*!_", message) or "!_" in message:
        return "the condition is neither true nor false"
    if found := re.match(r'Key not found in map : "?(.*?)"?$', message):
        key = found[1]
        close = difflib.get_close_matches(key, sorted(fields), n=1, cutoff=0.75)
        if close and close[0] != key:
            return f"there is no “{key}”; did you mean “{close[0]}”?"
        return f"there is no “{key}” in the map; ask “'{key}' in …” first"
    if found := re.match(r"Index error: index=(-?\d+) size=(\d+)", message):
        return f"item {found[1]} was asked of a list with {found[2]}; ask for its size() first"
    if "<iter_range>" in message:
        return "items were asked of what is no list; guard it with “… != null &&”"
    if "Applying SELECT to non-message type" in message:
        return (
            "a field was asked of what has none: of null, a text, a number, or a list (which"
            " answers x.exists(item, …) and x.all(item, …))"
        )
    return _of_overload(message)
