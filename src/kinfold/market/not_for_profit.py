"""
Whether a body may provide a restricted children's service in Wales: from 2026 new ones, from 2027 all, must be not for profit.

Read from the legal form and the register's sector alone, by the policy pack of Wales. What neither tells is said to be not known:
a company limited by guarantee may be a charity or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinfold.market.policy import Pack, pack

YES, NO, NOT_KNOWN = "not for profit", "for profit", "not known"


@dataclass(frozen=True, slots=True)
class Standing:
    """A body in Wales on a day: what it is (`YES`, `NO`, `NOT_KNOWN`), and whether it may begin and go on; None where not known."""

    what: str
    may_begin: bool | None
    may_go_on: bool | None
    because: str


def nature_of(*, form: str | None, sector: str | None, policy: Pack) -> tuple[str, str]:
    """Return whether a body is for profit, by its legal form first and the register's sector then, and what that rests on."""
    words = (form or "").casefold()
    for what, key in ((YES, "not_for_profit_forms"), (NO, "for_profit_forms")):
        found = next((one for one in policy[key] if one.casefold() in words), None)
        if found:
            return what, f"its legal form: {form}"
    if sector in ("Local Authority", "Voluntary", "Health Authority"):
        return YES, f"its sector in the register: {sector}"
    return NOT_KNOWN, f"neither its legal form ({form or 'not known'}) nor its sector ({sector or 'not known'}) tells"


def standing(*, form: str | None = None, sector: str | None = None, day: date) -> Standing:
    """Return where a body stands in Wales on a day."""
    policy = pack("wales", day)
    what, because = nature_of(form=form, sector=sector, policy=policy)

    def may(key: str) -> bool | None:
        return True if not policy[key] or what == YES else None if what == NOT_KNOWN else False

    return Standing(what, may("not_for_profit_new"), may("not_for_profit_all"), because)


def rule_in_words(day: date) -> str:
    """Return from when bodies must be not for profit in Wales, as its policy pack has it on a day."""
    policy = pack("wales", day)
    begins = {
        name: next(step.valid_from for step in policy.values[f"not_for_profit_{name}"].steps if step.value)
        for name in ("new", "all")
    }
    return policy.words("words_not_for_profit", **{name: f"{begun:%-d %B %Y}" for name, begun in begins.items()})
