"""Application source is anybody's: nothing of it is run, and nothing in it takes long."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lintscale import api
from lintscale.model.resolved import Pool
from lintscale.project.config import load_settings
from tests.files import write_files

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: uvicorn shop.main:app --port $PORT
    envVars:
      - key: DATABASE_URL
        value: postgresql://shop@db.bookshop.example/shop
"""
ENGINE = "from sqlalchemy import create_engine\nimport os\n"
MAKES = "engine = create_engine(os.environ['DATABASE_URL'], pool_size={size})\n"

CHAIN = "x0 = 1\n" + "".join(f"x{n} = x{n - 1} + x{n - 1} + x{n - 1}\n" for n in range(1, 60))
TEXTS = "x0 = 'a'\n" + "".join(f"x{n} = f'" + f"{{x{n - 1}}}" * 9 + "'\n" for n in range(1, 60))

SOURCES = {
    "deep attributes": "x = a" + ".b" * 20_000 + "\n",
    "deep operators": "x = " + "-" * 50_000 + "1\n",
    "deep sums": "x = " + "+".join(["1"] * 50_000) + "\n",
    "deep brackets": "x = " + "(" * 5_000 + ")" * 5_000 + "\n",
    "many branches": "if a:\n x = 1\n" + "elif b:\n x = 1\n" * 8_000,
    "one long line": "x = '" + "y" * 1_000_000 + "'\n",
    "names that lead to names": CHAIN + MAKES.format(size="x59"),
    "texts in texts": TEXTS + "engine = create_engine(x59)\n",
    "a name made from itself": "x = x + x\ny = z\nz = y\n" + MAKES.format(size="x + y"),
    "many pools in a line": ";".join(["create_engine(u, pool_size=5)"] * 5_000) + "\n",
    "a mapping within itself": "o = {'pool_size': 3, **o}\nengine = create_engine(u, **o)\n",
    "no Python": "engine = create_engine(\n",
    "no text": "\0\x80 create_engine",
    "imports in one line": "from a import " + ", ".join(f"n{n}" for n in range(30_000)) + "\n",
}


def project(folder: Path, files: dict[str, str]) -> Path:
    (folder / ".git").mkdir()
    common = {"render.yaml": BLUEPRINT, "requirements.txt": "sqlalchemy\n"}
    return write_files(folder, {**common, **files})


def pools(folder: Path) -> tuple[Pool, ...]:
    """Within a bound of processor time."""
    started = time.process_time()
    result = api.load([str(folder)], settings=load_settings(folder))
    assert time.process_time() - started < 8
    (workload,) = result.project.workloads
    return workload.pools


@pytest.mark.parametrize("name", SOURCES)
def test_source_that_means_harm(name: str, tmp_path: Path) -> None:
    main = "from shop import db, hostile\n"
    found = pools(
        project(
            tmp_path,
            {
                "shop/__init__.py": "",
                "shop/main.py": main,
                "shop/hostile.py": ENGINE + SOURCES[name],
                "shop/db.py": ENGINE + MAKES.format(size=4),
            },
        )
    )
    # What stands in another file is found all the same.
    assert any(pool.size.value == 4 for pool in found)


def test_imports_in_a_circle(tmp_path: Path) -> None:
    circle = {
        f"shop/m{n}.py": f"from shop.m{(n + 1) % 5} import size\nfrom .m{(n + 2) % 5} import *\n"
        for n in range(5)
    }
    found = pools(
        project(
            tmp_path,
            {
                **circle,
                "shop/__init__.py": "from shop.main import size\n",
                "shop/main.py": "from shop import db\nfrom shop.m0 import size\n",
                "shop/db.py": ENGINE + "from shop.m0 import size\n" + MAKES.format(size="size"),
            },
        )
    )
    assert [pool.size.value for pool in found] == [None]


def test_nothing_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    source = f"open({str(mark)!r}, 'w')\nraise SystemExit\n" + ENGINE + MAKES.format(size=3)
    found = pools(project_in(tmp_path, source))
    assert [pool.size.value for pool in found] == [3]
    assert not mark.exists()


def project_in(folder: Path, source: str) -> Path:
    inner = folder / "bookshop"
    inner.mkdir()
    return project(inner, {"shop/__init__.py": "", "shop/main.py": source})


def test_nothing_outside_of_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text(ENGINE + MAKES.format(size=9))
    (tmp_path / "Dockerfile").write_text("FROM python\nCOPY . .\nCMD uvicorn a:b --workers 9\n")
    inner = project_in(tmp_path, "from shop import linked\n")
    (inner / "shop" / "linked.py").symlink_to(tmp_path / "secret.py")
    (inner / "render.yaml").write_text(
        BLUEPRINT.replace(
            "runtime: python", "runtime: docker\n    dockerfilePath: ../Dockerfile"
        ).replace("    startCommand: uvicorn shop.main:app --port $PORT\n", "")
    )
    result = api.load([str(inner)], settings=load_settings(inner))
    (workload,) = result.project.workloads
    assert [pool.code_location for pool in workload.pools] == [None]
    assert workload.containers[0].processes.value == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = project(tmp_path, {"shop/__init__.py": "", "shop/main.py": "from shop import db\n"})
    os.mkfifo(folder / "shop" / "db.py")
    os.mkfifo(folder / "Dockerfile")
    assert [pool.code_location for pool in pools(folder)] == [None]
