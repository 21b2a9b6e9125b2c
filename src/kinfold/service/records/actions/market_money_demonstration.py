"""An invented Department for the demonstration: its analysts, a sound and a failing group in oversight, and a council that is warned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kinfold.files.attached import make_safe
from kinfold.market.cases.financial import FORMAL, RISK, STANDARD, quarter_before
from kinfold.market.cases.journal import AGREED, PROPOSAL
from kinfold.market.exits.replaceable import Thresholds, measured_groups
from kinfold.market.financial.invented import invented_return
from kinfold.market.financial.template import template
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.actions import people
from kinfold.service.records.actions.market_cases import open_case, write
from kinfold.service.records.actions.market_warnings import with_recipients
from kinfold.service.records.models import Account, Holder, MarketCase
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_cases import FINANCIAL
from kinfold.service.records.reads.market_exits import HOME, homes_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.places import demo_authorities

ANALYST, PROVIDER = "financial_oversight_analyst", "provider_user"
COUNCILS = demo_authorities()[:3]
PEOPLE = (
    (ANALYST, "first", "Eva Lund", "", "Financial oversight analyst: takes returns in, proposes a stage"),
    (ANALYST, "second", "Gus Roe", "", "Financial oversight, the second officer: agrees or does not"),
    ("placement_officer", "council", "Hal Byrne", COUNCILS[0].name, f"A commissioner of {COUNCILS[0].name}: is warned"),
    ("ofsted_group_oversight_officer", "ofsted", "Ivy Cole", "Ofsted", "Ofsted: is warned too"),
)  # fmt: skip


def largest_groups() -> dict[str, list[dict[str, Any]]]:
    """Return the keys of the two largest groups that meet a condition, with their homes; none where no register is loaded."""
    held = shelf(None)
    if held is None:
        return {}
    limits = Thresholds.of(pack(JURISDICTION, held.day))
    rows = measured_groups(held.settings.filter(held.settings["type"] == HOME), limits)
    return {key: homes_of(key) for key in [row["owner_key"] for row in rows if row["conditions"]][:2]}


def add_department(
    holder: Holder, *, today: date, groups: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[MarketCase]:
    """
    Add the people, and a case about each of two groups, once; return the cases: the failing one first, with a warning in force.

    `groups` are keys of owners with their homes (`urn`, `places`).
    """
    with as_system():
        if MarketCase.objects.filter(held_by=holder, sort=FINANCIAL).exists():
            return []
    eva, gus, *_ = (_person(holder, *one, today=today) for one in PEOPLE)
    for key in list(groups)[:1]:
        name = key.title()
        _person(holder, PROVIDER, "finance", "Tia Marsh", name, f"Finance director of {name}: its returns", today=today)
    found = []
    for (key, homes), strain in zip(groups.items(), (1.0, 0.0), strict=False):
        row = _opened(eva, key)
        before = _quarter(today, 1) - timedelta(days=30)  # the first return below is of the quarter that ended after it
        _decided(eva, gus, row, STANDARD, "It meets a condition by its size", day=before)
        for quarters in (1, 0):
            _returned(eva, row, homes, period_end=_quarter(today, quarters), strain=strain * (1 - 0.5 * quarters))
        if strain:
            _failing(eva, gus, row, today)
        found.append(row)
    return found


def _person(holder: Holder, role: str, mark: str, name: str, organisation: str, words: str, *, today: date) -> Reader:
    account = people.add_account(
        email=f"{role.replace('_', '.')}.{mark}@{holder.code.lower()}.invalid", name=name, holder=holder, by="demonstration",
        today=today, persona=words, organisation=organisation,
    )  # fmt: skip
    people.give_role(account=account, role=role, by="demonstration", because="demonstration", today=today)
    return Reader(Account.objects.get(pk=account.pk))


def _quarter(today: date, before: int) -> date:
    found = quarter_before(today)
    for _ in range(before):
        found = quarter_before(found)
    return found


def _opened(eva: Reader, key: str) -> MarketCase:
    row = open_case(eva, sort=FINANCIAL, about=key, name=key.title(), said={"group": key, "conditions": ["homes"]},
                    reasons="It meets a condition of the policy pack")  # fmt: skip
    write(eva, row, sort="manager", said={"manager": "Jon Ames, finance director"})
    return row


def _returned(
    eva: Reader, row: MarketCase, homes: Sequence[Mapping[str, Any]], *, period_end: date, strain: float
) -> None:
    homes = [{"urn": one["urn"], "places": int(one["places"] or 1)} for one in homes]
    told = invented_return(homes, [one.la_code for one in COUNCILS], period_end=period_end, strain=strain)
    received = min(period_end + timedelta(days=40), eva.now.date())
    write(eva, row, sort="return", said={**told.said(), "received_on": received.isoformat()},
          file=make_safe("financial-return.xlsx", template(row.name, told)))  # fmt: skip


def _decided(
    eva: Reader, gus: Reader, row: MarketCase, to: str, reasons: str, *, day: date | None = None, **said: Any
) -> None:
    """Write a decision as two officers do; `day` is when it was made, today without it."""
    line = write(eva, row, sort=PROPOSAL, said={"to": to, "evidence": [], **said}, reasons=reasons)
    page = reads.case(gus, FINANCIAL, str(row.uid))
    waiting = page.working.second_officer
    answer = {"of": line.number} | ({"on": day.isoformat()} if day else {})
    write(gus, row, sort=AGREED, said=with_recipients(page, waiting, answer))


def _failing(eva: Reader, gus: Reader, row: MarketCase, today: date) -> None:
    _decided(
        eva,
        gus,
        row,
        RISK,
        "The last return suggests it",
        because="Debts fall due within a year, and little money is left",
    )
    write(
        eva,
        row,
        sort="review asked",
        said={"who": "Pell and Partners", "on": today.isoformat(), "question": "Whether the group can refinance"},
    )
    write(eva, row, sort="recovery plan", said={
        "received_on": today.isoformat(), "actions": "Sell the education segment by autumn", "funding": "The sale; a letter of the buyer",
        "fallback": "Homes go over to other providers in three waves",
    })  # fmt: skip
    _decided(
        eva, gus, row, FORMAL, "There is a real possibility that it stops", basis="The group has told us that it may not be able to go on.",
        begins=(today + timedelta(days=60)).isoformat(), ends=(today + timedelta(days=150)).isoformat(),
        actions="Look at each child’s plan, and tell us by when you could find another place.", contact="Eva Lund, 020 7946 0000",
    )  # fmt: skip
