"""Rollback: old content as a new release, ids that lead on, and the builds after it."""

import shutil
from datetime import date

import polars as pl
import pytest
from benchmarks.page_writers import invent, write_page
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlake.errors import ContractError, GateError, ReleaseConflictError, StoreError
from paperlake.identity.registry import extend_history, follow, name_papers
from paperlake.release import encoding
from paperlake.release import rollback as rolling
from paperlake.release.commits import find_head, read_commit
from paperlake.release.reading import open_release, versions
from paperlake.release.rollback import rollback
from paperlake.release.tags import create_tag
from paperlake.release.taken_back import read_taken_back
from paperlake.release.verify import verify_all
from paperlake.schemas import TABLES
from paperlake.stores import local
from paperlake.work import rules_version
from tests.conftest import build_store
from tests.life_stores import fill, flip, on_both, replace_alone
from tests.release_frames import publish_tables, tables_of

pytest_plugins = ("tests.life_fixtures",)

CONTENT = [name for name, table in TABLES.items() if table.is_content]
PAPERS = invent(9, seed=3)


def roll(store, version, **changes):
    return rollback(store, version, extend_history, **changes)


@on_both
def test_a_rollback_is_the_old_content_as_the_next_release(store, monkeypatch):
    fill(store, 3)
    encoded = []
    encode = encoding.encode_part
    monkeypatch.setattr(
        encoding, "encode_part", lambda part, *level: encoded.append(part.column_names[:2]) or encode(part, *level)
    )
    published, taken_back = roll(store, 1, why="socks were lost")
    assert (published.version, published.is_new, taken_back.of, taken_back.instead_of) == (4, True, 1, 3)
    old, new = open_release(store, 1), open_release(store)
    assert new.manifest["fingerprint"] == old.manifest["fingerprint"] == published.fingerprint
    assert encoded == [["table", "key"], ["paper_id", "event"]], "only the two tables of the step"
    for name in CONTENT:
        assert new.manifest["tables"][name] == old.manifest["tables"][name]
    assert new.manifest["facts"]["rules_version"] == "1"
    facts = new.commit.facts
    assert (facts["operation"], facts["of"], facts["instead_of"], facts["why"]) == ("rollback", 1, 3, "socks were lost")
    assert new.commit.parent == 3
    assert verify_all(store) == []
    again, _ = roll(store, 1)
    assert (again.version, again.is_new) == (4, False), "nothing changes what is so already"


def test_its_parts_are_those_of_the_old_release(disk):
    fill(disk, 3)
    published, _ = roll(disk, 1)
    old, new = (disk.files(release) for release in (read_commit(disk, 1).release, published.release))
    assert all(
        old[f"{name}/part-00000.parquet"].identity == new[f"{name}/part-00000.parquet"].identity for name in CONTENT
    )


def test_changes_tell_the_step_from_the_head(disk):
    fill(disk, 3)
    roll(disk, 1)
    changes = open_release(disk).read("changes")
    gone = changes.filter(pl.col("table") == "papers")
    assert set(gone["key"]) == {"paper_id-4", "paper_id-5"}
    assert set(gone["change"]) == {"removed"}
    assert set(changes["cause"]) == {"retraction"}


def test_a_tag_names_the_release_to_roll_back_to(disk):
    fill(disk, 2)
    create_tag(disk, "gold", read_commit(disk, 1))
    assert roll(disk, "gold")[1].of == 1


def test_of_a_rollback_and_a_build_one_gives_way(store, monkeypatch):
    monkeypatch.setattr(local, "_LOCK_SECONDS", 0)
    fill(store, 2)
    with pytest.raises(ReleaseConflictError):
        roll(store, 1, fault=lambda step: step == "commit" and publish_tables(store, tables_of(5)))
    assert [commit.facts["operation"] for commit in versions(store)] == ["build"] * 3
    assert verify_all(store) == []
    assert roll(store, 1)[0].version == 4


def test_a_crash_at_any_step_leaves_whole_releases(disk):
    fill(disk, 2)
    for number, step in enumerate(
        ("stage", "write manifest.json", "move in", "commit", "latest.json", "clean", "done")
    ):
        folder = shutil.copytree(disk.root, disk.root.parent / str(number), symlinks=True)

        def crash(reached, step=step):
            if reached == step:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            roll(folder, 1, fault=crash)
        assert open_release(folder).version in (2, 3)
        assert roll(folder, 1)[0].version == 3
        assert verify_all(folder) == [], step


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_damaged_is_not_published_again(store, version):
    fill(store, 2)
    key = f"{read_commit(store, version).release}/papers/part-00000.parquet"
    replace_alone(store, key, flip(store.read(key), -20))
    with pytest.raises(StoreError, match="papers/part-00000.parquet: expected sha256(.|\n)*paperlake repair"):
        roll(store, 1)
    assert len(versions(store)) == 2


def test_a_release_of_another_contract_must_fit_todays(sample_store, tmp_path, monkeypatch):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    monkeypatch.setattr(rolling, "CONTRACT_VERSION", "9.0.0")
    assert not roll(store, 1)[0].is_new, "its tables are checked, and fit"
    metrics, papers = TABLES["metrics"], TABLES["papers"]
    monkeypatch.setattr(rolling, "TABLES", TABLES | {"papers": metrics})
    with pytest.raises(StoreError, match="expected contract 9.0.0, found .*; papers differs"):
        roll(store, 1)
    monkeypatch.setattr(rolling, "TABLES", {"papers": papers})
    monkeypatch.setattr(
        rolling.Release, "read", lambda release, name: release[name].collect().vstack(release[name].collect())
    )
    with pytest.raises(ContractError):
        roll(store, 1)


# Ids


def clustered(groups, before, given_ids):
    labels = list(groups.values())
    rows = pl.DataFrame(
        {"appearance_id": list(groups), "first": [labels.index(label) for label in labels]},
        schema={"appearance_id": pl.String, "first": pl.UInt32},
    )
    return rows.select("appearance_id", paper_id=name_papers(rows, before, given_ids))


class Life:
    """Builds and rollbacks of one store, its tables being `appearances` and `id_history` alone."""

    def __init__(self):
        self.history, self.releases = pl.DataFrame(schema=TABLES["id_history"].polars_schema), []

    @property
    def head(self):
        return self.releases[-1] if self.releases else None

    def build(self, groups):
        self.publish(clustered(groups, self.head, self.history["paper_id"].unique()))

    def roll_back(self, number):
        self.publish(self.releases[number - 1])

    def publish(self, appearances):
        before = self.head
        longer = extend_history(self.history, before, appearances, len(self.releases) + 1)
        assert longer.head(self.history.height).equals(self.history), "what was written stays"
        self.history = longer
        self.releases.append(appearances)

    def paper_of(self, name):
        return dict(self.head.rows()).get(name)

    def check(self):
        living = set(self.head["paper_id"])
        for paper_id in self.history["paper_id"].unique():
            found, way = follow(self.history, paper_id)
            assert way[0] == paper_id
            assert found is None or found in living
            assert (found == paper_id) == (paper_id in living)
        assert self.history.select("paper_id", "event", "release").is_duplicated().sum() == 0


def events(life, release):
    return life.history.filter(pl.col("release") == release).select("paper_id", "event", "other_id").rows()


def test_an_id_that_was_merged_away_lives_again_as_the_paper_it_was():
    life = Life()
    life.build({"a": 1, "b": 2})
    a, b = life.paper_of("a"), life.paper_of("b")
    life.build({"a": 1, "b": 1, "c": 3})
    c = life.paper_of("c")
    assert follow(life.history, b) == (a, [b, a])
    life.roll_back(1)
    assert life.paper_of("b") == b
    assert set(events(life, 3)) == {(b, "split_from", a), (c, "retired", None)}
    assert [follow(life.history, one)[0] for one in (a, b, c)] == [a, b, None]
    life.build({"a": 1, "b": 1})
    assert follow(life.history, b) == (a, [b, a]), "merged once more"
    life.roll_back(3)
    life.check()


def test_ids_of_parted_and_retracted_papers_after_a_rollback():
    life = Life()
    life.build({"a": 1, "b": 1, "d": 4})
    a, d = life.paper_of("a"), life.paper_of("d")
    life.build({"a": 1, "b": 2})
    b = life.paper_of("b")
    assert follow(life.history, d)[0] is None
    life.roll_back(1)
    assert set(events(life, 3)) == {(d, "created", None), (b, "merged_into", a)}
    assert [follow(life.history, one)[0] for one in (a, b, d)] == [a, a, d]
    life.check()


def test_two_that_were_merged_this_way_and_that_make_no_circle():
    life = Life()
    life.build({"a": 1, "b": 2})
    a, b = life.paper_of("a"), life.paper_of("b")
    life.build({"a": 1, "b": 1})
    life.roll_back(1)
    life.publish(pl.DataFrame({"appearance_id": ["a", "b"], "paper_id": [b, b]}))
    assert follow(life.history, a) == (b, [a, b])
    assert follow(life.history, b) == (b, [b])


NAMES = [f"{number:016x}:1" for number in range(6)]
GROUPS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1).map(
    lambda one: dict(sorted(one.items()))
)
STEPS = st.lists(st.one_of(GROUPS, st.integers(1, 20)), min_size=1, max_size=8)


@given(STEPS)
@settings(max_examples=60)
def test_every_id_ever_given_leads_on_through_builds_and_rollbacks(steps):
    """An id means the same paper whenever it lives: a rollback gives it to the very appearances that it had."""
    life = Life()
    for step in steps:
        if isinstance(step, dict):
            life.build(step)
        elif step <= len(life.releases):
            life.roll_back(step)
            assert life.head.equals(life.releases[step - 1])
        if life.releases:
            life.check()


# Builds


def test_rules_that_were_rolled_back_do_not_come_again_unseen(raw, tmp_path, monkeypatch):
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        for module in ("release_stages", "due", "release.rollback"):
            patch.setattr(f"paperlake.{module}.rules_version", lambda: "older")
        build_store(raw, store)
    add_dump(raw, "b.md", PAPERS[3:7])
    build_store(raw, store)
    assert roll(store, 1)[1].rules_version == rules_version()
    (raw / "b.md").unlink()
    add_dump(raw, "c.md", PAPERS[6:])
    with pytest.raises(GateError, match="rollback_stands: .* found the same rules"):
        build_store(raw, store)
    assert build_store(raw, store, ("rollback_stands",)).is_new


def test_a_rollback_stands_after_other_releases_too(raw, tmp_path):
    store = tmp_path / "store"
    build_store(raw, store)
    add_dump(raw, "bad.md", PAPERS[3:7])
    build_store(raw, store)
    roll(store, 1)
    away = (raw / "bad.md").rename(tmp_path / "bad.md")
    for name, papers in (("c.md", PAPERS[6:8]), ("d.md", PAPERS[8:])):
        add_dump(raw, name, papers)
        assert build_store(raw, store).is_new
    assert open_release(store).commit.facts["instead_of"] == 2
    away.rename(raw / "bad.md")
    with pytest.raises(GateError, match=r"rollback_stands: .* found bad\.md"):
        build_store(raw, store)
    assert build_store(raw, store, ("rollback_stands",)).version == 6
    assert read_taken_back(open_release(store).commit) is None, "a person let it in"


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    (folder / "curation").mkdir(parents=True)
    add_dump(folder, "a.md", PAPERS[:5])
    return folder


def add_dump(raw, name, papers):
    (raw / name).write_text(write_page("firecrawl", papers, captured_on=date(2026, 7, 20)).text)


def papers_of(store):
    release = open_release(store)
    return set(release.read("papers")["title"]), release.read("dumps").filter(pl.col("status") == "read")[
        "path"
    ].to_list()


def test_the_next_build_brings_again_what_nobody_took_back(raw, tmp_path):
    store = tmp_path / "store"
    for name, papers in (("b.md", PAPERS[3:7]), ("c.md", PAPERS[6:])):
        build_store(raw, store)
        add_dump(raw, name, papers)
    build_store(raw, store)
    first, third = open_release(store, 1), open_release(store, 3)
    published, taken_back = roll(store, 1)
    assert published.version == 4
    assert list(taken_back.dumps.values()) == ["b.md", "c.md"]
    assert taken_back == read_taken_back(find_head(open_release(store).store))
    rolled = shutil.copytree(store, tmp_path / "rolled", symlinks=True)
    assert list(roll(rolled, 2)[1].dumps.values()) == ["c.md"], "of two rollbacks, what the last release lacks"
    assert read_taken_back(third.commit) is None
    assert all(open_release(store).read(name).equals(first.read(name)) for name in CONTENT)
    history = open_release(store).read("id_history")
    reasons = history.filter(pl.col("release") == 4)["reason"]
    assert set(reasons) == {"rolled back to release 1"}
    for paper_id in third.read("papers")["paper_id"]:
        assert follow(history, paper_id)[0] == (paper_id if paper_id in first.read("papers")["paper_id"] else None)
    (raw / "curation" / "retractions.csv").write_text("when,who,dump,why\n2026-07-21,mira,b.md,of another day\n")
    with pytest.raises(
        GateError, match="rollback_stands: expected nothing that a rollback took back, found c.md: take"
    ):
        build_store(raw, store)
    assert open_release(store).version == 4, "the rollback stands until a person says how to go on"
    assert build_store(raw, store, ("rollback_stands",)).version == 5
    titles, dumps = papers_of(store)
    assert dumps == ["a.md", "c.md"], "what was retracted first stays out"
    assert titles == {paper.title for paper in [*PAPERS[:5], *PAPERS[6:]]}
    assert set(first.read("papers")["paper_id"]) <= set(open_release(store).read("papers")["paper_id"])
    assert verify_all(store) == []
    assert not build_store(raw, store).is_new
    roll(store, 3)
    assert all(open_release(store).read(name).equals(third.read(name)) for name in CONTENT)
    history = open_release(store).read("id_history")
    assert all(follow(history, paper_id)[0] == paper_id for paper_id in third.read("papers")["paper_id"])


def test_judged_papers_that_a_rollback_parts_keep_their_ids(raw, tmp_path):
    store = tmp_path / "store"
    build_store(raw, store)
    one, other, *_ = open_release(store).read("papers")["paper_id"]
    (raw / "curation" / "judgements.csv").write_text(
        f"when,who,left,right,verdict,why\n2026-07-21,mira,{one},{other},same,seen in print\n"
    )
    build_store(raw, store)
    assert other not in open_release(store).read("papers")["paper_id"]
    (raw / "curation" / "judgements.csv").unlink()
    published, taken_back = roll(store, 1, why="two papers after all")
    release = open_release(store)
    assert release.read("papers").equals(open_release(store, 1).read("papers"))
    assert release.read("id_history").row(-1)[:4] == (other, "split_from", one, published.version)
    assert release.read("id_history")["reason"][-1] == "rolled back to release 1: two papers after all"
    assert taken_back.dumps == {}
    assert not build_store(raw, store).is_new, "the judgement is gone, and so is the difference"
