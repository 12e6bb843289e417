"""The commands for the life of releases: roll back, tag, prune, verify, repair."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from paperlake.commands import STORE, Json, Store, err, exits, out
from paperlake.console import print_json
from paperlake.errors import StoreError
from paperlake.identity.registry import extend_history
from paperlake.release import tags
from paperlake.release.prune import GRACE_DAYS, KEEP, PrunePlan
from paperlake.release.prune import prune as prune_store
from paperlake.release.reading import find_commit, open_release
from paperlake.release.repair import repair as repair_store
from paperlake.release.rollback import rollback as roll_back
from paperlake.release.taken_back import TakenBack
from paperlake.release.tombstones import read_deletion
from paperlake.release.verify import verify as verify_release
from paperlake.release.verify import verify_all
from paperlake.stores import open_store

Release = Annotated[str, typer.Argument(metavar="N|TAG", help="Number of a release, or a tag.")]
_MENDING = "`paperlake repair` says what of it can be mended; bring the rest back from a copy of the store."


@exits
def rollback(
    release: Release,
    why: Annotated[str, typer.Option(help="Reason, for the commit record and id_history.")] = "",
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Publish the content of an older release again, as the newest."""
    published, taken_back = roll_back(store, release, extend_history, why=" ".join(why.split()))
    if as_json:
        print_json(asdict(published) | {"taken_back": asdict(taken_back)})
    elif published.is_new:
        said = f"has the content of release {taken_back.of} again, instead of that of {taken_back.instead_of}"
        out.print(f"release {published.version} {said}", highlight=False)
    else:
        out.print(f"nothing changed: release {published.version} has that content already", highlight=False)
    if published.is_new:
        _warn_of_builds(taken_back)


def _warn_of_builds(taken_back: TakenBack) -> None:
    """Say what the next build would bring again."""
    if taken_back.dumps:
        shown = "\n".join(f"  {path}" for path in taken_back.dumps.values())
        _note(f"The next `paperlake build` reads again what was taken back, {len(taken_back.dumps)} dump(s):\n{shown}")
        _note("It is held until you take back what is bad in them, `paperlake retract DUMP --why TEXT`,")
        _note("and let the rest pass: `paperlake build --accept rollback_stands`.")
    if taken_back.rules_version:
        _note(
            f"Release {taken_back.instead_of} was made by other rules; the next build applies those of its paperlake."
        )
    _note("What people wrote in `curation` since is applied again, too.")


@exits
def tag(
    release: Release,
    name: Annotated[str, typer.Argument(metavar="NAME", help="a-z, 0-9, '.', '_' and '-', up to 64.")],
    delete: Annotated[bool, typer.Option("--delete", help="Take the tag away.")] = False,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Name a release; its data are then never pruned."""
    opened = open_store(store)
    tags.check_name(name)
    change = tags.delete_tag if delete else tags.create_tag
    commit = find_commit(opened, release) if delete else open_release(opened, release).commit
    changed = change(opened, name, commit)
    if as_json:
        print_json(asdict(changed) | {"is_deleted": delete})
    else:
        out.print(f"release {changed.version} is {'no longer ' if delete else ''}tagged {name}", highlight=False)


@exits
def prune(
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this it is only told.")] = False,
    keep: Annotated[int, typer.Option(min=1, help="How many of the last releases keep their data.")] = KEEP,
    grace_days: Annotated[int, typer.Option(min=0, help="Days between a tombstone and deleting.")] = GRACE_DAYS,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Delete the data of old releases: tombstones first, and after the grace, in a later run, the data."""
    find_commit(open_store(store))
    plan = prune_store(store, keep=keep, grace=timedelta(days=grace_days), apply=apply)
    if as_json:
        print_json(asdict(plan) | {"is_applied": apply})
        return
    _print_plan(plan, apply=apply)
    if not apply and (plan.to_mark or plan.to_delete or plan.to_unmark):
        _note("Nothing was changed; `--apply` does it.")


def _print_plan(plan: PrunePlan, *, apply: bool) -> None:
    table = Table("release", "what", "why")
    rows = {version: ("kept", why) for version, why in plan.kept.items()}
    rows |= {version: ("gets a tombstone", why) for version, why in plan.to_mark.items()}
    rows |= {version: ("has a tombstone", f"deleted from {day:%Y-%m-%d} on") for version, day in plan.waiting.items()}
    rows |= {version: ("kept, loses its tombstone", plan.kept[version]) for version in plan.to_unmark}
    rows |= dict.fromkeys(plan.to_delete, ("deleted", "its grace is over"))
    for version, (what, why) in sorted(rows.items()):
        table.add_row(str(version), what, escape(why))
    out.print(table)
    frees = "freed" if apply else "would be freed"
    later = plan.frees_in_all - plan.frees
    out.print(f"{plan.frees:,} bytes {frees}, {later:,} more once all graces are over", highlight=False)


@exits
def repair(
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this it is only told.")] = False,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Mend what can be mended from what stands in the store, and say what to do about the rest."""
    found = repair_store(store, apply=apply)
    if as_json:
        print_json([one.as_dict() for one in found])
    for one in () if as_json else found:
        out.print(f"{one.state}: {one.found}\n  {one.remedy}", markup=False, highlight=False, soft_wrap=True)
    if not found and not as_json:
        out.print("nothing to repair")
    if not apply and any(one.mend for one in found):
        _note("Nothing was changed; `--apply` does it.")
    if any(one.mend is None for one in found):
        raise typer.Exit(StoreError.exit_code)


@exits
def verify(
    release: Annotated[str | None, typer.Argument(metavar="[N|TAG]", help="The newest without one.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every release, and the whole store.")] = False,
    store: Store = STORE,
    as_json: Json = False,
) -> None:
    """Check pointer, commit, manifest and the sha256 of every file of a release, or of all."""
    if every and release is not None:
        raise typer.BadParameter(f"expected a release or --all, found both ({release})", param_hint="--all")
    opened = open_store(store)
    deletion = None if every else read_deletion(opened, find_commit(opened, release).version)
    damages = verify_all(opened) if every else verify_release(opened, release)
    if as_json:
        print_json({"damages": damages, "is_pruned": bool(deletion)})
    if damages:
        raise StoreError(store, damages, _MENDING)
    if not as_json:
        whole = "whole: log, pointers, tags, manifests and every file of every release agree"
        one = deletion.told if deletion else "whole: pointer, commit, manifest and every file agree"
        out.print(whole if every else one, highlight=False, soft_wrap=True)


def _note(text: str) -> None:
    err.print(text, markup=False, highlight=False, soft_wrap=True)
