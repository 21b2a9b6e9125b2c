"""Tokens: OAuth2 client credentials (RFC 6749, 4.4), by secret or by signed assertion (RFC 7523)."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from ninja import Field, Form, Router, Schema
from pydantic import StringConstraints

from kinfold.service.api.v1.guard import limit_calls, needs
from kinfold.service.api.v1.problems import Problem
from kinfold.service.records.actions import api_clients

Known = api_clients.Admitted

router = Router(tags=["Tokens"])
# Tries a minute for one client id, right or wrong: a secret cannot be guessed, and a mistake in a loop is stopped.
TRIES_A_MINUTE = 30
Text = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]*$", max_length=4000)]


class Asking(Schema):
    """The form: who you are may stand here or in the Authorization header (Basic), not in both."""

    grant_type: Text = Field(description="client_credentials")
    scope: Text = Field("", description="The scopes you want, with spaces between; all of yours when left out")
    client_id: Text = ""
    client_secret: Text = ""
    client_assertion_type: Text = ""
    client_assertion: Text = ""


class Token(Schema):
    """A token, good for `expires_in` seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


@router.post("/oauth/token", operation_id="get_token", response={200: Token}, summary="Get a token")
@needs("", changes=False)
def get_token(request: HttpRequest, form: Annotated[Asking, Form()], response: HttpResponse) -> Token:
    """Give a client a token for a quarter of an hour. Errors carry `error`, as OAuth 2.0 asks, in the problem."""
    if form.grant_type != "client_credentials":
        raise _refused(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    client = (
        _assertion(request, form) if form.client_assertion or form.client_assertion_type else _secret(request, form)
    )
    issued = api_clients.issue_token(client, form.scope.split())
    if issued is None:
        raise _refused(400, "invalid_scope", f"Ask only for scopes that the client has: {' '.join(client.scopes)}.")
    response["Cache-Control"] = "no-store"
    return Token(
        access_token=issued.token,
        token_type="Bearer",  # noqa: S106 -- the name of a scheme
        expires_in=issued.seconds,
        scope=" ".join(issued.scopes),
    )


def _secret(request: HttpRequest, form: Asking) -> Known:
    header = request.headers.get("Authorization", "")
    client_id, secret = _basic(header) if header else (form.client_id, form.client_secret)
    if header and (form.client_secret or (form.client_id and form.client_id != client_id)):
        raise _refused(400, "invalid_request", "Say who you are in the header or in the form, not in both.")
    limit_calls(f"token:{client_id[:64]}", most=TRIES_A_MINUTE)
    client = api_clients.client_with_secret(client_id, secret)
    if client is None:
        raise _unknown()
    return client


def _assertion(request: HttpRequest, form: Asking) -> Known:
    if form.client_assertion_type != api_clients.ASSERTION_TYPE:
        raise _refused(400, "invalid_request", f"client_assertion_type must be {api_clients.ASSERTION_TYPE}.")
    limit_calls(f"token:{form.client_id[:64]}", most=TRIES_A_MINUTE)
    here = [request.build_absolute_uri(), request.build_absolute_uri("/")]
    client = api_clients.client_with_assertion(form.client_assertion, audiences=here)
    if client is None:
        raise _unknown()
    return client


def _basic(header: str) -> tuple[str, str]:
    scheme, _, text = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise _refused(400, "invalid_request", "The Authorization header must be Basic.") from None
    return unquote_plus(client_id), unquote_plus(secret)


def _unknown() -> Problem:
    # the same for a client that is not there, a wrong secret and one that is no longer let in
    return _refused(401, "invalid_client", "The client is not known, or its secret or assertion does not hold.",
                    headers={"WWW-Authenticate": 'Basic realm="kinfold"'})  # fmt: skip


def _refused(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> Problem:
    return Problem(status, detail, headers=headers, more={"error": error, "error_description": detail})
