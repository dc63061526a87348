"""Pools of files that cannot be read as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.code.applications import Applications
from lintscale.code.files import MAX_FILE_BYTES
from tests.code.reading import NOT_KNOWN, size

PYTHON = "from sqlalchemy import create_engine\n{}\nengine = create_engine(url, pool_size=2)\n"
JAVASCRIPT = "const {{ Pool }} = require('pg');\n{}\nnew Pool({{ max: 3 }});\n"


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("app.py", PYTHON.format('print "x"'), "gunicorn app:app"),
        ("app.py", PYTHON.format("# pad\n" * (MAX_FILE_BYTES // 6)), "gunicorn app:app"),
        ("app.js", JAVASCRIPT.format("// pad\n" * (MAX_FILE_BYTES // 6)), "node app.js"),
    ],
)
def test_no_default_takes_the_place_of_what_is_not_read(
    name: str, text: str, command: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    applications: Applications[str] = Applications(tmp_path, [name], {})
    (pool,) = applications._pools_of("", command, {}, start="", begun=frozenset())
    assert size(pool) == NOT_KNOWN
    assert pool.location.span.line == len(text.split("\n")) - 1


@pytest.mark.parametrize("text", ["x = 1\n", "# pad\n", "import sqlalchemy\nmy_create_engine(1)\n"])
def test_a_long_file_without_a_call_has_no_pool(text: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(text + "# pad\n" * (MAX_FILE_BYTES // 6))
    applications: Applications[str] = Applications(tmp_path, ["app.py"], {})
    assert applications._pools_of("", "gunicorn app:app", {}, start="", begun=frozenset()) == []
