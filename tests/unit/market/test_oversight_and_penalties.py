"""The statutory trigger, the case, the notice and the penalty engine, as tables. All bodies are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.oversight import (
    Case,
    ConfirmedConcern,
    Decision,
    ProviderGroup,
    Subsidiary,
    improvement_plan_notice,
    last_day,
    moved,
    trigger_23a,
)
from kinfold.market.oversight.case import PROPOSED
from kinfold.market.penalties import (
    BALANCE,
    BEYOND,
    CHIEF_INSPECTOR,
    SECRETARY_OF_STATE,
    Act,
    Grid,
    PenaltyCase,
    Proposal,
    amount,
    may_prosecute,
    next_state,
    obstacles,
)
from kinfold.market.policy import pack
from kinfold.terms.errors import InputError, NoRuleInForce, SettingError

TODAY = date(2026, 11, 2)
ENGLAND = pack("england", TODAY)


def group(*homes: int, parent: str | None = "Tarnholt Holdings", undertaking: bool = True) -> ProviderGroup:
    """Return a group of subsidiaries with so many homes each: A1, A2, B1 and so on."""
    subsidiaries = [
        Subsidiary(name, frozenset(f"{name}{n}" for n in range(1, count + 1)))
        for name, count in zip("ABCD", homes, strict=False)
    ]
    return ProviderGroup(parent, tuple(subsidiaries), undertaking)


def concern(urn: str, *, grounds: bool = True) -> ConfirmedConcern:
    return ConfirmedConcern(urn, "children are not kept safe from one another", grounds, "R. Osei", TODAY, ("E1",))


@pytest.mark.parametrize(
    ("of", "bad", "limb"),
    [
        pytest.param(group(3), ["A1", "A2"], "a", id="one subsidiary, two of three homes"),
        pytest.param(group(2), ["A1", "A2"], "a", id="one subsidiary, both homes"),
        pytest.param(group(2), ["A1"], None, id="one subsidiary, one bad home"),
        pytest.param(group(1), ["A1"], None, id="parent with one subsidiary and one home"),
        pytest.param(group(1, 1), ["A1", "B1"], "b", id="two subsidiaries, a home each"),
        pytest.param(group(5, 4), ["A1", "B1"], "b", id="two subsidiaries, one bad home each of many"),
        pytest.param(group(5, 4), ["A1"], None, id="two subsidiaries, one bad home in all"),
        pytest.param(group(3, 1), ["A1", "A2", "B1"], "a", id="both limbs: the first is said"),
        pytest.param(group(3, parent=None), ["A1", "A2"], None, id="no parent: two bad homes"),
        pytest.param(group(1, 1, parent=None), ["A1", "B1"], None, id="no parent: two providers"),
        pytest.param(group(3), [], None, id="no concern at all"),
        pytest.param(group(3), ["Z1", "Z2"], None, id="homes of somebody else"),
        pytest.param(
            group(2, undertaking=False, parent="Brindlemere Council"), ["A1", "A2"], None, id="a council's company"
        ),
        pytest.param(group(2, parent="The Fennawold Trust"), ["A1", "A2"], "a", id="a charity as the parent"),
    ],
)
def test_when_a_notice_may_be_served_on_a_parent(of: ProviderGroup, bad: list[str], limb: str | None) -> None:
    found = trigger_23a(of, [concern(urn) for urn in bad], ENGLAND)

    assert (found.met, found.limb) == (limb is not None, limb)
    assert set(found.establishments) <= set(bad)
    assert found.reason


def test_concerns_without_grounds_for_cancellation_trigger_nothing() -> None:
    assert not trigger_23a(group(4), [concern(f"A{n}", grounds=False) for n in (1, 2, 3)], ENGLAND).met


@given(st.lists(st.sampled_from([f"{a}{n}" for a in "ABC" for n in (1, 2, 3)]), max_size=9))
def test_another_concern_never_takes_a_trigger_away(bad: list[str]) -> None:
    met = [trigger_23a(group(3, 3, 3), [concern(urn) for urn in bad[:n]], ENGLAND).met for n in range(len(bad) + 1)]

    assert met == sorted(met)


@pytest.mark.parametrize(("by", "evidence"), [("", ("E1",)), ("R. Osei", ()), ("R. Osei", (" ",))])
def test_a_concern_that_no_person_confirmed_on_evidence_cannot_be_made(by: str, evidence: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="A concern counts"):
        ConfirmedConcern("A1", "issue", True, by, TODAY, evidence)


def decide(
    to: str, *, reasons: str = "because of what the visits found", evidence: tuple[str, ...] = ("E1",)
) -> Decision:
    return Decision(to, "R. Osei", TODAY, reasons, evidence, ENGLAND.name)


def test_no_signal_drafts_a_notice_and_not_acting_needs_reasons() -> None:
    case = moved(moved(Case("Tarnholt"), decide("triage")), decide("evidence review"))

    with pytest.raises(InputError, match="it has not been tested"):
        moved(case, decide("notice drafted"))
    with pytest.raises(InputError, match="also for not acting"):
        moved(case, decide("no action", reasons=" "))
    with pytest.raises(InputError, match="settings alone"):
        moved(
            replace(case, trigger=trigger_23a(group(2), [concern("A1"), concern("A2")], ENGLAND)),
            decide("notice drafted"),
        )
    with pytest.raises(InputError, match="cannot move to completed"):
        moved(case, decide("completed"))


def test_a_case_goes_from_triage_to_its_close() -> None:
    facts = {"setting_action_insufficient": "the same manager runs both", "senior_manager": "S. Hale"}
    case = Case("Tarnholt", trigger=trigger_23a(group(2), [concern("A1"), concern("A2")], ENGLAND), facts=facts)
    for step in ("triage", "evidence review", "notice drafted", "notice served", "plan submitted", "plan approved",
                 "implementing", "review", "completed", "closed"):  # fmt: skip
        case = moved(case, decide(step))

    assert case.state == "closed"
    assert [one.pack for one in case.decisions] == [ENGLAND.name] * 10


def test_a_growth_restriction_says_its_legal_basis() -> None:
    with pytest.raises(InputError, match="legal basis"):
        moved(Case("Tarnholt", "not complied with"), decide("restriction proposed"))


@pytest.mark.parametrize(
    ("state", "facts", "may"),
    [
        pytest.param("restriction proposed", {"legal_basis": "x"}, False, id="no notice of proposal was served"),
        pytest.param("restriction proposed", {"legal_basis": "x", "representations_until": "2026-06-01"}, False, id="the last day is today"),
        pytest.param("restriction proposed", {"legal_basis": "x", "representations_until": "2026-05-31"}, True, id="the days are over"),
        pytest.param("restriction proposed", {"legal_basis": "x", "representations_until": "2026-06-20", "representations_received": True}, True, id="they were made"),
        pytest.param("cancellation proposed", {"representations_until": "2026-06-20"}, False, id="cancellation: the days run"),
        pytest.param("cancellation proposed", {"representations_until": "2026-05-31"}, True, id="cancellation: the days are over"),
    ],
)  # fmt: skip
def test_what_was_proposed_about_a_registration_is_decided_when_representations_were_made_or_the_days_are_over(
    state: str, facts: dict[str, object], may: bool
) -> None:
    decision = replace(decide(PROPOSED[state]), on=date(2026, 6, 1))
    if may:
        assert moved(Case("Tarnholt", state, facts=facts), decision).state == PROPOSED[state]
    else:
        with pytest.raises(InputError, match=r"epresentations"):
            moved(Case("Tarnholt", state, facts=facts), decision)


def test_the_notice_has_everything_the_statute_asks_for() -> None:
    of, concerns = group(2, 1), [concern("A1"), concern("A2")]
    notice = improvement_plan_notice(of, trigger_23a(of, concerns, ENGLAND), concerns, served_on=TODAY, pack=ENGLAND)

    for needed in ("A, B", "A1 (A): children are not kept safe", "A2 (A)", "improvement plan", "29 November 2026", "senior manager",
                   "penalty", "First-tier Tribunal", "commencement unverified"):  # fmt: skip
        assert needed in notice.text
    with pytest.raises(InputError, match="No notice can be made"):
        improvement_plan_notice(of, trigger_23a(of, [], ENGLAND), [], served_on=TODAY, pack=ENGLAND)


@pytest.mark.parametrize(
    ("served", "last"),
    [
        pytest.param(date(2028, 2, 10), date(2028, 3, 8), id="over 29 February"),
        pytest.param(date(2027, 2, 10), date(2027, 3, 9), id="over a February without it"),
        pytest.param(date(2026, 12, 10), date(2027, 1, 6), id="over Christmas: no day is skipped"),
        pytest.param(date(2026, 11, 2), date(2026, 11, 29), id="the day of service is day 1"),
    ],
)
def test_twenty_eight_days_begin_with_the_day_of_service(served: date, last: date) -> None:
    assert last_day(served, 28) == last


@given(st.dates(date(2026, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_a_period_has_as_many_days_as_it_says_both_ends_counted(served: date, days: int) -> None:
    assert (last_day(served, days) - served).days + 1 == days


GOOD = Proposal(Act("A1"), "carrying on unregistered", CHIEF_INSPECTOR, BEYOND, "R. Osei", "T. Lund", True)


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        pytest.param(replace(GOOD, act=Act("A1", convicted=True)), "convicted", id="convicted"),
        pytest.param(replace(GOOD, act=Act("A1", proceedings_pending=True)), "pending", id="proceedings pending"),
        pytest.param(replace(GOOD, act=Act("A1", acquitted=True)), "acquitted", id="acquitted"),
        pytest.param(replace(GOOD, act=Act("A1", penalties=("P7",))), "stands already", id="already penalised"),
        pytest.param(replace(GOOD, standard=BALANCE), "beyond reasonable doubt", id="an offence on the lower standard"),
        pytest.param(replace(GOOD, authority=SECRETARY_OF_STATE), "Chief Inspector's", id="the wrong authority"),
        pytest.param(replace(GOOD, second_officer="R. Osei"), "second officer", id="the same officer twice"),
        pytest.param(replace(GOOD, second_officer=""), "second officer", id="no second officer"),
        pytest.param(replace(GOOD, evidence_sufficient=False), "sufficient", id="evidence"),
        pytest.param(replace(GOOD, ground="being unpleasant"), "no ground", id="no such ground"),
    ],
)
def test_what_stands_against_a_penalty(proposal: Proposal, words: str) -> None:
    assert any(words in one for one in obstacles(proposal, ENGLAND))
    with pytest.raises(InputError):
        next_state(PenaltyCase(proposal), "guards checked", today=TODAY, pack=ENGLAND)


def test_nothing_stands_against_a_good_one_and_once_it_stands_there_is_no_prosecution() -> None:
    assert obstacles(GOOD, ENGLAND) == []
    assert may_prosecute(GOOD.act)
    assert not may_prosecute(Act("A1", penalties=("P7",)))


def test_a_penalty_waits_for_representations_and_a_dropped_one_is_told() -> None:
    case = next_state(PenaltyCase(GOOD), "guards checked", today=TODAY, pack=ENGLAND)
    case = next_state(case, "intention served", today=TODAY, pack=ENGLAND)

    assert case.representations_until == date(2026, 11, 29)
    with pytest.raises(InputError, match="29 November 2026"):
        next_state(case, "representations considered", today=date(2026, 11, 29), pack=ENGLAND)
    with pytest.raises(InputError, match="cannot become final notice"):
        next_state(case, "final notice", today=date(2026, 12, 1), pack=ENGLAND)
    after = next_state(case, "representations considered", today=date(2026, 11, 30), pack=ENGLAND)
    final = next_state(after, "final notice", today=date(2026, 12, 1), pack=ENGLAND)
    assert final.appeal_until == date(2026, 12, 28)
    dropped = next_state(case, "dropped", today=TODAY, pack=ENGLAND)
    with pytest.raises(InputError, match="must be told"):
        next_state(dropped, "closed", today=TODAY, pack=ENGLAND)
    assert next_state(replace(dropped, told_it_was_dropped=True), "closed", today=TODAY, pack=ENGLAND).state == "closed"


GRID = Grid(
    {("high", "knowing"): 1_000_000}, {"repeat": 50}, {"self-report": 30}, 10_000, 5_000_000, "invented grid for tests"
)


@given(
    st.integers(0, 400),
    st.sets(st.sampled_from(["repeat", "self-report"])),
    st.integers(0, 10**8),
    st.none() | st.integers(0, 10**7),
)
def test_every_amount_is_the_sum_of_its_lines_and_within_its_limits(
    days: int, factors: set[str], fees: int, means: int | None
) -> None:
    lines = amount(
        GRID, severity="high", culpability="knowing", days=days, factors=factors, fees_pence=fees, means_pence=means
    )
    total = sum(one.pence for one in lines)

    assert 0 <= total <= 5_000_000
    assert means is None or total <= means
    assert all(one.rests_on for one in lines)


def test_no_amount_is_made_without_a_grid_or_for_a_factor_it_lacks() -> None:
    with pytest.raises(InputError, match="No amounts have been supplied"):
        amount(None, severity="high", culpability="knowing", days=1, factors=(), fees_pence=0, means_pence=None)
    with pytest.raises(InputError, match="does not know: rudeness"):
        amount(
            GRID, severity="high", culpability="knowing", days=1, factors=("rudeness",), fees_pence=0, means_pence=None
        )


@pytest.mark.parametrize(
    ("day", "new", "every"),
    [(date(2026, 3, 31), False, False), (date(2026, 4, 1), True, False), (date(2027, 4, 1), True, True)],
)
def test_wales_asks_for_not_for_profit_from_its_own_days(day: date, new: bool, every: bool) -> None:
    wales = pack("wales", day)

    assert (wales["not_for_profit_new"], wales["not_for_profit_all"]) == (new, every)


def test_a_pack_refuses_what_it_does_not_have() -> None:
    with pytest.raises(NoRuleInForce):
        pack("england", date(2020, 1, 1))["representations"]
    with pytest.raises(SettingError, match="no value"):
        ENGLAND["luck"]
    with pytest.raises(SettingError, match="There are: england, wales"):
        pack("narnia", TODAY)
