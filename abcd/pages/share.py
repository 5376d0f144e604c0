"""Share: what goes to partners, councils and the public, until when; see it as they will; take it back."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.maps.sharing.listing import Listed, shares
from abcd.maps.sharing.openly import public_layers
from abcd.maps.sharing.wording import audience_name, kind_name, state_name
from abcd.pages.forms_share import extend_form, public_form, revoke_button, share_form
from abcd.pages.panels_share import as_they_see, title_of, to_embed, when
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, verbatim


def shared_now(actor: Actor) -> None:
    """Every share that lives, and those that have ended folded away."""
    with session(actor) as s:
        found = shares(s, by=actor)
    live, ended = ([one for one in found if one.is_live is wanted] for wanted in (True, False))
    if not live:
        st.write(_("Nothing is shared just now."))
    for one in live:
        card(actor, one)
    if ended:
        fold = st.expander(_("Ended ({n})").format(n=len(ended)), key="ended shares", on_change="rerun")
        for one in ended if fold.open else []:
            with fold:
                card(actor, one)


def card(actor: Actor, one: Listed) -> None:
    """One share: what, with whom, where, until when, when last used; and what may be done about it."""
    share = one.share
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{verbatim(share.title)}**")
            st.badge(state_name(one.state), color="green" if one.is_live else "gray")
        st.caption(verbatim(joined([share.partner, kind_name(share.kind), audience_name(share.audience)])))
        layers = ", ".join(map(title_of, share.layers))
        st.caption(verbatim(joined([layers, ", ".join(one.place_names) or _("every place")])))
        st.caption(when(one))
        if one.ended and one.is_live:
            st.warning(verbatim(_("No more there: {places}. Nothing of it is seen through this share; share what took "
                                  "its place.").format(places=", ".join(one.ended))))  # fmt: skip
        ways = [f"[{_('Open it')}](/open/{share.slug})"] if share.is_open and one.is_live else []
        st.markdown(joined([*ways, f"[{_('A receipt to print')}](/shares/{share.id}/receipt)"]))
        if one.is_live:
            deeds(actor, one)


def deeds(actor: Actor, one: Listed) -> None:
    """Take it back with one press; see it as they do; let it last longer."""
    key = one.share.id
    if can(actor, "revoke", "share"):
        revoke_button(actor, one)
    fold = st.expander(_("See it as they do"), key=f"see share {key}", on_change="rerun")
    if fold.open:
        with fold, telling():
            as_they_see(actor, one.share)
    if one.share.embed_hosts:
        to_embed(one.share)
    if not can(actor, "extend", "share"):
        return
    fold = st.expander(_("Let it last longer, or end sooner"), key=f"longer share {key}", on_change="rerun")
    if fold.open:
        with fold:
            extend_form(actor, one)


def openly(actor: Actor) -> None:
    """Which layers anybody may ask for without a key."""
    with session(actor) as s:
        now = public_layers(s)
    public_form(actor, now)


actor = visitor()
st.title(_("Share"))
for_those_who_may(actor, "view", "share")
say_what_was_done()
names = [_("Shared now"), _("Share something"), _("Open to everybody")]
first = names[1] if "place" in st.query_params else None
tab_now, tab_new, tab_open = st.tabs(names, default=first, on_change="rerun", key="share tab")
with telling():
    if tab_now.open:
        with tab_now:
            shared_now(actor)
    if tab_new.open:
        with tab_new:
            if can(actor, "add", "share"):
                share_form(actor)
            else:
                st.info(_("Your role looks at what is shared. To share something, ask an officer or a manager."))
    if tab_open.open:
        with tab_open:
            openly(actor)
