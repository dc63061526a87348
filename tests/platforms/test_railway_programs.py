"""What is read of Railway's programs is what Railway's own SDKs make of them.

tests/data/railway-programs/README.md says how the graphs were recorded.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.engine.finding import Finding
from lintscale.model.resolved import Workload
from lintscale.platforms.railway.program import as_tree, graphs
from lintscale.project.config import load_settings
from lintscale.project.discovery import is_config, is_of_application
from lintscale.project.loading import Request
from lintscale.syntax.nodes import to_plain

PROGRAMS = Path(__file__).parents[1] / "data" / "railway-programs"


def read(text: str, suffix: str = "ts") -> dict[str, Any]:
    """The graphs of a program by environment."""
    found = graphs(text, f".railway/railway.{suffix}")
    assert found is not None
    return {graph.environment: to_plain(as_tree(graph)) for graph in found}


def services(text: str, suffix: str = "ts", environment: str = "") -> dict[str, Any]:
    project = read(text, suffix)[environment]
    return {each["name"]: each for each in project["resources"] if each["type"] == "service"}


@pytest.mark.parametrize("recorded", sorted(PROGRAMS.glob("*.json")), ids=lambda path: path.stem)
def test_graphs_are_those_of_the_sdk(recorded: Path) -> None:
    name, environment = recorded.stem.split(".")
    program = next(
        each for each in PROGRAMS.glob(f"{name}.*") if each.suffix not in (".json", ".md")
    )
    found = read(program.read_text(), program.suffix[1:])
    key = environment if environment in found else ""
    # What JavaScript leaves undefined is no part of JSON.
    assert found[key] == json.loads(recorded.read_text())


HEAD = 'import { defineRailway, github, image, postgres, project, service } from "railway/iac";\n'


def program(body: str) -> str:
    return f"{HEAD}export default defineRailway((ctx) => {{\n{body}\n}});\n"


def replicas(expression: str, before: str = "") -> object:
    """What ``replicas`` comes to in production."""
    text = program(
        f'{before}\nreturn project("shop", {{ resources: ['
        f'service("web", {{ start: "x", replicas: {expression} }})] }});'
    )
    found = read(text)
    project = found["production" if "production" in found else ""]
    deploy = project["resources"][0]["deploy"]
    return deploy.get("multiRegionConfig") or deploy.get("numReplicas")


@pytest.mark.parametrize(
    ("expression", "before", "expected"),
    [
        ("COUNT", "const COUNT = 2 + 1;", 3),
        ("n", "let n = 1; if (ctx.environment === 'production') { n = 4 } else { n = 2 }", 4),
        ("n", "let n = 1; n += 2;", 3),
        ("sizes.web", "const sizes = { web: 2 }; sizes.web = 5;", 5),
        ("sizes[ctx.environment] ?? 1", "const sizes = { production: 6 };", 6),
        ("pick(true)", "const pick = (big) => { if (big) return 7; return 1; };", 7),
        ("ctx.environmentName === 'staging' ? 1 : 2", "", 2),
        ("['staging', 'dev'].includes(ctx.environment) ? 1 : 3", "", 3),
        ("Math.max(2, 3)", "", 3),
        ("ctx.pr ? 1 : 2", "", 2),
        ("!ctx.isEnvironment('production') ? 1 : 8", "", 8),
        ("{ 'us-west2': 2 }", "", {"us-west2": {"numReplicas": 2}}),
    ],
)
def test_what_is_known(expression: str, before: str, expected: object) -> None:
    assert replicas(expression, before) == expected


@pytest.mark.parametrize(
    ("expression", "before"),
    [
        ("Number(process.env.REPLICAS)", ""),
        ("Number(process.env.REPLICAS ?? 3)", ""),
        ("process.env.BIG ? 3 : 1", ""),
        ("COUNT", 'import { COUNT } from "./sizes";'),
        ("fetchCount()", ""),
        ("n", "let n = 3; if (process.env.BIG) { n = 5 }"),
        ("n", "let n = 3; while (n < 5) { n++ }"),
        ("sizes.web", "const sizes = { web: 2 }; adjust(sizes);"),
        ("sizes.web", "const sizes = { web: 2, ...more };"),
        ("pick()", "const pick = () => { if (Math.random() > 0.5) return 2; return 3; };"),
        ("again()", "const again = () => again();"),
    ],
)
def test_what_is_not_known_is_no_number(expression: str, before: str) -> None:
    assert not isinstance(replicas(expression, before), int)


def test_a_default_takes_the_place_of_nothing_that_is_not_known(tmp_path: Path) -> None:
    text = program(
        "const more = load();\n"
        'return project("shop", { resources: [service("web", { ...more, start: "x" })] });'
    )
    [web] = workloads(tmp_path, text)
    assert web.replicas.value is None
    assert web.health_check_path.value is None
    assert web.health_check_path.written
    assert web.containers[0].command.value == "x"


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ('{ RAILWAY_DEPLOYMENT_DRAINING_SECONDS: "40" }', 40),
        ("{ RAILWAY_DEPLOYMENT_DRAINING_SECONDS: preserve() }", None),
        ("{ ...load() }", None),
        ('{ OTHER: "40" }', 0),
    ],
)
def test_a_variable_may_set_the_time_to_drain(
    env: str, expected: int | None, tmp_path: Path
) -> None:
    service = f'service("web", {{ start: "x", env: {env} }})'
    text = program(f'return project("shop", {{ resources: [{service}] }});')
    text = text.replace("postgres,", "postgres, preserve,")
    [web] = workloads(tmp_path, text)
    assert web.shutdown.drain_seconds.value == expected


def workloads(folder: Path, text: str, name: str = ".railway/railway.ts") -> list[Workload]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return list(api.load([str(folder)], settings=load_settings(folder)).project.workloads)


def check(folder: Path, files: dict[str, str], today: str = "2027-01-01") -> list[Finding]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    request = Request([str(folder)], load_settings(folder), today=today)
    return list(api.check_request(request).findings)


def said(findings: list[Finding], rule: str) -> list[tuple[str, int, str]]:
    """The places and severities of a rule's findings."""
    found = [each for each in findings if each.rule == rule]
    return [(each.location.file, each.location.line, each.severity.value) for each in found]


NEW = program(
    """  const db = postgres("db");
  const web = service("web", {
    start: "node server.js",
    numReplicas: 3,
    restartPolicyType: "ALWAYS",
    scaling: { min: 2 },
    healthCheckPath: "/up",
    replicas: 2,
    deploy: { drainingSeconds: 30 },
    env: { DATABASE_URL: db.env.DATABASE_URL },
  });
  const forgotten = service("forgotten", { start: "node x.js" });
  return project("shop", { resources: [db, web] });"""
)


GO = """package main

import "github.com/railwayapp/railway-go-sdk"

const Partial = "shop"

var sizes = map[string]int{"production": 3, "staging": 1}

func preserved(names ...string) map[string]any {
	out := make(map[string]any, len(names))
	for _, name := range names {
		out[name] = railway.Preserve()
	}
	return out
}

func worker(name string, n int) railway.Service {
	config := railway.ServiceConfig{"start": "./worker " + name, "replicas": n,
		"env": preserved("KEY", "TOKEN")}
	return railway.ServiceNamed(name, config)
}

func Railway(ctx railway.Context) railway.Project {
	ctx = railway.NewContext(ctx)
	db := railway.Postgres("db")
	cpu := 0.5
	if ctx.Environment == "production" {
		cpu = 2
	}
	resources := []any{db, railway.ServiceNamed("web", railway.ServiceConfig{
		"source":   railway.Github("acme/shop"),
		"start":    "./shop",
		"replicas": map[string]any{"us-west2": sizes[ctx.Environment]},
		"deploy": map[string]any{
			"limitOverride": map[string]any{"containers": map[string]any{"cpu": cpu}},
		},
		"env": map[string]any{"DATABASE_URL": db.Env("DATABASE_URL"), "KEY": railway.Preserve()},
	})}
	for _, name := range []string{"mail", "images"} {
		resources = append(resources, worker(name, 2))
	}
	return railway.ProjectNamed("shop", resources, railway.ProjectConfig{
		Variables: &railway.VariablesPolicy{Managed: true},
	})
}
"""


def test_go_is_read_like_the_others() -> None:
    """As the Go SDK's README writes it: the module could not be had to record what it makes."""
    found = services(GO, "go", "production")
    assert set(found) == {"web", "mail", "images"}
    assert found["web"]["deploy"] == {
        "startCommand": "./shop",
        "multiRegionConfig": {"us-west2": {"numReplicas": 3}},
        "limitOverride": {"containers": {"cpu": 2}},
    }
    assert found["web"]["source"] == {"type": "github", "repo": "acme/shop"}
    assert found["web"]["variables"]["DATABASE_URL"] == {
        "type": "reference",
        "resource": "database.db",
        "output": "DATABASE_URL",
    }
    assert found["mail"]["deploy"] == {"startCommand": "./worker mail", "numReplicas": 2}
    assert found["mail"]["variables"] == {name: {"type": "preserve"} for name in ("KEY", "TOKEN")}
    staging = services(GO, "go", "staging")
    assert staging["web"]["deploy"]["multiRegionConfig"] == {"us-west2": {"numReplicas": 1}}


def test_settings_that_the_sdk_drops_are_errors_with_the_right_spelling(tmp_path: Path) -> None:
    findings = check(tmp_path, {".railway/railway.ts": NEW})
    found = [each for each in findings if each.rule == "unknown-key"]
    assert [(each.location.line, each.severity.value) for each in found] == [
        (6, "error"), (7, "error"), (8, "error"), (9, "error"),
    ]  # fmt: skip
    for each, spelling in zip(
        found,
        ("replicas", "deploy: {restartPolicyType", "no autoscaler", "healthcheck"),
        strict=True,
    ):
        assert spelling in each.help


def test_a_resource_that_is_not_in_the_project_is_said_not_to_be_deployed(tmp_path: Path) -> None:
    findings = check(tmp_path, {".railway/railway.ts": NEW})
    assert said(findings, "undeployed-resource") == [(".railway/railway.ts", 14, "warning")]
    assert not [each for each in findings if each.workload == "forgotten"]


def test_a_database_has_the_connections_of_its_image(tmp_path: Path) -> None:
    check(tmp_path, {".railway/railway.ts": NEW})
    loaded = api.load([str(tmp_path)], settings=load_settings(tmp_path)).project
    [database] = [each for each in loaded.databases if each.name == "db"]
    assert (database.engine, database.limit.value, database.reserved.value) == (
        "postgresql",
        100,
        3,
    )


OLD = '{"deploy": {"startCommand": "node old.js", "numReplicas": 1, "healthcheckPath": "/up"}}'


def test_alone_the_old_file_is_an_error_from_the_day_on(tmp_path: Path) -> None:
    before = check(tmp_path, {"railway.json": OLD}, "2026-11-30")
    after = check(tmp_path, {"railway.json": OLD}, "2026-12-01")
    assert said(before, "retired-format") == [("railway.json", 1, "warning")]
    assert said(after, "retired-format") == [("railway.json", 1, "error")]
    [finding] = [each for each in after if each.rule == "min-instances"]
    assert finding.severity.value == "error"
    assert "asks for 1 instance" in finding.message


def test_beside_its_successor_the_old_file_is_no_more_than_remarked(tmp_path: Path) -> None:
    files = {
        "railway.json": OLD,
        ".railway/railway.ts": NEW.replace("replicas: 2,", "replicas: 1,"),
    }
    findings = check(tmp_path, files)
    old = [each for each in findings if each.location.file == "railway.json"]
    assert {each.severity.value for each in old} == {"info"}
    [note] = [each for each in old if each.rule == "retired-format"]
    assert "superseded by .railway/railway.ts" in note.message
    assert ("min-instances", "error") in [
        (each.rule, each.severity.value)
        for each in findings
        if each.location.file == ".railway/railway.ts"
    ]


def test_a_program_of_another_folder_takes_no_files_place(tmp_path: Path) -> None:
    findings = check(tmp_path, {"a/railway.json": OLD, "b/.railway/railway.ts": NEW})
    assert said(findings, "retired-format") == [("a/railway.json", 1, "error")]


def test_old_and_new_are_compared_field_by_field(tmp_path: Path) -> None:
    findings = check(tmp_path, {"railway.json": OLD, ".railway/railway.ts": NEW})
    drifts = [each.message for each in findings if each.rule == "platform-drift"]
    assert sorted(each.split(" differs in ")[1].split(" from ")[0] for each in drifts) == [
        "drain seconds", "health check path", "instances", "start command",
    ]  # fmt: skip
    assert any("1 in railway.json, 2 in .railway/railway.ts" in each for each in drifts)
    assert all(
        each.location.file == ".railway/railway.ts"
        for each in findings
        if each.rule == "platform-drift"
    )


def test_a_program_is_no_source_of_an_application() -> None:
    """Its postgres() opens no pool."""
    assert is_config(".railway/railway.py")
    assert not is_of_application("apps/.railway/railway.py")
    assert is_of_application("railway.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export default make();", "the project (make, set elsewhere) cannot be known"),
        (
            program("return project('shop', { resources: [...more] });"),
            "some of the resources cannot be known",
        ),
    ],
)
def test_what_is_not_known_as_a_whole_is_said(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / ".railway" / "railway.ts"
    path.parent.mkdir()
    path.write_text(text)
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    [skipped] = result.summary.skipped
    assert skipped.file == ".railway/railway.ts"
    assert skipped.reason.startswith(expected)


def test_no_fix_edits_a_program(tmp_path: Path) -> None:
    findings = check(tmp_path, {".railway/railway.ts": NEW.replace("replicas: 2", "replicas: 1")})
    assert findings
    assert all(each.fix is None for each in findings)


def test_comments_suppress_in_a_program(tmp_path: Path) -> None:
    text = NEW.replace(
        "replicas: 2,", "// lintscale: ignore[min-instances] one writer\n    replicas: 1,"
    )
    findings = check(tmp_path, {".railway/railway.ts": text})
    assert not said(findings, "min-instances")
    assert not said(findings, "unused-suppression")


@pytest.mark.parametrize("suffix", ["ts", "js", "py", "go"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "export default",
        "(" * 5000,
        "[" * 300 + "]" * 300,
        "import { service } from 'railway/iac'; service(",
        "const f = () => f(); export default f;",
        "x = [1]\nfor i in x:\n    x.append(i)\ndef main(): return x",
        "const a = []; for (const b of [1,2]) { a.push(a); } export default a;",
        "const a = {}; a.a = a; export default { resources: [a], a };",
        "\ufeffexport default defineRailway(",
    ],
)
def test_any_text_is_read(text: str, suffix: str, tmp_path: Path) -> None:
    check(tmp_path, {f".railway/railway.{suffix}": text})


@pytest.mark.parametrize(
    "step",
    [
        "a = [...a, ...a];",
        "a = [a, a];",
        "a = a.concat(a);",
        "a = { a, b: a };",
        "a = a.map((x) => a);",
        "t = t + t;",
        "t = `${t}${t}`;",
        "a = [a, a].flat(20);",
        "for (const x of [1, 2, 3]) { for (const y of [1, 2, 3]) { a = [a, x, y]; } }",
    ],
)
def test_what_doubles_for_ever_ends(step: str) -> None:
    text = program(
        f"let a = [1]; let t = 'x';\n{step * 60}\nreturn project('p', {{ resources: [a, t] }});"
    )
    started = time.process_time()
    assert graphs(text, ".railway/railway.ts") is not None
    read(text)
    assert time.process_time() - started < 5
