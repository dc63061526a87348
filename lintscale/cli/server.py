"""``lintscale server``."""

from __future__ import annotations

import gc

import click

from lintscale.cli.app import CONTEXT, OK


@click.command("server", context_settings=CONTEXT)
def command() -> int:
    """Speak the language server protocol on standard input and output, for editors."""
    try:
        from lintscale.server.app import server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(
            "the language server needs pygls: pip install 'lintscale[server]'"
        ) from error
    gc.enable()  # it runs for hours, where other commands are done in a second
    server.start_io()
    return OK
