"""
Clients of the API: made once, with a secret shown once; tokens that live a quarter of an hour.

Secrets and tokens have 256 random bits each, so a SHA-256 of them is enough to keep: there is nothing to guess.
A client may sign an assertion with its own key instead of sending a secret (RFC 7523); then only the public key is
kept, in the same column, as `ed25519$...` or `p256$...`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kinfold.service.records import audit
from kinfold.service.records.actions.people import add_account, give_role
from kinfold.service.records.commits import writing
from kinfold.service.records.models import ApiClient, ApiToken, Holder
from kinfold.service.records.reads.caller import token_hash
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

SCOPES = {
    "records.read": "find people and open their records, as the client's roles allow",
    "records.write": "record, correct and withdraw facts, as the client's roles allow",
    "files.load": "send files in and read what became of them",
    "department.feed": "send the Department's daily feed of children's social care data",
    "identity.match": "ask whether there is a child with given particulars (FHIR $match)",
    "identity.read": "read a child as a FHIR Patient, as the client's roles allow",
    "asks": "ask other organisations what they hold about a child, and fetch what they may tell",
    "custodian.work": "pull the work of an organisation that holds records, and answer it",
}
TOKEN_LIFE = timedelta(minutes=15)
LONGEST_ASSERTION = timedelta(minutes=5)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = {"ed25519": "EdDSA", "p256": "ES256"}


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just made. `secret` is shown now and never again; empty for a client that signs."""

    client_id: str
    secret: str
    supplier_key: str
    scopes: tuple[str, ...]


Admitted = ApiClient  # a client that has shown who it is


@dataclass(frozen=True, slots=True)
class Issued:
    """A token just issued, for `seconds`, with its scopes."""

    token: str
    seconds: int
    scopes: tuple[str, ...]


def add_client(
    *, holder: Holder, organisation: str, roles: Sequence[str], scopes: Sequence[str], by: str, today: date,
    public_key: bytes | None = None,
) -> NewClient:  # fmt: skip
    """
    Make a client of the API for an organisation, with an account of its own that holds `roles` in `holder`.

    `public_key` is PEM (Ed25519 or P-256) for a client that signs assertions; without it a secret is made.
    Raises InputError for a scope or role that does not exist, or a key that will not do.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise InputError(f"Choose scopes from {', '.join(SCOPES)}{'; not ' + ', '.join(unknown) if unknown else ''}.")
    client_id = secrets.token_hex(12)
    secret = "" if public_key else secrets.token_urlsafe(32)
    kept = _public_key_text(public_key) if public_key else _secret_text(secret)
    with writing(held_by=holder.pk, by=by, because="API client added") as change:
        account = add_account(
            email=f"{client_id}@client.invalid", name=f"{organisation} (system)", holder=holder, by=by, today=today,
            organisation=organisation,
        )  # fmt: skip
        client = ApiClient.objects.create(
            client_id=client_id, secret_hash=kept, organisation=organisation, held_by=holder, account=account,
            scopes=list(dict.fromkeys(scopes)),
        )  # fmt: skip
        audit.append(
            holder.pk,
            [{"actor": by, "action": "API client added", "body": {"client": client_id, "scopes": client.scopes}}],
            at=change.at,
        )
    for role in roles:
        give_role(account=account, role=role, by=by, because="API client", today=today)
    return NewClient(client_id, secret, supplier_key_of(client), tuple(client.scopes))


def revoke_client(*, client_id: str, by: str) -> None:
    """Let a client in no more: its tokens end at once. Raises InputError when there is no such client."""
    client = ApiClient.objects.filter(client_id=client_id, revoked_at__isnull=True).first()
    if client is None or client.held_by_id is None:
        raise InputError("There is no such client, or it was revoked already.")
    with writing(held_by=client.held_by_id, by=by, because="API client revoked") as change:
        ApiClient.objects.filter(pk=client.pk).update(revoked_at=change.at)
        ApiToken.objects.filter(client=client).delete()
        said: audit.Said = {"actor": by, "action": "API client revoked", "body": {"client": client_id}}
        audit.append(client.held_by_id, [said], at=change.at)


def supplier_key_of(client: ApiClient) -> str:
    """Return the client's SupplierKey for the Department's contract. It changes when the client's secret does."""
    said = f"{client.client_id}|{client.secret_hash}"
    return salted_hmac("kinfold.supplier-key", said, algorithm="sha256").hexdigest()[:40]


def supplier_key_fits(client_id: str, key: str) -> bool:
    """Say whether `key` is the SupplierKey of the client, in a time that tells nothing."""
    client = ApiClient.objects.filter(client_id=client_id).first()
    return client is not None and hmac.compare_digest(supplier_key_of(client), key)


def client_with_secret(client_id: str, secret: str) -> ApiClient | None:
    """Return the client whose secret this is, or None. An unknown client costs as long as a known one."""
    client = ApiClient.objects.select_related("account").filter(client_id=client_id).first()
    kept = client.secret_hash if client else _secret_text("nobody")
    fits = hmac.compare_digest(kept, _secret_text(secret))
    return client if client is not None and fits and _is_let_in(client) else None


def client_with_assertion(assertion: str, *, audiences: Iterable[str]) -> ApiClient | None:
    """
    Return the client that signed `assertion` (private_key_jwt), or None when it does not hold.

    It must be for one of `audiences`, live five minutes at most, and be used once.
    """
    try:
        client_id = str(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
        client = ApiClient.objects.select_related("account").filter(client_id=client_id).first()
        if client is None or not _is_let_in(client) or client.secret_hash.startswith("sha256$"):
            return None
        sort, key = _public_key(client.secret_hash)
        claims = jwt.decode(
            assertion, key, algorithms=[_ALGORITHMS[sort]], audience=list(audiences), issuer=client_id,
            options={"require": ["exp", "iat", "aud", "iss", "sub", "jti"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError):
        return None
    return client if _is_first_use(client_id, claims) else None


def _is_first_use(client_id: str, claims: dict[str, Any]) -> bool:
    life = LONGEST_ASSERTION.total_seconds()
    if claims["exp"] - timezone.now().timestamp() > life:
        return False
    mark = hashlib.sha256(f"{client_id}|{claims['jti']}".encode()).hexdigest()
    return bool(cache.add(f"assertion:{mark}", 1, timeout=int(life) + 60))


def _is_let_in(client: ApiClient) -> bool:
    return client.revoked_at is None and client.account.is_active


def issue_token(client: ApiClient, scopes: Sequence[str]) -> Issued | None:
    """Return a new token with `scopes` (all the client's, when none are asked), or None for one it has not."""
    wanted = tuple(dict.fromkeys(scopes)) or tuple(client.scopes)
    if not set(wanted) <= set(client.scopes):
        return None
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with as_system():
        ApiToken.objects.filter(client=client, until__lte=now).delete()
        ApiToken.objects.create(hash=token_hash(token), client=client, scopes=list(wanted), until=now + TOKEN_LIFE)
    return Issued(token, int(TOKEN_LIFE.total_seconds()), wanted)


def _secret_text(secret: str) -> str:
    return f"sha256${hashlib.sha256(secret.encode()).hexdigest()}"


def _public_key_text(pem: bytes) -> str:
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError("The public key cannot be read. Give it in PEM form.") from error
    if isinstance(key, Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"ed25519${base64.b64encode(raw).decode()}"
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        raw = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        return f"p256${base64.b64encode(raw).decode()}"
    raise InputError("The public key must be Ed25519 or P-256 (ES256).")


def _public_key(kept: str) -> tuple[str, Ed25519PublicKey | EllipticCurvePublicKey]:
    sort, _, text = kept.partition("$")
    raw = base64.b64decode(text)
    if sort == "ed25519":
        return sort, Ed25519PublicKey.from_public_bytes(raw)
    return sort, EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
