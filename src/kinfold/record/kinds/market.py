"""The market: registration, inspection, enforcement, oversight of groups, finances, prices, payments."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE
CARE_STANDARDS = "Care Standards Act 2000"
ACT_2026 = "Children's Wellbeing and Schools Act 2026"


@spell(
    "registration",
    label="Registration of a setting",
    plural="Registrations of settings",
    family="market",
    subject="body",
    party="registered provider",
    source=f"{CARE_STANDARDS}, Part II; Ofsted, children's social care provider-level data",
    ref="urn",
    same_when=("ref", "valid_from"),
    dates={"ofsted_register": ("Registration date", "Date closed")},
    # Ofsted's closing date is the day the registration was cancelled: from then on it no longer held.
    ends={"ofsted_register": EndDate.FIRST_DAY_AFTER},
)
class Registration:
    """A setting is registered, from registration to cancellation or resignation."""

    urn: str | None = field("Ofsted's unique reference number", longest=8)
    places: int | None = field("Places registered", unit="places")
    conditions: tuple[str, ...] | None = field("Conditions of registration")
    route: str | None = field("How it was registered", choices=("standard", "fast track", "emergency"))
    end_reason: str | None = field(
        "Why it ended", choices=("resigned", "cancelled", "transferred", "merged", "company dissolved")
    )


@spell(
    "registration_application",
    label="Application to register",
    plural="Applications to register",
    family="market",
    subject="body",
    party="applicant",
    source=f"{CARE_STANDARDS}, s.12; policy of November 2024 on quicker registration",
)
class RegistrationApplication:
    """From an application to the decision on it."""

    route: str | None = field("Route asked for", choices=("standard", "fast track"))
    stage: str | None = field(
        "How far it is",
        choices=("submitted", "complete", "visits", "notice of proposal", "representations", "decided"),
    )
    planning_status: str | None = field("Planning permission", choices=("not needed", "applied", "granted", "refused"))
    area_need: str | None = field("Need in the area, as the region states it")
    outcome: str | None = field("What was decided", choices=("registered", "refused", "withdrawn"))


@spell(
    "restriction",
    label="Restriction of accommodation",
    plural="Restrictions of accommodation",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.22B; {ACT_2026}, s.14, for growth of a group",
)
class Restriction:
    """A home may take no more children, or a group may not grow, for a time."""

    scope: str | None = field("What is restricted", choices=("accommodation", "growth of the group", "conditions"))
    legal_basis: str | None = field("Legal basis, and whether it is enacted or policy intent")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@spell(
    "suspension",
    label="Suspension of registration",
    plural="Suspensions of registration",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.14A",
)
class Suspension:
    """A registration is suspended for a time."""

    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@spell(
    "scheme_membership",
    label="Membership of a scheme",
    plural="Memberships of schemes",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.30ZE, as inserted by the {ACT_2026}, s.16",
    same_when=("valid_from", "scheme"),
)
class SchemeMembership:
    """A provider is under a scheme of oversight, at one stage; a stage moves by a recorded decision only."""

    scheme: str | None = field("Which scheme", required=True, choices=("financial oversight", "provider oversight"))
    stage: int | None = field("Stage, from 1 to 6")
    conditions_met: tuple[str, ...] | None = field("Conditions met")
    decided_by: str | None = field("Who decided")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@spell(
    "manager_in_post",
    label="Registered manager in post",
    plural="Registered managers in post",
    family="market",
    subject="body",
    party="manager",
    source="Children's Homes (England) Regulations 2015, reg. 27; workforce census",
)
class ManagerInPost:
    """A home has a registered manager; a gap between two is a vacancy of the post."""

    qualification: str | None = field("Qualification held")
    registered: bool | None = field("Whether registered as manager")
    end_reason: str | None = field("Why they left the post")


@spell(
    "workforce_count",
    label="Workforce count",
    family="market",
    subject="body",
    source="Children's homes workforce census",
)
class WorkforceCount:
    """How a setting or group is staffed over a period."""

    staff: int | None = field("Staff in post", unit="people")
    vacancies: int | None = field("Posts not filled", unit="posts")
    agency_staff: int | None = field("Agency staff", unit="people")
    leavers: int | None = field("Staff who left in the period", unit="people")


@spell(
    "contract",
    label="Contract",
    family="market",
    subject="body",
    party="provider",
    source="Procurement Act 2023; Kinfold record model, contracts",
    ref="contract_number",
)
class Contract:
    """A council or region has a contract with a provider."""

    contract_number: str | None = field("Number", longest=64)
    contract_type: str | None = field("Kind", choices=("framework", "block", "spot", "individual placement"))
    lot: str | None = field("Lot or tier")
    places: int | None = field("Places, where it is for places", unit="places")
    void_rule: str | None = field("What is paid for an empty place")


@spell(
    "vacancy",
    label="Vacancy",
    plural="Vacancies",
    family="region",
    subject="body",
    source="Kinfold record model; region's vacancy returns",
)
class Vacancy:
    """A home or carer has a place free; it is worth nothing once it is out of date."""

    places: int | None = field("Places free", unit="places")
    verified_date: date | None = field("When somebody last confirmed it")
    notice_days: int | None = field("Notice needed", unit="days")
    conditions: str | None = field("For whom it is free")
    not_available_reason: str | None = field("Why a registered place cannot be used")


@spell(
    "price",
    label="Price",
    family="funding",
    subject="body",
    party="payee",
    source="Kinfold record model, price; section 251 guidance",
)
class Price:
    """What a payer pays for a placement or service over a period; the subject is the placement's setting or child."""

    amount_pence: int | None = field("Amount", unit="pence", required=True)
    per: str | None = field("For how long", choices=("day", "week", "month", "once"))
    parts: tuple[dict[str, object], ...] | None = field(
        "Parts of the amount: core, staffing, therapy, education, transport, retainer"
    )
    payer: str | None = field("Who pays")
    agreement: str | None = field("Number of the agreement", longest=64)
    shared_with: tuple[dict[str, object], ...] | None = field("What health or education pay of it")


@spell(
    "unregistered_setting_case",
    label="Case of an unregistered setting",
    plural="Cases of unregistered settings",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.11",
)
class UnregisteredSettingCase:
    """From the first intelligence on a setting that may have to be registered to the outcome."""

    came_from: str | None = field("Where the intelligence came from")
    children_there: int | None = field("Children there when last known", unit="children")
    determination: str | None = field(
        "What was determined",
        choices=("registrable", "not registrable", "no longer operating", "duplicate", "unresolved"),
    )
    determination_reasons: str | None = field("Why", sensitivity=NARRATIVE)
    outcome: str | None = field(
        "What was done",
        choices=("none", "warning", "caution", "civil penalty", "prosecution", "registered", "injunction"),
    )
    departure_reasons: str | None = field("Why the ladder was departed from", sensitivity=NARRATIVE)


@event(
    "inspection",
    label="Inspection",
    family="market",
    subject="body",
    source="Ofsted, social care common inspection framework; provider-level data",
    ref="urn",
    same_when=("valid_from", "ref"),
)
class Inspection:
    """An inspection of a setting, with the judgement of each area; an overall word only where one was published."""

    urn: str | None = field("Ofsted's unique reference number", longest=8)
    inspection_type: str | None = field("Kind of inspection")
    overall: str | None = field("Overall judgement, where published")
    experiences: str | None = field("How well children are helped and cared for")
    protection: str | None = field("How well children are protected")
    leadership: str | None = field("How well it is led")
    published_date: date | None = field("When the report was published")
    requirements: int | None = field("Requirements made", unit="requirements")


@event(
    "regulatory_notification",
    label="Notification to the regulator",
    plural="Notifications to the regulator",
    family="market",
    subject="body",
    source="Children's Homes (England) Regulations 2015, reg. 40; Supported Accommodation Regulations 2023, reg. 27",
    ref="notification_kind",
    same_when=("valid_from", "ref"),
)
class RegulatoryNotification:
    """A provider tells the regulator of an event in a setting; about the setting, with no child named."""

    notification_kind: str | None = field(
        "Which event",
        required=True,
        choices=(
            "death", "serious incident", "child protection enquiry", "sexual or criminal exploitation", "police called",
            "allegation against staff", "missing", "restraint", "manager absent", "closure", "other",
        ),
    )  # fmt: skip
    children_concerned: int | None = field("Children concerned", unit="children")
    summary: str | None = field("What happened", sensitivity=NARRATIVE)
    council_response: str | None = field("What the placing council did", sensitivity=NARRATIVE)


@event(
    "oversight_concern",
    label="Concern about a setting or group",
    plural="Concerns about settings or groups",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.23A, as inserted by the {ACT_2026}, s.14",
    parent="inspection",
)
class OversightConcern:
    """A concern that a person has confirmed; a statistical signal is never one."""

    issue: str | None = field("Which issue")
    regulation_breached: str | None = field("Which regulation")
    severity: str | None = field("How serious", choices=("low", "medium", "high"))
    grounds_for_cancellation: bool | None = field("Whether there are reasonable grounds to suspect cause to cancel")
    confirmed_by: str | None = field("Who confirmed it")
    evidence: str | None = field("What shows it", sensitivity=NARRATIVE)


@event(
    "notice_served",
    label="Notice served",
    plural="Notices served",
    family="market",
    subject="body",
    party="person served",
    source=f"{CARE_STANDARDS}, ss.17, 22A, 23A and 30ZN",
    ref="notice_type",
    same_when=("valid_from", "ref"),
)
class NoticeServed:
    """A regulator or the Department serves a notice; days count beginning with the day of service."""

    notice_type: str | None = field(
        "Which notice",
        required=True,
        choices=(
            "improvement plan", "compliance", "proposal", "decision", "intention to impose a penalty", "final penalty",
            "determination", "warning letter", "restriction", "suspension", "cancellation", "other",
        ),
    )  # fmt: skip
    served_how: str | None = field("How", choices=("by hand", "post", "e-mail"))
    due_date: date | None = field("Date by which to answer")
    amount_pence: int | None = field("Amount, where it is for one", unit="pence")
    grounds: str | None = field("Grounds", sensitivity=NARRATIVE)
    policy_pack: str | None = field("Policy pack it rests on, with its version", longest=64)


@event(
    "representation",
    label="Representation",
    family="market",
    subject="body",
    parent="notice_served",
    source=f"{CARE_STANDARDS}, ss.18 and 30ZN: 28 days beginning with the day of service",
)
class Representation:
    """The person served answers."""

    words: str | None = field("What they said", sensitivity=NARRATIVE)
    outcome: str | None = field("What was decided", choices=("dropped", "reduced", "confirmed"))


@event(
    "appeal",
    label="Appeal",
    family="market",
    subject="body",
    parent="notice_served",
    source=f"{CARE_STANDARDS}, s.21: First-tier Tribunal",
)
class Appeal:
    """An appeal against a decision, or its outcome."""

    step: str | None = field("Lodged or decided", required=True, choices=("lodged", "decided", "withdrawn"))
    outcome: str | None = field("What the tribunal decided", choices=("upheld", "varied", "cancelled"))
    tribunal_reference: str | None = field("Tribunal's number", longest=64)
