"""Passphrases: strength, one spelling, no enumeration, hashing anew, and whose e-mail it is."""

import time
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import passphrases
from abcd.access.accounts import add_account
from abcd.access.changes import disable_account
from abcd.access.passphrases import Known, check_strength, is_right, known_by, refresh, set_passphrase
from abcd.access.sessions import actor_of_cookie, open_session
from abcd.db.session import Actor
from abcd.db.tables import Account, AuditEvent
from abcd.errors import BadRequest, Conflict

GOOD = "otter ladder violet tram"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Cheap parameters, but for the tests that are about the real ones."""
    passphrases.nobodys_hash.cache_clear()
    if "real" not in request.node.name:
        monkeypatch.setattr(passphrases, "hasher", lambda: QUICK)


@pytest.fixture
def cara(s: Session, owner: Actor) -> Actor:
    actor = add_account(s, "Cara Coach", "coach", by=owner, email="Cara@Example.org")
    set_passphrase(s, GOOD, by=actor)
    return actor


def stored(s: Session, actor: Actor) -> str:
    return s.get_one(Account, UUID(actor.account_id)).passphrase_hash


@pytest.mark.parametrize(
    "weak",
    ["", "short one", "aaaaaaaaaaaaaaaaaaaa", "abababababababababab", "Password Password",
     "correct horse battery staple", "cara coach cara coach", "cara cara cara cara 12", "x" * 1_001],
)  # fmt: skip
def test_what_is_guessed_early_is_refused(weak: str) -> None:
    with pytest.raises(BadRequest, match="(?i)four words"):
        check_strength(weak, "Cara Coach", "cara@example.org")


@pytest.mark.parametrize(
    "good", [GOOD, "pedwar gair di-gyswllt iawn", "ναι ὄχι ἴσως ποτέ δῶρον", "a1!" * 4 + "kvq9 zm"]
)
def test_any_long_one_will_do_without_rules_of_composition(good: str) -> None:
    check_strength(good, "Cara Coach", "cara@example.org")


def test_the_right_one_opens_and_capitals_of_the_e_mail_do_not_matter(s: Session, cara: Actor) -> None:
    for email in ("cara@example.org", " CARA@example.org "):
        assert is_right(known_by(s, email), GOOD)
    assert not is_right(known_by(s, "cara@example.org"), GOOD + "!")
    assert not is_right(known_by(s, "nobody@example.org"), GOOD)


def test_one_passphrase_typed_on_two_keyboards_is_one(s: Session, cara: Actor) -> None:
    set_passphrase(s, "caffi gw\u0177r \u00e9clair \u212bland", by=cara)
    assert is_right(known_by(s, cara_mail(s, cara)), "caffi gwy\u0302r e\u0301clair A\u030aland")


def cara_mail(s: Session, cara: Actor) -> str:
    return s.get_one(Account, UUID(cara.account_id)).email


def test_the_store_holds_an_argon2id_hash_with_its_own_salt_in_real(s: Session, owner: Actor) -> None:
    one = add_account(s, "One", "coach", by=owner, email="one@example.org")
    two = add_account(s, "Two", "coach", by=owner, email="two@example.org")
    for actor in (one, two):
        set_passphrase(s, GOOD, by=actor)
    assert stored(s, one).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert stored(s, one) != stored(s, two)
    assert GOOD not in str(s.scalars(select(AuditEvent.after)).all())


def test_an_older_hash_is_made_anew_when_its_owner_comes(
    s: Session, cara: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    before, known = stored(s, cara), known_by(s, "cara@example.org")
    refresh(s, known, GOOD)
    assert stored(s, cara) == before
    monkeypatch.setattr(passphrases, "hasher", lambda: stronger)
    refresh(s, known, GOOD)
    assert "m=16,t=2" in stored(s, cara)
    assert is_right(known_by(s, "cara@example.org"), GOOD)


def test_whoever_is_not_there_takes_as_much_work_in_real(s: Session, owner: Actor) -> None:
    there = add_account(s, "There", "coach", by=owner, email="there@example.org")
    closed = add_account(s, "Closed", "coach", by=owner, email="closed@example.org")
    for actor in (there, closed):
        set_passphrase(s, GOOD, by=actor)
    disable_account(s, closed.account_id, by=owner)
    took: dict[str, list[float]] = {"there@example.org": [], "closed@example.org": [], "nobody@example.org": []}
    for _ in range(3):
        for email, times in took.items():
            start = time.process_time()
            assert not is_right(known_by(s, email), "wrong wrong wrong wrong")
            times.append(time.process_time() - start)
    least = [min(times) for times in took.values()]
    assert max(least) < 1.3 * min(least), took


def test_damage_to_a_hash_opens_nothing(s: Session, cara: Actor) -> None:
    assert not is_right(Known(UUID(cara.account_id), "no hash at all"), GOOD)


def test_a_new_passphrase_ends_the_other_sessions(s: Session, cara: Actor) -> None:
    here, there = open_session(s, cara), open_session(s, cara)
    set_passphrase(s, "violet tram otter ladder", by=cara, but=here)
    assert actor_of_cookie(s, here) == cara
    assert actor_of_cookie(s, there) is None
    assert not is_right(known_by(s, "cara@example.org"), GOOD)


def test_an_account_without_e_mail_asks_for_one(s: Session, owner: Actor) -> None:
    bare = add_account(s, "Bare", "officer", by=owner)
    with pytest.raises(BadRequest, match="e-mail address"):
        set_passphrase(s, GOOD, by=bare)
    set_passphrase(s, GOOD, by=bare, email="bare@example.org")
    assert is_right(known_by(s, "bare@example.org"), GOOD)


def test_two_accounts_do_not_sign_in_with_one_e_mail(s: Session, cara: Actor, owner: Actor) -> None:
    other = add_account(s, "Other", "coach", by=owner, email="CARA@example.ORG")
    with pytest.raises(Conflict, match="Another account"):
        set_passphrase(s, GOOD, by=other)
