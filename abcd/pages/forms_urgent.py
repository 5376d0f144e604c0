"""The one override of community first: why this wish cannot wait, in a few words that are kept with it."""

from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.matching.urgency import mark_urgent
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.forms_plan import of_wish
from abcd.pages.saving import Typed, both_sides, drafting, field, opened_at, save_button
from abcd.people.gift_records import WishRecord

MOST = 300


def urgent_form(actor: Actor, wish: WishRecord) -> None:
    """Mark a wish that cannot wait, or end that."""
    form = of_wish("urgent", wish)
    version = opened_at(form, wish.version)
    if wish.urgent_reason:
        save_button(form, _("It can wait again: community first"), partial(_mark, wish, version, ""), actor,
                    _("Community comes first again."))  # fmt: skip
        return
    fold = st.expander(_("Urgent, or somebody may come to harm?"), key=f"urgent fold {wish.id}", on_change="rerun")
    if not fold.open:
        return
    with fold, drafting(actor, form, wish.version):
        st.write(_("Then statutory services come first in this list. Say why; it is kept with the wish, and the "
                   "history says that you did it."))  # fmt: skip
        st.text_area(_("Why it cannot wait"), key=field(form, "reason"), max_chars=MOST, height=90)
        both_sides(form, {"urgent_reason": _("Why it cannot wait")})
        save_button(
            form, _("Services first"), partial(_mark, wish, version, None), actor, _("Services come first now.")
        )


def _mark(wish: WishRecord, version: int, reason: str | None, s: Session, by: Actor, key: str, typed: Typed) -> None:
    told = str(typed.get("reason") or "") if reason is None else reason
    mark_urgent(s, wish.id, told, version=version, by=by, key=key)
