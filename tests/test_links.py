import csv
import json
import os
import re
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperlake.links.finding import LINK_HINT, Link, find_links
from paperlake.links.kinds import host_kind
from paperlake.links.repository_names import is_owner, is_repository_name

CASES = Path(__file__).parent / "cases" / "links.csv"
KINDS = {"github_repository", "github_pages", "github_other", "gist", "gitlab", "bitbucket", "hugging_face"}
KINDS |= {"arxiv", "doi", "project_page", "shortener", "other"}


FIELDS = ("url", "kind", "repository", "ref", "subpath", "page", "candidates", "repairs")


def as_cell(value: str | tuple[str, ...] | None) -> str:
    return "|".join(value) if isinstance(value, tuple) else value or ""


def read_cases() -> list[dict[str, str]]:
    """The rows of the table; `<U+200B>` stands for a letter that nobody could see there."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row | {"text": re.sub(r"<U\+(\w{4})>", lambda m: chr(int(m[1], 16)), row["text"])} for row in rows]


ROWS = read_cases()
texts_of_cases = pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row['why'][:40]}" for n, row in enumerate(ROWS, 2)])


@texts_of_cases
def test_find_links_on_cases(row):
    found = [tuple(as_cell(getattr(link, name)) for name in FIELDS) for link in find_links(row["text"])]
    assert found == ([tuple(row[name] for name in FIELDS)] if row["url"] else [])


def test_the_table_of_cases_is_large_and_explains_itself():
    assert len(ROWS) >= 320
    assert all(row["why"] for row in ROWS)


@texts_of_cases
def test_secrets_of_cases_never_appear(row):
    for link in find_links(row["text"]):
        assert not re.search(r"s3|cret|token7f|pa:ss", str(link))


@texts_of_cases
def test_link_hint_lets_every_link_through(row):
    is_let_through = pl.Series([row["text"]]).str.contains(LINK_HINT).item()
    assert is_let_through or not row["url"]


@texts_of_cases
def test_cases_in_the_middle_of_a_text(row):
    if "cut_off" in row["repairs"]:
        pytest.skip("a link is cut off only where the text ends")
    alone = find_links(row["text"])
    inside = find_links(f"Kettles drip.\n{row['text']}\nSocks pair.")
    assert [link.url for link in inside] == [link.url for link in alone]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("at https://github.com/kettle-lab/drip.", "https://github.com/kettle-lab/drip."),
        ("at https://github.com/kettle-lab/drip .", "https://github.com/kettle-lab/drip ."),
        ("it (https://github.com/kettle-lab/drip).", "(https://github.com/kettle-lab/drip)."),
        ("it ( https://github.com/kettle-lab/drip ).", "( https://github.com/kettle-lab/drip )."),
        ("(at https://github.com/kettle-lab/drip).", "https://github.com/kettle-lab/drip"),
        (r"at \href{https://github.com/kettle-lab/drip}{here}.", r"\href{https://github.com/kettle-lab/drip}{here}."),
        ("a [b](https://github.com/kettle-lab/drip) c", "[b](https://github.com/kettle-lab/drip)"),
        ("at https://github.com/kettle-lab/drip{Drip}. We", "https://github.com/kettle-lab/drip{Drip}."),
        ("at https://github.com/kettle-lab/drip.We pair", "https://github.com/kettle-lab/drip."),
        ("at https://github.com/kettle-lab/\u200bdrip, we", "https://github.com/kettle-lab/\u200bdrip,"),
    ],
)
def test_raw_is_the_whole_span(text, raw):
    (link,) = find_links(text)
    assert link.raw == raw
    assert text[link.start : link.end] == raw


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Code: github.com/a-lab/b; data: hf.co/a-lab/b.", ["https://github.com/a-lab/b", "https://hf.co/a-lab/b"]),
        ("https://github.com/a/b,https://github.com/a/c", ["https://github.com/a/b", "https://github.com/a/c"]),
        ("https://github.com/a/b and\nhttps://github.com/a/b", ["https://github.com/a/b", "https://github.com/a/b"]),
        ("[x](https://drip.example.org) (https://bit.ly/7)", ["https://drip.example.org", "https://bit.ly/7"]),
        (
            "[We pair (https://socks.example.org/), fast.](https://hf.co/papers/2601.90001)",
            ["https://socks.example.org/", "https://hf.co/papers/2601.90001"],
        ),
    ],
)
def test_texts_with_several_links(text, urls):
    assert [link.url for link in find_links(text)] == urls


def test_place_inside_a_repository():
    (link,) = find_links("See https://github.com/kettle-lab/drip/blob/v2/docs/use.md.")
    assert (link.repository, link.ref, link.subpath) == ("kettle-lab/drip", "v2", "docs/use.md")


@pytest.mark.parametrize(
    ("text", "url", "candidates"),
    [
        ("at https://github.com/kettle-lab/whi", "https://github.com/kettle-lab", ("kettle-lab/whi",)),
        ("at https://github.com/kettle-lab/whi...", "https://github.com/kettle-lab", ("kettle-lab/whi",)),
        ("at https://github.com/kettle-lab/whi…\n", "https://github.com/kettle-lab", ("kettle-lab/whi",)),
        ("at https://github.com/kettle-lab/drip-", "https://github.com/kettle-lab", ("kettle-lab/drip-",)),
        ("at https://github.com/kettle-l", "https://github.com", ()),
        ("at https://drip.example.org/a/b", "https://drip.example.org/a", ()),
    ],
)
def test_a_link_that_ends_a_cut_text_is_not_certain(text, url, candidates):
    (link,) = find_links(text, is_cut=True)
    assert (link.url, link.repository, link.candidates) == (url, None, candidates)
    assert "cut_off" in link.repairs


@pytest.mark.parametrize(
    "text",
    [
        "at https://github.com/kettle-lab/drip and socks",
        "at https://github.com/kettle-lab/drip/tree",
        "at (https://github.com/kettle-lab/drip)",
        r"at \url{https://github.com/kettle-lab/drip}",
        "at https://github.com/kettle-lab/drip/",
    ],
)
def test_a_cut_text_keeps_the_repositories_whose_names_end_before_its_end(text):
    (link,) = find_links(text, is_cut=True)
    assert link.repository == "kettle-lab/drip"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (
            "https://github.com/a/drip/https://hf.co/a/net",
            ["https://github.com/a/drip", "https://hf.co/a/net"],
        ),
        ("https://github.com/a/dripgithub.com/b/net", ["https://github.com/a/drip"]),
        ("https://github.com/a/mygithub.com/tree/main", ["https://github.com/a/mygithub.com"]),
        (
            "https://web.archive.org/web/2020/https://drip.example.org",
            ["https://web.archive.org/web/2020/https://drip.example.org"],
        ),
    ],
)
def test_addresses_glued_to_an_address(text, urls):
    assert [link.url for link in find_links(text)] == urls


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("drip.notion.site", "project_page"),
        ("kettle-lab.gitlab.io", "project_page"),
        ("drip.vercel.app", "project_page"),
        ("ar5iv.labs.arxiv.org", "arxiv"),
        ("arxiv.org.evil.example", "other"),
        ("github.io", "other"),
        ("user-images.githubusercontent.com", "github_other"),
        ("kettle.hf.space", "hugging_face"),
        ("dx.doi.org", "doi"),
        ("m.youtube.com", "other"),
        ("notx.com", "project_page"),
        ("kettle.ghe.com", "other"),
        ("gitea.kettle.example", "other"),
        ("git.kettle.example", "other"),
        ("github.kettle.example", "other"),
        ("kettle.github.dev", "github_other"),
        ("gitlabs.kettle.example", "project_page"),
    ],
)
def test_host_kind(host, kind):
    assert host_kind(host) == kind


# Pieces that the rules talk about, so that their combinations are tried and not random letters.
PIECES = (
    "https://",
    "http://",
    "HTTPS:\\/\\/",
    "github.com",
    "www.",
    "git@",
    "kettle-lab",
    "kettle.github.io",
    "drip.example.org",
    "huggingface.co",
    "raw.githubusercontent.com",
    ".git",
    "/tree/main",
    "?a=1",
    "#top",
    "&amp;",
    "&quot;",
    "\\_",
    "\\~{}",
    "{\\_}",
    "\\url{",
    "\\href{",
    "href{",
    "[b](",
    '<a href="',
    ".Our ",
    "\u200b",
    "。",
    "码",
    "İ",
    "ſ",
    "ß",
    "ｈｔｔｐｓ：／／",
    "ｇｉｔｈｕｂ．ｃｏｍ／",
    "／",
    "．",
    "github:",
    "colab.research.google.com/github/",
    "cdn.jsdelivr.net/gh/",
    "drip-\nnet",
    "/\n",
    ".\njs",
    "=\n",
    "%7D",
    "%20",
    "%64",
    "%2F",
    "%C3%A9",
    "&sa=D",
    "&rsquo;",
    "&#95;",
    "â€™",
    "\u2011",
    "\u2013",
    "…",
    "[...]",
    "!",
    "{-}",
    "$_$",
    ".LLMs are",
    "token=7",
    "ada:pw@",
    ".wiki",
    ".The",
    *"/.:@,;!?()[]{}<>\"'`*_~%$\\ \n-aB7",
)
messy_texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def check_grammar(link: Link, text: str) -> None:
    assert link.kind in KINDS
    assert re.fullmatch(r"(?:https?|ftp)://[^\s/]+\.[^\s/]+(?:[/?#]\S*)?", link.url)
    assert not re.search(r"[\s\\{}<>\"`]", link.url)
    assert 0 <= link.start < link.end <= len(text)
    assert len(set(link.repairs)) == len(link.repairs)
    assert (link.kind == "github_repository") == (link.repository is not None)
    assert not (link.repository and link.candidates), "what is certain needs no candidates"
    for full_name in (*filter(None, [link.repository]), *link.candidates):
        owner, name = full_name.split("/")
        assert is_owner(owner)
        assert is_repository_name(name)
    if link.repository:
        assert link.url == f"https://github.com/{link.repository}"


@given(messy_texts)
@example("https://github.com/a/..git.")
@example("https://a.bc/\\&amp;")
def test_found_links_keep_the_grammar_and_settle(text):
    end = 0
    for link in find_links(text):
        check_grammar(link, text)
        assert link.start >= end, "links overlap"
        end = link.end
        assert link.raw == text[link.start : link.end] or "***" in link.raw
        assert [again.url for again in find_links(link.url)] == [link.url]
        assert pl.Series([text]).str.contains(LINK_HINT).item()


@given(
    st.text(alphabet="ab.-_:!$&()*+,;=%~7", max_size=8),
    st.text(alphabet="@b.:!,;{}\\'*7", max_size=4),
    st.sampled_from(["github.com/kettle-lab/drip", "drip.example.org", "gitlab.com/a/b"]),
    st.sampled_from(
        ["https://", "http://", "https:\\/\\/", "https:/\u200b/", "ssh://", "//", "git+https://", "ｈｔｔｐｓ：／／"]
    ),
    st.sampled_from(["{}", "({}).", "\\url{{{}}}", "[x]({})", "{}{{{}}}"]),
)
def test_credentials_never_appear(user, mark, host, scheme, wrapper):
    address = f"{scheme}{user}:{mark}s3cret@{host}"
    for link in find_links(wrapper.format(address, address)):
        assert "s3cret" not in str(link)


def test_a_thousand_abstracts_in_well_under_a_second():
    abstract = "Kettles drip because their spouts are round, e.g.when (we think) it pours. " * 20
    texts = [f"{abstract} Code is at https://github.com/kettle-lab/drip{n}." for n in range(1000)]
    began = time.perf_counter()
    assert sum(len(find_links(text)) for text in texts) == 1000
    assert time.perf_counter() - began < 5, "measured 0.3 s; the room is for slow machines"


LONG_UNITS = (
    "https://", "[", "github.com/", "https://a.bc/(", "https://a.bc/x.", "https://github.com/a/b-", "https://u:",
    "www.", "%7D", "@", "://u:p@", "\\", "github:", "／", "：／／", "-", ".", "a.A:", "&amp;", "{", "https://github.com/a/b-\n",
    "\u2011a", "&a;", "a.A", "www.a.b", "/https://", "$_$", "a$", "é\u2013a", f"https://github.com/{'a' * 60}\nb-c",
)  # fmt: skip


@pytest.mark.parametrize("unit", LONG_UNITS)
@pytest.mark.parametrize("head", ["", "https://github.com/a/"])
def test_the_cost_of_long_texts_is_linear(unit, head):
    began = time.process_time()
    find_links(head + unit * (200_000 // len(unit)) + " https://github.com/kettle-lab/drip")
    assert time.process_time() - began < 5, "measured 0.6 s at most; quadratic steps take 30 s and more"


REAL_DUMPS = os.environ.get("PAPERLAKE_REAL_DUMPS")
with_real_dumps = pytest.mark.skipif(
    not REAL_DUMPS, reason="PAPERLAKE_REAL_DUMPS names no folder with dumps/ and gold/"
)


@with_real_dumps
def test_every_labelled_link_of_the_seeds_and_nothing_else():
    folder = Path(str(REAL_DUMPS))
    labels = json.loads((folder / "gold/seeds/links.json").read_text(encoding="utf-8"))["links"]
    wanted = [
        (
            label["file"],
            label["line"],
            label["canonical_url"],
            label["raw"],
            label["kind"].replace("_repo", "_repository"),
        )
        for label in labels
        if label["kind"] != "mention_only"
    ]
    found = [
        (path.name[:3], number, link.url, link.raw, link.kind)
        for path in sorted((folder / "dumps/seeds").glob("*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        for link in find_links(line)
    ]
    assert sorted(found) == sorted(wanted)


@with_real_dumps
def test_every_repository_of_the_daily_dumps_and_nothing_else():
    folder = Path(str(REAL_DUMPS))
    for labels in sorted((folder / "gold/daily").glob("*.json")):
        text = (folder / "dumps/daily" / f"{labels.stem}.txt").read_text(encoding="utf-8")
        wanted = {name.lower() for paper in json.loads(labels.read_text()) for name in paper["github_repos"]}
        assert {link.repository.lower() for link in find_links(text) if link.repository} == wanted, labels.stem
