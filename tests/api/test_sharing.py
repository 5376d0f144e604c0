"""The door of shares: swap, cookie, keys, what has ended, and that no answer tells one dead secret from another."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pytest
from scipy.stats import permutation_test
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE as SIGNED_IN
from abcd.access.sessions import close_sessions_of, open_session
from abcd.access.tokens import new_share_token
from abcd.api import sharing
from abcd.api.moved import Moved
from abcd.api.sharing import COOKIE, SECURE_COOKIE, let_in
from abcd.db.session import SYSTEM, session
from abcd.maps.sharing import Share, opening, previews
from abcd.maps.sharing.previews import keep_preview
from tests.api.shares import a_share, dead, house, malformed, over, revoked, secret_of

PAGE = {"Accept": "text/html"}
#: Milliseconds between the slow ends of two sorts of dead secrets (trust.md P14).
WITHIN = 5.0
#: Questions of each sort, and how improbable a difference must be to be taken for one of ours.
TIMES, CHANCE = 40, 0.0005


@pytest.fixture(scope="module")
def door(store: str) -> Iterator[TestClient]:
    """The doors of shares."""
    with house() as opened:
        yield opened


@pytest.fixture(autouse=True)
def forgetful(door: TestClient) -> None:
    """Each test begins with a browser that holds no cookie."""
    door.cookies.clear()


def cookie_in(answer: httpx.Response) -> dict[str, str]:
    """The parts of the cookie that an answer sets, its name and value under ``""``."""
    first, *others = answer.headers["set-cookie"].split("; ")
    return {"": first} | {part.partition("=")[0].lower(): part.partition("=")[2] for part in others}


def test_a_link_is_swapped_for_a_cookie_and_a_clean_address(door: TestClient) -> None:
    one = a_share()
    answer = door.get(f"/s/{secret_of(one)}")
    cookie = cookie_in(answer)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/shared/{one.share.slug}")
    assert (cookie["path"], cookie["samesite"], "httponly" in cookie) == (f"/shared/{one.share.slug}", "lax", True)
    assert 0 < int(cookie["max-age"]) <= 12 * 3_600
    assert secret_of(one) not in f"{answer.headers} {answer.text}"
    assert door.get(answer.headers["location"]).json()["id"] == str(one.share.id)
    assert door.get(f"/shared/{one.share.slug}/tile").status_code == 200


def test_programs_that_look_at_mail_first_do_not_use_a_link_up(door: TestClient) -> None:
    one = a_share()
    for _ in range(3):
        assert door.head(f"/s/{secret_of(one)}").status_code == 303
    assert door.get(f"/s/{secret_of(one)}").status_code == 303


def test_over_tls_the_cookie_stays_under_tls(store: str) -> None:
    one = a_share()
    with house(base_url="https://testserver") as door:
        answer = door.get(f"/s/{secret_of(one)}")
        assert cookie_in(answer)[""].startswith(f"{SECURE_COOKIE}=")
        assert "secure" in cookie_in(answer)
        assert door.get(answer.headers["location"]).status_code == 200
        door.cookies.clear()
        planted = let_in(one.share.slug, datetime.now(UTC) + timedelta(hours=1))
        assert door.get(answer.headers["location"], headers={"Cookie": f"{COOKIE}={planted}"}).status_code == 404


def test_a_share_lasts_no_longer_than_its_cookie_nor_the_cookie_than_its_share(door: TestClient) -> None:
    one = a_share(days=1)
    slug = one.share.slug
    for until, status in ((timedelta(seconds=60), 200), (timedelta(seconds=-1), 404)):
        cookie = let_in(slug, datetime.now(UTC) + until)
        assert door.get(f"/shared/{slug}", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == status
    over(one)
    cookie = let_in(slug, datetime.now(UTC) + timedelta(hours=1))
    assert door.get(f"/shared/{slug}", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 404


def forged(slug: str, other: str) -> dict[str, str]:
    """Cookies of which none was given out for ``slug``."""
    until = datetime.now(UTC) + timedelta(hours=1)
    good = let_in(slug, until)
    ends, mark = good.split(".")
    return {
        "nothing": "", "of another share": let_in(other, until), "longer": f"{int(ends, 16) + 1:x}.{mark}",
        "no mark": ends, "half a mark": good[:-1], "no end": f".{mark}", "letters": f"{ends}.ééé", "zero": f"0.{mark}",
        "many": good + "." + mark, "capitals": good.upper(), "long": "f" * 3_000 + "." + mark,
    }  # fmt: skip


def test_a_cookie_opens_its_own_share_and_cannot_be_made(door: TestClient) -> None:
    one, other = a_share(), a_share()
    for sort, cookie in forged(one.share.slug, other.share.slug).items():
        answer = door.get(f"/shared/{one.share.slug}", headers={"Cookie": f"{COOKIE}={cookie}".encode()})
        assert answer.status_code == 404, sort


@pytest.mark.parametrize("kind", ["link", "open", "feed"])
@pytest.mark.parametrize("end", [revoked, over])
def test_every_address_of_a_share_ends_with_it(door: TestClient, kind: str, end: Callable[[object], object]) -> None:
    one = a_share(kind)
    slug, token = one.share.slug, secret_of(one)
    door.get(f"/s/{token}")
    asked = {
        "link": [(f"/shared/{slug}", {}), (f"/shared/{slug}/tile", {}), (f"/s/{token}", {})],
        "open": [(f"/open/{slug}", {}), (f"/embed/{slug}", {})],
        "feed": [("/ogc", {"X-API-Key": token}), ("/ogc/who", {"Authorization": f"Bearer {token}"})],
    }[kind]
    assert {door.get(path, headers=headers).status_code for path, headers in asked} <= {200, 303}
    end(one)
    began = time.process_time()
    assert {door.get(path, headers=headers).status_code for path, headers in asked} == {404}
    assert time.process_time() - began < 1


def test_a_page_that_was_open_is_told_whom_to_ask(door: TestClient) -> None:
    one = a_share()
    door.get(f"/s/{secret_of(one)}")
    revoked(one)
    page, script = (door.get(f"/shared/{one.share.slug}", headers=accept) for accept in (PAGE, {}))
    assert "This link has ended. Ask Millfield Homes (invented)." in page.text
    assert script.json()["error"].startswith("This link has ended. Ask Millfield Homes (invented).")
    assert one.share.title not in page.text


@pytest.mark.parametrize("kind", ["link", "open", "feed"])
def test_a_secret_opens_no_door_of_another_kind(door: TestClient, kind: str) -> None:
    one = a_share(kind)
    slug, token = one.share.slug, secret_of(one)
    opened = {
        "link": door.get(f"/s/{token}").status_code == 303,
        "open": door.get(f"/open/{slug}").status_code == 200,
        "feed": door.get("/ogc", headers={"X-API-Key": token}).status_code == 200,
    }
    assert [way for way, is_open in opened.items() if is_open] == [kind]


def test_a_key_in_an_address_is_no_key(door: TestClient) -> None:
    token = secret_of(a_share("feed"))
    for query in ({"key": token}, {"api_key": token}, {"token": token}, {"X-API-Key": token}):
        assert door.get("/ogc", params=query).status_code == 404


def test_who_comes_without_a_key_is_anybody_and_with_a_wrong_one_nobody(door: TestClient) -> None:
    token = secret_of(a_share("feed", layers=("assets", "places")))
    assert door.get("/ogc/who").json() == {"audience": "public", "layers": [], "share": ""}
    assert door.get("/ogc/who", headers={"Authorization": "Basic Zm9vOmJhcg=="}).json()["audience"] == "public"
    assert door.get("/ogc/who", headers={"x-api-key": token}).json()["layers"] == ["assets", "places"]
    for wrong in (malformed(token), new_share_token(), "x", f" {token}x"):
        for headers in ({"X-API-Key": wrong}, {"Authorization": f"Bearer {wrong}"}):
            assert door.get("/ogc/who", headers=headers).status_code == 404


# --- P14: which of all reasons it is, nobody can tell ---

WAYS: dict[str, Callable[[str], tuple[str, dict[str, str]]]] = {
    "link": lambda secret: (f"/s/{secret}", {}),
    "open": lambda secret: (f"/open/{secret}", {}),
    "feed": lambda secret: ("/ogc", {"X-API-Key": secret}),
}


def sorts(kind: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked with a dead secret of each sort; of a link also with its clean address."""
    asked = {sort: WAYS[kind](secret) for sort, secret in dead(kind).items()}
    if kind == "link":
        hour = datetime.now(UTC) + timedelta(hours=1)
        gone, alive = revoked(a_share()).share.slug, a_share().share.slug
        asked["with a slash"] = ("/s/a/b", {})
        asked["its page, revoked"] = (f"/shared/{gone}", {"Cookie": f"{COOKIE}={let_in(gone, hour)}"})
        asked["its page, alive, without a cookie"] = (f"/shared/{alive}", {})
        asked["its page, alive, with another's cookie"] = (
            f"/shared/{alive}", {"Cookie": f"{COOKIE}={let_in(gone, hour)}"}
        )  # fmt: skip
        asked["its page, unknown"] = (f"/shared/{opening.new_slug()}", {})
        asked["its page, malformed"] = ("/shared/x", {})
        asked["a preview of nobody's"] = (f"/shared/preview-{opening.new_slug()}", {})
    return asked


@pytest.mark.parametrize("kind", list(WAYS))
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_all_dead_secrets_get_the_same_bytes(door: TestClient, kind: str, accept: str) -> None:
    answers = {}
    for sort, (path, headers) in sorts(kind).items():
        door.cookies.clear()
        answer = door.get(path, headers=headers | {"Accept": accept})
        answers[sort] = (answer.status_code, answer.content, sorted(answer.headers.items()))
    one = next(iter(answers.values()))
    assert one[0] == 404
    assert [sort for sort, answer in answers.items() if answer != one] == []


@pytest.mark.parametrize("kind", list(WAYS))
def test_the_store_is_asked_the_same_whatever_is_wrong(
    door: TestClient, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[tuple[str, ...]] = []
    glance = opening.glance

    def noted(statement: str, values: dict[str, object], role: str) -> tuple[object, ...]:
        questions.append((statement, role, *(name for name, value in values.items() if value is not None)))
        assert not {str(value) for value in values.values()} & {"x", "a/b"}, "a malformed secret came to the store"
        return glance(statement, values, role)

    monkeypatch.setattr(opening, "glance", noted)
    asked = sorts(kind)
    pages, links = ({sort for sort in asked if sort.startswith("its page") is is_page} for is_page in (True, False))
    for group in (pages, links - {"a preview of nobody's"}):
        questions.clear()
        for sort in group:
            door.cookies.clear()
            door.get(asked[sort][0], headers=asked[sort][1])
        assert len(questions) == len(group)
        assert len(set(questions)) == min(1, len(group))


Taken = dict[str, np.ndarray[Any, np.dtype[np.float64]]]
"""Milliseconds that the questions of each sort took."""


def taken(ask: Callable[[str], object], names: list[str], times: int) -> Taken:
    """Ask each sort so many times, in turns and in an order of chance."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(times):
        for name in random.sample(names, len(names)):
            began = time.perf_counter()
            ask(name)
            found[name].append((time.perf_counter() - began) * 1_000)
    return {name: np.array(each) for name, each in found.items()}


def slow_end(each: Any, axis: int = -1) -> Any:
    """The 95th percentile."""
    return np.quantile(each, 0.95, axis=axis)


def told_apart(found: Taken) -> set[str]:
    """The sorts whose slow end lies further than ``WITHIN`` from that of all others, and not by chance.

    Other work on the machine makes slow ends of any height, but the same for every sort, since they are asked in turns.
    So times are dealt out anew (a permutation test), after the one sort was moved ``WITHIN`` towards the others.
    """
    apart = set()
    for name, mine in found.items():
        rest = np.concatenate([each for other, each in found.items() if other != name])
        side = np.sign(slow_end(mine) - slow_end(rest))

        def further(one: Any, other: Any, axis: int, side: float = side) -> Any:
            return side * (slow_end(one, axis) - slow_end(other, axis))

        moved = mine - side * WITHIN
        if further(moved, rest, -1) > 0 and permutation_test(
            (moved, rest), further, vectorized=True, n_resamples=4_999, alternative="greater"
        ).pvalue <= CHANCE:  # fmt: skip
            apart.add(name)
    return apart


@pytest.mark.parametrize("kind", list(WAYS))
def test_all_dead_secrets_take_as_long(door: TestClient, kind: str) -> None:
    asked = sorts(kind)

    def ask(sort: str) -> None:
        assert door.get(asked[sort][0], headers=asked[sort][1]).status_code == 404

    found = told_apart(taken(ask, list(asked), TIMES))
    # What our code does differently is there again; chance is not.
    assert not found or not found & told_apart(taken(ask, list(asked), TIMES))


def test_a_door_that_takes_longer_for_one_sort_is_found_out(door: TestClient) -> None:
    asked = sorts("feed")

    def ask(sort: str) -> None:
        door.get(asked[sort][0], headers=asked[sort][1])

    # On a busy machine only a longer time can be seen, by anybody.
    longer = WITHIN + 2 * max(slow_end(each) for each in taken(ask, list(asked), 10).values())

    def slower(sort: str) -> None:
        if sort == "revoked":
            time.sleep(longer / 1_000)
        ask(sort)

    assert told_apart(taken(slower, list(asked), TIMES)) >= {"revoked"}


# --- previews, frames, headers ---


def test_a_preview_is_shown_to_who_makes_it_and_to_nobody_else(door: TestClient) -> None:
    with session(SYSTEM) as s:
        ola, sam = (add_account(s, name, "officer", by=SYSTEM) for name in ("Ola", "Sam"))
        cookies = {name: open_session(s, actor) for name, actor in (("ola", ola), ("sam", sam))}
    slug = keep_preview(a_share().share, ola.account_id).slug
    status = {name: door.get(f"/shared/{slug}", headers={"Cookie": f"{SIGNED_IN}={cookie}"})
              for name, cookie in (cookies | {"nobody": "A" * 43}).items()}  # fmt: skip
    assert {name: answer.status_code for name, answer in status.items()} == {"ola": 200, "sam": 404, "nobody": 404}
    assert status["ola"].json()["frame"] == "'self'"
    with session(SYSTEM) as s:
        close_sessions_of(s, ola.account_id, by=SYSTEM)
    assert door.get(f"/shared/{slug}", headers={"Cookie": f"{SIGNED_IN}={cookies['ola']}"}).status_code == 404


def test_a_preview_is_kept_for_a_while_and_not_for_ever(monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    share: Share = a_share().share
    kept = keep_preview(share, "ola")
    assert keep_preview(share, "ola") == kept
    assert keep_preview(share, "sam").slug != kept.slug
    monkeypatch.setattr(previews, "KEPT_FOR", -1.0)
    assert previews.preview(kept.slug) is None
    for number in range(previews.MOST + 1):
        keep_preview(share, str(number))
    assert len(previews._kept) == previews.MOST


def test_only_the_sites_of_an_open_share_may_frame_it(door: TestClient) -> None:
    framed = a_share("open", embed_hosts=("www.partner.example", "b.example"))
    assert door.get(f"/embed/{framed.share.slug}").json()["frame"] == "https://www.partner.example https://b.example"
    assert sharing.frame_ancestors(framed.share) == "'none'"
    assert sharing.frame_ancestors(a_share("open").share, embedded=True) == "'none'"


def test_a_site_that_showed_a_map_shows_that_it_ended(door: TestClient) -> None:
    framed = revoked(a_share("open", embed_hosts=("www.partner.example",)))
    answers = {slug: door.get(f"/embed/{slug}", headers=PAGE) for slug in (framed.share.slug, "x")}
    assert len({(answer.content, answer.headers["content-security-policy"]) for answer in answers.values()}) == 1
    assert "frame-ancestors *" in answers["x"].headers["content-security-policy"]
    assert "<script" not in answers["x"].text
    assert "frame-ancestors 'none'" in door.get("/open/x", headers=PAGE).headers["content-security-policy"]


def test_what_is_shared_is_kept_by_nobody_on_the_way(door: TestClient) -> None:
    one = a_share()
    swap = door.get(f"/s/{secret_of(one)}")
    ended = door.get("/s/x", headers=PAGE)
    for answer in (swap, ended):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"), [("/shared/preview-x", 404), ("/shared/x", 307), ("/s/x", 307), ("/shared/preview", 307)]
)
def test_a_preview_stays_where_its_maker_is_signed_in(
    store: str, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    monkeypatch.setenv("ABCD_PUBLIC_PORT", "8600")
    with house(outermost=[Middleware(Moved)]) as door:
        assert door.get(path).status_code == status
