"""Which programs a shell script runs, read by the grammar of the shell.

A script is followed as a shell would: variables, functions, loops over known lists, other scripts.
Where a condition is not known both sides are followed, as sides of a choice. Nothing is run. What
does not parse, and what goes on for too long, is an invocation that is not known.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lintscale.code.plain import plain_words
from lintscale.code.shell_loops import Loops
from lintscale.code.shell_marks import is_known, unknown, unmarked
from lintscale.code.shell_state import (
    ASSUMED,
    MAYBE,
    NO,
    YES,
    Deeper,
    NotKnownError,
    Origin,
    Part,
    Project,
    ScriptFile,
    State,
)
from lintscale.code.shell_tests import holds
from lintscale.code.shell_words import Expander, Pieces
from lintscale.code.wrappers import Command, unwrapped
from lintscale.model.invocations import Invocation
from lintscale.syntax.grammars import parse
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

_ASKING = frozenset({"grep", "which", "type", "id", "pgrep", "curl", "stat"})
"""Programs that are run for their answer."""

_MOST_FOLLOWED = 8
_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_MOST_HEREDOCS = 200
"""The grammar looks for the end of each to the end of the text."""

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_SHEBANG = regex(r"#![^\n]*\b(?:sh|bash|ash|dash|zsh|ksh)\b")


class Interpreter(Loops):
    """``environment`` are the variables that the script is started with; None: set, to something
    that is not known."""

    def __init__(
        self, environment: Mapping[str, str | None], project: Project | None = None
    ) -> None:
        super().__init__()
        self.environment = environment
        self.project = project
        self._followed: list[tuple[str, Pieces]] = []
        self.handlers = {
            "program": self.body,
            "do_group": self.body,
            "compound_statement": self.block,
            "subshell": self.subshell,
            "redirected_statement": self.redirected,
            "pipeline": self.pipeline,
            "negated_command": self.negated,
            "list": self.both,
            "if_statement": self.if_,
            "case_statement": self.case,
            "for_statement": self.for_,
            "c_style_for_statement": self.c_style_for,
            "while_statement": self.while_,
            "function_definition": self.function,
            "variable_assignment": self.assigned,
            "variable_assignments": self.assigned,
            "declaration_command": self.declared,
            "unset_command": self.unset,
            "test_command": self.tested,
            "command": self._simple,
        }

    def start(self, text: str, folder: str = "", arguments: Pieces = ()) -> tuple[Invocation, ...]:
        state = State(Expander(self.environment), folder)
        state.words.arguments = (arguments,)
        try:
            self._text(text, state, False)
        except NotKnownError:
            self.found = [Invocation("", unknown="script too long to be followed")]
        except RecursionError:
            self.found = [Invocation("", unknown="script nested too deeply")]
        return tuple(self.found)

    # -- texts ------------------------------------------------------------------------------------

    def _text(self, text: str, state: State, background: bool) -> str:
        plain = plain_words(text, state.words.values)
        if plain is not None and not any(words[0] in state.functions for words in plain):
            status = ASSUMED
            for words in plain:
                status = self._command(words, {}, state, background, None)
            return status
        is_hostile = text.count("<<") > _MOST_HEREDOCS
        root = None if is_hostile else parse("bash", text.encode("utf-8", "replace"))
        if root is None:
            self.give_up("script not read", state, background, None)
            return MAYBE
        return self.sequence(root.children, state, background)

    def _elsewhere(
        self, text: str, origin: Origin, state: State, arguments: Pieces, background: bool
    ) -> None:
        """A script in a shell of its own."""
        own = state.copy()
        own.functions = {}
        own.words.arguments = (arguments,)
        own.words.variables = {
            name: values
            for name, values in own.words.variables.items()
            if name in own.exported or name in self.environment
        }
        before, self.origin = self.origin, origin
        try:
            with Deeper(self):
                self._text(text, own, background)
        finally:
            self.origin = before

    # -- commands ---------------------------------------------------------------------------------

    def _simple(self, node: Node, state: State, background: bool) -> str:
        settings: dict[str, str] = {}
        for child in node.named_children:
            if child.type == "variable_assignment":
                own = state.copy()
                name = self.assign(child, own)
                values = own.words.variables[name]
                text = values[0] if len(values) == 1 else None
                settings[name] = unknown(f"${name}") if text is None else text
            elif child.type == "herestring_redirect" and child.named_children:
                self.stdin = state.words.text(child.named_children[-1])[:1]
        alternatives = self.words_of(node, state)
        if len(alternatives) == 1:
            return self._command(list(alternatives[0]), settings, state, background, node)
        return self.choice(state, [
            lambda own, words=words: self._command(list(words), settings, own, background, node)  # type: ignore[misc]
            for words in alternatives
        ])  # fmt: skip

    def _command(
        self,
        words: list[str],
        settings: dict[str, str],
        state: State,
        background: bool,
        node: Node | None,
    ) -> str:
        if not words:
            return YES
        name, rest = words[0], words[1:]
        if name in state.functions:
            return self.call(state.functions[name], tuple(rest), state, background)
        status = self._builtin(name, rest, state, background)
        if status is not None:
            return status
        if name == "command" and rest[:1] in (["-v"], ["-V"]):
            return MAYBE
        command = unwrapped(words, settings)
        if command.words:
            self._program(command, state, background, node)
        if name == "exec" and command.words:
            state.ended = "exit"
        return MAYBE if name in _ASKING else ASSUMED

    def _builtin(self, name: str, rest: list[str], state: State, background: bool) -> str | None:
        if name in ("true", ":", "trap", "wait", "umask", "ulimit", "shopt", "alias", "hash"):
            return YES if name in ("true", ":") or background else None
        if name == "false":
            return NO
        if name in ("exit", "return", "break", "continue"):
            state.ended = {"continue": "break"}.get(name, name)
            if name == "return" and not self.functions_left:
                state.ended = "exit"
            return YES
        if name in ("test", "["):
            words = rest[:-1] if name == "[" else rest
            return {True: YES, False: NO, None: MAYBE}[holds([(word,) for word in words])]
        if name == "set":
            if "--" in rest:
                state.words.arguments = (tuple(rest[rest.index("--") + 1 :]),)
            elif rest and rest[0][:1] not in ("-", "+"):
                state.words.arguments = (tuple(rest),)
            return YES
        if name == "shift":
            number = int(rest[0]) if rest and rest[0].isdigit() else 1
            state.words.arguments = tuple(a and a[number:] for a in state.words.arguments)
            return YES
        if name == "cd":
            to = rest[0] if rest else "~"
            known = is_known(to) and not to.startswith(("~", "-")) and state.folder is not None
            state.folder = (
                posixpath.normpath(posixpath.join(state.folder or "", to)) if known else None
            )
            if state.folder == ".":
                state.folder = ""
            self._emit(Command([name, *rest], {}), state, background, None)
            return YES
        if name == "let":
            return MAYBE if [state.words.arithmetic(each) for each in rest] else YES
        if name in ("read", "getopts", "mapfile"):
            for word in rest:
                if word.isidentifier():
                    state.words.variables[word] = (unknown(f"${word}"),)
            return MAYBE
        if name == "eval":
            text = " ".join(rest)
            if unmarked(text).lstrip().startswith(("$(", "`")):
                # What a tool prints for the shell are variables: eval "$(direnv export bash)".
                return MAYBE
            if not is_known(text):
                self.give_up("eval of what is not known", state, background, None)
                return MAYBE
            with Deeper(self, 3):
                return self._text(text, state, background)
        if name in ("source", "."):
            return self._sourced(rest, state, background)
        return None

    def _sourced(self, rest: list[str], state: State, background: bool) -> str:
        found = self._file(rest[0], state) if rest else None
        if found is None or len(self._followed) >= _MOST_FOLLOWED:
            return ASSUMED
        key = (found.name, tuple(rest))
        if key in self._followed:
            return ASSUMED
        before, self.origin = self.origin, Origin(found.name, line=found.line)
        path, exits = state.path, self.exits
        self._followed.append(key)
        self.functions_left.append([])
        with Deeper(self, 3):
            status = self._text(found.text, state, background)
        self._followed.pop()
        self.origin = before
        self.left(state, self.functions_left.pop(), path, exits)
        return status

    # -- programs ---------------------------------------------------------------------------------

    def _program(self, command: Command, state: State, background: bool, node: Node | None) -> None:
        words = command.words
        base = words[0].rpartition("/")[2].lower()
        if base in _SHELLS:
            script = _script(words[1:])
            if script is not None:
                text, name, arguments = script
                own = self._with(command, state)
                own.words.name = name or base
                if is_known(text):
                    self._elsewhere(text, self._at(node), own, arguments, background)
                    return
            else:
                operands = _operands(words[1:])
                if not operands and self.stdin:
                    text = self.stdin[0]
                    self._elsewhere(
                        text, self._at(node), self._with(command, state), (), background
                    )
                    return
                if operands and self._follow(operands, command, state, background, any_text=True):
                    return
        elif base in ("su", "runuser") and "-c" in words[1:-1]:
            text = words[words.index("-c") + 1]
            if is_known(text):
                own = self._with(command, state)
                self._elsewhere(text, self._at(node), own, (), background)
                return
        elif ("/" in words[0] or words[0].endswith(".sh")) and self._follow(
            words, command, state, background, any_text=False
        ):
            return
        elif "/" not in words[0] and self.project is not None:
            for folder in _PATH:
                inside = [f"{folder}/{words[0]}", *words[1:]]
                if self._follow(inside, command, state, background, any_text=False):
                    return
        self._emit(command, state, background, node)

    def _at(self, node: Node | None) -> Origin:
        """For a text within a command: its lines are those of the command."""
        where = self.origin.location(node)
        return Origin(where.file, where) if where is not None else Origin()

    def _with(self, command: Command, state: State) -> State:
        own = state.copy()
        for name, value in command.settings.items():
            own.words.variables[name] = (value,)
        own.exported |= frozenset(command.settings)
        return own

    def _follow(
        self,
        words: Sequence[str],
        command: Command,
        state: State,
        background: bool,
        *,
        any_text: bool,
    ) -> bool:
        found = self._file(words[0], state)
        if found is None or (not any_text and not _is_shell(found.text)):
            return False
        settings = sorted({**_exported(state), **command.settings}.items())
        key = (f"{found.name}:{found.line}:{words[0]}:{settings}", tuple(words[1:]))
        if key in self._followed or len(self._followed) >= _MOST_FOLLOWED:
            self.give_up("scripts that run one another", state, background, None)
            return True
        own = self._with(command, state)
        own.words.name = words[0]
        origin = Origin(found.name, line=found.line)
        self._followed.append(key)
        self._elsewhere(found.text, origin, own, tuple(words[1:]), background)
        self._followed.pop()
        return True

    def _file(self, path: str, state: State) -> ScriptFile | None:
        if state.folder is None or not is_known(path):
            return None
        own = posixpath.normpath(posixpath.join(state.folder, path))
        if own in self.written:
            return ScriptFile("", self.written[own])
        return self.project.script(path, state.folder) if self.project is not None else None

    def _emit(self, command: Command, state: State, background: bool, node: Node | None) -> None:
        settings = _exported(state)
        settings.update((name, unmarked(value)) for name, value in command.settings.items())
        program, arguments, module = command.program
        reason = self.uncertain if background else ""
        run = Invocation(
            unmarked(program), tuple(map(unmarked, arguments)), settings, background, module,
            state.path, self.origin.location(node), reason,
        )  # fmt: skip
        parts = None
        if self.project is not None and state.folder is not None and program != "cd":
            key = (f"{state.folder}\0{program}", tuple(arguments))
            if key not in self._followed and len(self._followed) < _MOST_FOLLOWED:
                parts = self.project.started(run, state.folder)
            if parts is not None:
                self._followed.append(key)
                self._parts(parts, self._with(command, state), background)
                self._followed.pop()
                return
        self.found.append(run)

    def _parts(self, parts: list[Part], state: State, background: bool) -> None:
        for part in parts:
            own = state.copy()
            own.folder = part.folder
            for name, value in part.settings:
                own.words.variables[name] = (value,)
            own.exported |= frozenset(name for name, _ in part.settings)
            if part.folder != state.folder:
                self._emit(Command(["cd", part.folder or "."], {}), own, background, None)
            if part.unknown:
                self.give_up(part.unknown, own, background, None)
                continue
            origin = Origin(part.location.file, part.location) if part.location else Origin()
            self._elsewhere(part.text, origin, own, (), background or part.background)


def _exported(state: State) -> dict[str, str]:
    return {
        name: unmarked(values[0]) if len(values) == 1 and values[0] is not None else f"${name}"
        for name, values in state.words.variables.items()
        if name in state.exported or (name in state.words.environment and values != (None,))
    }


def _script(arguments: Sequence[str]) -> tuple[str, str, Pieces] | None:
    """What ``sh -c`` (or -lc, -ec, -euxo pipefail -c) runs, with its name and its arguments."""
    for index, argument in enumerate(arguments):
        if argument[:1] == "-" and argument[1:].isalpha() and argument.endswith("c"):
            rest = [each for each in arguments[index + 1 :] if each != "--"]
            return (rest[0], rest[1] if len(rest) > 1 else "", tuple(rest[2:])) if rest else None
        if argument[:1] not in ("-", "+") and arguments[index - 1][-1:] != "o":
            return None
    return None


def _operands(arguments: Sequence[str]) -> list[str]:
    """The script file of a shell and its arguments."""
    index = 0
    while index < len(arguments) and arguments[index][:1] in ("-", "+"):
        if arguments[index] == "-s":
            return []
        index += 2 if arguments[index] in ("-o", "+o", "-O", "--rcfile", "--init-file") else 1
    return list(arguments[index:])


def _is_shell(text: str) -> bool:
    return _SHEBANG.match(text) is not None or (
        not text.startswith("#!") and "\0" not in text[:200]
    )
