"""Pools in Go: what is known, what is said not to be, and that nothing in a file does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size

HEAD = """package main
import (
    "cmp"
    "database/sql"
    "flag"
    "fmt"
    "os"
    "runtime"
    "strconv"
    "github.com/jackc/pgx/v5/pgxpool"
    "github.com/jackc/pgx/v5/stdlib"
    "github.com/jmoiron/sqlx"
    "github.com/go-pg/pg/v10"
    "github.com/spf13/viper"
    "go.mongodb.org/mongo-driver/v2/mongo/options"
    "gorm.io/gorm"
    "gorm.io/driver/postgres"
    "gorm.io/driver/sqlite"
    _ "github.com/lib/pq"
)
"""
OPEN = 'db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))\n'
INT = """
func getInt(key string, fallback int) int {
    if v := os.Getenv(key); v != "" {
        if n, err := strconv.Atoi(v); err == nil {
            return n
        }
    }
    return fallback
}
"""


def main(*lines: str) -> str:
    return HEAD + "func main() {\n" + "\n".join(lines) + "\n}\n"


def bound(expression: str, *before: str) -> str:
    return main(*before, OPEN, f"db.SetMaxOpenConns({expression})")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (main(OPEN), [None]),
        (main(OPEN, "db.SetMaxIdleConns(10)"), [None]),
        (bound("25"), [25]),
        (bound("-1"), [-1]),
        (bound("1_0"), [10]),
        (bound("0x10"), [16]),
        (bound("010"), [8]),
        (bound("int(25)"), [25]),
        (bound("2 * 10 + 7/2"), [23]),
        (bound("limit", "const limit = 9"), [9]),
        (bound("limit", "limit := 9"), [9]),
        (bound("limit", "var limit int = 9"), [9]),
        (bound("b", "const ( a = 4; b )"), [4]),
        (bound("b", "const ( a = iota; b )"), [NOT_KNOWN]),
        (bound("limit", "limit := 9; if big { limit = 90 }"), [NOT_KNOWN]),
        (bound("limit", "limit := 9; if big { limit := 90; use(limit) }"), [9]),
        (bound("runtime.NumCPU() * 2"), [NOT_KNOWN]),
        (bound("cfg.MaxOpenConns"), [NOT_KNOWN]),
        (bound("n", 'n, _ := strconv.Atoi(os.Getenv("N"))'), [("N", None)]),
        (
            bound("n", 'n, err := strconv.Atoi(os.Getenv("N")); if err != nil { n = 7 }'),
            [("N", 7)],
        ),
        (
            bound("n", 'n := 7; if v, ok := os.LookupEnv("N"); ok { n, _ = strconv.Atoi(v) }'),
            [("N", 7)],
        ),
        (
            bound(
                "n",
                "n := 7; m := 8",
                'if v := os.Getenv("M"); v != "" { m, _ = strconv.Atoi(v) }',
                'if v := os.Getenv("N"); v != "" { n, _ = strconv.Atoi(v) }',
            ),
            [("N", 7)],
        ),
        (bound('getInt("N", 25)') + INT, [("N", 25)]),
        (bound('env.GetInt("N", 25)'), [("N", 25)]),
        (bound('cfg.EnvInt("N")'), [("N", None)]),
        (bound('config.Int("N", 25)'), [NOT_KNOWN]),
        (bound("*n", 'n := flag.Int("db-max", 25, "connections")'), [25]),
        (bound("n", 'var n int; flag.IntVar(&n, "db-max", 25, "connections")'), [25]),
        (
            bound("c.db.max", "var c config", 'flag.IntVar(&c.db.max, "max", 25, "")')
            + "type config struct { db struct { max int } }",
            [25],
        ),
        (main("// " + OPEN), []),
        (main("s := `" + OPEN + "db.SetMaxOpenConns(5)`"), []),
        (main("/*", OPEN, "*/"), []),
        (main("const separator = `\\`", OPEN, "// db.SetMaxOpenConns(500)"), [None]),
        (main('db, _ := sql.Open("sqlite", path)', "db.SetMaxOpenConns(1)"), []),
        (main("db, _ := gorm.Open(sqlite.Open(path), nil)"), []),
        (main(OPEN, "db.SetMaxOpenConns("), [NOT_KNOWN]),
        # Several in one function, and what a branch decides.
        (
            main(
                OPEN,
                "other, _ := sql.Open(driver, url)",
                "db.SetMaxOpenConns(5)",
                "other.SetMaxOpenConns(6)",
            ),
            [5, 6],
        ),
        (
            main(OPEN, "if big { db.SetMaxOpenConns(50) } else { db.SetMaxOpenConns(5) }"),
            [50, 5],
        ),
        # Handed on.
        (main(OPEN, "limit(db)") + "func limit(db *sql.DB) { db.SetMaxOpenConns(8) }", [8]),
        (
            main("s := &store{}", 's.db, _ = sql.Open("pgx", dsn)', "s.db.SetMaxOpenConns(8)"),
            [8],
        ),
        (
            main("db := open(25)", "use(db)")
            + 'func open(n int) *sql.DB { db, _ := sql.Open("pgx", dsn); db.SetMaxOpenConns(n)\n'
            + "return db }",
            [25],
        ),
        (
            main("db := open()", "db.SetMaxOpenConns(25)")
            + 'func open() *sql.DB { db, _ := sql.Open("pgx", dsn)\nreturn db }',
            [25],
        ),
        # Other libraries.
        (main('db := sqlx.MustConnect("pgx", dsn)'), [None]),
        (main('db, err := sqlx.ConnectContext(ctx, "mysql", dsn)'), [None]),
        (main("db := stdlib.OpenDB(*config)", "db.SetMaxOpenConns(4)"), [4]),
        (
            main(
                "g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})",
                "db, err := g.DB()",
                "db.SetMaxOpenConns(40)",
            ),
            [40],
        ),
        (main("g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})"), [None]),
        (
            main(
                OPEN,
                "db.SetMaxOpenConns(4)",
                "g, _ := gorm.Open(postgres.New(postgres.Config{Conn: db}), nil)",
            ),
            [4],
        ),
        (main("p, err := pgxpool.New(ctx, url)"), [None]),
        (main('p, err := pgxpool.New(ctx, url + "?pool_max_conns=12")'), [12]),
        (
            main(
                "c, err := pgxpool.ParseConfig(url)",
                "c.MaxConns = 20",
                "p, err := pgxpool.NewWithConfig(ctx, c)",
            ),
            [20],
        ),
        (main("c, _ := pgxpool.ParseConfig(url)", "c.MaxConns = int32(n)", "n := 20"), [20]),
        (main("c, _ := pgxpool.ParseConfig(url)", "if c.MaxConns == 20 { }"), [None]),
        (
            main(
                'c, _ := pgxpool.ParseConfig(fmt.Sprintf("postgres://%s?pool_max_conns=%d", h, 7))'
            ),
            [7],
        ),
        (
            main('c, _ := pgxpool.ParseConfig(fmt.Sprintf("%s?pool_max_conns=%d", url, many()))'),
            [NOT_KNOWN],
        ),
        (main("db := pg.Connect(&pg.Options{Addr: addr, PoolSize: 30})"), [30]),
        (main("o, _ := pg.ParseURL(url)", "o.PoolSize = 30", "db := pg.Connect(o)"), [30]),
        (main("o := options.Client().ApplyURI(uri).SetMaxPoolSize(50)"), [50]),
        (main("o := options.Client().ApplyURI(uri)"), [None]),
    ],
)
def test_go(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("main.go", source)] == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('type C struct { Pool int `env:"DB_POOL" envDefault:"9"` }', ("DB_POOL", 9)),
        ('type C struct { Pool int32 `envconfig:"DB_POOL" default:"9"` }', ("DB_POOL", 9)),
        ('type C struct { Pool int `env:"DB_POOL" env-default:"9"` }', ("DB_POOL", 9)),
        ('type C struct { Pool int `env:"DB_POOL, default=9"` }', ("DB_POOL", 9)),
        ('type C struct { Pool int `env:"DB_POOL,required"` }', ("DB_POOL", None)),
        ('type C struct { Pool int `mapstructure:"pool_size"` }', NOT_KNOWN),
        ("type C struct { Pool int }", NOT_KNOWN),
        ("type C struct { Pool int }\nfunc load() *C { return &C{Pool: 9} }", 9),
        (
            "type C struct { Pool int }\n" + INT
            + 'func load() (*C, error) { c := &C{}\nc.Pool = getInt("DB_POOL", 9)\nreturn c, nil }',
            ("DB_POOL", 9),
        ),
        (
            "type C struct { Pool int }\ntype D struct { Pool int }\n"
            + "var c = C{Pool: 9}\nvar d = D{Pool: 10}",
            9,
        ),
        (
            "type C struct { Pool int }\nvar c = C{Pool: 9}\nvar d = C{Pool: 10}",
            NOT_KNOWN,
        ),
        ("type C struct { B }\ntype B struct { Pool int }\nvar b = B{Pool: 9}", 9),
    ],
)  # fmt: skip
def test_fields_of_a_configuration_that_is_an_argument(declared: str, expected: object) -> None:
    source = main("open(settings)") + declared
    source += "\nfunc open(c *C) {\n" + OPEN + "db.SetMaxOpenConns(c.Pool)\n}\n"
    (pool,) = pools_of("main.go", source)
    assert size(pool) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('viper.SetDefault("db.max", 12)', 12),
        ('viper.SetDefault("db.max", 12)\nviper.ReadInConfig()', NOT_KNOWN),
        ('viper.SetDefault("db.max", 12)\nviper.BindEnv("db.max", "DB_MAX")', ("DB_MAX", 12)),
        ('viper.BindEnv("db.max", "DB_MAX")\nviper.ReadInConfig()', ("DB_MAX", None)),
        (
            'viper.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))\nviper.AutomaticEnv()',
            ("DB_MAX", None),
        ),
        (
            'viper.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))\nviper.SetEnvPrefix("app")\n'
            'viper.AutomaticEnv()\nviper.SetDefault("db.max", 12)',
            ("APP_DB_MAX", 12),
        ),
        ("", NOT_KNOWN),
    ],
)
def test_viper(told: str, expected: object) -> None:
    (pool,) = pools_of("main.go", bound('viper.GetInt("db.max")', told))
    assert size(pool) == expected


def test_the_variables_of_an_address_are_told() -> None:
    source = main(
        'host := os.Getenv("PGHOST")',
        'dsn := fmt.Sprintf("host=%s password=%s", host, os.Getenv("PGPASSWORD"))',
        'db, err := sql.Open("postgres", dsn)',
    )
    (pool,) = pools_of("main.go", source)
    assert pool.variables == ("PGHOST", "PGPASSWORD")


def test_an_address_that_a_call_hands_over_is_followed() -> None:
    source = main('db := open(os.Getenv("REPORTS_URL"))') + (
        'func open(dsn string) *sql.DB { db, _ := sql.Open("pgx", dsn)\nreturn db }'
    )
    (pool,) = pools_of("main.go", source)
    assert pool.variables == ("REPORTS_URL",)


def test_settings_of_another_file_of_the_package_are_followed() -> None:
    source = bound("c.Pool", "c := load()")
    config = (
        HEAD
        + "type config struct { Pool int }\n"
        + INT
        + ('func load() config { return config{Pool: getInt("DB_POOL_SIZE", 50)} }')
    )
    (pool,) = pools_of("main.go", source, config__go=config)
    assert size(pool) == ("DB_POOL_SIZE", 50)
    (pool,) = pools_of("main.go", source)
    assert size(pool) == NOT_KNOWN


PARTS = (
    HEAD, "func main() {", "func (c *C) f(", "type C struct {", 'sql.Open("pgx", ', "db, err := ",
    "db.SetMaxOpenConns(", "c.MaxConns = ", "c.MaxConns", "if x := ", "switch {", "case 1:", "for ",
    'os.Getenv("N")', "&C{", "A: 1,", "}", ")", "`", '"', "'", "//", "/*", "*/", "\n", "\r\n", "\\",
    "const (", "var ", "[]int{", "é", "🦊", "...", "go func() {", "return x, nil", "+", "iota",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    assert_places_exist(text, pools_of("main.go", text))


@pytest.mark.parametrize(
    "text",
    [
        main("sql.Open(" * 25_000),
        main(OPEN + "db.SetMaxOpenConns(" * 10_000),
        main(OPEN * 4_000),
        bound("1" + "+1" * 100_000),
        bound("(" * 100_000),
        bound("x" * 200_000),
        bound("n", "n := 1; " * 20_000),
        bound("a0", "".join(f"a{n} := a{n + 1} + a{n + 2};" for n in range(5_000))),
        main("{" * 200_000),
        main("if x {" * 40_000),
        HEAD + "/*" * 120_000,
        HEAD + "`" * 200_000,
        HEAD + "type C struct {" * 15_000,
        bound("c.N", "c := C{N: 1}; c.N = c.N;" * 8_000),
        HEAD + "func f(n int) int { return f(n) }\n" * 5_000 + bound("f(1)").removeprefix(HEAD),
    ],
    ids=range(15),
)
def test_the_work_is_bounded(text: str) -> None:
    assert len(text) < 300_000
    assert len(pools_of("main.go", text)) <= MOST_POOLS
