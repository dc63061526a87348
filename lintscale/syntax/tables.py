"""Reading TOML values with the type they must have; what is wrong is collected, not raised."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from lintscale._record import field, record
from lintscale.model.location import Span
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Scalar
from lintscale.syntax.text import closest

T = TypeVar("T")


@record(frozen=False)
class Mistakes:
    """What is wrong with one file, each with its place."""

    file: str
    found: list[tuple[Span, str]] = field(default_factory=list)

    def add(self, where: Field | Span, text: str) -> None:
        span = where if isinstance(where, Span) else where.location.span
        self.found.append((span, text))

    def lines(self) -> str:
        """One line per mistake, in the order of the file."""
        return "\n".join(
            f"{self.file}:{span.line}:{span.column}: {text}" for span, text in sorted(self.found)
        )


def known_entries(
    table: Field, known: Iterable[str], mistakes: Mistakes
) -> Iterator[tuple[str, Field]]:
    """The entries of a table whose keys are ``known`` (spelled with "-"; "_" is as good).
    Every other key is a mistake, and so is a table that is none."""
    names = sorted(known)
    seen: dict[str, str] = {}
    for key, value in entries(table, mistakes):
        name = key.replace("_", "-")
        if name not in names:
            mistakes.add(value, f"unknown key “{key}”; {_meant(name, names)}")
        elif name in seen:
            message = (
                f"“{key}” is the same as “{seen[name]}”, which is defined too; keep one of them"
            )
            mistakes.add(value, message)
        else:
            seen[name] = key
            yield name, value


def entries(table: Field, mistakes: Mistakes) -> Iterator[tuple[str, Field]]:
    """The entries of a table whose keys are the user's own."""
    if not isinstance(table.node, Mapping):
        mistakes.add(table, f"{_name(table)} must be a table, not {_found(table)}")
        return
    yield from table.entries()


def text(value: Field, mistakes: Mistakes) -> str:
    """A text that is not empty; "" for a mistake."""
    node = value.node
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.quoted:
        if node.value:
            return node.value
        mistakes.add(value, f"{_name(value)} is empty; give it a value or leave it out")
        return ""
    hint = f"; write {_as_text(value)}" if isinstance(node, Scalar) else ""
    return _mistaken(value, mistakes, "text in quotes", "", hint)


def date(value: Field, mistakes: Mistakes) -> str:
    """A day as YYYY-MM-DD, a TOML date or a text; "" for a mistake."""
    node = value.node
    if isinstance(node, Scalar) and isinstance(node.value, str) and is_date(node.value):
        return node.value
    return _mistaken(value, mistakes, "a date such as 2027-03-01", "")


def one_of(value: Field, choices: Sequence[str], mistakes: Mistakes, hint: str = "") -> str:
    """One of ``choices``; "" for a mistake."""
    chosen = text(value, mistakes)
    if not chosen or chosen in choices:
        return chosen
    wanted = f"{', '.join(choices[:-1])} or {choices[-1]}"
    advice = _close(chosen, choices) or hint
    mistakes.add(value, f"{_name(value)} must be {wanted}, not “{chosen}”{advice}")
    return ""


def texts(value: Field, mistakes: Mistakes) -> tuple[str, ...]:
    """A list of texts; a single text stands for a list of one."""
    return tuple(item for item, _ in located_texts(value, mistakes))


def located_texts(value: Field, mistakes: Mistakes) -> Iterator[tuple[str, Field]]:
    """Like :func:`texts`, each with its place."""
    if value.is_sequence:
        items = list(value.items())
    elif isinstance(value.node, Scalar) and isinstance(value.node.value, str):
        items = [value]
    else:
        _mistaken(value, mistakes, "a list of texts", None, f"; write [{_as_text(value)}]")
        return
    for item in items:
        found = text(item, mistakes)
        if found:
            yield found, item


def whole_number(value: Field, mistakes: Mistakes, least: int = 0, most: int | None = None) -> int:
    """A whole number of at least ``least``; ``least`` for a mistake."""
    return int(_number(value, mistakes, "a whole number", least, most))


def number(value: Field, mistakes: Mistakes, least: float = 0) -> float:
    """A number of at least ``least``; ``least`` for a mistake."""
    return float(_number(value, mistakes, "a number", least, None))


def _number(
    value: Field, mistakes: Mistakes, wanted: str, least: float, most: float | None
) -> float:
    found = value.node.value if isinstance(value.node, Scalar) else None
    kinds = int if wanted == "a whole number" else (int, float)
    if isinstance(found, bool) or not isinstance(found, kinds):
        return _mistaken(value, mistakes, wanted, least, _unquoted(value))
    if least <= found and (most is None or found <= most):
        return found
    bounds = f"at least {least:g}" if most is None else f"between {least:g} and {most:g}"
    mistakes.add(value, f"{_name(value)} must be {bounds}, not {found:g}")
    return least


def _mistaken(value: Field, mistakes: Mistakes, wanted: str, instead: T, hint: str = "") -> T:
    """``instead`` of a value that is not what is ``wanted``."""
    mistakes.add(value, f"{_name(value)} must be {wanted}, not {_found(value)}{hint}")
    return instead


def like(value: Field, default: object, mistakes: Mistakes, *, beside: bool = True) -> object:
    """A value of ``default``'s type; ``default`` for a mistake. What a table says stands
    ``beside`` what the default's says, or in its place."""
    if isinstance(default, bool):
        node = value.node
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return _mistaken(value, mistakes, "true or false", default)
    if isinstance(default, int):
        return whole_number(value, mistakes, least=-(2**53), most=2**53)
    if isinstance(default, float):
        return number(value, mistakes, least=-1e15)
    if isinstance(default, str):
        return text(value, mistakes)
    if isinstance(default, dict):
        # A new key stands beside the default's, as one more plan or environment does.
        example = next(iter(default.values()), "")
        read = {
            key: like(each, default.get(key, example), mistakes, beside=key in default)
            for key, each in entries(value, mistakes)
        }
        return {**default, **read} if beside else read
    return list(texts(value, mistakes))


def _name(value: Field) -> str:
    """The key as the user wrote it; a list's item goes by the list's name."""
    names = [key for key in value.path if isinstance(key, str)]
    if not names:
        return "this"
    return f"an item of “{names[-1]}”" if isinstance(value.path[-1], int) else f"“{names[-1]}”"


def _found(value: Field) -> str:
    node = value.node
    if not isinstance(node, Scalar):
        return "a table" if isinstance(node, Mapping) else "a list"
    if isinstance(node.value, str) and node.quoted:
        return f"the text “{node.text}”"
    return node.text


def _unquoted(value: Field) -> str:
    node = value.node
    if isinstance(node, Scalar) and node.quoted and node.text.strip().isdecimal():
        return f"; write {node.text.strip()} without quotes"
    return "; write it as in 20"


def _as_text(value: Field) -> str:
    return f'"{value.node.text}"' if isinstance(value.node, Scalar) else '"…"'


def _meant(name: str, names: Sequence[str]) -> str:
    close = closest(name, names)
    return f"did you mean “{close}”?" if close else f"known here are {', '.join(names)}"


def _close(chosen: str, choices: Sequence[str]) -> str:
    close = closest(chosen.lower(), choices)
    return f"; did you mean “{close}”?" if close else ""


def is_date(text: str) -> bool:
    """Whether ``text`` is a day that exists, as YYYY-MM-DD. Such texts sort as the days do."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
