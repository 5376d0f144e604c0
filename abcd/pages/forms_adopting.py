"""A plan becomes the patches of its place: at once, or on a day ahead that is waited for and can be taken back."""

from datetime import date, timedelta

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.saving import Typed, drafting, field, opened_at, save_button, saved
from abcd.patches.adopting import adopt, take_back
from abcd.patches.due import PlanAhead, plans_ahead
from abcd.patches.plans import PlanRecord, title
from abcd.places.records import PlaceRecord

PATCHES = "abcd/pages/patches.py"
YEARS_AHEAD = 2
"""Nobody knows who the coaches will be later than that."""


def adopted_for(asked: str) -> str | None:
    """The place, by its reference, whose patches a plan has just become, or will."""
    return saved(f"adopt plan {asked}")


def adopt_form(actor: Actor, record: PlanRecord, here: PlaceRecord) -> None:
    """Make the patches of this plan those of the place."""
    form = f"adopt plan {record.id}"
    with st.expander(_("Adopt this plan"), icon=":material/task_alt:"), drafting(actor, form, record.version):
        st.write(
            _("The patches of today end on that day and stay in the history. People, coaches and wishes of a patch go "
              "to the one that takes its number, since nobody's home is known: look through them afterwards.")
        )  # fmt: skip
        how = _("With a day ahead the patches of today hold until then; on that day the plan begins by itself.")
        last = today() + timedelta(366 * YEARS_AHEAD)
        st.date_input(_("From which day?"), today(), format="DD/MM/YYYY", key=field(form, "first_day"),
                      max_value=last, help=how)  # fmt: skip
        version = opened_at(form, record.version)

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> str:
            day = typed["first_day"]
            first_day = day if isinstance(day, date) else date.fromisoformat(str(day))
            adopt(s, record.id, first_day=first_day, version=version, by=by)
            return here.reference

        done = _("Adopted. Say who is the coach of each patch as soon as it holds.")
        save_button(form, _("Adopt"), act, actor, done, type="primary")


def waiting_panel(actor: Actor, record: PlanRecord) -> None:
    """That a plan waits for its day, and the way to take it back."""
    said = _("This plan waits for {day}. Until then the patches of today hold; on that day it begins by itself.")
    st.info(said.format(day=f"{record.adopted_from:%d/%m/%Y}"), icon=":material/event:")
    if not can(actor, "adopt", "patch"):
        return

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        take_back(s, record.id, version=record.version, by=by)

    done = _("The plan is a draft again. The patches of today go on.")
    save_button(f"take back {record.id}", _("Take the day back"), act, actor, done)


def ahead_lines(actor: Actor, here: PlaceRecord) -> None:
    """The plans of a place that wait for their day, with the way to each."""
    with session(actor) as s:
        waiting = plans_ahead(s, here.id)
    for one in waiting:
        label = said_of(one).format(day=f"{one.first_day:%d/%m/%Y}", name=title(one.leaning))
        icon = ":material/error:" if one.is_late else ":material/event:"
        st.page_link(PATCHES, label=label, icon=icon, query_params={"plan": str(one.id)})


def said_of(one: PlanAhead) -> str:
    """How a plan that waits is told."""
    if one.is_late:
        return _("“{name}” was to hold from {day} and could not begin: look at it, or take the day back.")
    return _("From {day} another plan holds: {name}.")
