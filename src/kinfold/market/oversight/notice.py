"""The improvement plan notice, with everything the statute says it must say; with less it is not made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kinfold.market.oversight.trigger import ConfirmedConcern, ProviderGroup, Trigger
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError


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
    holders = {urn: next(one.name for one in group.subsidiaries if urn in one.establishments) for urn in issues}
    said = [
        f"{urn} ({holders[urn]}): {'; '.join(one.issue.strip() for one in found)}." for urn, found in issues.items()
    ]
    lines = pack.paragraphs(
        "words_improvement_plan_notice", parent=group.parent, section=pack.values["plan_notice_registered"].source, commencement=pack["commencement_s14"],
        served_on=f"{served_on:%d %B %Y}", subsidiaries=", ".join(one.name for one in group.subsidiaries), limb=trigger.limb,
        reason=trigger.reason, issues="\n\n".join(said), due=f"{due:%d %B %Y}", days=pack["plan_submission"],
    )  # fmt: skip
    return Notice(group.parent, served_on, due, trigger.establishments, pack.name, "\n\n".join(lines))
