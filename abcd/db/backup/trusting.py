"""Everything that must hold before a backup is opened: whose it is, that it is whole, that this machine can read it."""

from datetime import UTC, datetime
from pathlib import Path

from abcd.db.backup import bundle, keys, manifest
from abcd.db.backup.bundle import SEALED, Bundle
from abcd.db.backup.manifest import PERSON_KEYS, STORE, Manifest
from abcd.db.backup.sealing import file_of, require_key
from abcd.db.migrate import revisions
from abcd.errors import BadFile, NotFound, SetupMissing


def bundle_in(folder: Path) -> Bundle:
    """The backup that ``folder`` is, or the newest one in it.

    Raises:
        NotFound: there is none.
    """
    here = Bundle(folder)
    found = [here] if here.manifest.exists() or here.sealed.exists() else bundle.found_in(folder, STORE)
    if not found:
        raise NotFound(f"There is no backup in {folder}. A backup is a folder whose name begins with 'abcd-store-'.")
    return found[0]


def manifest_of(found: Bundle, recovery: keys.RecoveryKey, kind: str | None = None) -> Manifest:
    """What a backup says of itself, once its signature holds.

    Raises:
        BadFile: it is unsigned, signed by another, changed since, or of another kind.
    """
    for path in (found.manifest, found.signature):
        if not path.is_file():
            raise BadFile(f"{found.folder} is not signed: {path.name} is missing. Nothing was touched.")
    words, signature = found.manifest.read_bytes(), found.signature.read_text("ascii", errors="replace").strip()
    if not recovery.trusts(_bytes(signature), words):
        raise BadFile(
            f"The signature of {found.folder} does not hold: it was changed, or another abcd made it than the one "
            f"this recovery key ({recovery.name}) belongs to. Nothing was touched."
        )
    said = manifest.from_bytes(words)
    if kind and said.kind != kind:
        raise BadFile(f"{found.folder} holds {said.kind}, not {kind}.")
    return said


def verified(found: Bundle, recovery: keys.RecoveryKey, kind: str = STORE) -> Manifest:
    """The manifest of a backup that can be restored here: signed, whole, of a version we know, and ours to open.

    Raises:
        BadFile: it is not; the message says why. Nothing has been opened by then.
        SetupMissing: a newer abcd, PostgreSQL or PostGIS is needed.
    """
    said = manifest_of(found, recovery, kind)
    for name, wanted in said.files.items():
        _require_whole(found.folder / name, wanted)
    require_known(said)
    require_key(found.folder / SEALED, recovery.identity)
    return said


def _require_whole(path: Path, wanted: manifest.File) -> None:
    if not path.is_file():
        raise BadFile(f"{path} is missing from the backup. Nothing was touched.")
    size = path.stat().st_size
    if size != wanted.bytes:
        raise BadFile(
            f"{path} is cut: it has {size:,} of {wanted.bytes:,} bytes. Use another copy. Nothing was touched."
        )
    if file_of(path) != wanted:
        raise BadFile(f"{path} was changed or is damaged: its checksum differs. Use another copy. Nothing was touched.")


def require_known(said: Manifest) -> None:
    """Refuse a backup of a newer abcd.

    Raises:
        SetupMissing: its tables are of a revision that this abcd does not know.
    """
    if said.revision not in revisions():
        raise SetupMissing(
            f"A newer abcd made this backup (revision {said.revision}, abcd {said.abcd}). Update abcd, then try again."
        )


def require_server(said: Manifest, server: int, postgis: str) -> None:
    """Refuse to go back to an older PostgreSQL or PostGIS.

    Args:
        server: ``server_version_num`` of the database to restore into.
        postgis: its version of the extension.

    Raises:
        SetupMissing: the backup was made with a newer one.
    """
    if said.postgresql // 10_000 > server // 10_000:
        raise SetupMissing(
            f"This backup was made with PostgreSQL {said.postgresql // 10_000}; here is {server // 10_000}. "
            f"Install PostgreSQL {said.postgresql // 10_000} with PostGIS, then try again. Nothing was touched."
        )
    if _numbers(said.postgis) > _numbers(postgis):
        raise SetupMissing(
            f"This backup was made with PostGIS {said.postgis}; here is {postgis}. "
            "Install the newer one, then try again. Nothing was touched."
        )


def keys_in(folder: Path, recovery: keys.RecoveryKey) -> tuple[Bundle, Manifest] | None:
    """The newest copy of people's keys in ``folder`` that has not expired, verified; ``None`` without one.

    Raises:
        BadFile: the newest is damaged or not ours.
    """
    for found in bundle.found_in(folder, PERSON_KEYS):
        said = verified(found, recovery, PERSON_KEYS)
        if said.expires_at > datetime.now(UTC):
            return found, said
    return None


def _bytes(signature: str) -> bytes:
    try:
        return bytes.fromhex(signature)
    except ValueError:
        return b""


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(part) for part in words.split(".")[:2] if part.isdigit())
