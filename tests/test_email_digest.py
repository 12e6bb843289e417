import datetime as dt
import quopri

import pytest
from benchmarks.page_writers import invent, write_page
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.layouts import email_digest
from paperlake.layouts.reading import check_conservation
from paperlake.records import Furniture, RawPaper, Reject

CAPTURED_ON = dt.date(2026, 7, 1)
PAPERS = st.lists(st.sampled_from(invent(40, seed=3)), min_size=1, max_size=5, unique=True)
HEADER = ["Daily Papers", "by AK and the AI research community", "Here is the selection of papers for today (6 Jul):"]
LONG = "A Study of Mugs, Their Handles and Those Who Hold Them in the Morning (140 ▲)"


def read(lines):
    pieces = email_digest.split(lines)
    check_conservation(lines, pieces)
    return pieces


def titles_of(lines):
    return [(piece.title_raw, piece.upvotes) for piece in read(lines) if isinstance(piece, RawPaper)]


def test_the_day_of_the_mail_is_furniture():
    pieces = read([*HEADER, "Warm Mugs (3 ▲)", "To view more checkout today's Daily Paper page."])
    assert [(p.name, p.text) for p in pieces if isinstance(p, Furniture) and p.name == "page_date"] == [
        ("page_date", "6 Jul")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Mugs (and Cups) (140 ▲)", [("Mugs (and Cups)", 140)]),
        ("Mugs (1.2k▲)", [("Mugs", 1200)]),
        ("> > Mugs (3 ▲)", [("Mugs", 3)]),
        ("Mugs (3 ▲) are the best of today", []),
        ("Mugs (3 ▲) Cups (4 ▲)", []),
        ("Mugs (many ▲)", []),
        ("Mugs (3 votes)", []),
    ],
)
def test_a_mark_at_the_end_of_a_line_makes_a_title(line, expected):
    assert titles_of([*HEADER, line]) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Mugs, Their Handles and Those Who Hold Them Every Morning before", "Tea (3 ▲)"], 2),
        (["Mugs That Are Left on Window Sills", "in the Rain (3 ▲)"], 2),
        (["A Title without Its Mark", "Tea (3 ▲)"], 1),
        (["Good morning, here are the papers that we liked best in all the world:", "Tea (3 ▲)"], 1),
        (["Mugs That Are Left on Window Sills", "", "in the Rain (3 ▲)"], 1),
    ],
)
def test_a_line_is_joined_to_the_one_above_only_where_a_mail_program_broke_it(lines, expected):
    [_, (title, upvotes)] = titles_of([LONG, *lines])
    assert title == "\n".join(line for line in lines[-expected:]).removesuffix(" (3 ▲)")
    assert upvotes == 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Mugs (3 ▲)", "https://huggingface.co/papers/2607.90001?utm=digest"],
        ["Mugs (3 ▲) <https://huggingface.co/papers/2607.90001>"],
        ['<a href="https://huggingface.co/papers/2607.90001">Mugs (3 ▲)</a>'],
    ],
)
def test_a_link_beside_a_title_gives_its_id(lines):
    [paper] = [piece for piece in read([*HEADER, *lines]) if isinstance(piece, RawPaper)]
    assert (paper.title_raw, paper.arxiv_id) == ("Mugs", "2607.90001")
    assert paper.paper_url == "https://huggingface.co/papers/2607.90001"


def test_two_links_on_the_line_of_one_title_give_no_id():
    links = [f'<a href="https://huggingface.co/papers/2607.9000{n}">' for n in (1, 2)]
    line = f"{links[0]}A</a> {links[1]}B (3 ▲)</a>"
    assert [p.arxiv_id for p in read([*HEADER, line]) if isinstance(p, RawPaper)] == [None]


@pytest.mark.parametrize("name", ["Subject", "From", "X-Digest"])
def test_a_mail_header_is_no_title_but_a_title_may_look_like_one(name):
    line = f"{name}: Of Mugs (3 ▲)"
    assert titles_of([line, "", *HEADER, line]) == [(f"{name}: Of Mugs", 3)]


def test_equals_signs_of_a_plain_mail_stay():
    assert titles_of([*HEADER, "x=3D: A Study (3 ▲)", "y=20 (4 ▲)"]) == [("x=3D: A Study", 3), ("y=20", 4)]


def test_a_title_that_lost_its_mark_and_one_that_was_cut_are_rejects():
    pieces = read([LONG, "A Title without Its Mark", "Tea (3 ▲)", "Cups (1"])
    assert [(p.block, p.reason) for p in pieces if isinstance(p, Reject)] == [
        ((2, 2), "unread_text"),
        ((4, 4), "cut_off"),
    ]


@given(PAPERS, st.data())
@settings(max_examples=200)
def test_a_mail_cut_anywhere_shows_whole_titles_only(papers, data):
    text = write_page("email_digest", papers, captured_on=CAPTURED_ON).text
    cut = text[: data.draw(st.integers(0, len(text)))]
    assert titles_of(cut.removesuffix("\n").split("\n")) == [(p.title, p.upvotes) for p in papers][: cut.count("▲)")]


@given(PAPERS)
@settings(max_examples=200)
def test_quoted_printable_is_undone_and_line_numbers_stay(papers):
    page = write_page("email_digest", papers, captured_on=CAPTURED_ON)
    lines = quopri.encodestring(page.text.encode()).decode("ascii").removesuffix("\n").split("\n")
    pieces = read(lines)
    if any(line.endswith("=") for line in lines):
        found = [piece for piece in pieces if isinstance(piece, RawPaper)]
        assert [(paper.title_raw, paper.upvotes) for paper in found] == [(p.title, p.upvotes) for p in papers]
        written = ["\n".join(lines[b.line_start - 1 : b.line_end]).replace("=\n", "") for b, *_ in found]
        assert all(text.endswith("=E2=96=B2)") for text in written)


PIECES = st.sampled_from([*HEADER, LONG, "", "=", "a=3D=", "Subject: Of Mugs", "--0000kettle", "(3 ▲)", "> a"])


@given(st.lists(st.text(alphabet="ab(3▲) =>\t<-:E29BD", max_size=10) | PIECES, max_size=12))
@settings(max_examples=300)
def test_no_line_is_lost(lines):
    read(lines)
