"""The command. Each module beside this one holds a few subcommands; what they need is imported when they run."""

from __future__ import annotations

import sys

import typer

from crosspost import __version__
from crosspost.cli import adopt, control, decide, look, play, prepare, safekeeping, trial, withdraw, work
from crosspost.cli.frame import ConfigOption, remember_config
from crosspost.errors import CrosspostError, LedgerUnavailable

EPILOG = (
    "Start with [bold]crosspost demo[/bold]: it needs no accounts. "
    "Then write config/crosspost.toml, and let [bold]crosspost check[/bold] and [bold]crosspost preview[/bold] tell "
    "how it looks before anything is sent."
)

app = typer.Typer(
    name="crosspost",
    help="Publishes a site's new articles to X, VKontakte, Facebook and YouTube: nothing twice, nothing lost.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crosspost {__version__}")
        raise typer.Exit


@app.callback()
def root(
    config: ConfigOption = None,
    version: bool = typer.Option(
        False, "--version", metavar="", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    remember_config(config)


for room in (work, adopt, prepare, look, decide, withdraw, control, trial, safekeeping, play):
    room.add_to(app)


def main() -> None:
    """Run the command. What a person can mend is told in a sentence and ends with 2, what may pass by itself with 1."""
    try:
        app()
    except CrosspostError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is where errors are shown
        sys.exit(1 if isinstance(error, LedgerUnavailable) else 2)
    except BrokenPipeError:
        # The reader of a pipe has seen enough, as in `crosspost history | head`.
        sys.stdout = None
        sys.exit(0)
