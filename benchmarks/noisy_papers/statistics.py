"""What is in a frame of records: papers, true pairs, shares of noise and of families."""

import polars as pl

_SHOWN = ("abstract_raw", "arxiv_id", "paper_url", "github_url", "published_on", "n_authors", "organisation")


def describe(records: pl.DataFrame) -> str:
    """Lines for people: counts of records, papers and true pairs; records by noise; papers by family."""
    sizes = records.group_by("truth").len()["len"].cast(pl.Int64)
    counts = [
        ("records", records.height),
        ("papers", sizes.len()),
        ("true pairs", int((sizes * (sizes - 1) // 2).sum())),
    ]
    lines = [f"{name:<20}{count:>12,}" for name, count in counts]
    shares = [("papers of one record", (sizes == 1).sum() / sizes.len())]
    shares += [(f"shows {name}", 1 - records[name].null_count() / records.height) for name in _SHOWN]
    lines += [f"{name:<20}{share:>12.1%}" for name, share in shares]
    noise = records.select(pl.col("noise").str.split("+")).explode("noise").filter(pl.col("noise") != "")
    lines += _shares("noise", noise["noise"], records.height)
    families = records.unique("truth").filter(pl.col("family") != "")["family"]
    lines += _shares("family", families, sizes.len())
    return "\n".join(lines)


def _shares(heading: str, values: pl.Series, total: int) -> list[str]:
    counted = values.value_counts(sort=True).rows()
    return [f"{heading + ' ' + value:<30}{count:>10,}{count / total:>8.2%}" for value, count in counted]
