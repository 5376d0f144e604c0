"""Patches: so many households to a coach; alternatives side by side, corrected by hand, adopted from a day."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.pages.forms_adopting import adopted_for, ahead_lines
from abcd.pages.forms_draw import draw_form
from abcd.pages.panels_coaches import coaches_panel
from abcd.pages.panels_correcting import kept_as, plan_panel
from abcd.pages.panels_plans import HERE, plans_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import joined, kind_of_place, verbatim
from abcd.patches.plans import plan_row
from abcd.places.queries import place, places_of_kind
from abcd.places.records import PlaceRecord

KINDS = ("estate", "ward", "neighbourhood", "lad")


def chosen_place(actor: Actor) -> PlaceRecord | None:
    """The place whose homes are shared out."""
    with session(actor) as s:
        known = {str(one.id): one for kind in KINDS for one in places_of_kind(s, kind)}
    asked = st.query_params.get("place")
    keys = list(known)
    start = next((i for i, key in enumerate(keys) if asked in (key, known[key].reference)), None)
    names = {key: verbatim(joined([one.name, kind_of_place(one.kind)])) for key, one in known.items()}
    key = st.selectbox(_("Place"), keys, start, key="place of patches", placeholder=_("Choose a place"),
                       format_func=names.__getitem__)  # fmt: skip
    return known[key] if key else None


def key_of(asked: str) -> UUID:
    """The key in the address; one that cannot be is as unknown as one that no plan has.

    Raises:
        NotFound: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise NotFound(_("There is no such plan.")) from error


def one_plan(actor: Actor, key: UUID) -> None:
    """A plan by its key in the address, and the way back to the plans of its place."""
    with session(actor) as s:
        within = place(s, plan_row(s, key).place_id)
    of = {"place": within.reference}
    st.page_link(HERE, label=_("All plans"), icon=":material/arrow_back:", query_params=of)
    plan_panel(actor, key)


def all_plans(actor: Actor) -> None:
    """A place, its patches of today, and the alternatives."""
    here = chosen_place(actor)
    if here is None:
        st.write(_("Choose whose homes to share out. About 175 households are as many as one coach knows by name."))
        return
    st.header(_("Patches of today"), anchor=False)
    coaches_panel(actor, here)
    ahead_lines(actor, here)
    st.header(_("Plans"), anchor=False)
    if can(actor, "add", "patch"):
        draw_form(actor, here)
    plans_panel(actor, here.id)


actor = visitor()
st.title(_("Patches"))
asked, within = st.query_params.get("plan", ""), st.query_params.get("place", "")
asked = kept_as(asked) or asked
if adopted := adopted_for(asked):
    asked, within = "", adopted
# A link from a page to itself leaves the address as it was, and the next rerun would forget what was asked.
st.query_params.from_dict({"plan": asked} if asked else {"place": within} if within else {})
say_what_was_done()
with telling():
    if asked:
        one_plan(actor, key_of(asked))
    else:
        all_plans(actor)
