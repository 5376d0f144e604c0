"""Team: who works here and in which role, invitations, and the table of who may do what."""

import pandas as pd
import streamlit as st

from abcd.access import can
from abcd.access.invitations import open_invitations
from abcd.access.team import Choices, Member, choices_for, members
from abcd.access.wording import policy_rows, role_name, rules
from abcd.core.clock import LOCAL, today
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.db.tables import ROLES
from abcd.pages.forms_team import change_form, close_forms, invite_form, revoke_button
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, verbatim


def people(actor: Actor) -> None:
    """Everybody with an account, and what may be changed about each."""
    with session(actor) as s:
        everybody, choices = members(s, by=actor), choices_for(s, actor)
    gone = [one for one in everybody if not one.is_open]
    for one in everybody:
        if one.is_open:
            card(actor, one, choices)
    if gone:
        closed = st.expander(_("Closed accounts ({n})").format(n=len(gone)), key="closed", on_change="rerun")
        for one in gone if closed.open else []:
            with closed:
                card(actor, one, choices)


def card(actor: Actor, one: Member, choices: Choices) -> None:
    """One account: name, role, where, when last seen; what may be changed is folded away."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{verbatim(one.name)}**")
            st.badge(role_name(one.reach.role), color="green" if one.is_open else "gray")
        st.caption(verbatim(joined([one.email, one.organisation, where(one), how(one)])))
        st.caption(seen(one))
        if one.id == actor.account_id:
            st.markdown(f"[{_('Your account: passphrase, codes, signed-in browsers')}](/account)")
        elif can(actor, "edit", "account") and one.reach.role in choices.roles:
            more = st.expander(_("Change or close this account"), key=f"change {one.id}", on_change="rerun")
            if more.open:
                with more:
                    change_form(actor, one, choices)
                    close_forms(actor, one)


def where(one: Member) -> str:
    """The places that somebody acts in."""
    return ", ".join(one.place_names) or _("every place")


def how(one: Member) -> str:
    """How somebody signs in."""
    ways = {"passphrase": _("passphrase"), "code": _("code"), "provider": _("through their organisation")}
    return " + ".join(ways[way] for way in one.ways) or _("one-time link only")


def seen(one: Member) -> str:
    """The day somebody was last here, and in how many browsers they are signed in."""
    if one.last_seen is None:
        return _("Never signed in")
    day = _("today") if one.last_seen == today() else one.last_seen.strftime("%d.%m.%Y")
    now = ngettext("signed in in {n} browser", "signed in in {n} browsers", one.sessions).format(n=one.sessions)
    return joined([_("Last here: {day}").format(day=day), now if one.sessions else ""])


def invitations(actor: Actor) -> None:
    """Invite somebody, and what has been sent and not yet accepted."""
    with session(actor) as s:
        waiting, choices = open_invitations(s, by=actor), choices_for(s, actor)
    invite_form(actor, choices)
    st.header(_("Waiting to be accepted"), anchor=False)
    if not waiting:
        st.write(_("No invitation is open."))
    for one in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            until = _("until {day}").format(day=one.expires_at.astimezone(LOCAL).strftime("%d.%m.%Y"))
            st.markdown(f"**{verbatim(one.email)}** · {role_name(one.role)} · {until}")
            revoke_button(actor, one)


def who_may() -> None:
    """The policy as it is enforced, printed from the same table."""
    for sentence in rules():
        st.markdown(f"- {sentence}")
    roles = [role_name(role) for role in ROLES]
    lines = [
        {_("What"): thing, _("May"): verb}
        | {role: "✓" if may else "–" for role, may in zip(roles, allowed, strict=True)}
        for thing, verb, allowed in policy_rows()
    ]
    st.table(pd.DataFrame(lines), hide_index=True, border="horizontal")


actor = visitor()
st.title(_("Team"))
for_those_who_may(actor, "view", "account")
say_what_was_done()
tab_people, tab_invite, tab_policy = st.tabs(
    [_("People"), _("Invite"), _("Who may do what")], on_change="rerun", key="team tab"
)
with telling():
    if tab_people.open:
        with tab_people:
            people(actor)
    if tab_invite.open:
        with tab_invite:
            invitations(actor)
    if tab_policy.open:
        with tab_policy:
            who_may()
