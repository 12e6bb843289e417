"""The explorer among enemies: broken and foreign requests, ways out of the store, and names that lead here."""

import json
import random
import re
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from paperlake.explore.guard import HEADERS
from paperlake.stores import open_store
from tests.explored import browse, edition, explorer, publish_papers
from tests.hostile_requests import LINES, METHODS, WAYS_OUT, invent_headers, invent_target
from tests.life_stores import snapshot

pytestmark = pytest.mark.slow

N_REQUESTS = 1_000
NOTHING = "default-src 'none'; frame-ancestors 'none'"
BETRAYED = re.compile(r"Traceback|File \"|site-packages|\.py\b|/home/|/root/|/usr/|thread '")
PLACE = re.compile(re.escape(tempfile.gettempdir()).encode())
SECRET = "the kettle is under the socks"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A store with one release, a file of ours in it and another beside it."""
    folder = tmp_path_factory.mktemp("hostile")
    publish_papers(folder / "store", edition(1, 90))
    for name in ("secret.txt", "store/secret.txt"):
        (folder / name).write_text(SECRET)
    return folder / "store"


@pytest.fixture(scope="module")
def address(store):
    with explorer(store) as address:
        yield address


def send(address: str, request: bytes, *, is_whole: bool = True) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what the server says before it hangs up; status 0 where it says nothing."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        try:
            connection.sendall(request)
            if not is_whole:
                connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        except ConnectionError:
            return 0, {}, b""
    if not answer:
        return 0, {}, b""
    head, _, body = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body[: int(headers.get("content-length", len(body)))]  # another may follow


def ask(address: str, target: str, method: str = "GET", host: str | None = None, more: str = ""):
    host = urlsplit(address).netloc if host is None else host
    text = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX: y\r\n{more}\r\n"
    return send(address, text.encode("utf-8", "surrogatepass"))


def check(told: tuple[int, dict[str, str], bytes], request: object, *, is_page: bool = False) -> None:
    status, headers, body = told
    assert status < 500, request
    if not status:
        return
    assert {name: headers.get(name.lower()) for name in HEADERS} == {n: v.lower() for n, v in HEADERS.items()}, request
    assert is_page or "content-security-policy" in headers, request
    assert "server" not in headers
    assert not BETRAYED.search(body.decode("utf-8", "replace")) or body.startswith(b"PAR1"), (request, body[:300])
    assert not PLACE.search(body) or b'"query"' in body, request
    assert SECRET.encode() not in body
    if status >= 400 and body:
        assert list(json.loads(body)) == ["error"], request


def test_a_thousand_odd_requests_harm_nothing(address, store, caplog):
    dice = random.Random("kettles and socks")
    before, statuses = snapshot(open_store(store)), set()
    for number in range(N_REQUESTS):
        if number % 10 == 0:
            request = dice.choice(LINES)
            told = send(address, request, is_whole=False)
        else:
            request = (invent_target(dice), dice.choice(METHODS), None, invent_headers(dice))
            told = ask(address, *request)
        check(told, request)
        statuses.add(told[0])
    assert statuses >= {0, 200, 307, 400, 404, 405}
    with browse(address) as client:
        assert client.get("/health").json() == {"status": "ok"}
        assert client.get("/releases/1/search?q=kettles").json()["n_found"] == 90
    assert snapshot(open_store(store)) == before, "nothing is written into the store"
    assert [told for told in caplog.records if told.levelname not in ("DEBUG", "INFO")] == []


BELOW = ("/", "//", "/releases/", "/releases/1/", "/releases/1/papers/", "/releases/1/search.", "/releases/1/search?q=")


@pytest.mark.parametrize("below", BELOW)
def test_no_address_leads_to_a_file(address, store, below):
    absolute = str(store.parent / "secret.txt")
    for way in (*WAYS_OUT, absolute, absolute.replace("/", "%2f")):
        status, headers, body = ask(address, below + way)
        check((status, headers, body), below + way)
        assert status == (200 if "?q=" in below else 404), below + way
        assert b"root:" not in body
        assert b"manifest_sha256" not in body


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost", 200),
        ("LocalHost:1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost.evil.example:8765", 400),
        ("evil.example#@localhost", 400),
        ("localhost@evil.example", 400),
        ("localhost, evil.example", 400),
        ("127.0.0.2", 400),
        ("0.0.0.0", 400),
        ("[::2]", 400),
        ("", 400),
    ],
)
def test_only_a_host_of_ours_is_answered(address, host, status):
    told = ask(address, "/health", host=host)
    check(told, host)
    assert told[0] == status


def test_a_request_that_names_no_host_or_two_is_not_answered(address):
    check(told := send(address, b"GET /health HTTP/1.0\r\n\r\n"), "none")
    assert (told[0], json.loads(told[2])["error"][:5]) == (400, "Host:")
    two = b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    check(told := send(address, two), "two")
    assert told[0] == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "SOCKS"])
def test_nothing_but_reading_is_allowed(address, method):
    for path in ("/", "/releases/1/search", "/nonsense"):
        status, headers, body = told = ask(address, path, method)
        check(told, (path, method))
        assert (status, headers["allow"]) == (405, "get, head")
        assert "expected one of GET, HEAD" in json.loads(body)["error"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 307),
        ("/health", 200),
        ("/releases", 200),
        ("/releases/1/search.csv", 200),
        ("/nonsense", 404),
        ("/releases/1/search?page=x", 400),
    ],
)
def test_every_answer_that_is_no_page_lets_nothing_run(address, target, status):
    told = ask(address, target)
    check(told, target)
    assert (told[0], told[1]["content-security-policy"]) == (status, NOTHING)


def test_what_is_no_http_at_all_has_the_headers_too(address):
    status, headers, body = told = send(address, b"kettles?\r\n\r\n")
    check(told, "kettles")
    assert (status, headers["content-security-policy"]) == (400, NOTHING)
    assert json.loads(body) == {"error": "Invalid HTTP request received."}


def test_a_way_in_is_never_of_another_host(address):
    told = ask(address, "/", more="X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n")
    assert told[1]["location"] == "/releases/1/"
    assert ask(address, "//evil.example/")[0] == 404


def test_a_fault_of_ours_says_nothing_of_itself(store, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError(f"a secret of {store}")

    with explorer(store) as address:
        monkeypatch.setattr("paperlake.explore.answers.read_papers", fail)
        status, headers, body = ask(address, "/releases/1/search")
        assert (status, json.loads(body)) == (500, {"error": "a fault of paperlake; its terminal tells more"})
        assert headers["content-security-policy"] == NOTHING
        assert ask(address, "/health")[0] == 200
    assert f"a secret of {store}" in caplog.text
