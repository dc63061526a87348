"""Secrets in text that nobody has to be able to parse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lintscale.secrets.names import HINT, HINTS, is_hidden_name, may_be_hidden_name
from lintscale.secrets.shapes import Range, shaped
from lintscale.secrets.values import looks_random, may_be_secret
from lintscale.syntax.regex import regex

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$")
_LONGEST_NAME = 120

_ASSIGNED = regex(r"\\*[\"'`]?\]?[ \t]*(?P<sign>:[-=?+]|=>|==?|:)[ \t]*")
_AFTER_FLAG = regex(
    r"[\"']?(?:[ \t]*,[ \t\n]*|[ \t]*\n[ \t]*-[ \t]+|[ \t]+)\\?[\"']?(?P<value>[^\s\"',;|&$<\\-]"
    r"[^\s\"'\\;|&]{0,512})"
)
_IS_VALUE = regex(
    r"[\"']?(?P<key>[A-Za-z_]{1,40})\\*[\"']?[ \t]*[:=][ \t]*\\*[\"']?(?:[\w.-]{0,60}[./])?\Z"
)
_BLOCK_KEY = regex(r"[ \t]*(?:-[ \t]+)*[\"']?[\w.$/-]*")
_INSTRUCTION = regex(r"(?:ENV|ARG|setenv|SETENV|set)[ \t]+[\w.-]*\Z")
_LINE_VALUE = regex(
    r"[ \t]*(?:[#/;*]+[ \t]*)?(?:-[ \t]+)*[\"']?(?P<key>[\w.$/-]{1,120})?[\"']?[ \t]*[:=][ \t]*"
)
NAME_KEYS = frozenset(
    {"name", "key", "variable", "var", "parameterkey", "parametername", "property", "env", "id"}
)
READABLE = frozenset(
    {"name", "key", "valuefrom", "secretkeyref", "configmapkeyref", "fieldref", "resourcefieldref",
     "fieldpath", "secretref", "configmapref", "fromdatabase", "fromservice", "fromgroup",
     "generatevalue", "property", "type", "path", "mountpath", "subpath", "file", "filename",
     "external", "secretname", "envvarkey", "optional", "audience", "expirationseconds", "kind",
     "apiversion", "namespace", "description", "image", "scope", "remoteref", "version",
     "secretkey", "existingsecret", "fromrepo", "from", "source", "target", "driver",
     "environment", "annotations", "labels", "metadata", "readonly", "defaultmode", "mode",
     "items", "resource", "runtime", "plan"}
)  # fmt: skip
"""Keys beside or below the name of a secret that refer to it, in lower case."""

OTHER_THINGS = frozenset(
    {"image", "mountpath", "command", "args", "ports", "configmap", "secret", "emptydir",
     "projected", "persistentvolumeclaim", "hostpath", "csi", "containers", "runtime", "env",
     "envvars", "metadata", "containerport", "targetport", "volumemounts", "resources", "spec"}
)  # fmt: skip
"""Keys of what has a name and is no variable: containers, volumes, ports."""

_KIND = regex(r"\bkind\\*[\"']?[ \t]*:[ \t]*\\*[\"']?Secret\b(?!\w)")
_DATA = regex(r"\b(?:data|stringData)\\*[\"']?[ \t]*:")
_SECRETS = regex(r"(?<![\w.-])secrets\\*[\"']?[ \t]*[:=]", re.IGNORECASE)
_DOCUMENT = regex(r"^---", re.MULTILINE)
_TOKEN = regex(r"[^\s\"'`,;(){}<>\[\]]{8,}")
_FLOW_VALUE = regex(
    r"(?:(?P<key>[\w.$/-]{1,120})\\*[\"']?[ \t\n]*[:=][ \t\n]*)?"
    r"(?P<value>\\*\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'?|[^\s,{}\[\]\"'][^,{}\[\]\n\"']*)"
)
_MOST = 4000
"""Characters that a mapping, a list or a quoted value is followed for."""


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Sorted, without overlaps and empty ones."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def hidden_ranges(text: str) -> list[Range]:
    """The ranges of ``text`` that are, or look like, values of secrets; sorted, no overlaps."""
    found = list(shaped(text))
    lowered = text.lower()
    if any(hint in lowered for hint in HINTS):
        found += _named(text)
    if "ecret" in text:
        found += _of_objects(text)
    return merged(found)


# -- by name ---------------------------------------------------------------------------------------


def _named(text: str) -> Iterator[Range]:
    done = 0
    for hint in HINT.finditer(text):
        if hint.start() < done:
            continue
        start, end = hint.span()
        while (
            start > 0
            and hint.start() - start < _LONGEST_NAME
            and text[start - 1] in _NAME_CHARACTERS
        ):
            start -= 1
        while end < len(text) and end - start < 2 * _LONGEST_NAME and text[end] in _NAME_CHARACTERS:
            end += 1
        done = end
        yield from _of_name(text, start, end)


def _of_name(text: str, start: int, end: int) -> Iterator[Range]:
    word = text[start:end]
    name = word.strip("-.$")
    strong = is_hidden_name(name)
    if not strong and not may_be_hidden_name(name):
        return
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = line_end if line_end >= 0 else len(text)
    before = text[max(line_start, start - 160) : start]
    for found in _assigned(text, end, line_start, line_end, before):
        value = text[slice(*found)]
        if may_be_secret(value) if strong else looks_random(value):
            yield found
    if not strong:
        return
    if word.startswith("-") or before.endswith("-"):
        flag = _AFTER_FLAG.match(text, end)
        if flag is not None and may_be_secret(flag["value"].strip("\\\"'")):
            yield flag.span("value")
    elif _INSTRUCTION.search(before):
        yield from _checked(text, end, line_end)
    key = _IS_VALUE.search(before)
    if key is not None and key["key"].lower() in NAME_KEYS:
        yield from _beside(text, start, end, line_start)
    # Whatever looks random near such a name, but not in an address.
    for token in _TOKEN.finditer(text, end, min(line_end, end + 400)):
        if looks_random(token[0]) and "=" not in token[0][:-2] and ":" not in token[0]:
            yield token.span()


def _checked(text: str, start: int, end: int) -> Iterator[Range]:
    while start < end and text[start] in " \t":
        start += 1
    if may_be_secret(text[start:end].strip().strip("\"'")):
        yield start, end


def _assigned(text: str, at: int, line_start: int, line_end: int, before: str) -> Iterator[Range]:
    """What is assigned to the name that ends at ``at``."""
    sign = _ASSIGNED.match(text, at, line_end)
    if sign is None:
        return
    start = sign.end()
    is_colon = sign["sign"] == ":"
    if (
        is_colon
        and start == sign.end("sign")
        and start < line_end
        and text[at : at + 1] not in "\\\"'`"
    ):
        # "shop-token:1.4" is an image.
        if not (not before.strip() or before[-1] in "\"' \t{,(") or before.rstrip().endswith(
            "image:"
        ):
            return
        if text[start] in "0123456789/-" and "." in text[start : start + 8]:
            return
    prefix = text[line_start:at]
    indent = len(prefix) - len(prefix.lstrip(" \t-"))
    if start >= line_end or text[start] in "#|>&!" or text[start : start + 2] in ("{", "["):
        yield from _block(text, start, line_end, indent)
        if start >= line_end or text[start] in "#|>":
            return
    if text[start] in "{[":
        yield from _flow(text, start)
        return
    if text.startswith("${{", start) or text.startswith("{{", start):
        return
    # A line's only key, whose value may hold anything.
    whole_line = is_colon and _BLOCK_KEY.fullmatch(prefix) is not None
    yield _value_range(text, start, line_end, whole_line, sign["sign"])


def _value_range(text: str, start: int, line_end: int, whole_line: bool, sign: str) -> Range:
    quote = regex_quote(text, start)
    if quote:
        begin = start + len(quote)
        end = begin
        while True:
            end = text.find(quote, end, begin + _MOST)
            if end < 0:
                return begin, line_end
            slashes = end - len(text[begin:end].rstrip("\\")) - begin
            if len(quote) > 1 or quote == "'" or slashes % 2 == 0:
                return begin, end
            end += 1
    if sign.startswith(":") and len(sign) > 1:
        end = text.find("}", start, line_end)
        return start, end if end >= 0 else line_end
    if whole_line:
        comment = text.find(" #", start, line_end)
        end = comment if comment >= 0 else line_end
        return start, start + len(text[start:end].rstrip().rstrip(","))
    stop = re.compile(r"[\s;&\"'`}\]]" if sign.startswith("=") else r"[\s,}\])\"'`;]")
    found = stop.search(text, start, line_end)
    end = found.start() if found is not None else line_end
    if end < line_end and text[end] == "}" and "{" in text[start:end]:
        end = line_end
    return start, start + len(text[start:end].rstrip(","))


def regex_quote(text: str, at: int) -> str:
    """The quotation mark that opens at ``at``, with the backslashes that escape it."""
    end = at
    while end < len(text) and text[end] == "\\":
        end += 1
    return text[at : end + 1] if end < len(text) and text[end] in "\"'`" else ""


def _end_of_value(rest: str) -> int:
    """Where a line's value ends that ``rest`` begins with: before a comment or a comma."""
    if rest[:1] in ("'", '"'):
        closed = rest.rfind(rest[0], 1)
        return closed + 1 if closed > 0 else len(rest)
    return len(rest.partition(" #")[0].rstrip().rstrip(","))


def _block(
    text: str, start: int, line_end: int, indent: int, everything: bool = False
) -> Iterator[Range]:
    """The values of the lines below that are indented more than ``indent``."""
    header = text[start:line_end].strip()
    literal = header[:1] in ("|", ">")
    readable_below = None
    at = line_end + 1
    stop = min(len(text), line_end + _MOST)
    while at < stop:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        line = text[at:end]
        stripped = line.lstrip(" \t")
        depth = len(line) - len(stripped)
        if (
            stripped
            and depth <= indent
            and not (depth == indent and stripped.startswith("- ") and not literal)
        ):
            return
        if stripped.startswith("---"):
            return
        if literal and stripped:
            yield at + depth, at + len(line.rstrip())
        elif stripped:
            if readable_below is not None and depth > readable_below:
                at = end + 1
                continue
            readable_below = None
            key = _LINE_VALUE.match(line)
            name = (key["key"] or "").lower() if key is not None else ""
            if name in READABLE and not everything:
                readable_below = depth
            else:
                value = at + (key.end() if key is not None else depth)
                value_text = text[value:end]
                if value_text[:1] in "{[" and value_text:
                    yield from _flow(text, value, everything=everything)
                elif value_text.strip()[:1] in ("|", ">"):
                    yield from _block(text, value, end, depth, everything)
                else:
                    if key is None and stripped.startswith("- "):
                        value += 2
                    value_text = text[value:end]
                    if may_be_secret(value_text.strip().strip("\"'")):
                        yield value, value + _end_of_value(value_text)
        at = end + 1


def _flow(text: str, start: int, end: int = 0, everything: bool = False) -> Iterator[Range]:
    """The values of a mapping or list in braces that opens at ``start``."""
    end = end or _closing(text, start)
    position = start
    readable_until = 0
    while position < end:
        match = _FLOW_VALUE.search(text, position, end)
        if match is None:
            break
        position = max(match.end(), position + 1)
        key = (match["key"] or "").lower()
        after = text[match.end() : match.end() + 12].lstrip()
        bare = match["value"].rstrip()
        if match["key"] is None and (after[:1] in (":", "=") or bare[-1] in ":="):
            # It is itself a key: in quotes, or of a mapping or list.
            key = bare.rstrip(":= ").strip("\\\"'").lower()
            if bare[-1] not in ":=":
                position = text.find(after[0], match.end()) + 1
            if key in READABLE and not everything:
                while position < end and text[position] in " \t\n":
                    position += 1
                if position < end and text[position] in "{[":
                    position = _closing(text, position)
                else:
                    skipped = _FLOW_VALUE.match(text, position, end)
                    position = skipped.end() if skipped is not None else position
            continue
        if key in READABLE and not everything:
            continue
        first, last = match.span("value")
        value = text[first:last].strip().strip("\\\"'")
        if may_be_secret(value) and first >= readable_until:
            quote = regex_quote(text, first)
            first += len(quote)
            if quote and text[first:last].endswith(quote):
                last -= len(quote)
            yield first, first + len(text[first:last].rstrip())


def _closing(text: str, start: int) -> int:
    depth = 0
    quote = ""
    for at in range(start, min(len(text), start + _MOST)):
        character = text[at]
        if quote:
            if character == quote and text[at - 1] != "\\":
                quote = ""
        elif character == '"':
            quote = character
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth <= 0:
                return at
    return min(len(text), start + _MOST)


def _beside(text: str, start: int, end: int, line_start: int) -> Iterator[Range]:
    """The values of the entry whose name stands from ``start`` to ``end``."""
    opened = max(text.rfind("{", max(0, start - 1500), start), text.rfind("(", line_start, start))
    if opened >= 0 and "}" not in text[opened:start]:
        closed = text.find("}", end)
        if 0 <= closed - end < _MOST and "- " not in text[opened:line_start]:
            yield from _flow(text, opened, _closing(text, opened))
            return
    head = text[line_start:start]
    indent = len(head) - len(head.lstrip(" \t-#"))
    begins = head.lstrip(" \t#").startswith("-")
    line_end = text.find("\n", end)
    found = [*_siblings(text, line_end if line_end >= 0 else len(text), indent, forward=True)]
    if not begins:
        found += _siblings(text, line_start - 1, indent, forward=False)
    is_other = any(key in OTHER_THINGS for key, _ in found)
    for key, hidden in found:
        if hidden[0] < hidden[1] and (not is_other or key.startswith("va")):
            yield hidden
    if "," in text[end:line_end]:
        yield from _flow(text, end, line_end if line_end >= 0 else len(text))


def _siblings(text: str, at: int, indent: int, *, forward: bool) -> Iterator[tuple[str, Range]]:
    """The values of the lines of an entry before or after one of its lines."""
    readable_below = None
    for _ in range(40):
        if forward:
            start = at + 1
            end = text.find("\n", start)
            end = end if end >= 0 else len(text)
            at = end
        else:
            end = at
            start = text.rfind("\n", 0, max(end, 0)) + 1
            at = start - 1
        if start >= len(text) or end < 0 or start > end:
            return
        line = text[start:end]
        stripped = line.lstrip(" \t#")
        depth = len(line) - len(stripped)
        if not stripped:
            continue
        inner = stripped.lstrip("- ")
        if forward and (stripped[0] in "}]" or (stripped.startswith("- ") and depth < indent)):
            return
        if forward and depth + 4 < indent:
            return
        key = _LINE_VALUE.match(line)
        name = (key["key"] or "").lower() if key is not None else ""
        if readable_below is not None and depth > readable_below:
            continue
        readable_below = None
        if name in NAME_KEYS and depth <= indent:
            return
        if name in OTHER_THINGS:
            yield name, (0, 0)
        if name in READABLE:
            readable_below = depth
        elif key is not None:
            value = start + key.end()
            rest = text[value:end]
            if rest[:1] in ("{", "["):
                yield from ((name, each) for each in _flow(text, value))
            elif not rest.strip() or rest.strip()[0] in "|>&!":
                yield from ((name, each) for each in _block(text, value, end, depth))
            elif may_be_secret(rest.strip().rstrip(",").strip("\"'")):
                yield name, (value, value + _end_of_value(rest))
        elif forward and may_be_secret(inner.strip("\"',")) and not stripped.startswith("- "):
            yield name, (start + depth, start + len(line.rstrip()))
        if not forward and stripped.startswith("- "):
            return


# -- by place --------------------------------------------------------------------------------------


def _of_objects(text: str) -> Iterator[Range]:
    """What a Secret of Kubernetes and a mapping ``secrets`` hold."""
    done = 0
    for kind in _KIND.finditer(text):
        if kind.start() < done:
            continue
        first = max((each.end() for each in _DOCUMENT.finditer(text, 0, kind.start())), default=0)
        following = _DOCUMENT.search(text, kind.end())
        last = following.start() if following is not None else len(text)
        done = last
        for data in _DATA.finditer(text, first, last):
            yield from _held(text, data.start(), data.end(), everything=True)
    for secrets in _SECRETS.finditer(text):
        yield from _held(text, secrets.start(), secrets.end(), everything=False)


def _held(text: str, start: int, at: int, *, everything: bool) -> Iterator[Range]:
    while at < len(text) and text[at] in " \t":
        at += 1
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", at)
    line_end = line_end if line_end >= 0 else len(text)
    if text[at : at + 1] == "{":
        yield from _flow(text, at, everything=everything)
    elif at >= line_end or text[at] == "#":
        yield from (
            found
            for found in _block(text, at, line_end, len(text[line_start:start]), everything)
            if everything or not text[: found[0]].rstrip(" \t\"'").endswith("-")
        )
