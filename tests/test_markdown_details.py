"""Single traps of Markdown captures, each with the smallest card that shows it."""

import pytest

from paperlake.layouts import firecrawl, linktag, structmd
from paperlake.records import RawPaper

PAGE = "https://huggingface.co/papers/2601.90001"
PROSE = "Kettles sing and nobody asks them why. " * 9
ORGANISATION = "[[alt: kettle-lab] Kettle Lab](https://huggingface.co/kettle-lab) · Published on Feb 27, 2025"


def papers(layout, *lines):
    return [piece for piece in layout.split([*lines, "", "footer", ""]) if isinstance(piece, RawPaper)]


@pytest.mark.parametrize(
    "name",
    [
        ["potter9"],
        ["", "[alt: none]", "", "potter9"],
        ["", "![](https://cdn.example/a.png)", "", "potter9"],
        ["", "", "", "[alt]", "", "", "", "potter9"],
        ["", "[[alt] potter9](https://huggingface.co/potter9)"],
    ],
)
def test_the_submitter_is_a_name_and_never_a_picture(name):
    [paper] = papers(structmd, "Submitted by", *name, "", f"### [On Kettles]({PAGE})", "", PROSE)
    assert paper.submitted_by == "potter9"


@pytest.mark.parametrize("layout", [structmd, firecrawl])
def test_a_heading_that_is_no_link_is_no_paper_where_titles_are(layout):
    found = papers(layout, f"### [On Kettles]({PAGE})", "", "### Conclusion", "", "Kettles are great.")
    assert [paper.title_raw for paper in found] == ["On Kettles"]


@pytest.mark.parametrize(
    "abstract", ["KettleNet pairs kettles with lids", "We offer: [lids]", "#Kettles sing " + PROSE]
)
def test_what_stands_between_a_title_and_the_rest_of_its_card_is_its_abstract(abstract):
    [paper] = papers(structmd, f"### [On Kettles]({PAGE})", "", "", abstract, "", "", ORGANISATION)
    assert (paper.abstract_raw, paper.organisation) == (abstract.strip(), "Kettle Lab")
    link = "[LINK: GitHub 12](https://github.com/example-lab/kettles)"
    [paper] = papers(linktag, "### On Kettles", "", abstract, "- 4 authors", link)
    assert (paper.abstract_raw, paper.n_authors, paper.github_stars) == (abstract.strip(), 4, 12)


def test_the_numbers_of_a_daily_card_are_stars_and_comments():
    [paper] = papers(firecrawl, f"### [On Kettles]({PAGE})", "", f"[1.2k]({PAGE}) [3]({PAGE}#community)")
    assert (paper.github_stars, paper.comments) == (1200, 3)


def test_blanks_that_do_not_break_are_blanks():
    [paper] = papers(linktag, "### On Kettles", "", PROSE, "-\xa04\xa0authors")
    assert paper.n_authors == 4
