"""Workloads that are a trial of another one."""

from __future__ import annotations

from lintscale.resolve.derive import derive
from tests.resolve.build import SETTINGS, deployment, project


def test_a_canary_is_one_only_beside_what_it_is_a_trial_of() -> None:
    names = ("shop", "shop-canary", "canary-basket", "basket", "canary", "token-canary")
    found = derive(project(*map(deployment, names)), SETTINGS)
    marked = {each.name for each in found.workloads if each.canary}
    assert marked == {"shop-canary", "canary-basket"}


def test_what_is_tried_elsewhere_has_no_canary_here() -> None:
    tried = deployment("shop", namespace="one")
    found = derive(project(tried, deployment("shop-canary", namespace="two")), SETTINGS)
    assert not any(each.canary for each in found.workloads)
