"""Invented papers as many captures show them, noise and all, with the truth: what paper identity is measured on."""

from benchmarks.noisy_papers.records import SCHEMA, make_records

__all__ = ["SCHEMA", "make_records"]
