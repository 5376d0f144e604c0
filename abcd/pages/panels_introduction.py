"""One introduction: the two sides, where it stands, what comes next, and how it went."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.connections.contacts import Contact, contact_to_pass
from abcd.connections.follow_ups import FollowUpRecord, follow_ups_of, good_time
from abcd.connections.introduced import ENDED, Introduction, Party, introduction
from abcd.connections.introduction_words import domain_names, reason_names, state_names, weeks_names, what_next
from abcd.connections.matching.wording import kind_name
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import EXITS
from abcd.pages.forms_follow_up import follow_up_form, mend_form
from abcd.pages.forms_introduction import ending_form, looked_into_button, pass_button, step_buttons
from abcd.pages.saving import say_what_was_done
from abcd.pages.words import joined, listed, verbatim
from abcd.people.wording import route_names

HERE, PEOPLE_PAGE, ASSET_PAGE = "abcd/pages/introductions.py", "abcd/pages/people.py", "abcd/pages/assets.py"


def introduction_panel(actor: Actor, connection_id: UUID) -> None:
    """The whole of one introduction."""
    with session(actor) as s:
        one, told = introduction(s, connection_id), follow_ups_of(s, connection_id)
    st.page_link(HERE, label=_("All introductions"), icon=":material/arrow_back:")
    st.title(verbatim(" + ".join(named(side) for side in (one.a, one.b))), anchor=False)
    coordinator = _("with {name}").format(name=one.coordinator)
    across = _("across two patches") if one.crosses_patches else ""
    st.caption(verbatim(joined([kind_name(one.kind), state_names()[one.state], coordinator, across])))
    say_what_was_done()
    with st.container(key="rows-sides"):
        for side in (one.a, one.b):
            link(side)
    if one.is_urgent:
        st.info(_("Somebody said that this cannot wait: the wish says why."), icon=":material/priority_high:")
    next_step(actor, one)
    passing(actor, one)
    following(actor, one, told)
    st.header(_("How it went so far"), anchor=False)
    history(one)


def named(side: Party) -> str:
    """A side by name; one of another coordinator's patch by its place alone."""
    return side.name or (_("somebody in {place}").format(place=side.place_name) if side.person_id else _("a group"))


def link(side: Party) -> None:
    """A side as a link to its page, where whoever looks may see it."""
    if side.person_id and side.name:
        place = joined([f"**{verbatim(side.name)}**", verbatim(side.place_name)])
        st.page_link(PEOPLE_PAGE, label=place, query_params={"person": str(side.person_id)})
    elif side.asset_id and side.name:
        st.page_link(ASSET_PAGE, label=f"**{verbatim(side.name)}**", query_params={"asset": str(side.asset_id)})
    else:
        st.write(verbatim(named(side)))


def next_step(actor: Actor, one: Introduction) -> None:
    """What may come next, and the buttons for it."""
    if one.state == "stopped_unsafe":
        st.warning(_("Stopped because it was not safe. A manager looks into it."), icon=":material/shield:")
        looked_into_button(actor, one)
        return
    hint = what_next().get(one.state)
    if one.to_ask_again:
        again(one)
    elif hint:
        st.header(_("What comes next"), anchor=False)
        st.write(verbatim(hint.format(a=named(one.a), b=named(one.b))))
    if can(actor, "step", "connection"):
        step_buttons(actor, one)
        ending_form(actor, one)


def asked_again(one: Introduction) -> list[str]:
    """By name those of whoever looks whose yes to introductions has run out."""
    return [named(side) for side in (one.a, one.b) if side.side in one.to_ask_again]


def again(one: Introduction) -> None:
    """A yes has run out: what to do, and where a new one is written down."""
    st.header(_("A yes has run out"), anchor=False)
    told = _("Ask {names} again whether introductions are still right, and write down what they say. With a new yes "
             "this goes on where it stood; until then nothing passes.")  # fmt: skip
    st.write(verbatim(told.format(names=listed(asked_again(one)))))
    for side in (one.a, one.b):
        if side.side in one.to_ask_again and side.name:
            label = _("Write down what {name} agrees to").format(name=verbatim(side.name))
            st.page_link(PEOPLE_PAGE, label=label, query_params={"person": str(side.person_id)},
                         icon=":material/how_to_reg:")  # fmt: skip


def passing(actor: Actor, one: Introduction) -> None:
    """What each is told of the other, once both have said yes; and that it was told."""
    if one.state in (*EXITS, ENDED) or one.to_ask_again or "yes_b" not in {step.state for step in one.steps}:
        return
    st.header(_("What passes between them"), anchor=False)
    if one.passed_on:
        st.write(_("Passed on {day}.").format(day=f"{one.passed_on:%d/%m/%Y}"))
    fold = st.expander(_("Show what to pass on"), key=f"pass {one.id}", on_change="rerun", expanded=not one.passed_on)
    if fold.open:
        with session(actor) as s:
            told = contact_to_pass(s, one.id)
        with fold:
            card(_("Tell {name}").format(name=named(one.a)), told.to_a)
            card(_("Tell {name}").format(name=named(one.b)), told.to_b)
            st.caption(_("Only the one way that each of them chose is shown here."))
    if not one.passed_on:
        pass_button(actor, one)


def card(title: str, contact: Contact) -> None:
    """How one side is reached."""
    with st.container(border=True):
        st.markdown(f"**{verbatim(title)}**")
        way = route_names().get(contact.route, "")
        st.write(verbatim(joined([contact.name, way, *contact.reach])))
        if not contact.reach:
            st.caption(_("Nothing to write down: arrange the first meeting yourself."))


def following(actor: Actor, one: Introduction, told: list[FollowUpRecord]) -> None:
    """What each of them says of it, and a form for more."""
    st.header(_("What they say of it"), anchor=False)
    if not told:
        st.write(_("Nothing yet. Their own words come first; there is no hurry."))
    for side in (one.a, one.b):
        if side.person_id is None or not side.name:
            continue
        for record in (each for each in told if each.person_id == side.person_id):
            said(actor, side, record)
        known = {each.weeks for each in told if each.person_id == side.person_id}
        if one.to_ask_again:
            continue
        if good_time(one.introduced_on, known) and one.state not in (*EXITS, ENDED):
            st.caption(verbatim(_("A good time to ask {name} how it goes.").format(name=side.name)))
        follow_up_form(actor, one, side, known)


def said(actor: Actor, side: Party, record: FollowUpRecord) -> None:
    """What one of them said after so many weeks."""
    again = {True: _("would do it again"), False: _("would not do it again"), None: ""}[record.would_again]
    sure = "" if record.confidence is None else _("confidence {n} of 10").format(n=record.confidence)
    with st.container(border=True):
        st.markdown(f"**{verbatim(joined([side.name, weeks_names()[record.weeks]]))}**")
        if record.own_words:
            st.markdown(f"> {verbatim(record.own_words)}")
        changed = ", ".join(domain_names()[domain] for domain in record.domains)
        gave = record.gave and _("gave: {what}").format(what=record.gave)
        st.caption(verbatim(joined([sure, again, changed, gave, f"{record.said_on:%d/%m/%Y}"])))
        mend_form(actor, record)


def history(one: Introduction) -> None:
    """Every step with its day; a reason only where it is the coordinator's own neighbour's."""
    names, reasons = state_names(), reason_names()
    sides = {"a": named(one.a), "b": named(one.b)}
    rows = [
        {
            _("Day"): f"{step.at.astimezone(LOCAL):%d/%m/%Y}",
            _("What"): verbatim(names[step.state]),
            _("Whose word"): verbatim(sides.get(step.side, "")),
            _("Why"): verbatim(reasons[step.reason] if step.reason else ""),
        }
        for step in one.steps
    ]
    st.table(rows, hide_index=True, border="horizontal")
