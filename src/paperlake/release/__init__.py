"""Releases: whole, checked, never changed. Written by `publish`, read by `reading`, walked by `verify`."""
