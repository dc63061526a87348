"""Nothing is joined across environments that the configuration or the files tell apart, and a join
that is a guess gives no safe fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from tests.manifests import Manifest, as_yaml, autoscaler, budget, deployment, service
from tests.one_service import checked, write


def placed(manifest: Manifest, **metadata: object) -> str:
    return as_yaml({**manifest, "metadata": {**manifest["metadata"], **metadata}})


def rules(result: api.CheckResult) -> set[str]:
    return {finding.rule for finding in result.findings}


CONFIGURED = {
    "lintscale.toml": '[environments]\nproduction = ["a/**"]\nstaging = ["b/**"]\n',
    "a/hpa.yaml": as_yaml(autoscaler()),
    "b/web.yaml": as_yaml(deployment(replicas=3)),
}
APART = {
    "the configuration": CONFIGURED,
    "folders": {
        "production/hpa.yaml": as_yaml(autoscaler()),
        "staging/web.yaml": as_yaml(deployment(replicas=3)),
    },
    "a namespace": {
        "production/hpa.yaml": as_yaml(autoscaler()),
        "web.yaml": placed(deployment(replicas=3), namespace="staging"),
    },
    "labels": {
        "hpa.yaml": placed(autoscaler(), labels={"environment": "production"}),
        "web.yaml": placed(deployment(replicas=3), labels={"environment": "staging"}),
    },
}


@pytest.mark.parametrize("sign", APART)
def test_an_autoscaler_of_another_environment(tmp_path: Path, sign: str) -> None:
    result = checked(write(tmp_path / "bookshop", APART[sign]))
    assert "replicas-beside-autoscaler" not in rules(result)
    (told,) = (each for each in result.findings if each.rule == "dangling-autoscaler")
    assert told.message.endswith("only for another environment (staging)")


def test_what_is_for_all_environments_is_joined(tmp_path: Path) -> None:
    files = {
        "production/hpa.yaml": as_yaml(autoscaler()),
        "base/web.yaml": as_yaml(deployment(replicas=3)),
    }
    result = checked(write(tmp_path / "bookshop", files))
    assert "replicas-beside-autoscaler" in rules(result)
    assert "dangling-autoscaler" not in rules(result)


@pytest.mark.parametrize(("folder", "fires"), [("staging", True), ("production", False)])
def test_a_budget_of_another_environment(tmp_path: Path, folder: str, fires: bool) -> None:
    files = {
        "production/web.yaml": as_yaml(deployment(replicas=3), service()),
        f"{folder}/budget.yaml": as_yaml(budget()),
    }
    assert ("missing-disruption-budget" in rules(checked(write(tmp_path / "shop", files)))) == fires


@pytest.mark.parametrize(("folder", "fires"), [("staging", False), ("production", True)])
def test_a_service_of_another_environment(tmp_path: Path, folder: str, fires: bool) -> None:
    files = {
        "production/web.yaml": as_yaml(deployment(replicas=1)),
        f"{folder}/service.yaml": as_yaml(service()),
    }
    assert ("min-instances" in rules(checked(write(tmp_path / "shop", files)))) == fires


WEB = deployment(replicas=3)
DOUBTFUL = {
    "a namespace that only one has": {
        "hpa.yaml": as_yaml(autoscaler()),
        "web.yaml": placed(WEB, namespace="bookshop"),
    },
    "several candidates": {
        "hpa.yaml": as_yaml(autoscaler()),
        "europe/web.yaml": as_yaml(WEB),
        "america/web.yaml": as_yaml(WEB),
    },
    "the nearest of several": {
        "shop/hpa/hpa.yaml": as_yaml(autoscaler()),
        "shop/web/web.yaml": as_yaml(WEB),
        "copy/web.yaml": as_yaml(WEB),
    },
    "folders of variants": {
        "overlays/europe/hpa.yaml": as_yaml(autoscaler()),
        "overlays/america/web.yaml": as_yaml(WEB),
    },
}
CERTAIN = {
    "one file": {"k8s.yaml": as_yaml(WEB, autoscaler())},
    "two folders": {"hpa/hpa.yaml": as_yaml(autoscaler()), "web/web.yaml": as_yaml(WEB)},
    "a folder with a copy elsewhere": {
        "shop/hpa.yaml": as_yaml(autoscaler()),
        "shop/web.yaml": as_yaml(WEB),
        "copy/web.yaml": as_yaml(WEB),
    },
}


@pytest.mark.parametrize("why", [*DOUBTFUL, *CERTAIN])
def test_a_doubtful_join_gives_no_safe_fix(tmp_path: Path, why: str) -> None:
    result = checked(write(tmp_path / "bookshop", {**DOUBTFUL, **CERTAIN}[why]))
    fixes = [each.fix for each in result.findings if each.rule == "replicas-beside-autoscaler"]
    assert fixes
    assert all(fix is not None and (fix.safety == "safe") == (why in CERTAIN) for fix in fixes)


@pytest.mark.parametrize(("folder", "size"), [("staging", None), ("production", 40)])
def test_variables_of_another_environment(tmp_path: Path, folder: str, size: int | None) -> None:
    shop = deployment()
    shop["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [
        {"configMapRef": {"name": "shop"}}
    ]
    settings = {"DATABASE_URL": "postgresql://db/shop", "DB_POOL_SIZE": "40"}
    group = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}}
    files = {
        "production/web.yaml": as_yaml(shop),
        f"{folder}/settings.yaml": as_yaml({**group, "data": settings}),
    }
    (workload,) = checked(write(tmp_path / "bookshop", files)).project.workloads
    assert [pool.size.value for pool in workload.pools] == ([] if size is None else [size])
