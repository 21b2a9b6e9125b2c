"""
One engine for every monetary penalty: who may impose it, on what proof, with which guards, by which steps, for how much.

Care Standards Act 2000, ss.30ZC, 30ZD, 30ZM, 30ZN and Sch. 1A, inserted in 2026. No amount is a part of this program: a
grid must be supplied, and every line of an amount is kept with what it rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kinfold.market.oversight.notice import last_day
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

BALANCE, BEYOND = "balance of probabilities", "beyond reasonable doubt"
CHIEF_INSPECTOR, SECRETARY_OF_STATE = "Chief Inspector", "Secretary of State"


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for a penalty: whose power, by which standard of proof, under which section."""

    authority: str
    standard: str
    section: str

    def commencement(self, policy: Pack) -> str:
        """Return whether the section that gives this power is in force, in the words of a policy pack."""
        return str(policy["commencement_s18" if self.authority == SECRETARY_OF_STATE else "commencement_s15"])


def grounds(policy: Pack) -> dict[str, Ground]:
    """Return the grounds for a penalty that are in force on a policy pack's day, by what they are called."""
    return {one.label: Ground(*one.on(policy.day)) for one in policy.beginning_with("ground_").values()}


@dataclass(frozen=True, slots=True)
class Act:
    """What is known about one act or omission: what has already been done about it elsewhere."""

    reference: str
    convicted: bool = False
    proceedings_pending: bool = False
    acquitted: bool = False
    penalties: tuple[str, ...] = ()  # references of penalties for it that have not been cancelled


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed penalty: for which act, on which ground, by whom, with what proof and who signed for it."""

    act: Act
    ground: str
    authority: str
    standard: str
    officer: str
    second_officer: str
    evidence_sufficient: bool


def obstacles(proposal: Proposal, policy: Pack) -> list[str]:
    """Return every reason for which a penalty may not be proposed; none where it may."""
    found, known = [], grounds(policy)
    ground = known.get(proposal.ground)
    if ground is None:
        return [f"{proposal.ground} is no ground for a penalty. The grounds are: {'; '.join(known)}."]
    if proposal.authority != ground.authority:
        found.append(f"This power is the {ground.authority}'s, not the {proposal.authority}'s ({ground.section}).")
    if ground.standard == BEYOND and proposal.standard != BEYOND:
        found.append(f"This ground is an offence: it must be proved {BEYOND} ({ground.section}).")
    elif proposal.standard not in (BALANCE, BEYOND):
        found.append(f"Say the standard of proof: {BALANCE} or {BEYOND}.")
    act = proposal.act
    if act.convicted:
        found.append("The person has been convicted for this act: no penalty may be imposed for it.")
    if act.proceedings_pending:
        found.append("Criminal proceedings for this act are pending: no penalty may be imposed for it.")
    if act.acquitted:
        found.append("The person has been acquitted of this act: no penalty may be imposed for it.")
    if act.penalties:
        found.append(f"A penalty for this act stands already ({', '.join(act.penalties)}).")
    if not proposal.evidence_sufficient:
        found.append("The evidence has not been found sufficient.")
    if not proposal.second_officer.strip() or proposal.second_officer == proposal.officer:
        found.append("A second officer must sign that the evidence is sufficient.")
    return found


def may_prosecute(act: Act) -> bool:
    """Return whether a person may still be prosecuted for an act: not while a penalty for it stands."""
    return not act.penalties and not act.convicted and not act.acquitted


MOVES: Mapping[str, tuple[str, ...]] = {
    "open": ("guards checked", "closed"),
    "guards checked": ("intention served", "closed"),
    "intention served": ("representations considered", "dropped"),
    "representations considered": ("dropped", "final notice"),
    "dropped": ("closed",),
    "final notice": ("paid", "appealed", "overdue"),
    "appealed": ("upheld", "varied", "cancelled"),
    "upheld": ("paid", "overdue"),
    "varied": ("paid", "overdue"),
    "cancelled": ("closed",),
    "overdue": ("paid", "recovery"),
    "recovery": ("paid", "closed"),
    "paid": ("published", "closed"),
    "published": ("closed",),
    "closed": (),
}


@dataclass(frozen=True, slots=True)
class PenaltyCase:
    """A penalty on its way: its state, and the days that have been set."""

    proposal: Proposal
    state: str = "open"
    intention_served: date | None = None
    representations_until: date | None = None
    representations_received: bool = False
    told_it_was_dropped: bool = False
    appeal_until: date | None = None


def next_state(case: PenaltyCase, to: str, *, today: date, pack: Pack) -> PenaltyCase:
    """
    Return the case moved on. Raises InputError, saying why, where it may not.

    A final notice waits for the end of the period for representations, or for representations that have been
    considered; a case that is dropped is closed when the person has been told so (Sch. 1A).
    """
    if to not in MOVES[case.state]:
        raise InputError(
            f"A penalty in the state {case.state} cannot become {to}. It can become: {', '.join(MOVES[case.state]) or 'nothing'}."
        )
    if to == "guards checked" and (against := obstacles(case.proposal, pack)):
        raise InputError(" ".join(against))
    if to == "intention served":
        until = last_day(today, int(pack["representations"]))
        return replace(case, state=to, intention_served=today, representations_until=until)
    waits = case.representations_until is None or today <= case.representations_until
    if to == "representations considered" and waits and not case.representations_received:
        last = f"{case.representations_until:%d %B %Y}"
        raise InputError(f"Representations may be made until the end of {last}. Wait, or record them.")
    if to == "final notice":
        return replace(case, state=to, appeal_until=last_day(today, int(pack["penalty_appeal"])))
    if case.state == "dropped" and to == "closed" and not case.told_it_was_dropped:
        raise InputError("The person must be told that no penalty will be imposed before the case is closed.")
    return replace(case, state=to)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an amount in pence, with what it rests on."""

    what: str
    pence: int
    rests_on: str


@dataclass(frozen=True, slots=True)
class Grid:
    """
    A supplied grid of amounts. Base by (severity, culpability) in pence, multipliers in percent by name.

    `most` is the most that a penalty may be, None for no limit. `source` is the policy it was supplied under.
    """

    base: Mapping[tuple[str, str], int]
    aggravating: Mapping[str, int]
    mitigating: Mapping[str, int]
    daily: int
    most: int | None
    source: str


def amount(
    grid: Grid | None,
    *,
    severity: str,
    culpability: str,
    days: int,
    factors: Collection[str],
    fees_pence: int,
    means_pence: int | None,
) -> list[Line]:
    """
    Return the lines of a penalty; their sum is the amount.

    `fees_pence` is income while unregistered, which a penalty takes back; `means_pence` what the person can pay, None
    where it is not known. Raises InputError where no grid was supplied or it lacks a factor: nothing is assumed.
    """
    if grid is None:
        raise InputError("No amounts have been supplied. Load a policy pack with a grid of penalties first.")
    if (severity, culpability) not in grid.base:
        raise InputError(f"The grid has no amount for severity {severity} and culpability {culpability}.")
    unknown = [one for one in factors if one not in grid.aggravating and one not in grid.mitigating]
    if unknown:
        raise InputError(f"The grid does not know: {', '.join(sorted(unknown))}.")
    base = grid.base[severity, culpability]
    lines = [Line(f"Base: {severity} severity, {culpability} culpability", base, grid.source)]
    if days:
        lines.append(Line(f"{days} days of operation", days * grid.daily, grid.source))
    for name in sorted(factors):
        up = name in grid.aggravating
        percent = grid.aggravating[name] if up else -grid.mitigating[name]
        lines.append(Line(f"{name}: {percent:+d} % of the base", base * percent // 100, grid.source))
    if fees_pence:
        lines.append(Line("Fees taken while unregistered", fees_pence, "accounts or invoices in evidence"))
    total = sum(one.pence for one in lines)
    if total < 0:
        lines.append(Line("Not less than nothing", -total, "arithmetic"))
        total = 0
    limits = [(grid.most, "Limit of the grid", grid.source), (means_pence, "Ability to pay", "statement of means")]
    for limit, what, source in limits:
        if limit is not None and total > limit:
            lines.append(Line(what, limit - total, source))
            total = limit
    return lines
