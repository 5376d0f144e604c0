"""The recovery key of a home: one text file that opens its backups (age, X25519) and signs them (Ed25519).

It lies in ``home/keys``, readable by its owner alone, and a person keeps a copy elsewhere: that copy is all an empty
machine needs. The plain ``age`` tool reads it too, since the signing key stands in a comment.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from abcd.errors import BadFile, NotFound

FILE = "recovery.key"
SIGNS = re.compile(r"^# signs with: ([0-9a-f]{64})$", re.MULTILINE)
OPENS = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)


@dataclass(frozen=True)
class RecoveryKey:
    """What opens backups, and what signs them."""

    identity: pyrage.x25519.Identity
    signing: Ed25519PrivateKey

    @property
    def name(self) -> str:
        """Eight characters by which a person can tell one recovery key from another."""
        return self.signing.public_key().public_bytes_raw().hex()[:8]

    def sign(self, words: bytes) -> bytes:
        """Our signature over ``words``."""
        return self.signing.sign(words)

    def trusts(self, signature: bytes, words: bytes) -> bool:
        """Whether ``signature`` over ``words`` is this key's."""
        try:
            self.signing.public_key().verify(signature, words)
        except InvalidSignature:
            return False
        return True


def file_of(home: Path) -> Path:
    """Where the recovery key of ``home`` lies."""
    return home / "keys" / FILE


def make(home: Path) -> bool:
    """Make the recovery key of ``home`` when there is none; True when this call made it."""
    if file_of(home).exists():
        return False
    _write(file_of(home), _text(str(pyrage.x25519.Identity.generate()), Ed25519PrivateKey.generate()))
    return True


def adopt(home: Path, path: Path) -> bool:
    """Let the recovery key in ``path`` be that of ``home``, when it has none; True when this call made it so."""
    if file_of(home).exists():
        return False
    read(path)
    _write(file_of(home), path.read_text(encoding="utf-8"))
    return True


def recovery(home: Path) -> RecoveryKey:
    """The recovery key of ``home``."""
    return read(file_of(home))


def read(path: Path) -> RecoveryKey:
    """The recovery key in a file.

    Raises:
        NotFound: no such file.
        BadFile: it is no recovery key of ours.
    """
    if not path.is_file():
        raise NotFound(f"There is no recovery key at {path}. Name the copy you keep: --recovery-key FILE.")
    words = path.read_text(encoding="utf-8", errors="replace")
    opens, signs = OPENS.search(words), SIGNS.search(words)
    if not opens or not signs:
        raise BadFile(f"{path} is not a recovery key of abcd: it must hold what opens backups and what signs them.")
    try:
        identity = pyrage.x25519.Identity.from_str(opens[0])
    except pyrage.IdentityError as error:
        raise BadFile(f"The recovery key in {path} is damaged: use another copy of it.") from error
    return RecoveryKey(identity, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(signs[1])))


def recipient(words: str) -> pyrage.x25519.Recipient:
    """Somebody else who may open a backup too, by their public age key.

    Raises:
        BadFile: this is no such key.
    """
    try:
        return pyrage.x25519.Recipient.from_str(words)
    except pyrage.RecipientError as error:
        raise BadFile(f"'{words[:12]}...' is no public age key: it must begin with 'age1'.") from error


def _text(identity: str, signing: Ed25519PrivateKey) -> str:
    return (
        f"# Recovery key of abcd, made {datetime.now(UTC):%Y-%m-%d}. Whoever has it can read the backups: keep a copy\n"
        "# away from this machine, in a password manager or on paper. Without it no backup can be opened.\n"
        f"# signs with: {signing.private_bytes_raw().hex()}\n{identity}\n"
    )


def _write(path: Path, words: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(words)
        handle.flush()
        os.fsync(handle.fileno())
