"""The key that an aircraft shows in the header Authorization, as the digest under which it is known."""

from __future__ import annotations

from forces.accounts.tokens import hash_token
from streams.api.whip import KeyMissing


def digest_of(authorization: str) -> str:
    """Return the digest of a Bearer key. Raises `KeyMissing` where the header has none."""
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise KeyMissing
    return hash_token(key.strip())
