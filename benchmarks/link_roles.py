"""How right the roles of links are, and whether their confidence means what it says, on labelled links.

    python -m benchmarks.link_roles          accuracy and calibration, on links held out and on those fitted to
    python -m benchmarks.link_roles --fit    fits the weights anew to `tests/cases/link_roles.csv`

The labelled links are invented, in the words that authors use, and harder than a listing's: every second one is not the
authors' code. Those held out were written by somebody else, and no rule was made for them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from paperlake.link_roles.cues import find_cues, rule_descriptions
from paperlake.link_roles.rules import link_rules
from paperlake.link_roles.scores import ALWAYS, add_paper_cues, judge_roles, role_weights
from paperlake.links.finding import find_links
from paperlake.paper_links import is_surely_own
from paperlake.vocabularies import LINK_ROLES

ROOT = Path(__file__).parents[1]
FITTED, HELD_OUT = (ROOT / f"tests/cases/{name}.csv" for name in ("link_roles", "link_roles_held_out"))
WEIGHTS = ROOT / "src/paperlake/link_roles/weights.csv"
CALIBRATION = ROOT / "src/paperlake/report/calibration.csv"
"""What the page of a release shows beside its confidences: of the links held out."""
BOUNDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95)
PENALTY = 0.8
"""Of the squares of weights less those expected; of 0.3-1, by cross-validation in five parts: most roles right."""
STATED = 1.0
"""The weight expected of a rule for a role that it says it speaks for (`for`), until labelled links tell.

Of 0-1, that with the least loss by cross-validation.
"""
BY_HAND: dict[str, dict[str, float]] = {
    "several_papers": {"official_code": -2.0},
    "many_papers": {"official_code": -4.0},
    "uncertain_end": {"official_code": -1.0},
    "name_of_page": {"official_code": -2.0, "project_page": 2.0},
    "page_furniture": {"furniture": 9.0},
    "opens_notebook": {"demo": 3.0},
    "on_arxiv": {"mention": 4.0},
    "hugging_face_paper": {"mention": 4.0},
    "on_paper_host": {"mention": 3.0},
}
"""Rules that labelled links show too seldom, or that only many papers show."""


def labelled(path: Path) -> pl.DataFrame:
    """The labelled links of a file with `evidence`, one row each; `wanted` is the label.

    Raises:
        ValueError: a row has an unknown role, or its link is not found in its paper, or another row labels it, too.
    """
    rows = pl.read_csv(path).with_columns(pl.col("text", "listing_url").fill_null("")).with_row_index("row", offset=1)
    for row, role in rows.filter(~pl.col("role").is_in(LINK_ROLES)).select("row", "role").iter_rows():
        raise ValueError(f"{path.name}, row {row}: expected a role of {', '.join(LINK_ROLES)}, found {role!r}")
    papers = rows.group_by("title", "text", "listing_url", maintain_order=True).agg("row", "url", "role", "place")
    frames = [_links_of(number, paper) for number, paper in enumerate(papers.iter_rows(named=True))]
    links = add_paper_cues(pl.concat(frames).with_columns(is_furniture=False)).filter(pl.col("wanted").is_not_null())
    for row, url in rows.join(links, on="row", how="anti").select("row", "url").iter_rows():
        raise ValueError(
            f"{path.name}, row {row}: expected {url!r} once in its title, text or listing_url, found it nowhere, "
            "or labelled by another row of the same paper"
        )
    return links


def _links_of(number: int, paper: dict[str, Any]) -> pl.DataFrame:
    sights: dict[str, dict[str, Any]] = {}
    for text, place in ((paper["title"], "title"), (paper["text"], "abstract"), (paper["listing_url"], "listing")):
        found = find_links(text)
        for link, cues in zip(found, find_cues(text, found, place), strict=True):
            sight = sights.setdefault(_plain(link.url), {"repository": link.repository, "cues": set()})
            sight["cues"].update(cues)
    wanted = {
        _plain(url): (row, role) for row, url, role in zip(paper["row"], paper["url"], paper["role"], strict=True)
    }
    rows = [
        {
            "paper_id": str(number),
            "title": paper["title"],
            "url": url,
            "repository": sight["repository"],
            "cues": sorted(sight["cues"]),
            "row": wanted.get(url, (None, None))[0],
            "wanted": wanted.get(url, (None, None))[1],
            "text": paper["text"],
        }
        for url, sight in sights.items()
    ]
    schema = {
        "paper_id": pl.String,
        "title": pl.String,
        "url": pl.String,
        "repository": pl.String,
        "cues": pl.List(pl.String),
        "row": pl.UInt32,
        "wanted": pl.String,
        "text": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def _plain(url: str) -> str:
    links = find_links(url)
    return (links[0].url if links else url).rstrip("/").lower()


def fit(links: pl.DataFrame, penalty: float) -> pl.DataFrame:
    """`rule` and a weight for each role that explain the labels best (multinomial logistic regression).

    No weight contradicts what its rule says (`for`): see `_stated`.
    """
    rules = sorted({*rule_descriptions(), *links["evidence"].explode()} - BY_HAND.keys())
    seen = _indicators(links, rules)
    wanted = np.array([LINK_ROLES.index(role) for role in links["wanted"]])
    expected, bounds = _stated(rules)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        sums = seen @ flat.reshape(expected.shape)
        shares = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        missed = -np.log(shares[np.arange(len(wanted)), wanted] + 1e-12).sum()
        shares[np.arange(len(wanted)), wanted] -= 1
        apart = flat - expected.ravel()
        return missed + penalty * (apart**2).sum() / 2, (seen.T @ shares).ravel() + penalty * apart

    best = minimize(loss, expected.ravel(), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    weights = best.x.reshape(expected.shape).round(2) + 0.0
    return pl.DataFrame({"rule": rules, **{role: weights[:, n] for n, role in enumerate(LINK_ROLES)}})


def _stated(rules: Sequence[str]) -> tuple[np.ndarray, list[tuple[float | None, float | None]]]:
    """What the rules say of their weights: the expected ones, a row a rule; and the bounds of each, row by row.

    A rule that names its roles speaks for them, at 0 or above, and against the others, at 0 or below. So the labelled
    links say how much it is worth, and never that it means something else.
    """
    stated = [link_rules()[rule].roles for rule in rules]
    expected = np.array([[STATED if role in roles else 0.0 for role in LINK_ROLES] for roles in stated])
    bounds = [_bounds(role, roles) for roles in stated for role in LINK_ROLES]
    return expected, bounds


def _bounds(role: str, stated: Sequence[str]) -> tuple[float | None, float | None]:
    if not stated:
        return None, None
    return (0, None) if role in stated else (None, 0)


def _indicators(links: pl.DataFrame, rules: Sequence[str]) -> np.ndarray:
    place = {rule: n for n, rule in enumerate(rules)}
    seen = np.zeros((links.height, len(rules)))
    seen[:, place[ALWAYS]] = 1
    for row, spoken in enumerate(links["evidence"]):
        for rule in spoken:
            if rule in place:
                seen[row, place[rule]] = 1
    return seen


def cross_validated(links: pl.DataFrame, n_parts: int = 5) -> pl.DataFrame:
    """Judgements of each link by weights that were fitted without its part of the papers."""
    part = links["paper_id"].cast(pl.Int64) % n_parts
    judged = [
        judge(links.filter(part == n), _with_rules_by_hand(fit(links.filter(part != n), PENALTY)))
        for n in range(n_parts)
    ]
    return pl.concat(judged)


def judge(links: pl.DataFrame, weights: pl.DataFrame | None = None) -> pl.DataFrame:
    """The links with `role`, `confidence`, and whether the role `is_right`."""
    roles = judge_roles(links["evidence"], weights)
    judged = pl.concat([links, roles.select("role", "confidence")], how="horizontal")
    return judged.with_columns(is_right=pl.col("role") == pl.col("wanted"))


def calibration(judged: pl.DataFrame) -> pl.DataFrame:
    """By the `least` confidence of a range `n_labelled` links, their mean `confidence`, and the `right_share`, 0-1."""
    least = np.array(BOUNDS)[np.searchsorted(BOUNDS, judged["confidence"].to_numpy(), side="right") - 1]
    groups = judged.group_by(least=pl.Series(least)).agg(
        n_labelled=pl.len(), confidence=pl.mean("confidence"), right_share=pl.mean("is_right")
    )
    return groups.sort("least")


def named_repositories(judged: pl.DataFrame) -> tuple[int, float, float]:
    """How many repositories would be named as the paper's own; precision and recall of that, 0-1."""
    code = judged.filter(pl.col("repository").is_not_null())
    sure = code.filter(is_surely_own())
    n_right = sure.filter("is_right").height
    n_wanted = code.filter(pl.col("wanted") == "official_code").height
    return sure.height, n_right / max(sure.height, 1), n_right / max(n_wanted, 1)


def _with_rules_by_hand(weights: pl.DataFrame) -> pl.DataFrame:
    rows = [{"rule": rule} | {role: said.get(role, 0.0) for role in LINK_ROLES} for rule, said in BY_HAND.items()]
    return pl.concat([weights, pl.DataFrame(rows)]).sort("rule")


def show(name: str, judged: pl.DataFrame, console: Console) -> None:
    """Print accuracy and calibration of judged links."""
    table = Table("from", "links", "mean", "right", title=f"{name}: {judged.height} links")
    for row in calibration(judged).iter_rows():
        table.add_row(str(row[0]), str(row[1]), f"{row[2]:.2f}", f"{row[3]:.2f}")
    console.print(table)
    n_named, precision, recall = named_repositories(judged)
    console.print(
        f"roles right {judged['is_right'].mean():.3f}; as the paper's own {n_named} repositories named, "
        f"precision {precision:.3f}, recall {recall:.3f}"
    )


def main(arguments: Sequence[str]) -> None:
    """Fit the weights if asked to, then print how right they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    fitted, held_out = labelled(FITTED), labelled(HELD_OUT)
    if parser.parse_args(arguments).fit:
        _with_rules_by_hand(fit(fitted, PENALTY)).write_csv(WEIGHTS)
        role_weights.cache_clear()
        calibration(judge(held_out)).write_csv(CALIBRATION, float_precision=3)
    console = Console()
    show("held out", judge(held_out), console)
    show("fitted to, each by weights fitted without it", cross_validated(fitted), console)


if __name__ == "__main__":
    main(sys.argv[1:])
