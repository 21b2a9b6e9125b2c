"""The regulator's cases as journals: what may follow what, who may agree, and that nothing is changed unseen. All is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.cases import notices, penalty, unregistered
from kinfold.market.cases.journal import Line, appended, broken_at, disclosure
from kinfold.market.oversight import truth_table
from kinfold.market.oversight import working as oversight
from kinfold.market.policy import pack
from kinfold.terms.errors import InputError
from kinfold.terms.working_days import bank_holidays

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
ANN, BEN = "ann", "ben"
PACKS = partial(pack, "england")


class Journal:
    """A journal under way: `write` adds a line as somebody, an hour after the last, and works the case."""

    def __init__(self, room: Any) -> None:
        self.room, self.lines, self.at = room, [], NOW
        self.more = {"packs": PACKS} if room is penalty else {}

    def write(self, sort: str, by: str = ANN, reasons: str = "", content: bytes | None = None, **said: Any) -> Any:
        line = appended(
            self.lines, sort=sort, said=said, by=by, name=by.title(), at=self.at, reasons=reasons, content=content
        )
        working = self.room.worked([*self.lines, line], **self.more)
        self.lines.append(line)
        self.at += timedelta(hours=1)
        return working

    def evidence(self, by: str = ANN) -> int:
        self.write(
            "evidence", by, what="Report of a visit", power="s.31", obtained_on="2026-05-30", used=True, content=b"a"
        )
        return len(self.lines)

    def agree(self, by: str = BEN, **said: Any) -> Any:
        of = max(line.number for line in self.lines if line.sort == "proposal")
        return self.write("agreed", by, of=of, **said)

    def both(self, to: str, **said: Any) -> Any:
        answer = {name: said.pop(name) for name in ("served_on",) if name in said}
        self.write("proposal", to=to, reasons=f"because of {to}", **said)
        return self.agree(**answer)


SUBSIDIARIES = [
    {"name": "Tarn North Ltd", "establishments": ["SC1", "SC2"]},
    {"name": "Tarn South Ltd", "establishments": ["SC3"]},
]


def with_concerns(*establishments: str, confirmed: bool = True, parent: str | None = "Tarn Holdings") -> Journal:
    journal = Journal(oversight)
    journal.write("opened", group="tarn", name="Tarn", reasons="Two closures in a year")
    journal.write(
        "group", parent=parent, parent_is_undertaking=True, subsidiaries=SUBSIDIARIES, reasons="Statements held"
    )
    exhibit = journal.evidence()
    for urn in establishments:
        journal.write(
            "concern", establishment=urn, issue="No manager", grounds_for_cancellation=True, evidence=[exhibit]
        )
        if confirmed:
            journal.write("concern confirmed", BEN, of=len(journal.lines), reasons="I read the report")
    return journal


def served(*establishments: str) -> tuple[Journal, Any]:
    journal = with_concerns(*establishments)
    journal.write("move", to="evidence review", reasons="Enough to look at")
    journal.write("setting action", reasons="The same root cause in both homes")
    journal.write("move", to="notice drafted", reasons="The test is met")
    return journal, journal.both("notice served", plan_days=28, served_on="2026-06-02")


def test_a_case_goes_from_triage_to_closing() -> None:
    journal, working = served("SC1", "SC2")

    assert (working.state, working.served_on, working.due) == ("notice served", date(2026, 6, 2), date(2026, 6, 29))
    assert [working.is_late(day) for day in (date(2026, 6, 29), date(2026, 6, 30))] == [False, True]
    journal.write("plan", actions=["Appoint managers"], manager="Ida Voss", received_on="2026-06-20")
    journal.both("plan approved")
    journal.write("move", to="implementing", reasons="Approved")
    journal.write("senior manager", manager="Per Holt")
    journal.write("progress", action="Appoint managers", found="Done in one of two")
    journal.write("move", to="review", reasons="Three months")
    journal.both("not complied with", evidence=[3])
    journal.both(
        "restriction proposed",
        facts={"legal_basis": "policy intent", "scope": "no new homes"},
        representation_days=28,
        served_on="2026-06-02",
    )
    with pytest.raises(InputError, match="until the end of 29 June 2026"):
        journal.both("growth restricted", served_on="2026-06-02")
    journal.write("representations", representations="A manager has come", received_on="2026-06-10")
    journal.both("growth restricted", served_on="2026-06-02")
    working = journal.write("move", to="closed", reasons="Lifted")

    assert working.state == "closed"
    assert working.facts["senior_manager"] == "Per Holt"
    assert [one.to for one in working.case.decisions][-3:] == ["restriction proposed", "growth restricted", "closed"]
    assert broken_at(journal.lines) is None


def test_nobody_confirms_their_own_concern_or_agrees_to_their_own_proposal() -> None:
    journal = with_concerns("SC1", confirmed=False)
    with pytest.raises(InputError, match="Another person"):
        journal.write("concern confirmed", ANN, of=4, reasons="I am sure")
    journal.write("move", to="evidence review", reasons="To look")
    journal.write("proposal", to="no action", reasons="Acted on already")
    with pytest.raises(InputError, match="nobody agrees to their own"):
        journal.agree(ANN)

    assert journal.agree(BEN).state == "no action"


@pytest.mark.parametrize(
    ("establishments", "confirmed", "parent", "met"),
    [
        pytest.param(("SC1", "SC2"), True, "Tarn Holdings", True, id="limb a"),
        pytest.param(("SC1", "SC3"), True, "Tarn Holdings", True, id="limb b"),
        pytest.param(("SC1",), True, "Tarn Holdings", False, id="one home"),
        pytest.param(("SC1", "SC2"), False, "Tarn Holdings", False, id="nobody confirmed"),
        pytest.param(("SC1", "SC2"), True, None, False, id="no parent"),
    ],
)
def test_a_notice_needs_the_statutory_test_over_confirmed_concerns(
    establishments: tuple[str, ...], confirmed: bool, parent: str | None, met: bool
) -> None:
    journal = with_concerns(*establishments, confirmed=confirmed, parent=parent)
    journal.write("setting action", reasons="Not enough")
    working = journal.write("move", to="evidence review", reasons="To look")
    table = truth_table(working.group, working.confirmed(), PACKS(NOW.date()))

    assert working.case.trigger.met is met
    assert any(one.holds for one in table[2:]) is met
    if met:
        assert journal.write("move", to="notice drafted", reasons="Met").state == "notice drafted"
    else:
        with pytest.raises(InputError, match="statutory test is not met"):
            journal.write("move", to="notice drafted", reasons="Met")


def test_a_second_officer_agrees_to_what_binds_a_provider_and_to_not_acting() -> None:
    journal = with_concerns("SC1", "SC2")
    journal.write("move", to="evidence review", reasons="To look")

    with pytest.raises(InputError, match="second officer must agree"):
        journal.write("move", to="no action", reasons="Nothing in it")
    with pytest.raises(InputError, match="no exhibit 99"):
        journal.write("concern", establishment="SC1", issue="x", grounds_for_cancellation=True, evidence=[99])


def unregistered_case() -> Journal:
    journal = Journal(unregistered)
    journal.write("opened", name="House in Quillmere", source="a council", hint="A let house", reasons="A call")
    journal.write("triaged", immediate_risk=True, reasons="A child of nine alone with agency staff")
    journal.write("move", to="opened", reasons="Credible")
    journal.write("stay", child="Child A", council="990", begun="2026-05-25", ended=None)
    journal.write("stay", child="Child B", council="991", begun="2026-05-28", ended="2026-05-30")
    return journal


def determined(**said: Any) -> Journal:
    journal = unregistered_case()
    journal.write("visit", on="2026-05-31", found="One child, two staff", children_seen=1)
    exhibit = journal.evidence()
    journal.both("determined", determination="registrable", category="children's home", evidence=[exhibit], **said)
    return journal


def test_an_unregistered_setting_goes_from_intelligence_to_outcome() -> None:
    journal = determined()
    journal.write("move", to="warning letter", reasons="It needs registration")
    journal.write("move", to="continues", reasons="Seen again")
    journal.write("move", to="enforcement", reasons="It continues")
    ladder = {"repeat": False, "harm": "medium", "now": "continuing", "emergency": False, "evidence_beyond_doubt": True,
              "public_interest": True}  # fmt: skip
    with pytest.raises(InputError, match="recommends civil penalty"):
        journal.write("proposal", to="outcome", chosen="warning", reasons="Small", **ladder)
    working = journal.both("outcome", chosen="warning", departure="It stops on Friday", **ladder)

    assert (working.state, working.choice.chosen, working.choice.recommended) == ("outcome", "warning", "civil penalty")
    assert working.nights(date(2026, 6, 1)) == 7 + 2
    assert len(disclosure(journal.lines)["used"]) == 1


def test_a_registrable_setting_is_not_closed_without_a_warning_and_a_warning_needs_a_determination() -> None:
    journal = determined()

    with pytest.raises(InputError, match="needs registration"):
        journal.write("move", to="closed", reasons="Busy")


def test_each_council_has_a_clock_from_the_day_its_child_was_written_down() -> None:
    journal = unregistered_case()
    journal.write("council told", council="990", on="2026-06-01")
    journal.at += timedelta(days=3)
    working = journal.write("council answered", council="990", on="2026-06-04", answer="Moves on Friday")
    holidays = bank_holidays(2026, 2026)

    ours, theirs = unregistered.council_clocks(
        working, today=date(2026, 6, 5), holidays=holidays, pack=PACKS(date(2026, 6, 5))
    )

    assert (ours.tell_by, ours.told_late, ours.answer_by, ours.answer_late) == (
        date(2026, 6, 1),
        False,
        date(2026, 6, 3),
        True,
    )
    assert (theirs.told_on, theirs.told_late, theirs.answer_by) == (None, True, None)


def penalty_case(ground: str = "carrying on unregistered") -> Journal:
    journal = Journal(penalty)
    journal.write("opened", name="Tarn North Ltd", act="12 May 2026, 4 Hazel Row", ground=ground, reasons="From a case")
    return journal


def ready_for_notice() -> Journal:
    journal = penalty_case()
    exhibit = journal.evidence()
    journal.write("act", reasons="Asked the court on 1 June", convicted=False)
    journal.write(
        "signed", BEN, sufficient=True, standard="beyond reasonable doubt", evidence=[exhibit], reasons="I read it all"
    )
    journal.write("amount", lines=[{"what": "Base", "pence": 500_000, "rests_on": "grid"}], source="grid")
    return journal


def test_a_penalty_goes_from_guards_to_publication_with_its_notices() -> None:
    journal = ready_for_notice()
    journal.write("move", to="guards checked", reasons="None stands against it")
    working = journal.both("intention served", served_on="2026-06-02")

    assert working.case.representations_until == date(2026, 6, 29)
    assert "29 June 2026 (28 days" in " ".join(notices.notice_of_intention(working, served_on=date(2026, 6, 2)))
    with pytest.raises(InputError, match="Wait, or record them"):
        journal.write("move", to="representations considered", reasons="Nothing came")
    journal.write("representations", representations="We had applied", received_on="2026-06-10")
    journal.write("move", to="representations considered", reasons="They change nothing")
    working = journal.both("final notice", served_on="2026-06-15")
    said = " ".join(notices.final_notice(working, served_on=date(2026, 6, 15)))

    assert "£5,000.00" in said
    assert "12 July 2026" in said
    journal.write("payment", pence=500_000, on="2026-06-20")
    assert journal.both("published").state == "published"


@pytest.mark.parametrize("known", ["convicted", "proceedings_pending", "acquitted"])
def test_what_was_done_elsewhere_bars_a_penalty(known: str) -> None:
    journal = ready_for_notice()
    journal.write("act", reasons="The court's letter", **{known: True})

    with pytest.raises(InputError, match="no penalty may be imposed"):
        journal.write("move", to="guards checked", reasons="Go on")


def test_the_officer_who_opened_a_penalty_does_not_sign_its_evidence_and_a_dropped_one_is_told() -> None:
    journal = ready_for_notice()
    with pytest.raises(InputError, match="second officer signs"):
        journal.write("signed", ANN, sufficient=True, standard="beyond reasonable doubt", evidence=[2], reasons="Mine")
    journal.write("move", to="guards checked", reasons="None stands against it")
    journal.both("intention served", served_on="2026-06-01")
    journal.both("dropped")
    with pytest.raises(InputError, match="must be told"):
        journal.write("move", to="closed", reasons="Over")
    journal.write("told", on="2026-06-01")

    assert journal.write("move", to="closed", reasons="Told").state == "closed"


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=6), st.data())
def test_a_line_that_is_changed_taken_out_or_moved_breaks_the_journal(
    contents: list[bytes], data: st.DataObject
) -> None:
    journal: list[Line] = []
    for content in contents:
        journal.append(
            appended(journal, sort="evidence", said={"what": "photograph"}, by=ANN, name="Ann", at=NOW, content=content)
        )
    place = data.draw(st.integers(0, len(journal) - 1))

    assert broken_at(journal) is None
    assert broken_at([*journal[:place], replace(journal[place], name="Other"), *journal[place + 1 :]]) == place + 1
    if place < len(journal) - 1:
        assert broken_at([*journal[:place], *journal[place + 1 :]]) is not None
