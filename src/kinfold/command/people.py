"""`kinfold people`: councils, accounts, roles, leavers, and clients of the API."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kinfold.command.line import answer, start_service

people_app = typer.Typer(add_completion=False, no_args_is_help=True, help="Councils, accounts, roles and API clients.")

Roles = Annotated[list[str], typer.Option("--role", help="A role's name, such as social_worker; may be said again.")]
Scopes = Annotated[
    list[str],
    typer.Option(
        "--scope",
        help="records.read, records.write, files.load, department.feed, identity.match, identity.read, asks or "
        "custodian.work; may be said again.",
    ),
]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day from which it answers for records.")
]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day they no longer hold it.")]
PublicKey = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="A PEM file (Ed25519 or P-256): the client signs, without a secret."
    ),
]
JSON = typer.Option(False, "--json", help="Answer as one JSON document.")
BY = typer.Option("command line", "--as", help="Who does it, for the record.")
COUNCIL = typer.Option(..., "--council", help="The council's three-digit code.")


def _today() -> date:
    return datetime.now(UTC).date()


def _ready() -> None:
    start_service()
    from kinfold.service.records.setting_up import ready

    ready()


@people_app.command("add-council")
def add_council(
    code: str = typer.Argument(..., help="The council's three-digit code."),
    name: str = typer.Argument(..., help="Its name."),
    since: Since = None,
    as_json: bool = JSON,
) -> None:
    """
    Add a council (or other body) that answers for records here.

    Example: kinfold people add-council 990 Elmshire
    """
    _ready()
    from kinfold.service.records.setting_up import add_holder
    from kinfold.terms.errors import InputError

    if not (code.isascii() and code.isalnum() and len(code) <= 8 and name.strip()):
        raise InputError("Give a code of at most eight letters and digits, and a name.")
    holder = add_holder(code=code, name=name.strip()[:120], since=since.date() if since else None)
    said = {"code": holder.code, "name": holder.name}
    answer(said, as_json=as_json, text=f"{holder.name} ({holder.code}) answers for records here.")


@people_app.command("add-account")
def add_account(
    email: str = typer.Argument(..., help="The address they sign in with."),
    name: str = typer.Option(..., help="Their name, as colleagues see it."),
    council: str = COUNCIL,
    role: Roles = [],  # noqa: B006 -- read, never changed
    with_password: bool = typer.Option(
        False, "--with-password", help="Make a first password and print it once. Leave out for the council's directory."
    ),
    by: str = BY,
    as_json: bool = JSON,
) -> None:
    """
    Make an account for somebody who works here.

    Example: kinfold people add-account sam.okoro@elmshire.example --name "Sam Okoro" --council 990 --role social_worker
    """
    _ready()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.db import transaction

    from kinfold.service.records.actions import people
    from kinfold.service.records.reads.accounts import holder_with_code
    from kinfold.terms.errors import InputError

    try:
        validate_email(email)
    except ValidationError:
        raise InputError(f"{email} is not an e-mail address.") from None
    password = secrets.token_urlsafe(15) if with_password else None
    with transaction.atomic():
        account = people.add_account(
            email=email, name=name[:120], holder=holder_with_code(council), by=by, today=_today(), password=password
        )
        for one in role:
            people.give_role(account=account, role=one, by=by, because="account added", today=_today())
    said = {"email": account.email, "id": str(account.uid), "roles": role, "password": password}
    lines = [f"{account.name} can sign in as {account.email}, with {', '.join(role) or 'no role yet'}."]
    if password:
        lines.append(f"First password, shown now and never again: {password}")
    answer(said, as_json=as_json, text="\n".join(lines))


@people_app.command("give-role")
def give_role(
    email: str = typer.Argument(..., help="Whose account."),
    role: str = typer.Argument(..., help="The role's name, such as social_worker."),
    because: str = typer.Option(..., help="Why, for the record."),
    until: Until = None,
    by: str = BY,
    as_json: bool = JSON,
) -> None:
    """
    Give an account a role from today.

    Example: kinfold people give-role sam.okoro@elmshire.example team_manager --because "started 1 April"
    """
    _ready()
    from kinfold.service.records.actions import people
    from kinfold.service.records.reads.accounts import account_with_email

    account = account_with_email(email)
    held = people.give_role(
        account=account, role=role, by=by, because=because, today=_today(), until=until.date() if until else None
    )
    said = {"email": account.email, "role": held.role, "from": held.from_date, "until": held.until_date}
    answer(said, as_json=as_json, text=f"{account.name} is {role} from {held.from_date}.")


@people_app.command("link")
def link(
    email: str = typer.Argument(..., help="Whose account."),
    site: str = typer.Option("http://localhost:8000", help="Where Kinfold answers, as people open it."),
    by: str = BY,
    as_json: bool = JSON,
) -> None:
    """
    Print the link by which somebody sets up their sign-in, for the first time or anew. It works once.

    Example: kinfold people link sam.okoro@elmshire.example --site https://kinfold.elmshire.example
    """
    _ready()
    from kinfold.service.records.actions import people
    from kinfold.service.records.reads.accounts import account_with_email
    from kinfold.service.web.sign_in.first_link import first_link

    account = account_with_email(email)
    people.start_again(account=account, by=by)
    made = first_link(account, site=site)
    answer({"email": account.email, "link": made}, as_json=as_json, text=f"Hand this to {account.name} alone:\n{made}")


@people_app.command()
def leave(email: str = typer.Argument(..., help="Who leaves."), by: str = BY, as_json: bool = JSON) -> None:
    """
    Close the account of somebody who leaves. Their open allocations end today, and are listed.

    Example: kinfold people leave sam.okoro@elmshire.example
    """
    _ready()
    from kinfold.service.records.actions import people
    from kinfold.service.records.reads.accounts import account_with_email
    from kinfold.terms.errors import InputError

    account = account_with_email(email)
    if not account.is_active:
        raise InputError(f"The account of {email} is closed already.")
    children = people.leave(account=account, by=by, today=_today())
    text = f"{account.name}'s account is closed. {len(children)} children must be allocated again."
    answer({"email": account.email, "to_allocate": children}, as_json=as_json, text="\n".join([text, *children]))


@people_app.command("add-client")
def add_client(
    organisation: str = typer.Argument(..., help="Whose system it is."),
    council: str = COUNCIL,
    scope: Scopes = [],  # noqa: B006 -- read, never changed
    role: Roles = [],  # noqa: B006 -- read, never changed
    public_key: PublicKey = None,
    by: str = BY,
    as_json: bool = JSON,
) -> None:
    """
    Let an organisation's system call the API. Its secret is printed once.

    Example: kinfold people add-client "Elmshire case system" --council 990 --scope department.feed --role data_analyst
    """
    _ready()
    from django.db import transaction

    from kinfold.service.records.actions import api_clients
    from kinfold.service.records.reads.accounts import holder_with_code

    with transaction.atomic():
        made = api_clients.add_client(
            holder=holder_with_code(council), organisation=organisation[:110], roles=role, scopes=scope, by=by,
            today=_today(), public_key=public_key.read_bytes() if public_key else None,
        )  # fmt: skip
    said = {
        "client_id": made.client_id, "client_secret": made.secret or None, "supplier_key": made.supplier_key,
        "scopes": list(made.scopes),
    }  # fmt: skip
    answer(said, as_json=as_json, text=_client_in_words(said))


def _client_in_words(said: dict[str, Any]) -> str:
    secret = said["client_secret"] or "none: the client signs with its key"
    return "\n".join(
        [
            "Shown now and never again:",
            f"  client id     {said['client_id']}",
            f"  client secret {secret}",
            f"  SupplierKey   {said['supplier_key']}  (for the Department's daily feed)",
        ]
    )


@people_app.command("revoke-client")
def revoke_client(client_id: str = typer.Argument(...), by: str = BY, as_json: bool = JSON) -> None:
    """
    Let a client in no more. Its tokens end at once.

    Example: kinfold people revoke-client 5f2c9e0d1a7b3c4d5e6f7a8b
    """
    _ready()
    from kinfold.service.records.actions import api_clients

    api_clients.revoke_client(client_id=client_id, by=by)
    answer({"client_id": client_id, "revoked": True}, as_json=as_json, text="The client is let in no more.")


@people_app.command("list")
def list_everybody(
    council: str = typer.Option("", help="Only this council, by its code."), as_json: bool = JSON
) -> None:
    """
    List councils, accounts with their roles, and clients of the API.

    Example: kinfold people list --council 990
    """
    _ready()
    from kinfold.service.records.reads.accounts import everybody

    said = everybody(council or None)
    answer(said, as_json=as_json, text=_everybody_in_words(said))


def _everybody_in_words(said: dict[str, list[dict[str, Any]]]) -> str:
    lines = [f"{one['code']:8}  {one['name']}" for one in said["councils"]]
    for one in said["accounts"]:
        state = "" if one["active"] else "  (left)"
        lines.append(f"{one['email']:40}  {one['name']}: {', '.join(one['roles']) or 'no role'}{state}")
    for one in said["clients"]:
        state = "  (revoked)" if one["revoked_at"] else ""
        lines.append(f"{one['client_id']:40}  {one['organisation']}: {', '.join(one['scopes'])}{state}")
    return "\n".join(lines) or "Nobody yet."
