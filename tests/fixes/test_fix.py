"""Fixes in rounds: what is applied, what is refused, and what nothing touches."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from lintscale import api
from lintscale._record import replace
from lintscale.fixes import loop
from lintscale.fixes.files import write
from lintscale.fixes.refusal import Cause, Refused
from lintscale.fixes.verifier import FixVerifier
from lintscale.project.config import load_settings
from tests.fixes.projects import (
    SHOP,
    SHOP_FIXED,
    WORKER,
    WORKER_FIXED,
    fixed,
    project,
    reasons,
    rules,
    texts,
)


def test_safe_fixes(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP, "other/render.yaml": WORKER})
    outcome = fixed(tmp_path)
    assert texts(outcome) == {"render.yaml": SHOP_FIXED, "other/render.yaml": WORKER_FIXED}
    assert rules(outcome) == ["deprecated-key", "deprecated-key", "replicas-beside-autoscaler"]
    assert outcome.unsafe_left == 1
    assert outcome.settled
    assert not outcome.refused
    # Nothing is written.
    assert (tmp_path / "render.yaml").read_text() == SHOP


def test_unsafe_fixes(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP})
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {
        "render.yaml": SHOP_FIXED.replace("minInstances: 1", "minInstances: 2")
    }
    assert outcome.unsafe_left == 0


def test_a_number_loses_the_quotes_that_the_schema_forbids(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP_FIXED.replace("minInstances: 1", 'minInstances: "1"')})
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {
        "render.yaml": SHOP_FIXED.replace("minInstances: 1", "minInstances: 2")
    }


def test_a_finding_whose_figure_changed_remains(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP})
    settings = load_settings(tmp_path)
    first = api.check([str(tmp_path)], settings=settings)
    finding = next(each for each in first.findings if each.fix is not None)
    changed = replace(finding, message=f"{finding.message}, once more")
    verifier = FixVerifier(first, api.check_request)
    assert verifier.refusal([finding], [finding], [changed]) == Refused(Cause.REMAINS)
    assert verifier.refusal([finding], [finding], []) is None


def test_what_is_fixed_stays_so(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP_FIXED.replace(": 1", ": 2"), "w.yaml": "a: 1\n"})
    outcome = fixed(tmp_path, unsafe=True)
    assert not outcome.changed
    assert not outcome.fixed


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("closing", [True, False])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_bytes_stay_as_they_are(
    mark: bytes, encoding: str, closing: bool, ends: str, tmp_path: Path
) -> None:
    def content(text: str) -> bytes:
        text = text.replace("mailer", "Büchersendung 📚") if encoding else text
        text = text if closing else text.rstrip("\n")
        return mark + text.replace("\n", ends).encode(encoding)

    project(tmp_path, {"render.yaml": content(WORKER)})
    outcome = fixed(tmp_path)
    assert [each.after for each in outcome.changed] == [content(WORKER_FIXED)]


def test_a_file_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": WORKER.encode() + b"    plan: \xff\n"})
    assert not fixed(tmp_path).changed


def test_other_documents_may_be_broken(tmp_path: Path) -> None:
    text = f"{WORKER}---\na: [1\n"
    project(tmp_path, {"render.yaml": text})
    assert texts(fixed(tmp_path)) == {"render.yaml": text.replace(WORKER, WORKER_FIXED)}


# -- what is asked for ----------------------------------------------------------------------------


def test_only_in_what_is_reported_on(tmp_path: Path) -> None:
    project(tmp_path, {"a/render.yaml": WORKER, "b/render.yaml": WORKER})
    assert set(texts(fixed(tmp_path, "a"))) == {"a/render.yaml"}
    assert set(texts(fixed(tmp_path, "b/render.yaml"))) == {"b/render.yaml"}


def test_only_what_is_selected_and_severe_enough(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP, "other/render.yaml": WORKER})
    outcome = fixed(tmp_path, unsafe=True, select=("deprecated-key",))
    assert set(rules(outcome)) == {"deprecated-key"}
    outcome = fixed(tmp_path, unsafe=True, ignore=("config",))
    assert rules(outcome) == ["min-instances", "replicas-beside-autoscaler"]
    outcome = fixed(tmp_path, unsafe=True, min_severity="error")
    assert rules(outcome) == ["min-instances"]


def test_fixable_and_unfixable(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": SHOP, "other/render.yaml": WORKER})
    outcome = fixed(tmp_path, unsafe=True, fixable=("scaling", "min-instances"))
    assert rules(outcome) == ["min-instances", "replicas-beside-autoscaler"]
    outcome = fixed(tmp_path, unsafe=True, unfixable=("scaling", "deprecated-key"))
    assert rules(outcome) == ["min-instances"]
    outcome = fixed(tmp_path, fixable=("deprecated-key",), unfixable=("config", "all"))
    assert set(rules(outcome)) == {"deprecated-key"}


def test_what_is_suppressed_is_as_it_should_be(tmp_path: Path) -> None:
    text = WORKER.replace("# as ever", "# lintscale: ignore[deprecated-key] an old CLI reads it")
    project(tmp_path, {"render.yaml": text})
    wanted = text.replace("autoDeploy: true", "autoDeployTrigger: commit")
    assert texts(fixed(tmp_path)) == {"render.yaml": wanted}


def test_standard_input(tmp_path: Path) -> None:
    project(tmp_path, {})
    outcome = fixed(tmp_path, "-", stdin=WORKER.encode())
    assert texts(outcome) == {"stdin.yaml": WORKER_FIXED}
    assert outcome.changed[0].path is None


# -- one after the other --------------------------------------------------------------------------

NEW_KEYS = """\
{
  "deploy": {
    "startCommand": "node server.js",
    "healthcheckPath": "/health"
  }
}
"""


def test_what_stands_at_one_place_is_written_in_rounds(tmp_path: Path) -> None:
    project(tmp_path, {"shop/railway.json": NEW_KEYS})
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {
        "shop/railway.json": NEW_KEYS.replace(
            '    "health',
            '    "numReplicas": 2,\n    "drainingSeconds": 30,\n    "health',
        )
    }
    assert rules(outcome) == ["min-instances", "no-drain"]


def test_a_misspelt_key_first(tmp_path: Path) -> None:
    text = SHOP_FIXED.replace("minInstances", "minInstance")
    project(tmp_path, {"render.yaml": text})
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {"render.yaml": SHOP_FIXED.replace(": 1\n", ": 2\n")}
    assert rules(outcome) == ["min-instances", "unknown-key"]


def test_rounds_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, {"shop/railway.json": NEW_KEYS})
    monkeypatch.setattr(loop, "MAX_ROUNDS", 1)
    outcome = fixed(tmp_path, unsafe=True)
    assert len(outcome.fixed) == 1
    assert not outcome.settled


# -- what does not hold ---------------------------------------------------------------------------


def test_a_count_is_not_moved_between_bounds_that_exclude_one_another(tmp_path: Path) -> None:
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/books/shop",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 5,
        "MaxCapacity": 2,
    }
    service = {"serviceName": "shop", "taskDefinition": "shop", "desiredCount": 1}
    project(tmp_path, {"target.json": json.dumps(target), "service.json": json.dumps(service)})
    outcome = fixed(tmp_path, unsafe=True)
    assert outcome.settled
    assert not outcome.fixed


def test_no_fix_that_brings_an_error(tmp_path: Path) -> None:
    text = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --port $PORT
    healthCheckPath: /health
    envVars:
      - key: DATABASE_URL
        fromDatabase: {name: orders, property: connectionString}
      - key: DB_POOL_SIZE
        value: "60"
      - key: DB_MAX_OVERFLOW
        value: "0"
databases:
  - name: orders
    plan: basic-1gb
"""
    # pool-headroom would make room first.
    config = 'ignore = ["pool-headroom"]\n'
    project(
        tmp_path,
        {"render.yaml": text, "other/render.yaml": WORKER, "lintscale.toml": config},
    )
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {"other/render.yaml": WORKER_FIXED}
    reason = reasons(outcome)["min-instances"]
    assert reason.startswith(
        "it would add error[pool-exceeds-limit] at render.yaml:13: orders allows 97"
    )
    assert outcome.settled


def test_many_that_do_not_hold_keep_none_from_those_that_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pools of the first ten are too large for a second instance."""
    monkeypatch.setattr(loop, "_MAX_ATTEMPTS", 10)
    service = """\
  - type: web
    name: {name}
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --port $PORT
    healthCheckPath: /health
"""
    pool = """\
    envVars:
      - key: DATABASE_URL
        fromDatabase: {{name: {name}-db, property: connectionString}}
      - {{key: DB_POOL_SIZE, value: "60"}}
      - {{key: DB_MAX_OVERFLOW, value: "0"}}
"""
    lines = ["services:\n"]
    lines += [(service + pool).format(name=f"shop-{number}") for number in range(10)]
    lines += [service.format(name=f"till-{number}") for number in range(5)]
    lines += ["databases:\n"]
    lines += [f"  - {{name: shop-{number}-db, plan: basic-1gb}}\n" for number in range(10)]
    config = 'ignore = ["pool-headroom"]\n'
    project(tmp_path, {"render.yaml": "".join(lines), "lintscale.toml": config})
    outcome = fixed(tmp_path, unsafe=True)
    assert (len(outcome.fixed), len(outcome.refused)) == (5, 10)
    assert outcome.settled


def test_the_others_are_applied_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fix of several that does something else than it says."""
    files = {f"{name}/render.yaml": WORKER for name in "abcde"}
    files["c/render.yaml"] = WORKER.replace("startCommand", "x: &y {env: 1}\n    startCommand")
    project(tmp_path, files)
    from lintscale.fixes import files as checks

    original = checks.unintended

    wrong = Refused(Cause.OTHER_VALUE, path=("x",))

    def suspicious(before: bytes, after: bytes, form: object, touched: object) -> Refused | None:
        if b"&y" in after and b"runtime" in after:
            return wrong
        return original(before, after, form, touched)  # type: ignore[arg-type]

    monkeypatch.setattr(checks, "unintended", suspicious)
    outcome = fixed(tmp_path)
    assert len(outcome.fixed) == 9
    assert [(each.finding.location.file, each.reason) for each in outcome.refused] == [
        ("c/render.yaml", wrong)
    ]
    assert outcome.settled


def test_what_an_alias_repeats_is_not_changed(tmp_path: Path) -> None:
    text = """\
x-scaling: &scaling
  minInstances: 1
  maxInstances: 6
  targetCPUPercent: 70
services:
  - type: web
    name: shop
    runtime: node
    plan: standard
    healthCheckPath: /health
    scaling: *scaling
  - type: worker
    name: mailer
    runtime: node
    plan: standard
    scaling: *scaling
"""
    project(tmp_path, {"render.yaml": text})
    assert "min-instances" not in rules(fixed(tmp_path, unsafe=True))


def test_what_stands_there_twice_is_left_to_people(tmp_path: Path) -> None:
    """Under another name, the second would let the first show."""
    twice = WORKER.replace("    env: python", "    env: node\n    env: python")
    project(tmp_path, {"render.yaml": twice.replace("    autoDeploy: true\n", "")})
    outcome = fixed(tmp_path)
    assert not outcome.changed
    assert reasons(outcome)["deprecated-key"] == "the finding would remain"


def test_a_comment_goes_only_with_an_unsafe_fix(tmp_path: Path) -> None:
    text = SHOP.replace("numInstances: 3", "numInstances: 3  # three shops")
    project(tmp_path, {"render.yaml": text})
    assert not fixed(tmp_path).changed
    outcome = fixed(tmp_path, unsafe=True, fixable=("replicas-beside-autoscaler",))
    assert texts(outcome) == {"render.yaml": SHOP_FIXED}
    assert outcome.fixed[0].fix is not None
    assert outcome.fixed[0].fix.description == "Remove “numInstances” and its comment"


# -- files ----------------------------------------------------------------------------------------


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(WORKER)
    folder = project(tmp_path / "project", {})
    (folder / "render.yaml").symlink_to(outside)
    outcome = fixed(folder, "render.yaml")
    assert not outcome.changed
    assert reasons(outcome) == {"deprecated-key": "a symbolic link leads out of the project"}


def test_a_link_within_the_project_is(tmp_path: Path) -> None:
    folder = project(tmp_path, {"deploy/blueprint.yaml": WORKER})
    (folder / "render.yaml").symlink_to(folder / "deploy" / "blueprint.yaml")
    outcome = fixed(folder, "render.yaml")
    assert texts(outcome) == {"render.yaml": WORKER_FIXED}


def test_a_file_by_two_names(tmp_path: Path) -> None:
    folder = project(tmp_path, {"deploy/blueprint.yaml": WORKER})
    (folder / "render.yaml").symlink_to(folder / "deploy" / "blueprint.yaml")
    outcome = fixed(folder, "render.yaml", "deploy/blueprint.yaml")
    assert set(texts(outcome)) == {"render.yaml", "deploy/blueprint.yaml"}
    for each in outcome.changed:
        assert each.path is not None
        write(each.path, each.before, each.after)
    assert (folder / "render.yaml").read_text() == WORKER_FIXED


def test_in_a_write_protected_folder_nothing_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, {"deploy/render.yaml": WORKER, "render.yaml": WORKER})
    folder = tmp_path / "deploy"
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != folder.resolve())
    outcome = fixed(tmp_path)
    assert texts(outcome) == {"render.yaml": WORKER_FIXED}
    assert reasons(outcome) == {"deprecated-key": "its folder is write-protected"}


def test_a_write_protected_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, {"render.yaml": WORKER})
    monkeypatch.setattr("os.access", lambda *_: False)
    assert reasons(fixed(tmp_path)) == {"deprecated-key": "the file is write-protected"}
