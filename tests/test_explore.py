"""What the explorer answers to a browser, over a real server on loopback."""

import csv
import io
import json

import polars as pl
import pytest

from paperlake.explore import answers
from paperlake.release.reading import open_release, versions
from tests.explored import POLICY, browse, edition, explorer, frame, paper, paper_id, publish_papers

pytestmark = pytest.mark.slow

N_PAPERS = {1: 120, 2: 173}
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil.example","x")')
HARMLESS = ("1=1", "a-b", " =1", "'=1", 'He said "kettle", twice', "two\nlines")
HOSTILE = [paper(900 + row, title) for row, title in enumerate((*FORMULAS, *HARMLESS))]
ENDED = [("pl-a00000000000", "merged_into", "pl-b00000000000"), ("pl-b00000000000", "merged_into", paper_id(1))]
ENDED += [("pl-c00000000000", "retired", None), ("pl-d00000000000", "merged_into", "pl-c00000000000")]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Two releases: the second has more papers, some of them hostile, and ids that ended."""
    store = tmp_path_factory.mktemp("explore") / "store"
    history = [{"paper_id": one, "event": event, "other_id": other, "release": 2} for one, event, other in ENDED]
    kettle = paper(
        5000, "Kettles and Socks", repository="kettle-lab/drip", repositories=["kettle-lab/drip"], abstract="They boil."
    )
    publish_papers(store, edition(1, N_PAPERS[1]))
    late = [*edition(2, N_PAPERS[2] - 1 - len(HOSTILE)), *HOSTILE, kettle]
    publish_papers(store, late, id_history=frame("id_history", history))
    return store


@pytest.fixture(scope="module")
def client(store):
    with explorer(store) as address, browse(address) as client:
        yield client


def ask(client, path, **parameters):
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_way_in_leads_to_the_newest_release(client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/releases/2/")
    page = client.get("/", follow_redirects=True)
    assert page.text == f"<!doctype html><title>release 2: {N_PAPERS[2]}</title>"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY


def test_a_pinned_explorer_leads_to_its_release(store):
    with explorer(store, "1") as address, browse(address) as client:
        assert client.get("/").headers["location"] == "/releases/1/"
        assert ask(client, "/releases")["newest"] == 2


def test_the_releases_are_listed_the_newest_first(client, store):
    listed = ask(client, "/releases")
    times = {commit.version: commit.time for commit in versions(store)}
    known = [{"version": version, "time": times[version], "is_readable": True} for version in (2, 1)]
    assert listed == {"releases": known, "newest": 2}


def test_the_server_says_that_it_is_there(client):
    assert ask(client, "/health") == {"status": "ok"}


@pytest.mark.parametrize("release", [1, 2])
def test_a_search_is_answered_from_the_release_that_the_address_names(client, store, release):
    found = ask(client, f"/releases/{release}/search", q=f"KETTLES of edition {release}")
    papers = open_release(store, release)["papers"].filter(pl.col("title").str.starts_with("Kettles of")).collect()
    shown = papers.reverse().head(50)
    assert {name: found[name] for name in ("release", "query", "n_found", "page", "n_pages")} == {
        "release": release,
        "query": f"KETTLES of edition {release}",
        "n_found": papers.height,
        "page": 1,
        "n_pages": -(-papers.height // 50),
    }
    columns = ["paper_id", "title", "repository", "arxiv_id", "published_on"]
    rows = shown.with_columns(pl.col("published_on").cast(pl.String)).select(columns).to_dicts()
    assert found["papers"] == [row | {"n_appearances": 1} for row in rows]


def test_pages_cover_all_that_is_found_exactly_once(client, store):
    first = ask(client, "/releases/2/search")
    pages = [ask(client, "/releases/2/search", q="", page=page) for page in range(1, first["n_pages"] + 1)]
    shown = [row["paper_id"] for page in pages for row in page["papers"]]
    assert shown == open_release(store, 2).read("papers", "paper_id")["paper_id"].to_list()[::-1]
    assert [len(page["papers"]) for page in pages] == [50, 50, 50, 23]
    assert ask(client, "/releases/2/search", page=5)["papers"] == []


def test_a_search_that_finds_nothing_has_no_page(client):
    found = ask(client, "/releases/2/search", q="nothing-like-it")
    assert (found["n_found"], found["n_pages"], found["papers"]) == (0, 0, [])


def test_a_paper_is_told_whole(client):
    told = ask(client, f"/releases/2/papers/{paper_id(5000)}")
    assert (told["title"], told["abstract"], told["n_appearances"]) == ("Kettles and Socks", "They boil.", 1)
    assert [(seen["path"], seen["line_start"]) for seen in told["appearances"]] == [("page.txt", 3)]
    assert [(link["url"], link["place"]) for link in told["links"]] == [
        ("https://github.com/kettle-lab/drip", "page.txt:3-5")
    ]
    assert client.get(f"/releases/1/papers/{paper_id(5000)}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "leads_to", "said"),
    [
        ("pl-a00000000000", paper_id(1), f"pl-b00000000000 was merged into {paper_id(1)} in release 2"),
        ("pl-b00000000000", paper_id(1), f"was merged into {paper_id(1)} in release 2"),
        ("pl-c00000000000", None, "pl-c00000000000 was retired in release 2"),
        ("pl-d00000000000", None, "was merged into pl-c00000000000 in release 2; pl-c00000000000 was retired"),
        ("pl-999999999999", None, "expected a paper of release 2, found pl-999999999999"),
    ],
)
def test_an_id_that_is_no_paper_says_where_it_leads(client, asked, leads_to, said):
    answer = client.get(f"/releases/2/papers/{asked}")
    assert (answer.status_code, answer.json().get("leads_to")) == (404, leads_to)
    assert said in answer.json()["error"]


def test_a_download_as_parquet_has_exactly_the_rows_of_the_release(client, store):
    answer = client.get("/releases/2/search.parquet")
    assert answer.headers["content-disposition"] == 'attachment; filename="papers-release-2.parquet"'
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "x-paperlake-rows" not in answer.headers
    release = open_release(store, 2)
    expected = release.read("papers").join(release.read("metrics"), on="paper_id").reverse()
    taken = pl.read_parquet(io.BytesIO(answer.content))
    columns = "paper_id title arxiv_id doi paper_url published_on organisation repository repository_confidence"
    assert taken.columns == [*columns.split(), "n_appearances"]
    assert taken.equals(expected.select(taken.columns))


def test_a_download_as_csv_holds_no_formula(client, store):
    answer = client.get("/releases/2/search.csv", params={"q": ""})
    assert answer.headers["content-disposition"] == 'attachment; filename="papers-release-2.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == N_PAPERS[2]
    titles = [row["title"] for row in rows if row["paper_id"] in {hostile["paper_id"] for hostile in HOSTILE}]
    assert titles[::-1] == [*(f"'{title}" for title in FORMULAS), *HARMLESS]
    plain = open_release(store, 2).read("papers", "paper_id", "published_on").reverse()
    assert [row["published_on"] for row in rows] == [str(day or "") for day in plain["published_on"]]
    assert [row["paper_id"] for row in rows] == plain["paper_id"].to_list()


def test_a_download_has_what_the_search_found(client):
    taken = client.get("/releases/2/search.csv", params={"q": "https://github.com/kettle-lab/drip"}).text
    assert taken.splitlines() == [
        "paper_id,title,arxiv_id,doi,paper_url,published_on,organisation,repository,repository_confidence,n_appearances",
        f"{paper_id(5000)},Kettles and Socks,,,,,,kettle-lab/drip,,1",
    ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_download_of_too_many_rows_says_so(client, form, monkeypatch):
    monkeypatch.setattr(answers, "MOST_DOWNLOADED", 40)
    answer = client.get(f"/releases/2/search.{form}", params={"q": "kettles"})
    assert answer.headers["x-paperlake-rows"] == f"40 of {N_PAPERS[2] - len(HOSTILE)}"
    n_rows = answer.text.count("\n") - 1 if form == "csv" else pl.read_parquet(io.BytesIO(answer.content)).height
    assert n_rows == 40


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/releases/2/search?q=" + "k" * 201, 400, "q: expected at most 200 characters, found 201"),
        ("/releases/2/search?page=0", 400, "page: expected a whole number from 1 to 999999, found '0'"),
        ("/releases/2/search?page=two", 400, "found 'two'"),
        ("/releases/2/search?page=%D9%A1", 400, "page: expected"),
        ("/releases/2/search?page=" + "9" * 5000, 400, f"found '{'9' * 40}'"),
        ("/releases/2/search.csv?q=" + "k" * 201, 400, "q: expected at most 200 characters, found 201"),
        ("/releases/2/search.json", 404, "expected one of csv, parquet"),
        ("/releases/3/", 404, "expected one of the releases 1 to 2, found 3"),
        ("/releases/3/search", 404, "expected one of the releases 1 to 2, found 3"),
        ("/releases/0/", 404, "expected the number of a release"),
        ("/releases/-1/search", 404, "expected the number of a release"),
        ("/releases/%D9%A1/", 404, "expected the number of a release"),
        ("/releases/" + "9" * 5000 + "/", 404, "expected the number of a release"),
        ("/releases/latest/", 404, "expected the number of a release"),
        ("/releases/2", 404, "found another address"),
        ("/releases/2/papers/socks", 404, "expected 'pl-' and 12 letters or digits"),
        ("/releases/2/papers/PL-000000000001", 404, "expected 'pl-' and 12 letters or digits"),
        ("/nonsense", 404, "expected one of /, /releases, /releases/N/"),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(client, path, status, said):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert said in answer.json()["error"]


def test_200_characters_are_not_too_many(client):
    assert client.get("/releases/2/search", params={"q": "é" * 200}).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/releases/2/", "/releases/2/search?q=kettles", "/releases/2/search.csv"])
def test_asking_for_headers_alone_gives_those_of_the_answer(client, path):
    told, whole = client.head(path), client.get(path)
    assert (told.status_code, told.content) == (200, b"")
    assert {**told.headers, "date": ""} == {**whole.headers, "date": ""}


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "'; DROP TABLE papers; --", "{{7*7}}", "\u202e\x00%s"])
def test_a_query_comes_back_as_it_was_and_as_json_alone(client, query):
    answer = client.get("/releases/2/search", params={"q": query})
    assert json.loads(answer.content)["query"] == query
    assert answer.headers["content-type"] == "application/json"
