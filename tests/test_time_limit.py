"""A run that takes too long is ended for good, told as such, and the next one goes on."""

import os
import subprocess
import sys
import time

import pytest

from tests.conftest import SAMPLES
from tests.prefect_servers import PROJECT
from tests.test_notices import Receiver

pytestmark = pytest.mark.slow
SLEEPS = """
import time
import flows.build_papers as flow
flow.build = lambda *arguments, **options: time.sleep(600)
flow.build_papers(time_limit_minutes=0.02)
"""


def test_the_process_ends_and_the_run_is_told_as_timed_out(prefect_server, tmp_path):
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL

    with Receiver() as receiver:
        environment = os.environ | {"PREFECT_API_URL": PREFECT_API_URL.value(), "PAPERLAKE_WEBHOOK_URL": receiver.url}
        environment |= {"PAPERLAKE_RAW": str(SAMPLES), "PAPERLAKE_STORE": str(tmp_path / "store")}
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", SLEEPS], cwd=PROJECT, env=environment, capture_output=True)
        receiver.shutdown()
    assert done.returncode == 124
    assert time.monotonic() - began < 120
    with get_client(sync_client=True) as client:
        ended = [run for run in client.read_flow_runs() if run.state_name == "TimedOut"]
    assert len(ended) == 1
    [notice] = receiver.notices
    assert (notice["event"], notice["error"]["type"]) == ("failed", "TimedOut")
    assert "longer than 0.02 minutes" in notice["message"]


def test_a_run_within_its_limit_is_left_alone(prefect_server, tmp_path):
    from flows.build_papers import build_papers

    assert build_papers(raw=SAMPLES, store=str(tmp_path / "store"), time_limit_minutes=60).is_new
