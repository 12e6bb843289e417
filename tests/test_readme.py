from pathlib import Path

from paperlake.release.cards import columns_markdown

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_table_of_columns_is_that_of_the_schemas():
    assert columns_markdown() in README, "run `make readme`"
