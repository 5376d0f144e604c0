"""Forms that bring rooms and groups together: what a group needs, what a venue has to spare."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.records import AssetRecord
from abcd.assets.rooms import GroupWords, VenueWords, describe_rooms, words_of
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.saving import Typed, both_sides, field, opened_at, save_button
from abcd.pages.words import day_names, part_names

PARTS = 3


def rooms_form(actor: Actor, one: AssetRecord) -> None:
    """For a group what it needs, for anything else what rooms it has to spare."""
    with session(actor) as s:
        group, venue = words_of(s, one.id)
    if group or one.line.asset_kind == "association":
        group_form(actor, one, group or GroupWords())
    else:
        venue_form(actor, one, venue or VenueWords())


def group_form(actor: Actor, one: AssetRecord, now: GroupWords) -> None:
    """Does it need a room, who runs it, and how many hold the threads?"""
    form = f"group {one.id}"
    with st.expander(_("What this group needs"), icon=":material/handshake:"):
        st.checkbox(_("It is looking for a room"), now.needs_room, key=field(form, "needs_room"))
        st.text_input(_("What kind of room, and when?"), now.room_need, key=field(form, "room_need"))
        st.text_input(_("Who runs it? (residents, members, volunteers, staff)"), now.run_by, key=field(form, "run_by"))
        st.text_input(_("Who is it for?"), now.serves, key=field(form, "serves"))
        st.number_input(_("How many people hold keys or run it?"), 0, None, now.key_holder_count, 1,
                        key=field(form, "key_holder_count"))  # fmt: skip

        def told(typed: Typed) -> GroupWords:
            return GroupWords(**typed, meets_at=now.meets_at)

        _save(actor, form, one, told)


def venue_form(actor: Actor, one: AssetRecord, now: VenueWords) -> None:
    """When does it stand empty, who fits in, and on what terms?"""
    form = f"venue {one.id}"
    with st.expander(_("Rooms to spare"), icon=":material/meeting_room:"):
        cells = cell_names()
        empty = [cell for cell in cells if (now.spare_grid or 0) >> cell & 1]
        st.multiselect(_("When does it stand empty?"), list(cells), empty, format_func=cells.__getitem__,
                       key=field(form, "spare"))  # fmt: skip
        st.checkbox(_("It is hardly used"), now.is_underused, key=field(form, "is_underused"))
        st.checkbox(_("The association owns it"), now.ha_owned, key=field(form, "ha_owned"))
        st.number_input(_("How many people fit in?"), 0, None, now.capacity, 1, key=field(form, "capacity"))
        st.text_input(_("Who owns it?"), now.owner, key=field(form, "owner"))
        st.text_input(_("On what terms?"), now.hire_terms, key=field(form, "hire_terms"))

        def told(typed: Typed) -> VenueWords:
            cells_empty = typed.pop("spare")
            return VenueWords(**typed, spare_grid=sum(1 << cell for cell in cells_empty) or None)

        _save(actor, form, one, told)


def cell_names() -> dict[int, str]:
    """The 21 parts of a week by their bit: ``3 * weekday + part``."""
    return {
        PARTS * day + part: f"{day_name}, {part_name.lower()}"
        for day, day_name in enumerate(day_names())
        for part, part_name in enumerate(part_names())
    }


def _save(actor: Actor, form: str, one: AssetRecord, told: Any) -> None:
    version = opened_at(form, one.version)
    both_sides(form, {})

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        describe_rooms(s, one.id, told(typed), version=version, by=by, key=key)

    save_button(form, _("Save what was said"), act, actor, _("Written down. The connections of its places follow."))
