"""Secrets planted in valid, half-parsed and broken files of each format are in no output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lintscale.cli.app import run
from lintscale.reports import FORMATS

NAMES = (
    "DB_PASSWORD", "DB_PASS", "MYSQL_PWD", "PGPASSWORD", "RABBITMQ_DEFAULT_PASS", "APP_KEY",
    "FERNET_KEY", "API_KEY_V2", "JWT_SECRET", "AUTH_TOKEN",
)  # fmt: skip

SHAPES = (
    "postgres://shop:{}@db.internal.corp/shop", "redis://:{}@cache.internal.corp:6379/0",
    "mysql+pymysql://shop:{}@db.internal.corp/shop", "shop:{}@tcp(db.internal.corp:3306)/shop",
    "jdbc:oracle:thin:scott/{}@db.internal.corp:1521:x", "Server=db;User Id=sa;Password={};",
    "jdbc:postgresql://db.internal.corp/shop?user=a&password={}", "Authorization: Bearer {}",
    "curl -u admin:{} https://shop.example", "redis-cli -h cache -a {} ping", "serve --db-pass {}",
    "https://shop.blob.core.windows.net/c?sv=2020&sig={}&se=2030", "mysql -uroot -p{} shop",
    "AccountName=shop;AccountKey={};EndpointSuffix=core.windows.net", "ghp_{0}{0}123456",
    "glpat-{}12345", "hvs.{0}{0}", "xoxb-123456789012-{}", "sk_live_{}", "eyJ{0}.eyJ{0}.{0}",
    "amqps://shop:{}@mq.internal.corp/vhost", "mongodb+srv://shop:{}@db.internal.corp/shop",
    "https://oauth2:{}@git.internal.corp/shop.git", "https://hooks.slack.com/services/T1/B1/{}",
)  # fmt: skip

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop, annotations: {{note: '{4}'}}}}
spec:
  replicas: 2  # {0}
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:latest
          command: ["sh", "-c", '{1}']
          env:
            - {{name: URL, value: '{2}'}}
            - name: {name}
              value: {3}
          extra: '{5}'
"""
SECRETS = """\
apiVersion: v1
kind: Secret
metadata: {{name: shop}}
stringData:
  pin: {3}
  url: '{0}'
  nested: {{a: {3}}}
replicas: '{1}'
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop}}
data:
  {name}: {3}
  {name}: {3}
  other: '{2}'
"""
RENDER = """\
services:
  - type: web
    name: shop
    runtime: node
    plan: '{0}'
    startCommand: '{1}'
    numInstances: '{2}'
    envVars:
      - key: {name}
        value: {{a: {3}}}
      - key: {name}
        valeu: {3}
      - key: {name}
        previewValue: {3}
        sync: {3}
"""
RAILWAY = """\
[deploy]
startCommand = '{0}'
numReplicas = '{1}'
{name} = "{3}"
# {2}
"""
TASK = """\
{{"family": "shop", "containerDefinitions": [{{"name": "shop", "image": "shop:latest",
  "command": ["sh", "-c", "{0}"],
  "environment": [{{"name": "{name}", "value": ["{3}"]}},
    {{"name": "URL", "value": "{1}"}}],
  "secrets": [{{"name": "{name}", "valueFrom": {{"x": "{3}"}}}}],
  "cpu": "{2}"}}]}}
"""
TEMPLATES = {
    "deployment.yaml": POD,
    "secret.yaml": SECRETS,
    "render.yaml": RENDER,
    "railway.toml": RAILWAY,
    "task-definition.json": TASK,
}
BREAKS = {
    "valid": lambda text: text,
    "cut off": lambda text: text[: int(len(text) * 0.93)],
    "a tab": lambda text: text.replace("value", "\tvalue", 1) + "\n\t]",
    "a brace": lambda text: text + "\n}}: [\n",
}


class Planted:
    """Values that occur nowhere else."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def value(self) -> str:
        digest = hashlib.sha256(str(len(self.values)).encode()).hexdigest()
        self.values.append(f"Zq8{digest[:9]}x7")
        return self.values[-1]

    def files(self, broken: str) -> Iterator[tuple[str, str]]:
        shape = 0
        for number, name in enumerate(NAMES):
            for file, template in TEMPLATES.items():
                shaped = []
                for _ in range(6):
                    shaped.append(SHAPES[shape % len(SHAPES)].format(self.value()))
                    shape += 1
                shaped[3] = self.value()
                text = template.format(*shaped, name=name)
                yield f"{number}/{file}", BREAKS[broken](text)


COMMANDS = (
    *(("check", ".", "--no-render", "--output-format", each) for each in FORMATS),
    ("check", ".", "--no-render", "--diff", "--unsafe-fixes"),
    ("check", ".", "--no-render", "-v"),
    ("show", "."),
    ("show", ".", "--output-format", "json"),
    ("capacity", "."),
    ("check", ".", "--no-render", "--write-baseline", "baseline.json"),
)


@pytest.mark.parametrize("broken", BREAKS)
def test_no_output_holds_a_planted_secret(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    broken: str,
) -> None:
    planted, cache = Planted(), tmp_path / "cache"
    project = tmp_path / "project"
    for name, text in planted.files(broken):
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.chdir(project)
    shown = {}
    for command in COMMANDS:
        run(command)
        output = capfd.readouterr()
        shown[" ".join(command)] = output.out + output.err
        assert output.out or output.err
        assert "internal error" not in output.err
    assert "***" in shown["check . --no-render --output-format full"]
    for file in [project / "baseline.json", *cache.rglob("*")]:
        if file.is_file():
            shown[str(file.name)] = file.read_bytes().decode("latin-1")
    leaked = {
        (where, next(line for line in text.splitlines() if value in line))
        for where, text in shown.items()
        for value in planted.values
        if value in text
    }
    assert not leaked
