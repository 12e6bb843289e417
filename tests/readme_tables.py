"""Writes the README's tables that follow from the code again: `make readme`."""

from pathlib import Path

from benchmarks.marked_tables import fill

from paperlake.identity.decisions import RULES
from paperlake.release.columns import columns_markdown

README = Path(__file__).parent.parent / "README.md"


def rules_markdown() -> str:
    """The table of rules by which records are one paper, in the order in which they count."""
    rows = [f"| `{rule.name}` | `{rule.match_rule}` | {rule.says} |" for rule in RULES]
    return "\n".join(["| rule | `match_rule` | holds for |", "|---|---|---|", *rows, ""])


TABLES = {"columns": columns_markdown, "rules": rules_markdown}


def with_tables(text: str) -> str:
    """The README with its tables as the code has them."""
    return fill(text, {name: make() for name, make in TABLES.items()}, "make readme")


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
