"""Settings: where they come from, what they say, and what is said of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.project.config import (
    AGGRESSIVE,
    BALANCED,
    ConfigError,
    DatabaseSettings,
    KnownRule,
    RunOptions,
    Settings,
    load_settings,
    located,
)

RULES = {
    "min-instances": KnownRule("availability"),
    "unpinned-image": KnownRule("rollout"),
    "short-scale-in-cooldown": KnownRule("stability", {"quotient": 4.0, "least_seconds": 60}),
}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Settings:
    write(folder / "lintscale.toml", text)
    return load_settings(folder, known_rules=lambda policies: RULES)


def mistakes(folder: Path, text: str) -> list[str]:
    """The lines of the error, without the folder."""
    with pytest.raises(ConfigError) as error:
        read(folder, text)
    return str(error.value).replace(f"{folder}/", "").split("\n")


# -- which file, which root -----------------------------------------------------------------------


def test_without_anything_the_folder_itself_is_the_root(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings == Settings(root=tmp_path, whole_project=False)


def test_a_text_stands_in_the_place_of_what_the_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "lintscale.toml"
    file.write_text("profil = 1", encoding="utf-8")
    settings = load_settings(tmp_path, texts={file: 'profile = "aggressive"'})
    assert settings.profile == "aggressive"
    # What the place is, is known whatever the file holds.
    assert located(tmp_path / "k8s" / "shop.yaml") == Settings(tmp_path, config_file=file)


def test_of_a_file_its_folder_is_the_root(tmp_path: Path) -> None:
    file = write(tmp_path / "k8s" / "web.yaml", "")
    assert load_settings(file).root == tmp_path / "k8s"


def test_the_git_repository_is_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    settings = load_settings(folder)
    assert (settings.root, settings.whole_project) == (tmp_path, True)


def test_of_a_worktree_too(tmp_path: Path) -> None:
    write(tmp_path / ".git", "gitdir: /elsewhere\n")
    (tmp_path / "a").mkdir()
    assert load_settings(tmp_path / "a").root == tmp_path


def test_the_nearest_file_holds_and_its_folder_is_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "lintscale.toml", 'profile = "aggressive"\n')
    near = write(tmp_path / "services" / "shop" / "lintscale.toml", 'profile = "conservative"\n')
    settings = load_settings(tmp_path / "services" / "shop")
    assert settings.profile == "conservative"
    assert settings.config_file == near
    assert settings.root == near.parent
    assert load_settings(tmp_path / "services").profile == "aggressive"


def test_an_empty_file_makes_its_folder_the_root(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert (settings.root, settings.whole_project) == (tmp_path, True)


def test_a_file_above_the_repository_is_another_project_s(tmp_path: Path) -> None:
    write(tmp_path / "lintscale.toml", 'profile = "aggressive"\n')
    repository = tmp_path / "shop"
    (repository / ".git").mkdir(parents=True)
    assert load_settings(repository) == Settings(root=repository)


def test_pyproject_with_our_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.lintscale]\nprofile = "aggressive"\n')
    assert load_settings(tmp_path).profile == "aggressive"


@pytest.mark.parametrize(
    "text", ["[project]\nname = 'shop'\n", "# lintscale is nice\n[tool.ruff]\n", "broken = \n"]
)
def test_pyproject_without_our_table_is_none_of_ours(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    assert load_settings(tmp_path).config_file is None


def test_a_broken_pyproject_with_our_table_is_told(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.lintscale]\nprofile = \n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:2:11: .*; correct it"):
        load_settings(tmp_path)


def test_our_own_file_beats_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.lintscale]\nprofile = "aggressive"\n')
    assert read(tmp_path, 'profile = "conservative"\n').profile == "conservative"


def test_positions_in_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[project]\nname = "x"\n\n[tool.lintscale]\nprofil = "x"\n')
    with pytest.raises(ConfigError, match=r"pyproject\.toml:5:1: unknown key “profil”"):
        load_settings(tmp_path)


def test_isolated_reads_none_but_knows_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "k8s" / "lintscale.toml", "broken")
    assert load_settings(tmp_path / "k8s", isolated=True) == Settings(root=tmp_path)


def test_a_config_above_the_start_sets_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    chosen = write(tmp_path / "shop" / "strict.toml", 'fail-on = "info"\n')
    (tmp_path / "shop" / "k8s").mkdir()
    settings = load_settings(tmp_path / "shop" / "k8s", config=chosen)
    assert (settings.fail_on, settings.root) == ("info", tmp_path / "shop")


def test_a_config_from_elsewhere_leaves_the_root(tmp_path: Path) -> None:
    chosen = write(tmp_path / "policies" / "strict.toml", 'fail-on = "info"\n')
    project = tmp_path / "shop"
    project.mkdir()
    settings = load_settings(project, config=chosen)
    assert (settings.fail_on, settings.root) == ("info", project)
    assert settings.whole_project is False


def test_a_relative_path_with_dots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "shop" / "lintscale.toml", 'profile = "aggressive"\n')
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    settings = load_settings(Path("../shop"))
    assert (settings.profile, settings.root) == ("aggressive", tmp_path / "shop")


def test_the_file_is_named_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "lintscale.toml", "x = 1\n")
    with pytest.raises(ConfigError, match=r"^lintscale\.toml:1:1: unknown key “x”"):
        load_settings(Path())


# -- what it says ---------------------------------------------------------------------------------


def test_everything(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
profile = "peak"
default-environment = "staging"
select = ["availability", "unpinned-image"]
ignore = "min-instances"
exclude = ["legacy/**"]
fail-on = "error"
min-severity = "warning"
severity = { unpinned-image = "error" }
environments = { production = ["deploy/prod/**"], staging = "deploy/stage/**" }
services = { shop-api = ["render:shop-api", "kubernetes:shop-*", "backend/railway.json"] }

[databases.main]
match = ["main-*"]
max-connections = 200
reserved = 5
engine = "postgresql"
pooler = "pgbouncer"

[databases.cache]
max_connections = 50

[profiles.peak]
extends = "aggressive"
max-instances = 40
p95-seconds = 0.5
scale_in_seconds = 1800

[rules.short-scale-in-cooldown]
quotient = 2
least-seconds = 90
""",
    )
    assert settings.profile == "peak"
    assert settings.default_environment == "staging"
    assert settings.select == ("availability", "unpinned-image")
    assert settings.ignore == ("min-instances",)
    assert settings.exclude == ("legacy/**",)
    assert (settings.fail_on, settings.min_severity) == ("error", "warning")
    assert settings.severity == {"unpinned-image": "error"}
    assert settings.environments == (
        ("production", ("deploy/prod/**",)),
        ("staging", ("deploy/stage/**",)),
    )
    assert settings.services == {
        "shop-api": ("render:shop-api", "kubernetes:shop-*", "backend/railway.json")
    }
    assert settings.databases == (
        DatabaseSettings("main", ("main-*",), 200, 5, "postgresql", "pgbouncer"),
        DatabaseSettings("cache", max_connections=50),
    )
    peak = settings.profile_for("development")
    assert (peak.name, peak.min_instances, peak.max_instances) == ("peak", 3, 40)
    assert (peak.p95_seconds, peak.scale_in_seconds) == (0.5, 1800)
    assert settings.profiles["aggressive"] == AGGRESSIVE
    assert settings.params == {"short-scale-in-cooldown": {"quotient": 2.0, "least_seconds": 90}}
    assert isinstance(settings.params["short-scale-in-cooldown"]["quotient"], float)


def test_a_profile_extends_balanced_unless_told(tmp_path: Path) -> None:
    settings = read(tmp_path, "[profiles.mine]\nmin-instances = 4\n")
    assert settings.profiles["mine"].cpu_percent == BALANCED.cpu_percent
    assert settings.profiles["mine"].min_instances == 4


def test_a_built_in_profile_may_be_changed(tmp_path: Path) -> None:
    settings = read(tmp_path, "[profiles.aggressive]\ncpu-percent = 50\n")
    changed = settings.profiles["aggressive"]
    assert (changed.cpu_percent, changed.max_instances) == (50, AGGRESSIVE.max_instances)


def test_profiles_extend_each_other_in_any_order(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[profiles.a]\nextends = 'b'\ncpu-percent = 50\n[profiles.b]\nmin-instances = 5\n",
    )
    assert settings.profiles["a"].min_instances == 5
    assert settings.profiles["b"].cpu_percent == BALANCED.cpu_percent


def test_a_byte_order_mark_and_crlf_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "lintscale.toml").write_bytes(b'\xef\xbb\xbfprofile = "aggressive"\r\n')
    assert load_settings(tmp_path).profile == "aggressive"


def test_rules_are_asked_for_only_when_one_is_named(tmp_path: Path) -> None:
    write(tmp_path / "lintscale.toml", 'profile = "aggressive"\n')

    def never(policies: object) -> dict[str, KnownRule]:
        raise AssertionError

    assert load_settings(tmp_path, known_rules=never).profile == "aggressive"


# -- the command line -----------------------------------------------------------------------------


def test_the_command_line_wins(tmp_path: Path) -> None:
    write(
        tmp_path / "lintscale.toml",
        'profile = "aggressive"\nselect = ["rollout"]\n'
        'ignore = ["min-instances", "unpinned-image"]\n'
        'fail-on = "error"\n',
    )
    settings = load_settings(
        tmp_path,
        RunOptions(
            profile="conservative",
            environment="staging",
            select=("min-instances",),
            ignore=("stability",),
            min_severity="error",
            fail_on="never",
        ),
        known_rules=lambda policies: RULES,
    )
    assert settings.profile == "conservative"
    assert settings.environment == "staging"
    assert settings.select == ("min-instances",)
    assert settings.ignore == ("unpinned-image", "stability")
    assert (settings.min_severity, settings.fail_on) == ("error", "never")


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_an_unknown_rule_on_the_command_line(tmp_path: Path, option: str) -> None:
    with pytest.raises(ConfigError, match=f"^--{option}: .*did you mean “min-instances”"):
        load_settings(
            tmp_path,
            RunOptions(**{option: ("min-instance",)}),
            known_rules=lambda policies: RULES,
        )


def test_an_unknown_profile_on_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^--profile: .*did you mean “balanced”"):
        load_settings(tmp_path, RunOptions(profile="balance"))


# -- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('profle = "x"', "1:1: unknown key “profle”; did you mean “profile”?"),
        (
            'profile = "balnced"',
            "1:1: there is no profile “balnced”; did you mean “balanced”?",
        ),
        (
            'profile = "x"',
            "1:1: there is no profile “x”; there is aggressive, balanced, conservative",
        ),
        ("profile = 3", '1:1: “profile” must be text in quotes, not 3; write "3"'),
        ('profile = ""', "1:1: “profile” is empty; give it a value or leave it out"),
        (
            'select = ["min-instances", "min-instance"]',
            "1:28: there is no rule or category “min-instance”; did you mean “min-instances”?",
        ),
        ("exclude = [1]", '1:12: an item of “exclude” must be text in quotes, not 1; write "1"'),
        ("exclude = true", '1:1: “exclude” must be a list of texts, not true; write ["true"]'),
        (
            'severity = {min-instances = "off"}',
            "1:13: “min-instances” must be error, warning or info, not “off”; “ignore” turns a "
            "rule off",
        ),
        (
            'severity = {min-instances = "warn"}',
            "1:13: “min-instances” must be error, warning or info, not “warn”; did you mean "
            "“warning”?",
        ),
        (
            'severity = {availability = "info"}',
            "1:13: “availability” is a category; name its rules one by one",
        ),
        (
            'fail-on = "erorr"',
            "1:1: “fail-on” must be error, warning, info or never, not “erorr”; did you mean "
            "“error”?",
        ),
        ("environments = 3", "1:1: “environments” must be a table, not 3"),
        (
            "[databases.main]\nmax-connections = '100'",
            "2:1: “max-connections” must be a whole number, not the text “100”; write 100 without "
            "quotes",
        ),
        (
            "[databases.main]\nmax-connections = 100.5",
            "2:1: “max-connections” must be a whole number, not 100.5; write it as in 20",
        ),
        (
            "[databases.main]\nmax-connections = 0",
            "2:1: “max-connections” must be at least 1, not 0",
        ),
        (
            "[databases.main]\nmax-connections = 10\nmax_connections = 20",
            "3:1: “max_connections” is the same as “max-connections”, which is defined too;"
            " keep one of them",
        ),
        (
            "[databases.main]\nmax-connections = 10\nreserved = 10",
            "3:1: 10 reserved of 10 connections leave none; correct one of them",
        ),
        (
            'services = {shop = ["rendr:shop"]}',
            "1:21: there is no platform “rendr”; did you mean “render”?",
        ),
        (
            "[profiles.a]\ncpu-percent = 170",
            "2:1: “cpu-percent” must be between 1 and 100, not 170",
        ),
        (
            "[profiles.a]\nmin-instances = 50",
            "2:1: the profile a wants at least 50 and at most 10 instances; set both min-instances "
            "and max-instances",
        ),
        (
            "[profiles.a]\nextends = 'b'\n[profiles.b]\nextends = 'a'",
            "4:1: profiles extend each other in a circle: a → b → a; break it",
        ),
        (
            "[profiles.a]\nextends = 'c'",
            "2:1: there is no profile “c”; there is a, aggressive, balanced, conservative",
        ),
        (
            "[rules.min-instance]",
            "1:8: there is no rule “min-instance”; did you mean “min-instances”?",
        ),
        (
            "[rules.min-instances]\nx = 1",
            "1:8: the rule min-instances has no options; leave this out",
        ),
        (
            "[environments]\nstaging = ['!']",
            "2:12: “!” is no pattern as .gitignore has them",
        ),
        (
            "[rules.short-scale-in-cooldown]\nqoutient = 1",
            "2:1: unknown key “qoutient”; did you mean “quotient”?",
        ),
        (
            "[rules.short-scale-in-cooldown]\nquotient = true",
            "2:1: “quotient” must be a number, not true; write it as in 20",
        ),
        (
            "profile = 'balanced'\nprofile = 'balanced'",
            "2:1: “profile” is defined twice (the first is on line 1); keep one of them",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, line: str) -> None:
    assert mistakes(tmp_path, text + "\n") == [f"lintscale.toml:{line}"]


def test_a_map_of_a_policy_takes_each_entry_as_its_own(tmp_path: Path) -> None:
    """A new entry has nothing of the first one; a known one keeps its type and what is not said."""
    prices = {"standard": 25, "pro": 85.5, "by-region": {"eu": 1}}
    known = {"cost": KnownRule("policy", {"prices": prices, "nested": {"a": {"x": 1, "y": 2}}})}
    (tmp_path / "lintscale.toml").write_text(
        "[rules.cost]\nprices = {pro = 90.5, by-region = {us = 2}}\n"
        "nested = {a = {y = 3}, b = {z = 4}}\n",
        encoding="utf-8",
    )
    params = load_settings(tmp_path, known_rules=lambda folders: known).params["cost"]
    assert params["prices"] == {"standard": 25, "pro": 90.5, "by-region": {"eu": 1, "us": 2}}
    assert params["nested"] == {"a": {"x": 1, "y": 3}, "b": {"z": 4}}


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, 'profile = "balanced"\nselect = [\n')
    assert line.startswith("lintscale.toml:")
    assert "; correct it" in line


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, "profile = 1\nselect = ['nope']\nx = 1\n[databases.a]\ny = 2\n")
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "5"]


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "lintscale.toml").write_bytes(b"profile = '\xff'\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_settings(tmp_path)


def test_a_config_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_settings(tmp_path, config=tmp_path / "none.toml")
