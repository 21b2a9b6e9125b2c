"""Learning when a child dies or is seriously harmed: incidents, reviews, recommendations, child death review."""

from __future__ import annotations

from datetime import date, datetime

from kinfold.record.declare import Sensitivity, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE


@event(
    "serious_incident",
    label="Serious incident",
    family="duties",
    source="Children Act 2004, s.16C; Working Together to Safeguard Children, ch. 5",
)
class SeriousIncident:
    """The council becomes aware of an incident that may have to be notified within five working days."""

    aware_at: datetime | None = field("When the council became aware, to the minute")
    incident_date: date | None = field("When it happened")
    criteria: tuple[str, ...] | None = field(
        "Criteria met",
        choices=(
            "abuse or neglect known or suspected", "child died", "child seriously harmed",
            "looked-after child died", "care leaver under 25 died",
        ),
    )  # fmt: skip
    notifiable: bool | None = field("Whether it must be notified")
    reasons: str | None = field("Why, or why not", sensitivity=NARRATIVE)
    what_happened: str | None = field("What happened", sensitivity=NARRATIVE)


@event(
    "rapid_review",
    label="Rapid review",
    family="duties",
    source="Working Together to Safeguard Children, ch. 5: within 15 working days",
    parent="serious_incident",
)
class RapidReview:
    """The safeguarding partners send the Panel what they learned at once, and say whether to review further."""

    sent_to_panel_date: date | None = field("When it was sent")
    recommends_review: bool | None = field("Whether it recommends a local child safeguarding practice review")
    national_review_suggested: bool | None = field("Whether it raises matters of national importance")
    immediate_actions: str | None = field("What was done at once", sensitivity=NARRATIVE)
    learning: str | None = field("What was learned", sensitivity=NARRATIVE)
    concerns: str | None = field("Public identifier of the incident it belongs to", longest=36)


@spell(
    "practice_review",
    label="Child safeguarding practice review",
    family="duties",
    source="Children Act 2004, ss.16E and 16F; Child Safeguarding Practice Review regulations 2018: six months",
    parent="serious_incident",
)
class PracticeReview:
    """A local or national review, from the decision to commission it to its publication."""

    review_type: str | None = field("Local or national", choices=("local", "national"))
    reviewers: tuple[str, ...] | None = field("Who reviews")
    terms_of_reference: str | None = field("What it asks", sensitivity=NARRATIVE)
    planned_publication_date: date | None = field("Day on which it is to be published")
    delay_reasons: str | None = field("Why it takes longer, as told to the Panel", sensitivity=NARRATIVE)
    not_published_reason: str | None = field("Why it is not published in full", sensitivity=NARRATIVE)
    concerns: str | None = field("Public identifier of the incident it belongs to", longest=36)


@event(
    "practice_review_step",
    label="Step of a practice review",
    plural="Steps of practice reviews",
    family="duties",
    source="Working Together to Safeguard Children, ch. 5",
    parent="practice_review",
    ref="step",
    same_when=("valid_from", "ref"),
)
class PracticeReviewStep:
    """Something that starts or meets a time limit of a review."""

    step: str | None = field(
        "Which step",
        required=True,
        choices=(
            "report final", "sent to Panel and Secretary of State", "published", "reasons for delay sent",
            "Panel's reply received", "improvement report",
        ),
    )  # fmt: skip
    reply: str | None = field("What was said", sensitivity=NARRATIVE)
    concerns: str | None = field("Public identifier of the incident it belongs to", longest=36)


@spell(
    "recommendation",
    label="Recommendation",
    family="duties",
    source="Working Together to Safeguard Children, ch. 5",
    parent="practice_review",
    party="body it is addressed to",
)
class Recommendation:
    """A recommendation of a review, open until it is done or refused with reasons."""

    number: int | None = field("Number in the report")
    words: str | None = field("What is recommended")
    theme: str | None = field("Theme")
    answer: str | None = field("What the body answered", choices=("accepted", "accepted in part", "refused"))
    due_date: date | None = field("When it is to be done")
    what_changed: str | None = field("What changed, and how it is known")
    concerns: str | None = field("Public identifier of the incident it belongs to", longest=36)


@event(
    "learning_point",
    label="Learning point",
    family="duties",
    source="Working Together to Safeguard Children, ch. 5",
    subject="body",
)
class LearningPoint:
    """Something learned from a review, audit or complaint, that others can find."""

    theme: str | None = field("Theme")
    words: str | None = field("What was learned, without names")
    came_from: str | None = field("Where from", choices=("practice review", "rapid review", "audit", "complaint"))


@event(
    "child_death_review",
    label="Child death review",
    family="duties",
    source="Children Act 2004, ss.16M to 16Q; Child Death Review statutory and operational guidance",
)
class ChildDeathReview:
    """A step in reviewing the death of a child."""

    step: str | None = field(
        "Which step",
        required=True,
        choices=("joint agency response", "review meeting", "child death overview panel"),
    )
    modifiable_factors: bool | None = field("Whether anything could have been different")
    learning: str | None = field("What was learned", sensitivity=NARRATIVE)
