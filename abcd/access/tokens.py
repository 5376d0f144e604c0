"""Secrets that open a door: made from 32 random bytes, kept only as their SHA-256."""

import hashlib
import re
import secrets
from zlib import crc32

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


#: Whoever finds such a word in a file or a message knows what it is: our name, 32 random bytes, their checksum.
SHARE_TOKEN = re.compile(r"abcd_([A-Za-z0-9_-]{43})([0-9a-f]{8})")


def new_share_token() -> str:
    """A fresh secret of a share, which scanners of files for lost secrets know: ``abcd_`` and a checksum round it."""
    secret = new_token()
    return f"abcd_{secret}{_checksum(secret)}"


def is_share_token(words: str) -> bool:
    """Whether ``words`` could be the secret of a share: its form and its checksum are right."""
    found = SHARE_TOKEN.fullmatch(words)
    return found is not None and found[2] == _checksum(found[1])


def _checksum(secret: str) -> str:
    return f"{crc32(secret.encode()):08x}"
