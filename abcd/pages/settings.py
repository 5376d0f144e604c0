"""Settings: the figures that the product works with, each with where it comes from; an owner may change them."""

from itertools import groupby

import streamlit as st

from abcd.access import can
from abcd.connections.weights import LETTERS, Weights, chosen_weights, weight_name
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_settings import weights_form
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import verbatim


def matching(actor: Actor) -> None:
    """How suggestions are weighed: a table for everybody, a form for an owner."""
    with session(actor) as s:
        now = chosen_weights(s)
    st.header(_("How suggestions are weighed"), anchor=False)
    st.write(
        _(
            "A score between 0 and 1 belongs to two who may suit each other, never to a person. It orders suggestions "
            "within a tier; the tiers themselves, community first, are not for changing here."
        )
    )
    names = [*LETTERS.values(), *(name for name in Weights.__dataclass_fields__ if name not in LETTERS.values())]
    st.table(
        [
            {
                _("Setting"): verbatim(weight_name(name)),
                _("Value"): f"{getattr(now.weights, name):g}",
                _("Usually"): f"{getattr(Weights(), name):g}",
            }
            for name in names
        ],
        hide_index=True,
    )
    st.subheader(_("Where it comes from"), anchor=False)
    for source, of in groupby(sorted(names, key=now.source), key=now.source):
        st.caption(f"{verbatim(', '.join(weight_name(name) for name in of))}: {verbatim(source)}")
    if can(actor, "edit", "setting") and not actor.places:
        weights_form(actor, now.weights)
    else:
        st.caption(_("An owner may change these."))


actor = visitor()
st.title(_("Settings"))
for_those_who_may(actor, "view", "setting")
say_what_was_done()
with telling():
    matching(actor)
