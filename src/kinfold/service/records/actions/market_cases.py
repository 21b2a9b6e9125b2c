"""Writing in the regulator's cases about providers: a line at a time, checked against the whole journal, sealed to the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.access.things import day_of
from kinfold.access.words import Mark, Verb
from kinfold.files.attached import Attached
from kinfold.market.cases.journal import AGREED, DECLINED, MOVE, OPENED, PROPOSAL, Line, appended
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records import audit
from kinfold.service.records.actions.market_warnings import deliver
from kinfold.service.records.actions.papers import keep_file
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.market_journals import WRITTEN, lines_of
from kinfold.service.records.models import Account, Alert, MarketCase, MarketLine, RoleHeld
from kinfold.service.records.reads.market_cases import (
    FINANCIAL,
    OVERSIGHT,
    PENALTY,
    PROJECT,
    REGISTRATION,
    UNREGISTERED,
    is_department,
    thing_of,
    worked,
)
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

PREFIXES = {OVERSIGHT: "PO", UNREGISTERED: "US", PENALTY: "MP", FINANCIAL: "FO", PROJECT: "CP", REGISTRATION: "RA"}
ENFORCEMENT = "ofsted_enforcement_officer"
NOTICES = frozenset({"notice drafted", "notice served"})
# The decision that a second officer's agreement is, by the sort of case.
DECISIONS = {
    OVERSIGHT: "improvement_notice",
    UNREGISTERED: "enforcement_determination",
    PENALTY: "enforcement_determination",
    FINANCIAL: "stage_change",
    PROJECT: "",  # a project decides nothing: its grant was decided elsewhere
    REGISTRATION: "registration",
}


def open_case(
    reader: Reader, *, sort: str, about: str, name: str, said: Mapping[str, Any], reasons: str,
    origin: MarketCase | None = None,
) -> MarketCase:  # fmt: skip
    """Open a case and return it. Raises InputError for a beginning that says too little; NotPermitted by the role."""
    held_by = reader.account.held_by_id or 0
    reader.insist(Verb.WRITE, thing_of(held_by, sort), action=f"open a case of {sort}")
    with writing(held_by=held_by, by=str(reader.account.uid), because=f"case opened: {sort}") as change:
        row = MarketCase.objects.create(
            held_by_id=held_by, sort=sort, reference=_reference(change, sort), about=about[:200], name=name[:200],
            origin=origin, opened_at=change.at,
        )  # fmt: skip
        added(change, reader, row, sort=OPENED, said={"name": name, **said}, reasons=reasons, file=None)
    return row


def _reference(change: Change, sort: str) -> str:
    begins = f"{PREFIXES[sort]}-{day_of(change.at).year}-"
    count = MarketCase.objects.filter(held_by=change.held_by, reference__startswith=begins).count()
    return f"{begins}{count + 1:04d}"


def write(
    reader: Reader, row: MarketCase, *, sort: str, said: Mapping[str, Any], reasons: str = "", file: Attached | None = None
) -> Line:  # fmt: skip
    """
    Add a line to a case and return it.

    Raises InputError, saying why, for a line that may not follow the ones that stand; NotPermitted, recorded, by the role:
    agreeing is a decision of its own, and nothing is begun from a signal alone.
    """
    _insist(reader, row, sort, said)
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because=f"{row.reference}: {sort}") as change:
        return added(change, reader, row, sort=sort, said=said, reasons=reasons, file=file)


def _insist(reader: Reader, row: MarketCase, sort: str, said: Mapping[str, Any]) -> None:
    marks: Iterable[Mark] = ()
    if row.sort == OVERSIGHT and sort in (MOVE, PROPOSAL) and said.get("to") in NOTICES:
        working = worked(row, lines_of(row.lines.select_related("by").order_by("number")))
        marks = () if working.confirmed() else (Mark.SIGNAL_ALONE,)
    verb = Verb.DECIDE if sort in (AGREED, DECLINED) else Verb.WRITE
    asked = thing_of(row.held_by_id, row.sort, name=decision_of(row.sort), marks=marks)
    if marks and not reader.decide(verb, asked):
        reader.refused(f"{sort} from a signal", asked, reader.decide(verb, asked))
        raise InputError(
            "A notice never begins with a signal alone. Raise a concern on evidence, and have it confirmed."
        )
    reader.insist(verb, asked, action=f"{sort} in a case of {row.sort}")


def decision_of(sort: str) -> str:
    """Return the name of the decision that a second officer's agreement is: of penalties, the installation's own."""
    return "financial_penalty" if sort == PENALTY and is_department() else DECISIONS[sort]


def added(
    change: Change, reader: Reader, row: MarketCase, *, sort: str, said: Mapping[str, Any], reasons: str,
    file: Attached | None,
) -> Line:  # fmt: skip
    """
    Add a line to a case within a change that is under way, and return it; who may do so its caller has asked.

    Raises InputError, saying why, for a line that may not follow the ones that stand.
    """
    journal = lines_of(row.lines.select_related("by").order_by("number"))
    whole = {**said, "pack": pack(JURISDICTION, day_of(change.at)).name, **({"file_name": file.name} if file else {})}
    line = appended(
        journal, sort=sort, said=whole, by=str(reader.account.uid), name=reader.account.name, at=change.at,
        reasons=reasons, content=file.content if file else None,
    )  # fmt: skip
    working = worked(row, [*journal, line])  # whether it may stand
    kept = keep_file(row.held_by_id, file, by=str(reader.account.uid)) if file else None
    MarketLine.objects.create(
        case=row, held_by_id=row.held_by_id, number=line.number, sort=line.sort, said=dict(line.said), by=reader.account,
        name=line.name, at=line.at, reasons=line.reasons, file=kept, content_sha256=line.content_sha256, before=line.before,
        seal=line.seal,
    )  # fmt: skip
    audit.append(
        row.held_by_id,
        [{"actor": change.by, "organisation": reader.account.organisation, "role": ", ".join(reader.role_names)[:60],
          "action": WRITTEN, "reason": f"{row.reference} {line.number}: {sort}",
          "body": {"case": str(row.uid), "number": line.number, "seal": line.seal}}],
        at=change.at,
    )  # fmt: skip
    if line.said.get("recipients"):
        deliver(row, line)
    if row.sort == OVERSIGHT and sort == AGREED and working.state == "penalty case":
        _hand_over(row, line, working.group.parent if working.group else row.name)
    return line


def _hand_over(row: MarketCase, line: Line, person: str | None) -> None:
    """Tell those who work on penalties that one is asked for: it is theirs to open, to guard and to prove."""
    said = {
        "name": person or row.name,
        "act": f"improvement plan of {row.reference}",
        "ground": "improvement plan not carried out",
    }
    with as_system():
        held = RoleHeld.objects.filter(
            role=ENFORCEMENT, account__held_by=row.held_by_id, from_date__lte=line.day
        ).exclude(until_date__lte=line.day)
        Alert.objects.bulk_create(
            Alert(account=one, held_by_id=row.held_by_id, sort="penalty asked for", at=line.at, href=f"{reverse('penalty_open')}?{urlencode(said)}"[:200],
                  title=f"{row.reference}: a penalty is asked for"[:200])
            for one in Account.objects.filter(pk__in=held.values("account"), is_active=True).order_by("pk")
        )  # fmt: skip
