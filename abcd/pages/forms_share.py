"""Forms of sharing: what, with whom, until when; longer or no more; which layers are public."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import LANGUAGES, _
from abcd.db.session import Actor, session
from abcd.db.tables import SHARE_AUDIENCES, SHARE_KINDS
from abcd.maps.sharing.deeds import Made, extend_share, make_share, revoke_share
from abcd.maps.sharing.listing import Listed, places_to_share
from abcd.maps.sharing.openly import make_public
from abcd.maps.sharing.wish import DAYS, MOST, MOST_DAYS, Wish, hosts_in, layers_for, places_in
from abcd.maps.sharing.wording import audience_name, kind_name
from abcd.pages.panels_share import look, title_of
from abcd.pages.saving import Typed, both_sides, drafting, field, nonce, opened_at, save_button, saved, typed_in
from abcd.pages.words import kind_of_place
from abcd.places.queries import place

FORM = "share"


def share_form(actor: Actor) -> None:
    """What to share, how, with whom and until when; beside it what they will see."""
    given_away()
    asked = st.query_params.get("place")
    with session(actor) as s:
        places = places_to_share(s, by=actor)
        named = [str(place(s, asked).id)] if asked else []
    with drafting(actor, FORM):
        what_fields(places, [one for one in named if one in places], bool(actor.places))
        how_fields()
        wish = wish_in(typed_in(FORM, nonce(FORM)))
        look(actor, wish)
        made: dict[str, Made] = st.session_state.setdefault("share made", {})

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            made["now"] = make_share(s, wish_in(typed), by=by)

        save_button(FORM, _("Share this"), act, actor, _("It is shared."), type="primary")


def what_fields(places: dict[str, tuple[str, str]], named: list[str], is_scoped: bool) -> None:
    """What is shared, under which title, with whom; at first of the places that the address names."""
    st.text_input(_("Title, above the map"), key=field(FORM, "title"), max_chars=MOST["title"])
    st.text_input(_("With whom? An organisation, not a person"), key=field(FORM, "partner"), max_chars=MOST["partner"])
    st.multiselect(
        _("What"), [one.name for one in layers_for("council")], ["assets"], format_func=title_of,
        key=field(FORM, "layers"),
    )  # fmt: skip
    everywhere = _("Which of your places") if is_scoped else _("Which places (none named: everywhere)")
    st.multiselect(
        everywhere, list(places), named, format_func=lambda key: f"{places[key][0]} ({kind_of_place(places[key][1])})",
        key=field(FORM, "places"),
    )  # fmt: skip


def how_fields() -> None:
    """How it opens, for whom, how long, and the words round it."""
    left, right = st.columns(2)
    kind = left.selectbox(_("How"), SHARE_KINDS, format_func=kind_name, key=field(FORM, "kind"))
    if kind == "open":
        right.caption(_("What is open to anybody shows what is for the public."))
    else:
        right.selectbox(
            _("For whom it is meant"), SHARE_AUDIENCES, 1, format_func=audience_name, key=field(FORM, "audience")
        )
    left.number_input(_("For how many days"), 1, MOST_DAYS, DAYS, 1, key=field(FORM, "days"))
    right.selectbox(
        _("Language"), ["", *LANGUAGES], format_func=lambda code: LANGUAGES.get(code, _("That of the reader")),
        key=field(FORM, "language"),
    )  # fmt: skip
    st.text_area(_("Some words for those who open it"), key=field(FORM, "words"), max_chars=MOST["words"], height=90)
    st.text_input(_("Whom they can ask about it"), key=field(FORM, "contact"), max_chars=MOST["contact"])
    if kind == "open":
        st.text_area(
            _("Sites that may show it inside a page of theirs, one a line"), key=field(FORM, "hosts"), height=80,
            placeholder="www.partner.example",
        )  # fmt: skip


def wish_in(typed: Typed) -> Wish:
    """What the fields say."""
    kind = typed.get("kind") or "link"
    said: dict[str, str] = {name: typed.get(name) or "" for name in (*MOST, "language")}
    is_open = kind == "open"
    return Wish(
        kind=kind, audience="public" if is_open else typed.get("audience") or "partner",
        layers=tuple(typed.get("layers") or ()), places=places_in(typed.get("places") or ()),
        days=int(typed.get("days") or DAYS), embed_hosts=hosts_in(typed.get("hosts") or "") if is_open else (), **said,
    )  # fmt: skip


def given_away() -> None:
    """The new link or key, shown once and kept nowhere; it is shown when the share is in the store, not before."""
    shown: dict[str, Made] = st.session_state.setdefault("share shown", {})
    if saved(FORM) is not None and "share made" in st.session_state:
        shown.update(st.session_state.pop("share made"))
    if "now" not in shown:
        return
    one = shown["now"]
    if one.share.is_open:
        st.write(_("Anybody can open this address:"))
    elif one.key:
        st.write(_("This address and this key open the feeds. The key is shown only now; send it by another way:"))
    else:
        st.write(_("Send this link. It is shown only now, and opens until its days are over or you take it back:"))
    st.code(one.address, language=None)
    if one.key:
        st.code(one.key, language=None)
    st.markdown(f"[{_('A receipt to print')}](/shares/{one.share.id}/receipt)")


def revoke_button(actor: Actor, one: Listed) -> None:
    """Take a share back with one press."""

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        revoke_share(s, one.share.id, by=by)

    save_button(
        f"revoke share {one.share.id}", _("Take back"), act, actor, _("It is taken back. Nothing of it opens any more.")
    )


def extend_form(actor: Actor, one: Listed) -> None:
    """How many days it shall last from today on."""
    form = f"extend share {one.share.id}"
    version = opened_at(form, one.share.version)

    def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
        extend_share(s, one.share.id, int(typed["days"]), version=version, by=by)

    with drafting(actor, form, one.share.version):
        st.number_input(_("For how many days from today"), 1, MOST_DAYS, DAYS, 1, key=field(form, "days"))
        both_sides(form, {"expires_at": _("Until")})
        save_button(form, _("Let it last so long"), act, actor, _("Saved. It lasts until then."))


def public_form(actor: Actor, now: tuple[str, ...]) -> None:
    """The owner's switch: what anybody may load into a map of theirs without a key."""
    names = [title_of(name) for name in now]
    st.write(_("Without a key anybody may ask for: {layers}.").format(layers=", ".join(names) or _("nothing")))
    if not can(actor, "edit", "setting"):
        st.caption(_("The owner decides this."))
        return
    form = "public layers"

    def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
        make_public(s, typed["layers"], by=by)

    with drafting(actor, form, now={"layers": list(now)}):
        allowed = [one.name for one in layers_for("public")]
        st.multiselect(
            _("Open to everybody, as feeds and tiles"), allowed, list(now), format_func=title_of,
            key=field(form, "layers"),
        )  # fmt: skip
        save_button(form, _("Save what is open"), act, actor, _("Saved. It holds from the next question."))
