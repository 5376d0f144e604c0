"""What must be read back but must not lie open in the store: sealed with a key file of this machine.

Fernet of ``cryptography`` (AES-128-CBC with HMAC-SHA-256). The key file is not in the database, so neither a copy of
the database nor a backup of it opens what was sealed; without the file, a second factor is set up anew.
"""

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from abcd.config import settings
from abcd.errors import SetupMissing

FILE = "account.key"
#: The key of the process for partners, which needs no other.
SHARE_FILE = "share.key"


def key_file(name: str = FILE) -> Path:
    """Where the key lies: in the home folder, readable by its owner alone."""
    return settings().home / name


def _key(name: str = FILE) -> bytes:
    file = key_file(name)
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        raise SetupMissing(f"Others can read the key file {file}. Run: chmod 600 {file}")
    return file.read_bytes()


def _make(file: Path) -> None:
    """Write a fresh key, whole or not at all; of two processes at once the first one's key stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=file.name, dir=file.parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(Fernet.generate_key())
        opened.flush()
        os.fsync(opened.fileno())
    with suppress(FileExistsError):
        os.link(fresh, file)
    Path(fresh).unlink()


def sealed(words: str, key: str = FILE) -> str:
    """``words`` as nobody reads them without the key file."""
    return Fernet(_key(key)).encrypt(words.encode()).decode()


def unsealed(token: str, seconds: int | None = None, key: str = FILE) -> str | None:
    """What was sealed; ``None`` when it was changed, sealed with another key, or is older than ``seconds``."""
    try:
        return Fernet(_key(key)).decrypt(token.encode("utf-8", "surrogatepass"), ttl=seconds).decode()
    except InvalidToken:
        return None


def keyed(words: str, key: str = FILE) -> str:
    """A fingerprint that cannot be guessed at without the key file: for addresses and e-mails that are only counted,
    and for cookies that say which share a browser was let into."""
    return hmac.new(_key(key), words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
