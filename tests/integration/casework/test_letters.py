"""Letters, minutes and packs from the record; a concealed address never reaches whom it is kept from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.casework.concealed import holds, parts_of
from kinfold.casework.letter import templates
from kinfold.service.printing import can_print
from kinfold.service.records.models import PaperFact
from kinfold.service.records.reads.casework_letters import facts_in_words, kept_from
from kinfold.service.records.reads.person import whole

pytestmark = pytest.mark.django_db
SAFE_HOUSE = {"address_lines": "12 Acacia Avenue\nHarbourton", "postcode": "SE1 1AA", "address_type": "HOME"}
PARTS = parts_of(address_lines=SAFE_HOUSE["address_lines"], postcode=SAFE_HOUSE["postcode"])
LEAK = "Robin lives at 12 acacia avenue, harbourton se11aa."


@pytest.fixture
def hidden(world: Any) -> Any:
    """Return a world in which the child's and mother's new address is kept from her former partner."""
    world.add("partner", "adult", "Marlow", "Stint", date(1985, 1, 1))
    world.say("former_partner", "partner", party="mother")
    world.say("step_parent", "partner", party="child")
    world.say("must_not_know_address", "partner", party="child", values={"court_order": True})
    for who in ("child", "mother"):
        world.say("address", who, values={**SAFE_HOUSE, "concealed_from": [world.uid("partner")]},
                  valid_from=date(2026, 1, 1))  # fmt: skip
    return world


@pytest.mark.parametrize("name", sorted(templates()))
def test_no_document_for_him_holds_any_part_of_the_address(hidden: Any, web: Any, name: str) -> None:
    to = hidden.uid("partner")

    answer = web("social_worker").post(
        f"/children/{hidden.uid()}/letters/{name}/", {"to": to, "words": LEAK, "show": "1"}
    )

    page = answer.content.decode()
    made = page.split('id="as-made"')[1].split("<form")[0]
    assert answer.status_code == 200
    assert not holds(made, PARTS)
    assert "Part of an address was taken out" in made


def test_the_mothers_own_letter_goes_to_her_own_address(hidden: Any, web: Any) -> None:
    answer = web("social_worker").post(
        f"/children/{hidden.uid()}/letters/appointment_letter/",
        {"to": hidden.uid("mother"), "words": "At four", "show": "1"},
    )

    made = answer.content.decode().split('id="as-made"')[1].split("<form")[0]
    assert "Dear Ottoline Brae" in made
    assert "12 Acacia Avenue" in made
    assert "SE1 1AA" in made
    assert kept_from([hidden.persons["child"].pk], [hidden.persons["partner"]]) >= PARTS


def test_minutes_for_both_leave_out_what_is_kept_from_either(hidden: Any, web: Any) -> None:
    answer = web("social_worker").post(
        f"/children/{hidden.uid()}/letters/conference_minutes/",
        {"to": [hidden.uid("mother"), hidden.uid("partner")], "words": LEAK, "show": "1"},
    )

    assert not holds(answer.content.decode().split('id="as-made"')[1].split("<form")[0], PARTS)


def test_what_is_kept_with_the_papers_is_the_guarded_text(hidden: Any, web: Any) -> None:
    client = web("social_worker")

    answer = client.post(
        f"/children/{hidden.uid()}/letters/letter_before_proceedings/",
        {"to": hidden.uid("partner"), "words": LEAK, "keep": "1"},
    )

    assert answer.status_code == 302
    paper = PaperFact.objects.get(kind="letter")
    assert not holds(str(paper.payload), PARTS)
    assert paper.payload["address_checked"] is True
    assert paper.payload["letter_type"] == "letter before proceedings"
    assert paper.party_id == hidden.persons["partner"].pk
    assert not holds(client.get(answer["Location"]).content.decode().split("<main")[1].split("<h2")[0], PARTS)


@pytest.mark.skipif(not can_print(), reason="WeasyPrint or Pango is not installed")
def test_the_same_document_comes_as_pdf(hidden: Any, web: Any) -> None:
    answer = web("social_worker").post(
        f"/children/{hidden.uid()}/letters/review_pack/", {"to": [hidden.uid("partner")], "words": LEAK, "pdf": "1"}
    )

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_letter_needs_one_person_whom_it_is_for(world: Any, web: Any) -> None:
    answer = web("social_worker").post(f"/children/{world.uid()}/letters/appointment_letter/", {"words": "At four"})

    assert "Choose who it is for" in answer.content.decode()


def test_a_pack_holds_the_childs_own_words_and_the_plan(world: Any, web: Any) -> None:
    world.say("childs_own_words", values={"sections": [{"heading": "", "words": "I want Nan"}], "how_given": "said"},
              valid_from=date(2026, 2, 1))  # fmt: skip
    world.say("care_plan", values={"goals": [{"words": "Grow up with Nan"}]}, valid_from=date(2026, 2, 1))

    page = web("social_worker").post(f"/children/{world.uid()}/letters/review_pack/", {"words": "", "show": "1"})

    assert "I want Nan" in page.content.decode()
    assert "Grow up with Nan" in page.content.decode()


def test_facts_are_told_the_latest_first(world: Any) -> None:
    for day, reason in ((date(2026, 1, 1), "First"), (date(2026, 2, 1), "Second")):
        world.say("contact", values={"reason": reason}, valid_from=day)

    told = facts_in_words(whole(world.reader("social_worker"), world.uid()))

    assert [one["reason"] for one in told["contact"]] == ["Second", "First"]


def test_somebody_who_writes_nothing_here_makes_nothing(world: Any, web: Any) -> None:
    world.add("stranger", "child", "Juniper", "Vale")

    assert web("social_worker").get(f"/children/{world.uid('stranger')}/letters/appointment_letter/").status_code == 404
