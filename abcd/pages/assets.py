"""Assets: one asset's page; add one in four fields; decide on records that look alike."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.assets.duplicates import open_count
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.pages.forms_assets import add_panel
from abcd.pages.panels_asset import asset_panel
from abcd.pages.panels_pairs import pairs_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import number

FIND_PAGE = "abcd/pages/find.py"


def key_of(asked: str) -> UUID:
    """The key in the address.

    Raises:
        BadRequest: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise BadRequest(_("This address does not name an asset. Look it up on “Find”.")) from error


def register(actor: Actor) -> None:
    """Add, or look at what may be one thing twice."""
    with session(actor) as s:
        alike = open_count(s)
    st.title(_("Assets"))
    say_what_was_done()
    st.page_link(FIND_PAGE, label=_("Look one up on “Find”"), icon=":material/search:")
    names = [_("Add one"), _("Look-alikes ({n})").format(n=number(alike))]
    add, pairs = st.tabs(names, on_change="rerun", key="add or look-alikes")
    if add.open:
        with add:
            add_panel(actor, st.query_params.get("place"))
    if pairs.open:
        with pairs:
            pairs_panel(actor)


actor = visitor()
asked = st.query_params.get("asset")
with telling():
    if asked:
        asset_panel(actor, key_of(asked))
    elif can(actor, "view", "asset"):
        register(actor)
