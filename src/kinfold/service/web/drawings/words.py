"""Days and amounts as people write them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_words(day: date | None, *, unknown: str = "") -> str:
    """Return a day such as "4 March 2026", or `unknown` where there is none."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else unknown


def month_words(day: date) -> str:
    """Return a month such as "Mar 2026"."""
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def age_on(born: date, day: date) -> int | None:
    """Return the age in whole years on `day`; None before birth. Someone born on 29 February ages on 1 March."""
    if day < born:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_words(born: date | None, day: date) -> str:
    """Return an age such as "7 years", "11 months", "3 weeks" or "not yet born"; empty where birth is not known."""
    if born is None:
        return ""
    years = age_on(born, day)
    if years is None:
        return "not yet born"
    if years >= 2:
        return f"{years} years"
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return count_words(months, "month") if months else count_words((day - born).days // 7, "week")


def count_words(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 week", "3 weeks", "1,204 children"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def amount_words(value: float | None, *, decimals: int = 0, unit: str = "", unknown: str = "not known") -> str:
    """Return an amount such as "12.5%", "£1,200" or "67 per 10,000"; `unknown` where there is none."""
    if value is None:
        return unknown
    # half away from zero, as the published statistics round; Python's own rounding takes half to even
    rounded = Decimal(repr(abs(value)))
    if rounded < 10**15:  # beyond that a decimal place means nothing, and the decimals run out of digits
        rounded = rounded.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    said = f"{rounded:,f}"
    sign = "−" if value < 0 and any(c in "123456789" for c in said) else ""
    if unit == "£":
        return f"{sign}£{said}"
    return f"{sign}{said}{unit}" if unit in ("", "%") else f"{sign}{said} {unit}"


def listed(names: list[str]) -> str:
    """Return names joined as in a sentence: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
