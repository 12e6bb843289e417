import json

from paperlake import open_release
from paperlake.release.cards import columns_markdown, datapackage_text
from paperlake.schemas import TABLES


def test_the_data_package_names_every_part_and_column(sample_store):
    release = open_release(sample_store)
    resources = {
        r["name"].replace("-", "_"): r for r in json.loads((release.path / "datapackage.json").read_text())["resources"]
    }
    for name, table in release.manifest["tables"].items():
        assert resources[name]["path"] == [part["path"] for part in table["parts"]]
        assert [field["name"] for field in resources[name]["schema"]["fields"]] == TABLES[name].polars_schema.names()


def test_a_large_table_has_many_paths():
    text = datapackage_text(dict.fromkeys(TABLES, 65_536 + 8_192 + 1))
    assert len(json.loads(text)["resources"][0]["path"]) == 3


def test_the_release_tells_what_it_holds(sample_store):
    text = (open_release(sample_store).path / "README.md").read_text()
    assert "114 papers, seen 185 times in 15 dumps" in text
    assert columns_markdown() in text
