"""Bytes to text, and what is no text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax.text import decode

TEXT = "name: wéb 😀\nreplicas: 2\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_the_byte_order_mark_tells_the_encoding_and_is_no_text(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding)) == (TEXT, None)
    assert decode(mark) == ("", None)


def test_a_second_mark_is_text() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"a") == ("\ufeffa", None)


@pytest.mark.parametrize(
    ("data", "text", "message", "span"),
    [
        (
            "é: 1\r\nnäme: wéb".encode() + "\r\nß: é".encode("latin-1"),
            "é: 1\r\nnäme: wéb\r\n\ufffd: \ufffd",
            "the byte 0xDF is not valid UTF-8; the file must be UTF-8",
            Span(3, 1, 3, 2),
        ),
        (
            codecs.BOM_UTF8 + b"a: \xc3",
            "a: \ufffd",
            "the byte 0xC3 is not valid UTF-8; the file must be UTF-8",
            Span(1, 4, 1, 5),
        ),
        (
            "\ufeffé\nb".encode("utf-16-be") + b"\xd8\x00\x00b",
            "é\nb\ufffdb",
            "the byte 0xD8 is not valid UTF-16, which the byte order mark declares",
            Span(2, 2, 2, 3),
        ),
    ],
)
def test_the_first_bad_byte_is_pointed_at(data: bytes, text: str, message: str, span: Span) -> None:
    decoded, problem = decode(data)
    assert problem is not None
    assert (problem.kind, problem.message, problem.span) == ("syntax-error", message, span)
    assert decoded == text


@pytest.mark.parametrize(
    ("data", "span"),
    [
        (b"a\nb: \0\0", Span(2, 4, 2, 5)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Span(3, 1, 3, 2)),
        ("name: web\n".encode("utf-16-le"), Span(1, 2, 1, 3)),
        (codecs.BOM_UTF16_LE + b"a\0\0\0", Span(1, 2, 1, 3)),
    ],
)
def test_nul_bytes_mean_binary(data: bytes, span: Span) -> None:
    _, problem = decode(data)
    assert problem is not None
    assert problem.message == "a binary file: it holds a NUL byte"
    assert (problem.kind, problem.span) == ("syntax-error", span)


@given(st.binary(max_size=40) | st.sampled_from([b"\xff\xfe", b"\xfe\xff\xd8", b"\xff\xfe\0\0\1"]))
def test_any_bytes_are_text_or_have_a_problem(data: bytes) -> None:
    text, problem = decode(data)
    text.encode()
    if problem is None:
        assert "\0" not in text
    else:
        assert 1 <= problem.span.line <= text.count("\n") + text.count("\r") + 1
