"""
A group in financial oversight as its journal makes it: determination, returns, plans, six stages, warnings.

The stages are those of the Care Quality Commission's market oversight. A stage moves up or down by a decision alone, proposed by
one officer and agreed to by another; a score, a ratio or a late return only suggests one. Councils and Ofsted are warned where
there is a real possibility that care stops (Care Standards Act 2000, ss.30ZE to 30ZJ, inserted in 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kinfold.market.cases.journal import Line, day_said, needed
from kinfold.market.cases.working import CaseSoFar, Course, beginning
from kinfold.market.financial.arithmetic import worked_ratios
from kinfold.market.financial.covenants import Tested, cash_ahead, checked_covenants, weeks_of_money
from kinfold.market.financial.schedules import every_figure
from kinfold.market.financial.stress import NEEDED, Shock, stressed
from kinfold.market.policy import Pack, pack_said
from kinfold.terms.errors import InputError

DETERMINING, STANDARD, CONCERNS = "under determination", "standard monitoring", "potential concerns"
HEIGHTENED, RISK, FORMAL = "heightened engagement", "significant risk", "formal notification"
NOT_IN_SCHEME, LEFT = "not in the scheme", "left the scheme"
STAGES: Mapping[str, int] = {DETERMINING: 1, STANDARD: 2, CONCERNS: 3, HEIGHTENED: 4, RISK: 5, FORMAL: 6}
UPDATED = "warning updated"
_BETWEEN = (STANDARD, CONCERNS, HEIGHTENED, RISK)
MOVES: Mapping[str, tuple[str, ...]] = {
    DETERMINING: (STANDARD, NOT_IN_SCHEME),
    **{one: (*(other for other in _BETWEEN if other != one), FORMAL, LEFT) for one in _BETWEEN},
    FORMAL: (UPDATED, CONCERNS, LEFT), NOT_IN_SCHEME: (), LEFT: (),
}  # fmt: skip
ENDED = frozenset({NOT_IN_SCHEME, LEFT})
_ON_ITS_WAY = frozenset({"received_on", "file_name", "pack", "sent_by"})
CONTINGENCY, RECOVERY = "contingency plan", "recovery plan"
_QUESTIONS = {CONTINGENCY: "contingency_plan_", RECOVERY: "recovery_plan_"}


def plan_questions(sort: str, policy: Pack) -> dict[str, str]:
    """Return what a contingency or recovery plan must say on a policy pack's day: the question that asks for it, by its name."""
    return {name: one.label for name, one in policy.beginning_with(_QUESTIONS[sort]).items()}


@dataclass(slots=True, kw_only=True)
class Working(CaseSoFar):
    """A group in financial oversight as it stands. `days` has the day on which each stage began; `warned` the warnings, the last one in force."""

    stage: str = DETERMINING
    manager: str = ""
    returns: list[Line] = field(default_factory=list)
    overrides: list[Line] = field(default_factory=list)
    contingency: list[Line] = field(default_factory=list)
    recovery: list[Line] = field(default_factory=list)
    reviews: list[Line] = field(default_factory=list)
    warned: list[Line] = field(default_factory=list)
    told: list[Line] = field(default_factory=list)
    decisions: list[tuple[Line, Line]] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Return the stage the group is in, in words."""
        return self.stage

    @property
    def ended(self) -> bool:
        """Return whether the group is out of the scheme."""
        return self.stage in ENDED

    @property
    def determined(self) -> date | None:
        """Return the day on which the group came into the scheme, None before: it may have come back to stage 2 since."""
        return next((day_said(agreed) for proposal, agreed in self.decisions if proposal.said["to"] == STANDARD), None)

    @property
    def latest(self) -> Line | None:
        """Return the return of the latest period, the last version of it; None before the first."""
        return max(self.returns, key=lambda line: (line.said["period_end"], line.number), default=None)

    @property
    def warning(self) -> Line | None:
        """Return the warning in force: the last one, while the group is in the last stage."""
        return self.warned[-1] if self.warned and self.stage == FORMAL else None

    def versions(self, period_end: str) -> list[Line]:
        """Return the returns for one period, the first one first."""
        return [line for line in self.returns if line.said["period_end"] == period_end]


def _still(working: Working) -> None:
    if working.ended:
        raise InputError("This group is out of the scheme. Open a new case where a determination is to be made again.")


def _return(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "period_end", "received_on", "figures")
    for one in working.returns:
        same_file = one.content_sha256 and one.content_sha256 == line.content_sha256
        if same_file or _content(one) == _content(line):
            what = "This same file" if same_file else "A return that says the same"
            raise InputError(f"{what} was received already, on {day_said(one, 'received_on'):%-d %B %Y} (line {one.number}). "
                             "Nothing was taken in again.")  # fmt: skip
    if day_said(line, "received_on") < day_said(line, "period_end"):
        raise InputError("A return is received after its period has ended.")
    working.returns.append(line)


def _content(line: Line) -> dict[str, Any]:
    """Return what a return says of its period: not how, by whom and when it came."""
    return {name: value for name, value in line.said.items() if name not in _ON_ITS_WAY}


def _override(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "instead")
    if working.latest is None:
        raise InputError("There is no return yet, and so no suggestion to depart from.")
    if not line.reasons:
        raise InputError("Write why the suggestion is not followed.")
    working.overrides.append(line)


def _manager(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "manager")
    working.manager = line.said["manager"]


def _plan(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "received_on", *plan_questions(line.sort, pack_said(line.said, line.day)))
    (working.contingency if line.sort == CONTINGENCY else working.recovery).append(line)


def _review(working: Working, line: Line) -> None:
    _still(working)
    needed(line, "who", "on", "found" if line.sort == "review received" else "question")
    if line.sort == "review received" and not working.reviews:
        raise InputError("No independent business review has been asked for.")
    working.reviews.append(line)


def _told(working: Working, line: Line) -> None:
    needed(line, "recipient", "on", "how")
    if working.warning is None:
        raise InputError("No warning is in force of which anybody could be told.")
    working.told.append(line)


def _propose(working: Working, line: Line) -> None:
    to = line.said["to"]
    if to not in MOVES[working.stage]:
        allowed = ", ".join(MOVES[working.stage]) or "nothing more"
        raise InputError(f"A group {working.stage} cannot become {to}. It can become: {allowed}.")
    if to == STANDARD and working.stage == DETERMINING:
        if not working.opened.said.get("conditions"):
            raise InputError(
                "The group met no condition when the case was opened. It can only be found not to be in the scheme."
            )
        if not working.manager:
            raise InputError(
                "Record who in the group's management answers for its returns, then propose the determination."
            )
    if to == RISK and not line.said.get("because"):
        raise InputError("Say what makes the risk significant.")
    if to in (FORMAL, UPDATED):
        needed(line, "basis", "begins", "ends", "actions", "contact")
        if line.said["ends"] < line.said["begins"]:
            raise InputError("The window in which care may stop ends before it begins.")


def _agree(working: Working, proposal: Line, agreed: Line) -> None:
    to = proposal.said["to"]
    if day_said(agreed) > agreed.day:
        raise InputError("The day of a decision must be today or in the past.")
    if to in (FORMAL, UPDATED):
        if not agreed.said.get("recipients"):
            raise InputError(
                "A warning needs somebody to go to: homes in the register, or councils in the last return."
            )
        working.warned.append(agreed)
    if to != UPDATED:
        working.stage = to
        working.days[to] = day_said(agreed)
    working.decisions.append((proposal, agreed))


COURSE: Course[Working] = Course(
    name="A case of financial oversight", closed="This case is closed.",
    takes={"return": _return, "override": _override, "manager": _manager, CONTINGENCY: _plan, RECOVERY: _plan,
           "review asked": _review, "review received": _review, "told": _told},
    propose=_propose, agree=_agree,
)  # fmt: skip


def worked(journal: Sequence[Line]) -> Working:
    """Return the case that a journal makes. Raises InputError at the first line that may not stand."""
    first = beginning(journal, "name", "group", begins_with="the group and the conditions that it meets")
    return COURSE.worked(Working(opened=first, days={DETERMINING: first.day}), journal)


def next_stages(working: Working) -> tuple[str, ...]:
    """Return the stages, and what else, that may be proposed now."""
    return MOVES[working.stage]


def is_late(line: Line, pack: Pack) -> bool:
    """Return whether a return came after its last day."""
    return day_said(line, "received_on") > day_said(line, "period_end") + timedelta(days=int(pack["return_due"]))


def quarter_before(today: date) -> date:
    """Return the last day of the last quarter of a calendar year that is over."""
    return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)


def overdue(working: Working, *, today: date, pack: Pack) -> date | None:
    """Return the period whose return is overdue, None where none is; asked of groups in the scheme."""
    if working.ended or working.stage == DETERMINING:
        return None
    ended = quarter_before(today)
    if today <= ended + timedelta(days=int(pack["return_due"])):
        ended = quarter_before(ended.replace(day=1))
    determined = working.determined or working.opened.day
    got = any(day_said(line, "period_end") >= ended for line in working.returns)
    return None if got or ended < determined else ended


def waited_for(working: Working, *, today: date, pack: Pack) -> tuple[date, date] | None:
    """Return the period whose return is waited for and the last day for it; None for a group that is not in the scheme."""
    determined = working.determined
    if working.ended or determined is None:
        return None
    period = overdue(working, today=today, pack=pack) or quarter_before(today)
    got = any(day_said(line, "period_end") >= period for line in working.returns)
    if got or period < determined:
        period = quarter_before(period + timedelta(days=100))  # the next quarter ends within it, the one after does not
    return period, period + timedelta(days=int(pack["return_due"]))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stage that figures suggest, and why; nothing follows from it by itself."""

    stage: str
    because: str


def suggested(working: Working, pack: Pack) -> list[Suggestion]:
    """Return the stages that the last return suggests by the policy pack's triggers, the gravest first."""
    if working.latest is None:
        return []
    said = working.latest.said
    figures = every_figure(said, variable=pack["variable_costs"])
    values = {one.name: one.value for one in worked_ratios(figures)}
    runway, broken = _ahead(said, figures, pack["variable_costs"])
    asked: Sequence[tuple[str, float | None, float, Callable[[float], str]]] = (
        (RISK, runway, pack["stage_5_runway"], lambda value: f"money for {value:.0f} weeks"),
        (HEIGHTENED, values["debt_service_cover"], pack["stage_4_cover"], lambda value: f"cover of debt service of {value:.2f}"),
        (CONCERNS, values["days_of_cash"], pack["stage_3_liquidity"], lambda value: f"cash for {value:.0f} days"),
    )  # fmt: skip
    found = [
        Suggestion(stage, f"{words(value)}, below {limit:g}")
        for stage, value, limit, words in asked
        if value is not None and value < limit
    ]
    return [*(Suggestion(RISK, f"a covenant of {one.lender} is broken") for one in broken), *found]


def _ahead(
    said: Mapping[str, Any], figures: Mapping[str, float], variable: float
) -> tuple[float | None, Sequence[Tested]]:
    """Return the weeks until the money runs out, by the group's own forecast or else by the year's figures, and the covenants broken."""
    if any(name not in figures for name in NEEDED):
        return None, ()
    rows = cash_ahead(said.get("cash_ahead") or (), figures, Shock(), variable=variable)
    weeks = weeks_of_money(rows) if rows else stressed(figures, Shock(), variable=variable).runway
    ended = date.fromisoformat(said["period_end"])
    covenants = checked_covenants(said.get("covenants") or (), figures, Shock(), variable=variable, period_end=ended)
    return weeks, [one for one in covenants if one.broken_at]


def shares_of(said: Mapping[str, Any]) -> dict[str, float | None]:
    """Return occupancy, the largest council's share of fees, and how concentrated fees are (0 to 1), from a return's rows."""
    places, children = (sum(one[name] for one in said.get("homes", ())) for name in ("places", "children"))
    fees = [one["fees"] for one in said.get("councils", ()) if one.get("fees")]
    whole = sum(fees)
    return {
        "occupancy": children / places if places else None,
        "largest_council": max(fees) / whole if whole else None,
        "concentration": sum((one / whole) ** 2 for one in fees) if whole else None,
    }


def recipients(
    said: Mapping[str, Any] | None, homes: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """
    Return whom a warning goes to: each council with children there (by the last return) or with homes in its area, and Ofsted.

    `homes` are the group's, each with `urn`, `la_code` and `la_name`. Each recipient has its own children as a count and the homes in
    its area, and nothing about anybody else's.
    """
    found: dict[str, dict[str, Any]] = {}
    for one in (said or {}).get("councils", ()):
        found[one["code"]] = {"code": one["code"], "name": one["name"], "children": one["children"], "homes": []}
    for home in homes:
        code = home["la_code"]
        if code:
            row = found.setdefault(
                code, {"code": code, "name": names.get(code, home["la_name"] or code), "children": None, "homes": []}
            )
            row["homes"].append(home["urn"])
    councils = sorted(found.values(), key=lambda one: (one["name"], one["code"]))
    return [{"code": OFSTED, "name": "Ofsted", "children": None, "homes": []}, *councils] if councils else []


OFSTED = "ofsted"
