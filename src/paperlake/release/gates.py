"""Gates: what must hold before a release is published, on its own and against the one before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from paperlake.frames import Frames, height
from paperlake.release.coverage import find_drift
from paperlake.release.quality import Quality
from paperlake.release.taken_back import TakenBack
from paperlake.work import rules_version

Tables = Frames

_LEAST_PAPERS_SHARE = 0.98
"""Papers against the release before; merges may take a few."""
_MOST_REJECT_SHARE = 0.2
_MOST_REJECT_SHARE_OF_FEW = 0.5
"""Of less than 50 records: two broken cards of a short excerpt say little of what reads them."""
_MOST_ABSTRACT_LOSS = 0.1
_LEAST_LINKS_SHARE = 0.5
_MOST_SHARE_OF_ONE = 0.2
"""Share of papers that one URL or repository may stand on: the most frequent of 575 real papers stands on 2 of them."""
_LEAST_PAPERS_FOR_SHARES = 50
_MOST_SHOWN = 5
_HOW_TO_LOOK = ": see it with `paperlake inspect DUMP`"


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate found.

    `is_final`: no person can accept it, since it means a bug of ours. `over`: the share (0-1) of papers or records that
    it found, where that is over its limit; once a person let it pass, later releases may have as much.
    """

    gate: str
    passed: bool
    finding: str
    is_accepted: bool = False
    is_final: bool = False
    over: float | None = None

    @property
    def holds(self) -> bool:
        """Whether this result keeps the release from being published."""
        return not self.passed and (self.is_final or not self.is_accepted)


@dataclass(frozen=True, slots=True)
class Before:
    """The release before: figures, ids of its dumps, what a rollback took back, and shares that people let pass."""

    quality: Quality
    dump_ids: frozenset[str] = frozenset()
    taken_back: TakenBack | None = None
    let_pass: Mapping[str, float] = field(default_factory=dict)


def check_gates(tables: Tables, quality: Quality, before: Before | None, accepted: tuple[str, ...]) -> list[GateResult]:
    """The result of every gate, in order.

    Args:
        tables: content tables of the candidate.
        quality: its figures.
        before: the release before; None in the first.
        accepted: gates that a person lets pass.
    """
    let_pass = before.let_pass if before else {}
    results = [gate(tables, quality) for gate in (_has_papers, _counts_add_up)]
    results += [gate(tables, quality, let_pass) for gate in (_rejects, _one_url, _one_repository)]
    results.append(_layouts_drift(tables, before))
    if before is not None:
        results.append(_papers_shrink(tables, quality, before.quality))
        results += [gate(quality, before.quality) for gate in (_abstracts_vanish, _links_vanish)]
        results.append(_rollback_stands(tables, before.taken_back))
    return [_accept(result, accepted) for result in results]


def _accept(result: GateResult, accepted: tuple[str, ...]) -> GateResult:
    is_accepted = result.gate in accepted and not result.passed and not result.is_final
    return replace(result, is_accepted=is_accepted)


def _has_papers(_tables: Tables, quality: Quality) -> GateResult:
    n = quality["n_papers"]
    return GateResult("has_papers", n > 0, f"expected papers, found {n:,.0f}", is_final=True)


def _counts_add_up(tables: Tables, _quality: Quality) -> GateResult:
    wrong = [name for name, finds in _ORPHANS.items() if finds(tables)]
    return GateResult(
        "counts_add_up", not wrong, f"expected no orphans, found {', '.join(wrong) or 'none'}", is_final=True
    )


def _rejects(tables: Tables, quality: Quality, let_pass: Mapping[str, float]) -> GateResult:
    dumps = tables["dumps"].lazy().select("path", "status", "n_papers", "n_rejects").collect()
    n_records = int(dumps.select(pl.sum("n_papers") + pl.sum("n_rejects")).item())
    most = _MOST_REJECT_SHARE if n_records >= _LEAST_PAPERS_FOR_SHARES else _MOST_REJECT_SHARE_OF_FEW
    result = _judge_share("reject_share", quality["reject_share"], most, let_pass, "of records rejected")
    worst = dumps.filter(pl.col("status") == "read").sort("n_rejects", descending=True).head(1)
    named = "".join(f", most of them in {path} ({n})" for path, n in worst.select("path", "n_rejects").rows() if n)
    return replace(result, finding=result.finding + named + ("" if result.passed else _HOW_TO_LOOK))


def _one_url(_tables: Tables, quality: Quality, let_pass: Mapping[str, float]) -> GateResult:
    share = quality["most_frequent_url_share"]
    return _judge_share("page_furniture", share, _most_of_one(quality), let_pass, "of papers on one URL")


def _one_repository(_tables: Tables, quality: Quality, let_pass: Mapping[str, float]) -> GateResult:
    share = quality["most_frequent_repository_share"]
    return _judge_share("one_repository", share, _most_of_one(quality), let_pass, "of papers on one repository")


def _most_of_one(quality: Quality) -> float:
    return _MOST_SHARE_OF_ONE if quality["n_papers"] >= _LEAST_PAPERS_FOR_SHARES else 1.0


def _judge_share(gate: str, share: float, most: float, let_pass: Mapping[str, float], what: str) -> GateResult:
    """Whether a share is at most its limit, or what a person let pass before."""
    allowed = max(most, let_pass.get(gate, most))
    before = ", as a person let pass before" if allowed > most else ""
    finding = f"expected at most {allowed:.{0 if allowed == most else 1}%} {what}{before}, found {share:.1%}"
    return GateResult(gate, share <= allowed, finding, over=share if share > most else None)


def _layouts_drift(tables: Tables, before: Before | None) -> GateResult:
    drifts = find_drift(tables, before.dump_ids if before else frozenset())
    shown = "; ".join(map(str, drifts[:_MOST_SHOWN])) + (" ..." if len(drifts) > _MOST_SHOWN else "")
    found = shown + _HOW_TO_LOOK if drifts else "all do"
    return GateResult("layout_drift", not drifts, f"expected new dumps to show what their layouts show, found {found}")


def _papers_shrink(tables: Tables, quality: Quality, before: Quality) -> GateResult:
    """What people took back, or judged to be another paper, is no loss."""
    is_gone = (pl.col("table") == "papers") & (pl.col("change") == "removed") & (pl.col("column") == "*")
    taken_back = height(tables["changes"].lazy().filter(is_gone, pl.col("cause").is_in(["retraction", "judgement"])))
    least = _LEAST_PAPERS_SHARE * (before["n_papers"] - taken_back)
    finding = f"expected at least {least:,.0f} papers as before, found {quality['n_papers']:,}"
    return GateResult("papers_shrink", quality["n_papers"] >= least, finding)


def _abstracts_vanish(quality: Quality, before: Quality) -> GateResult:
    least = before["abstract_share"] - _MOST_ABSTRACT_LOSS
    finding = f"expected an abstract on at least {least:.1%} of papers, found {quality['abstract_share']:.1%}"
    return GateResult("abstract_share", quality["abstract_share"] >= least, finding)


def _links_vanish(quality: Quality, before: Quality) -> GateResult:
    least = _LEAST_LINKS_SHARE * before["links_per_paper"]
    finding = f"expected at least {least:.2f} links per paper, found {quality['links_per_paper']:.2f}"
    return GateResult("links_per_paper", quality["links_per_paper"] >= least, finding)


def _rollback_stands(tables: Tables, taken: TakenBack | None) -> GateResult:
    """What somebody rolled back must not come again unseen with the next scheduled build."""
    is_read = pl.col("status") == "read"
    again: Sequence[str] = (
        []
        if taken is None
        else _paths(tables["dumps"].lazy().filter(is_read, pl.col("dump_id").is_in(list(taken.dumps))))
    )
    found = [*again, *(["the same rules"] if taken and taken.rules_version == rules_version() else [])]
    shown = ", ".join(found[:_MOST_SHOWN]) + (" ..." if len(found) > _MOST_SHOWN else "")
    remedy = ": take back what is bad in it (`paperlake retract`), then accept this gate" if found else ""
    finding = f"expected nothing that a rollback took back, found {shown or 'nothing'}{remedy}"
    return GateResult("rollback_stands", not found, finding)


def _paths(dumps: pl.LazyFrame) -> list[str]:
    return dumps.select("path").collect()["path"].to_list()


def _lacks(child: str, key: str, parent: str) -> Callable[[Tables], bool]:
    def finds(tables: Tables) -> bool:
        known = tables[parent].lazy().select(key)
        return height(tables[child].lazy().select(key).join(known, on=key, how="anti")) > 0

    return finds


def _miscounts(column: str, table: str) -> Callable[[Tables], bool]:
    def finds(tables: Tables) -> bool:
        found = tables[table].lazy().group_by("dump_id").len()
        dumps = tables["dumps"].lazy().select("dump_id", column)
        counted = dumps.join(found, on="dump_id", how="left").with_columns(pl.col("len").fill_null(0))
        return height(counted.filter(pl.col(column) != pl.col("len"))) > 0

    return finds


_ORPHANS: dict[str, Callable[[Tables], bool]] = {
    "appearances without a paper": _lacks("appearances", "paper_id", "papers"),
    "papers without an appearance": _lacks("papers", "paper_id", "appearances"),
    "papers without metrics": _lacks("papers", "paper_id", "metrics"),
    "links without a paper": _lacks("links", "paper_id", "papers"),
    "appearances without a dump": _lacks("appearances", "dump_id", "dumps"),
    "dumps whose papers do not add up": _miscounts("n_papers", "appearances"),
    "dumps whose rejects do not add up": _miscounts("n_rejects", "rejects"),
}


def as_facts(results: list[GateResult]) -> list[dict[str, Any]]:
    """The results as the manifest keeps them; `let_pass` is there where a person let a share over the limit pass."""
    return [_as_fact(result) for result in results]


def read_let_pass(facts: list[dict[str, Any]]) -> dict[str, float]:
    """The shares that people let pass, by gate, as a manifest tells them."""
    return {fact["gate"]: fact["let_pass"] for fact in facts if "let_pass" in fact}


def _as_fact(result: GateResult) -> dict[str, Any]:
    fact = {name: getattr(result, name) for name in ("gate", "passed", "is_accepted", "finding")}
    is_let_pass = result.over is not None and not result.holds
    return fact | ({"let_pass": result.over} if is_let_pass else {})
