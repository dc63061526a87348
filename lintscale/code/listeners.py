"""Programs that fetch their messages from a chat service themselves: of those one instance runs, as
a second one would be given the same messages, or turned away.

Telegram answers a second caller of getUpdates with 409 (core.telegram.org/bots/api, getUpdates);
Discord gives each session all events of its shard (docs.discord.com, Gateway). Read Nov 2026.
"""

from __future__ import annotations

from lintscale.syntax.regex import regex

SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")

_LISTENERS = (
    (
        "Telegram",
        regex(rb"^\s*(?:from|import)\s+(?:telegram|telebot|aiogram)\b", 8),
        regex(rb"\.(?:run_polling|start_polling|infinity_polling|polling)\("),
    ),
    (
        "Discord",
        regex(rb"^\s*(?:from|import)\s+(?:discord|nextcord|disnake)\b", 8),
        regex(rb"\b(?:bot|client)\.(?:run|start)\("),
    ),
    (
        "Telegram",
        regex(rb"(?:from|require\()\s*[\"'](?:telegraf|grammy|node-telegram-bot-api)[\"']"),
        regex(rb"\.launch\(\s*\)|\bbot\.start\(\s*\)|\bpolling\s*:\s*(?:true|\{)"),
    ),
    (
        "Discord",
        regex(rb"(?:from|require\()\s*[\"']discord\.js[\"']"),
        regex(rb"\b(?:bot|client)\.login\("),
    ),
)
"""The service, how its library is taken in, and the call that fetches messages until the end."""


_PACKAGES = regex(r"telegram|telebot|aiogram|discord|nextcord|disnake|telegraf|grammy", 2)


def may_listen(dependencies: str) -> bool:
    """Whether a dependency file names a library of a chat service."""
    return _PACKAGES.search(dependencies) is not None


def listens_to(data: bytes) -> str:
    """The service whose messages a source file fetches; "" for none."""
    for service, library, call in _LISTENERS:
        if call.search(data) and library.search(data):
            return service
    return ""
