import polars as pl
import pytest

from paperlake.link_roles.scores import add_paper_cues, judge_roles, role_weights
from paperlake.vocabularies import LINK_ROLES


def evidence(*links):
    rows = [
        {"paper_id": "a", "title": "On Drips", "repository": None, "cues": [], "is_furniture": False, **link}
        for link in links
    ]
    rows = [{"url": f"https://github.com/{row['repository']}", **row} for row in rows]
    return add_paper_cues(pl.DataFrame(rows))["evidence"].to_list()


@pytest.mark.parametrize(
    ("title", "repository", "rule"),
    [
        ("DripNet: Pots that Drip", "kettle-lab/dripnet", "name_in_title"),
        ("DripNet: Pots that Drip", "kettle-lab/drip-net-torch", "method_in_name"),
        ("Pots that Drip", "kettle-lab/kettles", None),
        ("A Pot: It Drips", "kettle-lab/a-potpourri", "method_in_name"),
        ("On the Pot", "kettle-lab/pot", None),
        ("Overlapping Pots", "kettle-lab/verl", None),
        ("Drip Net for Pots", "kettle-lab/drip-net", "name_in_title"),
    ],
)
def test_what_a_title_says_of_a_repository(title, repository, rule):
    found = {"name_in_title", "method_in_name"} & set(evidence({"title": title, "repository": repository})[0])
    assert rule is None or rule in found
    assert rule is not None or not found


def test_the_listing_and_the_own_code_speak_against_other_repositories():
    listed, other = evidence(
        {"repository": "kettle-lab/pot", "cues": ["in_listing"]}, {"repository": "kettle-lab/pan", "cues": []}
    )
    assert "listing_differs" not in listed
    assert {"listing_differs", "another_is_ours"} <= set(other)


def test_only_repository_looks_at_the_repositories_of_one_paper():
    rows = evidence(
        {"repository": "kettle-lab/pot"},
        {"repository": None, "url": "https://drip.example.org"},
        {"paper_id": "b", "repository": "kettle-lab/pan"},
    )
    assert ["only_repository" in row for row in rows] == [True, False, True]


@pytest.mark.parametrize(("n_papers", "rules"), [(2, set()), (3, {"several_papers"}), (10, {"many_papers"})])
def test_how_many_papers_name_a_repository(n_papers, rules):
    rows = evidence(*({"paper_id": str(n), "repository": "kettle-lab/pot"} for n in range(n_papers)))
    assert {rule for row in rows for rule in row} & {"several_papers", "many_papers"} == rules


def test_furniture_is_furniture_whatever_else_speaks():
    words = ["at_the_end", "code_label", "code_words", "on_github_repository", "our_code", "page_furniture"]
    assert judge_roles(pl.Series([words]))["role"].to_list() == ["furniture"]


def test_shares_are_of_one_and_follow_from_the_evidence_alone():
    lists = pl.Series(
        [["on_github_repository", "our_code"], [], ["no_such_rule"], ["on_github_repository", "our_code"]]
    )
    judged = judge_roles(lists)
    assert judged.select(pl.sum_horizontal(LINK_ROLES)).to_series().to_list() == pytest.approx([1] * 4, abs=0.005)
    assert judged.row(0) == judged.row(3)
    assert judged.row(1) == judged.row(2)
    assert judged["confidence"].to_list() == judged.select(pl.max_horizontal(LINK_ROLES)).to_series().to_list()
    assert judge_roles(pl.Series([], dtype=pl.List(pl.String))).is_empty()


def test_weights_name_each_rule_once():
    assert role_weights()["rule"].is_unique().all()


def test_a_title_says_nothing_of_a_repository_that_several_papers_name():
    rows = evidence(*({"paper_id": str(n), "title": "DripNet: Pots", "repository": "k/dripnet"} for n in range(3)))
    assert not {"name_in_title", "method_in_name"} & {rule for row in rows for rule in row}
