"""Invented listing pages in every layout, whose every value and line is known.

    page = write_page("firecrawl", invent(50, seed=7), captured_on=date(2026, 7, 1))

    python -m benchmarks.page_writers OUT --papers 100      dumps of every layout, and their truth

For property tests, the benchmark and the sample dumps. Each module names the real dumps that taught its conventions.
"""

from benchmarks.page_writers.cards import FIELDS, Sheet, Written
from benchmarks.page_writers.page import WRITERS, CardWriter, DataWriter, Page, write_page
from benchmarks.page_writers.papers import Paper, invent

__all__ = ["FIELDS", "WRITERS", "CardWriter", "DataWriter", "Page", "Paper", "Sheet", "Written", "invent", "write_page"]
