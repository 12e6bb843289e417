"""Delta Lake over the tables of releases, set up as a careful user would.

The script runs in an environment of its own, made of `requirements.lock`; never a dependency of paperlake.
"""
