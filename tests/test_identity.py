import random

import networkx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.identity import resolve_identity
from paperlake.identity.blocking import find_pairs
from paperlake.identity.clusters import find_clusters
from paperlake.identity.registry import extend_history, paper_ids
from paperlake.identity.scoring import abstract_agreement
from paperlake.schemas import TABLES

A = "weaskwhetherteapotsdripandfindthattheydowhenevernobodylooks" * 5
B = "snailspreferslatetochalkinourgardenthoughnotonmondayssadly" * 5


def resolve(*rows: tuple[str, str | None, str | None]) -> pl.DataFrame:
    schema = {"title_key": pl.String, "abstract_key": pl.String, "arxiv_id": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("n")
    return resolve_identity(frame.with_columns(appearance_id=pl.format("{}:{}", pl.lit("0" * 16), pl.col("n") + 1)))


def groups(matches: pl.DataFrame) -> list[int]:
    return (
        matches["paper_id"].rank("dense").to_list()
        if matches.is_empty()
        else [matches["paper_id"].to_list().index(i) for i in matches["paper_id"]]
    )


LONG = "alongtitlekeyaboutteapots"


@pytest.mark.parametrize(
    ("rows", "expected", "why"),
    [
        ([("socks", A, None), ("socks", A, None)], [0, 0], "same key, same abstract"),
        ([("socks", A, None), ("socks", A[:150], None)], [0, 0], "one abstract cut short"),
        ([("socks", A, None), ("socks", B, None)], [0, 1], "same key, other abstract"),
        ([("socks", A, None), ("snails", A, None)], [0, 1], "other key"),
        ([("socks", A, "2601.00001"), ("socks", A, "2601.00002")], [0, 1], "different arXiv ids never merge"),
        ([("socks", A, "2601.00001"), ("snails", B, "2601.00001")], [0, 0], "same arXiv id, whatever the title"),
        (
            [("socks", A, "2601.00001"), ("socks", A, None), ("socks", A, "2601.00002")],
            [0, 0, 2],
            "an unknown id joins the first",
        ),
        (
            [("socks", A, None), ("socks", A, "2601.00001"), ("socks", A, "2601.00002")],
            [0, 0, 2],
            "not a bridge between two ids",
        ),
        ([(LONG, A, None), (LONG, None, None)], [0, 0], "a long key is enough where an abstract is missing"),
        ([("socks", A, None), ("socks", None, None)], [0, 1], "a short key is not"),
        ([(None, A, None), (None, A, None)], [0, 1], "no key, no match"),
        ([("a", A, "2601.00001"), ("b", B, None), ("b", B, "2601.00001")], [0, 0, 0], "joined through a third"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_is_one_paper(rows, expected, why):
    assert groups(resolve(*rows)) == expected, why


def test_every_join_says_why():
    matches = resolve(
        ("socks", A, None), ("socks", A, None), ("snails", B, "2601.00001"), ("slugs", None, "2601.00001")
    )
    first = "0" * 16
    assert matches.select("match_rule", "match_score", "matched_with").rows() == [
        ("new", None, None),
        ("title_key", 100.0, f"{first}:1"),
        ("new", None, None),
        ("arxiv_id", None, f"{first}:3"),
    ]


def test_pairs_stay_linear_for_a_million_equal_titles():
    rows = pl.DataFrame({"row": pl.arange(0, 1_000_000, eager=True).cast(pl.UInt32), "key": ["x"] * 1_000_000})
    assert find_pairs(rows, "key").height < 2_000_000


def test_agreement_is_null_where_an_abstract_is_missing():
    scores = abstract_agreement(pl.Series([A, None, A]), pl.Series([A, B, B], dtype=pl.String))
    assert scores[0] == 100
    assert scores[1] is None
    assert scores[2] < 70


@given(st.integers(0, 2**32))
def test_clusters_are_the_components_of_networkx(seed):
    rng = random.Random(seed)
    n_rows = rng.randint(1, 25)
    pairs = [sorted(rng.sample(range(n_rows), 2)) for _ in range(rng.randint(0, 25)) if n_rows > 1]
    edges = pl.DataFrame(pairs, schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row").with_columns(
        match_rule=pl.lit("title_key"), match_score=pl.lit(99, pl.Float32)
    )
    graph = networkx.Graph(pairs)
    graph.add_nodes_from(range(n_rows))
    expected = {row: min(part) for part in networkx.connected_components(graph) for row in part}
    found = find_clusters(edges, pl.Series([None] * n_rows, dtype=pl.String))
    assert found.to_list() == [expected[row] for row in range(n_rows)]


@given(st.integers(0, 2**32))
def test_no_cluster_holds_two_arxiv_ids(seed):
    rng = random.Random(seed)
    ids = [None, "2601.00001", "2601.00002", "2601.00003"]
    rows = [(rng.choice("ab"), rng.choice([A, B, None]), rng.choice(ids)) for _ in range(rng.randint(1, 20))]
    matches = resolve(*rows).with_columns(arxiv_id=pl.Series([row[2] for row in rows], dtype=pl.String))
    assert matches.group_by("paper_id").agg(pl.col("arxiv_id").drop_nulls().n_unique())["arxiv_id"].max() <= 1
    known = matches.drop_nulls("arxiv_id")
    assert known.group_by("arxiv_id").agg(pl.col("paper_id").n_unique()).filter(pl.col("paper_id") > 1).is_empty()


def test_ids_keep_to_their_grammar_and_differ():
    ids = paper_ids(pl.Series([f"{n:016x}:{n}" for n in range(20_000)]))
    assert ids.n_unique() == 20_000
    assert ids.str.contains(r"^pl-[0-9a-z]{12}$").all()
    assert paper_ids(pl.Series([], dtype=pl.String)).to_list() == []


def test_a_taken_id_gives_way_to_the_next_hash():
    first, second = paper_ids(pl.Series(["x:1", "x:1"])).to_list()
    assert first != second
    assert first == paper_ids(pl.Series(["x:1"]))[0]


def history(*steps: dict[str, str]) -> list[tuple]:
    """Events of a life: each step maps appearance to paper."""
    table = pl.DataFrame(schema=TABLES["id_history"].polars_schema)
    before = None
    for number, step in enumerate(steps, start=1):
        appearances = pl.DataFrame({"appearance_id": list(step), "paper_id": list(step.values())})
        papers = appearances.group_by("paper_id", maintain_order=True).agg(
            first_appearance_id=pl.col("appearance_id").first()
        )
        table = extend_history(table, before, appearances, papers, number)
        before = appearances
    return table.select("paper_id", "event", "other_id", "release").rows()


@pytest.mark.parametrize(
    ("steps", "events"),
    [
        ([{"a": "A"}, {"a": "A", "b": "B"}], [("A", "created", None, 1), ("B", "created", None, 2)]),
        (
            [{"a": "A", "b": "B"}, {"a": "A", "b": "A"}],
            [("A", "created", None, 1), ("B", "created", None, 1), ("B", "merged_into", "A", 2)],
        ),
        ([{"a": "A", "b": "A"}, {"a": "A", "b": "B"}], [("A", "created", None, 1), ("B", "split_from", "A", 2)]),
        (
            [{"a": "A", "b": "B"}, {"a": "A"}],
            [("A", "created", None, 1), ("B", "created", None, 1), ("B", "retired", None, 2)],
        ),
    ],
    ids=["new dump", "merge", "split", "retraction"],
)
def test_history_tells_what_became_of_every_id(steps, events):
    assert history(*steps) == events
