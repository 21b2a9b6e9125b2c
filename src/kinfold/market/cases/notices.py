"""The notices of a penalty, in plain paragraphs: of intention, and final. Each says everything that it must, or is not made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinfold.market.cases.penalty import Working
from kinfold.market.oversight.notice import last_day
from kinfold.market.oversight.trigger import COMMENCEMENT
from kinfold.market.penalties import GROUNDS
from kinfold.terms.errors import InputError

PROCEDURE = "Care Standards Act 2000, s.30ZN and Sch. 1A"


def pounds(pence: int) -> str:
    """Return pence as pounds in words that a notice uses: £1,234.50, a minus sign before what is taken off."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def notice_of_intention(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a notice of intention: ground, reasons, amount line by line, and until when to answer."""
    ground = GROUNDS[working.case.proposal.ground]
    until = last_day(served_on, int(working.packs(served_on)["representations"]))
    days = working.packs(served_on)["representations"]
    return [
        f"To: {working.opened.said['name']}",
        f"Notice of intention to impose a monetary penalty under {ground.section} and {PROCEDURE}. {COMMENCEMENT}.",
        f"Served on {served_on:%-d %B %Y}.",
        f"The ground: {working.case.proposal.ground}. The act or omission: {working.case.proposal.act.reference}.",
        f"The standard of proof: {working.case.proposal.standard or ground.standard}.",
        f"Our reasons: {_reasons(working, 'intention served')}",
        f"The proposed amount: {_amount(working)}.",
        f"You may make representations about this notice. They must be received by the end of {until:%-d %B %Y} ({days} days "
        "beginning with the day of service).",
        "After that we decide whether to impose a penalty, and of how much. If we do not, we tell you so.",
    ]


def final_notice(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a final notice: amount, how long to pay, representations considered, and the way to appeal."""
    policy = working.packs(served_on)
    pay_by, appeal_by = (last_day(served_on, int(policy[name])) for name in ("penalty_payment", "penalty_appeal"))
    heard = working.representations
    return [
        f"To: {working.opened.said['name']}",
        f"Final notice of a monetary penalty under {GROUNDS[working.case.proposal.ground].section} and {PROCEDURE}. {COMMENCEMENT}.",
        f"Served on {served_on:%-d %B %Y}.",
        f"The ground: {working.case.proposal.ground}. The act or omission: {working.case.proposal.act.reference}.",
        f"We considered {len(heard)} representations." if heard else "You made no representations in time.",
        f"Our reasons: {_reasons(working, 'final notice')}",
        f"The amount: {_amount(working)}.",
        f"You must pay by the end of {pay_by:%-d %B %Y} ({policy['penalty_payment']} days beginning with the day of service).",
        f"You may appeal to the First-tier Tribunal by the end of {appeal_by:%-d %B %Y} ({policy['penalty_appeal']} days beginning "
        "with the day of service). While this penalty stands you may not be convicted for the same act.",
    ]


def _amount(working: Working) -> str:
    if working.pence is None:
        raise InputError("Work out the amount first: a notice says it, line by line.")
    if working.varied is not None:
        return f"{pounds(working.varied)}, as the tribunal set it"
    return f"{pounds(working.pence)}, made up of: " + "; ".join(
        f"{one['what']}: {pounds(one['pence'])} ({one['rests_on']})" for one in working.amount
    )


def _reasons(working: Working, to: str) -> str:
    said = [line for line in working.journal if line.sort == "proposal" and line.said["to"] == to]
    return said[-1].reasons if said else "not yet proposed"
