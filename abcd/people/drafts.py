"""What somebody tells us of a person, checked before it is kept: nothing without a purpose, a basis and a day."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from uuid import UUID

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.tables import (
    ACCESS_NEEDS,
    CONTACT_ROUTES,
    HOME_KINDS,
    LAWFUL_BASES,
    NOTE_KINDS,
    RESIDENT_ROLES,
    Place,
)
from abcd.errors import BadRequest

COUNTRY = "GB"
#: A language as BCP 47 writes it, also those of signs (``bfi``).
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LISTS = ("roles", "speaks", "access_needs")
#: Nobody is asked to walk longer than this one way.
LONGEST_WALK = 120


@dataclass(frozen=True, repr=False)
class Grounds:
    """Why something personal may be kept: for what, on which lawful basis, agreed or told when, and who said it."""

    purpose: str
    lawful_basis: str
    consent_on: date
    source: str

    def checked(self) -> "Grounds":
        """The same, tidied.

        Raises:
            BadRequest: one of the four is missing, or the day lies ahead.
        """
        told = replace(self, purpose=tidy(self.purpose), source=tidy(self.source))
        if not told.purpose:
            raise BadRequest("Say for what purpose this is kept. Without one it may not be kept.")
        if told.lawful_basis not in LAWFUL_BASES:
            raise BadRequest(f"Say on which lawful basis it is kept: {', '.join(LAWFUL_BASES)}.")
        if not told.source:
            raise BadRequest("Say who told us: the person, a neighbour, a group, a colleague.")
        if told.consent_on > today():
            raise BadRequest("The day they agreed, or were told, cannot lie ahead.")
        return told


@dataclass(frozen=True, repr=False)
class PersonDraft:
    """A person to add: a name to call them by, a patch or estate, a way to reach them, and why it is kept.

    ``speaks`` are codes of languages besides ``language``; ``max_walk_minutes`` is how far they like to walk one way;
    ``wants_alike`` that they asked to be brought together with people of their own kind alone.
    """

    preferred_name: str
    place_id: UUID
    grounds: Grounds
    phone: str = ""
    email: str = ""
    contact_route: str = "in_person"
    language: str = "en"
    comms_needs: str = ""
    adult_confirmed: bool = False
    safety_risk: bool = False
    roles: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    access_needs: tuple[str, ...] = ()
    max_walk_minutes: int | None = None
    wants_alike: bool = False


@dataclass(frozen=True, repr=False)
class NoteDraft:
    """Something a person said, in their own words."""

    kind: str
    words: str
    grounds: Grounds
    said_on: date | None = None

    def checked(self) -> "NoteDraft":
        """The same, tidied, its day filled in.

        Raises:
            BadRequest: no words, an unknown kind, or its grounds are not whole.
        """
        words = tidy(self.words)
        if not words:
            raise BadRequest("Write down what they said.")
        if self.kind not in NOTE_KINDS:
            raise BadRequest(f"A note is one of these: {', '.join(NOTE_KINDS)}.")
        return replace(self, words=words, grounds=self.grounds.checked(), said_on=self.said_on or today())


def checked_values(s: Session, values: dict[str, object]) -> dict[str, object]:
    """The columns of a person to be written, tidied.

    Raises:
        BadRequest: a value cannot be; the message says which field, and never quotes it.
    """
    told = {name: tidy(value) if isinstance(value, str) else value for name, value in values.items()}
    if not told.get("preferred_name", "x"):
        raise BadRequest("Say how they like to be called.")
    if told.get("contact_route", "phone") not in CONTACT_ROUTES:
        raise BadRequest(f"The way to reach them is one of these: {', '.join(CONTACT_ROUTES)}.")
    if told.get("phone") and not is_phone(str(told["phone"])):
        raise BadRequest("This telephone number cannot be. Check its digits.")
    email = str(told.get("email", ""))
    if email and (email.count("@") != 1 or " " in email or "." not in email.partition("@")[2]):
        raise BadRequest("This e-mail address cannot be. It needs one @ and a domain, such as name@example.org.")
    if "place_id" in told:
        require_home(s, told["place_id"])
    return told | _checked_ways(told)


def _checked_ways(told: dict[str, object]) -> dict[str, object]:
    """Of the columns to be written, those that say what somebody does, speaks, needs, and how far they walk."""
    lists = {name: list(dict.fromkeys(map(str, cast("list[str]", told[name])))) for name in LISTS if name in told}
    for name, known in (("roles", RESIDENT_ROLES), ("access_needs", ACCESS_NEEDS)):
        if not set(lists.get(name, ())) <= set(known):
            raise BadRequest(_("Choose these from the list: {words}.").format(words=", ".join(known)))
    if not all(LANGUAGE.fullmatch(one) for one in lists.get("speaks", ())):
        raise BadRequest(_("Say languages by their code, such as en, cy or bfi."))
    walk = told.get("max_walk_minutes")
    if walk is not None and not (isinstance(walk, int) and 1 <= walk <= LONGEST_WALK):
        raise BadRequest(_("How far somebody walks is from 1 to {n} minutes.").format(n=LONGEST_WALK))
    return dict(lists)


def is_phone(number: str) -> bool:
    """Whether ``number`` can be a telephone number, here or abroad."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, COUNTRY))
    except phonenumbers.NumberParseException:
        return False


def require_home(s: Session, place_id: object) -> None:
    """Let a person belong to a patch or an estate that stands, and to nothing finer.

    Raises:
        BadRequest: it is another kind of place, or none, or has ended.
    """
    here = s.execute(select(Place.kind, Place.end_date).where(Place.id == place_id)).one_or_none()
    if here is None or here.kind not in HOME_KINDS:
        raise BadRequest("A person belongs to a patch or an estate, and to nothing finer. Choose one of those.")
    if here.end_date is not None:
        raise BadRequest(_("This patch or estate has ended. Choose the one that took its place."))
