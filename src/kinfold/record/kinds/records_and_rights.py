"""Records and rights: access requests, complaints, breaches, restrictions, holds, retention, adoption seals."""

from __future__ import annotations

from datetime import date, datetime

from kinfold.record.declare import Sensitivity, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@spell(
    "subject_access_request",
    label="Subject access request",
    family="duties",
    source="UK GDPR, arts 12 and 15: one month, extended by two where complex",
    party="person who asks",
)
class SubjectAccessRequest:
    """A person asks for what is held about them, from the day it is received to the day of the answer."""

    scope: str | None = field("What they ask for", sensitivity=NARRATIVE)
    identity_confirmed_date: date | None = field("When it was certain who asks")
    clarification_asked_date: date | None = field("When they were asked what they meant")
    extended: bool | None = field("Whether the time was extended")
    extension_told_date: date | None = field("When they were told of it")
    outcome: str | None = field("What was answered", choices=("given", "given in part", "refused", "withdrawn"))
    exemptions: tuple[str, ...] | None = field("Exemptions relied on")


@spell(
    "complaint",
    label="Complaint",
    family="duties",
    source="Children Act 1989 Representations Procedure (England) Regulations 2006",
    party="person who complains",
)
class Complaint:
    """A complaint or representation, from the day it is received to the day it is closed."""

    about: str | None = field("What it is about", sensitivity=NARRATIVE)
    made_for_child: bool | None = field("Whether a child made it, or somebody for a child")
    advocate: str | None = field("Who speaks for the child")
    highest_stage: str | None = field("How far it went", choices=("1", "2", "3", "ombudsman"))
    outcome: str | None = field("What came of it", choices=("upheld", "upheld in part", "not upheld", "withdrawn"))
    remedy: str | None = field("What was put right", sensitivity=NARRATIVE)


@event(
    "complaint_step",
    label="Step of a complaint",
    plural="Steps of complaints",
    family="duties",
    source="Children Act 1989 Representations Procedure (England) Regulations 2006, regs 14 to 20",
    parent="complaint",
    ref="step",
    same_when=("valid_from", "ref"),
)
class ComplaintStep:
    """Something that starts or meets a time limit in the procedure."""

    step: str | None = field(
        "Which step",
        required=True,
        choices=(
            "stage 1 response", "stage 2 requested", "stage 2 investigation report", "stage 2 adjudication",
            "stage 3 requested", "panel held", "panel report received", "stage 3 response",
            "next stage not requested in time", "early referral to the ombudsman",
        ),
    )  # fmt: skip
    sent_date: date | None = field("When it was sent")
    outcome: str | None = field("What it said", sensitivity=NARRATIVE)


@spell(
    "data_protection_complaint",
    label="Data protection complaint",
    family="duties",
    source="Data Protection Act 2018, s.164A, as inserted by the Data (Use and Access) Act 2025",
    party="person who complains",
)
class DataProtectionComplaint:
    """A person complains about how information on them is used."""

    about: str | None = field("What it is about", sensitivity=NARRATIVE)
    acknowledged_date: date | None = field("When it was acknowledged: within 30 days")
    outcome: str | None = field("What came of it", sensitivity=NARRATIVE)


@spell(
    "personal_data_breach",
    label="Personal data breach",
    plural="Personal data breaches",
    family="duties",
    source="UK GDPR, arts 33 and 34: within 72 hours of becoming aware",
)
class PersonalDataBreach:
    """Personal data is lost, changed or seen by somebody who should not; known until it is closed."""

    known_at: datetime | None = field("When the council became aware, to the minute")
    reported_to_commissioner_at: datetime | None = field("When the Information Commissioner was told")
    not_reported_reason: str | None = field("Why the Commissioner was not told")
    high_risk: bool | None = field("Whether it is likely to put people at high risk")
    people_told_date: date | None = field("When the people concerned were told")
    people_affected: int | None = field("How many", unit="people")
    what_happened: str | None = field("What happened", sensitivity=NARRATIVE)
    remedy: str | None = field("What was done", sensitivity=NARRATIVE)


@spell(
    "restriction_label",
    label="Restriction on a record",
    plural="Restrictions on records",
    family="access",
    source="Kinfold record model, labels; Adoption and Children Act 2002, ss.56 to 65",
    ref="restriction",
    same_when=("valid_from", "ref"),
)
class RestrictionLabel:
    """A period in which a record may be read only by those whom its label allows."""

    restriction: str | None = field(
        "Which",
        required=True,
        choices=(
            "restricted", "sealed", "privileged", "police_marked", "third_party", "address_protected", "lado_vault",
            "void_wrong_person",
        ),
    )  # fmt: skip
    allowed: tuple[str, ...] | None = field("Public identifiers of the persons who may still read it")
    reason: str | None = field("Why", sensitivity=NARRATIVE)
    requested_by: str | None = field("Who asked")
    approved_by: str | None = field("Who approved")
    review_date: date | None = field("When it is to be looked at again")


@spell(
    "look_hold",
    label="Holding back who looked",
    plural="Holdings back of who looked",
    family="access",
    source="Kinfold: showing the family who looked can endanger a child",
)
class LookHold:
    """A named person holds back from the family that somebody looked at the record, for a reason and a time."""

    held_for: str | None = field("Which organisation or role looked")
    reason: str | None = field("Why showing it would be dangerous", sensitivity=NARRATIVE)
    approved_by: str | None = field("Who approved it")
    review_date: date | None = field("When it is to be looked at again")


@spell(
    "legal_hold",
    label="Legal hold",
    family="access",
    source="Inquiries Act 2005, s.35; Data Protection Act 2018, Sch. 2 para. 5",
)
class LegalHold:
    """A period in which nothing about a person may be destroyed, whatever the retention rule says."""

    reason: str | None = field("Why: an inquiry, a claim, an investigation")
    asked_by: str | None = field("Who asked")
    review_date: date | None = field("When it is to be looked at again")


@event(
    "disposal_review",
    label="Review before disposal",
    plural="Reviews before disposal",
    family="duties",
    source="Care Planning regulations, reg. 50: the 75th birthday; Adoption regulations: 100 years",
)
class DisposalReview:
    """Somebody looks at a record that may be destroyed, and decides."""

    decision: str | None = field("What was decided", required=True, choices=("destroy", "keep longer", "archive"))
    rule: str | None = field("Retention rule that applies")
    reason: str | None = field("Why")
    destroyed_date: date | None = field("When it was destroyed")


@event(
    "erasure",
    label="Erasure",
    family="access",
    source="UK GDPR, art. 17; court order",
)
class Erasure:
    """Content is removed by law; the chain of hashes stays whole."""

    ground: str | None = field("Under what ground", required=True)
    what: str | None = field("Which facts, by their public identifiers")
    approved_by: str | None = field("Who approved")


@event(
    "release",
    label="Release to the child or family",
    plural="Releases to the child or family",
    family="access",
    source="Kinfold record model: what a young person may see is released, item by item",
    party="person to whom",
)
class Release:
    """A plan, paper or fact is released for the child or a parent to see."""

    what: str | None = field("Public identifier of what is released", required=True)
    words_for_child: str | None = field("What it says, in words meant for them", sensitivity=NARRATIVE)
    approved_by: str | None = field("Who approved")
