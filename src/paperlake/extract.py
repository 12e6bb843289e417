"""Dumps to frames: recognise the layout, split into blocks, keep every value with its line numbers."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.dumps import Dump, read_lines
from paperlake.errors import DumpError, LayoutError
from paperlake.layouts import recognise_layout
from paperlake.records import Furniture, Piece, RawPaper, Reject
from paperlake.schemas import TABLES
from paperlake.settings import Settings

_MATCH_COLUMNS = ("paper_id", "match_rule", "match_score", "matched_with")
EXTRACTED_APPEARANCES = pl.Schema(
    {n: t for n, t in TABLES["appearances"].polars_schema.items() if n not in _MATCH_COLUMNS}
)
EXTRACTED_DUMPS = pl.Schema({n: t for n, t in TABLES["dumps"].polars_schema.items() if n != "sequence"})
EXTRACTED_REJECTS = TABLES["rejects"].polars_schema
_LISTING = tuple(field.name for field in fields(RawPaper) if field.name != "block")
_MOST_TEXT = 2_000
_FEWEST_MISREAD = 5
_MOST_REJECTS_A_PAPER = 2
"""Abstracts wrapped over many lines give ten rejects a paper, and papers whose titles are lines of abstracts."""

Extracted = dict[str, pl.DataFrame]
"""Three frames by name: `appearances` (not yet matched), `dumps` (without their sequence) and `rejects`."""


def extract_dumps(dumps: Sequence[Dump], raw: Path, settings: Settings) -> Extracted:
    """What the dumps hold, in their order. A dump that cannot be read is one reject and a row with its reason."""
    rows: dict[str, list[dict[str, Any]]] = {"appearances": [], "dumps": [], "rejects": []}
    for dump in dumps:
        _extract_dump(dump, raw, settings, rows)
    return {
        "appearances": pl.DataFrame(rows["appearances"], schema=EXTRACTED_APPEARANCES, orient="row"),
        "dumps": pl.DataFrame(rows["dumps"], schema=EXTRACTED_DUMPS, orient="row"),
        "rejects": pl.DataFrame(rows["rejects"], schema=EXTRACTED_REJECTS, orient="row"),
    }


def _extract_dump(dump: Dump, raw: Path, settings: Settings, rows: dict[str, list[dict[str, Any]]]) -> None:
    lines: list[str] = []
    layout_name = None
    pieces: list[Piece] = []
    try:
        lines = read_lines(raw / dump.path, dump.path, settings)
        layout, answers = recognise_layout(lines)
        if layout is None:
            detail = "; ".join(dict.fromkeys(answer.why for answer in answers))
            raise LayoutError(dump.path, "unknown_layout", f"no layout recognises it: {detail}")
        layout_name = layout.name
        pieces = layout.split(lines)
        check_conservation(lines, pieces, dump.path)
        _check_yield(dump.path, layout.name, pieces)
    except DumpError as error:
        rows["rejects"].append(_whole_dump_reject(dump, lines, error))
        rows["dumps"].append(_dump_row(dump, lines, layout_name, [], 1, error.reason))
        return
    rows["appearances"].extend(_appearance_rows(dump, pieces))
    rejects = [piece for piece in pieces if isinstance(piece, Reject)]
    rows["rejects"].extend(_reject_row(dump, lines, reject) for reject in rejects)
    rows["dumps"].append(_dump_row(dump, lines, layout_name, pieces, len(rejects), None))


def _check_yield(name: str, layout: str, pieces: Sequence[Piece]) -> None:
    """Nothing, when the layout gave what it promises; else a whole dump is better set aside than half misread."""
    n_papers = sum(isinstance(piece, RawPaper) for piece in pieces)
    n_rejects = sum(isinstance(piece, Reject) for piece in pieces)
    if not n_papers:
        raise LayoutError(name, "no_papers", f"layout '{layout}' promises papers, found none")
    if n_rejects >= _FEWEST_MISREAD and n_rejects > _MOST_REJECTS_A_PAPER * n_papers:
        detail = f"layout '{layout}' expected few rejects, found {n_rejects} beside {n_papers} paper(s)"
        raise LayoutError(name, "misread", detail)


def check_conservation(lines: Sequence[str], pieces: Sequence[Piece], name: str) -> None:
    """Nothing, when every non-blank line stands in exactly one block; a bug of ours otherwise.

    Raises:
        AssertionError: with the first line that is lost or taken twice.
    """
    taken = bytearray(len(lines) + 2)
    for piece in pieces:
        for number in range(piece.block.line_start, piece.block.line_end + 1):
            if taken[number] and lines[number - 1].strip():
                raise AssertionError(f"{name}:{number}: line stands in two blocks")
            taken[number] = 1
    for number, line in enumerate(lines, start=1):
        if not taken[number] and line.strip():
            raise AssertionError(f"{name}:{number}: line stands in no block")


def _appearance_rows(dump: Dump, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    papers = [piece for piece in pieces if isinstance(piece, RawPaper)]
    return [
        {
            "appearance_id": f"{dump.dump_id[:16]}:{position}",
            "dump_id": dump.dump_id,
            "position": position,
            "line_start": paper.block.line_start,
            "line_end": paper.block.line_end,
            **{name: getattr(paper, name) for name in _LISTING},
            "published_on": None,
        }
        for position, paper in enumerate(papers, start=1)
    ]


def _dump_row(
    dump: Dump, lines: Sequence[str], layout: str | None, pieces: Sequence[Piece], n_rejects: int, reason: str | None
) -> dict[str, Any]:
    furniture = [piece for piece in pieces if isinstance(piece, Furniture)]
    return {
        "dump_id": dump.dump_id,
        "path": dump.path,
        "layout": layout,
        "page": "unknown",
        "page_date_raw": next((piece.text for piece in furniture if piece.name == "page_date"), None),
        "captured_on": dump.captured_on,
        "n_bytes": dump.n_bytes,
        "n_lines": len(lines),
        "n_papers": sum(isinstance(piece, RawPaper) for piece in pieces),
        "n_furniture": len(furniture),
        "n_rejects": n_rejects,
        "status": "rejected" if reason else "read",
        "reason": reason,
    }


def _whole_dump_reject(dump: Dump, lines: Sequence[str], error: DumpError) -> dict[str, Any]:
    stage = "recognise" if isinstance(error, LayoutError) else "read"
    start, end = (1, len(lines)) if lines else (None, None)
    return _reject(dump, stage, error.reason, error.detail, (start, end), "\n".join(lines[:_MOST_TEXT]))


def _reject_row(dump: Dump, lines: Sequence[str], reject: Reject) -> dict[str, Any]:
    block = reject.block
    text = "\n".join(lines[block.line_start - 1 : block.line_end])
    return _reject(dump, "extract", reject.reason, reject.detail, (block.line_start, block.line_end), text)


def _reject(
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
        "text": text[:_MOST_TEXT] or None,
    }
