"""Secrets that open a door: made from 32 random bytes, kept only as their SHA-256."""

import hashlib
import secrets

BYTES = 32
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What a code to write down is made of: no letter that looks like another."""


def new_token() -> str:
    """A fresh secret of 256 random bits, safe inside a URL (43 characters)."""
    return secrets.token_urlsafe(BYTES)


def new_code() -> str:
    """A secret of 79 random bits that can be written on paper: ``abcd-efgh-jkmn-pqrs``."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(4)) for _ in range(4))


def fingerprint(token: str) -> str:
    """What the store keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
