from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.commands import invocations
from lintscale.model.declared import EnvironmentVariable
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.processes import processes_of, program_of
from tests.resolve.build import container, said, variable


def programs(command: str) -> list[str]:
    return [run.program for run in invocations(command)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("uvicorn app:app", ["uvicorn"]),
        ("cd backend && exec uvicorn app:app", ["cd", "uvicorn"]),
        ("alembic upgrade head; gunicorn app", ["alembic", "gunicorn"]),
        ("sh -c 'exec uvicorn app:app'", ["uvicorn"]),
        ('/bin/bash -lc "cd x && gunicorn app"', ["cd", "gunicorn"]),
        ('bash -euxo pipefail -c "migrate\nuvicorn app:app"', ["migrate", "uvicorn"]),
        ("sh start.sh", ["sh"]),
        ("LOG=debug PORT=80 uvicorn app:app", ["uvicorn"]),
        ("env -u DEBUG LOG=debug uvicorn app:app", ["uvicorn"]),
        ("bundle exec puma -C config/puma.rb", ["puma"]),
        ("poetry run uvicorn app:app", ["uvicorn"]),
        ("uv run --extra web --no-dev uvicorn app:app", ["uvicorn"]),
        ("python -m uvicorn app:app", ["uvicorn"]),
        ("python3.12 -u -m gunicorn.app.wsgiapp app", ["gunicorn"]),
        ("tini -- /opt/venv/bin/gunicorn app", ["gunicorn"]),
        ("dumb-init gunicorn app", ["gunicorn"]),
        ("./wait-for-it.sh db:5432 -- gunicorn app", ["gunicorn"]),
        ("timeout -k 5 30 gosu app celery worker", ["celery"]),
        ("newrelic-admin run-program gunicorn app", ["gunicorn"]),
        ("doppler run --project shop -- gunicorn app", ["gunicorn"]),
        ("npx -y pm2-runtime start app.js", ["pm2-runtime"]),
        ("if [ -n x ]; then gunicorn app; fi", ["gunicorn"]),
        ("until nc -z db 5432; do sleep 1; done; gunicorn app", ["nc", "sleep", "gunicorn"]),
        ("{ migrate; gunicorn app; }", ["migrate", "gunicorn"]),
        ("(cd x && gunicorn app)", ["cd", "gunicorn"]),
        ("gunicorn app > /var/log/app 2>&1", ["gunicorn"]),
        ("gunicorn \\\n  --workers 2 app", ["gunicorn"]),
        ("echo 'unclosed && gunicorn app", ["echo", ""]),
        ("export A=b\ngunicorn app", ["gunicorn"]),
        ("", []),
        ("&& ; |", [""]),
        ("exec", []),
        ("sh -c", ["sh"]),
        ("python -m", ["python"]),
    ],
)
def test_programs_of_a_command(command: str, expected: list[str]) -> None:
    assert programs(command) == expected


@given(st.text(alphabet="ab -c'\"&;|()$={}\\\n\t#", max_size=60))
def test_any_text_can_be_taken_apart(command: str) -> None:
    assert all(run.program or run.unknown for run in invocations(command))
    assert (processes_of(container(command)).value or 0) >= 1


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("uvicorn app:app --workers 2", 2),
        ("uvicorn app:app --workers=3", 3),
        ("gunicorn -w 4 app", 4),
        ("gunicorn -w4 app", 4),
        ("gunicorn --workers 4 app", 4),
        ("gunicorn -w 2 app --workers 4", 4),
        ("gunicorn -k uvicorn.workers.UvicornWorker -w 4 app", 4),
        ("GUNICORN_CMD_ARGS='--workers 5' gunicorn app", 5),
        ("GUNICORN_CMD_ARGS='--workers 5' gunicorn -w 3 app", 3),
        ("WEB_CONCURRENCY=6 gunicorn app", 6),
        ("export WEB_CONCURRENCY=6; gunicorn app", 6),
        ("hypercorn -w 3 app", 3),
        ("granian --interface asgi --workers 3 app", 3),
        ("fastapi run --workers 4 main.py", 4),
        ("uwsgi --http :80 -p 4", 4),
        ("bundle exec puma -w 3 -t 5:5", 3),
        ("puma -w 0", 1),
        ("pm2-runtime start app.js -i 4", 4),
        ("celery -A shop worker -c 8", 8),
        ("celery -A shop worker --concurrency=8 -P prefork", 8),
        ("celery -A shop worker --autoscale=10,3", 10),
        ("celery -A shop worker -c 500 -P gevent", 1),
        ("celery -A shop worker --pool=solo", 1),
        ("dramatiq -p 4 shop", 4),
        ("sh -c 'cd x && exec gunicorn --workers ${WORKERS:-4} app'", 4),
        ("gunicorn -w $((2*4+1)) app", 9),
        ("WORKERS=7 && gunicorn --workers $WORKERS app", 7),
        ("celery -A shop worker -c 2 & gunicorn -w 3 app", 5),
        ("alembic upgrade head && uvicorn app:app --workers 2", 2),
    ],
)
def test_numbers_that_the_command_says(command: str, expected: int) -> None:
    found = processes_of(container(command))
    assert (found.value, found.source) == (expected, Source.FILE)
    assert found.location is not None
    assert found.location.line == 11


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("uvicorn app:app --port $PORT", "default of uvicorn: one process"),
        ("gunicorn app", "default of gunicorn: one process"),
        ("hypercorn app", "default of hypercorn: one process"),
        ("granian app", "default of granian: one process"),
        ("fastapi run main.py", "default of fastapi: one process"),
        ("bundle exec puma", "default of puma: one process"),
        ("bin/rails server -p 80", "default of rails: one process"),
        ("python manage.py runserver", "default of runserver: one process"),
    ],
)
def test_defaults_of_known_programs(command: str, reason: str) -> None:
    found = processes_of(container(command))
    assert (found.value, found.source, found.reason) == (1, Source.PLATFORM_DEFAULT, reason)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("gunicorn -w $WORKERS app", "gunicorn --workers, not known before the start"),
        ("gunicorn -w $(nproc) app", "gunicorn --workers, not known before the start"),
        ("gunicorn -w $((2*$(nproc)+1)) app", "gunicorn --workers, not known before the start"),
        ("gunicorn app -w", "gunicorn --workers, not known before the start"),
        ("gunicorn -w 999999 app", "gunicorn --workers, not known before the start"),
        ("gunicorn -c conf.py app", "configuration file of gunicorn not read"),
        ("puma -C config/puma.rb", "configuration file of puma not read"),
        ("pm2-runtime ecosystem.config.js", "configuration file of pm2-runtime not read"),
        ("pm2 start app.js -i max", "pm2 --instances, not known before the start"),
        ("pm2 start app.js -i 0", "pm2 --instances, not known before the start"),
        ("celery -A shop worker", "default of celery: one process per CPU of its machine"),
        ("dramatiq shop", "default of dramatiq: one process per CPU of its machine"),
        ("node server.js", "number of processes of node not known"),
        ("/app/run-it --workers 3", "number of processes of run-it not known"),
        ("celery -A shop beat", "number of processes of celery not known"),
        ("--workers 4", "program not in the scanned files"),
        ("'a b; c'", "number of processes of its program not known"),
    ],
)
def test_numbers_that_nothing_says(command: str, reason: str) -> None:
    found = processes_of(container(command))
    assert (found.value, found.source, found.reason) == (1, Source.ASSUMED, reason)


def test_without_a_command() -> None:
    found = processes_of(container(None))
    assert (found.value, found.source) == (1, Source.ASSUMED)
    assert found.location is not None
    assert found.location.line == 10


def hidden(name: str) -> EnvironmentVariable:
    written: Sourced[str] = said(None, 20)
    return EnvironmentVariable(name, written, variable(name).location, "secret:shop/web")


@pytest.mark.parametrize(
    ("command", "variables", "expected", "source"),
    [
        ("gunicorn app", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
        ("uvicorn app:app", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
        ("fastapi run main.py", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
        ("puma", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
        ("uvicorn app:app", {"UVICORN_WORKERS": "2", "WEB_CONCURRENCY": "3"}, 2, Source.FILE),
        ("gunicorn -w 2 app", {"WEB_CONCURRENCY": "3"}, 2, Source.FILE),
        ("gunicorn app", {"GUNICORN_CMD_ARGS": "-w 5 -k gevent"}, 5, Source.FILE),
        ("gunicorn app", {"GUNICORN_CMD_ARGS": "-w 5", "WEB_CONCURRENCY": "3"}, 5, Source.FILE),
        ("gunicorn -w 2 app", {"GUNICORN_CMD_ARGS": "-w 5"}, 2, Source.FILE),
        ("granian app", {"GRANIAN_WORKERS": "4"}, 4, Source.FILE),
        ("granian app", {"WEB_CONCURRENCY": "4"}, 1, Source.PLATFORM_DEFAULT),
        ("hypercorn app", {"WEB_CONCURRENCY": "4"}, 1, Source.PLATFORM_DEFAULT),
        ("gunicorn app", {"WEB_CONCURRENCY": ""}, 1, Source.PLATFORM_DEFAULT),
        ("gunicorn app", {"WEB_CONCURRENCY": "many"}, 1, Source.ASSUMED),
        ("gunicorn app", {"WEB_CONCURRENCY": "0"}, 1, Source.ASSUMED),
        ("gunicorn -c conf.py app", {"WEB_CONCURRENCY": "3"}, 3, Source.ASSUMED),
        ("gunicorn -w ${WORKERS:-4} app", {"WORKERS": "6"}, 6, Source.FILE),
        ("gunicorn -w $(WORKERS) app", {"WORKERS": "6"}, 6, Source.FILE),
        ("gunicorn -w $WORKERS app", {"WORKERS": "$COUNT", "COUNT": "2"}, 2, Source.FILE),
        ("gunicorn -w $A app", {"A": "$B", "B": "$A"}, 1, Source.ASSUMED),
        ("node server.js", {"WEB_CONCURRENCY": "3"}, 1, Source.ASSUMED),
        ("./entrypoint.sh", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
        ("--host 0.0.0.0", {"WEB_CONCURRENCY": "3"}, 3, Source.FILE),
    ],
)
def test_numbers_that_the_environment_says(
    command: str, variables: dict[str, str], expected: int, source: Source
) -> None:
    parts = [variable(name, value) for name, value in variables.items()]
    for order in (parts, parts[::-1]):
        found = processes_of(container(command, *order))
        assert (found.value, found.source) == (expected, source)


def test_a_variable_that_is_kept_elsewhere_is_not_known() -> None:
    found = processes_of(container("gunicorn app", hidden("WEB_CONCURRENCY")))
    assert (found.value, found.source) == (1, Source.ASSUMED)
    # The default behind a variable that is set does not hold.
    found = processes_of(container("gunicorn -w ${WORKERS:-4} app", hidden("WORKERS")))
    assert (found.value, found.source) == (1, Source.ASSUMED)


def test_the_server_among_the_programs() -> None:
    assert program_of(container("rails db:migrate && bundle exec rails s")) == "rails"
    assert program_of(container("node server.js")) == "node"
    assert program_of(container(None)) == ""
