"""Terraform files as they are found: marks, line breaks, what is broken, places."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.syntax import parse
from lintscale.syntax.comments import comments
from lintscale.syntax.hcl import parse_hcl
from lintscale.syntax.nodes import to_plain
from tests.platforms.terraform.reading import UNKNOWN, checked, local, module, shown

SERVICE = """\
resource "aws_ecs_service" "x" {
  name            = "shop"
  task_definition = "shop"
  desired_count   = %s
}
"""


def count(folder: Path, text: str | bytes) -> object:
    [workload] = checked(folder, {"main.tf": text}).project.workloads
    return workload.replicas.value, workload.replicas.location


@pytest.mark.parametrize("text", [SERVICE, "\ufeff" + SERVICE, SERVICE.replace("\n", "\r\n")])
def test_marks_and_line_breaks_change_nothing(tmp_path: Path, text: str) -> None:
    value, location = count(tmp_path, (text % 2).encode())  # type: ignore[misc]
    assert value == 2
    assert location is not None
    assert location.span == (4, 3, 4, 22)


def test_columns_count_characters(tmp_path: Path) -> None:
    text = 'resource "aws_ecs_service" "x" {\n  name = "é€😀"\n  task_definition = "t"\n}\n'
    [workload] = checked(tmp_path, text).project.workloads
    assert workload.name == "é€😀"
    assert workload.location.span == (2, 3, 2, 15)


def test_one_broken_block_loses_nothing_else(tmp_path: Path) -> None:
    broken = 'resource "aws_ecs_service" "a" {\n  task_definition = "a"\n  name = \n}\n\n'
    result = checked(tmp_path, broken + SERVICE % 3)
    assert "shop" in {workload.name for workload in result.project.workloads}
    assert [each.reason for each in result.summary.skipped if "cannot be read" in each.reason]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = 1e3\n  b = 2", [1000, 2]),
        ("a = 1\n  b = 1E-3", [1, 0.001]),
        ("a = 1x\n  b = 2", [UNKNOWN, UNKNOWN]),
        ("a = 1 b = 2", [UNKNOWN, UNKNOWN]),
        ("a =\n  b = 2", [UNKNOWN, UNKNOWN]),
        ("a = 1.5e3\n  b = 2 # e", [1500, 2]),
    ],
)
def test_beside_an_error_nothing_is_known(text: str, value: list[object]) -> None:
    found = module(f"locals {{\n  {text}\n}}\n")
    assert [shown(found.local(name)) for name in "ab"] == value


def test_an_attribute_that_may_be_lost_is_no_absent_one(tmp_path: Path) -> None:
    value, location = count(tmp_path, SERVICE % "1x1")
    assert value is None
    assert location is not None


def test_the_document_of_a_file_mirrors_it() -> None:
    text = """
    resource "a" "b" {
      x = [1, "two", var.y]
      z { q = jsonencode({ k = true }) }
      z { q = null }
    }
    """
    [document] = parse_hcl(text, "main.tf").documents
    assert to_plain(document.root) == {
        "resource.a.b": {
            "x": [1, "two", "${var.y}"],
            "z": {"q": {"jsonencode": [{"k": True}]}},
            "z[1]": {"q": None},
        }
    }


def test_comments_are_found_outside_of_texts() -> None:
    text = 'a = "# no" # yes\n/* two\nlines */\n// three\nb = <<E\n# no\nE\n'
    found = comments(text, "hcl")
    assert [each.text for each in found] == ["yes", "two\nlines", "three"]
    assert [each.own_line for each in found] == [False, True, True]
    assert [each.span[:2] for each in found] == [(1, 12), (2, 1), (4, 1)]


@pytest.mark.parametrize("text", ["", "}", "a", "resource", "\0", '"' * 999, "a = <<X", "{" * 5000])
def test_any_text_is_a_document(text: str) -> None:
    assert parse(text, "x.tf", "hcl").documents


def test_a_deep_list_is_cut_off() -> None:
    assert local("[" * 3000 + "1" + "]" * 3000) is not None
