"""Suppressions in the configuration, and rules that nothing may suppress."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.policies.examples import check_files
from lintscale.project.config import ConfigError, load_settings
from tests.suppressions.run import OWN, WATCHED, audited, check, hidden, said, the
from tests.suppressions.test_comments import K8S

RAILWAY = '{"deploy": {"startCommand": "node server.js", "healthcheckPath": "/health"}}\n'


def suppressing(**keys: str) -> str:
    return "\n".join(["[[ignore]]", *(f"{key} = {value}" for key, value in keys.items())]) + "\n"


def rules(config: str) -> set[str]:
    """What is suppressed in a project of two files."""
    files = {"k8s/shop.yaml": K8S, "services/mailer/railway.json": RAILWAY}
    result = check_files(files, config)
    assert not [each for each in result.findings if each.rule in OWN], result.findings
    return {
        f"{each.finding.workload}:{each.finding.rule}"
        for each in result.suppressed
        if each.finding.rule in WATCHED
    }


SHOP_IMAGE, MAILER_MIN = "Deployment/shop:unpinned-image", "mailer:min-instances"
SHOP_MIN = "Deployment/shop:min-instances"


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"rule": '"min-instances"'}, {SHOP_MIN, MAILER_MIN}),
        ({"rule": '"min-instances"', "path": '"k8s/"'}, {SHOP_MIN}),
        ({"rule": '"min-instances"', "path": '["railway.json", "x"]'}, {MAILER_MIN}),
        ({"rule": '"min-instances"', "workload": '"shop"'}, {SHOP_MIN}),
        ({"rule": '"min-instances"', "workload": '"Deployment/s*"'}, {SHOP_MIN}),
        ({"rule": '"min-instances"', "workload": '"railway:*"'}, {MAILER_MIN}),
        ({"rule": '"min-instances"', "workload": '"kubernetes:Deployment/shop"'}, {SHOP_MIN}),
        ({"rules": '["min-instances", "rollout"]', "path": '"k8s"'}, {SHOP_MIN, SHOP_IMAGE}),
        ({"rule": '"rollout"', "expires": "2027-03-01"}, {SHOP_IMAGE}),
        ({"rule": '"rollout"', "expires": '"2026-09-21"'}, {SHOP_IMAGE}),
    ],
)
def test_what_it_covers(keys: dict[str, str], found: set[str]) -> None:
    assert rules(suppressing(reason='"a demo"', **keys)) == found


def test_everything_in_a_folder() -> None:
    found = rules(suppressing(rule='"all"', path='"k8s/"', reason='"of another team"'))
    assert found == {SHOP_MIN, SHOP_IMAGE, "Deployment/shop:no-autoscaling"}


def test_names_and_tables_in_one_list() -> None:
    config = 'ignore = ["scaling", {rule = "rollout", reason = "built nightly"}]\n'
    assert rules(config) == {SHOP_IMAGE}
    assert not check_files({"a.yaml": K8S}, 'ignore = ["scaling"]').suppressed


def test_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.lintscale]\n[[tool.lintscale.ignore]]\nrule = "min-instances"\nreason = "x"\n'
        '[[tool.lintscale.ignore]]\nrule = "platform-drift"\nreason = "x"\n'
    )
    (tmp_path / "shop.yaml").write_text(K8S)
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    assert hidden(result) == {("min-instances", 6)}
    assert audited(result) == [("unused-suppression", "pyproject.toml", 6)]
    assert result.texts["pyproject.toml"].text.startswith("[tool.lintscale]")


def test_a_syntax_error_can_be_suppressed_here() -> None:
    config = suppressing(rule='"syntax-error"', path='"templates/"', reason='"Jinja"')
    files = {"templates/railway.json": "{", "k8s/shop.yaml": K8S}
    result = check_files(files, config)
    assert {each.finding.rule for each in result.suppressed} == {"syntax-error"}


def test_what_is_said_of_suppressions_can_be_suppressed_here_alone() -> None:
    text = K8S.replace("replicas: 1", "replicas: 1  # lintscale: ignore[min-equals-max] generated")
    config = suppressing(rule='"unused-suppression"', path='"k8s/"', reason='"generated"')
    result = check(text, config=config)
    assert hidden(result) == {("unused-suppression", 6)}
    assert audited(result) == []
    config = suppressing(rule='"unused-suppression"', path='"other/"', reason='"generated"')
    result = check(text, config=config)
    assert audited(result) == [
        ("unused-suppression", "k8s/shop.yaml", 6),
        ("unused-suppression", "lintscale.toml", 2),
    ]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({}, "in the whole project"),
        ({"path": '["a/**", "b"]'}, "in a/** or b"),
        ({"workload": '"till"', "path": '"k8s"'}, "about till in k8s"),
    ],
)
def test_unused(keys: dict[str, str], where: str) -> None:
    config = suppressing(rule='"min-equals-max"', reason='"x"', **keys)
    result = check(K8S, config=config)
    assert audited(result) == [("unused-suppression", "lintscale.toml", 2)]
    assert said(result) == f"this suppresses nothing: there is no min-equals-max finding {where}"
    assert the(result).platform is None


def test_partly_unused() -> None:
    config = suppressing(rule='["min-instances", "min-equals-max"]', reason='"x"')
    finding = the(check(K8S, config=config))
    assert finding.message.startswith("part of this suppresses nothing: there is no min-equals-")
    assert (finding.location.line, finding.location.span.column) == (2, 26)


def test_expired_and_without_reason() -> None:
    config = suppressing(rule='"min-instances"', expires="2026-09-20") + suppressing(
        rule='"rollout"', expires="2026-12-31"
    )
    result = check(K8S, config=config)
    assert audited(result) == [
        ("expired-suppression", "lintscale.toml", 2),
        ("suppression-without-reason", "lintscale.toml", 5),
    ]
    assert said(result, "expired-suppression") == (
        "the suppression of min-instances expired on 2026-09-20; "
        "what it suppressed is reported again"
    )
    assert hidden(result) == {("unpinned-image", 13), ("unpinned-image", 18)}


# -- a part of the project ------------------------------------------------------------------------


def part(tmp_path: Path, config: str) -> list[tuple[str, str, int]]:
    """What is said of suppressions when one of two files is reported on."""
    folder = tmp_path / "shop"
    for name, text in {"lintscale.toml": config, "a/shop.yaml": K8S, "b/shop.yaml": K8S}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    result = api.check(
        [str(folder / "a" / "shop.yaml")], settings=load_settings(folder), today="2026-09-21"
    )
    return audited(result)


def test_of_a_part_of_the_files_nobody_knows_what_is_unused(tmp_path: Path) -> None:
    assert part(tmp_path, suppressing(rule='"min-equals-max"')) == []


def test_but_an_expired_one_explains_what_is_reported_again(tmp_path: Path) -> None:
    config = suppressing(rule='"min-instances"', path='"a/"', expires="2026-01-01")
    assert part(tmp_path, config) == [("expired-suppression", "lintscale.toml", 2)]


# -- strict ---------------------------------------------------------------------------------------

COMMENTED = K8S.replace("replicas: 1", "replicas: 1  # lintscale: ignore[min-instances] a demo")


@pytest.mark.parametrize("strict", ["min-instances", "availability", "all"])
def test_nothing_suppresses_a_strict_rule(strict: str) -> None:
    result = check(COMMENTED, config=f'[strict]\nrules = ["{strict}"]\n')
    assert ("min-instances", 6) in {(f.rule, f.location.line) for f in result.findings}
    assert said(result) == (
        "this suppresses nothing: min-instances is strict in lintscale.toml "
        "and cannot be suppressed"
    )


def test_an_expired_one_of_a_strict_rule_hides_nothing_either_way() -> None:
    text = COMMENTED.replace("[min-instances]", "[min-instances] until 2020-01-01")
    result = check(text, config='[strict]\nrules = ["min-instances"]\n')
    assert said(result, "expired-suppression").endswith(
        "expired on 2020-01-01; min-instances is strict and cannot be suppressed"
    )


def test_not_even_the_configuration() -> None:
    config = (
        suppressing(rule='"min-instances"', reason='"x"') + '[strict]\nrules = "min-instances"\n'
    )
    result = check(K8S, config=config)
    assert hidden(result) == set()
    assert audited(result) == [("unused-suppression", "lintscale.toml", 2)]


def test_a_category_goes_on_suppressing_what_is_not_strict() -> None:
    text = COMMENTED.replace("[min-instances]", "[availability, scaling]")
    result = check(text, config='[strict]\nrules = ["min-instances"]\n')
    assert hidden(result) == {("no-autoscaling", 6)}
    assert "min-instances" in {each.rule for each in result.findings}


# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[ignore]]\nrule = "min-instance"',
            "2:1: there is no rule or category “min-instance”; did you mean “min-instances”?",
        ),
        (
            '[[ignore]]\nrules = ["min-instances", "x-y-z"]',
            "2:27: there is no rule or category “x-y-z”; “lintscale rules” lists them all",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nworkloads = "x"',
            "3:1: unknown key “workloads”; did you mean “workload”?",
        ),
        (
            '[[ignore]]\npath = "x"',
            '2:1: “rule” is missing; say what to ignore, as in rule = "min-instances"',
        ),
        (
            '[[ignore]]\nrule = "all"',
            "2:1: “all” everywhere leaves nothing; add a “path” or a “workload”",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nrules = ["rollout"]',
            "3:1: “rule” and “rules” are the same; keep one of them",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nexpires = "next year"',
            "3:1: “expires” must be a date such as 2027-03-01, not the text “next year”",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nexpires = 2027-03-01T10:00:00',
            "3:1: “expires” must be a date such as 2027-03-01, not 2027-03-01T10:00:00",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nreason = ""',
            "3:1: “reason” is empty; give it a value or leave it out",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\nworkload = "rendr:shop"',
            "3:1: there is no platform “rendr”; did you mean “render”?",
        ),
        (
            '[[ignore]]\nrule = "min-instances"\npath = 3',
            '3:1: “path” must be a list of texts, not 3; write ["3"]',
        ),
        (
            '[ignore]\nrule = "min-instances"',
            "1:2: “ignore” is a list: write its tables as [[ignore]], in two brackets",
        ),
        (
            'ignore = ["min-instances", 3]',
            '1:28: an item of “ignore” must be text in quotes, not 3; write "3"',
        ),
        (
            "ignore = 3",
            '1:1: “ignore” must be a list of texts, not 3; write ["3"]',
        ),
        (
            '[strict]\nrules = ["min-instance"]',
            "2:10: there is no rule or category “min-instance”; did you mean “min-instances”?",
        ),
        ('strict = ["min-instances"]', "1:1: “strict” must be a table, not a list"),
        ('[strict]\nrule = ["rollout"]', "2:1: unknown key “rule”; did you mean “rules”?"),
        (
            'ignore = ["min-instances"]\n[strict]\nrules = ["availability"]',
            "1:11: min-instances is strict in this file ([strict] rules), which “min-instances” "
            "would undo; keep one of them",
        ),
        (
            'ignore = ["availability"]\n[strict]\nrules = ["min-instances"]',
            "1:11: min-instances is strict in this file ([strict] rules), which “availability” "
            "would undo; keep one of them",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    from lintscale.cli.options import known_rules

    (tmp_path / "lintscale.toml").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_settings(tmp_path, known_rules=known_rules)
    assert str(error.value).replace(f"{tmp_path}/", "") == f"lintscale.toml:{message}"


def test_the_form_in_pyproject_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.lintscale.ignore]\nrule = "min-instances"\n')
    with pytest.raises(ConfigError, match=r"as \[\[tool\.lintscale\.ignore\]\]"):
        load_settings(tmp_path)
