"""Which health check paths a proxy answers itself, by its settings among the scanned files: nginx's
``return``, HAProxy's ``monitor-uri`` and ``return``, Envoy's ``direct_response``. Such an answer
depends on nothing but the process, whatever its path is called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lintscale.model.declared import Container, Probe
from lintscale.syntax import parse
from lintscale.syntax.nodes import to_plain
from lintscale.syntax.regex import regex

MAX_LENGTH = 100_000
"""Characters of settings; longer ones are not looked into."""


def answered_paths(container: Container, containers: Sequence[Container]) -> tuple[str, ...]:
    """The paths that probes of ``containers``, those of one pod, ask ``container`` for and that its
    settings answer without another server."""
    texts = [
        (file.path, file.text.value)
        for file in container.files
        if file.text.value and len(file.text.value) <= MAX_LENGTH
    ]
    if not texts:
        return ()
    asked = {
        (path, _port(probe, each))
        for each in containers
        for probe in each.probes
        if (path := probe.path.value)
    }
    return tuple(
        sorted({path for path, port in asked if any(_answers(n, t, path, port) for n, t in texts)})
    )


def _port(probe: Probe, container: Container) -> str:
    """The probe's port as a number; "" where it is not known."""
    text = probe.port.value or ""
    named = next((p.number for p in container.ports if p.name and p.name == text), None)
    return str(named) if named is not None else text if text.isdigit() else ""


def _answers(name: str, text: str, path: str, port: str) -> bool:
    place = path.partition("?")[0]
    if name.endswith((".yaml", ".yml", ".json")):
        return _envoy_answers(text, place, port)
    if _HAPROXY.search(text):
        return _haproxy_answers(text, place)
    return _nginx_answers(text, place, port)


# -- nginx ----------------------------------------------------------------------------------------

_NGINX_TOKEN = regex(
    r"#[^\n]*|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[{};]"
    r"|(?:\$\{[^}]*\}|\\.|[^\s;{}\"'#\\])+|\\"
)
_ASKS_OTHERS = frozenset(
    {"proxy_pass", "fastcgi_pass", "grpc_pass", "uwsgi_pass", "scgi_pass", "memcached_pass",
     "auth_request", "content_by_lua_block", "content_by_lua_file", "js_content", "rewrite", "if"}
)  # fmt: skip
"""Directives after which it is not known, or not nginx's own, what answers."""

_ANSWERS = frozenset({"return", "stub_status", "root", "alias", "empty_gif"})


class _Block(NamedTuple):
    """A directive: its words, and those inside its braces."""

    words: list[str]
    inside: list[_Block]

    @property
    def name(self) -> str:
        return self.words[0] if self.words else ""


def _nginx_answers(text: str, path: str, port: str) -> bool:
    """What nginx.org/en/docs/http/ngx_http_core_module.html#location picks for the path is known
    to be answered in place, in each server on the port."""
    blocks = _nginx_blocks(text)
    servers = list(_named(blocks, "server"))
    on_port = [each for each in servers if not port or port in _listened(each)]
    if servers and not on_port:
        return False
    found = [_location(each.inside, path) for each in on_port] or [_location(blocks, path)]
    return all(each is not None and _is_static(each) for each in found)


def _nginx_blocks(text: str) -> list[_Block]:
    root = _Block([], [])
    stack, words = [root], list[str]()
    for part in _NGINX_TOKEN.findall(text):
        if part.startswith("#"):
            continue
        if part == ";":
            stack[-1].inside.append(_Block(words, []))
            words = []
        elif part == "{":
            stack[-1].inside.append(_Block(words, []))
            stack.append(stack[-1].inside[-1])
            words = []
        elif part == "}":
            if len(stack) > 1:
                stack.pop()
            words = []
        else:
            words.append(part.strip("\"'"))
    return root.inside


def _named(blocks: Sequence[_Block], name: str) -> Iterator[_Block]:
    pending = list(blocks)
    while pending:
        block = pending.pop()
        if block.name == name:
            yield block
        elif block.name == "http":
            pending.extend(block.inside)


def _listened(server: _Block) -> set[str]:
    """The ports of a server; 80 is the default of nginx."""
    ports = [b.words[1] for b in server.inside if b.name == "listen" and len(b.words) > 1]
    return {each.rpartition(":")[2] for each in ports} or {"80"}


def _location(blocks: Sequence[_Block], path: str) -> _Block | None:
    """The location for a path: an exact one, else the first regular expression unless the longest
    prefix forbids it, else that prefix."""
    longest, length, matched = None, -1, None
    for block in blocks:
        if block.name != "location" or len(block.words) < 2:
            continue
        modifier, pattern = block.words[1] if len(block.words) > 2 else "", block.words[-1]
        if modifier == "=" and pattern == path:
            return block
        if modifier in ("", "^~") and path.startswith(pattern) and len(pattern) > length:
            longest, length = block, len(pattern)
        if modifier in ("~", "~*") and matched is None and _matches(pattern, path):
            matched = block
    if matched is not None and not (longest and longest.words[1] == "^~"):
        return matched
    return longest


_PLAIN_PATTERN = regex(r"(\^?)([\w/.\\-]*)(?:\(([\w/|.\\-]*)\))?(\$?)\Z")


def _matches(pattern: str, path: str) -> bool:
    """Only a text with anchors and a group of alternatives: other expressions may be slow."""
    plain = _PLAIN_PATTERN.match(pattern.replace("(?:", "("))
    if plain is None:
        return False
    start, before, group, end = plain.groups()
    texts = tuple(f"{before}{each}".replace("\\", "") for each in (group or "").split("|"))
    if start and end:
        return path in texts
    if start:
        return path.startswith(texts)
    return path.endswith(texts) if end else any(text in path for text in texts)


def _is_static(location: _Block) -> bool:
    names = {each.name for each in location.inside}
    return not names & _ASKS_OTHERS and bool(names & _ANSWERS)


# -- HAProxy --------------------------------------------------------------------------------------

_HAPROXY = regex(r"^\s*(?:frontend|backend|listen|defaults)\b[^;{}]*$", re.MULTILINE)
_MONITOR = regex(r"^\s*monitor-uri\s+(\S+)", re.MULTILINE)
_MONITOR_FAIL = regex(r"^\s*monitor\s+fail\b", re.MULTILINE)
_ACL = regex(r"^\s*acl\s+(\S+)\s+path(?:_beg)?\s+(?:-\w\s+)*(.+)$", re.MULTILINE)
_RETURN = regex(r"^\s*http-request\s+(?:return|deny)\b(.*)$", re.MULTILINE)


def _haproxy_answers(text: str, path: str) -> bool:
    """``monitor-uri`` without ``monitor fail``, or a returned status for the path."""
    if path in _MONITOR.findall(text):
        return not _MONITOR_FAIL.search(text)
    conditions = {path} | {name for name, paths in _ACL.findall(text) if path in paths.split()}
    return any(conditions & set(rest.split()) for rest in _RETURN.findall(text))


# -- Envoy ----------------------------------------------------------------------------------------


def _envoy_answers(text: str, path: str, port: str) -> bool:
    """By a route with a ``direct_response``, a health check filter that does not pass through, or
    the admin interface, whose /ready tells of Envoy alone (envoyproxy.io, "Administration
    interface", read Dec 2026)."""
    pending: list[Any] = [to_plain(each.root) for each in parse(text, "", "yaml").documents]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            if "direct_response" in node and _matches_route(node.get("match"), path):
                return True
            if node.get("pass_through_mode") is False and f'"{path}"' in json.dumps(
                node, default=str
            ):
                return True
            admin = _PORT_VALUE.search(json.dumps(node.get("admin", ""), default=str))
            if admin and port == admin[1] and path in ("/ready", "/server_info"):
                return True
            pending.extend(node.values())
    return False


_PORT_VALUE = regex(r'"port_value": (\d+)')


def _matches_route(match: Any, path: str) -> bool:
    if not isinstance(match, dict):
        return False
    prefix = match.get("prefix")
    return path in (match.get("path"), prefix) or (
        isinstance(prefix, str) and len(prefix) > 1 and path.startswith(prefix)
    )
