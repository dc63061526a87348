"""Words of the shell as a command gets them: quoting, expansions and arithmetic.

A word has alternatives where branches that exclude each other set a variable differently. What is
not known stands in it as it is written, between two marks (``unmarked`` takes them off).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING

from lintscale.code.shell_arithmetic import evaluate
from lintscale.code.shell_marks import is_filled, is_known, unknown
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_ALTERNATIVES = 8
"""More ways to set a variable than this are not told apart: its value is not known."""

_MOST_CHARACTERS = 20_000
_MOST_ROUNDS = 16
_ESCAPED_IN_STRING = regex(r"\\([$`\"\\])|\\\n")
_ESCAPED = regex(r"\\(\n|.)", 16)
_ANSI = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"', "r": "\r", "a": "\a", "e": "\x1b"}

Pieces = tuple[str, ...]
"""What a part of a word adds: texts with the borders of words between them."""

Program = Callable[["Expander", list[str]], str | None]


class Expander:
    """The variables of a script at one point of it. ``environment`` are those that it is started
    with; None: set, to something that is not known."""

    def __init__(self, environment: Mapping[str, str | None]) -> None:
        self.environment = environment
        self.variables: dict[str, tuple[str | None, ...]] = {}
        """By name the alternatives; None among them is a variable that is not set."""
        self.arguments: tuple[Pieces | None, ...] = ((),)
        """The alternatives of ``$@``; None: not known."""
        self.name = "sh"
        self.rounds = 0

    # -- words ------------------------------------------------------------------------------------

    def words(self, node: Node) -> list[Pieces]:
        """The alternatives of what a word in a command becomes: none, one or several words."""
        return _bounded(self._of(node, quoted=False), node)

    def text(self, node: Node) -> list[str]:
        """The alternatives of a word where it is not split: an assignment, ``case``, a pattern."""
        return ["".join(_joined_by_space(p)) for p in _bounded(self._of(node, True), node)]

    def _of(self, node: Node, quoted: bool, depth: int = 0) -> list[Pieces]:
        if depth > _MOST_ROUNDS or node.has_error or node.is_missing:
            return [(unknown(_source(node)),)]
        kind = node.type
        if kind in ("concatenation", "command_name", "translated_string", "string", "heredoc_body"):
            inside = kind in ("string", "heredoc_body", "translated_string")
            return self._parts(node, quoted or inside, inside, depth)
        if kind == "raw_string":
            return [(_source(node)[1:-1],)]
        if kind == "ansi_c_string":
            text = _source(node)[2:-1]
            return [(_ESCAPED.sub(lambda m: _ANSI.get(m[1], m[0]), text),)]
        if kind in ("simple_expansion", "expansion"):
            lead = _source(node.children[0]).partition("$")[0] if node.children else ""
            found = self._expansion(node, quoted, depth)
            return [_join((lead,), pieces) for pieces in found] if lead else found
        if kind == "command_substitution":
            return [self._split(text, quoted) for text in self._substitution(node)]
        if kind == "arithmetic_expansion":
            return [(self.arithmetic(_source(node)[3:-2], node),)]
        if kind == "brace_expression":
            return [_range(_source(node))]
        if kind == "process_substitution":
            return [(unknown(_source(node)),)]
        text = _source(node)
        return [(_ESCAPED.sub(lambda m: "" if m[1] == "\n" else m[1], text),)]

    def _parts(self, node: Node, quoted: bool, inside: bool, depth: int) -> list[Pieces]:
        """``inside`` a string the text between the nodes counts too."""
        source, start = node.text or b"", node.start_byte
        found: list[Pieces] = [("",)] if inside else [()]
        at = 0
        children = node.named_children if inside else node.children
        for child in children:
            if inside and child.type in ("string_content", "heredoc_content"):
                continue
            if child.start_byte - start > at:
                found = _times(found, [(_in_string(source[at : child.start_byte - start]),)])
            # What stands in a string and is no expansion is text.
            found = _times(found, self._of(child, quoted, depth + 1))
            at = child.end_byte - start
        if inside and at < len(source):
            found = _times(found, [(_in_string(source[at:]),)])
        if node.type == "string":
            found = [_without_quotes(pieces) for pieces in found]
        return found

    def _split(self, text: str, quoted: bool) -> Pieces:
        return (text,) if quoted or not is_known(text) else tuple(text.split())

    # -- expansions -------------------------------------------------------------------------------

    def values(self, name: str) -> tuple[str | None, ...]:
        """The alternatives of a variable; None: not set here, so that it is what the environment
        makes it, and its default where that has none."""
        if name in self.variables:
            return self.variables[name]
        if name in self.environment:
            value = self.environment[name]
            return (unknown(f"${name}") if value is None else value,)
        return (None,)

    def _expansion(self, node: Node, quoted: bool, depth: int) -> list[Pieces]:
        names = [c for c in node.children if c.type in ("variable_name", "special_variable_name")]
        hidden: list[Pieces] = [(unknown(_source(node)),)]
        others = [c for c in node.children if c not in names and _source(c).strip() not in _BRACES]
        if not names:
            inner = [child for child in node.named_children if child.type == "subscript"]
            name = _source(inner[0]) if inner else ""
            if len(others) == 1 and name.endswith(("[@]", "[*]")) and name[:-3] in self.variables:
                return [tuple((v or "").split("\n")) for v in self.variables[name[:-3]]]
            return hidden
        name = _source(names[0])
        first = _source(others[0]) if others else ""
        if others and others[0].start_byte < names[0].start_byte:
            return self._length(name) if first == "#" else hidden
        if name in ("@", "*"):
            return self._arguments(others, quoted and name == "*", hidden[0])
        values = self._parameter(name)
        if not others and len(values) > 1:
            # As with a default: what nobody is known to set is what some branch sets.
            values = tuple(value for value in values if value is not None)
        found: list[Pieces] = []
        for value in values:
            if not others:
                found.append(self._value(name, value, quoted))
            elif first in _DEFAULTS:
                found += self._with_default(
                    name, value, first, others[1:], quoted=quoted, depth=depth
                )
            elif first in ("#", "##", "%", "%%", "/", "//", "^^", ",,") and value is not None:
                found.append(self._changed(value, first, others[1:], quoted, hidden[0]))
            else:
                found += hidden
        return found

    def _value(self, name: str, value: str | None, quoted: bool) -> Pieces:
        if value is None:
            return (unknown(f"${name}"),)
        return self._split(value, quoted)

    def _parameter(self, name: str) -> tuple[str | None, ...]:
        if name == "0":
            return (self.name,)
        if name == "#":
            return tuple(unknown("$#") if a is None else str(len(a)) for a in self.arguments)
        if name.isdigit():
            at = int(name) - 1
            return tuple(
                unknown(f"${name}") if a is None else a[at] if at < len(a) else ""
                for a in self.arguments
            )
        if not name.isidentifier():
            return (unknown(f"${name}"),)
        return self.values(name)

    def _length(self, name: str) -> list[Pieces]:
        return [
            (str(len(v)) if v is not None and is_known(v) else unknown(f"${{#{name}}}"),)
            for v in self._parameter(name)
        ]

    def _arguments(self, others: list[Node], as_one: bool, hidden: Pieces) -> list[Pieces]:
        numbers = [int(_source(c)) for c in others if _source(c).isdigit()]
        if others and (_source(others[0]) != ":" or not 1 <= len(numbers) <= 2):
            return [hidden]
        found = []
        for each in self.arguments:
            if each is None:
                found.append(hidden)
                continue
            if numbers:
                start = max(0, numbers[0] - 1)
                end = start + numbers[1] if len(numbers) > 1 else len(each)
                found.append(each[start:end])
            else:
                found.append((" ".join(each),) if as_one else each)
        return found

    def _with_default(
        self,
        name: str,
        value: str | None,
        how: str,
        rest: list[Node],
        *,
        quoted: bool,
        depth: int,
    ) -> list[Pieces]:
        """``${X:-4}`` and its kin. A variable that nobody is known to set has its default."""
        is_set = value is not None and (value != "" or not how.startswith(":"))
        if how in (":+", "+"):
            if value is not None and not is_known(value) and not is_filled(value):
                return [(unknown(f"${{{name}{how}…}}"),)]
            return self._rest(rest, quoted, depth) if is_set else [("",) if quoted else ()]
        if is_set or how in (":?", "?"):
            return [self._value(name, value, quoted)]
        found = self._rest(rest, quoted, depth)
        if how in (":=", "="):
            self.variables[name] = tuple("".join(_joined_by_space(each)) for each in found)
        return found

    def _rest(self, nodes: list[Node], quoted: bool, depth: int) -> list[Pieces]:
        found: list[Pieces] = [("",) if quoted else ()]
        for node in nodes:
            found = _times(found, self._of(node, quoted, depth + 1))
        if not quoted:
            found = [
                tuple(
                    w for piece in pieces for w in (piece.split() if is_known(piece) else [piece])
                )
                for pieces in found
            ]
        return found

    def _changed(
        self, value: str, how: str, rest: list[Node], quoted: bool, hidden: Pieces
    ) -> Pieces:
        patterns = [self.text(node)[0] for node in rest if node.is_named]
        pattern = patterns[0] if patterns else ""
        if not is_known(value) or not is_known(pattern) or len(value) > 1_000:
            return hidden
        if how in ("^^", ",,"):
            return self._split(value.upper() if how == "^^" else value.lower(), quoted)
        if how in ("/", "//"):
            if any(c in pattern for c in "*?["):
                return hidden
            new = patterns[1] if len(patterns) > 1 else ""
            return self._split(value.replace(pattern, new, 1 if how == "/" else -1), quoted)
        cuts: Iterable[int] = range(len(value) + 1)
        if how in ("##", "%"):
            cuts = reversed(range(len(value) + 1))
        for cut in cuts:
            part, left = (value[:cut], value[cut:]) if "#" in how else (value[cut:], value[:cut])
            if fnmatchcase(part, pattern):
                return self._split(left, quoted)
        return self._split(value, quoted)

    # -- substitutions ----------------------------------------------------------------------------

    def _substitution(self, node: Node) -> list[str]:
        """What the few programs print whose answer the words alone tell."""
        source = _source(node)
        if source.startswith("$((") and source.endswith("))"):
            # Within ${X:-…} the grammar takes arithmetic for a subshell.
            return [self.arithmetic(source[3:-2], node)]
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1 or inner[0].type != "command":
            return [unknown(source)]
        argv: list[Pieces] = [()]
        for child in inner[0].named_children:
            if child.type == "variable_assignment":
                return [unknown(source)]
            argv = [(*a, *b) for a, b in product(argv, self.words(child))][:MOST_ALTERNATIVES]
        return [self._printed(list(words), source) for words in argv]

    def _printed(self, words: list[str], source: str) -> str:
        if not words or not all(map(is_known, words)):
            return unknown(source)
        program, arguments = words[0].rpartition("/")[2], words[1:]
        if program == "echo" and arguments[:1] != ["-e"]:
            return " ".join(arguments[1:] if arguments[:1] == ["-n"] else arguments)
        if program == "printf" and arguments and "%" not in arguments[0].replace("%s", ""):
            text = arguments[0]
            for argument in arguments[1:]:
                text = text.replace("%s", argument, 1)
            return text.replace("%s", "").rstrip("\n")
        if program == "basename" and len(arguments) == 1:
            return arguments[0].rstrip("/").rpartition("/")[2]
        if program == "dirname" and len(arguments) == 1:
            return arguments[0].rstrip("/").rpartition("/")[0] or "."
        if program == "expr" and arguments:
            return self.arithmetic(" ".join(arguments), None, source)
        if program == "seq" and 1 <= len(arguments) <= 2 and all(a.isdigit() for a in arguments):
            first, last = int(arguments[0]) if len(arguments) > 1 else 1, int(arguments[-1])
            if last - first < 10_000:
                return " ".join(map(str, range(first, last + 1)))
        return unknown(source)

    def arithmetic(self, text: str, node: Node | None = None, source: str = "") -> str:
        source = source or (_source(node) if node is not None else f"$(({text}))")
        self.rounds += 1
        if self.rounds > 1_000 or len(text) > 2_000:
            return unknown(source)
        number = evaluate(self, text)
        return unknown(source) if number is None else str(number)


_BRACES = ("${", "}", "$", "")
_DEFAULTS = (":-", "-", ":=", "=", ":+", "+", ":?", "?")


def _source(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _in_string(data: bytes) -> str:
    return _ESCAPED_IN_STRING.sub(lambda m: m[1] or "", data.decode("utf-8", "replace"))


def _without_quotes(pieces: Pieces) -> Pieces:
    """Without the two quotes that a string's own text begins and ends with. "$@" without arguments
    is no word."""
    if len(pieces) == 1:
        return (pieces[0][1:-1],)
    first, last = pieces[0][1:], pieces[-1][:-1]
    return (first, *pieces[1:-1], last)


def _range(text: str) -> Pieces:
    """``{1..4}``: words without a border to what stands before them are made elsewhere."""
    first, _, last = text[1:-1].partition("..")
    if first.isdigit() and last.isdigit() and abs(int(last) - int(first)) < 1_000:
        step = 1 if int(last) >= int(first) else -1
        return tuple(str(n) for n in range(int(first), int(last) + step, step))
    return (unknown(text),)


def _join(a: Pieces, b: Pieces) -> Pieces:
    if not a or not b:
        return a or b
    return (*a[:-1], a[-1] + b[0], *b[1:])


def _times(a: list[Pieces], b: list[Pieces]) -> list[Pieces]:
    """Each alternative of the one with each of the other; one too many is left for the caller."""
    return [_join(x, y) for x, y in product(a, b)][: MOST_ALTERNATIVES + 1]


def _bounded(found: list[Pieces], node: Node) -> list[Pieces]:
    found = list(dict.fromkeys(found))
    is_long = sum(len(text) for pieces in found for text in pieces) > _MOST_CHARACTERS
    if len(found) > MOST_ALTERNATIVES or is_long:
        return [(unknown(_source(node)),)]
    return found


def _joined_by_space(pieces: Pieces) -> str:
    return " ".join(pieces)
