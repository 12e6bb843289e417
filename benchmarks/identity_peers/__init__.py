"""Record-linkage packages over the records that paperlake's identity reads, each set up as a careful user would.

Every script runs as `python NAME.py IN.parquet OUT.parquet [--threshold T]` in an environment of its own, made of
`requirements.lock`; never a dependency of paperlake.
"""
