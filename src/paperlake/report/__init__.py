"""The page that shows a release: what is in it, what changed, whether to trust it, and where a paper is."""
