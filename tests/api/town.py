"""A small town to share, committed: each thing differs in what a filter asks for."""

from datetime import date, timedelta
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from abcd.assets.consent import CONSENT_WAYS, agree
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.core.clock import today
from abcd.core.hours import read_hours
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Postcode, SensitiveLocation
from abcd.maps.sharing.deeds import Made, make_share
from abcd.maps.sharing.wish import Wish
from tests.builders import HERE, a_group, a_place, a_venue, an_asset, shape

EAST, NORTH = HERE
NASTY = """<img src=x onerror="window.ran=1">${window.ran=1}`'"</script><script>window.ran=1</script>"""
HERE_NOW = {
    "Mill Hall", "Mill Choir", "Food Club", "Knitters", "Refuge", "Old Library", "Partners' Room", NASTY, "Far Garden",
}  # fmt: skip
"""What a partner sees everywhere; the public neither the old library nor the partners' room."""


def a_town() -> dict[str, UUID]:
    """Ids by name; the town lies in Old Mill, but for the garden."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        made = {"estate": a_place(s, name="Old Mill", size=4_000)}
        made |= _halls(s) | _groups(s) | _apart(s)
        s.add(Postcode(postcode="M167AA", point=shape(Point(EAST, NORTH)), vintage="2026"))
        assign(s)
        learn_words(s)
    return made


def _checked(months: int) -> date:
    return today() - timedelta(days=31 * months)


def _open(words: str) -> dict[str, object]:
    return {"opening_hours": words, "open_grid": read_hours(words).grid}


def _halls(s: Session) -> dict[str, UUID]:
    hall = a_venue(
        s, at=HERE, name="Mill Hall", cost="Free", step_free="yes", languages=["en", "ur"], address="1 Mill Street",
        postcode="M16 7AA", facilities={"induction_loop": True, "changing_place": False, "parking": "partly"},
        checked=_checked(1), description="Two rooms and a kitchen, for anybody.", **_open("Tu 18:00-20:00"),
    )  # fmt: skip
    nasty = an_asset(s, "library", (EAST, NORTH + 1_500), name=NASTY, cost=NASTY, description=NASTY,
                     checked=_checked(1), website="javascript:window.ran=1")  # fmt: skip
    return {"hall": hall, "nasty": nasty}


def _groups(s: Session) -> dict[str, UUID]:
    choir = a_group(
        s, "arts-and-music", (EAST + 300, NORTH), name="Mill Choir", name_cy="Côr y Felin", cost="£2", languages=["cy"],
        phone="0161 496 0001", email="choir@example.org", contact_public=True, checked=_checked(2),
        **_open("We 10:00-12:00"),
    )  # fmt: skip
    agree(s, choir, how=CONSENT_WAYS[0], on=today(), by=SYSTEM)
    club = a_group(s, "food-club", (EAST + 900, NORTH), name="Food Club", cost="Free for members", step_free="no",
                   checked=_checked(11), **_open("Tu 10:00-12:00"))  # fmt: skip
    knitters = a_group(s, "arts-and-music", (EAST, NORTH + 600), name="Knitters", cost="Pay what you can",
                       phone="07700 900999", address="canary-home", checked=_checked(3))  # fmt: skip
    return {"choir": choir, "club": club, "knitters": knitters}


def _apart(s: Session) -> dict[str, UUID]:
    refuge = an_asset(s, "support-and-recovery", None, kind="association", name="Refuge", is_sensitive=True,
                      checked=_checked(1))  # fmt: skip
    s.add(SensitiveLocation(asset_id=refuge, geom=shape(Point(EAST + 50, NORTH)), address="canary-refuge"))
    return {
        "refuge": refuge,
        "old": an_asset(s, "library", (EAST + 100, NORTH + 100), name="Old Library", checked=_checked(40)),
        "room": an_asset(s, "community-centre", (EAST - 200, NORTH), name="Partners' Room", visibility="partner",
                         checked=_checked(1)),
        "inside": an_asset(s, "library", name="canary-officers", visibility="officer"),
        "gone": an_asset(s, "library", name="canary-gone", status="defunct"),
        "gift": an_asset(s, "library", name="canary-gift", kind="individual"),
        "garden": an_asset(s, "community-garden", (EAST + 9_000, NORTH), name="Far Garden", kind="physical",
                           checked=_checked(1)),
    }  # fmt: skip


def shared(kind: str = "link", **more: object) -> Made:
    """A share of the town."""
    wish = {"kind": kind, "title": "Around Old Mill", "audience": "public" if kind == "open" else "partner",
            "layers": ("assets",), "words": "What we found.", "contact": "Cara Coach"}  # fmt: skip
    with session(SYSTEM) as s:
        return make_share(s, Wish(**(wish | more)), by=SYSTEM)  # type: ignore[arg-type]
