"""What a comment covers: whole runs over real files in every format."""

from __future__ import annotations

import pytest

from tests.suppressions.run import audited, check, hidden, left, said

K8S = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:latest
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 1Gi}}
        - name: proxy
          image: registry.example/proxy
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 1Gi}}
"""
"""Found in it: min-instances and no-autoscaling on line 6, unpinned-image on lines 13 and 18."""

MIN, NONE = ("min-instances", 6), ("no-autoscaling", 6)
SHOP, PROXY = ("unpinned-image", 13), ("unpinned-image", 18)


def with_line(text: str, before: int, line: str) -> str:
    """A line more, which stands before the line of that number."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: before - 1], f"{line}\n", *lines[before - 1 :]])


def with_comment(text: str, number: int, comment: str) -> str:
    """A comment at the end of a line."""
    lines = text.split("\n")
    lines[number - 1] += f"  {comment}"
    return "\n".join(lines)


def test_the_file_itself() -> None:
    assert left(check(K8S)) == {MIN, NONE, SHOP, PROXY}
    assert check(K8S).summary.suppressed == 0


# -- a line, a block, a document, a file ----------------------------------------------------------


def test_on_the_line() -> None:
    result = check(with_comment(K8S, 6, "# lintscale: ignore[min-instances] a demo"))
    assert (hidden(result), left(result)) == ({MIN}, {NONE, SHOP, PROXY})
    assert result.summary.suppressed == len(result.suppressed) == 1
    assert audited(result) == []


def test_directly_above() -> None:
    result = check(with_line(K8S, 6, "  # lintscale: ignore[min-instances] a demo"))
    assert hidden(result) == {("min-instances", 7)}
    assert audited(result) == []


def test_other_comments_may_stand_between() -> None:
    text = with_line(K8S, 6, "  # and one more remark")
    result = check(with_line(text, 6, "  # lintscale: ignore[min-instances] a demo,"))
    assert hidden(result) == {("min-instances", 8)}


def test_an_empty_line_parts() -> None:
    text = with_line(K8S, 6, "")
    result = check(with_line(text, 6, "  # lintscale: ignore[min-instances] a demo"))
    assert hidden(result) == set()
    assert said(result) == "this suppresses nothing: there is nothing directly below it"


@pytest.mark.parametrize("category", ["availability", "min-instances, scaling"])
def test_categories(category: str) -> None:
    result = check(with_comment(K8S, 6, f"# lintscale: ignore[{category}] a demo"))
    assert MIN in hidden(result)
    assert audited(result) == []


def test_the_items_first_line_is_the_whole_item() -> None:
    result = check(with_comment(K8S, 12, "# lintscale: ignore[unpinned-image] built nightly"))
    assert (hidden(result), audited(result)) == ({SHOP}, [])


def test_above_an_item_is_the_whole_item() -> None:
    result = check(with_line(K8S, 17, "        # lintscale: ignore[unpinned-image] built nightly"))
    assert (hidden(result), audited(result)) == ({("unpinned-image", 19)}, [])


def test_the_key_that_opens_a_block_is_the_whole_block() -> None:
    result = check(with_comment(K8S, 11, "# lintscale: ignore[unpinned-image] built nightly"))
    assert (hidden(result), audited(result)) == ({SHOP, PROXY}, [])


def test_the_first_key_within_a_block_is_not_the_block() -> None:
    text = K8S.replace("  replicas: 1\n", "").replace("spec:\n  sel", "spec:\n  replicas: 1\n  sel")
    result = check(with_comment(text, 6, "# lintscale: ignore[unpinned-image] built nightly"))
    assert left(result) >= {SHOP, PROXY}


def test_an_absent_value_belongs_to_the_block_in_which_it_would_stand() -> None:
    text = K8S.replace("          readinessProbe: {httpGet: {path: /ready, port: 8080}}\n", "")
    assert ("missing-readiness-probe", 12) in left(check(text))
    result = check(with_comment(text, 8, "# lintscale: ignore[missing-readiness-probe] none yet"))
    assert ("missing-readiness-probe", 12) in hidden(result)


@pytest.mark.parametrize("line", [1, 2])
def test_the_first_line_of_a_document_is_the_document(line: int) -> None:
    """One above its first key is above line 1; the second line is just a line."""
    text = with_comment(K8S, line, "# lintscale: ignore[unpinned-image] built nightly")
    assert hidden(check(text)) == ({SHOP, PROXY} if line == 1 else set())


def test_a_document_among_others() -> None:
    other = K8S.replace("shop", "till")
    head = "# lintscale: ignore[unpinned-image] built nightly\n"
    for text in (
        f"---\n{K8S}---\n{head}{other}",
        f"---\n{K8S}--- {head}{other}",
        f"{K8S}...\n--- {head}{other}",
    ):
        result = check(text)
        assert {name for name, _ in hidden(result)} == {"unpinned-image"}
        assert {each.finding.workload for each in result.suppressed} == {"Deployment/till"}
        assert audited(result) == []


def test_above_the_first_marker() -> None:
    result = check(f"# lintscale: ignore[unpinned-image] nightly\n---\n{K8S}---\n{K8S}")
    assert {line for _, line in hidden(result)} == {15, 20}
    assert audited(result) == []


def test_above_a_later_marker_is_the_end_of_the_document_before() -> None:
    result = check(f"{K8S}# lintscale: ignore[unpinned-image] nightly\n---\n{K8S}")
    assert hidden(result) == set()
    assert said(result) == (
        "this suppresses nothing: it is at the end of a document; "
        "to cover the next document, put it below the “---”"
    )


def test_a_key_that_opens_a_block_at_the_top_is_no_document() -> None:
    text = """\
services:  # lintscale: ignore[plaintext-credential] never used
  - type: worker
    name: mailer
    runtime: python
    startCommand: python mailer.py
envVarGroups:
  - name: shop
    envVars:
      - key: API_TOKEN
        value: 9vQ2xLk7Rm4417
"""
    result = check(text, "render.yaml")
    assert left(result) == {("plaintext-credential", 10)}
    assert audited(result) == [("unused-suppression", "render.yaml", 1)]


def test_the_whole_file() -> None:
    text = f"# ours\n\n# lintscale: ignore-file[unpinned-image] nightly\n---\n{K8S}---\n{K8S}"
    result = check(text)
    assert len(hidden(result)) == 4
    assert audited(result) == []


def test_the_whole_file_only_at_the_top() -> None:
    result = check(with_line(K8S, 5, "# lintscale: ignore-file[unpinned-image] nightly"))
    assert hidden(result) == set()
    assert said(result).endswith("ignore-file must be at the top of the file, before the first key")


# -- ways to write YAML ---------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends(ends: str) -> None:
    text = with_line(K8S, 17, "        # lintscale: ignore[unpinned-image] nächtlich gebaut")
    text = with_comment(text, 6, "# lintscale: ignore[min-instances] 本番ではない")
    assert hidden(check(text)) == {MIN, ("unpinned-image", 19)}
    assert hidden(check(text.replace("\n", ends))) == {MIN, ("unpinned-image", 19)}


def test_a_byte_order_mark() -> None:
    text = f"\ufeff# lintscale: ignore[unpinned-image] nightly\n{K8S}"
    assert hidden(check(text)) == {("unpinned-image", 14), ("unpinned-image", 19)}


def test_line_separators_of_unicode_are_no_line_ends() -> None:
    text = K8S.replace("name: shop\nspec", 'name: "shop"  # \u2028 \x85 \u2029\nspec')
    text = with_comment(text, 6, "# lintscale: ignore[min-instances] demo")
    assert hidden(check(text)) == {MIN}


def test_flow_style_over_several_lines() -> None:
    text = """\
{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {
  replicas: 1,  # lintscale: ignore[min-instances] demo
  selector: {matchLabels: {app: shop}},
  template: {metadata: {labels: {app: shop}}, spec: {containers: [
    # lintscale: ignore[unpinned-image] nightly
    {name: shop, image: "registry.example/shop",
     ports: [{containerPort: 8080}],
     readinessProbe: {httpGet: {path: /ready, port: 8080}}},
    {name: proxy,
     image: registry.example/proxy}
  ]}}}}
"""
    result = check(text)
    assert hidden(result) == {("min-instances", 2), ("unpinned-image", 6)}
    assert ("unpinned-image", 10) in left(result)
    assert audited(result) == []


def test_what_only_looks_like_a_comment() -> None:
    text = K8S.replace(
        "          ports:",
        "          command:\n"
        "            - sh\n"
        "            - -c\n"
        "            - |\n"
        "              # lintscale: ignore[unpinned-image] text of a script\n"
        "              serve  # lintscale: ignore\n"
        "          args: ['# lintscale: ignore[min-instances] text', a#lintscale:ignore[b]]\n"
        "          ports:",
    )
    result = check(text)
    assert (hidden(result), audited(result)) == (set(), [])


def test_after_the_header_of_a_block_scalar() -> None:
    text = K8S.replace(
        "image: registry.example/shop:latest",
        "image: >-  # lintscale: ignore[unpinned-image] nightly\n"
        "            registry.example/shop:latest",
    )
    assert hidden(check(text)) == {SHOP}


def test_a_dash_on_a_line_of_its_own() -> None:
    text = K8S.replace(
        "        - name: proxy",
        "        - # lintscale: ignore[unpinned-image] x\n          name: proxy",
    )
    assert hidden(check(text)) == {("unpinned-image", 19)}
    text = K8S.replace(
        "        - name: proxy",
        "        # lintscale: ignore[unpinned-image] x\n        - &proxy\n          name: proxy",
    )
    assert hidden(check(text)) == {("unpinned-image", 20)}


def test_an_alias_is_suppressed_where_it_is_written() -> None:
    text = K8S.replace("image: registry.example/shop:latest", "image: &image shop:latest")
    text = text.replace("image: registry.example/proxy", "image: *image")
    result = check(with_comment(text, 18, "# lintscale: ignore[unpinned-image] nightly"))
    assert audited(result) == []
    assert len(hidden(result)) == 1


def test_the_items_of_a_list_object() -> None:
    item = "\n".join(f"    {line}" if line else line for line in K8S.split("\n"))
    text = (
        f"apiVersion: v1\nkind: List\nitems:\n  # lintscale: ignore[unpinned-image] x\n  -\n{item}"
    )
    result = check(text)
    assert {name for name, _ in hidden(result)} == {"unpinned-image"}
    assert audited(result) == []


def test_a_problem_of_the_reader_in_a_later_document() -> None:
    broken = K8S.replace("  replicas: 1\n", "  replicas: 1\n  replicas: 2\n")
    head = "# lintscale: ignore[duplicate-key] generated\n"
    result = check(f"{head}{K8S}---\n{broken}")
    assert ("duplicate-key", 28) in left(result)
    result = check(f"{K8S}---\n{head}{broken}")
    assert hidden(result) == {("duplicate-key", 28)}


# -- TOML -----------------------------------------------------------------------------------------

TOML = """\
[build]
builder = "RAILPACK"

[deploy]
startCommand = "node server.js"
healthcheckPath = "/health"
numReplicas = 1

[environments.staging.deploy]
numReplicas = 1

[environments.production.deploy]
drainingSeconds = 30
"""
"""Found in it: retired-format on line 1, min-instances and no-autoscaling on line 7."""

BOTH = frozenset({("min-instances", 7), ("no-autoscaling", 7)})


def test_a_table_of_toml() -> None:
    text = with_comment(TOML, 4, "# lintscale: ignore[min-instances, no-autoscaling] demo")
    result = check(text, "railway.toml")
    assert hidden(result) == BOTH
    assert audited(result) == []


def test_a_table_among_its_siblings() -> None:
    own = TOML.replace("drainingSeconds = 30", "numReplicas = 1")
    assert ("min-instances", 13) in left(check(own, "railway.toml"))
    text = with_line(own, 12, "# lintscale: ignore[availability, scaling] demo")
    assert {line for _, line in hidden(check(text, "railway.toml"))} == {14}
    # The first table that mentions “environments” is not all of them.
    text = with_line(own, 9, "# lintscale: ignore[availability, scaling] demo")
    assert hidden(check(text, "railway.toml")) == set()


def test_the_first_table_is_not_the_file() -> None:
    text = with_comment(TOML, 1, "# lintscale: ignore[min-instances] demo")
    result = check(text, "railway.toml")
    assert left(result) >= BOTH
    assert audited(result) == [("unused-suppression", "railway.toml", 1)]


def test_a_line_and_a_file_of_toml() -> None:
    text = with_comment(TOML, 7, "# lintscale: ignore[min-instances] demo")
    text = f"# lintscale: ignore-file[retired-format, no-autoscaling] moving\n{text}"
    result = check(text, "railway.toml")
    assert hidden(result) == {("retired-format", 2), ("min-instances", 8), ("no-autoscaling", 8)}
    assert audited(result) == []


def test_a_dotted_key_is_its_line() -> None:
    text = 'deploy.startCommand = "node server.js"\ndeploy.numReplicas = 1\n'
    text = with_comment(text, 1, "# lintscale: ignore[min-instances] demo")
    assert ("min-instances", 2) in left(check(text, "railway.toml"))


def test_an_inline_table_is_a_block() -> None:
    text = 'deploy = {startCommand = "node", numReplicas = 1}'
    result = check(f"{text}  # lintscale: ignore[min-instances] demo\n", "railway.toml")
    assert ("min-instances", 1) in hidden(result)


def test_what_looks_like_a_comment_in_toml() -> None:
    text = TOML.replace('"node server.js"', '"""\n# lintscale: ignore[min-instances] text\n"""')
    result = check(text, "railway.toml")
    assert (hidden(result), audited(result)) == (set(), [])


# -- JSON with comments ---------------------------------------------------------------------------

JSON = """\
{
  "serviceName": "shop",
  "taskDefinition": "shop:7",
  "desiredCount": 1,
  "loadBalancers": [
    {"targetGroupArn": "arn:aws:shop", "containerName": "shop", "containerPort": 8080}
  ]
}
"""


@pytest.mark.parametrize(
    "text",
    [
        JSON.replace("1,\n", "1,  // lintscale: ignore[min-instances] demo\n"),
        JSON.replace("1,\n", "1,  /* lintscale: ignore[min-instances] demo */\n"),
        JSON.replace('  "desired', '  // lintscale: ignore[min-instances] demo\n  "desired'),
        JSON.replace('  "desired', '  /* lintscale: ignore[min-instances] demo */ "desired'),
        JSON.replace('  "desired', '  /*\n * lintscale: ignore[min-instances] d\n */\n  "desired'),
        JSON.replace("{\n  ", "{  // lintscale: ignore[min-instances] demo\n  ", 1),
        f"// lintscale: ignore-file[min-instances] demo\n{JSON}",
        JSON.replace("{\n  ", "{\n  // lintscale: ignore-file[min-instances] demo\n  ", 1),
    ],
)
def test_json(text: str) -> None:
    result = check(text, "service.jsonc")
    assert {name for name, _ in hidden(result)} == {"min-instances"}
    assert audited(result) == []


def test_what_looks_like_a_comment_in_json() -> None:
    text = JSON.replace('"shop:7"', '"// lintscale: ignore[min-instances] text"')
    result = check(text, "service.json")
    assert (hidden(result), audited(result)) == (set(), [])


# -- what cannot be read --------------------------------------------------------------------------


def test_a_broken_document_is_suppressed_by_no_comment() -> None:
    text = (
        f"# lintscale: ignore-file[syntax-error, unpinned-image] x\n{K8S}---\nkind: Service\na: [\n"
    )
    result = check(f"{text}apiVersion: v1\n")
    assert "syntax-error" in {name for name, _ in left(result)}
    assert {name for name, _ in hidden(result)} == {"unpinned-image"}
    assert said(result).startswith(
        "part of this suppresses nothing: syntax-error can only be suppressed in the config"
    )


@pytest.mark.parametrize("name", ["railway.json", "railway.toml"])
def test_nobody_knows_the_comments_of_what_is_broken(name: str) -> None:
    mark = "//" if name.endswith("json") else "#"
    text = f'{mark} lintscale: ignore-file[syntax-error]\n{{"deploy": }}\n'
    result = check(text, name)
    assert {rule for rule, _ in left(result)} == {"syntax-error"}
    assert audited(result) == []


def test_nothing_is_called_unused_where_something_could_not_be_read() -> None:
    comment = "# lintscale: ignore[replicas-beside-autoscaler] on purpose"
    broken = "kind: HorizontalPodAutoscaler\napiVersion: autoscaling/v2\nspec: [\n"
    text = with_comment(K8S, 6, comment)
    assert audited(check(text)) != []
    assert audited(check(f"{text}---\n{broken}")) == []
