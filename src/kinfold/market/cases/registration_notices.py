"""The notices of an application to register: of proposal, of refusal, and the letter that grants it, in the policy pack's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinfold.market.cases.journal import Line
from kinfold.market.cases.notices import words_heard
from kinfold.market.cases.registration import PROPOSED, REFUSED, Working
from kinfold.market.oversight.notice import last_day
from kinfold.market.policy import Pack

_WHAT = {"refuse": "words_to_refuse_registration", "conditions": "words_to_set_conditions"}


def notice_of(working: Working, proposal: Line, *, served_on: date, policy: Pack) -> Sequence[str]:
    """Return the paragraphs of what is sent when a second officer agrees to a proposal: nothing in it is left for later."""
    said = proposal.said
    conditions = policy.words("words_conditions", conditions=said["conditions"]) if said.get("conditions") else ""
    known = {
        "applicant": working.opened.said["provider"], "home": working.opened.said["name"], "served_on": f"{served_on:%-d %B %Y}",
        "reasons": proposal.reasons, "conditions": conditions,
    }  # fmt: skip
    if said["to"] == PROPOSED:
        days = int(policy["registration_representations"])
        until = f"{last_day(served_on, days):%-d %B %Y}"
        return policy.paragraphs(
            "words_registration_proposal", **known, what=policy.words(_WHAT[said["proposes"]]), until=until, days=days
        )
    if said["to"] == REFUSED:
        words = words_heard(len(working.representations), policy)
        days = int(policy["registration_appeal"])
        appeal = f"{last_day(served_on, days):%-d %B %Y}"
        return policy.paragraphs("words_registration_refused", **known, heard=words, appeal_by=appeal, appeal_days=days)
    return policy.paragraphs("words_registration_granted", **known, urn=said["urn"])
