"""What a doctor finds: each thing that can be wrong is told with what was expected, found, and what to do."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from benchmarks.page_writers import invent, write_page
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.doctor import disk, packages, prefect_settings, probe
from paperlake.doctor.clock import check_clock
from paperlake.doctor.disk import check_disk, check_temporary
from paperlake.doctor.examination import examine
from paperlake.doctor.held import check_held
from paperlake.doctor.packages import check_packages, check_python
from paperlake.doctor.prefect_settings import check_prefect
from paperlake.doctor.probe import Probe, probe_store
from paperlake.doctor.raw_folder import check_raw, check_unfinished
from paperlake.doctor.store import check_store, check_writes
from paperlake.doctor.written import check_written
from paperlake.errors import GateError
from paperlake.settings import Settings
from paperlake.stores import open_store
from paperlake.stores.local import LocalStore
from tests.conftest import SAMPLES, build_store
from tests.s3_servers import BUCKET, environment, moto_server
from tests.test_held import bad_page
from tests.test_planning import listing

WELL = {"url": None, "home": "/tmp", "analytics": False, "ephemeral": True}


def told(finding) -> tuple[bool, str, str]:
    return finding.is_ok, finding.message, finding.remedy


@pytest.fixture
def asked(monkeypatch):
    """What Prefect says of its settings."""
    answers = dict(WELL)
    monkeypatch.setattr(prefect_settings, "_ask", lambda: answers)
    return answers


@pytest.fixture
def server():
    """A server on loopback that answers by path; its URL, and the answers."""
    answers = {"/api/health": (200, b"true")}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            status, content = answers.get(self.path, (404, b""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}/api", answers
        served.shutdown()


def of_prefect(subject):
    return next(finding for finding in check_prefect() if finding.subject == subject)


def test_all_is_well_with_the_samples_and_nothing_is_left_in_the_store(sample_store, tmp_path, asked):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    before = {name: file for name, file in listing(store).items() if name != str(store)}
    findings = examine(Settings(raw=SAMPLES, store=store))
    assert [finding for finding in findings if not finding.is_ok] == []
    assert {name: file for name, file in listing(store).items() if name != str(store)} == before
    assert [finding.subject for finding in findings] == [
        "python", "packages", "raw", "unfinished files", "curation", "dumps", "store", "held candidates",
        "conditional writes", "disk",
        "temporary files", "clock", "prefect server", "prefect home", "prefect analytics",
    ]  # fmt: skip


def test_a_store_that_is_not_there_is_not_made(tmp_path, asked):
    findings = examine(Settings(raw=SAMPLES, store=tmp_path / "deep" / "store"))
    assert [finding for finding in findings if not finding.is_ok] == []
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_remedy_below_what_is_wrong(sample_store, tmp_path, asked):
    arguments = ["doctor", "--raw", str(tmp_path / "none"), "--store", str(sample_store)]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 1
    assert f"FAIL raw: expected a folder at {tmp_path / 'none'}, found none\n     Make it and put dumps" in shown.stdout
    findings = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert [one["subject"] for one in findings if one["remedy"]] == ["raw"]


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(packages.sys, "version_info", (3, 10, 4))
    assert told(check_python())[:2] == (False, "expected 3.11 or later, found 3.10.4")
    assert "make PYTHON=python3.11 setup" in check_python().remedy


@pytest.mark.parametrize(
    ("needed", "found", "said"),
    [
        ("fastapi<0.151", {"fastapi": "0.152.0"}, "expected fastapi<0.151, found 0.152.0"),
        ("polars>=2.1,<3", {}, "expected polars<3,>=2.1, found none"),
        ("socks>=1; extra == 'drawer'", {}, None),
        ("socks>=1; python_version < '3'", {}, None),
        ("polars>=2.1", {"polars": "2.1.0"}, None),
    ],
)
def test_a_package_that_does_not_fit_is_told(monkeypatch, needed, found, said):
    monkeypatch.setattr(packages, "requires", lambda _: [needed])
    monkeypatch.setattr(packages, "_installed", found.get)
    finding = check_packages()
    assert (finding.is_ok, "make setup" in finding.remedy) == (said is None, True)
    assert said is None or finding.message == said


def test_a_raw_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text("x")
    may = os.access
    monkeypatch.setattr(
        "paperlake.doctor.raw_folder.os.access", lambda path, mode: path.name != "closed" and may(path, mode)
    )
    is_ok, message, remedy = told(check_raw(tmp_path))
    assert (is_ok, str(tmp_path / "closed") in message, "chmod -R u+rX" in remedy) == (False, True, True)


def test_unfinished_files_are_named_and_those_that_nobody_finishes_are_a_fault(tmp_path):
    (tmp_path / "new.txt.part").write_text("x")
    assert told(check_unfinished(tmp_path))[:2] == (True, "builds leave new.txt.part")
    (tmp_path / "old.txt.part").write_text("x")
    os.utime(tmp_path / "old.txt.part", (0, time.time() - 90_000))
    is_ok, message, remedy = told(check_unfinished(tmp_path))
    assert (is_ok, message) == (False, "expected captures to be finished within a day, found old.txt.part")
    assert "rename them, or delete them" in remedy


def test_a_damaged_release_is_told(sample_store, tmp_path):
    store = shutil.copytree(sample_store, tmp_path / "store", symlinks=True)
    shutil.rmtree(next((store / "releases").iterdir()) / "papers")
    is_ok, message, remedy = told(check_store(store))
    assert (is_ok, "papers" in message, "paperlake repair" in remedy) == (False, True, True)


def test_a_store_that_may_not_be_written_to_is_told_before_it_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr("paperlake.doctor.store.os.access", lambda *_: False)
    is_ok, message, remedy = told(check_store(tmp_path / "deep" / "store"))
    assert (is_ok, message) == (False, f"expected a folder to write to at {tmp_path}, found one we may not")
    assert f"chmod u+rwX {tmp_path}" in remedy


@pytest.mark.parametrize(
    ("method", "instead", "said"),
    [
        (
            "create",
            lambda self, key, data: self.replace(key, data),
            "creating a file twice fails, found that it does not",
        ),
        ("replace", lambda *_: None, "a file can be replaced, found b'1'"),
        ("create", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no links here")), "no links here"),
    ],
)
def test_a_folder_that_breaks_its_promises_is_told_and_the_probe_is_gone(tmp_path, monkeypatch, method, instead, said):
    monkeypatch.setattr(LocalStore, method, instead)
    found = probe_store(tmp_path)
    is_ok, message, remedy = told(check_writes(tmp_path, found))
    assert (is_ok, said in message, "hard links" in remedy) == (False, True, True)
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_is_probed_and_nothing_stays(tmp_path, monkeypatch):
    with moto_server() as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        try_a_bucket(tmp_path, monkeypatch)


def try_a_bucket(tmp_path, monkeypatch):
    url = f"s3://{BUCKET}/{tmp_path.name}"
    found = probe_store(url)
    assert (found.damage, abs(found.seconds_ahead) < 5) == (None, True)
    assert open_store(url).files("") == {}
    monkeypatch.setattr("paperlake.stores.s3.S3Store.create", lambda self, key, data: self.replace(key, data))
    assert "creating a file twice" in probe_store(url).damage
    assert open_store(url).files("") == {}


def test_a_bucket_that_does_not_answer_is_told(tmp_path, monkeypatch):
    for name, value in environment("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("paperlake.stores.s3._RETRIES", {"max_retries": 0})
    url = f"s3://{BUCKET}/{tmp_path.name}"
    is_ok, _, remedy = told(check_store(url))
    assert (is_ok, "AWS_ENDPOINT_URL" in remedy) == (False, True)
    assert not check_writes(url, probe_store(url)).is_ok


def test_a_full_disk_is_told_in_proportion_to_the_store(sample_store, tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 2**30 + 1})
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage)
    settings = Settings(raw=SAMPLES, store=sample_store)
    assert check_disk(settings).is_ok
    monkeypatch.setattr(disk, "_LEAST_BYTES", 0)
    needed = disk._needed_bytes(settings)
    files = list((sample_store / "latest").resolve().rglob("*.parquet"))
    assert needed == max(8 * sum(file.stat().st_size for file in files), 4 * sum_of(SAMPLES)) > 0
    usage.free = needed - 1
    is_ok, message, remedy = told(check_disk(settings))
    assert (is_ok, message.startswith("expected 0.0 GiB free"), "paperlake prune" in remedy) == (False, True, True)


def sum_of(raw: Path) -> int:
    return sum(file.stat().st_size for file in raw.glob("*") if file.is_file() and file.suffix != ".toml")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-3e9, "expected a day after 2026-05-28"), (-86_400, "expected a time after the newest release"), (0, None)],
)
def test_a_clock_that_runs_behind_is_told(sample_store, monkeypatch, seconds, said):
    now = (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp() if seconds > -1e9 else 1.0
    monkeypatch.setattr("paperlake.doctor.clock.time.time", lambda: now)
    is_ok, message, remedy = told(check_clock(sample_store, Probe(seconds_ahead=0.0)))
    assert is_ok == (said is None)
    assert said is None or (message.startswith(said) and "timedatectl set-ntp true" in remedy)


def of_written(raw, store):
    return {finding.subject: told(finding) for finding in check_written(Settings(raw=raw, store=store))}


def test_what_people_wrote_is_read_as_a_build_reads_it(sample_store, tmp_path):
    raw = shutil.copytree(SAMPLES, tmp_path / "raw")
    found = of_written(raw, sample_store)
    assert found["curation"][0]
    assert "1 alias" in found["curation"][1]
    assert found["dumps"][:2] == (True, "0 new dumps; 15 of the store's 15 are there")
    (raw / "curation" / "notes.txt").write_text("mend the socks")
    is_ok, message, remedy = of_written(raw, sample_store)["curation"]
    assert (is_ok, "found 'notes.txt'" in message, "A build stops at it" in remedy) == (False, True, True)


def test_a_correction_that_fits_no_longer_is_told_as_a_build_tells_it(sample_store, tmp_path):
    raw = shutil.copytree(SAMPLES, tmp_path / "raw")
    file = raw / "curation" / "corrections.toml"
    file.write_text(re.sub(r'(?m)^from = ".*"$', 'from = "a sock that nobody wore"', file.read_text(), count=1))
    is_ok, message, _ = of_written(raw, sample_store)["curation"]
    assert (is_ok, "expected 'a sock that nobody wore' in" in message) == (False, True)


def test_a_candidate_that_waits_is_told(tmp_path):
    raw, store = tmp_path / "raw", tmp_path / "store"
    raw.mkdir()
    (raw / "a.md").write_text(write_page("firecrawl", invent(8, seed=3), captured_on=date(2026, 7, 20)).text)
    build_store(raw, store)
    assert check_held(Settings(raw=raw, store=store)).is_ok
    (raw / "b.txt").write_text(bad_page())
    with pytest.raises(GateError) as caught:
        build_store(raw, store)
    is_ok, message, remedy = told(check_held(Settings(raw=raw, store=store)))
    assert (is_ok, f"held show {caught.value.held} --store {store}" in remedy) == (False, True)
    assert "1 candidate, the newest held by reject_share" in message


def test_a_raw_folder_that_lost_its_dumps_is_told(sample_store, tmp_path):
    for name in ("dumps.toml", "curation"):
        copy = shutil.copytree if (SAMPLES / name).is_dir() else shutil.copy
        (tmp_path / "raw").mkdir(exist_ok=True)
        copy(SAMPLES / name, tmp_path / "raw" / name)
    (tmp_path / "raw" / "dumps.toml").write_text("")
    is_ok, message, remedy = of_written(tmp_path / "raw", sample_store)["dumps"]
    assert (is_ok, "of which the store knows 15, found none" in message, "Mount" in remedy) == (False, True, True)


def test_room_for_temporary_files_is_looked_at(monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(disk.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage._replace(free=2**20))
    is_ok, message, remedy = told(check_temporary(tmp_path / "store"))
    assert (is_ok, message) == (False, f"expected 0.2 GiB free for {tmp_path}, found 0.0 GiB")
    assert "TMPDIR" in remedy


@pytest.mark.parametrize(("seconds", "which"), [(60.0, "ahead of"), (-60.0, "behind")])
def test_a_clock_that_differs_from_that_of_the_store_is_told(sample_store, seconds, which):
    is_ok, message, remedy = told(check_clock(sample_store, Probe(seconds_ahead=seconds)))
    assert (is_ok, message) == (False, f"expected the store's clock to be ours, found it 60 seconds {which} it")
    assert "timedatectl" in remedy


def test_the_clock_of_a_disk_is_read_from_the_probe(tmp_path, monkeypatch):
    now = time.time()
    monkeypatch.setattr(probe.time, "time", lambda: now - 3_600)
    assert probe_store(tmp_path).seconds_ahead == pytest.approx(3_600, abs=5)


def test_prefect_is_left_out_where_it_is_not_installed(monkeypatch):
    monkeypatch.setattr(prefect_settings, "find_spec", lambda _: None)
    assert list(check_prefect()) == []


def test_a_server_that_answers_is_well(asked, server):
    asked["url"] = server[0]
    assert [finding.is_ok for finding in check_prefect()] == [True, True, True]
    assert of_prefect("prefect server").message == f"{server[0]} answers"


@pytest.mark.parametrize(("status", "is_ok"), [(401, True), (503, False)])
def test_a_server_that_wants_credentials_is_well_and_a_broken_one_is_not(asked, server, status, is_ok):
    asked["url"], server[1]["/api/health"] = server[0], (status, b"")
    finding = of_prefect("prefect server")
    assert (finding.is_ok, f"found HTTP status {status}" in finding.message) == (is_ok, not is_ok)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://mira:secret@127.0.0.1:9/api", "expected an answer of http://127.0.0.1:9/api within 2 s, found "),
        ("kettle.example/api", "no address that begins with http:// or https://"),
    ],
)
def test_a_server_that_does_not_answer_is_told_without_its_password(asked, url, said):
    asked["url"] = url
    is_ok, message, remedy = told(of_prefect("prefect server"))
    assert (is_ok, said in message, "secret" in message) == (False, True, False)
    assert "prefect server start" in remedy


def test_no_server_and_none_of_its_own_is_told(asked):
    asked["ephemeral"] = False
    is_ok, _, remedy = told(of_prefect("prefect server"))
    assert (is_ok, "PREFECT_API_URL" in remedy) == (False, True)


def test_a_home_that_may_not_be_written_to_is_told(asked, tmp_path):
    (tmp_path / "file").write_text("x")
    asked["home"] = str(tmp_path / "file" / "prefect")
    is_ok, message, remedy = told(of_prefect("prefect home"))
    assert (is_ok, str(tmp_path) in message, "PREFECT_HOME=FOLDER" in remedy) == (False, True, True)


def test_analytics_that_are_on_are_told(asked, server):
    asked["analytics"] = True
    is_ok, _, remedy = told(of_prefect("prefect analytics"))
    assert (is_ok, remedy) == (False, "Set PREFECT_SERVER_ANALYTICS_ENABLED=false.")
    asked |= {"analytics": False, "url": server[0]}
    server[1]["/api/admin/settings"] = (200, b'{"server": {"analytics_enabled": true}}')
    is_ok, message, remedy = told(of_prefect("prefect analytics"))
    assert (is_ok, server[0] in message, "where the server runs" in remedy) == (False, True, True)
    server[1]["/api/admin/settings"] = (401, b"")
    assert of_prefect("prefect analytics").is_ok


@pytest.mark.slow
def test_prefect_itself_is_asked_in_a_process_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.delenv("PREFECT_SERVER_ANALYTICS_ENABLED", raising=False)
    found = {finding.subject: finding for finding in check_prefect()}
    assert {subject: finding.is_ok for subject, finding in found.items()} == {
        "prefect server": False, "prefect home": True, "prefect analytics": True,
    }  # fmt: skip
    assert found["prefect home"].message == str(tmp_path / "home")
    monkeypatch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "true")
    assert not of_prefect("prefect analytics").is_ok
    monkeypatch.setenv("PREFECT_API_URL", "no address at all:")
    monkeypatch.setattr(prefect_settings, "_QUESTION", "raise SystemExit(1)")
    [broken] = check_prefect()
    assert (broken.is_ok, "prefect config view" in broken.remedy) == (False, True)
    code = "import sys, paperlake.cli; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
