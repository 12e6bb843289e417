"""What the sample dumps of a layout say: `tests/cases/layouts/NAME/*.expected.json`, one beside each `*.txt`.

    python -m tests.layout_cases NAME

writes those that are missing from what the layout reads. That is a draft: a person must check every value against the
dump, else the test proves only that the layout reads as it reads.

    {"papers": [{"position": 1, "title_raw": "On Socks", "upvotes": 0, "line_start": 4, "line_end": 9}],
     "rejects": [[11, 12, "missing_title"]]}

`position` counts the papers of the dump from 1; `line_start` and `line_end` are those of the paper's block, from 1 and
inclusive. Every field of `RawPaper` stands there that is not None, counts of 0 too; `is_cut` only where it is true. A
reject is its first line, its last line and its reason.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from paperlake.dump_lines import read_lines
from paperlake.layouts.reading import Part, read_parts
from paperlake.records import Piece, RawPaper, Reject
from paperlake.settings import Settings

CASES = Path(__file__).parent / "cases" / "layouts"


def read_case(dump: Path) -> list[Part]:
    """The parts of a sample dump, each recognised as a build would."""
    return read_parts(read_lines(dump, dump.name, Settings()), dump.name)


def expected_file(dump: Path) -> Path:
    """The file that says what a sample dump holds."""
    return dump.with_suffix(".expected.json")


def as_expected(pieces: Iterable[Piece]) -> dict[str, list]:
    """Papers and rejects in the form of the expected files.

    >>> from paperlake.records import Block
    >>> as_expected([RawPaper(Block(4, 9), "On Socks", upvotes=0), Reject(Block(11, 12), "missing_title", "...")])
    ... # doctest: +NORMALIZE_WHITESPACE
    {'papers': [{'position': 1, 'title_raw': 'On Socks', 'upvotes': 0, 'line_start': 4, 'line_end': 9}],
     'rejects': [[11, 12, 'missing_title']]}
    """
    pieces = list(pieces)
    papers = [piece for piece in pieces if isinstance(piece, RawPaper)]
    rejects = [[*piece.block, piece.reason] for piece in pieces if isinstance(piece, Reject)]
    return {"papers": [_paper(paper, at) for at, paper in enumerate(papers, start=1)], "rejects": rejects}


def _paper(paper: RawPaper, position: int) -> dict:
    values = {name: value for name, value in paper._asdict().items() if name != "block" and value is not None}
    if not paper.is_cut:
        del values["is_cut"]
    return {"position": position, **values, **paper.block._asdict()}


def write_missing(folder: Path) -> list[Path]:
    """The expected files that it wrote: those of the folder's dumps that had none.

    Raises:
        LayoutError: no layout recognises a dump, or no paper was found in it.
        SystemExit: another layout than that of the folder's name recognises a dump.
    """
    written = []
    for dump in sorted(folder.glob("*.txt")):
        file = expected_file(dump)
        if file.exists():
            continue
        parts = read_case(dump)
        if other := {str(part.layout) for part in parts} - {folder.name}:
            raise SystemExit(
                f"{dump}: expected layout {folder.name}, found {', '.join(sorted(other))} as well or instead"
            )
        expected = as_expected(piece for part in parts for piece in part.pieces)
        file.write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(file)
    return written


def main() -> None:
    names = sys.argv[1:]
    if len(names) != 1 or not (CASES / names[0]).is_dir():
        raise SystemExit(f"usage: python -m tests.layout_cases NAME, where {CASES}/NAME holds the sample dumps")
    written = write_missing(CASES / names[0])
    sys.stdout.write("".join(f"wrote {file}\n" for file in written) or "every dump has its expected file already\n")
    if written:
        sys.stdout.write(
            "These are what the layout reads, right or wrong: check every value against the dump by hand.\n"
        )


if __name__ == "__main__":
    main()
