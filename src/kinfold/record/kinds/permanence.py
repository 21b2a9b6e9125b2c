"""Permanence: adoption, special guardianship, fostering and adopter approval, private fostering."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@event(
    "adoption_decision",
    label="Decision that a child should be placed for adoption",
    plural="Decisions that a child should be placed for adoption",
    family="care",
    source="Adoption Agencies Regulations 2005, reg. 19; SSDA903 guide, AD1",
    dates={
        "ssda903": ("DATE_INT", None),
        "daily_feed": ("initial_decision_date", None),
        "standard_safeguarding_dataset": ("perm_adm_decision_date", None),
        "annex_a": ("Date of Decision that Child Should be Placed for Adoption", None),
    },
)
class AdoptionDecision:
    """The agency decision maker decides that adoption is the plan for a child."""

    decision_maker: str | None = field("Agency decision maker")
    with_panel: bool | None = field("Whether a panel had advised")
    fostering_for_adoption_date: date | None = field(
        "Date of a decision on fostering for adoption or concurrent planning",
        names=called(dataset="perm_ffa_cp_decision_date"),
    )
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@event(
    "adoption_match",
    label="Match with adopters",
    plural="Matches with adopters",
    family="care",
    source="Adoption Agencies Regulations 2005, reg. 33; SSDA903 guide, AD1",
    dates={
        "ssda903": ("DATE_MATCH", None),
        "daily_feed": ("matched_date", None),
        "standard_safeguarding_dataset": ("perm_matched_date", None),
        "annex_a": ("Date of Matching Child and Prospective Adopters", None),
    },
)
class AdoptionMatch:
    """A child is matched with prospective adopters."""

    foster_carer_adoption: bool | None = field(
        "Whether the adopters were the child's foster carers",
        names=called(ssda903="FOSTER_CARE", dataset="perm_adopted_by_carer_flag"),
    )
    number_of_adopters: int | None = field(
        "How many adopters",
        unit="adopters",
        names=called(ssda903="NB_ADOPTR", dataset="perm_number_of_adopters"),
    )
    adopters_sex: str | None = field(
        "Sex of the adopters", codes="adopters_sex", names=called(ssda903="SEX_ADOPTR", dataset="perm_adopter_sex")
    )
    adopters_legal_status: str | None = field(
        "Legal status of the adopters",
        codes="adopters_legal_status",
        names=called(ssda903="LS_ADOPTR", dataset="perm_adopter_legal_status"),
    )


@spell(
    "placed_for_adoption",
    label="Decision and placement for adoption",
    plural="Decisions and placements for adoption",
    family="care",
    source="SSDA903 guide, placed for adoption",
    parent="care_period",
    one_open=True,
    dates={
        "ssda903": ("DATE_PLACED", "DATE_PLACED_CEASED"),
        "daily_feed": ("placed_date", None),
        "standard_safeguarding_dataset": ("perm_placed_for_adoption_date", "perm_decision_reversed_date"),
        "annex_a": (
            "Date Placed for Adoption",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
        ),
    },
    # The end is the day of the decision to stop: from that day the decision to place no longer holds.
    ends={
        "ssda903": EndDate.FIRST_DAY_AFTER,
        "standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER,
        "annex_a": EndDate.FIRST_DAY_AFTER,
    },
)
class PlacedForAdoption:
    """A period in which a child is placed, or is to be placed, for adoption."""

    ceased_reason: str | None = field(
        "Why the child should no longer be placed for adoption",
        codes="adoption_ceased_reason",
        names=called(
            ssda903="REASON_PLACED_CEASED",
            dataset="perm_decision_reversed_reason",
            annex_a="Reason Why Child No Longer Placed for Adoption",
        ),
    )
    fostering_for_adoption_date: date | None = field(
        "Date placed for fostering for adoption or concurrent planning",
        names=called(
            dataset="perm_placed_ffa_cp_date",
            annex_a="Date the child was placed for fostering in FFA or concurrent planning placement",
        ),
    )
    foster_carer_date: date | None = field(
        "Date first placed with the foster carers who adopt", names=called(dataset="perm_placed_foster_carer_date")
    )
    sibling_group: bool | None = field(
        "Whether the child is one of a sibling group", names=called(dataset="perm_part_of_sibling_group")
    )
    siblings_together: int | None = field(
        "Children placed together, this child included",
        unit="children",
        names=called(dataset="perm_siblings_placed_together"),
    )
    siblings_apart: int | None = field(
        "Siblings placed elsewhere", unit="children", names=called(dataset="perm_siblings_placed_apart")
    )
    agency_urn: str | None = field("Agency's URN", longest=8, names=called(dataset="perm_placement_provider_urn"))


@event(
    "previous_permanence",
    label="Previous permanence",
    plural="Previous permanence",
    family="care",
    source="SSDA903 guide, previous permanence",
    same_when=(),
)
class PreviousPermanence:
    """Whether a child who starts to be looked after had been adopted, or had another permanence order before."""

    permanence_option: str | None = field(
        "Which order",
        codes="previous_permanence",
        names=called(ssda903="PREV_PERM", dataset="lapp_previous_permanence_option"),
    )
    permanence_authority: str | None = field(
        "Council that arranged it",
        codes="previous_permanence_authority",
        names=called(ssda903="LA_PERM", dataset="lapp_previous_permanence_la"),
    )
    permanence_date: str | None = field(
        "Date of the order as the source writes it: day or month may be unknown (zz/MM/YYYY)",
        longest=10,
        names=called(ssda903="DATE_PERM", dataset="lapp_previous_permanence_order_date"),
    )


@event(
    "panel_recommendation",
    label="Recommendation of a panel",
    plural="Recommendations of panels",
    family="care",
    source="Adoption Agencies Regulations 2005, regs 18, 30A and 32; Fostering Services (England) Regulations 2011, reg. 25",
    ref="panel_type",
    same_when=("valid_from", "ref"),
)
class PanelRecommendation:
    """A panel recommends to the decision maker; the time runs from when its final minutes arrive."""

    panel_type: str | None = field(
        "What it advised on",
        required=True,
        choices=("child should be placed", "match", "adopter suitability", "foster carer approval", "review"),
    )
    recommendation: str | None = field("What it recommended", sensitivity=NARRATIVE)
    final_minutes_received_date: date | None = field("When the final minutes reached the decision maker")


@event(
    "adoption_review",
    label="Adoption review",
    family="care",
    source="Adoption Agencies Regulations 2005, reg. 36",
)
class AdoptionReview:
    """A review of a child who may be, or is, placed for adoption."""

    placed: bool | None = field("Whether the child is placed")
    participation: str | None = field("How the child took part", codes="review_participation")
    decisions: str | None = field("What was decided", sensitivity=NARRATIVE)


@event(
    "adoption_visit",
    label="Visit after placement for adoption",
    plural="Visits after placement for adoption",
    family="care",
    source="Adoption Agencies Regulations 2005, reg. 36(4): weekly until the first review",
    parent="placed_for_adoption",
)
class AdoptionVisit:
    """A visit to a child placed for adoption. Only one with the child seen meets a duty."""

    seen: bool | None = field("Whether the child was seen")
    seen_alone: bool | None = field("Whether the child was seen alone")
    attempted_only: bool | None = field("Whether nobody could be seen")
    notes: str | None = field("What was seen and heard", sensitivity=NARRATIVE)


@event(
    "adoption_celebration",
    label="Adoption celebration",
    family="care",
    source="Adoption Agencies Regulations 2005 and statutory guidance on adoption: within ten working days of it",
)
class AdoptionCelebration:
    """The hearing at which an adoption is celebrated."""

    court: str | None = field("Which court")


@event(
    "life_story_given",
    label="Life story work given",
    plural="Life story work given",
    family="care",
    source="Statutory guidance on adoption, ch. 5: later life letter and life story book",
)
class LifeStoryGiven:
    """The life story book or the later life letter is given to the child and adopters."""

    what: str | None = field("What was given", required=True, choices=("life story book", "later life letter"))


@spell(
    "adopter_application",
    label="Adopter's application",
    family="care",
    source="Adoption Agencies Regulations 2005, Part 4; Annex A, list 11",
    dates={"annex_a": ("Date enquiry received", "Date of leaving adoption process")},
    # Left the process on that day: no longer in it.
    ends={"annex_a": EndDate.FIRST_DAY_AFTER},
)
class AdopterApplication:
    """From an enquiry about adopting, through two stages, to the decision or to leaving."""

    registration_accepted_date: date | None = field(
        "When registration of interest was accepted", names=called(annex_a="Date Stage 1 started")
    )
    stage_one_ended_date: date | None = field("When stage one ended", names=called(annex_a="Date Stage 1 ended"))
    stage_two_started_date: date | None = field(
        "When the notice to go on to stage two came", names=called(annex_a="Date Stage 2 started")
    )
    stage_two_ended_date: date | None = field("When stage two ended", names=called(annex_a="Date Stage 2 ended"))
    application_date: date | None = field("When they applied", names=called(annex_a="Date application submitted"))
    approved_date: date | None = field("When they were approved", names=called(annex_a="Date application approved"))
    fostering_for_adoption: bool | None = field(
        "Whether they foster for adoption",
        names=called(annex_a="Is the (prospective) adopter fostering for adoption?"),
    )
    leaving_reason: str | None = field("Why they left", names=called(annex_a="Reason for leaving adoption process"))


@event(
    "qualifying_determination",
    label="Qualifying determination",
    family="care",
    source="Independent Review of Determinations (Adoption and Fostering) Regulations 2009",
)
class QualifyingDetermination:
    """An applicant or carer is told that the agency does not intend to approve, or to go on approving, them."""

    about: str | None = field("About whom", required=True, choices=("adopter", "foster carer"))
    sent_date: date | None = field("When the notice was sent")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@event(
    "determination_answer",
    label="Answer to a qualifying determination",
    plural="Answers to qualifying determinations",
    family="care",
    source="Independent Review of Determinations (Adoption and Fostering) Regulations 2009",
    parent="qualifying_determination",
)
class DeterminationAnswer:
    """The person answers, asks for an independent review, or lets the time pass."""

    route: str | None = field(
        "Which", required=True, choices=("representations", "independent review mechanism", "lapsed")
    )
    words: str | None = field("What they said", sensitivity=NARRATIVE)


@event(
    "carer_review",
    label="Review of a carer",
    plural="Reviews of carers",
    family="care",
    source="Fostering Services (England) Regulations 2011, reg. 28; Adoption Agencies Regulations 2005, reg. 30D",
)
class CarerReview:
    """The approval of a foster carer, or of an adopter not yet matched, is looked at again."""

    carer_type: str | None = field("Which", required=True, choices=("foster carer", "adopter"))
    still_suitable: bool | None = field("Whether approval goes on")
    terms_changed: str | None = field("How the terms changed")
    notes: str | None = field("What was found", sensitivity=NARRATIVE)


@event(
    "unannounced_visit",
    label="Unannounced visit to a carer",
    plural="Unannounced visits to carers",
    family="care",
    source="Fostering services: national minimum standards, standard 21",
)
class UnannouncedVisit:
    """A supervising social worker visits a foster home without notice."""

    children_present: int | None = field("Children at home", unit="children")
    notes: str | None = field("What was seen", sensitivity=NARRATIVE)


@spell(
    "private_fostering",
    label="Private fostering arrangement",
    family="care",
    source="Children (Private Arrangements for Fostering) Regulations 2005",
    party="carer",
)
class PrivateFostering:
    """A child under 16 lives with somebody who is not close family for 28 days or more, by private arrangement."""

    notified_date: date | None = field("When the council was told")
    aware_date: date | None = field("When the council became aware")
    suitable: bool | None = field("Whether the arrangement is suitable")
    prohibition: bool | None = field("Whether it was prohibited or conditions were set")
    end_reason: str | None = field("Why it ended")


@event(
    "private_fostering_visit",
    label="Private fostering visit",
    family="care",
    source="Children (Private Arrangements for Fostering) Regulations 2005, regs 4, 7 and 8",
    parent="private_fostering",
)
class PrivateFosteringVisit:
    """An officer visits a privately fostered child and writes a report."""

    seen: bool | None = field("Whether the child was seen")
    seen_alone: bool | None = field("Whether the child was seen alone")
    report_written_date: date | None = field("When the report was written")
    notes: str | None = field("What was seen and heard", sensitivity=NARRATIVE)


@event(
    "private_fostering_change",
    label="Change in a private fostering arrangement",
    plural="Changes in private fostering arrangements",
    family="care",
    source="Children (Private Arrangements for Fostering) Regulations 2005, regs 9 and 10",
    parent="private_fostering",
)
class PrivateFosteringChange:
    """Something in the arrangement changes, is proposed, or ends; the carer must tell the council in 48 hours."""

    change: str | None = field("What", required=True, choices=("proposed", "address", "household", "offence", "ended"))
    told_date: date | None = field("When the council was told")


@event(
    "intention_notice",
    label="Notice of intention to apply to court",
    plural="Notices of intention to apply to court",
    family="care",
    source="Children Act 1989, s.14A(7); Adoption and Children Act 2002, s.44",
    party="applicant",
    ref="order_intended",
    same_when=("valid_from", "ref"),
)
class IntentionNotice:
    """Somebody tells the council that they will ask a court for special guardianship or to adopt."""

    order_intended: str | None = field("Which order", required=True, choices=("special guardianship", "adoption"))
    applicant: str | None = field("Who will apply", sensitivity=Sensitivity.IDENTIFIER)
