"""Files to take away, over HTTP."""

import httpx
import pytest


def test_a_layer_is_a_file(browser: httpx.Client) -> None:
    answer = browser.get("/export/assets.geojson", params={"category": "library"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-disposition"] == 'attachment; filename="assets-library.geojson"'
    assert answer.json()["metadata"]["rows"] == len(answer.json()["features"]) == 1


def test_the_same_file_twice_is_the_same_bytes(browser: httpx.Client) -> None:
    assert browser.get("/export/places.geojson").content == browser.get("/export/places.geojson").content


def test_a_place_is_a_page_to_take_away(browser: httpx.Client) -> None:
    reference = browser.get("/export/places.geojson").json()["features"][0]["properties"]["reference"]
    answer = browser.get(f"/export/map/{reference}.html")
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert "Mill Library" in answer.text


def test_a_place_is_one_sheet_to_take_away(browser: httpx.Client) -> None:
    reference = browser.get("/export/places.geojson").json()["features"][0]["properties"]["reference"]
    answer = browser.get(f"/export/profile/{reference}.html")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert "Mill Library" in answer.text
    assert browser.get(f"/export/profile/{reference}.docx").status_code == 404


@pytest.mark.parametrize("path", ["moons.geojson", "map/nowhere.html", "profile/nowhere.pdf", "assets.geojson?place=x"])
def test_what_is_not_there_is_a_sentence(browser: httpx.Client, path: str) -> None:
    answer = browser.get(f"/export/{path}")
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_a_plan_that_is_not_there_and_a_form_it_does_not_leave_in(browser: httpx.Client) -> None:
    nowhere = "/export/plan/00000000-0000-4000-8000-000000000000"
    answer = browser.get(f"{nowhere}.gpkg")
    assert (answer.status_code, "There is no plan" in answer.json()["error"]) == (404, True)
    assert browser.get(f"{nowhere}.oruk").status_code == 404


def test_a_partner_takes_nothing_away(partner: httpx.Client) -> None:
    assert partner.get("/export/plan/00000000-0000-4000-8000-000000000000.gpkg").status_code == 403
    assert partner.get("/export/assets.geojson").status_code == 403
    assert partner.get("/export/profile/P1.pdf").status_code == 403
