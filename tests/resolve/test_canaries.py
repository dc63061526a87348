"""Workloads that are a trial of another one."""

from __future__ import annotations

from lintscale.resolve.project import derive
from tests.resolve.build import SETTINGS, deployment, project


def test_a_canary_is_one_only_beside_what_it_is_a_trial_of() -> None:
    names = ("shop", "shop-canary", "canary-basket", "basket", "canary", "token-canary")
    parts = [deployment(name, line=line) for line, name in enumerate(names, start=1)]
    found = derive(project(*parts), SETTINGS)
    marked = {each.name for each in found.workloads if each.canary}
    assert marked == {"shop-canary", "canary-basket"}


def test_what_is_tried_elsewhere_has_no_canary_here() -> None:
    tried = deployment("shop", namespace="one")
    found = derive(project(tried, deployment("shop-canary", namespace="two", line=9)), SETTINGS)
    assert not any(each.canary for each in found.workloads)
