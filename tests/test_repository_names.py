import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.links.repository_names import (
    is_owner,
    is_repository_name,
    read_repository_name,
    trim_repository_name,
)


@pytest.mark.parametrize(("length", "is_allowed"), [(1, True), (100, True), (101, False), (0, False)])
def test_is_repository_name_knows_the_length(length, is_allowed):
    assert is_repository_name("a" * length) is is_allowed


@pytest.mark.parametrize(("length", "is_allowed"), [(1, True), (39, True), (40, False), (0, False)])
def test_is_owner_knows_the_length(length, is_allowed):
    assert is_owner("a" * length) is is_allowed


@pytest.mark.parametrize(
    "name", ["stafftools", "Topics", "orgs", "kettle_lab", "kettle-", "-kettle", "kettle.lab", "é"]
)
def test_names_that_are_no_owners(name):
    assert not is_owner(name)


@pytest.mark.parametrize("name", ["actions", "git", "skills", "github", "7", "kettle--lab"])
def test_owners_that_sound_reserved(name):
    assert is_owner(name)


@given(st.text(alphabet="ab.-_gitGIT:é", max_size=20))
def test_trim_repository_name_settles(text):
    once = trim_repository_name(text)
    assert trim_repository_name(once) == once


@given(st.text(alphabet="ab.-_gitwk@%7DE:+é&=", max_size=20))
def test_a_written_name_keeps_the_grammar_and_is_not_half_a_name(segment):
    written = read_repository_name(segment)
    if written is None:
        return
    assert is_repository_name(written.name)
    assert segment.startswith(written.name)
    after = segment[len(written.name) :]
    assert not after or after[0] in ".@%:&", "a name that goes on was cut"
