"""Another role, closing and opening accounts: who may, what it does at once, and that an owner is left."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from abcd.access.accounts import Reach, add_account
from abcd.access.changes import change_account, disable_account, enable_account, sign_out_everywhere
from abcd.access.invitations import accept, invite
from abcd.access.sessions import actor_of_cookie, open_session
from abcd.access.team import member, members
from abcd.db.session import Actor
from abcd.db.tables import Account, AuditEvent, Organisation, Place
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from tests.builders import a_place


@pytest.fixture
def boss(s: Session, owner: Actor) -> Actor:
    return add_account(s, "Olive Owner", "owner", by=owner, email="olive@example.org")


def version(s: Session, actor: Actor) -> int:
    return s.get_one(Account, UUID(actor.account_id)).version


def test_a_new_role_and_places_hold_at_the_next_click(s: Session, coach: Actor, boss: Actor) -> None:
    cookie, estate = open_session(s, coach), a_place(s)
    change_account(s, coach.account_id, Reach("officer", None, frozenset({estate})), version=1, by=boss)
    now = actor_of_cookie(s, cookie)
    assert now is not None
    assert (now.role, now.places) == ("officer", {str(estate)})
    event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "edit", AuditEvent.thing_kind == "account")).one()
    assert (event.before, event.after) == ({"role": "coach"}, {"role": "officer", "places": [str(estate)]})


def test_an_edit_names_its_version(s: Session, coach: Actor, boss: Actor) -> None:
    change_account(s, coach.account_id, Reach("officer"), version=1, by=boss)
    with pytest.raises(Conflict):
        change_account(s, coach.account_id, Reach("manager"), version=1, by=boss)
    with pytest.raises(VersionMissing):
        change_account(s, coach.account_id, Reach("manager"), version=None, by=boss)


def test_nobody_changes_or_closes_themselves(s: Session, boss: Actor) -> None:
    with pytest.raises(NotAllowed, match="your own account"):
        change_account(s, boss.account_id, Reach("coach"), version=1, by=boss)
    with pytest.raises(NotAllowed, match="your own account"):
        disable_account(s, boss.account_id, by=boss)


def test_one_owner_is_left(s: Session, boss: Actor, owner: Actor) -> None:
    s.execute(delete(Account).where(Account.role == "owner", Account.id != UUID(boss.account_id)))
    with pytest.raises(BadRequest, match="last owner"):
        disable_account(s, boss.account_id, by=owner)
    with pytest.raises(BadRequest, match="last owner"):
        change_account(s, boss.account_id, Reach("coach"), version=1, by=owner)
    second = add_account(s, "Second", "owner", by=owner)
    disable_account(s, boss.account_id, by=second)
    assert not member(s, "olive@example.org", by=owner).is_open


def test_closing_ends_sessions_and_invitations_and_opening_brings_none_back(s: Session, boss: Actor) -> None:
    mail = "cara@example.org"
    cara = add_account(s, "Cara", "coach", by=boss, email=mail)
    cookies, token = [open_session(s, cara) for _ in range(2)], invite(s, mail.upper(), Reach("officer"), by=boss)
    disable_account(s, cara.account_id, by=boss)
    enable_account(s, cara.account_id, by=boss)
    assert [actor_of_cookie(s, cookie) for cookie in cookies] == [None, None]
    assert accept(s, token, "Cara again") is None
    assert actor_of_cookie(s, open_session(s, cara)) == cara


def test_a_manager_reaches_neither_up_nor_across(s: Session, boss: Actor, coach: Actor) -> None:
    mine, other = Organisation(id=uuid4(), name="Mine"), Organisation(id=uuid4(), name="Other")
    s.add_all((mine, other))
    s.flush()
    mandy = add_account(s, "Mandy", "manager", by=boss, organisation_id=mine.id)
    ours = add_account(s, "Ours", "coach", by=boss, organisation_id=mine.id)
    peer = add_account(s, "Peer", "manager", by=boss, organisation_id=mine.id)
    theirs = add_account(s, "Theirs", "coach", by=boss, organisation_id=other.id)
    assert {one.name for one in members(s, by=mandy)} == {"Mandy", "Ours", "Peer"}
    for stranger in (theirs, boss, coach):
        with pytest.raises(NotFound):
            disable_account(s, stranger.account_id, by=mandy)
    with pytest.raises(NotAllowed, match="an owner only"):
        disable_account(s, peer.account_id, by=mandy)
    with pytest.raises(NotAllowed, match="cannot give this role"):
        change_account(s, ours.account_id, Reach("owner", mine.id), version=1, by=mandy)
    with pytest.raises(NotAllowed, match="own organisation only"):
        change_account(s, ours.account_id, Reach("coach", other.id), version=1, by=mandy)
    sign_out_everywhere(s, ours.account_id, by=mandy)
    disable_account(s, ours.account_id, by=mandy)


def test_others_do_not_see_the_team(s: Session, coach: Actor) -> None:
    with pytest.raises(NotAllowed):
        members(s, by=coach)
    with pytest.raises(NotAllowed):
        sign_out_everywhere(s, coach.account_id, by=Actor("Somebody", "officer"))


def test_the_team_shows_reach_sessions_and_day(s: Session, boss: Actor) -> None:
    estate = a_place(s, name="Old Mill")
    cara = add_account(s, "Cara", "coach", by=boss, email="cara@example.org", places=[estate])
    open_session(s, cara)
    one = member(s, "CARA@example.org", by=boss)
    assert (one.place_names, one.sessions, one.ways, one.is_open) == (("Old Mill",), 1, (), True)
    assert one.last_seen is not None
    with pytest.raises(NotFound, match="No account"):
        member(s, "nobody@example.org", by=boss)


def test_a_scope_outlives_its_place(s: Session, boss: Actor) -> None:
    estate = a_place(s)
    cara = add_account(s, "Cara", "coach", by=boss, places=[estate])
    cookie = open_session(s, cara)
    s.delete(s.get_one(Place, estate))
    s.flush()
    now = actor_of_cookie(s, cookie)
    assert now is not None
    assert now.places == {str(estate)}
