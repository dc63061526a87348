"""Texts as people write them, made at random: layouts, comments, quotes, anchors."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from lintscale.syntax.document import Format

KEYS = ("minReplicas", "maxReplicas", "name", "plan", "region", "scaling", "env vars", "a", "on")
NEW_KEYS = (*KEYS, "replicas", "minInstances", "drainingSeconds")
VALUES = (0, 7, 30, True, False, "commit", "off", "apps/v1", "2")
_LEAVES = (
    0, 1, 9, 30, -1, True, False, "web", "500m", "25%", "yes", "1",
    "it's", 'say "hi"', "a # b", "a: b", "",
)  # fmt: skip


def text(random: Random, form: Format) -> str:
    """A text in one of the formats, with any ends of lines, and with or without the last."""
    many = random.choice((1, 2)) if form == "yaml" else 1
    return laid_out(random, form, [_mapping(random) for _ in range(many)])


def laid_out(
    random: Random, form: Format, documents: list[dict[str, Any]], *, aliases: bool = True
) -> str:
    """These documents in any layout; with ``aliases`` parts of them stand for others as well."""
    if form == "json":
        made = _Json(random).written(documents[0]) + "\n"
    elif form == "toml":
        made = _Toml(random).written(documents[0])
    else:
        made = "---\n".join(_Yaml(random, aliases).written(each) for each in documents)
    if random.random() < 0.3:
        made = made.rstrip("\n")
    return made.replace("\n", random.choice(["\n", "\n", "\r\n"]))


def _mapping(random: Random, depth: int = 0) -> dict[str, Any]:
    keys = random.sample(KEYS, random.randint(0 if depth else 1, 4))
    return {key: _value(random, depth + 1) for key in keys}


def _value(random: Random, depth: int) -> Any:
    kind = random.random() if depth < 4 else 0
    if kind > 0.75:
        return _mapping(random, depth)
    if kind > 0.6:
        return [_value(random, depth + 1) for _ in range(random.randint(0, 3))]
    return random.choice(_LEAVES)


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, one_in: int) -> bool:
        return self.random.random() < 1 / one_in

    def comment(self, mark: str = "#") -> str:
        return f'  {mark} as agreed, see "a": {{b}}' if self.chance(6) else ""


class _Yaml(_Writer):
    def __init__(self, random: Random, aliases: bool) -> None:
        super().__init__(random)
        self.aliases = aliases
        self.step = random.choice([2, 2, 4])
        self.anchors: list[tuple[str, bool]] = []
        self.count = 0

    def written(self, data: dict[str, Any]) -> str:
        return "\n".join([*(["# of all"] if self.chance(4) else []), *self.block(data, 0)]) + "\n"

    def block(self, data: Any, indent: int) -> list[str]:
        """The lines of a collection that is not empty."""
        lines: list[str] = []
        before = " " * indent
        entries = data.items() if isinstance(data, dict) else [("", item) for item in data]
        mappings = [name for name, is_mapping in self.anchors if is_mapping]
        if isinstance(data, dict) and mappings and self.chance(3):
            lines.append(f"{before}<<: *{self.random.choice(mappings)}")
        for key, value in entries:
            if self.chance(8):
                lines.append(self.random.choice(["", f"{before}# of the next", "# left"]))
            start = f"{before}{self.key(key)}:" if isinstance(data, dict) else f"{before}-"
            lines += self.entry(start, value, indent, in_list=not isinstance(data, dict))
        return lines

    def entry(self, start: str, value: Any, indent: int, *, in_list: bool) -> list[str]:
        if self.anchors and self.chance(8):
            return [f"{start} *{self.random.choice(self.anchors)[0]}{self.comment()}"]
        is_block = isinstance(value, (dict, list)) and bool(value) and not self.chance(3)
        anchor = ""
        if self.aliases and self.chance(6):
            self.count += 1
            anchor = f" &x{self.count}"
        if not is_block:
            lines = [f"{start}{anchor} {self.flow(value)}{self.comment()}"]
            if isinstance(value, str) and value.isalnum() and self.chance(4):
                header = self.random.choice(["|", "|-", "|+", ">"])
                lines = [f"{start}{anchor} {header}", " " * (indent + 6) + value]
                lines += [""] * self.random.randint(0, 2)
        else:
            below = self.block(value, indent + self.step)
            if in_list and not anchor and below[0].startswith(" " * (indent + self.step)):
                gap = " " * (self.step - 1)
                lines = [f"{start}{gap}{below[0].lstrip()}", *below[1:]]
            else:
                lines = [f"{start}{anchor}{self.comment()}", *below]
        if anchor:
            self.anchors.append((anchor[2:], isinstance(value, dict)))
        return lines

    def key(self, key: str) -> str:
        if key == "on" or self.chance(8):
            return json.dumps(key) if self.chance(2) else f"'{key}'"
        return key

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            parts = [f"{self.key(key)}: {self.flow(below)}" for key, below in value.items()]
            space = " " if parts and self.chance(3) else ""
            return f"{{{space}{', '.join(parts)}{',' if parts and self.chance(9) else ''}{space}}}"
        if isinstance(value, list):
            return f"[{', '.join(self.flow(item) for item in value)}]"
        if isinstance(value, str):
            if value.isalpha() and value != "yes" and self.chance(2):
                return value
            quoted = "'" + value.replace("'", "''") + "'"
            return json.dumps(value) if self.chance(2) else quoted
        return json.dumps(value)


class _Json(_Writer):
    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.indent = random.choice(["  ", "    ", "\t"])
        self.colon = random.choice([": ", ": ", ":", " : "])
        self.has_comments = self.chance(3)
        self.ends_with_comma = self.chance(5)

    def written(self, value: Any, before: str = "") -> str:
        if not isinstance(value, (dict, list)):
            return json.dumps(value)
        inner = before + self.indent
        if isinstance(value, dict):
            parts = [
                f"{json.dumps(key)}{self.colon}{self.written(below, inner)}"
                for key, below in value.items()
            ]
        else:
            parts = [self.written(below, inner) for below in value]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not parts or self.chance(3):
            return opening + (", " if self.chance(2) else ",").join(parts) + closing
        lines = []
        for number, part in enumerate(parts):
            if self.has_comments and self.chance(5):
                lines.append(f"{inner}// of the next")
            comma = "," if number < len(parts) - 1 or self.ends_with_comma else ""
            comment = self.comment("//") if self.has_comments else ""
            lines.append(f"{inner}{part}{comma}{comment}")
        return "\n".join([opening, *lines, f"{before}{closing}"])


class _Toml(_Writer):
    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.equals = random.choice([" = ", " = ", "=", "  = "])

    def written(self, data: dict[str, Any]) -> str:
        return "\n".join(self.table(data, "")) + "\n"

    def table(self, data: dict[str, Any], above: str) -> list[str]:
        lines: list[str] = []
        later: list[str] = []
        for key, value in data.items():
            name = self.key(key)
            if self.chance(8):
                lines.append("# of the next")
            if isinstance(value, dict) and self.chance(2):
                head = f"{above}.{name}".removeprefix(".")
                later += ["", f"[{head}]{self.comment()}", *self.table(value, head)]
            elif isinstance(value, dict) and value and self.chance(2):
                lines += [
                    f"{name}.{self.key(key)}{self.equals}{self.inline(below)}{self.comment()}"
                    for key, below in value.items()
                ]
            else:
                lines.append(f"{name}{self.equals}{self.inline(value)}{self.comment()}")
        return [*lines, *later]

    def key(self, key: str) -> str:
        return json.dumps(key) if " " in key or self.chance(8) else key

    def inline(self, value: Any) -> str:
        if isinstance(value, dict):
            parts = [f"{self.key(key)} = {self.inline(below)}" for key, below in value.items()]
            return f"{{ {', '.join(parts)} }}" if parts else "{}"
        if isinstance(value, list):
            items = [self.inline(item) for item in value]
            many = "[\n  " + ",\n  ".join(items) + ",\n]" if items and self.chance(3) else ""
            return many or f"[{', '.join(items)}]"
        if isinstance(value, str) and "'" not in value and self.chance(3):
            return f"'{value}'"
        return json.dumps(value)
