"""Stores of both kinds, empty: a plugin of pytest for the tests of the life of releases.

PYTEST_DONT_REWRITE: it asserts nothing, and the collection of doctests imports it before it is a plugin.
"""

import pytest

from paperlake.stores import open_store
from tests.s3_servers import BUCKET, environment, moto_server


@pytest.fixture(scope="session")
def life_endpoint():
    with moto_server() as started:
        yield started


@pytest.fixture
def disk(tmp_path):
    """A store without releases in a folder."""
    return open_store(tmp_path / "store")


@pytest.fixture(params=["disk", pytest.param("bucket", marks=pytest.mark.slow)])
def store(request, tmp_path, monkeypatch):
    """A store without releases, of either kind; the tests that must meet both in a hurry are marked `on_both`."""
    if request.param == "disk":
        return open_store(tmp_path / "store")
    for name, value in environment(request.getfixturevalue("life_endpoint")).items():
        monkeypatch.setenv(name, value)
    return open_store(f"s3://{BUCKET}/{tmp_path.name}")
