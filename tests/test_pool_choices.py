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
