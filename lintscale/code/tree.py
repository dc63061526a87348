"""What the languages with a tree-sitter grammar share: the walk over a syntax tree, and the reading
of its nodes by tables of their types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from lintscale.code.expressions import (
    KINDS,
    Conditional,
    Either,
    Expression,
    Item,
    Joined,
    Lambda,
    Literal,
    Member,
    Name,
    Negative,
    Node,
    Operation,
    Other,
    Same,
    Sequence,
)
from lintscale.code.units import (
    MOST_NODES,
    Block,
    CallSite,
    Language,
    Parameter,
    Place,
    Scope,
    Side,
    Unit,
)
from lintscale.model.location import Location, Span
from lintscale.syntax.grammars import parse

Step = tuple[Any, Block, Side]
"""A node that is to be looked at, with the block and the side that it stands in."""

Visit = Callable[[Any, Unit, Any, Block, Side], Iterable[Step] | None]
"""Takes up a node in the unit, and returns the nodes to look at next; None: its children."""

Read = Callable[[Any, Any, Block], Expression]

_BROKEN = Other("source that does not parse")


def text(node: Any) -> str:
    """The source text of a node; "" for none."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def steps(nodes: Iterable[Any], block: Block, side: Side) -> list[Step]:
    return [(node, block, side) for node in nodes]


class TreeLanguage(Language):
    """``visits`` and ``reads`` are by types of nodes; a type in ``wrappers`` has the value of its
    first named child, one in ``names`` is a plain name."""

    visits: ClassVar[dict[str, Visit]] = {}
    reads: ClassVar[dict[str, Read]] = {}
    wrappers: ClassVar[frozenset[str]] = frozenset()
    names: ClassVar[frozenset[str]] = frozenset({"identifier"})
    calls: ClassVar[frozenset[str]] = frozenset()
    """Types of nodes that are calls."""
    nulls: ClassVar[frozenset[str]] = frozenset({"null", "nil", "none", "undefined"})

    def grammar(self, unit: Unit) -> str:
        """The name of the grammar of a unit."""
        raise NotImplementedError

    def outline(self, unit: Unit, data: bytes) -> bool:
        root = parse(self.grammar(unit), data)
        if root is None:
            return False
        unit.lines = data.split(b"\n")
        return self.take_up(unit, root)

    def take_up(self, unit: Unit, root: Any) -> bool:
        """Fill the unit in from a tree; False where that is too large."""
        stack: list[Step] = [(root, unit.top, Side())]
        for _ in range(MOST_NODES):
            if not stack:
                return True
            node, block, side = stack.pop()
            if node is None:  # a part that does not parse
                continue
            visit = self.visits.get(node.type)
            following = visit(self, unit, node, block, side) if visit is not None else None
            if node.is_error:
                unit.errors.append(CallSite(node, block, side))
            if node.type in self.calls:
                unit.calls.append(CallSite(node, block, side))
            if following is None:
                following = steps(node.named_children, block, side)
            stack.extend(reversed(list(following)))
        return False

    def read(self, node: Node, block: Block) -> Expression:
        if isinstance(node, KINDS):
            return node  # type: ignore[return-value]
        if node is None:
            return _BROKEN  # a part that the source leaves out
        kind = node.type
        if node.has_error and any(each.is_error or each.is_missing for each in node.children):
            return _BROKEN
        if kind in self.names:
            return Name(text(node))
        if kind in self.wrappers:
            inner = next((each for each in node.named_children if each.type != "comment"), None)
            return Same(inner) if inner is not None else Other()
        read = self.reads.get(kind)
        if read is not None:
            return read(self, node, block)
        if kind in ("true", "false"):
            return Literal(kind == "true")
        return Literal(None) if kind in self.nulls else Other()

    def key(self, node: Node) -> int:
        return int(node.id) if node is not None else 0

    def location(self, unit: Unit, node: Node) -> Location:
        if node is None or isinstance(node, KINDS):
            return Location(unit.name, Span(1, 1, 1, 2))
        (line, start), (end_line, end) = node.start_point, node.end_point
        first = _column(unit.lines, line, start)
        last = _column(unit.lines, end_line, end)
        if end_line != line:
            # A place is one line: what is shown of a long call is its beginning.
            end_line, last = line, _column(unit.lines, line, len(unit.lines[line]))
        return Location(unit.name, Span(line + 1, first, end_line + 1, max(last, first + 1)))

    def function(
        self,
        unit: Unit,
        node: Any,
        block: Block,
        *,
        name: str = "",
        parameters: tuple[Parameter, ...] = (),
        body: Any = None,
    ) -> list[Step]:
        """A function of the unit: with a name one that can be called by it, without one a value."""
        owner = block.owner if block.name.startswith("class ") else None
        inner = Block(unit, block, name, parameters, owner)
        if name:
            unit.functions.setdefault(name, inner)
            if owner is not None:
                unit.functions.setdefault(f"{owner.name}.{name}", inner)
        unit.lambdas[self.key(node)] = inner
        return steps(body.named_children if body is not None else (), inner, Side())


def number(source: str) -> Expression:
    """A number as the languages with braces write it."""
    digits = source.replace("_", "")
    is_hexadecimal = digits[:2].lower() == "0x"
    digits = digits.rstrip("uUlLn" if is_hexadecimal else "uUlLnfFdDmM")
    try:
        return Literal(int(digits, 0))
    except ValueError:
        pass
    try:
        return Literal(int(digits))  # 010 is ten nowhere that a pool is sized
    except ValueError:
        pass
    try:
        return Literal(float(digits))
    except ValueError:
        return Other("not a number")


def span_of(lines: list[bytes], node: Any) -> Span:
    """The span of a node in a text whose lines are ``lines``."""
    (line, start), (end_line, end) = node.start_point, node.end_point
    return Span(line + 1, _column(lines, line, start), end_line + 1, _column(lines, end_line, end))


def _column(lines: list[bytes], line: int, offset: int) -> int:
    """Trees count bytes of UTF-8; lintscale counts characters from 1."""
    if not 0 <= line < len(lines):
        return 1
    return len(lines[line][:offset].decode("utf-8", "replace")) + 1


# -- readings and visits that many grammars share, by the names of their fields ------------------


def part(node: Any, field: str) -> Any:
    """The child in a field; None where there is none."""
    return node.child_by_field_name(field)


def named(node: Any) -> list[Any]:
    """The named children without comments; none of no node."""
    children = node.named_children if node is not None else ()
    return [each for each in children if "comment" not in each.type]


def member(of: str, name: str) -> Read:
    return lambda language, node, block: Member(part(node, of), text(part(node, name)))


def item(of: str, key: str) -> Read:
    return lambda language, node, block: Item(part(node, of), part(node, key))


def conditional(test: str, yes: str, no: str) -> Read:
    return lambda language, node, block: Conditional(
        *(part(node, field) for field in (test, yes, no))
    )


_WHOLE = {"/": "quotient", "%": "remainder"}


def operation(*either: str, integers: bool = False) -> Read:
    """``left operator right``; ``either`` are the operators that give the right side where the left
    one has no value. ``integers``: dividing whole numbers gives a whole number."""

    def read(language: Any, node: Any, block: Block) -> Expression:
        left, right = part(node, "left"), part(node, "right")
        operator = text(part(node, "operator")) or text(node.children[1])
        if operator in either:
            return Either(left, right)
        return Operation(_WHOLE.get(operator, operator) if integers else operator, left, right)

    return read


def unary(language: Any, node: Any, block: Block) -> Expression:
    sign, inner = text(node.children[0]), node.children[-1]
    if sign == "+":
        return Same(inner)
    return Negative(inner) if sign == "-" else Other()


def a_number(language: Any, node: Any, block: Block) -> Expression:
    return number(text(node))


def a_lambda(language: Any, node: Any, block: Block) -> Expression:
    return Lambda(node)


def a_list(language: Any, node: Any, block: Block) -> Expression:
    return Sequence(tuple(named(node)))


def string(*contents: str, escape: str = "escape_sequence") -> Read:
    """A text whose parts are nodes of the types ``contents`` and escapes; anything else in it is an
    expression."""

    def read(language: Any, node: Any, block: Block) -> Expression:
        parts: list[Node] = []
        for each in named(node):
            if each.type in contents:
                parts.append(Literal(text(each)))
            elif each.type == escape:
                parts.append(Literal(_ESCAPES.get(text(each)[1:], text(each)[1:])))
            else:
                parts.append(next(iter(named(each)), Other()))
        if all(isinstance(each, Literal) for each in parts):
            return Literal("".join(str(each.value) for each in parts))
        return Joined(tuple(parts))

    return read


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def returned(language: Any, unit: Unit, node: Any, block: Block, side: Side) -> None:
    block.returns.extend(named(node)[:1])


def choice_of(unit: Unit, node: Any) -> str:
    """What a choice is called that begins at a node."""
    return f"{unit.name}:{node.start_point[0] + 1}"


def branches(
    test: str = "condition", yes: str = "consequence", no: str = "alternative", clause: str = ""
) -> Visit:
    """``if`` and its like: the branches exclude each other, and an ``else if`` is one of them.
    ``clause`` is the type of a node around what follows ``else``."""

    def visit(language: Any, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
        choice, kind = choice_of(unit, node), node.type
        found: list[Step] = []
        tests: list[Place] = []
        # Of two choices on one line nobody knows which is meant.
        unit.tests[choice] = [] if choice in unit.tests else tests
        for count in range(1000):
            tested, body, other = (part(node, field) for field in (test, yes, no))
            found += [(each, block, side) for each in (tested,) if each is not None]
            tests += [Place(each, Scope(block)) for each in (tested,) if each is not None]
            found += [(each, block, side.within(choice, count)) for each in (body,) if each]
            inner = next(iter(named(other)), other) if other and other.type == clause else other
            if inner is None:
                break
            if inner.type != kind:
                found.append((inner, block, side.within(choice, count + 1)))
                break
            node = inner
        return found

    return visit


def cases(body: str = "body") -> Visit:
    """``switch`` and its like: each child of the body is a branch."""

    def visit(language: Any, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
        inner = part(node, body) if body else node
        choice = choice_of(unit, node)
        return [
            (each, block, side.within(choice, count)) for count, each in enumerate(named(inner))
        ]

    return visit
