"""One Go program with pgx against a real server: as many backends as lintscale says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.connections.test_against_postgresql import (
    MANIFEST,
    MAX_CONNECTIONS,
    Server,
    figures,
    server,
)

__all__ = ["server"]

MODULE = "module shop\n\ngo 1.24\n\nrequire github.com/jackc/pgx/v5 v5.7.5\n"

PROGRAM = """\
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const spare = 1

func size(key string, fallback int) int {
	if n, err := strconv.Atoi(os.Getenv(key)); err == nil {
		return n
	}
	return fallback + spare
}

func main() {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	config.MaxConns = int32(size("DB_POOL_SIZE", 2*2))
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		panic(err)
	}
	held := []*pgxpool.Conn{}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		conn, err := pool.Acquire(ctx)
		cancel()
		if err != nil {
			break
		}
		held = append(held, conn)
	}
	fmt.Println("full", len(held))
	fmt.Scanln()
}
"""


@pytest.mark.slow
def test_the_server_counts_what_lintscale_says_of_pgxpool(
    server: Server,
    tmp_path: Path,
) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go on this machine")
    (tmp_path / ".git").mkdir()
    (tmp_path / "go.mod").write_text(MODULE, encoding="utf-8")
    (tmp_path / "main.go").write_text(PROGRAM, encoding="utf-8")
    for command in (["mod", "tidy"], ["build", "-o", "shop-server", "."]):
        run = subprocess.run(
            [go, *command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
        )
        if run.returncode:
            pytest.skip(f"go {command[0]} fails, perhaps without a network: {run.stderr[-200:]}")
    url = f"postgresql://shop@127.0.0.1:{server.port}/postgres"
    manifest = MANIFEST.format(
        replicas=2,
        surge=0,
        processes=1,
        url=url.replace(f"127.0.0.1:{server.port}", "shop-db"),
        max_connections=MAX_CONNECTIONS,
        variables="",
    ).replace('[uvicorn, "shop.main:app", --workers, "1"]', "[/srv/shop-server]")
    (tmp_path / "shop.yaml").write_text(manifest, encoding="utf-8")
    told = figures(tmp_path)
    assert told["pool_size"] == 5
    running = [
        subprocess.Popen(
            [tmp_path / "shop-server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DATABASE_URL": url},
        )
        for _ in range(told["instances"]["max"])
    ]  # fmt: skip
    try:
        said = [process.stdout.readline().strip() for process in running if process.stdout]
        backends = server.backends("shop")
    finally:
        for process in running:
            process.kill()
            process.communicate()
    assert said == ["full 5"] * 2
    assert backends == told["total"]["max"]
