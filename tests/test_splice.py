"""Tables spliced out of old parts and new rows: what stays is the same file, and no row is lost or moved."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.errors import ContractError
from paperlake.release.draft import copy_draft, cut_frame, draft_of, read_draft, read_frames, scan, write_draft
from paperlake.release.fingerprint import fingerprint_rows
from paperlake.release.reading import open_release
from paperlake.release.splice import keep_same, parts_of, read_rows, splice
from paperlake.validate import check_parts
from tests.release_frames import frame_of, publish_tables, tables_of

N_OLD = 27


@pytest.fixture(scope="module")
def small_parts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paperlake.release.encoding.PART_SIZES", (8, 4))
        yield


@pytest.fixture(scope="module")
def release(small_parts, tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    publish_tables(store, tables_of(N_OLD))
    return open_release(store)


def test_parts_of_a_release_are_its_files(release):
    parts = parts_of(release, "papers")
    assert [part.n_rows for part in parts] == [8, 8, 8, 3]
    assert pl.concat([part.read() for part in parts]).equals(release.read("papers"))
    assert [fingerprint_rows(part.read()) for part in parts] == [part.fingerprint for part in parts]


def test_rows_are_read_by_their_numbers(release):
    rows = read_rows(release, "papers", pl.Series([25, 3, 9]), ["paper_id", "title"])
    assert rows.equals(release.read("papers")[[3, 9, 25]].select("paper_id", "title"))
    assert read_rows(release, "papers", pl.Series([], dtype=pl.UInt32)).equals(release.read("papers").clear())


@given(st.lists(st.one_of(st.none(), st.integers(0, N_OLD - 1)), max_size=40))
def test_any_rows_in_any_order(release, sources):
    old, new = release.read("papers"), frame_of("papers", 40, seed=1)
    n_new = sources.count(None)
    numbers = pl.Series(sources, dtype=pl.Int64)
    made = list(splice("papers", parts_of(release, "papers"), numbers, new.head(n_new)))
    fresh = iter(range(40))
    expected = [new[next(fresh)] if source is None else old[source] for source in sources]
    rows = pl.concat([part.read() for part in made])
    assert rows.equals(pl.concat([old.clear(), *expected]))
    assert [part.n_rows for part in made] == [part.n_rows for part in cut_frame("papers", rows)]


def test_what_stays_as_it_is_is_the_same_file(release):
    old = parts_of(release, "papers")
    numbers = pl.Series([*range(9), None, *range(10, N_OLD), None], dtype=pl.Int64)
    made = list(splice("papers", old, numbers, frame_of("papers", 2, seed=1)))
    assert [part in old for part in made] == [True, False, True, False]


def test_a_table_that_comes_out_the_same_is_the_same_files(release):
    old = parts_of(release, "links")
    assert keep_same(old, cut_frame("links", release.read("links"))) == old
    other = pl.concat([release.read("links").head(-1), frame_of("links", 1, seed=1)])
    assert [part in old for part in keep_same(old, cut_frame("links", other))] == [True, True, True, False]


def test_a_draft_is_read_as_it_was_written(release, tmp_path):
    frames = tables_of(N_OLD, seed=1)
    draft = draft_of(frames) | {"papers": parts_of(release, "papers")}
    write_draft(tmp_path / "work", draft)
    copy_draft(read_draft(tmp_path / "work"), tmp_path / "copy")
    for folder in ("work", "copy"):
        read = read_frames(read_draft(tmp_path / folder))
        assert all(read[name].equals(frame) for name, frame in frames.items() if name != "papers")
        assert read["papers"].equals(release.read("papers"))
    assert [part.fingerprint for part in read_draft(tmp_path / "work")["papers"]] == [
        part.fingerprint for part in parts_of(release, "papers")
    ]
    assert all(part.file.startswith(str(tmp_path)) for part in read_draft(tmp_path / "copy")["papers"])


def test_rows_in_memory_and_in_files_are_scanned_in_order(release):
    old, new = parts_of(release, "papers"), frame_of("papers", 9, seed=1)
    both = scan([*old[:1], *cut_frame("papers", new), *old[1:]]).collect()
    assert both.equals(pl.concat([old[0].read(), new, *(part.read() for part in old[1:])]))


GOOD = pl.DataFrame({"paper_id": [f"pl-{n:012}" for n in range(9)]})
METRICS = GOOD.with_columns(
    upvotes=pl.lit(1, pl.Int32), comments=pl.lit(1, pl.Int32), github_stars=pl.lit(1, pl.Int32),
    first_seen_on=pl.lit(None, pl.Date), last_seen_on=pl.lit(None, pl.Date),
    n_appearances=pl.lit(1, pl.Int32), n_dumps=pl.lit(1, pl.Int32),
)  # fmt: skip


def cut_in_three(frame: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    return [(first, frame.slice(first, 3)) for first in (0, 3, 6)]


def test_a_table_is_checked_part_by_part():
    check_parts(cut_in_three(METRICS), METRICS.lazy(), "metrics")
    row = pl.int_range(pl.len())
    bad = METRICS.with_columns(upvotes=pl.when(row.is_in([2, 7])).then(-1).otherwise("upvotes").cast(pl.Int32))
    with pytest.raises(ContractError) as caught:
        check_parts(cut_in_three(bad), bad.lazy(), "metrics")
    assert caught.value.n_failures == 2
    assert [failure.rpartition("(")[2] for failure in caught.value.failures] == ["row 2)", "row 7)"]
    check_parts(cut_in_three(bad)[1:2], METRICS.lazy(), "metrics")


def test_a_key_stands_once_in_all_parts():
    again = pl.concat([METRICS.head(8), METRICS.head(1)])
    with pytest.raises(ContractError) as caught:
        check_parts(cut_in_three(again)[2:], again.lazy(), "metrics")
    assert caught.value.failures == (
        "column 'paper_id' expected each value once, found ['pl-000000000000'] again (row 8)",
    )
