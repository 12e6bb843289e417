"""Common links are read at one go: they say what the same links say where text and address are read apart."""

import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.layouts.hub import read_common_block, read_common_link, read_linked
from paperlake.layouts.markdown_dialect import unescape
from paperlake.layouts.markdown_links import read_link

TEXTS = [
    "-",
    "12",
    "1.2k",
    "1,204",
    "1.5",
    "007",
    "0 authors",
    "1 authors",
    "- 4 authors",
    "- · 4 authors",
    "GitHub",
    "GitHub 12",
    "LINK: GitHub 1.5k",
    "LINK: 4 authors",
    "Upvote",
    "Upvote 7",
    "arXiv Page",
    "LINK: arXiv Page",
    "Spoon University",
    " Spoon University ",
    "![](https://example.org/a.png)",
    "![x](https://example.org/a.png)Spoon University",
    "[x]",
    "![x]",
    "![x] Spoon",
    "[x] Spoon",
    "[x](https://example.org)Spoon",
    "![x](a(b))Spoon",
    "<b>Spoon",
    "",
    " ",
    "a\\[b",
    "Fifty labels are enough for any sock that has a twin. " * 3,
]
BLOCKS = [
    "Upvote\n\n22",
    "\n\nUpvote\n\n-\n",
    "\n- ·\n\t2 authors\n",
    "- ![](https://example.org/a.png)\\\\\n- 3 authors",
    "- ![](https://example.org/a.png)\n- 3 authors",
    "\n\nSpoon University\n\n",
    "\n\nSubmitted by\n\n",
    "\n\n[x] Spoon\n",
    "\n# Spoon\n",
    "\n### Spoon\n",
    "\n\n[5\n",
    "\n5",
    "\n\n\n\n\n\n\n\n5",
    "Upvote\nSpoon\n5",
]
URLS = [
    "https://huggingface.co/papers/2601.90001",
    "https://huggingface.co/papers/2601.90001#community",
    "https://huggingface.co/papers/2601.9000",
    "https://huggingface.co/login?next=%2Fpapers%2F2601.90001",
    "https://huggingface.co/login?next=%2Fpapers",
    "https://huggingface.co/example-lab",
    "https://hf.co/example-lab",
    "https://huggingface.co/papers",
    "https://github.com/example-lab/socks",
    "https://github.com/example-lab",
    "https://arxiv.org/abs/2601.90001",
    "https://arxiv.org/abs/2601.90001v2",
    "https://example.org/lids",
]
TAILS = ["", " ", " ·", " [2](https://huggingface.co/papers/2601.90002)", " and socks", ")", "]"]


def value(text: str) -> str:
    return "\n".join(filter(None, map(str.strip, unescape(text).split("\n"))))


def read_apart(lines: list[str]) -> tuple | None:
    link = read_link(lines, 0)
    return (*read_linked(value(link.text), link.url), link.stop, link.line_end) if link else None


def test_a_common_link_says_what_text_and_address_say():
    lines = [f"[{text}]({url}){tail}".rstrip() for text, url, tail in product(TEXTS, URLS, TAILS)]
    common = {line: said for line in lines if (said := read_common_link(line)) is not None}
    assert len(common) > 200
    assert {line: read_apart([line]) for line in common} == {line: (*said, 0) for line, said in common.items()}


@given(st.text(alphabet="![]() -·1k\\a<", max_size=8), st.sampled_from(URLS), st.sampled_from(TAILS))
def test_whatever_the_text_a_common_link_says_the_same(text, url, tail):
    line = f"[{text}]({url}){tail}".rstrip()
    common = read_common_link(line)
    assert common is None or (*common, 0) == read_apart([line])


@pytest.mark.parametrize("below", ["", "[4](https://example.org/lids)"])
def test_a_common_block_says_what_text_and_address_say(below):
    n_common = 0
    for text, url, tail in product(BLOCKS, URLS, TAILS):
        lines = [line.rstrip() for line in f"[{text}]({url}){tail}\n{below}\n".split("\n")]
        if (block := read_common_block(lines, 0)) is not None:
            apart = read_apart(lines)
            assert (block[0], block[1], block[3]) == (apart[0], apart[1], apart[3]), lines
            n_common += 1
    assert n_common > 20


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["[Upvote", "", "22](https://huggingface.co/login?next=%2Fpapers%2F2601.90001)"], "upvotes"),
        (["[", "- ·", "\t2 authors", "](https://huggingface.co/papers/2601.90001)"], "authors"),
        (["[", "", "Spoon University", "", "](https://huggingface.co/spoonuni)"], "organisation"),
    ],
)
def test_blocks_of_most_cards_are_common(lines, kind):
    block = read_common_block(lines, 0)
    assert block is not None
    assert (block[0], block[3]) == (kind, len(lines) - 1)


@pytest.mark.parametrize("unit", ["[", " ", "[x]", "![](a)", "- ![](a)\\\\\n", "1", "https://github.com/a/", "]("])
def test_the_cost_of_what_is_no_common_link_is_linear(unit):
    start = time.process_time()
    for head in ("[", "[5](https://github.com/a/", "[![](", "[GitHub 5](https://huggingface.co/"):
        read_common_link(head + unit * 200_000)
    assert time.process_time() - start < 2
