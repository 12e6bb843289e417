"""Papers of a release by their numbers, read from the parts that hold them alone."""

import polars as pl

from paperlake.release.reading import Release


def read_papers(release: Release, rows: pl.Series, columns: tuple[str, ...]) -> pl.DataFrame:
    """These papers in this order: columns of `papers`, and `n_appearances`.

    Args:
        release: an open release.
        rows: numbers of papers, from 0.
        columns: of `papers`, `paper_id` among them.

    Raises:
        PolarsError: a file is damaged.
        OSError: a file is missing.
    """
    wanted = rows.alias("row").cast(pl.UInt32).to_frame()
    read = pl.concat(pl.collect_all(_scans(release, wanted["row"], columns)))
    counts = release["metrics"].select("paper_id", "n_appearances")
    counted = counts.filter(pl.col("paper_id").is_in(read["paper_id"].implode())).collect()
    papers = wanted.join(read, on="row", how="left", maintain_order="left")
    return papers.join(counted, on="paper_id", how="left", maintain_order="left").select(*columns, "n_appearances")


def _scans(release: Release, rows: pl.Series, columns: tuple[str, ...]) -> list[pl.LazyFrame]:
    """The wanted rows of each part that has some; of the first part in any case, for the columns."""
    scans, first = [], 0
    parts = release.manifest["tables"]["papers"]["parts"]
    for part, file in zip(parts, release.files("papers"), strict=True):
        own = rows.filter(rows.is_between(first, first + part["n_rows"], closed="left"))
        if own.len() or not first:
            numbered = pl.scan_parquet(file, glob=False).with_row_index("row", first)
            scans.append(numbered.filter(pl.col("row").is_in(own.implode())).select("row", *columns))
        first += part["n_rows"]
    return scans
