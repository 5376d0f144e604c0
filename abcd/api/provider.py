"""The OpenID provider of the organisation (Microsoft Entra, Google, any): what we ask it, and whether to believe it.

Discovery, the code flow with PKCE and the checks of the ID token are those of Authlib; who somebody is, is the pair of
issuer and subject and never an e-mail (OpenID Connect Core 5.7).
"""

import time
import warnings
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from abcd.access.invitations import Identity
from abcd.config import settings
from abcd.errors import NotAllowed, ProviderUnavailable, SetupMissing

with warnings.catch_warnings():
    # It would rather have a newer HTTP library; the one that we have is supported.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import OAuth2Client

SECONDS = 5.0
LEEWAY = 60
"""Seconds that the provider's clock may be off."""
KEPT_SECONDS = 600
"""How long what the provider says of itself is kept."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key; never ``none``, never one made with a secret that both know."""
DOWN = "Your organisation's sign-in does not answer. Wait a moment and try again, or sign in by passphrase."
DOUBT = "Your organisation's sign-in gave an answer that we cannot believe ({why}). Start again from the sign-in page."


def issuer() -> str:
    """The provider's name, which is an address.

    Raises:
        SetupMissing: it is not set, or it is not protected by TLS.
    """
    named = settings().oidc_issuer
    parts = urlsplit(named)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SetupMissing(
            "Signing in through an organisation is not set up: ABCD_OIDC_ISSUER must be an https address."
        )
    return named


def fetched(address: str) -> dict[str, Any]:
    """A JSON document of the provider's.

    Raises:
        ProviderUnavailable: it does not answer, or not with one.
    """
    try:
        answer = httpx.get(address, timeout=SECONDS).raise_for_status()
        found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderUnavailable(DOWN) from error
    return found


@lru_cache(maxsize=8)
def _about(named: str, _age: int) -> dict[str, Any]:
    found = fetched(f"{named.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != named:
        raise NotAllowed(DOUBT.format(why="it goes by another name"))
    return found


def about() -> dict[str, Any]:
    """What the provider says of itself."""
    return _about(issuer(), int(time.monotonic() // KEPT_SECONDS))


def client() -> OAuth2Client:
    """Us, as the provider knows us."""
    here = settings()
    methods = about().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    how = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    return OAuth2Client(
        here.oidc_client_id, here.oidc_client_secret or None, scope="openid profile email", timeout=SECONDS,
        token_endpoint_auth_method=how if here.oidc_client_secret else "none",
        redirect_uri=f"{here.url}/oidc/callback", code_challenge_method="S256",
    )  # fmt: skip


def question() -> tuple[str, dict[str, str]]:
    """Where to send somebody, and what must be kept until they come back: state, nonce and PKCE verifier."""
    kept = {"state": generate_token(32), "nonce": generate_token(32), "verifier": generate_token(48)}
    with client() as asking:
        address, _state = asking.create_authorization_url(
            about()["authorization_endpoint"], state=kept["state"], nonce=kept["nonce"], code_verifier=kept["verifier"]
        )
    return str(address), kept


def answered(code: str, kept: dict[str, str]) -> tuple[Identity, str]:
    """Who came back with ``code``: their identity, and the name that the provider has for them.

    Raises:
        ProviderUnavailable: it does not answer.
        NotAllowed: the code is used or wrong, or the ID token is not for us, not for this question, or not theirs.
    """
    try:
        with client() as asking:
            token = asking.fetch_token(about()["token_endpoint"], code=code, code_verifier=kept["verifier"])
    except httpx.HTTPError as error:
        raise ProviderUnavailable(DOWN) from error
    except OAuthError as error:
        raise NotAllowed(DOUBT.format(why="it no longer knows this attempt")) from error
    claims = believed(str(token.get("id_token", "")), kept["nonce"], str(token.get("access_token", "")))
    return Identity(claims["iss"], claims["sub"]), str(claims.get("name") or claims.get("preferred_username") or "")


def believed(id_token: str, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of an ID token, when its signature, issuer, audience, times and nonce are right.

    Raises:
        NotAllowed: one of them is not.
    """
    ours = settings().oidc_client_id
    options = {
        "iss": {"essential": True, "value": issuer()},
        "aud": {"essential": True, "value": ours},
        "sub": {"essential": True},
    }
    try:
        keys = KeySet.import_key_set(fetched(about()["jwks_uri"]))  # type: ignore[arg-type]
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        params = {"nonce": nonce, "client_id": ours, "access_token": access_token}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=LEEWAY)
    except (JoseError, ValueError) as error:
        raise NotAllowed(DOUBT.format(why=reason(error))) from error
    return dict(claims)


def reason(error: Exception) -> str:
    """What was wrong with an ID token, in words."""
    reasons = {
        "nonce": "it answers another question", "aud": "it is for another program", "azp": "it is for another program",
        "iss": "it comes from somebody else", "exp": "it is too old", "iat": "it is from the future",
    }  # fmt: skip
    claim = str(getattr(error, "claim", "") or "")
    return reasons.get(claim) or ("it is too old" if "expired" in str(error).lower() else "its signature is not right")
