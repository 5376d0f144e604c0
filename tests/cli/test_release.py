"""``abcd release`` as it is typed."""

import re

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from abcd.cli import app
from abcd.cli.people import local_actor
from abcd.db.session import Actor, session
from abcd.errors import BadRequest, NotFound
from tests.builders import a_place
from tests.conftest import as_owner
from tests.maps.releases.conftest import people


@pytest.fixture(scope="module")
def town(store: str) -> Actor:
    """Two estates of the association of this machine."""
    by = local_actor()
    with session(by) as s:
        people(s, by, a_place(s, name="Old Mill", households=200), 31, said=("gift",))
        people(s, by, a_place(s, (390_000, 394_000), name="New Mill", households=200), 6)
    return by


def typed(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["release", *words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_made_shown_published_attacked(town: Actor) -> None:
    draft = typed("make").stdout
    assert re.search(r"^\d{4}-\d{2}  draft  ", draft)
    assert "Old Mill – Neighbours we know: about 30" in draft
    assert "New Mill – Neighbours we know: fewer than 10" in draft
    assert not re.search(r"\b31\b|\b37\b", draft.split("unknown numbers")[0])
    assert typed("show", "draft").stdout == draft
    with pytest.raises(NotFound):
        typed("show")
    left = typed("make", "--publish").stdout
    assert "published" in left.splitlines()[0]
    assert typed("show").stdout == left
    assert typed("show", left[:7]).stdout == left
    assert typed("list").stdout.startswith(left[:18])
    assert "withstands" in typed("attack").stdout
    with pytest.raises(BadRequest, match="already"):
        typed("make")


def test_an_attack_that_succeeds_is_told_by_the_exit_code(store: str, town: Actor) -> None:
    """The control: figures that somebody with the owner's rights put there."""
    forged = """
    with made as (
      insert into core.release (organisation_id, month, plan, categories, sha256, counted_to, made_by)
      values (:whole, '2020-01-01', 'everything', '{residents}', repeat('0', 64), 0, 'Mallory') returning id
    ), area as (
      insert into core.release_area (release_id, area_id, parent_id, depth, name)
      select made.id, area_id, parent_id, depth, 'Forged' from made cross join (
        select cast(:whole as uuid), null::uuid, 0
        union all select id, cast(:whole as uuid), 1 from core.place) as of_area (area_id, parent_id, depth)
      returning release_id, area_id, depth
    )
    insert into core.release_figure (release_id, area_id, category, shown)
    select release_id, area_id, 'residents', case depth when 0 then 25 else 15 end from area"""
    with as_owner(store) as connection:
        connection.execute(text(forged), {"whole": town.organisation_id})
        connection.execute(text("update core.release set status = 'published', published_at = now() where plan <> ''"
                                " and status = 'draft'"))  # fmt: skip
    assert "could be worked out" in typed("attack", code=1).stdout
