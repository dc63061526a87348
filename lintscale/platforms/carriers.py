"""The formats that hold other platforms' documents, as they are known before a file is read.

One light module for all of them: it is imported at every start.
"""

from __future__ import annotations

from lintscale.platforms.base import Carrier

_AWS = ("AWS::ECS::", "AWS::ApplicationAutoScaling::", "AWS::RDS::", "AWS::ElastiCache::")
_MANIFESTS = ("/manifest.yml", "/manifest.yaml")


def _of_terraform(file_name: str, text: str) -> bool:
    """A file of Terraform's (a module's parts may hold nothing of their own), or what
    ``terraform show -json`` printed."""
    if file_name.endswith(".json"):
        return '"format_version"' in text[:200] and '"root_module"' in text
    return file_name.endswith((".tf", ".tfvars"))


def _of_cloudformation(file_name: str, text: str) -> bool:
    """What may be a template of what is carried, by substrings."""
    return (
        "Resources" in text
        and any(mark in text for mark in _AWS)
        and not file_name.endswith((".tf", ".tfvars", ".toml"))
    )


def _of_copilot(file_name: str, text: str) -> bool:
    """A file where Copilot looks for manifests."""
    inside = file_name.startswith("copilot/") or "/copilot/" in file_name
    return inside and file_name.endswith(_MANIFESTS) and "type:" in text


CARRIERS: dict[str, Carrier] = {
    each.name: each
    for each in (
        Carrier(
            name="terraform",
            package="lintscale.platforms.terraform",
            may_carry=_of_terraform,
            marks=("aws_", "kubernetes_", "cloudposse/", "terraform-aws-modules/"),
        ),
        Carrier(
            name="cloudformation",
            package="lintscale.platforms.cloudformation",
            may_carry=_of_cloudformation,
            marks=_AWS,
        ),
        Carrier(
            name="copilot",
            package="lintscale.platforms.copilot",
            may_carry=_of_copilot,
            marks=("Service",),
        ),
    )
}
"""By name."""
