import datetime as dt
import json
import subprocess
import sys

import polars as pl
import pytest
from benchmarks import history, identity_growth
from benchmarks.identity import main
from benchmarks.identity_costs import ablation, new_records_seconds
from benchmarks.identity_data import ADVERSARIAL, as_listed, clean_records, count_authors, peer_records, store
from benchmarks.identity_engines import NO_COUNTS, OURS, PEER_NAMES, SCRIPTS, THRESHOLDS, Engines, compare, run_engine
from benchmarks.identity_ours import find_papers
from benchmarks.identity_ours import main as run_ours
from benchmarks.measuring import growth
from benchmarks.noisy_papers import make_records
from benchmarks.noisy_papers.files import write_records
from benchmarks.pair_figures import pair_figures

from paperlake.identity.decisions import RULES
from paperlake.match_index import matching_folder


@pytest.fixture(scope="module")
def clean():
    return clean_records(make_records(400, seed=6))


def from_two_sources(titles, sources):
    hidden = ("abstract_raw", "arxiv_id", "paper_url", "github_url")
    return as_listed(
        make_records(len(titles), seed=1)
        .with_columns(pl.lit(None, pl.String).alias(name) for name in hidden)
        .with_columns(
            title_raw=pl.Series(titles),
            source=pl.Series(sources),
            authors=pl.lit("a. snail"),
            venue=pl.lit("Kettles Weekly"),
            year=pl.lit("(1999),"),
        )
    )


def test_papers_of_invented_records_are_found(clean):
    figures = pair_figures(find_papers(clean), clean["truth"])
    assert figures.precision > 0.97
    assert figures.recall > 0.9


def test_only_the_rules_given_count(clean):
    ids = clean["arxiv_id"].drop_nulls()
    papers = find_papers(clean, tuple(rule for rule in RULES if rule.name == "same_id"))
    assert papers.n_unique() == clean.height - (ids.len() - ids.n_unique())


def test_records_of_one_source_are_no_pair():
    title = "A Survey of Copper Kettles for Woollen Socks"
    clean = clean_records(from_two_sources([title, title, "On Snails in Cold Kitchens"], ["dblp", "dblp", "acm"]))
    assert find_papers(clean).n_unique() == 3
    assert find_papers(clean.drop("source")).n_unique() == 2


def test_authors_are_counted_and_years_become_days():
    listed = as_listed(from_two_sources(["Kettles", "Snails"], ["dblp", "acm"]))
    assert listed["published_on"].to_list() == [dt.date(1999, 1, 1)] * 2
    assert listed["n_authors"].to_list() == [1, 1]


@pytest.mark.parametrize(
    ("authors", "n_authors"),
    [
        ("Ada Snail, B. Sock", 2),
        ("a. snail, b. sock, and c. kettle,", 3),
        ("snail, a., & sock, b. c.", 2),
        ("snail, ada; sock, ben;", 4),
        ("Gr&#252;n Snail, H&eacute;l&egrave;ne Sock", 2),
        ("a. snail et al.", None),
        ("?", None),
        (None, None),
    ],
)
def test_count_of_authors(authors, n_authors):
    counted = pl.select(count_authors(pl.Series([authors], dtype=pl.String))).item()
    assert counted == n_authors


def test_peers_read_the_same_texts(clean, tmp_path):
    stored = store("few", clean, tmp_path)
    theirs = pl.read_parquet(stored.peers)
    assert theirs.columns == ["appearance_id", "title", "abstract", "arxiv_id"]
    assert theirs.equals(pl.read_parquet(stored.ours).select(theirs.columns))
    assert "truth" not in peer_records(clean).columns


def test_engine_runs_alone_and_gives_what_the_function_gives(clean, tmp_path):
    rows, ours = compare(store("few", clean, tmp_path), Engines(None), floor=2.0)
    assert [row.engine for row in rows] == [OURS]
    assert ours.to_list() == find_papers(clean).to_list()
    assert rows[0].figures == pair_figures(ours, clean["truth"])
    assert rows[0].cpu_seconds > 0
    assert rows[0].times_floor == rows[0].cpu_seconds / 2.0
    assert rows[0].peak_mib > 10


def test_columns_can_be_read_as_unknown(clean, tmp_path, capsys):
    stored = store("few", clean, tmp_path)
    names = ["abstract_key", "sentences", "arxiv_id", "github_url"]
    run_ours([str(stored.ours), str(tmp_path / "out.parquet"), "--without", *names])
    blind = clean.with_columns(pl.lit(None, clean.schema[name]).alias(name) for name in names)
    assert pl.read_parquet(tmp_path / "out.parquet")["cluster"].to_list() == find_papers(blind).to_list()
    assert json.loads(capsys.readouterr().out).keys() == {"cpu_seconds", "peak_mib"}


def test_commands_of_engines(tmp_path):
    engines = Engines(tmp_path / "python")
    assert list(engines.commands("1,000 invented")) == [OURS, *PEER_NAMES]
    assert list(engines.commands("Cora")) == [OURS, NO_COUNTS, *PEER_NAMES]
    assert "--threshold=0.88" in engines.commands("Cora")["recordlinkage"]
    assert not any(part.startswith("--threshold") for part in engines.commands("1,000 invented")["splink"])
    assert all(set(chosen) == set(PEER_NAMES) for chosen in THRESHOLDS.values())
    assert all((SCRIPTS / f"{name}_peer.py").exists() for name in PEER_NAMES)


def test_an_engine_that_fails_is_an_error(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        run_engine([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "none.parquet")


def test_ablation_leaves_out_each_rule_once(clean):
    rows = ablation({"few": clean, "fewer": clean.head(300)})
    assert [row["without"] for row in rows] == ["", *(rule.name for rule in RULES)]
    assert rows[0]["few"] == pair_figures(find_papers(clean), clean["truth"]).f1
    assert min(row["few"] for row in rows) < rows[0]["few"]
    assert min(row["fewer"] for row in rows) < rows[0]["fewer"]


def test_new_records_into_an_index(clean, tmp_path):
    seconds = new_records_seconds(clean, tmp_path / "index", n_new=10)
    assert seconds.keys() == {"match", "clusters"}
    assert all(value >= 0 for value in seconds.values())
    assert (matching_folder(tmp_path / "index") / "state.json").exists()


def test_growth():
    assert growth((10, 1.0), (1_000, 100.0)) == pytest.approx(1)
    assert growth((10, 1.0), (100, 100.0)) == pytest.approx(2)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_records_made_to_hurt(name):
    records = ADVERSARIAL[name](50)
    assert records.height == 50
    assert records["arxiv_id"].null_count() == 50
    alike = {"one title, no abstracts": "title_raw", "one shared sentence": "abstract_raw"}.get(name)
    if alike:
        assert records[alike].str.head(50).n_unique() == 1
    assert records["abstract_raw"].null_count() == (0 if name == "one shared sentence" else 50)


def test_command_records_its_figures(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("PAPERLAKE_REAL_DUMPS", raising=False)
    monkeypatch.setattr(history, "RESULTS", tmp_path)
    main(["--records", "200", "300", "--peers-at-most", "0"])
    [entry] = json.loads((tmp_path / "identity.json").read_text())
    figures = entry["figures"]
    assert figures["200"]["rows"][0]["f1"] > 0.9
    assert figures["300"]["records"] == 300
    assert figures["growth_exponent"] is not None
    assert [row["records"] for row in figures["adversarial"]] == [300, 600] * 3
    assert "left out: PAPERLAKE_REAL_DUMPS" in capsys.readouterr().out


def test_command_says_how_to_get_the_peers(tmp_path):
    with pytest.raises(SystemExit, match="make bench-identity"):
        main(["--records", "100", "--python", str(tmp_path / "python")])


def test_records_in_files_are_those_of_one_frame(tmp_path):
    paths = write_records(tmp_path / "records", 950, seed=6, rows_a_part=200)
    assert [pl.read_parquet(path).height for path in paths] == [200, 200, 200, 200, 150]
    assert pl.concat(pl.read_parquet(path) for path in paths).equals(make_records(950, seed=6))


def test_matching_alone_finds_in_parts_what_it_finds_whole(tmp_path, clean):
    halves = [tmp_path / "first.parquet", tmp_path / "second.parquet"]
    for path, half in zip(halves, (clean.head(170), clean.tail(-170)), strict=True):
        half.write_parquet(path)
    costs, counts = identity_growth.match_all(halves, tmp_path / "work", rows_a_part=150)
    assert [(cost.name, cost.n_parts) for cost in costs] == [
        ("facts", 1),
        ("enter", 1),
        ("pair", 3),
        ("weigh", 3),
        ("resolve", 1),
    ]
    found = pl.read_parquet(tmp_path / "work/matches.parquet")["paper_id"]
    whole = find_papers(clean)
    assert pair_figures(found, whole).f1 == 1
    assert counts["pairs"] >= counts["evidence"] > 0


@pytest.mark.slow
def test_growth_of_matching_is_recorded_by_size(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(history, "RESULTS", tmp_path)
    identity_growth.main(["--records", "300", "200"])
    [entry] = json.loads((tmp_path / "identity_growth.json").read_text())
    assert list(entry["figures"]) == ["200", "300"]
    told = entry["figures"]["300"]
    assert list(told["costs"]) == [
        "facts",
        "enter",
        "pair",
        "weigh",
        "resolve",
        identity_growth.WHOLE,
        identity_growth.NORMALISE,
        identity_growth.FLOOR,
    ]
    assert told["precision"] > 0.97
    assert told["recall"] > 0.9
    assert "growth exponent of CPU" in capsys.readouterr().out
