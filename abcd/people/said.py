"""What somebody said, as the columns of its row: an offer and a wish are written down and changed alike."""

from dataclasses import replace
from typing import Any, Protocol, Self

from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.people.actions import GROUNDS, association_of
from abcd.people.drafts import Grounds


class Draft(Protocol):
    """An ``OfferDraft`` or a ``WishDraft``."""

    @property
    def grounds(self) -> Grounds | None:
        """Why a resident's may be kept."""

    def checked(self, s: Session) -> Self:
        """The same, tidied and filled in."""


def columns(told: Draft, names: tuple[str, ...]) -> dict[str, Any]:
    """These columns of what was told."""
    return {name: getattr(told, name) for name in names}


def of_ones_own(told: Draft, names: tuple[str, ...], by: Actor) -> dict[str, Any]:
    """These columns of what a resident told, with the grounds to keep them and whose they are.

    Raises:
        BadRequest: nobody said why it may be kept.
    """
    if told.grounds is None:
        raise BadRequest(_("Say why this may be kept: for what, on which basis, since when, and who said so."))
    grounds = {name: getattr(told.grounds, name) for name in GROUNDS}
    return columns(told, names) | grounds | {"organisation_id": association_of(by)}


def changed(s: Session, row: Any, changes: dict[str, Any], draft: type[Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The columns to be written, when ``changes`` is laid over what stands and all of it is checked again.

    Raises:
        BadRequest: a column that is not ``known``, or a value that cannot be.
    """
    unknown = set(changes) - set(known)
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    before = draft(**{name: getattr(row, name) for name in known})
    told = columns(replace(before, **changes).checked(s), known)
    return {name: told[name] for name in known if told[name] != getattr(row, name)}


def one_state(state: str, known: tuple[str, ...]) -> dict[str, Any]:
    """The column that says how something stands.

    Raises:
        BadRequest: it is none of the ``known`` states.
    """
    if state not in known:
        raise BadRequest(_("Choose these from the list: {words}.").format(words=", ".join(known)))
    return {"state": state}
