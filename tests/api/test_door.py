"""The way in by passphrase, one's own account and invitations, over HTTP."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyotp
import pytest
from sqlalchemy import delete
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from abcd.access.accounts import Reach, add_account
from abcd.access.attempts import PER_ACCOUNT, seconds_to_wait
from abcd.access.changes import disable_account
from abcd.access.invitations import invite
from abcd.access.passphrases import set_passphrase
from abcd.access.sessions import COOKIE, open_session
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Attempt

GOOD, OTHER = "otter ladder violet tram", "pelican rust window seven"


@pytest.fixture(scope="module")
def cara(server: str) -> Actor:
    """A coach with a passphrase; and a closed account with one."""
    with session(SYSTEM) as s:
        for name in ("Cara", "Closed"):
            actor = add_account(s, name, "coach", by=SYSTEM, email=f"{name.lower()}@example.org")
            set_passphrase(s, GOOD, by=actor)
            if name == "Closed":
                disable_account(s, actor.account_id, by=SYSTEM)
            else:
                found = actor
    return found


@pytest.fixture(autouse=True)
def _no_attempts_yet(server: str) -> None:
    with session(SYSTEM) as s:
        s.execute(delete(Attempt))


def knock(
    browser: httpx.Client, email: str = "cara@example.org", passphrase: str = GOOD, **more: str
) -> httpx.Response:
    """Fill the sign-in form in."""
    return browser.post("/sign-in", data={"email": email, "passphrase": passphrase, **more})


@pytest.fixture
def caras(stranger: httpx.Client, cara: Actor) -> httpx.Client:
    """Cara's browser."""
    assert knock(stranger).status_code == 303
    return stranger


def test_the_right_words_open_the_door_and_lead_on(stranger: httpx.Client, cara: Actor) -> None:
    answer = knock(stranger, next="/find?q=tea")
    assert (answer.status_code, answer.headers["location"]) == (303, "/find?q=tea")
    assert stranger.get("/account").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "evil", "javascript:x", "/a\nb"]
)
def test_the_way_on_stays_here(stranger: httpx.Client, cara: Actor, elsewhere: str) -> None:
    assert knock(stranger, next=elsewhere).headers["location"] == "/"


def test_whatever_is_wrong_the_answer_is_the_same(stranger: httpx.Client, cara: Actor) -> None:
    wrong = [
        knock(stranger, "nobody@example.org"), knock(stranger, passphrase=OTHER), knock(stranger, "closed@example.org"),
        knock(stranger, "", ""), knock(stranger, "x\0' or true --", "\ud7ff\0"),
    ]  # fmt: skip
    assert {answer.status_code for answer in wrong} == {401}
    assert len({re.sub(r'id="email"[^>]*value="[^"]*"', "", answer.text) for answer in wrong}) == 1
    assert {tuple(sorted(name for name in answer.headers)) for answer in wrong} == {tuple(sorted(wrong[0].headers))}
    assert "That did not open the door" in wrong[0].text
    assert GOOD not in wrong[0].text


def test_a_new_session_replaces_the_one_before(caras: httpx.Client) -> None:
    before = caras.cookies[COOKIE]
    knock(caras)
    assert caras.cookies[COOKIE] != before
    caras.cookies.clear()
    assert caras.get("/account", headers={"Cookie": f"{COOKIE}={before}"}).status_code == 401


def test_too_many_tries_wait_though_the_words_be_right(stranger: httpx.Client, cara: Actor) -> None:
    for email in ("cara@example.org", "nobody@example.org"):
        with session(SYSTEM) as s:
            for _ in range(PER_ACCOUNT.amount - 1):
                assert seconds_to_wait(s, email, "127.0.0.1") == 0
        assert knock(stranger, email, OTHER).status_code == 401
        waiting = knock(stranger, email)
        assert waiting.status_code == 429
        assert 0 < int(waiting.headers["Retry-After"]) <= 900
        assert "tried too often. Wait 15 minutes" in waiting.text
    assert "set-cookie" not in waiting.headers


def test_a_form_from_another_site_is_refused(stranger: httpx.Client, cara: Actor) -> None:
    data = {"email": "cara@example.org", "passphrase": GOOD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = stranger.post("/sign-in", data=data, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_form_that_holds_more_than_a_form_is_refused(stranger: httpx.Client) -> None:
    assert stranger.post("/sign-in", data={"email": "x" * 20_000}).status_code in (400, 413)
    assert stranger.post("/sign-in", data={str(n): "x" for n in range(50)}).status_code == 400


def test_the_page_one_wanted_is_remembered_and_welsh_is_spoken(stranger: httpx.Client) -> None:
    page = stranger.get("/find?q=%22tea%22", headers={"Accept": "text/html"}).text
    assert 'name="next" value="/find?q=%22tea%22"' in page
    assert "Cyfrinymadrodd" in stranger.get("/sign-in?lang=cy").text
    assert "Cyfrinymadrodd" in stranger.get("/sign-in", headers={"Accept-Language": "cy, en;q=0.5"}).text
    assert "Passphrase" in stranger.get("/sign-in", headers={"Accept-Language": "cy"}, params={"lang": "en"}).text


def test_the_account_page_knows_this_browser_and_ends_the_others(caras: httpx.Client, server: str) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    with httpx.Client(base_url=server, headers=agent) as other:
        knock(other)
        page = caras.get("/account").text
        assert "Firefox, Linux" in page
        assert page.count("this browser") == 1
        end = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)', page.split("Firefox, Linux")[1])[0]
        assert caras.post(end).headers["location"] == "/account?done=ended"
        assert other.get("/account").status_code == 401
        assert caras.get("/account").status_code == 200
        assert caras.post(end).status_code == 404
        knock(other)
        caras.post("/account/sessions/end-others")
        assert (other.get("/account").status_code, caras.get("/account").status_code) == (401, 200)


def test_nobody_ends_the_session_of_somebody_else(caras: httpx.Client, server: str) -> None:
    with session(SYSTEM) as s:
        other = add_account(s, "Other", "manager", by=SYSTEM, email="other@example.org")
        set_passphrase(s, GOOD, by=other)
    with httpx.Client(base_url=server) as theirs:
        knock(theirs, "other@example.org")
        from abcd.access.sessions import sessions_of

        with session(SYSTEM) as s:
            (one,) = sessions_of(s, other.account_id)
        assert caras.post(f"/account/sessions/{one.id}/end").status_code == 404
        assert theirs.get("/account").status_code == 200


def test_a_passphrase_is_changed_by_whoever_knows_it(caras: httpx.Client, stranger: httpx.Client) -> None:
    wrong = caras.post("/account/passphrase", data={"present": OTHER, "passphrase": OTHER})
    assert wrong.status_code == 422
    assert "present passphrase is not right" in wrong.text
    weak = caras.post("/account/passphrase", data={"present": GOOD, "passphrase": "short"})
    assert "at least 15 letters" in weak.text
    assert caras.post("/account/passphrase", data={"present": GOOD, "passphrase": OTHER}).status_code == 303
    assert knock(caras, passphrase=GOOD).status_code == 401
    assert knock(caras, passphrase=OTHER).status_code == 303
    assert caras.post("/account/passphrase", data={"present": OTHER, "passphrase": GOOD}).status_code == 303


def test_a_code_is_set_up_asked_for_used_once_and_taken_away(caras: httpx.Client, server: str) -> None:
    page = caras.get("/account/code").text
    secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert secret is not None
    assert "<svg" in page
    assert caras.get("/account/code").text == page
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    assert "not the code" in caras.post("/account/code", data={"code": "000000"}).text
    now = totp.now()
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", caras.post("/account/code", data={"code": now}).text)
    assert len(codes) == 10
    with httpx.Client(base_url=server) as other:
        refused = [knock(other), knock(other, code="123456"), knock(other, code=now)]
        assert {answer.status_code for answer in refused} == {401}
        assert len({answer.text for answer in refused}) == 1
        assert knock(other, code=codes[0]).status_code == 303
        assert knock(other, code=codes[0]).status_code == 401
    assert "not right" in caras.post("/account/code/remove", data={"code": codes[0]}).text
    assert caras.post("/account/code/remove", data={"code": codes[1]}).headers["location"] == "/account?done=removed"
    assert knock(caras).status_code == 303


def test_an_invitation_is_accepted_once_all_of_it_or_nothing(stranger: httpx.Client) -> None:
    with session(SYSTEM) as s:
        link = f"/invitation/{invite(s, 'new@example.org', Reach('coach'), by=SYSTEM)}"
    page = stranger.get(link)
    assert "Neighbourhood coach" in page.text
    assert "new@example.org" in page.text
    weak = stranger.post(link, data={"name": "Nia <b>New</b>", "passphrase": "short"})
    assert weak.status_code == 422
    assert "Nia &lt;b&gt;New&lt;/b&gt;" in weak.text
    assert stranger.post(link, data={"name": "Nia New", "passphrase": OTHER}).headers["location"] == "/"
    assert "Nia New" in stranger.get("/account").text
    stranger.cookies.clear()
    for dead in (link, "/invitation/" + "A" * 43, "/invitation/%27or"):
        assert stranger.get(dead).status_code == 404
        assert stranger.post(dead, data={"name": "X", "passphrase": OTHER}).status_code == 404
    assert knock(stranger, "new@example.org", OTHER).status_code == 303


def test_whoever_came_by_a_link_may_set_a_passphrase_they_forgot(browser: httpx.Client) -> None:
    assert "Present passphrase" not in browser.get("/account/passphrase").text
    answer = browser.post("/account/passphrase", data={"passphrase": GOOD, "email": "olive@example.org"})
    assert answer.status_code == 303
    assert knock(browser, "olive@example.org").status_code == 303
    assert "Present passphrase" in browser.get("/account/passphrase").text


def test_no_log_holds_an_e_mail_or_a_passphrase(stranger: httpx.Client, cara: Actor, server_log: Path) -> None:
    knock(stranger, passphrase=OTHER)
    log = server_log.read_text()
    assert not [word for word in ("example.org", *GOOD.split(), *OTHER.split()) if word in log]


def test_password_keepers_find_the_form(caras: httpx.Client) -> None:
    assert caras.get("/.well-known/change-password").headers["location"] == "/account/passphrase"


@contextmanager
def open_socket(server: str, cookie: str) -> Iterator[ClientConnection]:
    """A page that stands open."""
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    with connect(f"{server.replace('http', 'ws')}/_stcore/stream", origin=server, additional_headers=headers) as opened:
        yield opened


def listen(opened: ClientConnection, seconds: float) -> None:
    """Hear what comes, until nothing does for so long."""
    while True:
        opened.recv(timeout=seconds)


def test_an_open_page_ends_with_its_account_and_no_other_does(caras: httpx.Client, browser: httpx.Client) -> None:
    """Within a minute (F29); here the server looks each second, as it does each twenty seconds otherwise."""
    server = str(browser.base_url).rstrip("/")
    with session(SYSTEM) as s:
        leaver = add_account(s, "Leaver", "coach", by=SYSTEM, email="leaver@example.org")
        leavers = open_session(s, leaver)
    with open_socket(server, browser.cookies[COOKIE]) as stays, open_socket(server, leavers) as ends:
        with session(SYSTEM) as s:
            disable_account(s, leaver.account_id, by=SYSTEM)
        with pytest.raises(ConnectionClosed) as closed:
            listen(ends, 15)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        with pytest.raises(TimeoutError):
            listen(stays, 2.5)
    with pytest.raises(InvalidStatus), open_socket(server, leavers):
        pass
