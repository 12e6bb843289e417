"""Peer: rensa, MinHash and LSH in Rust, with one index over titles and one over abstracts or authors.

python rensa_peer.py IN.parquet OUT.parquet
"""

from collections.abc import Iterator
from itertools import chain

import polars as pl
from minhash_pairs import N_BANDS, N_PERMUTATIONS, pair_frame, score, second_sets, title_sets
from peer_run import run
from rensa import RMinHash, RMinHashLSH

THRESHOLD = 0.55
"""Best pair F1 for records with abstracts, among steps of 0.05 on one seed of invented papers; 0.75 with authors."""
SEED = 7


def hash_sets(sets: list[list[str]]) -> Iterator[RMinHash | None]:
    """The MinHash of each set, None of an empty one: two empty sets are not alike."""
    hashes = RMinHash.from_token_sets(sets, num_perm=N_PERMUTATIONS, seed=SEED)
    return (one if words else None for one, words in zip(hashes, sets, strict=True))


def candidates(hashes: list[RMinHash | None]) -> Iterator[tuple[int, int]]:
    """Pairs of numbers of rows whose hashes share a band, each once."""
    rows = [row for row, one in enumerate(hashes) if one is not None]
    given = [one for one in hashes if one is not None]
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=N_PERMUTATIONS, num_bands=N_BANDS)
    index.insert_many(given)
    for here, found in enumerate(index.query_all(given)):
        yield from ((rows[here], rows[there]) for there in found if there > here)


def likeness(hashes: list[RMinHash | None], left: int, right: int) -> float | None:
    """The estimate of Jaccard of two rows; None where one of them has nothing to compare."""
    one, other = hashes[left], hashes[right]
    return None if one is None or other is None else one.jaccard(other)


def link(records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The pairs whose score by MinHash is at least the threshold."""
    titles, seconds = ([*hash_sets(sets(records))] for sets in (title_sets, second_sets))
    found = pair_frame(chain(candidates(titles), candidates(seconds)))
    alike = [(likeness(titles, *pair), likeness(seconds, *pair)) for pair in found.iter_rows()]
    scores = pl.DataFrame(alike, schema={"title": pl.Float64, "second": pl.Float64}, orient="row")
    scored = found.hstack(scores).with_columns(score(pl.col("title"), pl.col("second")).alias("score"))
    return scored.filter(pl.col("score") >= threshold).select("left", "right", "score")


if __name__ == "__main__":
    run(link, THRESHOLD, __doc__)
