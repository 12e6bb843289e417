"""The stages between paths: each reads what the one before wrote and gives the path of what it made.

Every stage takes one frozen order that any process can receive, and works once: a folder that stands is not made again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paperlake import validate
from paperlake.assemble import assemble_tables
from paperlake.dumps import Dump
from paperlake.entry import enter_dumps
from paperlake.errors import GateError
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS, extract_dumps
from paperlake.identity import resolve_identity
from paperlake.identity.registry import extend_history
from paperlake.normalise import CLEAN, FOUND_LINKS, find_appearance_links, normalise_appearances
from paperlake.release import cards, contract, gates
from paperlake.release.commits import no_fault
from paperlake.release.compare import find_changes
from paperlake.release.publish import Published, publish
from paperlake.release.reading import open_release
from paperlake.schemas import TABLES
from paperlake.settings import Settings
from paperlake.work import make_once, read_work, rules_version, work_name


@dataclass(frozen=True, slots=True)
class ExtractOrder:
    """A batch of new dumps to read."""

    dumps: tuple[Dump, ...]
    settings: Settings


def extract(order: ExtractOrder) -> Path:
    """Folder with `appearances`, `dumps` and `rejects` of a batch of dumps."""
    settings = order.settings
    name = work_name("extracted", [(dump.path, dump.dump_id) for dump in order.dumps], settings.limits)
    return make_once(settings.work / name, lambda: extract_dumps(order.dumps, settings.raw, settings))


@dataclass(frozen=True, slots=True)
class NormaliseOrder:
    """A Parquet file of appearances to clean, and the name of its content."""

    appearances: Path
    content: str
    work: Path

    @property
    def folder(self) -> Path:
        """Where the work goes."""
        return self.work / work_name("normalised", self.content)


def normalise(order: NormaliseOrder) -> Path:
    """Folder with `clean` and `links` of a file of appearances."""

    def make() -> dict[str, pl.DataFrame]:
        appearances = pl.read_parquet(order.appearances, columns=EXTRACTED_APPEARANCES.names())
        return {"clean": normalise_appearances(appearances), "links": find_appearance_links(appearances)}

    return make_once(order.folder, make)


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """Everything of one release: what was extracted and normalised, and the version it builds on."""

    extracted: tuple[Path, ...]
    normalised: tuple[Path, ...]
    parent: int | None
    accept: tuple[str, ...]
    settings: Settings

    def name(self, stage: str) -> str:
        """Name of a work folder of this release."""
        return work_name(stage, [p.name for p in self.extracted], [p.name for p in self.normalised], self.parent)


def resolve(order: ReleaseOrder) -> Path:
    """Folder with `matches`: every appearance of old and new dumps with its paper."""

    def make() -> dict[str, pl.DataFrame]:
        return {"matches": resolve_identity(_concat_work(order.normalised, "clean", CLEAN))}

    return make_once(order.settings.work / order.name("matches"), make)


def assemble(order: ReleaseOrder, matches: Path) -> Path:
    """Folder with all nine tables of the candidate."""

    def make() -> dict[str, pl.DataFrame]:
        before = _parent_tables(order)
        clean, links = (
            _concat_work(order.normalised, "clean", CLEAN),
            _concat_work(order.normalised, "links", FOUND_LINKS),
        )
        tables = assemble_tables(_all_extracted(order, before), clean, links, read_work(matches, "matches"))
        return tables | _steps_between(tables, before, order)

    return make_once(order.settings.work / order.name("tables"), make)


def check(order: ReleaseOrder, candidate: Path) -> list[gates.GateResult]:
    """The result of every gate.

    Raises:
        ContractError: a table breaks its model.
        GateError: a gate holds the release and nobody accepted it; the candidate stays where it is.
    """
    tables = _read_tables(candidate)
    if not tables["papers"].is_empty():
        for name, table in TABLES.items():
            validate.check_frame(tables[name], table.model)
    before = (
        None if order.parent is None else open_release(order.settings.store, order.parent).manifest["facts"]["quality"]
    )
    results = gates.check_gates(tables, gates.measure_quality(tables), before, order.accept)
    held = [result for result in results if result.holds]
    if held:
        final = [result.gate for result in held if result.is_final]
        raise GateError([(result.gate, result.finding) for result in held], final, str(candidate))
    return results


def release(
    order: ReleaseOrder,
    candidate: Path,
    results: list[gates.GateResult],
    run_id: str,
    fault: Callable[[str], None] = no_fault,
) -> Published:
    """The published release, or the one before where the content is the same.

    Raises:
        ReleaseConflictError: another publisher was faster.
    """
    tables = _read_tables(candidate)
    quality = gates.measure_quality(tables)
    facts: dict[str, Any] = {
        "dumps": tables["dumps"].select("dump_id", "path", "status", "n_papers").to_dicts(),
        "rules_version": rules_version(),
        "limits": order.settings.limits,
        "gates": gates.as_facts(results),
        "quality": quality,
    }
    documents = {
        contract.CONTRACT_FILE: contract.contract_text(),
        "datapackage.json": cards.datapackage_text({name: frame.height for name, frame in tables.items()}),
        "README.md": cards.readme_text(quality, tables["dumps"].height),
    }
    commit = {"run_id": run_id, "operation": "build", "code_revision": rules_version()}
    return publish(
        tables, order.settings.store, parent=order.parent, facts=facts, commit=commit, documents=documents, fault=fault
    )


def _parent_tables(order: ReleaseOrder) -> dict[str, pl.DataFrame] | None:
    if order.parent is None:
        return None
    parent = open_release(order.settings.store, order.parent)
    names = ("papers", "appearances", "links", "dumps", "rejects", "id_history")
    return {name: parent.read(name) for name in names}


def _all_extracted(order: ReleaseOrder, before: dict[str, pl.DataFrame] | None) -> dict[str, pl.DataFrame]:
    schemas = {"appearances": EXTRACTED_APPEARANCES, "dumps": EXTRACTED_DUMPS, "rejects": EXTRACTED_REJECTS}
    return enter_dumps({name: _concat_work(order.extracted, name, schemas[name]) for name in schemas}, before)


def _concat_work(folders: Sequence[Path], name: str, schema: pl.Schema) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *(read_work(folder, name) for folder in folders)])


def _steps_between(
    tables: dict[str, pl.DataFrame], before: dict[str, pl.DataFrame] | None, order: ReleaseOrder
) -> dict[str, pl.DataFrame]:
    """The two tables that tell of the step from the release before to this one."""
    history = pl.DataFrame(schema=TABLES["id_history"].polars_schema) if before is None else before["id_history"]
    earlier = None if before is None else before["appearances"]
    number = (order.parent or 0) + 1
    history = extend_history(history, earlier, tables["appearances"], tables["papers"], number)
    causes = _causes(tables, before, history.filter(pl.col("release") == number))
    return {"changes": find_changes(before, tables, causes), "id_history": history}


def _causes(
    tables: dict[str, pl.DataFrame], before: dict[str, pl.DataFrame] | None, events: pl.DataFrame
) -> pl.DataFrame:
    """`paper_id`, `cause`: merges and splits, then papers that a new dump shows; the rest changed by the rules."""
    if before is None:
        return pl.DataFrame(schema={"paper_id": pl.String(), "cause": pl.String()})
    new = tables["appearances"].join(before["dumps"], on="dump_id", how="anti")
    kinds = {"merged_into": "merge", "split_from": "split"}
    joined = [
        events.filter(pl.col("event") == event)
        .select(pl.concat_list("paper_id", "other_id").alias("paper_id"))
        .explode("paper_id")
        .with_columns(cause=pl.lit(cause))
        for event, cause in kinds.items()
    ]
    seen = new.select("paper_id", cause=pl.lit("new_dump"))
    return pl.concat([*joined, seen]).unique("paper_id", keep="first", maintain_order=True)


def _read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {name: read_work(folder, name) for name in TABLES}
