"""Numbers that name children, workers and settings. Every number here is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.terms import identifiers as ids

TWELVE = st.text("0123456789", min_size=12, max_size=12)
NINE = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("check", "text", "well_formed"),
    [
        (ids.is_upn, "H801200001001", True),
        (ids.is_upn, "A801200001001", False),
        (ids.is_upn, "h801200001001", False),
        (ids.is_upn, "H801200001001\n", False),
        (ids.is_upn, "H80120000100", False),
        (ids.is_upn, "I801200001001", False),
        (ids.is_upn_unknown_reason, "UN1", True),
        (ids.is_upn_unknown_reason, "UN8", False),
        (ids.has_upn_shape, "A123456789012", True),
        (ids.has_upn_shape, "A12345678901B", True),
        (ids.has_upn_shape, "A12345678901O", False),
        (ids.is_nhs_number, "9434765919", True),
        (ids.is_nhs_number, "9434765918", False),
        (ids.is_nhs_number, "0000000000", False),
        (ids.is_nhs_number, "9434765919\n", False),
        (ids.is_nhs_number, "٩٤٣٤٧٦٥٩١٩", False),
        (ids.is_swe_number, "SW12345", True),
        (ids.is_swe_number, "12345", False),
        (ids.is_urn, "SC045099", True),
        (ids.is_urn, "SC45099", True),
        (ids.is_urn, "1234567", True),
        (ids.is_urn, "100001", True),
        (ids.is_urn, "URNURN", False),
        (ids.is_urn, "5b67891", False),
        (ids.is_urn, "XXXXXXX", False),
        (ids.is_postcode, "SW1A 1AA", True),
        (ids.is_postcode, "SW1A1AA", False),
        (ids.is_postcode, "M1 1AA", True),
        (ids.is_postcode, "B33 8TH", True),
        (ids.is_postcode, "CR2 6XH", True),
        (ids.is_postcode, "DN55 1PT", True),
        (ids.is_postcode, "EC1A 1BB", True),
        (ids.is_postcode, "W1A 0AX", True),
        (ids.is_postcode, "Q1 1AA", False),
        (ids.is_postcode, "SW1A 1AI", False),
        (ids.is_postcode, "GIR 0AA", True),
    ],
)
def test_a_number_is_well_formed_or_not(check, text, well_formed):
    assert check(text) is well_formed


@pytest.mark.parametrize(
    ("normalise", "raw", "normal"),
    [
        (ids.normalise_upn, " h801 2000 01001 ", "H801200001001"),
        (ids.normalise_upn, "H801200001002", None),
        (ids.normalise_nhs_number, "943 476 5919", "9434765919"),
        (ids.normalise_nhs_number, "943-476-5919", "9434765919"),
        (ids.normalise_nhs_number, None, None),
        (ids.normalise_swe_number, "12345", "SW12345"),
        (ids.normalise_swe_number, "sw 12345", "SW12345"),
        (ids.normalise_swe_number, "n/a", None),
        (ids.normalise_urn, "sc045099", "SC045099"),
        (ids.normalise_urn, 1234567, "1234567"),
        (ids.normalise_urn, "1234567.0", "1234567"),
        (ids.normalise_urn, "XXXXXXX", None),
        (ids.normalise_postcode, "sw1a1aa", "SW1A 1AA"),
        (ids.normalise_postcode, " m1  1aa", "M1 1AA"),
        (ids.normalise_postcode, "nope", None),
        (ids.normalise_postcode, "", None),
        (ids.normalise_postcode, None, None),
    ],
)
def test_spaces_and_case_are_forgiven_when_a_number_is_normalised(normalise, raw, normal):
    assert normalise(raw) == normal


@given(TWELVE)
def test_a_upn_has_exactly_one_right_check_letter(twelve):
    letters = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if ids.is_upn(letter + twelve)]

    assert letters == [ids.upn_check_letter(twelve)]


@given(TWELVE, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_in_a_upn_is_always_noticed(twelve, place, more):
    wrong = twelve[:place] + str((int(twelve[place]) + more) % 10) + twelve[place + 1 :]

    assert not ids.is_upn(ids.upn_check_letter(twelve) + wrong)


def test_a_temporary_upn_which_ends_with_a_letter_is_one():
    eleven = "80120000100"
    temporary = ids.upn_check_letter(eleven + "B") + eleven + "B"

    assert ids.is_upn(temporary)


@given(NINE, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_in_an_nhs_number_is_always_noticed(nine, place, more):
    digit = ids.nhs_check_digit(nine)
    wrong = nine[:place] + str((int(nine[place]) + more) % 10) + nine[place + 1 :]

    assert not ids.is_nhs_number(f"{wrong}{digit}")


@given(NINE)
def test_an_nhs_number_whose_check_digit_would_be_ten_is_never_right(nine):
    right = [digit for digit in range(10) if ids.is_nhs_number(f"{nine}{digit}")]

    expected = ids.nhs_check_digit(nine)
    assert right == ([] if expected is None or len({*nine, str(expected)}) == 1 else [expected])


@given(NINE.filter(lambda nine: nine[0] != "0"))
def test_a_learner_number_has_one_right_check_digit_at_most(nine):
    weighed = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    right = [digit for digit in range(10) if ids.is_uln(f"{nine}{digit}")]

    assert right == ([10 - weighed] if weighed else [])
    assert all(ids.normalise_uln(f" {nine}{digit}") == f"{nine}{digit}" for digit in right)


@given(st.text(max_size=20))
def test_no_text_makes_a_check_fail_with_an_error(text):
    for name in (n for n in dir(ids) if n.startswith(("is_", "normalise_"))):
        getattr(ids, name)(text)


@given(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", fullmatch=True))
def test_normalising_a_postcode_twice_changes_nothing(text):
    normal = ids.normalise_postcode(text)

    assert normal is None or (ids.is_postcode(normal) and ids.normalise_postcode(normal) == normal)
