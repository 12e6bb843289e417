import os
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import polars as pl
import pytest
from benchmarks.matching_data import SCHEMA as MATCHING_SCHEMA
from benchmarks.matching_data import cora, dblp_acm, hf_titles
from benchmarks.noisy_papers import SCHEMA, make_records
from benchmarks.noisy_papers.families import FAMILIES
from benchmarks.noisy_papers.letter_noise import LETTER_NOISE
from benchmarks.noisy_papers.showing import KINDS
from benchmarks.noisy_papers.title_noise import LEAST_KEPT, TITLE_NOISE
from benchmarks.pair_figures import (
    cross_source_figures,
    false_pairs_by_family,
    pair_figures,
    recall_by_noise,
)
from hypothesis import given
from hypothesis import strategies as st

TITLE = "KettleNet: Rethinking Large-Scale Models of Copper Kettles and Colour for Snails"


@pytest.fixture(scope="module")
def records():
    return make_records(20_000, seed=5)


def with_noise(records, kind):
    return records.filter(pl.col("noise").str.split("+").list.contains(kind))


def test_columns_and_count(records):
    assert records.schema == SCHEMA
    assert records.height == 20_000
    assert records["appearance_id"].n_unique() == 20_000
    assert records["appearance_id"].str.contains(r"^[0-9a-f]{16}:[1-9]\d*$").all()
    assert records["title_raw"].str.len_chars().min() > 0
    assert records.select("title_raw", "noise", "family", "truth").null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("n_records", [1, 2, 37, 400])
def test_any_count(n_records):
    assert make_records(n_records, seed=1).height == n_records


def test_the_same_arguments_give_the_same_frame_in_another_process(tmp_path):
    to = tmp_path / "records.parquet"
    command = [sys.executable, "-m", "benchmarks.noisy_papers", "1500", "--seed", "9", "--to", str(to)]
    root = Path(__file__).parents[1]
    subprocess.run(command, check=True, capture_output=True, cwd=root, env={**os.environ, "PYTHONHASHSEED": "3"})
    assert make_records(1500, seed=9).equals(pl.read_parquet(to))


def test_seeds_share_no_paper(records):
    other = make_records(20_000, seed=6)
    for column in ("appearance_id", "arxiv_id"):
        assert not set(records[column].drop_nulls()) & set(other[column].drop_nulls())
    assert not set(records["abstract_raw"].drop_nulls()) & set(
        other.filter(~pl.col("noise").str.contains("abstract_short"))["abstract_raw"].drop_nulls()
    )


def test_papers_have_one_to_eight_records(records):
    sizes = records.group_by("truth").len()["len"]
    assert sizes.max() <= 8
    assert (sizes == 1).mean() == pytest.approx(0.60, abs=0.02)
    assert sizes.mean() == pytest.approx(1.82, abs=0.05)


def test_a_paper_has_one_arxiv_id_and_ids_are_of_one_paper(records):
    shown = records.drop_nulls("arxiv_id")
    assert shown.height / records.height == pytest.approx(0.25, abs=0.03)
    assert shown.select("truth", "arxiv_id").n_unique() == shown["truth"].n_unique() == shown["arxiv_id"].n_unique()
    assert records.filter(pl.col("arxiv_id").is_null())["paper_url"].null_count() == records.height - shown.height


def test_every_kind_of_noise_and_every_family_occurs(records):
    kinds = Counter("+".join(records["noise"]).split("+"))
    assert set(kinds) - {""} == set(KINDS)
    assert len(set(KINDS)) >= 12
    assert all(kinds[kind] >= 0.01 * records.height for kind in KINDS if kind != "retitled")
    papers = records.unique("truth")
    assert set(papers["family"]) - {""} == set(FAMILIES)
    assert (papers["family"] != "").mean() == pytest.approx(0.15, abs=0.02)


def test_the_first_record_of_a_paper_is_mostly_clean(records):
    first = records.unique("truth", keep="first", maintain_order=True)
    damaged = first["noise"].str.replace("abstract_missing", "") != ""
    assert damaged.mean() < 0.2
    later = records.filter(~records["appearance_id"].is_in(first["appearance_id"].to_list()))
    assert (later["noise"] != "").mean() > 0.6


def test_families_hold_different_titles_unless_they_are_meant_not_to(records):
    clean = records.filter((pl.col("noise") == "") & (pl.col("family") != "same_title")).unique("truth")
    assert clean["title_raw"].is_unique().mean() > 0.999
    generic = records.filter((pl.col("family") == "same_title") & (pl.col("noise") == "")).unique("truth")
    assert not generic["title_raw"].is_unique().any() or generic["title_raw"].is_duplicated().mean() > 0.6


def test_a_title_that_tells_nothing_comes_with_its_abstract(records):
    short = records.filter(pl.col("title_raw").str.len_chars() < 20)
    assert short.height > 0
    assert short["abstract_raw"].null_count() == 0
    assert with_noise(records, "retitled")["abstract_raw"].null_count() == 0
    assert records.filter(pl.col("family") == "same_title")["abstract_raw"].null_count() == 0


def test_many_records_show_no_abstract_among_the_hard_negatives_too(records):
    missing = records.filter(pl.col("abstract_raw").is_null())
    assert missing["noise"].str.contains("abstract_missing").all()
    assert missing.filter(pl.col("family").is_in(["sequel", "numbers", "signs", "one_letter"])).height > 20


def test_abstracts_look_like_abstracts(records):
    whole = records.filter((pl.col("noise") == "") & pl.col("abstract_raw").is_not_null())["abstract_raw"]
    assert whole.str.len_chars().median() == pytest.approx(850, abs=250)
    assert not whole.str.contains(r"[{}]").any()
    assert not records.filter(pl.col("noise") == "")["title_raw"].str.contains(r"[{}]").any()
    short = with_noise(records, "abstract_short")["abstract_raw"].str.len_chars()
    assert short.median() < 400


def test_vocabulary_grows_with_the_records(records):
    def n_words(frame):
        return frame["title_raw"].str.to_lowercase().str.split(" ").explode().n_unique()

    assert n_words(records) > 2.5 * n_words(records.head(4_000))


@pytest.mark.parametrize("kind", [*LETTER_NOISE, *TITLE_NOISE])
def test_noise_leaves_the_guarded_words_alone(kind):
    noise = {**LETTER_NOISE, **TITLE_NOISE}[kind]
    changed = {noise(TITLE, frozenset({"Copper"}), Random(seed)) for seed in range(60)}
    if kind == "title_truncated":
        assert changed == {TITLE}
    else:
        assert len(changed) > 1
    if kind != "encoding":
        assert all("copper" in title.lower() for title in changed)


@given(st.integers(0, 10**6), st.text(min_size=LEAST_KEPT, max_size=120))
def test_a_cut_title_keeps_its_head(seed, title):
    cut = TITLE_NOISE["title_truncated"](title, frozenset(), Random(seed))
    assert cut == title or title.startswith(cut.rstrip(" .…")[:LEAST_KEPT].rstrip())


@pytest.mark.parametrize(
    ("title", "american"),
    [
        ("Modelling Rumour", "Modeling Rumor"),
        ("Self-Supervised Denoising", "Self-Supervised Denoising"),
        ("Quantised Rolling", "Quantized Rolling"),
    ],
)
def test_american_spelling(title, american):
    assert american in {TITLE_NOISE["spelling"](title, frozenset(), Random(seed)) for seed in range(80)} | {title}


labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 1)), max_size=25)


@given(labels)
def test_pair_figures_count_what_a_loop_over_pairs_counts(rows):
    found, truth, source = (pl.Series([row[i] for row in rows], dtype=pl.Int64) for i in range(3))
    pairs = list(combinations(rows, 2))
    figures = pair_figures(found, truth)
    assert figures.n_true == sum(a[1] == b[1] for a, b in pairs)
    assert figures.n_found == sum(a[0] == b[0] for a, b in pairs)
    assert figures.n_right == sum(a[:2] == b[:2] for a, b in pairs)
    crossing = cross_source_figures(found, truth, source)
    assert crossing.n_right == sum(a[:2] == b[:2] and a[2] != b[2] for a, b in pairs)


def test_figures_by_noise_and_by_family():
    records = pl.DataFrame(
        {"truth": [1, 1, 1, 2], "noise": ["", "ocr+typos", "", "typos"], "family": ["", "", "", "sequel"]}
    )
    found = pl.Series([1, 1, 3, 1])
    by_noise = {row["noise"]: row["recall"] for row in recall_by_noise(found, records).iter_rows(named=True)}
    assert by_noise == {"clean": 0.0, "ocr": 1.0, "typos": 1.0}
    assert false_pairs_by_family(found, records).rows()[0] == ("sequel", 2, 2)


def test_perfect_and_empty_figures():
    perfect = pair_figures(pl.Series(["a", "a"]), pl.Series([1, 1]))
    assert (perfect.precision, perfect.recall, perfect.f1) == (1, 1, 1)
    apart = pair_figures(pl.Series(["a", "b"]), pl.Series([1, 1]))
    assert (apart.precision, apart.recall, apart.f1) == (1, 0, 0)


def test_dblp_acm(tmp_path):
    (tmp_path / "dblp.csv").write_text("id%title%authors%venue%year\n0%On Kettles%A. Snail%Kettle Days%1999\n")
    (tmp_path / "acm.csv").write_text(
        'id%title%authors%venue%year\n0%Socks%B. Chalk%Sock Notes%2001\n5%On kettles%"Days of Kettles%1999%%On%%\n'
    )
    (tmp_path / "gt.csv").write_text("D1%D2\n0%5\n")
    read = dblp_acm(tmp_path)
    assert read.records.schema == MATCHING_SCHEMA
    assert read.pairs.rows() == [(read.records["appearance_id"][0], read.records["appearance_id"][2])]
    assert read.records.select("authors", "venue", "year").row(2) == (None, "Days of Kettles", "1999")
    assert read.records["truth"][0] == read.records["truth"][2] != read.records["truth"][1]


def test_cora(tmp_path):
    header = "Entity Id|address|author|editor|title|venue|year|"
    (tmp_path / "cora.csv").write_text(
        f"{header}\n0||a. snail||kettles.|days,|1999|\n1||||socks||2001|\n2||||kettles|||\n"
    )
    (tmp_path / "gt.csv").write_text("0|2\n")
    read = cora(tmp_path)
    assert read.schema == MATCHING_SCHEMA
    assert read.select("title_raw", "authors", "venue", "year").row(0) == ("kettles.", "a. snail", "days,", "1999")
    assert read["truth"].to_list() == [0, 1, 0]


def test_hf_titles(tmp_path):
    (tmp_path / "titles.csv").write_text('arxiv_id,title\n2601.90001,"Kettles, Again"\n2601.90002,Socks\n')
    read = hf_titles(tmp_path)
    assert read.select("arxiv_id", "title_raw").rows() == [("2601.90001", "Kettles, Again"), ("2601.90002", "Socks")]
    assert read["truth"].n_unique() == 2


@pytest.mark.skipif("PAPERLAKE_REAL_DUMPS" not in os.environ, reason="needs the shared matching sets")
def test_real_matching_sets():
    folder = Path(os.environ["PAPERLAKE_REAL_DUMPS"]) / "matching"
    linked = dblp_acm(folder / "dblp-acm")
    assert (linked.records.height, linked.pairs.height) == (4910, 2224)
    assert linked.records.select("title_raw", "year").null_count().row(0) == (0, 0)
    citations = cora(folder / "cora")
    assert (citations.height, pair_figures(citations["truth"], citations["truth"]).n_true) == (1295, 17184)
    assert hf_titles(folder / "hf-titles").height == 3386
