"""
Serious incidents: criteria, the director's submission, notification, rapid review, decision, review, publication.

Sources: Children Act 2004, ss. 16C, 16E and 16F; Child Safeguarding Practice Review and Relevant Agency (England)
Regulations 2018; Working Together to Safeguard Children, ch. 5. The time limits are those of the duties SG01 to SG06.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kinfold.care.case import (
    Due,
    Fact,
    Step,
    StepState,
    When,
    day_in,
    day_of,
    facts_of_case,
    finished,
    moment_in,
    not_needed,
    not_yet,
    of_kind,
    openings,
    waiting,
)
from kinfold.care.learning import Recommendation, recommendation

INCIDENT, SUBMISSION = "serious_incident", "serious incident submission"
LOCAL, NATIONAL = "local child safeguarding practice review", "national child safeguarding practice review"
REVIEW, NO_REVIEW = "review", "no review"
REPLY, FINAL, SENT, PUBLISHED, DELAYED = (
    "Panel's reply received", "report final", "sent to Panel and Secretary of State", "published",
    "reasons for delay sent",
)  # fmt: skip
ABUSE, DIED, HARMED = "abuse or neglect known or suspected", "child died", "child seriously harmed"
IN_CARE, CARE_LEAVER = "looked-after child died", "care leaver under 25 died"


class IncidentState(StrEnum):
    """Where an incident stands: the first thing that is left to do."""

    CRITERIA = "criteria to be decided"
    SUBMISSION = "waits for the director"
    NOTIFICATION = "to be notified"
    RAPID_REVIEW = "rapid review under way"
    DECISION = "decision on a review"
    PRACTICE_REVIEW = "practice review under way"
    PUBLICATION = "report to be published"
    RECOMMENDATIONS = "to be followed up"
    CLOSED = "closed"
    NOT_NOTIFIABLE = "not notifiable"


ENDED = frozenset({IncidentState.CLOSED, IncidentState.NOT_NOTIFIABLE})
_STATE_OF_STEP = {
    "criteria": IncidentState.CRITERIA,
    "submission": IncidentState.SUBMISSION,
    "notification": IncidentState.NOTIFICATION,
    "rapid_review": IncidentState.RAPID_REVIEW,
    "decision": IncidentState.DECISION,
    "practice_review": IncidentState.PRACTICE_REVIEW,
    "report_sent": IncidentState.PRACTICE_REVIEW,
    "publication": IncidentState.PUBLICATION,
    "recommendations": IncidentState.RECOMMENDATIONS,
}


@dataclass(frozen=True, slots=True)
class IncidentCase:
    """One incident with what followed from it. `aware` is when the council became aware."""

    incident: Fact
    state: IncidentState
    steps: tuple[Step, ...]
    recommendations: tuple[Recommendation, ...]
    facts: tuple[Fact, ...]
    aware: When | None

    @property
    def is_open(self) -> bool:
        """Return whether anything is left to do."""
        return self.state not in ENDED

    @property
    def overdue(self) -> tuple[Step, ...]:
        """Return the steps whose day has passed."""
        return tuple(step for step in self.steps if step.is_overdue)

    @property
    def next_due(self) -> date | None:
        """Return the earliest day of a step that is to be done."""
        days = [step.earliest_due for step in self.steps if not step.is_finished and step.earliest_due]
        return min(days, default=None)

    def step(self, name: str) -> Step:
        """Return one step by its name."""
        return next(step for step in self.steps if step.name == name)


def suggests_notification(criteria: Sequence[str]) -> tuple[bool, str]:
    """
    Return whether the criteria met make an incident notifiable, and why in a sentence.

    Source: Children Act 2004, s. 16C(1): abuse or neglect known or suspected, and the child died or was seriously
    harmed. Working Together asks for the deaths of looked-after children and of care leavers whatever the cause.
    """
    met = set(criteria)
    if ABUSE in met and met & {DIED, HARMED, IN_CARE, CARE_LEAVER}:
        return True, "Abuse or neglect is known or suspected, and the child died or was seriously harmed."
    if IN_CARE in met:
        return True, "A looked-after child died: the death is notified whatever its cause."
    if CARE_LEAVER in met:
        return True, "A care leaver under 25 died: the death is notified whatever its cause."
    if ABUSE in met:
        return False, "Abuse or neglect is suspected, but no death or serious harm is recorded."
    return False, "Neither abuse nor neglect is known or suspected."


def incident_cases(facts: Sequence[Fact], *, today: date, due: Due) -> list[IncidentCase]:
    """Return one child's incidents as cases, the earliest first."""
    opened = openings(facts, INCIDENT)
    return [_case(one, facts_of_case(facts, one, opened), today, due) for one in opened]


def _case(incident: Fact, own: Sequence[Fact], today: date, due: Due) -> IncidentCase:
    aware: When | None = moment_in(incident.payload, "aware_at") or incident.valid_from
    steps = _steps(incident, own, today, due, aware)
    found = [recommendation(one, today=today) for one in of_kind(own, "recommendation")]
    numbered = tuple(sorted(found, key=lambda one: one.number or 0))
    return IncidentCase(incident, _state(incident, steps), steps, numbered, tuple(own), aware)


def _state(incident: Fact, steps: Sequence[Step]) -> IncidentState:
    if incident.payload.get("notifiable") is False:
        return IncidentState.NOT_NOTIFIABLE
    left = (step for step in steps if step.name in _STATE_OF_STEP and not step.is_finished)
    first = next(left, None)
    return _STATE_OF_STEP[first.name] if first else IncidentState.CLOSED


def _steps(incident: Fact, own: Sequence[Fact], today: date, due: Due, aware: When | None) -> tuple[Step, ...]:
    if incident.payload.get("notifiable") is False:
        return (_criteria(incident, today),)
    told = _told(own, "serious incident")
    rapid = _last(of_kind(own, "rapid_review"))
    decision = _last(of_kind(own, "decision", matter=LOCAL))
    return (
        _criteria(incident, today),
        _submission(incident, own, told, today, due, aware),
        _notification(own, told, today, due, aware),
        _partners(own, told, today, due, aware),
        _rapid_review(rapid, told, today, due, aware),
        _decision(decision, rapid, today, due),
        _reply(own, rapid),
        _practice_review(own, decision, today, due),
        _report_sent(own, decision, today, due),
        _publication(own, decision, today, due),
        _recommendations(own, decision, today),
    )


def _last(facts: Sequence[Fact]) -> Fact | None:
    return facts[-1] if facts else None


def _told(own: Sequence[Fact], sort: str) -> Fact | None:
    """Return the notification of one type, sent by the council or received by the Panel."""
    return _last(of_kind(own, "notification", notification_type=sort))


def _day(fact: Fact, name: str) -> When | None:
    return day_in(fact.payload, name) or fact.valid_from


def _criteria(incident: Fact, today: date) -> Step:
    label = "Decide whether it is notifiable"
    notifiable = incident.payload.get("notifiable")
    if notifiable is None:
        return waiting("criteria", label, today=today, because=suggests_notification(_criteria_of(incident))[1])
    words = "It must be notified." if notifiable else "It need not be notified."
    return finished("criteria", label, incident, because=words)


def _criteria_of(incident: Fact) -> Sequence[str]:
    return incident.payload.get("criteria") or ()


def _limit(due: Due, duty: str, when: When | None) -> When | None:
    return due(duty, when) if when is not None else None


def _submission(
    incident: Fact, own: Sequence[Fact], told: Fact | None, today: date, due: Due, aware: When | None
) -> Step:
    name, label = "submission", "Director decides to submit"
    if incident.payload.get("notifiable") is None:
        return not_yet(name, label, "First decide whether it is notifiable.")
    answer = _last(of_kind(own, "approval", regulation=SUBMISSION))
    if answer is not None and answer.payload.get("outcome") == "approved":
        return finished(
            name, label, answer, because=f"Approved by {answer.payload.get('approved_by') or 'the director'}."
        )
    if told is not None:
        return not_needed(name, label, "The notification was sent already.")
    because = f"Returned: {answer.payload.get('reasons')}" if answer is not None else ""
    return waiting(name, label, today=today, because=because, duty="SG01", due=_limit(due, "SG01", aware))


def _notification(own: Sequence[Fact], told: Fact | None, today: date, due: Due, aware: When | None) -> Step:
    name, label, limit = "notification", "Notify the Panel", _limit(due, "SG01", aware)
    if told is not None:
        sent = moment_in(told.payload, "sent_at")
        return finished(name, label, told, on=day_of(sent) if sent else None, duty="SG01", due=limit)
    return waiting(name, label, today=today, duty="SG01", due=limit)


def _partners(own: Sequence[Fact], told: Fact | None, today: date, due: Due, aware: When | None) -> Step:
    name, label, limit = "partners", "Tell the safeguarding partners", _limit(due, "SG02", aware)
    own_notice = _told(own, "event to safeguarding partners")
    if own_notice is not None:
        return finished(name, label, own_notice, duty="SG02", due=limit)
    if told is not None and "safeguarding partners" in (told.payload.get("recipients") or ()):
        return finished(name, label, told, because="Told with the notification.", duty="SG02", due=limit)
    return waiting(name, label, today=today, duty="SG02", due=limit)


def _rapid_review(rapid: Fact | None, told: Fact | None, today: date, due: Due, aware: When | None) -> Step:
    name, label = "rapid_review", "Rapid review sent to the Panel"
    if told is None:
        return not_yet(name, label, "The incident has not been notified yet.")
    limit, also = _limit(due, "SG03", told.valid_from), _limit(due, "SG03", aware)
    if rapid is not None:
        sent = day_in(rapid.payload, "sent_to_panel_date")
        return finished(name, label, rapid, on=sent, duty="SG03", due=limit, also_due=also)
    because = "The second day counts from becoming aware, as some editions of the guidance do."
    return waiting(name, label, today=today, because=because, duty="SG03", due=limit, also_due=also)


def _decision(decision: Fact | None, rapid: Fact | None, today: date, due: Due) -> Step:
    name, label = "decision", "Decide on a practice review"
    limit = _limit(due, "SG04", _day(rapid, "sent_to_panel_date")) if rapid is not None else None
    if decision is not None:
        words = "No review" if decision.payload.get("choice") == NO_REVIEW else "A local review"
        return finished(name, label, decision, because=f"{words}.", duty="SG04", due=limit)
    if rapid is None:
        return not_yet(name, label, "The rapid review comes first.")
    return waiting(name, label, today=today, because="The law sets no number: a local target.", duty="SG04", due=limit)


def _reply(own: Sequence[Fact], rapid: Fact | None) -> Step:
    name, label = "reply", "The Panel replies"
    reply = _last(of_kind(own, "practice_review_step", step=REPLY))
    if reply is not None:
        national = _last(of_kind(own, "decision", matter=NATIONAL))
        because = f"National review: {national.payload.get('choice')}." if national is not None else ""
        return finished(name, label, reply, because=because)
    if rapid is None:
        return not_yet(name, label, "The rapid review comes first.")
    return Step(name, label, StepState.NOT_YET, "Waits for the Panel.")


def _no_review(decision: Fact | None) -> bool:
    return decision is not None and decision.payload.get("choice") == NO_REVIEW


def _practice_review(own: Sequence[Fact], decision: Fact | None, today: date, due: Due) -> Step:
    name, label = "practice_review", "Practice review to a final report"
    if _no_review(decision):
        return not_needed(name, label, "No review was commissioned.")
    if decision is None:
        return not_yet(name, label, "It has not been decided yet.")
    final = _last(of_kind(own, "practice_review_step", step=FINAL))
    if final is not None:
        return finished(name, label, final)
    started = _last(of_kind(own, "practice_review"))
    because = "Under way." if started is not None else "Name the reviewers and what the review asks."
    return waiting(name, label, today=today, because=because, duty="SG05", due=_limit(due, "SG05", decision.valid_from))


def _report_sent(own: Sequence[Fact], decision: Fact | None, today: date, due: Due) -> Step:
    name, label = "report_sent", "Send the report before publication"
    if _no_review(decision):
        return not_needed(name, label, "No review was commissioned.")
    sent = _last(of_kind(own, "practice_review_step", step=SENT))
    out = _last(of_kind(own, "practice_review_step", step=PUBLISHED))
    limit = _limit(
        due, "SG06", out.valid_from if out is not None else planned_for(own) or _publish_by(own, decision, due)
    )
    if sent is not None:
        return finished(name, label, sent, duty="SG06", due=limit)
    if not of_kind(own, "practice_review_step", step=FINAL):
        by = f" Send it by {limit.day} {limit:%B %Y}." if limit is not None and planned_for(own) is not None else ""
        return not_yet(name, label, f"There is no final report yet.{by}")
    return waiting(name, label, today=today, duty="SG06", due=limit)


def planned_for(own: Sequence[Fact]) -> date | None:
    """Return the day on which the report of a case's practice review is to be published, where one is planned."""
    review = _last(of_kind(own, "practice_review"))
    return day_in(review.payload, "planned_publication_date") if review is not None else None


def _publish_by(own: Sequence[Fact], decision: Fact | None, due: Due) -> When | None:
    """Return the last day for publication: from the decision to commission the review."""
    return _limit(due, "SG05", decision.valid_from) if decision is not None else None


def _publication(own: Sequence[Fact], decision: Fact | None, today: date, due: Due) -> Step:
    name, label = "publication", "Publish the report"
    if _no_review(decision):
        return not_needed(name, label, "No review was commissioned.")
    limit = _publish_by(own, decision, due)
    out = _last(of_kind(own, "practice_review_step", step=PUBLISHED))
    if out is not None:
        return finished(name, label, out, duty="SG05", due=limit)
    if decision is None:
        return not_yet(name, label, "It has not been decided yet.")
    delayed = _last(of_kind(own, "practice_review_step", step=DELAYED))
    if delayed is not None:  # the duty is met by sending the reasons; the report is still to come
        return waiting(name, label, today=today, because="The Panel was told why it takes longer.", duty="SG05")
    planned = planned_for(own)
    because = f"It is to be published on {planned.day} {planned:%B %Y}." if planned is not None else ""
    return waiting(name, label, today=today, because=because, duty="SG05", due=limit)


def _recommendations(own: Sequence[Fact], decision: Fact | None, today: date) -> Step:
    name, label = "recommendations", "Recommendations followed to done"
    made = [recommendation(one, today=today) for one in of_kind(own, "recommendation")]
    if not made and _no_review(decision):
        return not_needed(name, label, "No review was commissioned.")
    if not made:
        return (
            not_yet(name, label, "The report is not published yet, or no recommendation is recorded.")
            if not of_kind(own, "practice_review_step", step=PUBLISHED)
            else not_needed(name, label, "The report makes no recommendation that is recorded.")
        )
    left = [one for one in made if one.is_open]
    last = made[-1].fact
    if not left:
        return finished(name, label, last, on=max(filter(None, (one.ended for one in made)), default=None))
    late = [one for one in left if one.is_overdue]
    due_dates = [one.due for one in left if one.due is not None]
    words = f"{len(left)} of {len(made)} open" + (f", {len(late)} overdue" if late else "")
    state = StepState.OVERDUE if late else StepState.TO_DO
    return Step(name, label, state, f"{words}.", due=min(due_dates, default=None))
