"""The demonstration's partners: a police officer, a nurse and a school's lead, who share one child's space with the council."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kinfold.access.roles import ROLES
from kinfold.service.records.actions import people
from kinfold.service.records.actions.incidents_demonstration import BECAUSE, children_of, reader_of
from kinfold.service.records.actions.shared_space import Added, contribute, follow
from kinfold.service.records.models import Account, Holder, PersonIndex, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.sharing.agreements import Purpose


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody of another organisation: their role here, what they would come for, and what they added so long ago."""

    role: str
    name: str
    organisation: str
    words: str
    added: str
    days: int
    concern: bool = False


PARTNERS = (
    Partner("school_safeguarding_lead", "Tess Rowley", "Vale Schools Trust",
            "A school’s safeguarding lead: adds what the school sees, reads what it may",
            "Three days off in two weeks without a reason given. Very tired in lessons.", 12),
    Partner("child_protection_team_health", "Moira Keane", "Harrow Lane Health",
            "A nurse in the multi-agency team: finds a child, asks who holds what, adds what health knows",
            "Not brought to two appointments since the summer. We have rung twice.", 8),
    Partner("child_protection_team_police", "Dev Hartley", "Vale Police",
            "A police officer in the multi-agency team: finds the same child, asks who holds what, adds a concern",
            "Called to the home twice this month, late in the evening. Voices raised, nobody hurt.", 3, concern=True),
)  # fmt: skip


def add_partners(holder: Holder, *, today: date) -> int:
    """
    Add the partners to an invented council once, at work with a pupil of its social worker's; return how many.

    Needs the personas, and the agreements of the partners' organisations.
    """
    worker, child = reader_of(holder, "social_worker"), _pupil(children_of(holder), today)
    if worker is None or child is None or reader_of(holder, PARTNERS[0].role) is not None:
        return 0
    uid = str(child.uid)
    follow(worker, uid, purpose=Purpose.SAFEGUARDING, wanted=True)
    for partner in PARTNERS:
        (code,) = ROLES[partner.role].allocation_roles
        with as_system():
            person = Thing.objects.create(word="person", sort="worker", held_by=holder)
            account = _account(holder, partner, person)
            people.allocate(children=[child], worker=person, role=code, by=BECAUSE, because=BECAUSE, today=today,
                            replace=False, is_primary=False)  # fmt: skip
        added = Added(happened=today - timedelta(days=partner.days), words=partner.added,
                      purpose=Purpose.SAFEGUARDING, concern=partner.concern)  # fmt: skip
        contribute(Reader(account), uid, added)
    return len(PARTNERS)


def _pupil(children: Sequence[Thing], today: date) -> Thing | None:
    """Return the eldest child below 17: a school has something to say of a pupil."""
    with as_system():
        born = dict(PersonIndex.objects.filter(person__in=children).values_list("person_id", "birth_date"))
    ages = {child: (today - day).days / 365.25 for child in children if (day := born.get(child.pk))}
    return max((child for child, age in ages.items() if age < 17), key=lambda child: ages[child], default=None)


def _account(holder: Holder, partner: Partner, person: Thing) -> Account:
    since = date(2020, 1, 1)
    account = people.add_account(
        email=f"{partner.role.replace('_', '.')}@{holder.code.lower()}.invalid", name=partner.name, holder=holder,
        by=BECAUSE, today=since, worker=person, persona=partner.words, organisation=partner.organisation,
    )  # fmt: skip
    people.give_role(account=account, role=partner.role, by=BECAUSE, because=BECAUSE, today=since)
    return account
