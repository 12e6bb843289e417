"""The index beside a store: only what is new is matched, whatever became of the folder, and the result is the same."""

import errno
import json
import shutil
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake import match_files, match_index
from paperlake.identity.decisions import EVIDENCE
from paperlake.identity.matching import weigh
from paperlake.identity.pairs import find_pairs_within
from paperlake.match_files import STATE, WAITING, read_index
from paperlake.match_index import enter_rows, gather, waiting_index
from tests.identity_records import evidence_of, noisy_facts

FACTS = noisy_facts(600, 5)


@pytest.fixture
def matched(monkeypatch):
    """How many rows entered in each call of `enter`."""
    counts = []
    enter = match_index.enter

    def count(known, facts):
        counts.append(facts.height)
        return enter(known, facts)

    monkeypatch.setattr(match_index, "enter", count)
    return counts


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "work" / "matching-1"


def find_evidence(folder):
    """EVIDENCE of the rows that wait, all at once; none where none waits."""
    index = waiting_index(folder)
    if index is None or index.n_weighed == len(index.segments):
        return []
    known, n_old = index.known, index.n_weighed
    first = sum(one.facts.height for one in index.segments[:n_old])
    return [weigh(find_pairs_within((0, 2**64 - 1), known.keys[n_old:], known.keys[:n_old], first), known)]


def match_all(folder, facts):
    enter_rows(folder, facts)
    return gather(folder, find_evidence(folder)).evidence


def files_of(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def is_fresh(evidence, facts=FACTS):
    return evidence.equals(evidence_of(facts))


def test_the_first_call_matches_all_and_makes_the_folder(folder, matched):
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [600]
    assert (folder / STATE).exists()


def test_a_second_call_matches_nothing_and_touches_nothing(folder, matched):
    match_all(folder, FACTS)
    before = files_of(folder)
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [600]
    assert files_of(folder) == before


def test_only_new_rows_are_matched(folder, matched):
    for end in (500, 570, 600):
        assert is_fresh(match_all(folder, FACTS[:end]), FACTS[:end])
    assert matched == [500, 70, 30]


@settings(max_examples=15)
@given(st.lists(st.integers(0, 600), max_size=8))
def test_any_steps_give_what_one_gives(tmp_path_factory, ends):
    folder = tmp_path_factory.mktemp("any") / "index"
    for end in sorted(ends):
        match_all(folder, FACTS[:end])
    assert is_fresh(match_all(folder, FACTS))


def changed(facts, row):
    is_row = pl.int_range(pl.len()) == row
    return facts.with_columns(arxiv_id=pl.when(is_row).then(pl.lit("2601.90001")).otherwise("arxiv_id"))


@pytest.mark.parametrize("row", [0, 499])
def test_a_changed_row_starts_anew(folder, matched, row):
    match_all(folder, FACTS[:500])
    facts = changed(FACTS, row)
    assert is_fresh(match_all(folder, facts), facts)
    assert matched == [500, 600]
    assert is_fresh(match_all(folder, facts), facts)
    assert matched == [500, 600]


def test_a_change_after_what_is_known_is_only_new(folder, matched):
    match_all(folder, FACTS[:500])
    facts = changed(FACTS, 500)
    assert is_fresh(match_all(folder, facts), facts)
    assert matched == [500, 100]


@pytest.mark.parametrize(
    "facts", [FACTS[:300], FACTS[100:], pl.concat([FACTS[1:], FACTS[:1]])], ids=["fewer", "first gone", "order"]
)
def test_rows_that_are_gone_or_moved_start_anew(folder, matched, facts):
    match_all(folder, FACTS)
    assert is_fresh(match_all(folder, facts), facts)
    assert matched == [600, facts.height]
    assert is_fresh(match_all(folder, FACTS))


def test_a_build_without_records(folder, matched):
    assert match_all(folder, FACTS.clear()).schema == EVIDENCE
    assert match_all(folder, FACTS.clear()).is_empty()
    assert is_fresh(match_all(folder, FACTS))
    assert match_all(folder, FACTS.clear()).is_empty()


def test_the_folder_is_safe_to_delete(folder, matched):
    match_all(folder, FACTS)
    shutil.rmtree(folder)
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [600, 600]


def test_without_its_state_all_is_matched_anew_and_what_is_left_goes(folder, matched):
    match_all(folder, FACTS[:500])
    left = files_of(folder)
    (folder / STATE).unlink()
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [500, 600]
    assert files_of(folder) & left <= {STATE}


def test_files_of_a_crash_count_for_nothing_and_go(folder, matched):
    match_all(folder, FACTS[:500])
    orphan = folder / "0123abcd"
    orphan.mkdir()
    (orphan / "facts.arrow").write_bytes(b"half a fi")
    (folder / "4567.arrow").write_bytes(b"")
    (folder / ".4567.json").write_text('{"segm', encoding="utf-8")
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [500, 100]
    assert not orphan.exists()
    assert not (folder / "4567.arrow").exists()
    assert not (folder / ".4567.json").exists()


@pytest.mark.parametrize("n_written", range(7))
def test_a_crash_between_two_files_leaves_a_folder_that_works(folder, matched, monkeypatch, n_written):
    match_all(folder, FACTS[:400])
    state = (folder / STATE).read_text(encoding="utf-8")
    write, done = pl.DataFrame.write_ipc, []

    def crash(frame, path, **options):
        if len(done) == n_written:
            raise OSError(28, "No space left on device")
        done.append(path)
        write(frame, path, **options)

    monkeypatch.setattr(pl.DataFrame, "write_ipc", crash)
    if n_written < 5:
        with pytest.raises(OSError, match="No space left"):
            match_all(folder, FACTS)
        assert (folder / STATE).read_text(encoding="utf-8") == state
        assert (folder / WAITING).exists() == (n_written == 4)
        assert matched == [400, 200]
    else:
        match_all(folder, FACTS)
    monkeypatch.setattr(pl.DataFrame, "write_ipc", write)
    assert is_fresh(match_all(folder, FACTS))
    assert matched == ([400, 200, 200] if n_written < 4 else [400, 200])
    assert len(list(folder.iterdir())) == len(json.loads((folder / STATE).read_text())["segments"]) + 2


def one_of(folder, kind, name=STATE):
    state = json.loads((folder / name).read_text(encoding="utf-8"))
    return (
        folder / f"{state['vocabulary']}.arrow" if kind == "words" else folder / state["segments"][0] / f"{kind}.arrow"
    )


@pytest.mark.parametrize("kind", ["facts", "keys", "sketches", "evidence", "words"])
def test_a_file_that_is_gone_is_matched_anew(folder, matched, kind):
    match_all(folder, FACTS[:500])
    one_of(folder, kind).unlink()
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [500, 600]


@pytest.mark.parametrize("kind", ["facts", "keys", "sketches", "evidence", "words"])
def test_a_file_that_is_damaged_is_matched_anew(folder, matched, kind):
    match_all(folder, FACTS[:500])
    path = one_of(folder, kind)
    path.write_bytes(path.read_bytes()[:100])
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [500, 600]


@pytest.mark.parametrize("text", [b"", b'{"segments": ["', b"{}", b"[]", b"\xff\xfe"])
def test_a_state_that_is_damaged_is_matched_anew(folder, matched, text):
    match_all(folder, FACTS[:500])
    (folder / STATE).write_bytes(text)
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [500, 600]


@pytest.mark.parametrize("kind", ["facts", "keys", "sketches", "evidence"])
def test_a_file_of_other_rows_is_matched_anew(folder, matched, kind):
    match_all(folder / "others", FACTS[:300])
    match_all(folder / "ours", FACTS[:500])
    shutil.copy(one_of(folder / "others", kind), one_of(folder / "ours", kind))
    assert is_fresh(match_all(folder / "ours", FACTS))
    assert matched == [300, 500, 600]


def segments(folder):
    return [
        pl.read_ipc(folder / name / "facts.arrow").height
        for name in json.loads((folder / STATE).read_text(encoding="utf-8"))["segments"]
    ]


def test_segments_merge_so_that_each_is_larger_than_the_next(folder):
    for end in range(10, 601, 10):
        match_all(folder, FACTS[:end])
        heights = segments(folder)
        assert sum(heights) == end
        assert all(left > right for left, right in pairwise(heights))
        assert 2 ** (len(heights) - 1) * 10 <= end
        assert {path.name for path in folder.iterdir() if path.is_dir()} == set(
            json.loads((folder / STATE).read_text(encoding="utf-8"))["segments"]
        )
    assert is_fresh(match_all(folder, FACTS))


def test_many_rows_are_matched_in_parts(folder, matched, monkeypatch):
    monkeypatch.setattr(match_index, "_ROWS_AT_ONCE", 250)
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [250, 250, 100]


def test_evidence_read_from_disk_outlives_the_folder(folder):
    match_all(folder, FACTS)
    evidence = match_all(folder, FACTS)
    shutil.rmtree(folder)
    assert is_fresh(evidence)


@pytest.mark.parametrize("n_written", [0, 1, 3])
def test_a_full_disk_leaves_what_was_known_and_no_more(folder, matched, monkeypatch, n_written):
    match_all(folder, FACTS[:400])
    before = files_of(folder)
    write, left = match_files.write_mappable, iter(range(n_written))

    def fill_up(frame, path):
        write(frame, path)
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(match_files, "write_mappable", fill_up)
        with pytest.raises(OSError, match="No space left"):
            match_all(folder, FACTS)
    assert files_of(folder) == before
    assert {path.name for path in folder.iterdir()} == {name.partition("/")[0] for name in before}
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [400, 200, 200]


def test_a_run_that_died_before_it_gathered_left_rows_that_wait_on(folder, matched):
    match_all(folder, FACTS[:400])
    known = (folder / STATE).read_bytes()
    enter_rows(folder, FACTS)
    waiting = files_of(folder)
    enter_rows(folder, FACTS)
    assert (folder / STATE).read_bytes() == known
    assert files_of(folder) == waiting
    assert matched == [400, 200]
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [400, 200]
    assert not (folder / WAITING).exists()


@pytest.mark.parametrize("end", [400, 500, 570])
def test_rows_that_wait_give_way_to_those_of_the_next_run(folder, matched, end):
    match_all(folder, FACTS[:400])
    enter_rows(folder, FACTS)
    assert is_fresh(match_all(folder, FACTS[:end]), FACTS[:end])
    assert matched == [400, 200] + [end - 400] * (end > 400)
    assert {path.name for path in folder.iterdir() if path.is_dir()} == set(
        json.loads((folder / STATE).read_text(encoding="utf-8"))["segments"]
    )


@pytest.mark.parametrize("kind", ["facts", "keys", "sketches", "words"])
def test_rows_that_wait_in_a_damaged_file_enter_anew(folder, matched, kind):
    enter_rows(folder, FACTS)
    path = one_of(folder, kind, WAITING)
    path.write_bytes(path.read_bytes()[:100])
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [600, 600]


def test_gathering_again_changes_nothing(folder):
    enter_rows(folder, FACTS)
    found = find_evidence(folder)
    gather(folder, found)
    before = files_of(folder)
    assert is_fresh(gather(folder, found).evidence)
    assert files_of(folder) == before


def test_a_crash_before_the_rows_that_waited_are_forgotten_changes_nothing(folder, matched):
    match_all(folder, FACTS[:400])
    enter_rows(folder, FACTS)
    waiting = shutil.copytree(folder, folder.parent / "copy")
    match_all(folder, FACTS)
    shutil.copytree(waiting, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(STATE))
    assert is_fresh(match_all(folder, FACTS))
    assert matched == [400, 200]


def test_an_index_that_is_gone_meanwhile_is_no_empty_one(folder):
    enter_rows(folder, FACTS)
    found = find_evidence(folder)
    shutil.rmtree(folder)
    with pytest.raises(FileNotFoundError):
        gather(folder, found)


def test_files_are_mapped_not_read(folder):
    match_all(folder, FACTS)
    [segment] = read_index(folder, STATE).segments
    assert not segment.keys["key"].to_numpy().flags.writeable
    assert not segment.keys["key"].to_numpy().flags.owndata
