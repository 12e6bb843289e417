"""The folder `curation` of the raw folder, and the files that people may put into it."""

from difflib import get_close_matches
from pathlib import Path

from paperlake.errors import CorrectionError

FOLDER = "curation"
CURATED_FILES = ("corrections.toml", "repository_aliases.csv", "judgements.csv", "retractions.csv")


def check_folder(raw: Path) -> None:
    """Nothing, when every file of the folder is one that is read; hidden files, backups and README are left alone.

    Args:
        raw: folder of dumps, which may hold `curation`.

    Raises:
        CorrectionError: it holds files of other names, whose entries would be passed over; all of them together.
    """
    folder = raw / FOLDER
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    faults = [_unknown(name) for name in names if name not in CURATED_FILES and not _is_left_alone(name)]
    if faults:
        raise CorrectionError(FOLDER, faults)


def _is_left_alone(name: str) -> bool:
    """Whether a file is nobody's entry: systems hide theirs, and editors end the names of backups in `~`."""
    return name.startswith((".", "README")) or name.endswith("~")


def _unknown(name: str) -> str:
    close = get_close_matches(name.lower(), CURATED_FILES, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return f"expected {', '.join(CURATED_FILES)}, found '{name}'. {hint}Rename it, or move it out of the folder."
