"""The commands for candidates that a gate held: see what there is, look at one, publish it, or drop it."""

import uuid
from typing import Annotated, Any

import typer

from paperlake.commands import STORE, Json, Store, err, exits, out
from paperlake.console import print_json, print_page
from paperlake.held_console import print_held, print_held_list
from paperlake.release.commits import Commit, find_head
from paperlake.release.held import Held
from paperlake.release.held_folder import drop, drop_all, list_held, read_held
from paperlake.release.reading import open_release
from paperlake.release_stages import release_held
from paperlake.settings import Settings
from paperlake.stores import open_store
from paperlake.work import take_turn

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Candidates that a gate held: look at them, publish or drop them."
)

Id = Annotated[str, typer.Argument(metavar="ID", help="12 digits, as `held list` shows them.")]


@app.command("list")
@exits
def list_command(store: Store = STORE, as_json: Json = False) -> None:
    """List the held candidates of a store, the newest first."""
    settings = Settings.given(store=store)
    head = _head(settings)
    rows = [_row(held, head) for held in list_held(settings.work)]
    if as_json:
        print_json(rows)
    elif rows:
        print_page(lambda page: print_held_list(rows, page))
    else:
        err.print("nothing is held")


@app.command("show")
@exits
def show_command(held_id: Id, store: Store = STORE, as_json: Json = False) -> None:
    """Show what holds a candidate, and what is new in it."""
    settings = Settings.given(store=store)
    held = read_held(settings.work, held_id)
    why_not = held.why_not(_head(settings))
    if as_json:
        print_json({**held.report, "why_not": why_not})
    else:
        print_page(lambda page: print_held(held, why_not, page))


@app.command("publish")
@exits
def publish_command(
    held_id: Id,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="GATE", help="A gate to let pass; may be repeated.")
    ] = None,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Publish exactly what was held, once a person accepts every gate that holds it."""
    settings, accepted = Settings.given(store=store), tuple(accept or ())
    held = read_held(settings.work, held_id)
    with take_turn(settings.work):
        published = release_held(held, settings, accepted, uuid.uuid4().hex)
        drop(settings.work, held.id)
    gates = open_release(settings.store, published.version).manifest["facts"]["gates"]
    passed_by = [gate["gate"] for gate in gates if gate["is_accepted"]]
    if as_json:
        facts = {"version": published.version, "release": published.release, "fingerprint": published.fingerprint}
        print_json({**facts, "is_new": published.is_new, "held": held.id, "accepted": passed_by})
    elif published.is_new:
        told = f"release {published.version} published: candidate {held.id}, {', '.join(passed_by)} accepted"
        out.print(told, highlight=False, soft_wrap=True)
    else:
        out.print(f"nothing changed: release {published.version} holds the same already", highlight=False)


@app.command("drop")
@exits
def drop_command(
    held_id: Annotated[str, typer.Argument(metavar="ID", help="12 digits, as `held list` shows them.")] = "",
    drop_every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Delete a held candidate, or all of them."""
    if bool(held_id) == drop_every:
        raise typer.BadParameter("expected an ID or --all, found both" if held_id else "expected an ID or --all")
    settings = Settings.given(store=store)
    if held_id:
        drop(settings.work, held_id)
    dropped = [held_id] if held_id else drop_all(settings.work)
    if as_json:
        print_json({"dropped": dropped})
    else:
        out.print(f"dropped: {', '.join(dropped) or 'nothing was held'}", highlight=False)


def _head(settings: Settings) -> Commit | None:
    return find_head(open_store(settings.store))


def _row(held: Held, head: Commit | None) -> dict[str, Any]:
    """What the list tells of a candidate."""
    return {
        "id": held.id,
        "when": held.report["when"],
        "parent": held.parent,
        "failing": held.failing,
        "is_acceptable": not held.final,
        "why_not": held.why_not(head),
    }
