"""The pages that the explorer gives out."""

import base64
import hashlib
import re

import pytest

from paperlake.report.page import served_policy
from tests.explored import browse, open_explorer

pytestmark = pytest.mark.slow


def test_the_page_is_that_of_the_release_and_runs_only_what_is_in_it(sample_store):
    with open_explorer(sample_store) as address, browse(address) as client:
        page = client.get("/releases/1/")
    assert page.status_code == 200
    assert "<h1>Release 1</h1>" in page.text
    assert "data-served" in page.text
    assert page.headers["content-security-policy"] == served_policy()
    script = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)[-1]
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in served_policy()


def test_a_page_of_another_contract_is_not_made(sample_store, monkeypatch):
    monkeypatch.setattr("paperlake.explore.pages.CONTRACT_VERSION", "2.99.0")
    with open_explorer(sample_store) as address, browse(address) as client:
        page, found = client.get("/releases/1/"), client.get("/releases/1/search")
    assert (page.status_code, found.status_code) == (503, 200)
    assert "release 1 has no page here: expected contract 2.99.0, found 2." in page.json()["error"]
