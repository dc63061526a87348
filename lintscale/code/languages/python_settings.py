"""What Python programs read settings from the environment with.

os, environs 14, django-environ 0.12, python-decouple 3.8, Starlette 0.50, dj-database-url 3.0 and
pydantic-settings 2.12, read in their documentation in December 2026.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lintscale.code.expressions import Call, Either, Item, Literal, Member, Name, Node
from lintscale.code.units import Class, Field, Scope

_SETTINGS_BASE = "BaseSettings"
_MOST_BASES = 5
_FIELDS = ("Field", "field", "attrib")
_CONTAINERS = ("Optional", "Annotated", "Final", "ClassVar", "Union")
_ALIASES = ("validation_alias", "env", "alias")

_TYPED = (
    "int", "str", "bool", "float", "url", "db", "db_url", "dj_db_url", "cache", "cache_url",
    "get_value", "list", "json", "dict",
)  # fmt: skip


def environment() -> dict[str, tuple[int, int] | tuple[int, int, str]]:
    """Functions that read a variable: the positions of its name and of its default, and the name
    where none is given."""
    found: dict[str, tuple[int, int] | tuple[int, int, str]] = {
        "os.getenv": (0, 1),
        "os.environ.get": (0, 1),
        "os.environ.setdefault": (0, 1),
        "os.environ.pop": (0, 1),
        "decouple.config": (0, 1),
        "decouple.AutoConfig()": (0, 1),
        "decouple.Config()": (0, 1),
        "starlette.config.Config()": (0, 2),
        "starlette.config.Config().get": (0, 2),
        "dj_database_url.config": (0, 1, "DATABASE_URL"),
        # By the names that they are given where nothing shows what they are.
        "env": (0, -1),
        "config": (0, -1),
    }
    for maker in ("environs.Env()", "environs.env", "environ.Env()", "environ.FileAwareEnv()"):
        found[maker] = (0, -1 if maker.startswith("environ.") else 1)
        for method in _TYPED:
            is_database = method in ("db", "db_url", "dj_db_url")
            named = (0, 1, "DATABASE_URL") if is_database else (0, 1)
            found[f"{maker}.{method}"] = named
    for method in _TYPED:
        found[f"env.{method}"] = (0, 1)
    return found


def name_of(node: ast.AST | None) -> str:
    """``a.b.c`` as text, also of what is called or taken from; of ``Optional[X]`` and ``X | None``
    that of X. "" for anything else."""
    parts: list[str] = []
    for _ in range(1000):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Subscript):
            inside = name_of(node.value).rpartition(".")[2] in _CONTAINERS
            node = node.slice if inside else node.value
        elif isinstance(node, ast.Tuple) and node.elts:
            node = node.elts[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value if node.value.isidentifier() else ""
        else:
            break
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


# -- fields ---------------------------------------------------------------------------------------


def field_of(value: ast.expr | None, annotation: ast.expr | None) -> Field:
    """A field of a class: its own value, or the default that ``Field(…)`` gives it."""
    kind = name_of(annotation)
    inner = _field_call(value)
    said = inner
    if said is None and isinstance(annotation, ast.Subscript):
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else ()
        said = next((call for part in parts if (call := _field_call(part)) is not None), None)
    names = [*_aliases(said)] if said is not None else []
    plain: Node | None = value
    if inner is not None:
        plain = _default(inner)
    for other in reversed(names[1:]):
        # AliasChoices: the first that is set counts.
        read = Item(Member(Name("os"), "environ"), Literal(other))
        plain = read if plain is None else Either(read, plain)
    return Field(plain, names[0] if names else "", kind)


def _field_call(node: ast.expr | None) -> ast.Call | None:
    if isinstance(node, ast.Call) and name_of(node.func).rpartition(".")[2] in _FIELDS:
        return node
    return None


def _default(call: ast.Call) -> Node | None:
    words = {word.arg: word.value for word in call.keywords}
    value = call.args[0] if call.args else words.get("default")
    if isinstance(value, ast.Constant) and value.value is ...:
        return None
    factory = words.get("default_factory") or words.get("factory")
    if value is None and isinstance(factory, ast.Lambda):
        return factory.body
    if value is None and factory is not None:
        return Call(factory)
    return value


def _aliases(call: ast.Call) -> Iterator[str]:
    words = {word.arg: word.value for word in call.keywords}
    for key in _ALIASES:
        node = words.get(key)
        if node is None:
            continue
        parts = node.args if isinstance(node, ast.Call) else [node]
        parts = [e for p in parts for e in (p.elts if isinstance(p, ast.List) else [p])]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
        return


# -- pydantic-settings ----------------------------------------------------------------------------


def variable_of(definition: Class, name: str) -> str:
    """A field is the variable of its name, in capitals, behind the prefix."""
    lines = [*_line(definition)]
    if not any(base.rpartition(".")[2] == _SETTINGS_BASE for c in lines for base in c.bases):
        return ""
    return (_option(lines, "env_prefix") + name).upper()


def nested_variable(outer: Class, field: str, name: str) -> str:
    """The variable of a field of a field, with ``env_nested_delimiter``; "" for none."""
    delimiter = _option([*_line(outer)], "env_nested_delimiter")
    variable = variable_of(outer, field)
    return f"{variable}{delimiter}{name}".upper() if variable and delimiter else ""


def _line(definition: Class) -> Iterator[Class]:
    """A class and the project's classes that it derives from, the nearest first."""
    following: Class | None = definition
    for _ in range(_MOST_BASES):
        if following is None:
            return
        yield following
        scope = Scope(following.block.unit.top)
        found = (scope.class_of(base) for base in following.bases)
        following = next((each for each in found if each is not None), None)


def _option(line: list[Class], name: str) -> str:
    for definition in line:
        for key, value in _options(definition.node):
            if key == name and isinstance(value, ast.Constant) and isinstance(value.value, str):
                return value.value
    return ""


def _options(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """What ``model_config`` and the class Config say, and keywords of the class."""
    for word in node.keywords:
        yield word.arg or "", word.value
    for statement in node.body:
        if isinstance(statement, ast.ClassDef):
            yield from _assigned(statement.body)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            if isinstance(statement.value, ast.Call):
                for word in statement.value.keywords:
                    yield word.arg or "", word.value
            elif isinstance(statement.value, ast.Dict):
                for key, value in zip(statement.value.keys, statement.value.values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield str(key.value), value


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for part in body:
        for target in part.targets if isinstance(part, ast.Assign) else ():
            if isinstance(target, ast.Name) and isinstance(part, ast.Assign):
                yield target.id, part.value
