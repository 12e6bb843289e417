"""Whether the newest release comes out again from the raw dumps: read anew, built anew, compared."""
