import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.layouts.notebooklm import recognise, split
from paperlake.layouts.reading import check_conservation
from paperlake.records import Furniture, RawPaper, Reject

CASES = Path(__file__).parent / "cases" / "layouts"
HUB = "https://huggingface.co"
PROSE = "We ask a kettle why it sings, and write down what it says. " * 5
TITLES = ("On Kettles", "Do Snails Queue?", "[Re] Socks [Again]", "DR^{3}: A Study of Lids", "1984")


def url_of(n):
    return f"{HUB}/papers/2604.9{n:04}"


def card(n, title=None, abstract=None, by_organisation=False, comments=None, upvotes="74"):
    """The lines of a card that are not blank."""
    url = url_of(n)
    authors = [url, " Example Lab", f"{HUB}/example-lab"] if by_organisation else ["[", f"{n + 1} authors]({url})"]
    date = ["Apr 9"] if comments is None else ["Apr 9 ", str(comments), f"{url}#community"]
    login = f"{HUB}/login?next=%2Fpapers%2F2604.9{n:04}"
    title, abstract = title or f"{TITLES[n % 5]} {n}", abstract or f"{PROSE}It says {n}."
    return [f" [-] {upvotes}", login, title, url, abstract, url, *authors, "·", *date]


def without(lines, *indices):
    return [line for at, line in enumerate(lines) if at not in indices]


def changed(lines, at, line):
    return [*lines[:at], line, *lines[at + 1 :]]


BROKEN = {
    "no title": lambda n: without(card(n), 2, 3),
    "no words of the title": lambda n: without(card(n), 2),
    "no address of the title": lambda n: without(card(n, comments=2), 3),
    "no upvotes": lambda n: without(card(n), 0),
    "no login link": lambda n: without(card(n), 1),
    "neither": lambda n: without(card(n, by_organisation=True), 0, 1),
    "id of the title cut": lambda n: changed(card(n), 3, url_of(n)[:-1]),
    "id of the login link cut": lambda n: changed(card(n), 1, f"{HUB}/login?next=%2Fpapers%2F2604.9"),
    "title of another paper": lambda n: changed(card(n), 3, url_of(n + 5000)),
    "upvotes that are no number": lambda n: card(n, upvotes="many"),
    "head alone": lambda n: card(n)[:3],
    "upvotes alone": lambda n: [*card(n)[:2], "["],
    "tail alone": lambda n: card(n)[6:],
    "two titles": lambda n: changed(card(n), 2, "On Lids\n·\nOn Boxes"),
    "text of another paper": lambda n: [*card(n)[:3], *card(n + 5000)[3:]],
}
"""Blocks of which no paper can be had."""


def apart(lines, blank=("",)):
    return [part for line in lines for part in (*line.split("\n"), *blank)]


def papers_of(lines):
    lines = [*lines, ""] if lines[-1:] == ["Apr 9"] else lines  # a newline stands behind the date
    pieces = split(lines)
    check_conservation(lines, pieces)
    return [piece for piece in pieces if isinstance(piece, RawPaper)], [p for p in pieces if isinstance(p, Reject)]


def test_every_value_of_a_card():
    [with_authors, with_organisation], rejects = papers_of(
        apart([*card(0, comments=3, upvotes="1.2k"), *card(1, by_organisation=True, upvotes="-")])
    )
    assert not rejects
    assert with_authors == RawPaper(
        (1, 23),
        "On Kettles 0",
        f"{PROSE}It says 0.",
        "2604.90000",
        f"{HUB}/papers/2604.90000",
        upvotes=1200,
        comments=3,
        n_authors=1,
        published_raw="Apr 9",
    )
    found = with_organisation
    assert (found.upvotes, found.comments, found.n_authors) == (0, None, None)
    assert (found.organisation, found.published_raw) == ("Example Lab", "Apr 9")


@pytest.mark.parametrize("blank", [(), ("",), ("", " ", "")], ids=["none", "one", "many"])
def test_blank_lines_mean_nothing(blank):
    lines = [*card(0, comments=3), *card(1, by_organisation=True), *card(2)]
    found, rejects = papers_of(apart(lines, blank))
    assert not rejects
    assert [paper._replace(block=None) for paper in found] == [
        paper._replace(block=None) for paper in papers_of(lines)[0]
    ]


@pytest.mark.parametrize("host", ["https://hf.co", "https://www.huggingface.co", "http://huggingface.co"])
def test_other_names_of_the_hub(host):
    [paper], rejects = papers_of([line.replace(HUB, host) for line in card(0, comments=3)])
    assert not rejects
    assert (paper.arxiv_id, paper.paper_url, paper.comments) == ("2604.90000", f"{host}/papers/2604.90000", 3)


@pytest.mark.parametrize("at", range(14))
def test_an_unclosed_bracket_may_stand_anywhere(at):
    lines = card(0, by_organisation=True, comments=2)
    [paper], rejects = papers_of([*lines[:at], "[", *lines[at:]])
    [same], _ = papers_of(lines)
    assert not rejects
    assert paper._replace(block=None) == same._replace(block=None)


def test_a_link_may_say_nothing_but_a_bracket():
    lines = card(0)
    for at in (2, 4):
        [paper], _ = papers_of([*lines[:at], "[", url_of(0), *lines[at:]])
        assert (paper.title_raw, paper.abstract_raw) == ("On Kettles 0", lines[4])


def test_texts_of_several_lines():
    abstract = "First we boil.\nhttps://github.com/example-lab/kettles\nis where\n[12]\nthe kettles are."
    [paper], rejects = papers_of(apart(card(0, title="On Kettles\nand Their Lids", abstract=abstract)))
    assert not rejects
    assert (paper.title_raw, paper.abstract_raw) == ("On Kettles\nand Their Lids", abstract)


def test_words_and_day_of_the_page_are_furniture():
    lines = ["AK", f"{HUB}/akhaliq", " and the research community", "tea kettles", "Daily", f"{HUB}/papers/trending"]
    lines += [f"{HUB}/papers/date/2026-04-21", "Apr 22", *card(0), "Previous", f"{HUB}/papers/date/2026-04-21"]
    lines += ["System theme", "Company", "TOS", f"{HUB}/terms-of-service", "Docs", f"{HUB}/docs"]
    pieces = split(lines)
    check_conservation(lines, pieces)
    named = {piece.text: piece.name for piece in pieces if isinstance(piece, Furniture)}
    assert (named["tea kettles"], named["Apr 22"], named["TOS"]) == ("query", "page_date", "footer")
    [paper] = (piece for piece in pieces if isinstance(piece, RawPaper))
    assert (paper.block, paper.published_raw) == ((9, 18), "Apr 9")


def test_links_of_a_footer_are_no_organisation():
    lines = [*card(0)[:6], url_of(0), "TOS", f"{HUB}/terms-of-service", "Docs", f"{HUB}/docs"]
    [paper], _ = papers_of(lines)
    assert paper.organisation is None


def test_the_date_of_another_record_is_not_taken():
    lines = [*card(0)[:6], *card(1)[8:]]
    [paper], _ = papers_of(lines)
    assert paper.published_raw is None
    assert not any(isinstance(piece, Furniture) and piece.name == "page_date" for piece in split(lines))


def test_a_title_without_its_abstract_stays():
    [paper, whole], _ = papers_of([*without(card(0), 4, 5), *card(1)])
    assert (paper.title_raw, paper.abstract_raw, paper.n_authors) == ("On Kettles 0", None, 1)
    assert whole.arxiv_id == "2604.90001"


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_only_the_broken_block_is_lost(kind, place):
    blocks = [card(1, comments=2), card(2, by_organisation=True)]
    blocks.insert(place, BROKEN[kind](9))
    start = 1 + sum(map(len, (apart(block) for block in blocks[:place])))
    found, rejects = papers_of(apart([line for block in blocks for line in block]))
    assert [paper.arxiv_id for paper in found] == ["2604.90001", "2604.90002"]
    assert all(paper.abstract_raw and paper.published_raw == "Apr 9" for paper in found)
    assert rejects[0].block.line_start == start
    assert rejects[-1].block.line_end <= start + len(apart(blocks[place]))


OPTIONS = st.fixed_dictionaries({"by_organisation": st.booleans(), "comments": st.none() | st.integers(0, 999)})
BLOCKS = st.lists(st.tuples(st.integers(0, 40), OPTIONS, st.none() | st.sampled_from(sorted(BROKEN))), max_size=7)


def write(blocks):
    """Lines of the blocks, and the good ones as (first line, last line, title, comments)."""
    lines, good = [], []
    for n, options, broken in blocks:
        block = apart(BROKEN[broken](n) if broken else card(n, **options))
        if not broken:
            good.append((len(lines) + 1, len(lines) + len(block) - 1, f"{TITLES[n % 5]} {n}", options["comments"]))
        lines += block
    return lines, good


@given(BLOCKS)
def test_any_mixture_loses_only_the_broken(blocks):
    lines, good = write(blocks)
    found, rejects = papers_of(lines)
    assert [(*paper.block, paper.title_raw, paper.comments) for paper in found] == good
    assert all((paper.organisation is None) != (paper.n_authors is None) for paper in found)
    assert len(rejects) >= sum(broken is not None for *_, broken in blocks)


@given(BLOCKS, st.data())
def test_a_cut_anywhere_invents_nothing(blocks, data):
    lines, good = write(blocks)
    text = "\n".join(lines)
    start = data.draw(st.integers(0, len(text)))
    found, _ = papers_of(text[start : data.draw(st.integers(start, len(text)))].split("\n"))
    assert {paper.title_raw for paper in found} <= {title for _, _, title, _ in good}
    for at, paper in enumerate(found):
        n = int(paper.arxiv_id[-4:])
        whole = f"{PROSE}It says {n}."
        assert paper.abstract_raw in (None, whole) or (paper.is_cut and whole.startswith(paper.abstract_raw))
        assert paper.n_authors in (None, n + 1)
        assert paper.upvotes == 74
        assert not paper.is_cut or at == len(found) - 1


LINES = [*card(1, comments=2), *card(2, by_organisation=True), "", " ", "[", "12", "Apr 22", "Previous", "new", PROSE]


@given(st.lists(st.sampled_from(LINES) | st.text(alphabet="[]-·. \u00a0\x0c7h", max_size=6), max_size=40))
def test_lines_in_any_order_never_raise_and_none_is_lost(lines):
    found, _ = papers_of(lines)
    for paper in found:
        assert paper.upvotes == 74
        assert paper.title_raw.strip()
        assert paper.published_raw in (None, "Apr 9", "Apr 22")


def test_a_part_without_header_is_recognised_and_others_are_not():
    assert recognise(apart(card(0))).is_known
    assert recognise(card(0)[3:]).is_known
    for path in sorted(CASES.glob("*/*.txt")):
        lines = path.read_text().split("\n")
        assert recognise(lines).is_known == (path.parent.name == "notebooklm"), path
    answer = recognise(["On Kettles", PROSE])
    assert not answer.is_known
    assert answer.why.startswith("expected ")


@pytest.mark.skipif("PAPERLAKE_REAL_DUMPS" not in os.environ, reason="no real dumps at hand")
def test_no_other_real_dump_is_claimed():
    for path in sorted(Path(os.environ["PAPERLAKE_REAL_DUMPS"], "dumps").rglob("*.*")):
        lines = path.read_text(errors="replace").split("\n")[:400]
        assert recognise(lines).is_known == (path.stem == "notebooklm"), path


def test_a_date_without_a_year_that_the_end_may_have_cut_is_none():
    for published in ("Apr 9", "Apr 9, 2026"):
        [paper] = [piece for piece in split([*card(0)[:-1], published]) if isinstance(piece, RawPaper)]
        assert paper.published_raw == (published if "," in published else None)
