"""
The notices of a penalty (of intention, and final) and of decisions about registrations (of proposal, and of decision).

Each is the policy pack's form of words with what is known filled in, in plain paragraphs: it says everything that it must, or is not made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.penalty import Working
from kinfold.market.oversight.notice import last_day
from kinfold.market.oversight.working import Working as Oversight
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError


def pounds(pence: int) -> str:
    """Return pence as pounds in words that a notice uses: £1,234.50, a minus sign before what is taken off."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def notice_of_intention(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a notice of intention: ground, reasons, amount line by line, and until when to answer."""
    policy = working.packs(served_on)
    days = policy["representations"]
    until = last_day(served_on, int(days))
    return policy.paragraphs(
        "words_notice_of_intention", **_known(working, served_on, policy),
        standard=working.case.proposal.standard or working.ground.standard, reasons=_reasons(working, "intention served"),
        amount=_amount(working, policy),
        until=f"{until:%-d %B %Y}", days=days,
    )  # fmt: skip


def final_notice(working: Working, *, served_on: date) -> Sequence[str]:
    """Return the paragraphs of a final notice: amount, how long to pay, representations considered, and the way to appeal."""
    policy = working.packs(served_on)
    pay_by, appeal_by = (last_day(served_on, int(policy[name])) for name in ("penalty_payment", "penalty_appeal"))
    return policy.paragraphs(
        "words_final_notice", **_known(working, served_on, policy), heard=words_heard(len(working.representations), policy),
        reasons=_reasons(working, "final notice"), amount=_amount(working, policy), pay_by=f"{pay_by:%-d %B %Y}", pay_days=policy["penalty_payment"],
        appeal_by=f"{appeal_by:%-d %B %Y}", appeal_days=policy["penalty_appeal"],
    )  # fmt: skip


def _known(working: Working, served_on: date, policy: Pack) -> dict[str, str]:
    """Return what both notices of a penalty say of the person, the ground and the act, and whether what they rest on is in force."""
    proposal = working.case.proposal
    return {
        "person": working.opened.said["name"], "section": working.ground.section, "commencement": _in_force(working, policy),
        "served_on": f"{served_on:%-d %B %Y}",
        "ground": proposal.ground, "act": proposal.act.reference,
    }  # fmt: skip


def _in_force(working: Working, policy: Pack) -> str:
    """Return whether the section of the ground and that of the procedure are in force: once where the same is so of both."""
    both = (working.ground.commencement(policy), str(policy["commencement_s19"]))
    return ". ".join(dict.fromkeys(both))


def words_heard(count: int, policy: Pack) -> str:
    """Return what a notice says of the representations that were made: how many, or that there were none."""
    return policy.words("words_representations_heard" if count else "words_representations_none", count=count)


# What each state of a case of oversight does to registrations, as its notices say it.
_WHAT = {"restriction proposed": "words_to_restrict_growth", "growth restricted": "words_to_restrict_growth",
         "cancellation proposed": "words_to_cancel", "cancellation": "words_to_cancel"}  # fmt: skip


def notice_of_proposal(working: Oversight, to: str, *, served_on: date, policy: Pack) -> Sequence[str]:
    """Return the paragraphs of a notice of proposal about registrations: what, why, and until when to answer (ss.17 and 18)."""
    days = policy["registration_representations"]
    until = last_day(served_on, int(days))
    return policy.paragraphs(
        "words_oversight_proposal", **_about(working, to, served_on, policy), until=f"{until:%-d %B %Y}", days=days
    )


def notice_of_decision(working: Oversight, to: str, *, served_on: date, policy: Pack) -> Sequence[str]:
    """Return the paragraphs of a notice of decision about registrations, with the way to appeal (ss.19 and 21)."""
    days = policy["registration_appeal"]
    until = last_day(served_on, int(days))
    return policy.paragraphs(
        "words_oversight_decision", **_about(working, to, served_on, policy), heard=words_heard(len(working.representations), policy),
        appeal_by=f"{until:%-d %B %Y}", appeal_days=days,
    )  # fmt: skip


def _about(working: Oversight, to: str, served_on: date, policy: Pack) -> dict[str, str]:
    """Return what both notices about registrations say: to whom, what, why, and what is restricted."""
    said = next(line for line in reversed(working.journal) if line.sort == "proposal" and line.said["to"] == to)
    restricted = _WHAT[to] == "words_to_restrict_growth"
    facts = {**working.facts, **said.said.get("facts", {})}
    return {"to": "\n\n".join(_addressees(working, policy)), "what": policy.words(_WHAT[to]), "served_on": f"{served_on:%-d %B %Y}",
            "reasons": said.reasons, "restricted": _restricted(facts, policy) if restricted else ""}  # fmt: skip


def _addressees(working: Oversight, policy: Pack) -> list[str]:
    if working.group is None:
        raise InputError("Verify the group first: the notice names each provider that is registered.")
    parent = [policy.words("words_addressee", name=working.group.parent)] if working.group.parent else []
    return parent + [
        policy.words("words_addressee_registered", name=one.name, establishments=", ".join(sorted(one.establishments)))
        for one in working.group.subsidiaries
    ]


def _restricted(facts: Mapping[str, Any], policy: Pack) -> str:
    known = {name: facts.get(name, "") for name in ("scope", "legal_basis", "until")}
    names = ("words_restricted", "words_restricted_until") if known["until"] else ("words_restricted",)
    return " ".join(policy.words(name, **known) for name in names)


def _amount(working: Working, policy: Pack) -> str:
    if working.pence is None:
        raise InputError("Work out the amount first: a notice says it, line by line.")
    if working.varied is not None:
        return policy.words("words_amount_of_tribunal", amount=pounds(working.varied))
    lines = "; ".join(f"{one['what']}: {pounds(one['pence'])} ({one['rests_on']})" for one in working.amount)
    return policy.words("words_amount_made_up", amount=pounds(working.pence), lines=lines)


def _reasons(working: Working, to: str) -> str:
    said = [line for line in working.journal if line.sort == "proposal" and line.said["to"] == to]
    return said[-1].reasons if said else "not yet proposed"
