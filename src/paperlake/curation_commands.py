"""The commands by which people overrule: near misses to judge, judgements, and dumps that are taken back."""

import getpass
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from paperlake.commands import RAW, STORE, Json, Raw, Store, err, exits, out
from paperlake.console import print_json, print_review
from paperlake.curating import write_judgement, write_retraction
from paperlake.curation import judgements, retractions
from paperlake.errors import StoreError
from paperlake.near_misses import read_near_misses
from paperlake.settings import Settings

Why = Annotated[str, typer.Option(help="How you know it.")]
Who = Annotated[str, typer.Option(metavar="NAME", help="Who says so; your login name without it.")]
_SHOWN_PAIRS = 10
_APPLIED = "The next `paperlake build` applies it."


@exits
def review(
    rows: Annotated[int, typer.Option(min=0, help="Most pairs to show; 0 for all.")] = _SHOWN_PAIRS,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """List pairs of papers that nearly were one, the likeliest first, for `judge`."""
    pairs = read_near_misses(Settings.given(store=store).work)
    if pairs is None:
        raise StoreError(store, ["holds no list of near misses"], "Run `paperlake build` first: it writes one.")
    shown = pairs.head(rows) if rows else pairs
    if as_json:
        sys.stdout.write(shown.write_json() + "\n")
        return
    print_review(shown, out, err)
    if shown.height < pairs.height:
        err.print(f"the first {shown.height:,} of {pairs.height:,}, all with --rows 0")


@exits
def judge(
    left: Annotated[str, typer.Argument(metavar="A", help="Id of a paper or an appearance.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Id of another.")],
    verdict: Annotated[str, typer.Argument(metavar="same|different", help="Whether they are one paper.")],
    why: Why,
    who: Who = "",
    raw: Raw = RAW,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Write down that two papers are one, or are not, whatever the rules say; the next build applies it."""
    day, name, reason = _today(), _name(who), _on_one_line(why)
    _check_values(judgements.find_faults(day.isoformat(), name, left, right, verdict, reason))
    judgement = judgements.Judgement(day, name, left, right, verdict, reason)
    written, papers = write_judgement(judgement, Settings.given(raw, store))
    both = " and ".join(f"{one} ({paper})" for one, paper in zip((written.left, written.right), papers, strict=True))
    said = f"{both} are {'one paper' if verdict == judgements.SAME else 'two papers'}"
    facts = written.as_dict() | dict(zip(("left_paper", "right_paper"), papers, strict=True))
    _tell(judgements.JUDGEMENTS_FILE, written.line, facts, said, as_json=as_json)


@exits
def retract(
    dump: Annotated[str, typer.Argument(help="Its path, or 12 digits of its sha256 or more.")],
    why: Why,
    who: Who = "",
    raw: Raw = RAW,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Write down that a dump is taken back, with all that only it shows; the next build applies it."""
    day, name, reason = _today(), _name(who), _on_one_line(why)
    _check_values(retractions.find_faults(day.isoformat(), name, dump, reason))
    written, path = write_retraction(retractions.Retraction(day, name, dump, reason), Settings.given(raw, store))
    said = f"{path} ({written.dump}) is retracted"
    _tell(retractions.RETRACTIONS_FILE, written.line, written.as_dict() | {"path": path}, said, as_json=as_json)


def _today() -> date:
    return datetime.now(UTC).date()


def _on_one_line(text: str) -> str:
    """The text as a line of a file can hold it."""
    return " ".join(text.split())


def _name(who: str) -> str:
    """Who signs.

    Raises:
        BadParameter: nobody is named, and the system knows no name.
    """
    try:
        return _on_one_line(who) or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:  # a container whose user has no name
        raise typer.BadParameter("expected a name, found none: the system knows none", param_hint="--who") from error


def _check_values(faults: Iterable[str]) -> None:
    """Nothing, when there are none.

    Raises:
        BadParameter: there are some; all of them together.
    """
    told = " ".join(f"Expected {fault}" for fault in faults)
    if told:
        raise typer.BadParameter(told)


def _tell(file: str, line: int, facts: dict[str, str], said: str, *, as_json: bool) -> None:
    """Print what was written, and where."""
    if as_json:
        print_json({"file": file, "line": line, **facts})
    else:
        signed = f"{facts['who']}, {facts['when']}: {facts['why']}"
        out.print(f"{file}:{line}: {said} ({signed})\n{_APPLIED}", markup=False, highlight=False, soft_wrap=True)
