"""What a command imports: nothing that it does not use. Polars takes 0.2 s, Pandera and Prefect take one each."""

import subprocess
import sys

import pytest
import typer

from paperlake.cli import _COMMANDS, app, load

_HEAVY = {"polars", "pyarrow", "pandera", "pandas", "prefect", "distributed", "rapidfuzz", "obstore"}
_LOOK = """
import sys
try:
    from paperlake.cli import main
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*arguments):
    """The modules of a process that ran a command."""
    command = [sys.executable, "-c", _LOOK, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.split("\n")[-2].split())


def test_help_imports_none_of_the_heavy_ones():
    assert imported("--help") & _HEAVY == set()


@pytest.mark.parametrize("arguments", [("show", "papers"), ("versions",)])
def test_who_reads_releases_needs_no_rules_and_no_pandera(sample_store, arguments):
    found = imported(*arguments, "--store", sample_store)
    assert "polars" in found
    assert found & (_HEAVY - {"polars", "pyarrow"}) == set()
    assert not {name for name in found if name.startswith(("paperlake.layouts", "paperlake.links"))}


@pytest.mark.parametrize("name", _COMMANDS)
def test_help_says_of_a_command_what_it_says_itself(name):
    words = _COMMANDS[name][1]
    assert " ".join(load(name).help.split("\n\n")[0].split()) == words
    assert load(name).name == name


def test_groups_and_commands_are_all_listed():
    assert list(typer.main.get_command(app).commands) == list(_COMMANDS)
