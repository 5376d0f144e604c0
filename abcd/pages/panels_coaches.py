"""The patches of a place with their coaches: who, since when, how large, how long the same face."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.saving import Typed, drafting, field, is_unfinished, save_button
from abcd.pages.words import joined, number, percent, verbatim
from abcd.patches.adopting import is_patch_of
from abcd.patches.coaches import assign_coach, can_be_coach, coaches_of, coaches_on
from abcd.patches.kept import Kept, kept_coach
from abcd.patches.work import MOST
from abcd.places.queries import places_of_kind
from abcd.places.records import PlaceRecord

PLACE_PAGE = "abcd/pages/place.py"


def coaches_panel(actor: Actor, within: PlaceRecord) -> None:
    """The patches of a place that hold today."""
    with session(actor) as s:
        patches = [one for one in places_of_kind(s, "patch") if is_patch_of(within, one)]
        patches.sort(key=lambda one: (len(one.reference), one.reference))
        held = coaches_on(s, [one.id for one in patches])
        kept = kept_coach(s, [one.id for one in patches])
        names = can_be_coach(s) if can(actor, "adopt", "patch") else {}
    if not patches:
        st.write(_("No plan was adopted here yet. Draw one, look at it together, then adopt it."))
        return
    st.write(summary(patches, kept))
    across = st.columns(2, gap="medium")
    for position, one in enumerate(patches):
        coach = held.get(one.id)
        with across[2 * position // len(patches)].container(key=f"rows-patch-{one.id}"):
            st.page_link(PLACE_PAGE, label=f"**{verbatim(one.name)}**", query_params={"place": one.reference})
            since = coach and _("since {day}").format(day=f"{coach.from_on:%d/%m/%Y}")
            who = coach.name if coach else _("Nobody holds this patch yet")
            large = _("more than one coach can know by name") if (one.households or 0) > MOST else ""
            st.caption(
                verbatim(joined([_("{n} households").format(n=number(one.households)), large, who, since or ""]))
            )
            if names:
                coach_form(actor, one, names)


def summary(patches: Sequence[PlaceRecord], kept: dict[UUID, Kept]) -> str:
    """How many patches, how large, and how many of their households kept their coach for two years."""
    homes = sum(one.households or 0 for one in patches)
    same, known = sum(one.same for one in kept.values()), sum(one.known for one in kept.values())
    said = _("{n} patches with {homes} households.").format(n=number(len(patches)), homes=number(homes))
    if not known:
        return f"{said} {_('Nobody has held one for two years yet, so it is too early to say who kept their coach.')}"
    return f"{said} " + _("{share} of the households known for two years kept the same coach.").format(
        share=percent(same / known)
    )


def coach_form(actor: Actor, patch: PlaceRecord, names: dict[UUID, str]) -> None:
    """Say who is the coach of a patch from a day on."""
    form = f"coach of {patch.id}"
    opened = is_unfinished(actor, form)
    with st.expander(_("Say who is its coach"), opened), drafting(actor, form):
        known = {str(key): name for key, name in names.items()}
        st.selectbox(_("Coach"), list(known), None, format_func=lambda key: verbatim(known[key]),
                     key=field(form, "account"), placeholder=_("Choose one"))  # fmt: skip
        st.date_input(_("From which day?"), today(), format="DD/MM/YYYY", key=field(form, "from_on"))
        past(actor, patch.id)

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            day = typed["from_on"]
            first = day if isinstance(day, date) else date.fromisoformat(str(day))
            assign_coach(s, patch.id, UUID(str(typed["account"] or UUID(int=0))), from_on=first, by=by)

        save_button(form, _("Save the coach"), act, actor, _("Their page knows the patch now."), type="primary")


def past(actor: Actor, patch_id: UUID) -> None:
    """Who held it before."""
    with session(actor) as s:
        known = coaches_of(s, patch_id)
    for one in known:
        until = f"{one.until_on:%d/%m/%Y}" if one.until_on else _("today")
        st.caption(verbatim(f"{one.name}: {one.from_on:%d/%m/%Y} – {until}"))
