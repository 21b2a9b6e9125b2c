"""What each invented organisation wrote down about a child, in the published form of its sort of record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]
Event = tuple[str, str]

SCHOOL: Sequence[Event] = (
    ("attendance", "Below nine in ten sessions this half term; letter sent home"),
    ("attendance", "Collected late three times in a week"),
    ("concern", "Came without lunch, tired; said that nobody was up in the morning"),
    ("concern", "Bruise on the forearm; said a fall from a bicycle; designated lead told"),
    ("exclusion", "Suspended for two days after a fight"),
    ("meeting", "Meeting with the mother about attendance; plan agreed"),
)
HEALTH: Sequence[Event] = (
    ("attendance_at_emergency_department", "Cut to the hand, cleaned and closed; account fitted the injury"),
    ("attendance_at_emergency_department", "Brought at night with a fever; father could not be reached"),
    ("not_brought", "Not brought to the hearing test, second time"),
    ("not_brought", "Not brought to the dentist"),
    ("appointment", "Asthma review; inhaler technique good"),
    ("immunisation", "Pre-school booster given"),
    ("concern", "Health visitor: home cold, little food in the kitchen"),
)
POLICE: Sequence[Event] = (
    (
        "domestic_abuse",
        "Called by a neighbour to shouting; two children in the house, unhurt; notice sent to the school",
    ),
    ("missing", "Reported missing at 21:40, found at a friend's at 06:15"),
    ("incident", "Witness to an assault in the park"),
    ("exploitation", "Seen with older people who are known for county lines; intelligence, not confirmed"),
)
JUSTICE: Sequence[Event] = (
    ("order", "Youth conditional caution, three months, kept to"),
    ("meeting", "Met the worker; talked about going back to school"),
    ("arrest", "Held for shoplifting, no further action"),
)
HOUSING: Sequence[Event] = (
    ("tenancy", "Tenancy began: two bedrooms"),
    ("arrears", "Six weeks behind with the rent; payment plan agreed"),
    ("complaint", "Neighbour complained of noise at night"),
    ("notice", "Notice seeking possession served"),
    ("concern", "Repairs visit: children alone in the flat"),
    ("repair", "Boiler replaced"),
)
COUNCIL: Sequence[Event] = (
    ("contact", "School rang about the family; advice given"),
    ("referral", "Referral by a health visitor: neglect"),
    ("assessment", "Child and family assessment; help offered and taken up"),
    ("closure", "Closed: the family moved out of the area"),
)


def _events(chance: Random, written: Sequence[Event], *, born: date, today: date, most: int) -> list[Json]:
    chosen = chance.sample(list(written), k=chance.randint(1, min(most, len(written))))
    span = max(30, min((today - born).days, 1_200))
    days = sorted((today - timedelta(days=chance.randint(3, span)) for _ in chosen), reverse=True)
    return [
        {"date": day.isoformat(), "kind": kind, "summary": words}
        for day, (kind, words) in zip(days, chosen, strict=True)
    ]


def _contact(name: str, role: str, number: int) -> Json:
    # 01632 960 numbers are kept for invented people (Ofcom)
    return {"name": name, "role": role, "telephone": f"01632 960{number:03d}"}


def school_record(chance: Random, born: date, today: date) -> Json:
    """Return what a school holds."""
    return {
        "status": "On roll", "setting": "Larchmere Primary School" if today.year - born.year < 11 else "Vale Academy",
        "urn": "990001" if today.year - born.year < 11 else "990002", "since": f"{born.year + 4}-09-01",
        "year_group": f"Year {max(0, min(13, today.year - born.year - 5))}",
        "attendance_percent": round(chance.uniform(68, 99), 1),
        "special_educational_needs": chance.choice(["None", "Support", "Education, health and care plan"]),
        "contact": _contact("Hester Lowe", "Designated safeguarding lead", 101),
        "events": _events(chance, SCHOOL, born=born, today=today, most=4),
    }  # fmt: skip


def health_record(chance: Random, born: date, today: date) -> Json:
    """Return what a health service holds."""
    return {
        "status": "Registered", "practice": "Harrow Lane Surgery", "since": born.isoformat(),
        "conditions": chance.choice([[], ["Asthma"], ["Eczema", "Hay fever"]]),
        "medicines": chance.choice([[], ["Salbutamol inhaler"]]), "immunisations_up_to_date": chance.random() < 0.85,
        "contact": _contact("Ivo Sandys", "Named nurse for safeguarding", 112),
        "events": _events(chance, HEALTH, born=born, today=today, most=4),
    }  # fmt: skip


def police_record(chance: Random, born: date, today: date) -> Json:
    """Return what the police hold."""
    return {
        "status": "Known", "role": chance.choice(["child in the household", "victim", "witness", "missing person"]),
        "flags": chance.choice([[], ["Risk of exploitation"]]),
        "contact": _contact("Dana Kerr", "Child protection desk", 123),
        "events": _events(chance, POLICE, born=born, today=today, most=3),
    }  # fmt: skip


def justice_record(chance: Random, born: date, today: date) -> Json:
    """Return what the youth justice service holds."""
    return {
        "status": "Closed", "role": "subject of an order", "order": "Youth conditional caution",
        "contact": _contact("Femi Strand", "Youth justice worker", 134),
        "events": _events(chance, JUSTICE, born=born, today=today, most=3),
    }  # fmt: skip


def housing_record(chance: Random, born: date, today: date) -> Json:
    """Return what a landlord holds about the household."""
    return {
        "status": "Tenancy in force", "household_size": chance.randint(2, 6), "tenure": "Social rent",
        "contact": _contact("Bea Wilmot", "Tenancy officer", 145),
        "events": _events(chance, HOUSING, born=born, today=today, most=4),
    }  # fmt: skip


def council_record(chance: Random, born: date, today: date) -> Json:
    """Return what a neighbouring council holds."""
    return {
        "status": "Closed", "team": "Assessment team, Ashford Vale", "worker": "Noor Ellery",
        "plan": chance.choice(["None", "Child in need plan, ended"]), "other_children": chance.randint(0, 3),
        "contact": _contact("Noor Ellery", "Social worker", 156),
        "events": _events(chance, COUNCIL, born=born, today=today, most=4),
    }  # fmt: skip


Record = Callable[[Random, date, date], Json]
