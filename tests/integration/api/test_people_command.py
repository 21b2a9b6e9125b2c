"""`kinfold people`: councils, accounts, roles, leavers and clients of the API, from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from kinfold.command.people import people_app
from kinfold.service.records.actions import api_clients, people
from kinfold.service.records.models import Account, ApiClient, Holder, Thing
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

from .conftest import TODAY

pytestmark = pytest.mark.django_db


def run(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(people_app, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_a_council_is_added_once(council: Holder) -> None:
    first, again = (run("add-council", "992", "Millford") for _ in range(2))

    assert first == again == {"code": "992", "name": "Millford"}
    assert Holder.objects.filter(code="992").count() == 1


def test_an_account_is_added_with_roles_and_a_password_shown_once(council: Holder) -> None:
    said = run(
        "add-account", "sam.okoro@elmshire.example", "--name", "Sam Okoro", "--council", "990", "--role",
        "social_worker", "--with-password",
    )  # fmt: skip

    account = Account.objects.get(email="sam.okoro@elmshire.example")
    assert account.check_password(said["password"])
    assert [held.role for held in account.roles_held.all()] == ["social_worker"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["add-account", "x", "--name", "X", "--council", "990"], "not an e-mail", id="no address"),
        pytest.param(["add-account", "x@y.example", "--name", "X", "--council", "123"], "no council", id="no council"),
        pytest.param(
            ["add-account", "x@y.example", "--name", "X", "--council", "990", "--role", "wizard"],
            "no role",
            id="no role",
        ),
        pytest.param(["give-role", "x@y.example", "auditor", "--because", "new"], "no account", id="no account"),
        pytest.param(["add-client", "X", "--council", "990", "--role", "auditor"], "Choose scopes", id="no scope"),
        pytest.param(["revoke-client", "x"], "no such client", id="no client"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_half_done(council: Holder, words: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        CliRunner().invoke(people_app, words, catch_exceptions=False)

    assert not Account.objects.exists()
    assert not ApiClient.objects.exists()


def test_a_role_is_given_and_a_leavers_children_are_listed(council: Holder, child: Thing) -> None:
    run("add-account", "sam.okoro@elmshire.example", "--name", "Sam Okoro", "--council", "990")
    run("give-role", "sam.okoro@elmshire.example", "social_worker", "--because", "started")
    worker = Account.objects.get().person
    assert worker is not None
    with as_system():
        people.allocate(children=[child], worker=worker, role="SOCIAL_WORKER", by="test", because="new", today=TODAY)

    said = run("leave", "sam.okoro@elmshire.example")

    assert said["to_allocate"] == [str(child.uid)]
    assert not Account.objects.get().is_active


def test_a_clients_secret_is_printed_once_and_never_kept(council: Holder) -> None:
    said = run("add-client", "Case system", "--council", "990", "--scope", "department.feed", "--role", "data_analyst")

    client = ApiClient.objects.get()
    assert said["client_secret"] not in client.secret_hash
    assert api_clients.client_with_secret(said["client_id"], said["client_secret"]) == client
    assert api_clients.supplier_key_fits(said["client_id"], said["supplier_key"])
    listed = json.dumps(run("list"))
    assert said["client_id"] in listed
    assert said["client_secret"] not in listed


def test_the_list_has_people_and_clients_apart(council: Holder) -> None:
    run("add-account", "sam.okoro@elmshire.example", "--name", "Sam Okoro", "--council", "990")
    run("add-client", "Case system", "--council", "990", "--scope", "records.read", "--role", "data_analyst")

    said = run("list", "--council", "990")

    assert [one["email"] for one in said["accounts"]] == ["sam.okoro@elmshire.example"]
    assert [one["organisation"] for one in said["clients"]] == ["Case system"]
    assert [one["code"] for one in said["councils"]] == ["990"]


def test_the_help_names_every_scope_that_there_is() -> None:
    said = CliRunner().invoke(people_app, ["add-client", "--help"], env={"COLUMNS": "200"}).output

    assert [scope for scope in api_clients.SCOPES if scope not in said] == []
