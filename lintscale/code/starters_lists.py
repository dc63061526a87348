"""What starts programs by a list: make, supervisord, Procfile managers."""

from __future__ import annotations

import configparser
import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lintscale.code.as_shell import source
from lintscale.code.images import read_procfile
from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_state import Part, ScriptFile
from lintscale.model.invocations import Invocation
from lintscale.model.location import Location, Span
from lintscale.syntax.grammars import parse
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_PROCESSES = 200
_SUPERVISOR_FILES = (
    "supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
)  # fmt: skip
_EXPRESSION = regex(r"%\(ENV_([A-Za-z_]\w*)\)s")


# -- make -----------------------------------------------------------------------------------------


def make(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """gnu.org/software/make/manual: the recipes of the goals, those that they need first."""
    inside = run.option("-C", "--directory")
    folder = posixpath.join(folder, inside) if inside else folder
    named = run.option("-f", "--file", "--makefile")
    names = [named] if named else ["GNUmakefile", "makefile", "Makefile"]
    found = next((f for name in names if (f := project.script(name, folder)) is not None), None)
    root = parse("make", found.text.encode("utf-8", "replace")) if found is not None else None
    if found is None or root is None:
        return None
    makefile = _Makefile(found, root, folder)
    goals = []
    skip = False
    for word in run.arguments:
        if skip or word in ("-C", "-f", "-j", "--directory", "--file", "--makefile"):
            skip = not skip and word != "-j"
        elif "=" in word and not word.startswith("-"):
            name, _, value = word.partition("=")
            makefile.variables[name] = value
            makefile.given.add(name)
        elif not word.startswith("-"):
            goals.append(word)
    goals = goals or makefile.first
    parts = [part for goal in goals for part in makefile.parts_of(goal, set())]
    return parts or None


class _Makefile:
    def __init__(self, file: ScriptFile, root: Node, folder: str) -> None:
        self.file, self.folder = file, folder
        self.variables: dict[str, str] = {}
        self.given: set[str] = set()
        self.unsure: set[str] = set()
        self.rules: dict[str, list[Node]] = {}
        self.first: list[str] = []
        for node in root.named_children:
            self._read(node)

    def _read(self, node: Node) -> None:
        if node.type == "export_directive":
            for inner in node.named_children:
                self._read(inner)
        elif node.type == "variable_assignment":
            self._assign(node)
        elif node.type == "conditional":
            self._hide(node)
        elif node.type == "rule":
            self._rule(node)

    def _assign(self, node: Node) -> None:
        name = source(node.child_by_field_name("name"))
        sign = source(node.child_by_field_name("operator"))
        value = source(node.child_by_field_name("value")).strip()
        if sign == "?=":
            # Of the environment, where that has it.
            self.variables.setdefault(name, f"\0{name}\0{value}")
        elif sign in ("=", ":=", "::=") and name not in self.unsure:
            self.variables[name] = value
        else:
            self.unsure.add(name)

    def _hide(self, node: Node) -> None:
        """What only some runs set is not known."""
        pending = list(node.named_children)
        while pending:
            inner = pending.pop()
            if inner.type == "variable_assignment":
                self.unsure.add(source(inner.child_by_field_name("name")))
            pending.extend(inner.named_children)

    def _rule(self, node: Node) -> None:
        targets = next((child for child in node.named_children if child.type == "targets"), None)
        names = [source(child) for child in targets.named_children] if targets else []
        for name in names:
            self.rules.setdefault(name, []).append(node)
        if names and not names[0].startswith(".") and "%" not in names[0] and not self.first:
            self.first = names[:1]
        for child in node.named_children:
            for inner in child.named_children if child.type == "recipe" else ():
                if inner.type == "conditional":
                    # The grammar hands a rule the conditional behind it.
                    self._hide(inner)

    def parts_of(self, goal: str, seen: set[str]) -> Iterator[Part]:
        if goal in seen or len(seen) > _MOST_PROCESSES:
            return
        seen.add(goal)
        rules = self.rules.get(goal, [])
        for rule in rules:
            needed = rule.child_by_field_name("normal")
            for name in needed.named_children if needed is not None else ():
                yield from self.parts_of(source(name), seen)
        for rule in rules:
            recipe = next((c for c in rule.named_children if c.type == "recipe"), None)
            for line in recipe.named_children if recipe is not None else ():
                number = line.start_point[0] + 1
                where = Location(self.file.name, Span(number, 1, number, 2))
                if line.type == "conditional":
                    if b"shell_text" in str(line).encode():
                        yield Part("", self.folder, where, unknown="a recipe with conditions")
                elif line.type == "recipe_line":
                    text = source(line).lstrip("@-+ \t")
                    yield Part(self._filled_in(text, goal), self.folder, where)

    def _filled_in(self, text: str, goal: str, depth: int = 0) -> str:
        """``$(X)`` by the variables of the makefile; those of the environment for the shell."""

        def value(match: re.Match[str]) -> str:
            if match[0] == "$$":
                return "$"
            name = match[1] or match[2] or match[3]
            if name == "@":
                return goal
            if name in self.unsure and name not in self.given:
                return "$(not-known)"
            if name in ("MAKE",):
                return "make"
            written = self.variables.get(name)
            if written is None:
                return f"${{{name}}}" if name.isidentifier() else "$(not-known)"
            if written.startswith("\0"):
                _, own, default = written.split("\0")
                return f"${{{own}:-{self._filled_in(default, goal, depth + 1)}}}"
            return self._filled_in(written, goal, depth + 1) if depth < 8 else "$(not-known)"

        return _REFERENCE.sub(value, text)


_REFERENCE = regex(r"\$\$|\$\(([^()]*)\)|\$\{([^{}]*)\}|\$([@<^*?A-Za-z_])")


# -- supervisord ----------------------------------------------------------------------------------


def supervisord(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """supervisord.org/configuration.html (4.3): all programs side by side, numprocs of each."""
    named = run.option("-c", "--configuration")
    names = [named] if named else list(_SUPERVISOR_FILES)
    found = [f for name in names if (f := project.script(name, folder)) is not None][:1]
    if not found:
        # The file that Debian's package brings includes these.
        found = project.matching("/etc/supervisor/conf.d/*.conf", folder)
    return [part for file in found for part in _programs(project, file, folder, 0)] or None


def _programs(project: ProjectFiles, file: ScriptFile, folder: str, depth: int) -> Iterator[Part]:
    parser = configparser.RawConfigParser(
        inline_comment_prefixes=(" ;", "\t;"), strict=False, allow_no_value=True
    )
    try:
        parser.read_string(file.text)
    except configparser.Error:
        yield Part("", folder, unknown=f"{file.name} not read")
        return
    for name in parser.sections():
        section = parser[name]
        if name == "include" and depth < 3:
            for each in (section.get("files") or "").split():
                for inner in project.matching(each, folder):
                    yield from _programs(project, inner, folder, depth + 1)
        command = section.get("command") if name.startswith("program:") else None
        if not command or (section.get("autostart") or "").lower() in ("false", "no", "0", "off"):
            continue
        count = (section.get("numprocs") or "1").strip()
        line = _line_of(file.text, name)
        where = Location(file.name, Span(line, 1, line, len(name) + 3))
        settings = tuple(_settings(section.get("environment") or ""))
        own = posixpath.join(folder, section.get("directory") or "")
        text = _EXPRESSION.sub(r"${\1}", command)
        text = text.replace("%(program_name)s", name.partition(":")[2]).replace("%%", "%")
        if not count.isdigit() or int(count) > _MOST_PROCESSES:
            yield Part("", folder, where, unknown="numprocs not known")
            continue
        for number in range(int(count)):
            each = text.replace("%(process_num)s", str(number))
            each = re.sub(r"%\(process_num\)0?(\d*)d", str(number), each)
            yield Part(each, own.rstrip("/") or "/", where, True, settings)


def _line_of(text: str, section: str) -> int:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip().startswith(f"[{section}]"):
            return number
    return 1


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """``A="1",B="2"``."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=",")
    lexer.whitespace_split = True
    try:
        for word in lexer:
            name, sign, value = word.partition("=")
            if sign:
                yield name, value
    except ValueError:
        return


# -- Procfile -------------------------------------------------------------------------------------


def procfile(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """honcho, foreman, overmind, hivemind and goreman: the processes of the Procfile side by side
    (honcho.readthedocs.io, ddollar.github.io/foreman)."""
    words = [word for word in run.arguments if not word.startswith("-")]
    named = run.option("-f", "--procfile")
    words = [word for word in words if word != named]
    counts = dict(_formation(run.option("-m", "-c", "--formation", "--concurrency") or ""))
    if run.program not in ("hivemind",):
        if words[:1] == ["run"]:
            return None
        words = words[1:] if words[:1] in (["start"], ["s"]) else words
    formation = run.option("-m", "-c", "--formation", "--concurrency")
    chosen = [word for word in words if word != formation and "=" not in word]
    found = project.script(named or "Procfile", folder)
    if found is None:
        return None
    parts = []
    for name, command in read_procfile(found.name, found.text).items():
        if chosen and name not in chosen:
            continue
        number = counts.get(name, counts.get("all", 1))
        part = Part(command.value or "", folder, command.location, True)
        parts += [part] * min(number, _MOST_PROCESSES)
    return parts or None


def _formation(text: str) -> Iterator[tuple[str, int]]:
    for part in text.split(","):
        name, sign, count = part.partition("=")
        if sign and count.strip().isdigit():
            yield name.strip(), int(count)
