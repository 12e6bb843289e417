import pytest

from paperlake.link_roles.context import read_contexts
from paperlake.links.finding import find_links

POT, PAN = "https://github.com/kettle-lab/pot", "https://github.com/kettle-lab/pan"


def contexts(text):
    return read_contexts(text, find_links(text))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (f"It drips. Our code is at {POT}.", "our code is at"),
        (
            f"It drips, e.g. here, and Fig. 3 shows our code at {POT}.",
            "it drips, e.g. here, and fig. 3 shows our code at",
        ),
        (f"We thank M. Potter for {POT}.", "we thank m. potter for"),
        (f"Our code is public. {POT}", "our code is public."),
        (f"Our pot is open. {POT} holds the code.", ""),
        (f"Code: {POT}, data: {PAN}.", "code:"),
        (f"代码已开源。项目：{POT}", "项目："),
    ],
)
def test_the_clause_before_a_link(text, clause):
    assert contexts(text)[0].clause == clause


def test_each_of_two_links_has_its_own_clause_and_both_their_sentence():
    first, second = contexts(f"Our code builds on {POT} and is available at {PAN}. It drips.")
    assert (first.clause, first.after) == ("our code builds on", "and is available at")
    assert second.clause == "and is available at"
    assert second.sentence == "our code builds on and is available at"
    assert second.after == ""


def test_the_stop_in_the_span_of_a_link_ends_its_sentence():
    first, second = contexts(f"Our code is at {POT}. The data are at {PAN}.")
    assert first.after == ""
    assert second.sentence == "the data are at"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"It is [our code]({POT}).", "our code"),
        (rf"It is \href{{{POT}}}{{our code}}.", "our code"),
        (f'It is <a href="{POT}">our code</a>.', "our code"),
        (f"It is {POT}.", ""),
    ],
)
def test_the_own_text_of_a_link(text, label):
    assert contexts(text)[0].label == label


@pytest.mark.parametrize(
    ("text", "is_early", "is_last"),
    [
        (f"We use {POT}. " + "Pots drip all day long. " * 9, True, False),
        ("Pots drip all day long. " * 9 + f"See {POT}. ", False, True),
        ("Pots drip all day long. " * 9 + f"See {POT}. But pans do not drip at all.", False, False),
    ],
)
def test_the_place_of_a_link(text, is_early, is_last):
    assert [(context.is_early, context.is_last) for context in contexts(text)] == [(is_early, is_last)]


def test_a_long_text_is_read_around_its_links_only():
    text = "pots and pans " * 5000 + f"and our code at {POT}."
    assert len(contexts(text)[0].sentence) < 300
