"""CloudFormation: templates, of SAM and as CDK synthesises them too, that carry ECS services.

This module is imported by every run and stays light.
"""

from __future__ import annotations

from lintscale.platforms.base import Carrier

_MARKS = (
    "AWS::ECS::",
    "AWS::ApplicationAutoScaling::",
    "AWS::RDS::",
    "AWS::ElastiCache::",
)


def may_carry(file_name: str, text: str) -> bool:
    """Whether the text may be a template of what is carried, by substrings."""
    return (
        "Resources" in text
        and any(mark in text for mark in _MARKS)
        and not file_name.endswith((".tf", ".tfvars", ".toml"))
    )


CARRIER = Carrier(name="cloudformation", package=__name__, may_carry=may_carry, marks=_MARKS)
