"""A webhook hears of new releases, held ones and failures, whole and signed; and of nothing else."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow
ASIDE = {"path": "2026-03-09-submitters-only.txt", "reason": "no_papers"}
SECRET = "a word between us"


class Receiver(HTTPServer):
    """A server on loopback that keeps what it is sent, and answers with the statuses it was told, then 204."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Keep)
        self.got, self.statuses = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hooks/a-secret-path"

    @property
    def notices(self):
        return [json.loads(body) for _, body in self.got]


class _Keep(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.end_headers()

    def log_message(self, *_):
        """Nothing: the tests look at what was sent."""


@pytest.fixture
def receiver(monkeypatch):
    with Receiver() as server:
        monkeypatch.setenv("PAPERLAKE_WEBHOOK_URL", server.url)
        monkeypatch.setattr("flows.notices._PAUSE_SECONDS", 0.0)
        yield server
        server.shutdown()


def test_a_release_is_told_once_and_no_change_is_not(prefect_server, receiver, monkeypatch, tmp_path):
    from flows.build_papers import build_papers

    monkeypatch.setenv("PAPERLAKE_WEBHOOK_SECRET", SECRET)
    for _ in range(2):
        report = build_papers(raw=SAMPLES, store=str(tmp_path / "store"))
    [(headers, body)] = receiver.got
    notice = json.loads(body)
    assert (notice["event"], notice["flow"], notice["state"]) == ("released", "build-papers", "Completed")
    assert notice["release"]["counts"] == report.counts
    assert notice["release"]["version"] == 1
    assert notice["release"]["dumps_set_aside"] == [ASIDE]
    assert notice["message"] == "release 1 published: 114 papers (+114), 1 dump set aside"
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Paperlake-Signature"] == f"sha256={signature}"


def test_a_held_release_is_told_with_its_gates(prefect_server, receiver, tmp_path):
    from flows.build_papers import build_papers

    from paperlake.errors import GateError

    (tmp_path / "raw").mkdir()
    with pytest.raises(GateError) as caught:
        build_papers(raw=tmp_path / "raw", store=str(tmp_path / "store"))
    [notice] = receiver.notices
    assert (notice["event"], notice["held"]["id"]) == ("held", caught.value.held)
    assert notice["held"]["gates"][0]["gate"] == "has_papers"
    assert notice["message"] == "a release is held by has_papers"
    assert notice["error"]["type"] == "GateError"


def test_a_failure_is_told_with_what_to_do(prefect_server, receiver, tmp_path):
    from flows.audit_releases import audit_releases

    from paperlake.errors import StoreError

    with pytest.raises(StoreError):
        audit_releases(store=str(tmp_path / "none"))
    [notice] = receiver.notices
    assert (notice["event"], notice["flow"], notice["error"]["type"]) == ("failed", "audit-releases", "StoreError")
    assert "paperlake build" in notice["error"]["text"]


def test_a_message_goes_on_where_its_first_line_only_announces():
    from flows.notices import describe_end
    from prefect.states import Failed

    from paperlake.errors import CorrectionError, SettingsError

    told = describe_end(Failed(data=CorrectionError("curation/corrections.toml", ["line 3: stale"])))
    assert told["message"] == "curation/corrections.toml has 1 fault(s): line 3: stale"
    told = describe_end(Failed(data=SettingsError("port", 1, "another", "Name one.")))
    assert told["message"] == "setting 'port' expected another, found 1."


def test_a_run_that_was_killed_is_told_on_the_console(caplog, monkeypatch):
    from types import SimpleNamespace

    from flows.notices import tell_end
    from prefect.states import Crashed

    monkeypatch.delenv("PAPERLAKE_WEBHOOK_URL", raising=False)
    named = SimpleNamespace(name="build-papers"), SimpleNamespace(name="build-data/raw", id="x")
    tell_end(*named, Crashed(message="Process exited with status code: -9"))
    assert "run build-data/raw of build-papers crashed: Process exited with status code: -9" in caplog.text


def test_a_receiver_that_stumbles_is_told_again(receiver):
    from flows.notices import Webhook, send

    receiver.statuses = [500, 503]
    send({"event": "failed"}, Webhook())
    assert len(receiver.got) == 3


def test_one_that_refuses_is_a_warning_without_its_address(receiver, caplog):
    from flows.notices import Webhook, send

    receiver.statuses = [403] * 3
    send({"event": "failed"}, Webhook())
    assert "the webhook at 127.0.0.1 did not take 'failed': status 403" in caplog.text
    assert "a-secret-path" not in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/hooks/a-secret-path", "no address", "http://[half"])
def test_an_address_of_nobody_is_a_warning(monkeypatch, caplog, url):
    from flows.notices import Webhook, send

    monkeypatch.setenv("PAPERLAKE_WEBHOOK_URL", url)
    monkeypatch.setattr("flows.notices._PAUSE_SECONDS", 0.0)
    send({"event": "released"}, Webhook())
    assert "did not take 'released'" in caplog.text
    assert "a-secret-path" not in caplog.text


def test_nothing_is_sent_without_an_address(monkeypatch):
    from flows import notices
    from prefect.states import Failed

    monkeypatch.delenv("PAPERLAKE_WEBHOOK_URL", raising=False)
    monkeypatch.setattr(notices, "send", lambda *_: pytest.fail("something was sent"))
    notices.tell_end(None, None, Failed())
    notices.tell_timeout("build-papers", "a run", "id", "too long")
