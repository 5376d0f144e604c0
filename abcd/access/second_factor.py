"""The second factor: codes of an app on a telephone (TOTP, RFC 6238), and codes on paper for when it is lost."""

import uuid

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from abcd.access.moments import moment
from abcd.access.sealing import sealed, unsealed
from abcd.access.tokens import CODE_LETTERS, fingerprint, new_code
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, RecoveryCode
from abcd.errors import BadRequest

ISSUER = "ABCD"
RECOVERY_CODES = 10
#: A code may be one half-minute early or late.
WINDOW = 1


def has_one(s: Session, account_id: str) -> bool:
    """Whether an account asks for a code."""
    return bool(s.scalar(select(Account.totp_secret != "").where(Account.id == uuid.UUID(account_id))))


def begin(s: Session, *, by: Actor) -> tuple[str, str]:
    """A secret for the actor's app, to be confirmed by a first code: the secret, and its ``otpauth:`` address.

    Asked again before it is confirmed, it is the same secret.
    """
    account = s.get_one(Account, uuid.UUID(by.account_id))
    secret = unsealed(account.totp_waiting) if account.totp_waiting else None
    if secret is None:
        secret = pyotp.random_base32()
        account.totp_waiting = sealed(secret)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account.email or account.name, issuer_name=ISSUER)


def confirm(s: Session, code: str, *, by: Actor) -> list[str]:
    """The app is set up: from now on a code is asked. Returns the recovery codes, told only now.

    Raises:
        BadRequest: the code is not what the app shows now.
    """
    account = s.get_one(Account, uuid.UUID(by.account_id), with_for_update=True, populate_existing=True)
    secret = unsealed(account.totp_waiting) if account.totp_waiting else None
    counter = counter_of(s, secret, code) if secret else None
    if counter is None:
        raise BadRequest("This is not the code that the app shows now. Wait for the next one and type its six digits.")
    account.totp_secret, account.totp_waiting, account.totp_counter = account.totp_waiting, "", counter
    account.version += 1
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    s.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    s.add_all(RecoveryCode(account_id=account.id, code_hash=fingerprint(one.replace("-", ""))) for one in codes)
    record(s, "set_second_factor", "account", by.account_id, by=by)
    return codes


def remove(s: Session, account_id: str, *, by: Actor) -> None:
    """No code is asked any more; whoever asks for this has been checked by the door."""
    key = uuid.UUID(account_id)
    account = s.get_one(Account, key)
    account.totp_secret = account.totp_waiting = ""
    account.version += 1
    s.execute(delete(RecoveryCode).where(RecoveryCode.account_id == key))
    record(s, "remove_second_factor", "account", account_id, by=by)


def passes(s: Session, account: Actor, code: str) -> bool:
    """Whether the account asks for no code, or this is one that was not used before; it is used up by asking."""
    account_id = uuid.UUID(account.account_id)
    secret = s.scalar(select(Account.totp_secret).where(Account.id == account_id))
    if not secret:
        return True
    opened = unsealed(secret)
    return (opened is not None and _use_counter(s, account_id, counter_of(s, opened, code))) or _use_recovery(
        s, account_id, code
    )


def counter_of(s: Session, secret: str, code: str) -> int | None:
    """The half-minute whose code this is, near now; ``None`` for none."""
    digits = "".join(code.split())
    try:
        found: int = pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=moment(s), valid_window=WINDOW)
    except OTPVerificationError:
        return None
    return found


def _use_counter(s: Session, account_id: uuid.UUID, counter: int | None) -> bool:
    """One statement claims the half-minute, so that of two who type the same code one gets in."""
    if counter is None:
        return False
    fresh = update(Account).where(Account.id == account_id, Account.totp_counter < counter)
    return s.scalar(fresh.values(totp_counter=counter).returning(Account.id)) is not None


def _use_recovery(s: Session, account_id: uuid.UUID, code: str) -> bool:
    letters = "".join(letter for letter in code.lower() if letter in CODE_LETTERS)
    unused = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.code_hash == fingerprint(letters),
        RecoveryCode.used_at.is_(None),
    )  # fmt: skip
    return s.scalar(unused.values(used_at=moment(s)).returning(RecoveryCode.account_id)) is not None


def codes_left(s: Session, account_id: str) -> int:
    """How many recovery codes are unused."""
    mine = RecoveryCode.account_id == uuid.UUID(account_id), RecoveryCode.used_at.is_(None)
    return s.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0
