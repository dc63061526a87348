"""What looks like a secret in plain text, and what only resembles one.

Results hold masks only, never the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lintscale.platforms import TABLE
from lintscale.resolve.urls import known_host
from lintscale.resolve.words import camel_words, words
from lintscale.secrets.names import name_words, names_secret
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.regex import regex

HIDDEN = "***"

MAX_TEXT = 50_000
"""Of longer texts only the beginning is searched."""

_URL = regex(
    r"(?<![A-Za-z0-9+.-])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://"
    r"(?P<user>[^\s:/?#@\"'<>,;|\\`]{0,256}):(?P<password>[^\s/?#\"'|\\`]{1,512})@"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\"'<>,;|\\`]{1,253})"
)
_PARAMETER = regex(
    r"(?<![A-Za-z0-9+.:-])(?P<scheme>[A-Za-z][A-Za-z0-9+.:-]{0,30})://"
    r"(?P<host>[^\s:/?#@\"']{1,253})(?:[:/][^\s?\"']{0,200})?\?"
    r"(?:[^\s\"']{0,200}&)?(?:password|passwd|pwd)=(?P<password>[^&\s\"'#]{1,512})",
    re.IGNORECASE,
)
_CONNECTION_STRING = regex(
    r"(?:\A|[;\s])(?:password|pwd)\s*=\s*(?P<password>[^;\s\"']{1,512})", re.IGNORECASE
)
_CONNECTION_SERVER = regex(
    r"(?:\A|[;\s])(?:server|host|data source)\s*=\s*(?P<host>[^;,\s\"']{1,253})", re.IGNORECASE
)

_PRIVATE_KEY = regex(
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY-----(?:\\n|\s)+"
    r"(?P<body>[A-Za-z0-9+/=\s:,\\-]{40})"
)
"""A key in PEM (RFC 7468), its line breaks real or written as \\n."""

_PUBLIC = frozenset({"public", "publishable", "vite", "dummy", "fake", "example"})
"""In a name: what everybody gets to see (keys of browser applications), or no secret at all."""

_OBJECTS = frozenset({"pull", "tls", "ssl", "cert"}).union(
    *(platform.secret_objects for platform in TABLE.values())
)
"""Before "secret": the name of an object that holds one ("IMAGE_PULL_SECRET: registry")."""

_TO_BE_REPLACED = frozenset(
    {"change", "changeme", "changeit", "replace", "replaceme", "placeholder", "example", "examples",
     "dummy", "fake", "todo", "tbd", "fixme", "redacted", "hidden", "masked", "sample", "insert",
     "your", "yours", "xxx", "xxxx", "notset", "unset", "override", "overridden", "generated",
     "unused", "ignore", "ignored", "irrelevant", "invalid", "bogus", "mock", "mocked", "stub",
     "stubbed", "generate", "openssl", "urandom", "uuidgen", "donotuse", "notused", "notneeded",
     "notrequired", "testonly", "tobeset"}
)  # fmt: skip
"""Words of values that somebody is to replace before the file is used."""

_NO_VALUES = frozenset(
    {"true", "false", "yes", "no", "on", "off", "none", "null", "nil", "enabled", "disabled",
     "auto", "required", "optional", "always", "never", "default", "empty", "unused", "n/a", "na",
     "bearer", "basic", "jwt", "oauth", "oauth2", "file", "env", "vault", "string"}
)  # fmt: skip

_NEGATIONS = frozenset({"not", "no", "non", "dont", "without"})
_VERBS = frozenset(
    {"set", "add", "configure", "enter", "fill", "put", "provide", "use", "see", "get", "define",
     "supply", "paste", "specify", "store", "create", "edit", "update", "comes", "injected", "from",
     "run", "make", "choose", "pick", "output", "result", "type", "write", "obtain", "copy"}
)  # fmt: skip
"""How instructions begin ("set-in-dashboard", "add the key of the account")."""

_ISSUED = (
    ("api", "key"), ("apikey",), ("access", "key"), ("account", "key"), ("service", "role", "key"),
    ("client", "secret"),
)  # fmt: skip
"""How names of secrets end that a provider makes up, never a person."""

_TEST_VALUES = frozenset(
    {"test", "tests", "testing", "local", "localhost", "dev", "development", "secret", "password",
     "pass", "pwd", "user", "key", "foo", "bar", "foobar", "value", "some", "any", "anything",
     "something", "whatever", "nothing", "aws", "app", "1234", "12345", "123456", "abc", "abc123"}
)  # fmt: skip
"""Values that only an emulator takes for a key that a provider makes up."""

_VALUE_WORDS = frozenset({"val", "value", "here"})
"""With a variable's own name, the mark of a place to fill in ("API_KEY: API_KEY_VAL")."""

_WELL_KNOWN_DEFAULTS = frozenset(
    {"password", "passwd", "pass", "pwd", "secret", "postgres", "mysql", "root", "admin", "user",
     "test", "testing", "guest", "redis", "mongo", "rabbitmq", "minioadmin", "dev", "development",
     "local", "foo", "bar", "foobar", "1234", "12345", "123456", "hunter2", "mysecretpassword",
     "devpassword", "dev-secret", "secret-key", "app", "db"}
)  # fmt: skip
"""Passwords that everybody knows. On a machine of one's own they hide nothing; where others can
reach the server they are a finding like any other."""

_ANY_USER = frozenset(
    {"user", "username", "usr", "login", "account", "name", "dbuser", "db_user", "db-user",
     "dbusername", "db_username", "myuser", "someuser", "user_name", "user-name"}
)  # fmt: skip
_ANY_PASSWORD = frozenset(
    {"password", "passwd", "pass", "pwd", "pw", "secret", "dbpass", "dbpassword", "db_password",
     "db-password", "db_pass", "mypassword", "somepassword", "userpassword", "user_password"}
)  # fmt: skip
"""A URL with both of them ("user:password@") shows where they go."""

_FILLER = regex(r"(?P<one>[0-9a-z])(?P=one)*", re.IGNORECASE)
_COUNTED = "0123456789abcdef" * 9 + "0123456789" * 9 + "abcdefghijklmnopqrstuvwxyz" * 4

_INSTRUCTION = regex(
    r"x{4,}|changeme|replaceme"
    r"|\A(?:your|enter|insert|put|add|set|some)[a-z_-]*(?:pass|secret|token|key)"
)
"""Placeholders in one word ("yourpassword")."""

_LONG_RUN = regex(r"[A-Za-z0-9]{12,512}")

_REFERENCE = regex(
    r"(?:arn:|vault:|op://|ssm:|gsm:|sm://|secretref:|secret://|secrets?/|projects/[^/]+/secrets/"
    r"|@microsoft\.keyvault|berglas://|ref\+|enc\[|enc:|ejson|\{cipher\}|crypt:|sops:|aws-sm:"
    r"|file:|/|\./|\.\./|~/|https?://|!reference)",
    re.IGNORECASE,
)
"""References to a secret, or the secret after encryption; not the secret."""

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal"})  # noqa: S104


class Secret(NamedTuple):
    """``kind`` is "password in a URL" or "secret in plain text"; ``masked`` is safe to print;
    ``well_known`` marks passwords like "postgres", ``random`` those that no person makes up."""

    kind: str
    masked: str
    well_known: bool = False
    random: bool = False


def secrets_in_text(text: str) -> Iterator[Secret]:
    """Passwords in URLs and connection strings, wherever they stand in ``text``."""
    text = text[:MAX_TEXT]
    if "PRIVATE KEY-----" in text:
        key = _PRIVATE_KEY.search(text)
        if key is not None and _is_plain(key["body"]):
            yield Secret("secret in plain text", HIDDEN, random=True)
    if "://" in text:
        patterns = (_URL, _PARAMETER) if "=" in text else (_URL,)
        for pattern in patterns:
            for match in pattern.finditer(text):
                groups = match.groupdict(default="")
                found = _in_url(
                    groups["scheme"], groups.get("user", ""), groups["password"], groups["host"]
                )
                if found is not None:
                    yield found
    elif "=" in text:
        server, password = _CONNECTION_SERVER.search(text), _CONNECTION_STRING.search(text)
        if server and password:
            found = _in_url("", "", password["password"], server["host"])
            if found is not None:
                yield found


def secret_in_variable(name: str, value: str) -> Secret | None:
    """A secret that a variable of this name holds in plain text; its URL's password first."""
    in_url = next(secrets_in_text(value), None)
    if in_url is not None:
        return in_url
    value = value.strip()
    if not is_secret_name(name) or not _is_plain(value) or _only_names(name, value):
        return None
    if _is_issued(name) and (value.lower() in _TEST_VALUES or _is_text(words(value))):
        return None
    if re.fullmatch(r"[0-9.]{1,7}[A-Za-z]{0,2}", value) and "pass" not in name.lower():
        # A lifetime or a count: TOKEN=3600, SECRET=30d.
        return None
    # Two characters of a long secret give nothing away; of a short one they would.
    shown = value[:2] if len(value) >= 12 and value[:2].isalnum() else ""
    return Secret(
        "secret in plain text",
        f"{shown}{HIDDEN}",
        value.lower() in _WELL_KNOWN_DEFAULTS,
        _is_random(value),
    )


def _only_names(name: str, value: str) -> bool:
    """ "JWT_SECRET: jwt-secret" names a secret instead of being one. A password of that kind
    ("PASSWORD: password") is one all the same: servers start with it."""
    if value.lower() in _WELL_KNOWN_DEFAULTS:
        return False
    parts = set(camel_words(value)) - _VALUE_WORDS
    return parts <= set(words(name)) | set(camel_words(name))


def _is_issued(name: str) -> bool:
    """Is it one that a provider makes up, at random?"""
    parts = name_words(name)
    return "aws" in parts or any(parts[-len(ending) :] == ending for ending in _ISSUED)


def _is_text(parts: tuple[str, ...]) -> bool:
    """Several words without a digit: nothing random."""
    return len(parts) > 1 and all(part.isalpha() and len(part) < 20 for part in parts)


def _is_instruction(parts: tuple[str, ...]) -> bool:
    """ "do-not-use", "set in the dashboard"."""
    if not _is_text(parts):
        return False
    return bool(_NEGATIONS & set(parts)) or (len(parts) > 2 and parts[0] in _VERBS)


def is_secret_name(name: str) -> bool:
    """Is a variable of this name a secret, one worth a finding?"""
    parts = name_words(name)
    if set(parts) & _PUBLIC or parts[:2] == ("react", "app"):
        return False
    if parts[-1:] == ("secret",) and set(parts[:-1]) & _OBJECTS:
        return False
    return names_secret(parts)


def _in_url(scheme: str, user: str, password: str, host: str) -> Secret | None:
    if not _is_plain(password) or has_placeholder(user):
        return None
    shown = known_host(host)
    if not shown:
        # A host that is a placeholder: the line is a template as a whole.
        return None
    lowered = password.lower()
    if user.lower() in _ANY_USER and lowered in _ANY_PASSWORD:
        return None
    well_known = lowered in _WELL_KNOWN_DEFAULTS or (bool(user) and lowered == user.lower())
    if well_known and shown in _LOCAL_HOSTS:
        return None
    prefix = f"{scheme.lower()}://" if scheme else ""
    masked = f"{prefix}{HIDDEN}:{HIDDEN}@{shown}"
    return Secret("password in a URL", masked, well_known, _is_random(password))


def _is_random(value: str) -> bool:
    """Whether it holds a long run of letters and digits."""
    return any(
        not run[0].isalpha() and not run[0].isdigit() and not _is_filler(run[0].lower())
        for run in _LONG_RUN.finditer(value)
    )


def _is_filler(lowered: str) -> bool:
    """Whether one character, or counting, fills most of it: "sk-00000000", "0123456789abcdef"."""
    characters = "".join(filter(str.isalnum, lowered))
    if len(set(characters)) <= 1 or (len(characters) >= 16 and characters in _COUNTED):
        return True
    longest = max((len(run[0]) for run in _FILLER.finditer(characters)), default=0)
    return longest >= 8 and 2 * longest >= len(characters)


def _is_plain(value: str) -> bool:
    """Is this the secret itself, and not a placeholder, a reference or a switch?"""
    value = value.strip()
    lowered = value.lower()
    if len(value) < 3 or lowered in _NO_VALUES or has_placeholder(value):
        return False
    if any(mark in value for mark in ("${", "$(", "{{", "}}", "<", ">", "...", "…", "%(", "****")):
        return False
    if re.fullmatch(r"[\[{(].*[\])}]|\$.*|%s|:[a-z_]+|!\w+ .*", value, re.DOTALL):
        return False
    if _is_filler(lowered):
        return False
    if _REFERENCE.match(value):
        return False
    parts = words(value)
    if not parts or set(parts) & _TO_BE_REPLACED or lowered.endswith("example"):
        return False
    return not _is_instruction(parts) and not _INSTRUCTION.search(lowered)
