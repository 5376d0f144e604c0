"""Forms of the team: invite somebody, change a role or its reach, close and open an account, end its sessions."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.access.accounts import Reach
from abcd.access.changes import change_account, disable_account, enable_account, sign_out_everywhere
from abcd.access.invitations import Invited, invitation_url, invite, revoke
from abcd.access.team import Choices, Member
from abcd.access.wording import role_name
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.saving import Typed, both_sides, drafting, field, opened_at, save_button, saved
from abcd.pages.words import kind_of_place, verbatim


def reach_fields(form: str, choices: Choices, now: Reach) -> None:
    """Role, organisation and places; none named means every place."""
    roles = list(choices.roles)
    st.selectbox(
        _("Role"), roles, roles.index(now.role) if now.role in roles else 0, format_func=role_name,
        key=field(form, "role"),
    )  # fmt: skip
    known = ["", *choices.organisations] if len(choices.organisations) != 1 else list(choices.organisations)
    mine = str(now.organisation_id or "")
    st.selectbox(
        _("Organisation"), known, known.index(mine) if mine in known else 0,
        format_func=lambda key: choices.organisations.get(key, _("None")), key=field(form, "organisation"),
    )  # fmt: skip
    st.multiselect(
        _("Places they act in (none named: every place)"), list(choices.places),
        [str(one) for one in now.places if str(one) in choices.places],
        format_func=lambda key: place_name(*choices.places[key]),
        key=field(form, "places"),
    )  # fmt: skip


def place_name(name: str, kind: str) -> str:
    """A place to choose, with its kind."""
    return f"{name} ({kind_of_place(kind)})"


def reach_typed(typed: Typed, now: Reach | None = None, choices: Choices | None = None) -> Reach:
    """What the fields say; a place that could not be chosen here stays as it was."""
    kept = {one for one in (now.places if now else ()) if choices and str(one) not in choices.places}
    organisation = UUID(typed["organisation"]) if typed.get("organisation") else None
    return Reach(typed["role"], organisation, frozenset(map(UUID, typed.get("places", []))) | kept)


def invite_form(actor: Actor, choices: Choices) -> None:
    """An e-mail and a reach; the answer is a link to send, shown once and kept nowhere."""
    form = "invite"
    if not can(actor, "add", "invitation"):
        return
    link: dict[str, str] = st.session_state.setdefault("invitation link", {})
    made: dict[str, str] = st.session_state.setdefault("invitation made", {})
    # A link is shown when its invitation is in the store, not before: a save may still fail when it is committed.
    if saved(form) is not None:
        link.update(made)
    if link:
        st.write(
            _("Send this link to {email}. It is shown only now, works once, and ends after a week:").format(
                email=verbatim(link["email"])
            )
        )
        st.code(link["url"], language=None)

    def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
        token = invite(s, typed["email"], reach_typed(typed), by=by)
        made.update(url=invitation_url(token), email=typed["email"].strip())

    with drafting(actor, form):
        st.text_input(_("Their e-mail"), key=field(form, "email"), max_chars=254)
        reach_fields(form, choices, Reach("coach"))
        save_button(form, _("Make the invitation"), act, actor, _("The invitation is made."), type="primary")


def revoke_button(actor: Actor, one: Invited) -> None:
    """Take an invitation back."""

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        revoke(s, one.id, by=by)

    save_button(f"revoke {one.id}", _("Take back"), act, actor, _("The invitation is taken back."))


def change_form(actor: Actor, one: Member, choices: Choices) -> None:
    """Another role, organisation or places; it holds from their next click."""
    form = f"account {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
        change_account(s, one.id, reach_typed(typed, one.reach, choices), version=version, by=by)

    with drafting(actor, form, one.version):
        reach_fields(form, choices, one.reach)
        both_sides(form, {"role": _("Role")})
        done = _("Saved. It holds from their next click.")
        save_button(form, _("Save the changes"), act, actor, done, type="primary")


def close_forms(actor: Actor, one: Member) -> None:
    """Close or open the account, and sign its browsers out."""

    def close(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        disable_account(s, one.id, by=by)

    def reopen(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        enable_account(s, one.id, by=by)

    def end(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        sign_out_everywhere(s, one.id, by=by)

    with st.container(horizontal=True):
        if one.is_open:
            save_button(
                f"close {one.id}", _("Close this account"), close, actor, _("The account is closed. They are out.")
            )
        else:
            save_button(f"open {one.id}", _("Open it again"), reopen, actor, _("The account is open again."))
        if one.sessions:
            save_button(f"end {one.id}", _("Sign their browsers out"), end, actor, _("Their browsers are signed out."))
