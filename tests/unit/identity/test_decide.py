"""Decisions: never more certain than the evidence, and no answer is never "none"."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity.columns import columns_of
from kinfold.identity.compare import COMPARISONS, FAMILY, GIVEN, NUMBER, PATTERN
from kinfold.identity.decide import Decision, Matcher, decided, ranked
from kinfold.identity.index import Register
from kinfold.identity.normalise import particulars
from kinfold.identity.score import Score, probability, sentence, shipped_model

LIMITS = {"match": 0.95, "margin": 2.0, "potential": 0.15, "match_twins": 0.999}
NAMED = (GIVEN.level("same_1"), FAMILY.level("same_1"), *(0 for _ in COMPARISONS[2:-1]))
NAMELESS = (*(0 for _ in COMPARISONS[:-1]), PATTERN.level("else"))
UNNAMED = (0, *NAMED[1:], PATTERN.level("unnamed_home"))
TWIN = (*NAMED, PATTERN.level("twin_one_home"))
OTHER = (*NAMED, PATTERN.level("else"))


def decision(*totals: float, levels: tuple[int, ...] = OTHER) -> Decision:
    return decided(ranked(range(len(totals)), [Score(levels, total) for total in totals]), LIMITS).decision


@pytest.mark.parametrize(
    ("totals", "wanted"),
    [
        pytest.param((), Decision.NONE, id="nobody"),
        pytest.param((8.0,), Decision.MATCH, id="one, and sure"),
        pytest.param((8.0, -3.0), Decision.MATCH, id="one sure, one not"),
        pytest.param((1.0,), Decision.POTENTIAL, id="likely"),
        pytest.param((-4.0,), Decision.NONE, id="unlikely"),
        pytest.param((8.0, 7.5), Decision.MANY, id="two that fit"),
        pytest.param((4.0, 2.5), Decision.POTENTIAL, id="too close behind"),
    ],
)
def test_decisions(totals: tuple[float, ...], wanted: Decision) -> None:
    assert decision(*totals) is wanted


def test_the_marks_of_twins_go_to_a_person() -> None:
    assert decision(5.0, levels=TWIN) is Decision.POTENTIAL
    assert decision(5.0) is Decision.MATCH


def test_a_child_not_named_yet_may_be_a_twin_unless_there_is_hardly_a_doubt() -> None:
    assert decision(5.0, levels=UNNAMED) is Decision.POTENTIAL
    assert decision(9.0, levels=UNNAMED) is Decision.MATCH


def test_nobody_is_matched_whose_names_could_not_be_compared() -> None:
    same_number = tuple(
        NUMBER.level("same") if comparison is NUMBER else level
        for comparison, level in zip(COMPARISONS, NAMELESS, strict=True)
    )

    assert decision(9.0, levels=NAMELESS) is Decision.POTENTIAL
    assert decision(9.0, levels=same_number) is Decision.MATCH


def test_another_day_of_birth_is_a_question_unless_the_number_is_the_same() -> None:
    names = [comparison.name for comparison in COMPARISONS]
    namesake = [*NAMED]
    same_number = [*namesake]
    same_number[names.index("nhs")] = NUMBER.level("same")
    pattern = PATTERN.level("namesake_home")

    assert decision(9.0, levels=(*namesake, pattern)) is Decision.POTENTIAL
    assert decision(9.0, levels=(*same_number, pattern)) is Decision.MATCH


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=30))
def test_probabilities_of_candidates_never_come_to_more_than_one(totals: list[float]) -> None:
    candidates = ranked(range(len(totals)), [Score(OTHER, total) for total in totals], most=30)

    assert sum(candidate.probability for candidate in candidates) <= 1 + 1e-9
    assert [c.score.total for c in candidates] == sorted(totals, reverse=True)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=10), st.floats(0.1, 5))
def test_a_stronger_rival_never_turns_a_doubt_into_a_match(totals: list[float], more: float) -> None:
    in_order = sorted(totals, reverse=True)
    rival = in_order[0] - more if len(in_order) == 1 else min(in_order[1] + more, in_order[0])

    before, after = decision(*in_order), decision(in_order[0], rival, *in_order[2:])

    assert before is Decision.MATCH or after is not Decision.MATCH


def test_probability_is_the_logistic_of_the_total() -> None:
    assert probability(0.0) == 0.5
    assert probability(math.log(19)) == pytest.approx(0.95)
    assert 0 < probability(-800.0) + 1e-300 < 1e-9


HOME = {"family": "Hartwell", "dob": "2014-05-06", "postcode": "LS1 1AA"}
REGISTER = [
    {"unique_id": "amelia", "given": "Amelia", "middle": "Rose", "sex": "F", **HOME},
    {"unique_id": "noah", "given": "Noah", "middle": "", "sex": "M", **{**HOME, "dob": "2011-11-23"}},
    *(
        {"unique_id": f"o{n}", "given": name, "middle": "", "sex": "F", "family": family, "dob": f"20{10 + n % 9}-0{n % 9 + 1}-17", "postcode": f"YO{n % 9 + 1} {n % 9}DD"}
        for n, (name, family) in enumerate((g, f) for g in ("Ella", "Amelia", "Zara", "Grace") for f in ("Smith", "Khan", "Osei", "Hart", "Nowak"))
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(Register(columns_of(pl.DataFrame(REGISTER))), shipped_model())


@pytest.mark.parametrize(
    ("query", "wanted", "best"),
    [
        pytest.param({"given": "Amelia", **HOME}, Decision.MATCH, "amelia", id="the child"),
        pytest.param({"given": "MILLIE", "sex": "F", **HOME, "postcode": "ls11aa"}, Decision.MATCH, "amelia", id="short form"),
        pytest.param({"given": "Amelia", "sex": "F", **HOME, "dob": "2014-06-05"}, Decision.MATCH, "amelia", id="day exchanged"),
        pytest.param({"given": "Hartwell", **HOME, "family": "Amelia"}, Decision.MATCH, "amelia", id="names exchanged"),
        pytest.param({"given": "Amelia", "sex": "F", **HOME, "postcode": ""}, Decision.MATCH, "amelia", id="no postcode"),
        pytest.param({"given": "Isla", "sex": "F", **HOME}, Decision.NONE, None, id="a twin who is not there"),
        pytest.param({"given": "Oscar", "sex": "M", **HOME, "dob": "2016-02-03"}, Decision.NONE, None, id="a brother who is not there"),
        pytest.param({"given": "Xavier", "family": "Quill", "dob": "2001-01-09", "postcode": "SE1 9ZZ"}, Decision.NONE, None, id="a stranger"),
        pytest.param({"given": "Amelia"}, Decision.ERROR, None, id="too little is no answer"),
        pytest.param({}, Decision.ERROR, None, id="nothing is no answer"),
        pytest.param({"given": "Baby", "family": "Unknown", "dob": "2014-05-06"}, Decision.ERROR, None, id="stand-ins are nothing"),
    ],
)  # fmt: skip
def test_one_look_up(matcher: Matcher, query: dict[str, object], wanted: Decision, best: str | None) -> None:
    answer = matcher.match(particulars(query))

    if wanted is Decision.NONE:
        # a possible twin may be shown to a person, and is never a match
        assert answer.decision in (Decision.NONE, Decision.POTENTIAL)
    else:
        assert answer.decision is wanted
    if best:
        assert answer.best is not None
        assert REGISTER[answer.best.row]["unique_id"] == best


def test_an_unnamed_baby_is_shown_to_a_person_and_not_matched(matcher: Matcher) -> None:
    answer = matcher.match(particulars({"given": "Baby Hartwell", **HOME}))

    assert answer.decision in (Decision.POTENTIAL, Decision.MATCH)
    assert answer.best is not None
    assert answer.best.row == 0


def test_reasons_name_what_speaks_for_and_against(matcher: Matcher) -> None:
    answer = matcher.match(particulars({"given": "Millie", "sex": "F", **HOME, "postcode": "YO1 7HH"}))

    said = matcher.reasons(answer)

    assert "For: " in said
    assert "day of birth" in said or "date of birth" in said
    assert "homes in different places" in said
    assert answer.best is not None
    added = matcher.contributions(answer.best)
    assert sum(one.weight for one in added) == pytest.approx(
        matcher.model.raw(answer.best.score.levels) - matcher.model.start
    )


def test_nothing_in_common_is_said_in_words() -> None:
    assert sentence([]) == "They have nothing in common that we can compare."
