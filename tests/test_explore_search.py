"""What the search finds, and what it shows first."""

import datetime as dt

import polars as pl
import pytest

from paperlake.explore.queries import MOST_WORDS, read_query
from paperlake.explore.rows import read_papers
from paperlake.explore.search import known_texts, prepare
from paperlake.release import encoding
from paperlake.release.reading import open_release
from tests.explored import paper, paper_id, publish_papers

KETTLE = "kettle-lab/dripnet"
PAPERS = [
    paper(0, "Why Kettles Boil", arxiv_id="2601.90001", doi="10.5555/boil", organisation="Kettle Works"),
    paper(1, "DripNet: a Kettle that drips", repository=KETTLE, repositories=["Kettle-Lab/DripNet"]),
    paper(2, "On dripping", repositories=["sock-lab/socks", "Kettle-Lab/DripNet"]),
    paper(3, "Käse über Straßen", title_key="kaseuberstrassen", arxiv_id="cs/0112017"),
    paper(4, "ｆｕｌｌ　ｗｉｄｔｈ Toast", doi="10.5555/toast.(7)"),
    paper(5, "Toast\tand  jam", title_key="toastandjam", published_on=dt.date(2026, 3, 1)),
    paper(6, "Jam and toast", organisation="Toast and Jam"),
    paper(7, "10.5555/boil is no kettle"),
    paper(8, "Socks (.*) [a-z]+ 100%_ \\ 'quoted'"),
    paper(9, "茶壺の話", title_key="茶壺の話"),
]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Ten papers in three parts."""
    store = tmp_path_factory.mktemp("search") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "PART_SIZES", (4,))
        publish_papers(store, PAPERS)
    return open_release(store)


@pytest.fixture(scope="module")
def haystack(release):
    return prepare(release, known_texts())


def found(haystack, asked: str) -> list[int]:
    return haystack.find(read_query(asked)).to_list()


@pytest.mark.parametrize(
    ("asked", "expected", "why"),
    [
        ("", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "nothing finds all, the newest first"),
        (" \t\u00a0 ", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "blanks are nothing"),
        ("kettle", [7, 1, 0, 2], "in the title before a repository, the newest first"),
        ("KETTLE boil", [7, 0], "every word, in any case"),
        ("boil why", [0], "words in any order"),
        ("kettle socks", [2], "words in several repositories"),
        ("drips a", [1], "words of one title in another order"),
        ("nothing-like-it", [], "no paper"),
        (paper_id(3), [3], "a paper id"),
        ("pl-00000000000", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "a part of ids"),
        ("2601.90001", [0], "an arXiv id"),
        ("2601.9000", [0], "a part of one"),
        ("2601.90001v3", [0], "an arXiv id with its version"),
        ("https://arxiv.org/abs/2601.90001", [0], "an address of arXiv"),
        ("http://www.arxiv.org/pdf/2601.90001v2.pdf", [0], "another"),
        ("https://huggingface.co/papers/2601.90001", [0], "an address of Hugging Face"),
        ("arXiv:2601.90001", [0], "as people cite it"),
        ("https://arxiv.org/abs/cs/0112017v1", [3], "an old id"),
        ("arxiv.org/abs/2601.9", [0], "an address that is typed still"),
        ("10.5555/boil", [0, 7], "a DOI before a title that has it"),
        ("https://doi.org/10.5555/toast.(7)", [4], "an address of a DOI"),
        ("Kettle-Lab/DripNet", [1, 2], "the official repository before a mention"),
        ("https://github.com/kettle-lab/dripnet", [1, 2], "an address of GitHub"),
        ("https://www.github.com/Kettle-Lab/DripNet.git", [1, 2], "another"),
        ("github.com/kettle-lab/dripnet/tree/main/models?tab=1#top", [1, 2], "a place in a repository"),
        ("https://github.com/kettle-lab/", [2, 1], "an owner"),
        ("https://github.com/", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "a site alone is nothing"),
        ("käse", [3], "letters beyond ASCII"),
        ("strassen uber", [3], "no accents, and another spelling"),
        ("KA\u0308SE", [3], "the same letter, otherwise composed"),
        ("kase", [3], "as the key spells it"),
        ("STRASSEN", [3], "ß as its capitals"),
        ("full width", [4], "wide letters and a wide blank"),
        ("ＴＯＡＳＴ", [6, 5, 4], "wide letters that are typed"),
        ("toast and jam", [5, 6], "the whole query in the title first, whatever blanks are in it"),
        ("and jam toast", [6, 5], "not as it stands there: the newest first"),
        ("(.*)", [8], "no pattern, but these letters"),
        ("%_", [8], "neither for databases"),
        ("' OR 1=1", [], "nothing is executed"),
        ("'", [8], "a quote"),
        ("\\", [8], "a backslash"),
        ("茶壺", [9], "other scripts"),
        ("boilkettle", [], "a word does not go over the end of a field"),
        ("\x1f", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "what stands between ids is a blank"),
        ("\x00", [], "a NUL"),
        ("toast " * 50 + "socks", [], "each word once, however often it is typed"),
    ],
)
def test_a_query_finds_these_papers_in_this_order(haystack, asked, expected, why):
    assert found(haystack, asked) == expected, why


def test_so_many_words_count_and_the_rest_do_not():
    words = [f"sock{number}" for number in range(MOST_WORDS + 3)]
    query = read_query(" ".join(words))
    assert (list(query.words), query.phrase) == (words[:MOST_WORDS], " ".join(words))


def test_the_search_is_that_of_a_naive_reader(release, haystack):
    """Every pair of letters that stands in some text, against Python's own `in`."""
    rows = release.read("papers").to_dicts()
    texts = ["\n".join([row["title"], *row["repositories"], row["paper_id"], row["arxiv_id"] or ""]) for row in rows]
    pairs = sorted({text[at : at + 2].lower() for text in texts[:3] for at in range(len(text) - 1)})
    asked = [pair for pair in pairs if pair.isalnum() and pair.isascii()]
    assert len(asked) > 30
    others = [f"{row['doi'] or ''}\n{row['organisation'] or ''}\n{row['title_key'] or ''}" for row in rows]
    for pair in asked:
        named = {n for n, text in enumerate(texts) if pair in text.lower() or pair in others[n].lower()}
        assert set(found(haystack, pair)) - {4} == named - {4}, pair  # the fifth has wide letters


def test_rows_are_read_in_the_order_asked_for_whatever_part_they_are_in(release):
    rows = pl.Series([9, 0, 5, 4, 3], dtype=pl.UInt32)
    read = read_papers(release, rows, ("paper_id", "published_on"))
    assert read["paper_id"].to_list() == [paper_id(number) for number in rows]
    assert read.columns == ["paper_id", "published_on", "n_appearances"]
    assert read["n_appearances"].to_list() == [1] * 5
    assert read_papers(release, rows.head(0), ("paper_id",)).height == 0


def test_a_release_shares_the_texts_of_the_parts_that_it_shares(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (4,))
    publish_papers(tmp_path, PAPERS)
    publish_papers(tmp_path, [*PAPERS, paper(10, "A late kettle")])
    first, second = open_release(tmp_path, 1), open_release(tmp_path, 2)
    known = known_texts()
    old, new = prepare(first, known), prepare(second, known)
    assert [one is other for one, other in zip(old.parts, new.parts, strict=True)] == [True, True, False]
    assert (len(old.find(read_query("kettle"))), len(new.find(read_query("kettle")))) == (4, 5)
    del old, new
    assert len(known) == 0, "what no release needs is not kept"


def test_a_release_without_papers_finds_none(tmp_path):
    publish_papers(tmp_path, [])
    release = open_release(tmp_path)
    haystack = prepare(release, known_texts())
    assert found(haystack, "") == found(haystack, "kettle") == []
    assert read_papers(release, pl.Series([], dtype=pl.UInt32), ("paper_id",)).height == 0
