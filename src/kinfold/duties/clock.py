"""
One clock: a duty that a fact has started for one person or body, with its state and the reason in one sentence.

A clock is never stored as truth. It is worked out from the duties, the facts, the calendar and the day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from kinfold.duties.arithmetic import LONDON, When, count, day_of, moment_of, show
from kinfold.duties.calendars import Calendars, WorkingDays
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Part, Unit, in_words
from kinfold.duties.story import Occurrence
from kinfold.record.declare import KINDS


class State(StrEnum):
    """The states of a clock."""

    DORMANT = "dormant"
    RUNNING = "running"
    AMBER = "amber"
    DUE = "due"
    MET = "met"
    MET_LATE = "met late"
    BREACHED = "breached"
    PAUSED = "paused"
    NOT_APPLICABLE = "not applicable"
    SUPERSEDED = "superseded"


# The states as people say them, on walls, proofs and letters.
STATE_WORDS = {
    State.BREACHED: "Overdue", State.DUE: "Due today", State.AMBER: "Due soon", State.RUNNING: "Coming up",
    State.PAUSED: "Paused", State.MET: "Met", State.MET_LATE: "Met late", State.DORMANT: "Not yet law",
    State.NOT_APPLICABLE: "Does not apply", State.SUPERSEDED: "Replaced",
}  # fmt: skip
WAITING = frozenset({State.RUNNING, State.AMBER, State.DUE, State.PAUSED})


class Change(NamedTuple):
    """One change of state: the day, the state from then on, and why in a sentence."""

    on: date
    state: State
    because: str


@dataclass(slots=True)
class Clock:
    """
    One running or ended clock.

    `started` is the day (or moment) counted from; `due` the last day or moment, None where the duty only says
    what must come first. `practical_due` is the last working day on or before it. `opens` is the first day on
    which it may be done. `also_due` is the same limit counted from an earlier event. `ended` is when what the
    duty followed came to an end. `reason` says what the state alone does not.
    """

    duty: Duty
    part: Part
    subject: Any
    trigger: Occurrence
    started: When
    due: When | None
    state: State
    practical_due: date | None = None
    opens: date | None = None
    amber_on: date | None = None
    also_due: When | None = None
    met_by: Occurrence | None = None
    ended: When | None = None
    changed_on: date | None = None
    paused_days: int = 0
    extended_by: Occurrence | None = None
    reason: str = ""
    asleep: State | None = None  # what a dormant clock would be were its duty law when it began

    @property
    def key(self) -> str:
        """Return what names this clock and stays the same as time passes and facts arrive."""
        started = self.started.isoformat()
        return f"{self.duty.id}:{self.part.label}:{self.trigger.fact.fact}:{started}"

    @property
    def is_waiting(self) -> bool:
        """Return whether something is still to be done in time."""
        return self.state in WAITING

    @property
    def is_overdue(self) -> bool:
        """Return whether it was not done in time and can still be done."""
        return self.state is State.BREACHED and self.ended is None

    @property
    def accountable(self) -> str:
        """Return who answers for it now: the one who does it, then the next along the duty's chain."""
        chain = self.duty.escalation
        if self.state is State.BREACHED and chain:
            return chain[-1]
        return chain[0] if self.state is State.AMBER and chain else self.duty.who

    @property
    def because(self) -> str:
        """Return one plain sentence that says why the clock is in its state, with the source."""
        met_on = self.met_by.when if self.met_by is not None else None
        return sentence(self.duty, self.state, due=self.due, met_on=met_on, why=self.why)

    @property
    def why(self) -> str:
        """Return the part of the sentence that the passing of time does not change: what it is counted from, and how."""
        return self._why()

    def _why(self) -> str:
        parts = [self.reason] if self.reason else []
        parts.append(self._counted_from())
        if self.also_due is not None:
            parts.append(f"counted from {self.duty.also_label} it is {show(self.also_due)}")
        return "; ".join(parts)

    def _counted_from(self) -> str:
        what = kind_label(self.trigger.fact.kind)
        since = f"{what} of {show(self.trigger.when)}"
        if self.state is State.NOT_APPLICABLE and self.due is None:
            return f"it would follow from the {since}"
        if self.part.name == "gate":
            return f"{self.duty.deadline or 'it must come first'}; it follows from the {since}"
        if self.part.name == "standing":
            return "a standing duty"
        amount = self.part.amount
        if self.part.name == "default":
            return f"the law sets no number; the local target is {amount} from the {since}"
        if self.part.name == "window":
            return f"{self.duty.deadline} of the {since}"
        how = "beginning with" if self.part.beginning_with else "from"
        condition = self._condition()
        if day_of(self.started) != day_of(self.trigger.when):
            return f"{amount} {how} {show(self.started)}{condition}, under the {since}"
        return f"{amount} {how} the {since}{condition}"

    def _condition(self) -> str:
        shown = [in_words(term) for term in self.part.conditions]
        return f", because {' and '.join(shown)}" if shown else ""

    @property
    def history(self) -> tuple[Change, ...]:
        """Return the changes of state up to now, by the day on which each came about."""
        changes = [Change(day_of(self.started), State.RUNNING, f"It started: {self._counted_from()}")]
        final = self._final_change()
        last = final.on if final else date.max
        if (
            self.amber_on
            and self.due is not None
            and day_of(self.started) < self.amber_on < last
            and self._passed(self.amber_on)
        ):
            changes.append(Change(self.amber_on, State.AMBER, f"It is due soon, on {show(self.due)}"))
        late = self._late_from()
        if late is not None and late <= last and (self.state is State.BREACHED or self.state is State.MET_LATE):
            changes.append(Change(late, State.BREACHED, "The last day passed and nothing on record met it"))
        if final is not None:
            changes.append(final)
        return tuple(changes)

    def _late_from(self) -> date | None:
        return day_of(self.due) + timedelta(days=1) if self.due is not None else None

    def _passed(self, day: date) -> bool:
        """Return whether the state shows that `day` has come."""
        if self.state in (State.AMBER, State.DUE, State.BREACHED, State.MET_LATE):
            return True
        return self.met_by is not None and day <= day_of(self.met_by.when)

    def _final_change(self) -> Change | None:
        if self.met_by is not None and self.state in (State.MET, State.MET_LATE):
            what = kind_label(self.met_by.fact.kind)
            return Change(day_of(self.met_by.when), self.state, f"The {what} of {show(self.met_by.when)} met it")
        if self.state in (State.SUPERSEDED, State.NOT_APPLICABLE) and (self.changed_on or self.ended):
            on = self.changed_on or day_of(self.ended) if self.ended else self.changed_on
            return Change(on, self.state, self.reason) if on else None
        return None

    def as_row(self) -> dict[str, Any]:
        """Return the clock as plain values, for JSON."""
        return {
            "key": self.key,
            "duty": self.duty.id,
            "label": self.duty.label,
            "part": self.part.label,
            "subject": str(self.subject),
            "state": self.state.value,
            "started": self.started.isoformat(),
            "due": self.due.isoformat() if self.due is not None else None,
            "practical_due": self.practical_due.isoformat() if self.practical_due else None,
            "opens": self.opens.isoformat() if self.opens else None,
            "also_due": self.also_due.isoformat() if self.also_due is not None else None,
            "trigger_fact": str(self.trigger.fact.fact),
            "trigger_kind": self.trigger.fact.kind,
            "satisfied_by": str(self.met_by.fact.fact) if self.met_by else None,
            "satisfied_on": self.met_by.when.isoformat() if self.met_by else None,
            "accountable": self.accountable,
            "because": self.because,
            "source": self.duty.source.title,
            "href": self.duty.source.href,
            "sureness": self.duty.sureness.value,
        }


def sentence(duty: Duty, state: State, *, due: When | None, met_on: When | None, why: str) -> str:
    """Return why a clock of `duty` is in its state, in one sentence with the source."""
    return f"{_what(duty.label, state, due, met_on)} {why} ({duty.source.title}).".replace("..", ".")


def _what(label: str, state: State, due: When | None, met_on: When | None) -> str:
    by = show(due) if due is not None else ""
    match state:
        case State.MET if met_on is not None:
            return f"{label}: done on {show(met_on)}, in time" + (f" (due {by})," if by else ",")
        case State.MET_LATE if met_on is not None:
            return f"{label}: done on {show(met_on)}, after it was due on {by},"
        case State.BREACHED:
            return f"{label}: was due on {by} and nothing on record meets it,"
        case State.NOT_APPLICABLE | State.SUPERSEDED | State.DORMANT:
            return f"{label}: {state.value},"
        case State.PAUSED:
            return f"{label}: the time is paused,"
        case _:
            return f"{label}: due on {by}," if by else f"{label}:"


def kind_label(kind: str) -> str:
    """Return the declared label of a kind in the middle of a sentence: "looked after review"."""
    declared = KINDS.get(kind)
    if declared is None:
        return kind.replace("_", " ")
    return declared.label[0].lower() + declared.label[1:]


def state_on(clock: Clock, now: When) -> State:
    """
    Return the state at `now` of a clock that nothing has met or ended: running, amber, due or breached.

    A clock that is met, paused, dormant, superseded or not applicable stays so.
    """
    if clock.state not in (State.RUNNING, State.AMBER, State.DUE, State.BREACHED) or clock.due is None:
        return clock.state
    today = day_of(now)
    if isinstance(clock.due, datetime) and isinstance(now, datetime):
        if moment_of(now) > moment_of(clock.due):
            return State.BREACHED
    elif today > day_of(clock.due):
        return State.BREACHED
    if today == day_of(clock.due):
        return State.DUE
    return State.AMBER if clock.amber_on is not None and today >= clock.amber_on else State.RUNNING


def wall_on(clocks: list[Clock], now: When) -> list[Clock]:
    """
    Return the clocks of a wall with their states as they are at `now`, without looking at the facts again.

    For the passing of a day over clocks already worked out; when a fact changes, its subject is worked out anew.
    """
    if isinstance(now, datetime):
        now = now.astimezone(LONDON)
    return [
        clock if (state := state_on(clock, now)) is clock.state else replace(clock, state=state) for clock in clocks
    ]


def recounted(clocks: list[Clock], calendars: Calendars, now: When) -> list[Clock]:
    """
    Return the running clocks of a wall counted again with other calendars: a bank holiday came or went.

    Clocks that are met or ended keep the day they were judged by. Extended, paused and rolling limits are left as they
    are: their subjects are worked out from the facts.
    """
    return [_recounted(clock, calendars, now) for clock in clocks]


def _recounted(clock: Clock, calendars: Calendars, now: When) -> Clock:
    amount, duty = clock.part.amount, clock.duty
    simple = clock.part.name not in ("gate", "at_age", "window") and clock.part.per is None and not duty.backwards
    if amount is None or clock.due is None or not simple or clock.extended_by is not None or clock.paused_days:
        return clock
    if clock.state not in (State.RUNNING, State.AMBER, State.DUE):
        return clock
    due = count(
        amount,
        start=clock.started,
        calendars=calendars,
        calendar=duty.calendar,
        beginning_with=clock.part.beginning_with,
    )
    working = calendars.working(duty.calendar)
    if duty.roll == "forward":
        due = working.first_on_or_after(day_of(due))
    made = replace(clock, due=due, practical_due=working.last_on_or_before(day_of(due)))
    made.amber_on = amber_on(duty, started=clock.started, due=due, working=working)
    made.state = state_on(made, now)
    return made


def amber_on(duty: Duty, *, started: When, due: When, working: WorkingDays) -> date:
    """Return the day from which a clock is shown as due soon; `amber_from` where the duty counts no working days."""
    if duty.amber is not None and duty.amber.unit is Unit.WORKING_DAYS:
        return working.before(day_of(due), duty.amber.number)
    return amber_from(duty, started=started, due=due)


def amber_from(duty: Duty, *, started: When, due: When) -> date:
    """
    Return the day from which a clock is shown as due soon.

    The duty may set it. Otherwise it is the last fifth of the time, at least one day and at most four weeks.
    """
    last = day_of(due)
    if duty.amber is not None and duty.amber.unit is not Unit.WORKING_DAYS:
        return last - timedelta(days=duty.amber.number * (7 if duty.amber.unit is Unit.WEEKS else 1))
    return last - timedelta(days=min(28, max(1, (last - day_of(started)).days // 5)))
