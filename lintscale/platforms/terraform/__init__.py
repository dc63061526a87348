"""Terraform: HCL files that carry ECS services, Kubernetes objects and databases.

This module is imported by every run and stays light.
"""

from __future__ import annotations

from lintscale.platforms.base import Carrier


def may_carry(file_name: str, text: str) -> bool:
    """Whether a file is one of Terraform's (a module's parts may hold nothing of their own), or
    what ``terraform show -json`` printed."""
    if file_name.endswith(".json"):
        return '"format_version"' in text[:200] and '"root_module"' in text
    return file_name.endswith((".tf", ".tfvars"))


CARRIER = Carrier(
    name="terraform",
    package=__name__,
    may_carry=may_carry,
    marks=("aws_", "kubernetes_", "cloudposse/", "terraform-aws-modules/"),
)
