"""Patches: so many households to a coach; alternatives side by side, corrected by hand, adopted from a day."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can, drafts
from abcd.core.language import _
from abcd.db.audit import once
from abcd.db.session import Actor, session, until_known
from abcd.errors import NotFound
from abcd.pages.fields import writing_of
from abcd.pages.panels_coaches import coaches_panel
from abcd.pages.panels_correcting import adopted_for, kept_as, plan_panel
from abcd.pages.panels_plans import HERE, plans_panel
from abcd.pages.saving import drafting, field, job_button, say_what_was_done, typed_in
from abcd.pages.visit import telling, visitor
from abcd.pages.words import joined, kind_of_place, number, verbatim
from abcd.patches.plans import alternatives, keep_drawn, plan_row, prepared
from abcd.places.households import households_in
from abcd.places.queries import place, places_of_kind
from abcd.places.records import PlaceRecord

KINDS = ("estate", "ward", "neighbourhood", "lad")
TARGET, TOLERANCE = 175, 10


def chosen_place(actor: Actor) -> PlaceRecord | None:
    """The place whose homes are shared out."""
    with session(actor) as s:
        known = {str(one.id): one for kind in KINDS for one in places_of_kind(s, kind)}
    asked = st.query_params.get("place")
    keys = list(known)
    start = next((i for i, key in enumerate(keys) if asked in (key, known[key].reference)), None)
    names = {key: verbatim(joined([one.name, kind_of_place(one.kind)])) for key, one in known.items()}
    key = st.selectbox(_("Place"), keys, start, key="place of patches", placeholder=_("Choose a place"),
                       format_func=names.__getitem__)  # fmt: skip
    return known[key] if key else None


def draw_form(actor: Actor, here: PlaceRecord) -> None:
    """What a patch should hold, and how far it may be off."""
    form = f"draw patches {here.id}"
    with st.expander(_("Draw patches"), expanded=True), drafting(actor, form):
        left, middle, right = st.columns(3)
        left.number_input(_("Households to a patch"), 10, 100_000, TARGET, 5, key=field(form, "target"))
        middle.number_input(_("May be off by, in per cent"), 1, 50, TOLERANCE, key=field(form, "tolerance"))
        right.number_input(_("Seed (the same seed gives the same plan)"), 0, 9_999, 0, key=field(form, "seed"))
        st.text_input(_("Why are they drawn?"), key=field(form, "reason"))
        st.caption(size_of(actor, here))

        def draw_them(by: Actor, key: str) -> str:
            typed, bar = typed_in(form, key), st.progress(0.0)

            def telling(share: float, _what: str) -> None:
                bar.progress(min(share, 1.0))

            share, reason = float(typed["tolerance"]) / 100, str(typed["reason"] or "")
            with session(by, patient=True) as s:
                ground = prepared(s, here.id, target=float(typed["target"]), tolerance=share, by=by)
            made = alternatives(ground, seed=int(typed["seed"]), telling=telling)

            def keep(s: Session) -> dict[str, str]:
                first = keep_drawn(s, ground, made, reason=reason, by=by)[0]
                drafts.close(s, writing_of(form, key), by=by)
                return {"id": str(first.id)}

            return str(until_known(by, lambda s: once(s, f"draw {key}", by, lambda: keep(s)), patient=True)["id"])

        busy = _("Sharing out the homes…")
        job_button(
            form, _("Draw alternatives"), draw_them, actor, _("The alternatives are below."), busy, type="primary"
        )


def size_of(actor: Actor, here: PlaceRecord) -> str:
    """How many households there are to share out."""
    with session(actor) as s:
        homes = households_in(s, here.id).count
    if homes is None:
        return _("Nobody has said yet how many households live here. Bring a household count in on “Add data”.")
    return _("{place} has {n} households.").format(place=verbatim(here.name), n=number(homes))


def key_of(asked: str) -> UUID:
    """The key in the address; one that cannot be is as unknown as one that no plan has.

    Raises:
        NotFound: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise NotFound(_("There is no such plan.")) from error


def one_plan(actor: Actor, key: UUID) -> None:
    """A plan by its key in the address, and the way back to the plans of its place."""
    with session(actor) as s:
        within = place(s, plan_row(s, key).place_id)
    of = {"place": within.reference}
    st.page_link(HERE, label=_("All plans"), icon=":material/arrow_back:", query_params=of)
    plan_panel(actor, key)


def all_plans(actor: Actor) -> None:
    """A place, its patches of today, and the alternatives."""
    here = chosen_place(actor)
    if here is None:
        st.write(_("Choose whose homes to share out. About 175 households are as many as one coach knows by name."))
        return
    st.header(_("Patches of today"), anchor=False)
    coaches_panel(actor, here)
    st.header(_("Plans"), anchor=False)
    if can(actor, "add", "patch"):
        draw_form(actor, here)
    plans_panel(actor, here.id)


actor = visitor()
st.title(_("Patches"))
asked, within = st.query_params.get("plan", ""), st.query_params.get("place", "")
asked = kept_as(asked) or asked
if adopted := adopted_for(asked):
    asked, within = "", adopted
# A link from a page to itself leaves the address as it was, and the next rerun would forget what was asked.
st.query_params.from_dict({"plan": asked} if asked else {"place": within} if within else {})
say_what_was_done()
with telling():
    if asked:
        one_plan(actor, key_of(asked))
    else:
        all_plans(actor)
