import errno
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from paperlake.frame_files import write_file

FRAME = pl.DataFrame({"sock": [f"{number} odd ones" for number in range(9_000)]})
FULL = Path("/dev/full")


@pytest.mark.parametrize("write", [FRAME.write_parquet, FRAME.write_ipc])
def test_a_full_disk_is_told_with_its_number_and_the_path(write):
    if not FULL.exists():
        pytest.skip("no device that is always full")
    with pytest.raises(OSError, match="No space left on device: '/dev/full'") as caught:
        write_file(FULL, write)
    assert caught.value.errno == errno.ENOSPC


def test_what_polars_cannot_write_where_there_is_room_python_can(tmp_path):
    def write(target):
        if target == tmp_path / "a":
            raise pl.exceptions.ComputeError("parquet: Invalid thrift: transport error")
        FRAME.write_parquet(target)

    write_file(tmp_path / "a", write)
    write_file(tmp_path / "b", partial(FRAME.write_parquet))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_is_wrong_with_a_frame_is_said_by_polars(tmp_path):
    def write(target):
        raise pl.exceptions.ComputeError("cannot write socks")

    with pytest.raises(pl.exceptions.ComputeError, match="cannot write socks"):
        write_file(tmp_path / "a", write)
