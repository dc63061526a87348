"""Statements of a shell script: sequences, lists, and choices of which one side runs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import count, product
from typing import TYPE_CHECKING

from lintscale.code.shell_marks import is_known, unknown
from lintscale.code.shell_state import (
    MAYBE,
    NO,
    YES,
    Deeper,
    NotKnownError,
    Origin,
    State,
    join_states,
)
from lintscale.code.shell_tests import tested
from lintscale.code.shell_words import MOST_ALTERNATIVES, Pieces
from lintscale.model.invocations import Branch, Invocation

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_STEPS = 4_000
"""Commands of one script and of all that it runs; a longer one is not known."""

Handler = Callable[["Node", State, bool], str]
_SIMPLE = frozenset({"command", "declaration_command", "test_command", "variable_assignment"})


class Statements:
    """``found`` are the programs in order; ``written`` the files that the script makes.
    ``handlers`` run the kinds of nodes."""

    def __init__(self) -> None:
        self.handlers: Mapping[str, Handler] = {}
        self.found: list[Invocation] = []
        self.written: dict[str, str] = {}
        self.origin = Origin()
        self.depth = 0
        self._choices = count()
        self._steps = 0
        self.functions_left: list[list[State]] = []
        self.loops_left: list[list[State]] = []
        self.stdin: list[str] = []
        self.exits = 0

    # -- statements -------------------------------------------------------------------------------

    def sequence(self, nodes: Sequence[Node], state: State, background: bool) -> str:
        status = YES
        for index, node in enumerate(nodes):
            if state.ended:
                break
            if node.is_missing:
                self.give_up("a part of the script does not parse", state, background, node)
            if not node.is_named or node.type == "comment":
                continue
            if not background and index + 1 < len(nodes) and nodes[index + 1].type == "&":
                self.node(node, state.copy(), True)
                status = YES
            else:
                status = self.node(node, state, background)
        return status

    def node(self, node: Node, state: State, background: bool) -> str:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise NotKnownError
        with Deeper(self):
            kind = node.type
            handler = self.handlers.get(kind)
            if handler is None or (node.has_error and kind in _SIMPLE):
                self.give_up("a part of the script does not parse", state, background, node)
                return MAYBE
            return handler(node, state, background)

    def body(self, node: Node, state: State, background: bool) -> str:
        return self.sequence(node.children, state, background)

    def block(self, node: Node, state: State, background: bool) -> str:
        if node.children and node.children[0].type == "((":
            source = (node.text or b"").decode("utf-8", "replace")
            number = state.words.arithmetic(source[2:-2], node)
            return MAYBE if not is_known(number) else NO if number == "0" else YES
        return self.body(node, state, background)

    def subshell(self, node: Node, state: State, background: bool) -> str:
        return self.sequence(node.children, state.copy(), background)

    def redirected(self, node: Node, state: State, background: bool) -> str:
        from lintscale.code.shell_files import stdin_of, targets_of

        body = node.child_by_field_name("body")
        inputs, more = stdin_of(node, state.words)
        if body is None:
            return YES
        if body.type == "command":
            target = targets_of(node, state.words)
            before, self.stdin = self.stdin, inputs
            try:
                if target is not None:
                    self._writes(body, state, *target)
                status = self.node(body, state, background)
            finally:
                self.stdin = before
        else:
            status = self.node(body, state, background)
        for other in more:
            if not state.ended:
                status = self.node(other, state, background)
        return status

    def _writes(self, body: Node, state: State, path: str, appends: bool) -> None:
        from lintscale.code.shell_files import printed

        for argv in self.words_of(body, state)[:1]:
            text = printed(argv, self.stdin)
            path = posixpath.join(state.folder or "", path)
            if text is not None:
                self.written[path] = (self.written.get(path, "") if appends else "") + text
            else:
                self.written.pop(path, None)

    def words_of(self, node: Node, state: State) -> list[Pieces]:
        found: list[Pieces] = [()]
        for child in node.named_children:
            if child.type in ("variable_assignment", "comment") or child.type.endswith("redirect"):
                continue
            more = product(found, state.words.words(child))
            found = [(*a, *b) for a, b in more]
            if len(found) > MOST_ALTERNATIVES:
                first = found[0]
                found = [(*first[:-1], unknown((child.text or b"").decode("utf-8", "replace")))]
        return found

    def tested(self, node: Node, state: State, background: bool) -> str:
        return {True: YES, False: NO, None: MAYBE}[tested(state.words, node)]

    def pipeline(self, node: Node, state: State, background: bool) -> str:
        status = YES
        for child in node.named_children:
            status = self.node(child, state.copy(), background)
        return status

    def negated(self, node: Node, state: State, background: bool) -> str:
        status = self.sequence(node.children[1:], state, background)
        return {YES: NO, NO: YES}.get(status, MAYBE)

    def both(self, node: Node, state: State, background: bool) -> str:
        left, sign, right = _both(node)
        if left is None or right is None:
            self.give_up("a part of the script does not parse", state, background, node)
            return MAYBE
        first, inner, second = _both(left) if left.type == "list" else (None, "", None)
        if sign == "||" and inner == "&&" and first is not None and second is not None:
            # a && b || c: c where a is not true.
            status = self.node(first, state, background)
            if status == MAYBE and not state.ended:
                return self.choice(state, [
                    lambda own: self.node(second, own, background),
                    lambda own: self.node(right, own, background),
                ])  # fmt: skip
            if status != NO and not state.ended:
                status = self.node(second, state, background)
        else:
            status = self.node(left, state, background)
        if state.ended:
            return status

        def run(own: State) -> str:
            return self.node(right, own, background)

        if sign == "&&":
            if status == NO:
                return NO
            return run(state) if status != MAYBE else self.choice(state, [run, _nothing])
        if status == YES:
            return YES
        return run(state) if status == NO else self.choice(state, [_nothing, run])

    # -- choices ----------------------------------------------------------------------------------

    def choice(self, state: State, sides: Sequence[Callable[[State], str]]) -> str:
        choice = next(self._choices)
        copies = [state.copy(Branch(choice, side)) for side in range(len(sides))]
        for own, run in zip(copies, sides, strict=True):
            run(own)
        self._merge(state, copies)
        return MAYBE

    def _merge(self, state: State, copies: Sequence[State]) -> None:
        """What holds after the sides of a choice: of those that go on."""
        for each in copies:
            places = {"return": self.functions_left, "break": self.loops_left}.get(each.ended)
            if places:
                places[-1].append(each)
            elif each.ended == "exit":
                self.exits += 1
        alive = [each for each in copies if not each.ended]
        if not alive:
            state.ended = "exit"
            return
        expected = len(state.path) + 1
        if len(alive) < len(copies) or any(len(each.path) > expected for each in alive):
            state.path = min(alive, key=lambda each: len(each.path)).path
        join_states(state, alive)

    def if_(self, node: Node, state: State, background: bool) -> str:
        clauses = list(_clauses(node))
        if any(child.is_missing for child in node.children):
            self.give_up("a part of the script does not parse", state, background, node)
        return self._clauses(clauses, state, background)

    def _clauses(
        self, clauses: list[tuple[list[Node], list[Node]]], state: State, background: bool
    ) -> str:
        for index, (condition, body) in enumerate(clauses):
            status = self.sequence(condition, state, background) if condition else YES
            if state.ended:
                return status
            if status == YES:
                return self.sequence(body, state, background)
            if status != NO:
                rest = clauses[index + 1 :]
                return self._if_sides(body, rest, state, background)
        return YES

    def _if_sides(
        self,
        body: list[Node],
        rest: list[tuple[list[Node], list[Node]]],
        state: State,
        background: bool,
    ) -> str:
        """Of ``elif`` each is a side of one choice, as far as nothing is known of them."""
        sides: list[Callable[[State], str]] = [lambda own: self.sequence(body, own, background)]
        for condition, other in rest:
            status = self.sequence(condition, state, background) if condition else YES
            if status == NO:
                continue
            sides.append(lambda own, other=other: self.sequence(other, own, background))  # type: ignore[misc]
            if status == YES:
                return self.choice(state, sides)
        return self.choice(state, [*sides, _nothing])

    def case(self, node: Node, state: State, background: bool) -> str:
        value = node.child_by_field_name("value")
        items = [child for child in node.named_children if child.type == "case_item"]
        if value is None or any(child.is_missing for child in node.children):
            self.give_up("a part of the script does not parse", state, background, node)
            return MAYBE
        patterns = [self._patterns(item, state) for item in items]
        chosen: dict[int, None] = {}
        for text in state.words.text(value):
            if not is_known(text):
                last = next((i for i, own in enumerate(patterns) if "*" in own), len(items))
                chosen.update(dict.fromkeys(range(last + 1)))
                continue
            fits = [
                index
                for index, own in enumerate(patterns)
                if any(not is_known(p) or fnmatchcase(text, p) for p in own)
            ]
            chosen[fits[0] if fits else len(items)] = None
        sides = [
            _nothing
            if index == len(items)
            else (lambda own, item=items[index]: self._item(item, own, background))
            for index in chosen
        ]
        if len(sides) == 1:
            return sides[0](state)
        return self.choice(state, sides)

    def _patterns(self, item: Node, state: State) -> list[str]:
        found = []
        for index, child in enumerate(item.children):
            if item.field_name_for_child(index) == "value":
                found.append(state.words.text(child)[0])
            elif child.type == ")":
                break
        return found

    def _item(self, item: Node, state: State, background: bool) -> str:
        children = item.children
        at = next((i for i, child in enumerate(children) if child.type == ")"), len(children))
        if any(child.type in (";&", ";;&") for child in children):
            self.give_up("a case that falls through", state, background, item)
        return self.sequence(children[at + 1 :], state, background)

    def give_up(self, reason: str, state: State, background: bool, node: Node | None) -> None:
        where = self.origin.location(node)
        run = Invocation("", (), {}, background, "", state.path, where, reason)
        self.found.append(run)


def _both(node: Node) -> tuple[Node | None, str, Node | None]:
    named = [child for child in node.named_children if child.type != "comment"]
    signs = [child.type for child in node.children if child.type in ("&&", "||")]
    if len(named) != 2 or len(signs) != 1 or node.children[-1].is_missing:
        return None, "", None
    return named[0], signs[0], named[1]


def _clauses(node: Node) -> Iterator[tuple[list[Node], list[Node]]]:
    """The conditions and bodies of ``if``, ``elif`` and ``else``; else's condition is empty."""
    for clause in (node, *(c for c in node.children if c.type in ("elif_clause", "else_clause"))):
        inner = [c for c in clause.children if c.type not in ("elif_clause", "else_clause")]
        at = next((i for i, child in enumerate(inner) if child.type == "then"), -1)
        if clause.type == "else_clause":
            yield [], inner[1:]
        else:
            yield inner[1:at] if at > 0 else [], inner[at + 1 :]


def _nothing(state: State) -> str:
    return YES
