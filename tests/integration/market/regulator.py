"""An invented regulator's installation, with its officers, and the steps of a case as they are done on its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from kinfold.market.invented import Invented, invented_register
from kinfold.market.store import keep
from kinfold.service.records.actions import people
from kinfold.service.records.models import MarketCase
from kinfold.service.records.setting_up import add_holder

PASSWORDS = "django.contrib.auth.backends.ModelBackend"
OFFICERS = (
    ("ada", "ofsted_group_oversight_officer", "Ada Finch"), ("bea", "ofsted_group_oversight_officer", "Bea Moss"),
    ("cai", "ofsted_enforcement_officer", "Cai Wren"), ("dot", "ofsted_enforcement_officer", "Dot Hale"),
    ("fin", "ofsted_registrar", "Fin Lark"),
)  # fmt: skip
GRID = """
source = "An invented grid"
daily_pence = 1000
[[base]]
severity = "high"
culpability = "reckless"
pence = 1000000
[aggravating]
"concealment" = 25
"""


def a_register(folder: Path) -> None:
    """Keep a small invented register in a data folder."""
    homes = [
        Invented(f"SC9{n:04d}", "Children's home", "Private", f"Tarn {n % 9} Ltd", "990", "Quillmere", "North West", 4)
        for n in range(90)
    ]
    keep(invented_register(homes, last_year=2025, seed=2), folder=folder)


def day(when: date, name: str) -> dict[str, str]:
    """Return a day as its three fields are posted."""
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


@dataclass
class Regulator:
    """The installation: a client for each officer. `step` does a step of the case under way and returns the answer."""

    clients: dict[str, Client] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    uid: str = ""
    part: str = "oversight"

    @property
    def today(self) -> date:
        """Return today as the service knows it."""
        return timezone.localdate()

    def ago(self, days: int) -> date:
        """Return the day so many days ago."""
        return self.today - timedelta(days=days)

    @property
    def home(self) -> str:
        """Return the address of the case under way."""
        return f"/{self.part}/cases/{self.uid}/"

    def open(self, who: str, address: str, /, **said: Any) -> None:
        """Open a case as somebody by posting to an address."""
        answer = self.clients[who].post(address, said)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        self.uid = answer["Location"].rstrip("/").rpartition("/")[2]

    def step(self, who: str, place: str, /, **said: Any) -> None:
        """Do a step that must succeed: it sends back to the case."""
        answer = self.clients[who].post(f"{self.home}{place}/", said)
        shown = answer.content.decode()
        assert answer.status_code == 302, shown[shown.find("error-summary") :][:1500] or shown[:1500]

    def refused(self, who: str, place: str, /, **said: Any) -> str:
        """Do a step that must not succeed; return what is said."""
        answer = self.clients[who].post(f"{self.home}{place}/", said)
        assert answer.status_code in (200, 400, 403, 404), answer.status_code
        return answer.content.decode()

    def evidence(self, who: str, *, with_file: bool = False) -> int:
        """Add evidence to the case under way and return the number of the exhibit."""
        said: dict[str, Any] = {
            "what": "Report of a visit",
            "power": "Given by a council",
            "used": "yes",
            **day(self.ago(3), "obtained_on"),
        }
        if with_file:
            said["file"] = SimpleUploadedFile("report.txt", b"The manager had left in May.", content_type="text/plain")
        self.step(who, "evidence", **said)
        return MarketCase.objects.get(uid=self.uid).lines.count()

    def page(self, who: str) -> str:
        """Return the page of the case under way."""
        answer = self.clients[who].get(self.home)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


def found_regulator() -> Regulator:
    """Return a regulator with five officers: two of oversight, two of enforcement, a registrar."""
    holder = add_holder(code="REG", name="Inspectorate of Invented Services")
    made = Regulator()
    for key, role, name in OFFICERS:
        account = people.add_account(email=f"{key}@regulator.invalid", name=name, holder=holder, by="test",
                                     today=date(2020, 1, 1), persona="for a journey")  # fmt: skip
        people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
        made.accounts[key] = account
        made.clients[key] = Client()
        made.clients[key].force_login(account, PASSWORDS)
    return made


def oversight_case(
    regulator: Regulator, group: str = "tarn 1", homes: tuple[str, ...] = ("SC90001", "SC90010")
) -> None:
    """Bring a case of oversight to where a notice may be drafted: two concerns that another person confirmed."""
    regulator.part = "oversight"
    regulator.open("ada", f"/oversight/groups/{group}/", reasons="Two homes fell below good in one year")
    exhibit = regulator.evidence("ada", with_file=True)
    regulator.step("ada", "group", parent="Tarn Holdings plc", parent_is_undertaking="yes",
                   subsidiaries="Tarn 1 Ltd: SC90001, SC90010\nTarn Two Ltd: SC90019", reasons="Companies register, 3 May")  # fmt: skip
    for urn in homes:
        regulator.step("ada", "concern", establishment=urn, issue="No registered manager for six months", severity="high",
                       grounds_for_cancellation="yes", evidence=[exhibit])  # fmt: skip
        number = MarketCase.objects.get(uid=regulator.uid).lines.count()
        regulator.step("bea", f"concern-{number}", answer="concern confirmed", reasons="I read exhibit and register")
    regulator.step("ada", "evidence-review", reasons="Enough to look at")
    regulator.step("ada", "setting-action", reasons="The same cause in both homes: the group's own staffing")


def unregistered_case(regulator: Regulator) -> None:
    """Bring a case about an unregistered setting to a determination that another officer agreed to."""
    regulator.part = "unregistered"
    regulator.open("cai", "/unregistered/new/", name="A let house in Quillmere", source="a council", hint="A child of nine, agency staff",
                   operator="Fell Care Ltd", area="330", **day(regulator.ago(9), "received_on"))  # fmt: skip
    regulator.step("cai", "triage", immediate_risk="yes", reasons="A young child, no checks known")
    regulator.step("cai", "opened", reasons="Credible and specific")
    regulator.step("cai", "stay", child="Child A", council="330", deprivation_of_liberty="yes", fee="21500",
                   reason="emergency: nothing else was found", **day(regulator.ago(20), "begun"))  # fmt: skip
    regulator.step(
        "cai", "council-told", council="330", how="Head of service, by telephone", **day(regulator.today, "on")
    )
    regulator.step(
        "cai",
        "visit",
        who="Cai Wren",
        children_seen="1",
        found="One child, two staff on shift",
        **day(regulator.ago(5), "on"),
    )
    exhibit = regulator.evidence("cai", with_file=True)
    regulator.step("cai", "determine", determination="registrable", category="children's home", evidence=[exhibit],
                   test="Care and accommodation wholly or mainly for children", reasons="Care was given there, day and night")  # fmt: skip
    regulator.step("dot", "answer", answer="agreed")


def intention_served(
    at: Regulator, first: str, second: str, where: str, *, days: int, standard: str, why: str, **about: str
) -> None:
    """Open a case about a penalty as one officer, and serve its notice of intention when another has signed and agreed."""
    at.part = "penalties"
    at.open(first, where, **about)
    exhibit = at.evidence(first)
    at.step(first, "act", convicted="no", proceedings_pending="no", acquitted="no", reasons="Asked the court")
    at.step(second, "sign", sufficient="yes", standard=standard, evidence=[exhibit], reasons="I read it")
    at.step(first, "amount", severity="high", culpability="reckless", days=str(days), reasons="Exhibit")
    at.step(first, "guards-checked", reasons="Nothing against it")
    at.step(first, "intention-served", reasons=why)
    at.step(second, "answer", answer="agreed", **day(at.today, "served_on"))


def client_of_role(role: str, held: Any) -> Client:
    """Return a client for an account of a holder with one role."""
    account = people.add_account(
        email=f"{role}@matrix.invalid", name=role, holder=held, by="test", today=date(2020, 1, 1)
    )
    people.give_role(account=account, role=role, by="test", because="a test", today=date(2020, 1, 1))
    client = Client()
    client.force_login(account, PASSWORDS)
    return client


def address_of(name: str, uid: str) -> str:
    """Return the address of a route about a case, or about the group "tarn 1"."""
    for arguments in ([], [uid], [uid, "evidence"], [uid, 1], ["tarn 1"]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)
