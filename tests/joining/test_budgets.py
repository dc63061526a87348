"""Disruption budgets and the pods they select, or do not, across files and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifests import (
    Manifest,
    as_json,
    as_yaml,
    autoscaler,
    budget,
    container,
    deployment,
    in_namespace,
    service,
)
from tests.one_service import checked, write
from tests.verdicts import places, rules

OTHERS = as_yaml(deployment(), service(), autoscaler(), budget())
"""A shop with nothing wrong."""

MAILER = budget("mailer")
"""A budget for pods that the shop does not have."""

DANGLING = "dangling-disruption-budget"
CLASHING = "conflicting-disruption-budgets"


def found(shop: Path, files: dict[str, str]) -> list[str]:
    return rules(checked(write(shop, {"shop.yaml": OTHERS, **files})))


# -- selecting nothing ----------------------------------------------------------------------------


def test_a_budget_of_nothing_scanned_is_told_at_its_selector(shop: Path) -> None:
    write(shop, {"shop.yaml": OTHERS, "policies/mailer.json": as_json(MAILER)})
    result = checked(shop)
    assert places(result) == [(DANGLING, "warning", "policies/mailer.json")]
    [finding] = result.findings
    assert finding.location.path == ("spec", "selector")
    assert finding.message == (
        "budget mailer selects app=mailer, and no workload with these labels is among the scanned"
        " files"
    )


@pytest.mark.parametrize("kind", ["Job", "CronJob", "DaemonSet", "Pod"])
def test_pods_of_any_kind_count(shop: Path, kind: str) -> None:
    template = {"metadata": {"labels": {"app": "mailer"}}, "spec": {"containers": [container()]}}
    spec: Manifest = {"template": template}
    if kind == "CronJob":
        spec = {"schedule": "0 3 * * *", "jobTemplate": {"spec": spec}}
    group = {"Job": "batch/v1", "CronJob": "batch/v1", "DaemonSet": "apps/v1", "Pod": "v1"}[kind]
    pods = {"apiVersion": group, "kind": kind, "metadata": {"name": "mailer"}, "spec": spec}
    if kind == "Pod":
        pods |= template
        pods["metadata"] = {"name": "mailer", "labels": {"app": "mailer"}}
    assert DANGLING not in found(shop, {"mailer.yaml": as_yaml(pods, MAILER)})


@pytest.mark.parametrize(
    ("namespaces", "dangling"),
    [
        (("books", "books"), False),
        (("books", ""), False),
        (("", "books"), False),
        (("books", "default"), False),
        (("books", "${NAMESPACE}"), False),
        (("books", "checkout"), True),
    ],
)
def test_the_pods_must_be_in_its_namespace(
    shop: Path, namespaces: tuple[str, str], dangling: bool
) -> None:
    of_pods, of_budget = namespaces
    files = {
        "mailer.yaml": as_yaml(in_namespace(deployment("mailer"), of_pods)),
        "policies/mailer.yaml": as_yaml(in_namespace(MAILER, of_budget)),
    }
    assert (DANGLING in found(shop, files)) is dangling


@pytest.mark.parametrize(
    "others",
    [
        {"kustomization.yaml": "resources: [shop.yaml]\ncommonLabels: {app: mailer}\n"},
        {"kustomization.yaml": "resources: [shop.yaml]\nlabels: [{pairs: {app: mailer}}]\n"},
        {
            "kustomization.yaml": "resources: [shop.yaml]\npatches: [{path: patch.yaml}]\n",
            "patch.yaml": as_yaml(deployment()).replace("app: shop", "app: mailer"),
        },
        {
            "chart/templates/mailer.yaml": as_yaml(deployment("mailer")).replace(
                "name: mailer", "name: {{ .Release.Name }}"
            )
        },
        {"mailer.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mailer\n"},
        {"mailer.yaml": as_yaml(deployment("mailer")).replace("app: mailer", "app: ${APP}")},
    ],
    ids=["labels", "new-labels", "a-patch", "a-chart", "a-broken-file", "a-placeholder"],
)
def test_pods_that_may_have_the_labels_are_not_missed(shop: Path, others: dict[str, str]) -> None:
    assert DANGLING not in found(shop, {"policies/mailer.yaml": as_yaml(MAILER), **others})


def test_a_budget_of_everything_or_behind_a_placeholder_is_not_judged(shop: Path) -> None:
    everything = budget("mailer", maxUnavailable=1, selector={})
    hidden = budget("mailer", maxUnavailable=1, selector={"matchLabels": {"app": "${APP}"}})
    for each in (everything, hidden):
        assert found(shop, {"shop.yaml": "", "policies/mailer.yaml": as_yaml(each)}) == []


# -- two for the same pods ------------------------------------------------------------------------


def test_both_budgets_are_shown_at_the_workload(shop: Path) -> None:
    second = budget("books", minAvailable=1, selector={"matchLabels": {"app": "shop"}})
    result = checked(write(shop, {"shop.yaml": OTHERS, "policies/books.yaml": as_yaml(second)}))
    assert places(result) == [(CLASHING, "error", "shop.yaml")]
    [finding] = result.findings
    assert finding.workload == "Deployment/shop"
    assert [(each.location.file, each.message) for each in finding.related] == [
        ("policies/books.yaml", "budget books selects them: app=shop"),
        ("shop.yaml", "budget shop selects them: app=shop"),
    ]


def test_one_finding_for_each_workload(shop: Path) -> None:
    second = budget(
        "books",
        maxUnavailable=1,
        selector={
            "matchExpressions": [{"key": "app", "operator": "In", "values": ["shop", "mailer"]}]
        },
    )
    mailer = (deployment("mailer", replicas=2), MAILER)
    result = checked(write(shop, {"shop.yaml": OTHERS, "more.yaml": as_yaml(second, *mailer)}))
    clashes = [finding for finding in result.findings if finding.rule == CLASHING]
    assert [finding.workload for finding in clashes] == ["Deployment/mailer", "Deployment/shop"]
