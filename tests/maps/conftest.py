"""A small borough, committed: exports read what is committed, through connections of their own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from shapely import box
from sqlalchemy import update
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import Actor, session
from abcd.db.tables import Activity, Asset, Organisation, Place, PlaceAsset, PlaceParent, SensitiveLocation, Source
from tests.builders import HERE, a_place, an_asset, shape

EAST, NORTH = HERE
CHANGED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Borough:
    """Ids by the names that tests use."""

    places: dict[str, UUID]
    assets: dict[str, UUID]


@pytest.fixture(scope="module")
def borough(store: str, owner: Actor) -> Borough:
    """Old Mill estate in its census areas and ward, a garden with a hole, and everything that must stay inside."""
    with session(owner) as s:
        load_taxonomy(s)
        places = _places(s)
        assets = _assets(s, _source(s), _organisation(s))
        _within(s, places, assets)
        s.execute(update(Asset).values(updated_at=CHANGED, created_at=CHANGED))
        s.execute(update(Place).values(created_at=CHANGED, updated_at=CHANGED))
    return Borough(places, assets)


def _places(s: Session) -> dict[str, UUID]:
    made = {
        "estate": a_place(s, name="Old Mill", households=180),
        "oa": a_place(s, kind="oa", name="E00030001", gss_code="E00030001", vintage="2021", size=200),
        "old oa": a_place(s, kind="oa", name="E00009999", gss_code="E00009999", vintage="2011", size=200),
        "lsoa": a_place(s, kind="lsoa", name="Trafford 1A", gss_code="E01006001", vintage="2021", size=900),
        "ward": a_place(s, kind="ward", name="Longford", gss_code="E05000001", vintage="2023", size=3_000),
        "lad": a_place(s, kind="lad", name="Trafford", gss_code="E08000009", vintage="2023", size=20_000),
        "far": a_place(s, (EAST + 9_000, NORTH), name="Far Side"),
    }
    for name, reference in (("estate", "OM1"), ("far", "FS1")):
        s.execute(update(Place).where(Place.id == made[name]).values(reference=reference))
    s.add(PlaceParent(place_id=made["estate"], parent_id=made["ward"], share=1.0))
    return made


def _source(s: Session) -> UUID:
    source = Source(slug="council-halls", name="Halls 2026", publisher="Trafford Council",
                    licence="Open Government Licence v3.0", attribution="Contains Trafford Council data.")  # fmt: skip
    s.add(source)
    s.flush()
    return source.id


def _organisation(s: Session) -> UUID:
    organisation = Organisation(name="Old Mill Trust")
    s.add(organisation)
    s.flush()
    return organisation.id


def _assets(s: Session, source: UUID, organisation: UUID) -> dict[str, UUID]:
    pond = box(EAST + 20, NORTH + 20, EAST + 40, NORTH + 40)
    ring = box(EAST, NORTH, EAST + 80, NORTH + 60) - pond
    far = (EAST + 9_000, NORTH)
    hall = an_asset(
        s, "community-centre", kind="physical", name='Mill "Hall" \\ <b>\u2028 ${x}', name_cy="Neuadd y Felin",
        source_id=source, source_ref="7", organisation_id=organisation, contact_public=True, phone="0161 912 1000",
        email="hall@example.org", website="https://hall.example.org", uprn=100012345678, address="1 Mill Street",
        postcode="M16 7AA", opening_hours="Mo-Fr 09:00-17:00", facilities={"lift": "yes"}, languages=["en", "ur"],
        located_by="coordinates", precision_m=10.0, extra={"council_note": "canary-extra"},
    )  # fmt: skip
    s.add(Activity(asset_id=hall, minimum_age=5, maximum_age=11, referral_needed="yes"))
    refuge = an_asset(s, "advice", at=None, name="Refuge", is_sensitive=True)
    s.add(SensitiveLocation(asset_id=refuge, geom=shape(pond), address="canary-refuge"))
    return {
        "hall": hall,
        "refuge": refuge,
        "garden": an_asset(s, "community-garden", geom=ring, kind="physical", name="Garden"),
        "quiet": an_asset(s, "library", name="Quiet", contact_public=False, phone="canary-phone", email="canary@x.org"),
        "unplaced": an_asset(s, "library", at=None, name="Unplaced"),
        "story": an_asset(s, "memory", kind="story", name="Story", uprn=200099999999),
        "closed": an_asset(s, "library", name="Closed", status="defunct", end_date=date(2020, 1, 1)),
        "far": an_asset(s, "library", far, name="Far library"),
        "partners only": an_asset(s, "library", name="Partners only", visibility="partner"),
        "officers only": an_asset(s, "library", name="canary-officer", visibility="officer"),
        "neighbour": an_asset(s, "library", kind="individual", name="canary-neighbour"),
        "merged": an_asset(s, "library", name="canary-merged", merged_into=hall),
    }


def _within(s: Session, places: dict[str, UUID], assets: dict[str, UUID]) -> None:
    here = [name for name in assets if name not in ("far", "unplaced", "refuge")]
    around = [name for name in places if name != "far"]
    pairs = [(around_one, name) for around_one in around for name in here] + [("far", "far"), ("lad", "far")]
    s.add_all(PlaceAsset(place_id=places[p], asset_id=assets[a], relation="within") for p, a in pairs)
    serving = [
        PlaceAsset(place_id=places["estate"], asset_id=assets[one], relation="serves") for one in ("refuge", "unplaced")
    ]
    s.add_all(serving)
