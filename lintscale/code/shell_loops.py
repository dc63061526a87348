"""Loops, functions and assignments of a shell script."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from lintscale.code.shell_marks import is_known, unknown
from lintscale.code.shell_state import MAYBE, NO, YES, Deeper, State, join_states
from lintscale.code.shell_statements import Statements
from lintscale.code.shell_words import MOST_ALTERNATIVES, Pieces
from lintscale.model.invocations import Branch

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_ROUNDS = 64
_ALWAYS = ([b"true"], [b":"], [b"[ 1 ]"], [b"[ true ]"], [b"false"])


class Loops(Statements):
    """``uncertain`` is why it is not known how often the commands at hand run."""

    def __init__(self) -> None:
        super().__init__()
        self.uncertain = ""

    # -- loops ------------------------------------------------------------------------------------

    def for_(self, node: Node, state: State, background: bool) -> str:
        body, variable = node.child_by_field_name("body"), node.child_by_field_name("variable")
        if body is None or variable is None:
            self.give_up("a part of the script does not parse", state, background, node)
            return MAYBE
        lists: list[Pieces] = [()]
        values = [
            child
            for index, child in enumerate(node.children)
            if node.field_name_for_child(index) == "value"
        ]
        for child in values:
            found = product(lists, state.words.words(child))
            lists = [(*a, *b) for a, b in found][:MOST_ALTERNATIVES]
        if not values and not any(child.type == "in" for child in node.children):
            lists = [each or () for each in state.words.arguments]
        name = (variable.text or b"").decode()
        rounds = lists[0]
        is_select = node.children[0].type == "select"
        if len(lists) > 1 or len(rounds) > _MOST_ROUNDS or not all(map(is_known, rounds)):
            rounds = (unknown(f"${name}"),)
            is_select = True
        for value in rounds[:1] if is_select else rounds:
            state.words.variables[name] = (value,)
            self._round(body, state, background, uncertain=is_select)
            if state.ended:
                break
        return YES

    def c_style_for(self, node: Node, state: State, background: bool) -> str:
        body, condition = node.child_by_field_name("body"), node.child_by_field_name("condition")
        first, update = node.child_by_field_name("initializer"), node.child_by_field_name("update")
        if body is None:
            return MAYBE
        if first is not None:
            state.words.arithmetic((first.text or b"").decode())
        for turn in range(_MOST_ROUNDS + 1):
            text = (condition.text or b"").decode() if condition is not None else ""
            number = state.words.arithmetic(text) if text else unknown(text)
            if number == "0" or state.ended:
                break
            uncertain = not is_known(number) or turn == _MOST_ROUNDS
            self._round(body, state, background, uncertain=uncertain)
            if uncertain or update is None:
                break
            state.words.arithmetic((update.text or b"").decode())
        return YES

    def while_(self, node: Node, state: State, background: bool) -> str:
        body = node.child_by_field_name("body")
        condition = [
            child
            for index, child in enumerate(node.children)
            if node.field_name_for_child(index) == "condition"
        ]
        if body is None:
            return MAYBE
        until = node.children[0].type == "until"
        forever = [(child.text or b"") for child in condition if child.is_named] in _ALWAYS
        for turn in range(_MOST_ROUNDS):
            status = self.sequence(condition, state, background)
            if status == (YES if until else NO) or state.ended:
                return YES
            known = status in (YES, NO) and not forever
            before = len(self.loops_left)
            left = self._round(body, state, background, uncertain=not known)
            assert before == len(self.loops_left)  # noqa: S101 - each round takes its own away
            if left or not known:
                break
            if turn == _MOST_ROUNDS - 1:
                self.give_up("in a loop that goes on for long", state, background, node)
        if forever and not left and not state.ended:
            state.ended = "exit"
        return YES

    def _round(self, body: Node, state: State, background: bool, *, uncertain: bool) -> bool:
        """One round of a loop; whether anything leaves the loop. ``uncertain``: nobody knows how
        many such rounds there are."""
        self.loops_left.append([])
        before, path, exits = self.uncertain, state.path, self.exits
        if uncertain:
            self.uncertain = "in a loop whose number of rounds is not known"
        self.node(body, state, background)
        self.uncertain = before
        left = self.loops_left.pop()
        if state.ended == "break":
            state.ended = ""
            return True
        if left:
            self.resume(state, left, path if exits == self.exits else None)
        return bool(left)

    def resume(self, state: State, left: list[State], path: tuple[Branch, ...] | None) -> None:
        """What holds behind a loop or a function that some sides of choices left early: ``path``
        again, unless sides ended with the script (None)."""
        alive = [*([] if state.ended else [state.copy()]), *left]
        if path is None:
            path = min((each.path for each in alive), key=len)
        state.ended, state.path = "", path
        for each in alive:
            each.ended = ""
        join_states(state, alive)

    def left(
        self, state: State, pending: list[State], path: tuple[Branch, ...], exits: int
    ) -> None:
        """What holds behind a function or a script that ``return`` may have left."""
        if pending:
            self.resume(state, pending, path if exits == self.exits else None)
        elif state.ended == "return":
            state.ended = ""

    # -- functions and assignments ----------------------------------------------------------------

    def function(self, node: Node, state: State, background: bool) -> str:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            state.functions[(name.text or b"").decode("utf-8", "replace")] = body
        return YES

    def call(self, body: Node, arguments: Pieces, state: State, background: bool) -> str:
        before, path, exits = state.words.arguments, state.path, self.exits
        state.words.arguments = (arguments,)
        self.functions_left.append([])
        with Deeper(self, 3):
            status = self.node(body, state, background)
        self.left(state, self.functions_left.pop(), path, exits)
        state.words.arguments = before
        return status

    def assigned(self, node: Node, state: State, background: bool) -> str:
        pending = node.named_children if node.type == "variable_assignments" else [node]
        for each in pending:
            self.assign(each, state)
        return YES

    def assign(self, node: Node, state: State) -> str:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        text = (name.text or b"").decode() if name is not None else ""
        values: list[str | None] = [""]
        if value is not None and value.type == "array":
            items = [state.words.words(child)[0] for child in value.named_children]
            values = ["\n".join(word for each in items for word in each)]
        elif value is not None:
            values = list(state.words.text(value))
        if any(child.type == "+=" for child in node.children):
            old = state.words.values(text)
            is_list = value is not None and value.type == "array"
            if is_list and len(old) == 1 and old[0] and len(values) == 1:
                state.words.variables[text] = (f"{old[0]}\n{values[0]}",)
                return text
            if len(old) == 1 and len(values) == 1 and value is not None and value.type != "array":
                values = [(old[0] or "") + (values[0] or "")]
            else:
                values = [unknown(f"${text}")]
        state.words.variables[text] = tuple(values)
        return text

    def declared(self, node: Node, state: State, background: bool) -> str:
        exports = node.children[0].type == "export" or any(
            child.type == "word" and b"x" in (child.text or b"") for child in node.children
        )
        names = []
        for child in node.named_children:
            if child.type == "variable_assignment":
                names.append(self.assign(child, state))
            elif child.type == "variable_name":
                names.append((child.text or b"").decode())
        if exports:
            state.exported |= frozenset(names)
        return YES

    def unset(self, node: Node, state: State, background: bool) -> str:
        for child in node.named_children:
            if child.type == "variable_name":
                name = (child.text or b"").decode()
                state.words.variables[name] = ("",)
                state.exported -= {name}
        return YES
