import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.layouts.reading import check_conservation
from paperlake.layouts.references import References, read_reference
from paperlake.layouts.refnum import recognise, split
from paperlake.records import Furniture, RawPaper, Reject

CASES = Path(__file__).parent / "cases" / "layouts"
HUB = "https://huggingface.co"
ABSTRACT = ["We ask a kettle why it sings, and write down what it says. It says that", "the lid is at fault."]
TITLES = ("On Kettles", "Do Snails Queue?", "[Re] Socks [Again]", "DR^{3}: A Study of Lids", "1984")


def card(n, title=None, abstract=ABSTRACT, by_organisation=False, comments=None, upvotes="74", first=None):
    """The lines of a card whose numbers begin with `first`; by default those that card n of a page has."""
    number = 31 + 5 * n if first is None else first
    heading = (title or f"{TITLES[n % 5]} {n}").split("\n")
    authors = [f"[[example-lab] Example Lab][{number + 3}]"]
    if not by_organisation:
        authors = ["[", f"* {n + 1} authors", f"][{number + 3}]"]
    return [
        *("[", upvotes, f"][{number}]", ""),
        *[f"### {line}" for line in f"[{chr(10).join(heading)}][{number + 1}]".split("\n")],
        *("", "[", "", *abstract, "", f"][{number + 2}]", *authors, "·"),
        "Apr 9" if comments is None else f"Apr 9 [ {comments}][{number + 4}]",
    ]


def addresses(n, first=None, host=HUB):
    """What the numbers of a card lead to."""
    number, page = 31 + 5 * n if first is None else first, f"{host}/papers/2604.9{n:04}"
    urls = [f"{host}/login?next=%2Fpapers%2F2604.9{n:04}", page, page, page, f"{page}#community"]
    return [f"[{number + i}]: {url}" for i, url in enumerate(urls)]


def without(lines, *dropped):
    return [line for line in lines if line not in dropped]


def numbers(n):
    return {name: f"][{31 + 5 * n + i}]" for i, name in enumerate(("upvotes", "title", "abstract", "authors"))}


BROKEN = {
    "no title": lambda n: [line for line in card(n) if not line.startswith("###")],
    "title without its number": lambda n: [line.split("][")[0] if line[0:1] == "#" else line for line in card(n)],
    "title that never opened": lambda n: [line.replace("### [", "### ") for line in card(n, title="On Lids")],
    "half a title": lambda n: without(card(n, title="On Kettles\nand Lids"), "### [On Kettles"),
    "the other half": lambda n: [line for line in card(n, title="On Kettles\nand Lids") if "### and" not in line],
    "empty title": lambda n: [f"### [{numbers(n)['title']}" if line[0:1] == "#" else line for line in card(n)],
    "abstract that never closed": lambda n: without(card(n), numbers(n)["abstract"]),
    "abstract that never opened": lambda n: [*card(n)[:6], *card(n)[7:]],
    "no abstract": lambda n: [*card(n)[:6], *card(n)[12:]],
    "empty abstract": lambda n: card(n, abstract=[]),
    "end of the abstract and head of the authors lost": lambda n: [*card(n)[:10], *card(n)[13:]],
    "abstract of another": lambda n: [*card(n)[:6], *card(n + 3)[6:]],
    "head alone": lambda n: card(n)[:5],
    "tail alone": lambda n: card(n)[12:],
}
"""Blocks of which no paper can be had without a list of references."""


def papers_of(lines):
    lines = [*lines, ""] if lines[-1:] == ["Apr 9"] else lines  # a newline stands behind the date
    pieces = split(lines)
    check_conservation(lines, pieces)
    return [piece for piece in pieces if isinstance(piece, RawPaper)], [p for p in pieces if isinstance(p, Reject)]


def test_every_value_of_a_card():
    found, rejects = papers_of([*card(0, comments=3, upvotes="1.2k"), *card(1, by_organisation=True, upvotes="-")])
    assert not rejects
    assert found == [
        RawPaper(
            (1, 17),
            "On Kettles 0",
            "\n".join(ABSTRACT),
            upvotes=1200,
            comments=3,
            n_authors=1,
            published_raw="Apr 9",
        ),
        RawPaper(
            (18, 32),
            "Do Snails Queue? 1",
            "\n".join(ABSTRACT),
            upvotes=0,
            organisation="Example Lab",
            published_raw="Apr 9",
        ),
    ]


@pytest.mark.parametrize("fence", [[], ["```", ""]], ids=["in the fence", "behind the fence"])
@pytest.mark.parametrize("host", [HUB, "https://hf.co", ""], ids=["hub", "short", "path"])
def test_a_list_of_references_gives_ids(fence, host):
    lines = [*card(0, comments=3), *fence, "[1]: https://huggingface.co/", *addresses(0, host=host)]
    [paper], rejects = papers_of(lines)
    assert not rejects
    assert (paper.arxiv_id, paper.paper_url, paper.comments) == (
        "2604.90000",
        f"{host or HUB}/papers/2604.90000",
        3,
    )


def test_a_number_that_the_list_lacks_or_cuts_gives_none():
    cut = [*addresses(0)[:1], addresses(0)[1][:-1]]
    [paper], _ = papers_of([*without(card(0)), *cut])
    assert (paper.arxiv_id, paper.paper_url) == ("2604.90000", None)
    [paper], _ = papers_of([*card(0), *cut[1:]])
    assert (paper.arxiv_id, paper.paper_url) == (None, None)


def test_a_list_speaks_only_for_its_own_capture():
    lines = [*card(7, first=31), *card(8, first=36), *card(1, first=31), *card(2, first=36)]
    found, _ = papers_of([*lines, *addresses(1, first=31), *addresses(2, first=36)])
    assert [paper.arxiv_id for paper in found] == [None, None, "2604.90001", "2604.90002"]


def test_a_wrapped_address_does_not_end_the_list():
    lines = [*card(0), *addresses(0)[:3], f"[99]: {HUB}/papers?q=" + "kettle" * 15, "kettlekettle", "[100]: /models"]
    [paper], rejects = papers_of(lines)
    assert (paper.arxiv_id, rejects) == ("2604.90000", [])


def test_lines_that_are_no_references():
    assert read_reference("[7] https://huggingface.co/") is None
    assert read_reference("[7]: a kettle") is None
    assert References(["On kettles"]).url(0, 1) is None


def test_titles_on_several_lines_and_with_brackets():
    for title in ("On Kettles\nand Their Lids", "[Re] Socks\n[Again] and More", "Lids][3] and [Boxes]", "A\nB\nC"):
        found, rejects = papers_of(card(0, title=title))
        assert ([paper.title_raw for paper in found], rejects) == ([title], [])


@pytest.mark.parametrize(
    "line",
    ["[12]", "[Lids] open this line", "][ stands here", "][12]", "[A][B] and [12][13]", "[", "24", "Apr 9", "·", "new"],
)
def test_what_an_abstract_may_hold(line):
    abstract = [ABSTRACT[0], line, ABSTRACT[1]]
    [paper, _], rejects = papers_of([*card(0, abstract=abstract), *card(1)])
    assert (paper.abstract_raw, rejects) == ("\n".join(abstract), [])
    assert paper.published_raw == "Apr 9"


@pytest.mark.parametrize(
    "lines",
    [
        ["[[example-lab] Example", "Lab][34]"],
        ["[[example-lab]", "Example Lab][34]"],
        ["[", "[example-lab] Example Lab", "][34]"],
    ],
)
def test_organisations_on_several_lines(lines):
    text = card(0, by_organisation=True)
    at = text.index("[[example-lab] Example Lab][34]")
    [paper], rejects = papers_of([*text[:at], *lines, *text[at + 1 :]])
    assert (paper.organisation.split(), paper.published_raw, rejects) == (["Example", "Lab"], "Apr 9", [])


def test_authors_behind_bullets_of_pictures():
    lines = card(4)
    at = lines.index("* 5 authors")
    [paper], _ = papers_of([*lines[:at], "* [mira-k]", "*", *lines[at:]])
    assert paper.n_authors == 5


CUT = [*card(0)[:9], "It boi"]


@pytest.mark.parametrize(
    "end",
    [[], ["", "[Content truncated]", "```"], ["", "[Content truncated]", ""], ["```"], ["]["], ["[Content tr"]],
)
def test_a_cut_abstract_stays(end):
    [paper], rejects = papers_of([*CUT, *end])
    assert (paper.abstract_raw, paper.is_cut, rejects) == (f"{ABSTRACT[0]}\nIt boi", True, [])
    assert (paper.n_authors, paper.published_raw) == (None, None)


def test_a_list_below_a_cut_abstract_is_no_part_of_it():
    [paper], rejects = papers_of([*CUT, "", *addresses(0)])
    assert (paper.abstract_raw, paper.is_cut, rejects) == (f"{ABSTRACT[0]}\nIt boi", True, [])
    assert paper.arxiv_id == "2604.90000"


@pytest.mark.parametrize(
    "following",
    [card(0)[13:], card(1)[1:], ["* 1 auth"], ["24"]],
    ids=["authors", "the next upvotes", "cut authors", "cut upvotes"],
)
def test_an_abstract_that_runs_into_another_link_is_no_abstract(following):
    found, rejects = papers_of([*card(0)[:10], *following])
    assert [paper.title_raw for paper in found] == ["Do Snails Queue? 1"] * (len(following) > 10)
    assert rejects[0].block.line_start == 1


def test_a_link_cut_behind_a_stray_abstract_is_no_abstract():
    found, [reject] = papers_of([*card(0)[:6], *ABSTRACT, "[", "kett"])
    assert (found, reject.reason) == ([], "missing_abstract")


def test_a_date_without_authors_above_is_not_taken():
    [paper], _ = papers_of([*card(0)[:12], *card(1)[15:]])
    assert (paper.title_raw, paper.published_raw) == ("On Kettles 0", None)


def test_the_mark_of_a_cut_behind_a_word_is_no_part_of_it():
    [paper], _ = papers_of([*CUT[:-1], "It boi [Content truncated]", "```"])
    assert (paper.abstract_raw.split("\n")[-1], paper.is_cut) == ("It boi", True)


def test_an_abstract_that_runs_into_the_footer_is_no_abstract():
    found, [first, *_] = papers_of([*CUT, "[Previous][80]", "System theme"])
    assert (found, first.reason) == ([], "missing_abstract")


def test_menu_and_day_of_the_page_are_furniture():
    lines = ["```text", "[[Logo] Hugging Face][1]", "* [ Models ][2]", "    * [ Tasks][9]", "* * Website", "new"]
    lines += ["[Subscribe][29]", "# Daily Papers", "## by[AK][30] and the research community", "* Daily", "Apr 22"]
    pieces = split([*lines, *card(0), "[Previous][36]", "System theme", "```"])
    named = {piece.text: piece.name for piece in pieces if isinstance(piece, Furniture)}
    assert (named["Apr 22"], named["* [ Models ][2]"], named["* Daily"]) == ("page_date", "link", "tab")
    [paper] = (piece for piece in pieces if not isinstance(piece, Furniture))
    assert (paper.block, paper.published_raw) == ((12, 28), "Apr 9")


def test_the_date_of_a_record_is_never_that_of_the_page():
    other = [*addresses(0)[:4], "[35]: https://huggingface.co/papers/2604.90007#community"]
    pieces = split([*card(0, comments=3), *other])
    assert not any(isinstance(piece, Furniture) and piece.name == "page_date" for piece in pieces)
    [paper] = (piece for piece in pieces if isinstance(piece, RawPaper))
    assert (paper.arxiv_id, paper.comments, paper.published_raw) == ("2604.90000", None, None)


def test_values_of_the_next_card_are_not_taken():
    [paper, *_], _ = papers_of([*card(0)[:12], *card(1)[12:]])
    assert (paper.n_authors, paper.published_raw) == (None, None)
    [paper, *_], _ = papers_of([*card(0)[:4], *card(1)[4:]])
    assert (paper.title_raw, paper.upvotes) == ("Do Snails Queue? 1", None)


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_only_the_broken_block_is_lost(kind, place):
    blocks = [card(1, comments=2), card(6, by_organisation=True)]
    blocks.insert(place, BROKEN[kind]((0, 3, 8)[place]))
    start = 1 + sum(map(len, blocks[:place]))
    found, rejects = papers_of([line for block in blocks for line in block])
    assert [paper.title_raw for paper in found] == ["Do Snails Queue? 1", "Do Snails Queue? 6"]
    assert all(paper.abstract_raw == "\n".join(ABSTRACT) and paper.published_raw == "Apr 9" for paper in found)
    assert rejects[0].block.line_start == start
    assert rejects[-1].block.line_end < start + len(blocks[place])


OPTIONS = st.fixed_dictionaries({"by_organisation": st.booleans(), "comments": st.none() | st.integers(0, 999)})
BLOCKS = st.lists(st.tuples(st.integers(0, 40), OPTIONS, st.none() | st.sampled_from(sorted(BROKEN))), max_size=7)


def write(blocks):
    """Lines of the blocks, and the good ones as (first line, last line, title, comments)."""
    lines, good = [], []
    for n, options, broken in blocks:
        block = BROKEN[broken](n) if broken else card(n, **options)
        if not broken:
            good.append((len(lines) + 1, len(lines) + len(block), f"{TITLES[n % 5]} {n}", options["comments"]))
        lines += block
    return lines, good


@given(BLOCKS)
def test_any_mixture_loses_only_the_broken(blocks):
    lines, good = write(blocks)
    found, rejects = papers_of(lines)
    assert [(*paper.block, paper.title_raw, paper.comments) for paper in found] == good
    assert all((paper.organisation is None) != (paper.n_authors is None) for paper in found)
    assert len(rejects) >= sum(broken is not None for *_, broken in blocks)


@given(BLOCKS, st.booleans(), st.data())
def test_a_cut_anywhere_invents_nothing(blocks, has_list, data):
    lines, _ = write(blocks)
    if has_list:
        lines += [line for n in range(41) for line in addresses(n)]
    text = "\n".join(lines)
    start = data.draw(st.integers(0, len(text)))
    found, _ = papers_of(text[start : data.draw(st.integers(start, len(text)))].split("\n"))
    whole = "\n".join(ABSTRACT)
    for paper in found:
        assert paper.title_raw in {f"{TITLES[n % 5]} {n}" for n, *_ in blocks}
        assert paper.abstract_raw in (None, whole) or (paper.is_cut and whole.startswith(paper.abstract_raw))
        n = int(paper.title_raw.split()[-1]) if paper.title_raw[-1].isdigit() else None
        assert n is None or paper.n_authors in (None, n + 1)
        assert n is None or paper.arxiv_id in (None, f"2604.9{n:04}")


LINES = [*card(1, comments=2), *card(2, by_organisation=True), *addresses(1), "```", "·", "* 3 authors", "[Content"]


@given(st.lists(st.sampled_from(LINES) | st.text(alphabet="[]#-*· \u00a0\x0c7", max_size=6), max_size=40))
def test_lines_in_any_order_never_raise_and_none_is_lost(lines):
    found, _ = papers_of(lines)
    for paper in found:
        assert paper.title_raw.strip()
        assert paper.abstract_raw or paper.arxiv_id
        assert paper.published_raw in (None, "Apr 9")


def test_a_part_without_header_is_recognised_and_others_are_not():
    assert recognise(card(0)).is_known
    assert recognise(card(0, title="On\nKettles")[4:]).is_known
    for path in sorted(CASES.glob("*/*.txt")):
        lines = path.read_text().split("\n")
        assert recognise(lines).is_known == (path.parent.name == "refnum"), path
    answer = recognise(["On Kettles", *ABSTRACT])
    assert not answer.is_known
    assert answer.why.startswith("expected ")


@pytest.mark.skipif("PAPERLAKE_REAL_DUMPS" not in os.environ, reason="no real dumps at hand")
def test_no_other_real_dump_is_claimed():
    for path in sorted(Path(os.environ["PAPERLAKE_REAL_DUMPS"], "dumps").rglob("*.*")):
        lines = path.read_text(errors="replace").split("\n")[:400]
        assert recognise(lines).is_known == (path.stem == "refnum"), path


def test_a_date_without_a_year_that_the_end_may_have_cut_is_none():
    for published in ("Apr 9", "Apr 9, 2026"):
        [paper] = [piece for piece in split([*card(0)[:-1], published]) if isinstance(piece, RawPaper)]
        assert paper.published_raw == (published if "," in published else None)
