"""The arithmetic against a real server: as many backends as lintscale says, and refused exactly
when it says that they no longer fit.

A PostgreSQL of Debian's packages runs on loopback, in a folder of its own, with 20 connections. The
processes that fill their pools load the very source that lintscale reads.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale._record import field, record
from lintscale.project.config import load_settings
from lintscale.reports import capacity

MAX_CONNECTIONS = 20
SECONDS = 50

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: {replicas}
  strategy:
    rollingUpdate: {{maxSurge: {surge}, maxUnavailable: 0}}
  selector:
    matchLabels: {{app: shop}}
  template:
    metadata:
      labels: {{app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          command: [uvicorn, "shop.main:app", --workers, "{processes}"]
          env:
            - name: DATABASE_URL
              value: {url}
{variables}---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: shop-db
spec:
  serviceName: shop-db
  selector:
    matchLabels: {{app: shop-db}}
  template:
    metadata:
      labels: {{app: shop-db}}
    spec:
      containers:
        - name: postgres
          image: postgres:17.2
          args: [-c, max_connections={max_connections}]
"""

FROM_VARIABLES = """\
import os

from sqlalchemy import create_engine

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ["DB_POOL_SIZE"]),
    max_overflow=int(os.environ["DB_MAX_OVERFLOW"]),
    pool_timeout=0.2,
)
"""
DEFAULT = """\
import os

from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"], pool_timeout=0.2)
"""

PROCESS = """\
import sys

from sqlalchemy.exc import OperationalError, TimeoutError

from shop.db import engine

held = []
try:
    while True:
        held.append(engine.connect())
except TimeoutError:
    print("full", len(held), flush=True)
except OperationalError as error:
    print("refused", str(error.orig).replace("\\n", " "), flush=True)
sys.stdin.read()
"""
"""Takes connections until the pool gives no more, or the server."""


# -- the server -----------------------------------------------------------------------------------


def binaries() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    return found[-1].parent if found else None


@record
class Server:
    port: int
    user: str | None

    def url(self, role: str) -> str:
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/postgres"

    def backends(self, role: str) -> int:
        """How many clients of a role the server counts. Asked by a superuser, whose connection is
        one of those that are kept back."""
        import psycopg

        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres") as c:
            row = c.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (role,)
            ).fetchone()
        return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL under /usr/lib/postgresql; .ci/run installs it")
    pytest.importorskip("psycopg")
    pytest.importorskip("sqlalchemy")
    folder = tmp_path_factory.mktemp("postgresql")
    user = unprivileged(folder)
    data = folder / "data"
    as_user: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync",
         "--locale=C", "--encoding=UTF8"],
        check=True, capture_output=True, timeout=SECONDS, cwd=folder, **as_user,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", data, "-p", str(port),
         "-c", "listen_addresses=127.0.0.1", "-c", f"max_connections={MAX_CONNECTIONS}",
         "-c", "fsync=off"],
        stdout=log, stderr=log, cwd=folder, **as_user,
    )  # fmt: skip
    try:
        started = Server(port, user)
        wait_for(started, process)
        yield started
    finally:
        process.terminate()  # SIGTERM: waits for clients, of which none is left
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: somebody else then, who owns the folder and may walk
    through those above it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, user)
    for parent in folder.parents:
        if parent.stat().st_mode & 0o001 == 0 and parent.owner() == "root":
            parent.chmod(parent.stat().st_mode | 0o011)
    return user


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with psycopg.connect(
                f"host=127.0.0.1 port={server.port} user=postgres dbname=postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE ROLE shop LOGIN")
                return
        except psycopg.OperationalError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)


# -- the processes --------------------------------------------------------------------------------


@record(frozen=False)
class Processes:
    """Those that hold connections, and what each said when its pool was full, or it was refused."""

    folder: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, count: int) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", PROCESS],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self.folder,
                env=self.environment,
            )
            for _ in range(count)
        ]  # fmt: skip
        self.running.extend(started)
        return [process.stdout.readline().strip() for process in started if process.stdout]

    def stop(self) -> None:
        for process in self.running:
            process.kill()
        for process in self.running:
            process.communicate()


# -- what lintscale says --------------------------------------------------------------------------


def figures(folder: Path) -> dict[str, Any]:
    """The consumer, with the totals of its database."""
    report = capacity.report(api.load([str(folder)], settings=load_settings(folder)))
    (database,) = report["databases"]
    (consumer,) = database["consumers"]
    return {**consumer, "total": database["total"], "fits": database["fits"]}


def deploy(folder: Path, text: str, instances: int) -> None:
    """Write the manifest with so many instances, to which no deploy adds any."""
    text = re.sub(r"rollingUpdate: .*", "type: Recreate", text)
    text = re.sub(r"replicas: .*", f"replicas: {instances}", text)
    (folder / "shop.yaml").write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("replicas", "surge", "processes", "source", "variables", "peak"),
    [
        # 2 pods and 1 more in a deploy, 3 + 2 each: 15 of 17; the next would make 20.
        (2, 1, 1, FROM_VARIABLES, {"DB_POOL_SIZE": 3, "DB_MAX_OVERFLOW": 2}, 15),
        # 2 pods and 50 % more, 2 processes with 2 each: 12, and the next makes 16, which fits.
        (2, "50%", 2, FROM_VARIABLES, {"DB_POOL_SIZE": 2, "DB_MAX_OVERFLOW": 0}, 12),
        # What SQLAlchemy does when nobody tells it: 5 + 10 = 15; the next would make 30.
        (1, 0, 1, DEFAULT, {}, 15),
    ],
)
def test_the_server_counts_what_lintscale_says(  # noqa: PLR0917 - a row of the table
    server: Server,
    tmp_path: Path,
    replicas: int,
    surge: int | str,
    processes: int,
    source: str,
    variables: dict[str, int],
    peak: int,
) -> None:
    url = server.url("shop")
    (tmp_path / ".git").mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "main.py").write_text("from shop import db\n", encoding="utf-8")
    (tmp_path / "shop" / "db.py").write_text(source, encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("sqlalchemy\n", encoding="utf-8")
    named = url.replace(f"127.0.0.1:{server.port}", "shop-db")
    manifest = MANIFEST.format(
        replicas=replicas,
        surge=surge,
        processes=processes,
        url=named,
        max_connections=MAX_CONNECTIONS,
        variables="".join(
            f'            - name: {name}\n              value: "{value}"\n'
            for name, value in variables.items()
        ),
    )
    (tmp_path / "shop.yaml").write_text(manifest, encoding="utf-8")
    told = figures(tmp_path)
    assert told["total"]["deploy"] == peak

    environment = {
        **os.environ,
        "DATABASE_URL": url,
        **{name: str(value) for name, value in variables.items()},
    }
    running = Processes(tmp_path, environment)
    try:
        said = running.start(told["instances"]["deploy"] * told["processes"])
        each = told["pool_size"] + told["max_overflow"]
        assert said == [f"full {each}"] * len(said)
        assert server.backends("shop") == told["total"]["deploy"]
        # One instance more, and so on until lintscale says that it no longer fits.
        for instances in range(told["instances"]["deploy"] + 1, MAX_CONNECTIONS):
            deploy(tmp_path, manifest, instances)
            told = figures(tmp_path)
            said = running.start(told["processes"])
            refused = [line for line in said if line.startswith("refused")]
            assert bool(refused) is not told["fits"]["deploy"], json.dumps(told, indent=2)
            if refused:
                assert "remaining connection slots are reserved" in refused[0]
                break
            assert server.backends("shop") == told["total"]["deploy"]
        else:
            pytest.fail("nothing was refused")
    finally:
        running.stop()
        wait_until_gone(server)


def wait_until_gone(server: Server) -> None:
    """A backend notices that its client is gone when it next looks."""
    deadline = time.monotonic() + 10
    while server.backends("shop") and time.monotonic() < deadline:
        time.sleep(0.1)
