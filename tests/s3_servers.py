"""S3 servers on loopback for tests: moto in this process for the quick cases, SeaweedFS as a real server."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

BUCKET = "shelf"
KEY, SECRET = "example-key", "example-secret-9f2c"
_SECONDS = 60


def environment(endpoint: str) -> dict[str, str]:
    """What a user sets to reach a server."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }


@contextmanager
def moto_server() -> Iterator[str]:
    """Endpoint of a server that keeps everything in memory, with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    _make_bucket(endpoint)
    try:
        yield endpoint
    finally:
        server.stop()


@contextmanager
def seaweed_server(folder: Path) -> Iterator[str]:
    """Endpoint of a SeaweedFS server over a folder, with an empty bucket."""
    identity = {
        "name": "example",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    kinds = ("s3", "master", "volume", "filer")
    ports = iter(_free_ports(2 * len(kinds)))
    chosen = {name: next(ports) for kind in kinds for name in (f"{kind}.port", f"{kind}.port.grpc")}
    weed = shutil.which("weed", path=str(Path(sys.executable).parent))
    command = [
        str(weed), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", "-s3.iam=false",
        "-s3.allowEmptyFolder=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
        f"-s3.config={config}", "-master.telemetry=false", "-master.volumeSizeLimitMB=256", "-volume.max=50",
        *(f"-{name}={port}" for name, port in chosen.items()),
    ]  # fmt: skip
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        endpoint = f"http://127.0.0.1:{chosen['s3.port']}"
        try:
            _wait_for(endpoint)
            _make_bucket(endpoint)
            yield endpoint
        finally:
            server.kill()


def _free_ports(n_ports: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_ports)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(endpoint: str) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            urllib.request.urlopen(endpoint, timeout=1).close()
        except urllib.error.HTTPError:
            return  # it answers, and wants credentials
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _make_bucket(endpoint: str) -> None:
    """A bucket, once the server can write to it."""
    end = time.monotonic() + _SECONDS
    while True:
        try:
            _signed_put(endpoint)
            obstore.put(_bucket(endpoint), "probe", b"")
            obstore.delete(_bucket(endpoint), "probe")
        except Exception:  # whatever a server says that is not up yet
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def _bucket(endpoint: str) -> S3Store:
    return S3Store(
        BUCKET, endpoint=endpoint, access_key_id=KEY, secret_access_key=SECRET, region="us-east-1",
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip


def _signed_put(endpoint: str) -> None:
    import boto3  # of moto

    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
