"""paperlake: raw text captures of paper listing pages, as a clean, versioned Parquet dataset."""

from paperlake.release.reading import Release, open_release, versions

__all__ = ["Release", "open_release", "versions"]
