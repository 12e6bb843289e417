"""Tables from hand-made appearances: spelling of repositories, links once a paper, values by their rules."""

import polars as pl
import pytest

from paperlake.assemble import assemble_tables
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS
from paperlake.identity.facts import make_facts
from paperlake.identity.matching import Known, match
from paperlake.identity.resolve import resolve_identity
from paperlake.normalise import find_appearance_links, normalise_appearances
from paperlake.validate import check_frame

DUMP = "0123456789abcdef" * 4
FILLER = "Teapots drip whenever nobody looks at them. " * 8


def assemble(*rows: dict) -> dict[str, pl.DataFrame]:
    filled = [
        {
            "appearance_id": f"{DUMP[:16]}:{n}",
            "dump_id": DUMP,
            "position": n,
            "line_start": n,
            "line_end": n,
            "is_cut": False,
            **row,
        }
        for n, row in enumerate(rows, start=1)
    ]
    appearances = pl.DataFrame(filled, schema=EXTRACTED_APPEARANCES)
    counts = {"n_bytes": 1, "n_lines": 9, "n_papers": len(rows), "n_furniture": 0, "n_rejects": 0}
    dump = {"dump_id": DUMP, "path": "d.txt", "page": "unknown", "status": "read", **counts}
    dumps = pl.DataFrame([dump], schema=EXTRACTED_DUMPS).with_row_index("sequence", offset=1)
    extracted = {"appearances": appearances, "dumps": dumps, "rejects": pl.DataFrame(schema=EXTRACTED_REJECTS)}
    clean = normalise_appearances(appearances)
    facts = make_facts(clean, appearances)
    _, evidence = match(Known(), facts)
    matches = resolve_identity(facts, evidence)
    tables = assemble_tables(extracted, clean, find_appearance_links(appearances), matches)
    for name, frame in tables.items():
        check_frame(frame, name)
    return tables


def paper(title: str, abstract: str | None = FILLER, **values) -> dict:
    return {"title_raw": title, "abstract_raw": abstract, **values}


def test_a_repository_is_one_row_in_its_most_frequent_spelling():
    code = "https://github.com/Kettle-Lab/DripNet"
    tables = assemble(
        paper("On Drips", f"{FILLER} Code: https://github.com/kettle-lab/dripnet."),
        paper("Socks by the Door", f"Socks wander off at night, one by one. Code: {code}."),
        paper("Snails in the Rain", f"No snail was ever seen to hurry in a garden. Code: {code}/tree/main/src."),
    )
    assert tables["repositories"].select("repository_key", "owner", "name", "url", "n_papers").rows() == [
        ("kettle-lab/dripnet", "Kettle-Lab", "DripNet", code, 3)
    ]
    assert tables["links"]["url"].to_list() == [code] * 3
    assert tables["links"]["subpath"].to_list() == [None, None, "src"]
    assert tables["papers"]["repositories"].to_list() == [["Kettle-Lab/DripNet"]] * 3


def test_a_link_is_one_row_a_paper_with_its_first_sight():
    text = f"{FILLER} Code: https://github.com/example-lab/socks and http://www.github.com/Example-Lab/socks.git."
    tables = assemble(paper("On Socks", text), paper("On Socks", text))
    [link] = tables["links"].to_dicts()
    assert (link["n_appearances"], link["appearance_id"], link["found_in"]) == (2, f"{DUMP[:16]}:1", "abstract")
    assert link["role"] == "official_code"
    assert {"code_label", "only_repository"} <= set(link["evidence"])


def test_links_of_titles_abstracts_and_listings_are_told_apart():
    tables = assemble(
        paper(
            "See https://example.org/a",
            f"{FILLER} https://example.org/b",
            github_url="https://github.com/example-lab/c",
        )
    )
    assert tables["links"].select("url", "found_in").rows() == [
        ("https://example.org/a", "title"),
        ("https://example.org/b", "abstract"),
        ("https://github.com/example-lab/c", "listing"),
    ]


def test_the_longest_abstract_and_the_first_other_value_are_kept():
    long = f"{FILLER} And they drip again, says the long one."
    tables = assemble(
        paper("On Drips and Drops in Kitchens", FILLER, organisation=None, submitted_by="mira-k", upvotes=3),
        paper("On Drips and Drops in Kitchens", long, organisation="Example Lab", submitted_by="potter9", upvotes=5),
        paper("On Drips and Drops in Kitchens", None, upvotes=None),
    )
    [row] = tables["papers"].to_dicts()
    assert (row["abstract"], row["organisation"], row["submitted_by"]) == (
        long.strip().replace("  ", " "),
        "Example Lab",
        "mira-k",
    )
    [metrics] = tables["metrics"].to_dicts()
    assert (metrics["upvotes"], metrics["n_appearances"], metrics["n_dumps"]) == (5, 3, 1)


@pytest.mark.parametrize(
    ("abstract", "flag"), [(None, "no_abstract"), (FILLER + "The rate is mathcal{O}(n) for all n.", "math_damaged")]
)
def test_what_was_seen_and_left_is_flagged(abstract, flag):
    [row] = assemble(paper("On Drips and Drops in Kitchens", abstract))["papers"].to_dicts()
    assert flag in row["flags"]
    assert row["flags"] == sorted(row["flags"])


def test_an_arxiv_id_comes_from_the_page_of_the_paper():
    rows = [
        paper("On Drips", paper_url="https://huggingface.co/papers/2601.90001"),
        paper("On Drops", arxiv_id="2601.90002"),
    ]
    assert assemble(*rows)["papers"]["arxiv_id"].to_list() == ["2601.90001", "2601.90002"]


def test_a_doi_comes_from_the_page_of_the_paper_and_not_from_its_text():
    cited = f"{FILLER} See https://doi.org/10.5555/another."
    rows = [paper("On Drips", "Kettles drip.", paper_url="https://doi.org/10.5555/Kettle.7"), paper("Of Socks", cited)]
    assert assemble(*rows)["papers"]["doi"].to_list() == ["10.5555/kettle.7", None]


def test_no_appearance_gives_empty_tables():
    assert all(assemble()[name].is_empty() for name in ("papers", "links", "metrics", "repositories"))


def test_a_link_at_the_end_of_a_cut_record_names_no_repository():
    said = "We drip. Our code is available at https://github.com/example-lab/drip"
    whole, cut = (
        assemble({"title_raw": "Dripping Kettles", "abstract_raw": said, "is_cut": is_cut})["links"].row(0, named=True)
        for is_cut in (False, True)
    )
    assert (whole["repository"], whole["candidates"]) == ("example-lab/drip", [])
    assert (cut["repository"], cut["candidates"]) == (None, ["example-lab/drip"])


def test_a_cut_record_is_cut_in_its_last_value_only():
    title, said = "Drips: github.com/example-lab/drip", "Kettles drip. " + FILLER
    cut = [
        assemble({"title_raw": title, "abstract_raw": abstract, "is_cut": True})["links"]["repository"].to_list()
        for abstract in (said, None)
    ]
    assert cut == [["example-lab/drip"], [None]]
