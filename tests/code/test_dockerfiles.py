"""Instructions of Dockerfiles, against BuildKit's own test files and what its reference says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lintscale.code.dockerfiles import Instruction, filled_in, instructions_in
from lintscale.code.images import Image, read_dockerfile

FOLDER = Path(__file__).parent.parent / "data" / "dockerfiles"
CASES = sorted(path.name for path in FOLDER.iterdir())
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_GO_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\([abfnrtv\\\"])")
_GO = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
PAIRS = ("env", "label")
NESTED = ("healthcheck", "onbuild")
"""Instructions whose words lintscale does not take apart."""

Expected = tuple[str, tuple[str, ...], tuple[str, ...]]


def unquoted(text: str) -> str:
    """What Go's strconv.Quote wrote."""
    return _GO_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _GO.get(m[2], m[2]), text[1:-1])


def expected(line: str) -> Expected:
    name = re.match(r"\((\S+?)[ )]", line)
    assert name is not None
    flags, rest = (), line
    bracketed = re.match(r'\(\S+ \[((?:"(?:[^"\\]|\\.)*" ?)+)\]', line)
    if bracketed is not None:
        flags = tuple(map(unquoted, _TEXT.findall(bracketed[1])))
        rest = line[bracketed.end() :]
    words = tuple(map(unquoted, _TEXT.findall(rest)))
    if name[1] in PAIRS:
        # The third of each is "=", or "" in the old form.
        words = tuple(word for index, word in enumerate(words) if index % 3 != 2)
    return name[1], flags, () if name[1] in NESTED else words


def read(instruction: Instruction) -> Expected:
    name = instruction.name.lower()
    return name, instruction.flags, () if name in NESTED else instruction.words


@pytest.mark.parametrize("case", CASES)
def test_a_dockerfile_is_read_as_buildkit_reads_it(case: str) -> None:
    text = (FOLDER / case / "Dockerfile").read_bytes().decode()
    lines = (FOLDER / case / "result").read_text(encoding="utf-8").splitlines()
    found, _ = instructions_in(text)
    assert [read(each) for each in found] == [expected(line) for line in lines if line.strip()]


def test_buildkits_files_are_there() -> None:
    assert len(CASES) > 30


def command(text: str) -> str | None:
    found = read_dockerfile("Dockerfile", text).command
    return found.value if found is not None else None


def environment(text: str) -> dict[str, str | None]:
    image: Image = read_dockerfile("Dockerfile", text)
    return {variable.name: variable.value.value for variable in image.environment}


def test_a_here_document_holds_no_instructions() -> None:
    text = 'FROM a\nCMD ["b"]\nCOPY <<EOF /x\nCMD ["c"]\nENV A=1\nEOF\n'
    assert command(text) == "b"
    assert environment(text) == {}


def test_the_escape_directive_is_the_first_line_or_none() -> None:
    assert command("# escape=`\nFROM a\nCMD b `\n  c\\d\n") == "b   c\\d"
    assert command("# a comment\n# escape=`\nFROM a\nCMD b \\\n  c\n") == "b   c"


def test_comments_and_empty_lines_stand_between_continued_lines() -> None:
    assert command("FROM a\nCMD b \\\n# comment\n\n   # another\n  -w 4\n") == "b   -w 4"


def test_values_are_filled_in() -> None:
    text = """
ARG VERSION=3
FROM python:$VERSION
ARG WORKERS=4
ARG GIVEN
ENV A=$WORKERS B=${WORKERS}0 C="${NONE:-x}y" D=${WORKERS:+set} E='$WORKERS' F=\\$WORKERS
ENV A=5 G=$A
ENV OLD form $WORKERS
ENV H=$GIVEN I=$UNSET J=${GIVEN:-1}
"""
    assert environment(text) == {
        "A": "5", "B": "40", "C": "xy", "D": "set", "E": "$WORKERS", "F": "$WORKERS", "G": "4",
        "OLD": "form 4", "H": None, "I": None, "J": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ENTRYPOINT ["a", "b c"]\nCMD ["-w", "4"]', "a 'b c' -w 4"),
        ('ENTRYPOINT ["a"]\nCMD b c', "a /bin/sh -c 'b c'"),
        ('ENTRYPOINT a $B\nCMD ["c"]', "a $B"),
        ('CMD ["a"]\nENTRYPOINT ["b"]', "b"),
        ('ENTRYPOINT ["b"]\nENTRYPOINT []\nCMD ["a"]', "a"),
        ("HEALTHCHECK CMD curl x\nONBUILD CMD b", None),
        ("CMD a\nHEALTHCHECK --interval=5s CMD curl x", "a"),
        ('SHELL ["powershell", "-Command"]\nCMD a', None),
        ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nCMD a', "a"),
        ("CMD ['a', 'b']", "['a', 'b']"),
        ("cmd a", "a"),
    ],
)
def test_the_start_command(text: str, expected: str | None) -> None:
    assert command(f"FROM x\n{text}\n") == expected


def test_a_stage_that_builds_upon_another_has_its_command() -> None:
    text = 'FROM x AS base\nENV A=1\nCMD ["a"]\nFROM y AS z\nCMD ["b"]\nFROM base\nENV B=$A\n'
    assert command(text) == "a"
    assert environment(text) == {"A": "1", "B": "1"}


def origins(text: str, path: str) -> list[str]:
    return list(read_dockerfile("Dockerfile", f"FROM x\n{text}\n").origins(path))


def test_a_file_of_the_image_is_found_where_it_was_copied_from() -> None:
    assert origins("WORKDIR /app\nCOPY . .", "/app/bin/run") == ["bin/run"]
    assert origins("COPY docker/entry.sh /", "/entry.sh")[0] == "docker/entry.sh"
    assert origins("COPY docker/entry.sh /start", "/start") == ["docker/entry.sh"]
    assert origins("COPY docker/*.sh /bin/", "/bin/a.sh") == ["docker/a.sh"]
    stages = "WORKDIR /src\nCOPY api .\nFROM y\nCOPY --from=0 /src/bin /bin"
    assert origins(stages, "/bin/run")[0] == "api/bin/run"


@pytest.mark.parametrize(
    "text",
    [
        "COPY <<EOF /run.sh\ngunicorn -w 4\nEOF",
        "RUN cat <<'EOF' > /run.sh && chmod +x /run.sh\ngunicorn -w 4\nEOF",
        "RUN echo 'gunicorn -w 4' > /run.sh",
        "RUN printf '%s\\n' 'gunicorn -w 4' > /run.sh",
        "RUN <<EOF\ncat > /run.sh <<X\ngunicorn -w 4\nX\nEOF",
        "WORKDIR /\nARG N=4\nCOPY <<EOF run.sh\ngunicorn -w $N\nEOF",
    ],
)
def test_a_script_that_the_dockerfile_writes(text: str) -> None:
    image = read_dockerfile("Dockerfile", f"FROM x\n{text}\n")
    assert image.written["/run.sh"].text == "gunicorn -w 4\n"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a$A", "a1"), ("${A}b", "1b"), ("'$A'", "$A"), ('"$A b"', "1 b"), (r"\$A", "$A"),
        ("${A:-2}", "1"), ("${E:-2}", "2"), ("${E-2}", ""), ("${N:-2}", "2"), ("${A:+x$A}", "x1"),
        ("${N:+x}", ""), ("${N:-${A}}", "1"), ("$N", None), ("$U", None), ("${U:-2}", None),
        ("${A#1}", None), ("${A", None), ("$", "$"), (r'"a\b"', r"a\b"), (r'"a\"b"', 'a"b'),
    ],
)  # fmt: skip
def test_variables_in_a_word(word: str, expected: str | None) -> None:
    assert filled_in(word, {"A": "1", "E": "", "U": None}) == expected


def test_hostile_text_is_read_in_bounded_time() -> None:
    for piece in ("RUN <<A ", "FROM a\\\n", "ENV A=${", "COPY <<EOF /x\n", "# x\n", '["', "$"):
        text = piece * (200_000 // len(piece))
        read_dockerfile("Dockerfile", text)
        read_dockerfile("Dockerfile", f"FROM x\nENV A={json.dumps(text)}\nCMD {text}")


def test_values_that_double_from_line_to_line_are_not_kept() -> None:
    image = read_dockerfile("Dockerfile", "FROM x\nENV A=ab\n" + "ENV A=$A$A\n" * 60)
    assert image.environment[0].value.value is None
    lines = "".join(f"ENV B{i}=$A-$A\n" for i in range(2_000))
    image = read_dockerfile("Dockerfile", f"FROM x\nENV A={'a' * 9_000}\n{lines}")
    assert sum(len(each.value.value or "") for each in image.environment) < 2_000_000
