"""``lintscale server``."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys

import click

from lintscale.cli.app import CONTEXT, OK

_UNASKED = 1
"""What the protocol has a server exit with that was not asked to shut down before."""

_SECONDS = 1
"""For so long it may clean up; editors kill a server that takes longer to end."""


@click.command("server", context_settings=CONTEXT)
@click.option("--stdio", is_flag=True, help="What is done anyway; many editors add it.")
def command(*, stdio: bool) -> int:
    """Speak the language server protocol on standard input and output, for editors."""
    try:
        from lintscale.lsp.app import create
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(
            "the language server needs pygls: pip install 'lintscale[server]'"
        ) from error
    # Else Ctrl-C would wait for the next message.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.enable()  # it runs for hours, where other commands are done in a second
    server = create()
    # Whatever else would print goes to standard error: the protocol has the output for itself.
    output = os.fdopen(os.dup(1), "wb")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    sys.stdout = sys.stderr
    server.start_io(stdout=output)
    # A check that is under way may take long, and nobody waits for it any more.
    server.stop(_SECONDS)
    sys.stderr.flush()
    os._exit(OK if server.ended else _UNASKED)
