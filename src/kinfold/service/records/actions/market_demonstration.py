"""An invented regulator for the demonstration: its officers, and a case of each sort on its way, written as officers write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from kinfold.files.attached import make_safe
from kinfold.market.cases.journal import AGREED, EVIDENCE, MOVE, PROPOSAL
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.signals.triage import BELOW_GOOD
from kinfold.service.records.actions import people
from kinfold.service.records.actions.market_cases import open_case, write
from kinfold.service.records.actions.market_notices import with_notice
from kinfold.service.records.models import Account, Holder, MarketCase
from kinfold.service.records.reads.market_cases import OVERSIGHT, PENALTY, UNREGISTERED, case
from kinfold.service.records.reads.market_triage import signals
from kinfold.service.records.reads.provider_door import PROVIDER
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.places import demo_authorities

OFFICERS = (
    ("ofsted_group_oversight_officer", "first", "Ada Finch", "Group oversight officer: opens cases, raises concerns, proposes"),
    ("ofsted_group_oversight_officer", "second", "Bea Moss", "Group oversight, the second officer: confirms and agrees"),
    ("ofsted_enforcement_officer", "first", "Cai Wren", "Enforcement officer: unregistered settings and penalties"),
    ("ofsted_enforcement_officer", "second", "Dot Hale", "Enforcement, the second officer: agrees or does not"),
)  # fmt: skip
COUNCILS = [one.la_code for one in demo_authorities()][:2]
REPORT = (
    b"Report of a visit. The registered manager left in May. Nobody has been appointed. Everything here is invented.\n"
)


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who writes in one case."""

    reader: Reader
    row: MarketCase

    def writes(self, sort: str, reasons: str = "", file: bytes | None = None, **said: Any) -> int:
        """Write a line, and return its number."""
        kept = make_safe("report.txt", file) if file else None
        return write(self.reader, self.row, sort=sort, said=said, reasons=reasons, file=kept).number


def add_regulator(
    holder: Holder, *, today: date, group: str = "", homes: Mapping[str, str] | None = None,
    served: tuple[str, Mapping[str, str]] | None = None,
) -> list[MarketCase]:  # fmt: skip
    """
    Add the officers, a provider and a case of each sort once; return the cases, that of the provider's notice last.

    `group` is the key of the owner that the case of oversight is about, `homes` its establishments (number to provider):
    without them there is no such case. `served` is the same of the provider on whom a notice was served.
    """
    with as_system():
        if MarketCase.objects.filter(held_by=holder).exists():
            return []
    ada, bea, cai, dot = (officer(holder, *one, today=today) for one in OFFICERS)
    found = [_oversight(ada, bea, group, homes)] if group and homes else []
    setting = _unregistered(cai, dot, today)
    found += [_tip(cai), setting, _penalty(cai, dot, setting)]
    if served is not None:
        found.append(_served(ada, bea, *served, today=today))
    return found


def in_the_list(place: int) -> tuple[str, dict[str, str]]:
    """Return the group at a place (from 0) of the list of signals, with three of its homes below good by their provider."""
    found = signals()
    if found is None or len(found[1].signals) <= place:
        return "", {}
    held, listed = found
    key = listed.signals[place].group
    rows = held.settings.filter((pl.col("owner_key") == key) & pl.col("overall").is_in(BELOW_GOOD)).sort("urn").head(3)
    return key, dict(rows.select("urn", "owner").rows())


def officer(
    holder: Holder, role: str, mark: str, name: str, words: str, *, today: date, organisation: str = ""
) -> Reader:
    """Add the account of somebody invented with one role, and return them as a reader."""
    account = people.add_account(
        email=f"{role.replace('_', '.')}.{mark}@{holder.code.lower()}.invalid", name=name, holder=holder, by="demonstration",
        today=today, persona=words, organisation=organisation,
    )  # fmt: skip
    people.give_role(account=account, role=role, by="demonstration", because="demonstration", today=today)
    return Reader(Account.objects.get(pk=account.pk))


def _oversight(ada: Reader, bea: Reader, group: str, homes: Mapping[str, str]) -> MarketCase:
    providers = {name: sorted(urn for urn, holder in homes.items() if holder == name) for name in homes.values()}
    row = open_case(ada, sort=OVERSIGHT, about=group, name=next(iter(providers)), said={"group": group},
                    reasons="Two homes fell below good within a year")  # fmt: skip
    first, second = Officer(ada, row), Officer(bea, row)
    first.writes(
        "group", "Statements of significant control, and the annual accounts", parent=f"{next(iter(providers))} Holdings",
        parent_is_undertaking=True, subsidiaries=[{"name": name, "establishments": urns} for name, urns in providers.items()],
    )  # fmt: skip
    exhibit = first.writes(
        EVIDENCE, what="Report of a visit", power="Given by a council", obtained_on=_iso(ada, 6), used=True, file=REPORT
    )
    for urn in sorted(homes)[:2]:
        number = first.writes("concern", establishment=urn, issue="No registered manager for six months", severity="high",
                              regulation="Children's Homes (England) Regulations 2015, reg. 27",
                              grounds_for_cancellation=True, evidence=[exhibit])  # fmt: skip
        second.writes("concern confirmed", "I read the report, and asked the home", of=number)
    first.writes("concern", establishment=sorted(homes)[-1], issue="Children restrained without a record", severity="medium",
                 grounds_for_cancellation=False, evidence=[exhibit])  # fmt: skip
    first.writes(MOVE, "Enough to look at", to="evidence review")
    first.writes("setting action", "The same cause in each home: who is appointed is decided by the group")
    return row


def _served(ada: Reader, bea: Reader, group: str, homes: Mapping[str, str], *, today: date) -> MarketCase:
    """Bring another case of oversight to a notice that was served, and give the parent an account at the provider's door."""
    row = _oversight(ada, bea, group, homes)
    first = Officer(ada, row)
    first.writes(MOVE, "The statutory test is met", to="notice drafted")
    number = first.writes(PROPOSAL, "Nothing less will do", to="notice served",
                          plan_days=pack(JURISDICTION, today)["plan_submission"])  # fmt: skip
    page = case(bea, OVERSIGHT, str(row.uid))
    Officer(bea, row).writes(AGREED, **with_notice(page, {"of": number, "served_on": page.today.isoformat()}))
    parent = page.working.group.parent
    officer(row.held_by, PROVIDER, "first", "Per Holt", "A provider: the notice served on it, its plan, its homes and free places",
             today=today, organisation=parent)  # fmt: skip
    return row


def _unregistered(cai: Reader, dot: Reader, today: date) -> MarketCase:
    row = open_case(
        cai, sort=UNREGISTERED, about="fell care", name="A let house in Quillmere", reasons="intelligence received",
        said={"source": "a council", "hint": "A child of nine with agency staff in a let house", "operator": "Fell Care Ltd",
              "received_on": _iso(cai, 12)},
    )  # fmt: skip
    first, second = Officer(cai, row), Officer(dot, row)
    first.writes("triaged", "A young child, and no checks known of", immediate_risk=True)
    first.writes(MOVE, "Credible and specific", to="opened")
    for child, council, ago in (("Child A", COUNCILS[0], 30), ("Child B", COUNCILS[1], 9)):
        first.writes("stay", child=child, council=council, begun=_iso(cai, ago), ended=None, fee=2_150_000,
                     deprivation_of_liberty=child == "Child A", reason="emergency: nothing else was found")  # fmt: skip
    first.writes("council told", council=COUNCILS[0], on=today.isoformat(), how="Head of service, by telephone")
    first.writes(
        "visit", on=_iso(cai, 5), who="Cai Wren", children_seen=1, found="One child, two staff on a shift, no manager"
    )
    exhibit = first.writes(
        EVIDENCE,
        what="Rota found at the house",
        power="Given by the person",
        obtained_on=_iso(cai, 5),
        used=True,
        file=REPORT,
    )
    number = first.writes(PROPOSAL, "Care and accommodation were given there, day and night", to="determined", determination="registrable",
                          category="children's home", test="Care and accommodation wholly or mainly for children",
                          evidence=[exhibit])  # fmt: skip
    second.writes(AGREED, of=number)
    first.writes(MOVE, "It needs registration", to="warning letter")
    return row


def _tip(cai: Reader) -> MarketCase:
    """Open a case about another house, whose operator belongs to the same person (`invented_operators`)."""
    return open_case(
        cai, sort=UNREGISTERED, about="mere house", name="A flat in Brindlecombe", reasons="intelligence received",
        said={"source": "a member of the public", "hint": "Staff who change each day with one young person",
              "operator": "Mere House Ltd", "received_on": _iso(cai, 2)},
    )  # fmt: skip


def _penalty(cai: Reader, dot: Reader, origin: MarketCase) -> MarketCase:
    row = open_case(
        cai, sort=PENALTY, about=f"carrying on {origin.reference}".casefold(), name="Fell Care Ltd", origin=origin,
        said={"act": f"Carrying on {origin.reference}", "ground": "carrying on unregistered"}, reasons="It went on after the warning",
    )  # fmt: skip
    first, second = Officer(cai, row), Officer(dot, row)
    exhibit = first.writes(
        EVIDENCE, what="Rota found at the house", power="Given by the person", obtained_on=_iso(cai, 5), used=True
    )
    first.writes("act", "Asked the court's office today", convicted=False, proceedings_pending=False, acquitted=False)
    second.writes("signed", "I read the rota and the report of the visit", sufficient=True, standard="beyond reasonable doubt",
                  evidence=[exhibit])  # fmt: skip
    return row


def _iso(reader: Reader, days: int) -> str:
    return (reader.now.date() - timedelta(days=days)).isoformat()
