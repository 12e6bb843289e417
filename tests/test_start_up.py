"""What a command imports: nothing that it does not use. Polars takes 0.2 s, Pandera and Prefect take one each."""

import shutil
import subprocess
import sys

import pytest
import typer

from paperlake.cli import _COMMANDS, app, load
from tests.conftest import SAMPLES, build_store

_HEAVY = {"polars", "pyarrow", "pandera", "pandas", "prefect", "distributed", "dask", "rapidfuzz", "obstore"}
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


def test_a_build_with_nothing_new_imports_nothing_that_makes_a_release(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    shutil.copytree(SAMPLES, raw)
    build_store(raw, store)
    found = imported("build", "--raw", raw, "--store", store)
    assert "polars" in found
    assert found & ((_HEAVY - {"polars"}) | {"numpy", "charset_normalizer"}) == set()
    rooms = {name.removeprefix("paperlake.").partition(".")[0] for name in found if name.startswith("paperlake.")}
    assert rooms & {"making", "stages", "release_stages", "extract", "layouts", "planning", "validate"} == set()
    assert "paperlake.links.finding" not in found


def test_nothing_is_looked_through_for_garbage_at_exit():
    code = "import gc\nfrom paperlake.cli import main\ntry: main()\nfinally: print(gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split("\n")[-2]) > 1_000


@pytest.mark.parametrize("name", _COMMANDS)
def test_help_says_of_a_command_what_it_says_itself(name):
    words = _COMMANDS[name][1]
    assert " ".join(load(name).help.split("\n\n")[0].split()) == words
    assert load(name).name == name


def test_groups_and_commands_are_all_listed():
    assert list(typer.main.get_command(app).commands) == list(_COMMANDS)
