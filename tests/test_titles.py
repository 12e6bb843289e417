"""Titles for people and keys for comparing: tables of cases, properties, and the real titles where they are at hand."""

import csv
import json
import re
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.titles import normalise_title, title_key, trace_title

CASES = Path(__file__).parent / "cases"


def read_cases(name):
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def evaluate(rule, *values):
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    return frame.select(rule(pl.col("value"))).to_series().to_list()


TITLES, KEYS = read_cases("titles.csv"), read_cases("title_keys.csv")


@pytest.mark.parametrize("case", TITLES, ids=[case["value"] for case in TITLES])
def test_normalise_title(case):
    assert evaluate(normalise_title, case["value"]) == [case["expected"] or None], case["why"]


@pytest.mark.parametrize("case", KEYS, ids=[f"{case['a']} | {case['b']}" for case in KEYS])
def test_title_key(case):
    a, b = evaluate(title_key, case["a"], case["b"])
    assert (a == b) == (case["same"] == "yes"), f"{case['why']}: {a} {b}"


def test_title_key_is_null_without_letters_and_digits():
    assert evaluate(title_key, "?!", "+ *", "++", "", None, r"$\cdot$") == [None] * 6
    assert evaluate(normalise_title, "", "\u200b", None) == [None] * 3


@pytest.mark.parametrize("case", TITLES, ids=[case["value"] for case in TITLES])
def test_raw_title_and_title_for_people_have_one_key(case):
    assert evaluate(title_key, case["value"]) == evaluate(title_key, case["expected"])


@given(st.text(alphabet="ab. \n\u00a0…$\\{}^~C+3:for'\"\u0301\u037e"))
def test_normalise_title_settles(title):
    once = evaluate(normalise_title, title)
    assert evaluate(normalise_title, *once) == once


@given(st.text(alphabet="ab. \n\u00a0…$\\{}^~C+3\u0301µ", max_size=40))
def test_normalise_title_gives_nfc_without_odd_blanks(title):
    (shown,) = evaluate(normalise_title, title)
    if shown is not None:
        assert unicodedata.is_normalized("NFC", shown)
        assert shown == " ".join(shown.split()) != ""


PIECES = [
    "Tea", "for", "Early", " ", "  ", "\u00a0", "$", "\\cdot", "cdot", "X", "^", "{", "}", "3", ":", ",", "Subscribe",
    "\\&", "\\'", "e", "\\textbf{", "\\textcolor{red}{", "{\\bf ", "Ã©", "Ã", "â€™", "\u200b", "\u00ad", "é", "\u0301",
    "~", "\\", "%", "C++", ".", "https://",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_trace_ends_with_the_title_and_settles(raw):
    trace = trace_title(raw)
    (shown,) = evaluate(normalise_title, raw)
    assert (trace[-1][1] if trace else raw) == (shown or "")
    assert trace_title(shown or "") == []
    assert all(before != after for before, (_, after) in zip([raw, *(text for _, text in trace)], trace, strict=False))
    assert evaluate(title_key, raw) == evaluate(title_key, shown)


def test_a_trace_names_each_step():
    raw = r" SubscribePotXcdotY\& the CafÃ© : Pad\'e forEarly $k$^2 \textbf{Cups}"
    names = [name for name, _ in trace_title(raw)]
    assert names == [
        "mojibake", "fold_blanks", "accents", "formulas", "commands", "escapes", "superscripts", "page_words",
        "operators", "spare_blanks", "glued_words",
    ]  # fmt: skip


def test_the_table_of_keys_is_large_on_both_sides():
    same = [case["same"] for case in KEYS]
    assert min(same.count("yes"), same.count("no")) >= 70


@given(st.lists(st.text(alphabet="aB \\^3$+α", max_size=8) | st.none(), max_size=6))
def test_a_title_has_the_same_key_in_any_company(titles):
    assert evaluate(title_key, *titles) == [evaluate(title_key, title)[0] for title in titles]


def test_real_titles_change_only_where_the_labels_say(real_dumps):
    gold = json.loads((real_dumps / "gold/seeds/titles.json").read_text(encoding="utf-8"))
    records = json.loads((real_dumps / "gold/seeds/records.json").read_text(encoding="utf-8"))
    shown = {case["title_raw"]: case["title_display"] for case in gold["dirty_titles"]}
    raw = sorted({record["title_raw"] for file in records.values() for record in file})
    folded = [re.sub(r"\s+", " ", title.replace("\\", "")).strip() for title in raw]
    assert evaluate(normalise_title, *raw) == [
        shown.get(title, plain) for title, plain in zip(raw, folded, strict=True)
    ]
    assert evaluate(normalise_title, *shown) == list(shown.values())


def test_different_real_papers_have_different_keys(real_dumps):
    titles = pl.read_csv(real_dumps / "matching/hf-titles/titles.csv", schema_overrides={"arxiv_id": pl.String})
    keys = titles.select(raw=title_key(pl.col("title")), shown=title_key(normalise_title(pl.col("title"))))
    assert keys["raw"].n_unique() == titles.height
    assert keys["raw"].to_list() == keys["shown"].to_list()
