"""Figures about people in files: those of a release, the same bytes whatever came since, and never a count."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent
from abcd.errors import AbcdError
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import Order, write_files
from abcd.maps.releases import make_release, publish
from tests.conftest import emptied
from tests.maps.releases.conftest import Town, a_town, people, settled

TABLES = [name for name in FORMATS if name != "oruk"]


@pytest.fixture(scope="module")
def town(store: str) -> Iterator[Town]:
    """A town whose people were counted in October and again in November."""
    with session(Actor("Maker", "owner")) as s:
        made = a_town(s)
        settled(s, made)
    for day in (date(2026, 10, 22), date(2026, 11, 22)):
        with session(made.by) as s:
            publish(s, make_release(s, by=made.by, day=day).id, by=made.by)
        with session(made.by) as s:
            people(s, made.by, made.north, 40, said=("gift",))
    yield made
    emptied(store, "core.place, core.organisation")


@pytest.fixture
def take(town: Town, owner: Actor, tmp_path: Path) -> Callable[..., Path]:
    """Writes the figures for partners."""

    def taken(form: str = "csv", release: str | None = None) -> Path:
        out = tmp_path / f"people{FORMATS[form].suffix}"
        with session(owner) as s:
            write_files(s, Order(("people",), form, "partner", release=release), out, by=owner)
        return out

    return taken


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_newest_release_unless_another_is_named(take: Callable[..., Path]) -> None:
    assert {row["release"] for row in rows_of(take())} == {"2026-11"}
    assert {row["release"] for row in rows_of(take(release="2026-10"))} == {"2026-10"}


def test_every_figure_is_as_it_may_leave(take: Callable[..., Path]) -> None:
    figures = {
        row[name] for row in rows_of(take()) for name in row if name.startswith(("residents", "said", "language"))
    }
    assert figures - {""}
    assert [figure for figure in figures if not re.fullmatch(r"|fewer than 10|[1-9][0-9]*[05]", figure)] == []


@pytest.mark.parametrize("form", TABLES)
def test_a_release_gives_the_same_bytes_whatever_came_since(take: Callable[..., Path], town: Town, form: str) -> None:
    before = sha256(take(form, "2026-10").read_bytes()).hexdigest()
    with session(town.by) as s:
        people(s, town.by, town.north, 1)
    assert sha256(take(form, "2026-10").read_bytes()).hexdigest() == before


@pytest.mark.parametrize(("release", "error"), [("2026-09", "Nothing was released"), ("autumn", "named by its month")])
def test_a_release_that_is_none_is_said(take: Callable[..., Path], release: str, error: str) -> None:
    with pytest.raises(AbcdError, match=error):
        take(release=release)


def test_the_trail_tells_which_release_was_taken(take: Callable[..., Path], store: str) -> None:
    take()
    take(release="2026-10")
    with session(SYSTEM) as s:
        newest = select(AuditEvent.after["release"].astext).where(AuditEvent.verb == "export")
        assert s.scalars(newest.order_by(AuditEvent.id.desc()).limit(2)).all() == ["2026-10", "2026-11"]
