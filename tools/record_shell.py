"""Records which programs bash runs: python -m tools.record_shell

Reads tests/data/shell/scripts.txt and writes record.json beside it. Each script runs under bash
with a PATH of stub programs, which write down how they were called and succeed. A script begins
with ``=== name``, then its environment (``X=1``) and its arguments; ``--- name`` begins another
file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "shell"
STUBS = (
    "gunicorn", "uvicorn", "celery", "rq", "alembic", "nc", "sleep",
)  # fmt: skip
WATCHED = ("WEB_CONCURRENCY", "A", "B")
"""Variables that the record holds where a program gets them."""

_REAL = ("bash", "sh", "env", "cat", "seq", "basename", "dirname", "nice", "nohup", "timeout", "rm")
_STUB = """#!{bash}
{{
printf '%s\\0' "${{0##*/}}" "$@" ''
for name in {names}; do
[ -z "${{!name+x}}" ] || printf '%s=%s\\0' "$name" "${{!name}}"
done
printf '\\1\\0'
}} >> "$RECORD"
"""


class Script(NamedTuple):
    name: str
    environment: dict[str, str]
    arguments: list[str]
    files: dict[str, str]


def scripts() -> list[Script]:
    found = []
    for part in re.split(r"(?m)^=== ", (FOLDER / "scripts.txt").read_text(encoding="utf-8"))[1:]:
        head, _, body = part.partition("\n")
        name, *words = head.split()
        environment = dict(w.split("=", 1) for w in words if re.match(r"[A-Z]+=", w))
        arguments = [word for word in words if not re.match(r"[A-Z]+=", word)]
        main, *others = re.split(r"(?m)^--- ", body)
        files = {"main.sh": main}
        for other in others:
            file, _, text = other.partition("\n")
            files[file] = text
        found.append(Script(name, environment, arguments, files))
    return found


def recorded(script: Script) -> list[dict[str, object]]:
    """The programs in the order in which they began, with their arguments and variables."""
    with tempfile.TemporaryDirectory() as top:
        work, bin_ = Path(top, "work"), Path(top, "bin")
        work.mkdir()
        bin_.mkdir()
        for real in _REAL:
            (bin_ / real).symlink_to(shutil.which(real) or "/bin/false")
        for stub in STUBS:
            text = _STUB.format(bash=shutil.which("bash"), names=" ".join(WATCHED))
            (bin_ / stub).write_text(text)
            (bin_ / stub).chmod(0o755)
        for name, text in script.files.items():
            (work / name).write_text(text)
            (work / name).chmod(0o755)
        record = Path(top, "record")
        record.touch()
        environment = {"PATH": str(bin_), "RECORD": str(record), **script.environment}
        subprocess.run(  # noqa: S603 - scripts of this repository
            [str(bin_ / "bash"), "main.sh", *script.arguments],
            cwd=work, env=environment, timeout=20, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return [_call(part) for part in record.read_text().split("\1\0") if part]


def _call(text: str) -> dict[str, object]:
    words = text.split("\0")[:-1]
    # The stub puts an empty word behind the arguments; variables cannot be empty words.
    end = len(words) - 1 - next(i for i, w in enumerate(reversed(words)) if w == "")
    settings = dict(word.split("=", 1) for word in words[end + 1 :])
    return {"argv": words[:end], "settings": settings}


if __name__ == "__main__":
    found = {script.name: recorded(script) for script in scripts()}
    text = json.dumps(found, indent=1, sort_keys=True)
    (FOLDER / "record.json").write_text(text + os.linesep, encoding="utf-8")
