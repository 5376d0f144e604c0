"""A yes to be written down, checked: one purpose, a way it was said, a day that can be, names where they are due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from abcd.core.clock import months_after, today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.tables import CONSENT_HOW, CONSENT_PURPOSES
from abcd.errors import BadRequest

MONTHS = 24
"""How long a yes holds; after that people are asked again (product.md C.3)."""

#: Kinds of partner are not specific enough (ICO on consent): the one who is told must be named.
NO_NAMES = frozenset((
    "partner", "partners", "our partners", "agencies", "others", "other organisations", "third parties", "everybody",
    "everyone", "anyone", "partneriaid", "eraill", "pawb", "asiantaethau",
))  # fmt: skip


@dataclass(frozen=True, repr=False)
class ConsentDraft:
    """A yes to write down: to what, how it was said, when (default today); whom may be told, for ``sharing`` alone."""

    purpose: str
    how: str
    given_on: date | None = None
    controllers: Sequence[str] = ()

    def checked(self) -> "ConsentDraft":
        """The same, tidied, its day filled in.

        Raises:
            BadRequest: an unknown purpose or way, a day that cannot be, or nobody named who may be told.
        """
        named = tuple(dict.fromkeys(filter(None, map(tidy, self.controllers))))
        if self.purpose not in CONSENT_PURPOSES:
            raise BadRequest(f"People agree to one of these: {', '.join(CONSENT_PURPOSES)}.")
        require_way(self.how)
        if self.purpose == "sharing" and (not named or any(one.lower() in NO_NAMES for one in named)):
            raise BadRequest(_("Name each organisation that may be told. “Partners” is not enough to agree to."))
        if self.purpose != "sharing" and named:
            raise BadRequest(_("Only a yes to sharing names organisations."))
        day = self.given_on or today()
        if not day <= today() < months_after(day, MONTHS):
            raise BadRequest(_("Give the day on which they said yes: not one to come, and not two years ago."))
        return replace(self, given_on=day, controllers=named)


def require_way(how: str) -> None:
    """Let a way of saying yes or no pass.

    Raises:
        BadRequest: it is none that we know.
    """
    if how not in CONSENT_HOW:
        raise BadRequest(f"Say how they told you: {', '.join(CONSENT_HOW)}.")
