"""The demonstration: an invented council loaded through the same doors, and invented people to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from kinfold.access.words import Label
from kinfold.service.records.actions import people, rights
from kinfold.service.records.models import (
    Account,
    Holder,
    IdentifierKey,
    PersonIndex,
    Reach,
    SpellFact,
    Thing,
    TieFact,
)
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import for_rights
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Persona:
    """
    Somebody one can be: their role, what they would come for, and whether they stand on a worker of the files.

    `mark` tells two of one role apart in their address.
    """

    role: str
    name: str
    words: str
    worker: bool = False
    leads: bool = False
    mark: str = ""

    def email(self, holder: Holder) -> str:
        """Return the address of this persona in a council: one that can never receive mail."""
        mark = f".{self.mark}" if self.mark else ""
        return f"{self.role.replace('_', '.')}{mark}@{holder.code.lower()}.invalid"


PERSONAS = (
    Persona("social_worker", "", "A social worker with a caseload: opens children's stories, asks for others", True),
    Persona(
        "team_manager", "", "Leads a team: sees its children, allocates, reviews records opened at once", True, True
    ),
    Persona(
        "director_of_childrens_services", "Rowena Castell", "Director: sees the whole council, decides at a distance"
    ),
    Persona(
        "independent_reviewing_officer", "Idris Vale", "Reviewing officer: chairs reviews of looked after children"
    ),
    Persona("data_analyst", "Priya Lomax", "Analyst: loads files, puts quarantined rows right, builds lists"),
    Persona("emergency_duty_team", "Tom Harrow", "Night duty: where every child in care is tonight"),
    Persona("information_governance", "Nadia Fenn", "Information governance: who looked, reviews, requests, erasure"),
    Persona(
        "information_governance",
        "Omar Tull",
        "Information governance, the second person: agrees what two must agree",
        mark="second",
    ),
    Persona("application_administrator", "Lewis Okoro", "Administrator: accounts, roles and settings, no case content"),
    Persona("business_support", "Carol Dyson", "Front door support: finds children, records contacts"),
    Persona("virtual_school_head", "Maya Benn", "Virtual school head: the education of children in care"),
    Persona(
        "elective_home_education_officer", "Elin Marsh", "Home education officer: decides on consent, with reasons"
    ),
    Persona(
        "safeguarding_partnership_manager", "Sunil Farrow", "Partnership manager: incidents, reviews, recommendations"
    ),
    Persona("adoption_worker", "Ines Rowe", "Adoption worker: asks for a record to be sealed after an order"),
    Persona("adoption_worker", "Caleb Dunn", "Adoption worker, the second person: agrees to sealing", mark="second"),
    Persona("adoption_archivist", "Vera Lisle", "Adoption archivist: keeps sealed records, asks to open one"),
    Persona(
        "adoption_archivist", "Noel Pask", "Adoption archivist, the second person: agrees to opening", mark="second"
    ),
    Persona(
        "head_of_service", "Hal Brook", "Head of service: the service’s wall, placements outside the area to approve"
    ),
    Persona(
        "child_protection_conference_chair",
        "Wanda Frost",
        "Conference chair: children on plans, conferences and reviews",
    ),
    Persona("personal_adviser", "Joss Amery", "Personal adviser: care leavers up to 25, their plans and visits"),
    Persona("family_help_lead_practitioner", "Pia Holm", "Family Help lead: one plan for each family they help"),
    Persona("ofsted_inspector", "Greta Sallow", "Inspector: sees only the children the council put in the sample"),
)


# Who is appointed to whom: the role, the role of the allocation, what goes on for the child, and how many children.
APPOINTED = (
    ("independent_reviewing_officer", "INDEPENDENT_REVIEWING_OFFICER", "care_period", 40),
    ("child_protection_conference_chair", "CONFERENCE_CHAIR", "child_protection_plan", 40),
    ("personal_adviser", "PERSONAL_ADVISER", "leaving_care", 40),
    ("family_help_lead_practitioner", "FAMILY_HELP_LEAD", "child_in_need_plan", 20),
)
FAMILY = {
    "child": "A young person in care: what is recorded about them, and who has looked",
    "parent": "Their mother: what was shared with her, a copy of the record, and who has looked",
}


def mark_as_invented() -> Path:
    """Write the marker without which the page of personas stays shut. Raises InputError beside real records."""
    marker = Path(settings.DEMO_MARKER)
    if not marker.exists() and Holder.objects.exists():
        raise InputError(
            "This folder already holds records. The demonstration needs a folder of its own: set KINFOLD_DATA to one."
        )
    marker.write_text("Every child, family and council in this folder is invented.\n")
    return marker


def add_personas(holder: Holder, *, today: date) -> list[Account]:
    """Make the invented people of one invented council; those that exist are left as they are."""
    busiest = _busiest_workers(holder)
    made = []
    team = _team_of(holder, busiest)
    for place, persona in enumerate(PERSONAS):
        email = persona.email(holder)
        if Account.objects.filter(email=email).exists():
            continue
        worker = busiest[place] if persona.worker and place < len(busiest) else None
        index = PersonIndex.objects.filter(person=worker).first() if worker else None
        account = people.add_account(
            email=email, name=(index.name if index and index.name else persona.name) or persona.role.replace("_", " "),
            holder=holder, by="demonstration", today=date(2020, 1, 1), worker=worker, persona=persona.words,
            organisation="Ofsted" if persona.role == "ofsted_inspector" else holder.name,
        )  # fmt: skip
        people.give_role(
            account=account, role=persona.role, by="demonstration", because="demonstration", today=date(2020, 1, 1),
            scope=team if persona.worker else None,
        )  # fmt: skip
        made.append(account)
    _sample_for_inspector(holder, today)
    _appoint(holder, today)
    _give_children_for_adoption(holder, today)
    return [*made, *_add_family(holder)]


def _add_family(holder: Holder) -> list[Account]:
    """Make accounts of one looked after young person and of their mother, and open their pages to them."""
    governance = Account.objects.get(
        email=next(p for p in PERSONAS if p.role == "information_governance").email(holder)
    )
    emails = [f"{role}@{holder.code.lower()}.invalid" for role in FAMILY]
    found = None if Account.objects.filter(email__in=emails).exists() else _family(holder)
    if found is None:
        return []
    made = []
    child = found[0]
    for (role, words), person, email in zip(FAMILY.items(), found, emails, strict=True):
        name = PersonIndex.objects.filter(person=person).values_list("name", flat=True).first() or words
        account = people.add_account(
            email=email, name=name, holder=holder, by="demonstration", today=date(2020, 1, 1), worker=person,
            persona=words, organisation=f"A family in {holder.name}",
        )  # fmt: skip
        people.give_role(
            account=account, role=role, by="demonstration", because="demonstration", today=date(2020, 1, 1)
        )
        rights.open_to_family(
            for_rights(Reader(governance)), str(child.uid), email=email, because="demonstration: identity confirmed"
        )
        made.append(account)
    return made


def _family(holder: Holder) -> tuple[Thing, Thing] | None:
    """Return the eldest looked after child whose mother the record knows, and the mother; None where there is none."""
    ties = TieFact.objects.filter(held_by=holder, kind="mother_of", known_to__isnull=True, status="final")
    mothers = dict(ties.filter(party__in=_in_care(holder, 500)).values_list("party_id", "subject_id"))
    rows = PersonIndex.objects.filter(person__in=mothers, label=Label.OPEN.value, birth_date__isnull=False)
    child = rows.order_by("birth_date").first()
    if child is None:
        return None
    found = Thing.objects.in_bulk([child.person_id, mothers[child.person_id]])
    return found[child.person_id], found[mothers[child.person_id]]


def _busiest_workers(holder: Holder) -> list[Thing]:
    """Return the two workers with the most open cases of one team, the busiest first."""
    counts = (
        SpellFact.objects.filter(
            held_by=holder, kind="allocation", known_to__isnull=True, valid_to__isnull=True, status="final",
            source="standard_safeguarding_dataset", party__isnull=False,
        )
        .values("party", "payload__team")
        .annotate(n=Count("subject", distinct=True))
        .order_by("-n", "party")
    )  # fmt: skip
    rows = list(counts[:200])
    if not rows:
        return []
    team = rows[0]["payload__team"]
    same = [row["party"] for row in rows if row["payload__team"] == team][:2]
    found = {thing.pk: thing for thing in Thing.objects.filter(pk__in=same)}
    return [found[pk] for pk in same if pk in found]


def _team_of(holder: Holder, workers: list[Thing]) -> Thing | None:
    if not workers:
        return None
    code = (
        SpellFact.objects.filter(
            party=workers[0], kind="allocation", known_to__isnull=True, valid_to__isnull=True,
            source="standard_safeguarding_dataset",
        )
        .values_list("payload__team", flat=True)
        .first()
    )  # fmt: skip
    key = IdentifierKey.objects.filter(held_by=holder, sort="body", value=code or "").select_related("thing").first()
    return key.thing if key else None


def _sample_for_inspector(holder: Holder, today: date) -> None:
    """Put ten looked after children into the inspector's sample, as the council would."""
    inspector = Account.objects.filter(held_by=holder, roles_held__role="ofsted_inspector").first()
    if inspector is None or Reach.objects.filter(actor_id=inspector.person_id).exists():
        return
    people.put_in_sample(account=inspector, children=_in_care(holder, 10), by="demonstration", today=today)


def _appoint(holder: Holder, today: date) -> None:
    """Appoint the reviewing officer, the conference chair, the personal adviser and the Family Help lead to children."""
    for role, allocated_as, kind, count in APPOINTED:
        account = Account.objects.filter(held_by=holder, roles_held__role=role).exclude(persona="").first()
        if account is None or account.person is None or Reach.objects.filter(actor_id=account.person_id).exists():
            continue
        if children := _with_open(holder, kind, count):
            people.allocate(
                children=children, worker=account.person, role=allocated_as, by="demonstration", because="appointed",
                today=today, replace=False, is_primary=False,
            )  # fmt: skip


def _give_children_for_adoption(holder: Holder, today: date) -> None:
    """Allocate the children placed for adoption, or to be, to the two adoption workers."""
    placed = SpellFact.objects.filter(
        held_by=holder, kind="placed_for_adoption", known_to__isnull=True, valid_to__isnull=True, status="final"
    )
    ids = list(placed.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:20])
    workers = Account.objects.filter(held_by=holder, roles_held__role="adoption_worker").order_by("pk")
    for worker in [account.person for account in workers] if ids else ():
        if worker is None or Reach.objects.filter(actor_id=worker.pk).exists():
            continue
        people.allocate(
            children=list(Thing.objects.filter(pk__in=ids)), worker=worker, role="adoption_worker", by="demonstration",
            because="demonstration", today=today, replace=False, is_primary=False,
        )  # fmt: skip


def _in_care(holder: Holder, count: int) -> list[Thing]:
    return _with_open(holder, "care_period", count)


def _with_open(holder: Holder, kind: str, count: int) -> list[Thing]:
    """Return the first people for whom something of a kind goes on."""
    ids = (
        SpellFact.objects.filter(
            held_by=holder, kind=kind, known_to__isnull=True, valid_to__isnull=True, status="final"
        )
        .order_by("subject_id")
        .values_list("subject_id", flat=True)
        .distinct()[:count]
    )
    return list(Thing.objects.filter(pk__in=list(ids)))
