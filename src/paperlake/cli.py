"""The command line: data on stdout, messages on stderr, exit codes that mean something.

0 done, 1 our error, 2 usage, 3 a gate held the release, 4 contract broken, 5 store damaged.

The module of a command is imported when it is called: `--help` and `show` need no layouts, no rules and no Pandera.
"""

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_COMMANDS = {
    "versions": (
        "release_commands:versions",
        "List the releases of a store, the newest last, with their tags and what became of their data.",
    ),
    "show": (
        "release_commands:show",
        "Show a table of a release, or the list of its tables.",
    ),
    "report": (
        "release_commands:report",
        "Say where the page of a release is: what is in it, what changed, and where a paper is.",
    ),
    "inspect": (
        "inspect_commands:inspect",
        "Show what a build would make of one text capture; nothing is published.",
    ),
    "explain": (
        "explain_commands:explain",
        "Show where every value of a paper comes from: dump, line, raw text, steps, rules, and what lost.",
    ),
    "build": (
        "build_commands:build_command",
        "Read new dumps and publish one release, or none where nothing changed.",
    ),
    "doctor": (
        "doctor_commands:doctor",
        "Check versions, folders, the store's promises, disk, clock and Prefect, and say what to do about each.",
    ),
    "review": (
        "curation_commands:review",
        "List pairs of papers that nearly were one, the likeliest first, for `judge`.",
    ),
    "judge": (
        "curation_commands:judge",
        "Write down that two papers are one, or are not, whatever the rules say; the next build applies it.",
    ),
    "retract": (
        "curation_commands:retract",
        "Write down that a dump is taken back, with all that only it shows; the next build applies it.",
    ),
    "diff": (
        "diff_commands:diff",
        "Show what differs between two releases, and why.",
    ),
    "rollback": (
        "life_commands:rollback",
        "Publish the content of an older release again, as the newest.",
    ),
    "tag": (
        "life_commands:tag",
        "Name a release; its data are then never pruned.",
    ),
    "prune": (
        "life_commands:prune",
        "Delete the data of old releases: tombstones first, and after the grace, in a later run, the data.",
    ),
    "repair": (
        "life_commands:repair",
        "Mend what can be mended from what stands in the store, and say what to do about the rest.",
    ),
    "verify": (
        "life_commands:verify",
        "Check pointer, commit, manifest and the sha256 of every file of a release, or of all.",
    ),
    "serve": (
        "serve_commands:serve",
        "Build and audit by the clock until stopped: a Prefect server and its runs, on this machine alone.",
    ),
    "explore": (
        "explore_commands:explore",
        "Serve the pages of a store's releases to browsers of this machine, with a search over all papers.",
    ),
    "contract": (
        "contract_commands:app",
        "What readers may rely on: shown, compared, checked.",
    ),
    "held": (
        "held_commands:app",
        "Candidates that a gate held: look at them, publish or drop them.",
    ),
}
"""Where each command is, of a group its Typer; and what `--help` says of it, compared by a test with its own words."""


_NEW_OBJECTS = 50_000
"""Python looks for garbage in circles after so many, not after 700, which took an eighth of a run that finds nothing
new; reference counts free nearly all there is."""


class _Commands(TyperGroup):
    """Commands by their names and words alone, until one is called."""

    def __init__(self, **given: Any) -> None:
        named = {name: TyperCommand(name, help=words) for name, (_, words) in _COMMANDS.items()}
        super().__init__(**given | {"commands": named})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest


def load(name: str) -> Any:
    """The command, or group of commands, of that name."""
    module, attribute = _COMMANDS[name][0].split(":")
    found = getattr(import_module(f"paperlake.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False)


@app.callback()
def paperlake() -> None:
    """Raw captures of paper listings, as versioned Parquet."""


def main() -> None:
    """Run the command line.

    At exit Python looks for garbage in circles once more, and takes a third of a second after a build; so all that is
    there is set aside from that. What is open was closed by then, and functions of `atexit` still run.
    """
    gc.set_threshold(_NEW_OBJECTS)
    try:
        app()
    finally:
        gc.freeze()
