"""The commands for the life of releases: what they print, as JSON too, and with which exit codes they end."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.release.reading import open_release, versions
from paperlake.release.tags import list_tags
from tests.conftest import build_store
from tests.life_stores import date_commit, fill, flip, replace_alone

pytest_plugins = ("tests.life_fixtures",)


def call(store, *arguments):
    result = CliRunner().invoke(app, [*map(str, arguments), "--store", store.location])
    assert "Traceback" not in result.output
    return result


def told(store, *arguments):
    return json.loads(call(store, *arguments, "--json").stdout)


def test_rollback_says_what_the_next_build_brings_again(tmp_path, samples):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    for name in ("2026-03-02-compact-household-physics.txt", "2026-04-21-page.html"):
        shutil.copy(samples / name, raw)
        build_store(raw, store)
    result = CliRunner().invoke(app, ["rollback", "1", "--why", "a bad  page", "--store", str(store)])
    assert result.exit_code == 0
    assert result.stdout == "release 3 has the content of release 1 again, instead of that of 2\n"
    assert (
        "The next `paperlake build` reads again what was taken back, 1 dump(s):\n  2026-04-21-page.html"
        in result.stderr
    )
    assert "`paperlake retract DUMP --why TEXT`" in result.stderr
    assert "`paperlake build --accept rollback_stands`" in result.stderr
    assert open_release(store).commit.facts["why"] == "a bad page"
    again = CliRunner().invoke(app, ["rollback", "1", "--store", str(store), "--json"])
    assert (json.loads(again.stdout)["is_new"], again.stderr) == (False, "")


@pytest.mark.parametrize(("asked", "said"), [("9", "expected release 9, found releases 1 to 2"), ("x", "found 'x'")])
def test_a_release_that_is_not_there(disk, asked, said):
    fill(disk, 2)
    for arguments in (("rollback", asked), ("tag", asked, "gold"), ("verify", asked)):
        result = call(disk, *arguments)
        assert result.exit_code == 5
        assert said in result.stderr


def test_tags_are_shown_beside_their_releases(store):
    fill(store, 2)
    assert call(store, "tag", 1, "gold").stdout == "release 1 is tagged gold\n"
    assert told(store, "tag", 1, "silver")["version"] == 1
    assert call(store, "tag", 2, "gold").exit_code == 1
    assert call(store, "tag", 2, "Gold").exit_code == 1
    assert [release["tags"] for release in told(store, "versions")] == [["gold", "silver"], []]
    assert "gold, silver" in call(store, "versions").stdout
    assert call(store, "verify", "gold").exit_code == 0
    assert call(store, "tag", "gold", "gold", "--delete").stdout == "release 1 is no longer tagged gold\n"
    assert list_tags(store) == ["silver"]


def test_prune_is_dry_until_it_is_applied(store):
    fill(store, 3)
    for version in (1, 2, 3):
        date_commit(store, version, f"2026-01-0{version}")
    dry = call(store, "prune", "--keep", 1)
    assert dry.exit_code == 0
    assert "gets a tombstone" in dry.stdout
    assert "0 bytes would be freed" in dry.stdout
    assert "`--apply` does it" in dry.stderr
    assert store.names("_tombstones") == []
    assert list(told(store, "prune", "--keep", 1, "--apply")["to_mark"]) == ["1", "2"]
    assert "tombstone of" in call(store, "versions").stdout
    assert "has a tombstone" in call(store, "prune", "--keep", 1).stdout
    gone = told(store, "prune", "--keep", 1, "--apply", "--grace-days", 0)
    assert gone["to_delete"] == [1, 2]
    assert gone["frees"] > 0
    assert [bool(release["pruned_on"]) for release in told(store, "versions")] == [True, True, False]
    assert "was pruned on" in call(store, "verify", 1).stdout
    assert told(store, "verify", 1) == {"damages": [], "is_pruned": True}
    assert call(store, "verify", "--all").exit_code == 0
    assert call(store, "show", "--at", 1).exit_code == 5
    assert call(store, "rollback", 1).exit_code == 5


def test_verify_names_what_is_damaged_in_any_release(store):
    first, *_ = fill(store, 2)
    assert "every file of every release" in call(store, "verify", "--all").stdout
    key = f"{first.release}/papers/part-00000.parquet"
    replace_alone(store, key, flip(store.read(key), 30))
    assert call(store, "verify").exit_code == 0
    for arguments in (("verify", "--all"), ("verify", 1)):
        result = call(store, *arguments)
        assert result.exit_code == 5
        assert "papers/part-00000.parquet: expected sha256" in result.stderr
        assert "`paperlake repair`" in result.stderr
    [damage] = told(store, "verify", "--all")["damages"]
    assert damage.startswith(key)
    assert call(store, "verify", 1, "--all").exit_code == 2
    replace_alone(store, "_log/000001.json", b"junk")
    assert len(told(store, "verify", "--all")["damages"]) == 1


def test_repair_is_dry_until_it_is_applied(store):
    first, _ = fill(store, 2)
    store.remove("latest.json")
    store.remove(f"{first.release}/links/part-00000.parquet")
    dry = call(store, "repair")
    assert dry.exit_code == 0
    assert "repairable: latest.json: expected version 2" in dry.stdout
    assert "`--apply` does it" in dry.stderr
    assert store.read("latest.json") is None
    assert [one["state"] for one in told(store, "repair", "--apply")] == ["repaired", "repaired"]
    assert call(store, "repair").stdout == "nothing to repair\n"
    assert call(store, "verify", "--all").exit_code == 0
    store.remove(f"{first.release}/papers/part-00000.parquet")
    lost = call(store, "repair", "--apply")
    assert lost.exit_code == 5
    assert "beyond repair" in lost.stdout
    assert "bring it back from a copy" in lost.stdout


def test_an_empty_store(store):
    for arguments in (("rollback", 1), ("tag", 1, "gold"), ("prune",), ("repair",), ("verify", "--all")):
        result = call(store, *arguments)
        assert result.exit_code == 5
        assert "holds no release" in result.stderr
    assert versions(store) == []
