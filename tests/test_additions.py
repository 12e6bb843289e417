"""New dumps on top of a release: what is made of the release before and of them alone is what all dumps make."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.dump_generator import write_dumps
from benchmarks.page_writers import invent, write_page

from paperlake import open_release, versions
from paperlake.errors import StoreError
from paperlake.near_misses import read_near_misses
from paperlake.pipeline import build
from paperlake.release.encoding import PART_SIZES
from paperlake.release.gate_names import GATES as GATE_NAMES
from paperlake.settings import Settings
from paperlake.steps import PlainSteps

SAMPLES = Path(__file__).parent.parent / "data" / "raw"
GATES = tuple(name for name in GATE_NAMES if name not in ("has_papers", "counts_add_up"))
PAPERS = invent(8, seed=3)
WORD = PAPERS[0].title.split()[0]


class Told(PlainSteps):
    """Plain steps that know whether the ledger was enough."""

    def __init__(self) -> None:
        self.ledger: list[bool] = []

    def call(self, name, step, *arguments):
        made = super().call(name, step, *arguments)
        if name == "ledger":
            self.ledger.append(made)
        return made


class Both:
    """Two stores of the same dumps: one builds on its ledger, the other never finds one."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.stores = folder / "raw", (folder / "grown", folder / "whole")
        self.raw.mkdir(parents=True)

    def build(self, accept=GATES) -> bool | None:
        """Whether the ledger was enough, None where there was none; both releases and near misses are the same."""
        grown, whole = self.stores
        for folder in (whole / ".work").glob("ledger-*"):
            shutil.rmtree(folder)
        told = {store: Told() for store in self.stores}
        for store, steps in told.items():
            build(Settings(raw=self.raw, store=store, settle_seconds=0), steps, accept=accept)
        assert told[whole].ledger == []
        assert open_release(grown).manifest == open_release(whole).manifest
        assert read_near_misses(grown / ".work").equals(read_near_misses(whole / ".work"))
        return told[grown].ledger[-1] if told[grown].ledger else None

    def add(self, name: str, text: str) -> None:
        (self.raw / name).write_text(text, encoding="utf-8")


@pytest.fixture
def both(tmp_path):
    return Both(tmp_path)


def captured(tmp_path, n_records: int, seed: int, per_dump: int) -> list[Path]:
    folder = tmp_path / f"made-{seed}"
    write_dumps(folder, n_records, seed, per_dump)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("n_at_once", [1, 4])
def test_samples_of_every_layout_one_after_another(both, n_at_once):
    dumps = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.name != "dumps.toml")
    enough = []
    for start in range(0, len(dumps), n_at_once):
        for dump in dumps[start : start + n_at_once]:
            shutil.copy(dump, both.raw)
        enough.append(both.build())
    assert enough[0] is None
    assert sum(one is True for one in enough) >= len(enough) - 2


def test_papers_that_many_dumps_show(both, tmp_path, monkeypatch):
    monkeypatch.setattr("paperlake.release.encoding.PART_SIZES", tuple(size // 128 for size in PART_SIZES))
    dumps = captured(tmp_path, 1_200, 5, 100)
    for dump in dumps[:6]:
        shutil.copy(dump, both.raw)
    assert both.build() is None
    for dump in dumps[6:]:
        shutil.copy(dump, both.raw)
        assert both.build() is True


def page(*papers, layout="firecrawl") -> str:
    return write_page(layout, list(papers), captured_on=date(2026, 7, 20)).text


def test_a_new_dump_that_joins_two_old_papers(both):
    one, other = PAPERS[:2]
    both.add("a.txt", page(one, *PAPERS[2:4], layout="compact"))  # shows no ids
    both.add("b.md", page(other))
    both.build()
    before = open_release(both.stores[0]).counts["papers"]
    both.add("c.md", page(replace(other, title=one.title, abstract=one.abstract)))
    assert both.build() is True
    release = open_release(both.stores[0])
    events = release["id_history"].filter(pl.col("event") == "merged_into").collect()
    assert (release.counts["papers"], events.height) == (before - 1, 1)


def coded(paper, repository: str):
    return replace(paper, abstract=f"{paper.abstract[:900]} Code: https://github.com/{repository}.")


def test_a_repository_that_new_dumps_spell_otherwise(both):
    first, *others = PAPERS[:4]
    both.add("a.txt", page(coded(first, "example-lab/kettle"), PAPERS[6], layout="compact"))
    both.build()
    both.add("b.txt", page(*(coded(paper, "Example-Lab/Kettle") for paper in others), layout="compact"))
    assert both.build() is True
    release = open_release(both.stores[0])
    assert release["papers"].collect()["repositories"].to_list().count(["Example-Lab/Kettle"]) == 4
    of_papers = (pl.col("table") == "papers") & (pl.col("column") == "repositories")
    assert release["changes"].filter(of_papers).collect()["before"].to_list() == ['["example-lab/kettle"]']


def test_a_paper_that_people_corrected(both):
    both.add("a.md", page(*PAPERS[:3]))
    (both.raw / "curation").mkdir()
    line = write_page("firecrawl", PAPERS[:3], captured_on=date(2026, 7, 20)).expected[0]["line_start"]
    entry = {"dump": "a.md", "line": line, "column": "title", "from": WORD, "to": "Onkettles", "why": "so"}
    lines = ["[[correction]]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items())]
    (both.raw / "curation" / "corrections.toml").write_text("\n".join(lines))
    both.build()
    both.add("b.md", page(PAPERS[0], PAPERS[4]))
    assert both.build() is True
    titles = open_release(both.stores[0])["papers"].collect()["title"]
    assert titles[0].startswith("Onkettles")


def test_what_else_changes_is_made_anew(both, monkeypatch):
    both.add("a.md", page(*PAPERS[:3]))
    both.build()
    (both.raw / "curation").mkdir()
    (both.raw / "curation" / "repository_aliases.csv").write_text(
        "old,new,since,source\nexample-lab/old,example-lab/new,2026-01-01,seen\n"
    )
    both.add("b.md", page(PAPERS[3]))
    assert both.build() is None, "other repairs"
    both.add("c.md", page(PAPERS[4]))
    assert both.build() is True
    (both.raw / "dumps.toml").write_text('["b.md"]\nlicence = "cc-by-4.0"\n')
    both.add("d.md", page(PAPERS[5]))
    assert both.build() is None, "a dump that is read again"


def test_an_index_with_rows_that_no_release_has_is_not_built_on(both):
    both.add("a.md", page(*PAPERS[:3]))
    both.build()
    both.add("b.md", page(PAPERS[3]))
    grown = both.stores[0]
    with pytest.raises(KeyboardInterrupt):
        build(Settings(raw=both.raw, store=grown, settle_seconds=0), Killed("assemble"))
    (both.raw / "b.md").unlink()
    both.add("c.md", page(PAPERS[4]))
    assert both.build() is False


def test_a_run_that_died_goes_on_with_the_ledger(both):
    both.add("a.md", page(*PAPERS[:3]))
    both.build()
    both.add("b.md", page(PAPERS[3]))
    with pytest.raises(KeyboardInterrupt):
        build(Settings(raw=both.raw, store=both.stores[0], settle_seconds=0), Killed("assemble"))
    assert both.build() is True


@pytest.mark.parametrize("table", ["papers", "appearances", "links", "id_history"])
def test_a_release_that_is_damaged_is_not_built_on(both, table):
    both.add("a.md", page(*PAPERS[:3]))
    both.build()
    both.add("b.md", page(PAPERS[0], PAPERS[3]))
    grown = both.stores[0]
    part = Path(open_release(grown).files(table)[0])
    part.chmod(0o644)
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(StoreError, match="`paperlake verify` says which files are damaged"):
        build(Settings(raw=both.raw, store=grown, settle_seconds=0), PlainSteps(), accept=GATES)
    assert len(versions(grown)) == 1


class Killed(PlainSteps):
    """Plain steps of a run that is killed before one of them."""

    def __init__(self, at: str) -> None:
        self.at = at

    def call(self, name, step, *arguments):
        if name == self.at:
            raise KeyboardInterrupt(name)
        return super().call(name, step, *arguments)
