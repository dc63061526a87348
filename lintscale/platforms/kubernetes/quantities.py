"""Resource quantities ("500m", "512Mi", "1e3") as cores and bytes.

Grammar and rounding follow k8s.io/apimachinery's ``resource.Quantity`` (pkg/api/resource/
quantity.go, read Aug 2026): a signed decimal number and one suffix, binary (Ki … Ei), decimal
(n … E) or an exponent; resources are rounded up to a thousandth when they are read
(``SetDefaults_ResourceList``), whole numbers of bytes are rounded up.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Scalar
from lintscale.syntax.regex import regex

_QUANTITY = regex(
    r"([+-]?)([0-9]{1,40})?(?:\.([0-9]{0,40}))?(?:[eE]([+-]?[0-9]{1,2})|([EPTGMK]i|[numkMGTPE]))?\Z"
)
_BINARY = {suffix: power for power, suffix in enumerate("KMGTPE", start=1)}
_DECIMAL = {suffix: 3 * power for power, suffix in enumerate("num", start=-3)}
_DECIMAL |= {suffix: 3 * power for power, suffix in enumerate("kMGTPE", start=1)}


class Ratio(NamedTuple):
    """An exact number. Python's own Fraction takes longer to import than a file to read."""

    numerator: int
    denominator: int

    def up(self, parts: int = 1) -> int:
        """How many whole parts (of which one has ``parts``) the number comes to, rounded up."""
        return -(-self.numerator * parts // self.denominator)


N = TypeVar("N", int, float)

_LARGEST_BYTES = 2**63 - 1
"""A Quantity that counts whole things is capped at a signed 64-bit integer."""


def parse_quantity(text: str) -> Ratio | None:
    """The number that a quantity stands for; None when Kubernetes would not take it."""
    match = _QUANTITY.match(text)
    if match is None:
        return None
    sign, whole, decimals, exponent, suffix = match.groups("")
    if not whole + decimals:
        return None
    number = int(sign + whole + decimals)
    power = int(exponent or 0) - len(decimals)
    if len(suffix) == 2:
        number *= 1024 ** _BINARY[suffix[0]]
    elif suffix:
        power += _DECIMAL[suffix]
    return Ratio(number * 10 ** max(power, 0), 10 ** max(-power, 0))


def cores(field: Field) -> Sourced[float]:
    """CPU in cores, to the thousandth."""
    amount = _amount(field)
    value = None if amount is None else amount.up(1000) / 1000
    return _sourced(field, value)


def byte_count(field: Field) -> Sourced[int]:
    """Memory in bytes."""
    amount = _amount(field)
    value = None if amount is None else min(amount.up(), _LARGEST_BYTES)
    return _sourced(field, value)


def plain_amount(field: Field) -> Sourced[float]:
    """A quantity in its own unit."""
    amount = _amount(field)
    return _sourced(field, None if amount is None else amount.numerator / amount.denominator)


def exceeds(one: Field, other: Field) -> bool | None:
    """Is the first amount the larger? None where one of them is no quantity."""
    left, right = _amount(one), _amount(other)
    if left is None or right is None:
        return None
    return left.numerator * right.denominator > right.numerator * left.denominator


def _amount(field: Field) -> Ratio | None:
    """A negative amount counts as unreadable: no field that is read with it takes one."""
    node = field.node
    if not isinstance(node, Scalar):
        return None
    amount = parse_quantity(node.text)
    if amount is None and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        # 1_000 or 0x10: a number to YAML, in a notation that no quantity has.
        amount = parse_quantity(str(node.value))
    return amount if amount is None or amount.numerator >= 0 else None


def _sourced(field: Field, value: N | None) -> Sourced[N]:
    if not field.present:
        return Sourced(None, None, field.location)
    reason = "" if value is not None else "not a quantity"
    return Sourced(value, Source.FILE, field.location, reason)
