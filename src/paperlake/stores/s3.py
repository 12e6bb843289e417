"""A store in an S3-compatible bucket, through obstore: conditional writes, copies by the server.

Endpoint, region and credentials come from the usual environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
`AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP`), never from a URL, and stand in no message.
"""

import hashlib
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from paperlake.errors import SettingsError, StoreError, UnreachableError
from paperlake.stores.interface import Staging, StoredFile

if TYPE_CHECKING:
    from obstore.store import RetryConfig

try:
    import obstore
    from obstore import exceptions as failures
    from obstore.store import S3Store as Bucket
except ModuleNotFoundError as error:
    raise SettingsError("store", "s3://...", "the extra `s3`", "Install it: pip install 'paperlake[s3]'.") from error

_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?#@]*))?")
_PROBE = ".probe-"
_AT_ONCE = 8
"""Files sent together."""
_PART_BYTES = 16 * 2**20
"""Of a file that is sent, or read, in parts."""
_RETRIES: "RetryConfig" = {"max_retries": 6}
_REFUSED = (failures.PermissionDeniedError, failures.UnauthenticatedError)
_CREDENTIALS = "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and what they may do."
_REACH = "Check that the bucket exists and AWS_ENDPOINT_URL, and run again: nothing is left half done."

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class S3Store:
    """A prefix of a bucket."""

    bucket: Bucket = field(repr=False)
    location: str
    has_links = False

    @classmethod
    def at(cls, url: str) -> "S3Store":
        """The store at `s3://bucket/prefix`.

        Raises:
            SettingsError: that is no such URL.
        """
        match = _URL.fullmatch(url)
        if match is None:
            shown = re.sub(r"//[^/@]*@", "//***@", url)
            remedy = "Name the bucket and a prefix alone; credentials come from AWS_ACCESS_KEY_ID and its like."
            raise SettingsError("store", shown, "s3://bucket/prefix", remedy)
        prefix = (match["prefix"] or "").strip("/")
        bucket = Bucket(match["bucket"], prefix=prefix or None, retry_config=_RETRIES)
        return cls(bucket, f"s3://{match['bucket']}/{prefix}".rstrip("/"))

    def prepare(self) -> None:
        """A file created twice: the second time must fail."""
        probe = f"_log/{_PROBE}{uuid.uuid4().hex}"
        try:
            self.create(probe, b"")
            with suppress(FileExistsError):
                self.create(probe, b"")
                damage = "expected that creating a file twice fails (If-None-Match), found that it does not"
                remedy = "Two publishers would overwrite one another here. Use a store that keeps conditional writes."
                raise StoreError(self.location, [damage], remedy)
        finally:
            self.remove(probe)

    @contextmanager
    def turn(self, patience: float | None = None) -> Iterator[bool]:  # noqa: ARG002
        """Never: there are no locks between machines, and none is needed."""
        yield False

    def sweep(self) -> None:
        """Nothing to do: what is unfinished stands in a folder of its publisher's machine, or under `releases`."""

    def leftovers(self) -> dict[str, float]:
        """Probes that were not taken away."""
        found = self.files("_log")
        return {f"_log/{name}": file.written for name, file in found.items() if name.startswith(_PROBE)}

    def read(self, key: str) -> bytes | None:
        """Content of a file."""
        try:
            return bytes(self._asked(key, lambda: obstore.get(self.bucket, key).bytes()))
        except FileNotFoundError:
            return None

    def create(self, key: str, data: bytes) -> None:
        """One request with `If-None-Match: *`.

        Raises:
            FileExistsError: the key is taken.
        """
        try:
            self._asked(key, obstore.put, self.bucket, key, data, mode="create")
        except failures.AlreadyExistsError as error:
            raise FileExistsError(f"{self.location}/{key}") from error

    def replace(self, key: str, data: bytes) -> None:
        """One request, which is whole or not at all."""
        self._asked(key, obstore.put, self.bucket, key, data)

    def names(self, folder: str) -> list[str]:
        """Names below a prefix, to the next `/`."""
        listed = self._asked(folder, obstore.list_with_delimiter, self.bucket, folder)
        paths = [*listed["common_prefixes"], *(entry["path"] for entry in listed["objects"])]
        return sorted(path.rsplit("/", 1)[-1] for path in paths)

    def sizes(self, folder: str) -> dict[str, int]:
        """Sizes by listing."""
        return {path: file.n_bytes for path, file in self.files(folder).items()}

    def files(self, folder: str) -> dict[str, StoredFile]:
        """By listing; every key is a file of its own."""
        pages = self._asked(folder, lambda: list(obstore.list(self.bucket, folder)))
        found = {
            entry["path"].removeprefix(f"{folder}/"): StoredFile(
                int(entry["size"]), entry["path"], 1, entry["last_modified"].timestamp()
            )
            for page in pages
            for entry in page
        }
        return dict(sorted(found.items()))

    def restore(self, source: str, target: str) -> None:
        """A copy made by the server."""
        self.copy(source, target)

    def seal(self, key: str) -> None:
        """Nothing to do: a bucket has no modes."""

    def remove(self, folder: str) -> None:
        """File by file, the manifest first: what is half deleted is then no release."""
        keys = sorted((f"{folder}/{name}" for name in self.sizes(folder)), key=lambda key: not key.endswith(".json"))
        for key in keys or [folder]:
            with suppress(FileNotFoundError):
                self._asked(key, obstore.delete, self.bucket, key)

    def stage(self) -> Staging:
        """A folder of this machine."""
        return S3Staging(self, Path(tempfile.mkdtemp(prefix="paperlake-")))

    def hash(self, key: str) -> str:
        """By reading all of it, in parts."""

        def digest() -> str:
            sha256 = hashlib.sha256()
            for part in obstore.get(self.bucket, key).stream(min_chunk_size=_PART_BYTES):
                sha256.update(part)
            return sha256.hexdigest()

        return self._asked(key, digest)

    def find_flaw(self, key: str) -> str | None:  # noqa: ARG002
        """Nothing: a bucket has no modes."""
        return None

    def url(self, key: str) -> str:
        """Its URL."""
        return f"{self.location}/{key}"

    def read_link(self) -> str | None:
        """Nothing."""
        return None

    def replace_link(self, release: str) -> None:
        """Nothing to do."""

    def size(self, key: str) -> int | None:
        """Bytes of a file; None where there is none."""
        try:
            return int(self._asked(key, obstore.head, self.bucket, key)["size"])
        except FileNotFoundError:
            return None

    def copy(self, source: str, target: str) -> None:
        """A copy made by the server."""
        self._asked(source, obstore.copy, self.bucket, source, target)

    def send(self, path: Path, key: str) -> None:
        """A file of this machine."""
        self._asked(key, obstore.put, self.bucket, key, path, chunk_size=_PART_BYTES)

    def _asked(self, key: str, ask: Callable[_Given, _Made], *args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        """What the bucket answers; its own words about failures may hold credentials, and are kept back."""
        try:
            return ask(*args, **kwargs)
        except (failures.AlreadyExistsError, FileNotFoundError):
            raise
        except failures.BaseError as error:
            told = f"({type(error).__name__})"
            if isinstance(error, _REFUSED):
                damages = [f"{key}: expected that the server lets us, found that it refuses {told}"]
                raise StoreError(self.location, damages, _CREDENTIALS) from None
            damages = [f"{key}: expected an answer of the server, found none that can be used {told}"]
            raise UnreachableError(self.location, damages, _REACH) from None


@dataclass(frozen=True, slots=True)
class S3Staging:
    """A folder of this machine, and copies that the server will make."""

    store: S3Store
    folder: Path
    copies: dict[str, str] = field(default_factory=dict)

    def reuse(self, key: str, path: str, n_bytes: int, sha256: str) -> bool:  # noqa: ARG002
        """Whether the file is there with that size; a bucket checks its own bytes, and to read them costs the most."""
        if self.store.size(key) != n_bytes:
            return False
        self.copies[path] = key
        return True

    def move_in(self, release: str) -> None:
        """Copied and sent, the manifest last."""
        sent = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        last = sent.pop("manifest.json")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            copied = [pool.submit(self.store.copy, key, f"{release}/{path}") for path, key in self.copies.items()]
            done = [*copied, *(pool.submit(self.store.send, path, f"{release}/{name}") for name, path in sent.items())]
        for one in done:
            one.result()
        self.store.send(last, f"{release}/manifest.json")

    def discard(self) -> None:
        """The folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)
