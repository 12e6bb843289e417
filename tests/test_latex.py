"""LaTeX in text: a table of cases, and that every repair settles."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.latex import outside_addresses, plain_text
from paperlake.text_columns import settle

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "latex.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[case["value"] for case in CASES])
def test_plain_text(case):
    assert " ".join(settle(plain_text, case["value"]).split()) == case["expected"], case["why"]


@given(st.text(alphabet="ab3 ^_{}\\$~'\"`+.%"))
def test_plain_text_settles(text):
    once = settle(plain_text, text)
    assert settle(plain_text, once) == once


@given(st.lists(st.sampled_from(["tea ", "https://a.example/x~y ", "www.a.example ", "a~b "])))
def test_prose_and_addresses_make_the_whole_text(parts):
    text = "".join(parts)
    assert outside_addresses(text, str) == text
