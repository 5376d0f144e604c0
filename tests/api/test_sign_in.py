"""Signing in by a link and signing out again, over HTTP."""

import httpx
import pytest

from abcd.access.sessions import COOKIE, SECURE_COOKIE
from tests.api.conftest import fresh_link


def test_looking_at_a_link_does_not_use_it_up(stranger: httpx.Client) -> None:
    link = fresh_link()
    for _ in range(3):
        assert "<button" in stranger.get(link).text
    assert stranger.post(link).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: httpx.Client) -> None:
    answer = stranger.post(fresh_link())
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert answer.headers["location"] == "/"
    assert answer.headers["cache-control"] == "no-store"


def test_behind_a_tls_proxy_of_ours_the_cookie_is_secure_and_bound_to_the_host(behind_proxy: httpx.Client) -> None:
    answer = behind_proxy.post(fresh_link())
    assert answer.headers["set-cookie"].startswith(f"{SECURE_COOKIE}=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "Path=/" in answer.headers["set-cookie"]
    assert "Domain" not in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_over_tls_a_cookie_that_somebody_planted_counts_for_nothing(behind_proxy: httpx.Client) -> None:
    cookie = behind_proxy.post(fresh_link()).cookies[SECURE_COOKIE]
    for name, status in ((SECURE_COOKIE, 200), (COOKIE, 401)):
        assert behind_proxy.get("/account", headers={"Cookie": f"{name}={cookie}"}).status_code == status


def test_anybody_elses_word_for_tls_is_not_believed(stranger: httpx.Client) -> None:
    answer = stranger.post(fresh_link(), headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("how", ["used", "unknown", "malformed"])
def test_dead_links_look_alike(stranger: httpx.Client, how: str) -> None:
    links = {"used": fresh_link(), "unknown": "/sign-in/" + "A" * 43, "malformed": "/sign-in/%27%20or%20true"}
    stranger.post(links["used"])
    stranger.cookies.clear()
    answer = stranger.post(links[how])
    assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)
    assert "This link does not work" in answer.text


def test_signing_out_ends_the_session_in_the_store(browser: httpx.Client) -> None:
    cookie = browser.cookies[COOKIE]
    assert browser.get("/").status_code == 200
    assert "<button" in browser.get("/sign-out").text
    assert browser.get("/").status_code == 200
    assert "signed out" in browser.post("/sign-out").text
    assert COOKIE not in browser.cookies
    assert browser.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_health_says_ok(stranger: httpx.Client) -> None:
    assert stranger.get("/health").json() == {"status": "ok"}
