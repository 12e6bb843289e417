"""What people write in `judgements.csv`, and which rows it speaks of."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.curation.judgements import Judgement, add_judgement, read_judgements, recall_judgements
from paperlake.curation.reading import Curation, read_curation, recall_curation
from paperlake.errors import CorrectionError, JudgementConflictError
from paperlake.identity.judgements import Placed, by_appearance, name_appearances, place_judgements
from paperlake.identity.registry import new_ids

DAY = date(2026, 3, 14)
HEADER = "when,who,left,right,verdict,why\n"
ROWS = [f"{number:016x}:1" for number in range(6)]
NO_IDS = pl.Series([], dtype=pl.String)
MADE = new_ids(pl.Series(ROWS), NO_IDS).to_list()
TEXT = f"""\
# what we looked at
{HEADER}
2026-03-14,mira,{ROWS[0]},{ROWS[1]},same,the abstract is a translation
2026-03-15, potter9 , {MADE[2]} ,{ROWS[3]},different,"a kettle, and a sock"
"""


def write(folder, text):
    (folder / "curation").mkdir(exist_ok=True)
    (folder / "curation" / "judgements.csv").write_bytes(text.encode() if isinstance(text, str) else text)


def read(folder, text):
    write(folder, text)
    return read_judgements(folder)


def faults_of(folder, text):
    with pytest.raises(CorrectionError) as caught:
        read(folder, text)
    assert caught.value.file == "curation/judgements.csv"
    return caught.value.faults


def judged(*said):
    """Judgements `left verdict right`, on lines from 2."""
    words = [one.split() for one in said]
    return [
        Judgement(DAY, "mira", left, right, verdict, "seen", line)
        for line, (left, verdict, right) in enumerate(words, start=2)
    ]


def rows_of(ids=ROWS):
    return pl.DataFrame({"appearance_id": ids}, schema={"appearance_id": pl.String})


def papers_of(*members):
    """The appearances of a release with their papers."""
    return pl.DataFrame(members, schema={"appearance_id": pl.String, "paper_id": pl.String}, orient="row")


def history_of(*events):
    names = {"paper_id": pl.String, "event": pl.String, "other_id": pl.String, "release": pl.Int32}
    return pl.DataFrame(events, schema=names, orient="row")


def place(*said, rows=None):
    return place_judgements(judged(*said), rows_of() if rows is None else rows)


def conflicts_of(*said):
    with pytest.raises(JudgementConflictError) as caught:
        place(*said)
    return caught.value


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["lf", "crlf", "mark"])
def test_judgements_are_read(tmp_path, text):
    judgements = read(tmp_path, text)
    assert judgements == (
        Judgement(DAY, "mira", ROWS[0], ROWS[1], "same", "the abstract is a translation"),
        Judgement(date(2026, 3, 15), "potter9", MADE[2], ROWS[3], "different", "a kettle, and a sock"),
    )
    assert [one.line for one in judgements] == [4, 5]
    assert recall_judgements([one.as_dict() for one in judgements]) == judgements


def test_no_file_and_an_empty_one_are_no_judgements(tmp_path):
    assert read_judgements(tmp_path) == ()
    for text in ("", "# nothing yet\n", HEADER):
        assert read(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[2]},same", f"expected 6 values ({HEADER.strip()}), found 5"),
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[2]},same,a, b", "found 7. Put a value with a comma into double quotes"),
        (f'2026-03-14,mira,{ROWS[0]},{ROWS[2]},same,"a', "expected a line of CSV"),
        (f"14.3.2026,mira,{ROWS[0]},{ROWS[2]},same,a", "a day as 2026-03-14 in `when`, found '14.3.2026'"),
        (f",mira,{ROWS[0]},{ROWS[2]},same,a", "a day as 2026-03-14 in `when`, found ''"),
        (f"2026-03-14,,{ROWS[0]},{ROWS[2]},same,a", "a name in `who`, found nothing"),
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[2]},same,", "a reason in `why`, found nothing"),
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[2]},alike,a", "'same' or 'different' in `verdict`, found 'alike'"),
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[0]},same,a", f"expected two ids, found '{ROWS[0]}' twice"),
        (f"2026-03-14,mira,kettles,{ROWS[2]},same,a", "(0123456789abcdef:12) in `left`, found 'kettles'"),
        (f"2026-03-14,mira,{ROWS[0]},pl-0123,same,a", "in `right`, found 'pl-0123'"),
        (f"2026-03-14,mira,{ROWS[0]},{ROWS[2][:-1]}0,same,a", f"in `right`, found '{ROWS[2][:-1]}0'"),
        (f"2026-03-14,mira,{ROWS[1]},{ROWS[0]},same,a", "judged once, found line 4, too. Keep one."),
    ],
)
def test_a_line_that_is_no_judgement_is_told_with_its_number(tmp_path, line, said):
    [fault] = faults_of(tmp_path, TEXT + line)
    assert fault.startswith("line 6: expected ")
    assert said in fault


def test_all_faults_are_told_at_once(tmp_path):
    lines = f"soon,,a,{ROWS[0]},alike,\n2026-03-14,mira\n2026-03-14,mira,{ROWS[0]},{ROWS[1]},same,again\n"
    faults = faults_of(tmp_path, TEXT + lines)
    assert [fault.split(":")[0] for fault in faults] == ["line 6"] * 5 + ["line 7", "line 8"]


def test_the_same_pair_with_both_verdicts_is_left_to_the_check_of_contradictions(tmp_path):
    line = f"2026-03-16,mira,{ROWS[0]},{ROWS[1]},different,looked again\n"
    assert [one.verdict for one in read(tmp_path, TEXT + line)] == ["same", "different", "different"]


@pytest.mark.parametrize("text", [TEXT.replace(HEADER, ""), HEADER.replace(",", ";")])
def test_a_file_without_its_header_is_told(tmp_path, text):
    [fault] = faults_of(tmp_path, text)
    assert f"expected '{HEADER.strip()}', found" in fault


def test_a_file_that_is_no_text_is_told(tmp_path):
    assert "expected text in UTF-8" in faults_of(tmp_path, HEADER.encode() + b"\xff\n")[0]


@pytest.mark.parametrize("text", [None, "", "# nothing yet", HEADER, TEXT, TEXT.rstrip("\n"), "\ufeff" + TEXT])
def test_a_judgement_that_is_added_stands_at_the_end_and_leaves_the_rest(tmp_path, text):
    old = () if text is None else read(tmp_path, text)
    new = Judgement(DAY, 'the "potter"', ROWS[4], ROWS[5], "same", 'a "sock", they say')
    line = add_judgement(tmp_path, new)
    judgements = read_judgements(tmp_path)
    assert judgements == (*old, new)
    assert judgements[-1].line == line
    content = (tmp_path / "curation" / "judgements.csv").read_bytes().decode()
    assert content.startswith(text or HEADER)
    assert content.count(HEADER) == 1


def test_ids_of_appearances_mean_their_rows():
    placed = place(f"{ROWS[3]} same {ROWS[1]}", f"{ROWS[0]} different {ROWS[5]}", f"{ROWS[0]} same {ROWS[2]}")
    assert placed == Placed([(0, 2), (1, 3)], [(0, 5)])
    assert place() == Placed([], [])


def test_an_id_of_a_paper_means_the_appearance_it_was_made_from():
    assert place(f"{MADE[1]} different {ROWS[4]}", f"{MADE[5]} same {MADE[2]}") == Placed([(2, 5)], [(1, 4)])
    assert place(f"{MADE[1]} different {ROWS[4]}", rows=rows_of(ROWS[::-1])).different == [(1, 4)]


def test_an_id_of_any_try_means_the_appearance_it_was_made_from():
    tries = list(MADE)
    for attempt in range(1, 16):
        again = new_ids(pl.Series(ROWS), pl.Series(tries)).to_list()
        assert place(f"{again[3]} same {ROWS[0]}").same == [(0, 3)], attempt
        tries += again


def test_ids_that_mean_one_row_are_one_paper_anyway_and_pairs_are_given_once():
    assert place(f"{MADE[0]} same {ROWS[0]}", f"{MADE[0]} same {ROWS[1]}", f"{ROWS[1]} same {ROWS[0]}").same == [(0, 1)]


NEVER = "pl-000000000000"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ffffffffffffffff:1", "'ffffffffffffffff:1', which no dump shows. Mend it; if it was retracted, remove the"),
        (NEVER, f"'{NEVER}', and no dump shows the appearance that it was made from. Name an appearance instead, or"),
        (MADE[0], f"'{MADE[0]}', and no dump shows the appearance that it was made from. Name an appearance instead"),
    ],
    ids=["appearance", "never given", "its appearance retracted"],
)
def test_an_id_that_nothing_has_is_told_with_what_to_do(name, said):
    said_so = (f"{ROWS[3]} same {ROWS[1]}", f"{ROWS[3]} different {name}", f"{name} same {ROWS[2]}")
    with pytest.raises(CorrectionError) as caught:
        place(*said_so, rows=rows_of(ROWS[1:]))
    assert [fault.split(": expected the id of ")[0] for fault in caught.value.faults] == ["line 3", "line 4"]
    assert said in caught.value.faults[0]


def test_judgements_by_appearance_keep_everything_else():
    [one, other] = judged(f"{MADE[1]} different {ROWS[4]}", f"{NEVER} same ffffffffffffffff:1")
    named, as_it_was = by_appearance([one, other], pl.Series(ROWS))
    assert (named.left, named.right, named.verdict, named.line) == (ROWS[1], ROWS[4], "different", 2)
    assert as_it_was == other, "what means nothing stays"


MEMBERS = ((ROWS[0], MADE[0]), (ROWS[2], MADE[0]), (ROWS[4], MADE[3]), (ROWS[5], MADE[3]))
ENDED = "pl-0000000ended"
EVENTS = (
    (MADE[0], "created", None, 1),
    (MADE[3], "created", None, 1),
    (MADE[5], "merged_into", MADE[3], 2),
    (ENDED, "merged_into", MADE[3], 2),
    (NEVER, "retired", None, 2),
)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        (ROWS[5], ROWS[5]),
        (MADE[0], ROWS[0]),
        (MADE[3], ROWS[4]),
        (MADE[5], ROWS[5]),
        (ENDED, ROWS[4]),
    ],
    ids=["appearance", "paper", "founder retracted", "merged, founder there", "merged, founder retracted"],
)
def test_ids_mean_appearances_of_a_release_where_a_judgement_is_given(name, means):
    [judgement] = judged(f"{name} different {ROWS[2]}")
    named = name_appearances(judgement, papers_of(*MEMBERS), history_of(*EVENTS))
    assert (named.left, named.right) == (means, ROWS[2])
    assert (named.verdict, named.why, named.line) == (judgement.verdict, judgement.why, judgement.line)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (ROWS[3], ROWS[0], f"an appearance of the newest release, found '{ROWS[3]}'. Copy one from"),
        (MADE[0], NEVER, f"a paper that leads into the newest release, found '{NEVER}'"),
        (MADE[0], "pl-0123456789ab", "a paper that leads into the newest release, found 'pl-0123456789ab'"),
        (MADE[3], ENDED, f"two appearances, found that '{MADE[3]}' and '{ENDED}' both mean '{ROWS[4]}'. `paperlake"),
    ],
    ids=["not shown", "retired", "never given", "one twice"],
)
def test_a_judgement_of_what_a_release_does_not_have_is_refused(left, right, said):
    [judgement] = judged(f"{left} same {right}")
    with pytest.raises(CorrectionError) as caught:
        name_appearances(judgement, papers_of(*MEMBERS), history_of(*EVENTS))
    [fault] = caught.value.faults
    assert said in fault


def test_a_pair_that_is_same_and_different_is_a_contradiction():
    error = conflicts_of(f"{ROWS[0]} same {ROWS[1]}", f"{ROWS[2]} same {ROWS[3]}", f"{ROWS[1]} different {ROWS[0]}")
    [conflict] = error.conflicts
    assert [line for line, _ in conflict] == [2, 4]
    assert f"line 4: '{ROWS[1]}' and '{ROWS[0]}' are different" in str(error)
    assert (error.exit_code, error.file) == (1, "curation/judgements.csv")


def test_a_chain_that_makes_different_ones_the_same_is_told_with_all_its_lines():
    a, b, c, d, *_ = ROWS
    error = conflicts_of(f"{a} same {b}", f"{a} different {d}", f"{c} same {b}", f"{c} same {d}")
    assert [[line for line, _ in conflict] for conflict in error.conflicts] == [[2, 4, 5, 3]]
    assert all(f"line {line}: " in str(error) for line in (2, 3, 4, 5))


def test_of_several_chains_the_shortest_is_told_and_all_contradictions_are():
    a, b, c, d, *_ = ROWS
    chain = (f"{a} same {b}", f"{b} same {c}", f"{c} same {d}", f"{d} same {a}")
    error = conflicts_of(*chain, f"{a} different {d}", f"{b} different {d}")
    assert [len(conflict) for conflict in error.conflicts] == [2, 3]
    assert [conflict[-1][0] for conflict in error.conflicts] == [6, 7]


def test_two_ids_of_one_row_contradict_one_another_too_and_the_row_is_named():
    error = conflicts_of(f"{MADE[5]} same {MADE[1]}", f"{ROWS[5]} different {ROWS[1]}")
    assert [line for line, _ in error.conflicts[0]] == [2, 3]
    assert f"line 2: '{MADE[5]}' ({ROWS[5]}) and '{MADE[1]}' ({ROWS[1]}) are same" in str(error)


def test_one_row_cannot_differ_from_itself():
    error = conflicts_of(f"{MADE[0]} different {ROWS[0]}")
    assert [line for line, _ in error.conflicts[0]] == [2]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["same", "different"]), st.integers(0, 5)), max_size=12))
def test_judgements_are_placed_when_they_can_all_be_true(said):
    said = [(left, verdict, right) for left, verdict, right in said if left != right]
    groups = {row: {row} for row in range(6)}
    for left, verdict, right in said:
        if verdict == "same":
            joined = groups[left] | groups[right]
            groups |= dict.fromkeys(joined, joined)
    wrong = [at for at, (left, verdict, right) in enumerate(said) if verdict == "different" and right in groups[left]]
    words = [f"{ROWS[left]} {verdict} {ROWS[right]}" for left, verdict, right in said]
    if not wrong:
        placed = place(*words)
        for verdict, pairs in (("same", placed.same), ("different", placed.different)):
            assert set(pairs) == {(min(a, b), max(a, b)) for a, said_so, b in said if said_so == verdict}
        return
    error = conflicts_of(*words)
    assert [conflict[-1][0] - 2 for conflict in error.conflicts] == wrong
    for conflict in error.conflicts:
        assert {said[line - 2][1] for line, _ in conflict[:-1]} <= {"same"}


def test_curation_has_them_in_facts_and_repairs(tmp_path):
    write(tmp_path, TEXT)
    curation = read_curation(tmp_path, (), (), {}, ())
    assert [one.verdict for one in curation.judgements] == ["same", "different"]
    recalled = recall_curation(curation.as_facts())
    assert recalled.judgements == curation.judgements
    assert recalled.repairs == curation.repairs != Curation().repairs


def test_repairs_tell_what_is_judged_not_by_whom_or_in_which_order():
    left, right = judged(f"{ROWS[0]} same {ROWS[1]}", f"{ROWS[2]} same {ROWS[3]}")
    turned = Judgement(date(2026, 4, 1), "potter9", ROWS[1], ROWS[0], "same", "looked again")
    assert Curation(judgements=(left, right)).repairs == Curation(judgements=(right, turned)).repairs
    other = Judgement(DAY, "mira", ROWS[0], ROWS[1], "different", "seen")
    assert Curation(judgements=(left,)).repairs != Curation(judgements=(other,)).repairs


def test_a_manifest_from_before_there_were_judgements_has_none():
    assert recall_curation({}).judgements == recall_curation({}).retractions == ()
