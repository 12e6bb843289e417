from datetime import date

import pyarrow as pa
import pytest
from benchmarks.page_writers import invent, write_page

from paperlake.dumps import find_dumps
from paperlake.extract import extract_dumps
from paperlake.layouts.reading import check_conservation
from paperlake.records import Block, Furniture
from paperlake.settings import Settings

ABSTRACT = "Kettles boil and nobody asks why. " * 12


def extract(folder, **limits):
    return extract_dumps(find_dumps(folder), folder, Settings(raw=folder, **limits))


def test_values_keep_their_lines(tmp_path):
    (tmp_path / "2026-03-02.txt").write_text(
        f"Get trending papers in your email inbox!\nSubscribeOn Socks\n{ABSTRACT}\nOn Snails"
    )
    frames = extract(tmp_path)
    [row] = frames["appearances"].to_dicts()
    assert (row["title_raw"], row["line_start"], row["line_end"], row["position"]) == ("On Socks", 2, 3, 1)
    [reject] = frames["rejects"].to_dicts()
    assert (reject["reason"], reject["line_start"], reject["text"]) == ("missing_abstract", 4, "On Snails")
    assert reject["detail"].startswith("2026-03-02.txt:4: expected an abstract after")
    [dump] = frames["dumps"].to_dicts()
    assert (dump["n_papers"], dump["n_furniture"], dump["n_rejects"], dump["status"]) == (1, 1, 1, "read")
    assert str(dump["captured_on"]) == "2026-03-02"


@pytest.mark.parametrize(
    ("content", "reason", "stage"),
    [
        (b"", "empty", "read"),
        (bytes(1000), "not_text", "read"),
        (b"nothing known\nhere", "unknown_layout", "recognise"),
        (b"Get trending papers in your email inbox!\nSubscribe", "no_papers", "recognise"),
        (
            b"Submitted by\nmira-k\nGet trending papers in your email inbox!\nSubscribeSubmitted by\npotter9",
            "no_papers",
            "recognise",
        ),
    ],
)
def test_a_dump_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(tmp_path, content, reason, stage):
    (tmp_path / "1-bad.txt").write_bytes(content)
    (tmp_path / "2-good.txt").write_text(f"Get trending papers in your email inbox!\nOn Socks\n{ABSTRACT}")
    frames = extract(tmp_path)
    assert frames["dumps"]["status"].to_list() == ["rejected", "read"]
    assert frames["dumps"]["reason"].to_list() == [reason, None]
    assert frames["rejects"].select("stage", "reason").rows() == [(stage, reason)]
    assert frames["appearances"].height == 1


def test_abstracts_wrapped_over_many_lines_are_not_read_as_papers(tmp_path):
    wrapped = [
        line
        for n in range(3)
        for line in (
            f"Title {n} about Kettles",
            *["Kettles boil and nobody asks why, not even"] * 9,
            "A last line that ends here. " * 7,
        )
    ]
    (tmp_path / "a.txt").write_text("\n".join(["Get trending papers in your email inbox!", "Subscribe", *wrapped]))
    frames = extract(tmp_path)
    assert frames["dumps"]["reason"].to_list() == ["misread"]
    assert frames["appearances"].is_empty()


@pytest.mark.parametrize("numbers", [[1], [1, 1, 2], [1, 1]])
def test_a_line_lost_or_taken_twice_is_a_bug_of_ours(numbers):
    pieces = [Furniture(Block(number, number), "banner") for number in numbers]
    with pytest.raises(AssertionError, match="line [12] stands in"):
        check_conservation(["a", "b"], pieces)


def test_blank_lines_belong_to_nobody():
    check_conservation(["a", "", " "], [Furniture(Block(1, 1), "banner")])


def test_a_value_over_the_limit_is_a_reject_and_the_others_stay(tmp_path):
    banner, long = "Get trending papers in your email inbox!", "Kettles boil. " * 90
    (tmp_path / "a.txt").write_text(f"{banner}\nOn Snails\n{ABSTRACT}\nOn Socks\n{long}")
    frames = extract(tmp_path, max_value_chars=1_000)
    assert frames["appearances"]["title_raw"].to_list() == ["On Snails"]
    [row] = frames["rejects"].to_dicts()
    assert (row["reason"], row["line_start"], row["line_end"]) == ("value_too_long", 4, 5)
    assert "at most 1,000 characters (max_value_chars), found one of 1,259" in row["detail"]


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_a_packed_dump_is_read_as_the_same_text_would_be(tmp_path, codec):
    text = f"Get trending papers in your email inbox!\nOn Snails\n{ABSTRACT}".encode()
    (tmp_path / "2026-03-02.txt.packed").write_bytes(pa.compress(text, codec, asbytes=True))
    frames = extract(tmp_path)
    assert frames["appearances"].select("title_raw", "line_start", "line_end").rows() == [("On Snails", 2, 3)]
    assert str(frames["dumps"]["captured_on"][0]) == "2026-03-02"


def test_rejects_that_begin_on_one_line_are_one_row(tmp_path):
    good = '{"paper": {"id": "2601.90001", "title": "On Socks", "summary": "Socks."}}'
    bad = '{"paper": {"id": "2601.90002", "title": 7}}'
    (tmp_path / "a.json").write_text(f"[{good}, {bad}, {bad}]")
    frames = extract(tmp_path)
    assert frames["appearances"].height == 1
    [row] = frames["rejects"].to_dicts()
    assert (row["reason"], row["line_start"]) == ("damaged_record", 1)
    assert row["detail"].endswith("(and 1 more on this line)")
    assert frames["dumps"]["n_rejects"].to_list() == [1]


def test_a_date_without_a_year_that_the_end_may_have_cut_has_no_day(tmp_path):
    page = write_page("notebooklm", invent(3, seed=2), captured_on=date(2026, 7, 1), footer=False)
    cut = page.text[: page.text.rindex(page.expected[-1]["published_raw"])] + "Feb 2"
    (tmp_path / "2026-07-01.md").write_text(cut)
    assert extract(tmp_path)["appearances"]["published_on"].to_list()[-1] is None
