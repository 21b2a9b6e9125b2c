"""Home education: the request, consent, the steps of the case, leaving the roll, the register."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import Sensitivity, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@event(
    "home_education_request",
    label="Request to home educate",
    plural="Requests to home educate",
    family="casework",
    source="Education Act 1996, s.434A, as inserted by the Children's Wellbeing and Schools Act 2026",
    party="parent",
)
class HomeEducationRequest:
    """A parent asks to take a child off a school roll to educate them otherwise than at school."""

    school_urn: str | None = field("School the child would leave", longest=6)
    grounds: tuple[str, ...] | None = field(
        "Why consent is needed",
        choices=("section 47 enquiry", "child protection plan", "plan in the past five years", "special school"),
    )
    parents_reasons: str | None = field("What the parent says", sensitivity=NARRATIVE)
    view_of_child: str | None = field("What the child says", sensitivity=NARRATIVE)


@event(
    "home_education_consent",
    label="Decision on consent to home educate",
    plural="Decisions on consent to home educate",
    family="casework",
    source="Education Act 1996, s.434A, as inserted by the Children's Wellbeing and Schools Act 2026",
    parent="home_education_request",
)
class HomeEducationConsent:
    """The council grants or refuses consent, with reasons and how to have it looked at again."""

    decision: str | None = field("What was decided", required=True, choices=("granted", "refused"))
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    decided_by: str | None = field("Who decided")
    review_route_told_date: date | None = field("When the parent was told how to ask for a review")
    reviewed_outcome: str | None = field("What a review decided", choices=("upheld", "overturned"))


@event(
    "home_education_step",
    label="Step after a decision on home education",
    plural="Steps after decisions on home education",
    family="casework",
    source="Education Act 1996, s.434A, as inserted by the Children's Wellbeing and Schools Act 2026",
    parent="home_education_request",
    ref="step",
    same_when=("valid_from", "ref"),
)
class HomeEducationStep:
    """The parent withdraws the request or asks for the decision to be looked at again, or that review is decided."""

    step: str | None = field(
        "Which step", required=True, choices=("request withdrawn", "review asked for", "review decided")
    )
    reviewed_by: str | None = field(
        "Who looks at it again", choices=("director of children's services", "Secretary of State")
    )
    outcome: str | None = field("What the review decided", choices=("upheld", "overturned", "to be decided again"))
    decided_by: str | None = field("Who decided the review")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@event(
    "school_deregistration",
    label="Removal from a school roll",
    plural="Removals from a school roll",
    family="casework",
    source="School Attendance (Pupil Registration) (England) Regulations 2024",
    party="school",
)
class SchoolDeregistration:
    """A school takes a child's name off its roll."""

    school_urn: str | None = field("School", longest=6)
    reason: str | None = field("Ground in the regulations")
    consent_needed: bool | None = field("Whether the council's consent was needed")


@spell(
    "children_not_in_school_entry",
    label="Entry in the register of children not in school",
    plural="Entries in the register of children not in school",
    family="casework",
    source="Education Act 1996, s.436B, as inserted by the Children's Wellbeing and Schools Act 2026",
)
class ChildrenNotInSchoolEntry:
    """A child of school age who is not a registered pupil, or not all the time, is on the council's register."""

    eligible_date: date | None = field("When the council became aware that the child must be on it")
    reason: str | None = field(
        "Why the child is on it", choices=("home educated", "flexi-schooled", "not in education")
    )
    provision: str | None = field("How the child is educated", sensitivity=NARRATIVE)
    hours_a_week: int | None = field("Hours of education a week", unit="hours")
