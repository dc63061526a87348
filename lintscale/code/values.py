"""What an expression in Python source comes to, as far as reading it tells.

Nothing is run: constants, names, ``os.environ`` and its relatives, settings classes and plain
arithmetic are followed through the syntax tree; everything else is unknown, with the reason. It is
one long file because all of it calls itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from lintscale.code.modules import Module, Scope

MAX_DEPTH = 40
"""Names that lead to names, calls within calls: deeper code is not followed."""

_MAX_TEXT = 4096


class Known(NamedTuple):
    """A constant. A mapping holds its values unevaluated, with where they are written."""

    value: int | float | str | bool | dict[str, Place] | None


class Variable(NamedTuple):
    """An environment variable, with what holds when it is not set; ``others`` are variables that
    are read then."""

    name: str
    default: Known | None
    others: tuple[str, ...] = ()


class Text(NamedTuple):
    """A text that is put together; ``variables`` are the environment variables that go into it."""

    variables: tuple[str, ...]


class Unknown(NamedTuple):
    reason: str


class Place(NamedTuple):
    """An expression and the module and function in which its names mean something."""

    node: ast.expr
    scope: Scope


Value = Known | Variable | Text | Unknown

_CIRCLE = Unknown("circular")

_GETTERS = frozenset({"getenv", "config", "env", "getconf"})
_TYPED_GETTERS = frozenset(
    {"int", "str", "bool", "float", "url", "db", "db_url", "dj_db_url", "get", "cache_url"}
)
_CASTS = frozenset({"int", "float", "str", "bool", "SecretStr", "PostgresDsn", "RedisDsn"})
_SETTINGS_BASE = "BaseSettings"


def evaluate(place: Place, depth: int = MAX_DEPTH) -> Value:
    """What the expression comes to. Never raises, never runs anything."""
    node, scope = place
    if depth <= 0 or not scope.module.modules.step():
        return Unknown("computed")
    if isinstance(node, ast.Constant):
        value = node.value
        return (
            Known(value) if isinstance(value, int | float | str | None) else Unknown("not a number")
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = evaluate(Place(node.operand, scope), depth - 1)
        if isinstance(inner, Known) and isinstance(inner.value, int | float):
            return Known(-inner.value)
        return Unknown("computed")
    if isinstance(node, ast.BinOp):
        return _arithmetic(node, scope, depth)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return _either(node, scope, depth)
    if isinstance(node, ast.JoinedStr):
        return Text(tuple(_variables_in(node, scope, depth)))
    if isinstance(node, ast.Dict):
        return _mapping(node, scope, depth)
    if isinstance(node, ast.Call):
        return _call(node, scope, depth)
    if isinstance(node, ast.Subscript):
        return _subscript(node, scope, depth)
    if isinstance(node, ast.Name):
        return _name(node, scope, depth)
    if isinstance(node, ast.Attribute):
        return _attribute(node, scope, depth)
    if isinstance(node, ast.IfExp):
        return _conditional(node, scope, depth)
    return Unknown("computed")


def variables_of(place: Place) -> tuple[str, ...]:
    """The environment variables that an expression takes its text from, in the order in which
    they stand."""
    value = evaluate(place)
    return _names_in(value) or tuple(_variables_in(place.node, place.scope, MAX_DEPTH // 2))


def _variables_in(node: ast.AST, scope: Scope, depth: int) -> Iterator[str]:
    seen: set[str] = set()
    if depth <= 0 or not scope.module.modules.step():
        return
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.keyword):
            part = part.value  # noqa: PLW2901 - what the keyword is given is what counts
        if isinstance(part, ast.FormattedValue):
            part = part.value  # noqa: PLW2901 - likewise
        if not isinstance(part, ast.expr) or isinstance(part, ast.Constant):
            continue
        value = evaluate(Place(part, scope), depth - 1)
        names = _names_in(value)
        if isinstance(value, Unknown) and depth > 1 and isinstance(part, ast.Call):
            names = tuple(_variables_in(part, scope, min(depth - 1, 4)))
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name


# -- parts ----------------------------------------------------------------------------------------


def _arithmetic(node: ast.BinOp, scope: Scope, depth: int) -> Value:
    left = evaluate(Place(node.left, scope), depth - 1)
    right = evaluate(Place(node.right, scope), depth - 1)
    if isinstance(left, Known) and isinstance(right, Known):
        one, other = left.value, right.value
        if isinstance(one, int) and isinstance(other, int):
            if isinstance(node.op, ast.Add):
                return Known(one + other)
            if isinstance(node.op, ast.Sub):
                return Known(one - other)
            if isinstance(node.op, ast.Mult) and abs(one) < 10**6 and abs(other) < 10**6:
                return Known(one * other)
            if isinstance(node.op, ast.FloorDiv) and other:
                return Known(one // other)
        if isinstance(node.op, ast.Add) and isinstance(one, str) and isinstance(other, str):
            return Known((one + other)[:_MAX_TEXT])
    names = [*_names_in(left), *_names_in(right)]
    if isinstance(node.op, ast.Add) and names and not _is_number(left) and not _is_number(right):
        return Text(tuple(dict.fromkeys(names)))
    return Unknown("computed")


def _is_number(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, int | float)


def _names_in(value: Value) -> tuple[str, ...]:
    if isinstance(value, Variable):
        return (value.name, *value.others)
    return value.variables if isinstance(value, Text) else ()


def _either(node: ast.BoolOp, scope: Scope, depth: int) -> Value:
    """``a or b``: a variable whose default is what follows it."""
    first = evaluate(Place(node.values[0], scope), depth - 1)
    rest = [evaluate(Place(value, scope), depth - 1) for value in node.values[1:]]
    if isinstance(first, Variable):
        for value in rest:
            first = _or_else(first, value)
        return first
    if isinstance(first, Known):
        return first if first.value else (rest[-1] if rest else first)
    return first


def _or_else(first: Variable, value: Value | None) -> Variable:
    """The variable, with another value for when it is not set."""
    others = (*first.others, *(_names_in(value) if value is not None else ()))
    default = first.default
    if isinstance(value, Known):
        default = value
    elif isinstance(value, Variable):
        default = value.default
    return Variable(first.name, default, tuple(dict.fromkeys(others)))


def _conditional(node: ast.IfExp, scope: Scope, depth: int) -> Value:
    """Known where both ways come to the same, or where the test is known."""
    test = evaluate(Place(node.test, scope), depth - 1)
    one = evaluate(Place(node.body, scope), depth - 1)
    other = evaluate(Place(node.orelse, scope), depth - 1)
    if isinstance(test, Known):
        return one if test.value else other
    if one == other:
        return one
    return Unknown("conditional")


def _mapping(node: ast.Dict, scope: Scope, depth: int) -> Value:
    found: dict[str, Place] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = evaluate(Place(value, scope), depth - 1)
            if not isinstance(inner, Known) or not isinstance(inner.value, dict):
                return Unknown("partly computed")
            found.update(inner.value)
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            found[key.value] = Place(value, scope)
    return Known(found)


def _dotted(node: ast.expr) -> str:
    """``os.environ.get`` as text; "" for anything that is no chain of names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


def _call(node: ast.Call, scope: Scope, depth: int) -> Value:
    name = _dotted(node.func)
    last = name.rpartition(".")[2]
    first = name.partition(".")[0]
    if last in _CASTS and len(node.args) == 1 and first in (last, "pydantic"):
        return evaluate(Place(node.args[0], scope), depth - 1)
    if last == "dict" and not node.args:
        return _mapping_of_keywords(node, scope, depth)
    reads = (
        name in ("os.getenv", "os.environ.get", "environ.get", "os.environ.setdefault")
        or (last in _GETTERS and first == last)
        or (last in _TYPED_GETTERS and first in ("env", "environ", "config"))
    )
    if reads:
        return _environment_call(node, scope, depth, last)
    if last in ("max", "min") and first == last and len(node.args) == 2:
        return _extreme(node, scope, depth, last)
    if name in ("dj_database_url.config", "dj_database_url.parse"):
        return _database_url_call(node, scope, depth, name)
    if isinstance(node.func, ast.Attribute) and last in (
        "replace", "strip", "get_secret_value", "unicode_string", "render_as_string", "lower",
        "removeprefix",
    ):  # fmt: skip
        inner = evaluate(Place(node.func.value, scope), depth - 1)
        if isinstance(inner, Variable):
            return Variable(inner.name, None, inner.others)
        return inner if isinstance(inner, Text) or inner is _CIRCLE else Unknown("computed")
    variables = tuple(_variables_in(node, scope, min(depth, 6)))
    return Text(variables) if variables else Unknown("computed")


def _extreme(node: ast.Call, scope: Scope, depth: int, which: str) -> Value:
    sides = [evaluate(Place(argument, scope), depth - 1) for argument in node.args]
    numbers = [
        side.value for side in sides if isinstance(side, Known) and isinstance(side.value, int)
    ]
    if len(numbers) == 2:
        return Known(max(numbers) if which == "max" else min(numbers))
    return Unknown("computed")


def _environment_call(node: ast.Call, scope: Scope, depth: int, last: str) -> Value:
    variable = _argument(node, 0)
    if last in ("db", "db_url", "dj_db_url", "url") and variable is None:
        return Variable("DATABASE_URL", None)
    key = evaluate(Place(variable, scope), depth - 1) if variable is not None else None
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("variable name computed")
    default = _argument(node, 1, "default") if last != "config" else _argument(node, 9, "default")
    value = evaluate(Place(default, scope), depth - 1) if default is not None else None
    return _or_else(Variable(key.value, None), value)


def _database_url_call(node: ast.Call, scope: Scope, depth: int, name: str) -> Value:
    if name.endswith("parse") and node.args:
        return evaluate(Place(node.args[0], scope), depth - 1)
    env = _argument(node, 0, "env")
    value = evaluate(Place(env, scope), depth - 1) if env is not None else Known("DATABASE_URL")
    if isinstance(value, Known) and isinstance(value.value, str):
        return Variable(value.value, None)
    return Unknown("variable name computed")


def _mapping_of_keywords(node: ast.Call, scope: Scope, depth: int) -> Value:
    found: dict[str, Place] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            inner = evaluate(Place(keyword.value, scope), depth - 1)
            if not isinstance(inner, Known) or not isinstance(inner.value, dict):
                return Unknown("partly computed")
            found.update(inner.value)
        else:
            found[keyword.arg] = Place(keyword.value, scope)
    return Known(found)


def _argument(node: ast.Call, position: int, name: str = "") -> ast.expr | None:
    if position < len(node.args) and not isinstance(node.args[position], ast.Starred):
        return node.args[position]
    return next((word.value for word in node.keywords if name and word.arg == name), None)


def _subscript(node: ast.Subscript, scope: Scope, depth: int) -> Value:
    key = evaluate(Place(node.slice, scope), depth - 1)
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("computed")
    if _dotted(node.value) in ("os.environ", "environ"):
        return Variable(key.value, None)
    inside = evaluate(Place(node.value, scope), depth - 1)
    if isinstance(inside, Known) and isinstance(inside.value, dict) and key.value in inside.value:
        return evaluate(inside.value[key.value], depth - 1)
    return Unknown("computed")


# -- names ----------------------------------------------------------------------------------------


def _name(node: ast.Name, scope: Scope, depth: int) -> Value:
    found = scope.find(node.id)
    if not found:
        return Unknown(f"{node.id}, set elsewhere")
    key = (id(scope.function), node.id)
    if key in scope.module.pending:
        return _CIRCLE
    scope.module.pending.add(key)
    try:
        values = [evaluate(Place(value, where), depth - 1) for value, where in found]
    finally:
        scope.module.pending.discard(key)
    # "url = url.replace(…)" says nothing more of url.
    values = [value for value in values if value is not _CIRCLE] or values
    if all(value == values[0] for value in values[1:]):
        return values[0]
    names = [_names_in(value) for value in values]
    if all(names) and len(set(names)) == 1:
        return Text(names[0])
    return Unknown(f"{node.id}, set in several places")


def _attribute(node: ast.Attribute, scope: Scope, depth: int) -> Value:
    """A module's name, a class's attribute, or a field of an instance of a settings class."""
    owner = _owner(node.value, scope, depth)
    if isinstance(owner, Module):
        return _name(ast.Name(node.attr, ast.Load()), owner.scope(), depth - 1)
    if owner is None:
        return Unknown(f"{node.attr}, set elsewhere")
    definition, where = owner
    return _class_field(definition, where, node.attr, depth)


def _owner(node: ast.expr, scope: Scope, depth: int) -> Module | tuple[ast.ClassDef, Scope] | None:
    """What stands before the dot: a module, or the class that it is, or is an instance of."""
    if depth <= 0:
        return None
    if isinstance(node, ast.Call):
        name = _dotted(node.func)
        if not name:
            return None
        return scope.find_class(name) or _returned_class(name, scope, depth)
    name = _dotted(node)
    if not name:
        return None
    module = scope.find_module(name)
    if module is not None:
        return module
    if "." not in name:
        direct = scope.find_class(name)
        if direct is not None:
            return direct
        for value, where in scope.find(name) or ():
            owner = _owner(value, where, depth - 1)
            if owner is not None:
                return owner
    if "." in name:
        base, _, last = name.rpartition(".")
        module = scope.find_module(base)
        if module is not None:
            return _owner(ast.Name(last, ast.Load()), module.scope(), depth - 1)
    return None


def _returned_class(name: str, scope: Scope, depth: int) -> tuple[ast.ClassDef, Scope] | None:
    """The class of which a function such as ``get_settings()`` returns an instance."""
    found = scope.find_function(name)
    if found is None:
        return None
    function, where = found
    for part in ast.walk(function):
        if isinstance(part, ast.Return) and part.value is not None:
            owner = _owner(part.value, where, depth - 1)
            if isinstance(owner, tuple):
                return owner
    return None


def _class_field(definition: ast.ClassDef, scope: Scope, name: str, depth: int) -> Value:
    if depth <= 0 or not scope.module.modules.step():
        return Unknown("computed")
    settings = _is_settings(definition, scope)
    for part in definition.body:
        target: ast.expr | None = None
        value: ast.expr | None = None
        if isinstance(part, ast.AnnAssign):
            target, value = part.target, part.value
        elif isinstance(part, ast.Assign) and len(part.targets) == 1:
            target, value = part.targets[0], part.value
        if not isinstance(target, ast.Name) or target.id != name:
            continue
        if not settings:
            return (
                evaluate(Place(value, scope), depth - 1)
                if value
                else Unknown(f"{name}, set elsewhere")
            )
        return _settings_field(definition, scope, name, value, depth)
    for base in definition.bases:
        found = scope.find_class(_dotted(base))
        if found is not None and found[0] is not definition:
            return _class_field(found[0], found[1], name, depth - 1)
    return Unknown(f"{name}, set elsewhere")


def _is_settings(definition: ast.ClassDef, scope: Scope, depth: int = 5) -> bool:
    """Whether its fields are read from the environment."""
    for base in definition.bases:
        name = _dotted(base)
        if name.rpartition(".")[2] == _SETTINGS_BASE:
            return True
        found = scope.find_class(name) if depth > 0 else None
        if found is not None and found[0] is not definition and _is_settings(*found, depth - 1):
            return True
    return False


def _settings_field(
    definition: ast.ClassDef, scope: Scope, name: str, value: ast.expr | None, depth: int
) -> Value:
    """pydantic-settings: a field is the variable of its name, in capitals, behind the prefix."""
    variable = _prefix(definition, scope, depth) + name
    if isinstance(value, ast.Call) and _dotted(value.func).rpartition(".")[2] == "Field":
        for keyword in value.keywords:
            if keyword.arg in ("env", "alias", "validation_alias"):
                alias = keyword.value
                if isinstance(alias, ast.Call) and alias.args:
                    alias = alias.args[0]  # AliasChoices("DB_POOL_SIZE", …): the first counts
                named = evaluate(Place(alias, scope), depth - 1)
                if isinstance(named, Known) and isinstance(named.value, str):
                    variable = named.value
        value = _argument(value, 0, "default")
        if isinstance(value, ast.Constant) and value.value is ...:
            value = None
    default = evaluate(Place(value, scope), depth - 1) if value is not None else None
    if isinstance(default, Variable):
        return default
    return Variable(variable.upper(), default if isinstance(default, Known) else None)


def _prefix(definition: ast.ClassDef, scope: Scope, depth: int) -> str:
    for part in _options(definition):
        if isinstance(part, ast.keyword | ast.Assign):
            named = (
                part.arg == "env_prefix"
                if isinstance(part, ast.keyword)
                else any(isinstance(t, ast.Name) and t.id == "env_prefix" for t in part.targets)
            )
            if named:
                prefix = evaluate(Place(part.value, scope), depth - 1)
                if isinstance(prefix, Known) and isinstance(prefix.value, str):
                    return prefix.value
    return ""


def _options(definition: ast.ClassDef) -> Iterator[ast.AST]:
    """What may hold the options of a settings class: ``model_config``, or the class Config."""
    for statement in definition.body:
        if isinstance(statement, ast.ClassDef):
            yield from statement.body
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            yield from statement.value.keywords
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            for key, value in zip(statement.value.keys, statement.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield ast.keyword(key.value, value)
