"""The files of the embedded store: its settings, folders and who may be whom."""

import os
from pathlib import Path

import pytest

from abcd.db.cluster import (
    SOCKET_PATH_LIMIT,
    Cluster,
    _quick_recovery,
    _room_for_parallel_queries,
    cluster_of,
    identity_map,
    server_settings,
)


def test_the_settings_are_durable_unless_for_tests() -> None:
    durable, quick = (server_settings(Cluster(Path("/x")), durable=kind) for kind in (True, False))
    assert "fsync = 'on'" in durable
    assert "fsync = 'off'" in quick
    assert "listen_addresses = ''" in durable


def test_a_quote_in_a_folder_stays_inside_its_setting() -> None:
    assert "log_directory = '/it''s here/log'" in server_settings(Cluster(Path("/it's here")), durable=True)


def test_a_long_folder_gets_a_socket_elsewhere_and_each_its_own() -> None:
    usual, long, longer = (Cluster(Path("/x" * length)) for length in (5, 60, 61))
    assert usual.sockets == usual.folder / "run"
    assert len({long.sockets, longer.sockets}) == 2
    assert all(len(os.fsencode(each.sockets)) + 15 < SOCKET_PATH_LIMIT for each in (long, longer))


def test_a_link_leads_to_the_files(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "elsewhere")
    assert cluster_of(tmp_path).data == tmp_path / "elsewhere" / "data"


def test_each_account_of_this_machine_may_be_each_role_once() -> None:
    lines = identity_map(["abcd", "root", "abcd"]).splitlines()[1:]
    assert "abcd root abcd_app_rw" in lines
    assert len(lines) == len(set(lines)) == 10


def test_a_cramped_container_shares_memory_another_way(tmp_path: Path) -> None:
    assert _room_for_parallel_queries(tmp_path / "nowhere") == {"dynamic_shared_memory_type": "sysv"}
    assert _room_for_parallel_queries(Path("/")) == {"dynamic_shared_memory_type": "posix"}


@pytest.mark.parametrize(("kernel", "method"), [("6.1.0-26-amd64", "syncfs"), ("5.8.1", "syncfs"), ("5.4.0-150", None)])
def test_recovery_syncs_in_one_call_where_that_tells_of_errors(kernel: str, method: str | None) -> None:
    assert _quick_recovery(kernel).get("recovery_init_sync_method") == method
