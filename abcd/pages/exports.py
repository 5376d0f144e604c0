"""Exports: layers as files for a council or a partner, made in the background; and what was taken away before."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.jobs import begin, job_of, stop
from abcd.maps.files.order import Order, takeable
from abcd.maps.layers import AUDIENCES
from abcd.maps.people_layer import PEOPLE, months_published
from abcd.pages.panels_exports import LOOK_AGAIN, past, reading_of, show_job, titles
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, kind_of_place, verbatim
from abcd.places.queries import places_of_kind

KINDS = ("estate", "patch", "ward", "lad", "locality")


def wanted(actor: Actor) -> Order | None:
    """What is chosen; ``None`` until a layer is."""
    left, right = st.columns(2)
    readers = reading_of()
    audience = left.selectbox(_("For whom"), AUDIENCES, format_func=readers.__getitem__, key="export audience")
    form = right.selectbox(_("Format"), list(FORMATS), format_func=lambda one: FORMATS[one].title, key="export format",
                           index=1)  # fmt: skip
    names = titles(takeable(audience))
    layers = st.multiselect(_("Layers"), list(names), format_func=names.__getitem__, default=list(names)[:1],
                            key="export layers")  # fmt: skip
    place = chosen_place(actor)
    if not layers:
        st.caption(_("Choose at least one layer."))
        return None
    month = chosen_release(actor) if PEOPLE.name in layers else None
    return Order(tuple(layers), form, audience, place, release=month, dictionary=False)


def chosen_release(actor: Actor) -> str | None:
    """The release that figures about people are taken from: the newest, or one by its month."""
    with session(actor) as s:
        months = months_published(s)
    found: str | None = st.selectbox(_("Figures about people from"), months, index=None, key="export release",
                                     placeholder=_("The newest release"))  # fmt: skip
    return found


def chosen_place(actor: Actor) -> str | None:
    """Everywhere, or one place by name."""
    with session(actor) as s:
        known = [one for kind in KINDS for one in places_of_kind(s, kind)]
    names = {str(one.id): verbatim(joined([one.name, kind_of_place(one.kind)])) for one in known}
    found: str | None = st.selectbox(_("Place"), list(names), index=None, format_func=names.__getitem__,
                                     placeholder=_("Everywhere"), key="export place")  # fmt: skip
    return found


def make(order: Order, actor: Actor) -> None:
    """Begin, and remember which one it is."""
    st.session_state["export job"] = begin(order, actor).id


def remove(key: str, actor: Actor) -> None:
    """Stop it, or remove its file."""
    stop(key, actor)
    st.session_state.pop("export job", None)


@st.fragment(run_every=LOOK_AGAIN)
def on_its_way(actor: Actor) -> None:
    """The file that is being made; looking at it is what keeps it alive."""
    key = st.session_state.get("export job")
    if key is None:
        return
    with telling():
        job = job_of(key, actor)
        show_job(job)
        label = _("Remove this file") if job.is_over else _("Stop")
        st.button(label, key="export stop", on_click=remove, args=(key, actor))


actor = visitor()
st.title(_("Exports"))
for_those_who_may(actor, "export", "layer")
st.write(_("Files for a council or a partner. What is not for them stays inside, and each file is written down."))
with telling():
    order = wanted(actor)
    if order and can(actor, "export", "layer"):
        st.button(_("Make the file"), key="export make", type="primary", icon=":material/inventory_2:", on_click=make,
                  args=(order, actor))  # fmt: skip
    on_its_way(actor)
    past(actor)
