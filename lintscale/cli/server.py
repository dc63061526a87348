"""``lintscale server``."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys

import click

from lintscale.cli.app import CONTEXT, OK

_EXIT_WITHOUT_SHUTDOWN = 1
"""The protocol's exit code of a server that was not asked to shut down first."""

_CLEANUP_SECONDS = 1
"""Editors kill a server that takes longer to end."""


@click.command("server", context_settings=CONTEXT)
@click.option("--stdio", is_flag=True, help="The default; accepted because many editors pass it.")
def command(*, stdio: bool) -> int:
    """Run the language server on standard input and output."""
    try:
        from lintscale.lsp.app import create
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(
            "the language server needs pygls: pip install 'lintscale[server]'"
        ) from error
    # Otherwise Ctrl-C waits for the next message.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.enable()  # it runs for hours, other commands for a second
    server = create()
    # Standard output is for the protocol only; other prints go to standard error.
    output = os.fdopen(os.dup(1), "wb")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    sys.stdout = sys.stderr
    server.start_io(stdout=output)
    # A running check may take long, and nobody waits for it any more.
    server.stop(_CLEANUP_SECONDS)
    sys.stderr.flush()
    os._exit(OK if server.ended else _EXIT_WITHOUT_SHUTDOWN)
