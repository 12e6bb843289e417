import datetime as dt
import hashlib
import struct

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.release import encoding, fingerprint
from paperlake.release.draft import draft_of
from paperlake.release.fingerprint import fingerprint_content, fingerprint_values, type_name
from paperlake.release.manifest import canonical_json
from paperlake.release.staging import plan_release
from paperlake.schemas import TABLES
from tests.release_frames import frame_of, tables_of

TEXT = st.none() | st.text(alphabet="ab é🦔", max_size=20)
ROWS = st.lists(
    st.tuples(TEXT, st.none() | st.lists(TEXT, max_size=3), st.none() | st.integers(-9, 9), st.none() | st.booleans())
)


def arrow(rows, text=pa.string(), lists=pa.list_(pa.string())) -> pa.Table:  # noqa: B008
    columns = list(zip(*rows, strict=True)) or [[], [], [], []]
    types = (text, lists, pa.int32(), pa.bool_())
    return pa.table(
        {name: pa.array(list(values), kind) for name, values, kind in zip("tlib", columns, types, strict=True)}
    )


@given(ROWS, st.integers(0, 5), st.integers(1, 4))
def test_chunks_slices_and_layouts_make_no_difference(rows, before, size):
    plain = arrow(rows)
    expected = fingerprint_values(plain)
    assert fingerprint_values(arrow(rows, pa.large_string(), pa.large_list(pa.large_string()))) == expected
    assert fingerprint_values(arrow(rows, pa.string_view(), pa.list_(pa.string_view()))) == expected
    padded = arrow([("x", ["y", None], 1, True)] * before + rows + [(None, None, None, None)])
    assert fingerprint_values(padded.slice(before, len(rows))) == expected
    pieces = [plain.slice(start, size) for start in range(0, len(rows), size)]
    assert fingerprint_values(pa.concat_tables([plain.slice(0, 0), *pieces])) == expected


def plain_fingerprint(table: pa.Table) -> str:
    """What a fingerprint is, value by value: the sha256 of the heads and values of all columns."""
    told = b""
    for name in table.column_names:
        dtype, values = type_name(table.schema.field(name).type), table.column(name).to_pylist()
        told += canonical_json({"column": name, "type": dtype, "n_rows": table.num_rows}) + plain_values(dtype, values)
    return hashlib.sha256(told).hexdigest()


def plain_values(dtype: str, values: list) -> bytes:
    told = bytes(value is not None for value in values)
    if dtype.startswith("list"):
        told += b"".join(struct.pack("<q", len(value or [])) for value in values)
        return told + plain_values("string", [text for value in values for text in value or []])
    if dtype == "string":
        texts = [(value or "").encode() for value in values]
        return told + b"".join(struct.pack("<q", len(text)) for text in texts) + b"".join(texts)
    if dtype == "date32[day]":
        values = [None if value is None else (value - dt.date(1970, 1, 1)).days for value in values]
    form = {"bool": "<B", "int32": "<i", "date32[day]": "<i", "int64": "<q", "float": "<f"}[dtype]
    return told + b"".join(struct.pack(form, value or 0) for value in values)


@given(ROWS, st.integers(1, 40), st.sampled_from([1, 8, 1 << 20]))
def test_a_fingerprint_is_the_hash_of_its_values_in_plain_order(rows, times, run_bytes):
    """A store whose fingerprints came out otherwise would be published once more, and share no file."""
    table = arrow([(text and text * times, *others) for text, *others in rows], pa.string_view())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprint, "_RUN_BYTES", run_bytes)
        assert fingerprint_values(table) == plain_fingerprint(table)


def test_plans_tell_the_hashes_of_the_values_that_files_hold(monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (16, 4))
    frames = {name: pl.concat([frame[:7], frame[7:]], rechunk=False) for name, frame in tables_of(27).items()}
    for name, parts in plan_release(draft_of(frames)).parts.items():
        schema = encoding.arrow_schema(TABLES[name])
        for part in parts:
            rows = encoding.to_arrow(part.draft.read(), schema)
            assert part.fingerprint == plain_fingerprint(rows) == fingerprint_values(rows)


@given(ROWS, ROWS)
def test_two_tables_have_one_fingerprint_only_when_equal(one, two):
    assert (fingerprint_values(arrow(one)) == fingerprint_values(arrow(two))) == (one == two)


def test_what_lies_under_a_null_makes_no_difference():
    clean = pa.array(["ab", None, "c"])
    dirty = pa.StringArray.from_buffers(
        3, pa.py_buffer(b"\0\0\0\0\2\0\0\0\5\0\0\0\6\0\0\0"), pa.py_buffer(b"abJUNc"), pa.py_buffer(b"\5")
    )
    assert dirty.to_pylist() == clean.to_pylist()
    assert fingerprint_values(pa.table({"a": dirty})) == fingerprint_values(pa.table({"a": clean}))
    numbers = pa.Array.from_buffers(pa.int32(), 2, [pa.py_buffer(b"\1"), pa.py_buffer(b"\7\0\0\0\x63\0\0\0")])
    assert fingerprint_values(pa.table({"a": numbers})) == fingerprint_values(
        pa.table({"a": pa.array([7, None], pa.int32())})
    )


def test_rechunked_polars_frames_are_equal():
    whole = frame_of("papers", 12)
    pieces = pl.concat([whole[:5], whole[5:7], whole[7:]], rechunk=False)
    assert pieces.n_chunks() > 1
    levels, frames = (pl.CompatLevel.oldest(), pl.CompatLevel.newest()), (whole, pieces, pieces.rechunk())
    tables = [frame.to_arrow(compat_level=level) for frame in frames for level in levels]
    assert len({fingerprint_values(table) for table in tables}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (pa.array(["a", None]), pa.array(["a", ""])),
        (pa.array(["a", "b"]), pa.array(["b", "a"])),
        (pa.array(["ab", "c"]), pa.array(["a", "bc"])),
        (pa.array([["a"], ["b"]]), pa.array([["a", "b"], []])),
        (pa.array([["a"], None]), pa.array([["a"], []])),
        (pa.array([[None]], pa.list_(pa.string())), pa.array([[""]])),
        (pa.array([0], pa.int32()), pa.array([None], pa.int32())),
        (pa.array([1], pa.int32()), pa.array([1], pa.int64())),
        (pa.array([0], pa.int32()), pa.array([0], pa.date32())),
        (pa.array([False]), pa.array([None], pa.bool_())),
        (pa.array([None], pa.string()), pa.array([None], pa.list_(pa.string()))),
    ],
)
def test_different_values_differ(one, two):
    assert fingerprint_values(pa.table({"a": one})) != fingerprint_values(pa.table({"a": two}))


def test_names_order_and_borders_of_columns_count():
    a, b = pa.array(["x"]), pa.array(["y"])
    tables = [
        pa.table({"a": a, "b": b}),
        pa.table({"b": b, "a": a}),
        pa.table({"a": b, "b": a}),
        pa.table({"a": a, "c": b}),
    ]
    assert len({fingerprint_values(table) for table in tables}) == 4


def test_the_recorded_fingerprint_still_holds():
    # Stored in every manifest: a change here makes every store publish everything once more.
    table = arrow([("a", ["é", None], 1, True), (None, None, None, None), ("", [], -1, False)])
    assert fingerprint_values(table) == RECORDED


RECORDED = "77ca5b9949488ec146d3239b2abd9dd491a0e8f300e666f51a8cc45e431b5330"


def test_content_counts_version_tables_and_parts():
    ways = [
        ("1", {"papers": [("a", 1)], "links": [("b", 1)]}),
        ("2", {"papers": [("a", 1)], "links": [("b", 1)]}),
        ("1", {"links": [("b", 1)], "papers": [("a", 1)]}),
        ("1", {"papers": [("a", 1), ("b", 1)], "links": []}),
        ("1", {"papers": [("a", 2)], "links": [("b", 1)]}),
    ]
    assert len({fingerprint_content(*way) for way in ways}) == len(ways)


def test_type_names():
    assert type_name(pa.list_(pa.large_string())) == "list<string>"
    assert [type_name(kind) for kind in (pa.int32(), pa.date32(), pa.float32())] == ["int32", "date32[day]", "float"]
