"""Everything a run can be told, read in this one place: arguments first, then `PAPERLAKE_*` variables."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where to read and write, and the limits on what is read."""

    model_config = SettingsConfigDict(env_prefix="PAPERLAKE_", frozen=True, extra="forbid")

    raw: Path = Field(default=Path("data/raw"), description="folder of dumps")
    store: Path = Field(default=Path("data/processed"), description="folder of releases")
    max_dump_bytes: int = Field(default=256 * 2**20, gt=0, description="a larger dump is rejected as 'too_large'")
    max_dump_lines: int = Field(
        default=5_000_000, gt=0, description="a dump of more lines is rejected as 'too_many_lines'"
    )
    max_line_chars: int = Field(default=100_000, gt=0, description="a longer line is rejected as 'line_too_long'")
    batch_bytes: int = Field(default=16 * 2**20, gt=0, description="dumps are read in batches of about so many bytes")
    accept: tuple[str, ...] = Field(default=(), description="gates that a person lets pass in this run")

    @property
    def work(self) -> Path:
        """Folder of work files: content-named, resumable, safe to delete when no run is on."""
        return self.store / ".work"
