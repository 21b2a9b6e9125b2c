"""Care in particular circumstances: liberty, remand, hospital, short breaks, transfer, connected persons."""

from __future__ import annotations

from datetime import date, datetime

from kinfold.record.declare import EndDate, Sensitivity, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@spell(
    "deprivation_of_liberty",
    label="Deprivation of liberty order",
    family="care",
    source="SSDA903 guide 2026-27, DoLO; inherent jurisdiction of the High Court",
    parent="care_period",
    one_open=True,
    dates={"ssda903": ("DOLO_START", "DOLO_END")},
    # A new order may start on the day the one before ended (rule 705 refuses only an open one).
    ends={"ssda903": EndDate.FIRST_DAY_AFTER},
)
class DeprivationOfLiberty:
    """A court authorises that a child is deprived of liberty in a placement."""

    court: str | None = field("Which court")
    court_reference: str | None = field("Court's number", sensitivity=Sensitivity.LEGAL, longest=64)
    authorised_until: date | None = field("Last day the court authorised, as the order states it")
    restrictions: str | None = field("What the order allows", sensitivity=Sensitivity.LEGAL)
    statutory: bool | None = field("Whether made under section 25 as relevant accommodation, once in force")


@spell(
    "secure_accommodation",
    label="Secure accommodation",
    plural="Periods in secure accommodation",
    family="care",
    source="Children Act 1989, s.25; Children (Secure Accommodation) Regulations 1991",
    parent="care_period",
    party="setting",
)
class SecureAccommodation:
    """A child is kept in secure accommodation on welfare grounds; the first 72 hours are counted in hours."""

    began_at: datetime | None = field("When it began, to the minute")
    hours_without_court: int | None = field("Hours kept without a court order in the last 28 days", unit="hours")
    order_made_date: date | None = field("When a court first ordered it")
    order_until: date | None = field("Last day the court ordered")
    criteria: str | None = field("Why the test is met", sensitivity=NARRATIVE)


@event(
    "secure_review",
    label="Secure accommodation review",
    family="care",
    source="Children (Secure Accommodation) Regulations 1991, regs 15 and 16: three persons, one of them independent",
    parent="secure_accommodation",
)
class SecureReview:
    """Three persons consider whether a child must still be kept in secure accommodation."""

    reviewers: tuple[str, ...] | None = field("Who reviewed")
    independent_member: bool | None = field("Whether one of them was independent of the council")
    criteria_still_met: bool | None = field("Whether the test is still met")
    view_of_child: str | None = field("What the child said", sensitivity=NARRATIVE)


@spell(
    "remand",
    label="Remand",
    family="care",
    source="Legal Aid, Sentencing and Punishment of Offenders Act 2012, ss.91 to 107",
    one_open=True,
)
class Remand:
    """A court remands a child, who is then looked after."""

    remand_type: str | None = field(
        "To what", choices=("local authority accommodation", "youth detention accommodation")
    )
    court: str | None = field("Which court")
    conditions: str | None = field("Conditions", sensitivity=Sensitivity.LEGAL)


@spell(
    "custody",
    label="Custody",
    plural="Periods in custody",
    family="care",
    source="Children Act 1989, s.23ZA; Visits to Former Looked After Children in Detention Regulations 2010",
    party="setting",
    one_open=True,
)
class Custody:
    """A child or care leaver is detained after sentence."""

    was_looked_after: bool | None = field("Whether looked after just before")
    sentence: str | None = field("Sentence", sensitivity=Sensitivity.LEGAL)
    expected_release_date: date | None = field("Earliest date of release")


@spell(
    "hospital_or_school_stay",
    label="Long stay in hospital or a residential school",
    plural="Long stays in hospital or a residential school",
    family="care",
    source="Children Act 1989, ss.85 and 86; Visits to Children in Long-Term Residential Care Regulations 2011",
    party="setting",
)
class HospitalOrSchoolStay:
    """A child lives in hospital, a care home or a residential school for three months or more."""

    setting_type: str | None = field("What sort of setting", choices=("hospital", "care home", "residential school"))
    notified_date: date | None = field("When the council was told")


@spell(
    "arrangement_by_another",
    label="Arrangement made by somebody else",
    plural="Arrangements made by somebody else",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 28(7)",
    party="person who made it",
)
class ArrangementByAnother:
    """A looked after child lives under an arrangement that the council did not make."""

    made_by: str | None = field("Who made it: a court, a parent, the prison service")
    why: str | None = field("Why the child lives there", sensitivity=NARRATIVE)


@spell(
    "short_breaks",
    label="Short breaks",
    plural="Short breaks",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 48; SSDA903 guide, V3 and V4",
    party="setting",
)
class ShortBreaks:
    """A series of short breaks under one agreement: none longer than 17 days, no more than 75 a year."""

    pattern: str | None = field("How often, and how long")
    longest_days: int | None = field("Longest single break so far", unit="days")
    days_in_year: int | None = field("Days in the last twelve months", unit="days")
    under_section: str | None = field("Section relied on", choices=("17", "20"))


@event(
    "short_breaks_review",
    label="Short breaks review",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 48",
    parent="short_breaks",
)
class ShortBreaksReview:
    """A review of a child's short breaks."""

    participation: str | None = field("How the child took part", codes="review_participation")
    decisions: str | None = field("What was decided", sensitivity=NARRATIVE)


@spell(
    "consent",
    label="Consent",
    family="care",
    source="Children Act 1989, s.20; Adoption and Children Act 2002, ss.19 and 20",
    party="person who consents",
    same_when=("valid_from", "consent_type", "party"),
)
class Consent:
    """A person with parental responsibility, or a child of 16 or 17, consents; it ends when withdrawn."""

    consent_type: str | None = field(
        "To what",
        required=True,
        choices=("section 20", "placement for adoption", "adoption", "medical", "information sharing"),
    )
    signed: bool | None = field("Whether it is in writing")
    interpreter_used: bool | None = field("Whether it was explained in their own language")
    conditions: str | None = field("Conditions", sensitivity=NARRATIVE)
    withdrawn_how: str | None = field("How it was withdrawn", sensitivity=NARRATIVE)


@event(
    "national_transfer_referral",
    label="Referral to the National Transfer Scheme",
    plural="Referrals to the National Transfer Scheme",
    family="care",
    source="Immigration Act 2016, s.69; National Transfer Scheme protocol",
)
class NationalTransferReferral:
    """A council refers an unaccompanied child to be looked after elsewhere."""

    reference: str | None = field("Scheme's number", sensitivity=Sensitivity.IDENTIFIER, longest=64)
    receiving_council: str | None = field("Council asked")


@event(
    "national_transfer",
    label="National transfer",
    family="care",
    source="Immigration Act 2016, s.69; National Transfer Scheme protocol",
)
class NationalTransfer:
    """An unaccompanied child moves to the care of another council."""

    receiving_council: str | None = field("Council that took over")
    handed_over: bool | None = field("Whether papers were handed over")


@spell(
    "temporary_approval",
    label="Temporary approval of a connected person",
    plural="Temporary approvals of connected persons",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 24 and 25",
    party="child",
)
class TemporaryApproval:
    """A relative or friend is approved for a time; 16 weeks, extended once by eight."""

    extended_date: date | None = field("When it was extended")
    end_reason: str | None = field("Why it ended", choices=("approved in full", "placement ended", "refused"))
    assessment: str | None = field("What was found at the first look", sensitivity=NARRATIVE)


@spell(
    "reviewing_officer_dispute",
    label="Dispute raised by the reviewing officer",
    plural="Disputes raised by the reviewing officer",
    family="care",
    source="IRO handbook, ch. 6: dispute resolution",
    party="reviewing officer",
)
class ReviewingOfficerDispute:
    """The independent reviewing officer challenges what is done for a child, until it is settled."""

    about: str | None = field("What it is about", sensitivity=NARRATIVE)
    stage: str | None = field(
        "How far it went", choices=("informal", "team manager", "head of service", "director", "Cafcass")
    )
    outcome: str | None = field("How it was settled", sensitivity=NARRATIVE)


@event(
    "advocacy_offer",
    label="Offer of an advocate",
    plural="Offers of an advocate",
    family="care",
    source="Children Act 1989, s.26A; Care Planning regulations, reg. 5 and IRO handbook",
)
class AdvocacyOffer:
    """A child is offered somebody to speak for them."""

    answer: str | None = field("What the child answered", choices=("accepted", "declined", "not yet"))
    for_meeting: str | None = field("For which meeting")
    provider: str | None = field("Who provides the advocate")


@event(
    "review_invitation",
    label="Invitation to a meeting",
    plural="Invitations to a meeting",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 36",
)
class ReviewInvitation:
    """A child and others are invited to a review or conference."""

    meeting: str | None = field("Which meeting", choices=("looked after review", "conference", "complaint", "other"))
    meeting_date: date | None = field("When it is")
    invited: tuple[str, ...] | None = field("Who is invited")
    excluded: str | None = field("Who is not, and why", sensitivity=NARRATIVE)


@event(
    "record_distributed",
    label="Record sent out",
    plural="Records sent out",
    family="care",
    source="Care Planning regulations, reg. 37; IRO handbook: decisions in five, record in twenty working days",
    parent="looked_after_review",
)
class RecordDistributed:
    """The decisions or the whole record of a meeting are sent to those entitled to them."""

    part: str | None = field("What was sent", required=True, choices=("decisions", "record"))
    meeting_date: date | None = field("Date of the meeting")
    recipients: tuple[str, ...] | None = field("To whom")
