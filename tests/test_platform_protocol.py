"""No platform is named outside of ``lintscale/platforms/``, and adding one touches one folder, its
schemas and the table of platforms."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lintscale import api, platforms
from lintscale.cli import app
from lintscale.engine.rule_files import read_rules
from lintscale.engine.rules import RuleError
from lintscale.lsp import diagnostics
from lintscale.project.config import ConfigError, load_settings
from lintscale.validation.schemas import shipped_folder
from tests.toy_platform import PLATFORM as TOY

PACKAGE = Path(platforms.__file__).parent.parent

# -- no platform is named -------------------------------------------------------------------------

NAMES = re.compile(
    r"kubernetes|\bkube|k8s|railway|\becs\b|fargate|kustomiz|\bhelm\b|\bkeda\b"
    r"|(?<![a-z])render\.yaml|\brender:",
    re.IGNORECASE,
)
"""In identifiers and text. "render" alone is also what reports do."""

EXACTLY = frozenset({"render", "Render"})
"""The platform, where a whole text says so."""

TITLES = re.compile(r"\bRender\b(?! (?:the|a|it|all)\b)")
"""Render as people write it; a sentence may begin with the verb."""

ALLOWED = {
    "model/health_paths.py": "words in the paths of health checks, on every platform",
}
"""Modules that name one in their text all the same, and why."""

ALLOWED_NAMES = dict.fromkeys(
    ("KustomizeBuild", "kustomize_builds"), "the field's own word for what is applied together"
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("platforms/"):
            yield name, ast.parse(path.read_text("utf-8"))


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of texts that stand as statements: what code says of itself."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    own = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in own:
            yield node.lineno, node.value


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        names: list[str] = []
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                names = [name]
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.alias(name=name, asname=asname):
                names = [name.rpartition(".")[2], asname or ""]
            case ast.keyword(arg=str() as name):
                names = [name]
        yield from ((getattr(node, "lineno", 0), name) for name in names)


def test_no_text_names_a_platform() -> None:
    found = [
        f"{module}:{line}: {text}"
        for module, tree in modules()
        for line, text in texts(tree)
        if module not in ALLOWED
        and text not in ALLOWED_NAMES
        and (NAMES.search(text) or TITLES.search(text) or text in EXACTLY)
    ]
    assert found == []


def test_no_identifier_names_a_platform() -> None:
    spelled = re.compile(r"kubernetes|k8s|railway|(?:^|_)ecs(?:_|$)|fargate|kustom|helm|keda", re.I)
    found = [
        f"{module}:{line}: {name}"
        for module, tree in modules()
        for line, name in identifiers(tree)
        if name not in ALLOWED_NAMES and spelled.search(name)
    ]
    assert found == []


def test_no_room_imports_a_platform() -> None:
    rooms = tuple(f"lintscale.platforms.{name}" for name in platforms.TABLE)
    found = []
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [f"{node.module}.{each.name}" for each in node.names]
            else:
                continue
            found += [f"{module}: {name}" for name in imported if name.startswith(rooms)]
    assert found == []


@pytest.mark.parametrize("module", ALLOWED)
def test_what_is_allowed_is_needed(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    assert any(NAMES.search(text) or TITLES.search(text) for _, text in texts(tree))


def test_the_table_has_every_package_and_the_schema_of_rules_every_name() -> None:
    packages = {each.parent.name for each in (PACKAGE / "platforms").glob("*/__init__.py")}
    assert set(platforms.TABLE) | set(platforms.CARRIERS) == packages
    schema = json.loads((shipped_folder("schemas") / "rule.schema.json").read_text("utf-8"))
    assert schema["$defs"]["platform"]["enum"] == list(platforms.TABLE)


# -- a platform is added --------------------------------------------------------------------------

RULE = """\
id: too-many-toys
category: policy
severity: warning
summary: A toy runs more instances than fit into the box
platforms: [toy]
scope: workload
expect: workload.max_instances <= 3
at: workload.max_instances
message: "{workload.name} runs {workload.max_instances} instances; 3 fit"
why: Toys that do not fit into the box are lost sooner or later.
fix: {help: Lower the count.}
examples:
  - platform: toy
    line: 3
    fails: |
      toys:
        - name: bear
          count: 4
  - platform: toy
    passes: |
      toys:
        - name: bear
          count: 2
"""
TOYS = "toys:\n  - name: bear\n    count: 5\n  - name: car\n    colour: red\n"
CONFIG = 'policies = ["policies"]\ntoy-prefix = "box"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a toy platform's file and a rule for it."""
    monkeypatch.setitem(platforms.TABLE, TOY.name, TOY)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/too-many-toys.yaml").write_text(RULE, "utf-8")
    (tmp_path / "lintscale.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "toy.yaml").write_text(TOYS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line; its exit code and what it prints."""

    def run(*arguments: str) -> tuple[int, str]:
        code = app.run(arguments)
        return code, capsys.readouterr().out

    return run


def test_check(root: Path) -> None:
    result = api.check(["toy.yaml"], settings=load_settings(root))
    found = {each.rule: (each.platform, each.location.line) for each in result.findings}
    assert found["too-many-toys"] == ("toy", 3)
    assert found["unknown-key"] == ("toy", 5)
    assert not [each for each in result.findings if each.internal]


def test_a_file_that_cannot_be_parsed(root: Path) -> None:
    (root / "toy.yaml").write_text("toys: [\n", "utf-8")
    (finding,) = api.check(["toy.yaml"], settings=load_settings(root)).findings
    assert finding.rule == "syntax-error"


def test_show(root: Path, run: Run) -> None:
    code, shown = run("show", "--output-format", "json", "toy.yaml")
    assert code == 0
    workloads = json.loads(shown)["workloads"]
    assert [(each["platform"], each["name"]) for each in workloads] == [
        ("toy", "bear"),
        ("toy", "car"),
    ]
    assert "bear" in run("show", "toy.yaml")[1]


def test_explain_and_rules(root: Path, run: Run) -> None:
    assert "Toy Box" in run("explain", "too-many-toys")[1]
    assert "T toy" in run("rules")[1]


def test_policies(root: Path, run: Run) -> None:
    assert run("policy", "test", "policies")[0] == 0
    assert run("policy", "new", "max-toys", "--folder", "policies")[0] == 0
    assert "platform: toy" in (root / "policies/max-toys.yaml").read_text("utf-8")
    assert run("policy", "test", "policies")[0] == 0


def test_init(root: Path, run: Run) -> None:
    (root / "lintscale.toml").unlink()
    assert run("init")[0] == 0
    assert "bear" in (root / "lintscale.toml").read_text("utf-8")


def test_settings(root: Path) -> None:
    assert load_settings(root).platform_settings == {"toy-prefix": "box"}
    (root / "lintscale.toml").write_text("toy-prefix = 3\n", "utf-8")
    with pytest.raises(ConfigError, match="toy-prefix"):
        load_settings(root)


def test_the_language_server(root: Path) -> None:
    path = root / "toy.yaml"
    checked = diagnostics.check(root, {path: TOYS.replace("5", "6")}, [root])
    messages = {each.rule: each.message for each in checked.findings[path]}
    assert messages["too-many-toys"] == "bear runs 6 instances; 3 fit"
    assert "unknown-key" in messages


def test_rules_of_a_platform_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "too-many-toys.yaml").write_text(RULE, "utf-8")
    with pytest.raises(RuleError):
        read_rules(tmp_path)
