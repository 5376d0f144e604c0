"""Which share a secret opens: the live one and no other, asked as the role that cannot read a share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError

from abcd.access.tokens import fingerprint, is_share_token, new_share_token
from abcd.core.clock import today
from abcd.db.session import SHARE_ROLE, SYSTEM, session
from abcd.db.tables import RowChange
from abcd.db.tables import Share as Row
from abcd.maps.sharing import Share, share_by_slug, share_by_token
from abcd.maps.sharing.opening import new_slug

ALIVE = timedelta(days=90)


def a_share(kind: str = "link", **values: object) -> tuple[UUID, str, str]:
    """A share in the store: its id, name and secret."""
    token, slug = new_share_token(), new_slug()
    hashed = None if kind == "open" else fingerprint(token)
    now = datetime.now(UTC)
    given = {"title": "Around Old Mill", "audience": "public", "layers": ["assets"], "made_by": "Olive",
             "expires_at": now + ALIVE, "counted_from": now} | values  # fmt: skip
    with session(SYSTEM) as s:
        row = Row(slug=slug, token_hash=hashed, kind=kind, **given)
        s.add(row)
        s.flush()
        return row.id, slug, token


def changed(key: UUID, **values: object) -> None:
    """Change a share in the store."""
    with session(SYSTEM) as s:
        s.execute(update(Row).where(Row.id == key).values(**values))


def test_a_secret_opens_its_own_share(store: str) -> None:
    places = [uuid4(), uuid4()]
    key, slug, token = a_share(audience="partner", layers=["assets", "places"], places=places, words="With care")
    found = share_by_token(token)
    assert isinstance(found, Share)
    assert (found.id, found.slug, found.kind, found.audience) == (key, slug, "link", "partner")
    assert found.reader().places == tuple(places)
    assert found.reader().layers == ("assets", "places")
    assert fingerprint(token) not in repr(found)


@pytest.mark.parametrize("kind", ["link", "open", "feed"])
def test_each_kind_has_its_own_way_in(store: str, kind: str) -> None:
    _key, slug, token = a_share(kind)
    ways = {"link": share_by_token(token), "feed": share_by_token(token, "feed"), "open": share_by_slug(slug)}
    assert [way for way, found in ways.items() if found] == [kind]


def dead_ways() -> Iterator[tuple[str, str]]:
    """A secret of each sort that opens nothing."""
    key, _slug, token = a_share()
    changed(key, revoked_at=datetime.now(UTC))
    yield "revoked", token
    yield "over", a_share(expires_at=datetime.now(UTC) - timedelta(seconds=1))[2]
    yield "unknown", new_share_token()
    yield "malformed", token[:-1] + ("0" if token[-1] != "0" else "1")
    yield "another kind", a_share("feed")[2]
    yield "its name", a_share()[1]
    yield "its hash", fingerprint(a_share()[2])
    yield "nothing", ""
    yield "a statement", "' or true --"
    yield "no text", "abcd_\ud800" + token[6:]


def test_what_is_dead_opens_nothing_whatever_the_reason(store: str) -> None:
    assert [sort for sort, token in dead_ways() if share_by_token(token)] == []


def test_an_open_share_ends_like_any_other(store: str) -> None:
    key, slug, _token = a_share("open")
    assert share_by_slug(slug) is not None
    changed(key, revoked_at=datetime.now(UTC))
    assert share_by_slug(slug) is None
    assert share_by_slug(slug + "x") is None


def test_the_day_of_the_last_use_is_noted_once_and_is_no_news(store: str) -> None:
    _key, _slug, token = a_share()
    with session(SYSTEM) as s:
        changes = s.query(RowChange).count()
    first = share_by_token(token)
    again = share_by_token(token)
    assert [found and found.last_used_day for found in (first, again)] == [None, today()]
    with session(SYSTEM) as s:
        assert s.query(RowChange).count() == changes


def test_a_share_that_is_being_edited_opens_all_the_same(store: str) -> None:
    key, _slug, token = a_share()
    with session(SYSTEM) as s:
        s.execute(text("select from core.share where id = :key for update"), {"key": key})
        found = share_by_token(token)
    assert found is not None


def test_the_public_role_reads_no_share_by_itself(store: str) -> None:
    with pytest.raises(ProgrammingError), session(SYSTEM, SHARE_ROLE) as s:
        s.execute(text("select * from core.share"))
    with session(SYSTEM, SHARE_ROLE) as s:
        row = s.execute(text("select * from pub.opened_share('link', null, null, now())")).mappings().one()
    assert {name for name, value in row.items() if value is not None} == {"told_at"}
    assert not [name for name in row if "hash" in name]


def test_a_share_ends_on_time_though_the_clock_goes_back(store: str, later: Callable[[timedelta], None]) -> None:
    _key, _slug, token = a_share(expires_at=datetime.now(UTC) + timedelta(hours=1))
    assert share_by_token(token) is not None
    later(timedelta(minutes=59))
    assert share_by_token(token) is not None
    later(timedelta(minutes=61))
    assert share_by_token(token) is None


@pytest.mark.parametrize("damage", range(5))
def test_one_wrong_letter_is_seen_without_asking(damage: int) -> None:
    token = new_share_token()
    at = (4, 6, 20, 48, 55)[damage]
    wrong = token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]
    assert is_share_token(token)
    assert not is_share_token(wrong)


def test_a_scanner_for_lost_secrets_knows_the_form() -> None:
    tokens = {new_share_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert all(token.startswith("abcd_") and token[-1].isalnum() and len(token) == 56 for token in tokens)
