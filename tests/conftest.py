"""What several tests stand on: the sample dumps, a store built from them, and the real dumps where they are at hand."""

import os

os.environ.setdefault("PAPERLAKE_SETTLE_SECONDS", "0")  # tests write dumps and build at once

from pathlib import Path

import pytest
from hypothesis import settings

from paperlake.build_report import BuildReport
from paperlake.pipeline import build
from paperlake.report import charts
from paperlake.settings import Settings
from paperlake.steps import PlainSteps
from tests.hostile_dumps import write_hostile_dumps

# Times on a busy machine prove nothing; in CI the examples are the same every time, elsewhere they are new.
settings.register_profile("paperlake", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("paperlake")

LONGEST = ("tests/test_schedule.py", "tests/test_cluster.py", "tests/test_offline.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first: begun at the end, one worker would wait for the other a minute."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


DRAW = charts._draw
SAMPLES = Path(__file__).parent.parent / "data" / "raw"


def build_store(raw: Path, store: Path, accept: tuple[str, ...] = (), **limits) -> BuildReport:
    return build(Settings(raw=raw, store=store, **limits), PlainSteps(), accept=accept)


@pytest.fixture(scope="module", autouse=True)
def plain_charts(request):
    """Charts that are not drawn: of a small release they are the dearest part, and matter to the tests of pages alone.

    A module whose tests look at them says `DRAWS_CHARTS = True`; `sample_store` and other processes draw theirs.
    """
    with pytest.MonkeyPatch.context() as patched:
        if not getattr(request.module, "DRAWS_CHARTS", False):
            patched.setattr(charts, "_draw", lambda _: '<svg viewBox="0 0 1 1"></svg>')
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory) -> Path:
    """A store with one release of the sample dumps; read only."""
    store = tmp_path_factory.mktemp("samples") / "store"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(charts, "_draw", DRAW)
        build_store(SAMPLES, store)
    return store


@pytest.fixture(scope="session")
def hostile_store(tmp_path_factory) -> Path:
    """A store with two releases of dumps whose text wishes the page harm; read only."""
    folder = tmp_path_factory.mktemp("hostile")
    for is_later in (False, True):
        write_hostile_dumps(folder / "raw", is_later=is_later)
        build_store(folder / "raw", folder / "store")
    return folder / "store"


@pytest.fixture(scope="session")
def real_dumps() -> Path:
    """Folder with `dumps/`, `gold/` and `grade.py`; the tests that use it are skipped where there is none."""
    folder = os.environ.get("PAPERLAKE_REAL_DUMPS")
    if not folder:
        pytest.skip("PAPERLAKE_REAL_DUMPS is not set: no labelled real dumps to test with")
    return Path(folder)


@pytest.fixture(scope="session")
def prefect_server():
    """The one embedded Prefect server of all tests of flows; without heartbeats, which cost a second a flow."""
    import flows  # noqa: F401 (sets Prefect's variables before Prefect is imported)
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield
