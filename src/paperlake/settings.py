"""Everything a run can be told, read in this one place: arguments first, then `PAPERLAKE_*` variables."""

import hashlib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from paperlake.errors import SettingsError
from paperlake.stores import is_remote

_REMOTE_WORK = Path(".paperlake")


def _as_location(store: str | Path) -> str | Path:
    """A URL as it is written, since a path would fold its slashes; all else as a path."""
    return str(store).rstrip("/") if is_remote(store) else Path(store)


class Settings(BaseSettings):
    """Where to read and write, and the limits on what is read."""

    model_config = SettingsConfigDict(env_prefix="PAPERLAKE_", frozen=True, extra="forbid")

    raw: Path = Field(default=Path("data/raw"), description="folder of dumps")
    store: Annotated[Path | str, BeforeValidator(_as_location)] = Field(
        default=Path("data/processed"), description="folder of releases, or s3://bucket/prefix"
    )
    work_folder: Path | None = Field(
        default=None, description="folder of work files; `.work` of the store, or of a bucket's one below .paperlake"
    )
    max_dump_bytes: int = Field(default=256 * 2**20, gt=0, description="a larger dump is rejected as 'too_large'")
    max_unpacked_bytes: int = Field(
        default=512 * 2**20, gt=0, description="a compressed dump that holds more is rejected as 'too_large'"
    )
    max_dump_lines: int = Field(
        default=5_000_000, gt=0, description="a dump of more lines is rejected as 'too_many_lines'"
    )
    # HTML pages and JSON answers stand on one line of some 500,000 characters.
    max_line_chars: int = Field(
        default=16 * 2**20, gt=0, description="a dump with a longer line is rejected as 'line_too_long'"
    )
    max_value_chars: int = Field(
        default=20_000, gt=0, description="a paper with a longer title or abstract is rejected as 'value_too_long'"
    )
    batch_bytes: int = Field(default=16 * 2**20, gt=0, description="dumps are read in batches of about so many bytes")
    match_rows: int = Field(default=250_000, gt=0, description="new records are matched in parts of about so many")
    # A half-written dump would stay in all later releases; two seconds bridge the pauses of a copy on this machine.
    settle_seconds: float = Field(
        default=2.0, ge=0, le=3600, description="a new file that was changed just now has to hold still for so long"
    )

    @classmethod
    def given(cls, raw: Path | None = None, store: str | Path | None = None) -> Self:
        """Settings with the arguments that were given; what was not comes from the environment or the default.

        Raises:
            SettingsError: a value that cannot be used.
        """
        folders: dict[str, Any] = {
            name: folder for name, folder in (("raw", raw), ("store", store)) if folder is not None
        }
        try:
            settings = cls(**folders)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            remedy = f"Set it as an argument or as PAPERLAKE_{name.upper()}."
            raise SettingsError(name, first["input"], first["msg"], remedy) from error
        return settings.check_folders()

    def check_folders(self) -> Self:
        """These settings.

        Raises:
            SettingsError: the store is a file, or stands inside the raw folder and would be read as dumps.
        """
        if isinstance(self.store, str):
            return self
        if self.store.exists() and not self.store.is_dir():
            raise SettingsError("store", str(self.store), "a folder", "Name a folder with --store.")
        if self.store.resolve().is_relative_to(self.raw.resolve()):
            raise SettingsError("store", str(self.store), "a folder outside of raw", "Name another with --store.")
        return self

    def absolute(self) -> Self:
        """These settings with folders that mean the same to every process, whatever folder it runs in."""
        folders = {"raw": self.raw.absolute(), "work_folder": self.work.absolute()}
        store = self.store if isinstance(self.store, str) else self.store.absolute()
        return self.model_copy(update={**folders, "store": store})

    @property
    def limits(self) -> dict[str, int]:
        """The limits on what is read: with others, a dump that was set aside is tried again."""
        return {name: getattr(self, name) for name in type(self).model_fields if name.startswith("max_")}

    @property
    def work(self) -> Path:
        """Folder of work files on this machine: content-named, resumable, safe to delete when no run is on."""
        if self.work_folder is not None:
            return self.work_folder
        if isinstance(self.store, str):
            return _REMOTE_WORK / hashlib.sha256(self.store.encode()).hexdigest()[:12]
        return self.store / ".work"
