import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.paper_ids import find_arxiv_id, find_doi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://arxiv.org/abs/2601.90001", "2601.90001"),
        ("https://arxiv.org/abs/2601.90001v3", "2601.90001"),
        ("https://arxiv.org/pdf/2601.90001v2.pdf", "2601.90001"),
        ("http://export.arxiv.org/abs/0704.0001", "0704.0001"),
        ("https://www.alphaxiv.org/abs/2601.90001", "2601.90001"),
        ("https://ar5iv.labs.arxiv.org/html/2601.90001", "2601.90001"),
        ("https://huggingface.co/papers/2601.90001#community", "2601.90001"),
        ("https://hf.co/papers/2601.90001", "2601.90001"),
        ("https://huggingface.co/login?next=%2Fpapers%2F2601.90001", "2601.90001"),
        ("https://doi.org/10.48550/arXiv.2601.90001", "2601.90001"),
        ("see arXiv:2601.90001v2 [cs.CL]", "2601.90001"),
        ("arxiv: 2601.90001.", "2601.90001"),
        ("2601.90001", "2601.90001"),
        (" 2601.90001v1\n", "2601.90001"),
        ("cs/0112017", "cs/0112017"),
        ("https://arxiv.org/abs/cs/0112017v1", "cs/0112017"),
        ("arXiv:math.GT/0309136", "math/0309136"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("", None),
        ("a loss of 2601.90001 in all", None),
        ("https://huggingface.co/papers/date/2026-04-17", None),
        ("https://huggingface.co/papers", None),
        ("2613.90001", None),
        ("2601.900011", None),
        ("2601.901", None),
        ("socks/0112017", None),
        ("https://github.com/kettle-lab/2601.90001", None),
    ],
)
def test_find_arxiv_id(text, expected):
    assert find_arxiv_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.5555/Kettle.7", "10.5555/kettle.7"),
        ("https://dx.doi.org/10.5555/kettle.7.", "10.5555/kettle.7"),
        ("doi:10.5555/kettle-7, and", "10.5555/kettle-7"),
        ("(10.5555/kettle)", "10.5555/kettle"),
        ("10.5555/s0140-6736(05)12345-6", "10.5555/s0140-6736(05)12345-6"),
        ("10.5555/kettle(7).", "10.5555/kettle(7)"),
        ("110.5555/kettle", None),
        ("10.5/kettle", None),
        ("a share of 10.5 / 20", None),
        ("", None),
    ],
)
def test_find_doi(text, expected):
    assert find_doi(text) == expected


@given(st.text(alphabet="20169./v:arxivcs-() ", max_size=30))
def test_find_arxiv_id_settles(text):
    found = find_arxiv_id(text)
    if found is not None:
        assert find_arxiv_id(found) == found
        assert find_arxiv_id(f"https://arxiv.org/abs/{found}v2") == found


@given(st.text(alphabet="10.5/ab()<>:;-, ", max_size=30))
def test_find_doi_settles(text):
    found = find_doi(f"10.5555/{text}")
    if found is not None:
        assert find_doi(found) == found
        assert not re.search(r"[\s.,;:]$", found)
