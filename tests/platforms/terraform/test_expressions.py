"""What Terraform's expressions come to, and what is not known of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.terraform.reading import UNKNOWN, local, module, shown

BESIDE = """
variable "none" {}
variable "count_of" { default = 4 }
variable "sizes" { default = { prod = 4, dev = 1 } }
variable "names" { default = ["a", "b", "a"] }
locals {
  env = "prod"
}
resource "aws_ecs_cluster" "main" { name = "shops" }
resource "aws_ecs_cluster" "two" {
  count = 2
  name  = "c${count.index}"
}
resource "aws_ecs_cluster" "each" {
  for_each = toset(["x", "y"])
  name     = "c-${each.key}"
}
data "aws_caller_identity" "me" {}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"text"', "text"),
        ("12", 12),
        ("-3", -3),
        ("2.50", 2.5),
        ("1.5e3", 1500),
        ("true", True),
        ("null", None),
        ('"a\\n\\"b\\u00e9$${x}%%{y}"', 'a\n"bé${x}%{y}'),
        ("var.count_of", 4),
        ("var.none", UNKNOWN),
        ("var.nothing", UNKNOWN),
        ("local.env", "prod"),
        ("local.result", UNKNOWN),
        ('var.sizes["prod"]', 4),
        ("var.sizes[local.env]", 4),
        ("var.sizes.dev", 1),
        ("var.names[1]", "b"),
        ("var.names[7]", UNKNOWN),
        ('"${var.count_of}"', 4),
        ('"n-${var.count_of}-${local.env}"', "n-4-prod"),
        ('"${var.none}:latest"', "${var.none}:latest"),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / 2", 3.5),
        ("7 % 4", 3),
        ("1 / 0", UNKNOWN),
        ("var.none + 1", UNKNOWN),
        ("var.count_of > 3 && !false", True),
        ("var.none && false", False),
        ("var.none || true", True),
        ("var.none || false", UNKNOWN),
        ('local.env == "prod" ? 3 : 1', 3),
        ('var.none == "prod" ? 3 : 1', UNKNOWN),
        ('var.none == "prod" ? 3 : 3', 3),
        ("var.none == null ? 1 : 2", UNKNOWN),
        ("[for n in var.names : upper(n) if n != \"b\"]", ["A", "A"]),
        ("{for k, v in var.sizes : k => v * 2}", {"dev": 2, "prod": 8}),
        ("{for n in var.names : n => n...}", {"a": ["a", "a"], "b": ["b"]}),
        ("[for n in var.none : n]", UNKNOWN),
        ("{ a = 1, \"b-c\" = 2, (local.env) = 3 }", {"a": 1, "b-c": 2, "prod": 3}),
        ("aws_ecs_cluster.main.name", "shops"),
        ("aws_ecs_cluster.main.arn", UNKNOWN),
        ("aws_ecs_cluster.two[1].name", "c1"),
        ("aws_ecs_cluster.two[*].name", ["c0", "c1"]),
        ("aws_ecs_cluster.two.*.name", ["c0", "c1"]),
        ('aws_ecs_cluster.each["y"].name', "c-y"),
        ("[for c in aws_ecs_cluster.each : c.name]", ["c-x", "c-y"]),
        ("data.aws_caller_identity.me.account_id", UNKNOWN),
        ('lookup(var.sizes, "qa", 2)', 2),
        ('lookup(var.sizes, var.none, 2)', UNKNOWN),
        ("max(1, var.count_of, 3)", 4),
        ("min(2, var.none)", UNKNOWN),
        ('try(var.sizes.qa, 9)', 9),
        ("try(aws_ecs_cluster.two[5].name, null)", None),
        ('coalesce(null, "", "x")', "x"),
        ("coalesce(var.none, 1)", UNKNOWN),
        ("merge(var.sizes, { dev = 2 })", {"prod": 4, "dev": 2}),
        ("concat(var.names, [\"c\"])", ["a", "b", "a", "c"]),
        ("distinct(var.names)", ["a", "b"]),
        ("flatten([[1, 2], [[3]]])", [1, 2, 3]),
        ("length(var.sizes)", 2),
        ('contains(keys(var.sizes), "prod")', True),
        ('format("%s-%d%%", local.env, 3)', "prod-3%"),
        ('format("%s:v1", var.none)', "${var.none}:v1"),
        ('join("/", ["service", "c", aws_ecs_cluster.main.name])', "service/c/shops"),
        ('split("/", "a/b")', ["a", "b"]),
        ("tostring(512 * 2)", "1024"),
        ('tonumber("3")', 3),
        ("max([1, 5]...)", 5),
        ("jsonencode([{ name = \"a\" }])", [{"name": "a"}]),
        ("jsondecode(jsonencode({ a = var.none })).a", UNKNOWN),
        ('jsondecode("{\\"a\\": [1]}").a[0]', 1),
        ("yamldecode(\"a: 3\").a", 3),
        ("sha256(local.env)", UNKNOWN),
        ("terraform.workspace", UNKNOWN),
        ("path.module", "."),
    ],
)  # fmt: skip
def test_an_expression(expression: str, value: Any) -> None:
    assert local(expression, BESIDE) == value


def test_templates_keep_the_white_space_around_what_is_put_in() -> None:
    text = "<<EOT\nx ${1}\n  z ${2} \nEOT"
    assert local(text) == "x 1\n  z 2 \n"


def test_an_indented_heredoc_loses_the_smallest_indentation() -> None:
    text = '<<-EOT\n    [\n      ${var.count_of},\n    ${"é"}\n    EOT'
    assert local(text, BESIDE) == "[\n  4,\né\n"


def test_directives_are_followed_and_strip_markers_kept() -> None:
    for_each = '"%{ for n in var.names ~}\n ${n},%{ endfor }"'
    assert local(for_each, BESIDE) == "a,b,a,"
    choice = '"%{ if local.env == \\"x\\" }y%{ else }z%{ endif }"'
    assert local(choice, BESIDE) in ("z", UNKNOWN)  # the grammar fails on these quotes
    assert local('"%{ if var.count_of > 3 }y%{ else }z%{ endif }"', BESIDE) == "y"
    assert local('"%{ if var.none }y%{ else }z%{ endif }"', BESIDE) == UNKNOWN


def test_files_of_the_repository_are_read() -> None:
    files = {"x.json": '{"a": [1, 2]}', "t.tpl": "%{ for n in names ~}\n${n}\n%{ endfor ~}\nend"}
    assert local('jsondecode(file("${path.module}/x.json")).a[1]', **files) == 2
    assert local('templatefile("t.tpl", { names = ["p", "q"] })', **files) == "p\nq\nend\n"
    assert local('file("missing.json")', **files) == UNKNOWN
    assert local('file("/etc/passwd")', **files) == UNKNOWN
    assert local('file("../outside.json")', **files) == UNKNOWN


def test_optional_attributes_have_their_defaults() -> None:
    text = """
    variable "services" {
      type = map(object({
        count = optional(number, 3)
        sizes = optional(object({ cpu = optional(number, 256) }), {})
        extra = optional(string)
      }))
      default = { web = { count = 5 }, api = {} }
    }
    """
    found = shown(module(text).variable("services"))
    assert found == {
        "web": {"count": 5, "sizes": {"cpu": 256}, "extra": None},
        "api": {"count": 3, "sizes": {"cpu": 256}, "extra": None},
    }


def test_hostile_nesting_and_loops_are_bounded() -> None:
    deep = "[" * 3000 + "]" * 3000
    assert local(deep) is not None
    assert local("local.a", "locals {\n a = local.b\n b = local.a\n}") == UNKNOWN
    many = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"
    assert local(many) is not None
