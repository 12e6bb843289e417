"""What people write in `retractions.csv`, and which dumps it speaks of."""

from datetime import date

import pytest

from paperlake.curation.reading import Curation, read_curation, recall_curation
from paperlake.curation.retractions import (
    Retraction,
    add_retraction,
    place_retractions,
    read_retractions,
    recall_retractions,
)
from paperlake.errors import CorrectionError

DAY = date(2026, 3, 14)
HEADER = "when,who,dump,why\n"
A, B, C = "a" * 64, "abcdef012345" + "b" * 52, "c" * 64
DUMPS = [("2026-03/kettles.txt", A), ("2026-03/socks.txt", B), ("twice.txt", C), ("twice.txt", A[:-1] + "0")]
TEXT = f"""\
# taken back
{HEADER}
2026-03-14,mira,2026-03/kettles.txt,"a test, not a capture"
2026-03-15, potter9 , {B[:12]} ,the licence forbids it
"""


def write(folder, text):
    (folder / "curation").mkdir(exist_ok=True)
    (folder / "curation" / "retractions.csv").write_bytes(text.encode() if isinstance(text, str) else text)


def read(folder, text):
    write(folder, text)
    return read_retractions(folder)


def faults_of(folder, text):
    with pytest.raises(CorrectionError) as caught:
        read(folder, text)
    assert caught.value.file == "curation/retractions.csv"
    return caught.value.faults


def retracted(*dumps):
    """Retractions on lines from 2."""
    return [Retraction(DAY, "mira", dump, "a test", line) for line, dump in enumerate(dumps, start=2)]


def placing_faults(*dumps):
    with pytest.raises(CorrectionError) as caught:
        place_retractions(retracted(*dumps), DUMPS)
    return caught.value.faults


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["lf", "crlf", "mark"])
def test_retractions_are_read(tmp_path, text):
    retractions = read(tmp_path, text)
    assert retractions == (
        Retraction(DAY, "mira", "2026-03/kettles.txt", "a test, not a capture"),
        Retraction(date(2026, 3, 15), "potter9", B[:12], "the licence forbids it"),
    )
    assert [one.line for one in retractions] == [4, 5]
    assert recall_retractions([one.as_dict() for one in retractions]) == retractions


def test_no_file_and_an_empty_one_are_no_retractions(tmp_path):
    assert read_retractions(tmp_path) == ()
    for text in ("", "# nothing yet\n", HEADER):
        assert read(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-03-14,mira,socks.txt", "expected 4 values (when,who,dump,why), found 3"),
        ('2026-03-14,mira,socks.txt,"a', "expected a line of CSV"),
        ("2026-02-30,mira,socks.txt,a", "a day as 2026-03-14 in `when`, found '2026-02-30'"),
        ("2026-03-14,,socks.txt,a", "a name in `who`, found nothing"),
        ("2026-03-14,mira,,a", "a dump in `dump`, found nothing"),
        ("2026-03-14,mira,socks.txt,", "a reason in `why`, found nothing"),
    ],
)
def test_a_line_that_is_no_retraction_is_told_with_its_number(tmp_path, line, said):
    [fault] = faults_of(tmp_path, TEXT + line)
    assert fault.startswith("line 6: expected ")
    assert said in fault


def test_all_faults_are_told_at_once(tmp_path):
    faults = faults_of(tmp_path, TEXT + "soon,,,\n2026-03-14,mira\n")
    assert [fault.split(":")[0] for fault in faults] == ["line 6"] * 4 + ["line 7"]


def test_a_file_without_its_header_is_told(tmp_path):
    assert "line 1: expected 'when,who,dump,why'" in faults_of(tmp_path, TEXT.replace(HEADER, "").lstrip("# "))[0]


@pytest.mark.parametrize("text", [None, "", "# nothing yet", HEADER, TEXT, TEXT.rstrip("\n")])
def test_a_retraction_that_is_added_stands_at_the_end_and_leaves_the_rest(tmp_path, text):
    old = () if text is None else read(tmp_path, text)
    new = Retraction(DAY, "mira", "a, b.txt", 'it says "kettle"')
    line = add_retraction(tmp_path, new)
    assert read_retractions(tmp_path) == (*old, new)
    assert read_retractions(tmp_path)[-1].line == line
    assert (tmp_path / "curation" / "retractions.csv").read_text().startswith(text or HEADER)


@pytest.mark.parametrize("name", ["2026-03/socks.txt", B, B[:12], B[:16]])
def test_a_dump_is_named_by_its_path_or_the_digits_of_its_sha256(name):
    placed = place_retractions(retracted(name), DUMPS)
    assert placed == {B: Retraction(DAY, "mira", B, "a test")}
    assert placed[B].line == 2
    assert place_retractions(placed.values(), DUMPS) == placed


def test_a_path_may_look_like_digits():
    assert place_retractions(retracted("0123456789abcdef"), [("0123456789abcdef", A)]).keys() == {A}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.md", "found 'nowhere.md'. Mend it, or remove the line."),
        ("2026-03/kettle.txt", "found '2026-03/kettle.txt'. Did you mean '2026-03/kettles.txt'? Mend it"),
        (B[:11], f"found '{B[:11]}'. Of a sha256, write 12 digits or more."),
        ("f" * 64, f"found '{'f' * 64}'. Mend it"),
    ],
)
def test_a_name_that_is_of_no_dump_is_told(name, said):
    [fault] = placing_faults("2026-03/socks.txt", name)
    assert fault.startswith("line 3: expected a dump of the store or the raw folder, ")
    assert said in fault


def test_a_path_of_two_dumps_is_told_with_both():
    [fault] = placing_faults("twice.txt")
    assert fault == f"line 2: expected one dump, found 2 named 'twice.txt'. Name it by sha256: {A[:16]}, {C[:16]}."


def test_digits_that_two_dumps_share_are_told():
    assert "expected one dump, found 2" in placing_faults(A[:20])[0]


def test_a_dump_that_two_lines_name_is_told_and_all_faults_at_once():
    faults = placing_faults("2026-03/socks.txt", "nowhere.md", B[:12])
    assert [fault.split(":")[0] for fault in faults] == ["line 3", "line 4"]
    assert "expected one line for a dump, found line 2, too. Keep one." in faults[1]


def test_curation_has_them_by_sha256_in_facts_and_repairs(tmp_path):
    write(tmp_path, TEXT)
    curation = read_curation(tmp_path, (), DUMPS, {}, ())
    assert [one.dump for one in curation.retractions] == [A, B]
    recalled = recall_curation(curation.as_facts())
    assert recalled.retractions == curation.retractions
    assert recalled.repairs == curation.repairs != Curation().repairs


def test_a_build_stops_at_a_retraction_of_no_dump(tmp_path):
    write(tmp_path, HEADER + "2026-03-14,mira,nowhere.md,a test\n")
    with pytest.raises(CorrectionError, match="expected a dump of the store or the raw folder, found 'nowhere.md'"):
        read_curation(tmp_path, (), DUMPS, {}, ())
