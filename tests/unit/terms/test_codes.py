"""Dated code sets: what is a code, on which day, and how other files spell it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.terms.codes import CodeSet, code_set, code_set_names, parse_code_set
from kinfold.terms.errors import StructureBroken

SETS = code_set_names()


@pytest.mark.parametrize(
    ("name", "code", "day", "valid"),
    [
        pytest.param("placement_type", "H5", date(2023, 10, 27), True, id="H5 on its last day"),
        pytest.param("placement_type", "H5", date(2023, 10, 28), False, id="H5 on the first day it is none"),
        pytest.param("placement_type", "P2", date(2023, 10, 28), False, id="P2 went on the same day"),
        pytest.param("placement_type", "K3", date(2023, 10, 27), False, id="supported accommodation not yet"),
        pytest.param("placement_type", "K3", date(2023, 10, 28), True, id="supported accommodation from its first day"),
        pytest.param("placement_type", "Z1", date(2025, 3, 31), True, id="Z1 on its last day"),
        pytest.param("placement_type", "Z1", date(2025, 4, 1), False, id="Z1 divided"),
        pytest.param("placement_type", "Z13", date(2025, 4, 1), True, id="into Z11 to Z14"),
        pytest.param("sex", "1", date(2024, 3, 31), True, id="numbers for sex to 2023-24"),
        pytest.param("sex", "1", date(2024, 4, 1), False, id="letters from 2024-25"),
        pytest.param("sex", "M", date(2024, 4, 1), True, id="M from 2024-25"),
        pytest.param("worker_change_reason", "MANAGE", date(2022, 6, 1), False, id="social workers only from 2023-24"),
        pytest.param("assessment_factor", "18A", date(2026, 3, 31), False, id="a deprecated factor"),
    ],
)
def test_a_code_answers_for_the_day_it_is_asked_about(name, code, day, valid):
    codes = code_set(name)

    assert codes.is_valid(code, day) is valid
    assert (code in codes.codes(day)) is valid
    assert codes.is_valid(code), "with no day, what ever was a code is one"


@pytest.mark.parametrize(
    ("name", "raw", "canonical"),
    [
        ("sex", "1", "M"),
        ("sex", "2", "F"),
        ("sex", " f ", "F"),
        ("sex", "a) Male", "M"),
        ("sex", "Female", "F"),
        ("sex", "c) Not stated/recorded (or unborn)", "U"),
        ("sex", "A long word", None),
        ("ethnicity", "a) WBRI", "WBRI"),
        ("ethnicity", "s) NOBT", "NOBT"),
        ("ethnicity", "Pakistani", "APKN"),
        ("contact_source", "b) 1B: Individual", "1B"),
        ("contact_source", "q) 6: Police", "6"),
        ("contact_source", "g)", "6"),
        ("contact_source", "a) Individual", "1"),
        ("referral_source", "j) 3D: Health services", "3D"),
        ("category_of_need", "N1 - Abuse or Neglect", "N1"),
        ("category_of_need", "PSRMEM - Support with memory and cognition", None),
        ("category_of_abuse", "Emotional abuse", "EMO"),
        ("legal_status", "C2: FCO", "C2"),
        ("placement_type", "f) U6: Foster placement - not FFA", "U6"),
        ("placement_type", "n) H5: Residential accommodation", "H5"),
        ("placement_provider", "e) PR4 - Private provision", "PR4"),
        ("reason_episode_ceased", "k) E47: Special Guardianship Orders - relative/friend", "E47"),
        ("leaving_care_eligibility", "b) Former relevant child", "FORMER_RELEVANT"),
        ("accommodation", "Y: Other accommodation", "Y"),
        ("accommodation_suitability", "a) Suitable", "1"),
        ("activity", "F3: Full time in training or employment", "F3"),
        ("case_status", "c) Child in need plan", "CHILD_IN_NEED"),
        ("section_47_outcome", "Provision of Services (s17)", "SERVICES"),
        ("disability", "b) No", "NONE"),
        ("disability", "a) Yes", None),
        ("yes_no", "TRUE", "1"),
        ("yes_no", "", None),
        ("yes_no", None, None),
    ],
)
def test_other_spellings_are_read_as_the_code_they_stand_for(name, raw, canonical):
    assert code_set(name).canonical(raw) == canonical


@pytest.mark.parametrize("name", SETS)
def test_every_code_of_every_set_reads_as_itself_in_any_case_and_by_its_label(name):
    codes = code_set(name)

    for code in codes.codes():
        expected = codes.by_code[code].maps_to or code
        assert codes.canonical(code) == expected
        assert codes.canonical(code.lower()) == expected
        assert codes.canonical(f"  {code} ") == expected
        assert codes.label(code) == codes.by_code[code].label
        assert codes.by_code[code].source


@given(st.sampled_from(SETS), st.text(max_size=30))
def test_any_text_reads_as_a_known_code_or_as_none_and_reading_twice_changes_nothing(name, text):
    codes = code_set(name)

    found = codes.canonical(text)

    assert found is None or (codes.is_valid(found) and codes.canonical(found) == found)


def test_codes_keep_the_order_of_the_guide():
    assert code_set("category_of_need").codes()[:3] == ("N1", "N2", "N3")
    assert code_set("reason_for_new_episode").codes() == ("S", "L", "P", "T", "B", "U")


def test_exact_spelling_is_asked_for_where_the_returns_ask_for_it():
    assert code_set("category_of_need").is_valid("N1")
    assert not code_set("category_of_need").is_valid("n1")


def test_a_code_nobody_knows_is_shown_as_it_stands_and_said_to_be_unknown():
    assert code_set("placement_type").label("Q9") == "Q9 (not a known code)"


@pytest.mark.parametrize(
    ("name", "code", "day", "sentence"),
    [
        ("placement_type", "K3", date(2020, 1, 1), "K3 (Supported accommodation) is a code only from 28 October 2023"),
        ("sex", "1", date(2025, 1, 1), "1 (Male (numbered)) stopped being a code on 1 April 2024; use M instead"),
        ("legal_status", "V9", None, "V9 is not a code for legal status"),
        ("legal_status", "C2", date(2026, 1, 1), None),
    ],
)
def test_a_wrong_code_is_explained_in_a_sentence(name, code, day, sentence):
    assert code_set(name).explain(code, day) == sentence


@pytest.mark.parametrize("name", ["no_such_set", "../errors", "sex.toml", ""])
def test_a_set_that_does_not_exist_is_refused_by_name(name):
    with pytest.raises(StructureBroken, match="There is no code set called"):
        code_set(name)


SOUND = {"label": "Colour", "source": "invented", "codes": {"R": {"label": "Red", "from": date(2020, 1, 1)}}}


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"R": {"from": date(2020, 1, 1)}}, "code R: label is missing"),
        ({"R": {"label": "Red"}}, "code R: from must be a date"),
        ({"R": {"label": "Red", "from": date(2020, 1, 1), "until": date(2020, 1, 1)}}, "until must be a date later"),
        ({"R": {"label": "Red", "from": date(2020, 1, 1), "maps_to": "B"}}, "maps_to must name a code of the set"),
        ({"R": {"label": "Red", "from": date(2020, 1, 1), "colour": 1}}, "colour is not a field of a code"),
        ({"R": SOUND["codes"]["R"], "r": SOUND["codes"]["R"]}, "differs only by case from R"),
        (
            {
                "R": {**SOUND["codes"]["R"], "also": ["X"]},
                "B": {"label": "Blue", "from": date(2020, 1, 1), "also": ["x"]},
            },
            "x already stands for R",
        ),
        ({}, "codes is missing"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_with_file_and_code(codes, message):
    with pytest.raises(StructureBroken, match=r"colours\.toml") as refused:
        parse_code_set("colours", {**SOUND, "codes": codes}, file="colours.toml")

    assert message in str(refused.value)


def test_a_sound_file_becomes_a_set():
    assert isinstance(parse_code_set("colours", SOUND, file="colours.toml"), CodeSet)
