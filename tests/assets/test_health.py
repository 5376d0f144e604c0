"""Data health: counts, faults by file, what nobody can place."""

from datetime import UTC, date, datetime

from shapely import Point
from sqlalchemy.orm import Session

from abcd.assets.health import doubtful, health, issues_by_source, unlocated
from abcd.assets.lines import lines
from abcd.core.clock import today
from abcd.db.tables import Import, Issue, SensitiveLocation, Source
from tests.builders import HERE, an_asset, shape


def test_the_register_at_a_glance(s: Session) -> None:
    an_asset(s, checked=today()), an_asset(s, at=None, checked=today()), an_asset(s, checked=date(2015, 1, 1))
    an_asset(s, status="defunct")
    hidden = an_asset(s, at=None, is_sensitive=True, checked=today())
    s.add(SensitiveLocation(asset_id=hidden, geom=shape(Point(HERE))))
    s.flush()
    told = health(s)
    assert (told.assets, told.unlocated, told.doubtful) == (4, 1, 1)
    assert told.freshness == {"fresh": 3, "due": 0, "stale": 0, "hidden": 1}
    assert (told.open_issues, told.open_duplicates) == (0, 0)


def test_what_is_nowhere_and_what_is_doubtful_is_listed(s: Session) -> None:
    an_asset(s, at=None, name="Nowhere"), an_asset(s, name="Old", checked=date(2015, 1, 1))
    an_asset(s, checked=today())
    assert [line.name for line in lines(s, unlocated())] == ["Nowhere"]
    assert [line.name for line in lines(s, doubtful())][0] == "Old"


def test_faults_are_counted_by_file_and_kind(s: Session) -> None:
    source = Source(slug="t", name="Trafford Council")
    s.add(source)
    s.flush()
    when = datetime(2026, 1, 1, tzinfo=UTC)
    brought, undone = (Import(source_id=source.id, kind="assets", file_name=f"{status}.csv", status=status,
                              loaded_at=when) for status in ("loaded", "undone"))  # fmt: skip
    s.add_all([brought, undone])
    s.flush()
    for row in (3, 4):
        said = {"message": "No place.", "what_to_do": "Say where."}
        s.add(Issue(import_id=brought.id, kind="no_location", row_number=row, **said))
    s.add(Issue(import_id=undone.id, kind="no_location", row_number=1, message="No place."))
    s.add(Issue(import_id=brought.id, kind="bad_postcode", row_number=9, settled_at=datetime(2026, 1, 2, tzinfo=UTC)))
    s.flush()
    row = issues_by_source(s).to_dict("records")
    assert [(one["source"], one["file"], one["kind"], one["rows"], one["what_to_do"]) for one in row] == [
        ("Trafford Council", "loaded.csv", "no_location", 2, "Say where.")
    ]  # fmt: skip
