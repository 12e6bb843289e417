"""Why a correction does not fit, in words: what it expected and where, what stands there, and what to do."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from rapidfuzz import fuzz

from paperlake.curation.corrections import TEXTS, Correction

DONE_OR_ELSEWHERE = "If it was put right at its source, remove the entry; if not, check `line` and `from`."
_SHOWN_CHARS, _SHOWN_PASSAGE = 80, 240
_LEAST_TELLING = 4
"""Characters: less than that stands in many words, whatever they were corrected to."""
_LIKENESS = 0.85
"""Of two paths, as difflib measures it: the least for a suggestion."""


def dump_fault(correction: Correction, paths: Collection[str]) -> str:
    """Why a correction names no dump."""
    if correction.dump_ids:
        ids = ", ".join(dump_id[:16] for dump_id in correction.dump_ids)
        return (
            f"expected one dump, found {len(correction.dump_ids)} named '{correction.dump}'. Name it by sha256: {ids}."
        )
    close = get_close_matches(correction.dump, paths, n=1, cutoff=_LIKENESS)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    expected = "expected a dump of the store or the raw folder"
    return f"{expected}, found '{correction.dump}'. {hint}Mend it, or remove the entry."


def words_fault(correction: Correction, values: Sequence[str]) -> str:
    """Why the words are not there: they may be right by now, are broken over lines, or others."""
    wrong, right = correction.wrong, correction.right
    expected = expected_words(correction)
    if correction.column not in TEXTS:
        return _value_fault(correction, values)
    nearest = shortened(_find_nearest(wrong, values), _SHOWN_PASSAGE)
    if len(right) >= _LEAST_TELLING and any(right in shown for shown in values):
        return f"{expected}, found {shortened(right)} there, and nearest to it {nearest}. {DONE_OR_ELSEWHERE}"
    if any(" ".join(wrong.split()) in " ".join(shown.split()) for shown in values):
        return rf"{expected}, found it with other blanks. Where a wrapped line ends, write \n."
    if not any(values):
        return f"{expected}, found nothing. Mend `line`, or remove the entry."
    return f"{expected}, found nothing nearer than {nearest}. Mend `line` or `from`, or remove the entry."


def _value_fault(correction: Correction, values: Sequence[str]) -> str:
    """The same of a column whose values are named as a whole."""
    expected = expected_words(correction)
    if correction.right in values:
        return f"{expected}, found {shortened(correction.right)} already. {DONE_OR_ELSEWHERE}"
    found = " and ".join(shortened(shown) for shown in values[:3])
    return f"{expected}, found {found}. Mend `line` or `from`, or remove the entry."


def expected_words(correction: Correction) -> str:
    """What a correction expects, and where."""
    wrong = shortened(correction.wrong)
    return f"expected {wrong} in `{correction.column}` on line {correction.line} of '{correction.dump}'"


def _find_nearest(words: str, values: Sequence[str]) -> str:
    """The passage, of whole words, that is most like some words; nothing where there is no text."""
    found = [(place, shown) for shown in values if shown and (place := fuzz.partial_ratio_alignment(words, shown))]
    if not found:
        return ""
    place, shown = max(found, key=lambda one: one[0].score)
    start, end = place.dest_start, place.dest_end
    while start < end and shown[start].isspace():
        start += 1
    while start and not shown[start - 1].isspace():
        start -= 1
    while end > start and shown[end - 1].isspace():
        end -= 1
    while end < len(shown) and not shown[end].isspace():
        end += 1
    return shown[start:end]


def shortened(text: str, most: int = _SHOWN_CHARS) -> str:
    """A value as messages show it."""
    return repr(text if len(text) <= most else text[: most - 3] + "...") if text else "nothing"
