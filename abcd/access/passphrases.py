"""Passphrases: argon2id, never kept as typed; the same work for an unknown e-mail as for a wrong passphrase."""

import unicodedata
import uuid
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from abcd.access.accounts import checked_email
from abcd.access.sessions import end_sessions
from abcd.access.tokens import new_token
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account
from abcd.errors import BadRequest, Conflict, StoreBusy

SHORTEST, LONGEST = 15, 1_000
COMMON = (
    "passwordpassword", "passphrasepassphrase", "correcthorsebatterystaple", "qwertyuiopasdfgh", "1234567890123456",
    "letmeinletmeinletmein", "iloveyouiloveyou", "abcdefghijklmnop", "neighbourhoodcoach", "communitydevelopment",
)  # fmt: skip
"""Long ones that are guessed first; compared without spaces, capitals and punctuation."""

#: Each check takes 64 MiB and two threads for a moment: no more than these at once, however many ask.
AT_ONCE = 2
_turns = BoundedSemaphore(AT_ONCE)
SECONDS_TO_WAIT = 5


@dataclass(frozen=True)
class Known:
    """What is needed to check somebody who says who they are; the same shape when nobody is known by that e-mail."""

    account_id: uuid.UUID | None
    passphrase_hash: str


def hasher() -> PasswordHasher:
    """argon2id as RFC 9106 recommends where memory is short: 64 MiB, three passes, four lanes."""
    return PasswordHasher()


@cache
def nobodys_hash() -> str:
    """A hash that nothing opens, so that an unknown e-mail takes as long as a known one."""
    return hasher().hash(new_token())


def plain(passphrase: str) -> str:
    """One spelling of what was typed: the same letters, however a keyboard composes them (NFKC)."""
    return unicodedata.normalize("NFKC", passphrase[: LONGEST + 1])


def check_strength(passphrase: str, name: str, email: str) -> None:
    """Whether a passphrase is long enough and not among the first guesses (NIST SP 800-63B, no rules of composition).

    Raises:
        BadRequest: it is not; says what to do.
    """
    said = plain(passphrase)
    bare = "".join(letter for letter in said.casefold() if letter.isalnum())
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadRequest(
            f"A passphrase has at least {SHORTEST} letters. Four words that do not belong together are good."
        )
    own = [part for part in (*name.casefold().split(), email.casefold().split("@")[0]) if len(part) > 2]
    for part in own:
        bare = bare.replace(part, "")
    if len(set(bare)) < 6 or any(bare in (common, common * 2) for common in COMMON):
        raise BadRequest("This passphrase would be guessed early. Take four words that do not belong together.")


def known_by(s: Session, email: str) -> Known:
    """Who signs in with this e-mail; a disabled account counts, and is refused only after the same work."""
    mine = (func.lower(Account.email) == email.strip().lower()) & (Account.passphrase_hash != "")
    nobody = Known(None, nobodys_hash())
    found = s.execute(select(Account.id, Account.passphrase_hash).where(mine)).one_or_none()
    return Known(*found) if found else nobody


def is_right(known: Known, passphrase: str) -> bool:
    """Whether this is the passphrase; to be asked with no session open, because it takes a while on purpose.

    Raises:
        StoreBusy: too many people are signing in at this moment.
    """
    if not _turns.acquire(timeout=SECONDS_TO_WAIT):
        raise StoreBusy("Many people are signing in just now. Wait a moment and try again.")
    try:
        return hasher().verify(known.passphrase_hash or nobodys_hash(), plain(passphrase)) and bool(known.account_id)
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _turns.release()


def refresh(s: Session, known: Known, passphrase: str) -> None:
    """Hash anew a passphrase that was right, when the parameters have changed since it was set."""
    if hasher().check_needs_rehash(known.passphrase_hash):
        s.get_one(Account, known.account_id).passphrase_hash = hasher().hash(plain(passphrase))


def own_hash(s: Session, account_id: str) -> Known:
    """The account's own passphrase, to ask for it once more before something weighty."""
    account = s.get_one(Account, uuid.UUID(account_id))
    return Known(account.id if account.passphrase_hash else None, account.passphrase_hash)


def set_passphrase(s: Session, passphrase: str, *, by: Actor, email: str = "", but: str = "") -> None:
    """Give the actor's own account a passphrase; its other sessions end, but for the one with the cookie ``but``.

    An account without an e-mail takes ``email`` to sign in with; one that has its own keeps it.

    Raises:
        BadRequest: it is too weak, or there is no e-mail to sign in with.
        Conflict: another account signs in with the same e-mail.
    """
    account = s.get_one(Account, uuid.UUID(by.account_id))
    account.email = account.email or checked_email(email)
    check_strength(passphrase, account.name, account.email)
    account.passphrase_hash = hasher().hash(plain(passphrase))
    account.version += 1
    try:
        s.flush()
    except IntegrityError as error:
        raise Conflict("Another account signs in with this e-mail. Ask the owner to mend it.", {}, {}) from error
    end_sessions(s, by.account_id, but)
    record(s, "set_passphrase", "account", by.account_id, by=by)
