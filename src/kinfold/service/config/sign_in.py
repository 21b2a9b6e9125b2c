"""The settings of signing in: the numbers of access/sign_in.toml in the form the sign-in package takes, the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kinfold.access.directory import GroupRule, read_groups
from kinfold.access.law import sign_in_number
from kinfold.access.words import Installation
from kinfold.terms.errors import SettingError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PROVIDER = "directory"


def rate_limits(day: date) -> dict[str, str]:
    """
    Return the limits of sign-in: wrong passwords and wrong codes by account and by network address, and sign-ins.

    `key` is one account (its address, or its second factor); `ip` is one network address.
    """
    window = sign_in_number("attempts_window", day)
    account, address = sign_in_number("attempts_account", day), sign_in_number("attempts_address", day)
    return {
        "login": f"{sign_in_number('sign_ins_address', day)}/m/ip",
        "login_failed": f"{address}/{window}m/ip,{account}/{window}m/key",
    }


@dataclass(frozen=True, slots=True)
class Directory:
    """A council's own directory: the provider as the sign-in package takes it, and what its groups give."""

    provider: dict[str, Any]
    group_claim: str
    groups: tuple[GroupRule, ...]


def directory(environment: Mapping[str, str], installation: str) -> Directory | None:
    """Return the directory that the settings name, or None. Raises SettingError for one that cannot be trusted."""
    issuer = environment.get("KINFOLD_OIDC_ISSUER", "").strip().rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise SettingError(f"KINFOLD_OIDC_ISSUER must start with https://, not {parts.scheme or 'nothing'}://")
    for name in ("KINFOLD_OIDC_CLIENT", "KINFOLD_OIDC_GROUPS"):
        if not environment.get(name, "").strip():
            raise SettingError(f"KINFOLD_OIDC_ISSUER is set, so {name} must be too: see docs/how-to/sign-in.md")
    groups = read_groups(Path(environment["KINFOLD_OIDC_GROUPS"]), Installation(installation))
    return Directory(
        _provider(environment, issuer), environment.get("KINFOLD_OIDC_GROUP_CLAIM", "") or "groups", groups
    )


def _provider(environment: Mapping[str, str], issuer: str) -> dict[str, Any]:
    app = {
        "provider_id": PROVIDER,
        "name": environment.get("KINFOLD_OIDC_NAME", "") or "your council account",
        "client_id": environment["KINFOLD_OIDC_CLIENT"].strip(),
        "secret": environment.get("KINFOLD_OIDC_SECRET", ""),
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
