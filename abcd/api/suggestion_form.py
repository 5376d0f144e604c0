"""The fields of a suggestion: what stands there now, and room for what should stand there instead.

A field that is left empty changes nothing, so that nobody has to type again what is right, and a value that was
altered while the form was open is not put back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.api.forms import Typed
from abcd.assets.contributions import CHOICES, LONGEST, LONGEST_LINE, MENDABLE, OF_A_NEW_ONE, Suggestion
from abcd.core.language import _, chosen
from abcd.db.tables import Term

MOST_BYTES = 64 * 1024
"""Bytes of a form: each letter of some scripts takes nine when it is posted."""


@dataclass(frozen=True)
class Field:
    """One field: its label, what stands there now (``None`` when nothing can), what it may be, and a hint."""

    name: str
    label: str
    now: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    longest: int = LONGEST_LINE
    is_long: bool = False
    is_required: bool = False
    hint: str = ""
    autocomplete: str = "off"


def labels() -> dict[str, str]:
    """What each column is called."""
    return {
        "name": _("Name"), "opening_hours": _("Open"), "cost": _("Cost"), "step_free": _("Step-free"),
        "status": _("How it stands"), "address": _("Address"), "postcode": _("Postcode"), "phone": _("Telephone"),
        "email": _("E-mail"), "website": _("Website"), "description": _("Description"),
        "category": _("What is it?"), "reach": _("How can it be reached?"),
    }  # fmt: skip


def said(name: str, value: Any) -> str:
    """A value of a column, for people."""
    names = {
        "step_free": {"yes": _("Yes"), "partly": _("Partly"), "no": _("No"), "unknown": _("Nobody knows yet")},
        "status": {
            "active": _("It is here"), "temporarily closed": _("Closed for a while"), "defunct": _("It is no more"),
            "planned": _("Planned"), "inactive": _("It rests for now"),
        },
    }  # fmt: skip
    return names.get(name, {}).get(str(value or ""), str(value or ""))


def correction_fields(now: Mapping[str, Any], hidden: tuple[str, ...] = ()) -> list[Field]:
    """The fields of a correction beside what stands there ``now``; of ``hidden`` ones that is not told."""
    titles, hints = labels(), {"opening_hours": _("For example: Tuesdays 2pm to 4pm")}
    return [
        Field(
            name, titles[name], None if name in hidden else said(name, now.get(name)),
            tuple((value, said(name, value)) for value in CHOICES.get(name, ())),
            LONGEST.get(name, LONGEST_LINE), is_long=name == "description", hint=hints.get(name, ""),
        )
        for name in MENDABLE
    ]  # fmt: skip


def addition_fields(s: Session) -> list[Field]:
    """The fields of something that is missing."""
    titles = labels() | {"name": _("What do people call it?"), "address": _("Where is it, roughly?")}
    hints = {
        "address": _("A street, a building or a landmark is enough."),
        "reach": _("A telephone number, e-mail or web address, or whom to ask: only what they are happy to share."),
    }  # fmt: skip
    return [
        Field(
            name, titles[name], None, category_choices(s) if name == "category" else (),
            LONGEST.get(name, LONGEST_LINE), is_long=name == "description", is_required=name == "name",
            hint=hints.get(name, ""),
        )
        for name in OF_A_NEW_ONE
    ]  # fmt: skip


def category_choices(s: Session) -> tuple[tuple[str, str], ...]:
    """Each category and its name, by name."""
    name = func.coalesce(func.nullif(Term.name_cy, ""), Term.name) if chosen() == "cy" else Term.name
    found = s.execute(select(Term.slug, name).where(Term.parent.is_not(None)).order_by(name))
    return tuple((slug, name) for slug, name in found)


def suggestion_of(
    typed: Typed, kind: str, came_by: str, *, seen: Mapping[str, str], asset_id: UUID | None, kept_apart: bool,
    share_id: UUID | None = None, place_ids: tuple[UUID, ...] = (),
) -> Suggestion:  # fmt: skip
    """What was sent, as the room takes it."""
    names = OF_A_NEW_ONE if kind == "addition" else MENDABLE
    return Suggestion(
        kind, came_by, {name: typed.get(name, "") for name in names}, seen, typed.get("own_words", ""),
        typed.get("role_words", ""), typed.get("told_by", ""), asset_id, share_id, place_ids, kept_apart,
    )  # fmt: skip
