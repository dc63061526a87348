"""How Go programs are configured: tags of structures, Viper and flags.

Tags as of caarlos0/env 11.3 ("env", "envDefault"), cleanenv 1.5 ("env", "env-default"), envconfig
1.4 ("envconfig", "default") and sethvargo/go-envconfig 1.3 ("env:\"X, default=9\""); Viper as of
1.20 (README, "Working with Environment Variables"); flag of the standard library and pflag 1.0;
read in their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.code.evaluate import Known, evaluate, read
from lintscale.code.expressions import Call, Expression, Literal, Member, Other, Same, Setting
from lintscale.code.units import Place, Scope, Unit

_NAMES = ("env", "envconfig")
_DEFAULTS = ("envDefault", "env-default", "default")
_VIPER = "github.com/spf13/viper"
_GETTERS = ("Get", "GetInt", "GetInt32", "GetInt64", "GetUint", "GetString")
_FLAGS = ("flag.", "github.com/spf13/pflag.")
_FLAG_KINDS = ("Int", "Int32", "Int64", "Uint", "String", "IntP", "Int32P", "StringP")


def setting_of_tag(tag: str) -> Expression | None:
    """The variable that a field is read from because of its tag; None where it names none."""
    values = _tags(tag)
    written = next((values[name] for name in _NAMES if name in values), "")
    name, *options = (option.strip() for option in written.split(","))
    if not name:
        return None
    default = next((values[key] for key in _DEFAULTS if key in values), None)
    for option in options:
        if option.startswith("default="):
            default = option.removeprefix("default=")
    return Setting(name, Literal(default) if default is not None else None)


def _tags(tag: str) -> dict[str, str]:
    """``key:"value"`` pairs (reflect.StructTag)."""
    found: dict[str, str] = {}
    rest = tag.strip("`").strip()
    while True:
        key, colon, rest = rest.partition(":")
        if not colon or not rest.startswith('"'):
            return found
        end = rest.find('"', 1)
        if end < 0:
            return found
        found[key.strip()] = rest[1:end]
        rest = rest[end + 1 :]


def flag(call: Call, name: str) -> Expression | None:
    """``flag.Int("db-max", 10, "…")``: its default, which the start command may change."""
    if not name.startswith(_FLAGS) or name.rpartition(".")[2] not in _FLAG_KINDS:
        return None
    position = 2 if name.endswith("P") else 1
    return Same(call.arguments[position].value) if len(call.arguments) > position else None


def viper(call: Call, name: str, scope: Scope) -> Expression | None:
    """``viper.GetInt("db.max")``: the variable that it is bound to, with what SetDefault gives; not
    known where a file may hold it and no variable is."""
    head, _, last = name.rpartition(".")
    if last not in _GETTERS or not head.startswith(_VIPER) or len(call.arguments) != 1:
        return None
    key = evaluate(Place(call.arguments[0].value, scope))
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return None
    default = variable = None
    prefix = separator = ""
    is_automatic = reads_files = False
    for unit, place, made, method in _viper_calls(scope.unit):
        arguments = [Place(each.value, place) for each in made.arguments]
        first = evaluate(arguments[0]) if arguments else None
        text = str(first.value) if isinstance(first, Known) else ""
        if method == "AutomaticEnv":
            is_automatic = True
        elif method.startswith(("ReadInConfig", "MergeInConfig", "ReadConfig", "AddRemote")):
            reads_files = True
        elif method == "SetEnvPrefix" and text:
            prefix = f"{text.upper()}_"
        elif method == "SetEnvKeyReplacer":
            separator = "_"
        elif text.lower() == key.value.lower() and len(arguments) > 1:
            if method == "SetDefault":
                default = made.arguments[1].value if unit is scope.unit else None
                value = evaluate(arguments[1])
                default = Literal(value.value) if isinstance(value, Known) else Other()
            elif method in ("BindEnv", "MustBindEnv"):
                bound = evaluate(arguments[1])
                variable = str(bound.value) if isinstance(bound, Known) else None
        elif text.lower() == key.value.lower() and method in ("BindEnv", "MustBindEnv"):
            is_automatic = True
    if variable is None and is_automatic:
        plain = key.value.upper()
        for each in (".", "-") if separator else ():
            plain = plain.replace(each, separator)
        variable = prefix + plain
    if variable is not None:
        return Setting(variable, default)
    return None if reads_files or default is None else Same(default)


def _viper_calls(unit: Unit) -> Iterator[tuple[Unit, Scope, Call, str]]:
    """What the program tells Viper."""
    sources = unit.sources
    for name in sources.program or (unit.name,):
        if name.endswith(".go") and b"spf13/viper" in sources.files.data(name):
            found = sources.unit(name)
            for site in found.calls if found is not None else ():
                scope = Scope(site.block)
                call = read(Place(site.node, scope))
                function = read(Place(call.function, scope)) if isinstance(call, Call) else None
                if not isinstance(function, Member) or not isinstance(call, Call):
                    continue
                if found is not None and function.name in _TOLD:
                    yield found, scope, call, function.name


_TOLD = frozenset(
    {"SetDefault", "BindEnv", "MustBindEnv", "AutomaticEnv", "SetEnvPrefix", "SetEnvKeyReplacer",
     "ReadInConfig", "MergeInConfig", "ReadConfig", "AddRemoteProvider"}
)  # fmt: skip
