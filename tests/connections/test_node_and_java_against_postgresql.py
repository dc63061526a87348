"""A Node program with pg and a Java program with HikariCP against a real server: as many backends
as lintscale says."""

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
from tests.files import write_files

__all__ = ["server"]

PACKAGE = '{"name": "shop", "private": true, "dependencies": {"pg": "8.13.1"}}\n'

NODE = """\
const { Pool } = require("pg");
const { pool: options } = require("./settings");

const pool = new Pool({ connectionString: process.env.DATABASE_URL, ...options });

(async () => {
  const held = [];
  try {
    for (;;) held.push(await pool.connect());
  } catch (error) {
    console.log(`full ${held.length}`);
  }
  process.stdin.resume();
})();
"""

SETTINGS = """\
const perProcess = parseInt(process.env.PG_POOL_MAX ?? "2", 10) || 2;

module.exports = { pool: { max: perProcess, connectionTimeoutMillis: 1500 } };
"""

POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId>
  <artifactId>shop</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.zaxxer</groupId><artifactId>HikariCP</artifactId><version>5.1.0</version>
    </dependency>
    <dependency>
      <groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.4</version>
    </dependency>
  </dependencies>
</project>
"""

JAVA = """\
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

class Main {
  private static final int SPARE = 1;

  public static void main(String[] args) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:" + System.getenv("DATABASE_URL").replace("shop@", ""));
    config.setUsername("shop");
    config.setMaximumPoolSize(2 + SPARE);
    config.setConnectionTimeout(1500);
    HikariDataSource pool = new HikariDataSource(config);
    List<Connection> held = new ArrayList<>();
    try {
      while (true) {
        held.add(pool.getConnection());
      }
    } catch (SQLException full) {
      System.out.println("full " + held.size());
    }
    System.in.read();
  }
}
"""


def counted(
    server: Server, folder: Path, start: str, command: list[str], variables: dict[str, str]
) -> tuple[dict[str, object], list[str], int]:
    """What lintscale says of two instances, what these say, and the server's backends."""
    url = f"postgresql://shop@127.0.0.1:{server.port}/postgres"
    manifest = MANIFEST.format(
        replicas=2,
        surge=0,
        processes=1,
        url=url.replace(f"127.0.0.1:{server.port}", "shop-db"),
        max_connections=MAX_CONNECTIONS,
        variables="".join(
            f'            - name: {name}\n              value: "{value}"\n'
            for name, value in variables.items()
        ),
    ).replace('[uvicorn, "shop.main:app", --workers, "1"]', start)
    write_files(folder, {"shop.yaml": manifest, ".git/HEAD": ""})
    told = figures(folder)
    running = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
            env={**os.environ, **variables, "DATABASE_URL": url},
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
    return told, said, backends


def prepared(folder: Path, *command: str) -> None:
    """Run the tool that fetches a program's packages."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this machine")
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    if run.returncode:
        pytest.skip(f"{command[0]} fails, perhaps without a network: {run.stdout[-200:]}")


@pytest.mark.slow
@pytest.mark.parametrize(("variables", "size"), [({}, 2), ({"PG_POOL_MAX": "4"}, 4)])
def test_node_with_pg(server: Server, tmp_path: Path, variables: dict[str, str], size: int) -> None:
    write_files(tmp_path, {"package.json": PACKAGE, "server.js": NODE, "settings.js": SETTINGS})
    prepared(tmp_path, "npm", "install", "--no-audit", "--no-fund")
    told, said, backends = counted(
        server, tmp_path, "[node, server.js]", ["node", "server.js"], variables
    )
    assert told["pool_size"] == size
    assert said == [f"full {size}"] * 2
    assert backends == 2 * size


@pytest.mark.slow
def test_java_with_hikari(server: Server, tmp_path: Path) -> None:
    write_files(tmp_path, {"pom.xml": POM, "src/main/java/Main.java": JAVA})
    prepared(tmp_path, "mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib")
    prepared(tmp_path, "javac", "-cp", "lib/*", "-d", "classes", "src/main/java/Main.java")
    told, said, backends = counted(
        server,
        tmp_path,
        '[java, -cp, "lib/*:classes", Main]',
        ["java", "-cp", "lib/*:classes", "Main"],
        {},
    )
    assert told["pool_size"] == 3
    assert said == ["full 3"] * 2
    assert backends == 6
