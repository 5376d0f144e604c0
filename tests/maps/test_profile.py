"""A place on one page: what stands on it and what never does, its map, one sheet, tagged, fetched from nowhere."""

import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select, update

from abcd.core.language import use
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Asset, AuditEvent, Place
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.maps.profile import profile_file, write_profile
from abcd.maps.profile.found import Found, found_of
from abcd.maps.profile.ground import apart, map_picture
from abcd.maps.profile.page import ROOMS, profile_of, strengths_of
from abcd.maps.profile.printing import fetcher, letters_of, pdf_of
from abcd.maps.profile.sheet import html_of
from abcd.maps.profile.writing import fitted
from tests.builders import HERE, a_place, a_search, a_small_area, an_asset, shape
from tests.maps.conftest import Borough

EAST, NORTH = HERE
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found(borough: Borough) -> Found:
    """Old Mill with a household count, a street through it, a hidden pub, and one category that somebody looked for."""
    with session(SYSTEM) as s:
        a_small_area(s, HERE, 180)
        lane = shapely.LineString([(EAST - 200, NORTH), (EAST + 200, NORTH + 10)]).buffer(4)
        street = a_place(s, kind="street", name="Mill Lane")
        s.execute(update(Place).where(Place.id == street).values(geom=shape(shapely.MultiPolygon([lane]))))
        an_asset(s, "pub", (EAST + 40, NORTH), name="The Quiet House", kind="economic", visibility="officer")
        for method in ("desk", "field walk", "connectors"):
            a_search(s, borough.places["estate"], "food-bank", method)
    with session(SYSTEM) as s:
        return found_of(s, "OM1", by=SYSTEM)


def html(found: Found, room: int = 0) -> str:
    return html_of(profile_of(found, ROOMS[room]))


def streams(pdf: bytes) -> bytes:
    """Everything that is written in a PDF, unpacked."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    unpacked = []
    for part in parts:
        try:
            unpacked.append(zlib.decompress(part))
        except zlib.error:
            unpacked.append(part)
    return pdf + b"\n".join(unpacked)


def test_strengths_come_first_and_say_what_is_alive_here(found: Found) -> None:
    page = html(found)
    heads = re.findall(r"<h2>(.*?)</h2>", page)
    assert heads == ["What is strong here", "Possibilities", "Nobody has looked enough yet",
                     "Sources and how to read this"]  # fmt: skip
    assert "Garden" in page
    assert "Mill &#34;Hall&#34;" in page
    for name in ("Closed", "Far library", "Partners only", "canary", "Refuge", "M16 7AA", "Quiet House"):
        assert name not in page


def test_possibilities_have_their_parts_and_questions_stay_questions(found: Found) -> None:
    profile = profile_of(found, ROOMS[0])
    pantry = next(one for one in profile.possible if one.name == "Pantry or food bank")
    assert pantry.how_big == "0% of homes are near one; none is known near"
    assert pantry.judged_by.startswith("within 10 minutes’ walk (")
    assert "sure that there is none, after 3 searches" in pantry.how_sure
    assert "GP practice" in profile.questions
    assert not set(profile.questions) & {one.name for one in profile.possible}


def test_what_rests_on_something_hidden_is_told_nowhere(found: Found) -> None:
    with session(SYSTEM) as s:
        hidden = s.scalar(select(func.count()).select_from(Asset).where(Asset.name == "The Quiet House"))
    assert hidden == 1
    categories = {one.standard.category for one in found.survey.measures}
    assert "gp" in categories
    assert "pub" not in categories
    assert "pub" not in {one.category for one in found.survey.possibilities}


def test_the_numbers_of_the_list_are_those_of_the_map(found: Found) -> None:
    strengths, placed = strengths_of(found, ROOMS[0])
    numbers = [one.number for kind in strengths for one in kind.named if one.number]
    assert numbers == list(range(1, len(placed) + 1))
    words = [text.text for text in fromstring(profile_of(found, ROOMS[0]).map.svg).iter(f"{SVG}text")]
    assert [word for word in words if word and word.isdigit()] == [str(n) for n in numbers]
    assert {"N ↑"} <= set(words)


def test_the_map_draws_the_edge_and_the_streets(found: Found) -> None:
    drawn = profile_of(found, ROOMS[0]).map.svg
    styles = [path.get("style", "") for path in fromstring(drawn).iter(f"{SVG}path")]
    assert any("stroke: #0b5c58" in style for style in styles)
    assert any("stroke: #bdb9b0" in style for style in styles)
    bare = replace(found.ground, shapes=found.ground.shapes | {"streets": ()})
    assert "stroke: #bdb9b0" not in map_picture(bare, "t", "a", [])


@pytest.mark.parametrize("n", [2, 12, 30])
def test_marks_on_one_spot_are_moved_apart_and_stay_on_the_sheet(n: int) -> None:
    moved = apart(np.full((n, 2), 200.0), 19.0, np.array([10.0, 10.0]), np.array([390.0, 390.0]), steps=400)
    far = np.hypot(*(moved[:, None, :] - moved[None, :, :]).transpose(2, 0, 1)) + 99 * np.eye(n)
    assert far.min() > 18
    assert moved.min() >= 10
    assert moved.max() <= 390


def test_marks_that_lie_apart_stay_where_they_are() -> None:
    at = np.array([[50.0, 50.0], [150.0, 150.0]])
    assert apart(at, 19.0, np.zeros(2), np.full(2, 400.0)) == pytest.approx(at, abs=0.02)


def test_a_sheet_is_one_tagged_page_in_letters_of_ours(found: Found) -> None:
    _html, pdf, sheets = fitted(found)
    assert sheets == 1
    whole = streams(pdf)
    for mark in (b"pdfuaid:part", b"/StructTreeRoot", b"/Lang", b"/Figure", b"/H1", b"/FontFile2"):
        assert mark in whole, mark
    assert b"DejaVu" in whole


def test_equal_data_gives_equal_bytes(found: Found) -> None:
    assert fitted(found)[1] == fitted(found)[1]


def test_a_full_place_is_cut_until_it_fits_on_one_sheet(found: Found) -> None:
    many = tuple(one | {"name": f"{one['name']} with rather a long name, number {n}", "lon": one["lon"]}
                 for one in found.assets for n in range(30))  # fmt: skip
    full = replace(found, assets=many, credits=tuple(f"Contains data of somebody, number {n}" for n in range(40)))
    page, _pdf, sheets = fitted(full)
    assert sheets == 1
    assert "and 2" in page


def test_nothing_that_draws_or_prints_is_loaded_before_it_is_used() -> None:
    asked = "import sys, abcd.api.server, abcd.core.charts, abcd.maps.profile, abcd.pages.picture; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "weasyprint", "fontTools"} & set(told.stdout.split())


def test_an_address_is_refused_and_letters_are_only_ours(caplog: pytest.LogCaptureFixture) -> None:
    page = "<html lang=en><title>x</title><img alt=x src='https://x.test/a.png'><img alt=x src='file:///etc/passwd'>"
    assert pdf_of(page)[1] == 1
    # What it complains of is left out of our log, which may be in place: that it did is enough.
    assert len([one for one in caplog.records if one.name.startswith("weasyprint")]) >= 2
    for address in ("https://x.test/a.png", "file:///etc/passwd", "data:text/html,x"):
        with pytest.raises(ValueError, match="fetches nothing"):
            fetcher().fetch(address)
    with pytest.raises(ValueError, match="no letters of ours"):
        letters_of("../../secret.ttf")


def test_somebodys_words_stay_words(found: Found) -> None:
    hostile = replace(found, assets=(found.assets[0] | {"name": "<script>alert(1)</script>"},))
    assert "<script>" not in html(hostile)
    assert "&lt;script&gt;" in html(hostile)


def test_the_profile_speaks_welsh(found: Found) -> None:
    use("cy")
    try:
        page = html(found)
    finally:
        use("en")
    assert '<html lang="cy">' in page
    assert "Beth sy’n gryf yma" in page or "gryf" in page
    assert "Ffynonellau a sut i ddarllen hwn" in page


def test_it_is_written_whole_and_in_the_trail(found: Found, tmp_path: Path) -> None:
    with session(SYSTEM) as s:
        done = write_profile(s, "OM1", tmp_path / "om1.html", by=SYSTEM)
    assert (tmp_path / "om1.html").read_bytes() == done.content
    with session(SYSTEM) as s:
        event = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == "profile")).one()
    assert event.after is not None
    assert event.after["place"] == "OM1"


def test_who_may_not_export_and_what_is_not_there(found: Found, tmp_path: Path) -> None:
    with session(SYSTEM) as s:
        with pytest.raises(NotAllowed):
            profile_file(s, "OM1", "pdf", by=Actor("partner", "partner_viewer"))
        with pytest.raises(NotFound):
            profile_file(s, "NOWHERE", "pdf", by=SYSTEM)
        with pytest.raises(BadRequest, match=r"not \.docx"):
            write_profile(s, "OM1", tmp_path / "om1.docx", by=SYSTEM)
