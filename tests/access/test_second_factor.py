"""Codes of an app and on paper: set up, used once, sealed at rest, taken away."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import sealing
from abcd.access.moments import moment
from abcd.access.second_factor import begin, codes_left, confirm, has_one, passes, remove
from abcd.db.session import Actor
from abcd.db.tables import Account, RecoveryCode
from abcd.errors import BadRequest, SetupMissing

Later = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    return tmp_path


def code(s: Session, secret: str, steps: int = 0) -> str:
    """What the app shows, some half-minutes from now."""
    return pyotp.TOTP(secret).at(moment(s), counter_offset=steps)


@pytest.fixture
def secret(s: Session, coach: Actor) -> str:
    """The secret of a coach whose app is set up with the code of half a minute ago."""
    found, _address = begin(s, by=coach)
    confirm(s, code(s, found, -1), by=coach)
    return found


def test_without_an_app_no_code_is_asked(s: Session, coach: Actor) -> None:
    assert passes(s, coach, "")
    begin(s, by=coach)
    assert not has_one(s, coach.account_id)
    assert passes(s, coach, "")


def test_it_begins_when_the_first_code_is_right(s: Session, coach: Actor) -> None:
    secret, address = begin(s, by=coach)
    assert begin(s, by=coach)[0] == secret
    assert address.startswith("otpauth://totp/ABCD:Cara%20Coach?secret=")
    for wrong in ("", "000000", "12345", code(s, pyotp.random_base32()), code(s, secret, -5)):
        with pytest.raises(BadRequest, match="six digits"):
            confirm(s, wrong, by=coach)
    assert len(set(confirm(s, code(s, secret), by=coach))) == 10
    assert has_one(s, coach.account_id)


def test_a_code_opens_once(s: Session, coach: Actor, secret: str) -> None:
    now = code(s, secret)
    assert not passes(s, coach, "")
    assert passes(s, coach, f" {now[:3]} {now[3:]} ")
    assert not passes(s, coach, now)
    assert not passes(s, coach, code(s, secret, -1))
    assert passes(s, coach, code(s, secret, 1))


def test_a_code_of_two_minutes_ago_is_too_old(s: Session, coach: Actor, secret: str, later: Later) -> None:
    old = code(s, secret, 1)
    later(timedelta(minutes=2))
    assert not passes(s, coach, old)
    assert passes(s, coach, code(s, secret))


def test_a_recovery_code_opens_once_however_it_is_typed(s: Session, coach: Actor) -> None:
    secret, _address = begin(s, by=coach)
    codes = confirm(s, code(s, secret), by=coach)
    assert passes(s, coach, codes[0].upper().replace("-", " "))
    assert not passes(s, coach, codes[0])
    assert passes(s, coach, codes[1])
    assert codes_left(s, coach.account_id) == 8
    assert not set(s.scalars(select(RecoveryCode.code_hash))) & {one.replace("-", "") for one in codes}


def test_the_secret_is_sealed_and_the_key_is_ours_alone(s: Session, coach: Actor, secret: str, home: Path) -> None:
    kept = s.get_one(Account, UUID(coach.account_id)).totp_secret
    assert secret not in kept
    assert sealing.unsealed(kept) == secret
    assert (home / "account.key").stat().st_mode & 0o777 == 0o600


def test_with_another_key_nothing_opens(s: Session, coach: Actor, secret: str, home: Path) -> None:
    (home / "account.key").unlink()
    assert not passes(s, coach, code(s, secret))


def test_a_key_file_that_others_can_read_is_refused(s: Session, coach: Actor, secret: str, home: Path) -> None:
    (home / "account.key").chmod(0o644)
    with pytest.raises(SetupMissing, match="chmod 600"):
        passes(s, coach, code(s, secret))


def test_taken_away_nothing_is_asked_and_nothing_kept(s: Session, coach: Actor, secret: str) -> None:
    remove(s, coach.account_id, by=coach)
    assert passes(s, coach, "")
    assert codes_left(s, coach.account_id) == 0
    assert not s.get_one(Account, UUID(coach.account_id)).totp_secret


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "é"])
def test_what_was_never_sealed_does_not_open(token: str) -> None:
    assert sealing.unsealed(token) is None


def test_what_was_sealed_long_ago_does_not_open_any_more() -> None:
    assert sealing.unsealed(sealing.sealed("words"), 60) == "words"
    assert sealing.unsealed(sealing.sealed("words"), -1) is None
