"""Which pairs are one paper: every rule has records only it joins, and others, nearly the same, that stay apart."""

import datetime as dt

import polars as pl
import pytest

from paperlake.identity.decisions import EVIDENCE, MOST_DAYS, RULES, VETOES, accepted, apart, decide
from paperlake.identity.difference import KINDS
from paperlake.identity.matching import Known, match
from paperlake.vocabularies import MATCH_RULES
from tests.identity_records import abstract, evidence_of, facts_of, reworded, summary

TITLE = "Copper Kettles Boil Faster in Gardens"
MISSPELT = "Coper Ketles Boil Faster in Gardens"
LONGER = "Copper Kettles Boil Faster in Gardens of Sleepy Snails"
OTHER = "Woollen Mittens Hide Marbles under Pillows"
DAY = dt.date(2026, 1, 7)
CODE = "https://github.com/example-lab/kettles"


def paper(title, text=None, **values):
    return {"title_raw": title, "abstract_raw": text, **values}


def row_of(first, second, rules=RULES, before=()):
    """Evidence of two records, after others that make words known; None where it is no near miss either."""
    facts = facts_of(*before, first, second)
    _, evidence = match(Known(), facts, rules)
    found = evidence.filter(left=len(before), right=len(before) + 1)
    return found.row(0, named=True) if found.height else None


def rule_of(first, second, rules=RULES, before=()):
    """The rule that joins two records, where nothing speaks against it."""
    row = row_of(first, second, rules, before)
    return row["rule"] if row and row["veto"] is None else None


KNOWN_WORDS = [paper(f"{name} {word}") for name in ("Aa", "Bb", "Cc", "Dd") for word in ("Copper", "Cooper")]

JOINED = {
    "same_id": [
        (paper(TITLE, abstract(1), arxiv_id="2601.90001"), paper(OTHER, abstract(2), arxiv_id="2601.90001")),
        (
            paper(TITLE, abstract(1), paper_url="https://doi.org/10.5555/kettle.7"),
            paper(OTHER, abstract(2), paper_url="https://doi.org/10.5555/KETTLE.7"),
        ),
    ],
    "title_and_abstract": [
        (paper(TITLE, abstract(1, 8)), paper(TITLE, reworded(1, 3))),
        (paper("Socks", abstract(1, 8)), paper("SOCKS!", reworded(1, 6))),
        (paper(LONGER, abstract(1, 8)), paper(LONGER, reworded(1, 1))),
    ],
    "title_alone": [(paper(TITLE, abstract(1)), paper(TITLE)), (paper(TITLE), paper(TITLE))],
    "short_title_backed": [
        (paper("Boiling Socks", abstract(1), published_on=DAY), paper("Boiling Socks", published_on=DAY))
    ],
    "title_and_summary": [(paper("Socks", abstract(1)), paper("Socks", summary(1)))],
    "title_backed": [
        (
            paper(LONGER, abstract(1), published_on=DAY, n_authors=4),
            paper(LONGER, abstract(2), published_on=DAY, n_authors=4),
        )
    ],
    "close_title_and_abstract": [
        (
            paper("Copper Kettles Boil in Gardens", abstract(1, 3)),
            paper("Copper Kettles Boil in Garden", abstract(1, 3)),
        )
    ],
    "near_title_and_abstract": [(paper(TITLE, abstract(1, 8)), paper(MISSPELT, reworded(1, 4)))],
    "near_title_alone": [
        (paper(TITLE, abstract(1)), paper(f"The {TITLE}")),
        (paper(f"{TITLE} and Colours", n_authors=4), paper(f"{TITLE} and Colors", n_authors=4)),
    ],
    "near_title_and_summary": [(paper(TITLE, abstract(1)), paper(MISSPELT, summary(1)))],
    "longer_title": [(paper(TITLE, abstract(1, 8)), paper(LONGER, reworded(1, 6)))],
    "longer_title_backed": [
        (paper(TITLE, github_url=CODE), paper(LONGER, github_url=f"{CODE.upper()}/")),
        (paper(TITLE, abstract(1, 8), published_on=DAY), paper(LONGER, reworded(1, 4), published_on=DAY)),
        (paper(f"{TITLE}: A Tale", published_on=DAY), paper(f"A Tale: {TITLE}", published_on=DAY)),
        (
            paper("Boiling Kettles in Gardens", published_on=DAY, n_authors=4),
            paper("Boiling Kettles in Cold Gardens", published_on=DAY, n_authors=4),
        ),
    ],
    "close_title_backed": [
        (
            paper("Why Wide Copper Kettles Boil Faster in Cold Gardens", published_on=DAY, n_authors=4),
            paper("Why Round Copper Kettles Boil Faster in Cold Gardens", published_on=DAY, n_authors=4),
        )
    ],
    "abstract_alone": [(paper(TITLE, abstract(1)), paper(OTHER, abstract(1)))],
    "abstract_backed": [(paper(TITLE, abstract(1, 8), github_url=CODE), paper(OTHER, reworded(1, 6), github_url=CODE))],
}
APART = {
    "same_id": (paper(TITLE, abstract(1), arxiv_id="2601.90001"), paper(OTHER, abstract(2))),
    "title_and_abstract": (paper("Socks", abstract(1)), paper("SOCKS!", abstract(2))),
    "title_alone": (paper("Boiling Socks", abstract(1)), paper("Boiling Socks")),
    "short_title_backed": (
        paper("Boiling Socks", published_on=DAY, n_authors=4),
        paper("Boiling Socks", published_on=DAY, n_authors=5),
    ),
    "title_and_summary": (paper("Socks", abstract(1)), paper("Socks", summary(2))),
    "title_backed": (paper(LONGER, abstract(1), published_on=DAY), paper(LONGER, abstract(2), published_on=DAY)),
    "close_title_and_abstract": (
        paper("Copper Kettles Boil in Gardens 2", abstract(1, 3)),
        paper("Copper Kettles Boil in Gardens 3", abstract(1, 3)),
    ),
    "near_title_and_abstract": (paper(TITLE, abstract(1, 8)), paper(MISSPELT, reworded(1, 3))),
    "near_title_alone": (paper(TITLE, abstract(1)), paper(MISSPELT)),
    "near_title_and_summary": (paper(TITLE, abstract(1)), paper(MISSPELT, summary(2))),
    "longer_title": (paper(TITLE, abstract(1, 8)), paper(LONGER, reworded(1, 5))),
    "longer_title_backed": (
        paper("Boiling Kettles in Gardens", published_on=DAY),
        paper("Boiling Kettles in Cold Gardens", published_on=DAY),
    ),
    "close_title_backed": (
        paper("Why Wide Copper Kettles Boil Faster in Cold Gardens", published_on=DAY),
        paper("Why Round Copper Kettles Boil Faster in Cold Gardens", published_on=DAY),
    ),
    "abstract_alone": (paper(TITLE, abstract(1, 3)), paper(OTHER, abstract(1, 3))),
    "abstract_backed": (paper(TITLE, abstract(1, 8)), paper(OTHER, reworded(1, 6))),
}


@pytest.mark.parametrize(
    ("name", "first", "second"), [(name, *pair) for name, pairs in JOINED.items() for pair in pairs]
)
def test_only_one_rule_joins_them(name, first, second):
    row = row_of(first, second)
    assert row is not None
    assert (row["rule"], row["veto"]) == (name, None)
    assert row["match_rule"] == next(rule.match_rule for rule in RULES if rule.name == name)
    assert rule_of(first, second, tuple(rule for rule in RULES if rule.name != name)) is None
    assert rule_of(second, first) == name, "whichever came first"


@pytest.mark.parametrize(("name", "first", "second"), [(name, *pair) for name, pair in APART.items()])
def test_nothing_joins_those_that_nearly_are(name, first, second):
    assert rule_of(first, second) is None
    assert rule_of(second, first) is None


def test_every_rule_has_its_cases():
    assert [rule.name for rule in RULES] == list(JOINED) == list(APART)


def test_a_misspelling_is_one_where_titles_use_one_of_the_words():
    first, second = paper("Copper Kettles Boil Faster"), paper("Cooper Kettles Boil Faster")
    assert rule_of(first, second) is None, "nobody knows either"
    assert rule_of(first, second, before=KNOWN_WORDS[::2]) == "near_title_alone"
    assert rule_of(first, second, before=KNOWN_WORDS) is None


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (paper("Copper Kettles Part II of a Story"), paper("Copper Kettles Part III of a Story"), "sequels"),
        (paper("Boiling Kettles with 7B Spoons"), paper("Boiling Kettles with 70B Spoons"), "sizes"),
        (
            paper("Stirring Copper Kettles in C", abstract(1)),
            paper("Stirring Copper Kettles in C++", abstract(1)),
            "signs, whatever the abstract",
        ),
        (paper(None, abstract(1, 3)), paper(None, abstract(1, 3)), "no titles, too little text"),
        (paper("Why Copper Kettles Boil at Night"), paper("Why Copper Kettles Never Boil at Night"), "the contrary"),
        (
            paper("Why Copper Kettles Boil at Night", reworded(1, 4)),
            paper("Why Copper Kettles No Boil at Night", abstract(1, 8)),
            "the contrary in two letters",
        ),
        (paper("Copper Kettles for Snails"), paper("Copper Kettles for UK Snails"), "a word more, in two letters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_is_not_one_paper(first, second, why):
    assert rule_of(first, second) is None, why


@pytest.mark.parametrize(
    "pair",
    [pairs[-1] for name, pairs in JOINED.items() if name != "same_id"],
    ids=[n for n in JOINED if n != "same_id"],
)
def test_other_arxiv_ids_veto_every_rule(pair):
    first, second = ({**one, "arxiv_id": f"2601.9000{n}"} for n, one in enumerate(pair))
    row = row_of(first, second)
    assert row is None or row["veto"] == "other_id"
    assert row_of(first, {**second, "arxiv_id": None})["veto"] is None


def test_numbers_veto_every_rule_but_ids():
    first, second = (paper(f"Copper Kettles Boil Faster in Gardens {n}", abstract(1)) for n in ("2", "3"))
    row = row_of(first, second)
    assert (row["rule"], row["veto"]) == ("abstract_alone", "other_number")
    assert row_of({**first, "arxiv_id": "2601.90001"}, {**second, "arxiv_id": "2601.90001"})["veto"] is None


def test_one_page_lists_no_paper_under_two_titles():
    ids = [f"{'a' * 16}:{position}" for position in (1, 2)]
    apart, together = ([{**paper(title), "appearance_id": name} for title, name in zip(titles, ids, strict=True)]
                       for titles in ((TITLE, MISSPELT), (TITLE, TITLE)))  # fmt: skip
    assert rule_of(*apart) is None
    assert rule_of(*together) == "title_alone"


def test_a_few_letters_are_no_abstract():
    more = "Join the discussion on this paper page"
    assert rule_of(paper("Preface", more), paper("Preface", more)) is None
    assert rule_of(paper(TITLE, more), paper(TITLE, abstract(1))) == "title_alone"


def test_what_says_that_two_are_apart():
    said = [
        (paper("Socks", abstract(1)), paper("Socks", abstract(2))),
        (paper(f"{TITLE} 2"), paper(f"{TITLE} 3")),
        (paper("Why Copper Kettles Boil at Night"), paper("Why Copper Kettles Never Boil at Night")),
    ]
    assert [evidence_of(facts_of(*pair))["is_apart"].to_list() for pair in said] == [[True]] * 3
    assert apart(evidence_of(facts_of(*said[0]))).rows() == [(0, 1)]
    assert apart(evidence_of(facts_of(*JOINED["title_backed"][0]))).is_empty(), "joined all the same"


def test_a_doi_that_two_share_is_vetoed_by_their_arxiv_ids():
    first, second = (
        paper(TITLE, arxiv_id=f"2601.9000{n}", paper_url="https://doi.org/10.5555/kettle.7") for n in (1, 2)
    )
    row = row_of(first, second)
    assert (row["rule"], row["veto"]) == ("same_id", "other_id")


def test_dates_far_apart_veto_what_no_abstract_and_no_id_confirms():
    first, near = paper(TITLE, published_on=DAY), paper(TITLE, published_on=DAY + dt.timedelta(days=MOST_DAYS))
    far = {"published_on": DAY + dt.timedelta(days=MOST_DAYS + 1)}
    assert row_of(first, near)["veto"] is None
    assert row_of(first, paper(TITLE, **far))["veto"] == "other_date"
    assert row_of({**first, "abstract_raw": abstract(1)}, paper(TITLE, abstract(1), **far))["veto"] is None
    assert row_of({**first, "arxiv_id": "2601.90001"}, paper(TITLE, arxiv_id="2601.90001", **far))["veto"] is None


def test_what_joins_is_confirmed_by_an_abstract_or_an_id():
    pairs = [JOINED[name][0] for name in ("same_id", "title_and_abstract", "title_alone", "near_title_alone")]
    found = [accepted(evidence_of(facts_of(*pair)))["is_confirmed"].to_list() for pair in pairs]
    assert found == [[True], [True], [False], [False]]
    assert accepted(evidence_of(facts_of(*APART["title_and_abstract"]))).is_empty()


def test_rules_have_names_of_their_own_and_tell_of_themselves():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.match_rule for rule in RULES} <= set(MATCH_RULES) - {"new", "judgement"}
    assert all(rule.says for rule in RULES)
    assert not set(VETOES) & {rule.name for rule in RULES}


def test_near_misses_are_kept_without_a_rule():
    row = row_of(paper("Socks", abstract(1)), paper("Socks", abstract(2)))
    assert (row["rule"], row["match_rule"], row["match_score"]) == (None, None, row["abstract"])
    assert row["title"] == 100
    assert row_of(paper(TITLE, abstract(1)), paper(LONGER, abstract(2))) is None, "not near"


def test_the_score_is_that_of_the_abstracts_or_of_the_titles_where_the_rule_is_fuzzy():
    alone = row_of(*JOINED["near_title_alone"][0])
    assert alone["match_score"] == alone["title"] < 100
    equal = row_of(*JOINED["title_alone"][0])
    assert (equal["match_score"], equal["abstract"]) == (None, None)
    backed = row_of(*JOINED["abstract_backed"][0])
    assert backed["match_score"] == backed["abstract"] > 85


def test_evidence_keeps_to_its_schema_and_words():
    evidence = evidence_of(facts_of(*(record for pairs in JOINED.values() for pair in pairs for record in pair)))
    assert evidence.schema == EVIDENCE
    assert set(evidence["difference"].drop_nulls()) <= set(KINDS)
    assert (evidence["left"] < evidence["right"]).all()
    assert evidence.select("left", "right").is_unique().all()


def test_the_first_rule_that_holds_counts():
    first, second = paper(TITLE, abstract(1), arxiv_id="2601.90001"), paper(TITLE, abstract(1), arxiv_id="2601.90001")
    assert rule_of(first, second) == "same_id"
    assert rule_of(first, second, RULES[1:]) == "title_and_abstract"
    assert rule_of(first, second, tuple(reversed(RULES))) == "abstract_alone"


def test_nothing_to_decide():
    names = ("title", "abstract", "n_letters", "n_common", "summary", "match_score", "n_days")
    flags = ("begins", "same_numbers", "same_id", "other_id", "same_listing", "same_authors", "other_listing")
    schema = {"left": pl.UInt32, "right": pl.UInt32, "difference": pl.String, **dict.fromkeys(names, pl.Float32)}
    decided = decide(pl.DataFrame(schema={**schema, **dict.fromkeys(flags, pl.Boolean)}))
    assert decided.is_empty()
    assert decided.schema == EVIDENCE
