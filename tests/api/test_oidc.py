"""Signing in through an organisation, against a real provider in its own process; and every way it may go wrong."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from abcd.access.accounts import Reach
from abcd.access.changes import disable_account
from abcd.access.invitations import invite
from abcd.access.sessions import COOKIE, actor_of_cookie
from abcd.api import oidc, provider
from abcd.api.answers import told
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Account
from abcd.errors import AbcdError, NotAllowed
from tests.api.conftest import free_port

MAIL = "cara@example.org"
PEOPLE = [
    {"sub": "cara-1", "email": MAIL, "name": "Cara Coach"},
    {"sub": "mallory-1", "email": MAIL, "name": "Mallory"},
]
OURS = "abcd"


def a_provider() -> tuple["subprocess.Popen[bytes]", str]:
    """A provider of OpenID Connect on a port of its own, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for one in PEOPLE:
        command += ["--user-claims", json.dumps(one)]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
            return started, address
        except httpx.HTTPError:
            assert started.poll() is None, "the provider ended"
            time.sleep(0.1)
    raise AssertionError("the provider did not start")


@pytest.fixture(scope="module")
def providers() -> Iterator[list[str]]:
    """The addresses of two providers that know the same e-mail."""
    both = [a_provider() for _ in range(2)]
    yield [address for _process, address in both]
    for process, _address in both:
        process.terminate()
        process.wait(10)


@pytest.fixture
def issuer(store: str, providers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The provider that we believe; its client secret comes from a file."""
    (tmp_path / "secret").write_text("s3cret\n")
    settings = {
        "HOME": str(tmp_path), "URL": "http://testserver", "OIDC_ISSUER": providers[0], "OIDC_CLIENT_ID": OURS,
        "OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"ABCD_{name}", value)
    return providers[0]


@pytest.fixture
def browser(issuer: str) -> Iterator[TestClient]:
    """A browser at our own door."""
    app = Starlette(routes=oidc.ROUTES, exception_handlers={AbcdError: told})
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def invitation(store: str) -> Iterator[str]:
    """A token; whoever took it up is gone after the test."""
    with session(SYSTEM) as s:
        token = invite(s, MAIL, Reach("coach"), by=SYSTEM)
    yield token
    with session(SYSTEM) as s:
        for account in s.scalars(select(Account).where(Account.subject.is_not(None))):
            account.issuer = account.subject = None


def sent_to_provider(browser: TestClient, token: str = "") -> str:
    """The address that we send somebody to."""
    answer = browser.get(f"/oidc/start/{token}" if token else "/oidc/start")
    assert answer.status_code == 303
    return answer.headers["location"]


def changed(address: str, **parameters: str) -> str:
    """An address with some of its parameters changed."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return urlunsplit(parts._replace(query=urlencode(query)))


def back_from(address: str, subject: str = "cara-1") -> str:
    """Say at the provider who one is; the path that it sends one back to."""
    answer = httpx.post(address, data={"sub": subject, "action": "authorize"})
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def arrive(browser: TestClient, token: str = "", subject: str = "cara-1") -> httpx.Response:
    """The whole way."""
    return browser.get(back_from(sent_to_provider(browser, token), subject))


def actor(answer: httpx.Response) -> Actor | None:
    """Whom an answer signs in."""
    with session(SYSTEM) as s:
        return actor_of_cookie(s, answer.cookies.get(COOKIE))


def test_the_question_carries_pkce_state_and_nonce_and_the_cookie_tells_nobody(browser: TestClient) -> None:
    answer = browser.get("/oidc/start")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://testserver/oidc/callback"]
    assert all(len(asked[name][0]) >= 32 for name in ("state", "nonce", "code_challenge"))
    cookie = answer.headers["set-cookie"]
    assert asked["state"][0] not in cookie
    assert "HttpOnly" in cookie
    assert "Path=/oidc/" in cookie
    assert "Max-Age=600" in cookie
    again = parse_qs(urlsplit(sent_to_provider(browser)).query)
    assert again["state"] != asked["state"]
    assert again["nonce"] != asked["nonce"]


def test_the_first_time_takes_an_invitation_and_later_none(browser: TestClient, invitation: str) -> None:
    assert arrive(browser).status_code == 403
    first = arrive(browser, invitation)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cara = actor(first)
    assert cara is not None
    assert (cara.name, cara.role) == ("Cara Coach", "coach")
    assert actor(arrive(browser)) == cara


def test_the_same_e_mail_is_not_the_same_person(
    browser: TestClient, invitation: str, providers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(browser, invitation)
    mallory = arrive(browser, subject="mallory-1")
    monkeypatch.setenv("ABCD_OIDC_ISSUER", providers[1])
    elsewhere = arrive(browser)
    for answer in (mallory, elsewhere):
        assert answer.status_code == 403
        assert "not known here yet" in answer.text
        assert COOKIE not in answer.cookies


def test_an_invitation_serves_one_person(browser: TestClient, invitation: str) -> None:
    arrive(browser, invitation)
    assert arrive(browser, invitation, "mallory-1").status_code == 403


def test_a_closed_account_stays_out_with_the_words_of_an_unknown_one(browser: TestClient, invitation: str) -> None:
    cara = actor(arrive(browser, invitation))
    assert cara is not None
    with session(SYSTEM) as s:
        disable_account(s, cara.account_id, by=SYSTEM)
    assert "not known here yet" in arrive(browser).text


def test_another_question_s_answer_is_not_believed(browser: TestClient, invitation: str) -> None:
    address = changed(sent_to_provider(browser, invitation), nonce="n" * 32)
    answer = browser.get(back_from(address))
    assert answer.status_code == 403
    assert "it answers another question" in answer.text


def test_a_code_works_once(browser: TestClient, invitation: str) -> None:
    path = back_from(sent_to_provider(browser, invitation))
    kept = browser.cookies[oidc.COOKIE]
    assert browser.get(path).status_code == 303
    assert oidc.COOKIE not in browser.cookies
    browser.cookies.set(oidc.COOKIE, kept)
    again = browser.get(path)
    assert again.status_code == 403
    assert "no longer knows this attempt" in again.text


def test_a_code_for_another_program_is_refused(browser: TestClient, invitation: str) -> None:
    answer = browser.get(back_from(changed(sent_to_provider(browser, invitation), client_id="other")))
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize("how", ["no cookie", "another browser's cookie", "another state", "no state", "nonsense"])
def test_an_attempt_belongs_to_the_browser_it_began_in(browser: TestClient, invitation: str, how: str) -> None:
    path = back_from(sent_to_provider(browser, invitation))
    if how == "another browser's cookie":
        sent_to_provider(browser)
    elif how in ("no cookie", "nonsense"):
        browser.cookies.clear()
    if how == "nonsense":
        browser.cookies.set(oidc.COOKIE, "gAAAAA-nonsense")
    if how.endswith("state"):
        path = changed(path, state="" if how == "no state" else "s" * 32)
    answer = browser.get(path)
    assert answer.status_code == 403
    assert "this browser, or too long ago" in answer.text


def test_a_no_of_the_provider_is_a_sentence(browser: TestClient) -> None:
    state = parse_qs(urlsplit(sent_to_provider(browser)).query)["state"][0]
    answer = browser.get(f"/oidc/callback?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "said no" in answer.text


def test_a_provider_that_is_down_is_a_sentence_too(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_OIDC_ISSUER", f"http://127.0.0.1:{free_port()}")
    answer = browser.get("/oidc/start")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


@pytest.mark.parametrize(
    ("issuer_named", "status", "words"),
    [("{0}/", 403, "another name"), ("http://idp.example", 500, "not set up"), ("", 404, "nothing at this address")],
)
def test_a_provider_must_be_the_one_that_was_named(
    browser: TestClient, issuer: str, monkeypatch: pytest.MonkeyPatch, issuer_named: str, status: int, words: str
) -> None:
    monkeypatch.setenv("ABCD_OIDC_ISSUER", issuer_named.format(issuer))
    answer = browser.get("/oidc/start")
    assert answer.status_code == status
    assert words in answer.text


def id_token(issuer: str, client: str, nonce: str) -> str:
    """A token that the provider really signed, for ``client``."""
    asked = {
        "response_type": "code",
        "client_id": client,
        "scope": "openid",
        "redirect_uri": "http://x.test/",
        "state": "s",
    }
    back = back_from(f"{issuer}/oauth2/authorize?{urlencode(asked | {'nonce': nonce})}")
    code = parse_qs(urlsplit(back).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://x.test/"}
    answer = httpx.post(f"{issuer}/oauth2/token", data=form, auth=(client, "any"))
    return str(answer.json()["id_token"])


def test_a_token_of_ours_is_believed_and_anybody_elses_is_not(issuer: str) -> None:
    nonce = "n" * 32
    assert provider.believed(id_token(issuer, OURS, nonce), nonce, "")["sub"] == "cara-1"
    with pytest.raises(NotAllowed, match="for another program"):
        provider.believed(id_token(issuer, "other", nonce), nonce, "")


def forged(issuer: str, nonce: str, **claims: object) -> str:
    """A token that says the right things and is signed by somebody else."""
    now = int(time.time())
    told = {"iss": issuer, "aud": OURS, "sub": "cara-1", "iat": now, "exp": now + 600, "nonce": nonce}
    return jwt.encode({"alg": "RS256"}, told | claims, RSAKey.generate_key(2048))


def test_a_forged_token_is_not_believed(issuer: str) -> None:
    nonce = "n" * 32
    true = id_token(issuer, OURS, nonce)
    head, body, signature = true.split(".")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    for token in (
        forged(issuer, nonce),
        unsigned,
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        "",
        "a.b.c",
        "é",
    ):
        with pytest.raises(NotAllowed, match="cannot believe"):
            provider.believed(token, nonce, "")


def test_a_secret_comes_from_its_file_and_never_shows(issuer: str) -> None:
    from abcd.config import settings

    assert settings().oidc_client_secret == "s3cret"
    assert "s3cret" not in repr(settings())
