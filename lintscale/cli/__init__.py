"""The command line: parses options, calls the library, prints. Commands are imported when they
are called, so that starting costs no more than what is asked for."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """The entry point ``lintscale``; ends the process."""
    # A short run makes no garbage worth collecting, and looking for it takes a third of the time.
    gc.disable()
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from lintscale import __version__

        sys.stdout.write(f"lintscale {__version__}\n")
        return 0
    from lintscale.cli.app import run

    return run(arguments)
