"""fixtures/overlays as a whole: with what the tools render, stored, and with the tools."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from lintscale import api
from lintscale.project.config import RunOptions, load_settings
from tests.rendering.tools import Tools

FIXTURE = Path(__file__).parent.parent.parent / "fixtures" / "overlays"
STORED = Path(__file__).parent / "stored"

OVERLAYS: Mapping[str, str] = {
    "/k8s/overlays/staging": (STORED / "staging.yaml").read_text("utf-8"),
    "/k8s/overlays/production": (STORED / "production.yaml").read_text("utf-8"),
}
CHARTS: Mapping[str, str] = {"/charts/reviews": (STORED / "reviews.yaml").read_text("utf-8")}

PRODUCTION = "k8s/overlays/production"
TEMPLATE = "charts/reviews/templates/deployment.yaml"

EXPECTED = {
    # A base's own findings are told once, at the base, whatever the overlays call its objects.
    ("missing-requests", "k8s/base/shop.yaml", 32, "Deployment/shop"),
    # What an overlay adds stands in the overlay.
    ("min-instances", f"{PRODUCTION}/autoscaler.yaml", 10, "Deployment/shop"),
    ("utilization-without-request", f"{PRODUCTION}/autoscaler.yaml", 16, "Deployment/shop"),
    # What a kustomization sets stands at its entry.
    ("unpinned-image", f"{PRODUCTION}/kustomization.yaml", 10, "Deployment/shop"),
    ("min-instances", f"{PRODUCTION}/kustomization.yaml", 13, "Deployment/catalogue"),
    ("no-autoscaling", f"{PRODUCTION}/kustomization.yaml", 13, "Deployment/catalogue"),
    ("plaintext-credential", f"{PRODUCTION}/kustomization.yaml", 18, "Deployment/shop"),
    # Inside a patch that stands in the kustomization, the very line.
    ("unpinned-image", f"{PRODUCTION}/kustomization.yaml", 29, "Deployment/catalogue"),
    # What a patch of its own file sets.
    ("rollout-stops-service", f"{PRODUCTION}/rollout.yaml", 8, "Deployment/shop"),
    # Of a chart, the template's line.
    ("missing-disruption-budget", TEMPLATE, 4, "Deployment/reviews"),
    ("missing-spread", TEMPLATE, 16, "Deployment/reviews"),
    ("identical-probes", TEMPLATE, 26, "Deployment/reviews"),
}


RULES = {rule for rule, *_ in EXPECTED}


def check(folder: Path, *paths: Path) -> api.CheckResult:
    """By the rules that the fixture is about; those that come later are no business of these
    tests."""
    settings = load_settings(FIXTURE if paths else folder, RunOptions(select=sorted(RULES)))
    return api.check([str(path) for path in paths or (folder,)], settings=settings)


def verdicts(folder: Path) -> set[tuple[str, str, int, str | None]]:
    result = check(folder)
    assert not result.failed_rules
    found = [(f.rule, f.location.file, f.location.line, f.workload) for f in result.findings]
    assert len(found) == len(set(found)), "the same finding twice"
    return set(found)


@pytest.fixture
def stored(tools: Tools) -> Tools:
    """Tools that render the fixture as the real ones did."""
    tools.says("kustomize", OVERLAYS)
    tools.says("helm", CHARTS)
    return tools


def test_every_finding_stands_where_its_value_is_written(stored: Tools) -> None:
    assert verdicts(FIXTURE) == EXPECTED


def test_nothing_is_left_out_where_everything_was_rendered(stored: Tools) -> None:
    result = check(FIXTURE)
    assert result.summary.skipped == ()
    assert result.summary.workloads == 5  # two in each of two overlays, and the chart's
    # The kustomizations, manifests and patches, and the chart's templates.
    assert result.summary.files_checked == 12


def test_workloads_are_those_of_their_overlays(stored: Tools) -> None:
    result = api.load([str(FIXTURE)], settings=load_settings(FIXTURE))
    found = {
        (workload.display_name, workload.environment.value): workload
        for workload in result.project.workloads
    }
    assert set(found) == {
        ("Deployment/shop", "production"),
        ("Deployment/shop", "staging"),
        ("Deployment/catalogue", "production"),
        ("Deployment/catalogue", "staging"),
        ("Deployment/reviews", "production"),
    }
    shop = found["Deployment/shop", "production"]
    assert (shop.namespace, shop.service) == ("bookshop", "shop")
    assert [scaler.name for scaler in shop.autoscalers] == ["prod-shop"]
    assert found["Deployment/shop", "staging"].autoscalers == ()
    assert [budget.namespace for budget in shop.disruption_budgets] == ["bookshop"]
    variables = {each.name: each.value.value for each in shop.containers[0].environment}
    assert variables == {
        "LOG_LEVEL": "info",
        "WEB_CONCURRENCY": "2",
        "DATABASE_PASSWORD": "Quire-81-folio",
    }


def test_fixes_touch_plain_manifests_only(stored: Tools) -> None:
    result = check(FIXTURE)
    fixed = {finding.location.file for finding in result.findings if finding.fix is not None}
    assert fixed == {f"{PRODUCTION}/autoscaler.yaml"}


def test_only_what_is_asked_for_is_reported(stored: Tools) -> None:
    result = check(FIXTURE, FIXTURE / "k8s" / "base")
    # The overlays' autoscalers follow what the base's container does not request, and one of them
    # may scale the base's workload in to a single instance, which a deploy
    # may stop: whether it does hangs on the base's count.
    asked = {
        "min-instances",
        "missing-requests",
        "rollout-stops-service",
        "utilization-without-request",
    }
    assert {finding.rule for finding in result.findings} == asked
    assert {finding.location.file.split("/")[1] for finding in result.findings} == {"base"}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lists_says_nothing(stored: Tools, tmp_path: Path, seed: int) -> None:
    """Lists of resources, images, patches and the documents of files in another order."""
    random = Random(seed)  # noqa: S311 - an order, not a secret
    folder = tmp_path / "bookshop"
    shutil.copytree(FIXTURE, folder)
    for name in ("base", "overlays/staging", "overlays/production"):
        file = folder / "k8s" / name / "kustomization.yaml"
        file.write_text(shuffled(file.read_text("utf-8"), random), encoding="utf-8")
    for file in folder.glob("k8s/base/*e.yaml"):
        documents = file.read_text("utf-8").split("---\n")
        random.shuffle(documents)
        file.write_text("---\n".join(part.rstrip("\n") + "\n" for part in documents), "utf-8")
    without_lines = {(rule, file, workload) for rule, file, _, workload in verdicts(folder)}
    assert without_lines == {(rule, file, workload) for rule, file, _, workload in EXPECTED}


def shuffled(kustomization: str, random: Random) -> str:
    """The text with its top-level keys in another order, and the entries of ``resources``."""
    blocks: list[list[str]] = []
    for line in kustomization.splitlines():
        if not line.startswith(" "):
            blocks.append([])
        blocks[-1].append(line)
    for block in blocks:
        if block[0] == "resources:":
            entries = block[1:]
            random.shuffle(entries)
            block[1:] = entries
    random.shuffle(blocks)
    return "\n".join(line for block in blocks for line in block) + "\n"


# -- the real tools -------------------------------------------------------------------------------


def test_the_real_tools_lead_to_the_same(real_kustomize: str, real_helm: str) -> None:
    assert verdicts(FIXTURE) == EXPECTED


def test_without_helm_the_overlays_are_rendered_all_the_same(real_kustomize: str) -> None:
    assert verdicts(FIXTURE) == {each for each in EXPECTED if not each[1].startswith("charts/")}


def test_the_healthy_project_is_healthy_when_rendered(real_kustomize: str) -> None:
    healthy = FIXTURE.parent / "kubernetes" / "healthy"
    assert api.check([str(healthy)], settings=load_settings(healthy)).findings == []
