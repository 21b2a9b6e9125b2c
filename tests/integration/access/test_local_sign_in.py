"""
Signing in with an account of Kinfold's own: the second factor that cannot be left out, lock-out, sessions that end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kinfold.access.law import sign_in_number
from kinfold.service.config.sign_in import rate_limits
from kinfold.service.records.actions import people
from kinfold.service.records.models import Account, AuditEntry, Holder
from kinfold.service.records.setting_up import add_holder

pytestmark = pytest.mark.django_db
PASSWORD = "umbrella walnut fortnight"
SIGN_IN = "/accounts/login/"
TODAY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _no_earlier_attempts(settings: Any) -> Iterator[None]:
    # the cheapest hash: what is tested is not its cost
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def council(db: None) -> Holder:
    """Return an invented council."""
    return add_holder(code="990", name="Elmshire")


def account(council: Holder, name: str, *roles: str) -> Account:
    """Return somebody with roles and a password."""
    email = f"{name.split()[0].lower()}@elmshire.invalid"
    made = people.add_account(email=email, name=name, holder=council, by="test", today=TODAY, password=PASSWORD)
    for role in roles:
        people.give_role(account=made, role=role, by="test", because="test", today=TODAY)
    return made


def attempt(email: str, password: str = PASSWORD, *, address: str = "10.0.0.1", web: Client | None = None) -> Any:
    """Send the form of signing in from a network address."""
    return (web or Client()).post(SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize("roles", [("social_worker",), ("application_administrator",), ("child",), ()])
def test_a_password_alone_opens_nothing_to_any_role(council: Holder, roles: tuple[str, ...]) -> None:
    web = Client()
    attempt(account(council, "Sam Okafor", *roles).email, web=web)

    for path in ("/", "/search/", "/people/accounts/", "/my-record/"):
        assert web.get(path)["Location"] == "/accounts/2fa/"


def test_recovery_codes_alone_are_no_second_factor(council: Holder) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    web = Client()
    attempt(sam.email, web=web)
    RecoveryCodes.activate(sam)

    assert web.get("/")["Location"] == "/accounts/2fa/"


def test_a_recovery_code_stands_in_for_the_app_once(council: Holder) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(sam).get_unused_codes()[0]
    web = Client()

    assert attempt(sam.email, web=web)["Location"] == "/accounts/2fa/authenticate/"
    assert web.get("/")["Location"].startswith(SIGN_IN)
    assert web.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert web.get("/").status_code == 200

    again = Client()
    attempt(sam.email, web=again)
    assert "The code is not right" in again.post("/accounts/2fa/authenticate/", {"code": code}).content.decode()


def test_the_numbers_of_lock_out_have_one_source() -> None:
    day = django_settings.TODAY
    window = sign_in_number("attempts_window", day)

    assert rate_limits(day) == django_settings.ACCOUNT_RATE_LIMITS
    assert rate_limits(day)["login_failed"] == (
        f"{sign_in_number('attempts_address', day)}/{window}m/ip,{sign_in_number('attempts_account', day)}/{window}m/key"
    )
    assert sign_in_number("session_longest", day) * 60 == django_settings.SESSION_COOKIE_AGE


def test_an_account_is_locked_wherever_the_attempts_come_from(council: Holder) -> None:
    sam, alex = account(council, "Sam Okafor", "social_worker"), account(council, "Alex Data", "data_analyst")
    allowed = sign_in_number("attempts_account", TODAY)
    for place in range(allowed):
        answer = attempt(sam.email, "wrong words", address=f"10.0.0.{place + 1}")
        assert "The e-mail address or the password is not right" in answer.content.decode()

    locked = attempt(sam.email, address="10.0.1.1")

    assert locked.status_code == 200
    assert "Too many wrong passwords or codes" in locked.content.decode()
    assert f"Wait up to {sign_in_number('attempts_window', TODAY)} minutes" in locked.content.decode()
    assert attempt(alex.email, address="10.0.1.1").status_code == 302  # nobody else is locked


def test_a_network_address_is_locked_whichever_accounts_are_tried(council: Holder) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    for place in range(sign_in_number("attempts_address", TODAY)):
        attempt(f"nobody{place}@elmshire.invalid", "wrong words", address="10.9.9.9")

    assert "Too many wrong passwords or codes" in attempt(sam.email, address="10.9.9.9").content.decode()
    assert attempt(sam.email, address="10.0.0.1").status_code == 302


def test_wrong_codes_lock_the_second_factor_too(council: Holder) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    web = Client()
    attempt(sam.email, web=web)

    said = [
        web.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
        for _ in range(sign_in_number("attempts_account", TODAY) + 1)
    ]

    assert "Too many wrong passwords or codes" in said[-1]


def test_the_lock_is_not_pushed_out_by_trying_many_addresses() -> None:
    assert django_settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


@pytest.mark.parametrize(
    ("began", "last", "stays"),
    [
        pytest.param(timedelta(minutes=40), timedelta(minutes=29), True, id="used a while ago"),
        pytest.param(timedelta(minutes=40), timedelta(minutes=31), False, id="not used for half an hour"),
        pytest.param(timedelta(hours=12, minutes=1), timedelta(minutes=1), False, id="a whole working day"),
    ],
)
def test_a_session_ends_by_itself(
    council: Holder, began: timedelta, last: timedelta, stays: bool, settings: Any
) -> None:
    settings.DEMO = True
    web = Client()
    web.force_login(account(council, "Sam Okafor", "social_worker"), "django.contrib.auth.backends.ModelBackend")
    web.get("/")
    session = web.session
    now = timezone.now()
    session.update({"began": (now - began).timestamp(), "last_request": (now - last).timestamp()})
    session.save()

    assert (web.get("/").status_code == 200) is stays


def test_an_account_that_nobody_used_for_long_is_closed_until_a_new_link(council: Holder) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    Account.objects.filter(pk=sam.pk).update(last_login=timezone.now() - timedelta(days=61))

    assert "Nobody has signed in with it for a long time" in attempt(sam.email).content.decode()

    people.start_again(account=Account.objects.get(pk=sam.pk), by="test")
    sam = Account.objects.get(pk=sam.pk)
    sam.set_password(PASSWORD)
    sam.save()
    assert attempt(sam.email).status_code == 302


@pytest.fixture
def administrator(council: Holder, settings: Any) -> Client:
    """Return the browser of an administrator."""
    lewis = account(council, "Lewis Okoro", "application_administrator")
    TOTP.activate(lewis, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    web = Client()
    web.force_login(lewis, "django.contrib.auth.backends.ModelBackend")
    web.account = lewis  # type: ignore[attr-defined]
    return web


def test_an_administrator_sends_a_link_that_works_once_and_ends_what_was_before(
    council: Holder, administrator: Client
) -> None:
    sam = account(council, "Sam Okafor", "social_worker")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    before = Client()
    before.force_login(sam, "django.contrib.auth.backends.ModelBackend")

    answer = administrator.post(f"/people/accounts/{sam.uid}/", {"link": "1"}, follow=True)

    (letter,) = mail.outbox
    link = re.search(r"http://testserver(\S+)", letter.body)[1]  # type: ignore[index]
    assert letter.to == [sam.email]
    assert link not in answer.content.decode()  # whoever made the account does not see the link
    assert not Authenticator.objects.filter(user=sam).exists()
    assert before.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="sign-in set up anew").exists()

    person = Client()
    form = person.get(link)["Location"]
    weak = person.post(form, {"password1": "Okafor-Okafor-1", "password2": "Okafor-Okafor-1"})
    assert "must not contain your name" in weak.content.decode()
    assert person.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert "This link no longer works" in Client().get(link).content.decode()
    assert attempt(sam.email).status_code == 302


def test_nobody_sends_the_link_to_themselves(administrator: Client) -> None:
    own = administrator.account  # type: ignore[attr-defined]

    answer = administrator.post(f"/people/accounts/{own.uid}/", {"link": "1"})

    assert answer.status_code in (400, 404)
    assert mail.outbox == []
