"""Pools on the sides of a choice exclude each other, wherever the program starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import write_files
from tests.manifests import as_yaml, deployment
from tests.one_service import checked

BY_PRISMA = """\
import { PrismaClient } from "@prisma/client";
let prisma;
if (process.env.NODE_ENV === "production") {
  prisma = new PrismaClient();
} else {
  if (!global.prisma) {
    global.prisma = new PrismaClient();
  }
  prisma = global.prisma;
}
export { prisma };
"""
TWO_OF_PRISMA = """\
import { PrismaClient } from "@prisma/client";
export const reading = new PrismaClient();
export const writing = new PrismaClient();
"""


@pytest.mark.parametrize(("source", "pools"), [(BY_PRISMA, 1), (TWO_OF_PRISMA, 2)])
def test_one_of_two_sides_is_made(source: str, pools: int, tmp_path: Path) -> None:
    shop = deployment(replicas=2)
    address = "postgres://shop@ledger:5432/shop?connection_limit=25"
    [container] = shop["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": "DATABASE_URL", "value": address}]
    files = {
        "k8s/shop.yaml": as_yaml(shop),
        "package.json": '{"dependencies": {"@prisma/client": "6.1.0"}}',
        "src/database.ts": source,
        "Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["node", "src/server.js"]\n',
    }
    [workload] = checked(write_files(tmp_path, files)).project.workloads
    assert [pool.size.value for pool in workload.pools] == [25] * pools


BEAN = """\
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
@Configuration
class Sources {
    @Bean @Primary
    DataSource source() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getenv("SPRING_DATASOURCE_URL"));
        config.setMaximumPoolSize(5);
        return new HikariDataSource(config);
    }
}
"""
SETTINGS = """\
spring:
  datasource: {url: "${SPRING_DATASOURCE_URL}", hikari: {maximum-pool-size: 20}}
"""
POM = """\
<project><artifactId>shop</artifactId><dependencies>
  <dependency><artifactId>spring-boot-starter-data-jpa</artifactId></dependency>
</dependencies></project>
"""


@pytest.mark.parametrize(("source", "sizes"), [(BEAN, [5]), ("class Books {}\n", [20])])
def test_a_bean_takes_the_place_of_the_settings(
    source: str, sizes: list[int], tmp_path: Path
) -> None:
    shop = deployment(replicas=2)
    [container] = shop["spec"]["template"]["spec"]["containers"]
    address = {"name": "SPRING_DATASOURCE_URL", "value": "jdbc:postgresql://ledger:5432/shop"}
    container["env"] = [address]
    files = {
        "k8s/shop.yaml": as_yaml(shop),
        "pom.xml": POM,
        "src/main/java/shop/Sources.java": source,
        "src/main/resources/application.yml": SETTINGS,
    }
    [workload] = checked(write_files(tmp_path, files)).project.workloads
    assert [pool.size.value for pool in workload.pools] == sizes
