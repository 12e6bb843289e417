"""The explorer: a store served read-only to browsers of this machine, searched from its Parquet files."""
