"""api_json: the answer of `/api/daily_papers` or of a search, indented or all on one line; fragments of it, too."""

import re
from collections.abc import Sequence

from paperlake.layouts.layout import Recognition
from paperlake.layouts.paper_json import find_pieces
from paperlake.records import Piece

_SAMPLE = 64_000
_OPENS_JSON = re.compile(r'\[\s*+[\[{]|\{\s*+"')
_WRAPPED = re.compile(r'\{\s*+"paper"\s*+:\s*+\{\s*+"')
_KEYS_OF_A_PAPER = ('"id"', '"title"', '"summary"')


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether the lines are JSON with papers: an array, an object, or a fragment with the start of a record in it."""
    sample = "\n".join(lines)[:_SAMPLE].lstrip("\ufeff \t\r\n")
    is_json = _OPENS_JSON.match(sample) is not None
    if is_json and ('"paper"' in sample or all(key in sample for key in _KEYS_OF_A_PAPER)):
        return Recognition(True, "JSON with the keys of papers")
    if not sample.startswith("<") and "data-props=" not in sample and _holds_record(sample):
        return Recognition(True, "part of a JSON array of papers, or text around one")
    return Recognition(False, 'expected JSON with the key "paper", or with "id", "title" and "summary"')


def _holds_record(sample: str) -> bool:
    return '"paper"' in sample and '"title"' in sample and _WRAPPED.search(sample) is not None


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a JSON dump; papers of one line share it."""
    return find_pieces("\n".join(lines))
