"""Clean abstracts, keys and flags: a table of cases, properties, and real abstracts where they are at hand."""

import csv
import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.abstracts import abstract_flags, abstract_key, abstract_letters, normalise_abstract, trace_abstract

with (Path(__file__).parent / "cases" / "abstracts.csv").open(encoding="utf-8", newline="") as lines:
    CASES = list(csv.DictReader(lines))


def evaluate(rule, *values):
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    return frame.select(rule(pl.col("value"))).to_series().to_list()


@pytest.mark.parametrize("case", CASES, ids=[case["value"] for case in CASES])
def test_normalise_abstract(case):
    assert evaluate(normalise_abstract, case["value"]) == [case["expected"] or None], case["why"]


@pytest.mark.parametrize("case", CASES, ids=[case["value"] for case in CASES])
def test_the_expected_text_is_clean(case):
    assert evaluate(normalise_abstract, case["expected"]) == [case["expected"] or None]


@given(st.text(alphabet="ab. \n\u00a0…$\\{}^~C+3-`'\",\u0301\u037e"))
def test_normalise_abstract_settles(abstract):
    once = evaluate(normalise_abstract, abstract)
    assert evaluate(normalise_abstract, *once) == once


WORDS = [
    "times", "sim", "3", ".", "The", " ", "www.", "cdot", "X", "approx", ",", "we", "~", "--", "{", "}", "$", "\\",
    "``", "''", '"', "pots", "rightarrow", "^", "\\%", "\\'e", "\\textbf{", "{\\bf ", "https://a.example/x", "Ã©",
    "â€™", "\n", "\u00ad", "\u0301", "-", "https://",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_normalise_abstract_settles_on_words(words):
    once = evaluate(normalise_abstract, "".join(words))
    assert evaluate(normalise_abstract, *once) == once
    assert once == [None] or unicodedata.is_normalized("NFC", once[0])


@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_a_trace_ends_with_the_abstract_and_settles(raw):
    trace = trace_abstract(raw)
    (clean,) = evaluate(normalise_abstract, raw)
    assert (trace[-1][1] if trace else raw) == (clean or "")
    assert trace_abstract(clean or "") == []
    assert evaluate(letters_key, raw) == evaluate(letters_key, clean)


def test_a_trace_names_each_step():
    raw = (
        r" cafÃ© ol\'e $n$ \emph{tea} https://a.example/b\_c a\,b \% R^2 ``hot'' Pot~on a -- b 2times of pots,we stir ."
    )
    names = [name for name, _ in trace_abstract(raw)]
    assert names == [
        "mojibake", "fold_blanks", "accents", "formulas", "commands", "addresses", "symbols", "escapes", "superscripts",
        "quotes", "ties", "dashes", "operators", "missing_blanks", "spare_blanks",
    ]  # fmt: skip


@given(st.text(alphabet="aB~-.,`'3{", max_size=20))
def test_addresses_stay(tail):
    address = f"https://cook.example/a{re.sub('[{]', '', tail)}"
    assert evaluate(normalise_abstract, f"At {address} we stir.") == [f"At {address} we stir."]


def letters_key(abstract):
    return abstract_key(abstract_letters(normalise_abstract(abstract)))


def test_abstract_key():
    raw, clean = evaluate(letters_key, r"A \textbf{na\"ive} 2.5times pot, α.", "a naïve 2.5× POT: alpha")
    assert raw == clean == "anaive25timespotalpha"
    assert evaluate(letters_key, "é" * 2000) == ["e" * 600]
    assert evaluate(letters_key, "?!", "", None) == [None] * 3


FLAGS = [
    ("A pot of tea.", []),
    ("A pot of tea without a stop", []),
    ("A pot of tea and…", ["abstract_truncated"]),
    ("A pot of tea and ...", ["abstract_truncated"]),
    ("A pot of tea [...]", ["abstract_truncated"]),
    ("A pot of tea… Read more", ["abstract_truncated"]),
    ("A pot of tea (truncated)", []),
    ("Tea, pots (and pans...) boil. We want more", []),
    ("Tokens ... are hot.", []),
    ("See https://cook.example/tea...", []),
    ("We let tau grow.", ["math_damaged"]),
    ("A beta version, the sigma_pot code, gamma rays and Cohen's kappa.", []),
    ("A rate (rho = 0.8) of mathcal O(n).", ["math_damaged"]),
    ("The left hemisphere, circuits and sums.", []),
    ("So potleft( sum_k T_{k} right).", ["math_damaged"]),
    (r"In $O(n \log n)$ time, 5\% of $\alpha$.", []),
    (r"Using \unknown{x}.", ["math_damaged"]),
    ("A inftyPot of HyperZ{·Z{·}W}.", ["math_damaged"]),
    ("From left to right (left or right), left|right, upright) and cleft.", []),
    ("Cohen's kappa = 0.8, Kendall's tau, Spearman rho, theta waves and tau proteins.", []),
    ("A kappa = 0.8 and theta of tea.", ["math_damaged"]),
    ("Across {Pot-4, Pot-8} and a ~30% of sums.", []),
    ("With pass^k and (q{=}4).", ["math_damaged"]),
    ("See https://cook.example/a_b/x_1^y.", []),
    ("Prose with one $ sign.", ["unbalanced_math"]),
    ("Prose with a $x of tea.", ["unbalanced_math"]),
    ("Tea at $ 5, $.50, $1.50 or 3$ a pot.", []),
    ("The cafÃ\u0192 and a lost \ufffd sign.", ["mojibake"]),
    ("The cookâ€™s cafÃ© is mended.", []),
    ("São João, l’Âge d’or, MANHÃ, phở Việt Nam.", []),
    ("See https://cook.example/cafÃ© for tea.", []),
    (r"Prose with one \$ sign, for $5.", []),
    ("As in tea2023cup we stir.", ["citation_keys"]),
    (r"As in \cite{tea} we stir.", ["citation_keys", "math_damaged"]),
    ("In May2023 we met pot2023, mid2020s.", []),
    ("As pot-etal-2020-tea says.", ["citation_keys"]),
    ("Kettles-2020-pots are no citation.", []),
    ("Serv-ments of tea.", ["glued_words"]),
    ("A shelf containingthe aset of pots.", ["glued_words"]),
    ("A half-full, teatime stand-off, self-esteem.", []),
    ("A discrep- ancy of the exe- cution.", ["glued_words"]),
    ("Small- and large-scale, pre- or post-trained, tea- to pot-sized.", []),
    ("Most ofthe pots.", ["glued_words"]),
    ("Soothe the lithe and bathe, clothing them, arrange of.", []),
    (
        "The pot of the cook is hot and we stir. La olla del cocinero que hierve para los niños y por una hora.",
        ["bilingual"],
    ),
    ("The pot of the cook is hot and we stir it. 我们在厨房里用一个大锅煮很多茶叶。", ["bilingual"]),
    (
        "The pot of the cook is hot and we stir. Le pot du chef est dans la cuisine pour les amis avec une tasse.",
        ["bilingual"],
    ),
    ("Наш чай горячий и мы пьём его.", []),
    ("The pot of Los Alamos and the cook of São Paulo is hot.", []),
    (None, []),
    ("", []),
]


@pytest.mark.parametrize(("abstract", "flags"), FLAGS, ids=[str(abstract) for abstract, _ in FLAGS])
def test_abstract_flags(abstract, flags):
    assert evaluate(abstract_flags, abstract) == [flags]


def test_flags_are_the_same_where_the_clean_abstract_is_at_hand():
    frame = pl.DataFrame({"raw": [abstract for abstract, _ in FLAGS]}, schema={"raw": pl.String})
    clean = normalise_abstract(pl.col("raw"))
    assert frame.select(abstract_flags(pl.col("raw"), clean)).to_series().to_list() == [flags for _, flags in FLAGS]


def letters(text):
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    return re.sub(r"[^a-z0-9]+", "", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def real_abstracts(root, name):
    """The abstracts of one daily dump by title: titles and abstracts take turns, before them only page furniture."""
    text = (root / "dumps/daily" / f"{name}.txt").read_text(encoding="utf-8-sig")
    rows = [line for line in text.splitlines() if line.strip()]
    return {letters(re.sub("^Subscribe", "", a)): b for a, b in pairwise(rows) if len(b) > 350}


@pytest.mark.parametrize("name", [f"later-{kind}-{n}" for kind in ("compact", "spaced") for n in range(1, 7)])
def test_real_abstracts_begin_and_end_as_labelled(real_dumps, name):
    found = real_abstracts(real_dumps, name)
    gold = json.loads((real_dumps / "gold/daily" / f"{name}.json").read_text(encoding="utf-8"))
    clean = evaluate(normalise_abstract, *[found[letters(paper["title"])] for paper in gold])
    for paper, text in zip(gold, clean, strict=True):
        assert letters(text)[:30] == letters(paper["abstract_starts"])[:30]
        assert letters(text)[-25:] == letters(paper["abstract_ends"])[-25:]
    assert evaluate(normalise_abstract, *clean) == clean
    raw = [found[letters(paper["title"])] for paper in gold]
    assert evaluate(letters_key, *raw) == evaluate(letters_key, *clean)
