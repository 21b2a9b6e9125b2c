"""The text of a notice, fixed in the journal when a second officer agrees to serve it: what was served is what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases import notices, registration_notices
from kinfold.market.oversight import improvement_plan_notice
from kinfold.market.oversight.case import PROPOSED
from kinfold.market.oversight.working import Working as Oversight
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.actions.market_warnings import with_recipients
from kinfold.service.records.reads.market_cases import FINANCIAL, OVERSIGHT, REGISTRATION, CasePage
from kinfold.terms.errors import InputError

# Each notice: the state that serving it makes, by its place in an address.
NOTICES = {"improvement-plan": "notice served", "intention": "intention served", "final": "final notice",
           "restriction-proposal": "restriction proposed", "restriction": "growth restricted",
           "cancellation-proposal": "cancellation proposed", "cancellation": "cancellation"}  # fmt: skip


def text_of(page: CasePage, to: str, served_on: date) -> Sequence[str]:
    """Return the paragraphs of the notice that makes a case `to`. Raises InputError where something it must say is missing."""
    if page.row.sort == OVERSIGHT:
        working: Oversight = page.working
        if to in PROPOSED:
            return notices.notice_of_proposal(working, to, served_on=served_on, policy=pack(JURISDICTION, served_on))
        if to in PROPOSED.values():
            return notices.notice_of_decision(working, to, served_on=served_on, policy=pack(JURISDICTION, served_on))
        if working.group is None or working.case.trigger is None:
            raise InputError("Verify the group first: the notice names each subsidiary.")
        policy = pack(JURISDICTION, served_on)
        made = improvement_plan_notice(
            working.group, working.case.trigger, working.confirmed(), served_on=served_on, pack=policy
        )
        return made.text.split("\n\n")
    write = {"intention served": notices.notice_of_intention, "final notice": notices.final_notice}[to]
    return write(page.working, served_on=served_on)


def with_notice(page: CasePage, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a second officer's agreement says, with the text of the notice that it serves, if it serves one."""
    waiting = page.working.second_officer
    if waiting is not None and page.row.sort == FINANCIAL:
        return with_recipients(page, waiting, said)
    if waiting is not None and page.row.sort == REGISTRATION:
        on = date.fromisoformat(said["served_on"]) if said.get("served_on") else page.today
        sent = registration_notices.notice_of(page.working, waiting.line, served_on=on, policy=pack(JURISDICTION, on))
        return {**said, "notice": list(sent)}
    if waiting is None or waiting.to not in NOTICES.values() or not said.get("served_on"):
        return dict(said)
    served = date.fromisoformat(said["served_on"])
    if served < page.today:
        raise InputError("A notice is served today or later: what was not yet agreed cannot have been served.")
    return {**said, "notice": list(text_of(page, waiting.to, served)), "serves": waiting.to}


def served_text(page: CasePage, to: str) -> Sequence[str] | None:
    """Return the paragraphs of the notice as it was served last, None where it was not."""
    found = [line.said["notice"] for line in page.journal if line.said.get("serves") == to]
    return found[-1] if found else None
