"""Secrets that open a door: made from 32 random bytes, kept only as their SHA-256."""

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """A fresh secret of 256 random bits, safe inside a URL (43 characters)."""
    return secrets.token_urlsafe(BYTES)


def fingerprint(token: str) -> str:
    """What the store keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
