"""What a health check's command asks: the URL in it, whatever program asks."""

from __future__ import annotations

import re
from typing import NamedTuple

from lintscale.syntax.regex import regex

_VARIABLE = r"\$\{[^}\s]*\}|\$\w+|<[^<>\s]*>|\d{1,5}"
_PATH = r"/[^\s'\"|;&<>()?#,`\\\]]*(?:<[A-Za-z][\w -]*>[^\s'\"|;&<>()?#,`\\\]]*)*"
_URL = regex(
    rf"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]{{0,45}}\]|[^\s/:?#'\"|;&()\\]*)"
    rf"(?::(?P<port>{_VARIABLE}))?(?P<path>{_PATH})?",
    re.IGNORECASE,
)
_LOCAL = r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]"
_BARE = regex(
    rf"\b(?:curl|wget)\b[^|;&]{{0,400}}?\s['\"]?(?P<host>{_LOCAL})"
    rf"(?::(?P<port>{_VARIABLE}))?(?P<path>{_PATH})?(?=['\"\s|;&]|\Z)",
    re.IGNORECASE,
)
_LOCAL_HOST = regex(_LOCAL, re.IGNORECASE)


class AskedUrl(NamedTuple):
    """``host`` is "" for the container itself."""

    scheme: str
    host: str
    port: str
    path: str


def asked_url(line: str) -> AskedUrl | None:
    """The first URL in a command, or what its curl or wget asks of the container itself."""
    found = _URL.search(line) or _BARE.search(line)
    if found is None:
        return None
    parts = found.groupdict()
    scheme = (parts.get("scheme") or "http").lower()
    port = parts["port"] or ("443" if scheme == "https" else "80")
    host = "" if _LOCAL_HOST.fullmatch(parts["host"]) else parts["host"]
    return AskedUrl(scheme, host, port, parts["path"] or "/")
