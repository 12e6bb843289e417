import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.links.visible_text import INVISIBLE, fold_addresses, fold_everything, see


@given(st.text(alphabet=f"ab{INVISIBLE}码İ"))
def test_places_lead_back_to_the_letters(text):
    seen, places = see(text)
    assert [text[place] for place in places] == list(seen)
    assert not set(seen) & set(INVISIBLE)
    assert len(text) - len(seen) == sum(letter in INVISIBLE for letter in text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ｈｔｔｐｓ：／／ｋｅｔｔｌｅ．ｅｘａｍｐｌｅ／ａ", "https://kettle.example/a"),
        ("https：／／github．com／ada", "https://github.com/ada"),
        ("代码：https://a.example。", "代码：https://a.example。"),
        ("（ＡＢＣ）用１２３，好？", "（ＡＢＣ）用１２３，好？"),
        ("见https://a.example/b．好", "见https://a.example/b．好"),
        ("ＣＰＵ／ＧＰＵ", "ＣＰＵ／ＧＰＵ"),
        ("Note：we", "Note：we"),
    ],
)
def test_only_addresses_are_folded(text, folded):
    assert fold_addresses(text) == folded


@given(st.text(alphabet="aＡ：／．０，、码/:.İ"))
def test_folding_keeps_every_place(text):
    assert len(fold_addresses(text)) == len(fold_everything(text)) == len(text)
    assert fold_everything(fold_everything(text)) == fold_everything(text)
