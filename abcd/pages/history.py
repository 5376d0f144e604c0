"""History: what was done to a record, by an account, with a person's data; and whether the trail is whole."""

from datetime import date

import streamlit as st

from abcd.access import can
from abcd.core.clock import LOCAL, today
from abcd.core.language import _
from abcd.db.naming import names_of_things
from abcd.db.session import Actor, session
from abcd.db.standing import standing
from abcd.db.trail import Page, Wanted, actors, deeds, erased_on
from abcd.pages.deed_words import kind_names
from abcd.pages.panels_history import show_deed
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import number, verbatim

HERE = "abcd/pages/history.py"


def whole(actor: Actor) -> None:
    """The state of the chain, in one sentence."""
    with session(actor) as s:
        found = standing(s)
    if found.faults:
        told = _("The trail was tampered with: {what}").format(what=found.faults[0].sentence)
        st.error(told, icon=":material/report:")
        return
    if not found.mark.id:
        st.caption(_("Nothing is sealed yet: that begins a minute after the app does."))
        return
    said = _("The trail is whole: {n} events of the last days are as they were written, and {waiting} newer ones wait "
             "to be sealed.")  # fmt: skip
    st.success(said.format(n=number(found.events), waiting=number(found.mark.waiting)), icon=":material/verified:")


def chosen(actor: Actor) -> Wanted:
    """What to show: one thing when the address names it, else by day, by whom and kind of thing."""
    kind, thing = st.query_params.get("kind", ""), st.query_params.get("thing", "")
    if kind and thing:
        return Wanted(kind, thing, organisation_id=actor.organisation_id, people=may_see_people(actor))
    with session(actor) as s:
        everybody = actors(s)
    names = {kind: name for kind, name in kind_names().items() if kind != "person" or may_see_people(actor)}
    by_column, kind_column, day_column = st.columns(3)
    by = by_column.selectbox(_("By whom"), everybody, index=None, placeholder=_("Anybody"), key="by")
    of = kind_column.selectbox(_("What it was done to"), list(names), index=None, format_func=names.__getitem__,
                                 placeholder=_("Anything"), key="of")  # fmt: skip
    day: date | None = day_column.date_input(
        _("On the day"), value=None, max_value=today(), format="DD/MM/YYYY", key="day"
    )
    return Wanted(of or "", "", by or "", day, actor.organisation_id, may_see_people(actor))


def may_see_people(actor: Actor) -> bool:
    """Whether the history of people is for this actor."""
    return can(actor, "view_person", "history")


def listed(actor: Actor, wanted: Wanted) -> None:
    """A page of what was done, and the way to older ones."""
    turned = st.session_state.setdefault("turned", {})
    before = turned.get(wanted)
    with session(actor) as s:
        page = deeds(s, wanted, before)
        names = names_of_things(s, [(deed.thing_kind, deed.thing_id) for deed in page.deeds])
        erased = {deed.thing_id: erased_on(s, deed.thing_id) for deed in page.deeds if deed.thing_kind == "person"}
    if not page.deeds:
        st.write(_("Nothing was done that fits."))
    days = {person: f"{at.astimezone(LOCAL):%d/%m/%Y}" if at else "" for person, at in erased.items()}
    for deed in page.deeds:
        show_deed(deed, names.get((deed.thing_kind, deed.thing_id), ""), days.get(deed.thing_id, ""))
    turn(wanted, page, before)


def turn(wanted: Wanted, page: Page, before: int | None) -> None:
    """Older and newest."""
    with st.container(horizontal=True):
        if before is not None:
            st.button(_("The newest again"), on_click=lambda: st.session_state.turned.pop(wanted, None), key="newest")
        if page.older is not None:
            st.button(_("Older"), on_click=lambda: st.session_state.turned.update({wanted: page.older}), key="older",
                      icon=":material/history:")  # fmt: skip


actor = visitor()
st.title(_("History"))
for_those_who_may(actor, "view", "audit")
st.write(
    _("Who did what, and what it really changed. Nobody can change what is here; after six years it may be let go.")
)
with telling():
    whole(actor)
    wanted = chosen(actor)
    if wanted.thing_id:
        with session(actor) as s:
            named = names_of_things(s, [(wanted.thing_kind, wanted.thing_id)])
        about = named.get((wanted.thing_kind, wanted.thing_id), kind_names().get(wanted.thing_kind, ""))
        st.subheader(verbatim(about), anchor=False)
        st.page_link(HERE, label=_("Everything that was done"), icon=":material/arrow_back:")
    listed(actor, wanted)
