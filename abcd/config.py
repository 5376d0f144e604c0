"""Settings, read from the environment when asked for, never at import."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from abcd.errors import SetupMissing


@dataclass(frozen=True)
class Settings:
    """Where the store is and how the server is reached.

    Attributes:
        home: folder of the embedded store, uploads and secrets (``ABCD_HOME``).
        database_url: a PostGIS server to use instead of the embedded store, or ``None``.
        host: address the server binds to.
        port: port the server binds to.
        tile_url: raster tile template for the basemap, ``""`` for none.
        pmtiles: a PMTiles archive for the basemap, ``""`` for none.
        basemap_attribution: shown on the map when a tile URL or PMTiles file is set.
        publisher: the organisation named in exports.
        licence: the licence of our own exports.
        url: where people reach the server, without a slash at the end (``ABCD_URL``, for a server behind a proxy).
        public_port: port of the process for partners and the public, 0 when the same process answers them too.
        public_workers: how many of them.
        public_url: where partners and the public reach us (``ABCD_PUBLIC_URL``); ``url`` when it is the same process.
        public_database_url: how that process alone reaches the store, ``None`` for the same way.
        trusted_proxy: addresses of the proxies whose ``X-Forwarded-*`` headers are believed, ``""`` for none.
        oidc_issuer: the OpenID provider that people sign in with, ``""`` for none.
        oidc_client_id: what the provider calls us.
        oidc_client_secret: what we prove it with, from a file (``ABCD_OIDC_CLIENT_SECRET_FILE``) or the environment.
    """

    home: Path
    database_url: str | None
    host: str
    port: int
    tile_url: str
    pmtiles: str
    basemap_attribution: str
    publisher: str
    licence: str
    url: str
    public_port: int
    public_workers: int
    public_url: str
    public_database_url: str | None
    trusted_proxy: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)

    @property
    def logs(self) -> Path:
        """Where the log is."""
        return self.home / "log"


def database_url() -> str | None:
    """``Settings.database_url`` by itself: every question to the store begins with it."""
    return os.environ.get("ABCD_DATABASE_URL") or None


def own_url() -> str:
    """``Settings.url`` by itself."""
    env = os.environ
    given = env.get("ABCD_URL")
    host, port = env.get("ABCD_HOST", "127.0.0.1"), env.get("ABCD_PORT", "8501")
    return (f"http://{host}:{int(port)}" if given is None else given).rstrip("/")


def public_url() -> str:
    """``Settings.public_url`` by itself: a feed's answer names it many times."""
    env = os.environ
    given, port = env.get("ABCD_PUBLIC_URL"), int(env.get("ABCD_PUBLIC_PORT") or 0)
    return (given or f"http://{env.get('ABCD_HOST', '127.0.0.1')}:{port}").rstrip("/") if given or port else own_url()


def settings() -> Settings:
    """The settings of this process, from ``ABCD_*`` environment variables."""
    env = os.environ
    return Settings(
        home=Path(env.get("ABCD_HOME") or platformdirs.user_data_dir("abcd", appauthor=False)),
        database_url=database_url(),
        host=env.get("ABCD_HOST", "127.0.0.1"),
        port=int(env.get("ABCD_PORT", "8501")),
        tile_url=env.get("ABCD_TILE_URL", ""),
        pmtiles=env.get("ABCD_PMTILES", ""),
        basemap_attribution=env.get("ABCD_BASEMAP_ATTRIBUTION", ""),
        publisher=env.get("ABCD_PUBLISHER", "Millfield Homes (invented)"),
        licence=env.get("ABCD_LICENCE", "Open Government Licence v3.0"),
        url=own_url(),
        public_port=int(env.get("ABCD_PUBLIC_PORT") or 0),
        public_workers=max(1, int(env.get("ABCD_PUBLIC_WORKERS") or 1)),
        public_url=public_url(),
        public_database_url=env.get("ABCD_PUBLIC_DATABASE_URL") or None,
        trusted_proxy=env.get("ABCD_TRUSTED_PROXY", ""),
        oidc_issuer=env.get("ABCD_OIDC_ISSUER", ""),
        oidc_client_id=env.get("ABCD_OIDC_CLIENT_ID", ""),
        oidc_client_secret=secret(env.get("ABCD_OIDC_CLIENT_SECRET_FILE"), env.get("ABCD_OIDC_CLIENT_SECRET", "")),
    )


def secret(file: str | None, given: str) -> str:
    """A secret from the file that holds it, else as given.

    Raises:
        SetupMissing: the file cannot be read.
    """
    if not file:
        return given
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetupMissing(f"The secret in {file} cannot be read ({error.strerror}). Mend the setting.") from error
