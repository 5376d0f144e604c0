"""What a real browser shows of strings, and whether any of them became more than text."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

JOINER = "\u2060"
#: What somebody's words must never become where Markdown is read.
MADE = (
    "a[href], img, svg, script, iframe, object, embed, form, input, style, link, meta, base, math, template, video, "
    "audio, table, code, pre, em, del, h4, h5, h6, blockquote, hr, kbd, sup, .katex, [role=img], [onerror], [onload], "
    "[ontoggle], [onfocus], [onmouseover], [style*='color'], [style*='font-size']"
)
MADE_IN = """([where, made]) => [...document.querySelectorAll(where)].flatMap(
    (box) => [...box.querySelectorAll(made)].map((one) => one.outerHTML.slice(0, 300)))"""
TEXTS_IN = "(where) => [...document.querySelectorAll(where)].map((one) => one.textContent)"


@dataclass
class Seen:
    """All that a page did beyond showing text.

    Attributes:
        dialogs: alerts and questions.
        foreign: requests to anybody but the server.
        blocked: scripts that the page's policy had to stop.
        pwned: what a script of a string would have set.
    """

    dialogs: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    pwned: list[object] = field(default_factory=list)

    def nothing(self) -> bool:
        """Whether no string did anything."""
        return not (self.dialogs or self.foreign or self.blocked or self.pwned)


@contextmanager
def watched(page: Page, *ours: str) -> Iterator[Seen]:
    """Notes what ``page`` does until the block ends; requests that begin with one of ``ours`` are its own."""
    seen = Seen()
    own = (*ours, *(one.replace("http", "ws", 1) for one in ours), "data:", "blob:", "about:")

    def complained(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text and ("script" in line.text or "evil.test" in line.text):
            seen.blocked.append(line.text[:300])

    handlers = {
        "dialog": lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()),
        "request": lambda asked: None if asked.url.startswith(own) else seen.foreign.append(asked.url),
        "console": complained,
    }
    for event, handler in handlers.items():
        page.on(event, handler)  # type: ignore[call-overload]
    try:
        yield seen
        for frame in page.frames:
            found = frame.evaluate("window.__pwned")
            seen.pwned += [found] if found is not None else []
    finally:
        for event, handler in handlers.items():
            page.remove_listener(event, handler)


def made_of_text(page: Page, where: str) -> list[str]:
    """Elements inside ``where`` that somebody's words became."""
    found: list[str] = page.evaluate(MADE_IN, [where, MADE])
    return found


def texts(page: Page, where: str) -> set[str]:
    """What stands in every ``where``, as ``plainly`` compares it."""
    return {plainly(text) for text in page.evaluate(TEXTS_IN, where)}


def plainly(text: str) -> str:
    """A text without the width of its blanks, without joiners and byte order marks, which browsers drop."""
    return " ".join(text.replace(JOINER, "").replace("\ufeff", "").split())
