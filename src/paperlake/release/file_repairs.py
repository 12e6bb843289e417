"""Damaged files of releases brought back from files of the same store that hold the same bytes."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from paperlake.errors import StoreError
from paperlake.release.commits import Commit
from paperlake.release.file_damages import FileDamage, check_files
from paperlake.release.manifest import NAME, files_of
from paperlake.release.reading import Release, open_commit
from paperlake.release.repairs import Repair
from paperlake.release.tombstones import read_deletions
from paperlake.stores import Store

_FROM_A_COPY = (
    "Nothing in the store holds its bytes: bring it back from a copy of the store; those of the newest release come "
    "out again of the raw dumps: `python -m flows.rebuild_papers --to FOLDER`."
)
_MOVE_AWAY = "Move it away: no release knows it."


def find_manifest_repairs(store: Store, commits: Mapping[int, Commit]) -> list[Repair]:
    """A repair for each manifest that is missing or changed. The other files of its release are judged once it is back.

    Args:
        store: with these releases.
        commits: commit records by version.
    """
    pruned = read_deletions(store)
    damaged = {}
    whole: dict[str, str] = {}
    for commit in (commit for version, commit in commits.items() if version not in pruned):
        key = f"{commit.release}/{NAME}"
        try:
            whole[open_commit(store, commit).commit.manifest_sha256] = key
        except StoreError as error:
            damaged[key] = (error.damages[0], commit.manifest_sha256)
    return [_restore(store, key, found, whole.get(sha256)) for key, (found, sha256) in damaged.items()]


def find_file_repairs(store: Store, releases: Iterable[Release]) -> list[Repair]:
    """A repair for each file of releases that is not as its manifest says.

    Args:
        store: with these releases.
        releases: whose manifests are whole.
    """
    manifests = {release.key: release.manifest for release in releases}
    damages = check_files(store, manifests)
    sources = _find_sources(store, manifests, damages)
    return [_repair(store, damage, sources) for damage in damages]


def _repair(store: Store, damage: FileDamage, sources: Mapping[str, str]) -> Repair:
    found = f"{damage.release}/{damage}"
    if damage.is_loss:
        return _restore(store, damage.key, found, sources.get(damage.sha256 or ""))
    if damage.kind == "extra":
        return Repair(found, _MOVE_AWAY)
    return Repair(found, "its mode is set", partial(store.seal, damage.key))


def _restore(store: Store, key: str, found: str, source: str | None) -> Repair:
    if source is None:
        return Repair(found, _FROM_A_COPY)

    def mend() -> None:
        store.restore(source, key)
        store.seal(key)

    return Repair(found, f"it is brought back from {source}", mend)


def _find_sources(
    store: Store, manifests: Mapping[str, Mapping[str, object]], damages: Sequence[FileDamage]
) -> dict[str, str]:
    """Key of a file with the bytes of each sha256 that is lost somewhere, where there is one."""
    lost = {damage.sha256 for damage in damages if damage.is_loss}
    if not lost:
        return {}
    damaged = {damage.key for damage in damages if damage.is_loss}
    extra = [damage.key for damage in damages if damage.kind == "extra"]
    sources = {store.hash(key): key for key in extra}  # of a file that somebody renamed
    for release, manifest in manifests.items():
        named = {f"{release}/{path}": sha256 for path, (_, sha256) in files_of(manifest).items()}
        sources |= {sha256: key for key, sha256 in named.items() if key not in damaged}
    return {sha256: key for sha256, key in sources.items() if sha256 in lost}
