"""Write down that two assets have to do with each other: with whom, how, what shows it; and where a group meets."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.queries import asset
from abcd.assets.records import AssetLine, AssetRecord
from abcd.assets.search import Search, find
from abcd.connections.network.meeting_place import describe_meeting_place
from abcd.connections.network.ties import BOTH_WAYS, TieDraft, add_tie
from abcd.connections.network.wording import relation_words
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import RELATIONS, SOURCE_KINDS
from abcd.errors import BadRequest
from abcd.pages.saving import Typed, both_sides, drafting, field, folded, opened_at, save_button
from abcd.pages.words import joined, method_names, verbatim

OFFERED = 12
EVIDENCE_LETTERS = 400
OUT, IN = "out", "in"


def tie_form(actor: Actor, one: AssetRecord) -> None:
    """Another tie of an asset."""
    form = f"tie {one.id}"
    fold = folded(actor, form, _("Write down another tie"), ":material/add_link:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        with_whom(actor, form, one, _("With whom? Part of its name"))
        ways = ways_named()
        label = _("In which way? {name} …").format(name=verbatim(one.name))
        st.selectbox(label, list(ways), format_func=ways.__getitem__, key=field(form, "way"))
        st.text_area(_("What shows it? (an event, a notice, their own word; no names of residents)"),
                     key=field(form, "evidence"), max_chars=EVIDENCE_LETTERS)  # fmt: skip
        known = {kind: said for kind, said in method_names().items() if kind in SOURCE_KINDS}
        st.selectbox(_("How do you know?"), list(known), format_func=known.__getitem__, key=field(form, "source"))
        seen, since = field(form, "seen"), field(form, "since")
        st.date_input(_("When was it last seen to be so?"), today(), key=seen, max_value=today(), format="DD/MM/YYYY")
        st.date_input(_("Since when, if known?"), None, key=since, max_value=today(), format="DD/MM/YYYY")

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_tie(s, one.id, draft_of(typed), by=by, key=key)

        save_button(form, _("Write the tie down"), act, actor, _("Written down. The picture of its places follows."))


def meeting_form(actor: Actor, one: AssetRecord) -> None:
    """Where a group meets."""
    form = f"meets {one.id}"
    fold = folded(actor, form, _("Where it meets"), ":material/location_home:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version, {}):
        with_whom(actor, form, one, _("In which hall, library or other place? Part of its name"))
        both_sides(form, {})
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            describe_meeting_place(s, one.id, chosen_in(typed), version=version, by=by, key=key)

        save_button(form, _("It meets there"), act, actor, _("Written down. The picture of its places follows."))


def with_whom(actor: Actor, form: str, one: AssetRecord, label: str) -> None:
    """The other end: part of its name, then which of those that have it; one that was chosen stays among them."""
    asked = st.text_input(label, key=field(form, "words"))
    chosen = st.session_state.get(field(form, "other"))
    with session(actor) as s:
        found = find(s, Search(words=asked, limit=OFFERED)).lines if asked.strip() else []
        kept = [asset(s, UUID(chosen)).line] if chosen and chosen not in {str(line.id) for line in found} else []
    others = {str(line.id): in_a_line(line) for line in [*kept, *found] if may_be_told(line) and line.id != one.id}
    if others:
        st.selectbox(_("Which of these?"), list(others), format_func=others.__getitem__, key=field(form, "other"))
    elif asked.strip():
        st.caption(_("Nothing by that name is written down. Add it on “Assets” first."))


def may_be_told(line: AssetLine) -> bool:
    """Whether ties of it may be written down: not of what stays private, nor of people."""
    return not line.is_sensitive and line.asset_kind != "individual"


def in_a_line(line: AssetLine) -> str:
    """An asset among others of a like name."""
    return joined([line.name, line.category_name, line.address])


def ways_named() -> dict[str, str]:
    """Each way in which two can have to do with each other, from either end where the two ends differ."""
    both = {f"{relation} {OUT}": relation_words(relation, is_outward=True) for relation in RELATIONS}
    back = {f"{relation} {IN}": relation_words(relation, is_outward=False) for relation in RELATIONS
            if relation not in BOTH_WAYS}  # fmt: skip
    return dict(sorted((both | back).items(), key=lambda way: RELATIONS.index(way[0].split()[0])))


def chosen_in(typed: Typed) -> UUID:
    """Who was chosen.

    Raises:
        BadRequest: nobody was.
    """
    if not typed.get("other"):
        raise BadRequest(_("Say with whom: type part of its name, then choose it."))
    return UUID(typed["other"])


def draft_of(typed: Typed) -> TieDraft:
    """What stands in the form; ``BadRequest`` as ``chosen_in``."""
    relation, way = typed["way"].split()
    return TieDraft(
        other_id=chosen_in(typed), relation=relation, is_outward=way == OUT, evidence=typed["evidence"] or "",
        last_seen=typed["seen"] or today(), since=typed["since"], source_kind=typed["source"],
    )  # fmt: skip
