"""That a role needs a check and until when somebody is cleared: no more, and for the casework roles alone."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.errors import BadRequest, Conflict, NotAllowed
from abcd.people.actions import add_person
from abcd.people.clearances import add_check, checks_of, edit_check
from tests.people.conftest import a_draft, ask_as, grounds

UNTIL = date(2027, 5, 1)


def test_a_role_s_check_is_written_down_mended_and_nothing_else_is(s: Session, manager: Actor, patch: UUID) -> None:
    ada = add_person(s, a_draft(patch), by=manager)
    made = add_check(s, ada.id, " Driving the minibus ", grounds(), by=manager)
    assert (made.role, made.is_required, made.cleared_until) == ("Driving the minibus", True, None)
    made = edit_check(s, made.id, {"cleared_until": UNTIL}, version=made.version, by=manager)
    assert [one.cleared_until for one in checks_of(s, ada.id)] == [UNTIL]
    with pytest.raises(BadRequest, match="Of a check only"):
        edit_check(s, made.id, {"certificate": "123"}, version=made.version, by=manager)
    with pytest.raises(BadRequest, match="which role"):
        add_check(s, ada.id, " ", grounds(), by=manager)
    with pytest.raises(Conflict):
        edit_check(s, made.id, {"is_required": False}, version=1, by=manager)


def test_it_is_nobody_else_s_to_read(s: Session, manager: Actor, patch: UUID) -> None:
    ada = add_person(s, a_draft(patch), by=manager)
    add_check(s, ada.id, "Lifts to the clinic", grounds(), cleared_until=UNTIL, by=manager)
    ask_as(s, Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id))
    with pytest.raises(NotAllowed):
        checks_of(s, ada.id)
