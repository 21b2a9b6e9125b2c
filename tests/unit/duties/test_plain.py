"""What would meet a duty is said in words: no notation of the catalogue, no name of a field."""

from __future__ import annotations

import pytest

from kinfold.duties import Catalogue
from kinfold.duties.plain import any_in_words


@pytest.mark.parametrize(
    ("duty", "part", "said"),
    [
        pytest.param("FD06", "default", "“Allocation”, where “role of the worker” is “Family help lead practitioner”", id="a code by its label"),
        pytest.param("LC01", "within", "the end of “Needs assessment”, where “which assessment it is” is “pathway needs”", id="the end of a spell"),
        pytest.param("CP11", "max", "the end of the “Police protection” that started it", id="the same fact"),
        pytest.param("FD04", "within", "“Child and family assessment”, with “date on which a manager authorised it” filled in", id="a date of its own"),
        pytest.param("CP02", "within", "“Initial child protection conference”, where “enough agencies took part” is not answered no", id="not answered no"),
        pytest.param("SG06", "within", "“Step of a practice review”, where “which step” is “sent to Panel and Secretary of State”", id="one of its choices"),
    ],
)  # fmt: skip
def test_what_would_meet_a_duty_is_said_in_words(duty: str, part: str, said: str, catalogue: Catalogue) -> None:
    assert any_in_words(catalogue.duties[duty].completions(part)) == said


@pytest.mark.parametrize(
    ("duty", "said"),
    [
        pytest.param("LC14", "each birthday from the 17th to the 21st", id="birthdays"),
        pytest.param("LC10", "the 21st birthday", id="one birthday"),
        pytest.param(
            "LA27",
            "sixteen weeks after “Temporary approval of a connected person” began",
            id="a date that is worked out",
        ),
        pytest.param("FD01", "“Referral episode”", id="the day where no hour is known"),
    ],
)
def test_what_starts_a_duty_is_said_in_words(duty: str, said: str, catalogue: Catalogue) -> None:
    assert any_in_words(catalogue.duties[duty].trigger) == said


def test_no_duty_is_told_in_notation(catalogue: Catalogue) -> None:
    told = {
        one.id: any_in_words(one.completions(part.name)) for one in catalogue.duties.values() for part in one.rule.parts
    }

    told |= {f"{one.id} starts": any_in_words(one.trigger) for one in catalogue.duties.values()}
    assert {name: words for name, words in told.items() if set("_{}=|#") & set(words) or not words} == {}
