import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.links.github import find_repository, find_site_page, guess_repositories
from paperlake.links.repository_names import is_owner, is_repository_name

CASES = Path(__file__).parent / "cases" / "github.csv"


def read_cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", read_cases(), ids=lambda row: row["why"])
def test_find_repository_on_cases(row):
    place = find_repository(row["host"], row["rest"])
    found = (place.full_name, place.ref or "", place.subpath or "", "|".join(place.repairs)) if place else ("",) * 4
    assert found == (row["repository"], row["ref"], row["subpath"], row["repairs"])
    page = place.page if place else find_site_page(row["host"], row["rest"])
    assert (page or "") == row["page"]


@given(st.text(alphabet="ab/.-_git:?#%é", max_size=30), st.sampled_from(["github.com", "raw.githubusercontent.com"]))
def test_a_found_repository_keeps_the_grammar_and_settles(rest, host):
    place = find_repository(host, f"/{rest}")
    if place is None:
        return
    assert is_owner(place.owner)
    assert is_repository_name(place.name)
    again = find_repository("github.com", f"/{place.full_name}")
    assert again is not None
    assert (again.full_name, again.ref, again.subpath, again.repairs) == (place.full_name, None, None, ())
    assert again.page is None


@pytest.mark.parametrize(
    ("host", "rest", "names"),
    [
        ("kettle-lab.github.io", "/dripnet", ("kettle-lab/dripnet",)),
        ("kettle-lab.github.io", "/dripnet/demo/?a=1#top", ("kettle-lab/dripnet",)),
        ("kettle-lab.github.io", "/", ()),
        ("kettle-lab.github.io", "/#dripnet", ()),
        ("kettle-lab.github.io", "/projects/dripnet", ()),
        ("kettle-lab.github.io", "/2026/dripnet", ()),
        ("kettle-lab.github.io", "/dripnet.html", ()),
        ("-kettle.github.io", "/dripnet", ()),
        ("docs.kettle-lab.github.io", "/dripnet", ()),
        ("github.com", "/kettle-lab/drip+net", ("kettle-lab/drip",)),
        ("github.com", "/kettle-lab", ()),
        ("github.com", "/topics/drip+net", ()),
        ("kettle.example", "/kettle-lab/dripnet", ()),
    ],
)
def test_guess_repositories(host, rest, names):
    assert guess_repositories(host, rest) == names
