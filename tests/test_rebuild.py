"""The newest release comes out again from the raw dumps, whatever its store went through; and what does not is told."""

import json
import shutil
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from benchmarks.page_writers import invent, write_page

from paperlake import open_release, versions
from paperlake.errors import GateError, SettingsError, StoreError
from paperlake.identity.registry import extend_history, follow
from paperlake.rebuild import comparing
from paperlake.rebuild.rebuilding import rebuild
from paperlake.rebuild.report import RebuildReport, report_markdown
from paperlake.release import encoding
from paperlake.release.documents import make_documents
from paperlake.release.draft import draft_of
from paperlake.release.publish import publish
from paperlake.release.rollback import rollback
from paperlake.release.verify import verify_all
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from tests.conftest import build_store
from tests.life_stores import replace_alone

TORN = "We warm a kettle by slow pro-cessing and look on. "
PAPERS = [
    replace(paper, abstract=TORN + paper.abstract) if number == 1 else paper
    for number, paper in enumerate(invent(12, seed=3))
]
PAGES = {"z.md": PAPERS[:5], "m.md": PAPERS[3:8], "a.md": PAPERS[6:11], "k.md": PAPERS[1:4]}
"""In the order in which they enter, which is not that of their paths."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(encoding, "PART_SIZES", (4,))


@pytest.fixture
def raw(tmp_path) -> Path:
    folder = tmp_path / "raw"
    (folder / "curation").mkdir(parents=True)
    return folder


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


def add_page(raw: Path, name: str) -> str:
    page = write_page("firecrawl", PAGES[name], captured_on=date(2026, 7, 20))
    (raw / name).write_text(page.text)
    return page.text


def write_rows(raw: Path, name: str, header: str, *rows: str) -> None:
    (raw / "curation" / name).write_text("\n".join([header, *rows]) + "\n")


def judge(raw: Path, left: str, right: str, verdict: str) -> None:
    header = "when,who,left,right,verdict,why"
    write_rows(raw, "judgements.csv", header, f"2026-07-21,mira,{left},{right},{verdict},seen in print")


def retract(raw: Path, *dumps: str) -> None:
    rows = [f"2026-07-21,mira,{dump},a page of another day" for dump in dumps]
    write_rows(raw, "retractions.csv", "when,who,dump,why", *rows)


def correct(raw: Path, dump: str = "z.md") -> None:
    expected = write_page("firecrawl", PAGES[dump], captured_on=date(2026, 7, 20)).expected
    line = expected[PAGES[dump].index(PAPERS[1])]["line_start"]
    entry = {"dump": dump, "line": line, "column": "abstract", "from": "pro-cessing", "to": "processing", "why": "seen"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    (raw / "curation" / "corrections.toml").write_text("\n".join(["[[correction]]", *lines]) + "\n")


def paper_ids(store: Path) -> list[str]:
    return open_release(store).read("papers")["paper_id"].to_list()


def grow(raw: Path, store: Path, *names: str) -> None:
    """One release a page."""
    for name in names:
        add_page(raw, name)
        assert build_store(raw, store).is_new


def again(raw: Path, store: Path, **options) -> RebuildReport:
    return rebuild(Settings(raw=raw, store=store), PlainSteps(), **options)


def files_of(store: Path) -> dict[str, bytes]:
    return {p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*") if p.is_file()}


def content_of(store: Path) -> dict[str, bytes]:
    """The bytes of the content of the newest release, by path."""
    files = {path: data for path, data in files_of(open_release(store).path).items() if path.endswith(".parquet")}
    return {path: data for path, data in files.items() if path.partition("/")[0] in comparing.CONTENT}


# A life


def live(raw: Path, store: Path) -> None:
    """Eight releases or more: pages in an order of their own, corrected, judged and judged back, noted, taken back."""
    grow(raw, store, "z.md", "m.md")
    correct(raw)
    assert build_store(raw, store).is_new
    one, other = paper_ids(store)[5], paper_ids(store)[7]
    judge(raw, one, other, "same")
    assert build_store(raw, store, accept=("papers_shrink",)).is_new
    grow(raw, store, "a.md")
    judge(raw, one, other, "different")
    assert build_store(raw, store).is_new
    (raw / "broken.txt").write_text("Get trending papers in your email inbox!\nSubscribe")
    (raw / "dumps.toml").write_text('["m.md"]\nlicence = "CC0-1.0"\n')
    assert build_store(raw, store).n_dumps_new == 2
    grow(raw, store, "k.md")
    retract(raw, "k.md", "z.md")
    (raw / "curation" / "corrections.toml").write_text("")
    assert build_store(raw, store, accept=("papers_shrink",)).is_new


@pytest.fixture(scope="module")
def lives(tmp_path_factory) -> Path:
    """Folders with `raw` and `store`: `long` as `live` leaves it, `short` of two releases, `made` with one by hand."""
    folder = tmp_path_factory.mktemp("lives")
    for name in ("long", "short"):
        (folder / name / "raw" / "curation").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "PART_SIZES", (4,))
        live(folder / "long" / "raw", folder / "long" / "store")
        grow(folder / "short" / "raw", folder / "short" / "store", "z.md", "m.md")
        shutil.copytree(folder / "short", folder / "made", symlinks=True)
        by_hand(folder / "made" / "store")
    return folder


def copy_life(life: Path, raw: Path, store: Path) -> Path:
    shutil.copytree(life / "raw", raw, dirs_exist_ok=True)
    return shutil.copytree(life / "store", store, symlinks=True)


@pytest.fixture
def lived(lives, raw, store) -> Path:
    """The store of a long life, and its raw folder in `raw`."""
    return copy_life(lives / "long", raw, store)


@pytest.fixture
def young(lives, raw, store) -> Path:
    """A store of two releases, of z.md and of m.md, and its raw folder in `raw`."""
    return copy_life(lives / "short", raw, store)


@pytest.fixture
def handmade(lives, raw, store) -> Path:
    """The same with a third release that somebody made by hand."""
    return copy_life(lives / "made", raw, store)


def test_a_life_of_many_releases_comes_out_again(raw, lived, tmp_path):
    before = files_of(lived)
    report = again(raw, lived, to=tmp_path / "apart")
    assert files_of(lived) == before, "nothing is published, nothing else is touched"
    report.check()
    assert (report.faults, report.reasons, report.differences) == ([], [], [])
    assert report.fingerprint == report.rebuilt_fingerprint == open_release(lived).manifest["fingerprint"]
    assert content_of(tmp_path / "apart") == content_of(lived)
    assert report.n_parts == len(content_of(lived)) > len(comparing.CONTENT)
    assert (report.n_dumps, report.version) == (5, len(versions(lived)))
    assert report.n_ids_from_history > 0, "some first appearances were taken back, and one id is of a second try"
    assert "comes out again: the same content, the same bytes" in report_markdown(report)


def test_without_its_history_the_same_release_has_other_ids(raw, lived, tmp_path):
    """So the record is needed, and the test above shows something."""
    build_store(raw, tmp_path / "anew", accept=("reject_share",))
    assert set(paper_ids(tmp_path / "anew")) != set(paper_ids(lived))


def test_a_store_apart_goes_on_as_the_other_would(raw, lived, tmp_path):
    apart = tmp_path / "apart"
    again(raw, lived, to=apart)
    assert verify_all(apart) == []
    assert not (apart / ".work").exists()
    history, old = open_release(apart).read("id_history"), open_release(lived).read("id_history")
    assert set(history["release"]) == {1}
    assert all(follow(history, paper_id)[0] == follow(old, paper_id)[0] for paper_id in old["paper_id"].unique())
    assert not build_store(raw, apart).is_new
    retract(raw)
    for one in (lived, apart):
        assert build_store(raw, one).is_new
    assert content_of(apart) == content_of(lived)
    again(raw, apart).check()


def test_a_gate_that_was_accepted_is_told_as_accepted(raw, store, tmp_path):
    abstract = "Kettles boil and nobody asks why. " * 12
    lines = ["Get trending papers in your email inbox!", "On Socks", abstract, *(f"Lonely Title {n}" for n in range(4))]
    (raw / "a.txt").write_text("\n".join(lines))
    build_store(raw, store, accept=("reject_share",))
    again(raw, store, to=tmp_path / "apart").check()
    [gate] = [gate for gate in open_release(tmp_path / "apart").manifest["facts"]["gates"] if not gate["passed"]]
    assert (gate["gate"], gate["is_accepted"]) == ("reject_share", True)


def test_a_folder_with_releases_is_not_written_to(raw, store):
    grow(raw, store, "z.md")
    with pytest.raises(SettingsError, match="expected a folder without releases"):
        again(raw, store, to=store)
    with pytest.raises(SettingsError, match="outside of raw"):
        again(raw, store, to=raw / "apart")


def test_an_empty_store_has_nothing_to_rebuild(raw, store):
    with pytest.raises(StoreError, match="holds no release"):
        again(raw, store)


# What the raw folder no longer says


def test_missing_raw_files_are_named_and_the_rest_is_compared(raw, lived):
    (raw / "a.md").unlink()
    (raw / "m.md").write_text("another page")
    (raw / "broken.txt").unlink()
    report = again(raw, lived, is_check=False)
    assert [(one.path, one.found) for one in report.missing] == [
        ("m.md", "other bytes at that path"),
        ("a.md", "no such file"),
        ("broken.txt", "no such file"),
    ]
    assert (report.has_same_content, report.differences, report.n_dumps) == (True, [], 2)
    assert (report.published, report.unbuilt) == (None, ["m.md"])
    with pytest.raises(StoreError, match=r"a\.md: expected the dump with sha256 .*, found no such file") as caught:
        report.check()
    assert caught.value.exit_code == 5
    assert "Bring the raw files back under any name" in caught.value.remedy


def test_a_retracted_dump_may_be_deleted(raw, lived):
    (raw / "z.md").unlink()
    report = again(raw, lived)
    report.check()
    assert (report.set_down, report.n_dumps) == (["z.md"], 4)


def test_a_file_that_was_moved_is_found_by_its_bytes(raw, lived):
    (raw / "2025").mkdir()
    (raw / "m.md").rename(raw / "2025" / "renamed.txt")
    (raw / "dumps.toml").write_text('["2025/renamed.txt"]\nlicence = "CC0-1.0"\n')
    again(raw, lived).check()


def test_a_file_that_was_overwritten_and_kept_elsewhere_is_read_under_its_old_path(raw, store):
    grow(raw, store, "z.md")
    (raw / "old").mkdir()
    (raw / "z.md").rename(raw / "old" / "z.md")
    (raw / "z.md").write_text(add_page(raw, "m.md"))
    (raw / "m.md").unlink()
    (raw / "dumps.toml").write_text('["z.md"]\nlicence = "CC0-1.0"\n')
    assert build_store(raw, store).n_dumps_new == 1
    dumps = open_release(store).read("dumps")
    assert dumps.select("path", "licence").rows() == [("z.md", None), ("z.md", "CC0-1.0")]
    again(raw, store).check()


def test_new_dumps_are_told_and_left_to_a_build(raw, young):
    add_page(raw, "a.md")
    report = again(raw, young)
    report.check()
    assert report.unbuilt == ["a.md"]


def test_a_rollback_is_rebuilt_without_what_it_took_back(raw, young):
    grow(raw, young, "k.md")
    correct(raw, "k.md")
    ids = open_release(young).read("appearances").filter(pl.col("title_raw") == PAPERS[7].title)["appearance_id"]
    judge(raw, ids[0], paper_ids(young)[0], "different")
    build_store(raw, young)
    rollback(young, 1, extend_history)
    report = again(raw, young)
    report.check()
    assert sorted(report.unbuilt) == ["k.md", "m.md"]


# What is not as it was published


def tampered(store: Path) -> bytes:
    """The first part of `papers` with another title in each row."""
    file = open_release(store).path / "papers" / "part-00000.parquet"
    frame = pl.read_parquet(file).with_columns(pl.lit("A Kettle of Another Kind").alias("title"))
    return encoding.encode_part(encoding.to_arrow(frame, pq.read_schema(file)))


def test_a_part_changed_by_hand_is_found(raw, lived, tmp_path):
    release = open_release(lived)
    replace_alone(release.store, f"{release.key}/papers/part-00000.parquet", tampered(lived))
    report = again(raw, lived, to=tmp_path / "apart", is_check=False)
    assert report.published is None
    with pytest.raises(StoreError, match=r"papers/part-00000\.parquet: expected .* found") as caught:
        report.check()
    assert "from the store that `--to FOLDER` keeps" in caught.value.remedy
    shutil.copy(tmp_path / "apart" / "latest" / "papers" / "part-00000.parquet", tmp_path / "whole")
    replace_alone(release.store, f"{release.key}/papers/part-00000.parquet", (tmp_path / "whole").read_bytes())
    again(raw, lived).check()


def test_a_part_that_is_gone_is_found(raw, young):
    release = open_release(young)
    release.store.remove(f"{release.key}/links/part-00000.parquet")
    report = again(raw, young)
    assert report.damages == ["links/part-00000.parquet: missing"]
    assert report.has_same_content


def test_a_record_that_is_damaged_is_not_built_on(raw, young):
    release = open_release(young)
    key = f"{release.key}/appearances/part-00000.parquet"
    replace_alone(release.store, key, release.store.read(key)[:-9])
    with pytest.raises(StoreError, match=r"appearances/part-00000\.parquet: expected .* bytes, found"):
        again(raw, young)


def by_hand(store: Path) -> None:
    """A release whose manifest, log and files agree, with one title that no dump shows."""
    release = open_release(store)
    tables = {name: release.read(name) for name in TABLES}
    is_fifth = pl.int_range(pl.len()) == 4
    title = pl.when(is_fifth).then(pl.lit("Invented by Hand")).otherwise("title")
    tables["papers"] = tables["papers"].with_columns(title=title)
    facts = release.manifest["facts"]
    documents = partial(make_documents, tables, facts, release.version + 1, ())
    commit = {"operation": "build", "code_revision": release.commit.facts["code_revision"]}
    publish(draft_of(tables), store, parent=release.version, facts=facts, commit=commit, documents=documents)


def test_a_release_made_by_hand_is_found(raw, handmade):
    assert verify_all(handmade) == []
    report = again(raw, handmade)
    assert not report.has_same_content
    [papers] = [table for table in report.tables if table.parts]
    assert (papers.table, [(part.path, part.differs_in) for part in papers.parts]) == (
        "papers",
        [("papers/part-00001.parquet", "values")],
    )
    assert (papers.rows.changed, papers.rows.columns, papers.rows.keys) == (1, {"title": 1}, [paper_ids(handmade)[4]])
    assert "nothing that the store recorded explains it" in report.reasons[0]
    with pytest.raises(StoreError, match=r"papers/part-00001\.parquet: other values"):
        report.check()
    assert f"1 other (title 1): {paper_ids(handmade)[4]}" in report_markdown(report)


def test_without_check_the_rebuilt_release_is_published_once(raw, handmade):
    ids = paper_ids(handmade)
    report = again(raw, handmade, is_check=False)
    assert (report.version, report.published) == (3, 4)
    assert "came out otherwise: published again as release 4" in report_markdown(report)
    release = open_release(handmade)
    assert release.commit.facts["operation"] == "rebuild"
    assert release.manifest["fingerprint"] == open_release(handmade, 2).manifest["fingerprint"]
    assert release.read("changes").select("key", "column", "before").rows() == [(ids[4], "title", '"Invented by Hand"')]
    assert paper_ids(handmade) == ids
    assert again(raw, handmade, is_check=False).published is None, "the content is the same"
    assert not build_store(raw, handmade).is_new


def test_a_gate_holds_what_is_rebuilt_and_the_store_keeps_it(raw, handmade, monkeypatch):
    monkeypatch.setattr("paperlake.release.gates._LEAST_PAPERS_SHARE", 2)
    with pytest.raises(GateError, match="papers_shrink") as caught:
        again(raw, handmade, is_check=False)
    assert Path(caught.value.candidate).is_relative_to(handmade / ".work")
    assert (Path(caught.value.candidate) / "papers" / "00000.parquet").exists()
    assert again(raw, handmade, is_check=False, accept=("papers_shrink",)).published == 4


# Why it may differ


def test_what_people_wrote_since_counts_and_is_told(raw, young):
    correct(raw)
    report = again(raw, young)
    assert not report.has_same_content
    assert "people wrote since: corrections" in report.reasons[0]
    build_store(raw, young)
    again(raw, young).check()


def test_other_rules_limits_and_rollbacks_are_told(raw, store, monkeypatch):
    with monkeypatch.context() as patch:
        for module in ("release_stages", "due"):
            patch.setattr(f"paperlake.{module}.rules_version", lambda: "older")
        grow(raw, store, "z.md")
    grow(raw, store, "m.md")
    rollback(store, 1, extend_history)
    by_hand(store)
    report = rebuild(Settings(raw=raw, store=store, max_dump_lines=9_999), PlainSteps())
    assert report.reasons[0].startswith("release(s) 1, 4 were made by other rules than today's")
    assert "limits are others than then: max_dump_lines" in report.reasons
    assert "release 3 rolled back to release 1" in report.reasons


def test_bytes_that_another_library_wrote_are_told_and_are_no_fault(raw, young, monkeypatch):
    with monkeypatch.context() as patch:
        write = pq.write_table
        patch.setattr(pq, "write_table", lambda *rows, **options: write(*rows, **options | {"compression_level": 1}))
        unexplained = again(raw, young)
    assert unexplained.has_same_content
    assert {part.differs_in for part in unexplained.differences} == {"bytes"}
    with pytest.raises(StoreError, match="other bytes: expected sha256"):
        unexplained.check()
    part = replace(unexplained.differences[0], rebuilt_writer="another library")
    tables = [replace(unexplained.tables[0], parts=[part])]
    explained = replace(unexplained, tables=tables, reasons=[])
    explained.check()
    assert "in bytes that other libraries wrote" in report_markdown(explained)
