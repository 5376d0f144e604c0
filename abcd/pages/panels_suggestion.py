"""One suggestion: who says what by which door, what stands in the register now, and what can be done with it."""

from typing import Any
from uuid import UUID

import streamlit as st

from abcd.access import can, can_at
from abcd.assets.moderating import live_values
from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord
from abcd.assets.suggested import Suggested, suggested
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.pages.drafting import kept_about
from abcd.pages.forms_suggestion import (
    addition_form,
    by_hand_form,
    correction_form,
    let_in_form,
    refuse_form,
    take_back_form,
    tell_form,
)
from abcd.pages.saving import say_what_was_done
from abcd.pages.words import asset_titles, joined, linked, status_names, verbatim, yes_names

ASSET_PAGE, HERE = "abcd/pages/assets.py", "abcd/pages/to_check.py"


def key_of(asked: str) -> UUID:
    """The key in the address.

    Raises:
        BadRequest: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise BadRequest(_("This address does not name a suggestion. Look for it on “To check”.")) from error


def kind_names() -> dict[str, str]:
    """The kinds of suggestion, for people."""
    return {"correction": _("A correction"), "addition": _("Something missing"), "closing": _("It has closed")}


def came_by_names() -> dict[str, str]:
    """The doors that suggestions come through."""
    return {
        "shared map": _("from a partner's map"), "open map": _("from a map open to all"),
        "group": _("from the group itself"), "walk": _("from a walk of ours"),
    }  # fmt: skip


def state_names() -> dict[str, str]:
    """How a suggestion stands."""
    return {
        "waiting": _("waits"), "approved": _("approved"), "partly": _("approved in part"), "refused": _("refused"),
    }  # fmt: skip


def suggestion_panel(actor: Actor, suggestion_id: UUID) -> None:
    """The page of one suggestion."""
    with session(actor) as s:
        one = suggested(s, suggestion_id, by=actor)
        about = asset(s, one.asset_id) if one.asset_id else None
        kept_about(s, actor, str(suggestion_id))
        may_retire = bool(about and can_at(s, actor, "retire", "asset", about.id))
    st.title(verbatim(about.name if about else str(one.proposed.get("name", ""))) or _("Without a name"), anchor=False)
    st.page_link(HERE, label=_("Back to the list"), icon=":material/arrow_back:")
    say_what_was_done()
    who_says(one)
    if about and one.proposed and one.kind != "addition":
        beside(one, about)
    if about:
        st.page_link(ASSET_PAGE, label=_("Open its page"), query_params={"asset": str(about.id)})
    if can(actor, "settle", "contribution"):
        settle(actor, one, about, may_retire)


def settle(actor: Actor, one: Suggested, about: AssetRecord | None, may_retire: bool) -> None:
    """What can be done, as it stands."""
    if one.state != "waiting":
        st.info(joined([state_names()[one.state], verbatim(one.settled_by), verbatim(one.reason)]))
        tell_form(actor, one)
        take_back_form(actor, one)
        return
    if one.kept_apart:
        let_in_form(actor, one)
    if one.kind == "addition":
        addition_form(actor, one)
    elif about and one.proposed:
        if one.kind == "closing" and not may_retire:
            st.info(_("To retire it takes an officer. You may refuse it, or leave it to them."))
        correction_form(actor, one, about)
    else:
        by_hand_form(actor, one)
    refuse_form(actor, one)


def who_says(one: Suggested) -> None:
    """By which door, when, and in whose words."""
    day = f"{one.received_at.astimezone(LOCAL):%d/%m/%Y %H:%M}"
    st.caption(verbatim(joined([kind_names()[one.kind], came_by_names()[one.came_by], day])))
    if one.own_words:
        st.header(_("In their own words"), anchor=False)
        for line in one.own_words.splitlines():
            st.write(verbatim(line))
    if one.role_words:
        st.write(_("They say who they are: {words}").format(words=verbatim(one.role_words)))


def beside(one: Suggested, about: AssetRecord) -> None:
    """What is live now beside what is suggested; a word where it changed since they wrote."""
    live, titles = live_values(about), asset_titles()
    lines = []
    for name, value in one.proposed.items():
        changed = name in one.seen and str(one.seen[name]) not in ("", str(live.get(name, "")))
        lines.append({
            _("What"): titles.get(name, name), _("On the map now"): shown(name, live.get(name)),
            _("They suggest"): shown(name, value),
            _("Note"): _("changed since they wrote") if changed else "",
        })  # fmt: skip
    st.table(lines, hide_index=True, border="horizontal")


def shown(name: str, value: Any) -> str:
    """A value, for people."""
    named = {"step_free": yes_names(), "status": status_names()}.get(name, {})
    words = named.get(str(value or ""), "")
    return words or linked(str(value or "")) or "–"
