"""Dumps to frames: read each, recognise its layout, split it into blocks, keep every value with its line numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.dump_lines import read_lines
from paperlake.dump_notes import DumpNote
from paperlake.dumps import Dump
from paperlake.errors import DumpError, LayoutError
from paperlake.layouts.facts import read_source
from paperlake.layouts.reading import Part, read_parts
from paperlake.layouts.values import read_day
from paperlake.links.credentials import CREDENTIALS_HINT, mask_credentials
from paperlake.records import Furniture, RawPaper, Reject
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.text_columns import repair_where

_MATCH_COLUMNS = ("paper_id", "match_rule", "match_score", "matched_with")
EXTRACTED_APPEARANCES = pl.Schema(
    {n: t for n, t in TABLES["appearances"].polars_schema.items() if n not in _MATCH_COLUMNS}
)
EXTRACTED_DUMPS = pl.Schema({n: t for n, t in TABLES["dumps"].polars_schema.items() if n != "sequence"})
EXTRACTED_REJECTS = TABLES["rejects"].polars_schema
_MOST_TEXT = 2_000
_WHOLE_PART = ("unknown_layout", "no_papers", "misread")
_LONG_VALUES = (attrgetter("title_raw"), attrgetter("abstract_raw"))
_NO_NOTE = DumpNote()
_NAMES = {"appearance_id", "dump_id", "reject_id", "path", "layout", "page", "status", "stage", "reason"}
"""Columns that hold no text of a page."""

Extracted = dict[str, pl.DataFrame]
"""Three frames by name: `appearances` (not yet matched), `dumps` (without their sequence) and `rejects`."""


def extract_dumps(
    dumps: Sequence[Dump], raw: Path, settings: Settings, notes: Mapping[str, DumpNote] | None = None
) -> Extracted:
    """What the dumps hold, in their order. A dump that cannot be read is one reject and a row with its reason.

    Args:
        dumps: the files.
        raw: folder that their paths are relative to.
        settings: limits.
        notes: what people wrote about dumps, by path; it wins over what a file name or the text says.

    Raises:
        ChangedDumpError: the file of a dump holds other bytes by now.
    """
    appearances: dict[str, list[Any]] = {name: [] for name in EXTRACTED_APPEARANCES}
    rows: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    for dump in dumps:
        note = (notes or {}).get(dump.path, _NO_NOTE)
        lines: list[str] = []
        try:
            lines = read_lines(raw / dump.file, dump.path, settings, dump)
            parts = read_parts(lines, dump.path, note.layout)
        except DumpError as error:
            rejects.append(_whole_dump_reject(dump, lines, error))
            rows.append(_set_aside(dump, lines, note, error))
            continue
        n_papers, found = 0, list[Reject]()
        for part in parts:
            papers, refused = _within_limits(part, settings)
            _add_papers(appearances, dump, papers, n_papers + 1, _captured_on(dump, part, note))
            n_papers += len(papers)
            found += refused
        rejected = list(_reject_rows(dump, lines, found))
        rejects.extend(rejected)
        rows.append(_dump_row(dump, lines, parts, note) | {"n_papers": n_papers, "n_rejects": len(rejected)})
    frames = {
        "appearances": pl.DataFrame(appearances, schema=EXTRACTED_APPEARANCES),
        "dumps": pl.DataFrame(rows, schema=EXTRACTED_DUMPS, orient="row"),
        "rejects": pl.DataFrame(rejects, schema=EXTRACTED_REJECTS, orient="row"),
    }
    return {name: _without_credentials(frame) for name, frame in frames.items()}


def _without_credentials(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the secrets of every address masked: the only values that are not kept as read."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String and name not in _NAMES]
    return frame.with_columns(repair_where(pl.col(texts), CREDENTIALS_HINT, mask_credentials))


def _within_limits(part: Part, settings: Settings) -> tuple[list[RawPaper], list[Reject]]:
    """Papers and rejects of a part; a paper with a value over the limit is one of these."""
    papers = [piece for piece in part.pieces if type(piece) is RawPaper]
    rejects = [piece for piece in part.pieces if type(piece) is Reject]
    most = settings.max_value_chars
    longest = max(_longest(map(value, papers)) for value in _LONG_VALUES)
    if longest <= most:
        return papers, rejects
    sizes = [max(len(paper.title_raw), len(paper.abstract_raw or "")) for paper in papers]
    detail = f"expected values of at most {most:,} characters (max_value_chars), found one of "
    rejects += [
        Reject(paper.block, "value_too_long", f"{detail}{size:,}")
        for paper, size in zip(papers, sizes, strict=True)
        if size > most
    ]
    return [paper for paper, size in zip(papers, sizes, strict=True) if size <= most], rejects


def _longest(values: Iterable[str | None]) -> int:
    return max(map(len, filter(None, values)), default=0)


def _add_papers(
    columns: dict[str, list[Any]], dump: Dump, papers: Sequence[RawPaper], position: int, captured_on: date | None
) -> None:
    """Nothing; appends the papers of a part to the columns, numbered from `position` on."""
    if not papers:
        return
    values = dict(zip(RawPaper._fields, zip(*papers, strict=True), strict=True))
    starts, ends = zip(*values.pop("block"), strict=True)
    positions = range(position, position + len(papers))
    columns["appearance_id"] += [f"{dump.dump_id[:16]}:{number}" for number in positions]
    columns["dump_id"] += [dump.dump_id] * len(papers)
    columns["position"] += positions
    columns["line_start"] += starts
    columns["line_end"] += ends
    columns["published_on"] += [raw and read_day(raw, captured_on) for raw in values["published_raw"]]
    for name, column in values.items():
        columns[name] += column


def _captured_on(dump: Dump, part: Part, note: DumpNote) -> date | None:
    return note.captured_on or dump.captured_on or part.facts.captured_on


def _dump_row(dump: Dump, lines: Sequence[str], parts: Sequence[Part], note: DumpNote) -> dict[str, Any]:
    """The row of a dump that was read; facts on which its parts do not agree are none of the dump's."""
    page, query = read_source(note.source_url or "")
    named = dict.fromkeys(part.layout for part in parts if part.layout)
    days = {_captured_on(dump, part, note) for part in parts}
    return _file_row(dump, lines, note) | {
        "layout": "+".join(named),
        "page": page if page != "unknown" else _agreed(part.facts.page for part in parts) or page,
        "query": query or _agreed(part.facts.query for part in parts),
        "page_date_raw": _agreed(part.facts.page_date_raw for part in parts),
        "captured_on": days.pop() if len(days) == 1 else None,
        "source_url": note.source_url or _agreed(part.facts.source_url for part in parts),
        "n_furniture": sum(list(map(type, part.pieces)).count(Furniture) for part in parts),
        "status": "read",
    }


def _agreed(values: Iterable[str | None]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _file_row(dump: Dump, lines: Sequence[str], note: DumpNote) -> dict[str, Any]:
    return {
        "dump_id": dump.dump_id,
        "path": dump.path,
        "source_url": note.source_url,
        "captured_on": note.captured_on or dump.captured_on,
        "licence": note.licence,
        "n_bytes": dump.n_bytes,
        "n_lines": len(lines),
    }


def _set_aside(dump: Dump, lines: Sequence[str], note: DumpNote, error: DumpError) -> dict[str, Any]:
    counts = {"n_papers": 0, "n_furniture": 0, "n_rejects": 1}
    layout = error.layout if isinstance(error, LayoutError) else None
    refused = {"page": "unknown", "layout": layout, "status": "rejected", "reason": error.reason}
    return _file_row(dump, lines, note) | counts | refused


def _whole_dump_reject(dump: Dump, lines: Sequence[str], error: DumpError) -> dict[str, Any]:
    stage = "recognise" if isinstance(error, LayoutError) else "read"
    start, end = (1, len(lines)) if lines else (None, None)
    return _reject_row(dump, stage, error.reason, error.detail, (start, end), "\n".join(lines[:_MOST_TEXT]))


def _reject_rows(dump: Dump, lines: Sequence[str], rejects: Sequence[Reject]) -> Iterator[dict[str, Any]]:
    """A row for each reject; those that begin on one line, as in JSON, are one row."""
    by_line: dict[int, list[Reject]] = {}
    for reject in rejects:
        by_line.setdefault(reject.block.line_start, []).append(reject)
    for start, (reject, *more) in sorted(by_line.items()):
        end = max(one.block.line_end for one in (reject, *more))
        stage = "recognise" if reject.reason in _WHOLE_PART else "extract"
        detail = reject.detail + (f" (and {len(more)} more on this line)" if more else "")
        yield _reject_row(dump, stage, reject.reason, detail, (start, end), "\n".join(lines[start - 1 : end]))


def _reject_row(
    dump: Dump, stage: str, reason: str, detail: str, span: tuple[int | None, int | None], text: str
) -> dict[str, Any]:
    return {
        "reject_id": f"{dump.dump_id[:16]}:{span[0] or 0}",
        "dump_id": dump.dump_id,
        "line_start": span[0],
        "line_end": span[1],
        "stage": stage,
        "reason": reason,
        "detail": f"{dump.path}{f':{span[0]}' if span[0] else ''}: {detail}",
        "text": text[:_MOST_TEXT].strip() or None,
    }
