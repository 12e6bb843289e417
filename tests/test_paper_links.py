import polars as pl
import pytest

from paperlake.paper_links import LEAST_CONFIDENCE, best_repositories, collect_links, name_repositories

OWN = ["at_the_end", "code_is_out", "code_label", "code_words", "on_github_repository", "our_code", "out_at"]
OTHER = ["built_on", "in_mid_text", "named_just_before", "on_github_repository", "ours"]


def sight(repository="kettle-lab/pot", paper="a", **values):
    appearance = values.pop("appearance_id", f"0123456789abcdef:{paper}")
    return {
        "appearance_id": appearance,
        "dump_id": "d",
        "paper_id": paper,
        "url": f"https://github.com/{repository}",
        "kind": "github_repository",
        "repository": repository,
        "subpath": None,
        "ref": None,
        "raw": f"github.com/{repository}",
        "repairs": ["missing_scheme"],
        "found_in": "abstract",
        "candidates": [],
        "cues": OWN,
        **values,
    }


def frame(*sights):
    text = dict.fromkeys(("subpath", "ref", "repository"), pl.String)
    lists = dict.fromkeys(("candidates", "cues", "repairs"), pl.List(pl.String))
    return pl.DataFrame(list(sights), schema_overrides=text | lists)


def collect(*sights, aliases=None):
    named = name_repositories(frame(*sights), aliases or {})
    papers = named.select("paper_id").unique(maintain_order=True).with_columns(title=pl.lit("On Drips"))
    return collect_links(named, papers)


def test_a_link_has_the_evidence_of_all_its_sights():
    [link] = collect(sight(), sight(cues=["in_listing", "on_github_repository"], found_in="listing")).to_dicts()
    assert {"our_code", "in_listing", "only_repository"} <= set(link["evidence"])
    assert (link["role"], link["found_in"], link["n_appearances"]) == ("official_code", "abstract", 1)
    assert link["confidence"] > LEAST_CONFIDENCE


def test_a_url_beside_a_third_of_a_dump_is_its_furniture():
    rows = [sight(paper=f"p{n}") for n in range(5)] + [sight(f"kettle-lab/p{n}", f"q{n}") for n in range(10)]
    assert collect(*rows)["role"].to_list() == ["furniture"] * 5 + ["official_code"] * 10
    folders = [sight(paper=f"p{n}", subpath=f"tree/{n}") for n in range(5)]
    assert "furniture" not in collect(*folders)["role"].to_list()
    few = [sight(paper=f"p{n}") for n in range(4)]
    assert "furniture" not in collect(*few)["role"].to_list()


def test_renamed_repositories_are_one():
    links = collect(sight("Old-Lab/Pot"), sight("kettle-lab/pot", "b"), aliases={"old-lab/pot": "kettle-lab/pot"})
    assert links["repository"].to_list() == ["kettle-lab/pot"] * 2
    assert links["url"].to_list() == ["https://github.com/kettle-lab/pot"] * 2
    assert links["repairs"].to_list() == [["missing_scheme", "renamed_repository"], ["missing_scheme"]]


@pytest.mark.parametrize(
    ("sights", "repository", "repositories"),
    [
        ([sight("k/other", cues=OTHER), sight("k/own")], "k/own", ["k/own", "k/other"]),
        ([sight("k/other", cues=OTHER)], None, ["k/other"]),
        ([sight("k/own"), sight("k/own2", cues=[*OWN, "in_listing"])], "k/own2", ["k/own2", "k/own"]),
        ([sight("k/a", cues=["on_github_repository"])], None, ["k/a"]),
        ([sight("k/a", cues=["at_the_end", "on_github_repository", "out_at", "sentence_out"])], None, ["k/a"]),
    ],
)
def test_the_best_official_repository_or_none(sights, repository, repositories):
    [row] = best_repositories(collect(*sights)).to_dicts()
    assert (row["repository"], row["repositories"]) == (repository, repositories)
    assert (row["repository_confidence"] is None) == (repository is None)


def test_a_paper_without_a_repository_has_no_row():
    links = collect(sight(None, kind="project_page", url="https://drip.example.org", cues=["on_project_page"]))
    assert best_repositories(links).is_empty()
