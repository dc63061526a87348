"""What programs work on instead of requests: jobs of a queue, and schedules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.model.declared import Container, Workload
from lintscale.model.location import Location, Span
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.work import scheduler_of, work_of
from tests import one_service
from tests.files import write_files
from tests.manifests import as_yaml, deployment, service
from tests.verdicts import rules, workload

PLACE = Location("a.json", Span(1, 1, 1, 2))


def running(command: str) -> Workload:
    container = Container(
        name="main",
        image=ABSENT,
        location=PLACE,
        command=Sourced(command, Source.FILE, PLACE),
    )
    return Workload(
        platform="p", kind="service", name="main", location=PLACE, containers=(container,)
    )


def kind(command: str) -> tuple[str, bool] | None:
    work = work_of(running(command))
    return work and (work.kind, work.certain)


@pytest.mark.parametrize(
    "command",
    [
        "celery -A app worker --concurrency=4",
        "poetry run celery -A app worker -l info",
        "docker-entrypoint.sh celery -A app worker",
        "sh -c 'alembic upgrade head && celery -A app worker'",
        "celery -A app worker -Q a & celery -A app worker -Q b & wait",
        "bundle exec sidekiq -C config/sidekiq.yml",
        "rq worker high default",
        "python -m rq.cli worker",
        "arq worker.WorkerSettings",
        "dramatiq tasks",
        "huey_consumer.py app.huey",
        "taskiq worker app:broker",
        "python manage.py rqworker",
        "python manage.py process_tasks",
        "php artisan queue:work --tries=3",
        "php /var/www/artisan horizon",
        "php bin/console messenger:consume async -vv",
        "bundle exec rake environment jobs:work",
        "bundle exec rails solid_queue:start",
        "bin/jobs",
        "bundle exec good_job start",
        "bin/delayed_job run",
        "airflow celery worker",
        "airflow scheduler",
        "rqscheduler",
        "celery -A app beat -S redbeat.RedBeatScheduler",
    ],
)
def test_programs_that_take_jobs_from_a_queue(command: str) -> None:
    assert kind(command) == ("worker", True)


@pytest.mark.parametrize(
    "command",
    [
        "python worker.py",
        "python -m app.worker",
        "python -m app.consumer",
        "node dist/worker.js",
        "node apps/worker/dist/index.js",
        "node --import tsx src/queue-worker.ts",
        "npx prisma migrate deploy && node dist/worker.js",
        "npm run worker",
        "pnpm --filter worker start",
        "yarn workspace @shop/worker start",
        "bun src/worker.ts",
        "go run ./cmd/worker",
        "java -jar build/worker.jar",
        "dotnet Shop.Worker.dll",
        "/app/worker",
        "temporal-worker",
        "./entrypoint.sh worker",
    ],
)
def test_what_is_called_a_worker_is_one_by_its_name(command: str) -> None:
    assert kind(command) == ("worker", False)


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn -k uvicorn.workers.UvicornWorker app:app",
        "gunicorn worker:app --workers 4",
        "uvicorn worker.main:app",
        "node server.js --workers=4",
        "node apps/worker/dist/server.js",
        "python worker_api.py",
        "python /home/worker/app/main.py",
        "npm run web-worker",
        "npm start",
        "celery -A worker flower",
        "flower --port=5555",
        "php artisan serve",
        "php artisan octane:start",
        "php-fpm -D && php artisan queue:work",
        "gunicorn app:app & celery -A app worker",
        "celery -A app worker & gunicorn app:app",
        "if [ $ROLE = web ]; then gunicorn app:app; else celery -A app worker; fi",
        "bundle exec puma",
        "mix run --no-halt",
        "python bot.py",
        "/app/jobs",
        "node apps/consumer/dist/main.js",
        "yarn workspace @shop/consumer start",
        "yarn workspace worker start:web",
        "java -jar app.jar",
        "",
    ],
)
def test_what_may_answer_requests_is_no_worker(command: str) -> None:
    assert kind(command) is None


@pytest.mark.parametrize(
    ("command", "scheduler", "source"),
    [
        ("celery -A app beat", "celery beat", Source.FILE),
        ("celery -A app worker -B", "celery worker --beat", Source.FILE),
        ("celery -A app beat & gunicorn app:app", "celery beat", Source.FILE),
        ("php artisan schedule:work", "artisan schedule:work", Source.FILE),
        ("while :; do php artisan schedule:run; sleep 9;done", "artisan schedule:run", Source.FILE),
        ("bundle exec clockwork clock.rb", "clockwork", Source.FILE),
        ("taskiq scheduler app:scheduler", "taskiq scheduler", Source.FILE),
        ("supercronic /etc/crontab", "supercronic", Source.FILE),
        ("cron -f", "cron", Source.FILE),
        ("python clock.py", "python clock.py", Source.ASSUMED),
        ("cron && nginx -g 'daemon off;'", None, None),
        ("if [ $BEAT ]; then celery -A a beat; else celery -A a worker; fi", None, None),
        ("celery -A beat worker", None, None),
        ("node apps/scheduler/dist/main.js", None, None),
        ("kube-scheduler", None, None),
    ],
)  # fmt: skip
def test_schedulers(command: str, scheduler: str | None, source: Source | None) -> None:
    found = scheduler_of(running(command))
    assert (found.value, found.source) == (scheduler, source)


# -- on platforms ---------------------------------------------------------------------------------

BALANCED = '"loadBalancers": [{"containerName": "main", "containerPort": 8000}]'

SERVING = {"min-instances", "missing-readiness-probe", "missing-liveness-probe", "no-autoscaling"}


def checked(folder: Path, files: dict[str, str]) -> api.CheckResult:
    return one_service.checked(write_files(folder, files))


def pod(command: list[str], **container: Any) -> dict[str, Any]:
    found = deployment("shop", replicas=1)
    own = found["spec"]["template"]["spec"]["containers"][0]
    del own["readinessProbe"]
    own.pop("livenessProbe", None)
    own |= {"command": command, **container}
    return found


@pytest.mark.parametrize(
    ("command", "port", "routed", "serves"),
    [
        (["celery", "-A", "app", "worker"], True, False, False),
        (["celery", "-A", "app", "worker"], True, True, True),
        (["python", "worker.py"], True, False, True),
        (["python", "worker.py"], False, False, False),
        (["uvicorn", "worker:app"], True, False, True),
    ],
)
def test_a_route_or_a_port_makes_a_worker_by_name_serve(
    tmp_path: Path, command: list[str], port: bool, routed: bool, serves: bool
) -> None:
    ports = [{"containerPort": 8080}] if port else []
    manifests = [pod(command, ports=ports), *([service("shop")] if routed else [])]
    result = checked(tmp_path, {"k8s/all.yaml": as_yaml(*manifests)})
    assert workload(result, "shop").serves_traffic is serves
    assert bool(SERVING & set(rules(result))) is serves


@pytest.mark.parametrize(
    ("lines", "serves"),
    [
        ('startCommand = "node dist/worker.js"', False),
        ('startCommand = "node dist/worker.js"\nhealthcheckPath = "/health"', True),
        ('startCommand = "node dist/server.js"', True),
    ],
)
def test_a_health_check_path_makes_it_serve(tmp_path: Path, lines: str, serves: bool) -> None:
    result = checked(tmp_path, {"railway.toml": f"[deploy]\n{lines}\n"})
    assert [each.serves_traffic for each in result.project.workloads] == [serves]
    assert ("min-instances" in rules(result)) is serves


@pytest.mark.parametrize(
    ("kind", "command", "serves"),
    [
        ("web", "celery -A app worker", False),
        ("web", "python worker.py", True),
        ("pserv", "python worker.py", True),
        ("worker", "python main.py", False),
    ],
)
def test_what_has_an_address_serves_unless_its_program_cannot(
    tmp_path: Path, kind: str, command: str, serves: bool
) -> None:
    text = f"""\
services:
  - type: {kind}
    name: shop
    runtime: python
    plan: standard
    startCommand: {command}
"""
    result = checked(tmp_path, {"render.yaml": text})
    assert workload(result, "shop").serves_traffic is serves


@pytest.mark.parametrize(
    ("command", "own", "serves"),
    [
        ('["celery", "-A", "app", "worker"]', '"loadBalancers": []', False),
        ('["celery", "-A", "app", "worker"]', BALANCED, True),
        ('["node", "dist/worker.js"]', '"loadBalancers": []', False),
        ('["node", "dist/worker.js"]', BALANCED, True),
        ('["node", "dist/worker.js"]', '"serviceRegistries": [{"registryArn": "arn:x"}]', True),
        ('["node", "dist/server.js"]', '"loadBalancers": []', True),
    ],
)
def test_a_target_group_or_a_name_makes_a_task_serve(
    tmp_path: Path, command: str, own: str, serves: bool
) -> None:
    task = """{"family": "jobs", "containerDefinitions": [{"name": "main", "image": "a/b:1",
      "memory": 512, "portMappings": [{"containerPort": 8000}], "command": %s}]}"""
    text = f'{{"serviceName": "jobs", "taskDefinition": "jobs", "desiredCount": 1, {own}}}'
    result = checked(tmp_path, {"task-definition.json": task % command, "service.json": text})
    assert workload(result, "jobs").serves_traffic is serves
