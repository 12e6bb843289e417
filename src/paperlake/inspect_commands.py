"""`paperlake inspect`: what a build would make of one text capture."""

from pathlib import Path
from typing import Annotated

import typer

from paperlake.commands import RAW, Json, Raw, exits
from paperlake.console import print_json, print_page
from paperlake.inspection import inspect_dump
from paperlake.inspection_console import print_inspection
from paperlake.settings import Settings
from paperlake.vocabularies import LAYOUT_NAMES

_SHOWN_BLOCKS = 30
_SHOWN_RECORDS = 3


@exits
def inspect(
    dump: Annotated[Path, typer.Argument(help="A text capture, in the raw folder or anywhere else.")],
    layout: Annotated[str | None, typer.Option(help="Layout to read it with, whatever it looks like.")] = None,
    blocks: Annotated[int, typer.Option(min=0, help="Most rows of blocks, and of rejects; 0 for all.")] = _SHOWN_BLOCKS,
    records: Annotated[int, typer.Option(min=0, help="Records to show.")] = _SHOWN_RECORDS,
    raw: Raw = RAW,
    as_json: Json = False,
) -> None:
    """Show what a build would make of one text capture; nothing is published."""
    if layout and layout not in LAYOUT_NAMES:
        raise typer.BadParameter(f"expected one of {', '.join(LAYOUT_NAMES)}, found {layout!r}", param_hint="--layout")
    seen = inspect_dump(dump, Settings.given(raw), layout, records)
    print_json(seen.as_dict()) if as_json else print_page(lambda page: print_inspection(seen, blocks, page))
