"""Prefect flows: the same order of work as the command line, with tasks for steps."""
