"""CEL's error messages, reworded for the author of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lintscale.engine.expressions.errors import ExpressionError
from lintscale.syntax.regex import regex
from lintscale.syntax.text import closest

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
"""Words of other languages, and what CEL has in their place."""

_MACROS = ("all", "exists", "exists_one", "filter", "map")
_FUNCTIONS = (
    *_MACROS, "contains", "double", "endsWith", "int", "join", "lowerAscii", "matches", "plural",
    "replace", "size", "split", "startsWith", "string", "substring", "sum", "trim", "upperAscii",
)  # fmt: skip
"""Candidates for a misspelt function."""

_TYPES = {
    "int": "an integer",
    "int64": "an integer",
    "uint": "an integer",
    "double": "a double",
    "string": "a string",
    "bool": "a boolean",
    "null_type": "null",
    "null": "null",
    "list": "a list",
    "map": "a map",
    "google.protobuf.Timestamp": "a timestamp",
    "google.protobuf.Duration": "a duration",
}


def compile_error(output: str, text: str, variables: Iterable[str]) -> ExpressionError:
    """The error in the expression ``text`` that the compiler's ``output`` is about: the first of
    several, unless that one follows from another."""
    errors = [
        (_bare(output[match.end() :].split("\n", 1)[0]), _offset(match, text))
        for match in _AT.finditer(output)
    ]
    if not errors:
        return ExpressionError(_bare(output))
    message, offset = errors[0]
    named = _UNDECLARED.match(message)
    if named is not None:
        # An item's name is undeclared wherever the function that would declare it is.
        calls = (
            each for each in errors if _UNDECLARED.match(each[0]) and text.startswith("(", each[1])
        )
        message, offset = next(calls, errors[0])
        named = _UNDECLARED.match(message)
    name = named[1].split(".")[0] if named is not None else ""
    if text[:offset].endswith(name):
        offset -= len(name)  # the compiler points at the bracket or dot behind it
    reworded = _reworded(message, text, variables)
    return ExpressionError(reworded, max(min(offset, len(text) - 1), 0))


def _offset(match: re.Match[str], text: str) -> int:
    lines = text.split("\n")
    row = min(int(match[1]), len(lines)) - 1
    return sum(len(line) + 1 for line in lines[:row]) + int(match[2]) - 1


def _bare(text: str) -> str:
    text = re.sub(r"^[A-Z_]+: ", "", text)
    text = text.replace(" (in container '')", "").removeprefix("Syntax error: ")
    return re.sub(r" \[[A-Z_]+\]$", "", text).strip()


def _reworded(message: str, text: str, variables: Iterable[str]) -> str:
    if found := _UNDECLARED.match(message):
        name = found[1].split(".")[0]
        if name in _MACROS:
            return f"“{name}” takes two arguments: a name for each item, and an expression"
        hint = _suggestion(name, [*variables, *_FUNCTIONS])
        return f"unknown variable or function “{name}”{hint}"
    if found := re.match(r"token recognition error at: '(.*)'$", message, re.DOTALL):
        return _token_error(found[1], text)
    if found := re.match(r"(?:mismatched|extraneous) input '(.*?)' expecting", message):
        token = found[1]
        if token == "<EOF>":  # noqa: S105 - ANTLR's name of the end
            return "unexpected end of the expression"
        if token in _WRITE:
            return f"“{token}” is not CEL; write “{_WRITE[token]}”"
        return f"unexpected “{token}”"
    return _overload_error(message)


def _token_error(token: str, text: str) -> str:
    if token.startswith("="):
        return "“=” is not an operator; write “==”"
    if token[:1] in ("'", '"'):
        if "\\" in text:
            return (
                "unknown escape in a string; double the backslash, or write the string as r'…',"
                " which has no escapes"
            )
        return "string without a closing quote"
    if token[:1] in ("&", "|"):
        return f"write “{token[:1] * 2}”"
    return f"“{token}” is not CEL"


def _suggestion(name: str, known: Iterable[str]) -> str:
    if name in _WRITE:
        return f"; write “{_WRITE[name]}”"
    close = closest(name, sorted(known))
    return f"; did you mean “{close}”?" if close else ""


_OVERLOAD = regex(
    r"no matching overload(?:s found)?(?: for)? ?:? ?'?(?:<jump_condition>"
    r"|(?:\((?P<of>\w+)\)\.)?(?P<name>[^\s'(]+?)(?:'? applied to )?'?\((?P<types>.*?)\)'?)$",
    re.IGNORECASE,
)


def _overload_error(message: str) -> str:
    """An operator or function applied to types that it does not accept."""
    found = _OVERLOAD.search(message)
    if found is None:
        return message
    if found["name"] is None:
        return "the condition before “?” is not a boolean"
    operator = found["name"].strip("_@").replace("_", "") or found["name"]
    types = [found["of"] or "", *found["types"].split(",")]
    # A type that is only known at evaluation is not the wrong one.
    types = [each.strip() for each in types if each.strip() not in ("", "dyn")]
    given = " and ".join(_TYPES.get(each, each) for each in types)
    advice = ""
    if any(each.startswith("null") for each in types):
        advice = "; guard it with “… != null &&”"
    elif {"double"} < set(types) and set(types) <= {"int", "int64", "uint", "double"}:
        advice = "; convert both with double(…)"
    elif len(types) == 2 and "string" in types and operator == "+":
        advice = "; convert both with string(…)"
    return f"“{operator}” does not accept {given}{advice}"


def runtime_error(output: str, fields: Iterable[str] = ()) -> ExpressionError:
    """The error that an evaluation ended with. ``fields`` are the names of the model's fields."""
    return ExpressionError(_evaluation_error(_bare(output), fields))


def _evaluation_error(message: str, fields: Iterable[str]) -> str:
    if re.search(r"overloads? found\s*:\s*!_", message) or "!_" in message:
        return "the condition is not a boolean"
    if found := re.match(r'Key not found in map : "?(.*?)"?$', message):
        key = found[1]
        close = closest(key, sorted(fields), 0.75)
        if close and close != key:
            return f"unknown field “{key}”; did you mean “{close}”?"
        return f"no key “{key}” in the map; guard it with “'{key}' in … &&”"
    if found := re.match(r"Index error: index=(-?\d+) size=(\d+)", message):
        return f"index {found[1]} in a list of size {found[2]}; guard it with size()"
    if "<iter_range>" in message:
        return "cannot iterate over what is not a list; guard it with “… != null &&”"
    if "Applying SELECT to non-message type" in message:
        return (
            "cannot read a field of null, a string, a number or a list (for a list, use"
            " x.exists(item, …) or x.all(item, …))"
        )
    return _overload_error(message)
