"""The dumps that wish the page harm: what they say does come into a release, so that the page has to bear it."""

import polars as pl
import pytest

from paperlake import open_release
from paperlake.near_misses import read_near_misses

SHOWN = [
    ("title", "<script>window.__pwned = 1; alert(1)</script>Socks"),
    ("abstract", "</script><script>window.__pwned = 2; alert(2)</script>"),
    ("title", '<img src=x onerror="window.__pwned = 3">'),
    ("title", '"><svg onload=alert(7)>'),
    ("abstract", "--></style></title></textarea></noscript></template></script><svg/onload=alert(9)>"),
    ("title", "{{7*7}} Templates for Toast {% raw %}"),
    ("title", "]]> The End of a Section <![CDATA["),
    ("abstract", "<!--<script> A comment that never ends"),
    ("title", "&lt;script&gt;alert(10)&lt;/script&gt; Escaped Once, &amp;amp; Twice"),
    ("title", "Left Open \u202eskcos"),
    ("organisation", "Lab \u202egpj.exe"),
    ("submitted_by", "\u202enna"),
    ("title", "\u2069\u2069\u202c\u202c Closing What Was Never Opened"),
    ("title", "ميزان الجوارب 12 (34) שקילת גרביים"),
    ("title", "k" * 4000),
    ("organisation", "L" * 600),
    ("title", "o" + "\u0489" * 40),
    ("title", "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 Families"),
    ("title", "javascript:alert(14)//"),
    ("abstract", "data:text/html,<script>alert(17)</script>"),
    ("abstract", 'https://github.com/example-lab/x"onmouseover="alert(20)'),
    ("title", '=HYPERLINK("https://evil.example",'),
    ("organisation", "+1+cmd|' /C calc'!A0"),
    ("organisation", "<b onmouseover=alert(3)>Bold Lab</b>"),
    ("submitted_by", '"><img src=x onerror=alert(4)>'),
    ("title", "__proto__"),
    ("title", "<style>*{display:none!important}</style><base href=https://evil.example/>"),
    ("title", '<a href="javascript:alert(37)">Click_Here</a>'),
    ("title", "`</code></pre>` **Bold** _Claims_ | with | Pipes |"),
    ("title", "\ufffe\uffff"),
]


@pytest.fixture(scope="module")
def release(hostile_store):
    return open_release(hostile_store)


@pytest.mark.parametrize(("column", "text"), SHOWN)
def test_hostile_text_becomes_a_value_of_a_paper(release, column, text):
    assert release["papers"].collect()[column].str.contains(text, literal=True).any()


def test_what_a_cleaned_title_loses_its_appearance_keeps(release):
    titles = release["appearances"].collect()["title_raw"]
    assert titles.str.contains("Two Lines\u2028or One\u2029Paragraph", literal=True).any()
    assert titles.str.contains("Nulls\x00 and \x1b[31mRed", literal=True).any()


def test_paths_queries_and_notes_are_hostile_too(release):
    dumps = release["dumps"].collect()
    for column, text in [
        ("path", "</script><img src=x onerror=alert(44)> {{7*7}} \u202ecod.exe"),
        ("query", "<script>alert(34)</script>\u202e"),
        ("source_url", '"><script>alert(45)</script>'),
        ("licence", "<b onclick=alert(46)>CC-BY</b> \u202e"),
    ]:
        assert dumps[column].str.contains(text, literal=True).any()


def test_rejects_differences_and_near_misses_are_hostile_too(release, hostile_store):
    assert release["rejects"].collect()["text"].str.contains("__pwned", literal=True).sum() >= 3
    added = release["changes"].filter(pl.col("after").str.contains("__pwned", literal=True)).collect()
    assert not added.is_empty()
    assert read_near_misses(hostile_store / ".work")["left_title"].str.contains("onclick=", literal=True).any()


def test_one_hostile_paper_has_several_appearances(release):
    papers = (
        release["papers"]
        .filter(pl.col("title").str.contains("<svg", literal=True))
        .join(release["metrics"], on="paper_id")
    )
    assert papers.collect()["n_appearances"].to_list() == [2]
