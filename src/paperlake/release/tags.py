"""Tags: names for releases, each a small file `_tags/NAME.json` that is created once and never moves.

A tag holds what it names to its bytes, and keeps the data of its release from being pruned. Where both happen at once:
the tag is created first and then looks whether deleting has begun, the prune says that it begins first and then looks
for tags. So at least one of the two sees the other.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from paperlake.errors import SettingsError, StoreError
from paperlake.release.commits import Commit
from paperlake.release.manifest import canonical_json
from paperlake.release.tombstones import read_deletion
from paperlake.stores import Store

_NAME = re.compile(r"(?!\d+$)(?!latest$)[a-z0-9][a-z0-9._-]{0,63}")
_RULE = "1 to 64 of a-z, 0-9, '.', '_' and '-', first a letter or digit, no number and not 'latest'"
_FOLDER, _ENDING = "_tags", ".json"


@dataclass(frozen=True, slots=True)
class Tag:
    """A name and the release that it names; `time` of the tagging is UTC in ISO 8601."""

    name: str
    version: int
    release: str
    manifest_sha256: str
    time: str


def create_tag(store: Store, name: str, commit: Commit) -> Tag:
    """The tag; the one that stands where it names this release already.

    Raises:
        SettingsError: it cannot be a name, or names another release.
        StoreError: the data of the release are being deleted.
    """
    check_name(name)
    tag = Tag(name, commit.version, commit.release, commit.manifest_sha256, datetime.now(UTC).isoformat())
    record = {key: value for key, value in asdict(tag).items() if key != "name"}
    try:
        store.create(_key(name), canonical_json(record))
    except FileExistsError:
        return _same_tag(store, name, commit)
    if deletion := read_deletion(store, commit.version):
        store.remove(_key(name))
        raise StoreError(store.location, [deletion.told], "Tag a release whose data are there: `paperlake versions`.")
    return tag


def delete_tag(store: Store, name: str, commit: Commit) -> Tag:
    """The tag, which is gone.

    Raises:
        SettingsError: there is none of that name, or it names another release.
    """
    check_name(name)
    if name not in list_tags(store):
        raise SettingsError("tag", name, f"one of {_shown(store)}", "See `paperlake versions`.")
    tag = _same_tag(store, name, commit)
    store.remove(_key(name))
    return tag


def list_tags(store: Store) -> list[str]:
    """Names of all tags, sorted."""
    names = [name.removesuffix(_ENDING) for name in store.names(_FOLDER) if name.endswith(_ENDING)]
    return [name for name in names if _NAME.fullmatch(name)]


def read_tags(store: Store) -> list[Tag]:
    """All tags, by name.

    Raises:
        StoreError: the file of one is damaged.
    """
    return [read_tag(store, name) for name in list_tags(store)]


def read_tag(store: Store, name: str) -> Tag:
    """One tag.

    Raises:
        StoreError: there is none of that name, or its file is damaged.
    """
    data = store.read(_key(name)) if _NAME.fullmatch(name) else None
    if data is None:
        damage = f"expected a release or a tag, found {name!r}; the tags are {_shown(store)}"
        raise StoreError(store.location, [damage], "See `paperlake versions`.")
    try:
        return _parse(name, data)
    except (ValueError, KeyError, TypeError) as error:
        damage, remedy = f"{_key(name)}: expected a tag, found {error!r}", "Delete that file and tag the release again."
        raise StoreError(store.location, [damage], remedy) from error


def find_tag_damages(store: Store, commits: Mapping[int, Commit]) -> list[str]:
    """Tags that cannot be read or say something else than the commit record of their release, in words."""
    damages = []
    for name in list_tags(store):
        try:
            damages += check_tag(read_tag(store, name), commits)
        except StoreError as error:
            damages += error.damages
    return damages


def check_tag(tag: Tag, commits: Mapping[int, Commit]) -> list[str]:
    """What is wrong with a tag, in words: at most one thing."""
    commit = commits.get(tag.version)
    if commit and (commit.release, commit.manifest_sha256) == (tag.release, tag.manifest_sha256):
        return []
    found = commit.release if commit else "no such release"
    return [f"{_key(tag.name)}: expected {tag.release}, found {found}"]


def check_name(name: str) -> None:
    """Nothing, when a tag can have that name.

    Raises:
        SettingsError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError("tag", name, _RULE, "Choose another name.")


def _parse(name: str, data: bytes) -> Tag:
    record = json.loads(data)
    tag = Tag(name, **{one.name: record[one.name] for one in fields(Tag) if one.name != "name"})
    if not isinstance(tag.version, int):
        raise TypeError(f"version {tag.version!r}")
    return tag


def _same_tag(store: Store, name: str, commit: Commit) -> Tag:
    tag = read_tag(store, name)
    if tag.version != commit.version:
        expected = f"a tag of release {commit.version}; it is one of release {tag.version}, and tags never move"
        raise SettingsError("tag", name, expected, f"Delete it first: `paperlake tag {tag.version} {name} --delete`.")
    return tag


def _shown(store: Store) -> str:
    return ", ".join(list_tags(store)) or "none"


def _key(name: str) -> str:
    return f"{_FOLDER}/{name}{_ENDING}"
