"""What people write in `corrections.toml`: its form, and what it does to appearances."""

from datetime import date

import polars as pl
import pytest

from paperlake.curation.correcting import check_corrections, correct, find_corrected
from paperlake.curation.corrections import Correction, place_corrections, read_corrections, recall_corrections
from paperlake.errors import CorrectionError, PaperlakeError
from paperlake.extract import EXTRACTED_APPEARANCES

KETTLES, SOCKS = "a" * 64, "b" * 64
DUMPS = [("kettles.txt", KETTLES), ("more/socks.txt", SOCKS)]
ENTRY = """
[[correction]]
dump = "kettles.txt"
line = 2
column = "abstract"
from = "Pro-cessing"
to = "Processing"
why = "torn in the dump"
"""


def read(folder, text):
    (folder / "curation").mkdir(exist_ok=True)
    (folder / "curation" / "corrections.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return read_corrections(folder)


def faults_of(folder, text):
    with pytest.raises(CorrectionError) as caught:
        read(folder, text)
    assert caught.value.file == "curation/corrections.toml"
    assert isinstance(caught.value, PaperlakeError)
    assert caught.value.exit_code == 1
    return caught.value.faults


def entry(**values):
    """ENTRY with other values, as TOML has them; None takes a key away."""
    given = {
        "dump": '"kettles.txt"',
        "line": "2",
        "column": '"abstract"',
        "from": '"Pro-cessing"',
        "to": '"Processing"',
        "why": '"torn in the dump"',
    } | values
    return "[[correction]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items() if value is not None)


@pytest.mark.parametrize("text", [ENTRY, ENTRY.replace("\n", "\r\n"), "\ufeff" + ENTRY], ids=["lf", "crlf", "mark"])
def test_an_entry_is_read(tmp_path, text):
    [correction] = read(tmp_path, text)
    assert correction == Correction("kettles.txt", 2, "abstract", "Pro-cessing", "Processing", "torn in the dump")
    assert correction.place == "correction 1 (line 2)"


def test_no_file_and_an_empty_one_are_no_corrections(tmp_path):
    assert read_corrections(tmp_path) == ()
    assert read(tmp_path, "# nothing yet\n") == ()


@pytest.mark.parametrize(
    ("column", "written", "text"),
    [
        ("upvotes", "12", "12"),
        ("upvotes", '"12"', "12"),
        ("n_authors", "1", "1"),
        ("published_on", "2026-03-14", "2026-03-14"),
        ("published_on", '"2026-03-14"', "2026-03-14"),
        ("arxiv_id", '"2601.90001"', "2601.90001"),
        ("arxiv_id", '"cs/0112017"', "cs/0112017"),
        ("github_url", '"https://github.com/example-lab/kettle"', "https://github.com/example-lab/kettle"),
        ("organisation", '"Kettle Works"', "Kettle Works"),
        ("submitted_by", '""', ""),
    ],
)
def test_values_of_every_kind_are_read_as_text(tmp_path, column, written, text):
    given = entry(column=f'"{column}"', to=written, **{"from": '"other"'})
    assert read(tmp_path, given)[0].right == text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"why": None}, ["expected all of dump, line, column, from, to, why, found no why"]),
        ({"to": None, "from": None}, ["found no from, to"]),
        ({"form": '"x"'}, ["found 'form'", "Did you mean 'from'?"]),
        ({"why": '" "'}, ["expected text in quotes in `why`, found ' '", "how you know"]),
        ({"dump": "7"}, ["expected text in quotes in `dump`, found 7"]),
        ({"line": '"2"'}, ["in `line`, found '2'", "without quotes"]),
        ({"line": "0"}, ["counted from 1, in `line`, found 0. `paperlake inspect` shows the lines."]),
        ({"line": "true"}, ["in `line`, found True"]),
        ({"column": '"abstrakt"'}, ["expected one of title, abstract, arxiv_id", "found 'abstrakt'"]),
        ({"column": '"published_raw"'}, ["found 'published_raw'"]),
        ({"column": "[1]"}, ["in `column`, found [1]"]),
        ({"from": '""'}, ["expected words of `abstract` in `from`, found ''"]),
        ({"from": "7"}, ["expected words of `abstract` in `from`, found 7"]),
        ({"to": "7"}, ["expected words for `abstract` in `to`, found 7"]),
        ({"to": '"Pro-cessing"'}, ["expected another value in `to` than in `from`", "Remove the entry"]),
        ({"column": '"n_authors"', "to": '"seven"'}, ["expected a whole number from 1 in digits", "found 'seven'"]),
        ({"column": '"n_authors"', "to": "0"}, ["expected a whole number from 1", "found 0"]),
        ({"column": '"upvotes"', "to": "-1"}, ["expected a whole number in digits", "found -1"]),
        ({"column": '"upvotes"', "to": '"007"'}, ["found '007'"]),
        ({"column": '"upvotes"', "to": '"' + "9" * 5000 + '"'}, ["expected a whole number in digits"]),
        ({"column": '"comments"', "to": "1.5"}, ["found 1.5"]),
        ({"column": '"comments"', "to": "true"}, ["found True"]),
        ({"column": '"arxiv_id"', "to": '"2601.9001"'}, ["expected an arXiv id without version", "'2601.9001'"]),
        ({"column": '"arxiv_id"', "to": '"2601.90001v2"'}, ["without version"]),
        ({"column": '"arxiv_id"', "to": '"https://arxiv.org/abs/2601.90001"'}, ["expected an arXiv id"]),
        ({"column": '"arxiv_id"', "to": "2601.90001"}, ["expected an arXiv id", "found 2601.90001"]),
        ({"column": '"paper_url"', "to": '"arxiv.org"'}, ["expected an address that starts with http"]),
        ({"column": '"github_url"', "to": '"https://a b"'}, ["expected an address"]),
        ({"column": '"published_on"', "to": '"20260314"'}, ["expected a day as 2026-03-14", "'20260314'"]),
        ({"column": '"published_on"', "to": '"2026-02-30"'}, ["expected a day"]),
        ({"column": '"published_on"', "to": "2026-03-14T10:00:00Z"}, ["expected a day"]),
        ({"column": '"organisation"', "to": '" Kettles"'}, ["expected text without blanks around it"]),
    ],
)
def test_an_entry_that_cannot_be_used_is_told_with_its_place(tmp_path, values, said):
    faults = faults_of(tmp_path, ENTRY + entry(**values))
    assert all(fault.startswith("correction 2 (line 9): expected ") for fault in faults)
    assert all(part in "\n".join(faults) for part in said), faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[correction]\n", ["expected valid TOML", "at line 1", "Mend that line"]),
        (b'[[correction]]\nwhy = "\xff"\n', ["expected text in UTF-8", "Save it in UTF-8"]),
        ('[correction]\nwhy = "x"\n', ["in two pairs of brackets, found one"]),
        ('[[corection]]\nwhy = "x"\n', ["expected [[correction]] above every key, found 'corection'"]),
        ('why = "x"\n' + ENTRY, ["found 'why'", "Move it below one"]),
        ('correction = ["x"]\n', ["correction 1: expected a table, found 'x'"]),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_told(tmp_path, text, said):
    message = "\n".join(faults_of(tmp_path, text))
    assert all(part in message for part in said), message


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    faults = faults_of(tmp_path, entry(line="0", why='""') + ENTRY + entry(to="7"))
    assert [fault.split(":")[0] for fault in faults] == [
        "correction 1 (line 1)",
        "correction 1 (line 1)",
        "correction 3 (line 16)",
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "curation" / "corrections.toml").mkdir(parents=True)
    with pytest.raises(CorrectionError, match="expected a file that can be read"):
        read_corrections(tmp_path)


def test_a_header_inside_of_a_text_gives_no_wrong_line(tmp_path):
    text = entry(why="'''\n[[correction]]\n'''") + entry(line="0")
    assert faults_of(tmp_path, text)[0].startswith("correction 2: expected ")


def one(column="abstract", wrong="Pro-cessing", right="Processing", line=2, dump="kettles.txt", number=1):
    return Correction(dump, line, column, wrong, right, "seen", place=f"correction {number}")


def place(*corrections):
    return place_corrections(corrections, DUMPS)


def test_a_dump_is_named_by_path_or_sha256():
    names = ("kettles.txt", "a" * 16, "a" * 20, KETTLES)
    assert {place(one(dump=name))[0].dump_id for name in names} == {KETTLES}
    assert [place(one(dump=name))[0].dump_id for name in ("a" * 15, "A" * 64, "socks.txt", "a" * 16 + "b")] == [
        None
    ] * 4


def test_one_path_of_two_dumps_is_neither():
    [placed] = place_corrections([one()], [("kettles.txt", KETTLES), ("kettles.txt", SOCKS)])
    assert placed.dump_id is None
    with pytest.raises(
        CorrectionError, match=f"found 2 named 'kettles.txt'. Name it by sha256: {'a' * 16}, {'b' * 16}"
    ):
        check_corrections(appearances(), [placed])


def test_a_manifest_gives_back_what_it_was_told():
    placed = place(one(), one("upvotes", "3", ""))
    recalled = recall_corrections([correction.as_dict() for correction in placed])
    assert [correction.effect for correction in recalled] == [correction.effect for correction in placed]
    assert {correction.why for correction in recalled} == {"seen"}


def test_the_order_of_the_file_does_not_matter():
    first, second = one(wrong="x"), one(wrong="y")
    assert place(first, second) == place(second, first)


def appearance(position, line_start, line_end, dump_id=KETTLES, **values):
    return {
        "appearance_id": f"{dump_id[:16]}:{position}",
        "dump_id": dump_id,
        "position": position,
        "line_start": line_start,
        "line_end": line_end,
        "title_raw": f"On Kettles, Part {position}",
        "is_cut": False,
    } | values


def appearances(*rows):
    rows = rows or (
        appearance(1, 1, 3, abstract_raw="Pro-cessing of steam.\nIt is slow.", upvotes=3),
        appearance(2, 4, 6, published_on=date(2026, 3, 14), github_url="https://github.com/example-lab/kettl"),
        appearance(1, 1, 3, SOCKS, abstract_raw="Pro-cessing of socks."),
    )
    return pl.DataFrame(rows, schema=EXTRACTED_APPEARANCES, orient="row")


def mended(rows, *corrections):
    placed = place(*corrections)
    check_corrections(rows, placed)
    return correct(rows, placed)


def test_words_of_one_value_are_replaced_and_all_else_stays():
    rows = appearances()
    got = mended(rows, one())
    assert got["abstract_raw"].to_list() == ["Processing of steam.\nIt is slow.", None, "Pro-cessing of socks."]
    assert got.drop("abstract_raw").equals(rows.drop("abstract_raw"))
    assert rows["abstract_raw"][0].startswith("Pro-cessing")


def test_any_line_of_the_record_names_it():
    results = [mended(appearances(), one(line=line)) for line in (1, 2, 3)]
    assert all(result.equals(results[0]) for result in results)


@pytest.mark.parametrize(
    ("column", "wrong", "right", "line", "value"),
    [
        ("title_raw", "Kettles", "Tea Kettles", 2, "On Tea Kettles, Part 1"),
        ("abstract_raw", " of steam.\nIt", "", 2, "Pro-cessing is slow."),
        ("upvotes", "3", "30", 2, 30),
        ("upvotes", "3", "", 2, None),
        ("comments", "", "4", 2, 4),
        ("n_authors", "", "2", 2, 2),
        ("published_on", "2026-03-14", "2025-03-14", 5, date(2025, 3, 14)),
        ("published_on", "", "2025-03-14", 2, date(2025, 3, 14)),
        ("github_url", "https://github.com/example-lab/kettl", "https://github.com/example-lab/kettle", 5, None),
        ("arxiv_id", "", "2601.90001", 2, "2601.90001"),
        ("organisation", "", "Kettle Works", 2, "Kettle Works"),
    ],
)
def test_every_column_can_be_corrected(column, wrong, right, line, value):
    got = mended(appearances(), one(column.removesuffix("_raw"), wrong, right, line))
    assert got[column][0 if line == 2 else 1] == (right if column == "github_url" else value)
    assert got.schema == EXTRACTED_APPEARANCES


def test_an_abstract_of_which_nothing_is_left_is_none():
    rows = appearances(appearance(1, 1, 2, abstract_raw="Subscribe now"))
    assert mended(rows, one(wrong="Subscribe now", right=""))["abstract_raw"].to_list() == [None]


def test_two_places_of_one_value_are_corrected_in_any_order():
    both = (one(), one(wrong="slow", right="very slow"), one(wrong="steam", right="hot steam"))
    texts = {mended(appearances(), *order)["abstract_raw"][0] for order in (both, both[::-1])}
    assert texts == {"Processing of hot steam.\nIt is very slow."}


def test_of_records_on_one_line_the_words_decide():
    rows = appearances(
        appearance(1, 1, 1, abstract_raw="A kettle.", upvotes=3, comments=1),
        appearance(2, 1, 1, abstract_raw="A sock.", upvotes=4, comments=1),
    )
    got = mended(rows, one(wrong="sock", right="snail", line=1), one("upvotes", "4", "5", 1))
    assert got["abstract_raw"].to_list() == ["A kettle.", "A snail."]
    assert got["upvotes"].to_list() == [3, 5]
    said = "expected '1' of `comments` in one record on line 1, found it in 2. No key of an entry .*: remove the entry"
    with pytest.raises(CorrectionError, match=said):
        mended(rows, one("comments", "1", "2", 1))
    with pytest.raises(CorrectionError, match="expected 'A ' of `abstract` once, found it more often"):
        mended(rows, one(wrong="A ", right="The ", line=1))


def test_rows_of_other_dumps_alone_are_given_back_as_they_are():
    rows = appearances().filter(pl.col("dump_id") == SOCKS)
    assert correct(rows, place(one())).equals(rows)
    assert correct(rows.clear(), place(one())).is_empty()
    assert correct(rows, ()).equals(rows)


IF_DONE = ("If it was put right at its source, remove the entry", "if not, check `line` and `from`")


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (one(dump="ketles.txt"), ["found 'ketles.txt'", "Did you mean 'kettles.txt'?"]),
        (one(dump="snails.txt"), ["expected a dump of the store or the raw folder, found 'snails.txt'. Mend it"]),
        (one(line=7), ["expected a paper on line 7 of 'kettles.txt', found none", "paperlake inspect"]),
        (
            one(wrong="of stream"),
            ["'of stream' in `abstract` on line 2 of 'kettles.txt', found nothing nearer than 'of st"],
        ),
        (one(wrong="of stream", right="slow"), ["found 'slow' there, and nearest to it 'of steam.", *IF_DONE]),
        (one(wrong="of stream", right="o"), ["found nothing nearer than 'of steam."]),
        (
            one(wrong="steam", right="of steam"),
            ["'steam' in `abstract` on line 2", "found 'of steam' already", *IF_DONE],
        ),
        (one(wrong="s", right=""), ["expected 's' of `abstract` once, found it more often"]),
        (one(wrong="steam. It", right="x"), ["found it with other blanks", r"write \n"]),
        (one(wrong="of  steam", right="of steam"), ["found 'of steam' there", *IF_DONE]),
        (one(line=5), ["in `abstract` on line 5 of 'kettles.txt', found nothing. Mend `line`"]),
        (one("upvotes", "4", "5"), ["expected '4' in `upvotes`", "found '3'"]),
        (one("upvotes", "4", "3"), ["found '3' already", *IF_DONE]),
        (one("upvotes", "", "3"), ["expected nothing in `upvotes` on line 2 of 'kettles.txt', found '3' already"]),
        (one("comments", "4", "5"), ["expected '4' in `comments`", "found nothing"]),
        (one("title", "On Kettles, Part 1", ""), ["expected a title with words, found that none are left"]),
    ],
)
def test_a_correction_that_does_not_fit_is_told(correction, said):
    with pytest.raises(CorrectionError) as caught:
        check_corrections(appearances(), place(correction), [path for path, _ in DUMPS])
    [fault] = caught.value.faults
    assert fault.startswith("correction 1: expected ")
    assert all(part in fault for part in said), fault


def test_words_that_are_gone_are_told_with_the_nearest_passage_of_the_value():
    """However far from its start that stands."""
    text = f"{'Kettles boil and nobody asks why. ' * 20}The pro- cessing of socks. {'Snails come back. ' * 20}"
    with pytest.raises(CorrectionError, match="found nothing nearer than 'The pro- cessing of socks.'. Mend `line`"):
        mended(appearances(appearance(1, 1, 3, abstract_raw=text)), one(wrong="The pro-cessing of sock"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(), one(number=2)),
        (one(), one(line=3, number=2)),
        (one(), one(dump=KETTLES, right="Boiling", number=2)),
        (one(), one(wrong="cessing of", right="x", number=2)),
        (one("upvotes", "3", "4"), one("upvotes", "3", "5", line=1, number=2)),
        (one("comments", "", "4"), one("comments", "", "5", number=2)),
    ],
)
def test_two_corrections_of_the_same_words_are_told(first, second):
    with pytest.raises(CorrectionError, match="expected words that no other entry changes, found those of correction"):
        check_corrections(appearances(), place(first, second))


def test_all_that_does_not_fit_is_told_at_once():
    with pytest.raises(CorrectionError) as caught:
        check_corrections(appearances(), place(one(line=7), one(), one(dump="snails.txt"), one(wrong="boiling")))
    assert len(caught.value.faults) == 3
    assert "3 fault(s)" in str(caught.value)
    assert "Nothing was published" in str(caught.value)


def test_what_is_corrected_otherwise_than_before_is_found():
    rows = appearances()
    none, first, other = place(), place(one()), place(one(right="Treatment"))
    ids = [f"{'a' * 16}:1"]
    for before, after in ((none, first), (first, none), (first, other)):
        assert find_corrected(rows, before, after)["appearance_id"].to_list() == ids
    assert find_corrected(rows, first, place(one(line=1))).is_empty()
    assert find_corrected(rows, first, first).is_empty()
