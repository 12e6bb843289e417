import html
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperlake.layouts import api_json, html_page
from paperlake.layouts.json_records import read_records
from paperlake.layouts.paper_json import find_pieces
from paperlake.records import Block, Furniture, RawPaper, Reject

CASES = Path(__file__).parent / "cases" / "layouts"
MODULES = {"api_json": api_json, "html_page": html_page}
DUMPS = sorted(path for name in MODULES for path in (CASES / name).glob("*.txt"))

PAPERS = [
    {
        "paper": {
            "id": f"2604.9030{n}",
            "authors": [{"_id": "a1", "name": "A {Reed}"}, {"_id": "a2", "name": "B"}][:n],
            "publishedAt": "2026-04-17T00:00:00.000Z",
            "title": title,
            "submittedOnDailyBy": {"user": "wick", "fullname": "W"},
            "summary": f'A lid rattles, "gently",\nand {{one}} \\alpha sock ]}} é 🧦 listens & <waits>. {n}',
            "upvotes": n,
            "organization": {"name": "lids", "fullname": "Lids & Pots"},
        },
        "title": title,
        "summary": "again",
        "numComments": n,
    }
    for n, title in enumerate(("On Lids", "Snails\n and Slate", "Chalk, Briefly"))
]
IDS = [paper["paper"]["id"] for paper in PAPERS]
ARRAYS = {
    "one line": json.dumps(PAPERS),
    "unescaped": json.dumps(PAPERS, ensure_ascii=False),
    "indented": json.dumps(PAPERS, indent=2),
    "sorted": json.dumps(PAPERS, sort_keys=True, indent=1),
    "lines": "\n".join(map(json.dumps, PAPERS)),
    "bare": json.dumps([paper["paper"] for paper in PAPERS], indent=1),
    "wrapped": json.dumps({"dateString": "2026-04-20", "dailyPapers": PAPERS, "isTrending": False}),
    "wrapped, indented": json.dumps({"dailyPapers": PAPERS, "dateString": "2026-04-20"}, indent=1),
}


def page(data, quote='"'):
    return (
        '<!doctype html>\n<html><head>\n<link rel="canonical" href="https://huggingface.co/papers/date/2026-04-20">'
        f"\n</head><body>\n<div class=x data-props={quote}{html.escape(data)}{quote}>\n<article>On Lids</article></div>"
    )


PAGES = {f"page, {name}": page(data) for name, data in ARRAYS.items()} | {
    "page, single quotes": page(ARRAYS["indented"], "'")
}
TEXTS = [(name, api_json, text) for name, text in ARRAYS.items()] + [(name, html_page, t) for name, t in PAGES.items()]


def read(module, text):
    """The pieces of a text, after a check that they cover its lines."""
    lines = text.split("\n")
    pieces = module.split(lines)
    covered = set()
    for piece in pieces:
        assert 1 <= piece.block.line_start <= piece.block.line_end <= len(lines)
        covered.update(range(piece.block.line_start, piece.block.line_end + 1))
    assert [n for n, line in enumerate(lines, start=1) if line.strip() and n not in covered] == []
    starts = [piece.block.line_start for piece in pieces]
    assert starts == sorted(starts)
    return pieces


def papers(pieces):
    return [piece for piece in pieces if isinstance(piece, RawPaper)]


def rejects(pieces):
    return [(*piece.block, piece.reason) for piece in pieces if isinstance(piece, Reject)]


def values(pieces):
    return [paper._replace(block=Block(0, 0)) for paper in papers(pieces)]


WHOLE = values(read(api_json, ARRAYS["one line"]))


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_reads_as_expected(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text())
    module = MODULES[path.parent.name]
    text = path.read_text().removesuffix("\n")
    for name, other in MODULES.items():
        assert other.recognise(text.split("\n")[:400]).is_known == (name == path.parent.name)
    pieces = read(module, text)
    found = [
        {
            "position": position,
            **{name: value for name, value in paper._asdict().items() if value not in (None, False) or value == 0},
            "line_start": paper.block.line_start,
            "line_end": paper.block.line_end,
        }
        for position, paper in enumerate(papers(pieces), start=1)
    ]
    for paper in found:
        del paper["block"]
        if paper["is_cut"] is False:
            del paper["is_cut"]
    assert found == expected["papers"]
    assert rejects(pieces) == [tuple(reject) for reject in expected["rejects"]]


def test_every_value_of_a_record():
    assert WHOLE[1] == RawPaper(
        Block(0, 0),
        title_raw="Snails\nand Slate",
        abstract_raw='A lid rattles, "gently",\nand {one} \\alpha sock ]} é 🧦 listens & <waits>. 1',
        arxiv_id="2604.90301",
        paper_url="https://huggingface.co/papers/2604.90301",
        upvotes=1,
        comments=1,
        n_authors=1,
        organisation="Lids & Pots",
        submitted_by="wick",
        published_raw="2026-04-17T00:00:00.000Z",
    )
    assert (WHOLE[0].upvotes, WHOLE[0].comments, WHOLE[0].n_authors) == (0, 0, None)


@pytest.mark.parametrize(("name", "module", "text"), TEXTS, ids=[name for name, _, _ in TEXTS])
def test_every_form_of_the_same_papers_gives_the_same_values(name, module, text):
    pieces = read(module, text)
    shown = values(pieces)
    if "bare" in name:
        assert {paper.comments for paper in shown} == {None}
        shown = [paper._replace(comments=whole.comments) for paper, whole in zip(shown, WHOLE, strict=True)]
    assert shown == WHOLE
    assert rejects(pieces) == []
    lines = text.split("\n")
    for paper in papers(pieces):
        start, end = paper.block
        block = "\n".join(lines[start - 1 : end])
        assert [id_ for id_ in IDS if id_ in block] == [paper.arxiv_id] or start == end


@pytest.mark.parametrize(("name", "module", "text"), TEXTS, ids=[name for name, _, _ in TEXTS])
def test_a_text_cut_anywhere_gives_the_papers_before_the_cut(name, module, text):
    whole = papers(read(module, text))
    counts = []
    for length in range(0, len(text), 1 if len(text) < 3_000 else 3):
        pieces = read(module, text[:length])
        found = papers(pieces)
        assert [p[1:] for p in found] == [p[1:] for p in whole[: len(found)]]
        assert {reason for *_, reason in rejects(pieces)} <= {"cut_off"}
        counts.append(len(found))
    assert counts == sorted(counts)
    assert set(counts) >= {0, 1, 2}


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.sampled_from(TEXTS[:8]))
def test_a_fragment_from_the_middle_holds_only_papers_of_the_whole(start, length, form):
    _, module, text = form
    titles = [paper.title_raw for paper in papers(read(module, text[start : start + length]))]
    whole = [paper.title_raw for paper in WHOLE]
    assert titles == [title for title in whole if title in titles]


GOOD = [json.dumps(PAPERS[0]), json.dumps(PAPERS[1], indent=1), json.dumps(PAPERS[2], sort_keys=True)]
BROKEN = {
    "no quote": GOOD[0].replace('"upvotes"', "upvotes"),
    "open string": GOOD[1].replace('"upvotes"', '"upvotes', 1),
    "half": GOOD[0][: len(GOOD[0]) // 2],
    "two thirds": GOOD[1][: 2 * len(GOOD[1]) // 3],
    "no end": GOOD[1].rstrip("\n}"),
    "no number": GOOD[0].replace('"numComments": 0', '"numComments": nothing'),
    "too many digits": GOOD[0].replace('"upvotes": 0', '"upvotes": ' + "1" * 5_000),
    "too deep": '{"paper": {"id": "2604.90309", "title": "x", "deep": ' + "[" * 5_000 + "]" * 5_000 + "}}",
    "title is a list": GOOD[0].replace('"title": "On Lids", "submitted', '"title": ["On Lids"], "submitted'),
    "id is a number": GOOD[0].replace('"2604.90300"', "2604.90300"),
    "no title": '{"paper": {"id": "2604.90309", "summary": "x"}}',
    "bare": json.dumps(PAPERS[0]["paper"]).replace('"upvotes"', "upvotes"),
}
ELEMENTS = st.lists(
    st.tuples(st.just(None), st.sampled_from(range(3))) | st.tuples(st.sampled_from(sorted(BROKEN)), st.just(0)),
    min_size=1,
    max_size=6,
)


@given(ELEMENTS, st.sampled_from([",\n", ",", "\n,", " ,\n\n  "]))
@example([("too deep", 0), (None, 1)], ",")
@example([("half", 0), ("half", 0), (None, 2)], ",\n")
def test_only_broken_elements_are_lost(elements, comma):
    texts = [BROKEN[broken] if broken else GOOD[good] for broken, good in elements]
    text = "[" + comma.join(texts) + "]"
    expected, at = [], 1
    for (broken, good), element in zip(elements, texts, strict=True):
        start = 1 + text.count("\n", 0, at)
        expected.append((start, start + element.count("\n"), None if broken else WHOLE[good].title_raw))
        at += len(element) + len(comma)
    pieces = read(api_json, text)
    assert [(*p.block, p.title_raw) for p in papers(pieces)] == [one for one in expected if one[2]]
    lost = rejects(pieces)
    assert [start for start, _, _ in lost] == [start for start, _, title in expected if title is None]
    assert {reason for *_, reason in lost} <= {"damaged_record", "cut_off"}


@given(ELEMENTS)
def test_only_broken_elements_of_a_page_are_lost(elements):
    text = page("[" + ",\n".join(BROKEN[broken] if broken else GOOD[good] for broken, good in elements) + "]")
    assert [p.title_raw for p in papers(read(html_page, text))] == [WHOLE[g].title_raw for b, g in elements if not b]


@given(st.lists(st.sampled_from([*GOOD, "[", "]", ",", "{", '"', "\\", "\n", '{"paper": {', '"paper": ', "x: y", "}"])))
def test_any_mixture_is_covered_and_invents_nothing(parts):
    titles = [paper.title_raw for paper in papers(read(api_json, "".join(parts)))]
    assert set(titles) <= {paper.title_raw for paper in WHOLE}
    read(html_page, page("".join(parts)))


@given(st.text(alphabet='{}[]",:\\ \n\f\u00a0ap1', max_size=60))
def test_any_text_is_covered(text):
    assert papers(read(api_json, text)) == []
    read(html_page, f'<p data-props="{text}')


@given(st.integers(0, 10_000), st.sampled_from(["&quot", "&", "quot;", "&amp;quot;", "x", "\0", ""]))
def test_a_damaged_entity_costs_at_most_two_papers(place, damage):
    text = PAGES["page, one line"]
    start, end = text.index("&quot;"), text.rindex("&quot;")
    entity = text.index("&quot;", start + place % (end - start))
    found = values(read(html_page, text[:entity] + damage + text[entity + len("&quot;") :]))
    untouched = [paper for paper in found if paper in WHOLE]
    assert len(untouched) >= 1
    assert len(found) - len(untouched) <= 1


@pytest.mark.parametrize(
    "around",
    [
        "<!-- {} -->",
        "<script>const a = `{}`;</script>",
        "<style>{}</style>",
        "<textarea>{}</textarea>",
        "<p title='{}'>x</p>",
        "<p x-{}></p>",
    ],
)
def test_only_an_attribute_is_a_source(around):
    attribute = f'data-props="{html.escape(ARRAYS["one line"])}"'
    element = f"<div {attribute}></div>"
    other = around.format(attribute if "x-" in around else element)
    pieces = read(html_page, f"<!doctype html>\n<body>\n{other}\n<p data-props='[]'></p>")
    assert {piece.name for piece in pieces} == {"html"}
    assert len(papers(read(html_page, f"<body>\n{other}\n{element}"))) == 3


def test_words_of_a_page_inside_an_abstract_stay():
    summary = 'Write <p data-props="x"> or data-props= or "paper": {"id": 1} and end.'
    text = page(json.dumps([{"paper": {"id": "2604.90310", "title": "On Attributes", "summary": summary}}]))
    [paper] = papers(read(html_page, text))
    assert paper.abstract_raw == summary


def test_a_repeated_list_counts_once_and_another_list_for_itself():
    first, second = (html.escape(json.dumps(part)) for part in (PAPERS[:2], PAPERS[1:]))
    text = "\n".join(f'<div data-props="{data}"></div>' for data in (first, first, second))
    assert [(p.block.line_start, p.arxiv_id[-1]) for p in papers(read(html_page, text))] == [
        (1, "0"),
        (1, "1"),
        (3, "1"),
        (3, "2"),
    ]


def test_a_list_of_broken_records_only_is_no_furniture():
    broken = html.escape(f"[{BROKEN['no quote']}]")
    assert rejects(read(html_page, f'<p>x</p>\n<div data-props="{broken}"></div>\n{PAGES["page, one line"]}')) == [
        (2, 2, "damaged_record")
    ]


def test_form_feeds_are_no_lines():
    found = papers(read(html_page, '<p>\f\f</p>\n<div data-props="' + html.escape(ARRAYS["lines"]).replace("\n", "\f")))
    assert [tuple(paper.block) for paper in found] == [(2, 2)] * 3


def test_newlines_written_as_entities_are_no_lines_of_the_dump():
    data = html.escape(ARRAYS["indented"]).replace("\n", "&#10;")
    found = papers(read(html_page, f'<p>x</p>\n\n<div data-props="{data}">'))
    assert [tuple(paper.block) for paper in found] == [(3, 3)] * 3


def test_page_tells_its_day_and_address():
    named = {p.name: (tuple(p.block), p.text) for p in read(html_page, PAGES["page, wrapped"]) if type(p) is Furniture}
    assert named["page_date"] == ((5, 5), "2026-04-20")
    assert named["source_url"] == ((3, 3), "https://huggingface.co/papers/date/2026-04-20")
    body = PAGES["page, one line"].split("\n", 3)[3]
    text = '<head>\n<meta property="og:url" content="https://x.org/?a=1&amp;b=2">\n' + body
    [address] = [p for p in read(html_page, text) if type(p) is Furniture and p.name == "source_url"]
    assert address == Furniture(Block(2, 2), "source_url", "https://x.org/?a=1&b=2")


def test_a_page_without_papers_is_furniture_only():
    text = '<!doctype html>\n<body>\n<div data-props="{&quot;title&quot;:&quot;x&quot;}"></div>\n</body>'
    assert [(tuple(p.block), p.name) for p in read(html_page, text)] == [((1, 4), "html")]


@pytest.mark.parametrize("key", ["upvotes", "githubStars", "numComments"])
@pytest.mark.parametrize("value", ["12", 1.5, True, -1, 2**31, None, [3], float("nan")])
def test_a_count_of_another_type_is_nothing(key, value):
    record = {"paper": {"id": "2604.90310", "title": "On Counts", key: value}, "numComments": value}
    [paper] = papers(find_pieces(json.dumps([record])))
    assert (paper.upvotes, paper.github_stars, paper.comments) == (None, None, None)


@pytest.mark.parametrize("value", [None, 3, "", "  ", ["x"], {"user": 3, "name": [], "fullname": None}])
def test_a_text_of_another_type_is_nothing(value):
    names = ("summary", "ai_summary", "githubRepo", "publishedAt", "submittedOnDailyBy", "organization", "authors")
    if isinstance(value, list):
        names = names[:-1]
    [paper] = papers(find_pieces(json.dumps([{"paper": {"title": "On Types", **dict.fromkeys(names, value)}}])))
    assert paper == RawPaper(Block(1, 1), "On Types")


def test_half_a_surrogate_pair_can_be_written():
    [paper] = papers(find_pieces('{"paper": {"title": "Snail \\ud83d\\udc0c", "summary": "Half \\udc0c one"}}'))
    assert (paper.title_raw, paper.abstract_raw) == ("Snail 🐌", "Half \ufffd one")


def test_text_that_belongs_to_no_record():
    words = "Kettles boil and nobody asks why. " * 40
    assert rejects(find_pieces(f"{GOOD[0]}\n{words}\n{GOOD[0]}")) == [(2, 2, "unread_text")]
    others = json.dumps({"menu": [{"label": words, "n": [None, 1.5, True] * 300}]})
    assert rejects(find_pieces(f'{{"user": {others},\n"papers": [\n{GOOD[0]}\n], "more": {others}}}')) == []
    tail = GOOD[1][GOOD[1].index('"upvotes"') :]
    assert rejects(find_pieces(f"{tail},\n{GOOD[0]}")) == [(1, 1 + tail.count("\n"), "unread_text")]


@pytest.mark.parametrize("opening", ["{", '{"pap', '{"paper": ', '{"paper": {"authors": [{"name": "A"}, {"id": "26'])
def test_an_element_that_only_begins_is_one_cut_record(opening):
    assert rejects(find_pieces(f"[{GOOD[0]},\n{opening}")) == [(2, 2, "cut_off")]


def test_damage_at_the_very_end_is_no_cut():
    assert rejects(find_pieces(f"[{GOOD[0]},\n{GOOD[0][:-1]}]")) == [(2, 2, "damaged_record")]


def test_brackets_and_commas_are_no_pieces_on_the_lines_of_records():
    assert [tuple(p.block) for p in find_pieces(f"[{GOOD[0]},\n{GOOD[0]}\n,\n{GOOD[0]}]\n]")] == [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 5),
    ]


def test_a_record_longer_than_any_other_is_read_whole():
    authors = [{"name": f"Author {n} of the kettle survey"} for n in range(9_000)]
    record = {"paper": {"id": "2604.90310", "authors": authors, "title": "On Crowds"}}
    [first, second] = papers(find_pieces(json.dumps([record, PAPERS[0]])))
    assert (first.n_authors, second.title_raw) == (9_000, "On Lids")


def test_lines_wrapped_inside_a_string_are_joined():
    [paper] = papers(find_pieces('[{"paper": {"title": "On\n  Lids", "summary": "They\n\n rattle."}}]'))
    assert (paper.title_raw, paper.abstract_raw, paper.block) == ("On\nLids", "They\nrattle.", Block(1, 4))


def test_records_tell_where_they_stand():
    text = f"# notes\n[{GOOD[0]}, {BROKEN['no quote']}, {GOOD[2]}]"
    assert [(text[one.start : one.start + 9], text[one.end - 1], one.value is None) for one in read_records(text)] == [
        ('{"paper":', "}", False),
        ('{"paper":', " ", True),
        ('{"numComm', "}", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *ARRAYS.values(),
        "\ufeff" + ARRAYS["bare"],
        "---\nurl: https://huggingface.co/api/daily_papers\n---\n\n```json\n" + ARRAYS["indented"],
        ARRAYS["indented"][200:],
        '[\n {\n  "paper": {\n   "id": "2604.90310",\n   "authors": [' + '\n{"name": "A"},' * 300,
    ],
    ids=range(12),
)
def test_json_is_recognised(text):
    lines = text.split("\n")[:400]
    assert api_json.recognise(lines).is_known
    assert not html_page.recognise(lines).is_known


@pytest.mark.parametrize(
    "text",
    [
        *PAGES.values(),
        "\ufeff\n<!DOCTYPE HTML>\n",
        "<html lang=en>",
        "HTTP/2 200\n\n<main>" + page(ARRAYS["one line"]).split("<body>")[1],
        "<div\n data-props='" + ARRAYS["indented"] + "'>",
        "HTTP/2 200\n\n<div data-props='" + ARRAYS["indented"] + "'>",
    ],
    ids=range(len(PAGES) + 5),
)
def test_html_is_recognised(text):
    lines = text.split("\n")[:400]
    assert html_page.recognise(lines).is_known
    assert not api_json.recognise(lines).is_known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "[-](https://huggingface.co/login?next=%2Fpapers%2F2604.90310)\n\n### [On Lids](https://huggingface.co/x)",
        "[\n\nSorting socks is tedious.\n\n][66]",
        " [-] 74\n\nhttps://huggingface.co/login?next=%2Fpapers%2F2604.90310\n\nOn Lids",
        '<a id="source-section-9"></a>\n\n### [On Lids](https://huggingface.co/papers/2604.90310)',
        '---\ntitle: "Daily Papers"\n---\n<img src="x.png">\n### On Lids',
        '<div align="center">\n\n# On Lids\n\n</div>',
        'On Lids\nWe set data-props="a" and "paper": {"title": 1} in all pages. ' + "Lids rattle. " * 30,
        '[{"id": "wick/candles", "likes": 3, "tags": ["a"]}]',
        '{"error": "Not found"}',
        'notes\n{"paper": {"id": 3}}',
        "<script>" + ARRAYS["one line"] + "</script>",
        "[1, 2, 3]",
    ],
)
def test_other_text_is_refused(text):
    for module in (api_json, html_page):
        answer = module.recognise(text.split("\n"))
        assert not answer.is_known
        assert "expected" in answer.why


@pytest.mark.parametrize(("module", "dump"), [(api_json, "api-daily-papers.txt"), (html_page, "raw-html.html")])
def test_real_form(real_dumps, module, dump):
    gold = json.loads((real_dumps / "gold" / "synthetic" / f"{Path(dump).stem}.json").read_text())
    text = (real_dumps / "dumps" / "synthetic" / dump).read_text().removesuffix("\n")
    assert module.recognise(text.split("\n")).is_known
    pieces = read(module, text)
    assert rejects(pieces) == []
    for paper, label in zip(papers(pieces), gold, strict=True):
        assert (paper.title_raw, paper.arxiv_id, paper.paper_url) == (
            label["title"],
            label["arxiv_id"],
            label["hf_url"],
        )
        for name in ("upvotes", "comments", "github_stars", "n_authors", "organisation", "submitted_by"):
            assert getattr(paper, name) == label[name]
        assert paper.published_raw.startswith(label["published_on"])
        abstract = " ".join(paper.abstract_raw.split())
        assert abstract.startswith(label["abstract_starts"])
        assert abstract.endswith(label["abstract_ends"])
        assert [repo in (paper.github_url or "") for repo in label["github_repos"]] == [True] * bool(paper.github_url)


def test_real_dumps_of_other_layouts_are_refused(real_dumps):
    others = [path for path in (real_dumps / "dumps").rglob("*.txt") if path.stem != "api-daily-papers"]
    assert others
    for path in others:
        lines = path.read_text(errors="replace").split("\n")[:400]
        assert not api_json.recognise(lines).is_known, path
        assert not html_page.recognise(lines).is_known, path
