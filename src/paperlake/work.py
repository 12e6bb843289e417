"""Work files: each named after what it was made from, so that a run which died goes on where it stopped."""

import fcntl
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

import filelock
import polars as pl

from paperlake.frame_files import write_file

_NO_RULES = (
    "__init__.py", "__main__.py", "auditing.py", "build_commands.py", "build_report.py", "cli.py", "commands.py",
    "console.py", "contract_check", "contract_commands.py", "curating.py", "curation_commands.py", "diff",
    "diff_commands.py", "doctor", "doctor_commands.py", "due.py", "errors.py", "explain", "explain_commands.py",
    "explore", "explore_commands.py", "file_hashes.py", "frame_files.py", "frames.py", "held_commands.py",
    "held_console.py", "inspect_commands.py", "inspection.py", "inspection_console.py", "intake.py", "ledger.py",
    "ledger_stages.py", "life_commands.py", "making.py", "match_stages.py", "near_misses.py", "overrulings.py",
    "pipeline.py", "planning", "progress.py", "rebuild", "release", "release_commands.py", "release_stages.py",
    "report", "serve_commands.py", "settings.py", "shown_text.py", "stage_log.py", "stages.py", "steps.py", "stores",
    "table_stages.py", "validate.py", "work.py",
)  # fmt: skip
"""Rooms that decide no value. Every other is one of rules: one too many costs work, one too few leaves old values."""
_RULES = (".py", ".csv", ".toml")
_LOCK = ".lock"


@cache
def rules_version() -> str:
    """12 hex of the sha256 of every module and table that decides a value: other rules, other work files."""
    root = Path(str(files("paperlake")))
    sources = sorted(path for path in root.rglob("*") if path.suffix in _RULES and not _is_no_rule(path, root))
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def work_name(stage: str, *made_from: object) -> str:
    """Name of a work file: the stage, and a hash of the rules and of what it is made from."""
    text = json.dumps([rules_version(), *made_from], default=str, sort_keys=True)
    return f"{stage}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


@contextmanager
def take_turn(work: Path) -> Iterator[None]:
    """Alone in a work folder, which is made where it is missing; whoever comes meanwhile waits."""
    work.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(work / _LOCK):
        yield


@contextmanager
def share_turn(work: Path) -> Iterator[None]:
    """Nobody writes into a work folder meanwhile; several may read it so, and nothing at all is written."""
    lock = work / _LOCK
    if not lock.is_file():  # nobody ever wrote into it
        yield
        return
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def make_once(path: Path, make: Callable[[], dict[str, pl.DataFrame]]) -> Path:
    """The folder `path` with one Parquet file a frame: as found, or made, whole or not at all.

    Raises:
        OSError: a file cannot be written, say on a full disk; nothing of it is left.
    """
    return make_folder_once(path, lambda draft: write_frames(draft, make()))


def make_folder_once(path: Path, fill: Callable[[Path], None]) -> Path:
    """The folder `path`: as found, or filled, whole or not at all, however many try at once.

    Raises:
        OSError: a file cannot be written, say on a full disk; nothing of it is left.
    """
    if path.is_dir():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        draft.mkdir()
        fill(draft)
        draft.rename(path)
    except OSError:
        if not path.is_dir():  # nobody else made it meanwhile: a real failure
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return path


def write_frames(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Nothing; a Parquet file a frame stands in the folder.

    Raises:
        OSError: one cannot be written.
    """
    for name, frame in frames.items():
        write_file(folder / f"{name}.parquet", partial(frame.write_parquet, compression="lz4"))


def read_work(folder: Path, name: str, columns: list[str] | None = None) -> pl.DataFrame:
    """One frame of a work folder, or some columns of it."""
    return pl.read_parquet(folder / f"{name}.parquet", columns=columns, glob=False)


def _is_no_rule(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] in _NO_RULES
