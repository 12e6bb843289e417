"""The datasets library, cut off from the network and from everybody's cache."""

import os
from pathlib import Path
from types import ModuleType


def import_datasets(cache: Path) -> ModuleType:
    """The library, with its cache in a folder of ours. It reads its surroundings when it is imported first."""
    os.environ |= {
        "HF_HOME": str(cache),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    import datasets

    datasets.config.HF_DATASETS_CACHE = cache / "datasets"
    datasets.disable_progress_bars()
    return datasets
