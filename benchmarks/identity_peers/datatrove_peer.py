"""Peer: datatrove, the MinHash deduplication of web pages, once over titles and once over abstracts or authors.

Nothing checks the pairs that share a bucket, as the package is made: hashes a bucket say how alike two texts must be. A
pair of abstracts is found by groups of three words, a pair of titles by single words with a higher threshold.

    python datatrove_peer.py IN.parquet OUT.parquet
"""

import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.utils.logging import logger
from datatrove.utils.text import TextNormConfig
from peer_run import run

THRESHOLD = 0.95
"""Of titles: best pair F1 with the abstracts' on one seed of invented papers."""
SECOND_BELOW = 0.35
"""How much less alike abstracts may be than titles: they are cut and edited."""
N_BUCKETS = 20
TITLE_WORDS = 1
SECOND_WORDS = 3
_ENDS = np.dtype([("left_file", "<u4"), ("left", "<u4"), ("right_file", "<u4"), ("right", "<u4")])


def configure(threshold: float, n_words: int) -> MinhashConfig:
    """Buckets that two texts of that Jaccard share about every other time; numbers count, as versions do."""
    n_hashes = max(1, round(math.log(1 / N_BUCKETS) / math.log(threshold)))
    norm = TextNormConfig(norm_numbers=False)
    return MinhashConfig(n_grams=n_words, num_buckets=N_BUCKETS, hashes_per_bucket=n_hashes, norm_config=norm)


def documents(texts: list[str]) -> Iterator[Document]:
    """The texts as the package reads them."""
    return (Document(text=text, id=str(number)) for number, text in enumerate(texts))


def read_pairs(folder: Path) -> np.ndarray:
    """The pairs of numbers of documents in the files of all buckets, as they stand."""
    return np.concatenate([np.fromfile(path, dtype=_ENDS) for path in sorted(folder.glob("*.dups"))])


def duplicates(rows: pl.Series, texts: list[str], config: MinhashConfig) -> pl.DataFrame:
    """Pairs of rows whose texts share a bucket, with how many: its first two stages, one process, files in between."""
    with TemporaryDirectory() as folder:
        signatures, pairs = Path(folder, "signatures"), Path(folder, "pairs")
        MinhashDedupSignature(str(signatures), config).run(documents(texts))
        step = MinhashDedupBuckets(str(signatures), str(pairs), config=config)
        for bucket in range(N_BUCKETS):
            step.run(rank=bucket, world_size=N_BUCKETS)
        found = read_pairs(pairs)
    ends = {"left": rows.gather(found["left"].tolist()), "right": rows.gather(found["right"].tolist())}
    return pl.DataFrame(ends).group_by("left", "right").agg(pl.len().cast(pl.Float64).alias("score"))


def link(records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The pairs that share a bucket, of titles or of abstracts."""
    logger.disable("datatrove")
    second = pl.coalesce("abstract", pl.col("authors") + " " + pl.col("year").cast(pl.String))
    found = []
    for text, limit, n_words in (
        (pl.col("title"), threshold, TITLE_WORDS),
        (second, threshold - SECOND_BELOW, SECOND_WORDS),
    ):
        given = records.select("row", text.alias("text")).drop_nulls()
        if given.height:
            found.append(duplicates(given["row"], given["text"].to_list(), configure(limit, n_words)))
    return pl.concat(found)


if __name__ == "__main__":
    run(link, THRESHOLD, __doc__)
