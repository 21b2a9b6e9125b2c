"""The notices of a penalty (of intention, and final) and of decisions about registrations (of proposal, and of decision), in plain paragraphs. Each says everything that it must, or is not made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinfold.market.cases.penalty import Working
from kinfold.market.oversight.notice import last_day
from kinfold.market.oversight.working import Working as Oversight
from kinfold.market.penalties import GROUNDS, SECRETARY_OF_STATE
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

PROCEDURE = "Care Standards Act 2000, s.30ZN and Sch. 1A"


def pounds(pence: int) -> str:
    """Return pence as pounds in words that a notice uses: £1,234.50, a minus sign before what is taken off."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def notice_of_intention(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a notice of intention: ground, reasons, amount line by line, and until when to answer."""
    ground = GROUNDS[working.case.proposal.ground]
    policy = working.packs(served_on)
    days = policy["representations"]
    until = last_day(served_on, int(days))
    return policy.paragraphs(
        "words_notice_of_intention", **_known(working, served_on, policy), procedure=PROCEDURE,
        standard=working.case.proposal.standard or ground.standard, reasons=_reasons(working, "intention served"), amount=_amount(working),
        until=f"{until:%-d %B %Y}", days=days,
    )  # fmt: skip


def final_notice(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a final notice: amount, how long to pay, representations considered, and the way to appeal."""
    policy = working.packs(served_on)
    pay_by, appeal_by = (last_day(served_on, int(policy[name])) for name in ("penalty_payment", "penalty_appeal"))
    heard = len(working.representations)
    words = policy["words_representations_heard" if heard else "words_representations_none"]
    return policy.paragraphs(
        "words_final_notice", **_known(working, served_on, policy), procedure=PROCEDURE, heard=words.format(count=heard),
        reasons=_reasons(working, "final notice"), amount=_amount(working), pay_by=f"{pay_by:%-d %B %Y}", pay_days=policy["penalty_payment"],
        appeal_by=f"{appeal_by:%-d %B %Y}", appeal_days=policy["penalty_appeal"],
    )  # fmt: skip


def _known(working: Working, served_on: date, policy: Pack) -> dict[str, str]:
    """Return what both notices of a penalty say of the person, the ground and the act, and whether their section is in force."""
    proposal = working.case.proposal
    ground = GROUNDS[proposal.ground]
    section = "commencement_s18" if ground.authority == SECRETARY_OF_STATE else "commencement_s15"
    return {
        "person": working.opened.said["name"], "section": ground.section, "commencement": policy[section], "served_on": f"{served_on:%-d %B %Y}",
        "ground": proposal.ground, "act": proposal.act.reference,
    }  # fmt: skip


PROPOSALS = {"restriction proposed": "to restrict the growth of the group", "cancellation proposed": "to cancel registrations of the group",
             "growth restricted": "to restrict the growth of the group", "cancellation": "to cancel registrations of the group"}  # fmt: skip
REGISTRATION = "Care Standards Act 2000, ss.17 to 21"


def notice_of_proposal(working: Oversight, to: str, *, served_on: date, policy: Pack) -> Sequence[str]:
    """Return the paragraphs of a notice of proposal about registrations: what, why, and until when to answer (ss.17 and 18)."""
    days = policy["representations_on_proposal"]
    until = last_day(served_on, int(days))
    return [
        *_to(working), f"Notice of a proposal {PROPOSALS[to]} ({REGISTRATION}). Served on {served_on:%-d %B %Y}.", *_about(working, to),
        f"You may make representations about this proposal. They must be received by the end of {until:%-d %B %Y} ({days} days "
        "beginning with the day of service).",
        "After that we decide, and tell you what we decided and why.",
    ]  # fmt: skip


def notice_of_decision(working: Oversight, to: str, *, served_on: date, policy: Pack) -> Sequence[str]:
    """Return the paragraphs of a notice of decision about registrations, with the way to appeal (ss.19 and 21)."""
    days, heard = policy["penalty_appeal"], working.representations
    until = last_day(served_on, int(days))
    return [
        *_to(working), f"Notice of a decision {PROPOSALS[to]} ({REGISTRATION}). Served on {served_on:%-d %B %Y}.", *_about(working, to),
        f"We considered {len(heard)} representations." if heard else "You made no representations in time.",
        f"You may appeal to the First-tier Tribunal by the end of {until:%-d %B %Y} ({days} days beginning with the day of service).",
    ]  # fmt: skip


def _to(working: Oversight) -> Sequence[str]:
    if working.group is None:
        raise InputError("Verify the group first: the notice names each provider that is registered.")
    parent = [f"To: {working.group.parent}"] if working.group.parent else []
    return [
        *parent,
        *(
            f"To: {one.name}, registered for {', '.join(sorted(one.establishments))}"
            for one in working.group.subsidiaries
        ),
    ]


def _about(working: Oversight, to: str) -> Sequence[str]:
    said = next(line for line in reversed(working.journal) if line.sort == "proposal" and line.said["to"] == to)
    facts = {**working.facts, **said.said.get("facts", {})}
    found = [f"Our reasons: {said.reasons}"]
    if "restrict" in PROPOSALS[to]:
        until = f" Until {facts['until']}." if facts.get("until") else ""
        found.append(
            f"What is restricted: {facts.get('scope', '')}. On the basis of: {facts.get('legal_basis', '')}.{until}"
        )
    return found


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
