"""Rules of one's own: read, tested, applied, and told of when they are wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lintscale import api
from lintscale.engine.expressions.check import unknown_fields
from lintscale.policies import authoring as policies
from lintscale.project.config import RunOptions, load_settings
from lintscale.reports import model_json
from tests.cli.conftest import Lintscale, lintscale  # noqa: F401 - a fixture
from tests.test_policy_mistakes import EXPECT, read, write
from tools import model_schema

ROOT = Path(__file__).parent.parent
OWN = ROOT / "fixtures" / "policies"


def test_the_three_policies_do_what_their_examples_say() -> None:
    rules = read(OWN)
    assert [rule.id for rule in rules] == ["memory-quota", "registry-allow-list", "two-platforms"]
    assert [
        (each.name, each.failure) for each in policies.run_examples(rules, [OWN]) if each.failure
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
    settings = load_settings(folder, RunOptions(policies=[OWN], select=("policy",)))
    found = api.check([str(folder)], settings=settings).findings
    assert {(f.rule, f.location.file, f.location.line) for f in found} == expected


@pytest.mark.parametrize("platform", ["render", "railway", "ecs", "kubernetes"])
def test_the_file_to_start_from_works(tmp_path: Path, platform: str) -> None:
    (tmp_path / "own.yaml").write_text(policies.starting_file("own", [platform]), "utf-8")
    rules = read(tmp_path)
    assert [each.failure for each in policies.run_examples(rules, [tmp_path])] == ["", ""]


def test_the_rest_is_judged_and_the_run_fails(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A policy that is broken takes no finding away, neither a rule's nor another policy's."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies"
    folder.mkdir()
    write(folder, EXPECT, "expect: workload.max_instances <")
    other = policies.starting_file("other", ["render"])
    (folder / "other.yml").write_text(other, encoding="utf-8")
    (tmp_path / "lintscale.toml").write_text(
        'policies = ["policies"]\nselect = ["min-instances", "own", "other"]\n'
        "[rules.own]\nmost = 7\n",
        encoding="utf-8",
    )
    (tmp_path / "render.yaml").write_text(
        "services:\n"
        "  - {type: web, name: shop, runtime: node, startCommand: x, numInstances: 1}\n"
        "  - {type: web, name: till, runtime: node, startCommand: x, numInstances: 30}\n",
        encoding="utf-8",
    )
    done = lintscale("check", "render.yaml", "--output-format", "json")
    assert (done.code, done.err) == (2, "")
    found = {
        (each["rule"], each["file"], each["line"]) for each in json.loads(done.out)["findings"]
    }
    assert found == {
        ("own", "policies/own.yaml", 10),
        ("min-instances", "render.yaml", 2),
        ("other", "render.yaml", 3),
    }
    done = lintscale("policy", "test")
    assert done.code == 2
    assert "policies/own.yaml:10:32: not a CEL expression: unexpected end" in done.err
    assert "1 policy, 2 examples, all passed" in done.out


def test_beside_a_policy_that_cannot_be_used(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is fixed, and nobody is told that there is nothing to fix, or that a suppression
    names no rule; the examples of the others are tried all the same, with their fixes."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies"
    folder.mkdir()
    write(folder, EXPECT, "expect: workload.max_instances <")
    other = policies.starting_file("other", ["render"])
    other = other.replace("fix:\n", 'fix:\n  safety: safe\n  set: {workload.replicas: "20"}\n')
    fixed = other[other.index("    fails: |") : other.index("  - platform: render\n    passes")]
    fixed = fixed.replace("fails", "fixed").replace("21", "20")
    other = other.replace(
        "  - platform: render\n    passes", f"{fixed}  - platform: render\n    passes"
    )
    (folder / "other.yaml").write_text(other, encoding="utf-8")
    (tmp_path / "lintscale.toml").write_text(
        'policies = ["policies"]\nselect = ["policy", "suppressions"]\n'
        '[[ignore]]\nrule = "own"\nworkload = "shop"\nreason = "agreed"\n',
        encoding="utf-8",
    )
    text = (
        "services:\n  # lintscale: ignore[own] agreed\n"
        "  - {type: web, name: shop, runtime: node, startCommand: x, numInstances: 30}\n"
    )
    (tmp_path / "render.yaml").write_text(text, encoding="utf-8")
    done = lintscale("check", "--fix", "--output-format", "json")
    assert (done.code, done.err) == (
        2,
        "lintscale: nothing is fixed: a rule failed, findings after the fixes are unknown\n",
    )
    assert {each["rule"] for each in json.loads(done.out)["findings"]} == {"own", "other"}
    done = lintscale("policy", "test")
    assert "1 policy, 2 examples, all passed" in done.out
    (folder / "own.yaml").unlink()
    (tmp_path / "lintscale.toml").write_text('policies = ["policies"]\n', encoding="utf-8")
    assert lintscale("check", "--fix", "--select", "policy").code == 0
    assert (tmp_path / "render.yaml").read_text("utf-8") == text.replace("30", "20")


def test_a_folder_without_a_policy_is_no_policy_that_is_kept(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "render.yaml").write_text("services: []\n", encoding="utf-8")
    (tmp_path / "policies" / "deeper").mkdir(parents=True)
    folder = str(tmp_path / "policies")
    done = lintscale("check", str(tmp_path), "--policy", folder, "--output-format", "concise")
    assert done.code == 2
    assert "no policy (*.yaml) in this folder" in done.out


@pytest.mark.parametrize(("scope", "at"), [("project", "project"), ("service", "service")])
def test_what_stands_on_several_platforms_is_asked_about_for_each_of_them(
    tmp_path: Path, scope: str, at: str
) -> None:
    """Whichever comes first: a rule for Render alone is asked beside an ECS service too."""
    text = policies.starting_file("own", ["render"])
    text = text.replace("scope: workload", f"scope: {scope}").replace(EXPECT, 'expect: "false"')
    text = text.replace("when: workload.max_instances != null\n", "")
    text = text.replace("at: workload.max_", f"at: {at} # ").replace("{workload.name} may", "no #")
    text = text.replace("{workload.max_instances} instances", "")
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    ecs = '{"serviceName": "shop", "taskDefinition": "shop:1", "desiredCount": 2}'
    render = "services:\n  - {type: web, name: shop, runtime: node}\n"
    (tmp_path / "service.json").write_text(ecs, encoding="utf-8")
    settings = load_settings(tmp_path, RunOptions(policies=[folder], select=("own",)))
    assert api.check([str(tmp_path)], settings=settings).findings == []
    (tmp_path / "render.yaml").write_text(render, encoding="utf-8")
    assert [f.rule for f in api.check([str(tmp_path)], settings=settings).findings] == ["own"]


def test_sums_and_maps_make_a_budget(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "policies"
    folder.mkdir()
    text = policies.starting_file("own", ["render"])
    text = text.replace("scope: workload", "scope: project").replace(
        "at: workload.max_", "at: project # "
    )
    text = text.replace("when: workload.max_instances != null\n", "")
    costs = "project.workloads.map(w, param.dollars[w.plan] * double(w.max_instances)).sum()"
    text = text.replace(EXPECT, f"expect: {costs} <= 100.0")
    text = text.replace('message: "{workload.name} may', f'message: "{{{costs}}} $" # ')
    text = text.replace("params:", "params:\n  dollars: {default: {starter: 7.0}, description: x}")
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "lintscale.toml").write_text(
        'policies = ["policies"]\n[rules.own]\ndollars = {pro = 85.0}\n', encoding="utf-8"
    )
    (tmp_path / "render.yaml").write_text(
        "services:\n"
        "  - {type: web, name: shop, runtime: node, plan: starter, numInstances: 3}\n"
        "  - {type: web, name: till, runtime: node, plan: pro, numInstances: 1}\n",
        encoding="utf-8",
    )
    done = lintscale("check", "--select", "own", "--output-format", "json")
    (only,) = json.loads(done.out)["findings"]
    assert (only["message"], only["line"]) == ("106 $", 2)


def test_an_unexpected_fix_is_shown_by_its_line(tmp_path: Path) -> None:
    set_it = 'fix:\n  safety: safe\n  set: {workload.replicas: "20"}\n'
    for wanted, told in (
        ("19", "expected another fix of render.yaml: line 6 becomes “    numInstances: 20”"),
        ("20", ""),
    ):
        text = policies.starting_file("own", ["render"]).replace("fix:\n", set_it)
        example = text[text.index("    fails: |") : text.index("  - platform: render\n    passes")]
        fixed = example.replace("fails", "fixed").replace("21", wanted)
        (tmp_path / "own.yaml").write_text(text.replace(example, example + fixed), "utf-8")
        (tried, _) = policies.run_examples(read(tmp_path), [tmp_path])
        assert tried.failure.startswith(told)
        assert bool(tried.failure) == bool(told)


def test_a_failing_example_is_shown_with_its_line(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
) -> None:
    write(tmp_path, "numInstances: 21", "numInstances: [21")
    done = lintscale("policy", "test", str(tmp_path))
    assert done.code == 1
    assert f"render fails ({tmp_path}/own.yaml:19) - the text cannot be read, on line" in done.out


def test_policies_are_explained_and_listed(
    lintscale: Lintscale,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    lintscale("policy", "new", "own")
    (tmp_path / "lintscale.toml").write_text('policies = ["policies"]\n', encoding="utf-8")
    done = lintscale("explain", "own")
    assert done.code == 0
    assert "A service may run more instances than we pay for" in done.out
    assert "shop may run 21 instances; 20 are agreed on" in done.out
    assert "own" in lintscale("explain", "policy").out
    path = tmp_path / "policies" / "own.yaml"
    text = path.read_text(encoding="utf-8")
    costs = "params:\n  dollars: {default: {pro-plus: 175, a b: 1}, description: Dollars.}"
    path.write_text(text.replace("params:", costs), encoding="utf-8")
    assert 'dollars = {pro-plus = 175, "a b" = 1}' in lintscale("explain", "own").out
    listed = json.loads(lintscale("rules", "--output-format", "json").out)
    plain = json.loads(lintscale("rules", "--output-format", "json", "--isolated").out)
    assert len(listed["rules"]) == len(plain["rules"]) + 1


def test_the_check_with_a_good_policy_does_not_import_jsonschema(tmp_path: Path) -> None:
    """It explains a broken one, and takes 90 ms."""
    text = policies.starting_file("own", ["render"])
    # A placeholder in an example is nothing special.
    text = text.replace("name: shop", "name: ${SHOP}")
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "lintscale.toml").write_text('policies = ["policies"]\n', encoding="utf-8")
    (tmp_path / "render.yaml").write_text(
        "services:\n  - {type: web, name: shop, runtime: node, numInstances: 30}\n", "utf-8"
    )
    code = (
        "import sys\nfrom lintscale.cli import main\n"
        "sys.argv[1:] = ['check', '--select', 'own', '--output-format', 'concise']\n"
        "try:\n    main()\n"
        "finally:\n    print('jsonschema' in sys.modules)\n"
    )
    for old, new, imported in (("", "", False), ("[render]", "[render, render]", True)):
        (folder / "own.yaml").write_text(text.replace(old, new), encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ("platforms has a duplicate" if imported else "shop may run 30") in ran.stdout
        assert ran.stdout.splitlines()[-1] == str(imported)


def test_an_example_that_does_not_do_what_it_says(tmp_path: Path) -> None:
    write(tmp_path, "numInstances: 21", "numInstances: 20")
    rules = read(tmp_path)
    first, second = policies.run_examples(rules, [tmp_path])
    assert "expected a finding, got none" in first.failure
    assert second.failure == ""


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
    assert "1 policy, 2 examples, all passed" in done.out
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


def test_editors_propose_the_fields_that_there_are() -> None:
    told = "python -m tools.model_schema writes it anew"
    assert model_schema.RULE.read_text(encoding="utf-8") == model_schema.rule_text(), told
    proposed = json.loads(model_schema.rule_text())["$defs"]["mentions"]["examples"]
    assert {"workload.scaling.min", "database.plan", "project.workloads"} <= {*proposed}
    assert [told for path in proposed for told in unknown_fields(path)] == []


def test_the_models_schema_is_current_and_holds() -> None:
    told = "python -m tools.model_schema writes it anew"
    assert model_schema.PATH.read_text(encoding="utf-8") == model_schema.text(), told
    Draft202012Validator.check_schema(model_schema.schema())
    folder = ROOT / "fixtures" / "everything"
    plain = model_json.report(api.load([str(folder)], settings=load_settings(folder)))
    errors = [e.message for e in Draft202012Validator(model_schema.schema()).iter_errors(plain)]
    assert errors == []
