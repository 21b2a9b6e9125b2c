from __future__ import annotations

from datetime import date

import pytest

from kinfold.sharing import reading
from kinfold.sharing.agreements import OrganisationSort, Purpose, RecordType
from kinfold.sharing.lawful import advice, bases
from kinfold.sharing.reading import read_agreement
from kinfold.terms.errors import InputError

RULE = 'effect = "allow"\nmodes = ["existence"]\nrecord_types = ["health"]\npurposes = ["safeguarding"]\n'


def test_the_example_in_the_modules_own_words_is_an_agreement() -> None:
    example = (reading.__doc__ or "").split("wrong in it.", 1)[1].replace("\n    ", "\n")

    agreement = read_agreement(example)

    assert (agreement.holder, agreement.version) == ("elmshire-council", 3)
    assert agreement.defaults[0].sorts == {OrganisationSort.POLICE, OrganisationSort.HEALTH}
    assert agreement.exceptions[0].since == date(2026, 4, 1)
    assert not agreement.exceptions[0].allows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("holder = ", "not TOML", id="not TOML"),
        pytest.param("version = 1", "whose it is", id="nobody's"),
        pytest.param('holder = "a"\nversion = 0', "whole number from 1", id="no version"),
        pytest.param('holder = "a"\nversions = 1', "'versions', which means nothing", id="a slip of the pen"),
        pytest.param('holder = "a"\n[default]\neffect = "allow"', "a table of its own", id="one table"),
        pytest.param(f'holder = "a"\n[[default]]\n{RULE}', "names nobody", id="nobody named"),
        pytest.param(f'holder = "a"\n[[default]]\n{RULE}sorts = ["polise"]', "'polise' is none of sorts", id="a word"),
        pytest.param('holder = "a"\n[[exception]]\neffect = "maybe"', "Exception 1: effect is", id="no effect"),
        pytest.param(f'holder = "a"\n[[default]]\n{RULE}sorts = ["police"]\nsince = "2026"', "is a day", id="no day"),
        pytest.param(
            f'holder = "a"\n[[default]]\n{RULE}sorts = ["police"]\nsince = 2026-04-01\nuntil = 2026-04-01',
            "before it begins", id="nothing between",
        ),
        pytest.param('holder = "a"\n[[default]]\neffect = "deny"', "at least one of modes", id="no modes"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_agreement_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(InputError) as told:
        read_agreement(text)

    assert words in str(told.value)


def test_every_purpose_has_a_basis_and_says_how_well_its_source_was_read() -> None:
    assert set(bases()) == set(Purpose)
    assert all(basis.certainty and basis.power and basis.tell for basis in bases().values())


@pytest.mark.parametrize(
    ("record_type", "sharer", "words", "there"),
    [
        (RecordType.HEALTH, OrganisationSort.HEALTH, "sensitive", True),
        (RecordType.EDUCATION, OrganisationSort.EDUCATION, "sensitive", False),
        (RecordType.CRIME_JUSTICE, OrganisationSort.POLICE, "article 10", True),
        (RecordType.EDUCATION, OrganisationSort.VOLUNTARY, "recognised legitimate interest", True),
    ],
)
def test_advice_follows_the_record_and_who_shares_it(
    record_type: RecordType, sharer: OrganisationSort, words: str, there: bool
) -> None:
    said = " ".join(advice(Purpose.SAFEGUARDING, record_type, sharer=sharer))

    assert (words in said) == there
    assert said.startswith("Power: Children Act 1989")


@pytest.mark.parametrize("recipient", OrganisationSort)
def test_the_advice_says_what_to_mind_of_whoever_is_told(recipient: OrganisationSort) -> None:
    plain = advice(Purpose.FAMILY_HELP, RecordType.PERSONAL, sharer=OrganisationSort.LOCAL_AUTHORITY)
    said = advice(
        Purpose.FAMILY_HELP, RecordType.PERSONAL, sharer=OrganisationSort.LOCAL_AUTHORITY, recipient=recipient
    )

    (more,) = [line for line in said if line not in plain]
    assert more.endswith(".")
    assert len(more) > 60
