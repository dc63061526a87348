"""``lintscale completion``."""

from __future__ import annotations

import click

from lintscale.cli.app import CONTEXT, OK, commands
from lintscale.cli.output import write

_HOW = """\
bash: eval "$(lintscale completion bash)" in ~/.bashrc;
zsh: eval "$(lintscale completion zsh)" in ~/.zshrc, after compinit;
fish: lintscale completion fish > ~/.config/fish/completions/lintscale.fish"""


@click.command("completion", context_settings=CONTEXT, epilog=_HOW)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(*, shell: str) -> int:
    """Print the completion script for a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has all three
    source = kind(commands, {}, "lintscale", "_LINTSCALE_COMPLETE").source_vars()
    write(kind.source_template % source, for_people=False)
    return OK
