"""A chronology and bundle: what it holds, what it never holds, and that making it is a View."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinfold.service.printing import can_print
from kinfold.service.records.models import AuditEntry
from kinfold.service.records.reads.bundle import bundle_of
from kinfold.service.records.reads.person import find_person
from kinfold.terms.errors import NotPermitted

pytestmark = pytest.mark.django_db
ALL = ("chronology", "plans", "papers", "family")
ASKED = "make=1&parts=chronology&parts=papers&parts=family&parts=plans"


@pytest.fixture
def full(world: Any) -> Any:
    world.say("address", values={"address_lines": "14 Otter Lane\nElmford", "postcode": "SW1A 1AA", "concealed_from": ["FORMER_PARTNER"]},
              valid_from=date(2025, 1, 1))  # fmt: skip
    world.say("note", values={"title": "Visit", "sections": [{"heading": "", "words": "We met at 14 Otter Lane, SW1A1AA."}]},
              valid_from=date(2026, 1, 5))  # fmt: skip
    world.say("legal_advice", values={"title": "Counsel", "text": "Privileged words"}, valid_from=date(2026, 1, 6))
    world.say("placement", values={"placement_type": "U1", "postcode": "SW1A 1AA"}, valid_from=date(2025, 5, 1))
    world.say("contact", values={}, valid_from=date(2024, 2, 2))
    return world


def text_of(world: Any, **rest: Any) -> tuple[Any, str]:
    asked = {"since": None, "until": None, "parts": ALL, **rest}
    made = bundle_of(world.reader("social_worker"), world.uid(), **asked)
    return made, " ".join(str(entry.values) + entry.kind.name for entry in made.entries)


def test_a_concealed_address_is_never_printed_in_field_or_text(full: Any) -> None:
    made, said = text_of(full)

    assert "SW1A" not in said
    assert "Otter Lane" not in said
    assert "address withheld" in said
    assert made.addresses_kept


def test_every_address_is_withheld_where_somebody_must_not_know_it(world: Any) -> None:
    world.say("must_not_know_address", "mother", party="child")
    world.say("address", values={"postcode": "SW1A 2AA"}, valid_from=date(2025, 1, 1))
    world.say("placement", values={"placement_type": "U1", "postcode": "SW1A 2AA"}, valid_from=date(2025, 5, 1))

    assert "SW1A" not in text_of(world)[1]


def test_legal_advice_is_left_out_even_for_who_may_read_it(full: Any) -> None:
    full.work("local_authority_lawyer", "Ada Court")

    assert "Privileged words" not in text_of(full)[1]


@pytest.mark.parametrize(
    ("since", "until", "kinds"),
    [
        pytest.param(None, None, {"contact", "care_period", "placement"}, id="everything"),
        pytest.param(date(2025, 1, 1), None, {"care_period", "placement"}, id="from a day"),
        pytest.param(None, date(2024, 12, 31), {"contact"}, id="to a day"),
        pytest.param(date(2026, 1, 1), date(2026, 1, 2), {"care_period", "placement"}, id="what lasts is in its days"),
    ],
)
def test_the_days_choose_what_is_in(full: Any, since: date | None, until: date | None, kinds: set[str]) -> None:
    made, _ = text_of(full, since=since, until=until, parts=("chronology",))

    assert {entry.kind.name for entry in made.entries} == kinds


def test_making_a_bundle_is_a_view_and_says_who_made_it(full: Any, web: Any) -> None:
    answer = web("social_worker").get(f"/children/{full.uid()}/bundle/?{ASKED}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Made by Asha Lind" in page
    assert "SW1A" not in page
    assert AuditEntry.objects.filter(action="export: case_bundle", person=full.uid()).count() == 1


def test_an_own_case_print_carries_the_readers_name(full: Any) -> None:
    assert text_of(full)[0].watermark.startswith("Asha Lind")


@pytest.mark.skipif(
    not can_print(), reason="WeasyPrint or Pango is not installed: pip install 'kinfold[pdf]', libpango-1.0-0"
)
def test_the_pdf_is_tagged_and_holds_no_concealed_address(full: Any, web: Any) -> None:
    answer = web("social_worker").get(f"/children/{full.uid()}/bundle.pdf?{ASKED}")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in answer.content or b"/MarkInfo" in answer.content or b"ObjStm" in answer.content
    assert answer["Content-Disposition"].startswith("attachment; filename=")


def test_without_pango_the_page_says_what_to_install(full: Any, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kinfold.service import printing
    from kinfold.terms.errors import InputError

    def missing() -> Any:
        raise InputError(printing.MISSING)

    monkeypatch.setattr(printing, "_weasyprint", missing)

    page = web("social_worker").get(f"/children/{full.uid()}/bundle/").content.decode()

    assert "libpango" in page
    assert web("social_worker").get(f"/children/{full.uid()}/bundle.pdf?{ASKED}").status_code == 400


def test_roles_without_that_export_make_no_bundle(full: Any, web: Any) -> None:
    full.work("independent_reviewing_officer", "Idris Vale")

    assert web("independent_reviewing_officer").get(f"/children/{full.uid()}/bundle/").status_code == 403
    with pytest.raises(NotPermitted):
        bundle_of(full.reader("information_governance", "a reason"), full.uid(), since=None, until=None, parts=ALL)
    assert find_person(full.uid())
