from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale import platforms
from lintscale._record import replace
from lintscale.model.resolved import Credential
from lintscale.resolve.credentials import is_to_be_copied
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from lintscale.resolve.secrets import is_secret_name, secret_in_variable, secrets_in_text
from lintscale.syntax import Field, SourceFile, parse
from tests.resolve.build import SETTINGS, container, deployment, project, said, variable, workload

SECRET = "Wq7zL9pXc2VbN4mK"  # noqa: S105


# -- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"postgresql://shop:{SECRET}@db.shop.example:5432/shop", "postgresql://***:***@db.shop.example"),
        (f"postgresql+asyncpg://shop:{SECRET}@db/shop", "postgresql+asyncpg://***:***@db"),
        (f"redis://:{SECRET}@cache:6379/0", "redis://***:***@cache"),
        ("amqp://shop:p%40ss@mq.shop.example", "amqp://***:***@mq.shop.example"),
        ("postgres://shop:p@ssw@rd@db/shop", "postgres://***:***@db"),
        ("postgres://postgres:postgres@db/shop", "postgres://***:***@db"),
        ("postgres://shop:12345@db/shop", "postgres://***:***@db"),
        (f"exec worker --broker=amqp://shop:{SECRET}@mq/ -v", "amqp://***:***@mq"),
        (f"jdbc:postgresql://db:5432/shop?user=shop&password={SECRET}", "jdbc:postgresql://***:***@db"),
        (f"Server=db.shop.example;User Id=shop;Password={SECRET};", "***:***@db.shop.example"),
        (f"host=db dbname=shop password={SECRET}", "***:***@db"),
    ],
)  # fmt: skip
def test_passwords_in_urls(text: str, masked: str) -> None:
    assert [secret.masked for secret in secrets_in_text(text)] == [masked]


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://db.shop.example/shop",
        "postgresql://shop@db/shop",
        "postgresql://shop:@db/shop",
        "postgresql+asyncpg://...",
        "postgres://u:${PASS}@db/shop",
        "postgres://u:$(DB_PASSWORD)@db/shop",
        "postgres://u:{{ password }}@db/shop",
        "postgres://u:{password}@db/shop",
        "postgres://u:<password>@db/shop",
        "postgres://u:%(password)s@db/shop",
        "postgres://u:$PASS@db/shop",
        "postgres://u:****@db/shop",
        "postgres://u:xxxxx@db/shop",
        "postgres://u:changeme@db/shop",
        "postgres://user:password@db/shop",
        "mongodb://username:pass@mongo/shop",
        "postgres://u:your-password@db/shop",
        "postgres://u:YOUR_PASSWORD@db/shop",
        "postgres://u:REDACTED@db/shop",
        "postgres://u:pw@${HOST}/shop",
        "postgres://postgres:postgres@localhost:5432/shop",
        "postgres://shop:shop@127.0.0.1/shop",
        "https://shop.example:8443/path?mail=a@b.example",
        "http://a.example:80,http://b.example",
        "https://github.com/shop/app.git@main",
        "registry.example:5000/shop/app@sha256:0123456789",
        "ssh://git@github.com:22/shop/app",
        "password=",
        "Password=hello world",
        "host=db dbname=shop",
        "",
    ],
)
def test_urls_without_a_secret(text: str) -> None:
    assert list(secrets_in_text(text)) == []


@pytest.mark.parametrize(
    "name",
    ["PASSWORD", "DB_PASSWORD", "db_passwd", "GITHUB_TOKEN", "JWT_SECRET", "CLIENT_SECRET",
     "STRIPE_API_KEY", "OPENAI_APIKEY", "AWS_SECRET_ACCESS_KEY", "SSH_PRIVATE_KEY",
     "SECRET_KEY_BASE", "DJANGO_SECRET_KEY", "dbPassword", "db-password", "ENCRYPTION_KEY",
     "API_KEY_2", "signingKey"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["PASSWORD_FILE", "DB_SECRET_NAME", "TOKEN_URL", "OAUTH_TOKEN_ENDPOINT", "SECRET_ARN",
     "ACCESS_TOKEN_EXPIRY", "TOKEN_TTL", "AWS_ACCESS_KEY_ID", "PUBLIC_KEY", "MAX_TOKENS",
     "PASSWORD_MIN_LENGTH", "TOKENIZER", "SECRETARY", "KEYBOARD", "PRIMARY_KEY", "CACHE_KEY",
     "NEXT_PUBLIC_MAPS_API_KEY", "VITE_API_KEY", "REACT_APP_API_KEY", "IMAGE_PULL_SECRET",
     "TS_KUBE_SECRET",
     "TLS_SECRET", "API_KEY_HEADER", "SECRETS", ""],
)  # fmt: skip
def test_names_of_something_else(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (SECRET, "Wq***"),
        ("sk_live_" + SECRET, "sk***"),
        ("s3cr3t!", "***"),
        ("eleven-char", "***"),
        ("--" + SECRET, "***"),
        ("password", "***"),
        ("123456", "***"),
        (f"  {SECRET}\n", "Wq***"),
    ],
)
def test_values_that_are_secrets(value: str, masked: str) -> None:
    secret = secret_in_variable("DB_PASSWORD", value)
    assert secret is not None
    assert secret.masked == masked


@pytest.mark.parametrize(
    "value",
    ["", " ", "x", "${DB_PASSWORD}", "$DB_PASSWORD", "$(DB_PASSWORD)", "{{ .Values.password }}",
     "<password>", "CHANGEME", "changeme", "change-me", "change_me_please", "replace-me",
     "your-password-here", "yourpassword", "enter_api_key", "example", "AKIAIOSFODNN7EXAMPLE",
     "xxx", "XXXXXXXX", "...", "***",
     "placeholder", "dummy", "todo", "redacted", "true", "false", "none", "null", "disabled",
     "/run/secrets/db", "./secrets/db", "arn:aws:secretsmanager:eu-west-1:1:secret:db",
     "vault:secret/data/db#password", "op://vault/item", "projects/shop/secrets/db",
     "https://vault.example/db", "ENC[AES256_GCM,data:abc]", "enc:abcdef", "db-password",
     "DB_PASSWORD", "[from vault]", "00000000",
     "00000000-0000-0000-0000-000000000000", "sk_live_000000000000000000", "AAAAAAAAAAAAAAAAAAAA=",
     "0123456789abcdef0123456789abcdef", "!vault abc", "secretref:db"],
)  # fmt: skip
def test_values_that_are_none(value: str) -> None:
    assert secret_in_variable("DB_PASSWORD", value) is None


def test_lifetimes_are_no_tokens() -> None:
    assert secret_in_variable("SESSION_TOKEN", "3600") is None
    assert secret_in_variable("SESSION_TOKEN", "30d") is None
    assert secret_in_variable("SESSION_TOKEN", SECRET) is not None


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=3, max_size=80))
def test_at_most_two_characters_of_a_value_are_shown(value: str) -> None:
    secret = secret_in_variable("DB_PASSWORD", value)
    if secret is not None and "://" not in value and "=" not in value:
        assert secret.masked in ("***", f"{value.strip()[:2]}***")


@pytest.mark.parametrize(
    "piece",
    ["a://", "a://b:", "a://b:c@", "a://b?", "a://b/c?d&", "password=", "host=a;", "x:y@", "://"],
)
def test_hostile_text_is_searched_quickly(piece: str) -> None:
    started = time.process_time()
    list(secrets_in_text(piece * 200_000))
    assert time.process_time() - started < 20


# -- where they stand -----------------------------------------------------------------------------


def credentials(*workloads: JoinedWorkload, **files: str) -> tuple[Credential, ...]:
    return derive(project(*workloads), SETTINGS, sources(files)).credentials


def sources(files: dict[str, str]) -> dict[str, SourceFile]:
    found = {}
    for name, text in files.items():
        path = name.replace("__", "/") + ".yaml"
        result = parse(text, path, "yaml")
        assert not result.problems
        owners = [
            name
            for name in platforms.TABLE
            for document in result.documents
            if platforms.load(name).recognise(document, path)
        ]
        platform = owners[0] if owners else ""
        found[path] = SourceFile(path, text, "yaml", result.documents, platform=platform)
    return found


def test_in_a_container_s_environment() -> None:
    part = container(
        None,
        variable("STRIPE_API_KEY", SECRET, line=20),
        variable("DATABASE_URL", f"postgres://u:{SECRET}@db/shop", line=21),
        variable("DB_PASSWORD", reference="secret:shop/db/password", line=22),
        variable("LOG_LEVEL", "debug", line=23),
    )
    found = credentials(workload("web", part))
    assert [(entry.name, entry.kind, entry.location.line) for entry in found] == [
        ("STRIPE_API_KEY", "secret in plain text", 20),
        ("DATABASE_URL", "password in a URL", 21),
    ]
    assert {entry.workload for entry in found} == {workload("web").id}
    assert SECRET not in repr(found)


def test_in_a_command() -> None:
    part = container(f"worker --broker amqp://u:{SECRET}@mq/")
    (found,) = credentials(workload("web", part))
    assert (found.name, found.masked, found.location.line) == ("command", "amqp://***:***@mq", 11)


def test_passwords_that_everybody_knows_count_where_others_can_reach_them() -> None:
    part = container(None, variable("POSTGRES_PASSWORD", "postgres"))
    assert len(credentials(deployment("db", part))) == 1
    assert credentials(deployment("db", part, file="k8s/overlays/dev/db.yaml")) == ()
    real = container(None, variable("POSTGRES_PASSWORD", SECRET))
    assert len(credentials(deployment("db", real, file="k8s/overlays/dev/db.yaml"))) == 1


CONFIG_MAP = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: web}}
data:
  LOG_LEVEL: debug
  DB_PASSWORD: {SECRET}
  TOKEN_URL: https://auth.shop.example/token
  DATABASE_URL: postgres://u:{SECRET}@db/shop
  app.properties: |
    url=postgres://u:{SECRET}@other/shop
---
apiVersion: v1
kind: Secret
stringData:
  api-key: {SECRET}
---
apiVersion: v1
kind: Secret
data:
  password: {SECRET}==
"""


def test_in_documents_that_no_workload_reads_but_encoded_secrets() -> None:
    found = credentials(k8s__config=CONFIG_MAP)
    assert [(entry.name, entry.location.line, entry.masked) for entry in found] == [
        ("DB_PASSWORD", 6, "Wq***"),
        ("DATABASE_URL", 8, "postgres://***:***@db"),
        ("app.properties", 9, "postgres://***:***@other"),
        ("api-key", 15, "Wq***"),
    ]
    assert {entry.platform for entry in found} == {"kubernetes"}


def test_in_lists_of_variables() -> None:
    text = f"""\
envVarGroups:
- name: shared
  envVars:
  - key: API_KEY
    value: {SECRET}
  - {{key: SECRET_NAME, value: web-secret}}
  - key: JWT_SECRET
    generateValue: true
services:
- name: web
  headers:
  - name: X-API-KEY
    path: /{SECRET}
"""
    (found,) = credentials(render=text)
    assert (found.platform, found.name, found.location.line) == ("render", "API_KEY", 5)


def test_keys_outside_of_variables_are_not_names_of_secrets() -> None:
    text = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations: {{auth-secret: {SECRET}}}
spec:
  secretName: {SECRET}
  tolerations:
  - key: api-key
    value: {SECRET}
  automountServiceAccountToken: false
"""
    assert credentials(k8s__web=text) == ()


DEPLOYMENT = f"""\
apiVersion: apps/v1
kind: Deployment
spec:
  args: ["--broker", "amqp://u:{SECRET}@mq/"]
  env:
  - name: API_KEY
    value: {SECRET}
"""


def test_what_a_container_and_its_document_show_is_one_credential() -> None:
    files = sources({"k8s__web": DEPLOYMENT})
    spec = Field.root(files["k8s/web.yaml"].documents[0]).get("spec")
    value = next(spec.get("env").items()).get("value").raw_text()
    part = container("", variable("API_KEY", SECRET))
    part = replace(
        part,
        command=replace(said(f"run --broker amqp://u:{SECRET}@mq/"), location=spec.location),
        environment=(replace(part.environment[0], value=value),),
    )
    owner = deployment("web", part)
    found = derive(project(owner), SETTINGS, files).credentials
    assert [(entry.name, entry.location.line) for entry in found] == [("args", 4), ("API_KEY", 7)]
    assert {entry.workload for entry in found} == {owner.id}


def test_aliases_are_looked_at_once() -> None:
    text = f"apiVersion: v1\nkind: List\nitems:\n- &a ['amqp://u:{SECRET}@mq/']\n"
    text += "".join(f"- &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)} '] * 5)}]\n" for i in range(6))
    started = time.process_time()
    assert len(credentials(k8s__list=text)) == 1
    assert time.process_time() - started < 20


def test_the_order_of_files_does_not_matter() -> None:
    files = sources({"k8s__a": CONFIG_MAP, "k8s__b": CONFIG_MAP})
    one = derive(project(), SETTINGS, files).credentials
    other = derive(project(), SETTINGS, dict(reversed(files.items()))).credentials
    assert one == other
    assert len(one) == 8


# -- placeholders ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["do-not-use", "not-used", "NOT_A_REAL_SECRET", "no key needed", "unused", "changeme", "dummy",
     "set-in-dashboard", "configure_mailer_to_send_mails", "add the key of your account",
     "replace_with_real_secret", "mock", "ignored"],
)  # fmt: skip
def test_a_value_that_says_to_be_none_is_none(value: str) -> None:
    assert secret_in_variable("STRIPE_SECRET_KEY", value) is None
    assert secret_in_variable("DB_PASSWORD", value) is None


@pytest.mark.parametrize("value", ["test", "local", "production-api-key", "some random words"])
def test_a_key_that_a_provider_makes_up_is_no_word(value: str) -> None:
    assert secret_in_variable("AWS_SECRET_ACCESS_KEY", value) is None
    assert secret_in_variable("MAIL_API_KEY", value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "test"),
        ("DB_PASSWORD", "correct-horse-battery-staple"),
        ("JWT_SECRET", "bookshop-signing-words"),
        ("AWS_SECRET_ACCESS_KEY", "minioadmin"),
        ("AWS_SECRET_ACCESS_KEY", f"{SECRET}/+aB"),
        ("MAIL_API_KEY", "key-0f3b1c9d7e5a"),
    ],
)
def test_words_that_people_choose_are_secrets(name: str, value: str) -> None:
    assert secret_in_variable(name, value) is not None


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("k8s/secrets.example.yaml", True),
        ("secret-template.yaml", True),
        ("secrets/template.yaml", True),
        ("stack/template.yaml", False),
        ("example-secret.yaml", True),
        ("values.sample.yaml", True),
        ("example-app.yaml", False),
        ("examples/secret.yaml", False),
        ("distribution.yaml", False),
    ],
)
def test_a_file_that_is_to_be_copied_is_called_so(name: str, copied: bool) -> None:
    assert is_to_be_copied(name) is copied


@pytest.mark.parametrize(
    "value",
    ["generate-with-openssl-rand-hex-32", "run openssl rand -base64 32", "use uuidgen to make one"],
)
def test_how_to_make_a_secret_is_none(value: str) -> None:
    assert secret_in_variable("SESSION_SECRET", value) is None
