"""``abcd connections rematch``: every association's wishes, counts alone on the screen."""

import json
from dataclasses import replace

from sqlalchemy import select
from typer.testing import CliRunner

from abcd.access.associations import ensure_association
from abcd.assets.taxonomy import load_taxonomy
from abcd.cli.connections import app
from abcd.db.session import SYSTEM, session
from abcd.db.tables import AuditEvent, PersonSuggestion
from abcd.people.skills import load_skills
from tests.builders import a_place
from tests.connections.wishing import a_neighbour, gives, hopes


def test_a_night_at_once(store: str) -> None:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        load_skills(s)
        ours = replace(SYSTEM, organisation_id=str(ensure_association(s, by=SYSTEM)))
    with session(ours) as s:
        patch = a_place(s, kind="patch", size=300)
        ada, beth = (a_neighbour(s, patch, preferred_name=name) for name in ("Ada Canary", "Beth Canary"))
        hopes(s, ada, own_words="Canary piano")
        gives(s, beth)
    told = CliRunner().invoke(app, ["rematch", "--json"])
    assert json.loads(told.stdout) == {"wishes": 1, "answered": 1, "suggestions": 1, "planned": 1}
    assert "Canary" not in CliRunner().invoke(app, ["rematch"]).stdout
    with session(ours) as s:
        kept = s.scalars(select(PersonSuggestion)).one()
        assert (kept.a_person_id, kept.b_person_id, kept.is_planned) == (ada, beth, True)
        event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "rematch")).first()
        assert event is not None
        assert event.after == {"wishes": 1}
