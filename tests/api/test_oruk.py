"""The whole directory of the invented borough over HTTP, against the profile: every page, filter, error and header."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from abcd.api import oruk
from abcd.api.answers import told
from abcd.assets.actions import edit_asset
from abcd.db.session import Actor, session
from abcd.db.tables import Activity, Asset, Group, Organisation, Place, PlaceAsset, Setting
from abcd.errors import AbcdError
from abcd.intake import millfield
from abcd.maps.oruk import feed
from abcd.maps.reader import PUBLIC_LAYERS, Reader
from abcd.maps.sharing.deeds import make_share
from abcd.maps.sharing.wish import Wish
from tests.builders import an_asset
from tests.maps.oruk.profile import faults

Json = dict[str, Any]
SECRET = "canary-that-stays"
PUBLIC = Reader("public", ("assets", "venues"))


@pytest.fixture(scope="module")
def ids(store: str, owner: Actor) -> dict[str, UUID]:
    """Millfield, its assets public, and a few services with all that a service can have. Ids by name."""
    millfield.load(actor=owner)
    with session(owner) as s:
        s.merge(Setting(name=PUBLIC_LAYERS, value=["assets", "venues"]))
        hall = s.scalars(select(Asset.id).where(Asset.name == "Tenter Row Community Centre")).one_or_none()
        hall = (
            hall or s.scalars(select(Asset.id).where(Asset.category == "community-centre").order_by(Asset.name)).first()
        )
        trust = Organisation(name="Mill Trust", identifiers={"GB-CHC": "1000001"}, website="www.trust.example.org",
                             email="canary-that-stays@trust.example", phone=SECRET)  # fmt: skip
        s.add(trust)
        s.flush()
        tea = an_asset(
            s, "older-peoples-group", kind="physical", name="Tea dance", organisation_id=trust.id, cost="Free",
            languages=["en", "cy", "bfi"], serves=["Tenter Row"], website="https://tea.example.org/a b",
            opening_hours="Tu[2] 14:00-16:00; PH off", phone=SECRET, email=f"{SECRET}@example.org",
        )  # fmt: skip
        s.add(Activity(asset_id=tea, venue_id=hall, minimum_age=60, maximum_age=99, referral_needed="yes"))
        night = an_asset(s, "event", kind="story", name="Night walk", opening_hours="Fr 22:00-02:00")
        an_asset(s, "library", name=SECRET, visibility="officer")
        an_asset(s, "library", name=SECRET, kind="individual")
        an_asset(s, "community-garden", name="A garden is no service", kind="physical")
        an_asset(s, "library", name="Only planned", status="planned")
        an_asset(s, "library", name="For partners", visibility="partner")
    assert hall is not None
    return {"hall": hall, "tea": tea, "night": night}


@pytest.fixture(scope="module")
def web(ids: dict[str, UUID]) -> Iterator[TestClient]:
    """Somebody who harvests the directory without a key."""
    app = Starlette(routes=oruk.ROUTES, exception_handlers={AbcdError: told})
    with TestClient(app, headers={"Accept": "application/json"}) as client:
        yield client


def everything(web: TestClient, path: str, per_page: int = 7, **asked: str) -> list[Json]:
    """All entries of a list, page by page, each page against the profile and its wrapper against the others."""
    found: list[Json] = []
    number, pages = 1, 1
    while number <= pages:
        told_ = web.get(f"/oruk{path}", params={"page": number, "per_page": per_page, **asked})
        assert told_.status_code == 200, told_.text
        page = told_.json()
        assert faults(path, page) == []
        found += page["contents"]
        pages = page["total_pages"]
        assert page["size"] == len(page["contents"])
        assert page["page_number"] == number
        assert (page["first_page"], page["last_page"]) == (number == 1, number >= pages)
        assert page["empty"] == (page["size"] == 0)
        number += 1
    assert page["total_items"] == len(found)
    assert len({one["id"] for one in found}) == len(found)
    return found


def names(entries: list[Json]) -> set[str]:
    return {one.get("service", one)["name"] for one in entries}


def test_it_says_what_it_is(web: TestClient) -> None:
    for path in ("/oruk", "/oruk/"):
        assert faults("/", web.get(path).json()) == []
    contract = web.get("/oruk/openapi.json").json()
    assert set(contract["paths"]["/oruk/services"]) == {"get", "options"}
    assert contract["paths"]["/oruk/services"]["get"]["security"] == []


def test_every_service_page_by_page_and_each_in_full(web: TestClient, ids: dict[str, UUID]) -> None:
    listed = everything(web, "/services")
    with PUBLIC.reading() as s:
        expected = list(feed(s, PUBLIC))
    assert [one["id"] for one in listed] == [one["id"] for one in expected]
    assert len(listed) > 35
    for one in listed:
        in_full = web.get(f"/oruk/services/{one['id']}").json()
        assert faults("/services/{id}", in_full) == []
        assert one.items() <= in_full.items()
    assert {"Tea dance", "Night walk", "Tenter Tots"} <= names(listed)
    assert not {"A garden is no service", "Only planned", "For partners", SECRET} & names(listed)


def test_every_service_where_it_happens(web: TestClient, ids: dict[str, UUID]) -> None:
    listed = everything(web, "/service_at_locations")
    services = {one["id"]: one for one in everything(web, "/services", per_page=500)}
    for one in listed:
        in_full = web.get(f"/oruk/service_at_locations/{one['id']}").json()
        assert faults("/service_at_locations/{id}", in_full) == []
        assert in_full["location"] == one["location"]
        assert in_full["service"].get("schedules") == in_full.get("schedules")
    placed = {one["service_id"] for one in listed}
    assert placed < set(services)
    assert "A safe house for women and children" in {services[one]["name"] for one in set(services) - placed}


def test_every_taxonomy_and_term(web: TestClient) -> None:
    for path in ("/taxonomies", "/taxonomy_terms"):
        for one in everything(web, path, per_page=60):
            assert web.get(f"/oruk{path}/{one['id']}").json() == one
    terms = {one["id"]: one for one in everything(web, "/taxonomy_terms", per_page=500)}
    used = {attribute["taxonomy_term_id"] for one in everything(web, "/services", per_page=500)
            for attribute in web.get(f"/oruk/services/{one['id']}").json()["attributes"]}  # fmt: skip
    assert used <= set(terms)
    assert {terms[one["parent_id"]]["name"] for one in terms.values() if "parent_id" in one} >= {"Groups", "Exchange"}


def test_all_that_one_service_can_have(web: TestClient, ids: dict[str, UUID]) -> None:
    tea = web.get(f"/oruk/services/{ids['tea']}").json()
    assert faults("/services/{id}", tea) == []
    (schedule,), (place,) = tea["schedules"], tea["service_at_locations"]
    assert {name: schedule[name] for name in ("freq", "byday", "opens_at", "closes_at", "description")} == {
        "freq": "MONTHLY", "byday": "2TU", "opens_at": "14:00", "closes_at": "16:00",
        "description": "Tu[2] 14:00-16:00; PH off",
    }  # fmt: skip
    assert place["location"]["id"] == web.get(f"/oruk/service_at_locations/{place['id']}").json()["location"]["id"]
    assert place["location"]["name"] != "Tea dance"
    (address,) = place["location"]["addresses"]
    assert (address["state_province"], address["country"]) == ("Millfield", "GB")
    assert tea["organization"]["name"] == "Mill Trust"
    assert tea["organization"]["website"] == "https://www.trust.example.org"
    assert tea["organization"]["organization_identifiers"][0]["identifier"] == "1000001"
    assert {(one["code"], one["name"]) for one in tea["languages"]} == {
        ("en", "English"), ("cy", "Welsh"), ("bfi", "British Sign Language"),
    }  # fmt: skip
    assert [(one["option"], one["amount"]) for one in tea["cost_options"]] == [("Free", 0)]
    assert (tea["minimum_age"], tea["maximum_age"]) == (60, 99)
    assert [one["name"] for one in tea["service_areas"]] == ["Tenter Row"]
    assert "url" not in tea
    assert "email" not in tea
    assert "contacts" not in tea


def test_a_contact_leaves_with_consent_alone(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    with session(owner) as s:
        shown = {str(one) for one in s.scalars(select(Asset.id).where(Asset.contact_public, Asset.phone != ""))}
    with PUBLIC.reading() as s:
        told_ = {one["id"]: one for one in feed(s, PUBLIC)}
    with_contact = {one for one, service in told_.items() if "contacts" in service or "email" in service}
    assert with_contact <= shown
    assert SECRET not in json.dumps(list(told_.values()))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"search": "dance"}, {"Tea dance"}),
        ({"search": "choir or dance"}, {"Tea dance"}),
        ({"search": "nothing of that name"}, set()),
        ({"minimum_age": "60"}, {"Tea dance"}),
        ({"minimum_age": "61"}, set()),
        ({"maximum_age": "99"}, {"Tea dance"}),
        ({"maximum_age": "98"}, set()),
        ({"day": "FR", "start_time": "21:00"}, {"Night walk"}),
        ({"day": "friday", "start_time": "21:00", "end_time": "23:00"}, set()),
        ({"day": "TU", "start_time": "14:00", "end_time": "16:00"}, {"Tea dance"}),
        ({"day": "TU", "start_time": "09:15", "end_time": "11:30"}, {"Tenter Tots"}),
        ({"search": "dance", "day": "MO"}, set()),
        ({"start_time": "21:30"}, {"Night walk"}),
        ({"taxonomy_id": "00000000-0000-4000-8000-000000000000"}, set()),
    ],
)  # fmt: skip
def test_filters_are_exact(web: TestClient, asked: dict[str, str], expected: set[str]) -> None:
    assert names(everything(web, "/services", **asked)) == expected
    assert names(everything(web, "/service_at_locations", **asked)) == expected


def test_a_day_is_every_service_of_that_day(web: TestClient) -> None:
    in_full = [web.get(f"/oruk/services/{one['id']}").json() for one in everything(web, "/services", per_page=500)]
    on_saturdays = {one["name"] for one in in_full
                    if any("SA" in schedule.get("byday", "") for schedule in one.get("schedules", []))}  # fmt: skip
    assert names(everything(web, "/services", day="SA")) == on_saturdays
    assert len(on_saturdays) > 5


def test_a_term_is_every_service_of_it(web: TestClient) -> None:
    terms = {one["code"]: one["id"] for one in everything(web, "/taxonomy_terms", per_page=500)}
    taxonomy = web.get("/oruk/taxonomies").json()["contents"][0]["id"]
    everyone = names(everything(web, "/services", per_page=500))
    assert names(everything(web, "/services", taxonomy_term_id=terms["food-bank"])) == {
        "Highfield Pantry", "St Brannoc's Food Bank",
    }  # fmt: skip
    assert names(everything(web, "/services", taxonomy_term_id=terms["money-and-food"])) > {"Highfield Pantry"}
    assert names(everything(web, "/services", taxonomy_term_id=terms["story"])) == {"Night walk"}
    assert names(everything(web, "/services", taxonomy_id=taxonomy)) == everyone
    assert web.get("/oruk/services", params={"taxonomy_term_id": str(uuid4())}).status_code == 404


def test_near_a_postcode(web: TestClient) -> None:
    whole = everything(web, "/service_at_locations", per_page=500)
    addressed = [one for one in whole if one["location"].get("addresses")]
    postcode = addressed[0]["location"]["addresses"][0]["postal_code"]
    near = everything(web, "/service_at_locations", postcode=postcode, proximity="600")
    nearer = everything(web, "/service_at_locations", postcode=postcode.replace(" ", "").lower(), proximity="200")
    assert {one["id"] for one in nearer} < {one["id"] for one in near} < {one["id"] for one in whole}
    assert addressed[0]["id"] in {one["id"] for one in near}
    everywhere = everything(web, "/service_at_locations", postcode=postcode, proximity="100000")
    assert len(everywhere) >= len(whole) - 2  # what the tests added lies far away
    for wrong in ("M99 9ZZ", "nowhere"):
        assert web.get("/oruk/service_at_locations", params={"postcode": wrong}).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=-1", "per_page=0", "page=99999999999", "minimum_age=x", "maximum_age=-1", "day=noday",
     "minimum_age=nan", "start_time=25:00", "end_time=noon", "proximity=inf", "day=X"],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(web: TestClient, query: str) -> None:
    answer = web.get(f"/oruk/service_at_locations?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_page_after_the_last_is_empty_and_a_huge_one_is_cut(web: TestClient) -> None:
    after = web.get("/oruk/services?page=1000").json()
    assert faults("/services", after) == []
    assert (after["empty"], after["last_page"], after["contents"]) == (True, True, [])
    assert web.get("/oruk/services?per_page=100000").json()["size"] == after["total_items"]


def test_pages_are_the_same_in_any_order(web: TestClient) -> None:
    forwards = [web.get(f"/oruk/services?per_page=4&page={number}").json()["contents"] for number in range(1, 10)]
    backwards = [web.get(f"/oruk/services?per_page=4&page={number}&n=1").json()["contents"]
                 for number in range(9, 0, -1)]  # fmt: skip
    assert forwards == backwards[::-1]


@pytest.mark.parametrize("path", ["services", "service_at_locations", "taxonomies", "taxonomy_terms"])
def test_whatever_is_not_there_is_not_there_alike(
    web: TestClient, ids: dict[str, UUID], path: str, owner: Actor
) -> None:
    with session(owner) as s:
        hidden = s.scalars(select(Asset.id).where(Asset.name == SECRET)).first()
    answers = [web.get(f"/oruk/{path}/{one}") for one in (hidden, uuid4(), "x", ids["hall"], "1" * 3_000)]
    assert {(one.status_code, one.content) for one in answers} == {
        (404, b'{"error":"There is nothing at this address."}')
    }
    assert len({tuple(sorted(one.headers)) for one in answers}) == 1


def test_nothing_is_open_until_the_owner_says_so(web: TestClient, owner: Actor) -> None:
    def opened(layers: list[str]) -> None:
        with session(owner) as s:
            s.get_one(Setting, PUBLIC_LAYERS).value = layers

    paths = ("", "/services", "/taxonomies", "/service_at_locations", "/taxonomy_terms")
    try:
        opened(["places", "venues"])
        assert {(web.get(f"/oruk{path}").status_code, web.get(f"/oruk{path}").content) for path in paths} == {
            (404, b'{"error":"There is nothing at this address."}')
        }
        opened(["groups"])
        kinds = {attribute["taxonomy_term"]["code"] for one in everything(web, "/services", per_page=500)
                 for attribute in web.get(f"/oruk/services/{one['id']}").json()["attributes"]
                 if attribute["taxonomy_term"]["taxonomy"] == "Kinds of strength"}  # fmt: skip
        assert kinds == {"association"}
    finally:
        opened(["assets", "venues"])


def test_a_wrong_key_opens_less_than_none(web: TestClient) -> None:
    for headers in ({"X-API-Key": "abcd_wrong"}, {"Authorization": "Bearer abcd_wrong"}):
        answer = web.get("/oruk/services", headers=headers)
        assert (answer.status_code, answer.content) == (404, b'{"error":"There is nothing at this address."}')
    assert web.get("/oruk/services?key=abcd_wrong").status_code == 200


def test_a_key_opens_what_its_share_holds(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    """For partners, on one estate: what is for partners there, nothing elsewhere, no venue that lies elsewhere."""
    with session(owner) as s:
        estate = s.scalars(select(Place.id).where(Place.kind == "estate", Place.name == "Tenter Row")).one()
        mine = s.scalars(select(Asset.id).where(Asset.name == "For partners")).one()
        held = set(s.scalars(select(PlaceAsset.asset_id).where(PlaceAsset.place_id == estate)))
        s.add_all(PlaceAsset(place_id=estate, asset_id=one, relation="within") for one in (mine, ids["tea"]))
        wish = Wish("feed", "For our directory", "partner", ("assets",), (estate,))
        key = make_share(s, wish, by=owner).key
    with TestClient(web.app, headers={"X-API-Key": key}) as partner:
        found = everything(partner, "/services")
        assert {"For partners", "Tea dance", "Tenter Tots"} <= names(found)
        assert "Millfield Central Library" not in names(found)
        assert {UUID(one["id"]) for one in found} <= held | {mine, ids["tea"]}
        where = partner.get(f"/oruk/services/{ids['tea']}").json()["service_at_locations"][0]["location"]
        assert (where["name"] == "Tea dance") == (ids["hall"] not in held)
    elsewhere = {one["id"] for one in everything(web, "/services", per_page=500)} - {one["id"] for one in found}
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert web.get("/oruk/services", headers=headers).json()["total_items"] == len(found)
        assert web.get(f"/oruk/services/{next(iter(elsewhere))}", headers=headers).status_code == 404


def test_a_copy_is_good_until_something_changes(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    path = f"/oruk/services/{ids['night']}"
    first = web.get(path)
    again = web.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["last-modified"].endswith("GMT")
    assert web.get(path).content == first.content
    assert web.get("/oruk/services").headers["etag"] != first.headers["etag"]
    with session(owner) as s:
        version = s.get_one(Asset, ids["night"]).version
        edit_asset(s, ids["night"], {"description": "Bring a torch"}, version=version, by=owner)
    changed = web.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json()["description"] == "Bring a torch"


def test_any_site_may_read_and_nobody_may_write(web: TestClient) -> None:
    asked = {"Origin": "https://finder.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "X-API-Key"}  # fmt: skip
    before = web.options("/oruk/services", headers=asked)
    assert before.status_code == 204
    assert "X-API-Key" in before.headers["access-control-allow-headers"]
    assert web.get("/oruk/services", headers=asked).headers["access-control-allow-origin"] == "*"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert web.request(method, "/oruk/services").status_code == 405
    assert web.head("/oruk/services").status_code == 200


def test_ids_never_change(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    def all_ids(told_: object) -> list[str]:
        if isinstance(told_, dict):
            mine = [told_["id"]] if "id" in told_ else []
            return mine + [one for value in told_.values() for one in all_ids(value)]
        return [one for value in told_ for one in all_ids(value)] if isinstance(told_, list) else []

    first = all_ids(web.get(f"/oruk/services/{ids['tea']}").json())
    with session(owner) as s:
        s.execute(update(Asset).where(Asset.id == ids["tea"]).values(name="Tea dance", assured_on=date(2026, 1, 5)))
        s.merge(Group(asset_id=ids["tea"], run_by="members"))
    assert all_ids(web.get(f"/oruk/services/{ids['tea']}").json()) == first
