"""One row of a file of residents as what it says: no guess about a yes, and nothing that a person did not say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from babel import Locale

from abcd.core.hours import read_hours
from abcd.core.text import plain, tidy
from abcd.intake.fields import iso_day
from abcd.intake.people_columns import PeopleColumns

SEPARATOR = re.compile(r"\s*[;\n|•]\s*")
YES = frozenset(("yes", "y", "true", "1", "x", "ie", "ydy", "ydw", "✓", "✔"))
#: What a row may agree to, by the words that people's forms use.
PURPOSES = {
    "introductions": r"introduc|cyflwyn|put in touch",
    "being_found": r"found|find me|dod o hyd",
    "sharing": r"shar|partner|rhannu",
    "story": r"stor(y|i)",
    "photo": r"photo|picture|llun",
}
WAYS = {
    "paper": r"paper|form|papur|ffurflen", "phone": r"phone|call|ffon", "text": r"text|sms|tecst",
    "online": r"online|web|e ?mail|ar lein", "in_person": r"person|face|visit|met|wyneb",
}  # fmt: skip
#: What our forms and people call a language beyond its own name in English and Welsh.
ALSO_CALLED = {"bsl": "bfi", "british sign language": "bfi", "farsi": "fa", "bangla": "bn", "panjabi": "pa"}
#: "5 minutes" and "about 15" say how far somebody walks; "not far" does not.
MINUTES = re.compile(r"\b(\d{1,2})\b")


@dataclass(frozen=True, repr=False)
class Agreed:
    """One thing that a person agreed to, and with whom, where it names anybody."""

    purpose: str
    controllers: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class PersonRow:
    """What a row says. ``gifts`` are words and whether they would teach it, ``troubles`` columns and what is wrong."""

    row: int
    name: str
    place: str
    agreed_on: date | None
    phone: str = ""
    email: str = ""
    language: str = "en"
    is_adult: bool = False
    gifts: tuple[tuple[str, bool], ...] = ()
    learns: tuple[str, ...] = ()
    hopes: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    walk: int | None = None
    grid: int | None = None
    agreed: tuple[Agreed, ...] = ()
    how: str = ""
    basis: str = "consent"
    source: str = ""
    troubles: dict[str, str] = field(default_factory=dict)


def read_row(cells: dict[str, str], columns: PeopleColumns, number: int) -> PersonRow:
    """What the cells of a row say, by column of the file."""

    def first(name: str) -> str:
        return next((tidy(cells.get(column) or "") for column in columns.fields.get(name, ()) if cells.get(column)), "")

    def several(name: str) -> tuple[str, ...]:
        told = [one for column in columns.fields.get(name, ()) for one in SEPARATOR.split(cells.get(column) or "")]
        return once_each(tidy(one) for one in told)

    teaches = several("teaches")
    taught = {plain(words) for words in teaches}
    gifts = tuple((words, plain(words) in taught) for words in once_each((*several("gifts"), *teaches)))
    agreed, troubles = agreed_to(several("agreed_to"))
    return PersonRow(
        number, first("name"), first("place"), day_of(first("agreed_on")), phone=first("phone"), email=first("email"),
        language=language_of(first("language")), is_adult=plain(first("adult")) in YES, gifts=gifts,
        learns=several("learns"), hopes=several("hopes"), interests=several("interests"),
        walk=minutes_of(first("walk")), grid=read_hours(first("when")).grid, agreed=agreed,
        how=way_of(first("how")), basis=plain(first("basis")).replace(" ", "_") or "consent",
        source=first("source"), troubles=troubles,
    )  # fmt: skip


def once_each(told: Iterable[str]) -> tuple[str, ...]:
    """Words without those that only differ in capitals or accents from one before, and without empty ones.

    >>> once_each(["henna", "Henna", ""])
    ('henna',)
    """
    kept: dict[str, str] = {}
    for words in told:
        if words:
            kept.setdefault(plain(words), words)
    return tuple(kept.values())


def agreed_to(told: tuple[str, ...]) -> tuple[tuple[Agreed, ...], dict[str, str]]:
    """What somebody agreed to; what cannot be read is a trouble, since a yes is never guessed.

    >>> agreed_to(("introductions", "sharing: Millfield GPs"))[0][1].controllers
    ('Millfield GPs',)
    """
    found, unclear = [], False
    for one in told:
        said, _colon, names = one.partition(":")
        purpose = next((name for name, pattern in PURPOSES.items() if re.search(pattern, plain(said))), "")
        controllers = tuple(tidy(name) for name in names.split(",") if tidy(name))
        if not purpose or (purpose == "sharing" and not controllers):
            unclear = True
        else:
            found.append(Agreed(purpose, controllers))
    wrong = "It is not clear what was agreed to: introductions, being found, story, photo, or “sharing:” and with whom."
    return tuple(found), {"agreed_to": wrong} if unclear else {}


def day_of(told: str) -> date | None:
    """A day as people write it, or none."""
    iso = iso_day(told) if told else ""
    return date.fromisoformat(iso) if iso else None


def language_of(told: str) -> str:
    """A language's code; English when nothing is said, as it stands when it is a code already."""
    said = plain(told)
    return languages().get(said, said if re.fullmatch(r"[a-z]{2,3}", said) else "en")


@lru_cache
def languages() -> dict[str, str]:
    """Names of languages in English and Welsh, as comparable words, and their codes."""
    named = {plain(name): code for tongue in ("cy", "en") for code, name in Locale(tongue).languages.items()}
    return named | ALSO_CALLED


def minutes_of(told: str) -> int | None:
    """How many minutes somebody walks, or none."""
    found = MINUTES.search(told)
    return int(found[1]) if found and int(found[1]) else None


def way_of(told: str) -> str:
    """How they agreed; on paper when nothing is said, since that is where such lists come from."""
    return next((way for way, pattern in WAYS.items() if re.search(pattern, plain(told))), "paper")
