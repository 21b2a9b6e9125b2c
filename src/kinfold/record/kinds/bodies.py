"""Facts about bodies: councils, teams, settings, schools, courts, companies and providers."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, body_fact, called, event, field, spell

AFTER = EndDate.FIRST_DAY_AFTER


@body_fact(
    "council_details",
    label="Details of a council",
    plural="Details of councils",
    family="identity",
    source="Department for Education, local authority codes; ONS register of geographic codes",
    ref="la_code",
    same_when=("ref",),
)
class CouncilDetails:
    """A council with responsibility for children's services."""

    name: str | None = field("Name")
    la_code: str | None = field("Department's three-digit code", longest=3)
    ons_code: str | None = field("Office for National Statistics code", longest=9)
    region: str | None = field("Region of England")


@body_fact(
    "department_details",
    label="Details of a department or team",
    plural="Details of departments and teams",
    family="identity",
    source="Standard Safeguarding Dataset, department",
    ref="team_number",
    same_when=("ref",),
)
class DepartmentDetails:
    """A department or team of a council or partner."""

    name: str | None = field("Name", names=called(dataset="dept_team_name", annex_a="Allocated Team"))
    team_number: str | None = field("Source's number for it", longest=64, names=called(dataset="dept_team_id"))
    parent_number: str | None = field(
        "Source's number for the department above", longest=64, names=called(dataset="dept_team_parent_id")
    )
    parent_name: str | None = field("Name of the department above", names=called(dataset="dept_team_parent_name"))
    team_type: str | None = field(
        "What it does",
        choices=(
            "front door", "Family Help", "child protection", "multi-agency child protection team", "looked after",
            "leaving care", "adoption", "fostering", "disability", "reviewing", "legal", "virtual school", "other",
        ),
    )  # fmt: skip
    constituted_date: date | None = field("When it was formally set up")
    agencies: tuple[str, ...] | None = field("Agencies that belong to it")


@body_fact(
    "setting_details",
    label="Details of a setting",
    plural="Details of settings",
    family="market",
    source="Ofsted, children's social care provider-level data",
    ref="urn",
    same_when=("ref",),
)
class SettingDetails:
    """A home, agency or other setting as its register describes it."""

    name: str | None = field("Name")
    urn: str | None = field("Ofsted's unique reference number", longest=8, names=called(ssda903="URN"))
    setting_type: str | None = field("Kind of setting")
    sector: str | None = field("Sector")
    la_code: str | None = field("Council in whose area it is", longest=3)
    region: str | None = field("Region of England")
    postcode: str | None = field("Postcode", sensitivity=Sensitivity.ADDRESS, longest=8)
    places: int | None = field("Registered places", unit="places")
    provider_number: str | None = field("Register's number for the registered provider", longest=64)
    provider_name: str | None = field("Registered provider as published")
    owner_name: str | None = field("Owner as published")
    short_breaks_only: bool | None = field("Whether it gives short breaks only")
    needs_supported: tuple[str, ...] | None = field("Needs named in its registration or statement of purpose")
    age_range: str | None = field("Ages taken, such as 8 to 17")


@body_fact(
    "school_details",
    label="Details of a school",
    plural="Details of schools",
    family="identity",
    source="Get Information about Schools",
    ref="school_urn",
    same_when=("ref",),
)
class SchoolDetails:
    """A school or college."""

    name: str | None = field("Name")
    school_urn: str | None = field("Unique reference number", longest=6)
    phase: str | None = field("Phase")
    school_type: str | None = field("Kind of school")
    la_code: str | None = field("Council in whose area it is", longest=3)
    postcode: str | None = field("Postcode", longest=8)


@body_fact(
    "partner_details",
    label="Details of a partner organisation",
    plural="Details of partner organisations",
    family="sharing",
    source="Children Act 2004, ss.10, 11 and 16E",
    ref="organisation_code",
    same_when=("ref",),
)
class PartnerDetails:
    """A court, police force, health body, charity or other organisation that a council works with."""

    name: str | None = field("Name")
    organisation_code: str | None = field("Its code, such as an ODS code", longest=64)
    partner_type: str | None = field(
        "What it is",
        choices=(
            "court", "police", "integrated care board", "NHS trust", "general practice", "charity", "probation",
            "youth justice", "housing", "family hub", "Cafcass", "regulator", "government department", "other",
        ),
    )  # fmt: skip
    contact_email: str | None = field("E-mail address for notices", longest=254)


@body_fact(
    "company_details",
    label="Details of a company or charity",
    plural="Details of companies and charities",
    family="market",
    source="Companies House, basic company data; Charity Commission register; Beneficial Ownership Data Standard 0.4",
    ref="registered_number",
    same_when=("ref",),
)
class CompanyDetails:
    """A legal entity that may own, control or be a provider."""

    name: str | None = field("Registered name", names={"companies_house": "CompanyName"})
    scheme: str | None = field("Register that numbers it, such as GB-COH", longest=16)
    registered_number: str | None = field(
        "Number in that register", longest=64, names={"companies_house": "CompanyNumber"}
    )
    jurisdiction: str | None = field("Country or territory of registration")
    legal_form: str | None = field("Legal form", names={"companies_house": "CompanyCategory"})
    status: str | None = field("Status in the register", names={"companies_house": "CompanyStatus"})
    incorporated_date: date | None = field("Date of incorporation", names={"companies_house": "IncorporationDate"})
    dissolved_date: date | None = field("Date of dissolution", names={"companies_house": "DissolutionDate"})
    owner_class: str | None = field(
        "What sort of owner",
        choices=("company", "private equity fund", "charity", "council", "individual", "mutual", "unknown"),
    )
    address: str | None = field("Registered office", names={"companies_house": "RegAddress"})


@event(
    "tax_declaration",
    label="Tax declaration",
    family="market",
    subject="body",
    source="Policy paper Keeping Children Safe, Helping Families Thrive (2024): ownership and tax transparency",
)
class TaxDeclaration:
    """A company declares for a year where it is taxed and what it pays to related parties; dated the year's last day."""

    domicile: str | None = field("Country of tax domicile")
    effective_rate: float | None = field("Effective rate of tax", unit="percent")
    related_party_payments_pence: int | None = field("Payments to related parties", unit="pence")
    low_tax_territory: bool | None = field("Whether a company in the chain sits in a low-tax territory")


@spell(
    "post_holder",
    label="Holder of a statutory post",
    plural="Holders of statutory posts",
    family="casework",
    subject="body",
    party="worker",
    source="Children Act 1989, ss.22(3B) and 23ZZZA; Children Act 2004, s.18",
    ref="post",
    same_when=("valid_from", "ref"),
)
class PostHolder:
    """A period in which a post that the law requires is filled."""

    post: str | None = field(
        "Which post",
        required=True,
        choices=(
            "director of children's services", "virtual school head", "designated officer", "lead member",
            "principal social worker", "named senior manager of an improvement plan",
        ),
    )  # fmt: skip
    remit: tuple[str, ...] | None = field("Whom the post answers for, such as children in need or kinship care")


@spell(
    "child_protection_team_member",
    label="Member of a multi-agency child protection team",
    plural="Members of multi-agency child protection teams",
    family="casework",
    subject="body",
    party="worker",
    source="Children Act 2004, s.16EA(3) and (4), as inserted by the Children's Wellbeing and Schools Act 2026, s.3",
)
class ChildProtectionTeamMember:
    """A practitioner whom an agency nominated belongs to a multi-agency child protection team for a time."""

    agency: str | None = field(
        "Whom they were nominated as",
        required=True,
        choices=("education", "social work", "health", "police", "other"),
    )
    practitioner: str | None = field("Name of the practitioner", required=True, longest=120)
    organisation: str | None = field("Whom they work for, such as a school or a trust", longest=160)
    nominated_by: str | None = field("Who nominated them", longest=160)
    qualification: str | None = field("Their experience or registration, as the law asks for it", longest=400)
    end_reason: str | None = field("Why they left the team", longest=400)


@spell(
    "service_offered",
    label="Service offered",
    plural="Services offered",
    family="casework",
    subject="body",
    source="Childcare Act 2006, s.12; family hubs and start for life programme guide",
)
class ServiceOffered:
    """A family hub, charity or other body offers a service to families for a time."""

    service: str | None = field("What is offered", required=True)
    for_whom: str | None = field("For whom")
    how_to_reach: str | None = field("How to reach it")
    practice_guide: str | None = field("The practice guide it follows")
    places: int | None = field("Places", unit="places")


@event(
    "published_report",
    label="Published report or offer",
    plural="Published reports and offers",
    family="duties",
    subject="body",
    source="Children Act 1989; Children Act 2004, s.16G; IRO handbook; duty catalogue",
    ref="report_type",
    same_when=("valid_from", "ref"),
)
class PublishedReport:
    """A council or partnership publishes, reviews or sends something that it owes each year."""

    report_type: str | None = field(
        "What it is",
        required=True,
        choices=(
            "safeguarding partners' yearly report", "multi-agency safeguarding arrangements",
            "reviewing officers' yearly report", "kinship local offer", "care leavers' local offer",
            "pupil premium plus spending", "corporate parenting report", "sufficiency strategy", "statutory return",
        ),
    )  # fmt: skip
    step: str | None = field("What was done", choices=("published", "reviewed", "submitted"))
    period: str | None = field("Period it covers, such as 2025-26", longest=16)
    education_included: bool | None = field("Whether education is part of the arrangements")
    address: str | None = field("Where it can be read", longest=400)


# What the Act asks of public bodies, and the principles that a council as a corporate parent has had since 2018.
PUBLIC_BODIES_DUTY = (
    "alert to what harms their wellbeing", "assesses the services it offers", "gives opportunities",
    "helps them use services and opportunities", "works with other corporate parents",
)  # fmt: skip
COUNCILS_PRINCIPLES = (
    "acts in their best interests, and for their health and wellbeing", "encourages them to say what they want",
    "takes account of what they say", "helps them use its own and its partners’ services",
    "has high aspirations for them", "keeps them safe, in a stable home, school or work", "prepares them for adult life",
)  # fmt: skip


@event(
    "corporate_parenting_action",
    label="What a public body did as a corporate parent",
    plural="What public bodies did as corporate parents",
    family="duties",
    subject="body",
    source="Children's Wellbeing and Schools Act 2026, s.23 and following, and Schedule; Children and Social Work Act 2017, s.1",
    ref="duty",
    same_when=("valid_from", "ref"),
)
class CorporateParentingAction:
    """A public body meets one part of its duty towards children in care and care leavers, and says how it is known."""

    duty: str | None = field(
        "Which part of the duty",
        required=True,
        choices=(*PUBLIC_BODIES_DUTY, *COUNCILS_PRINCIPLES),
    )
    what_was_done: str | None = field("What was done", required=True)
    people_reached: int | None = field("Children and young people reached", unit="people")
    evidence: str | None = field("Where it can be read", longest=400)


@event(
    "corporate_parenting_report",
    label="Council's report as a corporate parent",
    plural="Councils' reports as corporate parents",
    family="duties",
    subject="body",
    source="Children and Social Work Act 2017, s.1; statutory guidance on corporate parenting principles (2018)",
    ref="period",
    same_when=("ref",),
)
class CorporateParentingReport:
    """What a council says of a year as a corporate parent: written by those who do the work, approved by its director."""

    period: str | None = field("Year it covers, such as 2025-26", required=True, longest=16)
    what_was_done: str | None = field("What was done in the year")
    what_they_said: str | None = field("What children in care and care leavers said, and what was done about it")
    what_comes_next: str | None = field("What comes next")
    step: str | None = field(
        "How far it has come", required=True, choices=("being written", "with the director", "returned", "approved")
    )
    written_by: str | None = field("Who wrote it")
    decided_by: str | None = field("Who approved or returned it")
    decided_date: date | None = field("When")
    reasons: str | None = field("Why it was returned")


@spell(
    "regional_arrangement",
    label="Regional co-operation arrangement",
    family="region",
    subject="body",
    party="region",
    source="Children Act 1989, s.22J, as inserted by the Children's Wellbeing and Schools Act 2026",
)
class RegionalArrangement:
    """A council takes part in a regional arrangement; membership changes, so it is dated and never a constant."""

    directed: bool | None = field("Whether the Secretary of State directed it")
    directed_date: date | None = field("When")
    functions: tuple[str, ...] | None = field("Which functions the region carries out")
