"""The improvement plan notice, with everything the statute says it must say; with less it is not made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kinfold.market.oversight.trigger import COMMENCEMENT, SOURCE, ConfirmedConcern, ProviderGroup, Trigger
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

CONSEQUENCES = (
    "If no plan is submitted in time, or an approved plan is not carried out, the Chief Inspector may impose a monetary "
    "penalty (Care Standards Act 2000, s.30ZC), and it counts in decisions on registration."
)
APPEAL = "You may appeal to the First-tier Tribunal against this notice, and against the rejection of a plan."


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: to whom, for which establishments and issues, due when, and its text in plain paragraphs."""

    parent: str
    served_on: date
    due: date
    establishments: tuple[str, ...]
    pack: str
    text: str


def last_day(served_on: date, days: int) -> date:
    """
    Return the last day of a period of so many days beginning with the day of service: that day is day 1.

    No day is skipped: weekends, Christmas and 29 February count.
    """
    return served_on + timedelta(days=days - 1)


def improvement_plan_notice(
    group: ProviderGroup, trigger: Trigger, concerns: Sequence[ConfirmedConcern], *, served_on: date, pack: Pack
) -> Notice:
    """
    Return the notice for a group whose trigger is met.

    It names each subsidiary, the establishments and the issues, requires a plan, says by when, and explains what follows
    (s.23A). Raises InputError where the test is not met or an establishment has no issue to name.
    """
    if not trigger.met or group.parent is None:
        raise InputError(f"No notice can be made: {trigger.reason}")
    issues = {
        urn: [one for one in concerns if one.establishment == urn and one.grounds_for_cancellation]
        for urn in trigger.establishments
    }
    bare = [urn for urn, found in issues.items() if not any(one.issue.strip() for one in found)]
    if bare:
        raise InputError(
            f"The notice must name the issues at each establishment; none is recorded for {', '.join(bare)}."
        )
    due = last_day(served_on, int(pack["plan_submission"]))
    lines = [
        f"To: {group.parent}",
        f"Improvement plan notice under {SOURCE}. {COMMENCEMENT}.",
        f"Served on {served_on:%d %B %Y}.",
        f"You are the parent undertaking of: {', '.join(one.name for one in group.subsidiaries)}.",
        f"There are reasonable grounds to suspect cause to cancel registrations under limb ({trigger.limb}). {trigger.reason}",
        "The establishments and agencies, and the issues at each:",
    ]
    for urn, found in issues.items():
        holder = next(one.name for one in group.subsidiaries if urn in one.establishments)
        lines.append(f"{urn} ({holder}): {'; '.join(one.issue.strip() for one in found)}.")
    lines += [
        "You must send an improvement plan that says, for each issue, what will be done, by whom and by when, and that names "
        "a senior manager who is answerable for it.",
        f"The plan must be received by the end of {due:%d %B %Y} ({pack['plan_submission']} days beginning with the day of service).",
        CONSEQUENCES,
        APPEAL,
    ]
    return Notice(group.parent, served_on, due, trigger.establishments, pack.name, "\n\n".join(lines))
