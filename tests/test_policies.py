"""Rules of one's own: read, tested, applied, and told of when they are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lintscale import api, policies
from lintscale.config import load_settings
from lintscale.engine.rules import RuleError
from lintscale.reports import model_json
from tests.cli.conftest import Lintscale, lintscale  # noqa: F401 - a fixture
from tools import model_schema

ROOT = Path(__file__).parent.parent
OWN = ROOT / "fixtures" / "policies"


def test_the_three_policies_do_what_their_examples_say() -> None:
    rules = policies.read([OWN])
    assert [rule.id for rule in rules] == ["memory-quota", "registry-allow-list", "two-platforms"]
    assert [
        (each.name, each.mistake) for each in policies.tried(rules, [OWN]) if each.mistake
    ] == []


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (
            "everything",
            {
                ("two-platforms", ".aws/ledger/service.json", 3),
                ("registry-allow-list", ".aws/ledger/task-definition.json", 10),
                ("two-platforms", "k8s/base/checkout.yaml", 4),
                ("two-platforms", "services/events/railway.toml", 1),
                ("two-platforms", "services/notifications/railway.json", 1),
            },
        ),
        (
            "kubernetes/unhealthy",
            {
                ("two-platforms", "deploy/apps/catalogue.yaml", 5),
                ("two-platforms", "deploy/apps/checkout.yaml", 4),
                ("two-platforms", "deploy/apps/events.yaml", 5),
                ("two-platforms", "deploy/apps/shop-web.yaml", 4),
                ("registry-allow-list", "deploy/data/shop-db.yaml", 18),
            },
        ),
    ],
)
def test_they_are_found_on_the_fixtures(project: str, expected: set[tuple[str, str, int]]) -> None:
    folder = ROOT / "fixtures" / project
    settings = load_settings(folder, policies=[OWN], select=("policy",))
    found = api.check([str(folder)], settings=settings).findings
    assert {(f.rule, f.location.file, f.location.line) for f in found} == expected


def write(folder: Path, old: str, new: str) -> Path:
    text = policies.starting_file("own", ["render"])
    assert text.count(old) >= 1
    path = folder / "own.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("platform", ["render", "railway", "ecs", "kubernetes"])
def test_the_file_to_start_from_works(tmp_path: Path, platform: str) -> None:
    (tmp_path / "own.yaml").write_text(policies.starting_file("own", [platform]), "utf-8")
    rules = policies.read([tmp_path])
    assert [each.mistake for each in policies.tried(rules, [tmp_path])] == ["", ""]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("workload.max_instances <=", "workload.max_instances <== ", "not a CEL expression"),
        ("<= param.most", "<= param.mots", "param has no field “mots”; did you mean “most”?"),
        (
            "workload.max_instances != null",
            "workload.max_instance != null",
            "workload has no field “max_instance”; did you mean “max_instances”?",
        ),
        (
            "at: workload.max_instances",
            "at: workload.maximum",
            "workload has no field “maximum”",
        ),
        ("{workload.name}", "{workload.nam}", "workload has no field “nam”"),
        ("    fails: |", "    passes: |", "there is no example that fails on render"),
        ("severity: warning ", "severity: fatal ", "'fatal' is not one of"),
        ("id: own", "id: other", "the file must be named other.yaml"),
        ("scope: workload ", "scop: workload ", "'scop' was unexpected"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = write(tmp_path, old, new)
    with pytest.raises(RuleError) as error:
        policies.read([tmp_path])
    told = str(error.value)
    assert said in told
    assert told.startswith(f"{path}:")
    assert all(part.isdigit() for part in told.removeprefix(f"{path}:").split(":")[:2])


def test_an_id_that_is_taken(tmp_path: Path) -> None:
    text = policies.starting_file("min-instances", ["render"])
    (tmp_path / "min-instances.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="there is a rule min-instances already"):
        api.rules([tmp_path])


def test_an_example_that_does_not_do_what_it_says(tmp_path: Path) -> None:
    write(tmp_path, "numInstances: 21", "numInstances: 20")
    rules = policies.read([tmp_path])
    first, second = policies.tried(rules, [tmp_path])
    assert "it must fire, and does not" in first.mistake
    assert second.mistake == ""


def test_the_command(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lintscale("policy", "new", "No Id").code == 2
    assert lintscale("policy", "new", "own", "--platform", "ecs").code == 0
    assert lintscale("policy", "new", "own").code == 2
    assert lintscale("policy", "test").code == 2
    (tmp_path / "lintscale.toml").write_text(
        'policies = ["policies"]\n[severity]\nown = "info"\n', encoding="utf-8"
    )
    done = lintscale("policy", "test")
    assert done.code == 0
    assert "1 policy, 2 examples, all as they say" in done.out
    (tmp_path / "service.json").write_text(
        '{"serviceName": "shop", "taskDefinition": "shop:1", "desiredCount": 30}', encoding="utf-8"
    )
    done = lintscale("check", ".", "--select", "own", "--output-format", "json")
    (only,) = json.loads(done.out)["findings"]
    assert (only["rule"], only["severity"], only["line"]) == ("own", "info", 1)


def test_a_folder_that_is_not_there(lintscale: Lintscale, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "lintscale.toml").write_text('policies = ["polices"]\n', encoding="utf-8")
    done = lintscale("check", str(tmp_path))
    assert done.code == 2
    assert "there is no folder “polices”" in done.err


def test_the_models_schema_is_current_and_holds() -> None:
    told = "python -m tools.model_schema writes it anew"
    assert model_schema.PATH.read_text(encoding="utf-8") == model_schema.text(), told
    Draft202012Validator.check_schema(model_schema.schema())
    folder = ROOT / "fixtures" / "everything"
    plain = model_json.report(api.load([str(folder)], settings=load_settings(folder)))
    errors = [e.message for e in Draft202012Validator(model_schema.schema()).iter_errors(plain)]
    assert errors == []
