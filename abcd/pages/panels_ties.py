"""What one asset has to do with others, on its page: each tie in words, seen again or ended by a press."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.records import AssetRecord
from abcd.connections.network.asset_ties import ties_of
from abcd.connections.network.meeting_place import describe_meeting_place
from abcd.connections.network.records import Tie
from abcd.connections.network.ties import edit_tie, end_tie, may
from abcd.connections.network.wording import relation_words
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_tie import meeting_form, tie_form
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.saving import Typed, save_button
from abcd.pages.words import ago, joined, method_names, verbatim


def ties_panel(actor: Actor, one: AssetRecord) -> None:
    """Its ties, and for those who may a form for another one; nothing at all for what stays private."""
    if one.line.is_sensitive or one.merged_into is not None:
        return
    with session(actor) as s:
        ties, may_add = ties_of(s, one.id), may(s, actor, "add", one.id)
    if not ties and not may_add:
        return
    st.header(_("Who it has to do with"), anchor=False)
    if not ties:
        st.write(_("No tie is written down yet. Ask who they work with, who lends them things, who sends people on."))
    for position, tie in enumerate(ties):
        with st.container(key=f"rows-tie-{position}"):
            tie_row(actor, one, tie, may_add)
    if may_add:
        if one.line.asset_kind == "association":
            meeting_form(actor, one)
        tie_form(actor, one)


def tie_row(actor: Actor, one: AssetRecord, tie: Tie, may_edit: bool) -> None:
    """One tie in words, how it is known, and what can be done about it. What shows it is for the team alone."""
    label = f"{relation_words(tie.relation, tie.is_outward)} **{verbatim(tie.other_name)}**"
    st.page_link(ASSET_PAGE, label=label, query_params={"asset": str(tie.other_id)})
    if tie.edge_id is None or tie.last_seen is None:
        if may_edit and tie.relation == "meets_at" and tie.is_outward:
            leaves_button(actor, one)
        return
    evidence = verbatim(tie.evidence) if can(actor, "edit", "edge") else ""
    since = _("since {day}").format(day=f"{tie.since:%d/%m/%Y}") if tie.since else ""
    seen = _("last seen {when}").format(when=ago(tie.last_seen))
    st.caption(joined([evidence, method_names().get(tie.source_kind, ""), since, seen]))
    with st.container(horizontal=True):
        if may_edit:
            again_button(actor, tie.edge_id, tie.version)
        if can(actor, "remove", "edge"):
            end_button(actor, tie.edge_id, tie.version)


def again_button(actor: Actor, edge_id: UUID, version: int | None) -> None:
    """Still so: seen today."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        edit_tie(s, edge_id, version=version, by=by, key=key)

    save_button(f"tie again {edge_id}", _("Still so"), act, actor, _("Written down as seen today."))


def end_button(actor: Actor, edge_id: UUID, version: int | None) -> None:
    """No more."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        end_tie(s, edge_id, version=version, by=by, key=key)

    save_button(f"tie ends {edge_id}", _("No longer so"), act, actor, _("The tie is taken away."))


def leaves_button(actor: Actor, one: AssetRecord) -> None:
    """The group meets there no more."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        describe_meeting_place(s, one.id, None, version=one.version, by=by, key=key)

    save_button(f"leaves {one.id}", _("It no longer meets there"), act, actor, _("The tie is taken away."))
