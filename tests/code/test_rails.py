"""Pools in a Rails application's config/database.yml, and in Ruby."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.languages import language_of
from lintscale.code.rails import DATABASE_YML, rails_pools_in
from lintscale.code.units import Sources
from lintscale.model.declared import CodePool
from tests.code.reading import NOT_KNOWN, Texts, assert_places_exist, pools_of, size


def rails(text: str) -> list[CodePool]:
    return rails_pools_in(Sources(Texts({DATABASE_YML: text}), language_of), DATABASE_YML)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("production:\n  pool: 12\n", [12]),
        ('production:\n  pool: "12"\n', [12]),
        ("production:\n  max_connections: 12\n  pool: 5\n", [12]),
        ("default: &d\n  pool: 5\nproduction:\n  <<: *d\n  pool: 20 # more\n", [20]),
        ("default: &d\n  pool: 5\ndevelopment:\n  pool: 2\nproduction:\n  <<: *d\n", [5]),
        ("default:\n  pool: 5\n", [5]),
        ("development:\n  pool: 5\n", []),
        ("production:\n  adapter: postgresql\n", [None]),
        ("production:\n  adapter: sqlite3\n  pool: 5\n", []),
        ('production:\n  pool: <%= ENV.fetch("N") { 5 } %>\n', [("N", 5)]),
        ('production:\n  pool: <%= ENV.fetch("N", 5) %>\n', [("N", 5)]),
        ('production:\n  pool: <%= ENV.fetch("N", 5).to_i %>\n', [("N", 5)]),
        ('production:\n  pool: <%= Integer(ENV.fetch("N", "5")) %>\n', [("N", 5)]),
        ("production:\n  pool: <%= ENV['N'] || 5 %>\n", [("N", 5)]),
        ('production:\n  pool: <%= ENV["N"].presence || ENV["M"] || 5 %>\n', [("N", 5)]),
        ('production:\n  pool: "<%= ENV.fetch("N") { 5 } %>"\n', [("N", 5)]),
        ('production:\n  pool: <%= ENV.fetch("N") %>\n', [("N", None)]),
        ('production:\n  pool: <%= ENV.fetch("N", 5).to_i * 2 %>\n', [NOT_KNOWN]),
        ("production:\n  pool: <%= 4 * 3 %>\n", [12]),
        ("production:\n  pool: <%= ( %>\n", [NOT_KNOWN]),
        ("production:\n  primary:\n    pool: 3\n  queue:\n    pool: 4\n", [3, 4]),
        ("production:\n  primary:\n    pool: 3\n  copy:\n    pool: 4\n    replica: true\n", [3]),
        ("production:\n  # pool: 12\n", []),
        ("<% if true %>\nproduction:\n  pool: 3\n<% end %>\n", [3]),
        ("production: [\n", []),
    ],
)
def test_database_yml(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in rails(source)] == expected


def test_each_database_has_its_own_address() -> None:
    pools = rails(
        "production:\n"
        "  primary: &p\n    url: <%= ENV['DATABASE_URL'] %>\n    pool: 3\n"
        "  cache:\n    url: <%= ENV['CACHE_URL'] %>\n"
        "  queue:\n    adapter: postgresql\n    host: <%= ENV['QUEUE_HOST'] %>\n"
    )
    assert [pool.variables for pool in pools] == [
        ("DATABASE_URL",), ("CACHE_URL",), ("QUEUE_DATABASE_URL", "QUEUE_HOST"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("DB = Sequel.connect(ENV['DATABASE_URL'], max_connections: 7)", [7]),
        ("DB = Sequel.connect(ENV['U'], max_connections: ENV.fetch('N', 7).to_i)", [("N", 7)]),
        ("DB = Sequel.connect(ENV['U'], **options)", [NOT_KNOWN]),
        ("DB = Sequel.connect(ENV['DATABASE_URL'])", [None]),
        ("DB = Sequel.connect(production:", [NOT_KNOWN]),
        ("DB = Sequel.connect(ENV['U'], max_conn", [NOT_KNOWN]),
        ("DB = Sequel.connect('sqlite://x.db')", []),
        ("# Sequel.connect(ENV['DATABASE_URL'])", []),
        ("Sequel.connect(max_connections:", [NOT_KNOWN]),
        ("MAX = 4\nActiveRecord::Base.establish_connection(adapter: 'postgresql', pool: MAX)", [4]),
        ("ActiveRecord::Base.establish_connection(ENV['DATABASE_URL'])", [None]),
        ("Mongo::Client.new(ENV['MONGO'], max_pool_size: 9)", [9]),
    ],
)
def test_ruby(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("db.rb", source)] == expected


PARTS = (
    "production:\n", "  pool: ", '<%= ENV["N"] %>', "<%", "%>", "\r\n", "\n", "default: &d\n", "é",
    "  <<: *d\n", "Sequel.connect(", ")", "max_connections: ", "3", "do |x|", "end", "if a",
    "\ue000",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    rails(text)
    assert_places_exist(text, pools_of("db.rb", text))


@pytest.mark.parametrize(
    "text",
    ["production:\n" + "  pool: <%= ENV" * 16_000, "a:\n  pool: 1\n" * 16_000, "<%=%>" * 50_000],
)
def test_the_work_is_bounded(text: str) -> None:
    assert len(rails(text)) <= 1
