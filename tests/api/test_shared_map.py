"""A shared map without a script: each filter narrows exactly, list and map agree, what must stay inside stays."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
import shapely
from babel.messages.pofile import read_po
from sqlalchemy import event
from starlette.testclient import TestClient

from abcd.assets.actions import edit_asset
from abcd.core.clock import today
from abcd.core.language import CATALOGUES
from abcd.db.session import SHARE_ROLE, SYSTEM, engine, session
from abcd.db.tables import PlaceMeasure
from abcd.intake import run
from abcd.intake.streets_file import import_streets
from abcd.maps.sharing.deeds import Made, revoke_share
from abcd.maps.sharing.listing import shares
from abcd.places.actions import end_place
from abcd.places.barrier_deeds import end_barrier, keep_barrier
from tests.api.doors import the_doors
from tests.api.test_welsh import ROOM, SAID, messages
from tests.api.town import HERE_NOW, NASTY, a_town, shared
from tests.builders import HERE, a_place, an_asset

PAGE = {"Accept": "text/html"}
EAST, NORTH = HERE
ALL = "bbox=-9,49,3,61&zoom=15"


@pytest.fixture(scope="module")
def town(store: str) -> dict[str, UUID]:
    return a_town()


@pytest.fixture(scope="module")
def link(town: dict[str, UUID]) -> Made:
    return shared()


@pytest.fixture(scope="module")
def open_map(town: dict[str, UUID]) -> Made:
    return shared("open", embed_hosts=("https://partner.example",))


@pytest.fixture(scope="module")
def door(town: dict[str, UUID]) -> Iterator[TestClient]:
    with the_doors(headers=PAGE) as opened:
        yield opened


@pytest.fixture
def partner(door: TestClient, link: Made) -> Iterator[str]:
    """The address of the map for a browser that opened its link."""
    yield let_in(door, link)
    door.cookies.clear()


def let_in(door: TestClient, made: Made) -> str:
    return door.get(urlsplit(made.address).path).headers["location"]


def names(door: TestClient, address: str) -> set[str]:
    """What the list holds."""
    answer = door.get(address)
    assert answer.status_code == 200, answer.text
    return {html.unescape(name) for name in re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", answer.text, re.DOTALL)}


def marked(door: TestClient, base: str, query: str) -> set[str]:
    """What the map holds."""
    answer = door.get(f"{base}/map/assets.geojson?{query}&{ALL}")
    assert answer.status_code == 200, answer.text
    return {one["properties"]["name"] for one in answer.json()["features"]}


NARROWED = {
    "": HERE_NOW,
    "q=felin": {"Mill Choir"},
    "q=felin+kitchen": set(),
    "q=knittres": {"Knitters"},
    "q=kitchen": {"Mill Hall"},
    "kind=physical": {"Mill Hall", "Far Garden"},
    "kind=association&kind=physical": {"Mill Hall", "Far Garden", "Mill Choir", "Food Club", "Knitters", "Refuge"},
    "kind=association,physical": {"Mill Hall", "Far Garden", "Mill Choir", "Food Club", "Knitters", "Refuge"},
    "theme=food": {"Food Club"},
    "category=community-garden": {"Far Garden"},
    "day=tue": {"Mill Hall", "Food Club"},
    "day=tue&part=evening": {"Mill Hall"},
    "part=morning": {"Mill Choir", "Food Club"},
    "cost=free": {"Mill Hall"},
    "cost=gift": {"Mill Hall", "Knitters"},
    "step_free=yes": {"Mill Hall"},
    "speaks=cy": {"Mill Choir"},
    "speaks=ur": {"Mill Hall"},
    f"at={EAST:.0f},{NORTH:.0f}&minutes=10": {"Mill Hall", "Mill Choir", "Old Library", "Partners' Room"},
    "day=tue&step_free=yes&kind=association": set(),
    "kind=nonsense&day=someday&part=x&cost=no&at=x,y&minutes=7&place=none&page=-1": HERE_NOW,
}


@pytest.mark.parametrize("query", NARROWED)
def test_each_filter_narrows_exactly_and_the_map_agrees(door: TestClient, partner: str, query: str) -> None:
    wanted = NARROWED[query]
    assert names(door, f"{partner}?{query}") == wanted
    assert marked(door, partner, query) == wanted - {"Refuge"}


def test_the_public_sees_no_more_than_is_public_and_lately_checked(door: TestClient, open_map: Made) -> None:
    base = urlsplit(open_map.address).path
    assert names(door, base) == HERE_NOW - {"Old Library", "Partners' Room"}
    assert marked(door, base, "") == HERE_NOW - {"Old Library", "Partners' Room", "Refuge"}


def test_a_share_of_a_place_holds_what_lies_there(door: TestClient, town: dict[str, UUID]) -> None:
    base = let_in(door, shared(places=(town["estate"],)))
    assert names(door, base) == HERE_NOW - {"Far Garden", "Refuge"}  # which area a refuge lies in is kept as well
    assert marked(door, base, "") == HERE_NOW - {"Far Garden", "Refuge"}
    assert door.get(f"{base}/asset/{town['garden']}").status_code == 404
    edge = door.get(f"{base}/map/edge.geojson").json()["features"]
    assert [one["properties"]["name"] for one in edge] == ["Old Mill"]
    door.cookies.clear()


def test_a_share_of_a_place_that_was_drawn_anew_says_so(door: TestClient, town: dict[str, UUID]) -> None:
    with session(SYSTEM) as s:
        gone = a_place(s, name="Old Mill, patch 1", kind="patch")
    base = let_in(door, shared(places=(gone,)))
    ended = "The place of this map has ended or was drawn anew"
    assert ended not in door.get(base).text
    with session(SYSTEM) as s:
        end_place(s, gone, "drawn anew", version=1, by=SYSTEM)
        (one,) = [each for each in shares(s, by=SYSTEM) if gone in each.share.places]
    assert ended in door.get(base).text
    assert (one.is_live, one.ended) == (True, ("Old Mill, patch 1",))
    door.cookies.clear()


def test_layers_that_were_not_shared_are_not_there(door: TestClient, town: dict[str, UUID]) -> None:
    base = let_in(door, shared(layers=("venues",)))
    assert names(door, base) == {"Mill Hall", "Partners' Room", "Old Library", NASTY}
    assert door.get(f"{base}/asset/{town['choir']}").status_code == 404
    assert door.get(f"{base}/map/places.geojson").status_code == 404
    assert door.get(f"{base}/map/boundaries.geojson?zoom=12").status_code == 200
    door.cookies.clear()


def test_a_postcode_stands_in_no_address(door: TestClient, partner: str) -> None:
    answer = door.post(f"{partner}/walk", data={"from": "m16 7aa", "minutes": "15", "kind": "association,physical"})
    where = answer.headers["location"]
    assert answer.status_code == 303
    assert "7aa" not in where.lower()
    asked = parse_qs(urlsplit(where).query)
    assert asked == {"kind": ["association", "physical"], "at": ["380000,394000"], "near": ["M16"], "minutes": ["15"]}
    assert names(door, where) == {"Mill Hall", "Mill Choir", "Knitters"}
    assert "6 minutes&#39; walk" in door.get(where).text


def test_a_postcode_among_the_words_leaves_the_address_too(door: TestClient, partner: str) -> None:
    where = door.get(f"{partner}?q=hall+M16+7AA&kind=physical").headers["location"]
    assert parse_qs(urlsplit(where).query) == {
        "q": ["hall"], "kind": ["physical"], "at": ["380000,394000"], "near": ["M16"], "minutes": ["15"],
    }  # fmt: skip


def test_a_place_is_a_place_to_walk_from(door: TestClient, partner: str) -> None:
    where = door.post(f"{partner}/walk", data={"from": "old mill", "minutes": ""}).headers["location"]
    assert parse_qs(urlsplit(where).query) == {"at": ["380000,394000"], "near": ["Old Mill"]}  # as long as it takes
    listed = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", door.get(where).text)
    assert listed[:3] == ["Mill Hall", "Old Library", "Partners&#39; Room"]


def test_an_unknown_postcode_is_told_and_not_repeated(door: TestClient, partner: str) -> None:
    answer = door.post(f"{partner}/walk", data={"from": "ZZ9 9ZZ", "minutes": "15"})
    assert answer.status_code == 404
    assert "do not know that postcode" in answer.text
    assert "ZZ9" not in answer.text
    again = door.get(f"{partner}/walk")
    assert (again.status_code, again.headers["location"]) == (303, partner), "whoever comes back to that address"


def test_a_known_yes_is_never_guessed_and_a_contact_needs_consent(
    door: TestClient, partner: str, town: dict[str, UUID]
) -> None:
    choir = door.get(f"{partner}/asset/{town['choir']}").text
    knitters = door.get(f"{partner}/asset/{town['knitters']}").text
    assert "0161 496 0001" in choir
    assert "choir@example.org" in choir
    assert "Nobody knows yet" in choir
    assert "07700" not in knitters
    assert "canary-home" not in knitters
    assert "Ask: Cara Coach" in knitters


def test_an_asset_in_full_says_who_says_so_and_how_one_gets_in(
    door: TestClient, partner: str, town: dict[str, UUID]
) -> None:
    hall = re.sub(r"\s+", " ", door.get(f"{partner}/asset/{town['hall']}?only=asset").text)
    for name, words in {
        "Open": "Tu 18:00-20:00", "Cost": "Free", "Where": "1 Mill Street, M16 7AA", "Step-free": "Yes",
        "Induction loop": "Yes", "Changing place": "No", "Parking": "Partly", "Languages": "English, Urdu",
        "Last checked": "Checked lately (1 month ago)",
    }.items():  # fmt: skip
        assert f"<dt>{name}</dt><dd>{words}</dd>" in hall
    assert f"/suggest?asset={town['hall']}" in hall
    assert "<html" not in hall


def test_a_sensitive_place_is_kept_and_says_how_to_ask(door: TestClient, partner: str, town: dict[str, UUID]) -> None:
    refuge = door.get(f"{partner}/asset/{town['refuge']}").text
    assert "kept private" in refuge
    assert "canary-refuge" not in refuge
    assert "data-lon" not in refuge


def test_no_other_id_leads_further(door: TestClient, partner: str, town: dict[str, UUID]) -> None:
    for key in (town["inside"], town["gone"], town["gift"], uuid4()):
        assert door.get(f"{partner}/asset/{key}").status_code == 404


def test_what_somebody_typed_stays_text(door: TestClient, partner: str, town: dict[str, UUID]) -> None:
    for path in ("", f"/asset/{town['nasty']}", "/print", f"?q={NASTY}&near={NASTY}&at=1,1"):
        text = door.get(partner + path).text
        assert "<img src=x" not in text
        assert "<script>window" not in text
        assert 'href="javascript:' not in text


@contextmanager
def asked_of_the_store() -> Iterator[list[str]]:
    """Every statement of the share role."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine(SHARE_ROLE), "before_cursor_execute", note)
    yield said
    event.remove(engine(SHARE_ROLE), "before_cursor_execute", note)


def test_what_a_share_does_not_list_is_absent_from_the_sql(
    door: TestClient, partner: str, town: dict[str, UUID]
) -> None:
    with asked_of_the_store() as said:
        door.get(f"{partner}?q=hall&only=list&speaks=en")
        door.get(f"{partner}/map/assets.geojson?{ALL}&speaks=en")
    words = "\n".join(said)
    assert "pub.asset" in words
    for column in ("phone", "email", "uprn", "extra", "edited_at", "source_ref", "contact_public", "core."):
        assert column not in words, column
    with asked_of_the_store() as said:
        door.get(f"{partner}/asset/{town['hall']}?speaks=kw")
    words = "\n".join(said)
    assert "contact_consent" in words
    assert words.count("asset.phone") == words.count("THEN nullif(pub.asset.phone") == 1
    for column in ("extra", "edited_at", "core.", "key_holder", "tenure", "owner"):
        assert column not in words, column


def test_a_copy_is_good_until_something_changes_and_never_after_the_end(
    door: TestClient, town: dict[str, UUID]
) -> None:
    made = shared()
    base = let_in(door, made)
    address = f"{base}/map/assets.geojson?{ALL}"
    first = door.get(address)
    kept = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "private, no-cache"
    assert door.get(address, headers=kept).status_code == 304
    with session(SYSTEM) as s:
        an_asset(s, name="Brand new")
        edit_asset(s, town["garden"], {"name": "Farther Garden"}, version=1, by=SYSTEM)
    after = door.get(address, headers=kept)
    assert after.status_code == 200
    assert "Brand new" in after.text
    with session(SYSTEM) as s:
        revoke_share(s, made.share.id, by=SYSTEM)
    for path in ("", "/print", f"/asset/{town['hall']}", f"/map/assets.geojson?{ALL}"):
        answer = door.get(base + path, headers={"If-None-Match": after.headers["etag"]})
        assert answer.status_code == 404
        assert "Mill Hall" not in answer.text
    door.cookies.clear()


def test_the_policy_is_strict_and_names_who_may_frame(door: TestClient, partner: str, open_map: Made) -> None:
    base = urlsplit(open_map.address).path
    for address in (partner, base, f"{partner}/print"):
        policy = door.get(address).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert policy.endswith("frame-ancestors 'none'")
    for tail in ("", "/list"):
        answer = door.get(base.replace("/open/", "/embed/") + tail)
        assert answer.headers["content-security-policy"].endswith("frame-ancestors https://partner.example")
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not re.search(r"<style|style=|<script>|onclick", answer.text)


def test_an_embed_holds_what_its_address_presets(door: TestClient, open_map: Made) -> None:
    base = urlsplit(open_map.address).path.replace("/open/", "/embed/")
    assert names(door, f"{base}/list?kind=association&day=tue") == {"Food Club"}
    text = door.get(f"{base}/list?kind=association&day=tue").text
    assert 'id="map"' not in text
    assert f'action="{base}/list"' in text
    where = door.post(f"{base}/list/walk", data={"from": "M16 7AA", "minutes": "5"}).headers["location"]
    assert where.startswith(f"{base}/list?at=")


def test_a_link_is_embedded_nowhere(door: TestClient, link: Made) -> None:
    assert door.get(f"/embed/{link.share.slug}").status_code == 404
    assert door.get(f"/open/{link.share.slug}").status_code == 404


def test_it_speaks_welsh_with_the_names_that_there_are(door: TestClient, partner: str, town: dict[str, UUID]) -> None:
    page = door.get(f"{partner}?lang=cy")
    assert '<html lang="cy">' in page.text
    assert page.headers["content-language"] == "cy"
    assert "Côr y Felin" in page.text
    assert "Canolfan neu neuadd gymunedol" in page.text
    assert "Côr y Felin" in marked(door, partner, "lang=cy")
    assert "lang=cy" in re.findall(rf'href="([^"]*{town["choir"]}[^"]*)"', page.text)[0]


def test_the_language_of_the_share_serves_who_asks_for_none(door: TestClient, town: dict[str, UUID]) -> None:
    base = let_in(door, shared(language="cy"))
    asked = {"accept-language": "fr", **PAGE}
    assert '<html lang="cy">' in door.get(base, headers=asked).text
    assert '<html lang="en">' in door.get(base, headers={**asked, "accept-language": "en-GB"}).text
    assert '<html lang="en">' in door.get(f"{base}?lang=en", headers=asked).text
    door.cookies.clear()


def test_a_long_list_has_pages_and_a_paper_has_it_all(door: TestClient, town: dict[str, UUID]) -> None:
    with session(SYSTEM) as s:
        for n in range(30):
            an_asset(s, "shop", (EAST + 20_000, NORTH), name=f"Shop {n:02}", kind="economic", phone=f"canary-{n}")
    base = let_in(door, shared())
    first, second = (names(door, f"{base}?kind=economic&page={page}") for page in (1, 2))
    assert (len(first), len(second), len(first | second)) == (25, 5, 30)
    assert names(door, f"{base}?kind=economic&page=99") == second
    assert "30 results" in door.get(f"{base}?kind=economic").text
    paper = door.get(f"{base}/print?kind=economic").text
    assert len(re.findall("<h3>", paper)) == 30
    assert "canary" not in paper
    door.cookies.clear()


def test_what_opens_it_is_on_no_page(door: TestClient, partner: str, link: Made) -> None:
    token = link.address.rsplit("/", 1)[1]
    for path in ("", "/print", "?lang=cy", "/map/assets.geojson"):
        assert token not in door.get(partner + path).text


def test_a_walk_follows_the_streets_and_goes_round_a_brook(
    door: TestClient, link: Made, store: str, tmp_path: Path
) -> None:
    base, query = let_in(door, link), f"at={EAST:.0f},{NORTH:.0f}&minutes=10"
    before, straight = names(door, f"{base}?{query}"), door.get(f"{base}/map/ring.geojson?{query}").json()
    lines = [[[EAST - 3_000, NORTH], [EAST + 3_000, NORTH]], [[EAST, NORTH - 3_000], [EAST, NORTH + 3_000]]]
    shapes = [{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
              for line in lines]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "EPSG:27700"}}
    file = tmp_path / "lanes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": shapes}))
    made = import_streets(file, actor=SYSTEM).import_id
    page = door.get(f"{base}?{query}").text
    assert "Walks are along streets and paths." in page
    cross = door.get(f"{base}/map/ring.geojson?{query}").json()
    assert 0 < area(cross) < 0.6 * area(straight), "along two lanes, and nowhere else"
    with session(SYSTEM) as s:
        line = shapely.LineString([(EAST + 150, NORTH - 4_000), (EAST + 150, NORTH + 4_000)])
        brook = keep_barrier(
            s, {"name": "canary-brook", "nature": "river", "is_hard": True, "source": ""}, line, SYSTEM
        )
    cut = door.get(f"{base}/map/ring.geojson?{query}").json()
    assert area(cut) < 0.9 * area(cross)
    assert "canary-brook" not in door.get(f"{base}?{query}").text
    with session(SYSTEM) as s:
        end_barrier(s, brook, "a test", version=1, by=SYSTEM)
    run.undo(made, actor=SYSTEM)
    assert names(door, f"{base}?{query}") == before
    door.cookies.clear()


def area(features: dict[str, Any]) -> float:
    """The ground of a ring, in square degrees."""
    return float(shapely.from_geojson(json.dumps(features["features"][0]["geometry"])).area)


EVERY_AREA = ("assets", "places", "patches", "coverage", "gaps", "people")


def test_areas_and_figures_are_tables_too(door: TestClient, town: dict[str, UUID]) -> None:
    with session(SYSTEM) as s:
        a_place(s, (EAST + 30_000, NORTH), name="Far Estate")
        known = {"households": 180, "in_reach": 0, "fresh": 0, "state": "not_recorded", "searches": 0, "order": 5}
        s.add_all(
            PlaceMeasure(id=uuid4(), place_id=town["estate"], category=slug, worked_out_on=today(), **known)
            for slug in ("park", "library")
        )
    base = let_in(door, shared(layers=EVERY_AREA, places=(town["estate"],)))
    links = re.findall(r'href="([^"]*/table/[a-z]+)"', door.get(base).text)
    assert [link.rsplit("/", 1)[1] for link in links] == list(EVERY_AREA[1:])
    tables = {link.rsplit("/", 1)[1]: door.get(link) for link in links}
    assert {answer.status_code for answer in tables.values()} == {200}
    assert "Old Mill" in tables["places"].text
    assert "Far Estate" not in tables["places"].text
    assert "Nobody has looked yet" in tables["coverage"].text
    assert re.findall("<td>(Park|Library or hub)</td>", tables["coverage"].text) == ["Library or hub", "Park"]
    narrow = door.get(f"{base}/table/coverage?category=park").text
    assert re.findall("<td>(Park|Library or hub)</td>", narrow) == ["Park"]
    assert door.get(f"{base}/table/assets").status_code == 404
    door.cookies.clear()
    assert door.get(f"{let_in(door, shared())}/table/places").status_code == 404
    door.cookies.clear()


def test_what_is_open_can_be_taken_as_a_file(door: TestClient, partner: str) -> None:
    links = re.findall(r'href="([^"]*/files/[^"]*)"', door.get(partner).text)
    assert [link.rsplit("/", 1)[1] for link in links] == ["assets.xlsx", "assets.csv", "assets.geojson", "assets.gpkg"]
    assert {door.head(link).status_code for link in links} == {200}


def test_every_word_of_it_has_a_welsh_one() -> None:
    with (CATALOGUES / "cy" / "LC_MESSAGES" / "abcd.po").open("rb") as file:
        welsh = {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file, locale="cy") if one.string}
    templates = (ROOM / "web" / "templates" / "shared").glob("*.html")
    said = set().union(*(SAID.findall(one.read_text("utf-8")) for one in templates))
    others = ("assets/wording.py", "places/wording.py", "maps/map_words.py")
    scripts = [*(ROOM / "api" / "shared_map").glob("*.py"), *(ROOM / one for one in others)]
    said |= set().union(*map(messages, scripts))
    assert len(said) > 100
    assert said - welsh == set()
