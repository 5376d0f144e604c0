"""Sharing, extending, taking back: what may be shared by whom, what is written down, how fast it ends."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from abcd.access.moments import moment
from abcd.access.tokens import fingerprint, is_share_token
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent, Place, PlaceParent, RowChange
from abcd.db.tables import Share as Row
from abcd.errors import AbcdError, BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.maps.sharing import share_by_slug, share_by_token
from abcd.maps.sharing.deeds import Made, extend_share, make_share, revoke_share
from abcd.maps.sharing.listing import places_to_share, share_listed, shares
from abcd.maps.sharing.openly import make_public, public_layers
from abcd.maps.sharing.wish import Wish, hosts_in, layers_for, origin
from tests.builders import a_place

WISH = Wish("link", "Around Old Mill", "partner", ("assets", "places"))
OFFICER = Actor("Ola Officer", "officer")


def made(by: Actor = OFFICER, **other: Any) -> Made:
    """A share in the store."""
    with session(by) as s:
        return make_share(s, wish(**other), by=by)


def wish(**other: Any) -> Wish:
    """A wish that differs from the usual one."""
    return replace(WISH, **other)


def secret_of(one: Made) -> str:
    """The secret in its address."""
    return one.address.rsplit("/", 1)[1]


def test_the_secret_is_given_once_and_the_store_keeps_its_hash(store: str) -> None:
    one = made(partner="Millfield PCN", words="Please ask before you print it.")
    token = secret_of(one)
    assert is_share_token(token)
    assert share_by_token(token) == one.share
    with session(SYSTEM) as s:
        row = s.get_one(Row, one.share.id)
        trail = [*s.scalars(select(AuditEvent)), *s.scalars(select(RowChange))]
        kept = str([vars(each) for each in (row, *trail)])
    assert row.token_hash == fingerprint(token)
    assert token not in kept
    assert kept.count(fingerprint(token)) == 1


@pytest.mark.parametrize(
    ("kind", "audience", "begins"),
    [("link", "council", "/s/abcd_"), ("open", "public", "/open/"), ("feed", "partner", "/ogc")],
)  # fmt: skip
def test_each_kind_has_its_address(store: str, kind: str, audience: str, begins: str) -> None:
    one = made(kind=kind, audience=audience)
    assert one.address.startswith(f"http://127.0.0.1:8501{begins}")
    assert is_share_token(one.key) is (kind == "feed")
    assert share_by_token(one.key, "feed") == (one.share if kind == "feed" else None)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 121}, "longer"), ({"layers": ()}, "at least one layer"),
        ({"layers": ("assets", "water")}, "not for this audience"), ({"layers": ("nothing",)}, "not for this audience"),
        ({"audience": "public", "layers": ("patches",)}, "not for this audience"), ({"audience": "officer"}, "Choose"),
        ({"kind": "open"}, "for the public"), ({"kind": "door"}, "Choose"), ({"days": 0}, "1 to 365"),
        ({"days": 366}, "1 to 365"), ({"language": "fr"}, "no language"),
        ({"places": (UUID(int=1),)}, "no longer there"),
        ({"embed_hosts": ("a.example",)}, "open map"),
        ({"kind": "open", "audience": "public", "embed_hosts": ("a b",)}, "no site"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told(s: Session, other: dict[str, Any], says: str) -> None:
    with pytest.raises((BadRequest, NotFound), match=says):
        make_share(s, wish(**other), by=OFFICER)


def test_the_store_itself_takes_no_share_without_an_end_or_beyond_a_year(s: Session) -> None:
    row = s.get_one(Row, make_share(s, wish(days=365), by=OFFICER).share.id)
    row.expires_at += timedelta(seconds=1)
    with pytest.raises(IntegrityError, match="ck_share_expires"):
        s.flush()


@pytest.mark.parametrize("role", ["coach", "partner_viewer"])
def test_who_may_not_share_may_do_none_of_it(s: Session, role: str) -> None:
    somebody, one = Actor("Somebody", role), make_share(s, WISH, by=OFFICER).share
    deeds: list[Callable[[], object]] = [
        lambda: make_share(s, WISH, by=somebody),
        lambda: extend_share(s, one.id, 9, version=1, by=somebody),
        lambda: revoke_share(s, one.id, by=somebody),
        lambda: make_public(s, ["assets"], by=somebody),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_an_officer_of_some_places_shares_those_and_sees_no_other_share(s: Session) -> None:
    estate, block, other = (a_place(s, name=name) for name in ("Old Mill", "Mill Court", "Elsewhere"))
    s.add(PlaceParent(place_id=block, parent_id=estate, share=1.0))
    s.flush()
    scoped = Actor("Sam Scoped", "officer", str(uuid4()), places=frozenset([str(estate)]))
    mine = make_share(s, wish(places=(block, estate)), by=scoped).share
    before = len(shares(s, by=OFFICER))
    for beyond in ((), (other,), (block, other)):
        theirs = make_share(s, wish(places=beyond), by=OFFICER).share
        with pytest.raises(NotAllowed):
            make_share(s, wish(places=beyond), by=scoped)
        with pytest.raises(NotAllowed):
            revoke_share(s, theirs.id, by=scoped)
        with pytest.raises(NotAllowed):
            extend_share(s, theirs.id, 9, version=theirs.version, by=scoped)
        with pytest.raises(NotFound):
            share_listed(s, theirs.id, by=scoped)
    assert [one.share for one in shares(s, by=scoped)] == [mine]
    assert len(shares(s, by=OFFICER)) == before + 3
    assert set(places_to_share(s, by=scoped)) == {str(estate), str(block)}


def test_a_place_that_went_does_not_widen_a_share(store: str) -> None:
    with session(SYSTEM) as s:
        place = a_place(s, name="Here today")
    one = made(places=(place,))
    with session(SYSTEM) as s:
        s.execute(delete(Place).where(Place.id == place))
    found = share_by_token(secret_of(one))
    assert found is not None
    assert found.reader().places == (place,)


def test_what_is_taken_back_is_gone_at_once_and_stays_gone(store: str) -> None:
    ways = {kind: made(kind=kind, audience="public", layers=("assets",)) for kind in ("link", "open", "feed")}
    asked = {
        "link": lambda: share_by_token(secret_of(ways["link"])),
        "open": lambda: share_by_slug(ways["open"].share.slug),
        "feed": lambda: share_by_token(ways["feed"].key, "feed"),
    }
    for kind, ask in asked.items():
        assert ask() is not None
        with session(OFFICER) as s:
            revoke_share(s, ways[kind].share.id, by=OFFICER)
        began = time.process_time()
        assert ask() is None
        assert time.process_time() - began < 1
    for one in ways.values():
        with session(OFFICER) as s, pytest.raises(NotFound, match="already"):
            revoke_share(s, one.share.id, by=OFFICER)
        with session(OFFICER) as s, pytest.raises(BadRequest, match="stays ended"):
            extend_share(s, one.share.id, 9, version=2, by=OFFICER)


def test_a_share_is_extended_from_the_version_that_was_seen(s: Session) -> None:
    one = make_share(s, wish(days=1), by=OFFICER).share
    longer = extend_share(s, one.id, 365, version=one.version, by=OFFICER)
    assert timedelta(days=364) <= longer.expires_at - one.expires_at < timedelta(days=364, minutes=1)
    with pytest.raises(Conflict):
        extend_share(s, one.id, 30, version=one.version, by=OFFICER)
    with pytest.raises(VersionMissing):
        extend_share(s, one.id, 30, version=None, by=OFFICER)
    with pytest.raises(BadRequest):
        extend_share(s, one.id, 366, version=longer.version, by=OFFICER)


def test_what_is_over_stays_over(s: Session, later: Callable[[timedelta], None]) -> None:
    moment(s)
    one = make_share(s, wish(days=1), by=OFFICER).share
    later(timedelta(hours=25))
    assert share_listed(s, one.id, by=OFFICER).state == "over"
    with pytest.raises(BadRequest, match="stays ended"):
        extend_share(s, one.id, 9, version=1, by=OFFICER)


def test_every_deed_is_one_event(s: Session) -> None:
    one = make_share(s, WISH, by=OFFICER).share
    extend_share(s, one.id, 9, version=1, by=OFFICER)
    revoke_share(s, one.id, by=OFFICER)
    s.flush()
    found = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(one.id)).order_by(AuditEvent.id)).all()
    assert [(event.verb, event.by) for event in found] == [
        (verb, "Ola Officer") for verb in ("add", "extend", "revoke")
    ]
    assert found[0].after is not None
    assert {"partner", "layers", "places", "expires_at"} <= set(found[0].after)


def test_the_owner_makes_layers_public_and_takes_them_back(s: Session, owner: Actor) -> None:
    assert public_layers(s) == ()
    assert make_public(s, ["places", "assets"], by=owner) == ("assets", "places")
    assert make_public(s, ["places"], by=owner) == public_layers(s) == ("places",)
    for wrong in ("patches", "water", "nothing"):
        with pytest.raises(BadRequest, match="no layer for the public"):
            make_public(s, [wrong], by=owner)
    assert make_public(s, [], by=owner) == ()


@pytest.mark.parametrize(
    ("said", "means"),
    [("www.partner.example", "https://www.partner.example"), ("https://Partner.Example/about?x", "https://partner.example"),
     ("partner.example:8443", "https://partner.example:8443"), ("tŷ.example", "https://xn--t-foa.example")],
)  # fmt: skip
def test_a_site_becomes_its_origin(said: str, means: str) -> None:
    assert origin(said) == means


@pytest.mark.parametrize(
    "said",
    ["", "*", "*.example.org", "a.example; script-src *", "a.example 'self'", "javascript:alert(1)", "http://a.example",
     "https://u:p@a.example", "localhost", "a..example", "https://", "a.example\nX: y", "data:,x", "[::1", "10.0.0.1"],
)  # fmt: skip
def test_nothing_else_gets_into_a_header(said: str) -> None:
    with pytest.raises(AbcdError, match="no site"):
        origin(said)


def test_sites_come_one_a_line_or_between_commas() -> None:
    assert hosts_in(" a.example, b.example;\n c.example ") == ("a.example", "b.example", "c.example")


def test_what_is_only_background_is_nobodys_layer() -> None:
    assert {one.name for one in layers_for("public")} <= {one.name for one in layers_for("council")}
    assert not {"water", "streets", "boundaries"} & {one.name for one in layers_for("council")}
