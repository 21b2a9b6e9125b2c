"""A client shows who it is and gets a token for a quarter of an hour; nothing else opens the API."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from django.test import Client
from django.utils import timezone

from kinfold.service.records.actions import api_clients
from kinfold.service.records.models import Account, ApiToken, Holder
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

from .conftest import Api

pytestmark = pytest.mark.django_db
TOKEN = "/api/v1/oauth/token"
FORM = "application/x-www-form-urlencoded"


def ask(web: Client, headers: Any = None, **form: str) -> Any:
    body = "&".join(f"{name}={value}" for name, value in {"grant_type": "client_credentials", **form}.items())
    return web.generic("POST", TOKEN, body, content_type=FORM, headers=headers or {})


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def test_a_token_is_given_for_a_secret_in_the_form(worker: Api) -> None:
    response = ask(worker.web, client_id=worker.client_id, client_secret=worker.secret)

    assert response.status_code == 200
    assert response.json()["token_type"] == "Bearer"
    assert response.json()["expires_in"] == 900
    assert response.headers["Cache-Control"] == "no-store"


def test_a_token_is_given_for_a_secret_in_the_header(worker: Api) -> None:
    assert ask(worker.web, basic(worker.client_id, worker.secret)).status_code == 200


def test_only_the_hash_of_a_token_is_kept(worker: Api) -> None:
    token = ask(worker.web, client_id=worker.client_id, client_secret=worker.secret).json()["access_token"]

    kept = set(ApiToken.objects.values_list("hash", flat=True))
    assert token not in kept
    assert all(len(one) == 64 for one in kept)


def test_fewer_scopes_can_be_asked_for_and_no_others(worker: Api) -> None:
    fewer = ask(worker.web, client_id=worker.client_id, client_secret=worker.secret, scope="records.read")
    other = ask(worker.web, client_id=worker.client_id, client_secret=worker.secret, scope="everything")

    assert fewer.json()["scope"] == "records.read"
    assert (other.status_code, other.json()["error"]) == (400, "invalid_scope")
    assert "records.read" in other.json()["detail"]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        pytest.param({"client_id": "nobody", "client_secret": "x"}, 401, "invalid_client", id="no such client"),
        pytest.param({}, 401, "invalid_client", id="nobody said"),
        pytest.param({"grant_type": "password"}, 400, "unsupported_grant_type", id="another grant"),
        pytest.param({"client_assertion": "x"}, 400, "invalid_request", id="an assertion of no sort"),
    ],
)
def test_who_does_not_show_who_it_is_gets_no_token(worker: Api, form: dict[str, str], status: int, error: str) -> None:
    response = ask(worker.web, **form)

    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_a_wrong_secret_is_answered_as_an_unknown_client(worker: Api) -> None:
    wrong = ask(worker.web, client_id=worker.client_id, client_secret="wrong").json()
    unknown = ask(worker.web, client_id="0" * 24, client_secret="wrong").json()

    assert {**wrong, "trace": ""} == {**unknown, "trace": ""}


def test_the_header_and_the_form_must_not_both_say_who(worker: Api) -> None:
    response = ask(worker.web, basic(worker.client_id, worker.secret), client_id="another", client_secret="x")

    assert response.json()["error"] == "invalid_request"


def test_a_spent_token_opens_nothing(worker: Api) -> None:
    ApiToken.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert worker.get("/people/me").status_code == 401


def test_a_revoked_client_is_let_in_no_more(worker: Api) -> None:
    with as_system():
        api_clients.revoke_client(client_id=worker.client_id, by="test")

    assert worker.get("/people/me").status_code == 401
    assert ask(worker.web, client_id=worker.client_id, client_secret=worker.secret).status_code == 401


def test_a_client_whose_account_is_closed_is_let_in_no_more(worker: Api) -> None:
    Account.objects.filter(email__startswith=worker.client_id).update(is_active=False)

    assert worker.get("/people/me").status_code == 401
    assert ask(worker.web, client_id=worker.client_id, client_secret=worker.secret).status_code == 401


def test_signing_in_to_the_pages_does_not_open_the_api(worker: Api) -> None:
    account = Account.objects.get(email__startswith=worker.client_id)
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/api/v1/people/me").status_code == 401


def test_tries_for_one_client_are_limited(worker: Api) -> None:
    last = [ask(worker.web, client_id=worker.client_id, client_secret=f"guess{n}") for n in range(31)][-1]

    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) >= 1


def _signing_client(holder: Holder, key: Any) -> api_clients.NewClient:
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with as_system():
        return api_clients.add_client(
            holder=holder, organisation="Signing system", roles=["data_analyst"], scopes=["files.load"], by="test",
            today=date(2026, 1, 1), public_key=pem,
        )  # fmt: skip


def _claims(client_id: str, **other: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": client_id, "sub": client_id, "aud": f"http://testserver{TOKEN}", "iat": now, "exp": now + 120,
            "jti": uuid.uuid4().hex, **other}  # fmt: skip


def _sign(web: Client, key: Any, algorithm: str, claims: dict[str, Any]) -> Any:
    assertion = jwt.encode(claims, key, algorithm=algorithm)
    return ask(web, client_assertion_type=api_clients.ASSERTION_TYPE, client_assertion=assertion)


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        pytest.param(ed25519.Ed25519PrivateKey.generate, "EdDSA", id="Ed25519"),
        pytest.param(lambda: ec.generate_private_key(ec.SECP256R1()), "ES256", id="P-256"),
    ],
)
def test_a_client_may_sign_instead_of_sending_a_secret_once(
    council: Holder, make: Callable[[], Any], algorithm: str
) -> None:
    key = make()
    client = _signing_client(council, key)
    claims = _claims(client.client_id)

    first, again = (_sign(Client(), key, algorithm, claims) for _ in range(2))

    assert client.secret == ""
    assert first.status_code == 200, first.content
    assert again.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"aud": "https://elsewhere.example/token"}, id="for somebody else"),
        pytest.param({"exp": int(time.time()) - 10}, id="spent"),
        pytest.param({"exp": int(time.time()) + 86_400}, id="good for a day"),
        pytest.param({"iss": "another"}, id="from another"),
        pytest.param({"sub": "another"}, id="about another"),
    ],
)
def test_an_assertion_that_does_not_hold_gets_no_token(council: Holder, wrong: dict[str, Any]) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    client = _signing_client(council, key)

    response = _sign(Client(), key, "EdDSA", _claims(client.client_id, **wrong))

    assert response.status_code == 401


def test_an_assertion_signed_with_another_key_gets_no_token(council: Holder) -> None:
    client = _signing_client(council, ed25519.Ed25519PrivateKey.generate())

    response = _sign(Client(), ed25519.Ed25519PrivateKey.generate(), "EdDSA", _claims(client.client_id))

    assert response.status_code == 401


def test_a_client_with_a_secret_cannot_sign_with_it(worker: Api) -> None:
    response = _sign(worker.web, worker.secret, "HS256", _claims(worker.client_id))

    assert response.status_code == 401


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(b"not a key", id="no key"),
        pytest.param(
            ec.generate_private_key(ec.SECP384R1())
            .public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
            id="another curve",
        ),
    ],
)
def test_a_key_that_will_not_do_is_refused(council: Holder, pem: bytes) -> None:
    with pytest.raises(InputError, match="public key"), as_system():
        api_clients.add_client(
            holder=council, organisation="X", roles=[], scopes=["files.load"], by="test", today=date(2026, 1, 1),
            public_key=pem,
        )  # fmt: skip
