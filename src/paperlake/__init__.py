"""paperlake: raw text captures of paper listing pages, as a clean, versioned Parquet dataset."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paperlake.release.reading import Release, open_release, versions

__all__ = ["Release", "open_release", "versions"]


def __getattr__(name: str) -> Any:
    """What is exported, imported when it is asked for: Polars alone takes 0.2 s, which `paperlake --help` saves."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from paperlake.release import reading

    return getattr(reading, name)
