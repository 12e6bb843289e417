"""Counts, days and addresses as listing pages write them."""

from datetime import date

import pytest

from paperlake.layouts.hub import read_address, read_linked
from paperlake.layouts.values import ends_sentence, read_count, read_day, read_n_authors

ID = "2601.90001"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("-", 0), ("0", 0), ("7", 7), ("1,204", 1204), ("11.3k", 11_300), ("1.09k", 1_090), ("110k", 110_000),
        ("1.54K", 1_540), ("2.1M", 2_100_000), ("62.2k", 62_200),
        ("", None), ("k", None), ("1.5", None), ("12k3", None), ("1,2", None), ("-7", None),
        ("seven", None), ("1 2", None),
    ],
)  # fmt: skip
def test_read_count(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize(
    ("text", "n"),
    [("1 authors", 1), ("- 13 authors", 13), ("* 4 authors", 4), ("1 author", 1), ("0 authors", None),
     ("authors", None), ("12 authors and more", None)],
)  # fmt: skip
def test_read_n_authors(text, n):
    assert read_n_authors(text) == n


@pytest.mark.parametrize(
    ("raw", "captured", "day"),
    [
        ("Feb 27, 2025", None, date(2025, 2, 27)),
        ("September 4, 2026", None, date(2026, 9, 4)),
        ("Sept 4, 2026", None, date(2026, 9, 4)),
        ("4 Jan, 2026", None, date(2026, 1, 4)),
        ("4 January 2026", None, date(2026, 1, 4)),
        ("2026-01-04", None, date(2026, 1, 4)),
        ("2026-01-04T23:59:00.000Z", None, date(2026, 1, 4)),
        ("May 29", date(2026, 10, 2), date(2026, 5, 29)),
        ("Oct 3", date(2026, 10, 2), date(2026, 10, 3)),  # the page's clock is a day ahead
        ("Oct 4", date(2026, 10, 2), None),
        ("May 29", None, None),
        ("Feb 30, 2025", None, None),
        ("Feb 29", date(2026, 3, 1), None),
        ("Feb 29", date(2028, 3, 1), date(2028, 2, 29)),
        ("Feb 27, 20", date(2026, 3, 1), None),
        ("soon", date(2026, 3, 1), None),
        ("2026-13-01", None, None),
    ],
)
def test_read_day(raw, captured, day):
    assert read_day(raw, captured) == day


@pytest.mark.parametrize(
    ("url", "kind", "arxiv_id"),
    [
        (f"https://huggingface.co/papers/{ID}", "paper", ID),
        (f"https://hf.co/papers/{ID}", "paper", ID),
        (f"https://huggingface.co/papers/{ID}#community", "comments", ID),
        (f"https://huggingface.co/login?next=%2Fpapers%2F{ID}", "login", ID),
        ("https://huggingface.co/papers/1410.1234", "paper", "1410.1234"),
        ("https://huggingface.co/papers/2601.9000", "other", None),
        ("https://huggingface.co/papers/date/2026-01-07", "other", None),
        ("https://huggingface.co/papers/trending", "other", None),
        ("https://huggingface.co/example-lab", "profile", None),
        (f"https://arxiv.org/abs/{ID}", "arxiv", ID),
        (f"https://arxiv.org/pdf/{ID}v2.pdf", "arxiv", ID),
        ("https://github.com/example-lab/socks/tree/main", "github", None),
        ("https://github.com/example-lab", "other", None),
        (f"https://example.org/papers/{ID}", "other", None),
    ],
)
def test_read_address(url, kind, arxiv_id):
    assert read_address(url) == (kind, arxiv_id)


@pytest.mark.parametrize(
    ("text", "url", "kind", "values"),
    [
        ("-", f"https://huggingface.co/login?next=%2Fpapers%2F{ID}", "upvotes", {"upvotes": 0}),
        ("Log in", f"https://huggingface.co/login?next=%2Fpapers%2F{ID}", "link", {}),
        ("4", f"https://huggingface.co/papers/{ID}#community", "comments", {"comments": 4}),
        ("1.09k", f"https://huggingface.co/papers/{ID}", "stars", {"github_stars": 1090}),
        ("- ·\n4 authors", f"https://huggingface.co/papers/{ID}", "authors", {"n_authors": 4}),
        ("![](https://cdn.example/1.png)", f"https://huggingface.co/papers/{ID}", "thumbnail", {}),
        ("[alt]", f"https://huggingface.co/papers/{ID}", "thumbnail", {}),
        ("Socks are paired.", f"https://huggingface.co/papers/{ID}", "abstract", {"abstract_raw": "Socks are paired."}),
        ("![sock-lab](https://cdn.example/2.png)Sock Lab", "https://huggingface.co/sock-lab", "organisation",
         {"organisation": "Sock Lab"}),
        ("[alt: sock-lab] Sock Lab", "https://huggingface.co/sock-lab", "organisation", {"organisation": "Sock Lab"}),
        ("GitHub 110k", "https://github.com/example-lab/socks", "github", {"github_stars": 110_000}),
        ("GitHub", "https://github.com/example-lab/socks", "github", {"github_stars": None}),
        ("socks", "https://github.com/example-lab/socks", "link", {}),
        ("arXiv Page", f"https://arxiv.org/abs/{ID}", "arxiv", {}),
    ],
)  # fmt: skip
def test_the_same_text_means_another_thing_behind_another_address(text, url, kind, values):
    found, read = read_linked(text, url)
    assert found == kind
    assert {name: read[name] for name in values} == values


@pytest.mark.parametrize(
    ("text", "whole"),
    [("It ends.", True), ("It ends (here).", True), ("Code: https://a.example/b", True), ("It does not en", False),
     ("{https://a.example/b}.", True), ("Really?”", True)],
)  # fmt: skip
def test_ends_sentence(text, whole):
    assert ends_sentence(text) is whole
