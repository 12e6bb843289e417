"""`paperlake explore`: where it listens, what it says, how it ends."""

import re
import signal
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from paperlake import explore_commands
from paperlake.cli import app
from paperlake.explore import serving
from paperlake.release.reading import open_release
from paperlake.release.tags import create_tag
from paperlake.stores import open_store
from tests.explored import browse, edition, publish_papers


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Two releases; the first has a name."""
    store = tmp_path_factory.mktemp("command") / "store"
    for number in (1, 2):
        publish_papers(store, edition(number, 3))
    create_tag(open_store(store), "socks", open_release(store, 1).commit)
    return store


def call(*arguments):
    return CliRunner().invoke(app, ["explore", *map(str, arguments)])


@pytest.fixture
def served(monkeypatch):
    """What would be served, instead of serving it; the browser is told as soon as it would be."""
    told = []

    def serve(shelf, host, port, tell):
        told.append((shelf.first(), host, port))
        tell("http://127.0.0.1:8765/")

    monkeypatch.setattr(explore_commands, "serve", serve)
    return told


@pytest.mark.slow
def test_it_says_where_it_listens_and_ends_by_ctrl_c(store):
    command = [sys.executable, "-m", "paperlake", "explore", "--port", "0", "--at", "socks", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        address = re.fullmatch(rf"{re.escape(str(store))} is at (http://127\.0\.0\.1:\d+/) until Ctrl-C\n", line)[1]
        with browse(address) as client:
            assert client.get("/").headers["location"] == "/releases/1/"
            assert client.get("/releases/2/search").json()["n_found"] == 3
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, ("", ""))


def test_a_taken_port_says_what_to_do(store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = call("--port", port, "--store", store)
    assert (result.exit_code, result.stdout) == (1, "")
    said = f"setting 'port' expected a port that is free (Address already in use), found {port}."
    assert said in result.stderr
    assert "name another with --port; 0 picks a free one." in result.stderr


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_a_host_that_is_not_of_this_machine_says_what_to_do(store, host):
    result = call("--host", host, "--port", 0, "--store", store)
    assert result.exit_code == 1
    assert f"setting 'host' expected an address of this machine, found '{host}'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--at", "9"), 5, "expected release 9, found releases 1 to 2"),
        (("--at", "kettles"), 5, "kettles"),
        (("--port", "65536"), 2, "less than or equal to 65535"),
    ],
)
def test_what_cannot_be_served_is_an_error(store, served, arguments, code, said):
    result = call(*arguments, "--store", store)
    assert (result.exit_code, said in result.stderr, served) == (code, True, [])


def test_a_store_without_releases_is_an_error(tmp_path, served):
    result = call("--store", tmp_path)
    assert (result.exit_code, "holds no release" in result.stderr, served) == (5, True, [])


def test_without_options_it_is_for_this_machine_alone(store, served):
    result = call("--store", store)
    assert (result.exit_code, result.stderr, served) == (0, "", [(2, "127.0.0.1", 8765)])
    assert result.stdout == f"{store} is at http://127.0.0.1:8765/ until Ctrl-C\n"


@pytest.mark.parametrize(
    ("host", "is_warned"), [("0.0.0.0", True), ("192.168.1.5", True), ("::1", False), ("localhost", False)]
)
def test_a_host_that_others_reach_is_warned_of(store, served, host, is_warned):
    result = call("--host", host, "--store", store)
    assert (result.exit_code, f"Whoever reaches {host} can read all of" in result.stderr) == (0, is_warned)


@pytest.mark.parametrize("options", [(), ("--open",)])
def test_the_browser_is_opened_where_that_is_asked_for(store, served, monkeypatch, options):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(explore_commands, "Thread", _AtOnce)
    assert call(*options, "--store", store).exit_code == 0
    assert opened == ["http://127.0.0.1:8765/"] * len(options)


class _AtOnce:
    def __init__(self, target, args, daemon):
        assert daemon, "a browser must not keep the command from ending"
        self.start = lambda: target(*args)


def test_ipv6_is_served_with_its_address_in_brackets():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with serving.open_socket("::1", 0) as listening:
        assert re.fullmatch(r"http://\[::1\]:\d+/", serving.address_of(listening))
