"""What there is to see in one capture, as data: its parts, blocks, first records, rejects and coverage.

Every value comes from the functions that a build calls, so that what is seen here is what would be published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from paperlake.curation.correcting import correct
from paperlake.curation.corrections import Correction, place_corrections, read_corrections
from paperlake.dump_lines import read_lines
from paperlake.dump_notes import NOTES_FILE, DumpNote, read_notes
from paperlake.dumps import Dump, describe_dump, find_dumps
from paperlake.errors import DumpError, LayoutError
from paperlake.extract import Extracted, extract_dumps
from paperlake.layouts import LAYOUTS, find_layout
from paperlake.layouts.facts import PageFacts
from paperlake.layouts.layout import Recognition
from paperlake.layouts.reading import Part, first_lines, read_part, read_parts
from paperlake.layouts.wrapping import unquote, unwrap
from paperlake.normalise import find_appearance_links, normalise_appearances
from paperlake.records import Block, Furniture, RawPaper, Reject
from paperlake.release.coverage import FIELDS, measure_coverage
from paperlake.settings import Settings
from paperlake.vocabularies import LAYOUT_NAMES

_FIRST_LINES = 5
_SHOWN_TEXT = 60
_NOT_PUBLISHED = ("appearance_id", "abstract_key", "title_words", "title_is_cut", "sentences")


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One capture inside the dump; `layout` is None where none knows it, `is_read` False where it would give no paper.

    `answers` holds what each layout says of its first lines, by name; `first_lines` the first filled ones, by number.
    """

    layout: str | None
    why: str
    is_read: bool
    line_start: int
    line_end: int
    facts: dict[str, Any]
    answers: dict[str, Recognition]
    first_lines: dict[int, str]


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """One block: its lines, its `kind` (`paper`, `furniture`, `reject`), and the name or the reason it has.

    `text` is the title of a paper, else the first filled line; both cut to 60 characters.
    """

    line_start: int
    line_end: int
    kind: str
    label: str | None
    text: str
    is_published: bool
    """Whether it is a paper that a build would publish."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """One appearance: its values as read, beside them the clean ones, and the links found in it."""

    appearance_id: str
    line_start: int
    line_end: int
    raw: dict[str, Any]
    clean: dict[str, Any]
    links: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """Share 0-1 of the papers that show a field, and whether every layout of the dump promises to."""

    field: str
    share: float
    is_promised: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """All there is to see in one file.

    Attributes:
        file: path as given.
        dump: row of the table `dumps` that a build would add, but for its sequence.
        captured_from: where the day of capture comes from: `dumps.toml`, `file name` or `text`; None without a day.
        note: what people wrote about it in `dumps.toml`, and the layout that was asked for.
        parts: in their order; none where the file cannot be read as text.
        blocks: in the order of their lines; those of a part without papers as its layout would have made them.
        records: the first ones.
        rejects: rows of the table `rejects` that a build would add.
        coverage: a row a field; none without papers.
    """

    file: str
    dump: dict[str, Any]
    captured_from: str | None
    note: dict[str, str | None]
    parts: list[SeenPart]
    blocks: list[SeenBlock]
    records: list[SeenRecord]
    rejects: list[dict[str, Any]]
    coverage: list[FieldCoverage]

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self)


def inspect_dump(path: Path, settings: Settings, layout: str | None = None, n_records: int = 3) -> Inspection:
    """What a build would make of a file, wherever it lies; nothing is written.

    Args:
        path: the file; one below the raw folder is read with what `dumps.toml` says of it.
        settings: raw folder and limits.
        layout: name of the layout to read it with, whatever it looks like.
        n_records: most records to show.

    Raises:
        SettingsError: the file does not exist or cannot be read, or `dumps.toml` cannot be used.
        CorrectionError: `corrections.toml` cannot be used.
    """
    raw, dump = describe_dump(path, settings)
    note = _find_note(dump, raw, settings)
    note = replace(note, layout=layout) if layout else note
    frames = extract_dumps([dump], raw, settings, {dump.path: note})
    lines, parts = _read(dump, raw, settings, note)
    [row] = frames["dumps"].to_dicts()
    split = [_as_split(part, lines) for part in parts]
    return Inspection(
        file=path.as_posix(),
        dump=row,
        captured_from=_captured_from(dump, note, row["captured_on"]),
        note=note.as_dict(),
        parts=[_see_part(part, inside, lines) for part, inside in zip(parts, split, strict=True)],
        blocks=list(_see_blocks(split, lines, frames["appearances"])),
        records=_see_records(frames["appearances"].head(n_records), _find_corrections(dump, raw, settings)),
        rejects=frames["rejects"].to_dicts(),
        coverage=_see_coverage(frames, parts),
    )


def _find_note(dump: Dump, raw: Path, settings: Settings) -> DumpNote:
    """What people wrote about the bytes of the file, whatever its name: the same bytes are one dump."""
    if raw != settings.raw.resolve() or not (raw / NOTES_FILE).exists():
        return DumpNote()
    found = find_dumps(raw)
    notes = read_notes(raw, {one.path for one in found}, LAYOUT_NAMES)
    same = next((one.path for one in found if one.dump_id == dump.dump_id), None)
    return notes.get(same, DumpNote()) if same else DumpNote()


def _find_corrections(dump: Dump, raw: Path, settings: Settings) -> Sequence[Correction]:
    """What people corrected in the bytes of the file, whatever its name."""
    if raw != settings.raw.resolve():
        return ()
    names = [(one.path, one.dump_id) for one in (dump, *find_dumps(raw))]
    return place_corrections(read_corrections(raw), names)


def _captured_from(dump: Dump, note: DumpNote, captured_on: date | None) -> str | None:
    if captured_on is None:
        return None
    return NOTES_FILE if note.captured_on else "file name" if dump.captured_on else "text"


def _read(dump: Dump, raw: Path, settings: Settings, note: DumpNote) -> tuple[list[str], list[Part]]:
    """Lines and parts, as far as they can be read; a dump that is set aside is one part and one reject."""
    lines: list[str] = []
    try:
        lines = read_lines(raw / dump.path, dump.path, settings)
        return lines, read_parts(lines, dump.path, note.layout)
    except LayoutError as error:
        refusal = Reject(Block(1, len(lines)), error.reason, error.detail)
        return lines, [Part(error.layout, error.detail, refusal.block, [refusal], PageFacts())]
    except DumpError:
        return [], []


def _as_split(part: Part, lines: Sequence[str]) -> Part:
    """The part with the blocks that its layout makes, where a build keeps none of them since they hold too little."""
    if part.layout is None or _has_papers(part):
        return part
    start, end = part.block
    return read_part(unquote(lines), start - 1, end, find_layout(part.layout), part.why)


def _has_papers(part: Part) -> bool:
    return any(isinstance(piece, RawPaper) for piece in part.pieces)


def _see_part(part: Part, split: Part, lines: Sequence[str]) -> SeenPart:
    start, end = part.block
    sample = unwrap(first_lines(lines, start - 1, end)).lines
    answers = {layout.name: layout.recognise(sample) for layout in LAYOUTS}
    filled = ((number, line) for number, line in enumerate(lines[start - 1 : end], start) if line.strip())
    shown = {number: line[:_SHOWN_TEXT] for number, line in islice(filled, _FIRST_LINES)}
    return SeenPart(part.layout, part.why, _has_papers(part), start, end, split.facts._asdict(), answers, shown)


def _see_blocks(parts: Sequence[Part], lines: Sequence[str], appearances: pl.DataFrame) -> Iterator[SeenBlock]:
    published = set(appearances.select("line_start", "line_end", "title_raw").iter_rows())
    for part in parts:
        for piece in part.pieces:
            start, end = piece.block
            if isinstance(piece, RawPaper):
                is_published = (start, end, piece.title_raw) in published
                title = piece.title_raw.replace("\n", " ")[:_SHOWN_TEXT]
                yield SeenBlock(start, end, "paper", None, title, is_published)
                continue
            kind, label = ("furniture", piece.name) if isinstance(piece, Furniture) else ("reject", piece.reason)
            filled = (line.strip() for line in lines[start - 1 : end] if line.strip())
            yield SeenBlock(start, end, kind, label, next(filled, "")[:_SHOWN_TEXT], is_published=False)


def _see_records(appearances: pl.DataFrame, corrections: Sequence[Correction]) -> list[SeenRecord]:
    corrected = correct(appearances, corrections)
    cleaned = normalise_appearances(corrected).drop(_NOT_PUBLISHED).to_dicts()
    links: dict[str, list[dict[str, Any]]] = {}
    for link in find_appearance_links(corrected).to_dicts():
        links.setdefault(link.pop("appearance_id"), []).append(link)
    return [
        SeenRecord(
            row["appearance_id"],
            row["line_start"],
            row["line_end"],
            {name: value for name, value in row.items() if name in RawPaper._fields},
            clean | {"published_on": day},
            links.get(row["appearance_id"], []),
        )
        for row, clean, day in zip(appearances.to_dicts(), cleaned, corrected["published_on"], strict=True)
    ]


def _see_coverage(frames: Extracted, parts: Sequence[Part]) -> list[FieldCoverage]:
    # What only one layout of a dump promises may well be absent from its other parts.
    shown = [find_layout(part.layout).shows for part in parts if part.layout]
    rows = measure_coverage(frames).to_dicts()
    return [FieldCoverage(name, row[name], all(name in names for names in shown)) for row in rows for name in FIELDS]
