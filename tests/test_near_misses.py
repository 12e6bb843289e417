"""The table of near misses: the old one or the new one, whole, and nothing beside it."""

import errno

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from paperlake import near_misses
from paperlake.near_misses import read_near_misses, write_near_misses

OLD, NEW = (pl.DataFrame({"sock": [name]}) for name in ("left", "right"))


def names(work):
    return [path.name for path in work.iterdir()]


def test_a_draft_of_a_killed_run_is_written_over(tmp_path, monkeypatch):
    def dies(draft, write):
        draft.write_bytes(b"PAR1")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(near_misses, "write_file", dies)
        patched.setattr(near_misses.Path, "unlink", lambda *_, **__: None)  # a run that is killed clears nothing away
        with pytest.raises(KeyboardInterrupt):
            write_near_misses(tmp_path, OLD)
    assert len(names(tmp_path)) == 1
    write_near_misses(tmp_path, NEW)
    assert len(names(tmp_path)) == 1
    assert_frame_equal(read_near_misses(tmp_path), NEW)


def test_a_full_disk_leaves_the_old_table_alone(tmp_path, monkeypatch):
    def refuse(draft, write):
        draft.write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device", str(draft))

    write_near_misses(tmp_path, OLD)
    monkeypatch.setattr(near_misses, "write_file", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_near_misses(tmp_path, NEW)
    assert len(names(tmp_path)) == 1
    assert_frame_equal(read_near_misses(tmp_path), OLD)
