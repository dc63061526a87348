"""Names of secrets: of variables, keys, flags and parameters."""

from __future__ import annotations

import re
from functools import lru_cache

from lintscale.syntax.regex import regex

_WORD = regex(r"[a-z0-9]+")
_CAMEL = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VERSION = regex(r"v?[0-9]{1,4}\Z")

ENDINGS = (
    ("password",), ("passwd",), ("passphrase",), ("token",), ("secret",), ("apikey",),
    ("private", "key"), ("api", "key"), ("access", "key"), ("secret", "key"),
    ("secret", "key", "base"), ("encryption", "key"), ("signing", "key"), ("master", "key"),
    ("account", "key"), ("service", "role", "key"), ("app", "key"), ("fernet", "key"),
    ("jwt", "key"), ("session", "key"), ("cookie", "key"), ("hmac", "key"),
)  # fmt: skip
"""How names of secrets end. A name that goes on is a name of something else: …_SECRET_NAME,
…_TOKEN_URL, …_PASSWORD_FILE, …_ACCESS_KEY_ID, …_TOKEN_TTL."""

SHORT_ENDINGS = frozenset({"pass", "pwd", "pw"})
"""Of names with more words: DB_PASS, MYSQL_PWD; PWD alone is a folder."""

RUN_TOGETHER = ("password", "passwd", "passphrase", "apikey", "secretkey", "privatekey")
"""Ends of words as well: PGPASSWORD, dbpassword."""

_ALSO_HIDDEN = (
    ("license", "key"), ("auth", "key"), ("primary", "key"), ("secondary", "key"), ("ssh", "key"),
    ("server", "key"), ("deploy", "key"), ("storage", "key"), ("instance", "key"), ("hash", "key"),
    ("cipher", "key"), ("crypto", "key"), ("aes", "key"), ("rsa", "key"), ("tls", "key"),
    ("ssl", "key"), ("ssh", "key"), ("host", "key"), ("write", "key"), ("integration", "key"),
    ("shared", "key"), ("connection", "string"), ("conn", "str"), ("secret", "json"),
    ("sas",), ("otp",), ("pin",), ("salt",), ("pepper",), ("credential",), ("credentials",),
    ("creds",), ("cookie", "secret"), ("pgpass",), ("netrc",), ("authorization",), ("passcode",),
    ("secret", "string"), ("passwords",), ("dockerconfigjson",), ("htpasswd",), ("accesskey",),
    ("signingkey",), ("authtoken",), ("accesstoken",), ("clientsecret",), ("jwtsecret",),
    ("dbpass",), ("dbpwd",), ("userpass",), ("rootpass",), ("smtppass",), ("adminpass",),
    ("passkey",), ("pass", "key"), ("pass", "phrase"), ("pass", "word"), ("auth", "pass"),
)  # fmt: skip
"""Further ends of names whose values are never shown, though they may be no finding."""

_VARIANTS = frozenset(
    {"old", "new", "previous", "prev", "current", "next", "primary", "secondary", "prod",
     "production", "dev", "staging", "stage", "test", "live", "backup", "b64", "base64", "hash",
     "plain", "raw", "value", "val", "default", "encoded", "hex", "text", "a", "b"}
)  # fmt: skip
"""Words after the end of a name that change nothing: DB_PASSWORD_OLD, API_KEY_B64."""

_OBJECTS = frozenset({"pull", "existing", "external"})
"""Before "secret": the name of an object that holds one."""

_LOOSE_ENDINGS = frozenset({"key", "auth", "cert", "dsn", "signature", "sig", "cookie", "keys",
                            "secrets", "tokens", "hash", "nonce", "seed", "webhook"})  # fmt: skip
"""Ends of names whose values are hidden only where they look random."""

HINTS = (
    "pass", "pwd", "_pw", "secret", "token", "key", "cred", "auth", "cert", "dsn", "sig", "salt",
    "seed", "cookie", "pin", "otp", "sas", "pepper", "netrc", "connection", "connstr", "conn_str",
    "dockerconfig", "nonce", "webhook", "hash",
)  # fmt: skip
HINT = regex("|".join(HINTS), re.IGNORECASE)
"""Every name of a secret has one of these."""


@lru_cache(4096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without the version or number at its end."""
    parts = tuple(_WORD.findall((name if name.isupper() else _CAMEL.sub(" ", name)).lower()))
    while len(parts) > 1 and _VERSION.match(parts[-1]):
        parts = parts[:-1]
    return parts


def names_secret(parts: tuple[str, ...]) -> bool:
    """Do the words of a name end as those of a secret, which is worth a finding, do?"""
    if any(parts[-len(ending) :] == ending for ending in ENDINGS):
        return True
    last = parts[-1] if parts else ""
    return (len(parts) > 1 and last in SHORT_ENDINGS) or last.endswith(RUN_TOGETHER)


@lru_cache(4096)
def is_hidden_name(name: str) -> bool:
    """Is a value of this name never shown? Names of findings' secrets, and more."""
    parts = name_words(name)
    while len(parts) > 1 and (parts[-1] in _VARIANTS or _VERSION.match(parts[-1])):
        parts = parts[:-1]
    if parts[-1:] == ("secret",) and set(parts[:-1]) & _OBJECTS:
        return False
    if parts == ("pass",):
        return True
    return names_secret(parts) or any(parts[-len(ending) :] == ending for ending in _ALSO_HIDDEN)


@lru_cache(4096)
def may_be_hidden_name(name: str) -> bool:
    """Is a value of this name hidden where it looks random?"""
    return name_words(name)[-1:] != () and name_words(name)[-1] in _LOOSE_ENDINGS
