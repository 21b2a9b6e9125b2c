"""
What the invented council is made of: children, their families, and everything that happened to them.

One class for each thing that lasts or happens; days are whole numbers (`days.py`) and periods are half-open. The row
builders (`as_*.py`) read these and nothing else, so the same child has the same days in all five formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, frozen=True)
class Spot:
    """A real postcode with its grid reference in metres, and whether it lies inside the council."""

    postcode: str
    easting: float
    northing: float
    inside: bool


@dataclass(slots=True)
class Parent:
    """A parent as a council's system holds one."""

    person_id: str
    forename: str
    surname: str
    sex: str
    birth: int
    ethnicity: str


@dataclass(slots=True)
class Family:
    """A household of origin: who the parents are, where it lives, and for some where it lived before and until when."""

    number: str
    mother: Parent
    father: Parent | None
    home: Spot
    surname: str
    ethnicity: str
    before: tuple[Spot, int] | None = None


@dataclass(slots=True)
class Allocation:
    """A worker who holds a child's case from one day until another."""

    worker: str
    start: int
    end: int | None
    reason: str


@dataclass(slots=True)
class Assessment:
    """A child and family assessment; `authorised` is None while it is being written."""

    number: str
    start: int
    review: int
    authorised: int | None
    factors: tuple[str, ...]
    seen: bool
    in_need: bool


@dataclass(slots=True)
class Enquiry:
    """A section 47 enquiry and the initial conference it led to, if any."""

    number: str
    start: int
    target: int
    conference: int | None
    required: bool
    end: int | None
    conference_id: str = ""
    plan_made: bool = False


@dataclass(slots=True)
class ProtectionPlan:
    """A child protection plan with its reviews."""

    number: str
    start: int
    end: int | None
    initial_category: str
    latest_category: str
    earlier_plans: int
    conference_id: str
    reviews: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class NeedPlan:
    """A child in need plan."""

    number: str
    start: int
    end: int | None
    visits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PreProceedings:
    """The Public Law Outline before an application to the court."""

    number: str
    decision: int
    letter: int
    meeting: int
    outcome: str
    outcome_date: int
    offered: bool
    held: bool
    court: int | None


@dataclass(slots=True)
class Referral:
    """A referral and the episode of need it opened; `closed` is the day of closure."""

    number: str
    made: int
    source: str
    need: str
    no_further_action: bool
    closed: int | None = None
    closure_reason: str = ""
    assessments: list[Assessment] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    protection_plans: list[ProtectionPlan] = field(default_factory=list)
    need_plans: list[NeedPlan] = field(default_factory=list)
    pre_proceedings: PreProceedings | None = None
    team: str = ""
    worker: str = ""


@dataclass(slots=True)
class LegalStatus:
    """A legal status within a period of care."""

    code: str
    start: int
    end: int | None


@dataclass(slots=True)
class Placement:
    """Where a child in care lived. `same_carer` when only the code changed; `change_reason` is why it ended."""

    kind: str
    provider: str
    urn: str
    spot: Spot
    start: int
    end: int | None
    same_carer: bool = False
    change_reason: str = ""


@dataclass(slots=True)
class Adoption:
    """The route to adoption within a period of care."""

    decision: int
    order: int
    matched: int | None
    placed: int | None
    adopted: int | None
    ceased: int | None
    ceased_reason: str
    by_foster_carer: bool
    adopters: str
    adopters_sex: str
    adopters_status: str


@dataclass(slots=True)
class CarePeriod:
    """One period of being looked after, from the first day to the day it ended."""

    number: str
    start: int
    end: int | None
    end_reason: str
    need: str
    home_postcode: str
    statuses: list[LegalStatus] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    reviews: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    missing: list[tuple[int, int | None, str]] = field(default_factory=list)
    deprived_of_liberty: list[tuple[int, int | None]] = field(default_factory=list)
    adoption: Adoption | None = None
    before: tuple[str, str, int | None] | None = None  # previous permanence: option, authority, day


@dataclass(slots=True)
class Leaver:
    """What the council knew about a care leaver around one birthday."""

    contact: int
    age: int
    in_touch: str
    activity: str
    accommodation: str
    suitable: str


@dataclass(slots=True)
class Health:
    """The health and wellbeing a council reports for a child in care for the year that ends on `year_end`."""

    year_end: int
    sdq: int | None
    sdq_reason: str
    sdq_date: int | None
    convicted: str
    development: str
    immunised: str
    teeth: str
    assessed: str
    substance: str
    received: str
    offered: str
    teeth_date: int
    assessed_date: int


@dataclass(slots=True)
class Child:
    """A child (or, in the rows of `was`, a young adult who left care) as one council holds one."""

    person: str  # the invented person, the same in every council: only the truth file says it
    la_child_id: str
    forename: str
    surname: str
    sex: str
    birth: int | None
    expected: int | None
    ethnicity: str
    upn: str
    upn_unknown: str
    nhs_number: str
    family: Family
    home: Spot
    disabilities: tuple[str, ...] = ()
    death: int | None = None
    known_as: str = ""
    former_surname: str = ""
    former_upn: str = ""
    nationality: str = "GBR"
    unaccompanied: bool = False
    twin_of: str = ""
    elsewhere: tuple[str, str] | None = None  # (la_code, la_child_id) of the same person in another council
    before_adoption: str = ""  # the la_child_id under which this adopted child was known
    mother_since: int | None = None  # the birth of her first child, for a girl in care who is a mother
    first_seen: int = 0
    referrals: list[Referral] = field(default_factory=list)
    care: list[CarePeriod] = field(default_factory=list)
    leaver: list[Leaver] = field(default_factory=list)
    health: list[Health] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)


@dataclass(slots=True)
class Worker:
    """A social worker, or a personal adviser, of a council."""

    number: str
    registration: str
    name: str
    title: str
    team: str
    full_time_equivalent: float
    agency: bool
    left: int | None = None


@dataclass(slots=True)
class Team:
    """A team of a council."""

    number: str
    name: str


@dataclass(slots=True)
class Council:
    """One invented council with everything its systems hold."""

    la_code: str
    name: str
    region: str
    children: list[Child]
    workers: list[Worker]
    teams: list[Team]
    child_population: int
    posts: dict[str, float]
