"""Texts that take another's place: in the same quotes, in all three formats."""

from __future__ import annotations

from typing import Any

import pytest

from lintscale.syntax import Mapping, Scalar
from lintscale.syntax.document import Format
from lintscale.syntax.editing.values import in_place_of
from lintscale.syntax.nodes import ScalarValue
from tests.syntax.edited import assigned, sheet


def entry(text: str, form: Format) -> tuple[Scalar, Any]:
    """The first entry of a text, or of the mapping that this entry holds."""
    root = sheet(text, form).file.documents[0].root
    assert isinstance(root, Mapping)
    key, value = next(iter(root.entries.values()))
    if isinstance(value, Mapping):
        key, value = next(iter(value.entries.values()))
    return key, value


@pytest.mark.parametrize(
    ("form", "text", "new", "written"),
    [
        ("yaml", "env: python  # why\n", "runtime", "runtime"),
        ("yaml", "'env': python\n", "runtime", "'runtime'"),
        ("yaml", '{"env": python}\n', "runtime", '"runtime"'),
        ("json", '{"env": "python"}', "runtime", '"runtime"'),
        ("toml", 'env = "python"', "runtime", "runtime"),
        ("toml", 'env = "python"', "run time", '"run time"'),
        ("toml", '"env" = "python"', "runtime", '"runtime"'),
        ("toml", 'build.env = "python"', "runtime", "runtime"),
    ],
)
def test_key(form: Format, text: str, new: str, written: str) -> None:
    key, _ = entry(text, form)
    assert in_place_of(sheet(text, form), key, new) == written


@pytest.mark.parametrize(
    ("form", "text", "new", "written"),
    [
        ("yaml", "a: true\n", "commit", "commit"),
        ("yaml", "a: true\n", "off", '"off"'),
        ("yaml", "a: 'yes'\n", "off", "'off'"),
        ("yaml", "a: python\n", "17", '"17"'),
        ("yaml", "a: NIXPACKS # b\n", "RAILPACK", "RAILPACK"),
        ("json", '{"a": true}', "commit", '"commit"'),
        ("json", '{"a": "NIXPACKS"}', "RAILPACK", '"RAILPACK"'),
        ("toml", "a = true", "commit", '"commit"'),
        ("toml", "a = 'NIXPACKS'", "RAILPACK", "'RAILPACK'"),
        ("yaml", "a: extensions/v1beta1\n", "apps/v1", "apps/v1"),
        ("yaml", "a: shop:1\n", "till:1.4.2", "till:1.4.2"),
        ("yaml", "a: 'shop:1'\n", "till@sha256:0123", "'till@sha256:0123'"),
        ("yaml", "a: shop\n", "12:30:45", '"12:30:45"'),
        ("json", '{"a": "shop:1"}', "till:1.4.2", '"till:1.4.2"'),
        ("yaml", "a: 1\n", 2, "2"),
        ("yaml", "a: '1'\n", 2, "'2'"),
        ("yaml", "a:\n", 2, " 2"),
        ("yaml", "a: ~\n", 0.5, "0.5"),
        ("yaml", "a: 2\n", "1", "1"),
        ("yaml", "a: 500m\n", "1", '"1"'),
        ("yaml", "a: '2'\n", "1", "'1'"),
        ("json", '{"a": null}', 70.0, "70"),
        ("json", '{"a": "1"}', 2, '"2"'),
        ("toml", "a = 1", True, "true"),
    ],
)
def test_value(form: Format, text: str, new: ScalarValue, written: str) -> None:
    _, value = entry(text, form)
    assert in_place_of(sheet(text, form), value, new) == written


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yaml", 'a: "N\\u0049X"\n'),
        ("yaml", "a: >\n  folded\n"),
        ("yaml", "a: two\n  lines\n"),
        ("json", '{"a": "N\\u0049X"}'),
        ("toml", 'a = """NIX"""'),
    ],
)
def test_what_is_not_plainly_there_stays(form: Format, text: str) -> None:
    _, value = entry(text, form)
    assert in_place_of(sheet(text, form), value, "new") is None


def test_text_that_would_need_escapes_is_not_written() -> None:
    text = "a: b\n"
    _, value = entry(text, "yaml")
    for new in ("", "it's", "b:", "b: c", 'say "hi"', "a: b", "# no", " padded ", "two\nlines"):
        assert in_place_of(sheet(text, "yaml"), value, new) is None


def test_a_colon_in_braces_stands_in_quotes() -> None:
    """Parsers differ in whether they take it there without."""
    new, path = "till:1.4.2", ("a", "image")
    for text in ("a: {image: shop:1, b: 1}\n", "a: {b: 1}\n", "a: {}\n"):
        assert f'image: "{new}"' in (assigned(text, "yaml", path, new) or "")
    assert assigned("a:\n  image: shop:1\n", "yaml", path, new) == f"a:\n  image: {new}\n"
    assert assigned("a:\n  b: 1\n", "yaml", path, new) == f"a:\n  b: 1\n  image: {new}\n"
