"""No contact leaves without a consent that is recorded, dated and not over (trust.md P11), in any output there is.

Assets of every kind are made with every history of consent; every address and format is asked, unpacked and searched.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from abcd.assets.consent import WORDING, disagree, record_consent, withdraw_consent
from abcd.assets.still_right import GROUP
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import months_after, today
from abcd.db.consent import OFFICE_KINDS
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import ASSET_KINDS, Asset, ContactConsent, Setting
from abcd.maps.drawing import map_html
from abcd.maps.export import export_geojson
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import Order, write_files
from abcd.maps.layers import LAYERS
from tests.api.doors import the_doors
from tests.api.shares import a_share, secret_of
from tests.builders import HERE, a_place, an_asset
from tests.canary import Search, unlikely

EAST, NORTH = HERE
HISTORIES = ("never", "flag alone", "holds", "over", "to come", "withdrawn", "withdrawn and given again",
             "given and the flag taken away")  # fmt: skip
SORTS = ("yes", "no", "officers")
LAYERS_OF_ASSETS = ("assets", "venues", "groups", "activities")


@dataclass
class Made:
    """Contacts by whether they may be shown, and the assets. Each contact begins with the mark of its sort, so that one
    search for two marks looks for all: ``no`` may not be shown, ``officers`` is of assets for officers alone."""

    marks: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {sort: (f"0{unlikely(7, '123456789')}", unlikely(10).lower()) for sort in SORTS}
    )
    told: dict[str, list[str]] = field(default_factory=lambda: {sort: [] for sort in SORTS})
    ids: list[UUID] = field(default_factory=list)
    estate: UUID | None = None

    def contact(self, sort: str) -> tuple[str, str]:
        """A new telephone number and e-mail of a sort."""
        number, mail = self.marks[sort]
        made = f"{number}{len(self.ids):03}", f"{mail}{len(self.ids):03}@contact.example"
        self.told[sort] += made
        return made

    def search(self, *sorts: str) -> Search:
        """A search for every contact of these sorts."""
        return Search({f"{sort} {n}": mark for sort in sorts for n, mark in enumerate(self.marks[sort])})


def give(s: Session, one: UUID, history: str) -> None:
    """Give an asset its history of consent."""
    if history in ("over", "to come"):
        # The app records no such consent; the clock makes the first of itself.
        days = (date(2020, 1, 1), today()) if history == "over" else (today() + timedelta(1), months_after(today(), 24))
        s.add(ContactConsent(asset_id=one, given_on=days[0], how="form", told=WORDING, recorded_by="Ann",
                             expires_on=days[1]))  # fmt: skip
    elif history not in ("never", "flag alone"):
        record_consent(s, one, how="form", by=SYSTEM)
    if history.startswith("withdrawn"):
        withdraw_consent(s, one, how="telephone", by=SYSTEM)
    if history.endswith("again"):
        record_consent(s, one, how="link", by=SYSTEM)
    if history.endswith("taken away"):
        s.execute(update(Asset).where(Asset.id == one).values(contact_public=False))


def sort_of(kind: str, history: str, audience: str) -> str:
    """Whether the contact of such an asset may be shown."""
    agreed = history in ("holds", "withdrawn and given again")
    office = kind in OFFICE_KINDS and history not in ("never", "withdrawn", "given and the flag taken away")
    if kind == "individual" or not (agreed or office):
        return "no"
    return "officers" if audience == "officer" else "yes"


def an_asset_with(s: Session, made: Made, kind: str, history: str, audience: str) -> None:
    """An asset with a contact and a history of consent."""
    category = {"association": "gardening-group", "physical": "community-centre"}.get(kind, "library")
    at = (EAST + random.uniform(-90, 90), NORTH + random.uniform(-90, 90))
    number, mail = made.contact(sort_of(kind, history, audience))
    one = an_asset(s, category, at, kind=kind, phone=number, email=mail, visibility=audience, checked=today(),
                   contact_public=history != "never")  # fmt: skip
    give(s, one, history)
    made.ids.append(one)


@pytest.fixture(scope="module")
def made(store: str) -> Made:
    """Every kind with every history, for every audience, in one estate; all layers of assets are public."""
    done = Made()
    with session(SYSTEM) as s:
        load_taxonomy(s)
        done.estate = a_place(s, name="Old Mill", size=600)
        for kind in ASSET_KINDS:
            for history in HISTORIES:
                for audience in ("public", "partner", "officer"):
                    an_asset_with(s, done, kind, history, audience)
        assign(s)
        s.add(Setting(name="public_layers", value=[name for name in LAYERS_OF_ASSETS if name in LAYERS]))
    return done


@pytest.fixture(scope="module")
def door(made: Made) -> Iterator[TestClient]:
    with the_doors() as opened:
        yield opened


def addresses(door: TestClient, made: Made) -> Iterator[str]:
    """Every address that shows assets to somebody outside."""
    layers = tuple(name for name in LAYERS_OF_ASSETS if name in LAYERS)
    opened = a_share("open", layers=layers, places=(made.estate,)).share.slug
    link = a_share(layers=layers, places=(made.estate,))
    door.get(f"/s/{secret_of(link)}")
    for base in (f"/shared/{link.share.slug}", f"/open/{opened}", f"/embed/{opened}"):
        yield from (base, f"{base}/print", f"{base}?page=2", f"{base}?q=library")
        yield from (f"{base}/asset/{one}" for one in random.sample(made.ids, 24 if "shared" in base else 6))
        yield f"{base}/map/assets.geojson?bbox=-2.32,53.43,-2.28,53.46&zoom=17"
        if "embed" not in base:
            yield from (f"{base}/suggest?asset={one}" for one in random.sample(made.ids, 8))
            yield from (f"{base}/files/{layers[-1]}.{form}" for form in FORMATS)
    yield f"/embed/{opened}/list"
    for layer in layers:
        yield f"/ogc/collections/{layer}/items?limit=1000"
        yield f"/ogc/collections/{layer}/items?limit=1000&f=html"
        yield f"/ogc/collections/{layer}/tiles/WebMercatorQuad/15/10625/16173"
    yield from ("/oruk/services?per_page=500", "/oruk/service_at_locations?per_page=500")
    yield from (f"/oruk/services/{one}" for one in made.ids[::7])
    yield from (f"/ical/{kind}/{made.ids[0]}.ics" for kind in ("group", "venue", "place"))


def test_no_answer_holds_a_contact_without_consent(door: TestClient, made: Made) -> None:
    leaks, asked, seen = [], 0, set()
    without = made.search("no", "officers")
    for where in addresses(door, made):
        answer = door.get(where, headers={"Accept": "text/html"})
        asked += answer.status_code == 200
        leaks += [(where, hit.name) for hit in without.in_bytes(answer.content + str(answer.headers).encode(), where)]
        seen |= {contact for contact in made.told["yes"] if contact.encode() in answer.content}
    assert leaks == []
    assert asked > 50
    # The search would have found the others: all that may be shown was seen somewhere.
    assert set(made.told["yes"]) - seen == set()


@pytest.mark.parametrize("audience", ["public", "council", "officer"])
@pytest.mark.parametrize("form", FORMATS)
def test_no_file_holds_one_for_any_audience(made: Made, form: str, audience: str, tmp_path: Path) -> None:
    out = tmp_path / f"assets{FORMATS[form].suffix}"
    with session(SYSTEM, patient=True) as s:
        write_files(s, Order(("assets",), form, audience=audience), out, by=SYSTEM)
    if form == "parquet":
        # Its columns are packed in a way of their own.
        (tmp_path / "rows.txt").write_text(str(pq.read_table(out).to_pylist()), encoding="utf-8")
    kept_in = ("no",) if audience == "officer" else ("no", "officers")
    assert [hit.name for hit in made.search(*kept_in).in_folders(tmp_path)] == []
    assert {hit.name for hit in made.search("yes").in_folders(tmp_path)} == {"yes 0", "yes 1"}


def test_the_maps_to_take_away_hold_none(made: Made, tmp_path: Path) -> None:
    with session(SYSTEM, patient=True) as s:
        export_geojson(s, "assets", tmp_path / "assets.geojson", by=SYSTEM)
        (tmp_path / "map.html").write_text(map_html(s, str(made.estate), by=SYSTEM), encoding="utf-8")
    assert made.search("no", "officers").in_folders(tmp_path) == []
    assert made.search("yes").in_folders(tmp_path)


def test_withdrawing_by_link_holds_for_the_next_answer(door: TestClient, made: Made) -> None:
    with session(SYSTEM) as s:
        one = an_asset(s, "gardening-group", kind="association", phone="07700900555", name="Withdrawers")
        record_consent(s, one, how="form", by=SYSTEM)
        assign(s, asset_ids=[one])
    slug = a_share("open", places=(made.estate,)).share.slug
    where = (f"/open/{slug}/asset/{one}", f"/ogc/collections/assets/items/{one}", f"/oruk/services/{one}")
    assert all("7700" in door.get(path).text for path in where[:2])
    with session(GROUP) as s:
        disagree(s, one, how="link", by=GROUP)
    assert [path for path in where if "7700" in door.get(path).text] == []
