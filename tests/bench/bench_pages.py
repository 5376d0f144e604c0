"""What somebody at a screen waits for: an empty rerun, a place page, and a press on its map until Python knows.

Server times are whole script runs as Streamlit does them, without a browser; the press goes through the real server,
a WebSocket and Chromium, from the pointer to the first answer of the rerun, and to the list that follows it.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import create_engine, text

from tests.bench.measure import measured
from tests.bench.stores import a_copy, drop

SIZES = (10_000, 1_000_000)
ROUNDS = 15
GOALS = {"empty rerun": 0.040, "map click known in Python": 0.120}
ROOT = Path(__file__).parents[2]

#: Notes in the page when a pointer went down, when the server answered next, and when the list followed.
WATCH = """
window.seen = {};
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => { if (seen.down && !seen.answered) seen.answered = performance.now(); });
  }
};
addEventListener("pointerdown", () => { window.seen = { down: performance.now() }; }, true);
const follow = () => {
  const chosen = document.querySelector('.st-key-place-list [role="radiogroup"] input:checked')?.value;
  if (chosen !== window.before && seen.down && !seen.shown) seen.shown = performance.now();
  window.before = chosen;
  requestAnimationFrame(follow);
};
follow();
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row a wait; ``goal_s`` where there is one."""
    url = a_copy(size)
    try:
        server = measured("tests.bench.bench_pages:script_runs", url)
        pressed = measured("tests.bench.bench_pages:presses", url)
    finally:
        drop(url)
    for done in (server, pressed):
        for name, seconds in done.value.items():
            yield {"name": f"pages: {name}", "ours_s": seconds, "peak_memory_mb": done.peak_mb} | goal(name)


def goal(name: str) -> dict[str, float]:
    """The goal of a wait, if it has one."""
    return {"goal_s": GOALS[name]} if name in GOALS else {}


BUSY = """
select p.reference from core.place p join core.place_asset h on h.place_id = p.id and h.relation = 'within'
where p.kind = 'estate' group by p.reference order by abs(count(*) - 60), p.reference limit 1"""
"""The estate that holds nearest to sixty assets: at each size there is something to press."""


def busy_estate(url: str) -> str:
    """Its reference."""
    with create_engine(url).connect() as connection:
        return str(connection.scalar(text(BUSY)))


def sign_in(url: str) -> str:
    """A cookie of the store's owner."""
    from abcd.access.accounts import ensure_owner
    from abcd.access.sessions import open_session
    from abcd.db.session import SYSTEM, session

    os.environ["ABCD_DATABASE_URL"] = url
    with session(SYSTEM) as s:
        return open_session(s, ensure_owner(s, by=SYSTEM))


def script_runs(url: str) -> dict[str, float]:
    """Median seconds of script runs on the server."""
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from abcd.access.sessions import COOKIE

    os.chdir(ROOT)
    type(st.context).cookies = {COOKIE: sign_in(url)}  # type: ignore[assignment,method-assign]
    empty, place = (AppTest.from_file(str(ROOT / "app.py"), default_timeout=60) for _ in range(2))
    empty.switch_page("abcd/pages/add_data.py")
    place.query_params["place"] = busy_estate(url)
    assert not place.run().exception
    return {"empty rerun": middle(empty.run), "place page, server time": middle(place.run)}


def middle(act: Callable[[], Any]) -> float:
    """The median seconds of ``act``, after one run that does not count."""
    act()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return round(median(times), 4)


def presses(url: str) -> dict[str, float]:
    """Median seconds from a press on a mark of the map to the server's answer, and to the list that follows."""
    from tests.walks.browsing import a_browser, serving, signed_in

    cookie = sign_in(url)
    with serving(url, is_warm=False) as here, a_browser(is_frugal=False) as browser:
        page = signed_in(browser, here, cookie).new_page()
        page.add_init_script(WATCH)
        page.goto(f"{here}/?place={busy_estate(url)}")
        marks = page.locator(".abcd-mark:not(.abcd-mark-heap)")
        marks.first.wait_for(timeout=60_000)
        page.wait_for_timeout(2_000)
        seen = [press(page, marks.nth(each % marks.count())) for each in range(ROUNDS)]
    told = [one["answered"] - one["down"] for one in seen if "answered" in one]
    shown = [one["shown"] - one["down"] for one in seen if "shown" in one]
    found = {"map click known in Python": told, "map click followed by the list": shown}
    return {name: round(median(times) / 1000, 4) for name, times in found.items() if times}


def press(page: Any, mark: Any) -> dict[str, float]:
    """Press one mark; what the page noted."""
    mark.dispatch_event("pointerdown")
    mark.dispatch_event("click")
    page.wait_for_timeout(700)
    noted: dict[str, float] = page.evaluate("window.seen")
    return noted
