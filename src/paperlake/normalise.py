"""Appearances made clean: titles, abstracts, ids and links, each beside the raw value it came from."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import polars as pl

from paperlake.abstracts import abstract_flags, abstract_key, abstract_letters, normalise_abstract, sentence_hashes
from paperlake.link_roles.cues import find_cues
from paperlake.links.finding import LINK_HINT, find_links
from paperlake.paper_ids import find_arxiv_id, find_doi
from paperlake.titles import ends_cut, key_of_words, normalise_title, title_words

CLEAN = pl.Schema(
    {
        "appearance_id": pl.String(),
        "title": pl.String(),
        "title_key": pl.String(),
        "title_words": pl.String(),
        "title_is_cut": pl.Boolean(),
        "abstract": pl.String(),
        "abstract_key": pl.String(),
        "sentences": pl.List(pl.UInt64()),
        "arxiv_id": pl.String(),
        "doi": pl.String(),
        "flags": pl.List(pl.String()),
    }
)
"""One row an appearance: what people read, what is compared, and what was seen and left."""

FOUND_LINKS = pl.Schema(
    {
        "appearance_id": pl.String(),
        "found_in": pl.String(),
        "url": pl.String(),
        "kind": pl.String(),
        "repository": pl.String(),
        "subpath": pl.String(),
        "ref": pl.String(),
        "raw": pl.String(),
        "repairs": pl.List(pl.String()),
        "candidates": pl.List(pl.String()),
        "cues": pl.List(pl.String()),
    }
)
"""One row a link of an appearance, in reading order: title, abstract, then the listing's own button."""

_LINK_FIELDS = tuple(name for name in FOUND_LINKS if name not in ("appearance_id", "found_in", "cues"))
_LINK_COLUMNS = FOUND_LINKS | {"text": pl.String(), "is_cut": pl.Boolean()}
_read_fields = attrgetter(*_LINK_FIELDS)
_PLACES = {"title": "title_raw", "abstract": "abstract_raw", "listing": "github_url"}


def normalise_appearances(appearances: pl.DataFrame) -> pl.DataFrame:
    """CLEAN: the same rows in the same order.

    Args:
        appearances: one row an appearance, values as read.
    """
    pages = appearances["paper_url"]
    listed_id = pl.coalesce("arxiv_id", _found_in(pages, find_arxiv_id))
    clean = appearances.with_columns(title=normalise_title(pl.col("title_raw")))
    clean = clean.with_columns(title_words=title_words(pl.col("title")))
    clean = clean.join(_clean_abstracts(appearances), on="abstract_raw", how="left", maintain_order="left")
    return clean.select(
        "appearance_id",
        "title",
        key_of_words(pl.col("title_words")).alias("title_key"),
        "title_words",
        ends_cut(pl.col("title")).alias("title_is_cut"),
        "abstract",
        "abstract_key",
        pl.col("sentences").fill_null([]),
        listed_id.alias("arxiv_id"),
        _found_in(pages, find_doi).alias("doi"),
        _with_cut(pl.col("flags").fill_null([])).alias("flags"),
    ).cast(CLEAN)


def find_appearance_links(appearances: pl.DataFrame) -> pl.DataFrame:
    """FOUND_LINKS: every link of titles, abstracts and listings, from the raw text.

    Only texts that pass the cheap hint are read by Python, each distinct text once.
    """
    frames = [_links_in(appearances, place, column) for place, column in _PLACES.items()]
    order = appearances.select("appearance_id").with_row_index("entry")
    found = pl.concat(frames).join(order, on="appearance_id", how="left", maintain_order="left")
    return found.sort("entry", maintain_order=True).select(FOUND_LINKS.names())


def _clean_abstracts(appearances: pl.DataFrame) -> pl.DataFrame:
    """What CLEAN says of each distinct raw abstract: pages show the same papers day after day."""
    raw = appearances.select("abstract_raw").drop_nulls().unique(maintain_order=True)
    clean = raw.with_columns(abstract=normalise_abstract(pl.col("abstract_raw")))
    clean = clean.with_columns(letters=abstract_letters(pl.col("abstract")))
    return clean.select(
        "abstract_raw",
        "abstract",
        abstract_key=abstract_key(pl.col("letters")),
        sentences=sentence_hashes(pl.col("letters")),
        flags=abstract_flags(pl.col("abstract_raw"), pl.col("abstract")),
    )


def _with_cut(flags: pl.Expr) -> pl.Expr:
    """The flags, and that the abstract is truncated where the dump ends inside it."""
    cut = pl.when(pl.col("is_cut") & pl.col("abstract_raw").is_not_null()).then(["abstract_truncated"]).otherwise([])
    return flags.list.concat(cut).list.unique().list.sort()


def _found_in(urls: pl.Series, find_id: Callable[[str], str | None]) -> pl.Series:
    """The id that each URL names, each distinct URL read once."""
    ids = {url: find_id(url) for url in urls.drop_nulls().unique().to_list()}
    return urls.replace_strict(ids, default=None, return_dtype=pl.String)


def _links_in(appearances: pl.DataFrame, place: str, column: str) -> pl.DataFrame:
    is_last = pl.lit(True) if place == "abstract" else pl.col("abstract_raw").is_null() & (place == "title")
    shown = appearances.select("appearance_id", text=column, is_cut=pl.col("is_cut") & is_last)
    texts = shown.filter(pl.col("text").str.contains(LINK_HINT))
    distinct = texts.select("text", "is_cut").unique(maintain_order=True).rows()
    rows = [row for text, is_cut in distinct for row in _link_rows(text, place, is_cut=is_cut)]
    names = ("text", "is_cut", *_LINK_FIELDS, "cues")
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    links = pl.DataFrame([_column(name, values) for name, values in zip(names, columns, strict=True)])
    joined = texts.join(links, on=["text", "is_cut"], how="inner", maintain_order="left_right")
    return joined.with_columns(found_in=pl.lit(place)).select(FOUND_LINKS.names())


def _link_rows(text: str, place: str, *, is_cut: bool) -> Iterator[tuple[Any, ...]]:
    links = find_links(text, is_cut=is_cut)
    for link, cues in zip(links, find_cues(text, links, place), strict=True):
        yield (text, is_cut, *_read_fields(link), cues)


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    """A column of links; of lists, which cost most to make, each distinct one is made once."""
    dtype = _LINK_COLUMNS[name]
    if dtype != pl.List:
        return pl.Series(name, values, dtype=dtype)
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return pl.Series(name, list(numbers), dtype=dtype).gather([numbers[value] for value in values])
