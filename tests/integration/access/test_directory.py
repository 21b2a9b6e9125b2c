"""
Signing in through a council's own directory: starters, movers and leavers, and everything a false directory tries.

The whole code flow with PKCE runs over HTTP against a provider on this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client

from kinfold.service.config.sign_in import directory
from kinfold.service.records.actions import people
from kinfold.service.records.models import Account, AuditEntry, Holder, IdentifierKey, RoleHeld, Thing
from kinfold.service.records.setting_up import add_holder

from .openid_provider import CLIENT, SECRET, Member, Provider, running

pytestmark = pytest.mark.django_db
GROUPS = """
[[group]]
group = "Childrens Social Work"
role = "social_worker"
council = "990"

[[group]]
group = "Childrens Team Leads"
role = "team_manager"
council = "990"
team = "T12"

[[group]]
group = "Oakbridge analysts"
role = "data_analyst"
council = "991"
"""
BEGIN = "/accounts/oidc/directory/login/"
ENDED = "/accounts/oidc/directory/ended/"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    """Return a directory that runs for all of these tests."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server: Provider, settings: Any, tmp_path: Path) -> Provider:
    """Return the directory as the settings name it, telling the truth."""
    server.faults, server.groups_in, server.first_nonce = set(), "id_token", ""
    (tmp_path / "groups.toml").write_text(GROUPS, encoding="utf-8")
    settings.DIRECTORY = directory(
        {
            "KINFOLD_OIDC_ISSUER": server.address,
            "KINFOLD_OIDC_CLIENT": CLIENT,
            "KINFOLD_OIDC_SECRET": SECRET,
            "KINFOLD_OIDC_GROUPS": str(tmp_path / "groups.toml"),
        },
        "council",
    )
    settings.SOCIALACCOUNT_PROVIDERS = settings.DIRECTORY.provider
    cache.clear()
    return server


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council with one team."""
    holder = add_holder(code="990", name="Elmshire")
    people.add_team(holder=holder, code="T12", name="Assessment 1", by="test")
    return holder


@pytest.fixture
def sam() -> Member:
    """Return somebody in the directory's social workers."""
    return Member("subject-of-sam", "sam.okoro@elmshire.invalid", "Sam Okoro", ["Everyone", "childrens social work"])


def sign_in(provider: Provider, member: Member, client: Client | None = None) -> tuple[Client, Any]:
    """Go through the directory and back, as a browser does, and return the browser and the last answer."""
    web = client or Client()
    provider.at_the_browser = member
    there = web.get(BEGIN)
    assert there.status_code == 302, there.content
    back = requests.get(there["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return web, web.get(f"{parts.path}?{parts.query}")


def roles(account: Account) -> set[tuple[str, bool]]:
    """Return the roles an account holds now, and whether each is over one team."""
    open_now = RoleHeld.objects.filter(account=account, until_date__isnull=True)
    return {(held.role, held.scope_id is not None) for held in open_now}


def test_a_starter_gets_an_account_with_the_role_of_the_group(council: Holder, provider: Provider, sam: Member) -> None:
    web, answer = sign_in(provider, sam)

    account = Account.objects.get(email=sam.email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (account.name, account.held_by, account.has_usable_password()) == ("Sam Okoro", council, False)
    assert roles(account) == {("social_worker", False)}
    assert web.get("/").status_code == 200  # no second factor is asked for: the directory asked
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 30
    assert "openid" in asked["scope"].split()


def test_groups_may_come_with_the_user_information(council: Holder, provider: Provider, sam: Member) -> None:
    provider.groups_in = "userinfo"

    sign_in(provider, sam)

    assert roles(Account.objects.get(email=sam.email)) == {("social_worker", False)}


def test_another_group_changes_the_role_at_the_next_sign_in(council: Holder, provider: Provider, sam: Member) -> None:
    sign_in(provider, sam)
    account = Account.objects.get(email=sam.email)
    people.give_role(account=account, role="data_analyst", by="Lewis", because="cover", today=date(2026, 1, 1))

    sam.groups = ["Childrens Team Leads"]
    sign_in(provider, sam)

    # what an administrator gave stays theirs to end
    assert roles(account) == {("team_manager", True), ("data_analyst", False)}
    ended = RoleHeld.objects.get(account=account, role="social_worker")
    assert ended.until_date is not None
    assert Account.objects.filter(email=sam.email).count() == 1
    assert AuditEntry.objects.filter(actor="directory", action="role ended").exists()


@pytest.mark.parametrize("groups", [[], ["Everyone"], ["Oakbridge analysts elsewhere"]])
def test_nobody_without_a_known_group_comes_in(
    council: Holder, provider: Provider, sam: Member, groups: list[str]
) -> None:
    sam.groups = groups

    web, answer = sign_in(provider, sam)

    assert answer.status_code == 403
    assert "puts you in no group that opens Kinfold" in answer.content.decode()
    assert not Account.objects.filter(email=sam.email).exists()
    assert web.get("/")["Location"].startswith("/accounts/login/")


def test_whoever_leaves_every_group_loses_roles_and_sessions(council: Holder, provider: Provider, sam: Member) -> None:
    elsewhere, _ = sign_in(provider, sam)
    assert elsewhere.get("/").status_code == 200

    sam.groups = ["Everyone"]
    _, answer = sign_in(provider, sam)

    assert answer.status_code == 403
    assert roles(Account.objects.get(email=sam.email)) == set()
    assert elsewhere.get("/").status_code == 302


def test_a_leavers_sessions_end_when_the_account_is_closed(council: Holder, provider: Provider, sam: Member) -> None:
    web, _ = sign_in(provider, sam)

    people.leave(account=Account.objects.get(email=sam.email), by="Lewis", today=date(2026, 11, 22))

    assert web.get("/").status_code == 302
    _, answer = sign_in(provider, sam)
    assert answer.status_code == 403
    assert "Your account is closed" in answer.content.decode()


def test_the_directory_ends_the_sessions_of_a_leaver(council: Holder, provider: Provider, sam: Member) -> None:
    web, _ = sign_in(provider, sam)
    token = provider.logout_token(sam.subject)

    answer = Client().post(ENDED, {"logout_token": token})

    assert answer.status_code == 200
    assert web.get("/").status_code == 302
    assert Client().post(ENDED, {"logout_token": token}).status_code == 400  # a token works once


@pytest.mark.parametrize("wrong", ["signature", "events", "nonce", "aud", "iss", "exp", "nothing"])
def test_a_false_logout_token_ends_nothing(council: Holder, provider: Provider, sam: Member, wrong: str) -> None:
    web, _ = sign_in(provider, sam)
    false = {
        "events": {"events": {}}, "nonce": {"nonce": "x"}, "aud": {"aud": "other"}, "iss": {"iss": "other"},
        "exp": {"exp": 1},
    }  # fmt: skip
    if wrong == "signature":
        provider.faults = {"signature"}
    token = "" if wrong == "nothing" else provider.logout_token(sam.subject, **false.get(wrong, {}))

    answer = Client().post(ENDED, {"logout_token": token})

    assert answer.status_code == 400
    assert web.get("/").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        "signature", "unsigned", "signed with the secret", "audience", "expired", "no nonce", "other issuer",
        "other subject",
    ],
)  # fmt: skip
def test_what_a_false_directory_says_is_not_believed(
    council: Holder, provider: Provider, sam: Member, fault: str
) -> None:
    provider.faults = {fault}

    web, answer = sign_in(provider, sam)

    assert answer.status_code == 401
    assert "You are not signed in" in answer.content.decode()
    assert not Account.objects.filter(email=sam.email).exists()
    assert web.get("/").status_code == 302


def test_an_id_token_of_an_earlier_sign_in_is_refused(council: Holder, provider: Provider, sam: Member) -> None:
    sign_in(provider, sam)
    provider.faults = {"replayed nonce"}

    _, answer = sign_in(provider, sam)

    assert answer.status_code == 401


def test_an_answer_to_somebody_elses_browser_is_refused(council: Holder, provider: Provider, sam: Member) -> None:
    provider.at_the_browser = sam
    back = requests.get(Client().get(BEGIN)["Location"], allow_redirects=False, timeout=10).headers["Location"]

    answer = Client().get(f"{urlsplit(back).path}?{urlsplit(back).query}")

    assert answer.status_code == 401


def test_a_code_works_once(council: Holder, provider: Provider, sam: Member) -> None:
    provider.at_the_browser = sam
    web = Client()
    back = urlsplit(requests.get(web.get(BEGIN)["Location"], allow_redirects=False, timeout=10).headers["Location"])
    web.get(f"{back.path}?{back.query}")

    again = web.get(f"{back.path}?{back.query}")

    assert again.status_code == 401


@pytest.mark.parametrize(("verified", "status"), [(True, 302), (False, 403)])
def test_an_account_made_before_is_joined_only_by_a_verified_address(
    council: Holder, provider: Provider, sam: Member, verified: bool, status: int
) -> None:
    made = people.add_account(
        email=sam.email, name="Sam Okoro", holder=council, by="test", today=date(2026, 1, 1), password="old words here"
    )
    sam.email_verified = verified

    _, answer = sign_in(provider, sam)

    made.refresh_from_db()
    assert answer.status_code == status
    assert made.has_usable_password() is not verified
    assert Account.objects.count() == 1


def test_whoever_the_directory_answers_for_has_no_other_door(council: Holder, provider: Provider, sam: Member) -> None:
    sign_in(provider, sam)
    account = Account.objects.get(email=sam.email)
    account.set_password("a password they set by some link")
    account.save()

    answer = Client().post(
        "/accounts/login/", {"login": sam.email, "password": "a password they set by some link"}, follow=True
    )

    assert answer.status_code == 403
    assert "Sign in with your organisation’s account" in answer.content.decode()


def test_a_group_of_a_team_nobody_knows_is_said(council: Holder, provider: Provider, sam: Member) -> None:
    IdentifierKey.objects.filter(value="T12").update(value="T99")
    sam.groups = ["Childrens Team Leads"]

    _, answer = sign_in(provider, sam)

    assert answer.status_code == 403
    assert "team T12" in answer.content.decode()
    assert not Account.objects.filter(email=sam.email).exists()
    assert not Thing.objects.filter(sort="worker").exists()


def test_without_a_directory_there_is_no_such_page(db: None) -> None:
    assert Client().get(BEGIN).status_code == 404
    assert Client().post(ENDED).status_code == 404
