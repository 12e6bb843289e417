"""The command line of the flows that build: folders, gates to accept, and who runs the steps."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from prefect import Flow

from flows import runners
from paperlake.errors import PaperlakeError, SettingsError


def make_parser(prog: str, description: str | None) -> ArgumentParser:
    """A parser with the options that they share."""
    parser = ArgumentParser(prog=prog, description=description)
    parser.add_argument("--raw", type=Path, help="folder of dumps")
    parser.add_argument("--store", help="folder of releases, or s3://bucket/prefix")
    parser.add_argument("--accept", action="append", help="a gate to let pass; may be repeated")
    runners.add_options(parser)
    return parser


def run_flow(flow: Flow[..., Any], given: Namespace) -> Any:
    """What the flow gives, its steps run by whom the options name; where it fails, the process ends.

    Prefect tells of an error in the flow itself, with message and remedy; of one before it, this does.
    """
    try:
        run = flow.with_options(task_runner=runners.pop_runner(given))
    except SettingsError as error:
        sys.stderr.write(f"{type(error).__name__} {error}\n")
        sys.exit(error.exit_code)
    try:
        return run(**vars(given))
    except PaperlakeError as error:
        sys.exit(error.exit_code)
