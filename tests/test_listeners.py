"""Programs that fetch their messages themselves: which they are, and that none is asked for more
instances."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.code.files import Files
from lintscale.code.listeners import listens_to
from lintscale.project.config import load_settings


@pytest.mark.parametrize(
    ("source", "service"),
    [
        ("from telegram.ext import Application\napp.run_polling()\n", "Telegram"),
        ("from aiogram import Bot\nawait dp.start_polling(bot)\n", "Telegram"),
        ("import telebot\nbot.infinity_polling()\n", "Telegram"),
        ("import discord\nclient.run(token)\n", "Discord"),
        ("const { Telegraf } = require('telegraf');\nbot.launch();\n", "Telegram"),
        ("const Bot = require('node-telegram-bot-api');\nBot(t, { polling: true });", "Telegram"),
        ("import { Client } from 'discord.js';\nclient.login(token);\n", "Discord"),
        # Messages are brought to these, or they only send some.
        ("from telegram.ext import Application\napp.run_webhook(port=8080)\n", ""),
        ("const { Telegraf } = require('telegraf');\nbot.launch({ webhook: { port } });\n", ""),
        ("import { WebhookClient } from 'discord.js';\nhook.send('hello');\n", ""),
        ("from telegram import Bot\nBot(token).send_message(chat, text)\n", ""),
        ("import uvicorn\nserver.polling()\nclient.run(app)\n", ""),
    ],
)  # fmt: skip
def test_sources(source: str, service: str) -> None:
    assert listens_to(source.encode()) == service


def test_only_the_service_that_starts_it(tmp_path: Path) -> None:
    (tmp_path / "render.yaml").write_text(
        "services:\n"
        "  - {type: web, name: shop, runtime: python, startCommand: uvicorn shop:app}\n"
        "  - {type: web, name: clerk, runtime: python, startCommand: python clerk.py}\n"
        "  - {type: web, name: basket, runtime: python, startCommand: 'uvicorn basket:app'}\n",
        "utf-8",
    )
    (tmp_path / "requirements.txt").write_text("aiogram==3.7\n", "utf-16")
    (tmp_path / "shop.py").write_text("app = None\n", "utf-8")
    (tmp_path / "clerk.py").write_text(
        "from aiogram import Dispatcher\nDispatcher().run_polling()\n", "utf-8"
    )
    (tmp_path / "basket.py").write_text("from clerk import notify\napp = None\n", "utf-8")
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    assert {each.name: each.listens_to for each in result.project.workloads} == {
        "shop": "",
        "clerk": "Telegram",
        "basket": "",
    }
    asked = {f.workload: f.severity.value for f in result.findings if f.rule == "min-instances"}
    assert asked == {"shop": "error", "clerk": "info", "basket": "error"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_text_as_windows_writes_it(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("sqlalchemy==2.0\n", encoding)
    assert Files(tmp_path, ["requirements.txt"]).text("requirements.txt") == "sqlalchemy==2.0\n"
