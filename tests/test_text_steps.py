"""Steps and their gate: rounds, traces, and that the hint opens for whatever folding changes."""

import sys

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from paperlake.text.steps import FOLD_HINT, Step, fold_blanks, repair_once, run_steps

HALVE = Step("halve", lambda text: text.replace("aa", "a"))
WRAP = Step("unwrap", lambda text: text.removeprefix("(").removesuffix(")"))


@given(st.text(alphabet="a()", max_size=20))
def test_settled_text_needs_no_step(text):
    once = [text, *(repaired for _, repaired in run_steps([HALVE, WRAP], text))][-1]
    assert list(run_steps([HALVE, WRAP], once)) == []
    assert repair_once([HALVE, WRAP], once) == once
    assert "aa" not in once


def test_steps_that_never_settle_end():
    grow = Step("grow", lambda text: text + "a")
    assert len(list(run_steps([grow, HALVE], "b"))) <= 40


def test_the_hint_matches_every_sign_that_folding_changes():
    signs = [chr(code) for code in range(sys.maxunicode) if not 0xD800 <= code < 0xE000]
    texts = pl.Series([f"a{sign}{tail}" for sign in signs for tail in ("b", "\u0301")])
    changed = [fold_blanks(text) != text for text in texts]
    assert (
        not pl.DataFrame({"changed": changed, "seen": texts.str.contains(FOLD_HINT)})
        .filter("changed", ~pl.col("seen"))
        .height
    )


@given(st.text(alphabet="a \n\u00a0\u200b\u0301é"))
def test_the_hint_matches_wherever_blanks_are_folded(text):
    assert fold_blanks(text) == text or pl.Series([text]).str.contains(FOLD_HINT).item()
