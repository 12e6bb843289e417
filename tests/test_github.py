import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.github import find_repository, is_owner, is_repository_name, trim_repository_name

CASES = Path(__file__).parent / "cases" / "github.csv"


def read_cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", read_cases(), ids=lambda row: row["why"])
def test_find_repository_on_cases(row):
    place = find_repository(row["host"], row["rest"])
    found = (place.full_name, place.ref or "", place.subpath or "", "|".join(place.repairs)) if place else ("",) * 4
    assert found == (row["repository"], row["ref"], row["subpath"], row["repairs"])


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


@given(st.text(alphabet="ab.-_gitGIT:é", max_size=20))
def test_trim_repository_name_settles(text):
    once = trim_repository_name(text)
    assert trim_repository_name(once) == once


@pytest.mark.parametrize(("length", "is_allowed"), [(1, True), (100, True), (101, False), (0, False)])
def test_is_repository_name_knows_the_length(length, is_allowed):
    assert is_repository_name("a" * length) is is_allowed
