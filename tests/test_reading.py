"""Dumps as people have them: wrapped, concatenated, pasted, forced; each part recognised and accounted for."""

from datetime import date

import pytest
from benchmarks.page_writers import WRITERS, invent, write_page

from paperlake.dump_lines import read_lines
from paperlake.errors import LayoutError
from paperlake.layouts import LAYOUTS
from paperlake.layouts.facts import read_facts, read_source
from paperlake.layouts.parts import find_parts, unglue
from paperlake.layouts.reading import read_parts
from paperlake.layouts.wrapping import unwrap
from paperlake.records import Block, Furniture, RawPaper, Reject
from paperlake.settings import Settings

DAY = date(2026, 7, 1)
NAMES = [layout.name for layout in LAYOUTS if layout.name in WRITERS]
LINKED = [name for name in NAMES if name not in ("compact", "spaced", "email_digest")]


def page(layout: str, n: int = 6, seed: int = 1, **asked):
    return write_page(layout, invent(n, seed), captured_on=DAY, **asked)


def titles(parts) -> list[str]:
    return [piece.title_raw for part in parts for piece in part.pieces if isinstance(piece, RawPaper)]


def expected_titles(*pages) -> list[str]:
    return [card["title_raw"] for one in pages for card in one.expected]


@pytest.mark.parametrize("layout", NAMES)
def test_a_page_is_read_by_its_own_layout_with_every_value_and_line(layout):
    written = page(layout, 12)
    [part] = read_parts(written.lines, "d.txt")
    assert part.layout == layout
    papers = [piece for piece in part.pieces if isinstance(piece, RawPaper)]
    found = [
        {**paper._asdict(), "line_start": paper.block.line_start, "line_end": paper.block.line_end} for paper in papers
    ]
    for paper in found:
        del paper["block"], paper["is_cut"]
    assert found == written.expected
    assert not [piece for piece in part.pieces if isinstance(piece, Reject)]


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("second", NAMES)
@pytest.mark.parametrize("glue", ["", "\n"], ids=["as cat does", "with a newline"])
def test_each_part_of_a_concatenation_is_recognised_on_its_own(tmp_path, first, second, glue):
    pages = [page(first, seed=1), page(second, seed=2), page(first, seed=3)]
    texts = [one.text for one in pages]
    if not glue and any("\n" not in text[-1:] for text in texts):
        glue = "\n" if "compact" not in (first, second) else glue
    path = tmp_path / "all.txt"
    path.write_text(glue.join(texts))
    parts = read_parts(read_lines(path, "all.txt", Settings()), "all.txt")
    assert sorted(titles(parts)) == sorted(expected_titles(*pages))


@pytest.mark.parametrize("layout", LINKED)
def test_a_page_pasted_from_its_middle_is_known_without_header_and_footer(layout):
    written = page(layout, header=False, footer=False)
    [part] = read_parts(written.lines, "d.txt")
    assert part.layout == layout
    assert titles([part]) == expected_titles(written)


@pytest.mark.parametrize("layout", NAMES)
@pytest.mark.parametrize("opening", ["```text", "```", "~~~"])
def test_a_code_fence_changes_nothing_but_the_line_numbers(layout, opening):
    written = page(layout)
    if written.lines[0] == "---":
        pytest.skip("front matter stands on top")
    [part] = read_parts([opening, *written.lines, opening[:3]], "d.txt")
    starts = [piece.block.line_start for piece in part.pieces if isinstance(piece, RawPaper)]
    assert titles([part]) == expected_titles(written)
    assert starts == [card["line_start"] + 1 for card in written.expected]


@pytest.mark.parametrize("layout", ["compact", "spaced", "api_json", "email_digest", "mcp_search", "html_page"])
def test_front_matter_says_where_and_when(layout):
    written = page(layout)
    matter = [
        "---",
        'url: "https://huggingface.co/papers?q=hot%20tea"',
        "retrieved: 2026-07-03",
        "tags:",
        "  - tea",
        "---",
    ]
    [part] = read_parts([*matter, *written.lines], "d.txt")
    assert (part.facts.page, part.facts.query, part.facts.captured_on) == ("search", "hot tea", date(2026, 7, 3))
    assert titles([part]) == expected_titles(written)


def test_the_layout_that_people_name_is_used_whatever_the_dump_looks_like():
    written = page("compact")
    [part] = read_parts(written.lines, "d.txt", "spaced")
    assert (part.layout, titles([part])) == ("spaced", expected_titles(written))
    with pytest.raises(LayoutError) as caught:
        read_parts(written.lines, "d.txt", "firecrawl")
    assert (caught.value.reason, caught.value.layout) == ("no_papers", "firecrawl")


def test_a_part_without_papers_is_a_reject_and_the_others_are_read():
    good, empty = page("firecrawl"), page("clipper", n=0)
    parts = read_parts([*good.lines, *empty.lines], "d.txt")
    assert titles(parts) == expected_titles(good)
    lines = read_parts([*empty.lines, *good.lines], "d.txt")
    assert titles(lines) == expected_titles(good)


def test_a_long_text_that_no_layout_knows_is_a_reject_beside_what_is_known():
    essay = [line for n in range(100) for line in (f"Chapter {n}", "", "Some words that nobody can place.", "")]
    good = page("firecrawl")
    for lines, place in (([*essay, *good.lines], 0), ([*good.lines, "---", "title: Essay", "---", *essay], -1)):
        parts = read_parts(lines, "d.txt")
        assert titles(parts) == expected_titles(good)
        [reject] = parts[place].pieces
        assert isinstance(reject, Reject)
        assert reject.reason == "unknown_layout"


def test_boundaries_are_found_where_captures_begin():
    banner = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]
    lines = [
        *banner,
        *["x"] * 9,
        "---",
        "url: https://a.example",
        "---",
        "x",
        "---",
        "## No",
        "# Web",
        "",
        "- URL: x",
        *banner,
    ]
    assert find_parts(lines) == [0, 11, 17]  # the last banner is that of the page below the fact
    far = ["# Web", "", "- URL: x", *["x"] * 120, *banner]
    assert find_parts(far) == [0, 123]


def test_wrapping_goes_and_numbers_stay():
    lines = [
        "# Notes",
        "",
        "- URL: https://huggingface.co/papers/trending",
        "- Captured (UTC): 2026-06-29T16:31:22Z",
        "",
        "```text",
        "x",
        "```",
    ]
    inside, wrapping = unwrap(lines)
    assert inside == ["", "", "", "", "", "", "x", ""]
    assert [(piece.block.line_start, piece.name) for piece in wrapping] == [
        (1, "front_matter"), (3, "source_url"), (4, "captured_on"), (6, "fence"), (8, "fence"),
    ]  # fmt: skip


@pytest.mark.parametrize("lines", [["---", "", "## Title", "", "---"], ["---", "url: https://a.example"], ["x: y"], []])
def test_what_is_no_wrapping_stays(lines):
    assert unwrap(lines) == (lines, [])


@pytest.mark.parametrize(
    ("url", "page", "query"),
    [
        ("https://huggingface.co/papers?q=hot+tea", "search", "hot tea"),
        ("https://huggingface.co/papers", "daily", None),
        ("https://huggingface.co/papers/date/2026-01-07", "daily", None),
        ("https://huggingface.co/papers/week/2026-W07", "daily", None),
        ("https://huggingface.co/papers/trending", "trending", None),
        ("https://paperswithcode.com/", "trending", None),
        ("https://huggingface.co/api/daily_papers?limit=50", "daily", None),
        ("https://huggingface.co/models", "unknown", None),
        ("https://example.org/papers?q=tea", "unknown", None),
        ("https://[", "unknown", None),
        ("", "unknown", None),
    ],
)
def test_the_address_tells_the_kind_of_page(url, page, query):
    assert read_source(url) == (page, query)


def furniture(**texts: str) -> list[Furniture]:
    return [Furniture(Block(number, number), name, text) for number, (name, text) in enumerate(texts.items(), start=1)]


def test_the_page_before_tells_the_year_of_a_search_page():
    source = "https://huggingface.co/papers?q=tea"
    link = "https://huggingface.co/papers/date/2025-12-31"
    facts = read_facts(furniture(source_url=source, page_date="Jan 2", link=link))
    assert facts.captured_on == date(2026, 1, 2)
    for raw, previous in (("Jan 9", link), ("Jan 2", "https://huggingface.co/papers/date/x")):
        assert read_facts(furniture(source_url=source, page_date=raw, link=previous)).captured_on is None
    daily = "https://huggingface.co/papers/date/2026-01-02"
    assert read_facts(furniture(source_url=daily, page_date="Jan 2", link=link)).captured_on is None


def test_a_heading_tells_the_trending_page():
    assert read_facts(furniture(heading="## Trending Papers")).page == "trending"
    assert read_facts(furniture(heading="Daily Papers")).page == "unknown"


@pytest.mark.parametrize("layout", [name for name in NAMES if name != "api_json"])
@pytest.mark.parametrize("mark", ["> ", "    ", "\t"])
def test_a_capture_that_is_quoted_or_indented_is_the_same_capture(layout, mark):
    written = page(layout)
    quoted = [(mark + line).rstrip(" ") if mark == "> " or line else line for line in written.lines]
    [part] = read_parts(quoted, "d.txt")
    assert (part.layout, titles([part])) == (layout, expected_titles(written))


def test_a_fence_inside_an_abstract_is_a_line_of_it():
    card = [
        "### On Kettles",
        "",
        "We run",
        *["kettles sing and nobody asks them why they do"] * 60,
        "```",
        "boil",
        "```",
    ]
    rest = [
        line for n in range(12) for line in ("- 4 authors", "[LINK: GitHub 12](https://github.com/example-lab/a)", "")
    ]
    assert unwrap([*card, *rest]).wrapping == []


def test_front_matter_behind_a_fence_and_behind_other_front_matter():
    inner = ["---", "source: https://huggingface.co/papers/trending", "created: 2026-04-18", "---", "text"]
    for lines in (["```", *inner, "```"], ["---", "tags: x", "---", "", *inner]):
        facts = read_facts(unwrap(lines).wrapping)
        assert (facts.page, facts.captured_on) == ("trending", date(2026, 4, 18))


@pytest.mark.parametrize("layout", ["compact", "spaced"])
def test_the_menu_of_the_site_above_a_plain_page_is_furniture(layout):
    written = page(layout, n=1)
    menu = [
        "Hugging Face",
        "Models",
        "Buckets new",
        "Tasks",
        "HuggingChat",
        "Collections",
        "Languages",
        "Organizations",
    ]
    footer = ["Previous", "Trending Papers ranked by GitHub stars activity", "System theme", "Company", "TOS"]
    [part] = read_parts([*menu * 3, *written.lines, *footer], "d.txt")
    assert titles([part]) == expected_titles(written)
    assert not [piece for piece in part.pieces if isinstance(piece, Reject)]


@pytest.mark.parametrize(
    "lines",
    [
        ["### Models citing this paper", "", "[12](https://huggingface.co/papers/2601.90001)", "", "### Community"],
        ["### Our best kettle", "", "A very good kettle that whistles in tune.", "[LINK: Buy](https://shop.example/c)"],
        ["Kettles against Socks, a match", "Team A (14 ▲)", "Team B (12 ▲)"],
    ],
    ids=["a page of one paper", "a shop", "a game"],
)
def test_what_only_looks_like_a_listing_is_refused(lines):
    with pytest.raises(LayoutError, match="no layout recognises it"):
        read_parts(lines, "d.txt")


def test_the_first_heading_tells_the_page():
    pieces = [Furniture(Block(n, n), "heading", text) for n, text in ((1, "# Daily Papers"), (9, "Trending Papers"))]
    assert read_facts(pieces).page == "unknown"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Oct 30, 202537 papers matched the query 'tea'. Here are the first 3 results.", "Oct 30, 2025"),
        ("--------------------37 papers matched the query 'tea'.", "--------------------"),
        ("It sings.Submitted by", "It sings."),
        ("It sings.new", "It sings."),
        ("https://kettles.example/new", "https://kettles.example/new"),
    ],
)
def test_what_the_next_part_brought_to_a_line_goes(line, left):
    assert unglue(line) == left


@pytest.mark.parametrize("layout", NAMES)
@pytest.mark.parametrize("shown", NAMES)
def test_a_layout_that_is_forced_on_another_gives_pieces_or_an_error(layout, shown):
    try:
        read_parts(page(shown).lines, "d.txt", layout)
    except LayoutError as error:
        assert error.layout == layout  # noqa: PT017  # either outcome is right


def test_no_lines_are_no_capture():
    for lines in ([], [""], ["", " "]):
        with pytest.raises(LayoutError):
            read_parts(lines, "d.txt")
