"""A shared map in a real browser: first paint, bytes on the line, until it can be used, and how it moves.

Milliseconds of a visit with an empty cache to a server that was asked before. ``list_ms`` is until filters answer at
once, ``drawn_ms`` until the marks are on the map; ``frame_ms`` is the 95th percentile of the frames while the map is
dragged and zoomed, ``most_marks`` how many marks it held at most.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from abcd.db.session import SYSTEM, session
from abcd.maps.sharing.deeds import make_share
from abcd.maps.sharing.wish import Wish
from tests.bench.stores import a_copy, drop
from tests.walks.browsing import ROOT, a_browser, free_port, wait_for

SIZES = (300, 100_000)
ROUNDS = 5
SERVE = "from abcd.api.public import serve; serve()"
TIMES = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { fcp: paint.startTime, list: performance.getEntriesByName("abcd-list")[0].startTime };
}"""
FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const step = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """A visit, and moving about."""
    url = a_copy(size)
    try:
        with serving(url, is_warm=False) as here, a_browser(is_frugal=False) as browser:
            address = here + opened(url)
            visit(browser, address)  # whoever comes first after a change waits for the counting
            first = [visit(browser, address) for _ in range(ROUNDS)]
            yield {
                "name": "shared map: first visit",
                **{key: round(median(one[key] for one in first)) for key in first[0]},
            }
            yield {"name": "shared map: moving about", **moving(browser, address)}
    finally:
        drop(url)


def opened(url: str) -> str:
    """The address of a new open share of everything in the store."""
    os.environ["ABCD_DATABASE_URL"] = url
    with session(SYSTEM) as s:
        return f"/open/{make_share(s, Wish('open', 'All of it', 'public', ('assets',)), by=SYSTEM).share.slug}"


@contextmanager
def serving(url: str) -> Iterator[str]:
    """The process for partners and the public, on a port of its own."""
    port = free_port()
    told = os.environ | {"ABCD_DATABASE_URL": url, "ABCD_PORT": str(port), "ABCD_HOST": "127.0.0.1"}
    process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=told)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One visit with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    kilobytes = counted(page)
    page.goto(address)
    page.locator(".abcd-line:not(:empty)").wait_for()
    drawn = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    times = page.evaluate(TIMES)
    context.close()
    return {"fcp_ms": times["fcp"], "list_ms": times["list"], "drawn_ms": drawn, "kb": sum(kilobytes) / 1024}


def counted(page: Page) -> list[float]:
    """A list that fills with the bytes of each answer as they were on the line."""
    sizes: list[float] = []
    talk = page.context.new_cdp_session(page)
    talk.send("Network.enable")
    talk.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    return sizes


def moving(browser: Browser, address: str) -> dict[str, float]:
    """Frames while the map is dragged to and fro and zoomed in, step by step."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.locator(".abcd-line:not(:empty)").wait_for()
    page.locator(".abcd-canvas").click(position={"x": 400, "y": 300})
    page.evaluate(FRAMES)
    marks = 0
    for _zoom in range(6):
        drag(page)
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(600)
        marks = max(marks, page.locator(".abcd-mark").count())
    frames = sorted(page.evaluate("window.frames_ms"))
    page.close()
    return {"frame_ms": round(frames[int(len(frames) * 0.95)]), "longest_ms": round(frames[-1]), "frames": len(frames),
            "most_marks": marks}  # fmt: skip


def drag(page: Page) -> None:
    """Drag the map a few hundred pixels there and back."""
    box = page.locator(".abcd-canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for way in (200, -200, 0):
        page.mouse.move(x + way, y + way / 2, steps=12)
    page.mouse.up()
