"""The contract: the nine tables of a release, each column with its type, range and description.

One place for all of it: Pandera checks frames against it (`validate.py`), `contract.yaml` and the README's table of
columns are generated from it, and the Parquet files carry the descriptions.
"""

import polars as pl

from paperlake.tables import Column, Table, count, day, share, text, texts, word
from paperlake.vocabularies import CHANGE_CAUSES, LINK_KINDS, LINK_ROLES, MATCH_RULES, REJECT_REASONS

CONTRACT_VERSION = "2.1.1"
"""Semantic version of the tables: major breaks a reader, minor adds, patch is words."""

_PAPER_ID = r"^pl-[0-9a-z]{12}$"
_APPEARANCE_ID = r"^[0-9a-f]{16}:[0-9]+$"
_ARXIV_ID = r"^([0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})$"
_REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$"
_DUMP_ID = r"^[0-9a-f]{64}$"


def _paper_id(*, unique: bool = False) -> Column:
    return Column("paper_id", pl.String(), "Stable id of the paper; never reused.", unique=unique, pattern=_PAPER_ID)


def _arxiv_id(description: str) -> Column:
    return Column("arxiv_id", pl.String(), description, nullable=True, pattern=_ARXIV_ID)


_TABLES = (
    Table(
        "papers",
        "One row a paper, in order of first appearance.",
        ("paper_id",),
        (
            _paper_id(unique=True),
            text(
                "title",
                "Title for people: Unicode NFC, only certain repairs; wording, capitals and spelling as the authors "
                "wrote.",
                nullable=False,
            ),
            text("title_key", "What the spellings of one title have in common; null for a title without letters."),
            text("abstract", "Abstract, cleaned; null when no dump gave one."),
            _arxiv_id("arXiv id without version; null when no dump gave one."),
            text("doi", "DOI, lower case; null when no dump gave one.", prefix="10."),
            text("paper_url", "Page of the paper as its listing linked it.", prefix="http"),
            day("published_on", "Date of publication; null when no dump decides it."),
            text("organisation", "Organisation as the listing named it."),
            text("submitted_by", "Who submitted the paper to the listing."),
            count("n_authors", "Authors as the listing counted them.", minimum=1),
            text(
                "repository",
                "`owner/name` of the best official repository with a confidence of 0.8 or more that something says is "
                "the paper's own; null where there is none.",
                pattern=_REPOSITORY,
            ),
            share("repository_confidence", "Confidence in `repository`, 0-1; null with it."),
            texts("repositories", "Every GitHub repository its links name, `owner/name`, the most official first."),
            text("first_appearance_id", "The appearance its id comes from.", nullable=False, pattern=_APPEARANCE_ID),
            texts(
                "flags",
                "What was seen and left, sorted: `math_damaged`, `no_abstract`, `conflicting_ids`, `bilingual`, ...",
            ),
        ),
    ),
    Table(
        "metrics",
        "How each paper was seen; changes with every dump while `papers` rarely does.",
        ("paper_id",),
        (
            _paper_id(unique=True),
            count("upvotes", "Upvotes as last seen."),
            count("comments", "Comments as last seen; null where no comment link was shown."),
            count("github_stars", "GitHub stars as last seen in a listing."),
            day("first_seen_on", "Earliest capture date; null when no capture date is known."),
            day("last_seen_on", "Latest capture date; null when no capture date is known."),
            count("n_appearances", "Appearances of the paper.", nullable=False, minimum=1),
            count("n_dumps", "Dumps that show it.", nullable=False, minimum=1),
        ),
    ),
    Table(
        "appearances",
        "One row a paper as one dump shows it, values as read, in order of entry.",
        ("appearance_id",),
        (
            text(
                "appearance_id",
                "First 16 hex of the dump's sha256, `:`, position.",
                nullable=False,
                unique=True,
                pattern=_APPEARANCE_ID,
            ),
            text("dump_id", "The dump it stands in.", nullable=False, pattern=_DUMP_ID),
            count("position", "Position among the papers of the dump, from 1.", nullable=False, minimum=1),
            count("line_start", "First line in the dump, from 1.", nullable=False, minimum=1),
            count("line_end", "Last line in the dump, inclusive.", nullable=False, minimum=1),
            _paper_id(),
            text("title_raw", "Title as read, without the blanks around it.", nullable=False),
            text(
                "abstract_raw", "Abstract as read, without the blanks around it; wrapped lines joined by one newline."
            ),
            _arxiv_id("arXiv id as the listing linked it."),
            text("paper_url", "Page of the paper as linked."),
            count("upvotes", "Upvotes shown."),
            count("comments", "Comments shown; null where no comment link was."),
            text("github_url", "GitHub URL of the listing's own button."),
            count("github_stars", "GitHub stars shown."),
            count("n_authors", "Authors as counted there.", minimum=1),
            text("organisation", "Organisation as named there."),
            text("submitted_by", "Submitter as named there."),
            text("published_raw", "Date of publication as written."),
            day("published_on", "Date of publication; null where its year is not known."),
            Column("is_cut", pl.Boolean(), "Whether the dump ends inside it, so that its last value may be cut."),
            word("match_rule", "How it was joined to its paper.", MATCH_RULES),
            share(
                "match_score",
                "RapidFuzz score of the abstracts, or titles where one is missing, 0-100; null where none counted.",
                maximum=100,
            ),
            text("matched_with", "The appearance it was joined by; null for `new`.", pattern=_APPEARANCE_ID),
        ),
    ),
    Table(
        "links",
        "One row for each URL a paper gives.",
        ("paper_id", "url"),
        (
            _paper_id(),
            text("url", "Canonical URL; of a repository its root.", nullable=False),
            word("kind", "What the URL is, by its host and path.", LINK_KINDS),
            text(
                "repository", "`owner/name`, in its most frequent spelling; null for other kinds.", pattern=_REPOSITORY
            ),
            text("subpath", "Path inside the repository."),
            text("ref", "Branch, tag or commit."),
            texts("candidates", "Repositories `owner/name` that it may mean, none of them sure; empty for most."),
            word("role", "What the link is to the paper.", LINK_ROLES),
            share("confidence", "Confidence in `role`, 0-1.", nullable=False),
            texts("evidence", "Names of the rules that spoke for `role` or against it, sorted."),
            text("raw", "The URL as written, at its first sight; credentials masked.", nullable=False),
            texts("repairs", "Names of the repairs made to `raw`, in order."),
            word("found_in", "Where it stood at its first sight.", ("title", "abstract", "listing")),
            text("appearance_id", "The appearance of its first sight.", nullable=False, pattern=_APPEARANCE_ID),
            count("n_appearances", "Appearances of the paper that give it.", nullable=False, minimum=1),
        ),
    ),
    Table(
        "repositories",
        "One row a GitHub repository, whatever way it was written.",
        ("repository_key",),
        (
            text(
                "repository_key",
                "Lower-case `owner/name`.",
                nullable=False,
                unique=True,
                pattern=r"^[a-z0-9-]+/[a-z0-9._-]+$",
            ),
            text("owner", "Owner, as most often written.", nullable=False),
            text("name", "Name, as most often written.", nullable=False),
            text("url", "`https://github.com/owner/name`.", nullable=False, prefix="https://github.com/"),
            count("n_papers", "Papers that link it.", nullable=False, minimum=1),
            count("github_stars", "Stars as last seen beside it in a listing."),
            day("first_seen_on", "Earliest capture date of a paper that links it."),
            day("last_seen_on", "Latest capture date of a paper that links it."),
        ),
    ),
    Table(
        "dumps",
        "One row a dump, in order of entry.",
        ("dump_id",),
        (
            text("dump_id", "sha256 of its bytes.", nullable=False, unique=True, pattern=_DUMP_ID),
            count("sequence", "Order in which it entered the store, from 1.", nullable=False, unique=True, minimum=1),
            text("path", "Path below the raw folder, with `/`.", nullable=False),
            text("layout", "Layout that recognised it, `a+b` where its parts have several; null when none did."),
            word("page", "Kind of page.", ("search", "daily", "trending", "unknown")),
            text("query", "Query of a search page."),
            text("page_date_raw", "The page's own day, as written."),
            day("captured_on", "Capture date; null when nothing tells it."),
            text("source_url", "Address of the captured page."),
            text("licence", "Licence of the capture."),
            count("n_bytes", "Size.", nullable=False, dtype=pl.Int64()),
            count("n_lines", "Lines.", nullable=False),
            count("n_papers", "Blocks that are papers.", nullable=False),
            count("n_furniture", "Blocks of text we mean to ignore.", nullable=False),
            count("n_rejects", "Blocks that could not be read.", nullable=False),
            word("status", "Whether it was read.", ("read", "rejected", "retracted")),
            text("reason", "Why it was not read; null when it was."),
        ),
    ),
    Table(
        "rejects",
        "Text that could not be read or would not be published, with the reason.",
        ("reject_id",),
        (
            text(
                "reject_id",
                "First 16 hex of the dump's sha256, `:`, first line (0 for a whole dump without lines).",
                nullable=False,
                unique=True,
                pattern=_APPEARANCE_ID,
            ),
            text("dump_id", "The dump it stands in.", nullable=False, pattern=_DUMP_ID),
            count("line_start", "First line, from 1; null where the dump has no lines.", minimum=1),
            count("line_end", "Last line, inclusive.", minimum=1),
            word("stage", "Stage that refused it.", ("read", "recognise", "extract")),
            word("reason", "Code of the reason.", tuple(REJECT_REASONS)),
            text("detail", "Expected against found.", nullable=False),
            text("text", "First 2,000 characters.", max_length=2000),
        ),
    ),
    Table(
        "changes",
        "What differs in `papers` and `links` from the previous release; empty in the first.",
        ("table", "key", "column"),
        (
            word("table", "Table of the row.", ("papers", "links")),
            text("key", "Key of the row; parts joined by a blank.", nullable=False),
            text("column", "Column that differs; `*` for a whole row.", nullable=False),
            word("change", "Kind of difference.", ("added", "removed", "changed")),
            text("before", "Value before, as JSON."),
            text("after", "Value after, as JSON."),
            word("cause", "Why.", tuple(CHANGE_CAUSES)),
        ),
        is_content=False,
    ),
    Table(
        "id_history",
        "What became of every id ever published.",
        ("paper_id", "event", "release"),
        (
            _paper_id(),
            word("event", "What happened.", ("created", "merged_into", "split_from", "retired")),
            text("other_id", "The paper it was merged into or split from.", pattern=_PAPER_ID),
            count("release", "Number of the release in which it happened.", nullable=False, minimum=1),
            text("reason", "Why."),
        ),
        is_content=False,
    ),
)
TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
"""Every table of a release, in the order of the design."""
