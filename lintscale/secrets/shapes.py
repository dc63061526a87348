"""Secrets by their shape: in URLs, headers, commands; tokens as their makers issue them.

gitleaks.json holds the published rules of gitleaks (tools/secret_shapes.py); the patterns here are
for what those leave to others, and for tokens that are cut off or a little too short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lintscale.syntax.regex import regex

Range = tuple[int, int]

_GAP = r"['\"]?(?:[ \t]*,[ \t\n]*|[ \t]*\n[ \t]*-[ \t]+|[ \t]+|=)\\?['\"]?"
"""Between a flag and its value: on one line, in a list, or one argument a line."""

_VALUE = r"(?P<value>[^\s'\"\\,;|&$<-][^\s'\"\\;|&]{0,512})"

_SHAPES: tuple[Any, ...] = (
    # The password of a URL, up to the last "@"; a driver may stand before the scheme.
    (("://",), ("@",), regex(r"://[^\s/@:'\"]{0,256}:(?P<value>[^\s'\"]{1,512})@")),
    (("://",), ("@",), regex(r"://(?P<value>[A-Za-z0-9_.~%-]{16,256})@(?=[\w.-]+)")),
    (
        ("@",),
        regex(
            r"(?<![\w.@/:-])(?!(?:npm|mailto|sip|file|git|acct|workspace|docker|oci):)"
            r"[\w.-]{1,64}:(?P<value>[^\s'\"@/()]{3,256})@(?!sha\d)"
            r"(?:[a-z]+\(|(?=[A-Za-z][\w.-]{0,200}(?:[:/'\"\s]|\Z)))"
        ),
    ),
    (
        ("@tcp(", "@unix(", "@udp(", "@cloudsql("),
        regex(r"(?<![\w.-])[\w.-]{0,64}:(?P<value>[^\s'\"]{1,256})@(?:tcp|unix|udp|cloudsql)\("),
    ),
    (("thin:", "oci:"), regex(r":(?:thin|oci8?):[^\s/@'\"]{1,64}/(?P<value>[^\s'\"]{1,256})@")),
    (
        ("@",),
        regex(
            r"(?<![\w./-])[\w-]{1,64}/(?P<value>[^\s/@'\"]{3,128})@(?://)?[\w.-]{1,253}"
            r"(?::\d{2,5}/|:\d{4,5}\b)"
        ),
    ),
    # Parameters of signed and of authorised addresses.
    (
        ("?", "&", ";"),
        ("sig=", "signature=", "key=", "auth=", "token=", "pass=", "pwd=", "pw=", "code=", "sas=",
         "credential="),
        regex(
            r"[?&;](?:sig|signature|key|auth|token|access_token|pass|pwd|pw|code|sas|"
            r"x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential))="
            r"(?P<value>[^\s&'\"#;]{3,1024})",
            re.IGNORECASE,
        ),
    ),
    # Headers.
    (
        ("bearer", "basic", "token ", "apikey "),
        regex(
            r"\b(?:bearer|basic|token|apikey)(?:[ \t]|%20){1,4}"
            r"(?P<value>(?=[A-Za-z._~+/-]{0,64}[0-9=]|[A-Za-z+/]{0,32}[a-z][A-Z])"
            r"[A-Za-z0-9._~+/=-]{6,2048})",
            re.IGNORECASE,
        ),
    ),
    (("authorization",), regex(r"(?i:\bauthorization)\\?['\"]?\s*[:=]\s*\\?['\"]?(?:\w+[ \t]+)?"
                               r"(?P<value>[^\s'\"\\,$<{][^\s'\"\\,]{2,2048})")),
    # Arguments of commands.
    (
        (" -u", "\"-u", "'-u", "--user", "--proxy-user", "--creds"),
        regex(rf"(?<![\w-])(?:-u|-U|--user|--proxy-user|--creds){_GAP}[\w.@%+-]{{0,128}}:"
              r"(?!\d+\b|//)(?P<value>[^\s'\"$<][^\s'\"]{2,256})"),
    ),
    (("curl",), regex(r"\bcurl\b[^\n;|]{0,300}?\s-u[\w.@%+-]{1,128}:(?P<value>[^\s'\"$<]{3,256})")),
    (
        ("redis-cli", "keydb-cli", "valkey-cli"),
        regex(rf"\b(?:redis|keydb|valkey)-cli\b[^;|]{{0,300}}?[\s'\"]-a{_GAP}{_VALUE}"),
    ),
    (
        ("mysql", "mariadb", "mongo", "sshpass", "docker", "podman", "az ", "crane",
         "skopeo"),
        (" -p", "\"-p", "'-p"),
        regex(
            r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|docker|podman|az|crane|skopeo)\b"
            rf"[^;|]{{0,300}}?[\s'\"]-p(?:{_GAP}|(?=[^\s\d'\"]*\d))"
            r"(?P<value>(?!\d{1,5}:|\d{1,5}(?:/tcp)?(?:[\s'\"]|\Z))"
            r"[^\s'\",;|&$<-][^\s'\"\\;|&]{2,256})"
        ),
    ),
    (("ldap",), ("-w",), regex(rf"\bldap\w+\b[^;|]{{0,300}}?[\s'\"]-w{_GAP}{_VALUE}")),
    (("sqlcmd", "bcp "), regex(rf"\b(?:sqlcmd|bcp)\b[^;|]{{0,300}}?[\s'\"]-P{_GAP}{_VALUE}")),
    (("add_user", "change_password"), regex(
        rf"\b(?:add_user|change_password){_GAP}[^\s'\",]{{1,128}}{_GAP}{_VALUE}")),
    (("htpasswd",), regex(rf"\bhtpasswd\b[^;|]{{0,200}}?-\w*b\w*{_GAP}(?:[^\s'\",]{{1,200}}{_GAP})"
                          rf"{{1,2}}?{_VALUE}(?=['\"\s]*(?:\n|\Z|[;|&\]]))")),
    (("requirepass", "masterauth"), regex(rf"\b(?:requirepass|masterauth){_GAP}{_VALUE}")),
    (("pass:",), regex(r"(?<![\w-])pass:(?P<value>[^\s'\"$<]{3,256})")),
    # Statements of SQL.
    (
        ("identified", "password '", "password \\'"),
        regex(
            r"\b(?:identified\s+(?:with\s+\S+\s+)?by|password)\s+\\?['\"](?P<value>[^'\"]{1,256})",
            re.IGNORECASE,
        ),
    ),
    (("machine", "login"), regex(r"\blogin\s+\S{1,128}\s+password\s+(?P<value>\S{1,256})")),
    # Webhooks.
    (
        ("hooks.", "webhook"),
        regex(
            r"(?:hooks\.slack\.com/[a-z]{1,20}|discord(?:app)?\.com/api/webhooks|hooks\.zapier\.com"
            r"/hooks/catch|webhook\.office\.com/webhookb2|outlook\.office\.com/webhook)/"
            r"(?P<value>[^\s'\"]{6,512})"
        ),
    ),
    # Tokens.
    (("eyj",), regex(r"\beyJ[\w-]{8,4096}\.[\w.+/=-]{6,8192}")),
    (("SK",), regex(r"\bSK[0-9a-fA-F]{32}\b")),
)  # fmt: skip
"""Words, one of which a text has as it is or in lower case (one of each group, where there are
several), and what to look for then."""

_PREFIXES = (
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glptt-", "gldt-", "glrt-",
    "glsoat-", "glft-", "glimt-", "glagent-", "gloas-", "glcbt-", "glffct-", "hvs.", "hvb.", "hvr.",
    "xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xoxe.", "xapp-", "sk_live_",
    "sk_test_", "rk_live_", "rk_test_", "whsec_", "sk-ant-", "sk-proj-", "sk-or-", "sk-svcacct-",
    "sk-", "npm_", "pypi-", "dop_v1_", "doo_v1_", "dor_v1_", "shpat_", "shpca_", "shppa_", "shpss_",
    "akia", "asia", "abia", "acca", "aiza", "ya29.", "sg.", "lin_api_", "pul-", "dp.pt.", "dp.st.",
    "dp.ct.", "dp.sa.", "hf_", "figd_", "atatt3", "atctt3", "rubygems_", "sq0atp-", "sq0csp-",
    "nrak-", "nrii-", "nrjs-", "glsa_", "glc_", "ntn_", "pmak-", "dckr_pat_", "dckr_oat_",
    "sntrys_", "sntryu_", "pscale_", "age-secret-key-", "r8_", "gsk_", "xai-", "tskey-", "dapi",
    "ops_", "patoken", "rnd_", "nfp_", "vercel_", "fo1_", "fm2_", "lsv2_", "pcsk_", "re_",
    "xkeysib-", "key-", "gocspx-", "ctp_", "phc_", "phx_", "sbp_", "sb_secret_", "absk",
    "bbdc-", "eaac", "eaam", "zpka_", "tvly-", "secret_", "cloudflare_", "v1.0-", "atlasv1.",
)  # fmt: skip
"""How tokens of well-known makers begin, in lower case."""

_MOST_RANDOM = 20
"""After some prefixes that are words, so many characters with digits among them are a token."""

_AMBIGUOUS = frozenset({"sk-", "npm_", "key-", "dapi", "hf_", "ops_", "re_", "secret_", "pul-",
                        "cloudflare_", "v1.0-", "ctp_", "absk", "vercel_", "asia", "acca", "abia",
                        "eaac", "eaam", "rnd_", "ntn_", "sg."})  # fmt: skip

_TOKEN = regex(r"[\w.+/=~-]+")
_LONG = regex(r"[A-Za-z0-9+/_-]{160,}={0,2}")
_PEM = regex(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = "-----END"
_PEM_BODY = regex(r"(?:\\[rn]|[A-Za-z0-9+/=\s:,.\\\"'#|*>-])*")


@cache
def _published() -> list[tuple[list[str], re.Pattern[str]]]:
    path = Path(__file__).with_name("gitleaks.json")
    rules = json.loads(path.read_text(encoding="utf-8"))
    return [(words, regex(text)) for _, words, text in rules]


def shaped(text: str) -> Iterator[Range]:
    """The ranges of ``text`` that have the shape of a secret, in no order."""
    lowered = text.lower()
    for *hints, pattern in _SHAPES:
        if all(any(each in lowered or each in text for each in either) for either in hints):
            for match in pattern.finditer(text):
                yield match.span("value" if "value" in pattern.groupindex else 0)
    if "private key" in lowered:
        yield from _private_keys(text)
    yield from _with_prefix(text, lowered)
    for match in _LONG.finditer(text):
        if is_mixed(match[0]):
            yield match.span()
    for words, pattern in _published():
        if any(word in lowered for word in words):
            for match in pattern.finditer(text):
                group = next((n for n in range(1, len(match.groups()) + 1) if match[n]), 0)
                yield match.span(group)


def _private_keys(text: str) -> Iterator[Range]:
    for match in _PEM.finditer(text):
        end = text.find(_PEM_END, match.end())
        if end < 0:
            body = _PEM_BODY.match(text, match.end())
            end = body.end() if body is not None else len(text)
        yield match.end(), end


def _with_prefix(text: str, lowered: str) -> Iterator[Range]:
    for prefix in _PREFIXES:
        at = lowered.find(prefix)
        while at >= 0:
            found = _TOKEN.match(text, at + len(prefix))
            begins = not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))
            if begins and found is not None:
                rest = found[0]
                least = _MOST_RANDOM - 4 if prefix in _AMBIGUOUS else 6
                if len(rest) >= least and (is_mixed(rest) or least == 6):
                    yield at, found.end()
            after = found.end() if begins and found is not None else at + len(prefix)
            at = lowered.find(prefix, after)


def is_mixed(text: str) -> bool:
    """Letters and digits in one, as random text has them."""
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))
