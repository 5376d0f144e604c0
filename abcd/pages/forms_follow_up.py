"""Forms of a follow-up: what somebody says of an introduction, their own words first."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.follow_ups import (
    LONGEST,
    WEEKS,
    FollowUpDraft,
    FollowUpRecord,
    add_follow_up,
    edit_follow_up,
    good_time,
)
from abcd.connections.introduced import ENDED, Introduction, Party
from abcd.connections.introduction_words import domain_names, weeks_names
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.db.tables import EXITS
from abcd.pages.saving import Typed, both_sides, drafting, field, folded, opened_at, save_button
from abcd.pages.words import verbatim

YES_NO = {"yes": True, "no": False, "": None}
BLANK: Typed = {"own_words": "", "is_going": "", "domains": [], "confidence": None, "would_again": "", "gave": ""}


def follow_up_form(actor: Actor, one: Introduction, side: Party, known: set[int]) -> None:
    """Write down what one of them says; only what can be said by now is offered."""
    weeks = [each for each in WEEKS if each not in known and (each == 0 or one.introduced_on is not None)]
    if not weeks or one.state in (*EXITS, ENDED) or not can(actor, "follow_up", "connection"):
        return
    # A draft of it is about the person, so that it goes with them: the id of the introduction is written as no id.
    form = f"follow up {one.id.hex} {side.person_id}"
    fold = folded(actor, form, verbatim(_("Write down what {name} says").format(name=side.name)), ":material/hearing:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        now = good_time(one.introduced_on, known)
        names = weeks_names()
        st.selectbox(_("When is this?"), weeks, weeks.index(now) if now in weeks else 0,
                     format_func=names.__getitem__, key=field(form, "weeks"))  # fmt: skip
        fields(form, BLANK)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            if side.person_id:
                add_follow_up(s, one.id, side.person_id, told(typed, typed["weeks"]), by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("It is written down, in their words."), type="primary")


def mend_form(actor: Actor, record: FollowUpRecord) -> None:
    """Mend what was written down."""
    form = f"mend follow up {record.id.hex} {record.person_id}"
    fold = folded(actor, form, _("Mend what is written here"), ":material/edit:")
    if fold is None:
        return
    now = values_of(record)
    with fold, drafting(actor, form, record.version, now):
        fields(form, now)
        version = opened_at(form, record.version)
        both_sides(form, titles(), {"domains": domain_names()})

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            edit_follow_up(s, record.id, told(typed, record.weeks), version=version, by=by, key=key)

        save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def titles() -> dict[str, str]:
    """The fields in words."""
    return {
        "own_words": _("In their own words: how is it?"), "is_going": _("Does it go on?"),
        "domains": _("What has changed for them, in their own opinion?"),
        "confidence": _("How confident do they feel now? (0 to 10)"), "would_again": _("Would they do it again?"),
        "gave": _("What did they themselves give?"),
    }  # fmt: skip


def fields(form: str, now: Typed) -> None:
    """Their own words first; nothing is required."""
    words, domains, said = titles(), domain_names(), {"": _("They did not say"), "yes": _("Yes"), "no": _("No")}
    st.text_area(words["own_words"], now["own_words"], max_chars=LONGEST, key=field(form, "own_words"))
    st.selectbox(words["is_going"], list(said), list(said).index(now["is_going"]), format_func=said.__getitem__,
                 key=field(form, "is_going"), help=_("A no ends the introduction."))  # fmt: skip
    st.multiselect(words["domains"], list(domains), now["domains"], format_func=domains.__getitem__,
                   key=field(form, "domains"))  # fmt: skip
    st.number_input(words["confidence"], 0, 10, now["confidence"], 1, key=field(form, "confidence"))
    st.selectbox(words["would_again"], list(said), list(said).index(now["would_again"]),
                 format_func=said.__getitem__, key=field(form, "would_again"))  # fmt: skip
    st.text_input(words["gave"], now["gave"], max_chars=LONGEST, key=field(form, "gave"))


def told(typed: Typed, weeks: int) -> FollowUpDraft:
    """What stands in the fields."""
    return FollowUpDraft(
        weeks, YES_NO[typed.get("is_going") or ""], typed.get("own_words") or "", tuple(typed.get("domains") or ()),
        typed.get("confidence"), YES_NO[typed.get("would_again") or ""], typed.get("gave") or "",
    )  # fmt: skip


def values_of(record: FollowUpRecord) -> Typed:
    """The fields of what was written."""
    words = {value: name for name, value in YES_NO.items()}
    return {
        "own_words": record.own_words, "is_going": words[record.is_going], "domains": list(record.domains),
        "confidence": record.confidence, "would_again": words[record.would_again], "gave": record.gave,
    }  # fmt: skip
