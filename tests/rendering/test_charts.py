"""Helm charts: with which values, and where in a template a value stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifests import as_yaml, budget, deployment, service
from tests.rendering.projects import check, found, project, skipped
from tests.rendering.tools import Tools

CHART = "deploy/shop"
TEMPLATE = f"{CHART}/templates/shop.yaml"
FILES = {
    f"{CHART}/Chart.yaml": "apiVersion: v2\nname: bookshop-web\nversion: 0.1.0\n",
    f"{CHART}/values.yaml": "replicas: 1\n",
    TEMPLATE: """\
{{- /* the shop */}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec: {{- include "spec" . | nindent 6 }}
""",
}


def output(replicas: int = 1, source: str = "bookshop-web/templates/shop.yaml") -> str:
    """As Helm prints it."""
    documents = as_yaml(deployment(replicas=replicas), service(), budget()).split("---\n")
    return "".join(f"---\n# Source: {source}\n{each}" for each in documents)


def runs(tools: Tools, root: Path) -> list[list[str]]:
    """The arguments of each run of Helm, without the project's folder."""
    prefix = f"{root.resolve()}/"
    return sorted(
        [argument.removeprefix(prefix) for argument in arguments]
        for arguments, _, _ in tools.runs("helm")
    )


def test_a_finding_stands_in_the_template(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    result = check(project(tmp_path, FILES))
    assert found(result) == [("min-instances", TEMPLATE, 7), ("no-autoscaling", TEMPLATE, 7)]
    assert result.findings[0].fix is None
    assert result.summary.skipped == ()
    assert result.project.outside == ()


def test_the_chart_goes_by_its_own_name(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    root = project(tmp_path, FILES)
    check(root)
    assert runs(tools, root) == [["template", "bookshop-web", CHART]]


def test_a_chart_whose_name_no_release_may_have(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output(source="bookshop_web/templates/shop.yaml")})
    chart = "apiVersion: v2\nname: Bookshop_web\nversion: 0.1.0\n"
    root = project(tmp_path, {**FILES, f"{CHART}/Chart.yaml": chart})
    assert found(check(root))[0] == ("min-instances", TEMPLATE, 7)
    assert runs(tools, root) == [["template", "bookshop-web", CHART]]


@pytest.mark.parametrize("broken", ["missing", "failing"])
def test_without_helm(tmp_path: Path, tools: Tools, broken: str) -> None:
    if broken == "failing":
        tools.script("helm", "import sys; sys.exit('Error: values: replicas is required')")
    result = check(project(tmp_path, FILES))
    reasons = skipped(result)
    reason, command = reasons[f"{CHART}/Chart.yaml"]
    assert reason == (
        "not rendered: helm is not on PATH"
        if broken == "missing"
        else "helm cannot render it: values: replicas is required"
    )
    assert command == "helm template bookshop-web ./deploy/shop | lintscale check -"
    assert reasons[TEMPLATE][0].startswith("a Helm template")
    assert result.project.outside == ("Helm templates were left out",)


@pytest.mark.parametrize("declared", ["Chart.yaml", "requirements.yaml"])
def test_charts_that_are_not_fetched(tmp_path: Path, tools: Tools, declared: str) -> None:
    """The same with Helm, which is not started, and without it."""
    needs = "dependencies: [{name: redis}, {name: redis-ha}, {name: cache}, {name: there}]\n"
    files = {
        **FILES,
        f"{CHART}/charts/cache-1.2.0.tgz": "",
        f"{CHART}/charts/redis-ha-v4.tgz": "",
        f"{CHART}/charts/own/Chart.yaml": "name: there\n",
    }
    files[f"{CHART}/{declared}"] = files.get(f"{CHART}/{declared}", "") + needs
    root = project(tmp_path, files)
    without = skipped(check(root))[f"{CHART}/Chart.yaml"]
    tools.says("helm", {CHART: output()})
    assert without == skipped(check(root))[f"{CHART}/Chart.yaml"]
    assert without[0] == "not rendered: it needs charts that are not there (redis)"
    assert without[1].startswith("helm dependency build ./deploy/shop && helm template")
    assert tools.runs("helm") == []


def test_charts_that_it_depends_on_are_missing(tmp_path: Path, tools: Tools) -> None:
    tools.script(
        "helm",
        "import sys; sys.exit('Error: An error occurred while checking for chart dependencies. You "
        "may need to run `helm dependency build` to fetch missing dependencies: found in "
        "Chart.yaml, but missing in charts/ directory: redis, cache')",
    )
    reason, command = skipped(check(project(tmp_path, FILES)))[f"{CHART}/Chart.yaml"]
    assert reason == "not rendered: it needs charts that are not there (redis, cache)"
    assert command == (
        "helm dependency build ./deploy/shop && "
        "helm template bookshop-web ./deploy/shop | lintscale check -"
    )


# -- values ---------------------------------------------------------------------------------------

CONFIG = """\
[[helm]]
chart = "deploy/*"
values = ["values-eu.yaml", "config/eu.yaml"]
release = "shop-eu"
namespace = "bookshop"

[[helm]]
chart = "/deploy/shop"
values = ["values-us.yaml"]

[[helm]]
chart = "other"
"""


def test_values_of_the_configuration(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {"eu.yaml": output(3), "us.yaml": output(1)})
    files = {
        **FILES,
        f"{CHART}/values-eu.yaml": "",
        f"{CHART}/values-us.yaml": "",
        "config/eu.yaml": "",
    }
    root = project(tmp_path, files, CONFIG)
    result = check(root)
    assert runs(tools, root) == [
        ["template", "bookshop-web", CHART, "--values", f"{CHART}/values-us.yaml"],
        [
            *("template", "shop-eu", CHART, "--namespace", "bookshop"),
            *("--values", f"{CHART}/values-eu.yaml", "--values", "config/eu.yaml"),
        ],
    ]
    (finding,) = [each for each in result.findings if each.rule == "min-instances"]
    assert finding.message.endswith(f"(in {CHART}/values-us.yaml)")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), [()]),
        (("values-production.yaml",), [("values-production.yaml",)]),
        (("values-dev.yaml",), [(), ("values-dev.yaml",)]),
        (
            ("values.staging.yml", "prod-values.yaml"),
            [("prod-values.yaml",), ("values.staging.yml",)],
        ),
        (("values/production.yaml",), [("values/production.yaml",)]),
        (("values.prod.yaml",), [("values.prod.yaml",)]),
        (("production.values.yaml",), [("production.values.yaml",)]),
        (("staging.values.yaml",), [(), ("staging.values.yaml",)]),
        (("release.values.yaml",), [("release.values.yaml",)]),
        (("tempo.values.yaml",), [()]),
        (("values-ci.yaml", "production.yaml", "ci/prod-values.yaml"), [()]),
    ],
)
def test_values_of_the_chart(
    tmp_path: Path, tools: Tools, names: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    """Those that are called after an environment or a release; the defaults unless one is
    production's."""
    tools.says("helm", {CHART: output()})
    root = project(tmp_path, {**FILES, **{f"{CHART}/{name}": "replicas: 1\n" for name in names}})
    check(root)
    assert runs(tools, root) == sorted(
        ["template", "bookshop-web", CHART]
        + [word for name in values for word in ("--values", f"{CHART}/{name}")]
        for values in expected
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tempo-values-production.yaml", "server: {}\n"),
        ("tempo-values-production.yaml", "replicas: 3\n"),
        ("values-tempo-production.yaml", "replicas: 3\nserver: {}\n"),
        ("values-production.yaml", "server: {}\n"),
        ("values/tempo-production.yaml", "server: {}\n"),
    ],
)
def test_values_of_another_chart(tmp_path: Path, tools: Tools, name: str, content: str) -> None:
    """By a name before "values", or by keys that this chart does not read."""
    tools.says("helm", {CHART: output()})
    root = project(tmp_path, {**FILES, f"{CHART}/{name}": content})
    check(root)
    assert runs(tools, root) == [["template", "bookshop-web", CHART]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bookshop-values-production.yaml", "replicas: 3\n"),
        ("values-eu-production.yaml", "replicas: 3\nglobal: {}\n"),
        ("values-production.yaml", "replicas: 3\nsurplus: 1\n"),
        ("values-production.yaml", "probes: {}\n"),  # a template reads it
        ("values-production.yaml", "cache: {}\n"),  # a dependency
    ],
)
def test_own_values(tmp_path: Path, tools: Tools, name: str, content: str) -> None:
    tools.says("helm", {CHART: output()})
    files = {
        **FILES,
        f"{CHART}/Chart.yaml": "name: bookshop-web\ndependencies: [{name: redis, alias: cache}]\n",
        f"{CHART}/charts/redis/Chart.yaml": "name: redis\n",
        f"{CHART}/templates/more.yaml": "{{ .Values.probes }}\n",
        f"{CHART}/{name}": content,
    }
    root = project(tmp_path, files)
    check(root)
    expected = ["template", "bookshop-web", CHART, "--values", f"{CHART}/{name}"]
    assert runs(tools, root) == [expected]


def test_values_that_a_release_of_another_chart_uses(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    release = "{name: t, chart: grafana/tempo, values: [shop/values-production.yaml]}"
    files = {
        **FILES,
        f"{CHART}/values-production.yaml": "replicas: 3\n",
        "deploy/helmfile.yaml": f"releases: [{release}]\n",
    }
    root = project(tmp_path, files)
    check(root)
    assert runs(tools, root) == [["template", "bookshop-web", CHART]]


def test_the_name_of_the_values_tells_the_environment(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {"values-staging": output(1), CHART: output(2)})
    result = check(project(tmp_path, {**FILES, f"{CHART}/values-staging.yaml": "replicas: 1\n"}))
    assert {each.environment.value for each in result.project.workloads} == {
        "staging",
        "production",
    }
    assert "min-instances" not in {finding.rule for finding in result.findings}


def test_values_outside_of_the_project(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    (tmp_path / "secret.yaml").write_text("a: 1\n", "utf-8")
    config = '[[helm]]\nchart = "deploy/shop"\nvalues = ["../secret.yaml"]\n'
    result = check(project(tmp_path, FILES, config))
    assert skipped(result)["../secret.yaml"][0] == (
        "not rendered: ../secret.yaml lies outside of the project"
    )
    assert tools.runs("helm") == []


# -- which charts ---------------------------------------------------------------------------------


def test_a_chart_within_a_chart_is_its_part(tmp_path: Path, tools: Tools) -> None:
    inner = f"{CHART}/charts/cache"
    files = {
        **FILES,
        f"{inner}/Chart.yaml": "name: cache\n",
        f"{inner}/templates/cache.yaml": "kind: Deployment\nspec:\n  replicas: {{ 1 }}\n",
    }
    tools.says("helm", {CHART: output(1, "bookshop-web/charts/cache/templates/cache.yaml")})
    root = project(tmp_path, files)
    result = check(root)
    assert runs(tools, root) == [["template", "bookshop-web", CHART]]
    assert found(result)[0] == ("min-instances", f"{inner}/templates/cache.yaml", 3)
    assert result.summary.skipped == ()


def test_a_packed_chart_is_context(tmp_path: Path, tools: Tools) -> None:
    """Who deploys it did not write it; but what scales it belongs to it."""
    tools.says("helm", {CHART: output(1, "bookshop-web/charts/cache/templates/cache.yaml")})
    result = check(project(tmp_path, FILES))
    assert found(result) == []
    assert [each.name for each in result.project.workloads] == ["shop"]


def test_a_library_is_no_chart_to_deploy(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {})
    files = {**FILES, f"{CHART}/Chart.yaml": "name: common\ntype: library\n"}
    result = check(project(tmp_path, files))
    assert tools.runs("helm") == []
    assert f"{CHART}/Chart.yaml" not in skipped(result)


@pytest.mark.parametrize("name", ["--post-renderer=./evil", "", "a b", "[x]"])
def test_a_chart_whose_name_is_none(tmp_path: Path, tools: Tools, name: str) -> None:
    tools.says("helm", {CHART: output()})
    check(project(tmp_path, {**FILES, f"{CHART}/Chart.yaml": f"name: {name!r}\n"}))
    assert tools.runs("helm") == []


def test_a_symbolic_link_out_of_the_project(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    root = project(tmp_path, FILES)
    (tmp_path / "secret.yaml").write_text("kind: Deployment\n", "utf-8")
    (root / CHART / "templates" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    assert skipped(check(root))[f"{CHART}/Chart.yaml"][0] == (
        "not rendered: it has a symbolic link that leads out of the project "
        f"({CHART}/templates/link.yaml)"
    )
    assert tools.runs("helm") == []


def test_what_only_tests_run_is_not_judged(tmp_path: Path, tools: Tools) -> None:
    hook = "metadata:\n  annotations: {helm.sh/hook: 'test-success,test'}\n  name: shop"
    text = output().replace("metadata: {name: shop}", hook, 1)
    assert "test-success" in text
    tools.says("helm", {CHART: text})
    assert check(project(tmp_path, FILES)).project.workloads == ()


# -- lines of a template --------------------------------------------------------------------------

LINES = """\
{{- if .Values.cache.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-cache
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: cache
        image: redis:7
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: "{{ .Release.Name }}"
  # replicas: 9
spec:
  {{- if .Values.big }}
  replicas: 7
  {{- else }}
  replicas: 1  # enough
  {{- end }}
  strategy: {{- toYaml .Values.strategy | nindent 4 }}
  template:
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image }}"
          {{- with .Values.probes }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        -   name: "proxy"
            image: proxy:1
            resources:
                requests:
                    memory: {{ .Values.memory }}
"""

POD = """\
---
# Source: bookshop-web/templates/shop.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: shop}}}}
  strategy:
    rollingUpdate: {{maxUnavailable: 100%}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: proxy
          image: proxy:1
          resources: {{requests: {{memory: 1Gi}}}}
        - name: bookshop-web
          image: shop:latest
          livenessProbe: {{httpGet: {{path: /x, port: 80}}}}
"""


@pytest.mark.parametrize(("replicas", "line"), [(1, 24), (7, 22), (5, 20)])
def test_lines_that_an_action_chooses_between(
    tmp_path: Path, tools: Tools, replicas: int, line: int
) -> None:
    """The one with the value; where there is none, the block around them."""
    tools.says("helm", {CHART: POD.format(replicas=replicas)})
    result = check(project(tmp_path, {**FILES, TEMPLATE: LINES}))
    (workload,) = result.project.workloads
    assert workload.replicas.location is not None
    assert workload.replicas.location.line == line


def test_lines_of_blocks_and_entries(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: POD.format(replicas=1)})
    result = check(project(tmp_path, {**FILES, TEMPLATE: LINES}))
    (workload,) = result.project.workloads
    proxy, shop = workload.containers
    assert workload.rollout.max_unavailable.location is not None
    assert workload.rollout.max_unavailable.location.line == 26  # made by an action there
    places = [
        workload.location,
        shop.location,  # the only entry whose name an action makes
        shop.image.location,
        shop.liveness.location if shop.liveness else None,
        proxy.location,
        proxy.memory_request_bytes.location,
    ]
    assert [place.line if place else None for place in places] == [18, 30, 31, 30, 35, 39]


def test_a_template_that_makes_everything_elsewhere(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: POD.format(replicas=1)})
    files = {**FILES, TEMPLATE: '{{ include "all" . }}\n# Deployment\n'}
    result = check(project(tmp_path, files), select=())
    assert {finding.location.line for finding in result.findings} == {1}
    assert {finding.location.file for finding in result.findings} == {TEMPLATE}


# -- default values, loops ------------------------------------------------------------------------


def test_the_default_values_are_not_what_is_deployed(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output()})
    (finding,) = check(project(tmp_path, FILES), select=("min-instances",)).findings
    assert finding.severity == "info"
    assert finding.message.endswith("(with the chart's default values)")


@pytest.mark.parametrize(
    "config",
    ["", '[[helm]]\nchart = "deploy/shop"\n'],
)
def test_values_that_are_deployed(tmp_path: Path, tools: Tools, config: str) -> None:
    """The chart's own for production, or whatever the configuration says."""
    tools.says("helm", {CHART: output()})
    files = {**FILES, f"{CHART}/values-production.yaml": "replicas: 1\n"}
    (finding,) = check(project(tmp_path, files, config), select=("min-instances",)).findings
    assert finding.severity == "error"
    assert "default" not in finding.message


def test_known_values_go_before_the_defaults(tmp_path: Path, tools: Tools) -> None:
    """A development system is known, what production runs is not."""
    tools.says("helm", {"values-dev": output(1), CHART: output(1)})
    files = {**FILES, f"{CHART}/values-dev.yaml": "replicas: 1\n"}
    (finding,) = check(project(tmp_path, files), select=("min-instances",)).findings
    assert finding.severity == "info"


@pytest.mark.parametrize("known", [False, True])
def test_what_default_values_break_is_no_error(tmp_path: Path, tools: Tools, known: bool) -> None:
    tools.says("helm", {CHART: output().replace("replicas: 1", "replicas: many")})
    values = {f"{CHART}/values-production.yaml": "replicas: many\n"} if known else {}
    result = check(project(tmp_path, {**FILES, **values}), select=("schema-violation",))
    (finding,) = result.findings
    assert finding.severity == ("error" if known else "info")
    assert finding.message.endswith("default values)") is not known


def test_what_a_chart_breaks_is_no_matter_of_values(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: output().replace("replicas: 1", "replica: 1")})
    (finding,) = check(project(tmp_path, FILES), select=("unknown-key",)).findings
    assert finding.severity == "error"


LOOP = {
    **FILES,
    TEMPLATE: "{{- range .Values.shops }}\n---\napiVersion: apps/v1\nkind: Deployment\n"
    "spec:\n  replicas: 1\n{{- end }}\n",
}


def loop(count: int) -> str:
    names = [f"shop-{number:02}" for number in range(count)]
    return "".join(
        output().replace("name: shop", f"name: {name}").replace("app: shop", f"app: {name}")
        for name in names
    )


def test_a_loop_is_one_finding_with_its_objects(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: loop(3)})
    (finding,) = check(project(tmp_path, LOOP), select=("min-instances",)).findings
    assert finding.workload == "Deployment/shop-00"
    assert finding.message.startswith("shop-00 runs 1 instance")
    assert "(also Deployment/shop-01 and Deployment/shop-02)" in finding.message


def test_a_long_loop_names_the_first_objects(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: loop(25).replace("replicas: 1", "replica: 1")})
    (finding,) = check(project(tmp_path, LOOP), select=("unknown-key",)).findings
    assert "(in Deployment/shop-00, Deployment/shop-01, " in finding.message
    assert finding.message.endswith(" and 15 more)")


def test_one_object_of_a_loop_is_suppressed(tmp_path: Path, tools: Tools) -> None:
    tools.says("helm", {CHART: loop(2)})
    config = '[[ignore]]\nrule = "min-instances"\nworkload = "shop-00"\nreason = "a demo"\n'
    root = project(tmp_path, LOOP, config)
    (finding,) = check(root, select=("min-instances",)).findings
    assert finding.workload == "Deployment/shop-01"
    assert "also" not in finding.message


def test_another_number_is_another_finding(tmp_path: Path, tools: Tools) -> None:
    first, second = output(0), loop(1)
    tools.says("helm", {CHART: first.replace("replicas: 0", "replicas: 9") + second})
    result = check(project(tmp_path, LOOP), select=("no-autoscaling",))
    assert len(result.findings) == 2
