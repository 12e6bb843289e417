"""The release as an asset of Prefect: one that was published shows up there with its version and its rows."""

from pathlib import Path

from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE

from paperlake.build_report import BuildReport

_NOT_IN_KEYS = str.maketrans(dict.fromkeys(" \n\r\t\x00#?&%\"'<>[]{}|\\^`", "_"))
"""Prefect refuses these in the key of an asset."""


def release_asset(store: Path | str) -> Asset:
    """The asset that a store is: its key is the store's own address."""
    key = store if isinstance(store, str) else f"file://{store.resolve().as_posix()}"
    properties = AssetProperties(name="paperlake release", url=key, description="Papers and their code, as Parquet.")
    return Asset(key=key.translate(_NOT_IN_KEYS), properties=properties)


def record_release(store: Path | str, report: BuildReport) -> None:
    """Nothing: Prefect knows of the release that a build published, with version, fingerprint and rows."""
    asset = release_asset(store)

    @materialize(
        asset, name="release", task_run_name=f"release-{report.version}", by="paperlake", cache_policy=NO_CACHE
    )
    def release() -> None:
        rows = {f"rows_{name}": n_rows for name, n_rows in report.counts.items()}
        asset.add_metadata({"version": report.version, "fingerprint": report.fingerprint, **rows})

    release()
