"""Which appearances are one paper, and the id it keeps."""

from paperlake.identity.resolve import MATCHES, resolve_identity

__all__ = ["MATCHES", "resolve_identity"]
