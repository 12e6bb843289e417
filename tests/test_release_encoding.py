import time
from itertools import pairwise

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.release.encoding import (
    PART_SIZES,
    arrow_schema,
    arrow_type,
    compression_level,
    encode_part,
    part_sizes,
    split_rows,
    to_arrow,
)
from paperlake.schemas import TABLES
from tests.release_frames import frame_of


@given(st.sampled_from(sorted(TABLES)), st.integers(0, 200_000), st.integers(0, 50_000))
def test_closed_parts_stay_closed_as_a_table_grows(name, n_rows, n_more):
    sizes = part_sizes(name)
    before, after = split_rows(n_rows, sizes), split_rows(n_rows + n_more, sizes)
    assert sum(size for _, size in before) == n_rows
    assert [start for start, _ in before] == [sum(size for _, size in before[:i]) for i in range(len(before))]
    for i in range(len(sizes)):
        if i == 0 or n_rows // sizes[i - 1] == (n_rows + n_more) // sizes[i - 1]:
            closed = [part for part in before if part[1] in sizes[: i + 1]]
            assert after[: len(closed)] == closed


@given(st.integers(0, 200_000))
def test_few_rows_lie_in_parts_that_are_not_large(n_rows):
    parts = [size for _, size in split_rows(n_rows, PART_SIZES)]
    assert all(size % below == 0 for size, below in pairwise(PART_SIZES))
    for size, below in pairwise(PART_SIZES):
        assert parts.count(below) < size // below
    assert sum(size not in PART_SIZES for size in parts) <= 1


def test_only_parts_that_stay_are_cut_small_and_pressed_hard():
    short_lived = {"metrics", "links", "repositories", "changes"}
    for name in TABLES:
        assert part_sizes(name) == (PART_SIZES[:1] if name in short_lived else PART_SIZES)
        levels = [compression_level(name, n_rows) for n_rows in (*PART_SIZES, 7)]
        assert levels == ([6, 3, 3, 3] if name == "appearances" else [3, 3, 3, 3])


def test_the_level_tells_in_the_bytes():
    part = to_arrow(frame_of("papers", 300), arrow_schema(TABLES["papers"]))
    assert encode_part(part) == encode_part(part, 6) != encode_part(part, 3)


def test_a_slice_costs_what_it_holds():
    """Lists of a slice lie among those of the whole frame, which must not be converted with them."""
    schema = arrow_schema(TABLES["papers"])
    few = frame_of("papers", 64)
    many = pl.concat([few] * 8_192, rechunk=True)

    def seconds(frame):
        started = time.process_time()
        for _ in range(5):
            to_arrow(frame.slice(32, 8), schema)
        return time.process_time() - started

    assert to_arrow(many.slice(32, 8), schema) == to_arrow(few.slice(32, 8), schema)
    assert min(seconds(many) for _ in range(5)) < 5 * min(seconds(few) for _ in range(5))


@pytest.mark.parametrize("name", TABLES)
def test_parts_carry_the_contract(name, tmp_path):
    path = tmp_path / "part.parquet"
    path.write_bytes(encode_part(to_arrow(frame_of(name, 3), arrow_schema(TABLES[name]))))
    schema = pq.read_schema(path)
    assert schema.names == list(TABLES[name].polars_schema)
    assert {field.name: field.metadata[b"description"].decode() for field in schema} == TABLES[name].descriptions
    assert {str(field.type).replace("element", "item") for field in schema} <= {
        "string", "int32", "int64", "float", "date32[day]", "bool", "list<item: string>"
    }  # fmt: skip
    metadata = pq.read_metadata(path)
    assert set(metadata.metadata) == {b"ARROW:schema"}
    column = metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index
    assert pl.read_parquet(path).equals(frame_of(name, 3))


def test_chunks_do_not_change_the_bytes():
    whole = frame_of("papers", 40)
    pieces = pl.concat([whole[:7], whole[7:8], whole[8:]], rechunk=False)
    longer = pl.concat([frame_of("papers", 3, seed=1), whole]).slice(3)
    schema = arrow_schema(TABLES["papers"])
    assert len({encode_part(to_arrow(frame, schema)) for frame in (whole, pieces, longer)}) == 1


def test_a_type_outside_the_contract_is_refused():
    with pytest.raises(TypeError, match="Duration"):
        arrow_type(pl.Duration("us"))
