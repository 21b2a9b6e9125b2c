"""The front door: contacts, referrals, what was decided, who was told, and what was shared."""

from __future__ import annotations

from datetime import date, datetime

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@event(
    "contact",
    label="Contact",
    family="casework",
    source="Annex A, list 1; Standard Safeguarding Dataset, contacts",
    dates={
        "standard_safeguarding_dataset": ("cont_contact_date", None),
        "annex_a": ("Date of Contact", None),
    },
    same_when=("valid_from", "contact_source"),
)
class Contact:
    """Somebody gets in touch about a child. It is not yet a referral, and starts only local clocks."""

    contact_source: str | None = field(
        "Who got in touch",
        codes="contact_source",
        names=called(dataset="cont_contact_source_code", annex_a="Contact Source"),
    )
    source_description: str | None = field(
        "Who got in touch, in words", names=called(dataset="cont_contact_source_desc")
    )
    outcome: str | None = field(
        "What came of it", codes="contact_outcome", names=called(dataset="cont_contact_outcome_json")
    )
    received_at: datetime | None = field("When it was received, to the minute")
    reason: str | None = field("What the contact was about", sensitivity=NARRATIVE)
    family_know: bool | None = field("Whether the family know that contact was made")
    decided_date: date | None = field("Date on which somebody decided what to do")


@spell(
    "referral_episode",
    label="Referral episode",
    family="casework",
    source="CIN census guide, CIN details; Children Act 1989, s.17 and s.47",
    dates={
        "cin_census": ("CINreferralDate", "CINclosureDate"),
        "daily_feed": ("referral_date", "closure_date"),
        "standard_safeguarding_dataset": ("cine_referral_date", "cine_close_date"),
        "annex_a": ("Date of Referral", "CIN Closure Date"),
    },
    # A case closed on 31 March is not counted as open on 31 March (CIN census statistics, methodology).
    ends={
        "cin_census": EndDate.FIRST_DAY_AFTER,
        "daily_feed": EndDate.FIRST_DAY_AFTER,
        "standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER,
        "annex_a": EndDate.FIRST_DAY_AFTER,
    },
)
class ReferralEpisode:
    """From the referral of a child to the closing of the case: the census calls it an episode of need."""

    referral_source: str | None = field(
        "Who referred the child",
        codes="referral_source",
        names=called(
            cin_census="ReferralSource",
            daily_feed="referral_source",
            dataset="cine_referral_source_code",
            annex_a="Referral Source",
        ),
    )
    source_description: str | None = field(
        "Who referred the child, in words", names=called(dataset="cine_referral_source_desc")
    )
    no_further_action: bool | None = field(
        "Whether the referral led to no further action",
        names=called(
            cin_census="ReferralNFA",
            daily_feed="referral_no_further_action_flag",
            dataset="cine_referral_nfa",
            annex_a="Referral NFA?",
        ),
    )
    primary_need: str | None = field(
        "Main need when the case was assessed",
        codes="category_of_need",
        names=called(cin_census="PrimaryNeedCode", dataset="cine_cin_primary_need_code", annex_a="Primary Need Code"),
    )
    closure_reason: str | None = field(
        "Why the case was closed",
        codes="closure_reason",
        names=called(
            cin_census="ReasonForClosure",
            daily_feed="closure_reason",
            dataset="cine_close_reason",
            annex_a="Reason for Closure",
        ),
    )
    outcome: str | None = field(
        "What came of the referral",
        codes="referral_outcome",
        names=called(dataset="cine_referral_outcome_json"),
    )
    initial_conference_date: date | None = field(
        "Date of an initial child protection conference held without an enquiry, as for a transfer in",
        names=called(cin_census="DateOfInitialCPC"),
    )
    received_at: datetime | None = field("When the referral was received, to the minute")
    team: str | None = field("Team that dealt with it", names=called(dataset="cine_referral_team"))
    worker: str | None = field(
        "Source's number for the worker who dealt with it", names=called(dataset="cine_referral_worker_id")
    )
    reason: str | None = field("What the referrer was worried about", sensitivity=NARRATIVE)
    consent_given: bool | None = field("Whether a parent agreed to the referral")


@event(
    "referral_decision",
    label="Decision on a referral",
    plural="Decisions on referrals",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3: a decision within one working day",
    parent="referral_episode",
)
class ReferralDecision:
    """A practice supervisor decides what happens next with a referral."""

    decision: str | None = field(
        "What was decided",
        required=True,
        choices=("no further action", "advice", "Family Help", "assessment", "strategy discussion"),
    )
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    decided_by: str | None = field("Who decided")
    family_told: bool | None = field("Whether the family were told")


@event(
    "referrer_feedback",
    label="Reply to the referrer",
    plural="Replies to referrers",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3: feedback to the referrer",
    parent="referral_episode",
)
class ReferrerFeedback:
    """The referrer is told what came of the referral, or the reason why nobody is owed a reply is kept."""

    sent_to: str | None = field("Who was told")
    not_sent_reason: str | None = field("Why nobody was told, such as a referrer who gave no name")


@event(
    "request_for_assessment",
    label="Request for an assessment",
    plural="Requests for an assessment",
    family="casework",
    source="Children Act 1989, ss.17ZA and 17ZD; Care Act 2014, s.58",
)
class RequestForAssessment:
    """A need for a needs assessment appears, or somebody asks for one."""

    assessment_type: str | None = field(
        "Which assessment is asked for",
        choices=("young carer", "parent carer", "child's transition to adult care"),
    )
    requested_by: str | None = field("Who asked, or who noticed the need")
    significant_benefit: bool | None = field("Whether an assessment would be of significant benefit now")


@event(
    "notification",
    label="Notification",
    family="duties",
    source="Care Planning, Placement and Case Review (England) Regulations 2010; Working Together; duty catalogue",
    ref="notification_type",
    same_when=("valid_from", "ref"),
)
class Notification:
    """
    One organisation formally tells another something that the law says it must.

    `notification_type` says which notice it is, so that a duty can name the one that meets it.
    """

    notification_type: str | None = field(
        "Which notice it is",
        required=True,
        choices=(
            "placement", "death of a looked-after child", "death of a care leaver", "serious incident",
            "event to safeguarding partners", "child death review partners", "child protection transfer in",
            "regulation 40 event", "section 30A notice", "section 85 or 86 stay", "school: domestic abuse",
            "private fostering", "change in private fostering", "advance warning", "kinship local offer", "other",
        ),
    )  # fmt: skip
    direction: str | None = field("Whether the council sent it or received it", choices=("sent", "received"))
    recipients: tuple[str, ...] | None = field("Who was told")
    channel: str | None = field("How", choices=("secure e-mail", "letter", "telephone", "portal", "in person"))
    sent_at: datetime | None = field("When it was sent, to the minute")
    acknowledged_at: datetime | None = field("When it was acknowledged")
    reference: str | None = field("The other organisation's reference", longest=64)
    content: str | None = field("What was said", sensitivity=NARRATIVE)
    concerns: str | None = field("Public identifier of the fact it is about, where there may be several", longest=36)


@event(
    "police_domestic_abuse_notice",
    label="Police notice of domestic abuse",
    plural="Police notices of domestic abuse",
    family="casework",
    source="Victims and Prisoners Act 2024, s.20 (Operation Encompass)",
)
class PoliceDomesticAbuseNotice:
    """The police tell of an incident of domestic abuse that a child saw, heard or lived with."""

    incident_at: datetime | None = field("When the incident happened")
    reference: str | None = field("Police reference", sensitivity=Sensitivity.IDENTIFIER, longest=64)
    summary: str | None = field("What happened", sensitivity=NARRATIVE)


@event(
    "relevant_information",
    label="Relevant information held",
    plural="Relevant information held",
    family="sharing",
    source="Children Act 2004, s.16LA (information about children), as inserted in 2026",
    party="body that holds it",
)
class RelevantInformation:
    """A person to whom the duty applies considers that information they hold is relevant to a child's welfare."""

    requested_by: str | None = field("Who asked for it, where somebody did")
    why_relevant: str | None = field("Why it is relevant", sensitivity=NARRATIVE)


@event(
    "disclosure",
    label="Disclosure",
    family="sharing",
    source="Children Act 2004, s.16LA; UK GDPR, art. 6 and art. 9; Data Protection Act 2018, Sch. 1",
    party="body told",
)
class Disclosure:
    """Information about a child is shared with another organisation, or is not, with the reason."""

    decision: str | None = field("Whether it was shared", required=True, choices=("shared", "part shared", "declined"))
    lawful_basis: str | None = field("The lawful basis relied on")
    purpose: str | None = field("What for")
    what: str | None = field("What was shared", sensitivity=NARRATIVE)
    reason_declined: str | None = field("Why it was not shared", sensitivity=NARRATIVE)
    child_welfare_outweighs: bool | None = field("Whether sharing was judged to be in the child's interest")
    family_told: bool | None = field("Whether the family were told")
    identifier_included: bool | None = field("Whether the consistent identifier went with it")


@event(
    "decision",
    label="Decision",
    family="casework",
    source="Kinfold record model: a decision has a maker, an authority and reasons",
    ref="matter",
    same_when=("valid_from", "ref"),
)
class Decision:
    """
    A decision about a child or a carer, with who made it, by what authority and why.

    `matter` says what was decided, so that a duty can name the decision that starts or meets it.
    """

    matter: str | None = field(
        "What was decided",
        required=True,
        choices=(
            "legal gateway", "pre-proceedings", "family group decision-making not in the child's interest",
            "considering adoption", "fostering for adoption", "child should be placed for adoption",
            "match with adopters", "adopter suitability", "foster carer approval", "independent visitor",
            "local child safeguarding practice review", "national child safeguarding practice review",
            "financial support", "case closure", "other",
        ),
    )  # fmt: skip
    choice: str | None = field("What was chosen", required=True)
    options: tuple[str, ...] | None = field("What else was considered")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    maker: str | None = field("Who decided")
    authority: str | None = field("By what authority: post, panel or regulation")
    delegated_from: str | None = field("On whose behalf, where it was delegated")
    conditions: str | None = field("Conditions", sensitivity=NARRATIVE)
    review_date: date | None = field("When it is to be looked at again")
    view_of_child: str | None = field("What the child thinks of it", sensitivity=NARRATIVE)
    view_of_family: str | None = field("What the family think of it", sensitivity=NARRATIVE)
    told_orally_date: date | None = field("When the person concerned was told")
    told_in_writing_date: date | None = field("When the person concerned was told in writing")
    concerns: str | None = field("Public identifier of the fact it is about, where there may be several", longest=36)


@event(
    "approval",
    label="Approval",
    family="casework",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 10, 11, 18, 19 and 39",
    ref="regulation",
    same_when=("valid_from", "ref"),
)
class Approval:
    """A person with the authority approves, returns or refuses what somebody else asks to do."""

    regulation: str | None = field(
        "Which approval it is",
        required=True,
        choices=(
            "regulation 10 education", "regulation 11 out of area", "regulation 11 at a distance",
            "regulation 18 placement with parents", "regulation 24 connected person",
            "regulation 39 ceasing to look after", "serious incident submission", "assessment", "plan", "closure",
            "spending", "other",
        ),
    )  # fmt: skip
    outcome: str | None = field("What was answered", required=True, choices=("approved", "returned", "refused"))
    stage: str | None = field("Stage of the approval", choices=("manager", "panel", "nominated officer", "director"))
    requested_by: str | None = field("Who asked")
    approved_by: str | None = field("Who answered")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    conditions: str | None = field("Conditions", sensitivity=NARRATIVE)
    concerns: str | None = field("Public identifier of the fact it is about, where there may be several", longest=36)
