from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Import, SearchEffort, Source
from abcd.errors import BadRequest, NotFound
from abcd.gaps import searching
from abcd.gaps.knowing import searches_in
from abcd.gaps.searching import forget_import_search, log_import_search, record_search
from abcd.places.parents import relate
from tests.builders import HERE, TODAY, a_place, an_asset


def an_import(s: Session, as_of: date | None = TODAY, source: UUID | None = None) -> Import:
    publisher = source or uuid4()
    if s.get(Source, publisher) is None:
        s.add(Source(id=publisher, slug=str(publisher), name="Council"))
        s.flush()
    done = Import(source_id=publisher, kind="assets", file_name="libraries.csv", as_of=as_of)
    s.add(done)
    s.flush()
    return done


def inside(s: Session, place: UUID, asset: UUID) -> None:
    s.execute(text("insert into core.place_asset values (:p, :a, 'within')"), {"p": place, "a": asset})


def efforts(s: Session) -> list[tuple[UUID, str, int]]:
    rows = s.execute(select(SearchEffort.place_id, SearchEffort.category, SearchEffort.found_n))
    return sorted(tuple(row) for row in rows)  # type: ignore[misc]


def test_a_search_is_kept_and_signed(s: Session, owner: Actor) -> None:
    place = a_place(s)
    noted = record_search(s, place, "library", "field walk", TODAY, 0, by=owner, note="Walked every street")
    s.flush()
    effort, event = s.get_one(SearchEffort, noted), s.scalars(select(AuditEvent)).one()
    assert (effort.method, effort.found_n, effort.by_role, effort.note) == (
        "field walk",
        0,
        owner.role,
        "Walked every street",
    )
    assert (event.verb, event.by, event.thing_id) == ("record search", owner.name, str(noted))


def test_an_unknown_way_of_looking_is_told_the_choices(s: Session, owner: Actor) -> None:
    with pytest.raises(BadRequest, match="connectors"):
        record_search(s, a_place(s), "library", "guessing", TODAY, 0, by=owner)


def test_an_unknown_place_or_category(s: Session, owner: Actor) -> None:
    with pytest.raises(NotFound):
        record_search(s, uuid4(), "library", "desk", TODAY, 0, by=owner)
    with pytest.raises(NotFound):
        record_search(s, a_place(s), "dragons", "desk", TODAY, 0, by=owner)


def test_an_import_looks_in_the_places_of_its_district(s: Session) -> None:
    district = a_place(s, kind="lad", size=10_000)
    with_one, without = a_place(s), a_place(s, (HERE[0] + 3000, HERE[1]))
    elsewhere = a_place(s, (HERE[0] + 50_000, HERE[1]), name="Another town")
    relate(s)
    done = an_import(s)
    library = an_asset(s, "library", last_import_id=done.id)
    for place in (district, with_one):
        inside(s, place, library)
    assert log_import_search(s, done.id) == 1
    assert efforts(s) == [(district, "library", 1)]
    found = [[look.found for look in searches_in(s, place, TODAY).get("library", [])] for place in (with_one, without)]
    assert found == [[1], [0]]
    assert searches_in(s, elsewhere, TODAY) == {}


def test_without_a_district_the_box_round_the_file_is_what_was_looked_at(s: Session) -> None:
    middle, outside = a_place(s), a_place(s, (HERE[0] + 3000, HERE[1]))
    done = an_import(s)
    for step in (-1000, 1000):
        an_asset(s, "library", (HERE[0] + step, HERE[1] + step), last_import_id=done.id)
    log_import_search(s, done.id)
    assert [place for place, _category, _found in efforts(s)] == [middle]
    assert outside != middle


def test_too_many_places_and_no_district_means_that_nobody_looked(s: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_PLACES", 1)
    for step in (-100, 100):
        a_place(s, (HERE[0] + step, HERE[1]))
    done = an_import(s)
    for step in (-1000, 1000):
        an_asset(s, "library", (HERE[0] + step, HERE[1] + step), last_import_id=done.id)
    assert log_import_search(s, done.id) == 0


def test_an_import_logs_once_and_is_taken_back_with_it(s: Session) -> None:
    a_place(s)
    district, done = a_place(s, kind="lad", size=10_000), an_import(s)
    inside(s, district, an_asset(s, "library", last_import_id=done.id))
    assert log_import_search(s, done.id) == log_import_search(s, done.id) == len(efforts(s)) == 1
    assert forget_import_search(s, done.id) == 1
    assert efforts(s) == []


def test_the_same_publishers_list_read_twice_is_one_look(s: Session) -> None:
    place, first = a_place(s), an_import(s, date(2026, 1, 1))
    again, other = an_import(s, date(2026, 5, 1), first.source_id), an_import(s, date(2026, 2, 1))
    for done in (first, again, other):
        assert done.as_of is not None
        s.add(
            SearchEffort(
                place_id=place, category="library", method="open data", looked_on=done.as_of, import_id=done.id
            )
        )
    s.flush()
    assert [look.looked_on for look in searches_in(s, place, TODAY)["library"]] == [date(2026, 5, 1), date(2026, 2, 1)]
