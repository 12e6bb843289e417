"""The contract: the nine tables of a release, each column with its type, range and description.

One place for all of it: Pandera checks frames against these models, `contract.yaml` and the README's table of columns
are generated from them, and the Parquet files carry the descriptions.
"""

from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from paperlake.vocabularies import CHANGE_CAUSES, LINK_KINDS, LINK_ROLES, MATCH_RULES, REJECT_REASONS

CONTRACT_VERSION = "2.1.1"
"""Semantic version of the tables: major breaks a reader, minor adds, patch is words."""

_FILLED: dict[str, Any] = {"str_length": {"min_value": 1}}
_COUNT: dict[str, Any] = {"ge": 0, "nullable": True}
_PAPER_ID: dict[str, Any] = {
    "str_matches": r"^pl-[0-9a-z]{12}$",
    "description": "Stable id of the paper; never reused.",
}
_APPEARANCE_ID_PATTERN = r"^[0-9a-f]{16}:[0-9]+$"
_ARXIV: dict[str, Any] = {"str_matches": r"^([0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})$", "nullable": True}
_REPOSITORY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$"
_DUMP_ID_PATTERN = r"^[0-9a-f]{64}$"


def _text(description: str, *, nullable: bool = True, **rules: Any) -> Any:
    return pa.Field(
        nullable=nullable, description=description, **({**_FILLED, **rules} if "isin" not in rules else rules)
    )


def _list(description: str) -> Any:
    return pa.Field(dtype_kwargs={"inner": pl.String()}, description=description)


def _number(description: str, **rules: Any) -> Any:
    return pa.Field(description=description, **{**_COUNT, **rules})


def _day(description: str) -> Any:
    return pa.Field(nullable=True, description=description)


def _share(description: str) -> Any:
    return pa.Field(nullable=True, ge=0, le=1, description=description)


class _Table(pa.DataFrameModel):
    """Exact columns in exact order: a reader may rely on both."""

    class Config:
        strict = True
        ordered = True


class Papers(_Table):
    """One row a paper, in order of first appearance."""

    paper_id: str = pa.Field(unique=True, **_PAPER_ID)
    title: str = _text(
        "Title for people: Unicode NFC, only certain repairs; wording, capitals and spelling as the authors wrote.",
        nullable=False,
    )
    title_key: str = _text("What the spellings of one title have in common; null for a title without letters.")
    abstract: str = _text("Abstract, cleaned; null when no dump gave one.")
    arxiv_id: str = pa.Field(**_ARXIV, description="arXiv id without version; null when no dump gave one.")
    doi: str = _text("DOI, lower case; null when no dump gave one.", str_startswith="10.")
    paper_url: str = _text("Page of the paper as its listing linked it.", str_startswith="http")
    published_on: pl.Date = _day("Date of publication; null when no dump decides it.")
    organisation: str = _text("Organisation as the listing named it.")
    submitted_by: str = _text("Who submitted the paper to the listing.")
    n_authors: pl.Int32 = _number("Authors as the listing counted them.", ge=1)
    repository: str = _text(
        "`owner/name` of the best official repository with a confidence of 0.8 or more that something says is "
        "the paper's own; null where there is none.",
        str_matches=_REPOSITORY_PATTERN,
    )
    repository_confidence: pl.Float32 = _share("Confidence in `repository`, 0-1; null with it.")
    repositories: pl.List = _list("Every GitHub repository its links name, `owner/name`, the most official first.")
    first_appearance_id: str = _text(
        "The appearance its id comes from.", nullable=False, str_matches=_APPEARANCE_ID_PATTERN
    )
    flags: pl.List = _list(
        "What was seen and left, sorted: `math_damaged`, `no_abstract`, `conflicting_ids`, `bilingual`, ..."
    )


class Metrics(_Table):
    """How each paper was seen; changes with every dump while `papers` rarely does."""

    paper_id: str = pa.Field(unique=True, **_PAPER_ID)
    upvotes: pl.Int32 = _number("Upvotes as last seen.")
    comments: pl.Int32 = _number("Comments as last seen; null where no comment link was shown.")
    github_stars: pl.Int32 = _number("GitHub stars as last seen in a listing.")
    first_seen_on: pl.Date = _day("Earliest capture date; null when no capture date is known.")
    last_seen_on: pl.Date = _day("Latest capture date; null when no capture date is known.")
    n_appearances: pl.Int32 = _number("Appearances of the paper.", ge=1, nullable=False)
    n_dumps: pl.Int32 = _number("Dumps that show it.", ge=1, nullable=False)


class Appearances(_Table):
    """One row a paper as one dump shows it, values as read, in order of entry."""

    appearance_id: str = _text(
        "First 16 hex of the dump's sha256, `:`, position.",
        nullable=False,
        unique=True,
        str_matches=_APPEARANCE_ID_PATTERN,
    )
    dump_id: str = _text("The dump it stands in.", nullable=False, str_matches=_DUMP_ID_PATTERN)
    position: pl.Int32 = _number("Position among the papers of the dump, from 1.", ge=1, nullable=False)
    line_start: pl.Int32 = _number("First line in the dump, from 1.", ge=1, nullable=False)
    line_end: pl.Int32 = _number("Last line in the dump, inclusive.", ge=1, nullable=False)
    paper_id: str = pa.Field(**_PAPER_ID)
    title_raw: str = _text("Title as read, without the blanks around it.", nullable=False)
    abstract_raw: str = _text("Abstract as read, without the blanks around it; wrapped lines joined by one newline.")
    arxiv_id: str = pa.Field(**_ARXIV, description="arXiv id as the listing linked it.")
    paper_url: str = _text("Page of the paper as linked.")
    upvotes: pl.Int32 = _number("Upvotes shown.")
    comments: pl.Int32 = _number("Comments shown; null where no comment link was.")
    github_url: str = _text("GitHub URL of the listing's own button.")
    github_stars: pl.Int32 = _number("GitHub stars shown.")
    n_authors: pl.Int32 = _number("Authors as counted there.", ge=1)
    organisation: str = _text("Organisation as named there.")
    submitted_by: str = _text("Submitter as named there.")
    published_raw: str = _text("Date of publication as written.")
    published_on: pl.Date = _day("Date of publication; null where its year is not known.")
    is_cut: bool = pa.Field(description="Whether the dump ends inside it, so that its last value may be cut.")
    match_rule: str = _text("How it was joined to its paper.", nullable=False, isin=MATCH_RULES)
    match_score: pl.Float32 = pa.Field(
        nullable=True,
        ge=0,
        le=100,
        description="RapidFuzz score of the abstracts, or titles where one is missing, 0-100; null where none counted.",
    )
    matched_with: str = _text("The appearance it was joined by; null for `new`.", str_matches=_APPEARANCE_ID_PATTERN)


class Links(_Table):
    """One row for each URL a paper gives."""

    paper_id: str = pa.Field(**_PAPER_ID)
    url: str = _text("Canonical URL; of a repository its root.", nullable=False)
    kind: str = _text("What the URL is, by its host and path.", nullable=False, isin=LINK_KINDS)
    repository: str = _text(
        "`owner/name`, in its most frequent spelling; null for other kinds.", str_matches=_REPOSITORY_PATTERN
    )
    subpath: str = _text("Path inside the repository.")
    ref: str = _text("Branch, tag or commit.")
    candidates: pl.List = _list("Repositories `owner/name` that it may mean, none of them sure; empty for most.")
    role: str = _text("What the link is to the paper.", nullable=False, isin=LINK_ROLES)
    confidence: pl.Float32 = pa.Field(ge=0, le=1, description="Confidence in `role`, 0-1.")
    evidence: pl.List = _list("Names of the rules that spoke for `role` or against it, sorted.")
    raw: str = _text("The URL as written, at its first sight; credentials masked.", nullable=False)
    repairs: pl.List = _list("Names of the repairs made to `raw`, in order.")
    found_in: str = _text("Where it stood at its first sight.", nullable=False, isin=("title", "abstract", "listing"))
    appearance_id: str = _text("The appearance of its first sight.", nullable=False, str_matches=_APPEARANCE_ID_PATTERN)
    n_appearances: pl.Int32 = _number("Appearances of the paper that give it.", ge=1, nullable=False)

    class Config:
        unique = ["paper_id", "url"]


class Repositories(_Table):
    """One row a GitHub repository, whatever way it was written."""

    repository_key: str = _text(
        "Lower-case `owner/name`.", nullable=False, unique=True, str_matches=r"^[a-z0-9-]+/[a-z0-9._-]+$"
    )
    owner: str = _text("Owner, as most often written.", nullable=False)
    name: str = _text("Name, as most often written.", nullable=False)
    url: str = _text("`https://github.com/owner/name`.", nullable=False, str_startswith="https://github.com/")
    n_papers: pl.Int32 = _number("Papers that link it.", ge=1, nullable=False)
    github_stars: pl.Int32 = _number("Stars as last seen beside it in a listing.")
    first_seen_on: pl.Date = _day("Earliest capture date of a paper that links it.")
    last_seen_on: pl.Date = _day("Latest capture date of a paper that links it.")


class Dumps(_Table):
    """One row a dump, in order of entry."""

    dump_id: str = _text("sha256 of its bytes.", nullable=False, unique=True, str_matches=_DUMP_ID_PATTERN)
    sequence: pl.Int32 = _number("Order in which it entered the store, from 1.", ge=1, nullable=False, unique=True)
    path: str = _text("Path below the raw folder, with `/`.", nullable=False)
    layout: str = _text("Layout that recognised it, `a+b` where its parts have several; null when none did.")
    page: str = _text("Kind of page.", nullable=False, isin=("search", "daily", "trending", "unknown"))
    query: str = _text("Query of a search page.")
    page_date_raw: str = _text("The page's own day, as written.")
    captured_on: pl.Date = _day("Capture date; null when nothing tells it.")
    source_url: str = _text("Address of the captured page.")
    licence: str = _text("Licence of the capture.")
    n_bytes: pl.Int64 = _number("Size.", nullable=False)
    n_lines: pl.Int32 = _number("Lines.", nullable=False)
    n_papers: pl.Int32 = _number("Blocks that are papers.", nullable=False)
    n_furniture: pl.Int32 = _number("Blocks of text we mean to ignore.", nullable=False)
    n_rejects: pl.Int32 = _number("Blocks that could not be read.", nullable=False)
    status: str = _text("Whether it was read.", nullable=False, isin=("read", "rejected", "retracted"))
    reason: str = _text("Why it was not read; null when it was.")


class Rejects(_Table):
    """Text that could not be read or would not be published, with the reason."""

    reject_id: str = _text(
        "First 16 hex of the dump's sha256, `:`, first line (0 for a whole dump without lines).",
        nullable=False,
        unique=True,
        str_matches=_APPEARANCE_ID_PATTERN,
    )
    dump_id: str = _text("The dump it stands in.", nullable=False, str_matches=_DUMP_ID_PATTERN)
    line_start: pl.Int32 = _number("First line, from 1; null where the dump has no lines.", ge=1)
    line_end: pl.Int32 = _number("Last line, inclusive.", ge=1)
    stage: str = _text("Stage that refused it.", nullable=False, isin=("read", "recognise", "extract"))
    reason: str = _text("Code of the reason.", nullable=False, isin=tuple(REJECT_REASONS))
    detail: str = _text("Expected against found.", nullable=False)
    text: str = _text("First 2,000 characters.", str_length={"min_value": 1, "max_value": 2000})


class Changes(_Table):
    """What differs in `papers` and `links` from the previous release; empty in the first."""

    table: str = _text("Table of the row.", nullable=False, isin=("papers", "links"))
    key: str = _text("Key of the row; parts joined by a blank.", nullable=False)
    column: str = _text("Column that differs; `*` for a whole row.", nullable=False)
    change: str = _text("Kind of difference.", nullable=False, isin=("added", "removed", "changed"))
    before: str = _text("Value before, as JSON.")
    after: str = _text("Value after, as JSON.")
    cause: str = _text("Why.", nullable=False, isin=CHANGE_CAUSES)

    class Config:
        unique = ["table", "key", "column"]


class IdHistory(_Table):
    """What became of every id ever published."""

    paper_id: str = pa.Field(**_PAPER_ID)
    event: str = _text("What happened.", nullable=False, isin=("created", "merged_into", "split_from", "retired"))
    other_id: str = _text("The paper it was merged into or split from.", str_matches=r"^pl-[0-9a-z]{12}$")
    release: pl.Int32 = _number("Number of the release in which it happened.", ge=1, nullable=False)
    reason: str = _text("Why.")

    class Config:
        unique = ["paper_id", "event", "release"]


@dataclass(frozen=True)
class Table:
    """One table of a release: its model, its key, and whether it counts for the content fingerprint."""

    name: str
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    is_content: bool = True

    @property
    def description(self) -> str:
        """What one row is."""
        return (self.model.__doc__ or "").strip()

    @property
    def polars_schema(self) -> pl.Schema:
        """Column name to Polars type, in contract order."""
        columns = self.model.to_schema().columns
        return pl.Schema({name: column.dtype.type for name, column in columns.items()})

    @property
    def descriptions(self) -> dict[str, str]:
        """Column name to its description."""
        return {name: column.description for name, column in self.model.to_schema().columns.items()}


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("papers", Papers, ("paper_id",)),
        Table("metrics", Metrics, ("paper_id",)),
        Table("appearances", Appearances, ("appearance_id",)),
        Table("links", Links, ("paper_id", "url")),
        Table("repositories", Repositories, ("repository_key",)),
        Table("dumps", Dumps, ("dump_id",)),
        Table("rejects", Rejects, ("reject_id",)),
        Table("changes", Changes, ("table", "key", "column"), is_content=False),
        Table("id_history", IdHistory, ("paper_id", "event", "release"), is_content=False),
    )
}
"""Every table of a release, in the order of the design."""
