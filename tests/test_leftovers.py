"""Pieces of pages without header, put into one file: nothing but the records tells where the next one begins."""

from datetime import date
from itertools import permutations

import pytest
from benchmarks.page_writers import WRITERS, invent, write_page

from paperlake.layouts import LAYOUTS
from paperlake.layouts.leftovers import Leftover, find_leftovers
from paperlake.layouts.reading import read_parts
from paperlake.records import Block, Furniture, RawPaper, Reject

PAPERS = [paper for paper in invent(60, seed=21) if len(paper.abstract) > 400][:12]
MARKDOWN = {"firecrawl", "structmd", "linktag", "clipper"}
"""Their records differ by their whole page only."""
NOT_TOLD = {("clipper", "email_digest")}
PAIRS = [
    pair
    for pair in permutations([layout.name for layout in LAYOUTS if layout.name in WRITERS], 2)
    if not {*pair} <= MARKDOWN and pair not in NOT_TOLD
]


def piece_of(layout: str, papers):
    return write_page(layout, papers, captured_on=date(2026, 7, 1), header=False, footer=False)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_what_one_layout_left_over_another_reads(first, second):
    pages = [piece_of(first, PAPERS[:6]), piece_of(second, PAPERS[6:])]
    lines = [*pages[0].lines, "", *pages[1].lines]
    found = [p for part in read_parts(lines, "d.txt") for p in part.pieces if isinstance(p, RawPaper)]
    assert sorted(p.title_raw for p in found) == sorted(card["title_raw"] for page in pages for card in page.expected)


PAPER = RawPaper(Block(3, 4), "On Kettles")
LINES = ["a line of some twenty characters"] * 12


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ([Furniture(Block(1, 2), "page_text"), PAPER], []),
        ([Reject(Block(1, 2), "unread_text", ""), PAPER], []),
        ([Reject(Block(1, 2), "cut_off", ""), PAPER, Furniture(Block(5, 9), "page_text")], [Leftover(4, 9)]),
        ([PAPER, Furniture(Block(5, 5), "rule"), Furniture(Block(6, 9), "page_text")], [Leftover(5, 9)]),
        ([PAPER, Furniture(Block(5, 12), "banner")], []),
        ([PAPER], []),
        ([], []),
    ],
    ids=["header", "too short", "behind the papers", "without the rule", "known words", "nothing left", "nothing"],
)  # fmt: skip
def test_a_leftover_is_unread_text_long_enough_to_be_a_capture(pieces, found):
    assert find_leftovers(LINES, pieces) == found
