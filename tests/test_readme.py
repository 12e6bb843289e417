"""The README says what is so."""

import re
from pathlib import Path

from paperlake import open_release
from tests.readme_tables import with_tables

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_tables_are_those_of_the_code():
    assert with_tables(README) == README, "run `make readme`"


def test_the_listing_is_what_the_sample_dumps_give(sample_store):
    release = open_release(sample_store)
    listed = {name: int(n_rows) for name, n_rows in re.findall(r"^    (\w+) +(\d+)$", README, re.MULTILINE)}
    assert listed == {name: release.manifest["tables"][name]["n_rows"] for name in release.tables}
    row = release["papers"].head(1).collect().to_dicts()[0]
    for name in ("paper_id", "title", "title_key", "first_appearance_id"):
        assert re.search(rf"^    {name} +{re.escape(row[name])}$", README, re.MULTILINE), name


def test_the_python_examples_run(sample_store, monkeypatch):
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(example.replace("data/processed", str(sample_store)), {})  # our own README
