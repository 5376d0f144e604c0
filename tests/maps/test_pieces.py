"""The connections that read for a file: of the same role, audience and patience as their session."""

import pytest
from sqlalchemy import text

from abcd.db.session import SYSTEM, session
from abcd.maps.pieces import one_snapshot
from abcd.maps.reader import Reader

ASKED = text(
    "select current_user, current_setting('abcd.audience'), current_setting('statement_timeout'), "
    "current_setting('idle_in_transaction_session_timeout')"
)


@pytest.mark.parametrize("patient", [True, False])
def test_they_read_as_their_session_does(store: str, patient: bool) -> None:
    with Reader("partner", ("assets",)).reading(patient=patient) as s, one_snapshot(s) as connections:
        told = {tuple(connection.execute(ASKED).one()) for connection in connections}
        assert told == {tuple(s.execute(ASKED).one())}
    assert told == {("abcd_share_ro", "partner", *(("0", "10min") if patient else ("5s", "20s")))}


def test_what_was_said_to_one_file_is_not_said_to_the_next(store: str) -> None:
    with Reader("partner", ()).reading(patient=True) as s, one_snapshot(s):
        pass
    with session(SYSTEM) as s, one_snapshot(s) as connections:
        assert {tuple(connection.execute(ASKED).one())[:3] for connection in connections} == {
            ("abcd_app_rw", "public", "15s")
        }
