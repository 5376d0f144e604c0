"""Who is to be the coach of each patch of a plan that waits for its day."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.saving import Typed, drafting, field, is_unfinished, opened_at, save_button
from abcd.pages.words import verbatim
from abcd.patches.coaches import can_be_coach
from abcd.patches.coaches_ahead import name_ahead, named_ahead
from abcd.patches.plans import PlanRecord

NOBODY = str(UUID(int=0))


def coaches_ahead_panel(actor: Actor, record: PlanRecord) -> None:
    """Who was named for the patches of this plan, and the form to name somebody."""
    with session(actor) as s:
        named = named_ahead(s, record.id)
        names = can_be_coach(s) if can(actor, "adopt", "patch") else {}
    if not named and not names:
        return
    st.subheader(_("Coaches from that day"), anchor=False)
    st.write(
        _("Where nobody is named the coach of today goes on with the patch that takes its number. Whoever is named "
          "sees nobody's details before the day.")
    )  # fmt: skip
    for number, name in named.items():
        st.write(verbatim(_("Patch {n}: {name}").format(n=number + 1, name=name)))
    if names:
        name_form(actor, record, {NOBODY: _("Nobody in particular"), **{str(key): name for key, name in names.items()}})


def name_form(actor: Actor, record: PlanRecord, known: dict[str, str]) -> None:
    """Name the coach of one patch, or take the name back."""
    form = f"coaches of {record.id}"
    opened = is_unfinished(actor, form)
    fold = st.expander(_("Name a coach for a patch"), opened, icon=":material/person_add:")
    with fold, drafting(actor, form, record.version):
        st.selectbox(_("Which patch?"), range(1, record.patches + 1), key=field(form, "patch"))
        st.selectbox(_("Its coach"), list(known), None, format_func=lambda key: verbatim(known[key]),
                     key=field(form, "account"), placeholder=_("Choose one"))  # fmt: skip
        version = opened_at(form, record.version)

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            account = None if typed["account"] == NOBODY else UUID(str(typed["account"] or UUID(int=1)))
            name_ahead(s, record.id, int(typed["patch"]) - 1, account, version=version, by=by)

        done = _("Written down. The patch is theirs from that day.")
        save_button(form, _("Save who it will be"), act, actor, done, type="primary")
