"""Users, passwords and tokens that a page shows in its addresses are in no table of a release."""

import json
import random

import pytest
from benchmarks.page_writers import invent

from paperlake import open_release
from paperlake.schemas import TABLES
from tests.conftest import build_store

SECRET = "s3cr3tPw"
SCHEMES = ("https://", "http://", "HTTPS://", r"https:\/\/", "ssh://", "git+https://", "//", "", "ftp://")
USERS = ("ada:{}", "{}", "ada:{}!", "x-access-token:{}", "ada:a/{}", "ada:{}@b", "ada%40b:{}", "{}:x-oauth-basic")
PLACES = ("github.com/kettle-lab/drip{}", "gitlab.com/kettle-lab/drip{}", "github.com:8080/kettle-lab/drip{}.git")
SENTENCES = (
    "Code is at {}.",
    "Code ({}) is open.",
    r"Code: \url{{{}}}.",
    "See [the code]({}), it drips.",
    "It is {} , too.",
)


def addresses(n: int, seed: int) -> list[str]:
    """Addresses with the secret in them, as people write them."""
    chance = random.Random(seed)
    return [
        f"{chance.choice(SCHEMES)}{chance.choice(USERS).format(SECRET)}@{chance.choice(PLACES).format(number)}"
        if chance.random() < 0.8
        else f"https://drip.example.org/data?{chance.choice(('token', 'access_token', 'api_key'))}={SECRET}&v={number}"
        for number in range(n)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_no_table_gives_a_secret_away(tmp_path, seed):
    chance = random.Random(seed)
    papers = invent(120, seed=seed)
    lines = []
    for paper, address in zip(papers, addresses(len(papers), seed), strict=True):
        lines += [paper.title, f"{paper.abstract} {chance.choice(SENTENCES).format(address)}"]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "plain.txt").write_text("\n".join([*lines, f"A title before https://{SECRET}@github.com/a/b"]))
    build_store(tmp_path / "raw", tmp_path / "store")
    release = open_release(tmp_path / "store")
    assert release["appearances"].collect().height > 100
    for name in TABLES:
        assert SECRET not in str(release[name].collect().to_dicts()), name


def test_a_page_in_json_and_its_button_are_masked(tmp_path):
    paper = {
        "paper": {
            "id": "2601.90001",
            "title": "On Drips and Drops in Kitchens",
            "summary": f"Kettles drip all day long and all night. Code: https://ada:{SECRET}@github.com/kettle-lab/drip",
            "githubRepo": f"https://{SECRET}@github.com/kettle-lab/drip",
        }
    }
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "page.json").write_text(json.dumps([paper]))
    build_store(raw, tmp_path / "store")
    release = open_release(tmp_path / "store")
    [row] = release["appearances"].collect().to_dicts()
    assert row["github_url"] == "https://***@github.com/kettle-lab/drip"
    assert release["links"].collect()["repository"].to_list() == ["kettle-lab/drip"]
    for name in TABLES:
        assert SECRET not in str(release[name].collect().to_dicts()), name
