import polars as pl
import pytest

from paperlake.entry import enter_dumps
from paperlake.extract import EXTRACTED_APPEARANCES, EXTRACTED_DUMPS, EXTRACTED_REJECTS
from paperlake.schemas import TABLES


def extracted(*dumps: tuple[str, str]) -> dict[str, pl.DataFrame]:
    """Dumps by name and status: a read one has an appearance, a rejected one a reject."""
    rows = [{"dump_id": name, "status": status} for name, status in dumps]
    return {
        "appearances": pl.DataFrame([r for r in rows if r["status"] == "read"], schema=EXTRACTED_APPEARANCES),
        "dumps": pl.DataFrame(rows, schema=EXTRACTED_DUMPS),
        "rejects": pl.DataFrame([r for r in rows if r["status"] == "rejected"], schema=EXTRACTED_REJECTS),
    }


def as_table(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of its table, null where it has none."""
    schema = TABLES[name].polars_schema
    return frame.select(column if column in frame.columns else pl.lit(None).alias(column) for column in schema).cast(
        schema
    )


def order(entered: dict[str, pl.DataFrame]) -> tuple[list, list, list]:
    dumps = entered["dumps"].select("dump_id", "sequence").rows()
    return dumps, entered["appearances"]["dump_id"].to_list(), entered["rejects"]["dump_id"].to_list()


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ([("a", "read")], [("b", "read")], ([("a", 1), ("b", 2)], ["a", "b"], [])),
        ([("b", "read")], [("a", "rejected")], ([("b", 1), ("a", 2)], ["b"], ["a"])),
        (
            [("a", "rejected"), ("b", "read")],
            [("a", "read"), ("c", "read")],
            ([("b", 2), ("a", 3), ("c", 4)], ["b", "a", "c"], []),
        ),
        (
            [("a", "rejected"), ("b", "rejected")],
            [("a", "rejected"), ("c", "rejected")],
            ([("a", 1), ("b", 2), ("c", 3)], [], ["a", "b", "c"]),
        ),
    ],
    ids=["new", "set aside", "read at last", "still set aside"],
)
def test_dumps_enter_behind_those_that_are_known(first, then, expected):
    before = enter_dumps(extracted(*first), None)
    tables = {name: as_table(name, frame) for name, frame in before.items()}
    assert order(enter_dumps(extracted(*then), tables)) == expected
