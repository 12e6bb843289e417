"""Finds the URLs of a text, takes them out of what stands around them, and says what each one is."""

from paperlake.links.finding import LINK_HINT, Link, find_links

__all__ = ["LINK_HINT", "Link", "find_links"]
