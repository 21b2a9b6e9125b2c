"""A number in a form never comes, with what is on record, to more than it may: a bursary is paid once."""

from __future__ import annotations

from datetime import date

import pytest

from kinfold.casework import KnownFact, form_named, over_the_most, read_answers

FORM = form_named("entitlement_paid")
BURSARY, ALLOWANCE = "higher education bursary", "setting-up home allowance"


def paid(pence: int, what: str = BURSARY) -> KnownFact:
    return KnownFact("payment", "f", date(2027, 10, 1), None, {"payment_type": what, "amount_pence": pence})


@pytest.mark.parametrize(
    ("what", "amount", "before", "said"),
    [
        pytest.param(BURSARY, "2,000", [], "", id="once, in one sum"),
        pytest.param(BURSARY, "1,000", [paid(100_000)], "", id="the second of two instalments"),
        pytest.param(BURSARY, "2,000", [paid(200_000)], "2,000.00 pounds is on record already. No more", id="twice"),
        pytest.param(BURSARY, "1,500", [paid(100_000)], "At most 1,000.00 pounds more", id="an instalment too large"),
        pytest.param(BURSARY, "2,001", [], "Nothing is on record yet. At most 2,000.00 pounds", id="more than it is"),
        pytest.param(ALLOWANCE, "3,000", [paid(200_000)], "", id="another entitlement"),
        pytest.param(BURSARY, "2,000", [paid(300_000, ALLOWANCE)], "", id="after another entitlement"),
        pytest.param(BURSARY, "", [paid(200_000)], "", id="no amount yet"),
    ],
)  # fmt: skip
def test_a_bursary_is_two_thousand_pounds_in_all(what: str, amount: str, before: list[KnownFact], said: str) -> None:
    raw = {"day": ["1", "10", "2028"], "payment_type": [what], "amount_pence": [amount]}
    answers = read_answers(FORM, raw, today=date(2028, 10, 1))

    found = over_the_most(FORM, answers.values, before)

    assert set(found) == ({"amount_pence"} if said else set())
    assert said in found.get("amount_pence", "")
