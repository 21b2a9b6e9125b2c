"""Restricting records, breaking the glass and reviewing it, holding a look back from the family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kinfold.access import looks as access_looks
from kinfold.access.grants import needed_reason, open_break_glass, review_due, told_at_once
from kinfold.access.things import GrantSort
from kinfold.access.words import Label, Verb
from kinfold.service.records import audit
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import (
    Account,
    Alert,
    Grant,
    HoldBack,
    PersonIndex,
    Reach,
    Restriction,
    RoleHeld,
    Thing,
)
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.terms.errors import InputError, NotPermitted
from kinfold.terms.working_days import bank_holidays

WHY = {
    "subject_access": "A request for a copy of the record",
    "complaint": "A complaint",
    "audit": "A check of who has looked",
    "correction": "A record that may be wrong",
    "disclosure": "A court or another body asks by law",
    "review": "A review of a death or serious harm",
    "keeping": "How long the record is kept",
    "tonight": "A child needs us tonight, out of hours",
}
STRONGEST = (
    Label.VOID_WRONG_PERSON, Label.SEALED, Label.LADO_VAULT, Label.PRIVILEGED, Label.RESTRICTED, Label.POLICE_MARKED,
    Label.ADDRESS_PROTECTED, Label.THIRD_PARTY,
)  # fmt: skip


def restrict(
    *, person: Thing, label: Label, named: Sequence[Account], by: str, because: str, reason: str = "",
    review_date: date | None = None, ask: str = "", alone: bool = False,
) -> None:  # fmt: skip
    """
    Put a label on a Person's whole record, from now on, with the accounts named as allowed past it.

    The records joined to the Person are labelled with it, unless `alone`: opening one opens them all. `ask` is whom a
    hint of search names; `reason` a code of access/restriction.toml; `review_date` when somebody looks at it again.
    Where there is a code, the audit has that: somebody's own words about a family stay on the restriction.
    """
    if not because.strip():
        raise InputError("Say why the record is restricted.")
    said = reason or because
    with writing(held_by=person.held_by_id, by=by, because=said) as change:
        persons = [person] if alone else list(Thing.objects.filter(pk__in=one_person(person.pk)).order_by("pk"))
        for one in persons:
            made = Restriction.objects.create(
                person=one, held_by_id=one.held_by_id, label=label.value, reason=reason, because=because[:500],
                by=ask or by, from_at=change.at, review_date=review_date,
            )  # fmt: skip
            made.named.set(named)
            label_again(one)
        audit.append(
            change.held_by,
            [{"actor": by, "action": f"labelled {label.value}"[:48], "person": str(one.uid), "reason": said,
              "body": {"named": [str(account.uid) for account in named]}} for one in persons],
            at=change.at,
        )  # fmt: skip


def carry_restrictions(change: Change, joined: Iterable[tuple[int, int]]) -> None:
    """
    Restrict every record of a joined person where one of them is: called by whatever joins records.

    `joined` are pairs of Things joined in this change. Parting them again takes nothing off: somebody decides that.
    """
    ends = {end for pair in joined for end in pair}
    held = Restriction.objects.filter(
        held_by_id=change.held_by, label=Label.RESTRICTED.value, until_at__isnull=True
    ).order_by("pk")  # fmt: skip
    labelled = {row.person_id: row for row in (held.prefetch_related("named") if ends else ())}
    for person, row in list(labelled.items()):
        persons = set(one_person(person))
        for one in Thing.objects.filter(pk__in=persons - labelled.keys() if persons & ends else ()):
            labelled[one.pk] = row
            restrict(
                person=one, label=Label.RESTRICTED, named=list(row.named.all()), by=change.by, because=row.because,
                reason=row.reason, review_date=row.review_date, ask=row.by, alone=True,
            )  # fmt: skip


def label_again(person: Thing) -> None:
    """Keep the strongest of today's labels on the index row: it is what lists look at first."""
    held = set(Restriction.objects.filter(person=person, until_at__isnull=True).values_list("label", flat=True))
    label = next((label.value for label in STRONGEST if label.value in held), Label.OPEN.value)
    PersonIndex.objects.filter(pk=person.pk).update(label=label)


def break_glass(reader: Reader, person: Thing, *, reason: str, words: str) -> Grant:
    """
    Open one person's record to the reader for the hours the policy gives; tell those who must know, at once.

    Raises InputError when the reason will not do and NotPermitted, recorded, when the rule of access refuses.
    """
    thing = reader.thing(person)
    try:
        grant = open_break_glass(reader.actor, thing, reason=reason, text=words, now=reader.now)
    except NotPermitted:
        reader.refused("break glass", thing, reader.decide_break_glass(thing))
        raise
    by = str(reader.account.uid)
    with writing(held_by=person.held_by_id, by=by, because=grant.reason) as change:
        made = Grant.objects.create(
            account=reader.account, person=person, held_by_id=person.held_by_id, sort=GrantSort.BREAK_GLASS.value,
            reason=reason, words=words, from_at=grant.since, until_at=grant.until, granted_by=by,
        )  # fmt: skip
        today = change.at.date()
        holidays = bank_holidays(today.year, today.year + 1)
        due = review_due(grant, reader.role_names, holidays)
        for account in _told(person, reader.account):
            Alert.objects.create(
                account=account, held_by_id=person.held_by_id, sort="break_glass", at=change.at,
                title=f"A record was opened at once by {reader.account.name}. Review it by {due:%d %B %Y}.",
                href=f"/break-glass/{made.pk}/",
            )  # fmt: skip
        audit.append(
            change.held_by,
            [{"actor": by, "action": "break glass", "person": str(person.uid), "role": ", ".join(reader.role_names)[:60],
              "organisation": reader.account.organisation, "reason": reason, "body": {"words": words}}],
            at=change.at,
        )  # fmt: skip
    return made


def say_why(reader: Reader, person: Thing, *, reason: str, words: str) -> str:
    """
    Record why the reader opens a person's record and return the reason in words, for `Reader.reason`.

    The family sees the reason chosen; the reader's own words are for those who check looks, as they may name others.
    Raises NotPermitted, recorded, when even with a reason the record is not theirs to open.
    """
    if reason not in WHY:
        raise InputError("Choose why you need this record.")
    said = f"{WHY[reason]}: {needed_reason(words)}"
    asking = Reader(reader.account, reader.now, reason=said)
    asking.insist(Verb.READ, asking.thing(person), action="say why")
    with writing(held_by=person.held_by_id, by=str(reader.account.uid), because="said why") as change:
        audit.append(
            change.held_by,
            [{"actor": change.by, "action": "said why", "person": str(person.uid),
              "role": ", ".join(reader.role_names)[:60], "organisation": reader.account.organisation,
              "reason": WHY[reason], "body": {"words": words.strip()}}],
            at=change.at,
        )  # fmt: skip
    return said


def _told(person: Thing, actor: Account) -> list[Account]:
    """Return the accounts told of a break-glass: managers who reach the child's team, and information governance."""
    managers = Reach.objects.filter(person=person, sort="team").values_list("actor_id", flat=True)
    governance = RoleHeld.objects.filter(
        role="information_governance", held_by_id=person.held_by_id, until_date__isnull=True
    ).values_list("account__person_id", flat=True)
    actors = told_at_once(
        team_managers=[a for a in managers if a], information_governance=[g for g in governance if g],
        actor=actor.person_id or 0,
    )  # fmt: skip
    return list(Account.objects.filter(person_id__in=actors, is_active=True))


def review_break_glass(*, grant: Grant, by: Account, outcome: str) -> None:
    """Record the review of a break-glass by somebody else than the one who broke it."""
    if grant.account_id == by.pk:
        raise InputError("Somebody else must review this: you cannot review your own look.")
    if not outcome.strip():
        raise InputError("Say what you found.")
    with writing(held_by=grant.held_by_id, by=str(by.uid), because="break-glass review") as change:
        Grant.objects.filter(pk=grant.pk).update(reviewed_by=str(by.uid), reviewed_at=change.at, review_outcome=outcome)
        Alert.objects.filter(href=f"/break-glass/{grant.pk}/").update(done_at=change.at)
        audit.append(
            change.held_by,
            [{"actor": str(by.uid), "action": "break glass reviewed", "person": str(grant.person.uid),
              "body": {"outcome": outcome}}],
            at=change.at,
        )  # fmt: skip


def hold_back(reader: Reader, person: Thing, *, seq: int, because: str, review_date: date) -> None:
    """Hold one look back from what the family sees, for a stated reason, until a review date."""
    hold = access_looks.hold_back(
        reader.actor, reader.thing(person), view=seq, reason=because, review_on=review_date, now=reader.now
    )
    by = str(reader.account.uid)
    with writing(held_by=person.held_by_id, by=by, because="look held back") as change:
        HoldBack.objects.create(
            held_by=person.held_by_id, seq=seq, person=str(person.uid), by=by, because=hold.reason,
            review_date=hold.review_on,
        )  # fmt: skip
        audit.append(
            change.held_by,
            [
                {
                    "actor": by,
                    "action": "look held back",
                    "person": str(person.uid),
                    "body": {"seq": seq, "why": because},
                }
            ],
            at=change.at,
        )
