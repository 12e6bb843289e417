"""A work folder to plan in: it begins with what the real one holds, which stays untouched."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paperlake.release.held_folder import held_folder
from paperlake.work import share_turn


@contextmanager
def work_apart(work: Path) -> Iterator[Path]:
    """A folder for work that is gone in the end; every file of `work` is found there under its name.

    Its folders are its own, its files are symlinks: what is done already is read where it lies, new files stand beside
    them, and what is replaced or removed is a link. A build that has the work folder is waited for, and waits for us.

    Args:
        work: a work folder, which need not be there.
    """
    with share_turn(work), tempfile.TemporaryDirectory(prefix="paperlake-plan-") as folder:
        apart = Path(folder) / "work"
        apart.mkdir()
        if work.is_dir():
            _mirror(work.resolve(), apart)
        yield apart


def _mirror(work: Path, apart: Path) -> None:
    """Nothing; drafts and locks, whose names are hidden, and held candidates are left out."""
    for path in work.iterdir():
        if path.name.startswith(".") or path == held_folder(work):
            continue
        if path.is_dir():
            (apart / path.name).mkdir()
            _mirror(path, apart / path.name)
        else:
            (apart / path.name).symlink_to(path)
