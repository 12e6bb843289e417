"""LaTeX in text: a table of cases, and that every repair settles."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.text.latex import LATEX_STEPS
from paperlake.text.prose_parts import outside_addresses
from paperlake.text.steps import fold_blanks, run_steps

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "latex.csv").open(encoding="utf-8")))


def settle(steps, text):
    return [text, *(repaired for _, repaired in run_steps(steps, text))][-1]


@pytest.mark.parametrize("case", CASES, ids=[case["value"] for case in CASES])
def test_latex_is_carried_out(case):
    assert fold_blanks(settle(LATEX_STEPS, case["value"])) == case["expected"], case["why"]


@given(st.text(alphabet="ab3 ^_{}\\$~'\"`+.%"))
def test_the_steps_settle(text):
    once = settle(LATEX_STEPS, text)
    assert settle(LATEX_STEPS, once) == once


@given(st.lists(st.sampled_from(["tea ", "https://a.example/x~y ", "www.a.example ", "a~b "])))
def test_prose_and_addresses_make_the_whole_text(parts):
    text = "".join(parts)
    assert outside_addresses(text, str) == text
