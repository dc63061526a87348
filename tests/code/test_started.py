"""What a command starts through the files of a project, and how many processes that makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale._record import replace
from lintscale.code.commands import environment_of, followed
from lintscale.code.files import Files
from lintscale.code.images import read_dockerfile
from lintscale.code.started import StartedFiles
from lintscale.model.sourced import Source
from lintscale.resolve.processes import processes_of
from tests.resolve.build import container, variable


def count(
    top: Path, command: str, files: dict[str, str], **variables: str
) -> tuple[int | None, str, str]:
    """The number, whether it is known, and where it stands."""
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    said = [variable(name, value) for name, value in variables.items()]
    base = container(command, *said)
    image = read_dockerfile("Dockerfile", files["Dockerfile"]) if "Dockerfile" in files else None
    environment = dict(environment_of(base.environment))
    project = StartedFiles(Files(top, files), "", image, environment)
    runs = followed(command, environment, project, project.start)
    found = processes_of(replace(base, runs=runs))
    known = "known" if found.source is not Source.ASSUMED else "not known"
    place = found.location
    return found.value, known, f"{place.file}:{place.line}" if place is not None else ""


PACKAGE = """{
 "name": "shop",
 "scripts": {
  "start": "pm2-runtime start x.js -i 4",
  "dev": "x"
 }
}"""
MONOREPO = {
    "package.json": '{"scripts": {"start": "turbo run start --filter=api"}, "workspaces": ["*"]}',
    "apps/api/package.json": '{"name": "@shop/api", "scripts": {"start": "pm2 start x -i 3"}}',
    "apps/web/package.json": '{"name": "web", "scripts": {"start": "pm2 start x -i 9"}}',
}
SUPERVISOR = """
[supervisord]
nodaemon=true
[program:web]
command=gunicorn -w 4 shop:app ; the site
[program:worker]
command = celery -A shop worker -c %(ENV_CONCURRENCY)s
numprocs = 2
process_name = %(program_name)s_%(process_num)02d
[program:off]
command=gunicorn -w 90 shop:app
autostart=false
"""
PROCFILE = "web: gunicorn -w 2 shop:app\nworker: celery -A shop worker -c 3\n"
ECOSYSTEM = """
const workers = parseInt(process.env.WORKERS, 10) || 2;
module.exports = {
  apps: [
    // { script: "old.js", instances: 90 },
    {
      name: "web", script: "./server.js", exec_mode: "cluster",
      instances: %s,
    },
  ],
};
"""


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("npm start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("npm run start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("yarn start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("yarn run start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("pnpm start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("bun run start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("node --run start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("npm --prefix api start", {"api/package.json": PACKAGE}, (4, "api/package.json:4")),
        ("cd api && npm start", {"api/package.json": PACKAGE}, (4, "api/package.json:4")),
        ("npm start -w @shop/api", MONOREPO, (3, "apps/api/package.json:1")),
        ("npm run start --workspace=@shop/api", MONOREPO, (3, "apps/api/package.json:1")),
        ("pnpm --filter api start", MONOREPO, (3, "apps/api/package.json:1")),
        ("pnpm --filter ./apps/api start", MONOREPO, (3, "apps/api/package.json:1")),
        ("yarn workspace @shop/api start", MONOREPO, (3, "apps/api/package.json:1")),
        ("npx turbo run start --filter=web", MONOREPO, (9, "apps/web/package.json:1")),
        ("npm start", MONOREPO, (3, "apps/api/package.json:1")),
        (
            "npm start",
            {"package.json": '{"scripts": {"prestart": "npx prisma migrate deploy",\n'
             '"start": "npm run serve", \n"serve": "bash bin/run"}}',
             "bin/run": "#!/bin/bash\nexec gunicorn -w 5 x"},
            (5, "bin/run:2"),
        ),
        ("bash start.sh", {"start.sh": "# gunicorn -w 9\ngunicorn \\\n -w 3 x"}, (3, "start.sh:2")),
        ("./bin/start 6", {"bin/start": '#!/bin/sh\nexec gunicorn -w "$1" x'}, (6, "bin/start:2")),
        ("sh ./a.sh", {"a.sh": "./b.sh", "b.sh": "#!/bin/sh\ngunicorn -w 2 x"}, (2, "b.sh:2")),
        ("supervisord -n -c s.conf", {"s.conf": SUPERVISOR}, (4 + 2 * 5, "s.conf:4")),
        ("honcho start", {"Procfile": PROCFILE}, (5, "Procfile:1")),
        ("foreman start web", {"Procfile": PROCFILE}, (2, "Procfile:1")),
        ("foreman start -m web=2,worker=1", {"Procfile": PROCFILE}, (7, "Procfile:1")),
        ("make run", {"Makefile": "W ?= 4\nrun: build\n\t@gunicorn -w $(W) x\nbuild:\n\ttrue\n"},
         (4, "Makefile:3")),
        ("make W=7", {"Makefile": "W = 4\nrun:\n\tgunicorn -w ${W} x\n"}, (7, "Makefile:3")),
        ("pm2-runtime ecosystem.config.js", {"ecosystem.config.js": ECOSYSTEM % 3},
         (3, "ecosystem.config.js:8")),
        ("pm2 start ecosystem.config.js", {"ecosystem.config.js": ECOSYSTEM % "workers"},
         (2, "ecosystem.config.js:8")),
        ("pm2 start pm2.json", {"pm2.json": '{"apps": [{"script": "x.js",\n "instances": 5}]}'},
         (5, "pm2.json:2")),
        ("pm2-runtime p.yaml", {"p.yaml": "apps:\n  - script: x.js\n    instances: 6\n"},
         (6, "p.yaml:3")),
        ("gunicorn x", {"gunicorn.conf.py": "bind = 1\nworkers = 3\n"}, (3, "gunicorn.conf.py:2")),
        ("gunicorn -c c.py x", {"c.py": "import os\nworkers = int(os.getenv('W', '4')) * 2\n"},
         (8, "c.py:2")),
        ("gunicorn -w 2 -c c.py x", {"c.py": "workers = 9"}, (2, "render.yaml:11")),
        ("gunicorn -c c.py x", {"c.py": "bind = 'x'"}, (1, "render.yaml:11")),
        ("puma", {"config/puma.rb": "# workers 9\nworkers 3\n"}, (3, "config/puma.rb:2")),
        ("bundle exec puma -C config/puma.rb",
         {"config/puma.rb": "threads 5, 5\nworkers ENV.fetch('WORKERS') { 2 }\n"},
         (2, "config/puma.rb:2")),
        ("bin/rails server", {"config/puma.rb": "workers Integer(ENV['W'] || 4)\n"},
         (4, "config/puma.rb:1")),
        ("npx concurrently 'pm2 start a -i 2' npm:start", {"package.json": PACKAGE},
         (6, "render.yaml:11")),
        ("npx run-p start", {"package.json": PACKAGE}, (4, "package.json:4")),
        ("node server.js",
         {"server.js": "const cluster = require('cluster');\nif (cluster.isPrimary) {\n"
          "  for (let i = 0; i < 4; i++) cluster.fork();\n"
          "  cluster.on('exit', () => cluster.fork());\n}"},
         (4, "server.js:3")),
        ("entry.sh gunicorn -w 3 x",
         {"Dockerfile": "FROM x\nCOPY docker/entry.sh /usr/local/bin/\n",
          "docker/entry.sh": '#!/bin/sh\nset -e\nexec "$@"'},
         (3, "docker/entry.sh:3")),
        ("start",
         {"Dockerfile": "FROM x\nWORKDIR /srv\nCOPY bin /usr/local/bin\n",
          "bin/start": '#!/bin/sh\ngunicorn -w 2 x'},
         (2, "bin/start:2")),
        ("/entry.sh gunicorn -w 3 x",
         {"Dockerfile": "FROM x\nCOPY docker/entry.sh /entry.sh\n",
          "docker/entry.sh": '#!/bin/sh\nset -e\nexec "$@"'},
         (3, "docker/entry.sh:3")),
        ("/entry.sh", {"Dockerfile": "FROM x\nCOPY <<EOF /entry.sh\n#!/bin/sh\ngunicorn -w 4\nEOF"},
         (4, "Dockerfile:4")),
    ],
)  # fmt: skip
def test_numbers_behind_a_command(
    tmp_path: Path, command: str, files: dict[str, str], expected: tuple[int, str]
) -> None:
    number, place = expected
    found = count(tmp_path, command, files, CONCURRENCY="5")
    assert found == (number, "known", place)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("pm2-runtime ecosystem.config.js", {"ecosystem.config.js": ECOSYSTEM % "'max'"}),
        ("pm2-runtime ecosystem.config.js", {"ecosystem.config.js": ECOSYSTEM % "count()"}),
        ("gunicorn -c c.py x", {"c.py": "import os\nworkers = os.cpu_count() * 2 + 1"}),
        ("gunicorn -c c.py x", {"c.py": "workers = 2\nworkers = f()"}),
        ("gunicorn -c c.py x", {"c.py": "workers = ("}),
        ("puma", {"config/puma.rb": "workers Etc.nprocessors"}),
        ("puma", {"config/puma.rb": "workers :auto"}),
        ("make run", {"Makefile": "ifdef X\nW = 4\nendif\nrun:\n\tgunicorn -w $(W) x\n"}),
        ("make run", {"Makefile": "run:\n\tgunicorn -w $(shell nproc) x\n"}),
        ("bash a.sh", {"a.sh": "bash a.sh"}),
        ("bash a.sh", {"a.sh": "if gunicorn -w 4"}),
        ("npm start", {"package.json": '{"scripts": {"start": "npm start"}}'}),
        ("node server.js",
         {"server.js": "import cluster from 'cluster'\nfor (c of cpus()) cluster.fork();"}),
        ("supervisord -c s.conf",
         {"s.conf": "[program:a]\ncommand=gunicorn -w 4 x\nnumprocs=%(ENV_N)s\n"}),
    ],
)  # fmt: skip
def test_numbers_that_the_files_do_not_say(
    tmp_path: Path, command: str, files: dict[str, str]
) -> None:
    assert count(tmp_path, command, files)[1] == "not known"


def test_the_environment_of_the_container_counts_in_files(tmp_path: Path) -> None:
    files = {"config/puma.rb": "workers ENV.fetch('WEB_CONCURRENCY', 2)\n"}
    assert count(tmp_path, "puma", files, WEB_CONCURRENCY="5")[:2] == (5, "known")
    assert count(tmp_path, "puma", files)[:2] == (2, "known")


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("puma", {"config/puma.rb": "workers ENV.fetch('N') { Etc.nprocessors }"}),
        ("gunicorn x", {"gunicorn.conf.py": "import os\nworkers = os.getenv('N') or cpus()"}),
        ("node s.js",
         {"s.js": "const n = process.env.N || os.cpus().length;\n"
          "for (let i = 0; i < n; i++) cluster.fork();"}),
    ],
)  # fmt: skip
def test_a_variable_with_an_unknown_default_counts_where_it_is_set(
    tmp_path: Path, command: str, files: dict[str, str]
) -> None:
    assert count(tmp_path, command, files, N="6")[:2] == (6, "known")
    assert count(tmp_path, command, files)[1] == "not known"


def test_of_two_branches_the_larger_counts_and_it_is_said(tmp_path: Path) -> None:
    text = 'case "$ROLE" in\n web) exec gunicorn -w 2 x;;\n *) exec gunicorn -w 8 y;;\nesac\n'
    assert count(tmp_path, "bash s.sh", {"s.sh": text}) == (8, "known", "s.sh:3")
    assert count(tmp_path, "bash s.sh", {"s.sh": text}, ROLE="web") == (2, "known", "s.sh:2")
    base = container(f"sh -c '{text}'")
    assert processes_of(base).reason == "gunicorn --workers, the largest of 2 branches"


def test_the_include_of_debians_supervisor_is_followed(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FROM x\nCOPY docker/*.conf /etc/supervisor/conf.d/\n",
        "docker/web.conf": "[program:web]\ncommand=gunicorn -w 3 shop:app\n",
        "docker/worker.conf": "[program:worker]\ncommand=celery -A shop worker -c 2\n",
        "docker/other.txt": "[program:x]\ncommand=gunicorn -w 90 shop:app\n",
    }
    assert count(tmp_path, "supervisord -n", files)[:2] == (5, "known")
