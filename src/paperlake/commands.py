"""What all commands share: folders, consoles, and errors that become messages and exit codes."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from paperlake.errors import PaperlakeError

_LEAST_WIDTH = 120
out, err = Console(width=max(Console().width, _LEAST_WIDTH)), Console(stderr=True)
_Params = ParamSpec("_Params")
_INTERRUPTED = 130

Store = Annotated[str, typer.Option(envvar="PAPERLAKE_STORE", help="Folder of releases, or s3://bucket/prefix.")]
Raw = Annotated[Path, typer.Option(envvar="PAPERLAKE_RAW", help="Folder of dumps.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
RAW, STORE = Path("data/raw"), "data/processed"


def exits(command: Callable[_Params, None]) -> Callable[_Params, None]:
    """The command, whose errors become a message on stderr and an exit code."""

    @wraps(command)
    def run(*arguments: _Params.args, **options: _Params.kwargs) -> None:
        try:
            command(*arguments, **options)
        except PaperlakeError as error:
            _complain(type(error).__name__, str(error))
            raise typer.Exit(error.exit_code) from error
        except OSError as error:  # a disk, a permission: the path and the system's own words say what to do
            _complain("OSError", str(error))
            raise typer.Exit(PaperlakeError.exit_code) from error
        except KeyboardInterrupt as error:
            _complain("Interrupted", "nothing more was published; the next build goes on where this one stopped")
            raise typer.Exit(_INTERRUPTED) from error

    return run


def _complain(kind: str, message: str) -> None:
    err.print(f"[bold red]{kind}[/]", end=" ")
    err.print(message, markup=False, highlight=False, soft_wrap=True)
