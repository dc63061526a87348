"""What a script runs, against what bash ran: tools/record_shell.py made the record."""

from __future__ import annotations

import json
import posixpath
import time

import pytest

from lintscale.code.commands import environment_of, invocations
from lintscale.code.shell import Interpreter
from lintscale.code.shell_state import Part, ScriptFile
from lintscale.model.declared import EnvironmentVariable
from lintscale.model.invocations import Invocation
from lintscale.model.location import Location, Span
from lintscale.model.sourced import Sourced
from lintscale.syntax import grammars
from tools.record_shell import FOLDER, STUBS, WATCHED, Script, scripts

RECORD = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))


class Folder:
    """The files of a script, as the only ones of a project."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def script(self, path: str, folder: str) -> ScriptFile | None:
        name = posixpath.normpath(posixpath.join(folder, path))
        return ScriptFile(name, self.files[name]) if name in self.files else None

    def started(self, run: Invocation, folder: str) -> list[Part] | None:
        return None


def read(script: Script) -> tuple[Invocation, ...]:
    interpreter = Interpreter(script.environment, Folder(script.files))
    words = " ".join(f"'{word}'" for word in script.arguments)
    return interpreter.start(f"bash main.sh {words}")


Call = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


def call(run: Invocation) -> Call:
    settings = {name: value for name, value in run.settings.items() if name in WATCHED}
    return (run.program, *run.arguments), tuple(sorted(settings.items()))


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_a_script_is_read_as_bash_runs_it(script: Script) -> None:
    runs = [run for run in read(script) if run.program in STUBS or run.unknown]
    assert [run.unknown for run in runs if run.unknown] == []
    ran = [(tuple(x["argv"]), tuple(sorted(x["settings"].items()))) for x in RECORD[script.name]]
    if not any(run.branches for run in runs):
        in_order = [call(run) for run in runs if run.program != "sleep"]
        if any(run.background for run in runs):
            assert sorted(in_order) == sorted(ran)
        else:
            assert in_order == ran
        return
    # Where a condition is not known, both of its sides are read; one of them ran.
    assert {call(run) for run in runs if not run.branches} <= set(ran) <= set(map(call, runs))


def test_there_are_enough_scripts_and_each_is_recorded() -> None:
    names = [script.name for script in scripts()]
    assert len(names) == len(set(names)) >= 40
    assert sorted(names) == sorted(RECORD)


def programs(text: str) -> list[tuple[str, int]]:
    return [(run.program, len(run.branches)) for run in invocations(text)]


def test_what_goes_on_behind_a_side_that_ended_excludes_it() -> None:
    text = 'if [ "$R" = w ]; then exec celery worker; fi\nexec gunicorn shop'
    celery, gunicorn = invocations(text)
    assert celery.branches[0].choice == gunicorn.branches[0].choice
    assert celery.branches[0].side != gunicorn.branches[0].side


@pytest.mark.parametrize(
    "text",
    [
        "echo 'unclosed && gunicorn app",
        "if true; then gunicorn -w 4",
        "gunicorn -w 4 ) shop",
        'eval "$COMMAND"',
        "for q in $QUEUES; do rq worker $q & done",
        "while nc -z db; do rq worker & done",
        "gunicorn -w 1 x\n" * 5_000,
        "( " * 500 + "gunicorn" + " )" * 500,
        "if true; then " * 300 + "gunicorn" + "; fi" * 300,
        "f() { f; f; }; f",
    ],
)
def test_what_cannot_be_followed_is_not_known(text: str) -> None:
    started = time.process_time()
    assert any(run.unknown for run in invocations(text))
    assert time.process_time() - started < 5


def test_an_uncalled_function_that_does_not_parse_does_not_matter() -> None:
    assert not any(run.unknown for run in invocations("f() { echo ${; }\ngunicorn shop"))


@pytest.mark.parametrize(
    "test",
    [
        '[ -z "$URL" ]', '! [ -n "$URL" ]', '! [ "$URL" ]', '[ "$URL" = "" ]', '[[ -z $URL ]]',
        '[[ -z "${URL:-}" ]]', '! test -n "$URL"', '[ -z "${URL:+x}" ]', '[ -z "$OTHER/x" ]',
    ],
)  # fmt: skip
def test_what_is_set_from_elsewhere_is_not_empty(test: str) -> None:
    where = Location("a.yaml", Span(1, 1, 1, 2))
    nothing: Sourced[str] = Sourced(None, None, where)
    url = EnvironmentVariable("URL", nothing, where, "secret:a/b/c")
    other = EnvironmentVariable("OTHER", nothing, where)
    environment = environment_of((url, other))
    line = f"if {test}; then exec wrong; fi; exec right"
    assert [run.program for run in invocations(line, environment)] == ["right"]
    line = 'if [ -z "$OTHER" ]; then exec one; fi; exec right'
    assert len(invocations(line, environment)) == 2
    (run,) = invocations("exec serve --to $URL", environment)
    assert run.arguments == ("--to", "$URL")


def test_variables_that_a_tool_prints_start_nothing() -> None:
    runs = invocations('eval "$(direnv export bash)"\nexec gunicorn -w 4 shop')
    assert [(run.program, run.unknown) for run in runs] == [("gunicorn", "")]


@pytest.mark.parametrize(
    "piece",
    ["a=$((a+1));", "x=${x:-$x$x};", "if [ $a ]; then b=1; else b=2; fi\n", "'", "$(", "${a:-",
     "((", "case x in ", "<<EOF\n", "{ ", "echo \"$a$b$c$d\"\n", "&& ", "\\\n"],
)  # fmt: skip
def test_hostile_scripts_end_soon(piece: str) -> None:
    text = piece * (250_000 // len(piece))
    started = time.process_time()
    invocations(text)
    assert time.process_time() - started < 10


def test_plain_words_need_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(language: str, data: bytes) -> None:
        raise AssertionError(language)

    monkeypatch.setattr("lintscale.code.shell.parse", none)
    assert programs("uvicorn plain:app --port $PORT") == [("uvicorn", 0)]
    assert programs("cd plain && exec gunicorn -w 4 shop:app") == [("cd", 0), ("gunicorn", 0)]


def test_without_the_grammar_a_script_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lintscale.code.shell.parse", lambda language, data: None)
    (run,) = invocations("gunicorn 'without:grammar'; true")
    assert run.unknown
    assert grammars.MAX_BYTES > 0
