"""Particulars in any script, case and order come out the same; what says nothing comes out empty."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity.columns import columns_of
from kinfold.identity.normalise import (
    FOREIGN,
    address_hash,
    family_name,
    given_names,
    nhs_of,
    outward_of,
    packed_postcode,
    particulars,
    postcode_text,
    sector_of,
)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param("Zoë", ("zoe",), id="accents come off"),
        pytest.param("ZOE", ("zoe",), id="case does not matter"),
        pytest.param("Mary Jane", ("mary", "jane"), id="two names"),
        pytest.param("Mary-Jane", ("maryjane",), id="a hyphened name is one"),
        pytest.param("D'Arcy", ("darcy",), id="apostrophes vanish"),
        pytest.param("D’Arcy", ("darcy",), id="curly ones too"),
        pytest.param("William (Bill)", ("william",), id="brackets are cut"),
        pytest.param("Miss Amelia", ("amelia",), id="titles are cut"),
        pytest.param("Łukasz", ("lukasz",), id="letters that do not come apart"),
        pytest.param("Мария", ("mariya",), id="Cyrillic"),
        pytest.param("Ελένη", ("eleni",), id="Greek"),
        pytest.param("محمد", ("mhmd",), id="Arabic"),
        pytest.param("小明", ("小明",), id="Chinese is kept"),
        pytest.param("Baby", (), id="a baby"),
        pytest.param("Baby Smith", (), id="Baby Smith"),
        pytest.param("Male Infant", (), id="male infant"),
        pytest.param("Twin 1", (), id="twin 1"),
        pytest.param("Twin One", (), id="twin one"),
        pytest.param("Baby Girl of Jones", (), id="baby of"),
        pytest.param("UNKNOWN", (), id="unknown"),
        pytest.param("Not known", (), id="not known"),
        pytest.param("N/K", ("n", "k"), id="letters are letters"),
        pytest.param("", (), id="nothing"),
        pytest.param("12345", (), id="digits"),
    ],
)
def test_given_names(written: str, names: tuple[str, ...]) -> None:
    assert given_names(written) == names


@pytest.mark.parametrize(
    ("written", "text", "parts"),
    [
        ("Smith-Jones", "smithjones", {"smithjones", "smith", "jones"}),
        ("Smith Jones", "smithjones", {"smithjones", "smith", "jones"}),
        ("O'Neill", "oneill", {"oneill"}),
        ("ONeill", "oneill", {"oneill"}),
        ("Smith (foster)", "smith", {"smith"}),
        ("Unknown", "", set()),
        ("Al-Sayed", "alsayed", {"alsayed", "al", "sayed"}),
        ("Nguyễn", "nguyen", {"nguyen"}),
    ],
)
def test_family_names(written: str, text: str, parts: set[str]) -> None:
    found = family_name(written)

    assert (found.text, set(found.parts)) == (text, parts)


@pytest.mark.parametrize("written", ["SW1A 1AA", "SW1A1AA", "sw1a1aa", " Sw1A  1aa ", "SW1A-1AA"])
def test_a_postcode_is_the_same_with_and_without_its_space(written: str) -> None:
    packed = packed_postcode(written)

    assert postcode_text(packed) == "SW1A1AA"
    assert sector_of(packed) == sector_of(packed_postcode("SW1A 1ZZ"))
    assert outward_of(packed) == outward_of(packed_postcode("SW1A 9AA"))
    assert sector_of(packed) != sector_of(packed_postcode("SW1A 2AA"))


def test_the_letter_o_for_a_nought_is_put_right() -> None:
    assert packed_postcode("LS1 OAA") == packed_postcode("LS1 0AA")


@pytest.mark.parametrize("written", ["", "ZZ99 3VZ", "   ", "NFA"])
def test_no_fixed_abode_is_no_postcode(written: str) -> None:
    assert packed_postcode(written) == 0


@pytest.mark.parametrize("written", ["4223", "LS1", "90210"])
def test_other_countries_codes_and_halves_are_kept_apart(written: str) -> None:
    packed = packed_postcode(written)

    assert packed >= FOREIGN
    assert (sector_of(packed), outward_of(packed)) == (0, 0)
    assert postcode_text(packed) == written


def test_what_cannot_be_read_is_said_and_not_guessed() -> None:
    person = particulars({"given": "Ada", "dob": "soon", "postcode": "?", "nhs": "1234567890"})

    assert person.born == ""
    assert len(person.problems) == 3


@pytest.mark.parametrize(
    ("row", "nothing"),
    [
        ({}, True),
        ({"given": "Ada"}, True),
        ({"dob": "2015-03-09"}, True),
        ({"given": "Baby", "family": "Unknown"}, True),
        ({"given": "Ada", "family": "Byron"}, False),
        ({"given": "Ada", "postcode": "LS1 1AA"}, False),
        ({"nhs": "9000000009"}, False),
        ({"nhs": "9000000000"}, True),
        ({"dob": "2015-03-09", "postcode": "LS1 1AA"}, False),
    ],
)
def test_too_little_to_search_by(row: dict[str, object], nothing: bool) -> None:
    assert particulars(row).says_nothing is nothing


@given(
    st.dictionaries(
        st.sampled_from(["given", "middle", "family", "dob", "sex", "postcode", "address", "nhs"]), st.text()
    )
)
def test_no_row_is_too_strange_to_be_read(row: dict[str, object]) -> None:
    particulars(row)


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzéñü -'", min_size=1), st.sampled_from([str.upper, str.lower, str.title])
)
def test_case_never_changes_a_name(name: str, case: object) -> None:
    changed = case(name)  # type: ignore[operator]

    assert given_names(changed) == given_names(name)
    assert family_name(changed) == family_name(name)


@given(st.lists(st.one_of(st.from_regex(r"[0-9]{10}", fullmatch=True), st.text(max_size=12)), min_size=1, max_size=20))
def test_a_whole_column_of_nhs_numbers_is_read_as_each_of_them_is(numbers: list[str]) -> None:
    written = [*numbers, "9000000009", "900 000 0017", "9999999999", "0000000000", "9000000000", ""]
    table = columns_of(pl.DataFrame({"unique_id": written, "nhs": written})).table

    assert table["nhs"].tolist() == [nhs_of(number) for number in written]


@pytest.mark.parametrize(
    "written", ["Flat 2, Larch Court", "FLAT 2 LARCH COURT", "2 Larch Court", "The Flat, 2 Larch Ct"]
)
def test_a_house_number_is_found_wherever_it_stands_in_the_line(written: str) -> None:
    assert address_hash(written) == address_hash("2 Larch Court") != 0
