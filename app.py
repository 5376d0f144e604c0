"""The front door: how the app looks, which pages there are, and the language they speak. No data, no formulas."""

import streamlit as st

from abcd.core.language import _, chosen
from abcd.pages.connection import say_when_lost
from abcd.pages.document import say_language
from abcd.pages.visit import WEB, account_link, keep_address, language_switch, speak, telling

PAGES = "abcd/pages"

st.set_page_config(page_title="ABCD", page_icon=str(WEB / "mark.svg"), layout="wide", initial_sidebar_state="auto")
speak()
st.html(WEB / "pages.css")
page = st.navigation(
    {
        _("A place"): [
            st.Page(f"{PAGES}/place.py", title=_("Place"), icon=":material/home_pin:", default=True),
            st.Page(f"{PAGES}/closer.py", title=_("A closer look"), icon=":material/zoom_in:"),
            st.Page(f"{PAGES}/helping.py", title=_("What would help"), icon=":material/pin_drop:"),
            st.Page(f"{PAGES}/asking.py", title=_("Go and ask"), icon=":material/forum:"),
        ],
        _("What is here"): [
            st.Page(f"{PAGES}/find.py", title=_("Find"), icon=":material/search:"),
            st.Page(f"{PAGES}/assets.py", title=_("Assets"), icon=":material/volunteer_activism:"),
            st.Page(f"{PAGES}/add_data.py", title=_("Add data"), icon=":material/upload_file:"),
            st.Page(f"{PAGES}/to_check.py", title=_("To check"), icon=":material/fact_check:"),
            st.Page(f"{PAGES}/data_health.py", title=_("Data health"), icon=":material/eco:"),
        ],
        _("Neighbours"): [
            st.Page(f"{PAGES}/my_patch.py", title=_("My patch"), icon=":material/waving_hand:"),
            st.Page(f"{PAGES}/people.py", title=_("People"), icon=":material/diversity_3:"),
            st.Page(f"{PAGES}/giving.py", title=_("Offers and wishes"), icon=":material/redeem:"),
            st.Page(f"{PAGES}/introductions.py", title=_("Introductions"), icon=":material/diversity_1:"),
            st.Page(f"{PAGES}/consents.py", title=_("Consents"), icon=":material/handshake:"),
        ],
        _("Maps and patches"): [
            st.Page(f"{PAGES}/places.py", title=_("Places"), icon=":material/polyline:"),
            st.Page(f"{PAGES}/barriers.py", title=_("Barriers"), icon=":material/block:"),
            st.Page(f"{PAGES}/patches.py", title=_("Patches"), icon=":material/grid_view:"),
            st.Page(f"{PAGES}/patch_work.py", title=_("Patch work"), icon=":material/balance:"),
        ],
        _("For others"): [
            st.Page(f"{PAGES}/share.py", title=_("Share"), icon=":material/share:"),
            st.Page(f"{PAGES}/exports.py", title=_("Exports"), icon=":material/inventory_2:"),
            st.Page(f"{PAGES}/releases.py", title=_("Releases"), icon=":material/verified_user:"),
        ],
        _("The house"): [
            st.Page(f"{PAGES}/settings.py", title=_("Settings"), icon=":material/tune:"),
            st.Page(f"{PAGES}/team.py", title=_("Team"), icon=":material/group:"),
            st.Page(f"{PAGES}/history.py", title=_("History"), icon=":material/history:"),
        ],
    },
    expanded=True,
)
with st.sidebar:
    language_switch()
    account_link()
    say_language(chosen())
    say_when_lost()
keep_address(page.url_path)
with telling():
    page.run()
