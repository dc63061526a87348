"""AWS Copilot's manifests, which carry ECS services: ``copilot/NAME/manifest.yml``.

This module is imported by every run and stays light.
"""

from __future__ import annotations

from lintscale.platforms.base import Carrier

_NAMES = ("/manifest.yml", "/manifest.yaml")


def may_carry(file_name: str, text: str) -> bool:
    """Whether a file stands where Copilot looks for manifests."""
    inside = file_name.startswith("copilot/") or "/copilot/" in file_name
    return inside and file_name.endswith(_NAMES) and "type:" in text


CARRIER = Carrier(name="copilot", package=__name__, may_carry=may_carry, marks=("Service",))
