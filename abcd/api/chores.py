"""What the running app does behind the pages, each at its time: sealing, figures of places, retention, sweeping."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from abcd.access.drafts import sweep
from abcd.assets.contributions import forget_old
from abcd.core.clock import now
from abcd.db.sealing import seal_all
from abcd.db.session import SYSTEM, session
from abcd.errors import AbcdError
from abcd.gaps.keeping import keep_up
from abcd.gaps.streets.making import make_ready
from abcd.patches.due import begin_due
from abcd.people.leaving import erase_withdrawn
from abcd.people.retention import run_retention

log = logging.getLogger(__name__)

#: Seconds of a minute that the figures of places may take from the pages.
SECONDS_FOR_FIGURES = 2.0


@dataclass(frozen=True)
class Chore:
    """Something to do, and when: ``when`` is a trigger of the scheduler with its arguments.

    The first time is ``after`` seconds where that is said.
    """

    name: str
    act: Callable[[], object]
    when: str
    at: tuple[tuple[str, Any], ...] = ()
    after: float | None = None


def sweep_drafts() -> None:
    """Drafts that nobody came back to within a month go."""
    with session(SYSTEM) as s:
        sweep(s)


def forget_suggestions() -> None:
    """How to reach those who suggested something, after 28 days; and what was settled, after a year."""
    with session(SYSTEM) as s:
        forget_old(s)


def match_anew() -> None:
    """Every open wish against everybody and everything; what it needs is loaded when it is time."""
    from abcd.connections.matching.keeping import rematch

    rematch()


def rehearse_a_wish() -> None:
    """What the first suggestions would wait for: words, gifts, networks of streets; loaded when it is time."""
    from abcd.connections.matching.rehearsing import rehearse

    with session(SYSTEM) as s:
        rehearse(s)


CHORES = (
    Chore("networks of streets", make_ready, "interval", (("seconds", 60),), after=0),
    # Later than the first pages, which are not to wait for it.
    Chore("what suggestions begin with", rehearse_a_wish, "date", after=60),
    Chore("seal what was done", seal_all, "interval", (("seconds", 60),)),
    Chore("plans of patches whose day has come", begin_due, "interval", (("seconds", 60),)),
    Chore("figures of places", lambda: keep_up(SECONDS_FOR_FIGURES), "interval", (("seconds", 60),)),
    Chore("people who took everything back", erase_withdrawn, "cron", (("minute", 40),)),
    Chore("old drafts", sweep_drafts, "cron", (("hour", 3), ("minute", 10))),
    Chore("old suggestions", forget_suggestions, "cron", (("hour", 3), ("minute", 15))),
    Chore("clocks of retention", run_retention, "cron", (("hour", 3), ("minute", 20))),
    Chore("who could answer a wish", match_anew, "cron", (("hour", 3), ("minute", 40))),
)


def done_quietly(chore: Chore) -> Callable[[], None]:
    """The chore; a store that does not answer is asked again the next time."""

    def act() -> None:
        try:
            chore.act()
        except (AbcdError, OSError) as error:
            log.warning("a chore waits", extra={"ids": {"chore": chore.name, "error": type(error).__name__}})

    return act


def scheduler(chores: tuple[Chore, ...] = CHORES) -> BackgroundScheduler:
    """One thread that does them one after another, in UTC; a time that was missed is made up for once."""
    made = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone="UTC")
    for chore in chores:
        first = {} if chore.after is None else {"next_run_time": now() + timedelta(seconds=chore.after)}
        made.add_job(
            done_quietly(chore), chore.when, id=chore.name, coalesce=True, max_instances=1, misfire_grace_time=3600,
            **dict(chore.at), **first,
        )  # fmt: skip
    return made
