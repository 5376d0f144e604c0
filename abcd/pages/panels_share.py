"""Panels of sharing: what goes out counted by reason, the very page that they will see, until when."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from html import escape
from uuid import UUID

import streamlit as st

from abcd.config import settings
from abcd.core.clock import LOCAL, today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.maps.layers import LAYERS
from abcd.maps.sharing import Share
from abcd.maps.sharing.counting import Leaving, leaving
from abcd.maps.sharing.listing import Listed
from abcd.maps.sharing.previews import keep_preview
from abcd.maps.sharing.wish import Wish, checked
from abcd.pages.visit import telling
from abcd.pages.words import joined, number, verbatim

#: Height of the preview in pixels: list and map of a laptop's window.
HEIGHT = 720
#: What has no number yet.
UNMADE = UUID(int=0)


def title_of(name: str) -> str:
    """The title of a layer."""
    return _(LAYERS[name].title) if name in LAYERS else name


def as_wished(wish: Wish, by: Actor) -> Share:
    """What is wished as a share that is not made yet; the same all day, so that looking at it stands still."""
    begin = datetime.combine(today(), time(), LOCAL)
    said = {name: value for name, value in vars(wish).items() if name not in ("days", "title")}
    return Share(
        id=UNMADE, slug="", title=wish.title or _("No title yet"), made_by=by.name, made_at=begin,
        expires_at=begin + timedelta(days=wish.days + 1), **said,
    )  # fmt: skip


def look(actor: Actor, wish: Wish) -> None:
    """What goes out and what is left out, and the page itself, of something that is not shared yet."""
    fold = st.expander(_("See what they will see"), icon=":material/visibility:", key="look share", on_change="rerun")
    if not fold.open:
        return
    with fold, telling():
        with session(actor) as s:
            good = checked(s, replace(wish, title=wish.title or "–"))
        as_they_see(actor, as_wished(replace(good, title=wish.title), actor))


def as_they_see(actor: Actor, share: Share) -> None:
    """The counts, and the page read with their eyes."""
    with session(actor, patient=True) as s:
        counted = leaving(s, share.reader())
    for one in counted:
        st.markdown(f"- {sentence(one)}")
    st.caption(_("Nothing about any one resident is ever part of it."))
    seen = keep_preview(share, actor.account_id)
    st.iframe(f"/shared/{seen.slug}", height=HEIGHT, alt=_("The page as they will see it"))


def sentence(one: Leaving) -> str:
    """What goes out of a layer, and what is left out and why."""
    said = [
        _("{n} listed, {drawn} of them on the map.").format(n=number(one.rows), drawn=number(one.drawn)),
        one.private and _("{n} without their place, which stays private.").format(n=number(one.private)),
        one.for_others and _("{n} left out: not for this audience.").format(n=number(one.for_others)),
        one.unconsented and _("{n} contacts left out: the group did not agree to show them.").format(
            n=number(one.unconsented)),
    ]  # fmt: skip
    return f"**{verbatim(_(one.layer.title))}**: " + " ".join(part for part in said if part)


def when(one: Listed) -> str:
    """Until when, by whom, and the day of the last use."""
    share = one.share
    until = _("until {day}").format(day=f"{share.expires_at.astimezone(LOCAL):%d.%m.%Y}")
    used = share.last_used_day
    last = _("last used {day}").format(day=f"{used:%d.%m.%Y}") if used else _("never used")
    by = _("shared by {name} on {day}").format(name=share.made_by, day=f"{share.made_at.astimezone(LOCAL):%d.%m.%Y}")
    return verbatim(joined([until, last, by]))


def to_embed(share: Share) -> None:
    """What a partner puts into a page of theirs, to show the map or the list in it."""
    fold = st.expander(_("Put it inside a page"), key=f"embed share {share.id}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.write(_("These sites may show it: {sites}.").format(sites=verbatim(", ".join(share.embed_hosts))))
        for label, code in ((_("List and map"), framed(share, "")), (_("The list alone"), framed(share, "/list"))):
            st.caption(label)
            st.code(code, language="html")


def framed(share: Share, part: str) -> str:
    """The element that shows an open share, or the list of it, inside a page."""
    address = f"{settings().public_url}/embed/{share.slug}{part}"
    look_of_it = "width: 100%; height: 40rem; border: 0"
    return f'<iframe src="{address}" title="{escape(share.title)}" style="{look_of_it}" loading="lazy"></iframe>'
