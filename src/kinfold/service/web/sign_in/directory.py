"""
Sign-in through a council's own directory, by OpenID Connect's code flow with PKCE.

Nothing the directory says is believed before its signature is: the ID token's key, issuer, audience, times and the
nonce of this very sign-in, and that the user information is about the same subject.

Source: OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2; Discovery 1.0, section 4.3; Back-Channel Logout 1.0,
section 2.6.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import jwt
import requests
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kinfold.service.config.sign_in import PROVIDER
from kinfold.service.records.actions.directory import Said
from kinfold.service.records.actions.people import end_sessions

# Signed with the directory's private key; a shared secret (HS256) or nothing at all would let the client sign.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512")
CLOCKS_APART = 60  # seconds by which the two machines' clocks may differ
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Directory(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The directory during one request. `nonce` is that of the sign-in this answer belongs to."""

    nonce: str = ""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **rest: Any) -> Any:
        """Return who signed in, with what the directory said of them. Raises OAuth2Error for what is not to be believed."""
        claims = self.believed(app, str(rest["response"].get("id_token") or ""))
        if not self.nonce or not secrets.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("The ID token is not of this sign-in")
        told = {**self._user_information(claims, token.token), **claims}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}  # the account holds what is needed; nothing else is kept
        login.said = said(told, settings.DIRECTORY.group_claim if settings.DIRECTORY else "")
        return login

    def believed(self, app: SocialApp, token: str) -> dict[str, Any]:
        """Return the claims of a token that the directory signed for us and that holds now. Raises OAuth2Error."""
        issuer = str(self.openid_config.get("issuer", ""))
        if issuer.rstrip("/") != app.settings["server_url"]:
            raise OAuth2Error("The directory's configuration names another issuer")
        try:
            claims: dict[str, Any] = jwt.decode(
                token, key=self._key(token), algorithms=list(ALGORITHMS), issuer=issuer, audience=app.client_id,
                leeway=CLOCKS_APART, options={"require": ["iss", "aud", "iat", "exp", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"The token is not to be believed: {type(error).__name__}") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("The token was made for another client")
        return claims

    def _key(self, token: str) -> Any:
        """Return the directory's key that a token names, or its only one. Keys may have changed: they are asked for."""
        wanted = jwt.get_unverified_header(token).get("kid")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(response.json()).keys if key.public_key_use in (None, "sig")]
        found = [key for key in keys if key.key_id == wanted] if wanted else keys
        if len(found) != 1:
            raise jwt.InvalidKeyError("no such key")
        return found[0].key

    def _user_information(self, claims: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        found: dict[str, Any] = self._fetch_user_info(access_token)
        if found.get("sub") != claims["sub"]:
            raise OAuth2Error("The user information is about somebody else")
        return found


def said(told: Mapping[str, Any], group_claim: str) -> Said:
    """Return what the directory told of somebody, as the action takes it. One group may come without a list."""
    groups = told.get(group_claim) or ()
    return Said(
        email=str(told.get("email") or "").strip().lower(),
        email_verified=told.get("email_verified") in (True, "true"),
        name=str(told.get("name") or ""),
        groups=(groups,) if isinstance(groups, str) else tuple(str(group) for group in groups),
    )


class _Answered(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


def _directory(request: HttpRequest, provider_id: str) -> Directory:
    if settings.DIRECTORY is None or provider_id != PROVIDER:
        raise Http404
    return Directory(request, provider_id)


@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to the directory, with a nonce and a PKCE challenge of their own."""
    provider = _directory(request, provider_id).get_provider()
    nonce = secrets.token_urlsafe(32)
    try:
        return provider.redirect(  # type: ignore[no-any-return]
            request, process="login", next_url=get_next_redirect_url(request), auth_params={"nonce": nonce}, nonce=nonce
        )
    except requests.RequestException as error:
        return render_authentication_error(request, provider, exception=error)  # type: ignore[no-any-return]


@require_safe
def answered(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the directory's answer: sign the person in, or say why not."""
    adapter = _directory(request, provider_id)
    try:
        return _Answered.adapter_view(adapter)(request)  # type: ignore[no-any-return]
    except (KeyError, TypeError, ValueError) as error:  # an answer that is not what the standard says
        return render_authentication_error(request, adapter.get_provider(), exception=error)  # type: ignore[no-any-return]


@csrf_exempt  # the directory itself calls: its signature is what is checked
@require_POST
def ended(request: HttpRequest, provider_id: str) -> HttpResponse:
    """End the sessions of somebody of whom the directory says that they signed out or left."""
    adapter = _directory(request, provider_id)
    app = adapter.get_provider().app
    try:
        claims = adapter.believed(app, request.POST.get("logout_token", ""))
        _insist_on_logout(claims)
    except (OAuth2Error, requests.RequestException, KeyError, ValueError):
        return HttpResponse(json.dumps({"error": "invalid_request"}), "application/json", HTTPStatus.BAD_REQUEST)
    joined = SocialAccount.objects.filter(provider=PROVIDER, uid=claims["sub"]).select_related("user").first()
    if joined is not None:
        end_sessions(account=joined.user, by="directory", because="the directory ended them")
    return HttpResponse(status=HTTPStatus.OK)


def _insist_on_logout(claims: Mapping[str, Any]) -> None:
    """Raise OAuth2Error for a token that is not a new logout token: an ID token must not end a session."""
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims or not claims.get("jti"):
        raise OAuth2Error("This is not a logout token")
    if not cache.add(f"logout:{claims['jti']}"[:200], True, timeout=24 * 3600):
        raise OAuth2Error("This logout token was used before")
