"""The page that shows a release: what is in it, what changed, whether to trust it, and where a paper is."""

PAGE = "report.html"
"""Name of the page in the folder of a release."""
