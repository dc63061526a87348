"""Which program of a Go module a start command means, and which of its files belong to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.code.applications import Applications
from lintscale.code.languages.go_packages import programs_of
from lintscale.model.declared import CodePool
from tests.code.reading import NOT_KNOWN, Texts, size

MODULE = {
    "go.mod": "module example.com/shop/v2\n\nrequire github.com/lib/pq v1.10.9\n",
    "cmd/api/main.go": 'package main\nimport "example.com/shop/v2/internal/db"\n'
    "func main() { db.Open() }\n",
    "cmd/worker/main.go": 'package main\nimport "example.com/shop/v2/internal/jobs"\n'
    "func main() { jobs.Run() }\n",
    "internal/db/db.go": "package db\nfunc Open() {}\n",
    "internal/db/db_test.go": "package db\n",
    "internal/jobs/jobs.go": "package jobs\nfunc Run() {}\n",
    "tools/generate.go": "//go:build ignore\n\npackage main\nfunc main() {}\n",
}
API = ("cmd/api/main.go", "internal/db/db.go")
WORKER = ("cmd/worker/main.go", "internal/jobs/jobs.go")


@pytest.mark.parametrize(
    ("command", "dockerfile", "expected"),
    [
        ("./api", "", [API]),
        ("/usr/local/bin/api --port 8080", "", [API]),
        ("go run ./cmd/worker", "", [WORKER]),
        ("go run cmd/worker/main.go", "", [WORKER]),
        ("./server", "", [API, WORKER]),
        ("", "", [API, WORKER]),
        ("/app", "FROM golang\nRUN go build -o /app ./cmd/worker\n", [WORKER]),
        ("/app", "FROM golang\nRUN CGO_ENABLED=0 go build \\\n  -o /app ./cmd/api\n", [API]),
        (
            "/b",
            "FROM golang\nRUN go build -o /a ./cmd/api && go build -o /b ./cmd/worker\n",
            [WORKER],
        ),
        ("/x", "FROM golang\n# RUN go build -o /x ./cmd/api\n", [API, WORKER]),
    ],
)
def test_the_main_package_that_is_started(
    command: str, dockerfile: str, expected: list[tuple[str, ...]]
) -> None:
    files = Texts({**MODULE, "Dockerfile": dockerfile})
    found = programs_of(files, "", command, "Dockerfile" if dockerfile else "", lambda name: False)
    assert [program.files for program in found] == expected


def test_a_folder_without_a_main_package_is_one_program() -> None:
    files = Texts({"lib/a.go": "package lib\n", "lib/b/b.go": "package b\n"})
    (program,) = programs_of(files, "lib", "", "", lambda name: False)
    assert program.files == ("lib/a.go", "lib/b/b.go")


GO = """\
package main

import ("database/sql"; "os")

func main() { open(load()) }

func open(cfg Config) { db, _ := sql.Open("postgres", cfg.URL); db.SetMaxOpenConns(cfg.PoolSize) }
"""


def written(root: Path, files: dict[str, str]) -> Applications[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Applications(root, files, {})


def pools_of(applications: Applications[str], folder: str, command: str = "") -> list[CodePool]:
    return [*applications._pools_of_go(folder, command, "")]


@pytest.mark.parametrize("names", [("a", ""), ("", "a")])
def test_settings_are_those_of_the_program_that_asks(
    names: tuple[str, str], tmp_path: Path
) -> None:
    """Whichever of two programs comes first, of which one holds the other's source."""
    applications = written(
        tmp_path,
        {
            f"{service}/{name}": text
            for service in ("a", "b")
            for name, text in (
                ("go.mod", f"module example.com/{service}\n"),
                ("main.go", GO),
                (
                    "config.go",
                    "package main\ntype Config struct { URL string; PoolSize int }\n"
                    "func load() Config {\n"
                    f'return Config{{PoolSize: getEnvInt("{service.upper()}_POOL", 7)}} }}\n',
                ),
            )
        },
    )
    found = {name: pools_of(applications, name) for name in names}
    (own,) = found["a"]
    assert size(own) == ("A_POOL", 7)
    assert [size(pool) for pool in found[""]] == [("A_POOL", 7), ("B_POOL", 7)]
    assert len({pool.side for pool in found[""]}) == 2


def test_a_bound_in_another_package_sizes_the_pool(tmp_path: Path) -> None:
    applications = written(
        tmp_path,
        {
            "go.mod": "module example.com/shop\n",
            "main.go": 'package main\nimport ("os"; "example.com/shop/db")\n'
            'func main() { p := db.Open(os.Getenv("DATABASE_URL")); p.SetMaxOpenConns(12) }\n',
            "db/db.go": 'package db\nimport "database/sql"\n'
            'func Open(dsn string) *sql.DB { db, _ := sql.Open("pgx", dsn); return db }\n',
        },
    )
    (pool,) = pools_of(applications, "")
    assert (size(pool), pool.variables) == (12, ("DATABASE_URL",))


def test_a_function_that_nothing_calls_makes_no_pool(tmp_path: Path) -> None:
    applications = written(
        tmp_path,
        {
            "go.mod": "module example.com/shop\n",
            "main.go": 'package main\nimport "example.com/shop/db"\n'
            "func main() { db.NewPostgres() }\n",
            "db/postgres.go": 'package db\nimport "database/sql"\n'
            '// NewPostgres opens the pool.\nfunc NewPostgres() { db, _ := sql.Open("pgx", dsn)\n'
            "db.SetMaxOpenConns(10) }\n",
            "db/mysql.go": 'package db\nimport "database/sql"\n'
            '// NewMySQL opens the pool.\nfunc NewMySQL() { db, _ := sql.Open("mysql", dsn)\n'
            "db.SetMaxOpenConns(90) }\n",
        },
    )
    assert [size(pool) for pool in pools_of(applications, "")] == [10]


def test_two_bounds_of_two_pools_that_cannot_be_told_apart_are_told_as_they_stand(
    tmp_path: Path,
) -> None:
    applications = written(
        tmp_path,
        {
            "go.mod": "module example.com/shop\n",
            "main.go": 'package main\nimport "database/sql"\n'
            'func main() { a, _ := sql.Open("pgx", x); b, _ := sql.Open("pgx", y); f(a); g(b) }\n'
            "func f(db *sql.DB) { db.SetMaxOpenConns(5) }\n"
            "func g(db *sql.DB) { db.SetMaxOpenConns(n) }\n",
        },
    )
    assert [size(pool) for pool in pools_of(applications, "")] == [5, NOT_KNOWN]
