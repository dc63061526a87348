"""What stands where a secret's value would, and is none: references, placeholders, switches."""

from __future__ import annotations

from itertools import pairwise

from lintscale.secrets.shapes import is_mixed
from lintscale.syntax.regex import regex

_SWITCHES = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "~", "undefined",
     "required", "optional", "enabled", "disabled", "***", "|", ">", "|-", ">-", "inherit",
     "{}", "[]", "\\", "...", "…"}
)  # fmt: skip

_VARIABLE = regex(
    r"\$\{\{[^}]*\}\}|\{\{[^}]*\}\}|\$\{[A-Za-z_][\w.]*\}|\$\([\w. /-]*\)|\$[A-Za-z_]\w*"
    r"|<[\w .|-]+>|%\w+%|@[A-Z_]+@|\[\w+\]"
)
_REFERENCE = regex(
    r"(?i:arn:aws|vault:|op://|ssm:|gsm:|sm://|secretref:|secret://|projects/[^/\s]+/secrets/"
    r"|@microsoft\.keyvault|berglas://|ref\+|enc\[|enc:|ejson|\{cipher\}|crypt:|sops:|aws-sm:"
    r"|file:|https?://[^\s@?]*\Z|!reference|!ref|!sub|!getatt|!vault|random:)"
    r"|(?:var|local|data|module|each|self|process\.env|os\.environ|secrets|github|inputs|env|ENV"
    r"|config|settings|Rails|random_\w+|aws_\w+|google_\w+|azurerm_\w+)[.\[]"
    r"|[A-Za-z_][\w.]*\((?:[^()]*\)?)\Z"
)
_PATH = regex(r"(?:\.{0,2}/|~/)[\w.-]+(?:/[\w.-]+)*/?\Z")
_VERSION = regex(r"v?\d+(?:\.\d+)*\Z")
_DIGEST = regex(r"(?:sha\d+[:-]|@sha)|[\w./-]+@sha256:", 2)
_UUID = regex(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", 2)


def may_be_secret(value: str) -> bool:
    """May the value of a secret's name be the secret itself?"""
    value = value.strip()
    if value.lower() in _SWITCHES or "***" in value:
        # What is masked already says no more.
        return False
    if "$" in value or "{" in value or "<" in value or "%" in value or "[" in value:
        rest = _VARIABLE.sub("", value)
        if rest != value and not any(map(str.isalnum, rest)):
            return False
    if _REFERENCE.match(value):
        return False
    return not (_PATH.match(value) and (value.count("/") > 1 or not is_mixed(value)))


def looks_random(value: str) -> bool:
    """Does nobody write the value by hand?"""
    value = value.strip("\"'`,;()")
    if not 8 <= len(value) <= 4096 or not is_mixed(value) or not may_be_secret(value):
        return False
    if "://" in value or _VERSION.match(value) or _DIGEST.match(value) or "arn:" in value:
        return False
    if _UUID.match(value):
        return False
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(value))
    return changes >= 3 and value.count(".") < 2 and value.count("/") < 3
