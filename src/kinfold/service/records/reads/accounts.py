"""Who may sign in or call, with which roles: what `kinfold people list` prints."""

from __future__ import annotations

from typing import Any

from kinfold.service.records.models import Account, ApiClient, Holder, RoleHeld
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError


def holder_with_code(code: str) -> Holder:
    """Return the council with a code. Raises InputError, naming the codes there are, when there is none."""
    with as_system():
        found = Holder.objects.filter(code=code).first()
        known = list(Holder.objects.order_by("code").values_list("code", flat=True))
    if found is None:
        raise InputError(f"There is no council {code}. There are: {', '.join(known) or 'none yet; add one first'}.")
    return found


def account_with_email(email: str) -> Account:
    """Return the account that signs in with an address. Raises InputError when there is none."""
    found = Account.objects.filter(email__iexact=email).select_related("held_by").first()
    if found is None:
        raise InputError(f"There is no account for {email}.")
    return found


def everybody(code: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return councils, accounts with their roles, and clients; of one council when its code is given."""
    holders = Holder.objects.order_by("code")
    accounts = Account.objects.select_related("held_by").order_by("pk").filter(email__contains="@")
    clients = ApiClient.objects.select_related("held_by").order_by("pk")
    if code:
        holder = holder_with_code(code)
        holders, accounts, clients = (
            holders.filter(pk=holder.pk),
            accounts.filter(held_by=holder),
            clients.filter(held_by=holder),
        )
    machines = set(ApiClient.objects.values_list("account_id", flat=True))
    return {
        "councils": [{"code": holder.code, "name": holder.name, "sort": holder.sort} for holder in holders],
        "accounts": [_account(account) for account in accounts if account.pk not in machines],
        "clients": [_client(client) for client in clients],
    }


def _account(account: Account) -> dict[str, Any]:
    roles = RoleHeld.objects.filter(account=account, until_date__isnull=True).order_by("role")
    return {
        "email": account.email, "name": account.name, "council": account.held_by.code if account.held_by else None,
        "active": account.is_active, "started": account.started, "left": account.left,
        "roles": [held.role for held in roles],
    }  # fmt: skip


def _client(client: ApiClient) -> dict[str, Any]:
    return {
        "client_id": client.client_id, "organisation": client.organisation,
        "council": client.held_by.code if client.held_by else None, "scopes": client.scopes,
        "signs": not client.secret_hash.startswith("sha256$"), "revoked_at": client.revoked_at,
    }  # fmt: skip
