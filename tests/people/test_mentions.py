"""What strangers wrote about a resident goes with the resident."""

from uuid import uuid4

from sqlalchemy import select

from abcd.assets.contributions import Suggestion, contribute
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Contribution
from abcd.people.mentions import take_out
from abcd.people.traces import Traces
from tests.builders import a_group, a_term
from tests.conftest import as_owner

TRACES = Traces(sure=("07700 900999", "nia@example.org"), likely=("Nia Longname",))


def test_a_suggestion_that_names_a_person_loses_their_words(store: str) -> None:
    with session(SYSTEM) as s:
        a_term(s, "gardening-group")
        group = a_group(s, name="Knitters")
        told = Suggestion("correction", "shared map", {"phone": "07700 900999", "cost": "£2"}, {}, "Ask Nia Longname",
                          "friend of nia@example.org", asset_id=group)  # fmt: skip
        wish = contribute(s, told, key=uuid4().hex, by=SYSTEM)
        other = contribute(s, Suggestion("correction", "shared map", {"cost": "£3"}, {}, "Nice", asset_id=group),
                           key=uuid4().hex, by=SYSTEM)  # fmt: skip
    with as_owner(store) as connection:
        assert "core.contribution" in take_out(connection, TRACES)
    with session(SYSTEM) as s:
        row = s.execute(select(Contribution).where(Contribution.id == wish)).scalar_one()
        assert (row.own_words, row.role_words, row.proposed) == ("Ask ", "friend of ", {"phone": "", "cost": "£2"})
        assert s.get_one(Contribution, other).own_words == "Nice"
