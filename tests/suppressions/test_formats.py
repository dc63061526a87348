"""Suppressed findings in the reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from lintscale import reports
from lintscale.reports import PLAIN
from tests.suppressions.run import check
from tests.suppressions.test_comments import K8S, with_comment

SCHEMA = Path(__file__).parent.parent / "data" / "sarif-2.1.0-rtm.5.json"
CONFIG = """\
[[ignore]]
rule = "unpinned-image"
reason = "see postgres://shop:s3cr3tXy@db.example.com/x"
"""


def test_sarif_keeps_them_with_their_reasons() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] a demo")
    text = with_comment(text, 1, "# lintscale: ignore[no-autoscaling]")
    report = json.loads(reports.render("sarif", check(text, config=CONFIG)))
    assert not list(Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(report))
    found = {
        result["ruleId"]: result["suppressions"]
        for result in report["runs"][0]["results"]
        if "suppressions" in result
    }
    (in_source,) = found["min-instances"]
    assert (in_source["kind"], in_source["justification"]) == ("inSource", "a demo")
    assert "justification" not in found["no-autoscaling"][0]
    ((external,),) = [value for rule, value in found.items() if rule == "unpinned-image"]
    assert external["kind"] == "external"
    assert "s3cr3tXy" not in external["justification"]


def test_the_page_lists_them_with_their_reasons() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] a demo")
    shown = reports.render("html", check(text, config='select = ["min-instances"]\n'), PLAIN)
    assert "production needs at least" in shown
    assert "a demo (by the comment on line 6)" in shown


@pytest.mark.parametrize("name", sorted(set(reports.FORMATS) - {"sarif", "html"}))
def test_other_formats_show_none_of_them(name: str) -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances] a demo")
    shown = reports.render(name, check(text, config='select = ["min-instances"]\n'), PLAIN)
    assert "production needs at least" not in shown
