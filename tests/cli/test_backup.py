"""``abcd backup`` and ``abcd restore`` as somebody types them, on a store of a server."""

import json
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from abcd.cli import backup, restore
from abcd.db.backup import keys
from abcd.db.session import engine
from abcd.errors import BadFile, BadRequest, NotFound
from tests.db.backup.conftest import fill, opened


@pytest.fixture(scope="module", autouse=True)
def _home(store: str, owner: object, tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(tmp_path_factory.mktemp("home")))
        fill(owner)  # type: ignore[arg-type]
        yield


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of backups with one in it, made as somebody types it for the first time."""
    folder = tmp_path_factory.mktemp("backups")
    done = said(backup, str(folder))
    assert "A recovery key was made" in done
    assert "Copy it away from this machine now" in done
    return folder


def said(module: object, *words: str) -> str:
    done = CliRunner().invoke(module.app, list(words), catch_exceptions=False)  # type: ignore[attr-defined]
    assert done.exit_code == 0, done.output
    return done.output


def test_a_backup_says_where_it_is_and_what_it_holds(backups: Path) -> None:
    done = said(backup, str(backups))
    assert "read back and counted. Keep it until" in done
    assert "People's keys:" in done
    assert "recovery key" not in done
    found = json.loads(said(backup, str(backups), "--json"))
    assert Path(found["folder"]).is_dir()
    assert found["rows"] > 30


def test_without_a_folder_it_asks_for_one() -> None:
    with pytest.raises(BadRequest, match="abcd backup DIR"):
        CliRunner().invoke(backup.app, [], catch_exceptions=False)


def test_looking_touches_nothing(backups: Path, store: str) -> None:
    before = databases(store)
    assert "signed, whole, ours to open" in said(restore, str(backups), "--verify")
    assert databases(store) == before


def test_a_restore_beside_says_how_to_use_it(backups: Path, store: str) -> None:
    before = databases(store)
    done = said(restore, str(backups), "--yes")
    (name,) = databases(store) - before
    assert f"end the path of ABCD_DATABASE_URL with /{name}" in done
    with opened(make_url(store).set(database=name).render_as_string(hide_password=False)) as connection:
        assert connection.execute("select count(*) from core.asset").fetchone() == (30,)
    with opened(store) as connection:
        connection.execute(f"drop database {name} with (force)")


def databases(store: str) -> set[str]:
    with opened(store) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}


def test_another_recovery_key_is_refused(backups: Path, tmp_path: Path) -> None:
    keys.make(tmp_path)
    words = [str(backups), "--recovery-key", str(keys.file_of(tmp_path))]
    with pytest.raises(BadFile, match="another abcd made it"):
        CliRunner().invoke(restore.app, words, catch_exceptions=False)
    with pytest.raises(NotFound, match="no recovery key at"):
        CliRunner().invoke(restore.app, [str(backups), "--recovery-key", "nowhere"], catch_exceptions=False)


def test_into_an_empty_database_of_its_own(backups: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest, match="is not empty. Nothing was touched"):
        CliRunner().invoke(restore.app, [str(backups), "--into-this"], catch_exceptions=False)
    empty = make_url(store).set(database="an_empty_one").render_as_string(hide_password=False)
    with opened(store) as connection:
        connection.execute("create database an_empty_one template template0")
        monkeypatch.setenv("ABCD_DATABASE_URL", empty)
        try:
            assert "Restored and equal, into 'an_empty_one'" in said(restore, str(backups), "--into-this")
            with opened(empty) as other:
                assert other.execute("select count(*) from core.asset").fetchone() == (30,)
        finally:
            engine().dispose()
            connection.execute("drop database an_empty_one with (force)")
