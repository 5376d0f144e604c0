"""Forms that bring rooms and groups together: what a group needs, what a venue has to spare."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.records import AssetRecord
from abcd.assets.rooms import GroupWords, VenueWords, describe_rooms
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.saving import Typed, both_sides, drafting, field, folded, opened_at, save_button
from abcd.pages.words import day_names, part_names

PARTS = 3


def rooms_form(actor: Actor, one: AssetRecord, group: GroupWords | None, venue: VenueWords | None) -> None:
    """For a group what it needs, for anything else what rooms it has to spare; from what is written down of it."""
    if group or one.line.asset_kind == "association":
        group_form(actor, one, group or GroupWords())
    else:
        venue_form(actor, one, venue or VenueWords())


def group_form(actor: Actor, one: AssetRecord, words: GroupWords) -> None:
    """Does it need a room, who runs it, and how many hold the threads?"""
    form, titles = f"group {one.id}", group_titles()
    fold = folded(actor, form, _("What this group needs"), ":material/handshake:")
    if fold is None:
        return
    now = {name: getattr(words, name) for name in titles}
    with fold, drafting(actor, form, one.version, now):
        st.checkbox(titles["needs_room"], now["needs_room"], key=field(form, "needs_room"))
        for name in ("room_need", "run_by", "serves"):
            st.text_input(titles[name], now[name], key=field(form, name))
        holders = field(form, "key_holder_count")
        st.number_input(titles["key_holder_count"], 0, None, now["key_holder_count"], 1, key=holders)
        st.date_input(titles["funded_until"], now["funded_until"], key=field(form, "funded_until"), format="DD/MM/YYYY")
        mixes = mix_names()
        for name in ("streets_mix", "ages_mix"):
            at = list(mixes).index(now[name])
            st.selectbox(titles[name], list(mixes), at, format_func=mixes.__getitem__, key=field(form, name))
        both_sides(form, titles, {"streets_mix": mixes, "ages_mix": mixes})

        def told(typed: Typed) -> GroupWords:
            return GroupWords(**typed, meets_at=words.meets_at)

        _save(actor, form, one, told)


def group_titles() -> dict[str, str]:
    """What a group is asked."""
    return {
        "needs_room": _("It is looking for a room"), "room_need": _("What kind of room, and when?"),
        "run_by": _("Who runs it? (residents, members, volunteers, staff)"), "serves": _("Who is it for?"),
        "key_holder_count": _("How many people hold keys or run it?"),
        "funded_until": _("Until when does its money last, if somebody pays for it?"),
        "streets_mix": _("Do those who come live mostly in one street?"),
        "ages_mix": _("Are they mostly of one age?"),
    }  # fmt: skip


def mix_names() -> dict[str, str]:
    """What a group can say of who comes."""
    return {"": _("Nobody has asked"), "mostly_one": _("Mostly one"), "mixed": _("Mixed")}


def venue_form(actor: Actor, one: AssetRecord, words: VenueWords) -> None:
    """When does it stand empty, who fits in, and on what terms?"""
    form, titles, cells = f"venue {one.id}", venue_titles(), cell_names()
    fold = folded(actor, form, _("Rooms to spare"), ":material/meeting_room:")
    if fold is None:
        return
    empty = [cell for cell in cells if (words.spare_grid or 0) >> cell & 1]
    now = {name: getattr(words, name) for name in titles if name != "spare"} | {"spare": empty}
    with fold, drafting(actor, form, one.version, now):
        st.multiselect(titles["spare"], list(cells), empty, format_func=cells.__getitem__, key=field(form, "spare"))
        st.checkbox(titles["is_underused"], now["is_underused"], key=field(form, "is_underused"))
        st.checkbox(titles["ha_owned"], now["ha_owned"], key=field(form, "ha_owned"))
        st.number_input(titles["capacity"], 0, None, now["capacity"], 1, key=field(form, "capacity"))
        st.text_input(titles["owner"], now["owner"], key=field(form, "owner"))
        st.text_input(titles["hire_terms"], now["hire_terms"], key=field(form, "hire_terms"))
        lease = field(form, "lease_ends_on")
        st.date_input(titles["lease_ends_on"], now["lease_ends_on"], key=lease, format="DD/MM/YYYY")
        both_sides(form, titles, {"spare": cells})

        def told(typed: Typed) -> VenueWords:
            cells_empty = typed.pop("spare")
            return VenueWords(**typed, spare_grid=sum(1 << cell for cell in cells_empty) or None)

        _save(actor, form, one, told)


def venue_titles() -> dict[str, str]:
    """What a venue is asked."""
    return {
        "spare": _("When does it stand empty?"), "is_underused": _("It is hardly used"),
        "ha_owned": _("The association owns it"), "capacity": _("How many people fit in?"),
        "owner": _("Who owns it?"), "hire_terms": _("On what terms?"),
        "lease_ends_on": _("Until when is it let, if its lease ends?"),
    }  # fmt: skip


def cell_names() -> dict[int, str]:
    """The 21 parts of a week by their bit: ``3 * weekday + part``."""
    return {
        PARTS * day + part: f"{day_name}, {part_name.lower()}"
        for day, day_name in enumerate(day_names())
        for part, part_name in enumerate(part_names())
    }


def _save(actor: Actor, form: str, one: AssetRecord, told: Any) -> None:
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        describe_rooms(s, one.id, told(typed), version=version, by=by, key=key)

    save_button(form, _("Save what was said"), act, actor, _("Written down. The connections of its places follow."))
