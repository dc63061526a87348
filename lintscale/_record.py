"""Frozen records: what ``dataclasses`` gives, without its cost at every start.

``dataclass(frozen=True, slots=True)`` writes and compiles source text for each class, about one
millisecond each; with some eighty classes that was a third of the time a small check took. Here
the methods are shared and only the slots are made per class. Type checkers treat the result as a
dataclass. Supported is what lintscale uses: positional and keyword arguments, defaults,
:func:`field` with ``default_factory``, :func:`replace`, equality, hashing, repr and pickling.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast, dataclass_transform, overload

T = TypeVar("T")
C = TypeVar("C", bound=type)

_MISSING: Any = object()


class _Factory:
    """A default that is made anew for each record."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], T]) -> T:
    """A field whose default is made by calling ``default_factory``."""
    return cast(T, _Factory(default_factory))


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: C) -> C: ...
@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, frozen: bool) -> Callable[[C], C]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Any = None, *, frozen: bool = True) -> Any:
    """Class decorator: the annotated names are the fields, in their order. ``frozen`` False
    allows assignment and takes hashing away. See :func:`extension` for inheritance."""
    if cls is None:
        return lambda decorated: _made(decorated, frozen)
    return _made(cls, frozen)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def extension(cls: C) -> C:
    """Class decorator: a record with the fields of the record that ``cls`` inherits from, then its
    own. It is made from an instance of that record, whose values it takes over, and a keyword for
    each own field; a keyword may also replace an inherited value. Each class declares that
    ``__init__`` for type checkers."""
    return cast(C, _made(cls, frozen=True))


def replace(thing: T, **changes: Any) -> T:
    """A copy of the record ``thing`` with some fields changed."""
    made = object.__new__(type(thing))
    for name, setter in type(thing).__setters__.items():  # type: ignore[attr-defined]
        value = changes.pop(name, _MISSING)
        setter(made, getattr(thing, name) if value is _MISSING else value)
    if changes:
        raise TypeError(f"{type(thing).__name__} has no field {', '.join(sorted(changes))}")
    return made


def fields(thing: object) -> tuple[str, ...]:
    """The names of a record's, or a record class's, fields in their order; () for anything
    else."""
    return tuple(getattr(thing, "__setters__", ()))


def is_record(thing: object) -> bool:
    return hasattr(thing, "__setters__")


def annotation(kind: type, name: str) -> str:
    """The type of a record's field as it is written; "" for anything else."""
    for base in kind.__mro__:
        written = getattr(base, "__annotations__", {})
        if name in written:
            return str(written[name])
    return ""


def _made(cls: type, frozen: bool) -> type:
    inherited: dict[str, Any] = getattr(cls, "__setters__", {})
    own = tuple(cls.__annotations__)
    names = tuple(name for name in own if name not in inherited)
    body = {key: value for key, value in cls.__dict__.items() if key not in _OWN}
    defaults = {name: body.pop(name) for name in own if name in body}
    body["__slots__"] = names
    body["__match_args__"] = (*inherited, *names)
    body.update(_FROZEN if frozen else _MUTABLE)
    if inherited:
        body.update(__init__=_extend, __reduce__=_reduce_extended, __own__=frozenset(own))
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    setters = {**inherited, **{name: made.__dict__[name].__set__ for name in names}}
    made.__setters__ = setters  # type: ignore[attr-defined]
    made.__plan__ = tuple(  # type: ignore[attr-defined]
        (name, setter, defaults.get(name, _MISSING)) for name, setter in setters.items()
    )
    return made


_OWN = frozenset({"__dict__", "__weakref__"})


def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    kind = self.__class__
    plan = kind.__plan__
    given = len(args)
    if given:
        if given > len(plan):
            raise TypeError(f"{kind.__name__} takes {len(plan)} values, not {given}")
        for (_, setter, _), value in zip(plan, args, strict=False):
            setter(self, value)
        plan = plan[given:]
    left = len(kwargs)
    for name, setter, default in plan:
        if name in kwargs:
            setter(self, kwargs[name])
            left -= 1
        elif default.__class__ is _Factory:
            setter(self, default.make())
        elif default is _MISSING:
            raise TypeError(f"{kind.__name__} needs a value for “{name}”")
        else:
            setter(self, default)
    if left:
        raise TypeError(f"{kind.__name__} does not take all of {', '.join(sorted(kwargs))}")


def _extend(self: Any, base: Any, **added: Any) -> None:
    kind = self.__class__
    for name, setter in kind.__setters__.items():
        if name in added:
            setter(self, added.pop(name))
        elif name in kind.__own__:
            raise TypeError(f"{kind.__name__} needs a value for “{name}”")
        else:
            setter(self, getattr(base, name))
    if added:
        raise TypeError(f"{kind.__name__} does not take {', '.join(sorted(added))}")


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in type(self).__setters__])


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__setters__)
    return f"{type(self).__qualname__}({inside})"


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), _values(self)


def _reduce_extended(self: Any) -> tuple[Any, ...]:
    return _restored, (type(self), _values(self))


def _restored(kind: Any, values: tuple[Any, ...]) -> Any:
    made = object.__new__(kind)
    for setter, value in zip(kind.__setters__.values(), values, strict=True):
        setter(made, value)
    return made


def _refuse(self: Any, name: str, _value: object = None) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: “{name}” cannot be changed")


_MUTABLE: dict[str, Any] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": None,
    "__reduce__": _reduce,
    "__replace__": replace,
}
_FROZEN: dict[str, Any] = {
    **_MUTABLE,
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
