"""``abcd share``: make a link or a key, list, extend, take back, and what is public."""

import pytest
from click.testing import Result
from typer.testing import CliRunner

from abcd.access.tokens import is_share_token
from abcd.cli import share
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest, NotFound
from abcd.maps.reader import Reader
from abcd.maps.sharing import share_by_slug, share_by_token
from abcd.places.queries import place
from tests.builders import a_place


def run(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(share.app, list(words))


@pytest.fixture(scope="module")
def mill(store: str) -> str:
    """The reference of an estate."""
    with session(SYSTEM) as s:
        return place(s, a_place(s, name="Old Mill")).reference


def test_a_link_is_printed_once_and_opens_what_was_said(mill: str) -> None:
    told = run("make", "Around Old Mill", "--layer", "assets", "--layer", "venues", "--place", mill, "--days", "7",
               "--partner", "Millfield PCN")  # fmt: skip
    assert told.exit_code == 0, told.exception
    address = told.stdout.strip()
    found = share_by_token(address.rsplit("/", 1)[1])
    assert found is not None
    assert (found.layers, found.partner, len(found.places)) == (("assets", "venues"), "Millfield PCN", 1)
    assert address not in run("list").stdout


def test_it_is_listed_extended_and_taken_back(mill: str) -> None:
    token = run("make", "Listed").stdout.strip().rsplit("/", 1)[1]
    line = next(line for line in run("list").stdout.splitlines() if "Listed" in line).split("\t")
    assert line[1:6] == ["open", "link", "partner", "Listed", "–"]
    assert run("extend", line[0], "--days", "365").exit_code == 0
    assert run("revoke", line[0]).exit_code == 0
    assert share_by_token(token) is None
    assert isinstance(run("revoke", line[0]).exception, NotFound)
    assert isinstance(run("extend", line[0]).exception, BadRequest)
    assert "taken back" in next(line for line in run("list").stdout.splitlines() if "Listed" in line)


def test_a_key_and_an_open_map(mill: str) -> None:
    address, key = run("make", "Feed", "--kind", "feed", "--audience", "council").stdout.split()
    assert address.endswith("/ogc")
    assert is_share_token(key)
    opened = run("make", "Open", "--kind", "open", "--audience", "public", "--site", "www.partner.example")
    found = share_by_slug(opened.stdout.strip().rsplit("/", 1)[1])
    assert found is not None
    assert found.embed_hosts == ("https://www.partner.example",)


@pytest.mark.parametrize(
    "words",
    [("make", "x", "--days", "366"), ("make", "x", "--layer", "water"), ("make", "x", "--kind", "open"),
     ("revoke", "x"), ("public", "patches")],
)  # fmt: skip
def test_what_does_not_go_is_said(mill: str, words: tuple[str, ...]) -> None:
    assert isinstance(run(*words).exception, BadRequest)


def test_layers_are_made_public_and_taken_back(mill: str) -> None:
    assert run("public").stdout.strip() == "No layer is public."
    assert run("public", "assets", "places").stdout.split() == ["assets", "places"]
    assert Reader.public().layers == ("assets", "places")
    assert run("public", "--none").stdout.strip() == "No layer is public."
    assert Reader.public().layers == ()
