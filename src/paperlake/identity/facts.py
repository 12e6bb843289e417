"""What of an appearance is compared: its words, its numbers, its sentences, its ids and what the listing says of it."""

import polars as pl

FACTS = pl.Schema(
    {
        "appearance_id": pl.String(),
        "title_key": pl.String(),
        "title_words": pl.String(),
        "numbers": pl.String(),
        "title_is_cut": pl.Boolean(),
        "abstract_key": pl.String(),
        "sentences": pl.List(pl.UInt64()),
        "arxiv_id": pl.String(),
        "doi": pl.String(),
        "repository": pl.String(),
        "published_on": pl.Date(),
        "n_authors": pl.Int32(),
        "organisation": pl.String(),
    }
)
"""One row an appearance, in order of entry."""
OF_CLEAN = (
    "appearance_id", "title_key", "title_words", "title_is_cut", "abstract_key", "sentences", "arxiv_id", "doi",
)  # fmt: skip
"""Columns of what was cleaned that facts are made of."""
OF_LISTING = ("github_url", "published_on", "n_authors", "organisation")
"""Columns of what the listing shows that facts are made of."""

_LEAST_ABSTRACT = 80
"""Letters of an abstract: fewer are "Read more" or the like, and tell no paper from another."""
_ROMAN = r"\b(?:i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii)\b"
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
"""Words that count, as digits do."""
_NUMBERS = rf"\b(?:{NUMBER_WORDS})\b|\d+(?:\.\d+)?|{_ROMAN}|\b\p{{L}}[+#*%]+"


def make_facts(clean: pl.DataFrame, appearances: pl.DataFrame) -> pl.DataFrame:
    """FACTS: the same rows in the same order. `numbers` tells sequels and sizes apart: 2.0, III, C++ and A*.

    Args:
        clean: OF_CLEAN of appearances.
        appearances: OF_LISTING of the same appearances.
    """
    shown = appearances.select(OF_LISTING).rename({"github_url": "repository"})
    shown = shown.with_columns(pl.col("repository").str.to_lowercase().str.strip_chars_end("/"))
    numbers = pl.col("title_words").str.extract_all(_NUMBERS).list.join(" ").fill_null("")
    abstract = pl.when(pl.col("abstract_key").str.len_chars() >= _LEAST_ABSTRACT).then("abstract_key")
    return (
        clean.select(OF_CLEAN)
        .hstack(shown)
        .with_columns(
            numbers=numbers, abstract_key=abstract, sentences=pl.when(abstract.is_not_null()).then("sentences")
        )
        .select(FACTS.names())
        .cast(FACTS)
    )
