"""The documents beside the tables of a release, each made from what the tables hold."""

from collections.abc import Mapping

import polars as pl

from paperlake.release import cards, contract
from paperlake.release.gates import Quality


def make_documents(tables: Mapping[str, pl.DataFrame], quality: Quality) -> dict[str, str]:
    """Text of each document by its file name.

    Args:
        tables: all nine of the release.
        quality: their figures, as `measure_quality` gives them.
    """
    return {
        contract.CONTRACT_FILE: contract.contract_text(),
        "datapackage.json": cards.datapackage_text({name: frame.height for name, frame in tables.items()}),
        "README.md": cards.readme_text(quality, tables["dumps"].height),
    }
