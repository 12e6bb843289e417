import pytest

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
