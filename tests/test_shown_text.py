"""What looks like a secret is masked in whatever text is shown; ordinary text stays readable."""

from __future__ import annotations

import pytest

from lintscale.secrets import mask

VALUE = "Rk29vvTz7LmXc4"

HIDDEN = [
    *(
        f"{name}={VALUE}"
        for name in (
            "DB_PASS", "PGPASSWORD", "MYSQL_PWD", "APP_KEY", "API_KEY_V2", "RABBITMQ_DEFAULT_PASS",
            "SMTP_PASS", "FERNET_KEY", "JWT_SECRET", "dbPassword", "authToken", "DB_PASSWORD_OLD",
        )
    ),
    f"- name: DB_PASSWORD\n  value: {VALUE}",
    f"- name: DB_PASSWORD\n  valeu: {VALUE}",
    f"value: {VALUE}\n  name: DB_PASSWORD",
    f'{{"name": "DB_PASSWORD", "value": "{VALUE}"',
    f"DB_PASSWORD: {{a: {VALUE}, b: [{VALUE}]}}",
    f"password: |\n  {VALUE}\n  {VALUE}",
    f"kind: Secret\nstringData:\n  pin: {VALUE}",
    f"secrets:\n  api:\n    x: {VALUE}",
    f"# the password is {VALUE}",
    f'last-applied: "{{\\"DB_PASSWORD\\":\\"{VALUE}\\"}}"',
    f"${{DB_PASSWORD:-{VALUE}}}",
    f"ENV API_KEY {VALUE}",
    f'args: ["--db-password", "{VALUE}"]',
    f"- --db-pass\n- {VALUE}",
    f"redis-cli -h cache -a {VALUE} ping",
    f"mysql -uroot -p{VALUE} shop",
    f"curl -u admin:{VALUE} https://shop.example",
    f'curl -H "Authorization: Basic {VALUE}"',
    f"Authorization: Bearer {VALUE}",
    f"postgres://shop:{VALUE}@db.example/shop",
    f"shop:{VALUE}@tcp(db.example:3306)/shop",
    f"jdbc:oracle:thin:scott/{VALUE}@db:1521:x",
    f"Server=db;User Id=sa;Password={VALUE};",
    f"https://x.blob.core.windows.net/c?sv=2020&sig={VALUE}&se=2021",
    f"AccountName=x;AccountKey={VALUE}==;EndpointSuffix=x",
    f"ghp_{VALUE}{VALUE}12345678",
    f"glpat-{VALUE}123456",
    f"hvs.{VALUE}{VALUE}",
    f"eyJ{VALUE}.eyJ{VALUE}.{VALUE}",
    f"-----BEGIN RSA PRIVATE KEY-----\n{VALUE}\n-----END RSA PRIVATE KEY-----",
]  # fmt: skip

READABLE = [
    "automountServiceAccountToken: false",
    "password: ${DB_PASSWORD}",
    "image: registry.example:5000/shop:1.2",
    "image: registry.example/auth-token:1.4.2",
    "secretKeyRef: {name: shop, key: url}",
    "- {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}",
    "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password",
    "image: shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "image: shop:3f786850e387550fdab836ed7e6dc881de23001b",
    '"valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"',
    "uid: 123e4567-e89b-12d3-a456-426614174000",
    "secretName: db-secret",
    "imagePullSecrets: [{name: registry}]",
    "secrets:\n  - db_password\n  - other",
    "maxTokens: 4096",
    "topologyKey: kubernetes.io/hostname",
    "password = var.db_password",
    "docker run -u 1000:1000 -p 8080:80 shop",
    "https://github.com/org/repo/blob/main/docs/secret.md#token",
    "git@github.com:org/repo.git",
    "npm:left-pad@1.3.0",
    "- name: csrf-token\n  image: x/y:1.2\n  command: [a, b]",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_secret_is_masked(text: str) -> None:
    assert VALUE not in mask(text)


@pytest.mark.parametrize("text", READABLE)
def test_ordinary_text_stays_readable(text: str) -> None:
    assert mask(text) == text
