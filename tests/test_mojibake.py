"""Broken encodings: a table of cases, and that the gate lets through all that the library would mend."""

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from ftfy import fix_encoding
from hypothesis import example, given
from hypothesis import strategies as st

from paperlake.text.mojibake import DAMAGE, MOJIBAKE_HINT, mend_mojibake

with (Path(__file__).parent / "cases" / "mojibake.csv").open(encoding="utf-8", newline="") as lines:
    CASES = list(csv.DictReader(lines))


def matches(pattern, text):
    return pl.Series([text]).str.contains(pattern).item()


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["value"]) for case in CASES])
def test_mend_mojibake(case):
    assert mend_mojibake(case["value"]) == case["expected"], case["why"]


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["value"]) for case in CASES])
def test_the_gate_opens_for_whatever_is_mended(case):
    assert case["value"] == case["expected"] or matches(MOJIBAKE_HINT, case["value"])


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["value"]) for case in CASES])
def test_mended_and_sound_text_is_no_damage(case):
    prose = re.sub(r"https?://\S+", "", case["expected"])
    assert matches(DAMAGE, prose) == ("lost" in prose)


SOUND = st.text(alphabet="tea éÉàãÃâÂüßñøŁőğıαβжч’‘“”–—…°²×·≈中文ảệ", max_size=12)


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
@given(SOUND)
@example("‘a’”É")
def test_broken_text_is_mended_or_left(encoding, sound):
    broken = "".join(byte.decode(encoding, "replace") for byte in (bytes([code]) for code in sound.encode()))
    mended = mend_mojibake(broken)
    if not matches(MOJIBAKE_HINT, mended):  # É“ may be a broken ɓ: what looks broken still may change again
        assert mend_mojibake(mended) == mended
    if matches(MOJIBAKE_HINT, broken) is False:
        assert mended == broken == fix_encoding(broken)


@given(st.text(alphabet="tea éèüßñçøåÉÀÂÃÄÖ’“”–—… .,«»„", max_size=30))
def test_ascii_around_it_never_changes(text):
    assert mend_mojibake(f"Kettle {text} pot").startswith("Kettle ")
