"""The demo's story: Millfield's neighbours, what they give and hope for, and how a few of them met.

It goes through the same doors as any other data, as the owner of this machine. ``abcd start`` tells it once, after the
borough itself was loaded into an empty store; a telling that was cut short goes on.
"""

import csv
import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.connections.follow_ups import FollowUpDraft, add_follow_up
from abcd.connections.ideas import Idea, begin
from abcd.connections.introducing import pass_contact, step
from abcd.connections.plans import ActionDraft, add_action
from abcd.connections.register import Suggested, add_introduction_in
from abcd.core.clock import days_ago, today
from abcd.core.hours import read_hours
from abcd.core.text import name_key
from abcd.db.session import Actor, session
from abcd.db.tables import Asset, Connection, Organisation, Person, PersonOffer, PersonWish, Place, Setting
from abcd.intake.millfield import FOLDER
from abcd.intake.millfield_ways import lay_ways
from abcd.intake.people_file import import_people
from abcd.people.consents import consents_of, withdraw
from abcd.people.conversations import ConversationDraft, add_conversation
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_offer
from abcd.people.wishes import add_wish

MARK = "millfield neighbours"
"""The setting that says how far the story has been told."""
DAYS_AGO = re.compile(r"\{-(\d+)\}")
#: How many days ago each step of the story was: asked when they met, answered some days later.
THEY_MET = {"asked_a": 33, "yes_a": 32, "asked_b": 31, "yes_b": 30}
ON_THEIR_WAY = {"asked_a": 12, "yes_a": 9, "asked_b": 5}


def is_half_told(s: Session) -> bool:
    """Whether a telling was cut short."""
    begun = s.get(Setting, MARK)
    return begun is not None and str(begun.value) == "telling"


def tell(*, actor: Actor, folder: Path = FOLDER) -> None:
    """Lay the streets, bring the neighbours in, then what groups offer, what was wished for, and who met whom."""
    _mark(actor, "telling")
    lay_ways(actor=actor, folder=folder)
    with tempfile.TemporaryDirectory(prefix="abcd-millfield-") as here:
        import_people(dated(folder / "neighbours.csv", Path(here)), actor=actor)
    with session(actor, patient=True) as s:
        offers(s, folder, actor)
        wishes(s, folder, actor)
        met(s, actor)
        asked(s, actor)
        talks(s, actor)
        s.get_one(Setting, MARK).value = "told"


def dated(file: Path, folder: Path) -> Path:
    """The list with days of this year: ``{-40}`` is the day forty days before today."""
    told = DAYS_AGO.sub(lambda ago: (today() - timedelta(int(ago[1]))).isoformat(), file.read_text("utf-8"))
    copy = folder / file.name
    copy.write_text(told, "utf-8")
    return copy


def offers(s: Session, folder: Path, by: Actor) -> None:
    """What groups and venues offer, and the landlord."""
    for number, row in enumerate(_rows(folder / "offers_of_groups.csv")):
        is_landlord = row["kind"] == "landlord"
        owner: dict[str, Any] = (
            {"owner_id": s.scalar(select(Organisation.id).where(Organisation.id == UUID(by.organisation_id)))}
            if is_landlord
            else {"asset_id": _asset(s, row["owner"])}
        )
        draft = OfferDraft(
            row["own_words"], gift_kind="money" if is_landlord else "", skill=row["gift"] or None,
            owner_kind=row["kind"], how_much=row["how_much"], conditions=row["conditions"],
            free_grid=read_hours(row["when"]).grid, said_on=today() - timedelta(12 + 11 * number), **owner,
        )  # fmt: skip
        add_offer(s, draft, by=by)


def wishes(s: Session, folder: Path, by: Actor) -> None:
    """What meetings, groups, a survey and people yet to move in hope for; the crossing has a plan."""
    for row in _rows(folder / "wishes_voiced.csv"):
        draft = WishDraft(
            row["own_words"], row["wish_kind"], theme=row["theme"], skill=row["gift"] or None,
            voiced_by=row["voiced_by"], asset_id=_asset(s, row["who"]) if row["who"] else None,
            place_id=_estate(s, row["place"]), voices=int(row["voices"]),
            said_on=today() - timedelta(int(row["days_ago"])),
        )  # fmt: skip
        made = add_wish(s, draft, by=by)
        if "crossing" in row["own_words"]:
            plan(s, made.id, by)


def plan(s: Session, wish_id: UUID, by: Actor) -> None:
    """Three columns, the left one first."""
    lines = (
        ("residents_alone", "Count pushchairs and scooters on two school mornings", "resident"),
        ("with_help", "Walk it with the ward councillor and the count", "group"),
        ("agencies", "A dropped kerb and a refuge", "agency"),
    )
    for who, what, owner in lines:
        add_action(s, wish_id, ActionDraft(who_does=who, what=what, owner_kind=owner), by=by)


def met(s: Session, by: Actor) -> None:
    """Iestyn hoped for somebody to teach him the piano, Maud played it for forty years: they have met, and go on."""
    a, b = _neighbour(s, "Iestyn Prosser"), _neighbour(s, "Maud Tennyson")
    wish = s.scalars(select(PersonWish.id).where(PersonWish.person_id == a, PersonWish.skill == "piano")).first()
    offer = s.scalars(select(PersonOffer.id).where(PersonOffer.person_id == b, PersonOffer.skill == "piano")).first()
    idea = Idea("teach_learn", a, b_person_id=b, person_wish_id=wish, person_offer_id=offer, tier=1)
    with days_ago(34):
        made = begin(s, idea, by=by)
    _steps(s, made, THEY_MET, by)
    with days_ago(30):
        start = FollowUpDraft(0, own_words="Dw i’n nerfus. Fy mysedd fel selsig.", confidence=4)
        add_follow_up(s, made, a, start, by=by)
        pass_contact(s, made, version=_version(s, made), by=by)
    _steps(s, made, {"met": 29}, by)
    said = FollowUpDraft(4, is_going=True, own_words="Emyn cyfan, dwy law. Mae hi’n chwerthin.", confidence=7,
                         domains=("confidence", "belonging"), would_again=True, gave="Bara brith")  # fmt: skip
    with days_ago(2):
        add_follow_up(s, made, a, said, by=by)
    hers = FollowUpDraft(4, is_going=True, own_words="Tuesdays have somebody in them again.", domains=("belonging",),
                         would_again=True, gave="An hour and the good chair", confidence=8)  # fmt: skip
    with days_ago(1):
        add_follow_up(s, made, b, hers, by=by)


def asked(s: Session, by: Actor) -> None:
    """Others are on their way: one waits for a second yes, one has just been thought of, and one took her yes back."""
    connie, hettie = _neighbour(s, "Connie Marlow"), _neighbour(s, "Hettie Crane")
    with days_ago(13):
        walking = begin(s, Idea("shared_interest", connie, b_person_id=hettie, tier=1), by=by)
    _steps(s, walking, ON_THEIR_WAY, by)
    bogdan, gwen = _neighbour(s, "Bogdan Ilie"), _neighbour(s, "Gwendoline Frost")
    with days_ago(3):
        begin(s, Idea("teach_learn", bogdan, b_person_id=gwen, tier=1), by=by)
    beattie = _neighbour(s, "Beattie Lark")
    with days_ago(6):
        for one in consents_of(s, beattie):
            withdraw(s, one.id, "in_person", by=by)
    suggested = (("gp_or_link_worker", "Canal Bank", 17), ("neighbour", "Tenter Row", 9), ("faith_leader", "", 2))
    for source, where, days in suggested:
        at = _estate(s, where) if where else None
        add_introduction_in(s, Suggested(source, at, today() - timedelta(days)), by=by)


def talks(s: Session, by: Actor) -> None:
    """Hours of getting to know somebody."""
    told = (
        ("Edie Sallow", 11, 40, "listening", "did_with", "Radio plays, and who used to live at number nine.", 6),
        ("Connie Marlow", 9, 25, "coaching", "stood_back", "She asked Hettie’s name herself.", 0),
        ("Safia Warsame", 4, 50, "listening", "did_with", "What the circle would need of a kitchen.", 13),
    )
    for name, days, minutes, kind, mode, summary, next_in in told:
        again = today() + timedelta(next_in) if next_in else None
        draft = ConversationDraft(held_on=today() - timedelta(days), minutes=minutes, kind=kind, mode=mode,
                                  summary=summary, next_on=again)  # fmt: skip
        add_conversation(s, _neighbour(s, name), draft, by=by)


def _steps(s: Session, connection_id: UUID, states: dict[str, int], by: Actor) -> None:
    """Each state, so many days ago."""
    for state, days in states.items():
        with days_ago(days):
            step(s, connection_id, state, version=_version(s, connection_id), by=by)


def _version(s: Session, connection_id: UUID) -> int:
    return s.get_one(Connection, connection_id).version


def _neighbour(s: Session, name: str) -> UUID:
    return s.scalars(select(Person.id).where(Person.preferred_name == name)).one()


def _asset(s: Session, name: str) -> UUID:
    alike = select(Asset.id, Asset.name).where(Asset.merged_into.is_(None), Asset.name.startswith(name[:3]))
    return next(UUID(str(row.id)) for row in s.execute(alike) if name_key(row.name) == name_key(name))


def _estate(s: Session, name: str) -> UUID:
    named = select(Place.id, Place.name).where(Place.kind == "estate", Place.end_date.is_(None))
    return next(UUID(str(row.id)) for row in s.execute(named) if name_key(row.name) == name_key(name))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _mark(actor: Actor, state: str) -> None:
    with session(actor, patient=True) as s:
        s.merge(Setting(name=MARK, value=state, source="the invented borough"))
