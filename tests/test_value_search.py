"""Values of a record are found on its lines, however its capture tool wrote them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.explain.value_search import Hit, find_value


def lines_of(lines, column, value):
    return [hit.line for hit in find_value(lines, column, value)]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("### [Socks with\\  Labels](https://hf.co/papers/2601.90001)", "title_raw", "Socks with Labels"),
        ("&quot;title&quot;:&quot;Tea &amp;amp; Toast&quot;", "title_raw", "Tea & Toast"),
        ('"title": "Caf\\u00e9 Kettles and \\"Tea\\""', "title_raw", 'Café Kettles and "Tea"'),
        ("Sub_nets \\_of\\_ Snails", "title_raw", "Sub_nets _of_ Snails"),
        ("SubscribePairing Socks", "title_raw", "Pairing Socks"),
        ("[64](https://hf.co/login?next=%2Fpapers%2F2601.90001)", "upvotes", 64),
        ("[-](https://hf.co/login?next=%2Fpapers%2F2601.90001)", "upvotes", 0),
        (" [-] 74", "upvotes", 74),
        ("Where Spoons Go in 2026 (341 ▲)", "upvotes", 341),
        ("[LINK: GitHub 11.3k](https://github.com/example-lab/spoons)", "github_stars", 11300),
        ("Apr 17 [ 7][35]", "comments", 7),
        ("- 1 authors", "n_authors", 1),
        ('<a href="/papers/2601.90001">', "paper_url", "https://huggingface.co/papers/2601.90001"),
        ('"id": "2601.90001",', "paper_url", "https://huggingface.co/papers/2601.90001"),
        ("https:\\/\\/github.com\\/example-lab\\/socks", "github_url", "https://github.com/example-lab/socks"),
    ],
)  # fmt: skip
def test_a_value_is_found_as_a_page_writes_it(line, column, value):
    assert lines_of(["nothing here", line, ""], column, value) == [1]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("Teapots drip", "organisation", "Tea"),
        ("12601.900012", "arxiv_id", "2601.90001"),
        ("In 64 kettles and 12 socks we found that " + "tea is hot " * 20, "upvotes", 64),
        ('"authors": [{"_id": 4}]', "n_authors", 4),
        ("14 authors", "n_authors", 4),
        ("5.64 and 64% and v64", "upvotes", 64),
        ("A", "title_raw", "A*B"),
    ],
)
def test_what_only_looks_like_a_value_is_none(line, column, value):
    assert find_value([line], column, value) == []


def test_a_count_beside_its_word_wins_over_one_that_stands_alone():
    lines = ["7", "comments", "7 of 9", "Upvoted 7 times"]
    assert lines_of(lines, "upvotes", 7) == [3]
    assert lines_of(lines, "comments", 7) == [0]
    assert lines_of(["7", "", "7"], "upvotes", 7) == [0, 2]


def test_of_a_wrapped_value_the_first_line_is_meant():
    lines = ["Title", "[Socks are many\\\\", "and hard to pair]"]
    assert lines_of(lines, "abstract_raw", "Socks are many\nand hard to pair") == [1]


def test_an_address_is_no_part_of_another():
    lines = ["https://hf.co/papers/2601.90001.png", "[12](/papers/2601.90001#community)"]
    assert lines_of(lines, "paper_url", "https://huggingface.co/papers/2601.90001") == [1]


def test_on_one_line_the_value_next_to_the_title_is_meant():
    line = '{"title": "Mugs", "upvotes": 5}, {"title": "Kettles", "upvotes": 5}'
    anchor = find_value([line], "title_raw", "Kettles")[0]
    [hit] = find_value([line], "upvotes", 5, anchor)
    assert hit.start > anchor.start
    assert find_value([line], "upvotes", 5)[0].start < anchor.start
    assert find_value([line], "upvotes", 5, Hit(1, 0, 1))[0].start < anchor.start


WORDS = ("Kettle", "sock,", "& tea", "(snail)", "É", "“whistle”", "x_1", "\\alpha")


@given(st.lists(st.sampled_from(WORDS), min_size=2))
def test_json_escapes_hide_no_title(words):
    title = " ".join(words)
    n_letters = sum(character.isascii() and character.isalnum() for character in title)
    if n_letters >= 4:
        assert lines_of(["{", json.dumps({"id": 1, "title": title}) + ","], "title_raw", title) == [1]
