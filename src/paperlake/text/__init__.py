"""Repairs of titles and abstracts as text: LaTeX, mojibake, prose; each a table of named steps."""
