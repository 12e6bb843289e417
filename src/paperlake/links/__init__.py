"""Finds the URLs of a text, takes them out of what stands around them, and says what each one is.

`finding` is the way in. It is not imported here: who only reads names of repositories needs none of its patterns.
"""
