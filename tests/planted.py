"""A borough in which everything that may not leave carries a mark that nobody ever wrote before (trust.md P1).

Every word of a resident, of an officer, of a hidden or sensitive asset begins with ``SECRET``; telephone and property
numbers hold ``DIGITS``. So one search for two marks looks for thousands of canaries at once. What may be seen carries a
mark of its own, by which the search proves that it would have found the others.
"""

import random
import string
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from shapely import Point
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.access.accounts import add_account
from abcd.assets.check_links import make_check_link
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.migrate import owner_url
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import (
    NOTE_KINDS,
    Activity,
    Asset,
    Base,
    Connection,
    Consent,
    Conversation,
    Edge,
    FollowUp,
    Group,
    IntroductionIn,
    Organisation,
    Person,
    PersonAvoids,
    PersonCheck,
    PersonNote,
    PersonOffer,
    PersonWish,
    PlanAction,
    Schedule,
    SensitiveLocation,
    Setting,
    Source,
    Venue,
    Verification,
)
from abcd.maps.layers import LAYERS
from abcd.maps.reader import PUBLIC_LAYERS
from abcd.maps.sharing.deeds import Made, make_share
from abcd.maps.sharing.wish import Wish, layers_for
from abcd.people.actions import add_note, add_person
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from abcd.people.resident_links import make_resident_link
from tests.builders import a_place, an_asset, shape
from tests.canary import unlikely

RESIDENTS, AT_ONCE = 5_000, 720
"""How many people, and how many of them are written as the app writes them, with a trail; the rest is laid in bulk."""

#: Where the estate lies that is shared, one that is not, and what nobody may find: far from each other.
HERE, ELSEWHERE, NOWHERE = (380_000.0, 394_000.0), (352_000.0, 377_000.0), (425_678.9, 447_654.3)
POSTCODE, OWN_POSTCODE = "QX7 4ZJ", "QX8 5ZK"
"""No postcode of Britain begins so."""


@dataclass(frozen=True)
class Marks:
    """The marks: of what nobody outside may see, of what a group alone sees of itself and a resident of themselves, of
    what partners and councils may see, of what lies elsewhere, of what all may see."""

    secret: str = field(default_factory=lambda: "Sc" + unlikely(14))
    digits: str = field(default_factory=lambda: unlikely(9, "123456789"))
    own: str = field(default_factory=lambda: "Ow" + unlikely(14))
    own_digits: str = field(default_factory=lambda: unlikely(9, "123456789"))
    theirs: str = field(default_factory=lambda: "Th" + unlikely(14))
    partner: str = field(default_factory=lambda: "Pt" + unlikely(14))
    elsewhere: str = field(default_factory=lambda: "Ew" + unlikely(14))
    shown: str = field(default_factory=lambda: "Sh" + unlikely(14))

    @property
    def never(self) -> dict[str, str]:
        """What no output below officer level holds, by name."""
        return in_all_ways("secret", self.secret, self.digits, POSTCODE)

    @property
    def only_of_itself(self) -> dict[str, str]:
        """What a group alone sees of itself, by name."""
        return in_all_ways("own", self.own, self.own_digits, OWN_POSTCODE)


def in_all_ways(name: str, words: str, digits: str, postcode: str) -> dict[str, str]:
    """Marks as a page or file may write them."""
    return {f"{name} words": words, f"{name} words in capitals": words.upper(), f"{name} words, small": words.lower(),
            f"{name} digits": digits, f"{name} digits with a gap": f"{digits[:3]} {digits[3:]}",
            f"{name} postcode": postcode, f"{name} postcode without a gap": postcode.replace(" ", "")}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """The store: its marks, ids of things by a name, the shares that were made, the secret by which the group answers
    for its record, and that of a resident's own page."""

    marks: Marks
    ids: dict[str, UUID]
    shares: dict[str, Made]
    asked: str
    mine: str


def plant() -> Planted:
    """Fill an empty store."""
    marks = Marks()
    with session(SYSTEM) as s:
        load_taxonomy(s)
        ids = {**places(s, marks), **assets(s, marks)}
        assign(s)
        learn_words(s)
        s.add(Setting(name=PUBLIC_LAYERS, value=list(LAYERS)))
        officer = add_account(s, marks.secret + " officer", "owner", email=f"{marks.secret}@example.org", by=SYSTEM)
    mine = a_link_holder(marks, ids["estate"], *residents(marks, ids["estate"]))
    with session(officer) as s:
        asked = make_check_link(s, ids["group"], by=officer)
        return Planted(marks, ids, shares(s, officer, ids), asked.token, mine)


def places(s: Session, marks: Marks) -> dict[str, UUID]:
    """The estate that is shared with a patch of its own, and one elsewhere."""
    return {
        "estate": a_place(s, HERE, name=f"{marks.shown} estate", size=600, households=120),
        "patch": a_place(s, HERE, kind="patch", name=f"{marks.shown} patch", size=500),
        "ward": a_place(s, HERE, kind="ward", name=f"{marks.shown} ward", size=4_000),
        "other estate": a_place(s, ELSEWHERE, name=f"{marks.elsewhere} estate", size=600, households=90),
    }


def assets(s: Session, marks: Marks) -> dict[str, UUID]:
    """What may be seen, what partners may, what nobody may, and what may be seen without its contact or address."""
    secret, east, north = marks.secret, *HERE
    fresh = {"checked": today() - timedelta(days=3), "opening_hours": "Mo-Fr 09:00-17:00"}
    source = Source(slug="list", name="A list", publisher="Millfield", licence="CC0", attribution="Millfield")
    run_by = Organisation(name=f"{marks.shown} trust", phone=f"07{marks.digits}", email=f"{secret}@trust.example",
                          income_band=secret)  # fmt: skip
    s.add_all([source, run_by])
    s.flush()
    contact = {"phone": f"07{marks.digits}", "email": f"{secret}@group.example"}
    private = {"assured_by": f"{secret} Smith", "extra": {"note": secret}, "source_id": source.id} | contact
    home = {"address": f"1 {secret} Street", "postcode": POSTCODE, "uprn": int(marks.digits + "01")}
    own = {"phone": f"07{marks.own_digits}", "email": f"{marks.own}@group.example", "address": f"1 {marks.own} Street",
           "postcode": OWN_POSTCODE, "uprn": int(marks.own_digits + "01")}  # fmt: skip
    made = {
        "library": an_asset(s, "library", HERE, name=f"{marks.shown} library", organisation_id=run_by.id,
                            source_ref="1", **fresh, **private),
        "hall": an_asset(s, "community-centre", (east + 60, north), kind="physical", name=f"{marks.shown} hall",
                         source_ref="2", **fresh, **private),
        "group": an_asset(s, "gardening-group", (east, north + 50), kind="association", name=f"{marks.shown} group",
                          source_ref="3", **fresh, **private | own),
        "story": an_asset(s, "gardening-group", (east, north - 50), kind="story", name=f"{marks.shown} story",
                          **fresh, **private, **home),
        "partners": an_asset(s, "library", (east - 50, north), name=f"{marks.partner} room", visibility="partner",
                             **fresh, **private),
        "officers": an_asset(s, "library", NOWHERE, name=f"{secret} store", visibility="officer", description=secret,
                             website=f"https://{secret}.example", **fresh, **private, **home),
        "gift": an_asset(s, "gardening-group", NOWHERE, kind="individual", name=f"{secret} grows beans", **fresh,
                         **private),
        "merged": an_asset(s, "library", HERE, name=f"{secret} twice", merged_into=None, **fresh, **private),
        "elsewhere": an_asset(s, "library", ELSEWHERE, name=f"{marks.elsewhere} library", **fresh, **private),
        "refuge": an_asset(s, "community-centre", None, name=f"{marks.shown} refuge", is_sensitive=True, **fresh,
                           **private),
    }  # fmt: skip
    s.get_one(Asset, made["merged"]).merged_into = made["library"]
    behind(s, marks, made)
    return made


def behind(s: Session, marks: Marks, made: dict[str, UUID]) -> None:
    """What stands behind assets, most of it for officers alone."""
    secret = marks.secret
    s.add(SensitiveLocation(asset_id=made["refuge"], geom=shape(Point(NOWHERE)), address=f"2 {secret} Lane",
                            postcode=POSTCODE))  # fmt: skip
    s.add(Group(asset_id=made["group"], run_by=f"{marks.shown} trust", trusted_by=secret, room_need=secret,
                meets_at=made["hall"]))  # fmt: skip
    s.add(Venue(asset_id=made["hall"], capacity=40, owner=secret, tenure=secret, insurance=secret, condition=secret,
                lease_ends_on=date(2031, 1, 1)))  # fmt: skip
    s.add(Activity(asset_id=made["story"], venue_id=made["hall"], group_id=made["group"]))
    told = {"relation": "supports", "evidence": secret, "last_seen": today(), "source_kind": "group"}
    s.add_all(Edge(a_id=made["group"], b_id=made[other], **told) for other in ("hall", "refuge", "gift"))
    for asset in ("library", "hall", "group"):
        s.add(Schedule(asset_id=made[asset], freq="WEEKLY", byday="TU", opens_at=time(10), closes_at=time(12)))
        s.add(Verification(asset_id=made[asset], method="visit", by_kind="staff", checked_on=today(), result="right",
                           note=secret))  # fmt: skip


def residents(marks: Marks, estate: UUID) -> tuple[UUID, UUID]:
    """People of the estate, every word of whom is a canary; some of them are marked as at risk.

    Returns their association and one of them.
    """
    dice = random.Random(marks.secret)
    with session(SYSTEM) as s:
        association = Organisation(name=f"{marks.shown} homes")
        s.add(association)
        s.flush()
    everybody = [a_resident(marks, association.id, estate, number, dice) for number in range(RESIDENTS)]
    with session(Actor("Mona Manager", "manager", organisation_id=str(association.id))) as s:
        s.execute(insert(Person), [person for person, _note in everybody[:AT_ONCE]])
        s.execute(insert(PersonNote), [note for _person, note in everybody[:AT_ONCE]])
    with create_engine(owner_url(), poolclass=NullPool).begin() as connection:
        # Past the triggers, so that each stands in a state of its own: what is asked here is who reads it.
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(insert(Person), [person for person, _note in everybody[AT_ONCE:]])
        connection.execute(insert(PersonNote), [note for _person, note in everybody[AT_ONCE:]])
        for table, rows in together(marks, [person for person, _note in everybody]).items():
            connection.execute(insert(table), rows)
    return association.id, everybody[1][0]["id"]


def a_link_holder(marks: Marks, estate: UUID, association: UUID, other: UUID) -> str:
    """A resident with a link to their own page, brought together with another, who asked not to meet them; its secret.

    What they said in confidence is a canary even there.
    """
    by = Actor("Mona Manager", "manager", organisation_id=str(association))
    why = Grounds("introductions", "consent", today(), "the person")
    with session(by) as s:
        draft = PersonDraft(f"{marks.theirs} Ada", estate, why, email=f"{marks.theirs}@example.org",
                            adult_confirmed=True)  # fmt: skip
        one = add_person(s, draft, by=by).id
        add_note(s, one, NoteDraft("hope", f"{marks.theirs} hopes", why), by=by)
        add_note(s, one, NoteDraft("worry", f"{marks.secret} worries", why), by=by)
        give_consent(s, one, ConsentDraft("introductions", "in_person"), by=by)
        give_consent(s, other, ConsentDraft("introductions", "in_person"), by=by)
        s.add(Connection(organisation_id=association, kind="shared_interest", a_person_id=other, b_person_id=one,
                         place_id=estate, tier=1, coordinator=f"{marks.secret} coach"))  # fmt: skip
        s.add(PersonAvoids(person_id=other, organisation_id=association, other_id=one))
        return make_resident_link(s, one, by=by).token


Row = dict[str, Any]


def a_resident(marks: Marks, association: UUID, estate: UUID, number: int, dice: random.Random) -> tuple[Row, Row]:
    """One of them, with what they said."""
    tail = "".join(dice.choices(string.ascii_lowercase, k=8))
    kept = grounds(marks, tail)
    person = {
        "id": uuid4(), "organisation_id": association, "place_id": estate,
        "preferred_name": f"{marks.secret} Zoë {tail}", "phone": f"07{marks.digits}",
        "email": f"{marks.secret}.{tail}@example.org",
        "comms_needs": f"{marks.secret} & {tail}", "adult_confirmed": True, "safety_risk": number % 20 == 0,
        "confirmed_on": today(), "retention_review_on": today() + timedelta(days=700), "status": "active", **kept,
    }  # fmt: skip
    note = {"person_id": person["id"], "organisation_id": association, "kind": NOTE_KINDS[number % len(NOTE_KINDS)],
            "words": f"{marks.secret} wishes {tail}", "said_on": today(), **kept}  # fmt: skip
    return person, note


def grounds(marks: Marks, tail: str) -> Row:
    """Why it is kept."""
    return {"purpose": "introductions", "lawful_basis": "consent", "consent_on": today(),
            "source": f"{marks.secret} neighbour {tail}"}  # fmt: skip


def together(marks: Marks, people: list[Row]) -> dict[type[Base], list[Row]]:
    """What they give and hope for, agreed to, talked about, and who was brought together with whom, by table."""
    rows: dict[type[Base], list[Row]] = defaultdict(list)
    for number, person in enumerate(people):
        tail = str(person["email"]).split(".")[1].split("@")[0]
        whose = {"person_id": person["id"], "organisation_id": person["organisation_id"]}
        kept, said = whose | grounds(marks, tail), f"{marks.secret} says {tail}"
        wish = uuid4()
        rows[PersonOffer].append(
            kept | {"gift_kind": "hands", "own_words": said, "said_on": today(), "conditions": said}
        )
        rows[PersonWish].append(kept | {"id": wish, "wish_kind": "meet", "own_words": said, "said_on": today()})
        rows[Consent].append(whose | {"purpose": "sharing", "controllers": [said], "wording_version": 1,
                                      "how": "paper", "given_on": today(), "recorded_by": said,
                                      "expires_on": date(2099, 1, 1)})  # fmt: skip
        if number % 10:
            continue
        other, tie = people[number - 1], uuid4()
        rows[PlanAction].append({"organisation_id": person["organisation_id"], "person_wish_id": wish, "what": said,
                                 "who_does": "residents_alone", "owner_words": said, "supporter": said})  # fmt: skip
        rows[Conversation].append(kept | {"held_on": today(), "minutes": 30, "kind": "listening", "mode": "did_with",
                                          "summary": said, "held_by": said})  # fmt: skip
        rows[Connection].append({"id": tie, "organisation_id": person["organisation_id"], "kind": "shared_interest",
                                 "a_person_id": person["id"], "b_person_id": other["id"], "tier": 1,
                                 "place_id": person["place_id"], "state": "met", "coordinator": said})  # fmt: skip
        rows[FollowUp].append(kept | {"connection_id": tie, "weeks": 4, "said_on": today(), "own_words": said,
                                      "gave": said, "confidence": 7})  # fmt: skip
        rows[PersonCheck].append(kept | {"role": said})
        rows[IntroductionIn].append(whose | {"reference": f"{marks.secret}{number}", "source_kind": "neighbour",
                                             "received_on": today(), "expires_on": today(), "state": "said_yes",
                                             "settled_on": today()})  # fmt: skip
    return rows


def shares(s: Session, by: Actor, ids: dict[str, UUID]) -> dict[str, Made]:
    """One of each kind and reach, by name; those called “here” are confined to the estate."""
    here = (ids["estate"],)
    public, partner, council = (
        tuple(one.name for one in layers_for(audience)) for audience in ("public", "partner", "council")
    )
    wishes = {
        "open here": Wish("open", "A map", "public", public, here),
        "partner here": Wish("link", "A map", "partner", partner, here),
        "partner": Wish("link", "A map", "partner", partner),
        "council": Wish("link", "A map", "council", council),
        "feed here": Wish("feed", "A feed", "partner", partner, here),
        "feed": Wish("feed", "A feed", "council", council),
    }
    return {name: make_share(s, wish, by=by) for name, wish in wishes.items()}
