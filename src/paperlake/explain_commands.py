"""`paperlake explain`: where every value of a paper comes from."""

from typing import Annotated

import typer

from paperlake.commands import RAW, STORE, Json, Raw, Store, exits
from paperlake.console import print_json, print_page
from paperlake.explain.console import print_explanation
from paperlake.explain.explanation import MOST_PAPERS
from paperlake.explain.explanation import explain as explain_paper
from paperlake.settings import Settings


@exits
def explain(
    asked: Annotated[
        str,
        typer.Argument(
            metavar="PAPER|URL|TITLE",
            help="A paper id, an appearance id, an arXiv id, a DOI, an address, owner/name, or a title.",
        ),
    ],
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Version or tag; the newest without one.")] = None,
    papers: Annotated[int, typer.Option(min=0, help="Most papers to explain; 0 for all.")] = MOST_PAPERS,
    raw: Raw = RAW,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Show where every value of a paper comes from: dump, line, raw text, steps, rules, and what lost."""
    explained = explain_paper(asked, Settings.given(raw, store), at, papers)
    print_json(explained.as_dict()) if as_json else print_page(lambda page: print_explanation(explained, page))
