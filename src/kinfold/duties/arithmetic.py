"""
The arithmetic of duties: from a trigger day and a part of a rule to the last day, and one sentence that shows it.

The counting rules, and the mistakes they avoid, are those of this project's casework notes, section 2c:

- "within" leaves the trigger day out (day 0); "beginning with" makes it day 1;
- months go to the corresponding date, or the month's last day when there is none (31 January + 1 month = 28 February);
- weeks are seven days and hours run on through weekends, holidays and the change of the clocks;
- a birthday is at 00:00 on the day, and someone born on 29 February has it on 1 March in a common year;
- a due day that is not a working day stays where it is, unless the rule says otherwise: the last working day by
  which it can be done in practice is shown beside it;
- notices counted backwards use the same calendar.
"""

from __future__ import annotations

import calendar as months_of
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kinfold.duties.calendars import LABELS, Calendars
from kinfold.duties.rule import Amount, Part, Unit
from kinfold.terms.errors import InputError

LONDON = ZoneInfo("Europe/London")
When = date | datetime


@dataclass(frozen=True, slots=True)
class Reckoning:
    """
    What counting came to.

    `due` is the last day, or the last moment when the rule is in hours. `practical_due` is the last working day
    on or before it. `opens` is the first day on which it may be done, where the rule sets one.
    """

    due: When
    practical_due: date
    arithmetic: str
    opens: date | None = None


def day_of(when: When) -> date:
    """Return the day in England of a day or a moment."""
    if isinstance(when, datetime):
        return when.astimezone(LONDON).date() if when.tzinfo else when.date()
    return when


def moment_of(when: When) -> datetime:
    """Return the moment; a day without a time of day is its first moment, the earliest it can have been."""
    if isinstance(when, datetime):
        return when if when.tzinfo else when.replace(tzinfo=LONDON)
    return datetime.combine(when, time(0), tzinfo=LONDON)


def show(when: When) -> str:
    """Return a day or moment in words: "Friday 18 December 2026", "Tuesday 5 January 2027 at 23:30"."""
    if isinstance(when, datetime):
        local = moment_of(when).astimezone(LONDON)
        return f"{_day_in_words(local.date())} at {local:%H:%M}"
    return _day_in_words(when)


def _day_in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def add_months(start: date, months: int) -> date:
    """Return the corresponding date `months` later (or earlier), or that month's last day when there is none."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise InputError(f"{start:%d %B %Y} is too far away to count months from")
    if start.day <= 28:  # every month has it
        return date(year, month + 1, start.day)
    last = months_of.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_hours(start: When, hours: int) -> datetime:
    """Return the moment `hours` elapsed hours after `start`, in London's time, whatever the clocks do between."""
    return (moment_of(start).astimezone(UTC) + timedelta(hours=hours)).astimezone(LONDON)


def birthday(birth_date: date, age: int) -> date:
    """
    Return the day on which someone born on `birth_date` reaches `age`.

    Someone born on 29 February reaches it on 1 March in a common year. That is an assumption: no statute says so
    for these duties; it follows the day after which 28 February has wholly passed.
    """
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        if birth_date.year + age > 9998:
            raise InputError(f"{birth_date:%d %B %Y} is too far away to count birthdays from") from None
        return date(birth_date.year + age, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on `day`; negative before the birth."""
    age = day.year - birth_date.year
    return age - 1 if birthday(birth_date, age) > day else age


def count(
    amount: Amount,
    *,
    start: When,
    calendars: Calendars,
    calendar: str = "england_and_wales",
    beginning_with: bool = False,
) -> When:
    """
    Return the last day (or moment) of `amount` from `start`.

    Working days, months and days count backwards when the amount is negative. `beginning_with` makes the day
    of `start` day 1. Raises InputError when the calendar does not reach that far.
    """
    if amount.unit is Unit.HOURS:
        return add_hours(start, amount.number)
    return count_days(
        amount, start=day_of(start), calendars=calendars, calendar=calendar, beginning_with=beginning_with
    )


def count_days(
    amount: Amount, *, start: date, calendars: Calendars, calendar: str, beginning_with: bool = False
) -> date:
    """Return the last day of `amount`, which is not in hours, from `start`; see `count`."""
    number = amount.number
    try:
        match amount.unit:
            case Unit.WORKING_DAYS:
                days = calendars.working(calendar)
                if number < 0:
                    return days.before(start, -number)
                return days.after(start - timedelta(days=1) if beginning_with else start, number)
            case Unit.SCHOOL_DAYS:
                return calendars.school_day_after(start, number)
            case Unit.TERM:
                return calendars.term_after(start).last_day
            case Unit.DAYS:
                end = start + timedelta(days=number)
            case Unit.WEEKS:
                end = start + timedelta(weeks=number)
            case Unit.MONTHS:
                end = add_months(start, number)
            case _:
                end = add_months(start, 12 * number)
        return end - timedelta(days=1) if beginning_with else end
    except OverflowError:
        raise InputError(f"{start:%d %B %Y} is too far away to count {amount} from") from None


def reckon(
    part: Part,
    *,
    start: When,
    calendars: Calendars,
    calendar: str = "england_and_wales",
    roll_forward: bool = False,
) -> Reckoning:
    """
    Return the last day that `part` allows when it is counted from `start`, with the sum in one sentence.

    `calendar` is the duty's. `roll_forward` moves a last day that is not a working day to the next one: only
    rules that say so. A part without a number (asap, standing, a gate) raises InputError.
    """
    if part.amount is None:
        raise InputError(f"“{part}” has no number to count. It says what must come first, not when")
    if part.name == "window" and part.to is not None:
        return _reckon_window(part, start=day_of(start), calendars=calendars, calendar=calendar)
    due = count(part.amount, start=start, calendars=calendars, calendar=calendar, beginning_with=part.beginning_with)
    sentence = _sentence(part, start=start, due=due, calendars=calendars, calendar=calendar)
    working = calendars.working(calendar)
    if roll_forward and not working.is_working_day(day_of(due)):
        due = working.first_on_or_after(day_of(due))
        sentence += f" That is not a working day, so this rule moves it to the next: {show(due)}."
    return _finish(due, sentence, calendars=calendars, calendar=calendar)


def _finish(due: When, sentence: str, *, calendars: Calendars, calendar: str, opens: date | None = None) -> Reckoning:
    practical = calendars.working(calendar).last_on_or_before(day_of(due))
    if practical != day_of(due):
        sentence += f" The last working day before it is {show(practical)}."
    return Reckoning(due=due, practical_due=practical, arithmetic=sentence, opens=opens)


def _reckon_window(part: Part, *, start: date, calendars: Calendars, calendar: str) -> Reckoning:
    if part.amount is None or part.to is None:
        raise InputError(f"“{part}” is not a window")
    opens = count_days(part.amount, start=start, calendars=calendars, calendar=calendar)
    closes = count_days(part.to, start=start, calendars=calendars, calendar=calendar)
    sentence = (
        f"Not before {_end_in_words(part.amount)} {show(start)}, which is {show(opens)}, and not after "
        f"{_end_in_words(part.to)} it, which is {show(closes)}."
    )
    return _finish(closes, sentence, calendars=calendars, calendar=calendar, opens=opens)


def _end_in_words(amount: Amount) -> str:
    if amount.number == 0:
        return "the day itself:"
    return f"{amount} {'before' if amount.number < 0 else 'after'}"


def _sentence(part: Part, *, start: When, due: When, calendars: Calendars, calendar: str) -> str:
    amount = part.amount
    if amount is None:
        return ""
    if amount.unit is Unit.HOURS:
        return _hours_sentence(amount, start=start, due=due)
    first, last = day_of(start), day_of(due)
    if amount.unit is Unit.TERM:
        return f"The school term after the one of {show(first)} ends on {show(last)}.{_assumed(calendars)}"
    if part.beginning_with:
        text = f"{amount} beginning with {show(first)}, which is day 1: {show(last)}."
    else:
        way = "before" if amount.number < 0 else "after"
        text = f"{amount} {way} {show(first)}, which is day 0 and is not counted: {show(last)}."
    if amount.unit is Unit.WORKING_DAYS:
        text += _holidays_left_out(first, last, calendars=calendars, calendar=calendar)
    if amount.unit is Unit.SCHOOL_DAYS:
        text += _assumed(calendars)
    if amount.unit in (Unit.MONTHS, Unit.YEARS) and not part.beginning_with and last.day != first.day:
        text += f" {last:%B %Y} has no day {first.day}, so it is the last day of the month."
    return text


def _hours_sentence(amount: Amount, *, start: When, due: When) -> str:
    text = f"{amount} after {show(moment_of(start))}: {show(due)}. Weekends and holidays count."
    if not isinstance(start, datetime):
        text += " The time of day is not recorded, so it is counted from the start of the day, the earliest it can be."
    if moment_of(start).astimezone(LONDON).utcoffset() != moment_of(due).astimezone(LONDON).utcoffset():
        text += " The clocks change between the two: the hours are those that pass."
    return text


def _holidays_left_out(first: date, last: date, *, calendars: Calendars, calendar: str) -> str:
    holidays = calendars.working(calendar).holidays
    low, high = min(first, last), max(first, last)
    inside = (
        sorted(day for day in holidays if low < day < high and day.weekday() < 5) if (high - low).days < 900 else []
    )
    if not inside:
        return f" Counted in {LABELS[calendar]}." if calendar == "representations" else ""
    days = [f"{day.day} {day:%B %Y}" for day in inside]
    shown = days[0] if len(days) == 1 else ", ".join(days[:-1]) + " and " + days[-1]
    return f" Weekends are not counted, nor the bank holiday{'' if len(days) == 1 else 's'} {shown}."


def _assumed(calendars: Calendars) -> str:
    return " The council's terms are not loaded: the usual pattern is assumed." if calendars.terms_assumed else ""


def reckon_birthday(part: Part, *, birth_date: date, calendars: Calendars) -> Reckoning:
    """Return the birthday that an `at_age` part names, for someone born on `birth_date`."""
    if part.amount is None or part.name != "at_age":
        raise InputError(f"“{part}” does not name a birthday")
    day = birthday(birth_date, part.amount.number)
    sentence = f"Born on {show(birth_date)}, aged {part.amount.number} on {show(day)}."
    if (day.month, day.day) != (birth_date.month, birth_date.day):
        sentence += " In a year without 29 February the birthday is taken to be 1 March."
    return _finish(day, sentence, calendars=calendars, calendar="england_and_wales")
