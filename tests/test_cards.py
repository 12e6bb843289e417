"""The README of a release as a dataset card, and the documents as a whole."""

import polars as pl
import pytest
import yaml

from paperlake import open_release
from paperlake.release.card import card_text
from paperlake.release.columns import columns_markdown
from paperlake.release.dataset_facts import find_licence
from paperlake.schemas import CONTRACT_VERSION, TABLES
from tests.conftest import SAMPLES, build_store
from tests.described_release import FACTS, publish_described
from tests.release_frames import frame_of, tables_of

FINGERPRINT = "0123456789abcdef" * 4
DRAWS_CHARTS = True


def front_matter(card: str) -> dict:
    _, front, _ = card.split("---\n", 2)
    return yaml.safe_load(front)


def card_of(tables, facts=FACTS, release=1) -> str:
    return card_text(tables, facts, release, FINGERPRINT)


def licensed(*dumps: tuple[str | None, str]) -> pl.DataFrame:
    """Dumps with their licence and status."""
    licences, states = zip(*dumps, strict=True)
    frame = frame_of("dumps", len(dumps))
    return frame.with_columns(licence=pl.Series(licences, dtype=pl.String), status=pl.Series(states))


@pytest.fixture(scope="module")
def sample_card(sample_store) -> str:
    return (open_release(sample_store).path / "README.md").read_text()


def test_a_release_has_exactly_these_documents(sample_store):
    release = open_release(sample_store)
    names = {"README.md", "contract.yaml", "datapackage.json", "croissant.json", "report.html"}
    assert set(release.manifest["documents"]) == names
    assert {path.name for path in release.path.iterdir() if path.is_file()} == names | {"manifest.json"}


def test_the_same_dumps_give_the_same_documents(sample_store, tmp_path):
    build_store(SAMPLES, tmp_path)
    first, second = open_release(sample_store), open_release(tmp_path)
    assert first.commit.facts["run_id"] != second.commit.facts["run_id"]
    assert first.manifest["documents"] == second.manifest["documents"]
    assert first.manifest == second.manifest


def test_the_card_has_a_configuration_for_every_table(sample_card):
    configs = front_matter(sample_card)["configs"]
    assert [config["config_name"] for config in configs] == list(TABLES)
    assert [config["data_files"] for config in configs] == [f"{name}/*.parquet" for name in TABLES]
    assert [config["config_name"] for config in configs if config.get("default")] == ["papers"]


def test_only_tables_without_rows_say_how_to_read_them(sample_card):
    configs = front_matter(sample_card)["configs"]
    assert [config["config_name"] for config in configs if "batch_size" in config] == ["changes"]


def test_the_card_tells_what_the_release_holds(sample_card):
    assert "114 papers, seen 185 times in 15 dumps, captured from 2026-03-02 to 2026-04-29." in sample_card
    assert "| `appearances` | 185 |" in sample_card
    assert "| `has_papers` | passed | expected papers, found 114 |" in sample_card
    assert "| `abstract_share` | 0.991228 |" in sample_card
    assert columns_markdown() in sample_card


def test_the_card_is_cited_by_its_content(sample_store, sample_card):
    release = open_release(sample_store)
    assert f"version = {{{CONTRACT_VERSION}+{release.manifest['fingerprint'][:12]}}}" in sample_card


def test_the_first_release_tells_no_changes(sample_card):
    assert "## Changes" not in sample_card


def test_a_later_release_tells_its_changes(tmp_path):
    tables = tables_of(0, papers=frame_of("papers", 3), changes=frame_of("changes", 0), dumps=frame_of("dumps", 2))
    assert "## Changes\n\nAgainst the release before" in card_of(tables, release=2)


@pytest.mark.parametrize(
    ("n_papers", "size"),
    [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (99_999, "10K<n<100K"), (1_000_000, "1M<n<10M")],
)
def test_the_size_counts_papers(n_papers, size):
    papers = pl.DataFrame({"paper_id": pl.repeat("pl-0", n_papers, eager=True)})
    tables = tables_of(0) | {"papers": papers, "dumps": frame_of("dumps", 0)}
    assert front_matter(card_of(tables))["size_categories"] == [size]


@pytest.mark.parametrize(
    ("dumps", "licence"),
    [
        ([("MIT", "read"), ("MIT", "read")], "MIT"),
        ([("MIT", "read"), (None, "read")], None),
        ([("MIT", "read"), ("CC0-1.0", "read")], None),
        ([("MIT", "read"), (None, "retracted"), ("CC0-1.0", "rejected")], "MIT"),
        ([(None, "read")], None),
        ([("MIT", "rejected")], None),
    ],
)
def test_a_licence_is_known_where_every_dump_read_states_the_same(dumps, licence):
    assert find_licence(licensed(*dumps)) == licence


@pytest.mark.parametrize(
    ("licence", "fields", "words"),
    [
        ("Apache-2.0", {"license": "apache-2.0"}, "Apache-2.0, as every dump states."),
        ("house rules", {"license": "other", "license_name": "house rules"}, "house rules, as every dump states."),
        (None, {"license": "unknown"}, "Of its dumps 1 state none; see `dumps.licence`."),
    ],
)
def test_the_card_names_the_licence_as_the_hub_does(licence, fields, words):
    card = card_of(tables_of(0, dumps=licensed((licence, "read"))))
    front = front_matter(card)
    assert {name: value for name, value in front.items() if name.startswith("license")} == fields
    assert words in card


def test_text_of_dumps_breaks_neither_tables_nor_front_matter():
    gate = {"gate": "one_url", "passed": False, "is_accepted": True, "finding": "a|b\nc<script>\u202e"}
    tables = tables_of(0, dumps=licensed(("x: [\n---", "read")))
    card = card_of(tables, {"quality": {}, "gates": [gate]})
    assert "| `one_url` | accepted by a person | a\\|b c&lt;script> |\n" in card
    assert front_matter(card)["license_name"] == "x: [\n---"


def test_the_documents_of_a_release_without_papers_can_be_made(tmp_path):
    release = publish_described(tmp_path, tables_of(0))
    assert "0 papers, seen 0 times in 0 dumps. Contract" in (release.path / "README.md").read_text()
