"""Invitations: whom one may invite to what, a link that works once within a week, and what it makes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access.accounts import Reach, add_account
from abcd.access.invitations import Identity, accept, invitation_url, invite, invited, open_invitations, revoke
from abcd.access.tokens import fingerprint
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Account, AuditEvent, Invitation, Organisation
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from tests.builders import a_place

MAIL = "cara@example.org"


def an_organisation(s: Session, name: str) -> UUID:
    row = Organisation(id=uuid4(), name=name)
    s.add(row)
    s.flush()
    return row.id


def test_an_invitation_makes_an_account_with_its_reach_once(s: Session, owner: Actor) -> None:
    home, estate = an_organisation(s, "Mill Homes"), a_place(s)
    token = invite(s, f" {MAIL} ", Reach("coach", home, frozenset({estate})), by=owner)
    cara = accept(s, token, "  Cara Coach ")
    assert cara is not None
    assert (cara.name, cara.role, cara.organisation_id, cara.places) == (
        "Cara Coach",
        "coach",
        str(home),
        {str(estate)},
    )
    assert s.get_one(Account, UUID(cara.account_id)).email == MAIL
    assert accept(s, token, "Somebody else") is None
    assert invited(s, token) is None


def test_the_store_knows_only_the_fingerprint_and_the_trail_no_e_mail(s: Session, owner: Actor) -> None:
    token = invite(s, MAIL, Reach("coach"), by=owner)
    s.flush()
    assert s.scalars(select(Invitation.token_hash)).all() == [fingerprint(token)]
    told = s.execute(select(AuditEvent.thing_id, AuditEvent.before, AuditEvent.after)).all()
    assert MAIL not in str(told)
    assert token not in str(told)


def test_it_ends_after_a_week(s: Session, owner: Actor, later: Callable[[timedelta], None]) -> None:
    early, late = invite(s, MAIL, Reach("coach"), by=owner), invite(s, "late@example.org", Reach("coach"), by=owner)
    later(timedelta(days=6, hours=23))
    assert accept(s, early, "Cara") is not None
    later(timedelta(days=7, minutes=1))
    assert accept(s, late, "Late") is None
    assert open_invitations(s, by=owner) == []


def test_a_second_one_replaces_the_first_and_a_revoked_one_is_dead(s: Session, owner: Actor) -> None:
    first, second = invite(s, MAIL, Reach("coach"), by=owner), invite(s, MAIL.upper(), Reach("officer"), by=owner)
    assert accept(s, first, "Cara") is None
    (waiting,) = open_invitations(s, by=owner)
    revoke(s, waiting.id, by=owner)
    assert accept(s, second, "Cara") is None
    with pytest.raises(NotFound):
        revoke(s, waiting.id, by=owner)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' or true --", "\u0000"])
def test_what_is_no_invitation_makes_nobody(s: Session, token: str) -> None:
    assert accept(s, token, "Nobody") is None


@pytest.mark.parametrize(
    "email", ["", "cara", "cara@", "@example.org", "a b@example.org", "a@b.c\nBcc: x@y.z", "<a@b.c>"]
)
def test_it_needs_an_e_mail(s: Session, owner: Actor, email: str) -> None:
    with pytest.raises(BadRequest, match="e-mail address"):
        invite(s, email, Reach("coach"), by=owner)


def test_it_needs_a_name_and_asking_again_still_works(s: Session, owner: Actor) -> None:
    token = invite(s, MAIL, Reach("coach"), by=owner)
    with pytest.raises(BadRequest, match="your name"):
        accept(s, token, "   ")
    assert accept(s, token, "Cara") is not None


@pytest.mark.parametrize("reach", [Reach("king"), Reach("coach", uuid4()), Reach("coach", None, frozenset({uuid4()}))])
def test_role_organisation_and_places_must_be_there(s: Session, owner: Actor, reach: Reach) -> None:
    with pytest.raises(BadRequest):
        invite(s, MAIL, reach, by=owner)


def test_a_manager_gives_no_more_than_they_have(s: Session, owner: Actor) -> None:
    mine, other = an_organisation(s, "Mine"), an_organisation(s, "Other")
    estate, elsewhere = a_place(s), a_place(s, (400_000, 400_000))
    wide = add_account(s, "Mandy", "manager", by=owner, organisation_id=mine)
    narrow = add_account(s, "Ned", "manager", by=owner, organisation_id=mine, places=[estate])
    for role in ("owner", "manager", "data_officer"):
        with pytest.raises(NotAllowed, match="cannot give this role"):
            invite(s, MAIL, Reach(role, mine), by=wide)
    for organisation in (other, None):
        with pytest.raises(NotAllowed, match="own organisation only"):
            invite(s, MAIL, Reach("coach", organisation), by=wide)
    for places in (frozenset(), frozenset({elsewhere}), frozenset({estate, elsewhere})):
        with pytest.raises(NotAllowed, match="own places only"):
            invite(s, MAIL, Reach("coach", mine, places), by=narrow)
    assert invite(s, MAIL, Reach("coach", mine, frozenset({estate})), by=narrow)
    assert [one.email for one in open_invitations(s, by=wide)] == [MAIL]
    elsewhere_manager = add_account(s, "Olga", "manager", by=owner, organisation_id=other)
    assert open_invitations(s, by=elsewhere_manager) == []


@pytest.mark.parametrize("role", ["officer", "coach", "data_officer", "partner_viewer"])
def test_others_invite_nobody(s: Session, role: str) -> None:
    with pytest.raises(NotAllowed, match="Your role"):
        invite(s, MAIL, Reach("partner_viewer"), by=Actor("Somebody", role))


def test_a_place_that_goes_meanwhile_does_not_widen_the_account(s: Session, owner: Actor) -> None:
    estate = a_place(s)
    token = invite(s, MAIL, Reach("coach", None, frozenset({estate})), by=owner)
    from abcd.db.tables import Place

    s.delete(s.get_one(Place, estate))
    s.flush()
    cara = accept(s, token, "Cara")
    assert cara is not None
    assert cara.places == {str(estate)}


def test_a_person_known_by_a_provider_has_one_account(s: Session, owner: Actor) -> None:
    who = Identity("https://idp.example", "subject-1")
    assert accept(s, invite(s, MAIL, Reach("coach"), by=owner), "Cara", who) is not None
    with pytest.raises(Conflict, match="an account already"):
        accept(s, invite(s, "new@example.org", Reach("officer"), by=owner), "Cara", who)
    other = Identity("https://other.example", "subject-1")
    assert accept(s, invite(s, MAIL, Reach("coach"), by=owner), "Cara", other) is not None


def test_of_many_presses_at_once_one_makes_an_account(store: str) -> None:
    with session(SYSTEM) as s:
        token = invite(s, "hurry@example.org", Reach("coach"), by=SYSTEM)

    def press(_: int) -> Actor | None:
        with session(SYSTEM) as s:
            return accept(s, token, "Hurry")

    with ThreadPoolExecutor(6) as pool:
        assert len([one for one in pool.map(press, range(6)) if one]) == 1


def test_the_address_is_the_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_URL", "https://abcd.example.org/")
    assert invitation_url("abc") == "https://abcd.example.org/invitation/abc"
