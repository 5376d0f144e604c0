"""The front-end libraries: what the list names is here, and the lock names no machine."""

import json

from abcd.api import libraries
from abcd.core.html import WEB

LIST = json.loads((WEB / "package.json").read_text())
LOCK = json.loads((WEB / "package-lock.json").read_text())


def test_every_file_we_serve_is_here() -> None:
    for folder, sources in LIST["vendor"].items():
        for source in sources:
            assert (libraries.VENDOR / folder / source.rsplit("/", 1)[-1]).exists(), source


def test_every_library_comes_with_its_licence() -> None:
    missing = [folder for folder, sources in LIST["vendor"].items() if not any("LICENSE" in name for name in sources)]
    declared = {name: LOCK["packages"][f"node_modules/{name}"]["license"] for name in LIST["dependencies"]}
    assert missing == [] or all(declared[name] for name in missing), missing


def test_the_lock_fixes_every_byte_and_names_no_registry() -> None:
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_what_is_here_is_not_fetched_again() -> None:
    assert libraries.fetch() is False


def test_a_changed_list_is_noticed(monkeypatch, tmp_path) -> None:
    for name in libraries.LISTS:
        (tmp_path / name).write_bytes((WEB / name).read_bytes())
    before = libraries._fingerprint()
    (tmp_path / "package.json").write_text("{}")
    monkeypatch.setattr(libraries, "WEB", tmp_path)
    assert libraries._fingerprint() != before


def test_only_named_files_are_copied(monkeypatch, tmp_path) -> None:
    modules = tmp_path / "node_modules" / "toy"
    (modules / "images").mkdir(parents=True)
    for name in ("toy.js", "images/pin.png", "install.sh"):
        (modules / name).write_text(name)
    (tmp_path / "package.json").write_text(json.dumps({"vendor": {"toy": ["toy/toy.js", "toy/images"]}}))
    monkeypatch.setattr(libraries, "WEB", tmp_path)
    monkeypatch.setattr(libraries, "VENDOR", tmp_path / "vendor")
    libraries._replace(tmp_path / "node_modules")
    found = sorted(
        str(path.relative_to(tmp_path / "vendor")) for path in (tmp_path / "vendor").rglob("*") if path.is_file()
    )
    assert found == ["toy/images/pin.png", "toy/toy.js"]
