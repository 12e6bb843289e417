"""Whether mlcroissant reads a release by its `croissant.json`; it lives in an environment of its own."""
