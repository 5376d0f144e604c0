"""The three-question plan of one wish, the left column first, and that those who hoped were told what came of it."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.plan_wording import blocker_names, column_names, holder_names
from abcd.connections.plans import ActionDraft, ActionRecord, add_action, block_action, finish_action, plan_of
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import PLAN_COLUMNS, PLAN_OWNERS
from abcd.pages.saving import Typed, both_sides, drafting, field, folded, opened_at, save_button
from abcd.pages.words import joined, verbatim
from abcd.people.gift_records import WishRecord
from abcd.people.gift_wording import wish_state_names
from abcd.people.wishes import move_person_wish, move_wish, tell_person, tell_residents


def plan_panel(actor: Actor, wish: WishRecord) -> None:
    """The plan in three columns, each line with who holds it and what stands in its way."""
    with session(actor) as s:
        plan = plan_of(s, wish.id)
    for column, name, spot in zip(PLAN_COLUMNS, column_names().values(), st.columns(3, gap="medium"), strict=True):
        with spot:
            st.markdown(f"**{name}**")
            for line in plan[column]:
                action_card(actor, wish, line)
    is_begun = bool(plan[PLAN_COLUMNS[0]])
    add_form(actor, wish, is_begun)


def of_wish(what: str, wish: WishRecord) -> str:
    """The name of a form about a wish: with the person's id when it is a resident's, so that it goes with them."""
    return f"{what} {wish.id.hex[:12]} {wish.person_id}" if wish.person_id else f"{what} {wish.id}"


def add_form(actor: Actor, wish: WishRecord, is_begun: bool) -> None:
    """Another line; the first is what residents do themselves."""
    form = of_wish("plan", wish)
    fold = folded(actor, form, _("Add to the plan"), ":material/add_task:")
    if fold is None:
        return
    columns = column_names() if is_begun or wish.urgent_reason else {PLAN_COLUMNS[0]: column_names()[PLAN_COLUMNS[0]]}
    with fold, drafting(actor, form):
        if not is_begun:
            st.caption(_("Begin with what residents can do themselves, however small; then who can help."))
        st.radio(_("Which question does it answer?"), list(columns), format_func=columns.__getitem__,
                 key=field(form, "who_does"))  # fmt: skip
        st.text_input(_("What is to be done?"), key=field(form, "what"))
        st.selectbox(_("Who holds it?"), PLAN_OWNERS, format_func=holder_names().__getitem__,
                     key=field(form, "owner_kind"))  # fmt: skip
        st.text_input(_("What are they called?"), key=field(form, "owner_words"))
        st.text_input(_("Who supports them?"), key=field(form, "supporter"))
        st.date_input(_("By when, if there is a day?"), None, key=field(form, "due_on"), format="DD/MM/YYYY")

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_action(s, wish.id, ActionDraft(**typed), by=by, key=key)

        save_button(form, _("Put it in the plan"), act, actor, _("It is in the plan."), type="primary")


def action_card(actor: Actor, wish: WishRecord, line: ActionRecord) -> None:
    """One line: what, who, by when, and what stands in the way."""
    with st.container(border=True):
        st.write(verbatim(line.what))
        held = [holder_names()[line.owner_kind], line.owner_words]
        due = _("by {day}").format(day=f"{line.due_on:%d/%m/%Y}") if line.due_on else ""
        helped = _("supported by {name}").format(name=line.supporter) if line.supporter else ""
        st.caption(verbatim(joined([*held, helped, due])))
        if line.done_on:
            st.badge(_("Done on {day}").format(day=f"{line.done_on:%d/%m/%Y}"), icon=":material/check:", color="green")
            return
        if line.blocker:
            said = joined([blocker_names()[line.blocker], line.blocker_words])
            st.badge(verbatim(said), icon=":material/block:", color="orange")
        done_button(actor, wish, line)
        block_form(actor, wish, line)


def done_button(actor: Actor, wish: WishRecord, line: ActionRecord) -> None:
    """One press: it is done."""
    form = of_wish(f"done {line.id.hex[:12]}", wish)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        finish_action(s, line.id, version=line.version, by=by, key=key)

    save_button(form, _("It is done"), act, actor, _("Well done. Tell those who hoped for it."))


def block_form(actor: Actor, wish: WishRecord, line: ActionRecord) -> None:
    """What stands in the way, in a word and in words."""
    form, names = of_wish(f"block {line.id.hex[:12]}", wish), blocker_names()
    fold = folded(actor, form, _("What stands in the way?"), ":material/block:")
    if fold is None:
        return
    now = {"blocker": line.blocker, "words": line.blocker_words}
    with fold, drafting(actor, form, line.version, now):
        st.selectbox(_("What is it?"), list(names), list(names).index(line.blocker), format_func=names.__getitem__,
                     key=field(form, "blocker"))  # fmt: skip
        st.text_input(_("In a few words"), line.blocker_words, key=field(form, "words"))
        both_sides(form, {"blocker": _("What is it?"), "words": _("In a few words")}, {"blocker": names})
        version = opened_at(form, line.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            block_action(s, line.id, typed["blocker"], typed["words"], version=version, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("Written down."))


def wish_buttons(actor: Actor, wish: WishRecord) -> None:
    """How the wish goes on: it came about, it is let go, or it is hoped for again; and who was told."""
    ways = {"met": _("It came about"), "let_go": _("Let it go"), "open": _("Hoped for again")}
    offered = ("open",) if wish.state in ("met", "let_go") else ("met", "let_go")
    with st.container(horizontal=True):
        for state in offered:
            move_button(actor, wish, state, ways[state])
        if wish.told_on is None and wish.state in ("met", "let_go"):
            told_button(actor, wish)
    if wish.told_on:
        st.caption(_("They were told on {day}.").format(day=f"{wish.told_on:%d/%m/%Y}"))


def move_button(actor: Actor, wish: WishRecord, state: str, label: str) -> None:
    """One press: the wish stands so from now on."""
    form = of_wish(f"wish {state}", wish)
    version = wish.version

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        move = move_person_wish if wish.is_residents else move_wish
        move(s, wish.id, state, version=version, by=by, key=key)

    save_button(form, label, act, actor, _("Written down: {state}.").format(state=wish_state_names()[state]))


def told_button(actor: Actor, wish: WishRecord) -> None:
    """One press: those who hoped were told today what came of it."""
    form = of_wish("told", wish)
    version = wish.version

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        tell = tell_person if wish.is_residents else tell_residents
        tell(s, wish.id, today(), version=version, by=by, key=key)

    save_button(form, _("They were told today"), act, actor, _("Thank you: nobody is left wondering."))
