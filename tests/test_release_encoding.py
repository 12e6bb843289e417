import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.release.encoding import PART_SIZES, arrow_schema, arrow_type, encode_part, split_rows, to_arrow
from paperlake.schemas import TABLES
from tests.release_frames import frame_of


@given(st.integers(0, 400_000), st.integers(0, 100_000))
def test_closed_parts_stay_closed_as_a_table_grows(n_rows, n_more):
    before, after = split_rows(n_rows), split_rows(n_rows + n_more)
    assert sum(size for _, size in before) == n_rows
    assert [start for start, _ in before] == [sum(size for _, size in before[:i]) for i in range(len(before))]
    large = [part for part in before if part[1] == PART_SIZES[0]]
    assert after[: len(large)] == large
    if n_rows // PART_SIZES[0] == (n_rows + n_more) // PART_SIZES[0]:
        closed = [part for part in before if part[1] in PART_SIZES]
        assert after[: len(closed)] == closed


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
