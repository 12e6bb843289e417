"""What holds for every layout: a page cut, repeated, put in any order or mixed with broken blocks costs nobody else."""

from datetime import date

import pytest
from benchmarks.page_writers import FIELDS, WRITERS, Sheet, invent, write_page
from benchmarks.page_writers.page import CardWriter
from hypothesis import example, given
from hypothesis import strategies as st

from paperlake.errors import LayoutError
from paperlake.layouts import LAYOUTS
from paperlake.layouts.reading import read_parts
from paperlake.layouts.values import ends_sentence
from paperlake.records import Block, RawPaper, Reject

DAY = date(2026, 7, 1)
PAPERS = invent(8, seed=5)
LAYOUT_NAMES = [layout.name for layout in LAYOUTS if layout.name in WRITERS]
BY_CARD = [name for name in LAYOUT_NAMES if isinstance(WRITERS[name], CardWriter)]
PAGES = {name: write_page(name, PAPERS, captured_on=DAY) for name in LAYOUT_NAMES}


def read(lines: list[str]) -> tuple[list[RawPaper], list[Reject]]:
    """Papers and rejects; `read_parts` itself sees to it that every line is in one of the pieces."""
    try:
        parts = read_parts(lines, "d.txt")
    except LayoutError as error:
        return [], [Reject(Block(1, len(lines)), error.reason, error.detail)]
    pieces = [piece for part in parts for piece in part.pieces]
    return [p for p in pieces if isinstance(p, RawPaper)], [p for p in pieces if isinstance(p, Reject)]


def values(paper: RawPaper) -> dict:
    return {name: getattr(paper, name) for name in FIELDS}


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
@given(share=st.floats(0, 1))
@example(share=0.999)
def test_a_page_cut_at_any_character_invents_nothing(layout, share):
    page = PAGES[layout]
    text = page.text[: int(share * len(page.text))]
    papers, _ = read(text.removesuffix("\n").split("\n"))
    for number, (paper, card) in enumerate(zip(papers, page.expected, strict=False)):
        is_last = number == len(papers) - 1
        assert paper.title_raw == card["title_raw"]
        for name, value in values(paper).items():
            if name == "abstract_raw" and is_last and value != card[name]:
                assert paper.is_cut or value is None or ends_sentence(value)
                assert value is None or (card[name] or "").startswith(value.rstrip("\\"))
            elif name == "published_raw" and is_last:
                assert value is None or (card[name] or "").startswith(value)
            else:
                assert value in (card[name], None) if is_last else value == card[name], name


def block(layout: str, number: int, position: int = 0) -> tuple[list[str], dict, int, int]:
    """Lines of one card with blank lines around, its truth, and the places of its first and last line."""
    writer = WRITERS[layout]
    assert isinstance(writer, CardWriter)
    sheet = Sheet(DAY, n_papers=len(PAPERS))
    sheet.position, sheet.copy = position, 1
    written = writer.card(PAPERS[number], sheet)
    return list(written.lines), written.expected, written.first, written.last


def assemble(layout: str, numbers: list[int], broken: dict[int, str]) -> tuple[list[str], list[dict]]:
    """A page of these cards, some of them broken, and the truth of the whole ones with their lines."""
    lines = write_page(layout, [], captured_on=DAY, footer=False).lines
    lines = [*lines, *([] if layout == "compact" else [""])]
    truths = []
    for place, number in enumerate(numbers):
        card, truth, first, last = block(layout, number, place)
        if place in broken:
            card = BREAKS[broken[place]](card, truth)
        else:
            start = len(lines) + 1
            truths.append({**truth, "lines": (start + first, start + last)})
        lines += card
    return [*lines, ""], truths


def without_title(card: list[str], truth: dict) -> list[str]:
    words = [part.strip() for part in truth["title_raw"].split("\n")]
    at = next(n for n, line in enumerate(card) if plain(words[0])[:20] in plain(line))
    return [*card[:at], *card[at + len(words) :]]


def plain(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def garbage(card: list[str], _truth: dict) -> list[str]:
    return ["", "~ ~ ~ noise ~ ~ ~", "", *(["a line that means nothing at all, " * 9] if len(card) > 3 else [])]


BREAKS = {"without its title": without_title, "garbage": garbage}


@pytest.mark.parametrize("layout", [name for name in BY_CARD if name not in ("email_digest",)])
@given(data=st.data())
def test_only_broken_blocks_are_lost(layout, data):
    numbers = data.draw(st.permutations(range(8)))
    breaks = ["without its title"] if layout in ("compact", "spaced") else sorted(BREAKS)
    places = data.draw(st.sets(st.integers(0, 7), max_size=3))
    broken = {place: data.draw(st.sampled_from(breaks)) for place in sorted(places)}
    lines, truths = assemble(layout, numbers, broken)
    papers, rejects = read(lines)
    found = [{**values(paper), "lines": tuple(paper.block)} for paper in papers]
    assert found == truths
    if "without its title" in broken.values():
        assert rejects


@pytest.mark.parametrize("layout", BY_CARD)
@given(order=st.permutations(range(8)), again=st.lists(st.integers(0, 7), max_size=5))
def test_blocks_in_any_order_and_number_give_the_same_records(layout, order, again):
    lines, truths = assemble(layout, [*order, *again], {})
    papers, rejects = read(lines)
    assert [{**values(paper), "lines": tuple(paper.block)} for paper in papers] == truths
    assert not rejects


@given(one=st.sampled_from(LAYOUT_NAMES), other=st.sampled_from(LAYOUT_NAMES), size=st.integers(1, 40))
@example(one="mcp_search", other="linktag", size=3)
@example(one="clipper", other="mcp_search", size=8)
@example(one="clipper", other="spaced", size=23)
def test_pages_of_two_layouts_line_by_line_never_raise_and_never_invent(one, other, size):
    """Lines of two pages in turns are no page of any tool: whatever comes out, no title is made of furniture."""
    first, second = PAGES[one].lines, PAGES[other].lines
    mixed = [
        line
        for at in range(0, max(len(first), len(second)), size)
        for page in (first, second)
        for line in page[at : at + size]
    ]
    papers, _ = read(mixed)
    known = {plain(paper.title) for paper in PAPERS}
    unknown = [paper.title_raw for paper in papers if not any(title in plain(paper.title_raw) for title in known)]
    furniture = (
        "Get trending",
        "Submitted by",
        "Trending Papers",
        "Daily Papers",
        "Subscribe",
        "Hugging Face",
        "Published on",
    )
    assert not [title for title in unknown if title.startswith(furniture)]
