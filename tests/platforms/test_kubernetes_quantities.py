"""Resource quantities, by the examples of Kubernetes' own documentation and tests."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.model.sourced import Source
from lintscale.platforms.kubernetes.quantities import (
    byte_count,
    cores,
    parse_quantity,
    plain_amount,
)
from lintscale.syntax import Field, parse


def field(text: str, key: str = "amount") -> Field:
    (document,) = parse(f"{key}: {text}\n", "k8s/shop.yaml", "yaml").documents
    return Field.root(document).get(key)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("2", 2),
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("+3", 3),
        ("-1", -1),
        ("500m", Fraction(1, 2)),
        ("250u", Fraction(1, 4000)),
        ("1n", Fraction(1, 10**9)),
        ("1k", 1000),
        ("1G", 10**9),
        ("1E", 10**18),
        ("1e3", 1000),
        ("1E3", 1000),
        ("12e-1", Fraction(6, 5)),
        ("1Ki", 1024),
        ("512Mi", 512 * 1024**2),
        ("2Gi", 2 * 1024**3),
        ("1.5Gi", 3 * 1024**3 // 2),
        ("1Ei", 1024**6),
        ("128974848", 128974848),
    ],
)
def test_reads_what_kubernetes_reads(text: str, value: Fraction | int) -> None:
    amount = parse_quantity(text)
    assert amount is not None
    assert Fraction(*amount) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "1 Gi", "1K", "1ki", "1gi", "1Mb", "1e", "1e1.5", "0x10", "1_000"),
        *(
            "½",
            "Ki",
            ".",
            "+",
            "e3",
            "${CPU}",
            "<CPU>",
            "1.2.3",
            "--1",
            "NaN",
            "inf",
            "1e999",
            "9" * 50,
        ),
    ],
)
def test_refuses_what_kubernetes_refuses(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500m", 0.5), ("2", 2.0), ("0.5", 0.5), ("'1'", 1.0), ("0.0001", 0.001), ("1e-1", 0.1)],
)
def test_cores_round_up_to_the_thousandth(text: str, expected: float) -> None:
    assert cores(field(text)).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("512Mi", 536870912),
        ("2Gi", 2147483648),
        ("1G", 1000000000),
        ("1e3", 1000),
        ("128974848", 128974848),
        ("512m", 1),  # a thousandth of a byte: the typo that Kubernetes accepts
        ("8Ei", 2**63 - 1),
        ("99E", 2**63 - 1),
    ],
)
def test_bytes_are_whole_and_capped(text: str, expected: int) -> None:
    assert byte_count(field(text)).value == expected


def test_a_number_in_a_notation_of_yaml_alone_still_counts() -> None:
    assert byte_count(field("1_000_000")).value == 1000000
    assert byte_count(field("0x100")).value == 256


@pytest.mark.parametrize("text", ["${CPU}", "<CPU>", "true", "[1]", "{a: 1}", "-1", "lots"])
def test_what_cannot_be_read_is_unknown_not_absent(text: str) -> None:
    for read in (cores, byte_count, plain_amount):
        amount = read(field(text))
        assert amount.unknown
        assert amount.location is not None
        assert amount.location.line == 1


def test_absent_stays_absent_and_knows_its_place() -> None:
    amount = cores(field("1").get("cpu"))
    assert (amount.value, amount.source) == (None, None)
    assert amount.location is not None
    assert amount.location.path == ("amount", "cpu")
    assert not amount.location.present


@given(st.integers(0, 10**6), st.sampled_from(["", "m", "k", "M", "Ki", "Mi", "Gi"]))
def test_provenance_and_order_of_magnitude(number: int, suffix: str) -> None:
    amount = byte_count(field(f"{number}{suffix}"))
    scale = {"": 1, "k": 10**3, "M": 10**6, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    expected = -(-number // 1000) if suffix == "m" else number * scale[suffix]
    assert (amount.value, amount.source) == (expected, Source.FILE)


@given(st.text(max_size=40))
def test_never_raises(text: str) -> None:
    parse_quantity(text)
