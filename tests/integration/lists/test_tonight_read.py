"""Where our children are tonight: who is counted, what is shown of them, and what is recorded."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kinfold.access.words import Label
from kinfold.service.records.actions import facts
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.models import AuditEntry, AuditPerson, Commit
from kinfold.service.records.reads.exports import for_export
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, index_rows
from kinfold.service.records.reads.spells import OpenSpell
from kinfold.service.records.reads.tonight import one_home, say_shown, tonight
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
# Two postcodes of the ground the invented council stands on, and one of another council's, four hundred miles of road away.
HERE, HOME, AWAY = "B1 1BB", "B13 8RU", "NE1 7RU"
FOSTER = {"placement_type": "U4", "placement_provider": "PR1", "postcode": HERE, "home_postcode": HOME}
FAR = {"placement_type": "K2", "placement_provider": "PR4", "postcode": AWAY, "home_postcode": HOME}


def test_every_child_in_care_is_there_with_the_home_the_distance_and_the_council_of_the_area(council: Any) -> None:
    house = council.setting()
    council.in_care("Amal Fenn", home=FOSTER, party=house)
    council.in_care("Bo Lark", home=FAR)
    council.child("Cass Wren")

    found = tonight(council.reader("head_of_service"), day=DAY)

    near, far = found.rows
    assert [row.name for row in found.rows] == ["Amal Fenn", "Bo Lark"]
    assert (near.setting, near.inside, near.miles is not None and near.miles < 10) == ("Larchmere House", True, True)
    assert (far.inside, far.miles is not None and far.miles > 100) == (False, True)
    assert near.area_name != far.area_name


def test_a_child_with_nowhere_recorded_is_counted_and_said_to_have_no_home(council: Any) -> None:
    council.in_care("Amal Fenn")

    (row,) = tonight(council.reader("head_of_service"), day=DAY).rows

    assert not row.placed


@pytest.mark.parametrize(
    ("day", "there"),
    [
        pytest.param(date(2024, 12, 31), False, id="the day before"),
        pytest.param(date(2025, 1, 1), True, id="the first day"),
        pytest.param(date(2025, 5, 31), True, id="the last day"),
        pytest.param(date(2025, 6, 1), False, id="the first day after"),
    ],
)
def test_any_night_can_be_asked_about(council: Any, day: date, there: bool) -> None:
    child = council.child()
    council.fact(child, "care_period", {}, date(2025, 1, 1), date(2025, 6, 1))

    assert bool(tonight(council.reader("head_of_service"), day=day).rows) is there


def test_what_was_known_on_a_day_is_not_moved_by_what_was_learned_later(council: Any) -> None:
    council.in_care("Amal Fenn", home=FOSTER)
    Commit.objects.all()
    reader = council.reader("head_of_service")
    number = council.holder.__class__.objects.get(pk=council.holder.pk).head

    council.in_care("Bo Lark", home=FOSTER)
    from kinfold.service.records.reads import tonight as module

    now = [row.name for row in tonight(reader, day=DAY).rows]
    original, module.number_for = module.number_for, lambda *_: number
    try:
        then = [row.name for row in tonight(reader, day=DAY, known_on=date(2026, 11, 21)).rows]
    finally:
        module.number_for = original

    assert (now, then) == (["Amal Fenn", "Bo Lark"], ["Amal Fenn"])


def test_another_councils_manager_counts_nobody(council: Any, another_council: Any) -> None:
    council.in_care("Amal Fenn", home=FOSTER)

    found = tonight(another_council.reader("head_of_service"), day=DAY)

    assert found.rows == []


def test_a_restricted_child_is_counted_for_those_who_may_know_and_for_nobody_else(council: Any) -> None:
    hidden = council.in_care("Amal Fenn", home=FOSTER)
    council.in_care("Bo Lark", home=FOSTER)
    restrict(person=hidden, label=Label.RESTRICTED, named=[], by="test", because="a test")

    assert [row.name for row in tonight(council.reader("emergency_duty_team"), day=DAY).rows] == ["Bo Lark"]
    assert len(tonight(council.reader("head_of_service"), day=DAY).rows) == 2


def test_a_protected_address_hides_home_area_and_distance_and_not_the_child(council: Any) -> None:
    child = council.in_care("Amal Fenn", home=FOSTER)
    restrict(person=child, label=Label.ADDRESS_PROTECTED, named=[], by="test", because="a test")

    (row,) = tonight(council.reader("data_analyst"), day=DAY).rows

    assert (row.withheld, row.area, row.miles, row.spot, row.setting) == (True, "", None, None, "")


def test_the_analyst_sees_structured_facts_without_names(council: Any) -> None:
    council.in_care("Amal Fenn", home=FOSTER)

    (row,) = tonight(council.reader("data_analyst"), day=DAY).rows

    assert (row.name, row.la_child_id, row.placement_type) == ("", "", "U4")


def test_two_records_joined_into_one_are_one_child(council: Any) -> None:
    one, other = (
        council.in_care("Amal Fenn", home=FOSTER),
        council.in_care("Amal Fen", home=FOSTER, placed=date(2025, 1, 1)),
    )
    facts.merge(person=other, kept=one, by="test", because="the same child")

    assert len(tonight(council.reader("head_of_service"), day=DAY).rows) == 1


def test_placements_that_doors_cut_differently_at_one_postcode_are_one_home() -> None:
    first = OpenSpell(1, date(2026, 3, 1), None, None, "open", "a", ("daily_feed",), values={"postcode": HERE})
    longer = OpenSpell(1, date(2025, 1, 1), None, 7, "open", "b", ("ssda903",), values={"postcode": HERE, "urn": "SC1"})

    home = one_home([first, longer])

    assert (home.since, home.party, home.values["urn"], home.others) == (date(2025, 1, 1), 7, "SC1", 0)


def test_the_number_of_queries_does_not_grow_with_the_children(council: Any) -> None:
    reader = council.reader("head_of_service")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            tonight(Reader(reader.account, reader.now), day=DAY)
        return len(seen)

    for _ in range(3):
        council.in_care(home=FOSTER, party=council.setting(urn=f"SC{council.count}", name="A home"))
    few = queries()
    for _ in range(12):
        council.in_care(home=FAR)

    assert queries() <= few
    assert few <= 40


def test_the_rule_is_answered_for_many_as_for_each(council: Any) -> None:
    team = council.team()
    worker = council.worker("Dara Moss", team="T1")
    children = [council.in_care(home=FOSTER) for _ in range(6)]
    for child in children[:3]:
        council.allocate(child, worker)
    restrict(person=children[1], label=Label.RESTRICTED, named=[], by="test", because="a test")
    restrict(person=children[4], label=Label.ADDRESS_PROTECTED, named=[], by="test", because="a test")
    readers = [council.reader("head_of_service"), council.reader("data_analyst"), council.reader("virtual_school_head"),
               council.reader("team_manager", team=team), council.reader("social_worker", worker=worker)]  # fmt: skip
    ids = [child.pk for child in children]

    for reader in readers:
        sight = Sight(reader, index_rows(ids))
        for child in children:
            whole = reader.thing(find_person(str(child.uid)))
            from kinfold.access.things import Thing
            from kinfold.access.words import Sort

            asked = Thing(sort=Sort.FACT, held_by=whole.held_by, person=whole.person, labels=whole.labels, named=whole.named,
                          slice="placement", marks=whole.marks, ask=whole.ask)  # fmt: skip
            one = reader.reads(asked)
            many = sight.reads(child.pk, slice="placement")
            assert (many.allowed, many.masks, many.role) == (one.allowed, one.masks, one.role)


def test_one_view_is_recorded_with_the_ids_of_the_rows_shown(council: Any) -> None:
    for _ in range(3):
        council.in_care(home=FOSTER)
    reader = council.reader("head_of_service")
    found = tonight(reader, day=DAY)
    assert not AuditEntry.objects.filter(action="tonight").exists()

    say_shown(reader, found.rows[:2])

    (entry,) = AuditEntry.objects.filter(action="tonight")
    shown = set(AuditPerson.objects.filter(held_by=entry.held_by, seq=entry.seq).values_list("person", flat=True))
    assert shown == {row.uid for row in found.rows[:2]}


def test_a_role_without_export_takes_nothing_away(council: Any) -> None:
    council.in_care(home=FOSTER)
    reader = council.reader("social_worker")

    with pytest.raises(NotPermitted):
        for_export(reader, [])


def test_the_analysts_file_has_no_names(council: Any) -> None:
    council.in_care("Amal Fenn", home=FOSTER)
    reader = council.reader("data_analyst")

    leaving = for_export(reader, tonight(reader, day=DAY).rows)

    assert (len(leaving.rows), leaving.named) == (1, False)


class TestThePage:
    """The page as its reader gets it."""

    def test_it_counts_shows_and_records(self, council: Any, signed_in: Any) -> None:
        council.in_care("Amal Fenn", home=FOSTER)
        client = signed_in(council.account("head_of_service"))

        answer = client.get("/tonight/")

        assert answer.status_code == 200
        assert "Amal Fenn" in answer.content.decode()
        assert AuditEntry.objects.filter(action="tonight").count() == 1

    def test_the_look_says_of_which_night_in_words_that_the_family_reads(self, council: Any, signed_in: Any) -> None:
        council.in_care("Amal Fenn", home=FOSTER)

        signed_in(council.account("head_of_service")).get("/tonight/?on=2025-03-04")

        assert AuditEntry.objects.get(action="tonight").reason == "the night of 4 March 2025"

    def test_a_name_that_looks_like_a_formula_is_text_in_the_file(self, council: Any, signed_in: Any) -> None:
        council.in_care("=HYPERLINK(1) Fenn", home=FOSTER)
        client = signed_in(council.account("head_of_service"))

        answer = client.get("/tonight/?file=csv")

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[1][0].startswith("'=HYPERLINK")
        assert AuditEntry.objects.filter(action="tonight exported (csv)").count() == 1

    def test_a_role_that_exports_nothing_gets_no_file_and_no_link(self, council: Any, signed_in: Any) -> None:
        client = signed_in(council.account("director_of_childrens_services"))

        assert client.get("/tonight/?file=xlsx").status_code == 404
        assert "Download" not in client.get("/tonight/").content.decode()

    def test_a_day_to_come_is_refused_in_words_and_the_form_keeps_it(self, council: Any, signed_in: Any) -> None:
        client = signed_in(council.account("head_of_service"))

        text = client.get("/tonight/?on=2126-01-01").content.decode()

        assert "On the night of must be today or in the past" in text
        assert "2126-01-01" in text

    def test_an_address_full_of_nonsense_is_answered(self, council: Any, signed_in: Any) -> None:
        client = signed_in(council.account("head_of_service"))

        asked = "/tonight/?page=99999999999&sort=x&home=%27&where=1&on=zz&known_on=--&q=%00&down=7"

        assert client.get(asked).status_code == 200


class TestHandover:
    """What the night team is told."""

    def test_who_is_missing_who_moved_and_who_is_at_risk(self, council: Any) -> None:
        from kinfold.service.records.reads.handover import handover

        away = council.in_care("Amal Fenn", home=FOSTER)
        council.fact(away, "missing", {"missing_type": "M"}, DAY)
        moved = council.child("Bo Lark")
        council.fact(moved, "care_period", {}, DAY)
        council.fact(moved, "placement", FOSTER, DAY)
        gone = council.child("Cass Wren")
        council.fact(gone, "placement", FOSTER, date(2025, 1, 1), DAY)
        held = council.child("Dee Teal")
        council.fact(held, "police_protection", {}, DAY)

        found = handover(council.reader("emergency_duty_team"), day=DAY)

        told = {name: [one.name for one in getattr(found, name)] for name in
                ("missing", "began", "ended", "came", "left", "at_risk", "back")}  # fmt: skip
        assert told == {"missing": ["Amal Fenn"], "began": ["Bo Lark"], "ended": ["Cass Wren"], "came": ["Bo Lark"],
                        "left": [], "at_risk": ["Dee Teal"], "back": []}  # fmt: skip

    def test_a_census_that_never_says_an_enquiry_ended_puts_nobody_at_risk(self, council: Any) -> None:
        from kinfold.service.records.reads.handover import handover

        child = council.child()
        council.told(child, "section_47_enquiry", {}, date(2026, 10, 1), None, door="cin_census",
                     extracted=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip

        assert handover(council.reader("emergency_duty_team"), day=DAY).at_risk == []

    def test_a_note_is_kept_in_the_childs_record_and_read_by_the_night_team(self, council: Any, signed_in: Any) -> None:
        from kinfold.service.records.models import PaperFact

        child = council.in_care("Amal Fenn", home=FOSTER)
        council.fact(child, "missing", {"missing_type": "M"}, date(2024, 2, 1))
        client = signed_in(council.account("emergency_duty_team"))

        answer = client.post("/tonight/handover/", {"child": str(child.uid), "words": "Likes a phone call at nine."})

        assert answer.status_code == 302
        with as_system():
            assert PaperFact.objects.get(kind="note").subject_id == child.pk
        assert "Likes a phone call at nine." in client.get("/tonight/handover/").content.decode()

    def test_who_does_not_write_there_records_no_note(self, council: Any, signed_in: Any) -> None:
        from kinfold.service.records.models import PaperFact

        child = council.in_care("Amal Fenn", home=FOSTER)
        council.fact(child, "missing", {"missing_type": "M"}, date(2024, 2, 1))
        client = signed_in(council.account("director_of_childrens_services"))

        answer = client.post("/tonight/handover/", {"child": str(child.uid), "words": "A note."})

        assert answer.status_code == 404
        with as_system():
            assert not PaperFact.objects.exists()
