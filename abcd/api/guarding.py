"""The guard before what strangers write: no puzzle, nothing of a third party, nothing in the way of a screen reader.

Whoever may be a person is told a sentence and keeps every word: too quick, too often, too many web addresses. Silent is
only the trap, a field that no person is shown: what came with it is kept apart for 28 days, where an officer may look
into it, and the machine is thanked like anybody, so that it learns nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerHour
from starlette.requests import Request

from abcd.access.attempts import longest_wait
from abcd.access.moments import moment
from abcd.access.sealing import SHARE_FILE, keyed
from abcd.access.stamps import new_stamp, stamp_in
from abcd.api.callers import address_of
from abcd.api.forms import Typed
from abcd.core.language import _, ngettext
from abcd.db.session import SYSTEM, session

TRAP, STAMP = "more_about", "stamp"
PER_SHARE = RateLimitItemPerHour(100, namespace="suggestions of a share")
PER_LINK = RateLimitItemPerHour(30, namespace="answers of a group's link")
PER_ADDRESS = RateLimitItemPerHour(30, namespace="suggestions of an address")
"""An office of partners may sit behind one address."""

MOST_LINKS = 1
LINK = re.compile(r"(?i)https?://|www\.")


@dataclass(frozen=True)
class Judged:
    """What the guard says: a sentence when it may not go on (with status and seconds to wait), else the name of the
    writing; ``stamp`` is for the form when it is shown again."""

    key: str = ""
    kept_apart: bool = False
    trouble: str = ""
    status: int = 200
    wait: int = 0
    stamp: str = ""


def stamped(about: str) -> str:
    """A stamp for a form that is drawn now."""
    with session(SYSTEM) as s:
        return new_stamp(about, moment(s))


def judged(request: Request, typed: Typed, about: str, of: tuple[RateLimitItem, str], words: Sequence[str]) -> Judged:
    """What to do with a form about something; ``of`` is how often its share or link may be used, ``words`` what stands
    in its free texts. A try is counted before it is judged, and an address only as a keyed hash."""
    tries = [of, (PER_ADDRESS, keyed(f"suggests from {address_of(request)}", SHARE_FILE))]
    with session(SYSTEM) as s:
        wait, time = longest_wait(s, tries), moment(s)
    sent = typed.get(STAMP, "")
    stamp = stamp_in(sent, about, time)
    fresh = sent if stamp else new_stamp(about, time)
    if wait:
        return Judged(trouble=too_often(wait), status=429, wait=wait, stamp=fresh)
    if stamp is None:
        return Judged(trouble=_("This form was open for very long. All your words are here: send it once more."),
                      status=422, stamp=fresh)  # fmt: skip
    if stamp.is_hasty:
        return Judged(trouble=_("That was very quick. All your words are here: send it once more."), status=422,
                      stamp=fresh)  # fmt: skip
    if sum(len(LINK.findall(one)) for one in words) > MOST_LINKS:
        return Judged(trouble=_("Please put the web address into its own field, and leave the others out."), status=422,
                      stamp=fresh)  # fmt: skip
    return Judged(stamp.key, kept_apart=bool(typed.get(TRAP, "").strip()), stamp=fresh)


def too_often(seconds: int) -> str:
    """When to come again."""
    minutes = max(1, round(seconds / 60))
    sentence = ngettext(
        "Many suggestions came from here just now. All your words are here: send them again in {n} minute.",
        "Many suggestions came from here just now. All your words are here: send them again in {n} minutes.",
        minutes,
    )
    return sentence.format(n=minutes)
