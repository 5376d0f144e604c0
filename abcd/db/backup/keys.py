"""The two secrets of a home's backups: one opens them (age, X25519), one signs them (Ed25519).

Both lie in ``home/keys``, readable by their owner alone. The recovery key is one small text file that the plain ``age``
tool reads too; its comment lines say whose signatures to trust, so that it is all an empty machine needs.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from abcd.errors import BadFile, NotFound

RECOVERY = "recovery.key"
SIGNING = "signing.key"
TRUSTS = re.compile(r"^# signed by: ([0-9a-f]{64})$", re.MULTILINE)
OPENS = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)


@dataclass(frozen=True)
class RecoveryKey:
    """What opens backups, and whose signature they must bear (32 bytes as hexadecimal text)."""

    identity: pyrage.x25519.Identity
    signer: str

    def trusts(self, signature: bytes, words: bytes) -> bool:
        """Whether ``signature`` is the trusted signer's over ``words``."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.signer)).verify(signature, words)
        except InvalidSignature:
            return False
        return True


def folder_of(home: Path) -> Path:
    """Where the keys of ``home`` lie."""
    return home / "keys"


def make(home: Path) -> bool:
    """Make the keys of ``home`` when there are none; True when this call made them.

    Raises:
        NotFound: one of the two is there and the other is gone.
    """
    folder = folder_of(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = {name for name in (RECOVERY, SIGNING) if (folder / name).exists()}
    if len(there) == 1:
        raise NotFound(
            f"One of the two backup keys is missing in {folder}: only {there.pop()} is there. Put the other one back, "
            "or move this one away (backups made with it need it) and let 'abcd backup' make new ones."
        )
    if not there:
        signing = Ed25519PrivateKey.generate()
        _write(folder / SIGNING, signing.private_bytes_raw().hex() + "\n")
        _write(folder / RECOVERY, _recovery_text(str(pyrage.x25519.Identity.generate()), _public(signing)))
    return not there


def recovery(home: Path) -> RecoveryKey:
    """The recovery key of ``home``."""
    return read(folder_of(home) / RECOVERY)


def read(path: Path) -> RecoveryKey:
    """The recovery key in a file.

    Raises:
        NotFound: no such file.
        BadFile: it is no recovery key of ours.
    """
    if not path.is_file():
        raise NotFound(f"There is no recovery key at {path}. Name the copy you keep with --recovery-key FILE.")
    words = path.read_text(encoding="utf-8", errors="replace")
    opens, trusts = OPENS.search(words), TRUSTS.search(words)
    if not opens or not trusts:
        raise BadFile(f"{path} is not a recovery key of abcd: it must say what opens backups and who signed them.")
    try:
        return RecoveryKey(pyrage.x25519.Identity.from_str(opens[0]), trusts[1])
    except pyrage.IdentityError as error:
        raise BadFile(f"The recovery key in {path} is damaged: use another copy of it.") from error


def sign(home: Path, words: bytes) -> bytes:
    """Our signature over ``words``."""
    secret = (folder_of(home) / SIGNING).read_text(encoding="ascii").strip()
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(words)


def recipient(words: str) -> pyrage.x25519.Recipient:
    """Somebody else who may open a backup too, by their public age key.

    Raises:
        BadFile: this is no such key.
    """
    try:
        return pyrage.x25519.Recipient.from_str(words)
    except pyrage.RecipientError as error:
        raise BadFile(f"'{words[:12]}...' is no public age key: it must begin with 'age1'.") from error


def _public(signing: Ed25519PrivateKey) -> str:
    return signing.public_key().public_bytes_raw().hex()


def _recovery_text(identity: str, signer: str) -> str:
    return (
        f"# Recovery key of abcd, made {datetime.now(UTC):%Y-%m-%d}. Whoever has it can read the backups: keep a copy\n"
        "# away from this machine, in a password manager or on paper. Without it no backup can be opened.\n"
        f"# signed by: {signer}\n{identity}\n"
    )


def _write(path: Path, words: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(words)
        handle.flush()
        os.fsync(handle.fileno())
