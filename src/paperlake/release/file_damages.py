"""Files of releases against their manifests: missing, too many, changed, or not kept as they should be."""

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from paperlake.release.manifest import NAME, files_of
from paperlake.stores import Store, StoredFile

_AT_ONCE = 8
"""Files hashed together: hashing lets go of the interpreter, and a bucket answers late."""


@dataclass(frozen=True, slots=True)
class FileDamage:
    """One file of a release that is not as its manifest says; `sha256` is what it should have, if it should be."""

    release: str
    path: str
    kind: Literal["missing", "extra", "changed", "flaw"]
    found: str
    sha256: str | None = None

    @property
    def key(self) -> str:
        """Where the file stands, or should."""
        return f"{self.release}/{self.path}"

    @property
    def is_loss(self) -> bool:
        """Whether its bytes are gone."""
        return self.kind in ("missing", "changed")

    def __str__(self) -> str:
        """The path below the release, and what is wrong."""
        return f"{self.path}: {self.found}"


def find_damages(store: Store, release: str) -> list[str]:
    """Damages of the files of one release, in words; trusts its manifest."""
    data = store.read(f"{release}/{NAME}")
    if data is None:
        return [f"{NAME}: missing"]
    return [str(damage) for damage in check_files(store, {release: json.loads(data)})]


def check_files(store: Store, manifests: Mapping[str, Mapping[str, Any]]) -> list[FileDamage]:
    """Damages of the files of releases. A file that several of them share is read once.

    Args:
        store: where they stand.
        manifests: of each release, by its folder.
    """
    found = {release: store.files(release) for release in manifests}
    hashes = _hash_once(store, _files_to_hash(manifests, found))
    return [
        damage
        for release, manifest in manifests.items()
        for damage in _check_release(store, release, files_of(manifest), found[release], hashes)
    ]


def _files_to_hash(
    manifests: Mapping[str, Mapping[str, Any]], found: Mapping[str, Mapping[str, StoredFile]]
) -> Iterator[tuple[str, Hashable]]:
    """Key and identity of each file that has the size that it should have."""
    for release, manifest in manifests.items():
        for path, (n_bytes, _) in files_of(manifest).items():
            file = found[release].get(path)
            if file and file.n_bytes == n_bytes:
                yield f"{release}/{path}", file.identity


def _hash_once(store: Store, files: Iterable[tuple[str, Hashable]]) -> dict[Hashable, str]:
    """sha256 by identity; of a file that cannot be read, why."""
    keys: dict[Hashable, str] = {}
    for key, identity in files:
        keys.setdefault(identity, key)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        hashes = pool.map(lambda key: _hash(store, key), keys.values())
        return dict(zip(keys, hashes, strict=True))


def _hash(store: Store, key: str) -> str:
    try:
        return store.hash(key)
    except OSError as error:  # a disk that fails, a file that went meanwhile
        return f"nothing that can be read ({error.strerror or error})"


def _check_release(
    store: Store,
    release: str,
    expected: Mapping[str, tuple[int, str]],
    found: Mapping[str, StoredFile],
    hashes: Mapping[Hashable, str],
) -> Iterator[FileDamage]:
    for path in sorted(expected.keys() - found):
        yield FileDamage(release, path, "missing", "missing", expected[path][1])
    for path in sorted(found.keys() - expected - {NAME}):
        yield FileDamage(release, path, "extra", "not in the manifest")
    for path in sorted(found.keys() & expected):
        n_bytes, sha256 = expected[path]
        if told := _find_change(found[path], n_bytes, sha256, hashes):
            yield FileDamage(release, path, "changed", told, sha256)
        elif flaw := store.find_flaw(f"{release}/{path}"):
            yield FileDamage(release, path, "flaw", flaw, sha256)
    if flaw := store.find_flaw(f"{release}/{NAME}"):
        yield FileDamage(release, NAME, "flaw", flaw)


def _find_change(file: StoredFile, n_bytes: int, sha256: str, hashes: Mapping[Hashable, str]) -> str | None:
    if file.n_bytes != n_bytes:
        return f"expected {n_bytes} bytes, found {file.n_bytes}"
    found = hashes[file.identity]
    return None if found == sha256 else f"expected sha256 {sha256}, found {found}"
