"""Whose patch a place is: its coach and the plan behind it, the patches in it, or the one that it lies in."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.pages.words import joined, number, verbatim
from abcd.patches.coaches import coaches_on
from abcd.patches.standing import StandingPatch, patches_about, plan_behind
from abcd.places.records import PlaceRecord

PLACE_PAGE, PATCHES = "abcd/pages/place.py", "abcd/pages/patches.py"
FEW = 8
"""So many patches are named; more are counted."""


def patch_line(actor: Actor, one: PlaceRecord) -> None:
    """One or two lines under the heading of a place, for the team."""
    if not can(actor, "view", "patch"):
        return
    if one.kind == "patch":
        own_line(actor, one)
        return
    with session(actor) as s:
        about = patches_about(s, one.id)
    if len(about) > FEW:
        told = ngettext("{n} patch lies here", "{n} patches lie here", len(about)).format(n=number(len(about)))
        st.page_link(PATCHES, label=told, icon=":material/grid_view:", query_params={"place": one.reference})
    elif about:
        with st.container(key="rows-patches-here", horizontal=True):
            for each in about:
                st.page_link(PLACE_PAGE, label=told_of(each), icon=":material/grid_view:",
                             query_params={"place": each.reference})  # fmt: skip


def told_of(one: StandingPatch) -> str:
    """A patch and its coach; that the place lies in it, where it does."""
    name = _("in {patch}").format(patch=one.name) if one.is_around else one.name
    return verbatim(joined([name, one.coach.name if one.coach else _("no coach yet")]))


def own_line(actor: Actor, patch: PlaceRecord) -> None:
    """The coach of a patch, and the plan that it came from."""
    with session(actor) as s:
        coach, plan = coaches_on(s, [patch.id]).get(patch.id), plan_behind(s, patch)
    who = coach and _("Its coach: {name}, since {day}").format(
        name=verbatim(coach.name), day=f"{coach.from_on:%d/%m/%Y}"
    )
    st.caption(who or _("Nobody holds this patch yet"))
    if plan:
        st.page_link(PATCHES, label=_("The plan behind this patch"), icon=":material/grid_view:",
                     query_params={"plan": str(plan)})  # fmt: skip
