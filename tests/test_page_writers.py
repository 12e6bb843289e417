import datetime as dt
import doctest
import html
import itertools
import json
import re
from collections import Counter

import pytest
from benchmarks.page_writers import FIELDS, WRITERS, CardWriter, Sheet, cards, invent, papers, write_page

from paperlake.records import RawPaper

CAPTURED_ON = dt.date(2026, 7, 1)
PAPERS = invent(400, seed=1)
DOUBLED = {"linktag", "structmd"}
SHOWN_WHERE_THERE_IS_ONE = {
    "compact": {"title_raw", "abstract_raw"},
    "spaced": {"title_raw", "abstract_raw"},
    "firecrawl": set(FIELDS) - {"github_url", "github_stars", "submitted_by"},
    "notebooklm": set(FIELDS) - {"github_url", "github_stars", "submitted_by"},
    "refnum": set(FIELDS) - {"github_url", "github_stars", "submitted_by", "arxiv_id", "paper_url"},
    "linktag": {"title_raw", "abstract_raw", "github_url", "github_stars", "n_authors"},
    "structmd": set(FIELDS) - {"comments"},
    "clipper": set(FIELDS) - {"abstract_raw", "upvotes", "github_url", "published_raw"},
    "api_json": set(FIELDS),
    "html_page": set(FIELDS),
    "mcp_search": set(FIELDS) - {"github_url", "github_stars", "organisation", "submitted_by"},
    "email_digest": {"title_raw", "upvotes"},
}
"""By layout the fields that its pages show of a paper that has them."""
MARKS = {
    "compact": ["Get trending papers in your email inbox once a day!\n", "\nSubscribe" + PAPERS[0].title],
    "spaced": ["new\n\nGet trending", "\n\nbyAK and the research community\n\nJul 1\n\n"],
    "firecrawl": [
        "---\nurl: https://huggingface.co/papers?q=",
        "\\\\\n- ",
        "\\  ",
        "[-](https://huggingface.co/login?next=",
        "\\-\\-",
    ],
    "notebooklm": [
        "\n [-] -\n\n",
        "\n\n[\n\n2 authors](https",
        "\n\n·\n\n",
        "\n\nMonthly \n\n",
        ", 2024 \n\n",
        "\n\n \n\nhttps://",
    ],
    "refnum": [
        "```text\n",
        " [ 3][",
        "\n[\n-\n][",
        "\n### ",
        "\n[\n* 3 authors\n][",
        "\n·\n",
        "[Content truncated]\n```\n",
    ],
    "linktag": ["**Page Title:** Trending Papers - Hugging Face\n", "\n- 1 authors\n[LINK: GitHub ", "\n\n" + "-" * 20],
    "structmd": [
        '\n<a id="source-section-3"></a>\n\n### [',
        "· Published on ",
        "\n· ",
        "\n\n[Upvote\n\n",
        "\n\n\n[GitHub ",
    ],
    "clipper": [
        '---\ntitle: "Daily Papers',
        "\n[\n- ·\n\t2 authors\n](https",
        "#community)",
        "\\[Re\\]",
        'title="View paper"',
    ],
    "api_json": ['[\n {\n  "paper": {\n   "id": "', '\n  "numComments": 0\n }'],
    "html_page": ['data-target="DailyPapers" data-props="{&quot;dateString&quot;: &quot;2026-07-01&quot;'],
    "mcp_search": ["\nPublished on Published on ", "\n### Abstract\n", "\n**Link to paper:** [https://hf.co/papers/"],
    "email_digest": ["for today (1 Jul):\n", " ▲)\n", "To view more checkout today's Daily Paper page.\n"],
}
"""By layout what every page of it holds: the traits of the tool that a layout must cope with."""
REAL = {
    "compact": "seeds/001_e58afaa2d74d4cba.txt",
    "spaced": "seeds/002_47ec97cc5d88bcc2.txt",
    "mcp_search": "synthetic/mcp-paper-search.txt",
    "email_digest": "synthetic/email-digest.txt",
} | {name: f"dialects/{name}.txt" for name in ("firecrawl", "notebooklm", "refnum", "linktag", "structmd", "clipper")}


@pytest.fixture(scope="module")
def pages():
    return {layout: write_page(layout, PAPERS, captured_on=CAPTURED_ON) for layout in WRITERS}


def block_of(page, expected):
    return page.lines[expected["line_start"] - 1 : expected["line_end"]]


def plain(text):
    """The text without what tools escape it with."""
    return html.unescape(text).replace("\\", "")


@pytest.mark.parametrize("layout", WRITERS)
def test_a_page_has_the_marks_of_its_layout(pages, layout):
    assert [mark for mark in MARKS[layout] if mark not in pages[layout].text] == []


@pytest.mark.parametrize("layout", WRITERS)
def test_the_lines_are_those_of_the_text(pages, layout):
    page = pages[layout]
    assert page.text.split("\n") == page.lines + ([""] if page.text.endswith("\n") else [])


@pytest.mark.parametrize("layout", sorted(set(WRITERS) - {"html_page"}))  # whose papers all stand on one line
def test_expected_lines_hold_the_title(pages, layout):
    page = pages[layout]
    assert len(page.expected) == len(PAPERS) * (2 if layout in DOUBLED else 1)
    for expected in page.expected:
        block = block_of(page, expected)
        assert block[0].strip()
        assert block[-1].strip()
        whole = plain("\n".join(block))
        assert all(plain(part) in whole for part in expected["title_raw"].split("\n"))


@pytest.mark.parametrize("layout", sorted(set(WRITERS) - {"html_page"}))
def test_nothing_but_rules_stands_between_cards(pages, layout):
    page = pages[layout]
    for one, other in itertools.pairwise(page.expected):
        between = page.lines[one["line_end"] : other["line_start"] - 1]
        assert {line for line in between if line} <= ({"---"} if layout == "mcp_search" else set())


@pytest.mark.parametrize("layout", WRITERS)
def test_expected_values_are_the_fields_that_the_layout_shows(pages, layout):
    expected = pages[layout].expected
    assert all(set(entry) == {"line_start", "line_end"} | set(FIELDS) for entry in expected)
    assert set(FIELDS) == set(RawPaper._fields) - {"block", "is_cut"}
    assert {name for name in FIELDS if any(entry[name] is not None for entry in expected)} == (
        SHOWN_WHERE_THERE_IS_ONE[layout]
    )


@pytest.mark.parametrize("layout", sorted(set(WRITERS) - {"api_json", "html_page"}))
def test_shown_values_stand_in_their_lines(pages, layout):
    page = pages[layout]
    for expected in page.expected:
        whole = plain("\n".join(block_of(page, expected)))
        for name in ("organisation", "submitted_by", "published_raw", "arxiv_id", "paper_url", "github_url"):
            assert expected[name] is None or plain(expected[name]) in whole
        for part in (expected["abstract_raw"] or "").split("\n"):
            assert plain(part) in whole


@pytest.mark.parametrize("layout", WRITERS)
def test_the_same_papers_give_the_same_page(pages, layout):
    assert write_page(layout, invent(400, seed=1), captured_on=CAPTURED_ON) == pages[layout]
    assert write_page(layout, invent(400, seed=2), captured_on=CAPTURED_ON).text != pages[layout].text


@pytest.mark.parametrize("layout", [name for name, writer in WRITERS.items() if isinstance(writer, CardWriter)])
def test_a_page_without_header_and_footer_is_its_cards(layout):
    page = write_page(layout, PAPERS[:3], captured_on=CAPTURED_ON, header=False, footer=False)
    assert page.expected[0]["line_start"] == 1
    after = page.lines[page.expected[-1]["line_end"] :]
    assert [line for line in after if line] == (["---"] if layout == "mcp_search" else [])


@pytest.mark.parametrize("layout", [name for name, writer in WRITERS.items() if isinstance(writer, CardWriter)])
def test_one_card_knows_its_first_and_last_line(layout):
    written = WRITERS[layout].card(PAPERS[0], Sheet(CAPTURED_ON))
    around = written.lines[: written.first] + written.lines[written.last + 1 :]
    assert written.lines[written.first].strip()
    assert written.lines[written.last].strip()
    assert set(around) <= {"", "---"}


@pytest.mark.parametrize("layout", sorted(DOUBLED))
def test_copies_say_the_same(pages, layout):
    page = pages[layout]
    values = [{name: entry[name] for name in FIELDS} for entry in page.expected]
    assert values[::2] == values[1::2]
    single = write_page(layout, PAPERS, captured_on=CAPTURED_ON, copies=1)
    assert [{name: entry[name] for name in FIELDS} for entry in single.expected] == values[::2]


def test_the_second_copy_of_structmd_differs_in_its_date_and_an_empty_line(pages):
    page = pages["structmd"]
    first, second = ("\n".join(block_of(page, entry)) for entry in page.expected[:2])
    first = first.replace("section-3", "section-4").replace("Published on ", "")
    above, links = first.rsplit("\n", 1)
    assert f"{above}\n\n{links}" == second


def test_firecrawl_can_be_read_back(pages):
    page = pages["firecrawl"]
    for expected in page.expected:
        _, title, abstract, *_ = "\n".join(block_of(page, expected)).split("\n\n")
        end = f"]({expected['paper_url']})"
        title, abstract = title.removeprefix("### [").removesuffix(end), abstract.removeprefix("[").removesuffix(end)
        unescaped = [
            re.sub(r"\\([\\*_`\[\]-])", r"\1", text)
            for text in (title.replace("\\  ", "\n"), abstract.replace("\\\\\n", "\n"))
        ]
        assert unescaped == [expected["title_raw"], expected["abstract_raw"]]


def test_json_can_be_read_back():
    page = write_page("api_json", PAPERS, captured_on=CAPTURED_ON, one_line=True)
    assert len(page.lines) == 1
    read = json.loads(page.text)
    assert [entry["paper"]["summary"] for entry in read] == [entry["abstract_raw"] for entry in page.expected]
    assert read == json.loads(write_page("api_json", PAPERS, captured_on=CAPTURED_ON).text)


def test_html_can_be_read_back(pages):
    page = pages["html_page"]
    props = json.loads(html.unescape(re.search(r'data-props="([^"]*)"', page.lines[2])[1]))
    read = [entry["paper"] for entry in props["dailyPapers"]]
    assert [paper["summary"] for paper in read] == [entry["abstract_raw"] for entry in page.expected]
    assert [paper["title"].replace("\n  ", "\n") for paper in read] == [entry["title_raw"] for entry in page.expected]
    assert {(entry["line_start"], entry["line_end"]) for entry in page.expected} == {(3, 3)}


def test_refnum_is_as_wide_as_its_capture(pages):
    page = pages["refnum"]
    widths = [len(line) for entry in page.expected for line in block_of(page, entry)]
    assert max(widths) == 120
    assert any(entry["title_raw"].count("\n") for entry in page.expected)


def test_the_reference_list_of_refnum_resolves_every_number():
    page = write_page("refnum", PAPERS, captured_on=CAPTURED_ON, reference_list=True)
    addresses = dict(re.findall(r"(?m)^\[(\d+)\]: (\S+)$", page.text))
    for expected in page.expected:
        numbers = re.findall(r"\]\[(\d+)\]", "\n".join(block_of(page, expected)))
        assert addresses[numbers[0]].endswith(f"%2F{expected['arxiv_id']}")
        assert addresses[numbers[1]] == addresses[numbers[2]] == expected["paper_url"]


def test_submitters_of_plain_pages_are_shown_where_asked():
    for layout in ("compact", "spaced"):
        page = write_page(layout, PAPERS, captured_on=CAPTURED_ON, submitters=True)
        assert [entry["submitted_by"] for entry in page.expected] == [paper.submitted_by for paper in PAPERS]
        assert all("Submitted by" in block_of(page, e)[0] for e in page.expected if e["submitted_by"])


def test_a_clipped_card_without_links_shows_no_id(pages):
    page = pages["clipper"]
    for expected, paper in zip(page.expected, PAPERS, strict=True):
        is_shown = f"/papers/{paper.arxiv_id}" in "\n".join(block_of(page, expected))
        assert (expected["arxiv_id"] == paper.arxiv_id) is is_shown
    assert any(entry["arxiv_id"] is None for entry in page.expected)


def test_invented_papers_are_varied():
    assert len({paper.arxiv_id for paper in PAPERS}) == len(PAPERS)
    assert all((paper.organisation is None) is (paper.n_authors is not None) for paper in PAPERS)
    assert all((paper.github is None) is (paper.github_stars is None) for paper in PAPERS)
    assert all("\n" not in paper.title + paper.abstract for paper in PAPERS)
    shares = Counter[str]()
    for paper in PAPERS:
        marks = [mark for mark in ("[Re]", "&", "_", "*", "^{", '"') if mark in paper.title]
        marks += [mark for mark in ("](", "[0, 1)", "--", "45%", "github.io") if mark in paper.abstract]
        shares.update(marks, comments=paper.comments is None, github=paper.github is None, zero=paper.upvotes == 0)
        shares.update(
            organisation=bool(paper.organisation), wide=len(paper.title) > 100, stars=paper.github_stars == 110_000
        )
        shares.update(
            this_year=paper.published.year == 2026, unnamed=paper.submitted_by is None, one=paper.n_authors == 1
        )
    assert len(shares) == 20
    assert min(shares.values()) > 0


@pytest.mark.parametrize("module", [cards, papers])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def shape(line):
    """What is left of a line without its words: brackets, bullets, blanks and backslashes."""
    lead = re.match(r"\s*(?:(?:[-*]|#+) )?", line)[0]
    words = re.compile(r"( ?)[^\[\]\t·\\]*?( ?)(?=[\[\]\t·\\]|$)")
    return lead + words.sub(lambda found: f"{found[1]}w{found[2]}" if found[0].strip() else found[0], line[len(lead) :])


@pytest.mark.parametrize("layout", REAL)
def test_real_dumps_hold_no_shape_that_is_never_written(real_dumps, layout):
    real = [shape(line) for line in (real_dumps / "dumps" / REAL[layout]).read_text().rstrip("\n").split("\n")]
    ours = [shape(line) for line in write_page(layout, invent(600, seed=1), captured_on=CAPTURED_ON).lines]
    assert set(itertools.pairwise(real)) - set(itertools.pairwise(ours)) == set()
