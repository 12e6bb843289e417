"""Which appearances are one paper, and the id it keeps.

    facts -> blocking -> pairs -> comparing (scoring, difference) -> decisions -> clusters, judgements -> registry

Each room takes frames and gives frames, which can be saved and looked at.
"""
