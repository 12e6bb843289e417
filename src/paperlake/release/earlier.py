"""The releases before a new one, in figures, as its page compares with them."""

from collections.abc import Mapping
from typing import Any

from paperlake.errors import StoreError
from paperlake.release.commits import Commit, list_versions, read_commit
from paperlake.release.reading import open_commit
from paperlake.report.earlier import Earlier
from paperlake.stores import Location, Store, open_store

MOST_RELEASES = 12
"""That a page looks back on; each is a small file to read."""
FIGURES = "figures"
"""Under this name a commit record keeps what pages of later releases tell of it, whatever is pruned."""


def figures_of(counts: Mapping[str, int], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a commit record keeps of its release: rows by table, quality, and gates that a person let pass.

    Args:
        counts: rows by table.
        facts: of its manifest.
    """
    accepted = [gate["gate"] for gate in facts.get("gates", []) if gate["is_accepted"]]
    return {"counts": dict(counts), "quality": dict(facts.get("quality", {})), "accepted": accepted}


def read_earlier(location: Location, version: int | None) -> tuple[Earlier, ...]:
    """The last releases up to a version, the newest last; none for None.

    Those that nothing is known of are left out: damage in the past holds no release back, and `verify` tells of it.
    """
    store = open_store(location)
    known = [one for one in list_versions(store) if version is not None and one <= version]
    read = (_read_one(store, one) for one in known[-MOST_RELEASES:])
    return tuple(one for one in read if one)


def _read_one(store: Store, version: int) -> Earlier | None:
    try:
        commit = read_commit(store, version)
        figures = commit.facts.get(FIGURES) or _from_manifest(store, commit)
    except StoreError:
        return None
    return Earlier(
        commit.version,
        commit.time,
        str(commit.facts.get("operation", "")),
        figures["counts"],
        figures["quality"],
        tuple(figures["accepted"]),
    )


def _from_manifest(store: Store, commit: Commit) -> dict[str, Any]:
    """The figures of a release whose record keeps none, as was so once.

    Raises:
        StoreError: it is pruned or damaged.
    """
    release = open_commit(store, commit)
    return figures_of(release.counts, release.manifest["facts"])
