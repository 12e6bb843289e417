"""Which links of a paper stand where they stand only because people corrected a value."""

from collections.abc import Mapping, Sequence

import polars as pl

from paperlake.curation.correcting import correct
from paperlake.curation.corrections import Correction
from paperlake.extract import EXTRACTED_APPEARANCES
from paperlake.normalise import find_appearance_links

Sight = tuple[str, str, str]
"""`appearance_id`, `found_in` and `raw` of a link: where it was seen, and as what."""


def find_link_corrections(
    rows: pl.DataFrame, corrections: Sequence[Correction]
) -> Mapping[Sight, tuple[Correction, ...]]:
    """The corrections of every link that would not be found without them; other links are not in it.

    Args:
        rows: of `appearances`, values as read.
        corrections: those of the release.
    """
    dumps = set(rows["dump_id"])
    own = [one for one in corrections if one.dump_id in dumps]
    if not own:
        return {}
    appearances = rows.select(EXTRACTED_APPEARANCES.names())
    seen = _find_sights(correct(appearances, own))
    made: dict[Sight, tuple[Correction, ...]] = {}
    for number, one in enumerate(own):
        others = own[:number] + own[number + 1 :]
        for sight in seen - _find_sights(correct(appearances, others)):
            made[sight] = (*made.get(sight, ()), one)
    return made


def _find_sights(appearances: pl.DataFrame) -> set[Sight]:
    found = find_appearance_links(appearances).select("appearance_id", "found_in", "raw")
    return {(appearance_id, found_in, raw) for appearance_id, found_in, raw in found.iter_rows()}
