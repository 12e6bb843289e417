"""An audit finds what is wrong with what is published, and prunes only where nothing is damaged."""

import shutil

import pytest

from paperlake import open_release
from paperlake.auditing import audit, audit_markdown
from paperlake.errors import AuditError, StoreError
from paperlake.identity.registry import extend_history
from paperlake.release.lives import read_lives
from paperlake.release.rollback import rollback
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from paperlake.stores import open_store
from tests.conftest import SAMPLES, build_store
from tests.life_stores import date_commit, flip, spoil

EVERY_GATE = (
    "reject_share",
    "page_furniture",
    "one_repository",
    "layout_drift",
    "papers_shrink",
    "abstract_share",
    "links_per_paper",
)


def look(store, **options):
    return audit(Settings(raw=SAMPLES, store=store), PlainSteps(), **options)


@pytest.fixture
def store(sample_store, tmp_path):
    return shutil.copytree(sample_store, tmp_path / "store", symlinks=True)


def test_a_whole_store_has_no_faults(store):
    report = look(store)
    report.check()
    assert (report.version, report.damages, report.broken, report.is_pruned) == (1, [], [], False)
    assert report.contract.endswith(": the one of this paperlake")
    assert {gate["gate"] for gate in report.gates} >= {"has_papers", "counts_add_up", "reject_share"}
    assert "as they should be" in audit_markdown(report)


def test_a_flipped_bit_is_told_and_nothing_is_pruned(store):
    release = open_release(store)
    opened, key = open_store(store), f"{release.key}/{release.manifest['tables']['links']['parts'][0]['path']}"
    spoil(opened, key, flip(opened.read(key), 100))
    report = look(store, is_pruning=True)
    assert not report.is_pruned
    with pytest.raises(AuditError, match="links") as caught:
        report.check()
    assert caught.value.exit_code == 5
    assert f"{len(report.faults)} fault(s)" in audit_markdown(report)


def test_a_gate_of_today_that_would_hold_it_is_a_fault(store, monkeypatch):
    monkeypatch.setattr("paperlake.release.gates._MOST_REJECT_SHARE", -1.0)
    report = look(store)
    assert [fault.partition(":")[0] for fault in report.faults] == ["reject_share"]
    with pytest.raises(AuditError, match="reject_share"):
        report.check()


def test_a_gate_that_was_accepted_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr("paperlake.release.gates._MOST_REJECT_SHARE", -1.0)
    build_store(SAMPLES, tmp_path / "store", accept=("reject_share",))
    look(tmp_path / "store").check()


def test_a_table_that_breaks_its_model_is_told(store, monkeypatch):
    from paperlake.errors import ContractError

    def breaks(parts, keys, name):
        raise ContractError("links", ["url: expected no null, found 1"], 1)

    monkeypatch.setattr("paperlake.validate.check_parts", breaks)
    assert look(store).faults == ["links: url: expected no null, found 1"]


def test_what_another_contract_promised_is_not_measured_by_todays(store, monkeypatch):
    monkeypatch.setattr("paperlake.auditing.CONTRACT_VERSION", "9.0.0")
    monkeypatch.setattr(
        "paperlake.auditing.contract_text",
        lambda: open_release(store).read_document("contract.yaml").replace("version: 2.1.1", "version: 9.0.0"),
    )
    report = look(store)
    assert (report.gates, report.broken) == ([], [])


def test_a_rollback_is_no_loss(tmp_path):
    raw, store = shutil.copytree(SAMPLES, tmp_path / "raw"), tmp_path / "store"
    late = sorted(path for path in raw.iterdir() if path.suffix == ".txt")[-1]
    kept = late.read_bytes()
    late.unlink()
    build_store(raw, store)
    late.write_bytes(kept)
    build_store(raw, store)
    rollback(store, 1, extend_history)
    look(store).check()


def test_it_prunes_when_told_so(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    for number, dump in enumerate(sorted(SAMPLES.glob("*.txt"))[:3], start=1):
        shutil.copy(dump, raw)
        build_store(raw, store, accept=EVERY_GATE)
        date_commit(open_store(store), number, "2026-07-01")
    told = look(store, keep=1)
    assert sorted(told.prune.to_mark) == [1, 2]
    assert read_lives(store)[1].marked_on is None
    done = look(store, is_pruning=True, keep=1)
    assert done.is_pruned
    assert read_lives(store)[1].marked_on is not None


def test_an_empty_store_is_told(tmp_path):
    with pytest.raises(StoreError):
        look(tmp_path / "none")
