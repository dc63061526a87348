"""Records, and records that extend others."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from lintscale._record import annotation, extension, field, fields, record, replace


@record
class Base:
    name: str
    parts: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.parts)


@extension
class Extended(Base):
    parts: tuple[str, ...]
    count: int

    if TYPE_CHECKING:

        def __init__(self, base: Base, *, parts: tuple[str, ...], count: int) -> None: ...


def test_an_extension_takes_over_what_its_base_holds() -> None:
    found = Extended(Base("web", ("a",), {"app": "web"}), parts=("a", "b"), count=3)
    assert (found.name, found.parts, found.labels, found.count) == (
        "web", ("a", "b"), {"app": "web"}, 3,
    )  # fmt: skip
    assert found.size == 2
    assert isinstance(found, Base)
    assert fields(found) == ("name", "parts", "labels", "count")


def test_every_own_field_is_required() -> None:
    with pytest.raises(TypeError, match="Extended needs a value for “parts”"):
        Extended(Base("web"), count=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Extended does not take size"):
        Extended(Base("web"), parts=(), count=3, size=1)  # type: ignore[call-arg]


def test_a_keyword_may_replace_what_is_inherited() -> None:
    found = Extended(Base("web"), parts=(), count=3, name="shop")  # type: ignore[call-arg]
    assert found.name == "shop"


def test_an_extension_is_a_record_like_any_other() -> None:
    found = Extended(Base("web"), parts=(), count=3)
    assert found != Base("web")
    assert found == replace(found, count=3) != replace(found, count=4)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - of our own making
    assert repr(found) == "Extended(name='web', parts=(), labels={}, count=3)"
    with pytest.raises(AttributeError, match="frozen"):
        found.count = 4  # type: ignore[misc]


def test_annotations_are_found_where_they_stand() -> None:
    assert annotation(Extended, "name") == "str"
    assert annotation(Extended, "count") == "int"
    assert annotation(Extended, "size") == ""
