"""Leaving care to twenty-five: eligibility, personal adviser, accommodation, keeping in touch, entitlements."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import Sensitivity, called, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@spell(
    "leaving_care",
    label="Leaving care status",
    plural="Leaving care statuses",
    family="care",
    source="Children Act 1989, ss.23A to 23CZB and Sch. 2 para. 19B; Annex A, list 9",
    one_open=True,
    same_when=("eligibility",),
)
class LeavingCare:
    """A period in which a young person is eligible, relevant, former relevant or qualifying."""

    eligibility: str | None = field(
        "Which status",
        codes="leaving_care_eligibility",
        names=called(dataset="clea_care_leaver_eligibility", annex_a="Eligibility Category"),
    )
    pathway_review_date: date | None = field(
        "Date of the last pathway plan review, as the source states it",
        names=called(dataset="clea_pathway_plan_review_date", annex_a="Latest Pathway Plan Review Date"),
    )
    personal_adviser: str | None = field(
        "Source's number for the personal adviser",
        names=called(dataset="clea_care_leaver_personal_advisor", annex_a="Allocated Personal Advisor"),
    )
    team: str | None = field("Team", names=called(dataset="clea_care_leaver_allocated_team"))
    worker: str | None = field("Source's number for the worker", names=called(dataset="clea_care_leaver_worker_id"))


@event(
    "care_leaver_contact",
    label="Contact with a care leaver",
    plural="Contacts with care leavers",
    family="care",
    source="SSDA903 guide, OC3: contact from three months before to one month after the birthday",
    dates={
        "daily_feed": ("contact_date", None),
        "standard_safeguarding_dataset": ("clea_care_leaver_latest_contact", None),
        "annex_a": ("Latest Date of Contact", None),
    },
)
class CareLeaverContact:
    """What is known of a care leaver about their birthday: in touch, what they do, where they live."""

    in_touch: str | None = field(
        "Whether the council is in touch",
        codes="in_touch",
        names=called(ssda903="IN_TOUCH", dataset="clea_care_leaver_in_touch", annex_a="LA in Touch"),
    )
    activity: str | None = field(
        "Main activity: education, training, employment or none",
        codes="activity",
        names=called(
            ssda903="ACTIV",
            daily_feed="activity",
            dataset="clea_care_leaver_activity",
            annex_a="Activity Status",
        ),
    )
    accommodation: str | None = field(
        "Where they live",
        codes="accommodation",
        names=called(
            ssda903="ACCOM",  # its letter; its digit is the suitability
            daily_feed="accommodation",
            dataset="clea_care_leaver_accommodation",
            annex_a="Type of Accommodation",
        ),
    )
    accommodation_suitable: str | None = field(
        "Whether it is suitable",
        codes="accommodation_suitability",
        names=called(dataset="clea_care_leaver_accom_suitable", annex_a="Suitability of Accommodation"),
    )
    how: str | None = field("How", choices=("in person", "video", "telephone", "message", "through somebody else"))
    notes: str | None = field("What they said", sensitivity=NARRATIVE)


@event(
    "personal_adviser_visit",
    label="Personal adviser's visit",
    family="care",
    source="Care Leavers (England) Regulations 2010, reg. 8: seven days after a move, then every two months",
)
class PersonalAdviserVisit:
    """A personal adviser sees a young person where they live."""

    seen: bool | None = field("Whether the young person was seen")
    attempted_only: bool | None = field("Whether nobody could be seen")
    accommodation_looked_at: bool | None = field("Whether the home was looked at")
    notes: str | None = field("What was said", sensitivity=NARRATIVE)


@spell(
    "leaving_care_accommodation",
    label="Accommodation of a care leaver",
    plural="Accommodation of care leavers",
    family="care",
    source="Care Leavers (England) Regulations 2010, regs 8 and 9; Children Act 1989, s.23B(8)",
    party="setting",
)
class LeavingCareAccommodation:
    """Where a relevant child or care leaver lives, and who provides it."""

    accommodation: str | None = field("What sort", codes="accommodation")
    provided_by_council: bool | None = field("Whether the council provides or pays for it")
    suitable: str | None = field("Whether it is suitable", codes="accommodation_suitability")
    postcode: str | None = field("Postcode", sensitivity=Sensitivity.ADDRESS, longest=8)
    end_reason: str | None = field("Why it ended")


@spell(
    "staying_put",
    label="Staying Put arrangement",
    family="care",
    source="Children Act 1989, s.23CZA",
    party="former foster carer",
)
class StayingPut:
    """A young person stays with their former foster carer after 18."""

    weekly_amount_pence: int | None = field("What the council pays", unit="pence a week")
    end_reason: str | None = field("Why it ended")


@event(
    "staying_put_status",
    label="Staying Put status",
    plural="Staying Put statuses",
    family="care",
    source="Children Act 1989, s.23CZA: monitored while it lasts",
    parent="staying_put",
)
class StayingPutStatus:
    """The arrangement is looked at: does it go on, and does it still suit both."""

    goes_on: bool | None = field("Whether it goes on")
    notes: str | None = field("What both said", sensitivity=NARRATIVE)


@spell(
    "staying_close",
    label="Staying Close support",
    plural="Staying Close support",
    family="care",
    source="Children Act 1989, s.23CZAA, as inserted by the Children's Wellbeing and Schools Act 2026: to 25",
)
class StayingClose:
    """Advice, information and representations that a care leaver is given under Staying Close."""

    accommodation_help: bool | None = field("Whether help to find and keep a home is part of it")
    services_help: bool | None = field("Whether help to reach services is part of it")
    agreed: str | None = field("What was agreed", sensitivity=NARRATIVE)


@event(
    "support_offer",
    label="Offer of support to a care leaver",
    plural="Offers of support to care leavers",
    family="care",
    source="Children Act 1989, s.23CZB: at least once a year from 21 to 25",
)
class SupportOffer:
    """A care leaver is offered advice and support, or an entitlement, and answers."""

    offer: str | None = field(
        "What was offered",
        required=True,
        choices=(
            "personal adviser from 21", "staying close", "setting-up home allowance",
            "higher education bursary", "council tax", "covenant", "work or training", "other",
        ),
    )  # fmt: skip
    answer: str | None = field("What they answered", choices=("accepted", "declined", "no answer"))
    offered_by: str | None = field("Council or public body that offered it")


@spell(
    "higher_education",
    label="Higher education course",
    family="care",
    source="Children Act 1989, s.23C(5A); Children Act 1989 (Higher Education Bursary) (England) Regulations 2009",
    party="college or university",
)
class HigherEducation:
    """A former relevant child follows a course of higher education."""

    course: str | None = field("Course")
    vacation_accommodation: bool | None = field("Whether somewhere to live in the holidays is provided")
