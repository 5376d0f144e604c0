"""Drawing patches: what one should hold, what they are drawn on, where coaches start from, what may be crossed."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import drafts
from abcd.connections.stand import stand_at
from abcd.core.language import _
from abcd.db.audit import once
from abcd.db.session import Actor, session, until_known
from abcd.errors import NotFound
from abcd.pages.beside import Telling, Work, work_button
from abcd.pages.fields import writing_of
from abcd.pages.saving import Typed, drafting, field, typed_in
from abcd.pages.words import number, verbatim
from abcd.patches.grounds import AUTO, MOST_REACH, Choice
from abcd.patches.homes import FINEST, source_words
from abcd.patches.plans import Prepared, alternatives, keep_drawn, prepared
from abcd.places.barriers import barriers_near
from abcd.places.dwellings import dwellings_in
from abcd.places.households import households_in
from abcd.places.records import PlaceRecord

TARGET, TOLERANCE = 175, 10


def draw_form(actor: Actor, here: PlaceRecord) -> None:
    """What a patch should hold, how far it may be off, and what it is drawn on."""
    form = f"draw patches {here.id}"
    with st.expander(_("Draw patches"), expanded=True), drafting(actor, form):
        left, middle, right = st.columns(3)
        left.number_input(_("Households to a patch"), 10, 100_000, TARGET, 5, key=field(form, "target"))
        middle.number_input(_("May be off by, in per cent"), 1, 50, TOLERANCE, key=field(form, "tolerance"))
        right.number_input(_("Seed (the same seed gives the same plan)"), 0, 9_999, 0, key=field(form, "seed"))
        st.text_input(_("Why are they drawn?"), key=field(form, "reason"))
        st.caption(size_of(actor, here))
        ground_fields(actor, here, form)
        done = _("The alternatives are below.")
        work_button(
            form, _("Draw alternatives"), lambda key: drawing(form, here, actor, key), actor, done, type="primary"
        )


def ground_fields(actor: Actor, here: PlaceRecord, form: str) -> None:
    """What the blocks are, how far neighbours may be apart, where coaches start, and what may be crossed."""
    names = {AUTO: _("the finest that is known here")} | {one: source_words(one) for one in FINEST}
    st.radio(_("Drawn on"), list(names), format_func=names.__getitem__, key=field(form, "finest"))
    left, right = st.columns(2)
    left.number_input(_("Neighbours are at most so many metres apart on foot"), 20, int(MOST_REACH), None, 10,
                      placeholder=_("as far as whole patches need"), key=field(form, "reach"))  # fmt: skip
    right.text_input(_("Where do coaches start from? (a postcode or a place)"), key=field(form, "base"))
    with session(actor) as s:
        over = {str(way.id): f"{way.name} ({wall.name})" for wall in barriers_near(s, here.box) if wall.is_hard
                for way in wall.crossings}  # fmt: skip
    if over:
        st.multiselect(
            _("Crossings that a patch may use"), list(over), key=field(form, "over"),
            placeholder=_("None: patches stay on one side"), format_func=lambda key: verbatim(over[key]),
        )  # fmt: skip


def stages() -> dict[str, str]:
    """What is being done, in words."""
    return {"moving": _("Moving blocks across borders…"), "mending": _("Mending what is still off…"), "done": _("Done")}


def drawing(form: str, here: PlaceRecord, by: Actor, key: str) -> Work:
    """What draws and keeps the alternatives as the form now asks for them."""
    typed, writing, said = typed_in(form, key), writing_of(form, key), stages()

    def work(telling: Telling) -> str:
        telling(0.0, _("Looking who are neighbours…"))
        ready = ready_for(here, typed, by)
        made = alternatives(
            ready, seed=int(typed["seed"]), telling=lambda share, what: telling(share, said.get(what, ""))
        )

        def keep(s: Session) -> dict[str, str]:
            first = keep_drawn(s, ready, made, reason=str(typed["reason"] or ""), by=by)[0]
            drafts.close(s, writing, by=by)
            return {"id": str(first.id)}

        return str(until_known(by, lambda s: once(s, f"draw {key}", by, lambda: keep(s)), patient=True)["id"])

    return work


def ready_for(here: PlaceRecord, typed: Typed, by: Actor) -> Prepared:
    """What the form asks to draw on, read from the store.

    Raises:
        BadRequest, NotAllowed, NotFound: as ``abcd.patches.plans.draw``; nobody knows where coaches start from.
    """
    with session(by, patient=True) as s:
        target, tolerance = float(typed["target"]), float(typed["tolerance"]) / 100
        return prepared(s, here.id, target=target, tolerance=tolerance, choice=chosen(s, typed), by=by)


def chosen(s: Session, typed: Typed) -> Choice:
    """What was typed about the homes.

    Raises:
        NotFound: nobody knows where coaches start from.
    """
    near = str(typed.get("base") or "").strip()
    base = stand_at(s, near) if near else None
    if near and base is None:
        raise NotFound(_("Nobody knows where “{near}” is. Type a postcode, or the name of a place.").format(near=near))
    at = (base.easting, base.northing) if base else None
    over = tuple(UUID(str(one)) for one in typed.get("over") or ())
    apart = typed.get("reach")
    return Choice(str(typed.get("finest") or AUTO), None if apart is None else float(apart), over, at,
                  base.name if base else "")  # fmt: skip


def size_of(actor: Actor, here: PlaceRecord) -> str:
    """How many households there are to share out, and how many of them are known home by home."""
    with session(actor) as s:
        homes, listed = households_in(s, here.id).count, dwellings_in(s, here.id)
    if homes is None and listed.empty:
        return _("Nobody has said yet how many households live here. Bring a household count in on “Add data”.")
    said = _("{place} has {n} households.").format(place=verbatim(here.name), n=number(homes))
    if listed.empty:
        return f"{said} {_('No stock list is loaded, so that patches are drawn on small areas.')}"
    known = int(listed["households"].sum())
    return f"{said} " + _("The stock list knows {n} of them at {points} points.").format(
        n=number(known), points=number(len(listed))
    )
